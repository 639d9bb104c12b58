#include "flow/manners.h"

#include <stddef.h>

#include "text/read.h"

/*
 * The table, first fitting row wins.  A condition of ANY does not matter, YES and NO
 * must hold.
 */
enum want { ANY, YES, NO };

struct row {
	const char	*name;
	enum want	 emergency, addressed, in_private, private_kind, sure, likely, needs_answer, late, on_duty;
	struct manner	 manner;
};

#define NOW	TELL_AT_ONCE
#define LATER	TELL_AFTER_GRACE

static const struct row table[] = {
	/*			emerg addr  priv  pkind sure  likely needs late  duty    keep          room    receipt */
	{ "emergency-late",	YES,  ANY,  ANY,  ANY,  ANY,  ANY,   ANY,  YES,  ANY,
	  { .keep = KEEP_MATTER, .late_note = true, .staff_now = true } },
	{ "emergency-private",	YES,  ANY,  YES,  ANY,  ANY,  ANY,   ANY,  NO,   ANY,
	  { .keep = KEEP_MATTER, .receipt = NOW, .staff_now = true } },
	{ "emergency",		YES,  ANY,  NO,   ANY,  ANY,  ANY,   ANY,  NO,   ANY,
	  { .keep = KEEP_MATTER, .room = NOW, .receipt = NOW, .staff_now = true } },

	{ "private-kind",	NO,   ANY,  ANY,  YES,  YES,  ANY,   YES,  NO,   ANY,
	  { .keep = KEEP_MATTER, .receipt = NOW, .staff_now = true } },
	{ "private-addressed",	NO,   YES,  ANY,  YES,  ANY,  ANY,   YES,  NO,   ANY,
	  { .keep = KEEP_MATTER, .receipt = NOW, .staff_now = true } },

	{ "late-addressed",	NO,   YES,  ANY,  ANY,  ANY,  ANY,   YES,  YES,  ANY,
	  { .keep = KEEP_MATTER, .late_note = true, .staff_now = true } },
	{ "late-sure",		NO,   NO,   ANY,  ANY,  YES,  ANY,   YES,  YES,  ANY,
	  { .keep = KEEP_MATTER, .late_note = true, .staff_now = true } },

	/* A 1:1 line waits for an answer as the next thing said: it gets its receipt at once. */
	{ "one-to-one",		NO,   ANY,  YES,  NO,   ANY,  ANY,   YES,  NO,   ANY,
	  { .keep = KEEP_MATTER, .receipt = NOW } },
	{ "addressed-off-duty",	NO,   YES,  NO,   NO,   ANY,  ANY,   YES,  NO,   NO,
	  { .keep = KEEP_MATTER, .receipt = NOW, .room_if_unreachable = true } },
	{ "addressed",		NO,   YES,  NO,   NO,   ANY,  ANY,   YES,  NO,   YES,
	  { .keep = KEEP_MATTER, .receipt = LATER } },

	{ "sure",		NO,   NO,   NO,   NO,   YES,  ANY,   YES,  NO,   ANY,
	  { .keep = KEEP_MATTER, .room = LATER, .receipt = LATER } },
	{ "likely",		NO,   NO,   NO,   ANY,  NO,   YES,   YES,  ANY,  ANY,
	  { .keep = KEEP_CANDIDATE } },
};

static bool
fits(enum want want, bool is)
{
	return want == ANY || (want == YES) == is;
}

static bool
row_fits(const struct row *r, const struct occasion *o)
{
	return fits(r->emergency, o->emergency) && fits(r->addressed, o->addressed) && fits(r->in_private, o->in_private) &&
	    fits(r->private_kind, o->private_kind) && fits(r->sure, o->band == BAND_SURE) &&
	    fits(r->likely, o->band == BAND_LIKELY) && fits(r->needs_answer, o->needs_answer) &&
	    fits(r->late, o->late) && fits(r->on_duty, o->on_duty);
}

struct manner
manners_of(const struct occasion *o)
{
	struct manner m = { .row = "nothing" };
	size_t i;

	if (o->by_robot || o->by_staff)
		return m;
	/* Who asked to be left alone, and a room that speaks only when spoken to: emergencies pass. */
	if (!o->emergency && !o->addressed && !o->in_private && (o->quiet || o->mode == MODE_ADDRESSED))
		return m;
	for (i = 0; i < sizeof table / sizeof *table; i++)
		if (row_fits(&table[i], o)) {
			m = table[i].manner;
			m.row = table[i].name;
			break;
		}
	if (m.keep == KEEP_CANDIDATE && o->declined)
		m.keep = KEEP_NOTHING;
	if (m.room_if_unreachable && !o->reachable)
		m.room = TELL_AT_ONCE;
	/* Listening: the officer sees what would have been registered, and nothing happens. */
	if (o->mode == MODE_LISTEN && !o->emergency && !o->addressed && !o->in_private && m.keep == KEEP_MATTER)
		m = (struct manner){ .listen_note = true, .row = "listen" };
	return m;
}

const char *
manners_forbid(const struct quota *q)
{
	if (!q->live)
		return "out";
	if (q->spoken)
		return "spoken";
	if (q->line_sent != 0 && q->now - q->line_sent > OLD_LINE_MIN * MINUTE)
		return "old";
	if (q->emergency)
		return NULL;
	if (q->mode != MODE_NORMAL)
		return "mode";
	if (q->night)
		return "night";
	if (q->last_is_desk)
		return "running";
	if (q->unasked[0] != 0 && q->now - q->unasked[0] < UNASKED_GAP_MIN * MINUTE)
		return "ten-minutes";
	if (q->unasked[UNASKED_DAY - 1] != 0 && q->now - q->unasked[UNASKED_DAY - 1] < DAY)
		return "six-a-day";
	return NULL;
}

bool
manners_may_ask(instant now, instant asked_last, int declined, bool night, bool quiet)
{
	return !night && !quiet && declined < 2 && (asked_last == 0 || now - asked_last >= 7 * DAY);
}
