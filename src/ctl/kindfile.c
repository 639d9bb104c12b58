#include "ctl/kindfile.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/str.h"
#include "ctl/ctl.h"

struct gathering {
	struct arena		 *arena;
	const struct kind	**kind;
	const char		**path;		/* whence each came */
	size_t			  n, room;
};

static enum fault
add_file(struct gathering *g, const char *path, struct err *err)
{
	const struct kind *kind;
	size_t len, i;
	char *text;

	if ((text = ctl_slurp(g->arena, path, &len, err)) == NULL)
		return err->fault;
	if (strlen(text) != len || !utf8_valid(text))
		return err_set(err, FAULT_USAGE, "%s: not UTF-8; save it as UTF-8", path);
	if (kind_parse(g->arena, path, text, &kind, err) != FAULT_NONE)
		return err->fault;
	for (i = 0; i < g->n; i++)
		if (str_eq(g->kind[i]->code, kind->code))
			return err_set(err, FAULT_USAGE, "%s: code \"%s\" is that of %s already; give each kind one file", path,
			    kind->code, g->path[i]);
	if (g->n == g->room) {
		g->room = g->room ? g->room * 2 : 32;
		g->kind = xrealloc(g->kind, g->room * sizeof *g->kind);
		g->path = xrealloc(g->path, g->room * sizeof *g->path);
	}
	g->path[g->n] = arena_strdup(g->arena, path);
	g->kind[g->n++] = kind;
	return FAULT_NONE;
}

static enum fault
add_directory(struct gathering *g, const char *dir, struct err *err)
{
	glob_t found;
	size_t i;

	if (glob(arena_printf(g->arena, "%s/*.conf", dir), 0, NULL, &found) != 0)
		return err_set(err, FAULT_ABSENT, "no kind in %s: its files end in .conf", dir);
	for (i = 0; i < found.gl_pathc && err->fault == FAULT_NONE; i++)
		add_file(g, found.gl_pathv[i], err);
	globfree(&found);
	return err->fault;
}

struct kinds *
kinds_read(char *const *paths, bool *whole_r, struct err *err)
{
	struct gathering g = { .arena = arena_new() };
	struct kinds *kinds = NULL;
	struct stat st;

	*whole_r = true;
	err->fault = FAULT_NONE;
	for (; *paths != NULL && err->fault == FAULT_NONE; paths++) {
		if (stat(*paths, &st) != 0)
			err_set(err, FAULT_ABSENT, "cannot read %s: %s", *paths, strerror(errno));
		else if (S_ISDIR(st.st_mode))
			add_directory(&g, *paths, err);
		else {
			*whole_r = false;
			add_file(&g, *paths, err);
		}
	}
	if (err->fault == FAULT_NONE)
		kinds = kinds_new(g.arena, g.kind, g.n);
	else
		arena_free(&g.arena);
	free(g.kind);
	free(g.path);
	return kinds;
}
