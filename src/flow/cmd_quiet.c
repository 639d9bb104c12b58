/* quiet: "do not read what I write", unless it names the desk or staff. */
#include "base/str.h"
#include "flow/internal.h"

static step_fn quiet_set;

const struct cmd cmd_quiet = {
	.name = { "quiet", "免打扰", "免打擾" },
	.who = WHO_ANYBODY,
	.arg = { ARG_SWITCH },
	.start = quiet_set,
};

static enum step
quiet_set(struct job *j)
{
	bool on = !str_eq(j->given.text, "off");
	struct person *p;
	enum step step;

	if (j->by.who == NULL)
		return refuse(j, words_by(j, "no_address"));
	p = people_get(j->hall->people, j->by.who);
	p->quiet = on;
	/* The answer first: saving makes the person known, and then the desk no longer introduces itself. */
	step = answer_back(j, on ? words_by(j, "quiet_on") : words_by(j, "quiet_off"));
	people_save(j->hall->people, &j->hall->store, p, clock_now());
	return step;
}
