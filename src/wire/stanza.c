#include <stdlib.h>
#include <string.h>
#include <unicode/usprep.h>
#include <unicode/ustring.h>

#include "base/arena.h"
#include "base/str.h"
#include "wire/internal.h"

enum { JID_PART_MAX = 1023 };	/* bytes of each part: RFC 7622 §3.1 */

/* --- reading --- */

xmpp_stanza_t *
child_ns(xmpp_stanza_t *st, const char *name, const char *ns)
{
	xmpp_stanza_t *c;

	for (c = xmpp_stanza_get_children(st); c != NULL; c = xmpp_stanza_get_next(c)) {
		if (!xmpp_stanza_is_tag(c))
			continue;
		if ((name == NULL || str_eq(xmpp_stanza_get_name(c), name)) &&
		    (ns == NULL || str_eq(xmpp_stanza_get_ns(c), ns)))
			return c;
	}
	return NULL;
}

const char *
element_text(xmpp_stanza_t *e)
{
	xmpp_stanza_t *c;

	for (c = xmpp_stanza_get_children(e); c != NULL; c = xmpp_stanza_get_next(c))
		if (xmpp_stanza_is_text(c))
			return xmpp_stanza_get_text_ptr(c);
	return "";
}

const char *
child_text(xmpp_stanza_t *st, const char *name, const char *ns)
{
	xmpp_stanza_t *c = child_ns(st, name, ns);

	return c != NULL ? element_text(c) : NULL;
}

/* --- addresses --- */

char *
jid_local(const char *jid)
{
	size_t bare = strcspn(jid, "/");
	const char *at = memchr(jid, '@', bare);

	return at != NULL && at > jid ? strndup(jid, (size_t)(at - jid)) : NULL;
}

const char *
jid_resource(const char *jid)
{
	const char *slash = strchr(jid, '/');

	return slash != NULL && slash[1] != '\0' ? slash + 1 : NULL;
}

bool
jid_at(const char *jid, const char *domain)
{
	size_t bare = strcspn(jid, "/"), n = strlen(domain);
	const char *at = memchr(jid, '@', bare);
	const char *d = at != NULL ? at + 1 : jid;

	return (size_t)(jid + bare - d) == n && strncasecmp(d, domain, n) == 0;
}

/* Most addresses are prepared already: then ICU need not be asked. */
static bool
plain(const char *s, size_t n)
{
	for (; n > 0; n--, s++)
		if (!((*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9') || *s == '.' || *s == '-' || *s == '_'))
			return false;
	return true;
}

/* Appends `n` bytes of `s`, prepared by the profile; false if it does not allow them. */
static bool
prepare(void **profile, UStringPrepProfileType type, const char *s, size_t n, struct buf *out)
{
	UChar in[JID_PART_MAX + 1], done[2 * JID_PART_MAX];
	char utf8[6 * JID_PART_MAX];
	int32_t len;
	UErrorCode e = U_ZERO_ERROR;

	if (n == 0 || n > JID_PART_MAX)
		return false;
	if (plain(s, n)) {
		buf_addn(out, s, n);
		return true;
	}
	if (*profile == NULL)
		*profile = usprep_openByType(type, &e);
	u_strFromUTF8(in, JID_PART_MAX + 1, &len, s, (int32_t)n, &e);
	/* Unassigned is what Unicode 3.2 did not know: many of today's Han characters. */
	len = usprep_prepare(*profile, in, len, done, 2 * JID_PART_MAX, USPREP_ALLOW_UNASSIGNED, NULL, &e);
	u_strToUTF8(utf8, sizeof utf8, &len, done, len, &e);
	if (U_FAILURE(e) || len == 0)
		return false;
	buf_addn(out, utf8, (size_t)len);
	return true;
}

char *
jid_bare(struct wire *w, const char *jid)
{
	struct buf b = { 0 };
	size_t bare = strcspn(jid, "/"), node;
	const char *at = memchr(jid, '@', bare), *domain = at != NULL ? at + 1 : jid;
	bool ok = true;

	if (at != NULL) {
		node = (size_t)(at - jid);
		ok = prepare(&w->nodeprep, USPREP_RFC3920_NODEPREP, jid, node, &b);
		buf_add(&b, "@");
	}
	ok = ok && prepare(&w->nameprep, USPREP_RFC3491_NAMEPREP, domain, (size_t)(jid + bare - domain), &b);
	/* A second @ would make two addresses of one. */
	if (ok && strchr(b.s + (at != NULL ? strcspn(b.s, "@") + 1 : 0), '@') == NULL)
		return b.s;
	buf_free(&b);
	return NULL;
}

/* --- building --- */

xmpp_stanza_t *
stanza_make(struct wire *w, const char *name, const char *from_local, const char *from_resource, const char *to,
    const char *type, const char *id)
{
	xmpp_stanza_t *st = xmpp_stanza_new(stream_ctx(w->stream));
	struct buf from = { 0 };

	if (from_local != NULL)
		buf_addf(&from, "%s@", from_local);
	buf_add(&from, w->domain);
	if (from_resource != NULL)
		buf_addf(&from, "/%s", from_resource);
	xmpp_stanza_set_name(st, name);
	xmpp_stanza_set_from(st, from.s);
	buf_free(&from);
	if (to != NULL)
		xmpp_stanza_set_to(st, to);
	if (type != NULL)
		xmpp_stanza_set_type(st, type);
	if (id != NULL)
		xmpp_stanza_set_id(st, id);
	return st;
}

xmpp_stanza_t *
stanza_child(struct wire *w, xmpp_stanza_t *parent, const char *name, const char *ns)
{
	xmpp_stanza_t *c = xmpp_stanza_new(stream_ctx(w->stream));

	xmpp_stanza_set_name(c, name);
	if (ns != NULL)
		xmpp_stanza_set_ns(c, ns);
	xmpp_stanza_add_child_ex(parent, c, 0);
	return c;
}

xmpp_stanza_t *
stanza_text(struct wire *w, xmpp_stanza_t *parent, const char *name, const char *text)
{
	xmpp_stanza_t *c = stanza_child(w, parent, name, NULL), *t = xmpp_stanza_new(stream_ctx(w->stream));
	char *clean = xcalloc(strlen(text) * 3 + 1, 1);

	xml_clean(text, clean);
	xmpp_stanza_set_text_with_size(t, clean, utf8_cut(clean, w->conf.say_max));
	free(clean);
	xmpp_stanza_add_child_ex(c, t, 0);
	return c;
}

xmpp_stanza_t *
stanza_answer(struct wire *w, xmpp_stanza_t *st, const char *type)
{
	xmpp_stanza_t *a = xmpp_stanza_new(stream_ctx(w->stream));
	const char *from = xmpp_stanza_get_to(st);

	xmpp_stanza_set_name(a, xmpp_stanza_get_name(st));
	xmpp_stanza_set_from(a, from != NULL ? from : w->domain);
	if (xmpp_stanza_get_from(st) != NULL)
		xmpp_stanza_set_to(a, xmpp_stanza_get_from(st));
	xmpp_stanza_set_type(a, type);
	if (xmpp_stanza_get_id(st) != NULL)
		xmpp_stanza_set_id(a, xmpp_stanza_get_id(st));
	return a;
}

void
stanza_error(struct wire *w, xmpp_stanza_t *st, const char *type, const char *condition, const char *text)
{
	xmpp_stanza_t *a = stanza_answer(w, st, "error"), *e = stanza_child(w, a, "error", NULL);

	xmpp_stanza_set_type(e, type);
	stanza_child(w, e, condition, NS_STANZAS);
	if (text != NULL)
		xmpp_stanza_set_ns(stanza_text(w, e, "text", text), NS_STANZAS);
	stanza_send(w, a);
}

bool
stanza_send(struct wire *w, xmpp_stanza_t *st)
{
	bool ok = stream_send(w->stream, st);

	xmpp_stanza_release(st);
	return ok;
}
