#include "wire/xml.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"

#define NS_SEP	'\n'	/* between namespace and name; no namespace can hold it */

enum {
	DEPTH_MAX = 64,		/* elements inside each other in a stanza */
	ATTRS_MAX = 64,		/* attributes of an element */
	NODES_MAX = 4096,	/* libstrophe's append walks the siblings: quadratic */
	HARD_FACTOR = 8,	/* times stanza_max: escaping makes at most six bytes of one */
	FEED_MAX = 16384,	/* bytes given to expat at once */
};

struct xml {
	struct xml_calls	 calls;
	xmpp_ctx_t		*ctx;
	XML_Parser		 parser;
	bool			 over;		/* nothing more is called */
	size_t			 stanza_max;
	size_t			 fed, boundary;	/* bytes in all; up to the end of the last stanza */
	int			 depth;		/* 0: outside the root, 1: between stanzas */
	int			 nodes;
	const char		*skip;		/* why this stanza is not built; NULL: it is */
	xmpp_stanza_t		*open[DEPTH_MAX];	/* the first is ours, the others are their parents' */
	struct buf		 text;
};

void
xml_stop(struct xml *x)
{
	XML_ParsingStatus st;

	x->over = true;
	XML_GetParsingStatus(x->parser, &st);
	if (st.parsing == XML_PARSING)
		XML_StopParser(x->parser, XML_FALSE);
}

static void
end(struct xml *x, const struct err *why, const char *condition)
{
	if (x->over)
		return;
	xml_stop(x);
	x->calls.end(x->calls.ctx, why, condition);
}

#define end_say(x, condition, fault, ...) do {		\
	struct err why_;				\
	err_set(&why_, (fault), __VA_ARGS__);		\
	end((x), &why_, (condition));			\
} while (0)

/* "namespace\nname" -> name, and the namespace's length. */
static const char *
split(const char *full, size_t *ns_len)
{
	const char *sep = strchr(full, NS_SEP);

	*ns_len = sep != NULL ? (size_t)(sep - full) : 0;
	return sep != NULL ? sep + 1 : full;
}

static void
set_attributes(xmpp_stanza_t *e, const char **atts)
{
	size_t n;
	const char *name;

	for (; atts[0] != NULL; atts += 2) {
		name = split(atts[0], &n);
		if (n == 0)
			xmpp_stanza_set_attribute(e, name, atts[1]);
		else if (str_eq(name, "lang") && str_prefix(atts[0], "http://www.w3.org/XML/1998/namespace"))
			xmpp_stanza_set_attribute(e, "xml:lang", atts[1]);
	}
}

static void
flush_text(struct xml *x)
{
	xmpp_stanza_t *t;

	if (x->text.len == 0)
		return;
	if (x->skip == NULL && x->depth >= 2) {
		t = xmpp_stanza_new(x->ctx);
		xmpp_stanza_set_text_with_size(t, x->text.s, x->text.len);
		xmpp_stanza_add_child_ex(x->open[x->depth - 2], t, 0);
		x->nodes++;
	}
	x->text.len = 0;
}

static void
header(struct xml *x, const char *name, const char **atts)
{
	const char *id = NULL;

	if (!str_eq(name, NS_STREAM "\nstream")) {
		end_say(x, "invalid-namespace", FAULT_USAGE, "what answers is no XMPP server: correct `server` and `port` in moothall.conf");
		return;
	}
	for (; atts[0] != NULL; atts += 2)
		if (str_eq(atts[0], "id"))
			id = atts[1];
	x->calls.header(x->calls.ctx, id);
}

/* Nothing more of this stanza is built; it is counted to its end. */
static void
skip_stanza(struct xml *x, const char *why)
{
	if (x->skip != NULL)
		return;
	x->skip = why;
	x->text.len = 0;
	if (x->open[0] != NULL)
		xmpp_stanza_release(x->open[0]);
	x->open[0] = NULL;
}

static void XMLCALL
on_element_start(void *arg, const char *full, const char **atts)
{
	struct xml *x = arg;
	xmpp_stanza_t *e;
	const char *name;
	char *ns;
	size_t n, i;

	if (x->over)
		return;
	flush_text(x);
	if (x->depth++ == 0) {
		header(x, full, atts);
		return;
	}
	if (x->depth == 2)
		x->nodes = 0;
	for (i = 0; atts[2 * i] != NULL; i++)
		;
	if (x->depth - 1 > DEPTH_MAX)
		skip_stanza(x, "its elements are too deep");
	else if (i > ATTRS_MAX)
		skip_stanza(x, "an element has too many attributes");
	else if (++x->nodes > NODES_MAX)
		skip_stanza(x, "it has too many elements");
	if (x->skip != NULL)
		return;
	name = split(full, &n);
	e = xmpp_stanza_new(x->ctx);
	xmpp_stanza_set_name(e, name);
	set_attributes(e, atts);
	if (n > 0 && (ns = strndup(full, n)) != NULL) {
		xmpp_stanza_set_ns(e, ns);
		free(ns);
	}
	if (x->depth > 2)
		xmpp_stanza_add_child_ex(x->open[x->depth - 3], e, 0);
	x->open[x->depth - 2] = e;
}

static void XMLCALL
on_element_end(void *arg, const char *full)
{
	struct xml *x = arg;
	xmpp_stanza_t *st = x->open[0];
	size_t at;

	(void)full;
	if (x->over)
		return;
	flush_text(x);
	if (--x->depth == 0) {
		end_say(x, NULL, FAULT_BUSY, "the server closed the stream");
		return;
	}
	if (x->depth > 1)
		return;
	at = (size_t)XML_GetCurrentByteIndex(x->parser) + (size_t)XML_GetCurrentByteCount(x->parser);
	if (x->skip == NULL && at - x->boundary > x->stanza_max)
		skip_stanza(x, "it is too large");
	x->boundary = at;
	if (x->skip != NULL) {
		log_warn("stream", "a stanza is skipped: %s", x->skip);
		x->skip = NULL;
		return;
	}
	x->open[0] = NULL;
	x->calls.stanza(x->calls.ctx, st);
	xmpp_stanza_release(st);
}

static void XMLCALL
on_text(void *arg, const char *text, int n)
{
	struct xml *x = arg;

	if (x->over || x->skip != NULL)
		return;
	if (x->depth >= 2)
		buf_addn(&x->text, text, (size_t)n);
	else	/* white space that keeps the connection alive is no part of a stanza */
		x->boundary = (size_t)XML_GetCurrentByteIndex(x->parser) + (size_t)n;
}

static void
forbidden(struct xml *x, const char *what)
{
	end_say(x, "restricted-xml", FAULT_BUG, "the server sent %s, which XMPP forbids (RFC 6120 11.1)", what);
}

static void XMLCALL
on_doctype(void *arg, const char *name, const char *sysid, const char *pubid, int internal)
{
	(void)name, (void)sysid, (void)pubid, (void)internal;
	forbidden(arg, "a document type declaration");
}

static void XMLCALL
on_entity(void *arg, const char *name, int parameter, const char *value, int len, const char *base,
    const char *sysid, const char *pubid, const char *notation)
{
	(void)name, (void)parameter, (void)value, (void)len, (void)base, (void)sysid, (void)pubid, (void)notation;
	forbidden(arg, "an entity declaration");
}

static void XMLCALL
on_comment(void *arg, const char *text)
{
	(void)text;
	forbidden(arg, "a comment");
}

static void XMLCALL
on_instruction(void *arg, const char *target, const char *data)
{
	(void)target, (void)data;
	forbidden(arg, "a processing instruction");
}

struct xml *
xml_new(xmpp_ctx_t *ctx, size_t stanza_max, const struct xml_calls *calls)
{
	struct xml *x = xcalloc(1, sizeof *x);

	x->calls = *calls;
	x->ctx = ctx;
	x->stanza_max = stanza_max;
	x->parser = XML_ParserCreateNS("UTF-8", NS_SEP);
	if (x->parser == NULL)
		abort();	/* out of memory */
	XML_SetUserData(x->parser, x);
	XML_SetElementHandler(x->parser, on_element_start, on_element_end);
	XML_SetCharacterDataHandler(x->parser, on_text);
	XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
	XML_SetEntityDeclHandler(x->parser, on_entity);
	XML_SetCommentHandler(x->parser, on_comment);
	XML_SetProcessingInstructionHandler(x->parser, on_instruction);
	return x;
}

void
xml_free(struct xml **xp)
{
	struct xml *x = *xp;

	if (x == NULL)
		return;
	*xp = NULL;
	XML_ParserFree(x->parser);
	if (x->open[0] != NULL)
		xmpp_stanza_release(x->open[0]);
	buf_free(&x->text);
	free(x);
}

void
xml_feed(struct xml *x, const char *data, size_t n)
{
	size_t part;

	for (; n > 0 && !x->over; data += part, n -= part) {
		part = n < FEED_MAX ? n : FEED_MAX;
		x->fed += part;
		if (XML_Parse(x->parser, data, (int)part, 0) == XML_STATUS_ERROR)
			end_say(x, "not-well-formed", FAULT_BUG, "what the server sent is not well-formed XML: %s",
			    XML_ErrorString(XML_GetErrorCode(x->parser)));
		if (x->over || x->fed - x->boundary <= x->stanza_max)
			continue;
		skip_stanza(x, "it is too large");
		if (x->fed - x->boundary > x->stanza_max * HARD_FACTOR)
			end_say(x, "policy-violation", FAULT_BUG, "the server sent more than %zu bytes without the end of a stanza",
			    x->stanza_max * HARD_FACTOR);
	}
}
