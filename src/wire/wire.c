/* wire.h's calls, and where each stanza goes. */
#include "wire/wire.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/usprep.h>

#include "base/arena.h"
#include "base/str.h"
#include "wire/internal.h"

/* --- a stanza comes --- */

struct room *
room_from(struct wire *w, const char *from)
{
	char *bare;
	struct room *r;

	if (!jid_at(from, w->conf.muc))
		return NULL;
	bare = jid_bare(w, from);
	r = bare != NULL ? room_by_jid(w, bare) : NULL;
	free(bare);
	return r;
}

char *
sender_of(struct wire *w, xmpp_stanza_t *st)
{
	const char *from = xmpp_stanza_get_from(st), *nick = jid_resource(from), *who;
	struct room *r = room_from(w, from);

	if (!jid_at(from, w->conf.muc))
		return jid_bare(w, from);
	who = r != NULL && nick != NULL ? room_who(r, nick) : NULL;
	return who != NULL ? xstrdup(who) : NULL;
}

static void
on_presence(struct wire *w, xmpp_stanza_t *st, const char *from)
{
	struct room *r = room_from(w, from);

	if (r != NULL)
		room_presence(w, r, st);
	else if (!jid_at(from, w->conf.muc))	/* from a room that is none of ours: nothing to do with us */
		private_presence(w, st);
}

static void
on_message(struct wire *w, xmpp_stanza_t *st, const char *from)
{
	const char *type = xmpp_stanza_get_type(st);
	bool error = str_eq(type, "error");
	struct room *r = room_from(w, from);

	/* No one but a room that we asked sends us an archive's results: others are forged. */
	if (child_ns(st, "result", NS_MAM) != NULL) {
		if (r != NULL)
			archive_result(w, r, st);
	} else if (error && private_error(w, st))
		return;
	else if (error || str_eq(type, "groupchat")) {
		if (r != NULL)
			room_message(w, r, st);
	} else
		private_message(w, st);
}

static void
on_stanza(void *arg, xmpp_stanza_t *st)
{
	struct wire *w = arg;
	const char *name = xmpp_stanza_get_name(st), *from = xmpp_stanza_get_from(st), *to = xmpp_stanza_get_to(st);

	/* ejabberd routes every host of a listener to each of its connections. */
	if (from == NULL || to == NULL || !jid_at(to, w->domain))
		return;
	if (str_eq(name, "iq"))
		iq_stanza(w, st);
	else if (str_eq(name, "presence"))
		on_presence(w, st, from);
	else if (str_eq(name, "message"))
		on_message(w, st, from);
}

static void
on_state(void *arg, enum wire_state state, const struct err *why)
{
	struct wire *w = arg;

	if (state == WIRE_UP) {
		w->count.reconnects += w->was_up;
		w->was_up = true;
	} else {
		iq_lost(w);
		private_lost(w);
		adhoc_lost(w);
	}
	room_stream(w, state);
	if (w->ear.stream != NULL)
		w->ear.stream(w->ear.ctx, state, why);
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct wire *w = arg;

	(void)fd;
	(void)what;
	iq_tick(w);
	adhoc_tick(w);
	room_tick(w);
}

/* --- wire.h --- */

/* As the server writes it: every address that comes is compared with it. Yours. */
static char *
prepared(struct wire *w, const char *domain)
{
	char *bare = jid_bare(w, domain);

	return bare != NULL ? bare : xstrdup(domain);	/* it is none: the server will say so */
}

static void
conf_copy(struct wire *w, const struct wire_conf *from)
{
	struct wire_conf *to = &w->conf;

	*to = *from;
	to->component = prepared(w, from->component);
	to->server = xstrdup(from->server);
	to->secret = NULL;	/* the stream has it */
	to->muc = prepared(w, from->muc);
	to->nick = xstrdup(from->nick);
	to->staff = xstrdup(from->staff);
	to->version = xstrdup(from->version);
}

static void
conf_free(struct wire_conf *c)
{
	const char **strings[] = { &c->component, &c->server, &c->muc, &c->nick, &c->staff, &c->version };
	size_t i;

	for (i = 0; i < sizeof strings / sizeof *strings; i++)
		free((char *)(uintptr_t)*strings[i]);	/* ours: conf_copy() made it */
}

struct wire *
wire_new(struct event_base *base, const struct wire_conf *conf, const struct ear *ear)
{
	static const struct timeval second = { 1, 0 };
	struct wire *w = xcalloc(1, sizeof *w);
	struct buf staff = { 0 };

	w->base = base;
	conf_copy(w, conf);
	w->ear = *ear;
	w->stream = stream_new(base, conf, &(struct stream_calls){ w, on_stanza, on_state });
	w->domain = xstrdup(w->conf.component);
	buf_addf(&staff, "%s@%s", conf->staff, w->domain);
	w->staff_jid = staff.s;
	w->iqs = iqs_new();
	w->privates = privates_new();
	w->forms = forms_new();
	w->tick = event_new(base, -1, EV_PERSIST, on_tick, w);
	event_add(w->tick, &second);
	return w;
}

void
wire_free(struct wire **wp)
{
	struct wire *w = *wp;

	if (w == NULL)
		return;
	*wp = NULL;
	w->ear = (struct ear){ 0 };	/* whoever listened may be gone before us */
	stream_close(w->stream);
	iq_lost(w);
	rooms_free(w);
	iqs_free(&w->iqs);
	privates_free(&w->privates);
	forms_free(&w->forms);
	stream_free(&w->stream);
	event_free(w->tick);
	if (w->nodeprep != NULL)
		usprep_close(w->nodeprep);
	if (w->nameprep != NULL)
		usprep_close(w->nameprep);
	free(w->domain);
	free(w->staff_jid);
	conf_free(&w->conf);
	free(w);
}

void
wire_open(struct wire *w)
{
	stream_open(w->stream);
}

void
wire_close(struct wire *w)
{
	stream_close(w->stream);
}

enum wire_state
wire_state(const struct wire *w)
{
	return stream_state(w->stream);
}

bool
wire_say(struct wire *w, const struct reply *reply)
{
	bool ok = false;

	switch (reply->way) {
	case WAY_ROOM:
		ok = room_say(w, reply);
		break;
	case WAY_DESK:
	case WAY_STAFF:
		ok = private_say(w, reply);
		break;
	case WAY_FORM:
		ok = adhoc_say(w, reply);
		break;
	}
	w->count.said += ok;
	return ok;
}

bool
wire_present(const struct wire *w, const char *room, const char *who)
{
	struct room *r = room_find((struct wire *)(uintptr_t)w, room);	/* only looked at */

	return r != NULL && who != NULL && room_nick_of(r, who) != NULL;
}

struct wire_count
wire_count(const struct wire *w)
{
	return w->count;
}
