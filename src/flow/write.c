#include "flow/write.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "flow/internal.h"

const char *const from_any[] = { "open", "asking", "taken", "answered", "done", "closed", "cancelled", "dropped", NULL };
const char *const from_living[] = { "open", "asking", "taken", "answered", "done", NULL };
const char *const from_unanswered[] = { "open", "asking", "taken", NULL };
const char *const from_answered[] = { "answered", "done", NULL };
const char *const from_ended[] = { "answered", "done", "closed", "cancelled", NULL };
const char *const from_open[] = { "open", NULL };

/* --- making one --- */

static const char *
key_of(struct job *j)
{
	const char *key = j->msg != NULL ? j->msg->key :
	    arena_printf(j->arena, "due:%s:%lld:%lld", j->due.what, j->number, (long long)j->due.at);

	return j->nwrites == 1 ? key : arena_printf(j->arena, "%s~%d", key, j->nwrites);
}

struct write *
write_new(struct job *j, enum write_kind kind)
{
	struct write *w = arena_alloc(j->arena, sizeof *w);

	j->nwrites++;
	w->kind = kind;
	w->key = key_of(j);
	j->write = w;
	return w;
}

struct write *
write_change(struct job *j, struct matter *m, const char *what, const char *to, const char *const *from)
{
	struct write *w = write_new(j, WRITE_CHANGE);

	w->number = m->row.number;
	w->change = (struct change){
		.room = m->row.room, .number = m->row.number, .what = what, .to = to, .from = from,
		.at = j->msg != NULL ? j->msg->sent : clock_now(),
		.role = j->msg == NULL ? "desk" : j->by.staff != NULL ? "staff" : "resident",
		.staff = j->by.staff != NULL ? j->by.staff->id : 0,
		.person = j->by.staff == NULL ? j->by.who : NULL,
	};
	return w;
}

void
write_later(struct write *w, const char *what, instant at)
{
	if (w->fx.nlater < sizeof w->fx.later / sizeof *w->fx.later)
		w->fx.later[w->fx.nlater++] = (struct later){ what, at };
}

void
write_undue(struct write *w, const char *what)
{
	size_t i;

	for (i = 0; i + 1 < sizeof w->fx.undue / sizeof *w->fx.undue; i++)
		if (w->fx.undue[i] == NULL) {
			w->fx.undue[i] = what;
			return;
		}
}

/* --- handing it over --- */

static void on_written(struct op *);
static void on_read_back(struct op *);

static struct op *
ask(struct job *j, void (*done)(struct op *))
{
	struct op *op = op_new();

	op->done = done;
	op->ctx = j->desk;
	op->job = j->id;
	j->hall->nops++;
	return op;
}

static void
hand_over(struct job *j)
{
	struct write *w = j->write;
	struct store *s = &j->hall->store;
	struct op *op;
	instant now = clock_now();

	w->retry = false;
	w->pending = 1;
	if (w->settled) {
		store_load_one(s, ask(j, on_read_back), w->number);
		return;
	}
	op = ask(j, on_written);
	switch (w->kind) {
	case WRITE_OPEN:
		w->opening.key = w->key;
		store_open(s, op, now, &w->opening, &w->fx);
		break;
	case WRITE_CHANGE:
		w->change.key = w->key;
		store_change(s, op, now, &w->change, &w->fx);
		/* What is in memory is what the database says, not what we think it did. */
		w->pending = 2;
		store_load_one(s, ask(j, on_read_back), w->number);
		break;
	case WRITE_SAY:
		store_say(s, op, now, j->desk->id, w->key, w->number, &w->fx);
		break;
	}
}

enum step
write_submit(struct job *j, step_fn *then)
{
	j->step = then;
	hand_over(j);
	return STEP_WAIT;
}

static enum step
nothing_more(struct job *j)
{
	(void)j;
	return STEP_DONE;
}

enum step
write_say(struct job *j, struct write *w, step_fn *then)
{
	if (w->fx.nlines == 0 && w->fx.nlater == 0 && w->fx.undue[0] == NULL)
		return then != NULL ? then(j) : STEP_DONE;
	return write_submit(j, then != NULL ? then : nothing_more);
}

void
write_retry(struct job *j)
{
	if (j->write != NULL && j->write->retry && j->write->pending == 0)
		hand_over(j);
}

/* --- when it is decided --- */

static enum outcome
outcome_of(const char *word)
{
	static const char *const words[] = {
		[OUT_DONE] = "done", [OUT_AGAIN] = "again", [OUT_CLASH] = "clash", [OUT_ABSENT] = "absent", [OUT_LOST] = "lost",
	};
	size_t i;

	for (i = 0; i < sizeof words / sizeof *words; i++)
		if (str_eq(word, words[i]))
			return (enum outcome)i;
	return OUT_FAILED;
}

/* What staff was last told of, a plain line in return is about; the number was still to come when it was written. */
static void
noted(struct desk *d, const struct write *w, const struct line *l)
{
	if (w->kind == WRITE_OPEN && strcmp(l->way, "staff") == 0 && roster_staff(d->hall->roster, l->to) != NULL)
		people_get(d->hall->people, l->to)->noted = w->number;
}

static void
spoke(struct desk *d, const struct write *w)
{
	struct matter *m = desk_matter(d, w->number);
	size_t i;

	for (i = 0; i < w->fx.nlines; i++) {
		/* A reply to any of the desk's lines about it, in private too, points at the matter. */
		if (m != NULL)
			matter_add_id(m, w->fx.line[i].id);
		noted(d, w, &w->fx.line[i]);
		if (strcmp(w->fx.line[i].way, "room") != 0)
			continue;
		d->last_is_desk = true;
		if (!w->fx.line[i].unasked)
			continue;
		memmove(&d->unasked[1], &d->unasked[0], (UNASKED_DAY - 1) * sizeof *d->unasked);
		d->unasked[0] = clock_now();
		if (m != NULL)
			m->row.spoken = true;
	}
}

/* Only what the database holds is said: never earlier. */
static void
carry_out(struct job *j)
{
	struct write *w = j->write;
	struct hall *h = j->hall;
	size_t i;

	if (w->carried)
		return;
	w->carried = true;
	if (w->kind == WRITE_OPEN && desk_matter(j->desk, w->number) == NULL)
		desk_add_matter(j->desk, matter_of_opening(&w->opening, w->number, clock_now()));
	spoke(j->desk, w);
	outbox_add(h->outbox, j->desk, w->number, &w->fx);
	for (i = 0; i < w->fx.nlater; i++)
		h->mouth.due(h->mouth.ctx, w->fx.later[i].at);
}

static void
decided(struct job *j, const struct op *op)
{
	struct write *w = j->write;

	w->settled = true;
	w->outcome = op->nrows == 1 ? outcome_of(op->cell[0][0]) : OUT_FAILED;
	/* Asked twice because the first answer was lost: what the first one did is ours. */
	if (w->outcome == OUT_AGAIN && w->unsure)
		w->outcome = OUT_DONE;
	if (w->kind == WRITE_OPEN && op->nrows == 1)
		w->number = cell_num(op->cell[0][1]);
	if (w->kind == WRITE_CHANGE && op->nrows == 1)
		w->restrained = cell_bool(op->cell[0][1]);
	if (w->outcome == OUT_DONE)
		carry_out(j);
	else if (w->outcome == OUT_LOST)
		log_warn("hall", "room %s is held by another process: nothing was written", j->desk->code);
}

static void
answered(struct job *j, struct desk *d)
{
	if (--j->write->pending > 0)
		return;
	if (j->write->retry) {
		if (j->hall->up)
			log_debug("hall", "room %s: a write waits for its second try", d->code);
		return;		/* hall_database() or hall_tick() asks again */
	}
	desk_wake(d);
}

static void
on_written(struct op *op)
{
	struct desk *d = op->ctx;
	struct job *j = desk_job(d, op->job);

	d->hall->nops--;
	if (j != NULL && j->write != NULL) {
		switch (op->err.fault) {
		case FAULT_NONE:
			decided(j, op);
			break;
		case FAULT_UNSURE:
			j->write->unsure = true;
			/* FALLTHROUGH */
		case FAULT_BUSY:
			j->write->retry = true;
			break;
		default:
			log_error("hall", "room %s: %s", d->code, op->err.text);
			j->write->outcome = OUT_FAILED;
		}
		answered(j, d);
	}
	op_free(&op);
}

static void
read_back(struct job *j, const struct op *op)
{
	struct matter *m = desk_matter(j->desk, j->write->number);

	if (m == NULL && j->given.foreign && j->given.matter->row.number == j->write->number) {
		m = j->given.matter;
		matter_update(m, op, 0);
		if (!matter_ended(m)) {		/* it lives again */
			desk_add_matter(j->desk, m);
			j->given.foreign = false;
		}
		return;
	}
	if (m == NULL)
		return;
	matter_update(m, op, 0);
	if (matter_ended(m) && m->ended == 0)
		m->ended = clock_now();
}

static void
on_read_back(struct op *op)
{
	struct desk *d = op->ctx;
	struct job *j = desk_job(d, op->job);

	d->hall->nops--;
	if (j != NULL && j->write != NULL) {
		if (op->err.fault == FAULT_NONE && op->nrows == 1)
			read_back(j, op);
		else if (op->err.fault == FAULT_BUSY || op->err.fault == FAULT_UNSURE)
			j->write->retry = true;
		answered(j, d);
	}
	op_free(&op);
}

/* --- loads --- */

static void
on_loaded(struct op *op)
{
	struct desk *d = op->ctx;
	struct job *j = desk_job(d, op->job);

	d->hall->nops--;
	if (j == NULL) {
		op_free(&op);
		return;
	}
	if (j->op != NULL)
		op_free(&j->op);
	j->op = op;
	desk_wake(d);
}

struct op *
load_op(struct job *j, step_fn *then)
{
	j->step = then;
	return ask(j, on_loaded);
}
