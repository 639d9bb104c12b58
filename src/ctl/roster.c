#include "ctl/roster.h"

#include <search.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const roster_word[ROW_KINDS] = { "unit", "room", "staff" };
const char *const roster_column[ROW_KINDS][ROSTER_COLUMNS + 1] = {
	{ "code", "parent", "kind", "name", "zone", "calendar", "emergency" },
	{ "code", "unit", "title", "topic", "tags", "lang", "officer", "mode" },
	{ "address", "unit", "role", "name", "nick", "rooms", "from", "until" },
};

/* Which column of a row each column of the file holds; -1 past the last. */
struct layout {
	int	at[ROSTER_COLUMNS];
	size_t	n;
};

void
roster_add_fault(struct rosterfile *r, int line, const char *fmt, ...)
{
	va_list ap;
	char text[512];

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (r->nfaults == r->faults_room) {
		r->faults_room = r->faults_room ? r->faults_room * 2 : 16;
		r->fault = xrealloc(r->fault, r->faults_room * sizeof *r->fault);
	}
	r->fault[r->nfaults++] = (struct roster_fault){ line, arena_strndup(r->arena, text, utf8_cut(text, sizeof text - 1)) };
}

static int
by_line(const void *a, const void *b)
{
	return ((const struct roster_fault *)a)->line - ((const struct roster_fault *)b)->line;
}

void
roster_sort_faults(struct rosterfile *r)
{
	if (r->nfaults > 0)
		qsort(r->fault, r->nfaults, sizeof *r->fault, by_line);
}

static int
column_find(enum roster_kind kind, const char *word)
{
	/* "kind(bureau|station|office)", as the manual writes it, is "kind". */
	size_t n = strcspn(word, "( ");
	int i;

	for (i = 0; roster_column[kind][i] != NULL; i++)
		if (strlen(roster_column[kind][i]) == n && strncmp(word, roster_column[kind][i], n) == 0)
			return i;
	return -1;
}

static void
default_layout(struct layout *l, enum roster_kind kind)
{
	for (l->n = 0; roster_column[kind][l->n] != NULL; l->n++)
		l->at[l->n] = (int)l->n;
}

/* A row whose cells all name columns, the first column among them, is a header. */
static bool
is_header(const struct csv_row *row, enum roster_kind kind)
{
	size_t i;
	bool code = false, all = true;

	for (i = 1; i < row->n; i++) {
		if (row->field[i][0] == '\0')
			continue;
		all = all && column_find(kind, row->field[i]) >= 0;
		code = code || column_find(kind, row->field[i]) == 0;
	}
	return code && (all || column_find(kind, row->field[1]) == 0);
}

static void
read_header(struct rosterfile *r, const struct csv_row *row, enum roster_kind kind, struct layout *l)
{
	struct layout read = { .n = 0 };
	size_t i, j;
	int at;

	for (i = 1; i < row->n; i++) {
		if (row->field[i][0] == '\0')
			continue;
		if ((at = column_find(kind, row->field[i])) < 0) {
			roster_add_fault(r, row->line, "there is no column \"%s\" in a %s row; see moothallctl(8) for the columns",
			    row->field[i], roster_word[kind]);
			return;
		}
		for (j = 0; j < read.n; j++)
			if (read.at[j] == at) {
				roster_add_fault(r, row->line, "column \"%s\" is named twice; leave one out", row->field[i]);
				return;
			}
		read.at[read.n++] = at;
	}
	*l = read;
}

static void
read_row(struct rosterfile *r, const struct csv_row *csv, enum roster_kind kind, const struct layout *l)
{
	struct roster_rows *rows = &r->rows[kind];
	struct roster_row *row = arena_alloc(r->arena, sizeof *row);
	size_t i;

	row->line = csv->line;
	for (i = 0; i < ROSTER_COLUMNS; i++)
		row->value[i] = "";
	for (i = 1; i < csv->n; i++) {
		if (i - 1 < l->n)
			row->value[l->at[i - 1]] = csv->field[i];
		else if (csv->field[i][0] != '\0') {
			roster_add_fault(r, csv->line, "more fields than a %s row has columns (%zu), from \"%s\" on; "
			    "quote a value that holds a comma", roster_word[kind], l->n, csv->field[i]);
			return;
		}
	}
	if (rows->n == rows->room) {
		rows->room = rows->room ? rows->room * 2 : 64;
		rows->row = xrealloc(rows->row, rows->room * sizeof *rows->row);
	}
	rows->row[rows->n++] = row;
}

struct rosterfile *
rosterfile_new(struct arena *arena, const struct csv_row *csv, size_t n)
{
	struct rosterfile *r = xcalloc(1, sizeof *r);
	struct layout layout[ROW_KINDS];
	size_t i;
	int kind;

	r->arena = arena;
	for (kind = 0; kind < ROW_KINDS; kind++)
		default_layout(&layout[kind], (enum roster_kind)kind);
	for (i = 0; i < n; i++) {
		for (kind = 0; kind < ROW_KINDS && !str_eq(csv[i].field[0], roster_word[kind]); kind++)
			;
		if (kind == ROW_KINDS)
			roster_add_fault(r, csv[i].line, "a row begins with unit, room or staff, not with \"%s\"; "
			    "a comment begins with #", csv[i].field[0]);
		else if (csv[i].n > 1 && is_header(&csv[i], (enum roster_kind)kind))
			read_header(r, &csv[i], (enum roster_kind)kind, &layout[kind]);
		else
			read_row(r, &csv[i], (enum roster_kind)kind, &layout[kind]);
	}
	return r;
}

static void
keep(void *row)
{
	(void)row;	/* it is the arena's */
}

void
rosterfile_free(struct rosterfile **rp)
{
	int kind;

	if (*rp == NULL)
		return;
	for (kind = 0; kind < ROW_KINDS; kind++) {
		tdestroy((*rp)->rows[kind].by_code, keep);
		free((*rp)->rows[kind].row);
	}
	free((*rp)->fault);
	free(*rp);
	*rp = NULL;
}

/* --- for the database --- */

static void
add_pair(struct buf *b, const char *name, const char *value)
{
	buf_add(b, b->s[b->len - 1] == '{' ? "" : ",");
	buf_json(b, name);
	buf_add(b, ":");
	buf_json(b, value);
}

static void
add_list(struct buf *b, const char *name, const char **list)
{
	size_t i;

	buf_addf(b, ",\"%s\":[", name);
	for (i = 0; list[i] != NULL; i++) {
		buf_add(b, i > 0 ? "," : "");
		buf_json(b, list[i]);
	}
	buf_add(b, "]");
}

static void
add_week(struct buf *b, const struct roster_row *unit)
{
	const struct hours_span *s = unit->hours.span;
	size_t i;

	for (i = 0; i < unit->hours.n; i++, s++) {
		buf_add(b, b->len > 1 ? ",{\"unit\":" : "{\"unit\":");
		buf_json(b, unit->value[UNIT_CODE]);
		buf_addf(b, ",\"dow\":%d,\"opens\":\"%02d:%02d\",\"closes\":\"%02d:%02d\"}", s->dow,
		    s->opens / 60, s->opens % 60, s->closes / 60, s->closes % 60);
	}
}

void
roster_json(const struct rosterfile *r, enum roster_kind kind, struct buf *b)
{
	/* References and dates that are not given are NULL, other texts are empty. */
	static const unsigned null_if_empty[ROW_KINDS] = { 1u << UNIT_PARENT, 1u << ROOM_OFFICER, 1u << STAFF_FROM | 1u << STAFF_UNTIL };
	static const int list_at[ROW_KINDS] = { -1, ROOM_TAGS, STAFF_ROOMS };
	const struct roster_rows *rows = &r->rows[kind == ROW_KINDS ? ROW_UNIT : kind];
	size_t i;
	int j;

	buf_add(b, "[");
	for (i = 0; i < rows->n; i++) {
		const struct roster_row *row = rows->row[i];

		if (kind == ROW_KINDS) {
			add_week(b, row);
			continue;
		}
		buf_add(b, i > 0 ? ",{" : "{");
		for (j = 0; roster_column[kind][j] != NULL; j++)
			if (j == list_at[kind])
				add_list(b, roster_column[kind][j], row->list);
			else
				add_pair(b, roster_column[kind][j],
				    row->value[j][0] == '\0' && (null_if_empty[kind] >> j & 1) ? NULL : row->value[j]);
		buf_add(b, "}");
	}
	buf_add(b, "]");
}
