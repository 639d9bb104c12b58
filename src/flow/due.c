/*
 * Something is due: the grace time is over, a weak answer was not confirmed, an answered
 * matter has been quiet for three days.  The item's row goes away with the change that it
 * causes; if the matter no longer wants it, it is dropped.
 */
#include <string.h>

#include "base/str.h"
#include "flow/deliver.h"
#include "flow/internal.h"

enum { SNIPPET = 60, WEAK_LAPSE_MIN = 10 };

static void
on_dropped(struct op *op)
{
	((struct hall *)op->ctx)->nops--;
	op_free(&op);
}

static enum step
drop(struct job *j)
{
	struct op *op = op_new();

	op->done = on_dropped;
	op->ctx = j->hall;
	j->hall->nops++;
	store_drop_due(&j->hall->store, op, j->number, j->due.what);
	return STEP_DONE;
}

static struct write *
say_of(struct job *j, const struct matter *m)
{
	struct write *w = write_new(j, WRITE_SAY);

	w->number = m->row.number;
	write_undue(w, j->due.what);
	return w;
}

/* --- grace --- */

static const char *
forbidden(const struct job *j, const struct matter *m)
{
	struct quota q = {
		.now = clock_now(), .night = roster_night(j->roster, j->desk->zone, clock_now()), .last_is_desk = j->desk->last_is_desk,
		.spoken = m->row.spoken, .line_sent = m->row.sent, .mode = j->desk->mode, .live = j->desk->live,
	};

	memcpy(q.unasked, j->desk->unasked, sizeof q.unasked);
	return manners_forbid(&q);
}

/* Nobody of staff has said a word about it: the desk speaks once, mostly to one person. */
static enum step
grace_over(struct job *j, const struct matter *m)
{
	const char *n = number_words(j, m->row.number), *lang = j->desk->lang;
	instant by = answer_due(j->desk, m->row.kind, m->row.sent);
	struct write *w;

	if (!matter_waits(m))
		return drop(j);
	w = say_of(j, m);
	if (!m->row.addressed && deliver_in_room(m) && forbidden(j, m) == NULL)
		say_room(j, w, "grace", true, m->row.source, words_room(j, "room_grace", LS(m->row.nick), LS(n),
		    LS(officer_words(j, lang)), LS(when_words(j, lang, by))));
	else if (m->row.asker != NULL && (m->row.addressed || !roster_on_duty(j->roster, j->desk->unit, clock_now()))) {
		lang = lang_of_address(j, m->row.asker);
		say_private(j, w, m->row.asker, "receipt", lang_say(j->hall->lang, j->arena, lang, "receipt", LS(n),
		    LS(officer_words(j, lang)), LS(when_words(j, lang, by))));
	}
	return write_say(j, w, NULL);
}

/* --- a weak answer --- */

/* Staff's nights are left in peace. */
static instant
morning(const struct job *j)
{
	instant at = clock_now();

	while (roster_night(j->roster, j->desk->zone, at))
		at += 10 * MINUTE;
	return at;
}

static enum step
weak_over(struct job *j, const struct matter *m)
{
	const struct staff *s = roster_staff_id(j->roster, m->row.answered_by);
	const char *n = number_words(j, m->row.number);
	struct person *p;
	struct write *w;

	if (!matter_is(m, "answered") || !str_eq(m->row.answered, "weak"))
		return drop(j);
	if (s == NULL)
		s = responsible(j->desk);
	w = say_of(j, m);
	if (!m->row.urgent && morning(j) > clock_now()) {
		write_later(w, "weak", morning(j));
		return write_say(j, w, NULL);
	}
	write_later(w, "lapse", clock_now() + WEAK_LAPSE_MIN * MINUTE);
	if (s != NULL) {
		say_staff(j, w, s, "weak", m->row.number, words_to(j, s->address, "staff_weak", LS(n), LS(snippet(j, m->row.text, SNIPPET))));
		p = people_get(j->hall->people, s->address);
		person_pend(p, PENDING_WEAK, m->row.number, NULL, clock_now());
	}
	return write_say(j, w, NULL);
}

/* Nobody said that it was the answer: it was none, and the ladder goes on. */
static enum step
weak_lapsed(struct job *j, struct matter *m)
{
	struct write *w;

	if (!matter_is(m, "answered") || !str_eq(m->row.answered, "weak"))
		return drop(j);
	w = write_change(j, m, "unanswered", m->row.taken_by != 0 ? "taken" : "open", from_answered);
	write_undue(w, "lapse");
	write_later(w, "grace", clock_now());
	return write_submit(j, hear_done);
}

/* --- three days of silence --- */

static enum step
close_by_time(struct job *j, struct matter *m)
{
	struct write *w;

	if (!matter_answered(m))
		return drop(j);
	w = write_change(j, m, "closed", "closed", from_answered);
	w->change.detail = "time";
	write_undue(w, "close");
	return write_submit(j, hear_done);
}

enum step
due_start(struct job *j)
{
	struct matter *m = desk_matter(j->desk, j->number);

	/* Not in the room, or not yet through its archive: staff's answer or the asker's thanks may stand there. */
	if (!j->desk->live)
		return desk_hold(j);
	j->by.lang = j->desk->lang;
	if (m == NULL)
		return drop(j);
	if (strcmp(j->due.what, "grace") == 0)
		return grace_over(j, m);
	if (strcmp(j->due.what, "weak") == 0)
		return weak_over(j, m);
	if (strcmp(j->due.what, "lapse") == 0)
		return weak_lapsed(j, m);
	if (strcmp(j->due.what, "close") == 0)
		return close_by_time(j, m);
	return drop(j);
}
