/*
 * Who we are, for clients that ask: service discovery (XEP-0030), capabilities
 * (XEP-0115), version (XEP-0092), ping (XEP-0199), business card (XEP-0054).
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "wire/internal.h"

#define NS_VERSION	"jabber:iq:version"
#define NS_VCARD	"vcard-temp"
#define NS_CAPS		"http://jabber.org/protocol/caps"
#define CAPS_NODE	"urn:moothall"
#define PROGRAM		"Moot Hall"

/* In the order of bytes: XEP-0115 §5.1 hashes them so. */
static const char *const features[] = {
	NS_CAPS,
	NS_COMMANDS,
	NS_DISCO_INFO,
	NS_DISCO_ITEMS,
	NS_VERSION,
	NS_DATA,
	NS_CORRECT,
	NS_PING,
	NS_REACTIONS,
	"urn:xmpp:receipts",
	NS_REPLY,
	NS_VCARD,
};

enum { FEATURES = sizeof features / sizeof *features };

/* Which of our addresses is asked. */
enum target { NOBODY, DOMAIN, DESK };

static enum target
target_of(struct wire *w, xmpp_stanza_t *st)
{
	char *local = jid_local(xmpp_stanza_get_to(st));
	enum target t = local == NULL ? DOMAIN :
	    str_eq(local, w->conf.staff) || room_find(w, local) != NULL ? DESK : NOBODY;

	free(local);
	return t;
}

/* XEP-0115 §5.1: the identity, then each feature, each followed by "<". Yours, by xmpp_free(). */
static char *
caps_ver(struct wire *w)
{
	struct buf b = { 0 };
	unsigned char digest[XMPP_SHA1_DIGEST_SIZE];
	size_t i;

	buf_addf(&b, "client/bot//%s<", w->conf.nick);
	for (i = 0; i < FEATURES; i++)
		buf_addf(&b, "%s<", features[i]);
	xmpp_sha1_digest((const unsigned char *)b.s, b.len, digest);
	buf_free(&b);
	return xmpp_base64_encode(stream_ctx(w->stream), digest, sizeof digest);
}

void
disco_caps(struct wire *w, xmpp_stanza_t *presence)
{
	xmpp_stanza_t *c = stanza_child(w, presence, "c", NS_CAPS);
	char *ver = caps_ver(w);

	xmpp_stanza_set_attribute(c, "hash", "sha-1");
	xmpp_stanza_set_attribute(c, "node", CAPS_NODE);
	xmpp_stanza_set_attribute(c, "ver", ver);
	xmpp_free(stream_ctx(w->stream), ver);
}

static void
identity(struct wire *w, xmpp_stanza_t *query, const char *category, const char *type, const char *name)
{
	xmpp_stanza_t *e = stanza_child(w, query, "identity", NULL);

	xmpp_stanza_set_attribute(e, "category", category);
	xmpp_stanza_set_type(e, type);
	xmpp_stanza_set_attribute(e, "name", name);
}

static void
feature(struct wire *w, xmpp_stanza_t *query, const char *var)
{
	xmpp_stanza_set_attribute(stanza_child(w, query, "feature", NULL), "var", var);
}

/* A result with the question's element and node in it. */
static xmpp_stanza_t *
answer_query(struct wire *w, xmpp_stanza_t *st, const char *ns, const char *node, xmpp_stanza_t **query)
{
	xmpp_stanza_t *a = stanza_answer(w, st, "result");

	*query = stanza_child(w, a, "query", ns);
	if (node != NULL)
		xmpp_stanza_set_attribute(*query, "node", node);
	return a;
}

/* --- the commands --- */

static const struct form *
menu(struct wire *w, xmpp_stanza_t *st, struct arena *arena)
{
	char *who = sender_of(w, st);
	const struct form *f = who != NULL && w->ear.menu != NULL ? w->ear.menu(w->ear.ctx, who, arena) : NULL;

	free(who);
	return f;
}

static void
command_items(struct wire *w, xmpp_stanza_t *st)
{
	struct arena *arena = arena_new();
	const struct form *f = menu(w, st, arena);
	xmpp_stanza_t *query, *a = answer_query(w, st, NS_DISCO_ITEMS, NS_COMMANDS, &query), *item;

	for (; f != NULL && f->node != NULL; f++) {
		item = stanza_child(w, query, "item", NULL);
		/* Gajim and Psi execute at this address, whoever was asked. */
		xmpp_stanza_set_attribute(item, "jid", w->staff_jid);
		xmpp_stanza_set_attribute(item, "node", f->node);
		xmpp_stanza_set_attribute(item, "name", f->title);
	}
	stanza_send(w, a);
	arena_free(&arena);
}

static bool
command_info(struct wire *w, xmpp_stanza_t *st, const char *node)
{
	struct arena *arena = arena_new();
	const struct form *f = menu(w, st, arena);
	xmpp_stanza_t *query, *a;

	while (f != NULL && f->node != NULL && !str_eq(f->node, node))
		f++;
	if (f != NULL && f->node != NULL) {
		a = answer_query(w, st, NS_DISCO_INFO, node, &query);
		identity(w, query, "automation", "command-node", f->title);
		feature(w, query, NS_COMMANDS);
		feature(w, query, NS_DATA);
		stanza_send(w, a);
	}
	arena_free(&arena);
	return f != NULL && f->node != NULL;
}

/* --- disco --- */

static bool
is_caps(struct wire *w, const char *node)
{
	char *ver = caps_ver(w);
	size_t n = strlen(CAPS_NODE);
	bool is = str_prefix(node, CAPS_NODE "#") && str_eq(node + n + 1, ver);

	xmpp_free(stream_ctx(w->stream), ver);
	return is;
}

static void
info(struct wire *w, xmpp_stanza_t *st, enum target t, const char *node)
{
	xmpp_stanza_t *query, *a;
	size_t i;

	if (node != NULL && !is_caps(w, node) && !str_eq(node, NS_COMMANDS)) {
		if (!command_info(w, st, node))
			stanza_error(w, st, "cancel", "item-not-found", NULL);
		return;
	}
	a = answer_query(w, st, NS_DISCO_INFO, node, &query);
	if (str_eq(node, NS_COMMANDS))
		identity(w, query, "automation", "command-list", PROGRAM);
	else if (t == DOMAIN)
		identity(w, query, "component", "generic", PROGRAM);
	else
		identity(w, query, "client", "bot", w->conf.nick);
	for (i = 0; i < FEATURES; i++)
		feature(w, query, features[i]);
	stanza_send(w, a);
}

static void
items(struct wire *w, xmpp_stanza_t *st, enum target t, const char *node)
{
	xmpp_stanza_t *query, *a, *item;

	if (str_eq(node, NS_COMMANDS)) {
		command_items(w, st);
		return;
	}
	a = answer_query(w, st, NS_DISCO_ITEMS, node, &query);
	if (t == DOMAIN && node == NULL) {
		item = stanza_child(w, query, "item", NULL);
		xmpp_stanza_set_attribute(item, "jid", w->staff_jid);
		xmpp_stanza_set_attribute(item, "name", w->conf.nick);
	}
	stanza_send(w, a);
}

/* --- the small ones --- */

static void
version(struct wire *w, xmpp_stanza_t *st)
{
	xmpp_stanza_t *query, *a = answer_query(w, st, NS_VERSION, NULL, &query);

	stanza_text(w, query, "name", PROGRAM);
	stanza_text(w, query, "version", w->conf.version);
	stanza_send(w, a);
}

static void
vcard(struct wire *w, xmpp_stanza_t *st)
{
	xmpp_stanza_t *a = stanza_answer(w, st, "result");

	stanza_text(w, stanza_child(w, a, "vCard", NS_VCARD), "FN", w->conf.nick);
	stanza_send(w, a);
}

bool
disco_iq(struct wire *w, xmpp_stanza_t *st)
{
	xmpp_stanza_t *q = child_ns(st, NULL, NULL);
	const char *ns = q != NULL ? xmpp_stanza_get_ns(q) : NULL;
	enum target t = target_of(w, st);

	if (ns == NULL || !str_eq(xmpp_stanza_get_type(st), "get"))
		return false;
	if (t == NOBODY)
		stanza_error(w, st, "cancel", "item-not-found", NULL);
	else if (str_eq(ns, NS_DISCO_INFO))
		info(w, st, t, xmpp_stanza_get_attribute(q, "node"));
	else if (str_eq(ns, NS_DISCO_ITEMS))
		items(w, st, t, xmpp_stanza_get_attribute(q, "node"));
	else if (str_eq(ns, NS_PING))
		stanza_send(w, stanza_answer(w, st, "result"));
	else if (str_eq(ns, NS_VERSION))
		version(w, st);
	else if (str_eq(ns, NS_VCARD))
		vcard(w, st);
	else
		return false;
	return true;
}
