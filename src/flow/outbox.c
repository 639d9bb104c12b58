/*
 * pending -> sent -> delivered.  A line is said once it is in the database, stays here
 * until the room has reflected it (or the server has answered behind a private line),
 * and is said again with the same id when that can no longer come.
 */
#include "flow/outbox.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "flow/internal.h"

enum { FLUSH_AT = 200, RETRY_MAX_S = 60 };

struct out {
	TAILQ_ENTRY(out)	 next;
	struct desk		*desk;
	char			*id, *to, *body, *lang, *reply_to;
	enum way		 way;
	long long		 number;
	bool			 sent;		/* said on this stream, not acknowledged */
	bool			 marked;	/* as sent, in the database */
	bool			 unsure;	/* may have arrived before: a private line says so */
	int			 tries;		/* that came back */
	instant			 not_before;
};

/* Acknowledgements that are still to be written. */
struct ack {
	STAILQ_ENTRY(ack)	 next;
	char			*id, *stanza_id;
};

STAILQ_HEAD(acks, ack);

struct outbox {
	struct hall		*hall;
	TAILQ_HEAD(, out)	 lines;		/* oldest first */
	void			*by_id;		/* tsearch(3) */
	struct acks		 acks, flying;	/* flying: on their way to the database */
	size_t			 nacks;
};

struct outbox *
outbox_new(struct hall *h)
{
	struct outbox *o = xcalloc(1, sizeof *o);

	o->hall = h;
	TAILQ_INIT(&o->lines);
	STAILQ_INIT(&o->acks);
	STAILQ_INIT(&o->flying);
	return o;
}

static int
by_id(const void *a, const void *b)
{
	return strcmp(((const struct out *)a)->id, ((const struct out *)b)->id);
}

static void
out_free(struct outbox *o, struct out *l)
{
	TAILQ_REMOVE(&o->lines, l, next);
	tdelete(l, &o->by_id, by_id);
	free(l->id);
	free(l->to);
	free(l->body);
	free(l->lang);
	free(l->reply_to);
	free(l);
}

static void
acks_free(struct acks *list)
{
	struct ack *a;

	while ((a = STAILQ_FIRST(list)) != NULL) {
		STAILQ_REMOVE_HEAD(list, next);
		free(a->id);
		free(a->stanza_id);
		free(a);
	}
}

void
outbox_free(struct outbox **op)
{
	struct outbox *o = *op;

	if (o == NULL)
		return;
	*op = NULL;
	while (!TAILQ_EMPTY(&o->lines))
		out_free(o, TAILQ_FIRST(&o->lines));
	acks_free(&o->acks);
	acks_free(&o->flying);
	free(o);
}

static struct out *
find(struct outbox *o, const char *id)
{
	struct out key = { .id = (char *)(uintptr_t)id };	/* only read */
	struct out **found = tfind(&key, &o->by_id, by_id);

	return found == NULL ? NULL : *found;
}

static enum way
way_of(const char *name)
{
	return strcmp(name, "room") == 0 ? WAY_ROOM : strcmp(name, "desk") == 0 ? WAY_DESK : WAY_STAFF;
}

static struct out *
add(struct outbox *o, struct desk *d, const char *id, const char *way)
{
	struct out *l;

	if (find(o, id) != NULL)
		return NULL;
	l = xcalloc(1, sizeof *l);
	l->desk = d;
	l->id = xstrdup(id);
	l->way = way_of(way);
	TAILQ_INSERT_TAIL(&o->lines, l, next);
	if (tsearch(l, &o->by_id, by_id) == NULL)
		abort();
	return l;
}

/* It has arrived, and the database does not know yet. */
static bool
is_acknowledged(const struct outbox *o, const char *id)
{
	const struct ack *a;

	STAILQ_FOREACH(a, &o->acks, next)
		if (strcmp(a->id, id) == 0)
			return true;
	STAILQ_FOREACH(a, &o->flying, next)
		if (strcmp(a->id, id) == 0)
			return true;
	return false;
}

void
outbox_take(struct outbox *o, const struct op *op)
{
	int i;

	/* Another hall may have spoken meanwhile: what the database holds is all that is still to be said. */
	while (!TAILQ_EMPTY(&o->lines))
		out_free(o, TAILQ_FIRST(&o->lines));
	for (i = 0; i < op->nrows; i++) {
		struct outbox_row r;
		struct desk *d;
		struct out *l;

		store_outbox_row(op, i, &r);
		if (is_acknowledged(o, r.id))
			continue;
		if ((d = hall_desk_id(o->hall, r.room)) == NULL || (l = add(o, d, r.id, r.way)) == NULL)
			continue;
		l->number = r.request;
		l->to = xstrdup(r.to);
		l->body = xstrdup(r.body);
		l->lang = xstrdup(r.lang);
		l->reply_to = xstrdup(r.reply_to);
		/* An earlier process may have said it in its last second, and a private line leaves no trace that could be read. */
		l->unsure = r.sent || l->way != WAY_ROOM;
	}
}

/* The number that was to come stands in the database's copy already. */
static char *
with_number(const char *body, long long number)
{
	struct buf b = { 0 };
	const char *at;

	while ((at = strstr(body, NUMBER_TO_COME)) != NULL) {
		buf_addn(&b, body, (size_t)(at - body));
		buf_addf(&b, "%lld", number);
		body = at + strlen(NUMBER_TO_COME);
	}
	buf_add(&b, body);
	return b.s;
}

/* --- saying --- */

static bool
speakable(const struct outbox *o, const struct out *l, instant now)
{
	if (l->sent || l->not_before > now || l->desk->ended)
		return false;
	return l->way == WAY_ROOM ? l->desk->live : o->hall->stream_state != NULL && strcmp(o->hall->stream_state, "up") == 0;
}

static void
say(struct outbox *o, struct out *l)
{
	struct mouth *m = &o->hall->mouth;
	struct arena *a = NULL;
	struct reply r = {
		.way = l->way, .id = l->id, .room = l->way == WAY_STAFF ? NULL : l->desk->code, .to = l->to,
		.text = l->body, .lang = l->lang, .reply_to = l->reply_to,
	};

	if (l->unsure && l->way != WAY_ROOM) {
		a = arena_new();
		r.text = lang_say(o->hall->lang, a, l->lang, "sent_again", LS(l->body));
	}
	/* Before the call: the acknowledgement may come from inside it. */
	l->sent = true;
	if (!m->say(m->ctx, &r))
		l->sent = false;
	arena_free(&a);
}

void
outbox_push(struct outbox *o, struct desk *d)
{
	struct out **line, *l;
	instant now = clock_now();
	size_t n = 0, i;

	TAILQ_FOREACH(l, &o->lines, next)
		n += (d == NULL || l->desk == d) && speakable(o, l, now);
	if (n == 0)
		return;
	line = xcalloc(n, sizeof *line);
	n = 0;
	TAILQ_FOREACH(l, &o->lines, next)
		if ((d == NULL || l->desk == d) && speakable(o, l, now))
			line[n++] = l;
	for (i = 0; i < n; i++)
		say(o, line[i]);
	free(line);
}

void
outbox_add(struct outbox *o, struct desk *d, long long number, const struct effects *fx)
{
	struct out *fresh[sizeof fx->line / sizeof *fx->line];
	instant now = clock_now();
	size_t n = 0, i;

	for (i = 0; i < fx->nlines; i++) {
		const struct line *line = &fx->line[i];
		struct out *l = add(o, d, line->id, line->way);

		if (l == NULL)
			continue;
		l->number = number;
		l->to = xstrdup(line->to);
		l->body = with_number(line->body, number);
		l->lang = xstrdup(line->lang);
		l->reply_to = xstrdup(line->reply_to);
		if (speakable(o, l, now))
			fresh[n++] = l;
	}
	for (i = 0; i < n; i++)
		say(o, fresh[i]);
}

void
outbox_stream_lost(struct outbox *o)
{
	struct out *l;

	TAILQ_FOREACH(l, &o->lines, next)
		if (l->sent) {
			l->sent = l->marked = false;
			l->unsure = true;
		}
}

static void
on_marked(struct op *op)
{
	((struct hall *)op->ctx)->nops--;
	op_free(&op);
}

/* Most lines have arrived before a second is over; for whoever reads the table, what has not is marked as on its way. */
static void
mark_sent(struct outbox *o)
{
	const char **ids;
	struct out *l;
	struct op *op;
	size_t n = 0;

	TAILQ_FOREACH(l, &o->lines, next)
		n += l->sent && !l->marked;
	if (n == 0)
		return;
	ids = xcalloc(n + 1, sizeof *ids);
	n = 0;
	TAILQ_FOREACH(l, &o->lines, next)
		if (l->sent && !l->marked) {
			ids[n++] = l->id;
			l->marked = true;
		}
	op = op_new();
	op->done = on_marked;
	op->ctx = o->hall;
	o->hall->nops++;
	store_sent(&o->hall->store, op, clock_now(), ids);
	free(ids);
}

void
outbox_tick(struct outbox *o)
{
	if (TAILQ_EMPTY(&o->lines))
		return;
	mark_sent(o);
	outbox_push(o, NULL);
}

/* --- arriving --- */

void
outbox_said(struct outbox *o, const char *id, const char *stanza_id)
{
	struct out *l = find(o, id);
	struct matter *m;
	struct ack *a;

	if (l == NULL)
		return;
	if (l->way == WAY_ROOM) {
		if ((m = desk_matter(l->desk, l->number)) != NULL)
			matter_add_id(m, stanza_id);
		talk_add_own(l->desk, id, stanza_id, l->number, l->body, clock_now());
	}
	a = xcalloc(1, sizeof *a);
	a->id = xstrdup(id);
	a->stanza_id = xstrdup(stanza_id != NULL ? stanza_id : "");
	STAILQ_INSERT_TAIL(&o->acks, a, next);
	o->nacks++;
	out_free(o, l);
	if (o->nacks >= FLUSH_AT)
		outbox_flush(o);
}

static void
on_failed(struct op *op)
{
	((struct hall *)op->ctx)->nops--;
	op_free(&op);
}

void
outbox_unsaid(struct outbox *o, const char *id, const struct err *why)
{
	struct out *l = find(o, id);
	struct op *op;

	if (l == NULL)
		return;
	if (why->fault == FAULT_BUSY) {
		l->sent = false;
		/* At once the first time: the occupant has left, and the bare address will do. */
		l->not_before = clock_now() + (l->tries < 6 ? (1 << l->tries) - 1 : RETRY_MAX_S) * USEC;
		l->tries++;
		return;
	}
	log_warn("outbox", "room %s: a line about #%lld came back: %s", l->desk->code, l->number, why->text);
	op = op_new();
	op->done = on_failed;
	op->ctx = o->hall;
	o->hall->nops++;
	store_failed(&o->hall->store, op, clock_now(), id);
	out_free(o, l);
}

static void
on_flushed(struct op *op)
{
	struct hall *h = op->ctx;
	struct outbox *o = h->outbox;

	h->nops--;
	if (op->err.fault == FAULT_NONE)
		acks_free(&o->flying);
	else {
		/* Marking twice is harmless. */
		STAILQ_CONCAT(&o->flying, &o->acks);
		STAILQ_CONCAT(&o->acks, &o->flying);
	}
	op_free(&op);
}

bool
outbox_flush(struct outbox *o)
{
	const char **ids, **stanza_ids;
	struct ack *a;
	struct op *op;
	size_t n = 0;

	if (STAILQ_EMPTY(&o->acks) || !STAILQ_EMPTY(&o->flying) || !o->hall->up)
		return false;
	STAILQ_CONCAT(&o->flying, &o->acks);
	STAILQ_FOREACH(a, &o->flying, next)
		n++;
	ids = xcalloc(n + 1, sizeof *ids);
	stanza_ids = xcalloc(n + 1, sizeof *stanza_ids);
	n = 0;
	STAILQ_FOREACH(a, &o->flying, next) {
		ids[n] = a->id;
		stanza_ids[n++] = a->stanza_id;
	}
	op = op_new();
	op->done = on_flushed;
	op->ctx = o->hall;
	o->hall->nops++;
	store_delivered(&o->hall->store, op, clock_now(), ids, stanza_ids);
	free(ids);
	free(stanza_ids);
	o->nacks = 0;
	return true;
}

bool
outbox_settled(const struct outbox *o)
{
	return STAILQ_EMPTY(&o->acks) && STAILQ_EMPTY(&o->flying);
}
