#include "text_fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"

const struct verb fixture_verbs[] = {
	{ "help", "help", false }, { "帮助", "help", false },
	{ "new", "new", false }, { "登记", "new", false },
	{ "drop", "drop", true }, { "不是", "drop", true },
	{ "my", "my", false }, { "我的", "my", false },
	{ "status", "status", true }, { "进度", "status", true },
	{ "cancel", "cancel", true }, { "撤回", "cancel", true },
	{ "reopen", "reopen", true }, { "重开", "reopen", true },
	{ "rate", "rate", true }, { "评价", "rate", true },
	{ "quiet", "quiet", false }, { "免打扰", "quiet", false },
	{ "lang", "lang", false }, { "语言", "lang", false },
	{ "mode", "mode", false }, { "模式", "mode", false },
	{ "open", "open", false }, { "待办", "open", false },
	{ "take", "take", true }, { "接", "take", true },
	{ "answer", "answer", true }, { "回复", "answer", true }, { "回覆", "answer", true }, { "答复", "answer", true },
	{ "答覆", "answer", true },
	{ "ask", "ask", true }, { "追问", "ask", true },
	{ "ask-up", "ask-up", true }, { "请示", "ask-up", true },
	{ "done", "done", true }, { "办结", "done", true },
	{ "assign", "assign", true }, { "转给", "assign", true },
	{ "note", "note", true }, { "记", "note", true },
	{ "undo", "undo", false }, { "撤销", "undo", false },
	{ "duty", "duty", false }, { "值班", "duty", false }, { "接班", "handover", false },
	{ NULL, NULL, false },
};

/* A file of the sources; the Makefile says where they are, "." when run by hand. */
static char *
slurp(const char *name)
{
	const char *top = getenv("abs_top_srcdir");
	char path[2048];
	struct err err;
	size_t len;
	char *text;

	snprintf(path, sizeof path, "%s/%s", top != NULL ? top : ".", name);
	if ((text = file_read(path, &len, &err)) == NULL)
		fail_msg("%s", err.text);
	return text;
}

char *
fixture_file(const char *name)
{
	return slurp(name);
}

static struct kinds *
load_kinds(void)
{
	const char *top = getenv("abs_top_srcdir");	/* the Makefile says it; "." when run by hand */
	struct arena *arena = arena_new();
	const struct kind *kind[64];
	struct dirent *e;
	struct err err;
	size_t n = 0;
	char dir[1024], path[2048];
	DIR *d;

	snprintf(dir, sizeof dir, "%s/share/kinds", top != NULL ? top : ".");
	d = opendir(dir);
	assert_non_null(d);
	while ((e = readdir(d)) != NULL && n < 64) {
		size_t len = strlen(e->d_name);
		char *text;

		if (len < 5 || strcmp(e->d_name + len - 5, ".conf") != 0)
			continue;
		snprintf(path, sizeof path, "share/kinds/%s", e->d_name);
		text = slurp(path);
		if (kind_parse(arena, path, text, &kind[n], &err) != FAULT_NONE)
			fail_msg("%s", err.text);
		n++;
		free(text);
	}
	closedir(d);
	return kinds_new(arena, kind, n);
}

int
fixture_open(void **state)
{
	struct fixture *f = xcalloc(1, sizeof *f);

	f->kinds = load_kinds();
	f->reader = reader_new(f->kinds, fixture_verbs, NULL, NULL);
	f->arena = arena_new();
	*state = f;
	return 0;
}

int
fixture_open_learnt(void **state)
{
	struct fixture *f;
	struct err err;
	char *text;

	fixture_open(state);
	f = *state;
	text = slurp("share/reading/weights");
	if (model_parse("weights", text, &f->model, &err) != FAULT_NONE)
		fail_msg("%s", err.text);
	free(text);
	reader_free(&f->reader);
	f->reader = reader_new(f->kinds, fixture_verbs, f->model, NULL);
	return 0;
}

int
fixture_close(void **state)
{
	struct fixture *f = *state;

	reader_free(&f->reader);
	model_free(&f->model);
	kinds_free(&f->kinds);
	arena_free(&f->arena);
	free(f);
	return 0;
}

struct heard
heard_in_room(const char *line)
{
	static const char *const staff[] = { "鲍国", "Bao Guo", "欧阳明", "议事厅", NULL };
	static const char *const occupants[] = { "ann", "老王", "小李", NULL };

	return (struct heard){ .explain = true, .text = line, .staff_names = staff, .occupants = occupants, .desk = "议事厅" };
}

struct intent *
hear_heard(struct fixture *f, struct heard h)
{
	text_read(f->reader, &h, f->arena, &f->in);
	return &f->in;
}

struct intent *
hear(struct fixture *f, const char *line)
{
	return hear_heard(f, heard_in_room(line));
}

void
show_reasons(const struct intent *in)
{
	print_message("  kind %s %d, second %s %d, band %d, danger %d, relation %d about %lld\n",
	    in->kind ? in->kind->code : "-", in->confidence, in->second ? in->second->code : "-", in->second_confidence,
	    in->band, in->danger, in->relation, in->about);
	for (size_t i = 0; in->reasons[i] != NULL; i++)
		print_message("    %s\n", in->reasons[i]);
}
