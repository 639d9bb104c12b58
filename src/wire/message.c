/*
 * What a <message/> says, whichever way it came: text, reply, correction,
 * reactions, links, encryption.  Who said it is not read here: that is never in
 * the message.
 */
#include <string.h>

#include "base/str.h"
#include "wire/internal.h"

enum { TEXT_MAX = 16384, LINKS_MAX = 16, REACTIONS_MAX = 16, ID_MAX = 1024 };

static const char *
copy_id(struct arena *a, const char *id)
{
	return id == NULL || *id == '\0' || strlen(id) > ID_MAX ? NULL : arena_strdup(a, id);
}

/* --- body --- */

static bool
is_body(xmpp_stanza_t *message, xmpp_stanza_t *c)
{
	const char *ns = xmpp_stanza_get_ns(c), *own = xmpp_stanza_get_ns(message);

	return str_eq(xmpp_stanza_get_name(c), "body") && (ns == NULL || own == NULL || strcmp(ns, own) == 0);
}

/* RFC 6121 §5.2.3 allows one body a language: the one without, else the first. NULL: none, or an empty one. */
static const char *
body_of(xmpp_stanza_t *message)
{
	xmpp_stanza_t *c, *best = NULL;
	const char *text;

	for (c = xmpp_stanza_get_children(message); c != NULL; c = xmpp_stanza_get_next(c)) {
		if (!is_body(message, c))
			continue;
		if (xmpp_stanza_get_attribute(c, "xml:lang") == NULL && xmpp_stanza_get_attribute(c, "lang") == NULL) {
			best = c;
			break;
		}
		if (best == NULL)
			best = c;
	}
	text = best == NULL ? "" : element_text(best);
	return *text == '\0' ? NULL : text;
}

static bool
is_encrypted(xmpp_stanza_t *message, const char *body)
{
	static const struct { const char *name, *ns; } marks[] = {
		{ "encryption", NS_EME },
		{ "encrypted", "eu.siacs.conversations.axolotl" },
		{ "encrypted", "urn:xmpp:omemo:1" },
		{ "encrypted", "urn:xmpp:omemo:2" },
		{ "x", "jabber:x:encrypted" },		/* XEP-0027 */
		{ "openpgp", "urn:xmpp:openpgp:0" },	/* XEP-0373 */
	};
	size_t i;

	for (i = 0; i < sizeof marks / sizeof *marks; i++)
		if (child_ns(message, marks[i].name, marks[i].ns) != NULL)
			return true;
	return body != NULL && str_prefix(body, "?OTR");
}

/* A withdrawn line (XEP-0424, XEP-0425): its fallback words are the client's, nobody said them. */
static bool
is_retraction(xmpp_stanza_t *message)
{
	return child_ns(message, "retract", "urn:xmpp:message-retract:1") != NULL ||
	    child_ns(message, "retract", "urn:xmpp:message-retract:0") != NULL ||
	    child_ns(message, "apply-to", "urn:xmpp:fasten:0") != NULL;
}

/* --- links --- */

static bool
is_link(const char *s)
{
	return (str_prefix(s, "https://") || str_prefix(s, "http://")) && strpbrk(s, " \t\r\n<>\"") == NULL &&
	    strlen(s) <= 2048;
}

static void
link_add(struct msg *m, size_t *n, const char *url)
{
	size_t i;

	if (url == NULL || *n == LINKS_MAX || !is_link(url))
		return;
	for (i = 0; i < *n; i++)
		if (strcmp(m->links[i], url) == 0)
			return;
	if (m->links == NULL)
		m->links = arena_alloc(m->arena, (LINKS_MAX + 1) * sizeof *m->links);
	m->links[(*n)++] = arena_strdup(m->arena, url);
}

/* XEP-0447 §3: <file-sharing><sources><url-data target=''/></sources></file-sharing> */
static void
links_of_file(struct msg *m, size_t *n, xmpp_stanza_t *sharing)
{
	xmpp_stanza_t *sources = child_ns(sharing, "sources", NULL);
	xmpp_stanza_t *c = sources == NULL ? NULL : xmpp_stanza_get_children(sources);

	for (; c != NULL; c = xmpp_stanza_get_next(c))
		if (str_eq(xmpp_stanza_get_name(c), "url-data"))
			link_add(m, n, xmpp_stanza_get_attribute(c, "target"));
}

static void
read_links(xmpp_stanza_t *message, struct msg *m)
{
	xmpp_stanza_t *c;
	size_t n = 0;

	for (c = xmpp_stanza_get_children(message); c != NULL; c = xmpp_stanza_get_next(c)) {
		if (str_eq(xmpp_stanza_get_name(c), "x") && str_eq(xmpp_stanza_get_ns(c), NS_OOB))
			link_add(m, &n, child_text(c, "url", NULL));
		else if (str_eq(xmpp_stanza_get_name(c), "file-sharing") && str_eq(xmpp_stanza_get_ns(c), NS_SFS))
			links_of_file(m, &n, c);
	}
	if (m->text != NULL)
		link_add(m, &n, m->text);	/* an upload by a client that knows neither */
}

/* --- reactions --- */

/* U+FE0E and U+FE0F choose how a sign is drawn; Dino adds one, others do not. In place. */
static void
strip_variations(char *s)
{
	char *out = s;

	while (*s != '\0')
		if (str_prefix(s, "\xef\xb8\x8e") || str_prefix(s, "\xef\xb8\x8f"))
			s += 3;
		else
			*out++ = *s++;
	*out = '\0';
}

static void
read_reactions(xmpp_stanza_t *message, struct msg *m)
{
	xmpp_stanza_t *e = child_ns(message, "reactions", NS_REACTIONS), *c;
	size_t n = 0;
	char *s;

	if (e == NULL || (m->reacts_to = copy_id(m->arena, xmpp_stanza_get_id(e))) == NULL)
		return;
	m->reactions = arena_alloc(m->arena, (REACTIONS_MAX + 1) * sizeof *m->reactions);
	for (c = xmpp_stanza_get_children(e); c != NULL && n < REACTIONS_MAX; c = xmpp_stanza_get_next(c)) {
		if (!str_eq(xmpp_stanza_get_name(c), "reaction"))
			continue;
		s = arena_strndup(m->arena, element_text(c), utf8_cut(element_text(c), 64));
		strip_variations(s);
		if (*s != '\0')
			m->reactions[n++] = s;
	}
}

void
message_read(struct wire *w, xmpp_stanza_t *message, struct msg *m)
{
	const char *body = body_of(message);
	xmpp_stanza_t *e;

	(void)w;
	m->id = copy_id(m->arena, xmpp_stanza_get_id(message));
	m->encrypted = is_encrypted(message, body);
	if (is_retraction(message))
		return;
	if (body != NULL && !m->encrypted)
		m->text = arena_strndup(m->arena, body, utf8_cut(body, TEXT_MAX));
	if ((e = child_ns(message, "reply", NS_REPLY)) != NULL)
		m->reply_to = copy_id(m->arena, xmpp_stanza_get_id(e));
	if ((e = child_ns(message, "replace", NS_CORRECT)) != NULL)
		m->replaces = copy_id(m->arena, xmpp_stanza_get_id(e));
	read_reactions(message, m);
	if (!m->encrypted)
		read_links(message, m);
}
