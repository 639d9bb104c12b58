/* The answer to something that the desk asked in private, and staff's plain private lines: drafts. */
#include <string.h>

#include "base/str.h"
#include "flow/deliver.h"
#include "flow/internal.h"

static step_fn weak_said, draft_tell;

/* --- 1 or 2 --- */

static enum step
candidate_said(struct job *j, struct person *p, bool yes)
{
	struct candidate *c = candidate_find(j->hall, p->about);

	if (!yes) {
		p->declined++;
		people_save(j->hall->people, &j->hall->store, p, clock_now());
		if (c != NULL)
			candidate_free(c);
		return answer_back(j, words_by(j, "candidate_no"));
	}
	if (c == NULL)
		return answer_back(j, words_by(j, "candidate_gone"));
	if (c->desk != j->desk)
		return STEP_DONE;
	return candidate_register(j, c);
}

static enum step
weak_confirm(struct job *j, struct person *p, bool yes)
{
	struct matter *m = hall_matter(j->hall, p->about);
	struct desk *d = m == NULL ? NULL : hall_desk_id(j->hall, m->row.room);
	struct write *w;

	if (m == NULL || d == NULL)
		return answer_back(j, words_by(j, "cmd_no_matter", LS(number_words(j, p->about))));
	j->given.number = p->about;
	j->given.rating = yes;
	if (d != j->desk)
		return job_move(j, d, weak_said);
	/* A late "1" counts, too: the matter may have been opened again for want of it. */
	w = yes ? write_change(j, m, "confirmed", "answered", from_workable) :
	    write_change(j, m, "unanswered", m->row.taken_by != 0 ? "taken" : "open", from_answered);
	write_undue(w, "weak");
	write_undue(w, "lapse");
	if (!yes)
		write_later(w, "grace", clock_now());	/* the ladder goes on */
	else
		write_later(w, "close", clock_now() + CLOSE_AFTER_H * HOUR);
	j->given.matter = m;
	say_back(j, w, "reply", words_by(j, yes ? "staff_weak_yes" : "staff_weak_no", LS(number_words(j, m->row.number))));
	return write_submit(j, cmd_refused);
}

/* The same, at the desk of the matter's room. */
static enum step
weak_said(struct job *j)
{
	struct person p = { .about = j->given.number };

	return weak_confirm(j, &p, j->given.rating != 0);
}

static enum step
draft_said(struct job *j, struct person *p, bool yes)
{
	if (!yes)
		return answer_back(j, words_by(j, "draft_dropped"));
	/* Sending a draft is answering: the same row, the same rights, the same words. */
	j->in.command = "answer";
	j->in.number = p->about;
	j->in.rest = arena_strdup(j->arena, p->draft);
	return cmd_start(j);
}

bool
pending_answered(struct job *j, enum step *step_r)
{
	struct person *p = j->by.person;
	enum pending what = p == NULL ? PENDING_NONE : person_pending(p, clock_now());
	bool yes = j->in.verdict == 1;

	if (what == PENDING_NONE || j->in.verdict == 0)
		return false;
	switch (what) {
	case PENDING_CANDIDATE:
		*step_r = candidate_said(j, p, yes);
		break;
	case PENDING_WEAK:
		*step_r = weak_confirm(j, p, yes);
		break;
	case PENDING_DRAFT:
		*step_r = draft_said(j, p, yes);
		break;
	case PENDING_NONE:
		break;
	}
	person_pend(p, PENDING_NONE, 0, NULL, clock_now());
	return true;
}

/* --- drafts --- */

/* The matter that the line replied to is about, in whichever room. */
static struct matter *
replied_to(const struct job *j)
{
	struct matter *m;
	struct desk *d;

	if (j->msg->reply_to == NULL)
		return NULL;
	TAILQ_FOREACH(d, &j->hall->desks, link)
		TAILQ_FOREACH(m, &d->matters, next)
			if (matter_has_id(m, j->msg->reply_to))
				return m;
	return NULL;
}

/* What a plain line of staff is about: what it replies to, what they were last told of, the only one they have. */
static struct matter *
meant(struct job *j)
{
	struct matter *m = replied_to(j), *x, *only = NULL;
	struct desk *d;
	size_t n = 0;

	if (m == NULL && j->in.relation != REL_NONE && j->in.relation != REL_ANSWER_WEAK)
		m = hall_matter(j->hall, j->in.about);
	if (m == NULL)
		m = hall_matter(j->hall, j->by.person->noted);
	if (m != NULL && !matter_ended(m))
		return m;
	TAILQ_FOREACH(d, &j->hall->desks, link)
		TAILQ_FOREACH(x, &d->matters, next)
			if (x->row.taken_by == j->by.staff->id && (matter_is(x, "taken") || matter_is(x, "asking"))) {
				only = x;
				n++;
			}
	return n == 1 ? only : NULL;
}

enum step
draft_start(struct job *j)
{
	struct matter *m;
	struct desk *d;
	struct write *w;

	j->by.person = people_get(j->hall->people, j->by.who);
	m = j->given.number != 0 ? hall_matter(j->hall, j->given.number) : meant(j);
	if (m == NULL || j->msg->text == NULL)
		return answer_back(j, words_by(j, "draft_which"));
	d = hall_desk_id(j->hall, m->row.room);
	j->given.number = m->row.number;
	if (d != j->desk)
		return job_move(j, d, draft_start);
	if (!cmd_may(cmd_find(j->hall->commands, "answer"), j->by.staff, d, m, j->by.who))
		return refuse(j, words_by(j, "cmd_denied"));
	w = write_new(j, WRITE_SAY);
	w->number = m->row.number;
	say_back(j, w, "draft", words_by(j, "draft", LS(d->unit_name), LS(number_words(j, m->row.number)),
	    LS(deliver_text(m, j->msg->text))));
	return write_say(j, w, draft_tell);
}

/* Shown, and only then waiting for its "1". */
static enum step
draft_tell(struct job *j)
{
	if (j->write->outcome == OUT_DONE)
		person_pend(j->by.person, PENDING_DRAFT, j->given.number, j->msg->text, clock_now());
	return STEP_DONE;
}
