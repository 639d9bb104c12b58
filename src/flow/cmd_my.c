/* my: what the speaker has asked, wherever: what is open, and what ended lately. */
#include "base/str.h"
#include "flow/deliver.h"
#include "flow/internal.h"

enum { ENDED_DAYS = 30 };

static step_fn my_load, my_tell;

const struct cmd cmd_my = {
	.name = { "my", "我的" },
	.who = WHO_ANYBODY,
	.start = my_load,
};

static enum step
my_load(struct job *j)
{
	if (j->by.who == NULL)
		return refuse(j, words_by(j, "no_address"));
	store_load_of_person(&j->hall->store, load_op(j, my_tell), j->by.who, clock_now() - ENDED_DAYS * DAY);
	return STEP_WAIT;
}

static enum step
my_tell(struct job *j)
{
	struct buf b = { 0 };
	const char *text;
	int i;

	if (j->op->err.fault != FAULT_NONE)
		return refuse(j, words_by(j, "cmd_failed"));
	for (i = 0; i < j->op->nrows; i++) {
		struct matter_row m;
		const char *key, *state;

		store_matter_row(j->op, i, &m);
		key = arena_printf(j->arena, "state_%s", m.state);
		state = words_by(j, key);
		buf_addf(&b, "%s%s", i > 0 ? "\n" : "", words_by(j, "my_line", LS(number_words(j, m.number)),
		    LS(kind_words(j->hall, m.kind, j->by.lang)), LS(state),
		    LS(when_words(j, j->by.lang, m.sent))));
	}
	text = b.len > 0 ? arena_strdup(j->arena, b.s) : words_by(j, "my_none");
	buf_free(&b);
	return answer_back(j, text);
}
