#include "remind/due.h"

#include <stdlib.h>

#include "base/log.h"
#include "store/outbox.h"

struct due {
	struct event_base	*base;
	struct hall		*hall;
	struct event		*timer;
	instant			 next;		/* the earliest known to come; 0 none */
	bool			 asking;
	bool			 unsure;	/* a claim's answer was lost: its items are claimed and nobody has them */
};

/* Sleeps until the next instant by the wall clock, which is asked again every 30 s. */
static void
sleep_until_next(struct due *d)
{
	instant wait = DUE_SLEEP_S * USEC;

	if (d->next != 0 && d->next - clock_now() < wait)
		wait = d->next - clock_now();
	if (wait < 0)
		wait = 0;
	event_add(d->timer, &(struct timeval){ wait / USEC, wait % USEC });
}

static void
nearer(struct due *d, instant at)
{
	if (at != 0 && (d->next == 0 || at < d->next))
		d->next = at;
}

static struct op *
ask(struct due *d, void (*done)(struct op *))
{
	struct op *op = op_new();

	op->done = done;
	op->ctx = d;
	d->asking = true;
	return op;
}

static void
next_known(struct op *op)
{
	struct due *d = op->ctx;

	d->asking = false;
	if (op->err.fault == FAULT_NONE && op->nrows == 1)
		nearer(d, cell_instant(op->cell[0][0]));
	op_free(&op);
	sleep_until_next(d);
}

static void
unclaimed(struct op *op)
{
	struct due *d = op->ctx;
	bool done = op->err.fault == FAULT_NONE;

	d->asking = false;
	op_free(&op);
	if (!done) {
		sleep_until_next(d);
		return;
	}
	d->unsure = false;
	due_look(d);
}

static void
claimed(struct op *op)
{
	struct due *d = op->ctx;
	struct store *store = hall_store(d->hall);
	struct due_row row;
	int i;

	d->asking = false;
	if (op->err.fault == FAULT_UNSURE)
		d->unsure = true;
	if (op->err.fault == FAULT_BUG)
		log_error("due", "%s", op->err.text);
	/* The rows are the hall's even if it has lost its rooms meanwhile: its writes will then be refused. */
	for (i = 0; op->err.fault == FAULT_NONE && i < op->nrows; i++) {
		store_due_row(op, i, &row);
		hall_due(d->hall, row.room, row.request, row.what, row.at);
	}
	if (op->err.fault != FAULT_NONE || store == NULL)
		sleep_until_next(d);
	else if (op->nrows == DUE_BATCH)
		due_look(d);
	else
		store_next_due(store, ask(d, next_known));
	op_free(&op);
}

void
due_look(struct due *d)
{
	struct store *store = hall_store(d->hall);

	if (d->asking)
		return;
	d->next = 0;
	if (store == NULL || !db_up(store->db)) {
		sleep_until_next(d);
		return;
	}
	if (d->unsure)
		store_unclaim_due(store, ask(d, unclaimed));
	else
		store_claim_due(store, ask(d, claimed), clock_now(), DUE_BATCH);
}

static void
on_due(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	due_look(arg);
}

void
due_hint(struct due *d, instant at)
{
	nearer(d, at);
	if (!d->asking)
		sleep_until_next(d);
}

bool
due_busy(const struct due *d)
{
	return d->asking;
}

struct due *
due_new(struct event_base *base, struct hall *hall)
{
	struct due *d = xcalloc(1, sizeof *d);

	d->base = base;
	d->hall = hall;
	d->timer = event_new(base, -1, 0, on_due, d);
	return d;
}

void
due_free(struct due **dp)
{
	struct due *d = *dp;

	if (d == NULL)
		return;
	event_free(d->timer);
	free(d);
	*dp = NULL;
}
