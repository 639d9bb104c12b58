/* note: words for staff alone; never said to anybody. */
#include "flow/deliver.h"
#include "flow/internal.h"

static step_fn note_write, note_tell;

const struct cmd cmd_note = {
	.name = { "note", "记", "記" },
	.who = WHO_STAFF,
	.arg = { ARG_REQUEST, ARG_TEXT },
	.start = note_write,
	.form = true,
	.from = from_any,
};

static enum step
note_write(struct job *j)
{
	struct matter *m = j->given.matter;
	struct write *w = write_change(j, m, "noted", NULL, from_any);

	w->change.text_role = "note";
	w->change.text = j->given.text;
	say_back(j, w, "reply", words_by(j, "note_done", LS(number_words(j, m->row.number))));
	return write_submit(j, note_tell);
}

static enum step
note_tell(struct job *j)
{
	return j->write->outcome == OUT_DONE ? STEP_DONE : cmd_refused(j);
}
