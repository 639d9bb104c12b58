/*
 * Aho, Corasick 1975, over code points.  Edges live in one open-addressed table
 * keyed by (state, code point): a few hundred kilobytes for thousands of words,
 * and one probe a step.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "text/internal.h"

struct edge {
	uint32_t	 state, cp, to;		/* to == 0: an empty place; nothing leads back to the root */
};

struct node {
	uint32_t	 fail, depth;
	uint32_t	 first;		/* first ref, 0 none */
	uint32_t	 shorter;	/* next state on the fail path that has refs */
};

struct automaton {
	struct edge		*edge;
	size_t			 nedges, edges_cap;	/* a power of two */
	struct node		*node;
	size_t			 nnodes, nodes_cap;
	struct automaton_ref	*ref;
	size_t			 nrefs, refs_cap;
};

struct automaton *
automaton_new(void)
{
	struct automaton *a = xcalloc(1, sizeof *a);

	a->edges_cap = 1024;
	a->edge = xcalloc(a->edges_cap, sizeof *a->edge);
	a->nodes_cap = 512;
	a->node = xcalloc(a->nodes_cap, sizeof *a->node);
	a->nnodes = 1;
	a->refs_cap = 512;
	a->ref = xcalloc(a->refs_cap, sizeof *a->ref);
	a->nrefs = 1;
	return a;
}

void
automaton_free(struct automaton **a)
{
	if (*a == NULL)
		return;
	free((*a)->edge);
	free((*a)->node);
	free((*a)->ref);
	free(*a);
	*a = NULL;
}

static size_t
edge_place(const struct automaton *a, uint32_t state, uint32_t cp)
{
	size_t i = (state * UINT32_C(2654435761) ^ cp * UINT32_C(2246822519)) & (a->edges_cap - 1);

	while (a->edge[i].to != 0 && (a->edge[i].state != state || a->edge[i].cp != cp))
		i = (i + 1) & (a->edges_cap - 1);
	return i;
}

static void
edges_grow(struct automaton *a)
{
	struct edge *old = a->edge;
	size_t cap = a->edges_cap;

	a->edges_cap *= 2;
	a->edge = xcalloc(a->edges_cap, sizeof *a->edge);
	for (size_t i = 0; i < cap; i++)
		if (old[i].to != 0)
			a->edge[edge_place(a, old[i].state, old[i].cp)] = old[i];
	free(old);
}

static uint32_t
child(struct automaton *a, uint32_t state, uint32_t cp)
{
	size_t i = edge_place(a, state, cp);

	if (a->edge[i].to != 0)
		return a->edge[i].to;
	if (2 * ++a->nedges > a->edges_cap) {
		edges_grow(a);
		i = edge_place(a, state, cp);
	}
	if (a->nnodes == a->nodes_cap) {
		a->nodes_cap *= 2;
		a->node = xrealloc(a->node, a->nodes_cap * sizeof *a->node);
	}
	memset(&a->node[a->nnodes], 0, sizeof *a->node);
	a->node[a->nnodes].depth = a->node[state].depth + 1;
	a->edge[i] = (struct edge){ state, cp, (uint32_t)a->nnodes };
	return (uint32_t)a->nnodes++;
}

void
automaton_add(struct automaton *a, const uint32_t *word, size_t n, uint32_t part, bool head, bool tail)
{
	uint32_t state = 0;

	if (n == 0)
		return;
	for (size_t i = 0; i < n; i++)
		state = child(a, state, word[i]);
	if (a->nrefs == a->refs_cap) {
		a->refs_cap *= 2;
		a->ref = xrealloc(a->ref, a->refs_cap * sizeof *a->ref);
	}
	a->ref[a->nrefs] = (struct automaton_ref){ part, (uint32_t)n, head, tail, a->node[state].first };
	a->node[state].first = (uint32_t)a->nrefs++;
}

static int
by_depth(const void *x, const void *y)
{
	const struct edge *a = x, *b = y;

	/* `state` holds the depth here, see automaton_finish() */
	return (a->state > b->state) - (a->state < b->state);
}

void
automaton_finish(struct automaton *a)
{
	struct edge *order = xcalloc(a->nnodes, sizeof *order);
	uint32_t *parent = xcalloc(a->nnodes, sizeof *parent);
	size_t n = 0;

	for (size_t i = 0; i < a->edges_cap; i++)
		if (a->edge[i].to != 0) {
			parent[a->edge[i].to] = a->edge[i].state;
			order[n++] = (struct edge){ a->node[a->edge[i].to].depth, a->edge[i].cp, a->edge[i].to };
		}
	qsort(order, n, sizeof *order, by_depth);
	for (size_t i = 0; i < n; i++) {
		struct node *v = &a->node[order[i].to];
		uint32_t up = parent[order[i].to];

		v->fail = up == 0 ? 0 : automaton_step(a, a->node[up].fail, order[i].cp);
		v->shorter = a->node[v->fail].first != 0 ? v->fail : a->node[v->fail].shorter;
	}
	free(order);
	free(parent);
}

uint32_t
automaton_step(const struct automaton *a, uint32_t state, uint32_t cp)
{
	for (;;) {
		uint32_t to = a->edge[edge_place(a, state, cp)].to;

		if (to != 0 || state == 0)
			return to;
		state = a->node[state].fail;
	}
}

uint32_t
automaton_ends(const struct automaton *a, uint32_t state)
{
	return a->node[state].first != 0 ? state : a->node[state].shorter;
}

uint32_t
automaton_shorter(const struct automaton *a, uint32_t state)
{
	return a->node[state].shorter;
}

uint32_t
automaton_first_ref(const struct automaton *a, uint32_t state)
{
	return a->node[state].first;
}

const struct automaton_ref *
automaton_ref(const struct automaton *a, uint32_t ref)
{
	return ref == 0 ? NULL : &a->ref[ref];
}
