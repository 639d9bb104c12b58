/*
 * One room's states: out, joining, live, dead; its questions and its clock.
 */
#include "wire/room.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "base/str.h"

/* --- states --- */

enum room_state
room_state(const struct room *r)
{
	switch ((enum phase)r->phase) {
	case PH_JOINING:
	case PH_SETUP:
	case PH_PAGING:
		return ROOM_JOINING;
	case PH_LIVE:
		return r->role >= ROLE_PARTICIPANT ? ROOM_LIVE : ROOM_READONLY;
	case PH_DEAD:
		return ROOM_DEAD;
	case PH_OUT:
		break;
	}
	return ROOM_OUT;
}

void
room_report(struct wire *w, struct room *r)
{
	static const char *const names[] = { "out", "joining", "live", "read-only", "dead" };
	enum room_state state = room_state(r);
	struct buf b = { 0 };
	const char *why;

	if (state == ROOM_READONLY)	/* not in r->why: it ends with the role */
		buf_addf(&b, "the desk is a visitor: it can only listen%s", r->why == NULL ? "" : "; ");
	buf_add(&b, r->why == NULL ? "" : r->why);
	why = b.s;
	if (state == ROOM_DEAD || state == ROOM_READONLY || *why != '\0')
		log_warn(r->code, "%s%s%s", names[state], *why ? ": " : "", why);
	else
		log_debug(r->code, "%s", names[state]);
	if (w->ear.room != NULL && r->wanted)
		w->ear.room(w->ear.ctx, r->code, state, why);
	buf_free(&b);
}

static unsigned
flying(unsigned phase)
{
	return phase == PH_JOINING || phase == PH_SETUP || phase == PH_PAGING;
}

void
room_phase(struct wire *w, struct room *r, enum phase phase)
{
	struct rooms *rs = rooms_of(w);
	enum room_state before = room_state(r);

	rs->in_flight += flying(phase) - flying(r->phase);
	w->count.live += (size_t)(phase == PH_LIVE) - (size_t)(r->phase == PH_LIVE);
	r->phase = (uint8_t)phase;
	if (room_state(r) != before)
		room_report(w, r);
}

void
room_why(struct room *r, const char *fmt, ...)
{
	struct buf b = { 0 };
	char text[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	text[utf8_cut(text, sizeof text - 4)] = '\0';
	if (r->why != NULL && strstr(r->why, text) != NULL)
		return;
	if (r->why != NULL)
		buf_addf(&b, "%s; ", r->why);
	buf_add(&b, text);
	free(r->why);
	r->why = b.s;
}

uint32_t
room_jitter(struct wire *w, uint32_t below)
{
	uint32_t r;

	(void)w;
	random_bytes(&r, sizeof r);
	return below == 0 ? 0 : r % below;
}

void
room_nick_set(struct room *r, const char *nick)
{
	char *copy = xstrdup(nick);	/* it may be the old one */

	free(r->nick);
	r->nick = copy;
}

void
room_clear(struct wire *w, struct room *r)
{
	r->epoch = ++rooms_of(w)->epoch;
	conf_stop(r);
	archive_stop(r);
	hear_drop_parked(r);
	w->count.occupants -= r->occupants.count;
	occupants_clear(&r->occupants);
	r->role = ROLE_NONE;
	r->affiliation = AFF_NONE;
	r->reclaim = 0;
	r->overflow = false;
	r->subject = false;
	free(r->why);
	r->why = NULL;
}

void
room_unqueue(struct rooms *rs, struct room *r)
{
	if (r->queued)
		TAILQ_REMOVE(&rs->queue, r, queue);
	r->queued = false;
}

static void
enqueue(struct rooms *rs, struct room *r)
{
	if (!r->queued && r->wanted && !r->doomed)
		TAILQ_INSERT_TAIL(&rs->queue, r, queue);
	r->queued = r->wanted && !r->doomed;
}

void
room_retry(struct wire *w, struct room *r, uint32_t seconds, const char *why)
{
	struct rooms *rs = rooms_of(w);

	room_clear(w, r);
	if (why != NULL && *why != '\0')
		room_why(r, "%s", why);
	r->due = rs->now + seconds;
	room_phase(w, r, PH_OUT);
}

void
room_dead(struct wire *w, struct room *r, const char *why)
{
	struct rooms *rs = rooms_of(w);

	room_clear(w, r);
	room_why(r, "%s", why);
	r->due = rs->now + RETRY_DEAD;
	room_phase(w, r, PH_DEAD);
}

/* --- joining --- */

void
room_send_presence(struct wire *w, struct room *r, const char *type)
{
	struct buf to = { 0 };
	xmpp_stanza_t *p, *x;

	buf_addf(&to, "%s/%s", r->jid, r->nick);
	p = stanza_make(w, "presence", r->code, "desk", to.s, type, NULL);
	if (type == NULL && r->phase == PH_JOINING) {
		x = stanza_child(w, p, "x", NS_MUC);
		/* What was said before is read from the archive: a history of n lines would leave a gap (C2). */
		x = stanza_child(w, x, "history", NULL);
		xmpp_stanza_set_attribute(x, "maxstanzas", "0");
	}
	if (type == NULL)
		disco_caps(w, p);
	stanza_send(w, p);
	buf_free(&to);
}

static void
room_join(struct wire *w, struct room *r)
{
	struct rooms *rs = rooms_of(w);

	room_clear(w, r);
	r->due = rs->now + JOIN_TIMEOUT;
	r->heard = rs->now + room_jitter(w, SILENCE / 5);
	room_phase(w, r, PH_JOINING);
	room_send_presence(w, r, NULL);
}

/* Joins as many as may be unanswered at once. */
static void
rooms_pump(struct wire *w)
{
	struct rooms *rs = rooms_of(w);
	unsigned max = w->conf.joins_in_flight > 0 ? (unsigned)w->conf.joins_in_flight : 1;
	struct room *r;

	while (rs->in_flight < max && stream_state(w->stream) == WIRE_UP && (r = TAILQ_FIRST(&rs->queue)) != NULL) {
		room_unqueue(rs, r);
		room_join(w, r);
	}
}

void
room_joined(struct wire *w, struct room *r, bool created)
{
	r->tries = 0;
	r->created = created;
	if (created) {
		r->configured = false;
		if (r->cursor != NULL || r->cursor_at != 0)
			room_why(r, "the server had lost this room: it was created again, its archive there may be gone");
	}
	if (strcmp(r->nick, w->conf.nick) != 0)
		r->reclaim = rooms_of(w)->now + NICK_RECLAIM;
	room_phase(w, r, PH_SETUP);
	conf_start(w, r);
}

void
room_set_up(struct wire *w, struct room *r)
{
	room_phase(w, r, PH_PAGING);
	archive_start(w, r);
}

void
room_live(struct wire *w, struct room *r)
{
	uint32_t epoch = r->epoch;

	r->due = rooms_of(w)->now + RETRY_DEAD;
	room_phase(w, r, PH_LIVE);
	if (r->epoch == epoch)
		hear_parked(w, r);
	if (r->phase == PH_LIVE && !r->configured && r->affiliation == AFF_OWNER)
		conf_start(w, r);	/* the list of rooms changed meanwhile */
	rooms_pump(w);
}

void
room_conflict(struct wire *w, struct room *r)
{
	struct buf nick = { 0 };

	if (strlen(r->nick) > strlen(w->conf.nick) + 4) {
		room_nick_set(r, w->conf.nick);
		room_retry(w, r, RETRY_REFUSED, "every nickname of the desk is taken by somebody else");
		return;
	}
	buf_addf(&nick, "%s_", r->nick);
	room_nick_set(r, nick.s);
	buf_free(&nick);
	r->due = rooms_of(w)->now + JOIN_TIMEOUT;
	room_send_presence(w, r, NULL);
}

/* --- questions --- */

struct asked {
	room_done	*done;
	uint32_t	 epoch;
	char		 code[];
};

static void
on_answer(struct wire *w, void *ctx, xmpp_stanza_t *answer)
{
	struct asked *a = ctx;
	struct room *r = room_find(w, a->code);
	room_done *done = a->done;
	bool ok = r != NULL && r->epoch == a->epoch && flying(r->phase) + (r->phase == PH_LIVE) > 0;

	free(a);
	/* When the stream is gone the room is out anyway: nobody needs to hear of it. */
	if (ok && (answer != NULL || stream_state(w->stream) == WIRE_UP))
		done(w, r, answer);
}

xmpp_stanza_t *
room_iq(struct wire *w, struct room *r, const char *type)
{
	char id[33];

	random_id(id);
	return stanza_make(w, "iq", r->code, "desk", r->jid, type, id);
}

void
room_ask(struct wire *w, struct room *r, xmpp_stanza_t *iq, room_done *done)
{
	struct asked *a = xcalloc(1, sizeof *a + strlen(r->code) + 1);

	a->done = done;
	a->epoch = r->epoch;
	memcpy(a->code, r->code, strlen(r->code) + 1);
	iq_ask(w, iq, ASK_TIMEOUT, on_answer, a);
}

const char *
error_condition(xmpp_stanza_t *s)
{
	xmpp_stanza_t *error, *c;

	if (s == NULL)
		return "timeout";
	if ((error = child_ns(s, "error", NULL)) == NULL)
		return "";
	for (c = xmpp_stanza_get_children(error); c != NULL; c = xmpp_stanza_get_next(c))
		if (str_eq(xmpp_stanza_get_ns(c), NS_STANZAS) && !str_eq(xmpp_stanza_get_name(c), "text"))
			return xmpp_stanza_get_name(c);
	return "undefined-condition";
}

bool
is_result(xmpp_stanza_t *s)
{
	return s != NULL && str_eq(xmpp_stanza_get_type(s), "result");
}

/* --- the clock --- */

/* XEP-0410 §3.2; what is undecided is asked again after the next silence, which then is a minute. */
static void
on_self_ping(struct wire *w, struct room *r, xmpp_stanza_t *answer)
{
	const char *c = error_condition(answer);

	if (is_result(answer) || str_eq(c, "service-unavailable") || str_eq(c, "feature-not-implemented") ||
	    str_eq(c, "item-not-found"))
		return;
	if (str_eq(c, "timeout") || str_eq(c, "remote-server-not-found") || str_eq(c, "remote-server-timeout")) {
		r->heard = rooms_of(w)->now - SILENCE + 60;
		return;
	}
	log_info(r->code, "no longer in the room (%s): joining again", c);
	room_retry(w, r, 0, NULL);
}

static void
self_ping(struct wire *w, struct room *r)
{
	xmpp_stanza_t *iq = room_iq(w, r, "get");
	struct buf to = { 0 };

	buf_addf(&to, "%s/%s", r->jid, r->nick);
	xmpp_stanza_set_to(iq, to.s);
	buf_free(&to);
	stanza_child(w, iq, "ping", NS_PING);
	r->heard = rooms_of(w)->now + room_jitter(w, SILENCE / 5);	/* ahead: the rooms drift apart */
	room_ask(w, r, iq, on_self_ping);
}

static void
nick_reclaim(struct wire *w, struct room *r)
{
	char *now = xstrdup(r->nick);

	r->reclaim = rooms_of(w)->now + NICK_RECLAIM;
	room_nick_set(r, w->conf.nick);
	room_send_presence(w, r, NULL);
	room_nick_set(r, now);	/* until our own presence says otherwise */
	free(now);
}

static void
room_second(struct wire *w, struct room *r)
{
	struct rooms *rs = rooms_of(w);
	bool due = (int32_t)(rs->now - r->due) >= 0;

	switch ((enum phase)r->phase) {
	case PH_OUT:
	case PH_DEAD:
		if (due)
			enqueue(rs, r);
		break;
	case PH_JOINING:
		if (due)
			room_retry(w, r, r->tries < 6 ? 1u << r->tries++ : 60, "the join was not answered");
		break;
	case PH_LIVE:
		if (due)
			r->kicks = 0;	/* an hour in peace */
		if (r->reclaim != 0 && (int32_t)(rs->now - r->reclaim) >= 0)
			nick_reclaim(w, r);
		if ((int32_t)(rs->now - r->heard) >= SILENCE)
			self_ping(w, r);
		break;
	case PH_PAGING:
		if (due)
			archive_again(w, r);
		break;
	case PH_SETUP:
		break;
	}
}

void
room_tick(struct wire *w)
{
	struct rooms *rs = rooms_of(w);
	struct room *r, *next;
	bool up = stream_state(w->stream) == WIRE_UP;

	rs->now++;
	for (r = TAILQ_FIRST(&rs->all); r != NULL; r = next) {
		next = TAILQ_NEXT(r, all);
		if (!r->wanted) {	/* kept until now: whoever dropped it may have been called from it */
			TAILQ_REMOVE(&rs->all, r, all);
			room_free(r);
		} else if (up)
			room_second(w, r);
	}
	if (up)
		rooms_pump(w);
}

void
room_stream(struct wire *w, enum wire_state state)
{
	struct rooms *rs = rooms_of(w);
	struct room *r;

	TAILQ_FOREACH(r, &rs->all, all) {
		if (!r->wanted)
			continue;
		if (state == WIRE_UP) {
			r->tries = 0;
			enqueue(rs, r);
		} else if (state == WIRE_DOWN) {
			room_unqueue(rs, r);
			if (r->phase != PH_OUT && r->phase != PH_DEAD)
				room_retry(w, r, 0, NULL);
		}
	}
	if (state == WIRE_UP)
		rooms_pump(w);
}

/* --- who is there --- */

const char *
room_who(struct room *r, const char *nick)
{
	const struct occupant *o;
	uint32_t at = 0;

	while ((o = occupant_next(&r->occupants, &at)) != NULL)
		if (str_eq(occupant_nick(o), nick))
			return occupant_who(o);
	return NULL;
}

const char *
room_nick_of(struct room *r, const char *who)
{
	const struct occupant *o = who == NULL ? NULL : occupant_by_who(&r->occupants, who);

	return o == NULL ? NULL : occupant_nick(o);
}
