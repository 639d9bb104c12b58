/* answer: the station's answer, in its own name, at once. */
#include "flow/deliver.h"
#include "flow/internal.h"

static step_fn answer_write, answer_tell;

const struct cmd cmd_answer = {
	.name = { "answer", "回复", "回覆", "答复", "答覆" },
	.who = WHO_STAFF,
	.arg = { ARG_REQUEST, ARG_TEXT },
	.start = answer_write,
	.form = true,
	.from = from_workable,
};

static enum step
answer_write(struct job *j)
{
	struct matter *m = j->given.matter;
	const char *n = number_words(j, m->row.number), *unit = j->desk->unit_name, *text = deliver_text(m, j->given.text);
	struct write *w;

	if (!deliver_can(m))
		return refuse(j, words_by(j, "no_asker", LS(n)));
	w = write_change(j, m, "answered", "answered", from_workable);
	w->change.strength = "strong";
	w->change.at = clock_now();
	w->change.text_role = "answer";
	w->change.text = text;
	write_undue(w, "grace");
	write_undue(w, "weak");
	write_later(w, "close", clock_now() + CLOSE_AFTER_H * HOUR);
	deliver(j, w, m, "answer", words_room(j, "room_answer", LS(m->row.nick), LS(text), LS(unit)),
	    words_to(j, m->row.asker, "private_answer", LS(unit), LS(n), LS(text)));
	say_back(j, w, "reply", words_by(j, "answer_done", LS(n)));
	return write_submit(j, answer_tell);
}

static enum step
answer_tell(struct job *j)
{
	return j->write->outcome == OUT_DONE ? STEP_DONE : cmd_refused(j);
}
