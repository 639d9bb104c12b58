/* Every value and every reference of a roster, and what to write instead of a wrong one. */
#include <ctype.h>
#include <search.h>
#include <stdio.h>
#include <string.h>

#include "ctl/jid.h"
#include "ctl/roster.h"

enum { TREE_DEPTH = 20 };	/* as deep as unit_lineage() of the schema looks */

/* Each list of allowed words ends with NULL. */
static const char *const unit_kinds[] = { "bureau", "station", "office", NULL };
static const char *const roles[] = { "officer", "auxiliary", "publicist", "mediator", "leader", "arbiter", "partner", "auditor", NULL };
static const char *const langs[] = { "zh-Hans", "zh-Hant", "en", NULL };
static const char *const modes[] = { "normal", "listen", "addressed", NULL };
static const char *const dangers[] = { "police", "fire", "medical", NULL };

static bool
among(const char *s, size_t n, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strlen(*words) == n && strncmp(s, *words, n) == 0)
			return true;
	return false;
}

static void
check_word(struct rosterfile *r, const struct roster_row *row, const char *column, const char *value, const char *const *words)
{
	struct buf list = { 0 };

	if (among(value, strlen(value), words))
		return;
	for (; *words != NULL; words++)
		buf_addf(&list, "%s%s", list.len ? ", " : "", *words);
	roster_add_fault(r, row->line, "%s is \"%s\"; write one of %s", column, value, list.s);
	buf_free(&list);
}

static void
check_given(struct rosterfile *r, const struct roster_row *row, enum roster_kind kind, int column)
{
	if (row->value[column][0] == '\0')
		roster_add_fault(r, row->line, "this %s has no %s; write one", roster_word[kind], roster_column[kind][column]);
}

/* Codes become local parts of addresses, so they keep to what needs no preparing. */
static void
check_code(struct rosterfile *r, const struct roster_row *row, enum roster_kind kind)
{
	const char *code = row->value[0];

	if (code[0] == '\0')
		roster_add_fault(r, row->line, "this %s has no code; write one, of small letters, digits, \".\", \"_\" and \"-\"",
		    roster_word[kind]);
	else if (strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789._-") != strlen(code) || strlen(code) > 64)
		roster_add_fault(r, row->line, "code \"%s\" cannot be used; write at most 64 small letters, digits, \".\", \"_\" and \"-\"", code);
}

static int
by_code(const void *a, const void *b)
{
	return strcmp(((const struct roster_row *)a)->value[0], ((const struct roster_row *)b)->value[0]);
}

const struct roster_row *
roster_find(const struct rosterfile *r, enum roster_kind kind, const char *code)
{
	struct roster_row key = { .value = { code } };
	void *found = tfind(&key, &r->rows[kind].by_code, by_code);

	return found == NULL ? NULL : *(struct roster_row **)found;
}

static void
enter(struct rosterfile *r, enum roster_kind kind, struct roster_row *row)
{
	struct roster_row *first;

	if (row->value[0][0] == '\0')
		return;
	first = *(struct roster_row **)tsearch(row, &r->rows[kind].by_code, by_code);
	if (first != row)
		roster_add_fault(r, row->line, "%s %s stands on line %d already; keep one of the two rows", roster_word[kind],
		    row->value[0], first->line);
}

static void
check_reference(struct rosterfile *r, const struct roster_row *row, const char *column, enum roster_kind kind, const char *code)
{
	if (roster_find(r, kind, code) == NULL)
		roster_add_fault(r, row->line, "%s is \"%s\", but no %s row has that %s; add one or correct this", column, code,
		    roster_word[kind], roster_column[kind][0]);
}

/* The length of the mark between two entries of a list that s begins with; 0 if it begins with none. */
static size_t
mark_at(const char *s)
{
	static const char *const marks[] = { ";", " ", "\t", "\n", ",", "\uff1b", "、", "\uff0c", "\u3000" };

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (str_prefix(s, marks[i]))
			return strlen(marks[i]);
	return 0;
}

/* "a; b c" -> a, b, c, each once. */
static const char **
split(struct arena *arena, const char *s)
{
	const char **list = arena_alloc(arena, (strlen(s) + 1) * sizeof *list);
	size_t n = 0, i, len;

	while (*s != '\0') {
		for (len = 0; s[len] != '\0' && mark_at(s + len) == 0; len++)
			;
		if (len > 0) {
			list[n] = arena_strndup(arena, s, len);
			for (i = 0; !str_eq(list[i], list[n]); i++)
				;
			n += i == n;
		}
		s += len;
		s += mark_at(s);
	}
	list[n] = NULL;
	return list;
}

/* "police=110;fire=119" */
static void
check_emergency(struct rosterfile *r, const struct roster_row *row)
{
	const char *s = row->value[UNIT_EMERGENCY];
	size_t name, number;

	while (*s != '\0') {
		s += strspn(s, "; ");
		name = strcspn(s, "=; ");
		number = s[name] == '=' ? strspn(s + name + 1, "0123456789+-") : 0;
		if (!among(s, name, dangers) || number == 0 || strchr("; ", s[name + 1 + number]) == NULL) {
			roster_add_fault(r, row->line, "emergency is \"%s\"; write the numbers as in police=110;fire=119;medical=120",
			    row->value[UNIT_EMERGENCY]);
			return;
		}
		s += name + 1 + number;
	}
}

static bool
is_date(const char *s)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int y, m, d, i;

	for (i = 0; i < 10; i++)
		if (i == 4 || i == 7 ? s[i] != '-' : !isdigit((unsigned char)s[i]))
			return false;
	if (s[10] != '\0' || sscanf(s, "%4d-%2d-%2d", &y, &m, &d) != 3)
		return false;
	if (y < 1900 || m < 1 || m > 12 || d < 1 || d > days[m - 1])
		return false;
	return m != 2 || d < 29 || (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
}

static void
check_unit(struct rosterfile *r, struct roster_row *row)
{
	struct err err;

	check_code(r, row, ROW_UNIT);
	check_given(r, row, ROW_UNIT, UNIT_NAME);
	check_word(r, row, "kind", row->value[UNIT_KIND], unit_kinds);
	if (row->value[UNIT_PARENT][0] != '\0')
		check_reference(r, row, "parent", ROW_UNIT, row->value[UNIT_PARENT]);
	if (hours_parse(row->value[UNIT_CALENDAR], &row->hours, &err) != FAULT_NONE)
		roster_add_fault(r, row->line, "calendar: %s", err.text);
	check_emergency(r, row);
}

/* Who is above whom must end somewhere. */
static void
check_tree(struct rosterfile *r, const struct roster_row *row)
{
	const struct roster_row *up = row;
	struct buf path = { 0 };
	int depth;

	buf_add(&path, row->value[UNIT_CODE]);
	for (depth = 0; up != NULL && up->value[UNIT_PARENT][0] != '\0' && depth <= TREE_DEPTH; depth++) {
		up = roster_find(r, ROW_UNIT, up->value[UNIT_PARENT]);
		if (up == NULL)
			break;
		buf_addf(&path, " -> %s", up->value[UNIT_CODE]);
		if (up == row) {
			roster_add_fault(r, row->line, "unit %s is above itself (%s); correct a parent", row->value[UNIT_CODE], path.s);
			break;
		}
	}
	/* A unit below a circle gets here, too; the circle's own rows say what is wrong. */
	if (depth > TREE_DEPTH)
		roster_add_fault(r, row->line, "more than %d units above %s, or a circle of them; correct a parent", TREE_DEPTH,
		    row->value[UNIT_CODE]);
	buf_free(&path);
}

/* In place of the address as written comes the prepared one. */
static void
normalise(struct rosterfile *r, struct roster_row *row, const char *column, int at)
{
	const char *why, *address = row->value[at];
	char *prepared;

	if (address[0] == '\0')
		return;
	if ((prepared = jid_prepare(r->arena, address, &why)) == NULL)
		roster_add_fault(r, row->line, "%s \"%s\" is no bare address: %s", column, address, why);
	else
		row->value[at] = prepared;
}

static void
check_room(struct rosterfile *r, struct roster_row *row, const char *staff)
{
	const char *code = row->value[ROOM_CODE], *officer;
	size_t before;

	check_code(r, row, ROW_ROOM);
	if (str_eq(code, staff))
		roster_add_fault(r, row->line, "code \"%s\" is the staff address; choose another, or set `staff` in moothall.conf", code);
	check_given(r, row, ROW_ROOM, ROOM_TITLE);
	check_reference(r, row, "unit", ROW_UNIT, row->value[ROOM_UNIT]);
	if (row->value[ROOM_LANG][0] == '\0')
		row->value[ROOM_LANG] = "zh-Hans";
	if (row->value[ROOM_MODE][0] == '\0')
		row->value[ROOM_MODE] = "normal";
	check_word(r, row, "lang", row->value[ROOM_LANG], langs);
	check_word(r, row, "mode", row->value[ROOM_MODE], modes);
	row->list = split(r->arena, row->value[ROOM_TAGS]);
	before = r->nfaults;
	normalise(r, row, "officer", ROOM_OFFICER);
	officer = row->value[ROOM_OFFICER];
	if (officer[0] != '\0' && r->nfaults == before)
		check_reference(r, row, "officer", ROW_STAFF, officer);
}

static void
check_staff(struct rosterfile *r, struct roster_row *row)
{
	const char *from = row->value[STAFF_FROM], *until = row->value[STAFF_UNTIL];
	size_t i;

	check_given(r, row, ROW_STAFF, STAFF_ADDRESS);
	check_given(r, row, ROW_STAFF, STAFF_NAME);
	check_reference(r, row, "unit", ROW_UNIT, row->value[STAFF_UNIT]);
	check_word(r, row, "role", row->value[STAFF_ROLE], roles);
	row->list = split(r->arena, row->value[STAFF_ROOMS]);
	for (i = 0; row->list[i] != NULL; i++)
		check_reference(r, row, "rooms", ROW_ROOM, row->list[i]);
	if (from[0] != '\0' && !is_date(from))
		roster_add_fault(r, row->line, "from is \"%s\"; write the day as 2026-03-01", from);
	else if (until[0] != '\0' && !is_date(until))
		roster_add_fault(r, row->line, "until is \"%s\"; write the day as 2026-03-01", until);
	else if (from[0] != '\0' && until[0] != '\0' && strcmp(from, until) > 0)
		roster_add_fault(r, row->line, "from (%s) is after until (%s); exchange them", from, until);
}

void
roster_check(struct rosterfile *r, const char *staff)
{
	struct roster_rows *rows;
	size_t i;
	int kind;

	/* References may point forward, so all codes are known first. */
	for (i = 0; i < r->rows[ROW_STAFF].n; i++)
		normalise(r, r->rows[ROW_STAFF].row[i], "address", STAFF_ADDRESS);
	for (kind = 0; kind < ROW_KINDS; kind++) {
		rows = &r->rows[kind];
		for (i = 0; i < rows->n; i++)
			enter(r, (enum roster_kind)kind, rows->row[i]);
	}
	for (i = 0; i < r->rows[ROW_UNIT].n; i++) {
		check_unit(r, r->rows[ROW_UNIT].row[i]);
		check_tree(r, r->rows[ROW_UNIT].row[i]);
	}
	for (i = 0; i < r->rows[ROW_ROOM].n; i++)
		check_room(r, r->rows[ROW_ROOM].row[i], staff);
	for (i = 0; i < r->rows[ROW_STAFF].n; i++)
		check_staff(r, r->rows[ROW_STAFF].row[i]);
	roster_sort_faults(r);
}
