#include "ctl/csv.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

struct reading {
	struct arena	*arena;
	const char	*at;		/* NUL-terminated */
	int		 line;
	struct buf	 word;
	const char	**field;	/* of the row being read */
	size_t		 nfields, room;
	struct csv_row	*row;
	size_t		 nrows, rows_room;
};

static bool
at_end_of_line(const struct reading *r)
{
	return *r->at == '\0' || *r->at == '\n' || (*r->at == '\r' && (r->at[1] == '\n' || r->at[1] == '\0'));
}

static void
end_line(struct reading *r)
{
	if (*r->at == '\r')
		r->at++;
	if (*r->at == '\n')
		r->at++;
	r->line++;
}

static void
skip_space(struct reading *r)
{
	while (*r->at == ' ' || *r->at == '\t')
		r->at++;
}

static void
add_field(struct reading *r, size_t len)
{
	if (r->nfields == r->room) {
		r->room = r->room ? r->room * 2 : 16;
		r->field = xrealloc(r->field, r->room * sizeof *r->field);
	}
	r->field[r->nfields++] = arena_strndup(r->arena, r->word.s ? r->word.s : "", len);
}

/* After the opening mark, up to and with the closing one. */
static enum fault
quoted(struct reading *r, struct err *err)
{
	int began = r->line;

	for (r->at++;; r->at++) {
		if (*r->at == '\0')
			return err_set(err, FAULT_USAGE, "line %d: a quotation mark opens here and is never closed; close it, "
			    "or double it (\"\") if it belongs to the text", began);
		if (*r->at == '"') {
			if (r->at[1] != '"')
				break;
			r->at++;
		}
		r->line += *r->at == '\n';
		if (*r->at != '\r' || r->at[1] != '\n')
			buf_addn(&r->word, r->at, 1);
	}
	r->at++;
	skip_space(r);
	if (*r->at != ',' && !at_end_of_line(r))
		return err_set(err, FAULT_USAGE, "line %d: text after a closing quotation mark; quote the whole field, "
		    "and double the marks inside it (\"\")", r->line);
	add_field(r, r->word.len);
	return FAULT_NONE;
}

static void
plain(struct reading *r)
{
	size_t len;

	while (*r->at != ',' && !at_end_of_line(r))
		buf_addn(&r->word, r->at++, 1);
	for (len = r->word.len; len > 0 && (r->word.s[len - 1] == ' ' || r->word.s[len - 1] == '\t'); len--)
		;
	add_field(r, len);
}

static enum fault
read_row(struct reading *r, struct err *err)
{
	struct csv_row *row;
	int line = r->line;

	r->nfields = 0;
	for (;; r->at++) {
		r->word.len = 0;
		skip_space(r);
		if (*r->at == '"') {
			if (quoted(r, err) != FAULT_NONE)
				return err->fault;
		} else
			plain(r);
		if (*r->at != ',')
			break;
	}
	if (*r->at != '\0')
		end_line(r);
	if (r->nrows == r->rows_room) {
		r->rows_room = r->rows_room ? r->rows_room * 2 : 64;
		r->row = xrealloc(r->row, r->rows_room * sizeof *r->row);
	}
	row = &r->row[r->nrows++];
	row->line = line;
	row->n = r->nfields;
	row->field = arena_alloc(r->arena, r->nfields * sizeof *row->field);
	memcpy(row->field, r->field, r->nfields * sizeof *row->field);
	return FAULT_NONE;
}

/* A spreadsheet's "all cells empty" is a blank line, too. */
static bool
skip_line(struct reading *r)
{
	const char *s = r->at + strspn(r->at, " \t,");

	if (*s != '#' && *s != '\n' && *s != '\0' && !(*s == '\r' && s[1] == '\n'))
		return false;
	if (*s == '#' && s != r->at + strspn(r->at, " \t"))
		return false;
	r->at = s + strcspn(s, "\n");
	if (*r->at != '\0')
		end_line(r);
	return true;
}

static int
bad_line(const char *text)
{
	int line = 1;
	const char *end;

	for (; (end = strchr(text, '\n')) != NULL; text = end + 1, line++) {
		char *one = strndup(text, (size_t)(end - text));
		bool ok = one != NULL && utf8_valid(one);

		free(one);
		if (!ok)
			break;
	}
	return line;
}

enum fault
csv_parse(struct arena *arena, const char *text, size_t len, struct csv_row **rows_r, size_t *n_r, struct err *err)
{
	struct reading r = { .arena = arena, .line = 1 };
	const char *copy = arena_strndup(arena, text, len);

	err->fault = FAULT_NONE;
	if (len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
		return err_set(err, FAULT_USAGE, "line 1: the file is UTF-16; save it as \"CSV UTF-8\"");
	if (strlen(copy) < len)
		return err_set(err, FAULT_USAGE, "the file holds a zero byte; save it as \"CSV UTF-8\"");
	if (!utf8_valid(copy))
		return err_set(err, FAULT_USAGE, "line %d: not UTF-8; save the file as \"CSV UTF-8\"", bad_line(copy));
	r.at = str_prefix(copy, "\ufeff") ? copy + 3 : copy;
	while (*r.at != '\0' && err->fault == FAULT_NONE)
		if (!skip_line(&r))
			read_row(&r, err);
	*n_r = r.nrows;
	*rows_r = arena_alloc(arena, (r.nrows + 1) * sizeof **rows_r);
	if (r.nrows > 0)
		memcpy(*rows_r, r.row, r.nrows * sizeof **rows_r);
	free(r.row);
	free(r.field);
	buf_free(&r.word);
	return err->fault;
}
