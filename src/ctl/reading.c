#include "ctl/reading.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "ctl/kindfile.h"

static enum fault
open_model(struct ctl *ctl, const char *kinds, struct reading *r, struct err *err)
{
	const char *path = arena_printf(ctl->arena, "%s/../reading/weights", kinds);
	size_t len;
	char *text;

	err->fault = FAULT_NONE;
	if (access(path, F_OK) != 0) {
		fprintf(stderr, "moothallctl: no %s: lines are read by their cues alone\n", path);
		return FAULT_NONE;
	}
	if ((text = file_read(path, &len, err)) != NULL)
		model_parse(path, text, &r->model, err);
	free(text);
	return err->fault;
}

enum fault
reading_open(struct ctl *ctl, struct reading *r, struct err *err)
{
	char *dirs[2] = { NULL, NULL };
	bool whole;

	*r = (struct reading){ .desk = "議事廳" };
	if (access(ctl->conf_path, F_OK) == 0 && (ctl->conf = conf_load(ctl->conf_path, err)) == NULL)
		return err->fault;
	if (ctl->conf != NULL)
		r->desk = ctl->conf->nick;
	dirs[0] = ctl->kinds ? arena_strdup(ctl->arena, ctl->kinds) :
	    arena_printf(ctl->arena, "%s/kinds", ctl->conf ? ctl->conf->share : PKGDATADIR);
	if ((r->kinds = kinds_read(dirs, &whole, err)) == NULL || open_model(ctl, dirs[0], r, err) != FAULT_NONE) {
		reading_close(r);
		return err->fault;
	}
	r->reader = reader_new(r->kinds, ctl->verbs, r->model, NULL);
	return FAULT_NONE;
}

void
reading_close(struct reading *r)
{
	reader_free(&r->reader);
	model_free(&r->model);
	kinds_free(&r->kinds);
}
