/*
 * Private lines, both ways: with an occupant of a room, or 1:1 with a desk or the
 * staff address.  They have no reflection and no archive, so what tells that one
 * has arrived is the answer to a question put to the server (or to the room it goes
 * through) after it on the same stream, with no error for it in between.
 *
 * An error is never sent to a room: the room would remove us for it (XEP-0045 §11.1).
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "base/str.h"
#include "wire/room.h"

#define NS_RECEIPTS	"urn:xmpp:receipts"

enum { ACK_S = 30 };

/* A line sent and not yet acknowledged. */
struct sent {
	TAILQ_ENTRY(sent)	 next;
	uintptr_t		 number;
	char			*id, *to;
	bool			 through_room;
};

struct privates {
	TAILQ_HEAD(, sent)	 waiting;
	uintptr_t		 last;		/* number of the last line sent */
};

struct privates *
privates_new(void)
{
	struct privates *p = xcalloc(1, sizeof *p);

	TAILQ_INIT(&p->waiting);
	return p;
}

static void
sent_free(struct privates *p, struct sent *s)
{
	TAILQ_REMOVE(&p->waiting, s, next);
	free(s->id);
	free(s->to);
	free(s);
}

static void
forget_all(struct privates *p)
{
	struct sent *s;

	while ((s = TAILQ_FIRST(&p->waiting)) != NULL)
		sent_free(p, s);
}

void
privates_free(struct privates **pp)
{
	if (*pp == NULL)
		return;
	forget_all(*pp);
	free(*pp);
	*pp = NULL;
}

/* Whether they arrived is unknown now; the outbox says them again. */
void
private_lost(struct wire *w)
{
	forget_all(w->privates);
}

/* --- out, and its acknowledgement --- */

static iq_done on_ack;

/*
 * The question goes the line's way: a room of ejabberd's is a process of its own, so
 * that only the room's answer comes after the room's refusal.
 */
static void
ask_ack(struct wire *w, const struct sent *s)
{
	char *room = s->through_room ? jid_bare(w, s->to) : NULL, *local = NULL;
	xmpp_stanza_t *iq;

	if (room != NULL)
		local = jid_local(room);
	/* A room answers its occupants: the desk asks, not the domain. */
	iq = stanza_make(w, "iq", local, local != NULL ? "desk" : NULL, room != NULL ? room : w->conf.muc, "get", NULL);
	stanza_child(w, iq, "ping", NS_PING);
	iq_ask(w, iq, ACK_S, on_ack, (void *)s->number);
	free(local);
	free(room);
}

/* Any answer will do, an error as well as a result: the line before it went through. */
static void
on_ack(struct wire *w, void *ctx, xmpp_stanza_t *answer)
{
	uintptr_t number = (uintptr_t)ctx;
	struct sent *s;
	char *id;

	TAILQ_FOREACH(s, &w->privates->waiting, next)
		if (s->number == number)
			break;
	if (s == NULL)
		return;		/* it came back as an error meanwhile */
	if (answer == NULL) {
		if (stream_state(w->stream) == WIRE_UP)
			ask_ack(w, s);
		return;
	}
	id = s->id;
	s->id = NULL;
	sent_free(w->privates, s);
	if (w->ear.said != NULL)
		w->ear.said(w->ear.ctx, id, NULL);
	free(id);
}

static bool
send_line(struct wire *w, const struct reply *r, const char *from, const char *to, bool through_room)
{
	struct privates *p = w->privates;
	xmpp_stanza_t *m = stanza_make(w, "message", from, "desk", to, "chat", r->id), *c;
	struct sent *s;

	if (r->lang != NULL)
		xmpp_stanza_set_attribute(m, "xml:lang", r->lang);
	stanza_text(w, m, "body", r->text != NULL ? r->text : "");
	xmpp_stanza_set_id(stanza_child(w, m, "origin-id", NS_SID), r->id);
	if (through_room)
		stanza_child(w, m, "x", NS_MUC_USER);
	if (r->reply_to != NULL) {
		c = stanza_child(w, m, "reply", NS_REPLY);
		xmpp_stanza_set_attribute(c, "to", to);
		xmpp_stanza_set_id(c, r->reply_to);
	}
	if (!stanza_send(w, m))
		return false;
	s = xcalloc(1, sizeof *s);
	s->number = ++p->last;
	s->id = xstrdup(r->id);
	s->to = xstrdup(to);
	s->through_room = through_room;
	TAILQ_INSERT_TAIL(&p->waiting, s, next);
	ask_ack(w, s);
	return true;
}

bool
private_say(struct wire *w, const struct reply *reply)
{
	struct room *r = reply->way == WAY_DESK ? room_find(w, reply->room) : NULL;
	const char *nick = r != NULL ? room_nick_of(r, reply->to) : NULL;
	struct buf to = { 0 };
	bool ok;

	if (reply->way == WAY_STAFF)
		return send_line(w, reply, w->conf.staff, reply->to, false);
	if (nick == NULL)
		return send_line(w, reply, reply->room, reply->to, false);
	buf_addf(&to, "%s/%s", r->jid, nick);
	ok = send_line(w, reply, reply->room, to.s, true);
	buf_free(&to);
	return ok;
}

static enum fault
fault_of(xmpp_stanza_t *st, bool through_room)
{
	xmpp_stanza_t *e = child_ns(st, "error", NULL);
	const char *type = e != NULL ? xmpp_stanza_get_type(e) : NULL, *c = error_condition(st);

	/* Whoever was there has left, or we have: the next time the line goes to the address itself. */
	if (through_room && (str_eq(c, "item-not-found") || str_eq(c, "not-acceptable")))
		return FAULT_BUSY;
	return str_eq(type, "wait") ? FAULT_BUSY : str_eq(type, "auth") ? FAULT_DENIED :
	    str_eq(type, "modify") ? FAULT_BUG : FAULT_ABSENT;
}

/* Does the error come from where the line went? Ids can be guessed. */
static bool
came_from(struct wire *w, xmpp_stanza_t *st, const char *to)
{
	char *a = jid_bare(w, xmpp_stanza_get_from(st)), *b = jid_bare(w, to);
	bool same = a != NULL && str_eq(a, b);

	free(a);
	free(b);
	return same;
}

bool
private_error(struct wire *w, xmpp_stanza_t *st)
{
	const char *id = xmpp_stanza_get_id(st);
	struct err err;
	struct sent *s;

	TAILQ_FOREACH(s, &w->privates->waiting, next)
		if (str_eq(s->id, id) && came_from(w, st, s->to))
			break;
	if (s == NULL)
		return false;
	err_set(&err, fault_of(st, s->through_room), "a private line came back: %s", error_condition(st));
	sent_free(w->privates, s);
	if (w->ear.unsaid != NULL)
		w->ear.unsaid(w->ear.ctx, id, &err);
	return true;
}

/* --- in --- */

/* Whom the line is for: the staff address, a desk (*room), or nobody here. */
static bool
addressee(struct wire *w, const char *to, enum way *way, struct room **room)
{
	char *local = jid_local(to);

	*room = local != NULL ? room_find(w, local) : NULL;
	*way = *room != NULL ? WAY_DESK : WAY_STAFF;
	if (*room == NULL && !str_eq(local, w->conf.staff)) {
		free(local);
		return false;
	}
	free(local);
	return true;
}

/* Copies of others' lines, invitations, notes about lines: nobody speaks to us with these. */
static bool
is_foreign(struct wire *w, xmpp_stanza_t *st)
{
	const char *type = xmpp_stanza_get_type(st);

	return (type != NULL && !str_eq(type, "chat") && !str_eq(type, "normal")) ||
	    jid_at(xmpp_stanza_get_from(st), w->domain) ||
	    child_ns(st, NULL, "urn:xmpp:carbons:2") != NULL ||
	    child_ns(st, NULL, NS_FORWARD) != NULL ||
	    child_ns(st, NULL, "jabber:x:conference") != NULL;
}

/* XEP-0184 §5.3, only to a real address: through a room it would be a private message more. */
static void
send_receipt(struct wire *w, xmpp_stanza_t *st)
{
	const char *id = xmpp_stanza_get_id(st);
	xmpp_stanza_t *m;
	char *local;

	if (id == NULL || child_ns(st, "request", NS_RECEIPTS) == NULL)
		return;
	local = jid_local(xmpp_stanza_get_to(st));
	m = stanza_make(w, "message", local, "desk", xmpp_stanza_get_from(st), xmpp_stanza_get_type(st), NULL);
	xmpp_stanza_set_id(stanza_child(w, m, "received", NS_RECEIPTS), id);
	stanza_send(w, m);
	free(local);
}

static const char *
key_of(struct msg *m, xmpp_stanza_t *st, const char *sender)
{
	xmpp_stanza_t *origin = child_ns(st, "origin-id", NS_SID);
	const char *id = origin != NULL ? xmpp_stanza_get_id(origin) : NULL;
	char any[33];

	if (id == NULL)
		id = m->id;
	if (id == NULL) {
		random_id(any);
		id = any;
	}
	return arena_printf(m->arena, "%s %s", sender, id);
}

static struct msg *
line_of(struct wire *w, xmpp_stanza_t *st, enum way way, const char *room, const char *nick)
{
	const char *from = xmpp_stanza_get_from(st);
	struct msg *m = msg_new();
	char *who = sender_of(w, st);

	message_read(w, st, m);
	m->way = way;
	m->room = arena_strdup(m->arena, room);
	m->nick = arena_strdup(m->arena, nick);
	m->who = arena_strdup(m->arena, who);
	m->key = key_of(m, st, who != NULL ? who : from);
	m->by_robot = ours(w, who);
	m->sent = clock_now();
	free(who);
	return m;
}

/* To a line that we can not take; never to a room. */
static void
refuse(struct wire *w, xmpp_stanza_t *st)
{
	if (child_text(st, "body", NULL) != NULL)
		stanza_error(w, st, "cancel", "item-not-found", NULL);
}

void
private_message(struct wire *w, xmpp_stanza_t *st)
{
	const char *from = xmpp_stanza_get_from(st), *nick = jid_resource(from);
	bool through_room = jid_at(from, w->conf.muc);
	struct room *room;
	struct msg *m;
	enum way way;

	if (is_foreign(w, st))
		return;
	if (through_room) {
		room = room_from(w, from);
		way = WAY_DESK;
		if (room == NULL || nick == NULL)
			return;
	} else if (!addressee(w, xmpp_stanza_get_to(st), &way, &room)) {
		refuse(w, st);
		return;
	}
	m = line_of(w, st, way, room != NULL ? room->code : NULL, through_room ? nick : NULL);
	if ((!through_room && m->who == NULL) || !msg_says_something(m) || w->ear.hear == NULL) {
		msg_free(&m);
		return;
	}
	if (!through_room)
		send_receipt(w, st);
	w->count.heard++;
	w->ear.hear(w->ear.ctx, m);
}

/* --- presence: our addresses accept whoever wants to see them --- */

static void
send_presence(struct wire *w, xmpp_stanza_t *to, const char *type)
{
	char *local = jid_local(xmpp_stanza_get_to(to)), *bare = jid_bare(w, xmpp_stanza_get_from(to));
	xmpp_stanza_t *p;

	/* About subscriptions the bare address speaks (RFC 6121 §3.1.2), about being there the resource. */
	if (bare != NULL) {
		p = stanza_make(w, "presence", local, type == NULL ? "desk" : NULL,
		    type == NULL ? xmpp_stanza_get_from(to) : bare, type, NULL);
		if (type == NULL)
			disco_caps(w, p);
		stanza_send(w, p);
	}
	free(local);
	free(bare);
}

void
private_presence(struct wire *w, xmpp_stanza_t *st)
{
	const char *type = xmpp_stanza_get_type(st);
	struct room *room;
	enum way way;
	bool here = addressee(w, xmpp_stanza_get_to(st), &way, &room);

	if (jid_at(xmpp_stanza_get_from(st), w->domain))
		return;
	if (str_eq(type, "subscribe")) {
		send_presence(w, st, here ? "subscribed" : "unsubscribed");
		if (here)
			send_presence(w, st, NULL);
	} else if (str_eq(type, "unsubscribe"))
		send_presence(w, st, "unsubscribed");
	else if (str_eq(type, "probe"))
		send_presence(w, st, here ? NULL : "unsubscribed");
}
