/* take: an officer says "this one is mine". Whoever asked is not told: the answer is what they wait for. */
#include "base/str.h"
#include "flow/deliver.h"
#include "flow/internal.h"

static step_fn take_write, take_tell;

const struct cmd cmd_take = {
	.name = { "take", "接" },
	.who = WHO_STAFF,
	.arg = { ARG_REQUEST },
	.start = take_write,
	.form = true,
	.from = from_unanswered,
};

static enum step
take_write(struct job *j)
{
	struct matter *m = j->given.matter;
	const char *n = number_words(j, m->row.number);
	struct write *w;

	if (matter_is(m, "taken") && m->row.taken_by == j->by.staff->id)
		return refuse(j, words_by(j, "take_yours", LS(n)));
	w = write_change(j, m, "taken", "taken", from_unanswered);
	write_undue(w, "grace");
	say_back(j, w, "reply", words_by(j, "take_done", LS(n)));
	return write_submit(j, take_tell);
}

static enum step
take_tell(struct job *j)
{
	return j->write->outcome == OUT_DONE ? STEP_DONE : cmd_refused(j);
}
