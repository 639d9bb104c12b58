/*
 * A line about a matter that is open already: staff's answer, the asker's thanks, more
 * about it, "still not".  Each is one change; the talk itself was the telling, so the
 * desk adds nothing to it in the room.
 */
#include <string.h>

#include "base/str.h"
#include "flow/deliver.h"
#include "flow/internal.h"

enum { WEAK_WITHIN_MIN = 10, WEAK_ASKED_AFTER_MIN = 10, SNIPPET = 60 };

static step_fn relate_tell;

static enum step
submit(struct job *j)
{
	return write_submit(j, relate_tell);
}

static enum step
relate_tell(struct job *j)
{
	if (j->line != NULL && j->write->outcome == OUT_DONE && j->line->number == 0)
		j->line->number = j->write->number;
	return STEP_DONE;
}

static void
keep_words(struct job *j, struct write *w, const char *role)
{
	w->change.text_role = role;
	w->change.text = j->msg->text != NULL ? j->msg->text : "";
	w->change.links = j->msg->links;
}

/* --- staff --- */

static enum step
strong_answer(struct job *j, struct matter *m)
{
	struct write *w;

	/* Answered for good already: what follows is talk, and talk is not kept. */
	if (matter_ended(m) || matter_is(m, "done") || (matter_is(m, "answered") && str_eq(m->row.answered, "strong")))
		return STEP_DONE;
	w = write_change(j, m, "answered", "answered", from_workable);
	w->change.strength = "strong";
	w->change.source = j->msg->stanza_id;
	keep_words(j, w, "answer");
	write_undue(w, "grace");
	write_undue(w, "weak");
	write_later(w, "close", j->msg->sent + CLOSE_AFTER_H * HOUR);
	return submit(j);
}

/* Staff's first line within ten minutes, with exactly one matter waiting: it may be the answer. */
static bool
may_be_answer(const struct job *j, const struct matter *m)
{
	const struct matter *o;
	size_t waiting = 0;

	TAILQ_FOREACH(o, &j->desk->matters, next)
		waiting += matter_waits(o) || matter_is(o, "asking") || matter_is(o, "taken");
	return waiting == 1 && !matter_answered(m) && !matter_ended(m) && !m->row.is_private &&
	    j->msg->sent >= m->row.sent && j->msg->sent - m->row.sent <= WEAK_WITHIN_MIN * MINUTE &&
	    talk_staff_since(j->desk, m->row.sent, j->line) == 0;
}

static enum step
weak_answer(struct job *j, struct matter *m)
{
	struct write *w;

	if (!may_be_answer(j, m))
		return STEP_DONE;
	w = write_change(j, m, "answered", "answered", from_unanswered);
	w->change.strength = "weak";
	w->change.source = j->msg->stanza_id;
	keep_words(j, w, "answer");
	write_undue(w, "grace");
	write_later(w, "weak", j->msg->sent + WEAK_ASKED_AFTER_MIN * MINUTE);
	return submit(j);
}

static enum step
take(struct job *j, struct matter *m)
{
	struct write *w = write_change(j, m, "taken", "taken", from_unanswered);

	write_undue(w, "grace");
	return submit(j);
}

static enum step
done(struct job *j, struct matter *m)
{
	struct write *w = write_change(j, m, "done", "done", from_workable);

	w->change.source = j->msg->stanza_id;
	keep_words(j, w, "answer");
	write_undue(w, "grace");
	write_undue(w, "weak");
	write_later(w, "close", j->msg->sent + CLOSE_AFTER_H * HOUR);
	return submit(j);
}

/* --- whoever asked --- */

/* What is said in private to the desk, staff has not seen. */
static void
pass_on(struct job *j, struct write *w, const struct matter *m, const char *key)
{
	const struct staff *s = roster_staff_id(j->roster, m->row.taken_by);
	const char *n = number_words(j, m->row.number), *nick = m->row.nick != NULL ? m->row.nick : "…";

	if (s == NULL)
		s = responsible(j->desk);
	/* At night the list holds it; only what is urgent wakes anybody. */
	if (s == NULL || (!m->row.urgent && roster_night(j->roster, j->desk->zone, clock_now())))
		return;
	say_staff(j, w, s, "added", m->row.number, words_to(j, s->address, key, LS(n), LS(nick),
	    LS(snippet(j, j->msg->text, SNIPPET))));
}

static enum step
add(struct job *j, struct matter *m)
{
	struct write *w;

	if (matter_ended(m))
		return STEP_DONE;
	/* The details that were asked for have come: it is staff's turn again. */
	w = write_change(j, m, "added", matter_is(m, "asking") ? "taken" : NULL, from_living);
	keep_words(j, w, "added");
	if (j->msg->way != WAY_ROOM)
		pass_on(j, w, m, "staff_added");
	return submit(j);
}

static enum step
thanked(struct job *j, struct matter *m)
{
	struct write *w;

	if (!matter_answered(m))
		return STEP_DONE;
	w = write_change(j, m, "closed", "closed", from_answered);
	w->change.detail = "thanks";
	return submit(j);
}

/* Not solved after all. What only might have been an answer was none; a real one is opened again. */
static enum step
unsolved(struct job *j, struct matter *m)
{
	bool weak = matter_is(m, "answered") && str_eq(m->row.answered, "weak");
	struct write *w;

	if (!matter_answered(m) && !matter_is(m, "closed"))
		return add(j, m);
	w = write_change(j, m, weak ? "unanswered" : "reopened", "open", from_ended);
	keep_words(j, w, "added");
	write_undue(w, "close");
	write_undue(w, "weak");
	pass_on(j, w, m, "staff_reopened");
	return submit(j);
}

static enum step
take_back(struct job *j, struct matter *m)
{
	if (matter_ended(m))
		return STEP_DONE;
	write_change(j, m, "cancelled", "cancelled", from_living);
	return submit(j);
}

enum step
relate_start(struct job *j, struct matter *m)
{
	switch (j->in.relation) {
	case REL_ANSWER:
		return strong_answer(j, m);
	case REL_ANSWER_WEAK:
		return weak_answer(j, m);
	case REL_TAKEN:
		return take(j, m);
	case REL_DONE:
		return done(j, m);
	case REL_ADDS:
		return add(j, m);
	case REL_THANKS:
		return thanked(j, m);
	case REL_UNSOLVED:
		return unsolved(j, m);
	case REL_CANCEL:
		return take_back(j, m);
	case REL_NONE:
		break;
	}
	return STEP_DONE;
}

/* A picture alone, to the desk: it belongs to the writer's newest matter that is still worked on. */
enum step
relate_file(struct job *j)
{
	struct matter *m;

	TAILQ_FOREACH(m, &j->desk->matters, next)
		if (j->by.who != NULL && str_eq(m->row.asker, j->by.who) && !matter_ended(m))
			return add(j, m);
	return answer_back(j, words_by(j, "desk_hello"));
}

/* --- reactions (XEP-0444) --- */

static struct matter *
reacted_to(const struct job *j)
{
	const struct spoken *s = talk_by_id(j->desk, j->msg->reacts_to);
	struct matter *m;

	if (s != NULL && s->number != 0)
		return desk_matter(j->desk, s->number);
	TAILQ_FOREACH(m, &j->desk->matters, next)
		if (matter_has_id(m, j->msg->reacts_to))
			return m;
	return NULL;
}

/* 👍 or 👎 on an answer counts as satisfaction; the first 👍 also makes a weak answer a real one. */
static enum step
rated(struct job *j, struct matter *m, bool good)
{
	struct write *w;

	if (!matter_answered(m) && !matter_is(m, "closed"))
		return STEP_DONE;
	if (good && matter_is(m, "answered") && str_eq(m->row.answered, "weak")) {
		w = write_change(j, m, "confirmed", NULL, from_answered);
		write_undue(w, "weak");
		write_later(w, "close", j->msg->sent + CLOSE_AFTER_H * HOUR);
		return submit(j);
	}
	w = write_change(j, m, "rated", NULL, from_ended);
	w->change.rating = good ? 5 : 1;
	return submit(j);
}

enum step
react_start(struct job *j)
{
	struct matter *m = reacted_to(j);
	const char *mark = j->msg->reactions != NULL ? j->msg->reactions[0] : NULL;
	bool mine;

	if (m == NULL || mark == NULL)
		return STEP_DONE;
	mine = j->by.who != NULL && str_eq(m->row.asker, j->by.who);
	if (j->by.staff != NULL && strcmp(mark, "👀") == 0)
		return take(j, m);
	if (j->by.staff != NULL && strcmp(mark, "✅") == 0)
		return done(j, m);
	if (mine && (strcmp(mark, "👍") == 0 || strcmp(mark, "👎") == 0))
		return rated(j, m, strcmp(mark, "👍") == 0);
	return STEP_DONE;
}
