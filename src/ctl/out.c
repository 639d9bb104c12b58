/* What commands print: tables, records, changes; and the files that they read. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "base/file.h"
#include "base/str.h"
#include "ctl/ctl.h"

int
ctl_fail(const struct err *err)
{
	fprintf(stderr, "moothallctl: %s\n", err->text);
	return EXIT_BAD;
}

char *
ctl_slurp(struct arena *arena, const char *path, size_t *len_r, struct err *err)
{
	char *all = file_read(path, len_r, err), *s = NULL;

	if (all != NULL) {
		s = arena_alloc(arena, *len_r + 1);
		memcpy(s, all, *len_r);
	}
	free(all);
	return s;
}

char *
ctl_find(struct ctl *ctl, const char *name, struct err *err)
{
	char *path = arena_printf(ctl->arena, "%s/%s", ctl->conf->share, name);

	if (access(path, R_OK) == 0)
		return path;
	path = arena_printf(ctl->arena, "%s/../%s", ctl->conf->share, name);
	if (access(path, R_OK) == 0)
		return path;
	err_set(err, FAULT_ABSENT, "%s/%s is not there; set `share` in %s to the directory where Moot Hall's files were installed",
	    ctl->conf->share, name, ctl->conf_path);
	return NULL;
}

/* A chat's words and a roster's names may hold anything; a terminal gets no control characters. */
static int
put_clean(FILE *f, const char *s)
{
	mbstate_t state = { 0 };
	int columns = 0, w;
	size_t n;
	wchar_t c;

	for (; *s != '\0'; s += n) {
		n = mbrtowc(&c, s, strlen(s), &state);
		if (n == (size_t)-1 || n == (size_t)-2) {
			memset(&state, 0, sizeof state);
			n = 1;
			c = L'?';
		}
		w = c < 0x20 || c == 0x7f ? -1 : wcwidth(c);
		columns += w < 0 ? 1 : w;
		if (f != NULL && w < 0)
			putc(' ', f);
		else if (f != NULL)
			fwrite(s, 1, n, f);
	}
	return columns;
}

void
ctl_print_table(FILE *f, const char *heading, const struct admin_table *t)
{
	int i, j, *width, used;

	if (t->nrows == 0)
		return;
	if (heading != NULL)
		fprintf(f, "%s\n", heading);
	width = xcalloc((size_t)t->ncols, sizeof *width);
	for (i = -1; i < t->nrows; i++)
		for (j = 0; j < t->ncols; j++) {
			const char *s = i < 0 ? t->name[j] : t->cell[i][j];

			used = s == NULL ? 0 : put_clean(NULL, s);
			width[j] = used > width[j] ? used : width[j];
		}
	for (i = -1; i < t->nrows; i++) {
		for (j = 0; j < t->ncols; j++) {
			const char *s = i < 0 ? t->name[j] : t->cell[i][j];

			used = s == NULL ? 0 : put_clean(f, s);
			if (j + 1 < t->ncols)
				fprintf(f, "%*s", width[j] - used + 2, "");
		}
		putc('\n', f);
	}
	free(width);
}

void
ctl_print_record(FILE *f, const struct admin_table *t, int row)
{
	for (int j = 0; j < t->ncols; j++) {
		if (t->cell[row][j] == NULL)
			continue;
		fprintf(f, "%-16s", t->name[j]);
		put_clean(f, t->cell[row][j]);
		putc('\n', f);
	}
}

int
ctl_show(struct ctl *ctl, enum admin_view view, const char *arg)
{
	struct admin_table t;
	struct err err;
	const char *json;

	if (ctl->json) {
		if (admin_look_json(ctl->admin, view, arg, clock_now(), ctl->arena, &json, &err) != FAULT_NONE)
			return ctl_fail(&err);
		puts(json);
	} else {
		if (admin_look(ctl->admin, view, arg, clock_now(), ctl->arena, &t, &err) != FAULT_NONE)
			return ctl_fail(&err);
		ctl_print_table(stdout, NULL, &t);
	}
	return EXIT_OK;
}

void
ctl_print_changes(struct ctl *ctl, const struct admin_changes *ch, bool dry)
{
	size_t i;

	if (ctl->json) {
		printf("{\"written\":%s,\"generation\":%lld,\"changes\":%s}\n", dry ? "false" : "true", ch->generation, ch->json);
		return;
	}
	for (i = 0; i < ch->n; i++)
		printf("%-8s %-6s %s%s%s%s\n", ch->change[i].how, ch->change[i].what, ch->change[i].code,
		    ch->change[i].columns[0] ? " (" : "", ch->change[i].columns, ch->change[i].columns[0] ? ")" : "");
	if (ch->n == 0)
		puts("nothing to change");
	else if (dry)
		printf("%zu changes, none of them written (--dry-run)\n", ch->n);
	else
		printf("%zu changes written; generation %lld\n", ch->n, ch->generation);
}
