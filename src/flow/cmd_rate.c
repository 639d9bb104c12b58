/* rate: how it was, from 1 to 5; only whoever asked can say that. */
#include "base/str.h"
#include "flow/deliver.h"
#include "flow/internal.h"

static step_fn rate_write, rate_tell;
static const char *const from_rateable[] = { "answered", "done", "closed", NULL };

const struct cmd cmd_rate = {
	.name = { "rate", "评价", "評價" },
	.who = WHO_OWNER,
	.arg = { ARG_REQUEST, ARG_RATING },
	.start = rate_write,
	.from = from_rateable,
};

static enum step
rate_write(struct job *j)
{
	struct matter *m = j->given.matter;
	struct write *w;

	/* WHO_OWNER lets staff act for people; nobody rates their own work. */
	if (!str_eq(j->by.who, m->row.asker))
		return refuse(j, words_by(j, "cmd_denied"));
	w = write_change(j, m, "rated", NULL, from_rateable);
	w->change.rating = j->given.rating;
	say_back(j, w, "reply", words_by(j, "rate_done", LS(number_words(j, m->row.number)),
	    LS(number_words(j, j->given.rating))));
	return write_submit(j, rate_tell);
}

static enum step
rate_tell(struct job *j)
{
	return j->write->outcome == OUT_DONE ? STEP_DONE : cmd_refused(j);
}
