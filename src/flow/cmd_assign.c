/* assign: a colleague of the same room takes it over, and is told. */
#include "flow/deliver.h"
#include "flow/internal.h"

enum { SNIPPET = 60 };

static step_fn assign_write, assign_tell;

const struct cmd cmd_assign = {
	.name = { "assign", "转给", "轉給" },
	.who = WHO_STAFF,
	.arg = { ARG_REQUEST, ARG_STAFF },
	.start = assign_write,
	.form = true,
	.from = from_workable,
};

static enum step
assign_write(struct job *j)
{
	struct matter *m = j->given.matter;
	const struct staff *to = j->given.person;
	const char *n = number_words(j, m->row.number), *nick = m->row.nick != NULL ? m->row.nick : "…";
	struct write *w;

	if (!staff_in_room(to, m->row.room))
		return refuse(j, words_by(j, "assign_not_here", LS(staff_title(to)), LS(j->desk->title)));
	w = write_change(j, m, "assigned", "taken", from_workable);
	w->change.target = to->id;
	write_undue(w, "grace");
	write_undue(w, "close");
	if (!staff_same(to, j->by.staff))
		say_staff(j, w, to, "assigned", m->row.number, words_to(j, to->address, "assigned_to_you", LS(n),
		    LS(staff_title(j->by.staff)), LS(nick), LS(snippet(j, m->row.text, SNIPPET))));
	say_back(j, w, "reply", staff_same(to, j->by.staff) ? words_by(j, "take_done", LS(n)) :
	    words_by(j, "assign_done", LS(n), LS(staff_title(to))));
	return write_submit(j, assign_tell);
}

static enum step
assign_tell(struct job *j)
{
	return j->write->outcome == OUT_DONE ? STEP_DONE : cmd_refused(j);
}
