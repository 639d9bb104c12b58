/* cancel: whoever asked no longer needs it. */
#include "flow/deliver.h"
#include "flow/internal.h"

static step_fn cancel_write, cancel_tell;

const struct cmd cmd_cancel = {
	.name = { "cancel", "撤回" },
	.who = WHO_OWNER,
	.arg = { ARG_REQUEST },
	.start = cancel_write,
};

static enum step
cancel_write(struct job *j)
{
	struct matter *m = j->given.matter;
	struct write *w = write_change(j, m, "cancelled", "cancelled", from_living);

	say_back(j, w, "reply", words_by(j, "cancelled_back", LS(number_words(j, m->row.number))));
	return write_submit(j, cancel_tell);
}

static enum step
cancel_tell(struct job *j)
{
	return j->write->outcome == OUT_DONE ? STEP_DONE : cmd_refused(j);
}
