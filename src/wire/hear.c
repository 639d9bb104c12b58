/*
 * The lines of a room: heard, parked while its archive is read, our own
 * reflected or refused; and the desk's own way to say one.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "base/str.h"
#include "wire/room.h"

xmpp_stanza_t *
only_child(xmpp_stanza_t *parent, const char *name, const char *ns)
{
	xmpp_stanza_t *c, *found = NULL;

	for (c = xmpp_stanza_get_children(parent); c != NULL; c = xmpp_stanza_get_next(c)) {
		if (!str_eq(xmpp_stanza_get_name(c), name) || (ns != NULL && !str_eq(xmpp_stanza_get_ns(c), ns)))
			continue;
		if (found != NULL)
			return NULL;
		found = c;
	}
	return found;
}

bool
ours(struct wire *w, const char *who)
{
	const char *at = who == NULL ? NULL : strchr(who, '@');

	return who != NULL && strcmp(at == NULL ? who : at + 1, w->domain) == 0;
}

bool
msg_says_something(const struct msg *m)
{
	return m->text != NULL || m->encrypted || m->reacts_to != NULL || (m->links != NULL && m->links[0] != NULL);
}

/* --- marks: who said what --- */

/* A hidden speaker is known by nickname as long as he stays; no address begins with a slash. */
static uint64_t
sender_hash(struct wire *w, const char *who, const char *nick)
{
	struct buf b = { 0 };
	uint64_t h;

	if (who == NULL)
		buf_addf(&b, "/%s", nick);
	h = keyed_hash(rooms_of(w)->key, who == NULL ? b.s : who);
	buf_free(&b);
	return h;
}

static const struct mark *
mark_find(struct wire *w, struct room *r, const char *id, bool by_stanza_id)
{
	uint64_t h = keyed_hash(rooms_of(w)->key, id);
	size_t i;

	for (i = 0; i < r->mark_count; i++)
		if ((by_stanza_id ? r->marks[i].stanza_id : r->marks[i].id) == h)
			return &r->marks[i];
	return NULL;
}

static bool
said_by(struct wire *w, struct room *r, const char *id, uint64_t sender)
{
	uint64_t h = keyed_hash(rooms_of(w)->key, id);
	size_t i;

	for (i = 0; i < r->mark_count; i++)	/* ids are the senders' own: two may use the same */
		if (r->marks[i].id == h && r->marks[i].sender == sender)
			return true;
	return false;
}

static void
mark_add(struct wire *w, struct room *r, const struct msg *m, uint64_t sender)
{
	const unsigned char *key = rooms_of(w)->key;
	size_t cap;

	if (m->id == NULL && m->stanza_id == NULL)
		return;
	if (r->mark_count == r->mark_cap && r->mark_cap < MARKS_MAX) {
		cap = r->mark_cap == 0 ? 8 : r->mark_cap * 2u;
		if (cap > MARKS_MAX)
			cap = MARKS_MAX;
		r->marks = xrealloc(r->marks, cap * sizeof *r->marks);
		r->mark_cap = (uint8_t)cap;
		r->mark_at = r->mark_count;	/* it was in order: the ring goes round only when it is full-grown */
	}
	r->marks[r->mark_at] = (struct mark){
		.id = m->id == NULL ? 0 : keyed_hash(key, m->id),
		.stanza_id = m->stanza_id == NULL ? 0 : keyed_hash(key, m->stanza_id),
		.sender = sender,
	};
	if (r->mark_at == r->mark_count)
		r->mark_count++;
	r->mark_at = (uint8_t)((r->mark_at + 1) % r->mark_cap);
}

void
hear_forget_nick(struct wire *w, struct room *r, const char *nick)
{
	const struct occupant *o = occupant_by_nick(&r->occupants, rooms_of(w)->key, nick);
	uint64_t sender;
	size_t i;

	if (o == NULL || occupant_who(o) != NULL)
		return;
	sender = sender_hash(w, NULL, nick);
	for (i = 0; i < r->mark_count; i++)
		if (r->marks[i].sender == sender)
			r->marks[i].sender = 0;
}

/* --- up --- */

void
hear_line(struct wire *w, struct room *r, struct msg *m)
{
	uint64_t sender = sender_hash(w, m->who, m->nick);
	char id[33];

	if (!m->late && !(r->features & FEAT_STANZA_ID))
		m->stanza_id = NULL;	/* nobody keeps residents from writing it themselves (C8) */
	/* XEP-0308 §5: only one's own line is corrected; else this is a line like any other. */
	if (m->replaces != NULL && !said_by(w, r, m->replaces, sender))
		m->replaces = NULL;
	mark_add(w, r, m, sender);
	if (m->stanza_id != NULL)
		m->key = m->stanza_id;
	else {
		if (m->id == NULL)
			random_id(id);
		m->key = arena_printf(m->arena, "%s %s", m->who == NULL ? m->nick : m->who, m->id == NULL ? id : m->id);
	}
	m->by_robot = ours(w, m->who);
	w->count.heard++;
	if (w->ear.hear != NULL && r->wanted)
		w->ear.hear(w->ear.ctx, m);
	else
		msg_free(&m);
}

static void
park(struct room *r, struct msg *m)
{
	struct parked *p;

	if (r->overflow || r->parked_count == PARKED_MAX) {
		r->overflow = true;
		msg_free(&m);
		return;
	}
	p = xcalloc(1, sizeof *p);
	p->msg = m;
	STAILQ_INSERT_TAIL(&r->parked, p, next);
	r->parked_count++;
}

struct msg *
hear_unpark(struct room *r, const char *stanza_id)
{
	struct parked *p;
	struct msg *m;

	STAILQ_FOREACH(p, &r->parked, next)
		if (stanza_id == NULL || str_eq(p->msg->stanza_id, stanza_id))
			break;
	if (p == NULL)
		return NULL;
	STAILQ_REMOVE(&r->parked, p, parked, next);
	r->parked_count--;
	m = p->msg;
	free(p);
	return m;
}

void
hear_parked(struct wire *w, struct room *r)
{
	uint32_t epoch = r->epoch;
	struct msg *m;
	char *id;

	while (r->epoch == epoch && (m = hear_unpark(r, NULL)) != NULL) {
		id = (r->features & FEAT_STANZA_ID) ? xstrdup(m->stanza_id) : NULL;
		hear_line(w, r, m);
		if (id != NULL && r->epoch == epoch)
			cursor_set(w, r, id, clock_now());
		free(id);
	}
}

void
hear_drop_parked(struct room *r)
{
	struct msg *m;

	while ((m = hear_unpark(r, NULL)) != NULL)
		msg_free(&m);
}

/* --- a line comes --- */

/* The room's own stanza-id (XEP-0359 §6): `by` is the room, and only one of them. NULL otherwise. */
static const char *
room_stanza_id(struct room *r, xmpp_stanza_t *stanza)
{
	const char *id = NULL;
	xmpp_stanza_t *c;

	for (c = xmpp_stanza_get_children(stanza); c != NULL; c = xmpp_stanza_get_next(c)) {
		if (!str_eq(xmpp_stanza_get_name(c), "stanza-id") || !str_eq(xmpp_stanza_get_ns(c), NS_SID) ||
		    !str_eq(xmpp_stanza_get_attribute(c, "by"), r->jid))
			continue;
		if (id != NULL)
			return NULL;
		id = xmpp_stanza_get_id(c);
	}
	return id;
}

/* From the room itself: its form changed (XEP-0045 §10.2.1). */
static void
room_notice(struct wire *w, struct room *r, xmpp_stanza_t *stanza)
{
	xmpp_stanza_t *x = child_ns(stanza, "x", NS_MUC_USER), *c;
	const char *code;

	for (c = x == NULL ? NULL : xmpp_stanza_get_children(x); c != NULL; c = xmpp_stanza_get_next(c)) {
		code = str_eq(xmpp_stanza_get_name(c), "status") ? xmpp_stanza_get_attribute(c, "code") : NULL;
		if (!str_eq(code, "104") && !str_eq(code, "172") && !str_eq(code, "173") && !str_eq(code, "174"))
			continue;
		if (r->phase == PH_LIVE && r->conf == NULL) {	/* while we write the form, the change is ours */
			r->configured = false;
			conf_start(w, r);
		}
		return;
	}
}

static void
refused_line(struct wire *w, struct room *r, xmpp_stanza_t *stanza)
{
	static const struct { const char *condition; enum fault fault; } faults[] = {
		{ "not-acceptable", FAULT_BUSY },	/* not in the room: we join again */
		{ "resource-constraint", FAULT_BUSY }, { "policy-violation", FAULT_BUSY },
		{ "remote-server-not-found", FAULT_BUSY }, { "remote-server-timeout", FAULT_BUSY },
		{ "recipient-unavailable", FAULT_ABSENT }, { "item-not-found", FAULT_ABSENT },
	};
	xmpp_stanza_t *error = child_ns(stanza, "error", NULL);
	const char *id = xmpp_stanza_get_id(stanza), *c = error_condition(stanza);
	enum fault fault = FAULT_DENIED;
	struct err err;
	size_t i;

	for (i = 0; i < sizeof faults / sizeof *faults; i++)
		if (str_eq(c, faults[i].condition))
			fault = faults[i].fault;
	if (error != NULL && str_eq(xmpp_stanza_get_type(error), "wait"))
		fault = FAULT_BUSY;
	err_set(&err, fault, "room %s refused a line: %s", r->code, c);
	if (id != NULL && w->ear.unsaid != NULL)
		w->ear.unsaid(w->ear.ctx, id, &err);
	if (str_eq(c, "not-acceptable") && r->phase == PH_LIVE)
		room_retry(w, r, 0, NULL);
}

/* History of the join, though we asked for none: in the archive it comes in order. */
static bool
is_history(struct room *r, xmpp_stanza_t *stanza)
{
	return !r->subject && r->phase != PH_LIVE && child_ns(stanza, "delay", NS_DELAY) != NULL;
}

static struct msg *
line_make(struct wire *w, struct room *r, xmpp_stanza_t *stanza, const char *nick, const char *stanza_id)
{
	const struct occupant *o = occupant_by_nick(&r->occupants, rooms_of(w)->key, nick);
	struct msg *m = msg_new();

	m->way = WAY_ROOM;
	m->room = arena_strdup(m->arena, r->code);
	m->nick = arena_strdup(m->arena, nick);
	m->who = o == NULL ? NULL : arena_strdup(m->arena, occupant_who(o));
	m->stanza_id = arena_strdup(m->arena, stanza_id);
	m->sent = clock_now();
	message_read(w, stanza, m);
	return m;
}

static void
line(struct wire *w, struct room *r, xmpp_stanza_t *stanza, const char *nick)
{
	const char *id = xmpp_stanza_get_id(stanza), *stanza_id = room_stanza_id(r, stanza);
	uint32_t epoch = r->epoch;
	struct msg *m;

	if (str_eq(nick, r->nick)) {
		if (id != NULL && w->ear.said != NULL)
			w->ear.said(w->ear.ctx, id, (r->features & FEAT_STANZA_ID) ? stanza_id : NULL);
	} else {
		m = line_make(w, r, stanza, nick, stanza_id);
		if (!msg_says_something(m) || (r->phase != PH_LIVE && archive_saw(w, r, stanza_id)))
			msg_free(&m);
		else if (r->phase != PH_LIVE)
			park(r, m);
		else
			hear_line(w, r, m);
	}
	if (r->epoch == epoch && r->phase == PH_LIVE && stanza_id != NULL && (r->features & FEAT_STANZA_ID))
		cursor_set(w, r, stanza_id, clock_now());
}

void
room_message(struct wire *w, struct room *r, xmpp_stanza_t *stanza)
{
	const char *from = xmpp_stanza_get_from(stanza), *type = xmpp_stanza_get_type(stanza);
	const char *slash = from == NULL ? NULL : strchr(from, '/');

	if (from == NULL)
		return;
	r->heard = rooms_of(w)->now;
	if (str_eq(type, "error")) {
		if (slash == NULL)	/* from an occupant: anybody can read the ids of our lines and write this */
			refused_line(w, r, stanza);
		return;
	}
	if (slash == NULL) {
		room_notice(w, r, stanza);
		if (child_ns(stanza, "subject", NULL) != NULL)
			r->subject = true;
		return;
	}
	if (!str_eq(type, "groupchat") || r->phase < PH_SETUP || r->phase == PH_DEAD || slash[1] == '\0')
		return;
	if (child_ns(stanza, "subject", NULL) != NULL && child_ns(stanza, "body", NULL) == NULL)
		r->subject = true;
	else if (is_history(r, stanza))
		return;
	line(w, r, stanza, slash + 1);
}

/* --- a line goes --- */

/* Whose line is answered (XEP-0461 §3: `to`), as far as it is remembered; Dino draws no reply without it. Yours. */
static char *
reply_address(struct wire *w, struct room *r, const char *id)
{
	const struct mark *m = mark_find(w, r, id, true);
	const struct occupant *o;
	struct buf b = { 0 };
	uint32_t at = 0;

	buf_add(&b, r->jid);
	while (m != NULL && (o = occupant_next(&r->occupants, &at)) != NULL)
		if (sender_hash(w, occupant_who(o), occupant_nick(o)) == m->sender) {
			buf_addf(&b, "/%s", occupant_nick(o));
			break;
		}
	return b.s;
}

bool
room_say(struct wire *w, const struct reply *reply)
{
	struct room *r = room_find(w, reply->room);
	xmpp_stanza_t *s, *c;
	char *to;

	if (r == NULL || room_state(r) != ROOM_LIVE)
		return false;
	s = stanza_make(w, "message", r->code, "desk", r->jid, "groupchat", reply->id);
	if (reply->lang != NULL)
		xmpp_stanza_set_attribute(s, "xml:lang", reply->lang);
	stanza_text(w, s, "body", reply->text == NULL ? "" : reply->text);
	c = stanza_child(w, s, "origin-id", NS_SID);
	xmpp_stanza_set_id(c, reply->id);
	if (reply->reply_to != NULL) {
		to = reply_address(w, r, reply->reply_to);
		c = stanza_child(w, s, "reply", NS_REPLY);
		xmpp_stanza_set_attribute(c, "to", to);
		xmpp_stanza_set_id(c, reply->reply_to);
		free(to);
	}
	return stanza_send(w, s);
}
