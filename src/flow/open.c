/* Registering: the matter, its clock, and who is told at once, as the manner says. */
#include <string.h>

#include "base/str.h"
#include "flow/internal.h"

enum { SNIPPET = 60 };

static step_fn open_tell;

/* "police=110;fire=119": the number for this danger; the first one if it has none of its own. */
static const char *
emergency_number(struct job *j)
{
	const char *list = j->desk->emergency, *what = j->in.danger_kind != NULL ? j->in.danger_kind : "", *p, *eq;
	size_t n = strlen(what);

	for (p = list; *p != '\0'; p += strcspn(p, ";"), p += *p == ';')
		if (n > 0 && strncmp(p, what, n) == 0 && p[n] == '=')
			return arena_strndup(j->arena, p + n + 1, strcspn(p + n + 1, ";"));
	eq = strchr(list, '=');
	return eq == NULL ? list : arena_strndup(j->arena, eq + 1, strcspn(eq + 1, ";"));
}

instant
answer_due(const struct desk *d, const char *kind, instant sent)
{
	const struct roster *r = d->hall->roster;
	const struct kind *k = kinds_find(r->kinds, kind);
	instant target = k != NULL && k->first_answer != 0 ? k->first_answer : DAY;

	/* Outside the hours of the office the answer comes when it opens, whatever the kind's clock. */
	return k != NULL && k->duty_hours ? roster_duty_add(r, d->unit, sent, target) : sent + target;
}

const char *
officer_words(struct job *j, const char *lang)
{
	const struct staff *s = responsible(j->desk);

	return s != NULL ? staff_title(s) : lang_say(j->hall->lang, j->arena, lang, "officer_any");
}

/* --- who is told --- */

static void
tell_room(struct job *j, struct write *w, const struct occasion *o)
{
	const char *nick = j->by.nick != NULL ? j->by.nick : "", *lang = j->desk->lang;
	struct quota q = {
		.now = clock_now(), .emergency = true, .mode = j->desk->mode, .live = j->desk->live, .line_sent = j->msg->sent,
	};

	if (manners_forbid(&q) != NULL)
		return;
	if (o->emergency)
		say_room(j, w, "emergency", true, j->msg->stanza_id, words_room(j, "room_emergency", LS(nick), LS(emergency_number(j))));
	else
		say_room(j, w, "offduty", false, j->msg->stanza_id, words_room(j, "room_offduty", LS(nick), LS(NUMBER_TO_COME),
		    LS(officer_words(j, lang)), LS(when_words(j, lang, answer_due(j->desk, w->opening.kind, w->opening.sent)))));
}

static void
tell_writer(struct job *j, struct write *w, const struct occasion *o)
{
	const char *when = when_words(j, j->by.lang, answer_due(j->desk, w->opening.kind, w->opening.sent));
	const char *officer = officer_words(j, j->by.lang);

	if (j->by.who == NULL)
		return;
	if (o->emergency)
		say_private(j, w, j->by.who, "emergency", words_by(j, "receipt_emergency", LS(emergency_number(j)), LS(NUMBER_TO_COME)));
	else if (w->opening.is_private)
		say_private(j, w, j->by.who, "receipt", words_by(j, "receipt_private", LS(NUMBER_TO_COME), LS(officer), LS(when)));
	else
		say_private(j, w, j->by.who, "receipt", words_by(j, "receipt", LS(NUMBER_TO_COME), LS(officer), LS(when)));
}

/* Nobody is woken for what can wait; the list holds it. */
static void
tell_officer(struct job *j, struct write *w, const struct occasion *o)
{
	const struct staff *s = responsible(j->desk);
	const char *nick = j->by.nick != NULL ? j->by.nick : "…", *lang, *what;

	if (s == NULL || (!w->opening.urgent && !o->emergency && roster_night(j->roster, j->desk->zone, clock_now())))
		return;
	lang = lang_of_address(j, s->address);
	what = snippet(j, j->msg->text, SNIPPET);
	if (o->late)
		say_staff(j, w, s, "late", 0, lang_say(j->hall->lang, j->arena, lang, "staff_late", LS(NUMBER_TO_COME),
		    LS(j->desk->title), LS(nick), LS(what), LS(when_words(j, lang, j->msg->sent))));
	else if (w->opening.is_private && !o->emergency)
		say_staff(j, w, s, "private", 0, lang_say(j->hall->lang, j->arena, lang, "staff_new_private", LS(NUMBER_TO_COME),
		    LS(kind_words(j->hall, w->opening.kind, lang)), LS(j->desk->title)));
	else
		say_staff(j, w, s, "urgent", 0, lang_say(j->hall->lang, j->arena, lang, "staff_emergency", LS(NUMBER_TO_COME),
		    LS(j->desk->title), LS(nick), LS(what)));
}

/* --- the opening --- */

static struct opening
opening_of(const struct job *j, const struct occasion *o, const char *kind, const char *band)
{
	const struct kind *k = kinds_find(j->roster->kinds, kind);
	const struct msg *m = j->msg;

	return (struct opening){
		.room = j->desk->id, .kind = kind, .band = band, .way = m->way == WAY_ROOM ? "room" : "private",
		.addressed = o->addressed, .is_private = o->private_kind || o->in_private,
		.urgent = o->emergency || (k != NULL && k->urgent), .late = o->late, .source = m->stanza_id, .sent = m->sent,
		.asker = j->by.who, .nick = j->by.nick, .text = m->text != NULL ? m->text : "", .links = m->links, .role = "resident",
	};
}

enum step
open_matter(struct job *j, const struct manner *m, const struct occasion *o, const char *kind, const char *band)
{
	struct write *w = write_new(j, WRITE_OPEN);
	const struct kind *k = kinds_find(j->roster->kinds, kind);

	w->opening = opening_of(j, o, kind, band);
	if (m->room == TELL_AT_ONCE)
		tell_room(j, w, o);
	if (m->receipt == TELL_AT_ONCE)
		tell_writer(j, w, o);
	if (m->late_note && j->by.who != NULL)
		say_private(j, w, j->by.who, "late", words_by(j, "receipt_late", LS(NUMBER_TO_COME),
		    LS(when_words(j, j->by.lang, j->msg->sent))));
	if (m->staff_now || w->opening.urgent)
		tell_officer(j, w, o);
	if (m->room == TELL_AFTER_GRACE || m->receipt == TELL_AFTER_GRACE)
		write_later(w, "grace", j->msg->sent + (k != NULL ? k->grace : 0) * j->hall->conf->grace_percent / 100);
	return write_submit(j, open_tell);
}

static enum step
open_tell(struct job *j)
{
	if ((j->write->outcome == OUT_DONE || j->write->outcome == OUT_AGAIN) && j->line != NULL)
		j->line->number = j->write->number;
	return STEP_DONE;
}
