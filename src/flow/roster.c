#include "flow/roster.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "flow/manners.h"

struct roster *
roster_new(void)
{
	struct arena *a = arena_new();
	struct roster *r = arena_alloc(a, sizeof *r);

	r->arena = a;
	r->holders = 1;
	return r;
}

struct roster *
roster_hold(struct roster *r)
{
	r->holders++;
	return r;
}

void
roster_free(struct roster **rp)
{
	struct roster *r = *rp;
	struct arena *a;

	if (r == NULL)
		return;
	*rp = NULL;
	if (--r->holders > 0)
		return;
	if (r->lender != NULL)
		roster_free(&r->lender);
	else {
		reader_free(&r->reader);
		kinds_free(&r->kinds);
	}
	a = r->arena;	/* which the roster itself lives in */
	arena_free(&a);
}

/* --- staff --- */

static const int *
numbers(struct arena *a, const char *spaced)
{
	size_t n = 1;
	const char *p;
	int *out, *o;

	for (p = spaced; *p != '\0'; p++)
		n += *p == ' ';
	out = o = arena_alloc(a, (n + 1) * sizeof *out);
	for (p = spaced; *p != '\0'; p += strcspn(p, " "), p += *p == ' ')
		*o++ = atoi(p);
	return out;
}

static int
by_address(const void *a, const void *b)
{
	return strcmp(((const struct staff *)a)->address, ((const struct staff *)b)->address);
}

void
roster_take_staff(struct roster *r, const struct op *op)
{
	int i;

	r->staff = arena_alloc(r->arena, (size_t)(op->nrows + 1) * sizeof *r->staff);
	for (i = 0; i < op->nrows; i++) {
		struct staff *s = &r->staff[r->nstaff++];
		struct staff_row row;

		store_staff_row(op, i, &row);
		*s = (struct staff){
			.id = row.id, .unit = row.unit, .address = arena_strdup(r->arena, row.address),
			.role = arena_strdup(r->arena, row.role), .name = arena_strdup(r->arena, row.name),
			.nick = arena_strdup(r->arena, row.nick), .rooms = numbers(r->arena, row.rooms),
		};
	}
	/* The database's collation is not strcmp's. */
	qsort(r->staff, r->nstaff, sizeof *r->staff, by_address);
}

const struct staff *
roster_staff(const struct roster *r, const char *address)
{
	const struct staff key = { .address = address };

	return address == NULL || r->nstaff == 0 ? NULL : bsearch(&key, r->staff, r->nstaff, sizeof *r->staff, by_address);
}

const struct staff *
roster_staff_id(const struct roster *r, int id)
{
	size_t i;

	for (i = 0; id != 0 && i < r->nstaff; i++)
		if (r->staff[i].id == id)
			return &r->staff[i];
	return NULL;
}

static bool
is_called(const struct staff *s, const char *word)
{
	size_t local = strcspn(s->address, "@");

	return strcasecmp(s->nick, word) == 0 || strcasecmp(s->name, word) == 0 || strcasecmp(s->address, word) == 0 ||
	    (strlen(word) == local && strncasecmp(s->address, word, local) == 0);
}

const struct staff *
roster_staff_named(const struct roster *r, const char *word)
{
	const struct staff *found = NULL;
	size_t i;

	word += *word == '@';
	for (i = 0; i < r->nstaff; i++)
		if (is_called(&r->staff[i], word)) {
			if (found != NULL)
				return NULL;
			found = &r->staff[i];
		}
	return found;
}

bool
staff_in_room(const struct staff *s, int room)
{
	const int *p;

	for (p = s->rooms; *p != 0; p++)
		if (*p == room)
			return true;
	return false;
}

bool
staff_leads(const struct staff *s)
{
	return strcmp(s->role, "officer") == 0 || strcmp(s->role, "publicist") == 0 ||
	    strcmp(s->role, "leader") == 0 || strcmp(s->role, "arbiter") == 0;
}

const char *
staff_title(const struct staff *s)
{
	return *s->nick != '\0' ? s->nick : s->name;
}

/* --- kinds --- */

static bool
same_kinds(const struct roster *old, const struct op *op)
{
	int i;

	if (old == NULL || (size_t)op->nrows != old->kinds->n)
		return false;
	for (i = 0; i < op->nrows; i++) {
		const struct kind *k = kinds_find(old->kinds, op->cell[i][0]);

		if (k == NULL || !str_eq(k->source, op->cell[i][1]))
			return false;
	}
	return true;
}

enum fault
roster_take_kinds(struct roster *r, struct roster *old, const struct op *op, const struct verb *verbs,
    const struct model *model, const struct lessons *lessons, struct err *err)
{
	struct arena *a;
	const struct kind **kind;
	int i;

	if (same_kinds(old, op)) {
		r->lender = roster_hold(old->lender != NULL ? old->lender : old);
		r->kinds = old->kinds;
		r->reader = old->reader;
		return FAULT_NONE;
	}
	a = arena_new();
	kind = arena_alloc(a, (size_t)(op->nrows + 1) * sizeof *kind);
	if (op->nrows == 0) {
		arena_free(&a);
		return err_set(err, FAULT_USAGE, "the database holds no kinds of request: run `moothallctl kind load`");
	}
	for (i = 0; i < op->nrows; i++)
		if (kind_parse(a, op->cell[i][0], op->cell[i][1], &kind[i], err) != FAULT_NONE) {
			arena_free(&a);
			return err->fault;
		}
	r->kinds = kinds_new(a, kind, (size_t)op->nrows);
	r->reader = reader_new(r->kinds, verbs, model, lessons);
	return FAULT_NONE;
}

/* --- time --- */

void
roster_take_spans(struct roster *r, const struct op *op)
{
	int i;

	r->span = arena_alloc(r->arena, (size_t)(op->nrows + 1) * sizeof *r->span);
	r->nspans = (size_t)op->nrows;
	for (i = 0; i < op->nrows; i++)
		r->span[i] = (struct duty_span){
			(int)cell_num(op->cell[i][0]), cell_instant(op->cell[i][1]), cell_instant(op->cell[i][2]) };
}

void
roster_take_zones(struct roster *r, const struct op *op)
{
	int i;

	r->zone = arena_alloc(r->arena, (size_t)(op->nrows + 1) * sizeof *r->zone);
	r->nzones = (size_t)op->nrows;
	for (i = 0; i < op->nrows; i++)
		r->zone[i] = (struct zone_step){
			arena_strdup(r->arena, op->cell[i][0]), cell_instant(op->cell[i][1]), (int)cell_num(op->cell[i][2]) };
}

/* The unit's spans; 0 of them: on duty around the clock. */
static size_t
spans_of(const struct roster *r, int unit, const struct duty_span **first_r)
{
	size_t i = 0, end = r->nspans, n = 0;

	while (i < end) {
		size_t mid = i + (end - i) / 2;

		if (r->span[mid].unit < unit)
			i = mid + 1;
		else
			end = mid;
	}
	*first_r = &r->span[i];
	while (i + n < r->nspans && r->span[i + n].unit == unit)
		n++;
	return n;
}

bool
roster_on_duty(const struct roster *r, int unit, instant at)
{
	const struct duty_span *s;
	size_t n = spans_of(r, unit, &s), i;

	for (i = 0; i < n; i++)
		if (at >= s[i].opens && at < s[i].closes)
			return true;
	return n == 0;
}

instant
roster_duty_add(const struct roster *r, int unit, instant from, instant length)
{
	const struct duty_span *s;
	size_t n = spans_of(r, unit, &s), i;

	for (i = 0; i < n; i++) {
		instant begin = s[i].opens > from ? s[i].opens : from;

		if (begin >= s[i].closes)
			continue;
		if (s[i].closes - begin >= length)
			return begin + length;
		length -= s[i].closes - begin;
	}
	/* No hours, or none loaded so far ahead. */
	return (n == 0 || s[n - 1].closes < from ? from : s[n - 1].closes) + length;
}

instant
roster_local(const struct roster *r, const char *zone, instant at)
{
	int offset = 0;
	size_t i;

	for (i = 0; i < r->nzones; i++)
		if (strcmp(r->zone[i].zone, zone) == 0 && r->zone[i].since <= at)
			offset = r->zone[i].offset;
	return at + offset * USEC;
}

bool
roster_night(const struct roster *r, const char *zone, instant at)
{
	int hour = (int)(roster_local(r, zone, at) % DAY / HOUR);

	return hour >= NIGHT_FROM_H || hour < NIGHT_UNTIL_H;
}
