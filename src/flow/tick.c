/* What the hall does once a second: its lease, what is to be saved, what is to be forgotten. */
#include <stdlib.h>

#include "base/str.h"
#include "flow/internal.h"

enum { RENEW_S = 5, SAVE_S = 30, FORGET_S = 600, ERASE_S = 3600, DAY_S = 60 };

static void
on_renewed(struct op *op)
{
	struct hall *h = op->ctx;

	h->nops--;
	if (op->err.fault == FAULT_NONE && op->nrows == 1) {
		long long generation = cell_num(op->cell[0][0]);

		/* A NOTIFY can be lost with its connection; the number can not. */
		if (h->loaded && generation != h->generation) {
			h->generation = generation;
			hall_reload(h);
		}
	}
	op_free(&op);
}

void
tick_renew(struct hall *h, bool ended)
{
	struct process_row row = { .stream = h->stream_state, .note = h->stream_note, .generation = h->generation, .ended = ended };
	struct op *op = op_new();
	struct desk *d;

	TAILQ_FOREACH(d, &h->desks, link) {
		row.rooms += !d->ended;
		row.live += d->live;
	}
	op->done = on_renewed;
	op->ctx = h;
	h->nops++;
	store_renew(&h->store, op, clock_now(), &row);
}

static void
on_cursors_saved(struct op *op)
{
	struct hall *h = op->ctx;
	struct desk *d;

	h->nops--;
	if (op->err.fault != FAULT_NONE)
		TAILQ_FOREACH(d, &h->desks, link)
			d->cursor_dirty = d->cursor_at != 0;
	op_free(&op);
}

/* Where each room's archive has been dealt with; acknowledgements go first. */
static void
save_cursors(struct hall *h)
{
	const char **rooms, **cursors;
	char **ids;
	struct desk *d;
	struct op *op;
	size_t n = 0, i;

	outbox_flush(h->outbox);
	rooms = xcalloc(h->ndesks + 1, sizeof *rooms);
	cursors = xcalloc(h->ndesks + 1, sizeof *cursors);
	ids = xcalloc(h->ndesks + 1, sizeof *ids);
	TAILQ_FOREACH(d, &h->desks, link)
		if (d->cursor_dirty) {
			struct buf b = { 0 };

			buf_addf(&b, "%d", d->id);
			rooms[n] = ids[n] = b.s;
			cursors[n++] = d->cursor != NULL ? d->cursor : "";
			d->cursor_dirty = false;
		}
	if (n > 0) {
		op = op_new();
		op->done = on_cursors_saved;
		op->ctx = h;
		h->nops++;
		store_cursors(&h->store, op, clock_now(), rooms, cursors);
	}
	for (i = 0; i < n; i++)
		free(ids[i]);
	free(rooms);
	free(cursors);
	free(ids);
}

static void
on_erased(struct op *op)
{
	((struct hall *)op->ctx)->nops--;
	op_free(&op);
}

static void
erase(struct hall *h)
{
	struct op *op = op_new();

	op->done = on_erased;
	op->ctx = h;
	h->nops++;
	store_erase(&h->store, op, clock_now());
}

/* Has `every` passed since *last? Then *last is now. */
static bool
it_is_time(instant *last, instant now, int every)
{
	if (*last != 0 && now >= *last && now - *last < every * USEC)
		return false;
	*last = now;
	return true;
}

/* Staff come into office and leave it by the date of their room; duty hours roll on. */
static bool
is_new_day(struct hall *h, instant now)
{
	bool new = false;
	struct desk *d;

	TAILQ_FOREACH(d, &h->desks, link) {
		instant day = roster_local(h->roster, d->zone, now) / DAY;

		new |= d->day != 0 && d->day != day;
		d->day = day;
	}
	return new;
}

void
hall_tick(struct hall *h)
{
	instant now = clock_now();
	struct desk *d;
	bool forget;

	if (h->held && h->up && !h->loaded && h->loading == NULL && it_is_time(&h->renewed, now, RENEW_S))
		load_start(h, true);	/* the first try failed */
	if (!h->loaded || !h->up)
		return;
	hall_retry(h);
	outbox_flush(h->outbox);
	outbox_tick(h->outbox);
	if (it_is_time(&h->renewed, now, RENEW_S))
		tick_renew(h, false);
	if (it_is_time(&h->saved, now, SAVE_S))
		save_cursors(h);
	if (it_is_time(&h->erased, now, ERASE_S))
		erase(h);
	if (it_is_time(&h->looked, now, DAY_S) && is_new_day(h, now))
		hall_reload(h);
	people_retry(h->people, &h->store, now);
	forget = it_is_time(&h->forgot, now, FORGET_S);
	TAILQ_FOREACH(d, &h->desks, link) {
		if (!TAILQ_EMPTY(&d->candidates))
			candidates_tick(d, now);
		if (forget)
			desk_forget(d, now);
	}
}

void
hall_finish(struct hall *h)
{
	if (!h->loaded || h->finished)
		return;
	h->finished = true;
	save_cursors(h);
	tick_renew(h, true);
}
