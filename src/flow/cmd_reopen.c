/* reopen: it was not solved after all. Whoever had it, or is responsible for the room, is told. */
#include "base/str.h"
#include "flow/deliver.h"
#include "flow/internal.h"

enum { SNIPPET = 60 };

static step_fn reopen_write, reopen_tell;

const struct cmd cmd_reopen = {
	.name = { "reopen", "重开", "重開" },
	.who = WHO_OWNER,
	.arg = { ARG_REQUEST, ARG_TEXT_MAYBE },
	.start = reopen_write,
	.form = true,
	.from = from_ended,
};

static void
tell_officer(struct job *j, struct write *w, const struct matter *m)
{
	const struct staff *s = roster_staff_id(j->roster, m->row.taken_by);
	const char *text = *j->given.text != '\0' ? j->given.text : m->row.text;
	const char *nick = m->row.nick != NULL ? m->row.nick : "…";

	if (s == NULL)
		s = responsible(j->desk);
	if (s == NULL || staff_same(s, j->by.staff))
		return;
	say_staff(j, w, s, "reopened", m->row.number, words_to(j, s->address, "staff_reopened",
	    LS(number_words(j, m->row.number)), LS(nick), LS(snippet(j, text, SNIPPET))));
}

static enum step
reopen_write(struct job *j)
{
	struct matter *m = j->given.matter;
	struct write *w = write_change(j, m, "reopened", "open", from_ended);

	if (*j->given.text != '\0') {
		w->change.text_role = "added";
		w->change.text = j->given.text;
	}
	write_undue(w, "close");
	tell_officer(j, w, m);
	say_back(j, w, "reply", words_by(j, "reopened_back", LS(number_words(j, m->row.number))));
	return write_submit(j, reopen_tell);
}

static enum step
reopen_tell(struct job *j)
{
	return j->write->outcome == OUT_DONE ? STEP_DONE : cmd_refused(j);
}
