/* ask: something is missing; until it comes, the clock of the matter stands still. */
#include "flow/deliver.h"
#include "flow/internal.h"

static step_fn ask_write, ask_tell;

const struct cmd cmd_ask = {
	.name = { "ask", "追问", "追問" },
	.who = WHO_STAFF,
	.arg = { ARG_REQUEST, ARG_TEXT },
	.start = ask_write,
	.form = true,
	.from = from_workable,
};

static enum step
ask_write(struct job *j)
{
	struct matter *m = j->given.matter;
	const char *n = number_words(j, m->row.number), *text = deliver_text(m, j->given.text);
	struct write *w;

	if (!deliver_can(m))
		return refuse(j, words_by(j, "no_asker", LS(n)));
	w = write_change(j, m, "asked", "asking", from_workable);
	w->change.at = clock_now();
	w->change.text_role = "question";
	w->change.text = text;
	write_undue(w, "grace");
	write_undue(w, "close");
	deliver(j, w, m, "question", words_room(j, "room_question", LS(m->row.nick), LS(text), LS(n)),
	    words_to(j, m->row.asker, "private_question", LS(j->desk->unit_name), LS(n), LS(text)));
	say_back(j, w, "reply", words_by(j, "ask_done", LS(n)));
	return write_submit(j, ask_tell);
}

static enum step
ask_tell(struct job *j)
{
	return j->write->outcome == OUT_DONE ? STEP_DONE : cmd_refused(j);
}
