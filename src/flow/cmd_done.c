/* done: the matter is settled, with words for whoever asked or without. */
#include "flow/deliver.h"
#include "flow/internal.h"

static step_fn done_write, done_tell;

const struct cmd cmd_done = {
	.name = { "done", "办结", "辦結" },
	.who = WHO_STAFF,
	.arg = { ARG_REQUEST, ARG_TEXT_MAYBE },
	.start = done_write,
	.form = true,
	.from = from_workable,
};

/* What whoever asked hears of it: the words, or in private that it is settled and what to do if it is not. */
static void
tell_asker(struct job *j, struct write *w, const struct matter *m, const char *n)
{
	const char *text = deliver_text(m, j->given.text);

	if (*text == '\0')
		say_private(j, w, m->row.asker, "done", words_to(j, m->row.asker, "done_note", LS(n)));
	else
		deliver(j, w, m, "done", words_room(j, "room_done", LS(m->row.nick), LS(text), LS(n)),
		    words_to(j, m->row.asker, "private_done", LS(j->desk->unit_name), LS(n), LS(text)));
}

static enum step
done_write(struct job *j)
{
	struct matter *m = j->given.matter;
	const char *n = number_words(j, m->row.number);
	struct write *w = write_change(j, m, "done", "done", from_workable);

	w->change.at = clock_now();
	if (*j->given.text != '\0') {
		w->change.text_role = "answer";
		w->change.text = deliver_text(m, j->given.text);
	}
	write_undue(w, "grace");
	write_undue(w, "weak");
	write_later(w, "close", clock_now() + CLOSE_AFTER_H * HOUR);
	tell_asker(j, w, m, n);
	say_back(j, w, "reply", words_by(j, "done_done", LS(n)));
	return write_submit(j, done_tell);
}

static enum step
done_tell(struct job *j)
{
	return j->write->outcome == OUT_DONE ? STEP_DONE : cmd_refused(j);
}
