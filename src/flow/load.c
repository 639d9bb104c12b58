/*
 * Loading: the roster and the kinds when an administrator has written something, and at
 * the start the matters and the outbox as well.  All answers are awaited, then everything
 * is swapped at once between two messages; if something is bad, the old stays.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "base/str.h"
#include "flow/internal.h"
#include "store/lesson.h"

/* Duty hours and zones are loaded so far ahead; a reload comes at least every day. */
enum { SPAN_DAYS = 40, KEPT_DAYS = 180 };

enum part { GENERATION, SALT, PREFERENCES, ADOPT, ROOMS, STAFF, KINDS, LESSONS, SPANS, ZONES, MATTERS, ENDED, OUTBOX, PARTS };

struct loading {
	struct op	*op[PARTS];
	size_t		 waiting;
	bool		 matters_too;
	struct err	 err;
};

void
load_free(struct loading **lp)
{
	size_t i;

	if (*lp == NULL)
		return;
	for (i = 0; i < PARTS; i++)
		op_free(&(*lp)->op[i]);
	free(*lp);
	*lp = NULL;
}

/* --- putting it in place --- */

static struct roster *
decode(struct hall *h, struct err *err)
{
	struct loading *l = h->loading;
	struct roster *r = roster_new();

	if (roster_take_kinds(r, h->roster, l->op[KINDS], h->verbs, h->model, h->lessons, err) != FAULT_NONE) {
		roster_free(&r);
		return NULL;
	}
	roster_take_staff(r, l->op[STAFF]);
	roster_take_spans(r, l->op[SPANS]);
	roster_take_zones(r, l->op[ZONES]);
	return r;
}

static void
take_rooms(struct hall *h, const struct op *op)
{
	struct desk *d;
	int i;

	TAILQ_FOREACH(d, &h->desks, link)
		d->seen = false;
	for (i = 0; i < op->nrows; i++) {
		struct room_row row;

		store_room_row(op, i, &row);
		if ((d = hall_desk_id(h, row.id)) == NULL)
			hall_add_desk(h, desk_new(h, &row));
		else
			desk_update(d, &row);
	}
	TAILQ_FOREACH(d, &h->desks, link)
		if (!d->seen)
			d->ended = true;
}

static void
take_rows(struct hall *h, const struct op *op)
{
	int i;

	for (i = 0; i < op->nrows; i++) {
		struct matter_row row;
		struct matter *m;
		struct desk *d;

		store_matter_row(op, i, &row);
		if ((d = hall_desk_id(h, row.room)) == NULL)
			continue;
		if ((m = desk_matter(d, row.number)) != NULL)
			matter_update(m, op, i);
		else
			desk_add_matter(d, m = matter_of_row(op, i));
		m->seen = true;
		m->ended = m->row.closed;
	}
}

/* Another hall may have held the rooms: what it has ended counts as ended here, whatever was in memory. */
static void
take_matters(struct hall *h, const struct op *open, const struct op *ended)
{
	struct desk *d;
	struct matter *m;

	TAILQ_FOREACH(d, &h->desks, link)
		TAILQ_FOREACH(m, &d->matters, next)
			m->seen = false;
	take_rows(h, ended);
	take_rows(h, open);
	TAILQ_FOREACH(d, &h->desks, link)
		TAILQ_FOREACH(m, &d->matters, next)
			if (!m->seen && !matter_ended(m))
				matter_end(m, clock_now());
}

/* What the reader takes for a call to staff or to the desk. */
static void
name_staff(struct hall *h)
{
	const struct roster *r = h->roster;
	struct desk *d;
	size_t i, n;

	TAILQ_FOREACH(d, &h->desks, link) {
		n = 0;
		for (i = 0; i < r->nstaff; i++)
			n += staff_in_room(&r->staff[i], d->id);
		d->names = xrealloc(d->names, (2 * n + 2) * sizeof *d->names);
		n = 0;
		d->names[n++] = h->conf->nick;
		for (i = 0; i < r->nstaff; i++) {
			if (!staff_in_room(&r->staff[i], d->id))
				continue;
			if (*r->staff[i].nick != '\0')
				d->names[n++] = r->staff[i].nick;
			d->names[n++] = r->staff[i].name;
		}
		d->names[n] = NULL;
	}
}

static const char *const *
room_staff(struct arena *a, const struct roster *r, const struct desk *d)
{
	const char **list = arena_alloc(a, (r->nstaff + 1) * sizeof *list);
	size_t n = 0, i;

	for (i = 0; i < r->nstaff; i++)
		if (staff_in_room(&r->staff[i], d->id))
			list[n++] = r->staff[i].address;
	return list;
}

static void
tell_rooms(struct hall *h)
{
	struct arena *a = arena_new();
	struct room_spec *spec = arena_alloc(a, (h->ndesks + 1) * sizeof *spec);
	struct desk *d;
	size_t n = 0;

	TAILQ_FOREACH(d, &h->desks, link) {
		const struct staff *s;

		if (d->ended)
			continue;
		s = responsible(d);
		spec[n++] = (struct room_spec){
			.code = d->code, .title = d->title, .lang = d->lang, .cursor = d->cursor, .cursor_at = d->cursor_at,
			.description = lang_say(h->lang, a, d->lang, "room_description", LS(d->unit_name), LN(KEPT_DAYS)),
			.owner = s == NULL ? NULL : s->address, .staff = room_staff(a, h->roster, d),
		};
	}
	h->mouth.rooms(h->mouth.ctx, spec, n);
	arena_free(&a);
}

static void
swap(struct hall *h)
{
	struct loading *l = h->loading;
	bool first = !h->loaded;
	struct err err = { FAULT_NONE, "" };
	struct roster *fresh = l->err.fault != FAULT_NONE ? NULL : decode(h, &err);
	struct desk *d;

	if (fresh == NULL) {
		(l->err.fault == FAULT_BUSY || l->err.fault == FAULT_UNSURE ? log_warn : log_error)("hall", "%s; %s", l->err.fault != FAULT_NONE ? l->err.text : err.text,
		    h->roster != NULL ? "what was loaded before stays in use" : "nothing can be done until that is mended");
		load_free(&h->loading);
		return;
	}
	roster_free(&h->roster);
	h->roster = fresh;
	if (l->op[GENERATION]->nrows == 1)
		h->generation = cell_num(l->op[GENERATION]->cell[0][0]);
	people_salt(h->people, l->op[SALT]->nrows == 1 ? l->op[SALT]->cell[0][0] : "");
	lesson_take(h, l->op[LESSONS]);
	take_rooms(h, l->op[ROOMS]);
	name_staff(h);
	if (l->matters_too) {
		people_take(h->people, l->op[PREFERENCES]);
		take_matters(h, l->op[MATTERS], l->op[ENDED]);
		outbox_take(h->outbox, l->op[OUTBOX]);
	}
	load_free(&h->loading);
	h->loaded = true;
	log_info("hall", "%s: %zu rooms, %zu staff, %zu kinds", first ? "loaded" : "loaded anew", h->ndesks,
	    h->roster->nstaff, h->roster->kinds->n);
	tell_rooms(h);
	if (first)
		h->mouth.ready(h->mouth.ctx);
	h->mouth.due(h->mouth.ctx, clock_now());
	TAILQ_FOREACH(d, &h->desks, link)
		if (!TAILQ_EMPTY(&d->jobs))
			hall_dirty(h, d);
	if (h->reload_again) {
		h->reload_again = false;
		load_start(h, false);
	}
}

/* --- asking --- */

static void
on_part(struct op *op)
{
	struct hall *h = op->ctx;
	struct loading *l = h->loading;

	h->nops--;
	if (op->err.fault != FAULT_NONE && l->err.fault == FAULT_NONE)
		l->err = op->err;
	l->op[op->job] = op;
	if (--l->waiting == 0)
		swap(h);
}

static struct op *
ask(struct hall *h, enum part part)
{
	struct op *op = op_new();

	op->done = on_part;
	op->ctx = h;
	op->job = part;
	h->nops++;
	h->loading->waiting++;
	return op;
}

static void
ask_all(struct hall *h)
{
	struct store *s = &h->store;
	instant now = clock_now();
	unsigned char fresh[16];

	random_bytes(fresh, sizeof fresh);
	/* First: what is written after it will be seen by the next look at the number. */
	store_renew(s, ask(h, GENERATION), now, &(struct process_row){ .stream = h->stream_state, .note = h->stream_note,
	    .generation = h->generation });
	store_preference_salt(s, ask(h, SALT), fresh);
	store_adopt_rooms(s, ask(h, ADOPT));
	store_load_rooms(s, ask(h, ROOMS), now);
	store_load_staff(s, ask(h, STAFF), now);
	store_load_kinds(s, ask(h, KINDS));
	store_load_lessons(s, ask(h, LESSONS));
	store_load_spans(s, ask(h, SPANS), now, SPAN_DAYS);
	store_load_zones(s, ask(h, ZONES), now, SPAN_DAYS);
	if (h->loading->matters_too) {
		store_load_preferences(s, ask(h, PREFERENCES));
		store_load_open(s, ask(h, MATTERS));
		store_load_ended(s, ask(h, ENDED), now - MATTER_LINGERS_H * HOUR);
		store_load_outbox(s, ask(h, OUTBOX));
	}
}

static void
on_started(struct op *op)
{
	struct hall *h = op->ctx;

	h->nops--;
	if (op->err.fault != FAULT_NONE || op->nrows != 1) {
		log_warn("hall", "cannot take hold of the rooms: %s", op->err.text);
		load_free(&h->loading);
	} else {
		h->store.process = (int)cell_num(op->cell[0][0]);
		h->store.epoch = cell_num(op->cell[0][1]);
		ask_all(h);
	}
	op_free(&op);
}

void
load_start(struct hall *h, bool matters_too)
{
	struct op *op;

	h->loading = xcalloc(1, sizeof *h->loading);
	h->loading->matters_too = matters_too;
	if (!matters_too) {
		ask_all(h);
		return;
	}
	op = op_new();
	op->done = on_started;
	op->ctx = h;
	h->nops++;
	store_start(&h->store, op, h->conf->component, h->version, clock_now());
}
