/*
 * XML in and out for the measuring instruments: expat fills one small tree a
 * stanza, from a pool of memory that is emptied after each.
 */
#include <event2/buffer.h>
#include <expat.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "bench.h"

enum { CHUNK = 64 * 1024, SEP = ' ' };

/* The pool: chunks are kept from stanza to stanza. */
struct chunk {
	struct chunk	*next;
	size_t		 size, used;
	_Alignas(16) char bytes[];
};

struct tree {
	struct tree_calls	 calls;
	XML_Parser		 xp;
	struct chunk		*chunks;
	struct node		*at;	/* the open element; NULL: between stanzas */
	unsigned		 depth;
};

static void *
take(struct tree *t, size_t n)
{
	struct chunk *c = t->chunks;

	n = (n + 15) & ~(size_t)15;
	if (c == NULL || c->size - c->used < n) {
		size_t size = n > CHUNK ? n : CHUNK;

		c = xcalloc(1, sizeof *c + size);
		c->size = size;
		c->next = t->chunks;
		t->chunks = c;
	}
	c->used += n;
	return c->bytes + c->used - n;
}

/* Keeps one chunk for the next stanza. */
static void
forget(struct tree *t)
{
	while (t->chunks != NULL && t->chunks->next != NULL) {
		struct chunk *c = t->chunks;

		t->chunks = c->next;
		free(c);
	}
	if (t->chunks != NULL)
		t->chunks->used = 0;
}

static char *
keep(struct tree *t, const char *s, size_t n)
{
	char *p = take(t, n + 1);

	memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

static const char **
keep_atts(struct tree *t, const char **atts)
{
	size_t n = 0;
	const char **out;

	while (atts[n] != NULL)
		n++;
	out = take(t, (n + 1) * sizeof *out);
	for (size_t i = 0; i < n; i++)
		out[i] = keep(t, atts[i], strlen(atts[i]));
	out[n] = NULL;
	for (size_t i = 0; i < n; i += 2) {
		const char *sep = strrchr(out[i], SEP);

		if (sep != NULL)
			out[i] = strcmp(sep + 1, "lang") == 0 ? "xml:lang" : sep + 1;
	}
	return out;
}

static void XMLCALL
on_start(void *ctx, const char *name, const char **atts)
{
	struct tree *t = ctx;
	const char *sep = strrchr(name, SEP);
	struct node *n;

	if (t->depth++ == 0) {
		const char *id = NULL;

		for (size_t i = 0; atts[i] != NULL; i += 2)
			if (strcmp(atts[i], "id") == 0)
				id = atts[i + 1];
		if (t->calls.opened != NULL)
			t->calls.opened(t->calls.ctx, id);
		return;
	}
	n = take(t, sizeof *n);
	*n = (struct node){ .text = "", .up = t->at };
	n->name = keep(t, sep == NULL ? name : sep + 1, strlen(sep == NULL ? name : sep + 1));
	n->ns = sep == NULL ? "" : keep(t, name, (size_t)(sep - name));
	n->atts = keep_atts(t, atts);
	if (t->at != NULL) {
		if (t->at->last == NULL)
			t->at->first = n;
		else
			t->at->last->next = n;
		t->at->last = n;
	}
	t->at = n;
}

static void XMLCALL
on_end(void *ctx, const char *name)
{
	struct tree *t = ctx;
	struct node *n = t->at;

	(void)name;
	t->depth--;
	if (n == NULL)
		return;
	t->at = n->up;
	if (t->at != NULL)
		return;
	t->calls.stanza(t->calls.ctx, n);
	forget(t);
}

static void XMLCALL
on_text(void *ctx, const char *s, int len)
{
	struct tree *t = ctx;
	struct node *n = t->at;
	size_t add = (size_t)len;
	char *p;

	if (n == NULL)
		return;
	p = take(t, n->len + add + 1);
	memcpy(p, n->text, n->len);
	memcpy(p + n->len, s, add);
	n->len += add;
	p[n->len] = '\0';
	n->text = p;
}

struct tree *
tree_new(const struct tree_calls *calls)
{
	struct tree *t = xcalloc(1, sizeof *t);

	t->calls = *calls;
	t->xp = XML_ParserCreateNS("UTF-8", SEP);
	if (t->xp == NULL)
		die("out of memory");
	XML_SetUserData(t->xp, t);
	XML_SetElementHandler(t->xp, on_start, on_end);
	XML_SetCharacterDataHandler(t->xp, on_text);
	return t;
}

void
tree_free(struct tree **tp)
{
	struct tree *t = *tp;

	if (t == NULL)
		return;
	XML_ParserFree(t->xp);
	forget(t);
	free(t->chunks);
	free(t);
	*tp = NULL;
}

bool
tree_feed(struct tree *t, struct evbuffer *in)
{
	struct evbuffer_iovec v;

	while (evbuffer_peek(in, -1, NULL, &v, 1) > 0 && v.iov_len > 0) {
		if (XML_Parse(t->xp, v.iov_base, (int)v.iov_len, 0) != XML_STATUS_OK)
			return false;
		evbuffer_drain(in, v.iov_len);
	}
	return true;
}

const char *
node_att(const struct node *n, const char *name)
{
	for (size_t i = 0; n->atts[i] != NULL; i += 2)
		if (strcmp(n->atts[i], name) == 0)
			return n->atts[i + 1];
	return NULL;
}

const char *
node_get(const struct node *n, const char *name)
{
	const char *v = node_att(n, name);

	return v == NULL ? "" : v;
}

bool
node_is(const struct node *n, const char *name, const char *ns)
{
	return strcmp(n->name, name) == 0 && (ns == NULL || strcmp(n->ns, ns) == 0);
}

struct node *
node_child(const struct node *n, const char *name, const char *ns)
{
	for (struct node *c = n->first; c != NULL; c = c->next)
		if (node_is(c, name, ns))
			return c;
	return NULL;
}

void
put_esc(struct evbuffer *out, const char *s)
{
	while (*s != '\0') {
		size_t plain = strcspn(s, "<>&'\"");

		evbuffer_add(out, s, plain);
		s += plain;
		switch (*s) {
		case '<':	evbuffer_add(out, "&lt;", 4); break;
		case '>':	evbuffer_add(out, "&gt;", 4); break;
		case '&':	evbuffer_add(out, "&amp;", 5); break;
		case '\'':	evbuffer_add(out, "&apos;", 6); break;
		case '"':	evbuffer_add(out, "&quot;", 6); break;
		default:	return;
		}
		s++;
	}
}

void
put_node(struct evbuffer *out, const struct node *n, const char *outer_ns)
{
	putf(out, "<%s", n->name);
	if (strcmp(n->ns, outer_ns) != 0)
		putf(out, " xmlns='%s'", n->ns);
	for (size_t i = 0; n->atts[i] != NULL; i += 2) {
		putf(out, " %s='", n->atts[i]);
		put_esc(out, n->atts[i + 1]);
		evbuffer_add(out, "'", 1);
	}
	evbuffer_add(out, ">", 1);
	put_esc(out, n->text);
	for (const struct node *c = n->first; c != NULL; c = c->next)
		put_node(out, c, n->ns);
	putf(out, "</%s>", n->name);
}

void
putf(struct evbuffer *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	evbuffer_add_vprintf(out, fmt, ap);
	va_end(ap);
}

bool
addr_read(struct addr *a, const char *s)
{
	char *at, *slash;

	if (strlen(s) >= sizeof a->buf)
		return false;
	strcpy(a->buf, s);
	slash = strchr(a->buf, '/');
	a->resource = "";
	if (slash != NULL) {
		*slash = '\0';
		a->resource = slash + 1;
	}
	at = strchr(a->buf, '@');
	a->domain = a->buf;
	a->local = "";
	if (at != NULL) {
		*at = '\0';
		a->local = a->buf;
		a->domain = at + 1;
	}
	return true;
}
