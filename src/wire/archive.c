/*
 * The room's archive (XEP-0313 with XEP-0059 pages), read once after each join
 * from the cursor to its end.
 *
 *   cursor known    AFTER, page by page.  An empty first page proves nothing
 *                   (ejabberd answers so for an id it never saw): CHECK whether
 *                   the newest line is the cursor's, and if not go on as below.
 *   cursor unknown  to the server: OLDEST, to see whether the archive reaches back
 *                   to when the cursor was taken (a gap if not), then START at five
 *                   minutes before; what comes twice is known above by its key.
 *   cursor old      OLDEST before AFTER: ejabberd's ids are instants, and it goes on from
 *                   one whose line has long expired without a word about what is missing.
 *   no cursor yet   NEWEST: begin there, nothing older is read.
 *
 * The cursor moves only over whole pages.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "base/str.h"
#include "wire/room.h"

enum ask { ASK_NEWEST, ASK_AFTER, ASK_CHECK, ASK_OLDEST, ASK_START };

enum { SAW = 128, TRIES = 3, PAUSE = 10 };

static const instant OVERLAP = 5 * MINUTE, OLD = DAY;

struct archive {
	char		 queryid[33];	/* "" : no question is open */
	uint8_t		 ask, tries;
	bool		 first;		/* no page of this kind has come yet */
	bool		 pause;		/* ask again at room->due */
	bool		 probe;		/* ASK_OLDEST came first, the cursor has not been tried */
	unsigned	 taken;		/* results of this page */
	char		*after;		/* ASK_START: where its last page ended; NULL on the first */
	char		*last;		/* id of this page's last result */
	instant		 last_at;
	unsigned	 saw_at;
	uint64_t	 saw[SAW];	/* a ring of hashes: lines that also come live */
};

void
archive_stop(struct room *r)
{
	if (r->archive == NULL)
		return;
	free(r->archive->after);
	free(r->archive->last);
	free(r->archive);
	r->archive = NULL;
}

void
cursor_set(struct wire *w, struct room *r, const char *stanza_id, instant at)
{
	if (r->cursor != NULL && strlen(r->cursor) == strlen(stanza_id))
		memcpy(r->cursor, stanza_id, strlen(stanza_id));	/* as good as always */
	else {
		free(r->cursor);
		r->cursor = xstrdup(stanza_id);
	}
	r->cursor_at = at;
	r->empty = false;
	if (w->ear.cursor != NULL)
		w->ear.cursor(w->ear.ctx, r->code, r->cursor);
}

bool
archive_saw(struct wire *w, struct room *r, const char *stanza_id)
{
	uint64_t h;
	size_t i;

	if (r->archive == NULL || stanza_id == NULL)
		return false;
	h = keyed_hash(rooms_of(w)->key, stanza_id);
	for (i = 0; i < SAW; i++)
		if (r->archive->saw[i] == h)
			return true;
	return false;
}

static void
gap(struct wire *w, struct room *r, instant from, instant to)
{
	/* Whoever hears it says so: the ear, or the log. */
	if (w->ear.gap != NULL)
		w->ear.gap(w->ear.ctx, r->code, from, to);
	else
		log_warn(r->code, "the archive has a gap: lines said while the hall was away may be missing");
}

static void
archive_end(struct wire *w, struct room *r)
{
	bool again = r->overflow;
	uint32_t epoch = r->epoch;

	archive_stop(r);
	if (!again) {
		room_live(w, r);
		return;
	}
	/* More came live than could be parked: what is parked goes up, the rest is in the archive after it. */
	r->overflow = false;
	hear_parked(w, r);
	if (r->epoch == epoch)
		archive_start(w, r);
}

/* --- asking --- */

static room_done on_page;

static void
ask_form(struct wire *w, xmpp_stanza_t *query, const char *var, const char *value, const char *type)
{
	xmpp_stanza_t *x = child_ns(query, "x", NS_DATA), *f;

	if (x == NULL) {
		x = stanza_child(w, query, "x", NS_DATA);
		xmpp_stanza_set_type(x, "submit");
	}
	f = stanza_child(w, x, "field", NULL);
	xmpp_stanza_set_attribute(f, "var", var);
	if (type != NULL)
		xmpp_stanza_set_type(f, type);
	stanza_text(w, f, "value", value);
}

static void
ask_page(struct wire *w, struct room *r, enum ask ask)
{
	struct archive *a = r->archive;
	xmpp_stanza_t *iq = room_iq(w, r, "set"), *query = stanza_child(w, iq, "query", NS_MAM), *set;
	const char *after = ask == ASK_AFTER ? r->cursor : ask == ASK_START ? a->after : NULL;
	char at[INSTANT_TEXT];

	if (a->ask != ask) {
		a->first = true;
		a->tries = 0;
	}
	a->ask = (uint8_t)ask;
	a->taken = 0;
	a->pause = false;
	free(a->last);
	a->last = NULL;
	random_id(a->queryid);
	xmpp_stanza_set_attribute(query, "queryid", a->queryid);
	if (ask == ASK_START) {
		ask_form(w, query, "FORM_TYPE", NS_MAM, "hidden");
		ask_form(w, query, "start", instant_text(r->cursor_at > OVERLAP ? r->cursor_at - OVERLAP : 1, at), NULL);
	}
	set = stanza_child(w, query, "set", NS_RSM);
	stanza_text(w, set, "max", ask == ASK_AFTER || ask == ASK_START ? "50" : "1");
	if (after != NULL)
		stanza_text(w, set, "after", after);
	if (ask == ASK_NEWEST || ask == ASK_CHECK)
		stanza_child(w, set, "before", NULL);
	room_ask(w, r, iq, on_page);
}

void
archive_again(struct wire *w, struct room *r)
{
	if (r->archive != NULL && r->archive->pause)
		ask_page(w, r, (enum ask)r->archive->ask);
}

void
archive_start(struct wire *w, struct room *r)
{
	archive_stop(r);
	if ((r->features & FEAT_KNOWN) && !(r->features & FEAT_MAM)) {
		if (r->cursor != NULL || r->cursor_at != 0)
			gap(w, r, r->cursor_at, clock_now());
		archive_end(w, r);
		return;
	}
	r->archive = xcalloc(1, sizeof *r->archive);
	r->archive->first = true;
	r->archive->probe = r->cursor != NULL && r->cursor_at != 0 && clock_now() - r->cursor_at > OLD;
	ask_page(w, r, r->archive->probe ? ASK_OLDEST : r->cursor != NULL ? ASK_AFTER :
	    r->cursor_at != 0 ? ASK_OLDEST : ASK_NEWEST);
}

/* --- a page is over --- */

static void
page_failed(struct wire *w, struct room *r, xmpp_stanza_t *answer)
{
	struct archive *a = r->archive;
	const char *c = error_condition(answer);
	xmpp_stanza_t *error = answer == NULL ? NULL : child_ns(answer, "error", NULL);

	if (str_eq(c, "item-not-found") && a->ask == ASK_AFTER) {
		ask_page(w, r, ASK_OLDEST);
		return;
	}
	if (a->tries < TRIES && (answer == NULL || (error != NULL && str_eq(xmpp_stanza_get_type(error), "wait")))) {
		a->tries++;
		a->pause = true;
		r->due = rooms_of(w)->now + PAUSE;
		return;
	}
	log_warn(r->code, "the archive can not be read (%s)", c);
	room_why(r, "the room's archive can not be read (%s)", c);
	if (r->cursor != NULL || r->cursor_at != 0)
		gap(w, r, r->cursor_at, clock_now());
	archive_end(w, r);
}

static void
newest_done(struct wire *w, struct room *r)
{
	struct archive *a = r->archive;

	/* What is parked comes after: its last line will be the cursor. */
	if (a->taken > 0 && STAILQ_EMPTY(&r->parked))
		cursor_set(w, r, a->last, a->last_at);
	archive_end(w, r);
}

static void
oldest_done(struct wire *w, struct room *r)
{
	struct archive *a = r->archive;

	if (a->taken == 0) {
		/* No cursor but an instant: nobody had said anything until then, so nothing can be missing. */
		if (!r->empty && r->cursor != NULL)	/* told once, not after each loss of the stream */
			gap(w, r, r->cursor_at, clock_now());
		r->empty = true;
		r->cursor_at = clock_now();
		archive_end(w, r);
	} else if (r->empty) {	/* all that it holds now came since */
		ask_page(w, r, ASK_START);
	} else if (a->probe) {
		a->probe = false;
		if (a->last_at > r->cursor_at)
			gap(w, r, r->cursor_at, a->last_at);
		ask_page(w, r, a->last_at > r->cursor_at ? ASK_START : ASK_AFTER);
	} else if (r->cursor_at == 0) {
		gap(w, r, 0, clock_now());
		ask_page(w, r, ASK_NEWEST);
	} else {
		if (a->last_at > r->cursor_at && r->cursor != NULL)
			gap(w, r, r->cursor_at, a->last_at);
		ask_page(w, r, ASK_START);
	}
}

static void
page_done(struct wire *w, struct room *r, bool complete)
{
	struct archive *a = r->archive;
	uint32_t epoch = r->epoch;
	instant start = r->cursor_at;

	if (a->taken == 0) {
		if (!a->first)
			archive_end(w, r);
		else
			ask_page(w, r, a->ask == ASK_AFTER ? ASK_CHECK : ASK_NEWEST);
		return;
	}
	a->first = false;
	a->tries = 0;
	free(a->after);
	a->after = xstrdup(a->last);
	cursor_set(w, r, a->last, a->last_at);
	if (r->epoch != epoch || r->archive != a)
		return;
	if (complete) {
		archive_end(w, r);
		return;
	}
	if (a->ask == ASK_START && start != 0)	/* the filter stays what it was while its pages are turned */
		r->cursor_at = start;
	ask_page(w, r, (enum ask)a->ask);
}

static void
on_page(struct wire *w, struct room *r, xmpp_stanza_t *answer)
{
	struct archive *a = r->archive;
	xmpp_stanza_t *fin = is_result(answer) ? child_ns(answer, "fin", NS_MAM) : NULL;

	if (a == NULL)
		return;
	a->queryid[0] = '\0';
	if (fin == NULL) {
		page_failed(w, r, answer);
		return;
	}
	r->features |= FEAT_MAM | FEAT_STANZA_ID;
	switch ((enum ask)a->ask) {
	case ASK_NEWEST:
		newest_done(w, r);
		break;
	case ASK_CHECK:
		if (a->taken > 0 && str_eq(a->last, r->cursor))
			archive_end(w, r);
		else
			ask_page(w, r, ASK_OLDEST);
		break;
	case ASK_OLDEST:
		oldest_done(w, r);
		break;
	case ASK_AFTER:
	case ASK_START:
		page_done(w, r, str_eq(xmpp_stanza_get_attribute(fin, "complete"), "true"));
		break;
	}
}

/* --- one result --- */

/*
 * Whose line it was (D2, D3).  Where the room lists occupant-ids, the one that
 * presence has taught us; else the single address that the room added for its
 * owner.  Two of anything: one is forged, and nobody is known.  *told_r: the line
 * carries what would tell it from one of ours.
 */
static const char *
author(struct wire *w, struct room *r, xmpp_stanza_t *message, struct arena *arena, bool *told_r)
{
	xmpp_stanza_t *e, *x, *item;
	const struct occupant *o;
	const char *jid;
	char *bare, *who;

	*told_r = true;
	if (r->features & FEAT_OCCUPANT_ID) {
		o = occupant_by_nick(&r->occupants, rooms_of(w)->key, r->nick);
		*told_r = o != NULL && o->oid != 0 && child_ns(message, "occupant-id", NS_OCCUPANT) != NULL;
		e = only_child(message, "occupant-id", NS_OCCUPANT);
		if (e == NULL || xmpp_stanza_get_id(e) == NULL)
			return NULL;
		o = occupant_by_oid(&r->occupants, keyed_hash(rooms_of(w)->key, xmpp_stanza_get_id(e)));
		return o == NULL ? NULL : arena_strdup(arena, occupant_who(o));
	}
	if ((x = child_ns(message, "x", NS_MUC_USER)) == NULL) {
		*told_r = false;
		return NULL;
	}
	x = only_child(message, "x", NS_MUC_USER);
	item = x == NULL ? NULL : only_child(x, "item", NULL);
	jid = item == NULL ? NULL : xmpp_stanza_get_attribute(item, "jid");
	if (jid == NULL || (bare = jid_bare(w, jid)) == NULL)
		return NULL;
	who = arena_strdup(arena, bare);
	free(bare);
	return who;
}

/* A line of ours, or of the desk's earlier life: it arrived, that is all. */
static bool
own_line(struct wire *w, struct room *r, const struct msg *m, bool told)
{
	struct buf desk = { 0 };
	bool own;

	if (!str_eq(m->nick, r->nick) && !str_eq(m->nick, w->conf.nick))
		return false;
	buf_addf(&desk, "%s@%s", r->code, w->domain);
	own = m->who == NULL ? !told : str_eq(m->who, desk.s);
	buf_free(&desk);
	return own;
}

static void
take(struct wire *w, struct room *r, xmpp_stanza_t *message, const char *id, instant at)
{
	const char *from = xmpp_stanza_get_from(message), *slash = from == NULL ? NULL : strchr(from, '/');
	struct msg *m = hear_unpark(r, id);
	bool told;

	if (m != NULL) {	/* it also came live, where identity is surer: there it counts, in this place */
		hear_line(w, r, m);
		return;
	}
	if (!str_eq(xmpp_stanza_get_type(message), "groupchat") || slash == NULL || slash[1] == '\0' ||
	    (size_t)(slash - from) != strlen(r->jid) || strncmp(from, r->jid, strlen(r->jid)) != 0)
		return;
	m = msg_new();
	m->way = WAY_ROOM;
	m->room = arena_strdup(m->arena, r->code);
	m->nick = arena_strdup(m->arena, slash + 1);
	m->stanza_id = arena_strdup(m->arena, id);
	m->late = true;
	m->sent = at;
	message_read(w, message, m);
	m->who = author(w, r, message, m->arena, &told);
	if (own_line(w, r, m, told)) {
		if (m->id != NULL && w->ear.said != NULL)
			w->ear.said(w->ear.ctx, m->id, id);
		msg_free(&m);
		return;
	}
	if (!msg_says_something(m)) {
		msg_free(&m);
		return;
	}
	hear_line(w, r, m);
}

bool
archive_result(struct wire *w, struct room *r, xmpp_stanza_t *stanza)
{
	struct archive *a = r->archive;
	xmpp_stanza_t *result = child_ns(stanza, "result", NS_MAM), *forwarded, *message, *delay;
	const char *id;
	instant at;

	if (a == NULL || result == NULL || a->queryid[0] == '\0' || !str_eq(xmpp_stanza_get_from(stanza), r->jid) ||
	    !str_eq(xmpp_stanza_get_attribute(result, "queryid"), a->queryid))
		return false;
	r->heard = rooms_of(w)->now;
	id = xmpp_stanza_get_id(result);
	forwarded = child_ns(result, "forwarded", NS_FORWARD);
	message = forwarded == NULL ? NULL : child_ns(forwarded, "message", NULL);
	if (id == NULL || *id == '\0' || message == NULL)
		return true;
	/* The delay beside the message is the archive's; those within it are anybody's (C10). */
	delay = child_ns(forwarded, "delay", NS_DELAY);
	at = delay == NULL ? 0 : instant_parse(xmpp_stanza_get_attribute(delay, "stamp"));
	if (at == 0)
		at = clock_now();
	a->taken++;
	a->last_at = at;
	free(a->last);
	a->last = xstrdup(id);
	a->saw[a->saw_at++ % SAW] = keyed_hash(rooms_of(w)->key, id);
	if (a->ask == ASK_AFTER || a->ask == ASK_START)
		take(w, r, message, id, at);
	return true;
}
