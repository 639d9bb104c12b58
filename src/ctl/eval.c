/*
 * eval: how well the hall reads a file of labelled lines. The file's first line names the
 * columns, divided by tabs: text, lang, kind, needs_answer (yes, no), clean (yes, no; may be
 * missing), and any slots (place, time, item, phone, id_number) with several divided by "|".
 * Nothing of the text is printed unless --lines asks for what was read otherwise.
 */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "ctl/reading.h"

static int	run(struct ctl *);

const struct ctl_command ctl_eval = {
	.name = "eval", .usage = "[--kinds DIR] [--lines] [--need NAME=FIGURE,...] FILE.tsv",
	.summary = "measure the reader on labelled lines",
	.need = NEED_NOTHING, .options = OPTION_KINDS | OPTION_LINES | OPTION_NEED, .min_args = 1, .max_args = 1,
	.run = run,
};

enum { KINDS_MAX = 64, SLOTS = 5, COLUMNS_MAX = 32 };

static const char *const slot_names[SLOTS] = { "place", "time", "item", "phone", "id_number" };

struct tally {
	size_t	lines, kind;
	size_t	yes_yes, yes_no, no_yes, no_no;	/* wanted, read */
	size_t	missed;				/* wants an answer, and neither sure nor likely */
	size_t	sure, sure_wrong;		/* sure; of them such as want none */
};

struct slot_tally {
	size_t	wanted, exact, partial;
};

struct eval {
	struct reading		 reading;
	const struct ctl	*ctl;
	int			 text, lang, kind, needs, clean, slot[SLOTS];
	const char		*langs[8];
	size_t			 nlangs;
	struct tally		 all, clean_rows, by_lang[8], by_lang_clean[8];
	struct slot_tally	 slots[SLOTS];
	size_t			 table[KINDS_MAX + 1][KINDS_MAX + 1];	/* wanted, read; the last: none */
};

/* --- one line --- */

static size_t
index_of(const struct kinds *ks, const char *code)
{
	size_t i = 0;

	while (i < ks->n && !str_eq(ks->kind[i]->code, code))
		i++;
	return i;
}

static void
count(struct tally *t, const struct intent *in, bool right_kind, bool wanted)
{
	bool reaches = in->kind != NULL && in->kind->needs_answer && in->band != BAND_NONE;

	t->lines++;
	t->kind += right_kind;
	*(wanted ? in->needs_answer ? &t->yes_yes : &t->yes_no : in->needs_answer ? &t->no_yes : &t->no_no) += 1;
	t->missed += wanted && !reaches;
	t->sure += reaches && in->band == BAND_SURE;
	t->sure_wrong += reaches && in->band == BAND_SURE && !wanted;
}

/* Is the value among what was found: the same bytes, or some of them? */
static void
count_slot(struct slot_tally *t, const char *text, const struct intent *in, const char *what, const char *value)
{
	const char *at = strstr(text, value);
	size_t from = (size_t)(at - text), len = strlen(value), i;
	bool exact = false, partial = false;

	if (at == NULL || len == 0)
		return;		/* the label is no part of the text */
	t->wanted++;
	for (i = 0; i < in->nslots + in->nspans; i++) {
		const struct span *s = i < in->nslots ? &in->slots[i] : &in->spans[i - in->nslots];

		if (!str_eq(s->what, what))
			continue;
		exact |= s->at == from && s->len == len;
		partial |= s->at < from + len && from < s->at + s->len;
	}
	t->exact += exact;
	t->partial += partial;
}

static void
count_slots(struct eval *e, char *const *field, const struct intent *in)
{
	size_t i;

	for (i = 0; i < SLOTS; i++) {
		char *rest = e->slot[i] < 0 ? NULL : field[e->slot[i]], *value;

		while ((value = strsep(&rest, "|")) != NULL)
			count_slot(&e->slots[i], field[e->text], in, slot_names[i], value);
	}
}

static size_t
lang_index(struct eval *e, const char *lang)
{
	size_t i = 0;

	while (i < e->nlangs && !str_eq(e->langs[i], lang))
		i++;
	if (i == e->nlangs && e->nlangs < sizeof e->langs / sizeof *e->langs)
		e->langs[e->nlangs++] = arena_strdup(e->ctl->arena, lang);
	return i < e->nlangs ? i : 0;
}

static void
tell_line(const struct intent *in, const char *id, const char *text, const char *kind, bool wanted)
{
	static const char *const bands[] = { [BAND_NONE] = "none", [BAND_LIKELY] = "likely", [BAND_SURE] = "sure" };
	size_t i;

	printf("%s\t%s %s\t%s %s %s %d\t%s\t", id, kind, wanted ? "yes" : "no", in->kind ? in->kind->code : "-",
	    in->needs_answer ? "yes" : "no", bands[in->band], in->confidence, text);
	for (i = 0; in->reasons != NULL && in->reasons[i] != NULL; i++)
		printf("%s%s", i ? "; " : "", in->reasons[i]);
	printf("\n");
}

static void
eval_line(struct eval *e, char *const *field)
{
	const char *staff[] = { e->reading.desk, NULL }, *kind = field[e->kind];
	struct heard h = { .explain = e->ctl->lines, .text = field[e->text], .staff_names = staff, .desk = e->reading.desk, .sent = clock_now() };
	bool wanted = str_eq(field[e->needs], "yes"), clean = e->clean < 0 || str_eq(field[e->clean], "yes"), right;
	struct arena *a = arena_new();
	size_t l = e->lang < 0 ? lang_index(e, "-") : lang_index(e, field[e->lang]);
	const struct kinds *ks = e->reading.kinds;
	struct intent in;

	text_read(e->reading.reader, &h, a, &in);
	right = in.kind != NULL && str_eq(in.kind->code, kind);
	count(&e->all, &in, right, wanted);
	count(&e->by_lang[l], &in, right, wanted);
	if (clean) {
		count(&e->clean_rows, &in, right, wanted);
		count(&e->by_lang_clean[l], &in, right, wanted);
	}
	e->table[index_of(ks, kind)][in.kind == NULL ? ks->n : index_of(ks, in.kind->code)]++;
	count_slots(e, field, &in);
	if (e->ctl->lines && (!right || in.needs_answer != wanted))
		tell_line(&in, clean ? "clean" : "", field[e->text], kind, wanted);
	arena_free(&a);
}

/* --- the file --- */

static int
split(char *line, char **field)
{
	int n = 0;

	while (n < COLUMNS_MAX && (field[n] = strsep(&line, "\t")) != NULL)
		n++;
	return n;
}

static int
column(char *const *name, int n, const char *wanted)
{
	int i;

	for (i = 0; i < n; i++)
		if (str_eq(name[i], wanted))
			return i;
	return -1;
}

static enum fault
read_heading(struct eval *e, const char *path, char *line, int *n_r, struct err *err)
{
	char *name[COLUMNS_MAX + 1];
	size_t i;

	*n_r = split(line, name);
	e->text = column(name, *n_r, "text");
	e->lang = column(name, *n_r, "lang");
	e->kind = column(name, *n_r, "kind");
	e->needs = column(name, *n_r, "needs_answer");
	e->clean = column(name, *n_r, "clean");
	for (i = 0; i < SLOTS; i++)
		e->slot[i] = column(name, *n_r, slot_names[i]);
	if (e->text < 0 || e->kind < 0 || e->needs < 0)
		return err_set(err, FAULT_USAGE, "%s:1: the columns text, kind and needs_answer are wanted, named in the first line and "
		    "divided by tabs", path);
	return FAULT_NONE;
}

static enum fault
eval_file(struct eval *e, const char *path, struct err *err)
{
	char *field[COLUMNS_MAX + 1], *text, *rest, *line;
	int columns, number = 1;
	size_t len;

	err->fault = FAULT_NONE;
	if ((text = file_read(path, &len, err)) == NULL)
		return err->fault;
	rest = text;
	read_heading(e, path, strsep(&rest, "\n"), &columns, err);
	while (err->fault == FAULT_NONE && (line = strsep(&rest, "\n")) != NULL) {
		number++;
		line[strcspn(line, "\r")] = '\0';
		if (*line == '\0')
			continue;
		if (split(line, field) < columns)
			err_set(err, FAULT_USAGE, "%s:%d: fewer columns than the first line names", path, number);
		else if (index_of(e->reading.kinds, field[e->kind]) == e->reading.kinds->n)
			err_set(err, FAULT_USAGE, "%s:%d: there is no kind \"%s\"", path, number, field[e->kind]);
		else
			eval_line(e, field);
	}
	free(text);
	if (err->fault == FAULT_NONE && e->all.lines == 0)
		err_set(err, FAULT_USAGE, "%s: no lines", path);
	return err->fault;
}

/* --- figures --- */

static double
part(size_t n, size_t of)
{
	return of == 0 ? 0 : (double)n / (double)of;
}

static double
macro_f1(const struct eval *e)
{
	size_t n = e->reading.kinds->n, used = 0, c, k;
	double sum = 0;

	for (c = 0; c < n; c++) {
		size_t wanted = 0, read = 0;

		for (k = 0; k <= n; k++) {
			wanted += e->table[c][k];
			read += e->table[k][c];
		}
		if (wanted == 0)
			continue;
		used++;
		sum += wanted + read == 0 ? 0 : 2.0 * (double)e->table[c][c] / (double)(wanted + read);
	}
	return used == 0 ? 0 : sum / (double)used;
}

static double
needs_right(const struct tally *t)
{
	return part(t->yes_yes + t->no_no, t->lines);
}

struct figure {
	const char	*name;
	double		 value;
};

enum { FIGURES = 10 };

static void
figures(const struct eval *e, struct figure *f)
{
	const struct tally *a = &e->all, *c = &e->clean_rows;
	const struct figure list[FIGURES] = {
		{ "needs", needs_right(a) }, { "needs-clean", needs_right(c) }, { "kind", part(a->kind, a->lines) },
		{ "kind-clean", part(c->kind, c->lines) }, { "macro-f1", macro_f1(e) },
		{ "found", 1 - part(a->missed, a->yes_yes + a->yes_no) }, { "found-clean", 1 - part(c->missed, c->yes_yes + c->yes_no) },
		{ "sure-right", a->sure == 0 ? 1 : 1 - part(a->sure_wrong, a->sure) },
		{ "precision", part(a->yes_yes, a->yes_yes + a->no_yes) }, { "recall", part(a->yes_yes, a->yes_yes + a->yes_no) },
	};

	memcpy(f, list, sizeof list);
}

static void
print_tally(const char *what, const struct tally *t)
{
	double p = part(t->yes_yes, t->yes_yes + t->no_yes), r = part(t->yes_yes, t->yes_yes + t->yes_no);

	if (t->lines == 0)
		return;
	printf("%-16s %5zu  %.3f  %.3f  %.3f  %.3f  %.3f  %.3f   %4zu (%zu wrong)\n", what, t->lines, needs_right(t), p, r,
	    p + r > 0 ? 2 * p * r / (p + r) : 0, part(t->kind, t->lines), part(t->missed, t->yes_yes + t->yes_no), t->sure, t->sure_wrong);
}

static void
print_table(const struct eval *e)
{
	const struct kinds *ks = e->reading.kinds;
	size_t c, k;

	printf("\nwanted            read as\n");
	for (c = 0; c < ks->n; c++) {
		size_t lines = 0;

		for (k = 0; k <= ks->n; k++)
			lines += e->table[c][k];
		if (lines == 0)
			continue;
		printf("%-16s  %zu of %zu", ks->kind[c]->code, e->table[c][c], lines);
		for (k = 0; k <= ks->n; k++)
			if (k != c && e->table[c][k] > 0)
				printf(", %s %zu", k == ks->n ? "nothing" : ks->kind[k]->code, e->table[c][k]);
		printf("\n");
	}
	printf("macro F1 %.3f\n", macro_f1(e));
}

static void
print_slots(const struct eval *e)
{
	size_t i;

	for (i = 0; i < SLOTS; i++)
		if (e->slots[i].wanted > 0)
			printf("%s%-10s %4zu wanted, %.3f exact, %.3f at least in part\n", i == 0 ? "\n" : "", slot_names[i], e->slots[i].wanted,
			    part(e->slots[i].exact, e->slots[i].wanted), part(e->slots[i].partial, e->slots[i].wanted));
}

static void
print_json(const struct figure *f)
{
	int i;

	for (i = 0; i < FIGURES; i++)
		printf("%s\"%s\":%.4f", i ? "," : "{", f[i].name, f[i].value);
	printf("}\n");
}

static void
print_all(const struct eval *e)
{
	size_t i;

	printf("                 lines  needs  prec.  recall F1     kind   missed  sure\n");
	print_tally("all", &e->all);
	for (i = 0; i < e->nlangs; i++)
		print_tally(e->langs[i], &e->by_lang[i]);
	if (e->clean >= 0) {
		print_tally("clean", &e->clean_rows);
		for (i = 0; i < e->nlangs; i++)
			print_tally(arena_printf(e->ctl->arena, "clean %s", e->langs[i]), &e->by_lang_clean[i]);
	}
	print_table(e);
	print_slots(e);
}

/* --need kind=0.8,needs-clean=0.92: which of them are not reached; -1 if one is no figure. */
static int
below(const struct eval *e, const struct figure *f, const char *needs)
{
	char *copy = arena_strdup(e->ctl->arena, needs), *one;
	int bad = 0, i;

	while ((one = strsep(&copy, ",")) != NULL) {
		char *value = strchr(one, '=');

		if (value != NULL)
			*value++ = '\0';
		for (i = 0; i < FIGURES && !str_eq(f[i].name, one); i++)
			;
		if (value == NULL || i == FIGURES) {
			fprintf(stderr, "moothallctl: --need %s: no such figure; they are", one);
			for (i = 0; i < FIGURES; i++)
				fprintf(stderr, " %s", f[i].name);
			fprintf(stderr, ", each with =0.9 or the like\n");
			return -1;
		}
		if (f[i].value < strtod(value, NULL)) {
			fprintf(stderr, "moothallctl: %s is %.4f, below %s\n", one, f[i].value, value);
			bad++;
		}
	}
	return bad;
}

static int
run(struct ctl *ctl)
{
	struct eval *e = arena_alloc(ctl->arena, sizeof *e);
	struct figure f[FIGURES];
	struct err err;
	int bad = 0;

	e->ctl = ctl;
	if (reading_open(ctl, &e->reading, &err) != FAULT_NONE)
		return ctl_fail(&err);
	if (e->reading.kinds->n > KINDS_MAX)
		err_set(&err, FAULT_USAGE, "more than %d kinds: give fewer with --kinds", KINDS_MAX);
	else
		eval_file(e, ctl->argv[0], &err);
	if (err.fault == FAULT_NONE) {
		figures(e, f);
		if (ctl->json)
			print_json(f);
		else
			print_all(e);
		bad = ctl->needs != NULL ? below(e, f, ctl->needs) : 0;
	}
	reading_close(&e->reading);
	return err.fault != FAULT_NONE ? ctl_fail(&err) : bad < 0 ? EXIT_USAGE : bad > 0 ? EXIT_BAD : EXIT_OK;
}
