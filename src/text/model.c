/* One open-addressed table from a feature's key to its weights, a row of bytes. */
#include "text/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "text/internal.h"

enum { OUTPUTS_MAX = CLASSES_MAX + 1 };

struct weights {
	uint32_t	 key;		/* the half of it that does not say where; 0: an empty place */
	int8_t		 of[OUTPUTS_MAX];
};

struct model {
	struct arena	*arena;
	size_t		 nclasses;
	const char	*code[CLASSES_MAX];
	double		 scale;		/* a weight of 1 in the file is this much */
	double		 bias[OUTPUTS_MAX];
	struct weights	*table;
	size_t		 cap;		/* a power of two */
};

static struct weights *
place(const struct model *m, uint64_t key)
{
	uint32_t high = (uint32_t)(key >> 32) | 1;
	size_t i = key & (m->cap - 1);

	while (m->table[i].key != 0 && m->table[i].key != high)
		i = (i + 1) & (m->cap - 1);
	return &m->table[i];
}

size_t
model_classes(const struct model *m)
{
	return m->nclasses;
}

const char *
model_code(const struct model *m, size_t class)
{
	return m->code[class];
}

double
model_weight(const struct model *m, uint64_t key, size_t class)
{
	const struct weights *w = place(m, key);

	return w->key == 0 ? 0 : w->of[class] * m->scale;
}

/* An empty place weighs nothing. */
static void
add(int *restrict sum, const struct weights *w)
{
	for (size_t c = 0; c < OUTPUTS_MAX; c++)
		sum[c] += w->of[c];
}

void
model_add(const struct model *m, const struct features *f, double *logit)
{
	int words[OUTPUTS_MAX] = { 0 }, facts[OUTPUTS_MAX] = { 0 };
	double share = f->nwords > 0 ? 1.0 / sqrt((double)f->nwords) : 0;

	for (size_t i = 0; i < f->nwords; i++)
		add(words, place(m, f->list[i].key));
	for (size_t i = f->nwords; i < f->n; i++)
		add(facts, place(m, f->list[i].key));
	for (size_t c = 0; c <= m->nclasses; c++)
		logit[c] = m->bias[c] + m->scale * (words[c] * share + facts[c] * FACT_SHARE);
}

/* --- reading the file --- */

struct parse {
	const char	*name;
	int		 line;
	struct model	*model;
	struct err	*err;
};

static enum fault
wrong(struct parse *p, const char *what)
{
	return err_set(p->err, FAULT_USAGE, "%s:%d: %s; take the file of the release, or make it anew with `make train`",
	    p->name, p->line, what);
}

/* Cuts the next word off *s; NULL at its end. */
static char *
word(char **s)
{
	char *w;

	while ((w = strsep(s, " ")) != NULL && *w == '\0')
		;
	return w;
}

static enum fault
classes(struct parse *p, char *rest)
{
	struct model *m = p->model;
	char *w;

	while ((w = word(&rest)) != NULL) {
		if (m->nclasses == CLASSES_MAX)
			return wrong(p, "too many classes");
		m->code[m->nclasses++] = arena_strdup(m->arena, w);
	}
	return m->nclasses > 0 ? FAULT_NONE : wrong(p, "no classes");
}

static enum fault
bias(struct parse *p, char *rest)
{
	size_t n = 0;
	char *w;

	for (; (w = word(&rest)) != NULL && n < OUTPUTS_MAX; n++)
		p->model->bias[n] = strtod(w, NULL);
	return n == p->model->nclasses + 1 ? FAULT_NONE : wrong(p, "a bias for each class and one for \"needs\" is wanted");
}

/* "3 0 -1 ...\tthe feature" */
static enum fault
feature(struct parse *p, char *line)
{
	struct model *m = p->model;
	char *text = strchr(line, '\t'), *end;
	struct weights *w;
	uint64_t key;

	if (text == NULL || m->nclasses == 0)
		return wrong(p, "neither a heading nor weights, a tab and a feature");
	key = feature_key(text + 1);
	w = place(m, key);
	w->key = (uint32_t)(key >> 32) | 1;
	for (size_t c = 0; c <= m->nclasses; c++) {
		long n = strtol(line, &end, 10);

		if (end == line || n < INT8_MIN || n > INT8_MAX)
			return wrong(p, "a weight between -128 and 127 for each class and one for \"needs\" is wanted");
		w->of[c] = (int8_t)n;
		line = end;
	}
	return FAULT_NONE;
}

static enum fault
parse_line(struct parse *p, char *line)
{
	char *rest = line;

	if (*line == '\0' || *line == '%')
		return FAULT_NONE;
	if (strncmp(line, "classes ", 8) == 0)
		return classes(p, rest + 8);
	if (strncmp(line, "bias ", 5) == 0)
		return bias(p, rest + 5);
	if (strncmp(line, "scale ", 6) == 0) {
		p->model->scale = strtod(line + 6, NULL);
		return p->model->scale > 0 ? FAULT_NONE : wrong(p, "a scale above 0 is wanted");
	}
	return feature(p, line);
}

enum fault
model_parse(const char *name, const char *text, struct model **model_r, struct err *err)
{
	struct arena *a = arena_new();
	struct model *m = arena_alloc(a, sizeof *m);
	struct parse p = { name, 0, m, err };
	char *copy = xstrdup(text), *rest = copy, *line;
	size_t lines = 0;

	m->arena = a;
	for (const char *s = text; (s = strchr(s, '\n')) != NULL; s++)
		lines++;
	for (m->cap = 1024; 4 * m->cap < 5 * lines; m->cap *= 2)
		;
	m->table = xcalloc(m->cap, sizeof *m->table);
	err->fault = FAULT_NONE;
	while (err->fault == FAULT_NONE && (line = strsep(&rest, "\n")) != NULL) {
		p.line++;
		parse_line(&p, line);
	}
	free(copy);
	if (err->fault == FAULT_NONE && m->scale == 0)
		wrong(&p, "no scale");
	if (err->fault != FAULT_NONE)
		model_free(&m);
	*model_r = m;
	return err->fault;
}

void
model_free(struct model **mp)
{
	struct model *m = *mp;
	struct arena *a;

	if (m == NULL)
		return;
	*mp = NULL;
	a = m->arena;
	free(m->table);
	arena_free(&a);
}
