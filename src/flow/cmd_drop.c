/* drop: that was no request. Two lines of the desk dropped in a week silence it in that room. */
#include "flow/deliver.h"
#include "flow/internal.h"

static step_fn drop_write, drop_tell;

const struct cmd cmd_drop = {
	.name = { "drop", "不是" },
	.who = WHO_OWNER,
	.arg = { ARG_REQUEST },
	.start = drop_write,
	.form = true,
};

static enum step
drop_write(struct job *j)
{
	struct matter *m = j->given.matter;
	struct write *w = write_change(j, m, "dropped", "dropped", from_living);

	j->given.was = arena_strdup(j->arena, m->row.kind);
	say_back(j, w, "reply", words_by(j, "drop_done", LS(number_words(j, m->row.number))));
	return write_submit(j, drop_tell);
}

/* The database has put the room into addressed mode: who is responsible learns how to undo it. */
static enum step
drop_tell(struct job *j)
{
	const struct staff *officer = responsible(j->desk);
	struct write *w;

	if (j->write->outcome != OUT_DONE)
		return cmd_refused(j);
	lesson_teach(j, "drop", j->write->number, j->given.was, NULL, j->given.matter->row.text);
	if (!j->write->restrained)
		return STEP_DONE;
	j->desk->mode = MODE_ADDRESSED;
	if (officer == NULL)
		return STEP_DONE;
	w = write_new(j, WRITE_SAY);
	say_staff(j, w, officer, "restrained", 0, words_to(j, officer->address, "restrained", LS(j->desk->title)));
	return write_say(j, w, NULL);
}
