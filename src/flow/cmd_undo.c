/* undo: one's own last act on a matter, within ten minutes; the database knows what was before. */
#include "flow/deliver.h"
#include "flow/internal.h"

static step_fn undo_write, undo_tell;

const struct cmd cmd_undo = {
	.name = { "undo", "撤销", "撤銷" },
	.who = WHO_STAFF,
	.arg = { ARG_REQUEST },
	.start = undo_write,
	.form = true,
	.from = from_any,
};

static enum step
undo_write(struct job *j)
{
	struct matter *m = j->given.matter;
	struct write *w = write_change(j, m, "undone", NULL, from_any);

	write_undue(w, "close");
	say_back(j, w, "reply", words_by(j, "undo_done", LS(number_words(j, m->row.number))));
	return write_submit(j, undo_tell);
}

/* Back in an answered state, the matter closes by itself again. */
static enum step
undo_tell(struct job *j)
{
	struct matter *m = j->given.matter;
	struct write *w;

	if (j->write->outcome == OUT_CLASH)
		return refuse(j, words_by(j, "undo_nothing", LS(number_words(j, m->row.number))));
	if (j->write->outcome != OUT_DONE)
		return cmd_refused(j);
	if (!matter_answered(m))
		return STEP_DONE;
	w = write_new(j, WRITE_SAY);
	w->number = m->row.number;
	write_later(w, "close", clock_now() + CLOSE_AFTER_H * HOUR);
	return write_say(j, w, NULL);
}
