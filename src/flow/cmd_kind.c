/* kind: it is of another kind. The reader learns it. */
#include "base/str.h"
#include "flow/deliver.h"
#include "flow/internal.h"

static step_fn kind_write, kind_tell;

const struct cmd cmd_kind = {
	.name = { "kind", "改类", "改類" },
	.who = WHO_STAFF,
	.arg = { ARG_REQUEST, ARG_KIND },
	.start = kind_write,
	.form = true,
};

static enum step
kind_write(struct job *j)
{
	struct matter *m = j->given.matter;
	struct write *w;

	if (str_eq(m->row.kind, j->given.text))
		return refuse(j, words_by(j, "kind_same", LS(number_words(j, m->row.number)),
		    LS(kind_words(j->hall, m->row.kind, j->by.lang))));
	j->given.was = arena_strdup(j->arena, m->row.kind);
	w = write_change(j, m, "kind", NULL, from_living);
	w->change.detail = j->given.text;
	say_back(j, w, "reply", words_by(j, "kind_done", LS(number_words(j, m->row.number)),
	    LS(kind_words(j->hall, j->given.text, j->by.lang))));
	return write_submit(j, kind_tell);
}

static enum step
kind_tell(struct job *j)
{
	if (j->write->outcome != OUT_DONE)
		return cmd_refused(j);
	lesson_teach(j, "kind", j->write->number, j->given.was, j->given.text, j->given.matter->row.text);
	return STEP_DONE;
}
