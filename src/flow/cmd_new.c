/*
 * new: registering by hand what the reader missed.  In reply to a line, or quoting it,
 * that line becomes the matter, with the time when it was sent; with words of its own
 * the command is the matter; a resident's bare "#new" means their own newest line.
 */
#include <string.h>

#include "base/str.h"
#include "flow/deliver.h"
#include "flow/internal.h"

enum { SNIPPET = 60 };

static step_fn new_find, new_tell;

const struct cmd cmd_new = {
	.name = { "new", "登记", "登記" },
	.who = WHO_ANYBODY,
	.arg = { ARG_TEXT_MAYBE },
	.start = new_find,
	.form = true,
};

/* --- what is meant --- */

/* The speaker's newest line in the room that belongs to no matter; not the command itself. */
static const struct spoken *
own_newest(const struct job *j)
{
	const struct spoken *s;

	TAILQ_FOREACH(s, &j->desk->lines, next) {
		if (j->by.who == NULL || s->sent < clock_now() - LINES_KEPT_H * HOUR)
			return NULL;
		if (s != j->line && str_eq(s->who, j->by.who) && s->number == 0 && s->text != NULL &&
		    strchr("#/!", s->text[0]) == NULL && !str_prefix(s->text, "＃"))
			return s;
	}
	return NULL;
}

static struct candidate *
candidate_of(const struct desk *d, const char *key)
{
	struct candidate *c;

	TAILQ_FOREACH(c, &d->candidates, next)
		if (key != NULL && (str_eq(c->key, key) || str_eq(c->stanza_id, key)))
			return c;
	return NULL;
}

/* What the words are about; whatever is registered by hand is at least an enquiry. */
static const struct kind *
kind_of(struct job *j, const char *text, instant sent)
{
	struct heard h = { .text = text, .sent = sent };
	struct intent in;

	text_read(j->roster->reader, &h, j->arena, &in);
	j->given.missed = in.band == BAND_NONE || in.kind == NULL || !in.kind->needs_answer;
	if (in.kind != NULL && in.kind->needs_answer && in.band != BAND_NONE)
		return in.kind;
	return kinds_find(j->roster->kinds, "enquiry");
}

/* What the reader thought when it became a candidate; the administrator may have ended that kind since. */
static const struct kind *
kind_of_candidate(struct job *j, const struct candidate *c)
{
	const struct kind *k = kinds_find(j->roster->kinds, c->code);

	return k != NULL ? k : kind_of(j, c->text, c->sent);
}

/* --- the opening --- */

static struct opening *
opening_new(struct job *j, const struct kind *k)
{
	struct write *w = write_new(j, WRITE_OPEN);

	w->opening = (struct opening){
		.room = j->desk->id, .kind = k != NULL ? k->code : "enquiry", .band = "hand", .way = "room", .addressed = true,
		.is_private = k != NULL && k->is_private, .urgent = k != NULL && k->urgent,
		.role = j->by.staff != NULL ? "staff" : "resident", .staff = j->by.staff != NULL ? j->by.staff->id : 0,
	};
	return &w->opening;
}

static const char *const *
copy_links(struct job *j, char *const *links)
{
	const char **out;
	size_t n = 0, i;

	while (links != NULL && links[n] != NULL)
		n++;
	out = arena_alloc(j->arena, (n + 1) * sizeof *out);
	for (i = 0; i < n; i++)
		out[i] = arena_strdup(j->arena, links[i]);
	return out;
}

/* The promise counts from now, in the kind's own hours: who registers an old line is not told that it is late. */
static const char *
answer_by(struct job *j, const struct kind *k)
{
	instant now = clock_now(), target = k != NULL && k->first_answer != 0 ? k->first_answer : DAY;

	return when_words(j, j->by.lang, k != NULL && k->duty_hours ?
	    roster_duty_add(j->roster, j->desk->unit, now, target) : now + target);
}

/* The responsible officer is told at once only of what is urgent or private; the rest is on the list. */
static void
tell_officer(struct job *j, struct write *w)
{
	const struct opening *o = &w->opening;
	const struct staff *s = responsible(j->desk);

	if (s == NULL || staff_same(s, j->by.staff) || !(o->urgent || o->is_private))
		return;
	if (o->is_private)
		say_staff(j, w, s, "private", 0, words_to(j, s->address, "staff_new_private", LS(NUMBER_TO_COME),
		    LS(kind_words(j->hall, o->kind, lang_of_address(j, s->address))), LS(j->desk->title)));
	else
		say_staff(j, w, s, "urgent", 0, words_to(j, s->address, "staff_emergency", LS(NUMBER_TO_COME),
		    LS(j->desk->title), LS(o->nick != NULL ? o->nick : "…"), LS(snippet(j, o->text, SNIPPET))));
}

/* What the speaker is told; the number takes the place of NUMBER_TO_COME. */
static const char *
receipt(struct job *j, const struct opening *o, const char *number)
{
	const struct kind *k = kinds_find(j->roster->kinds, o->kind);
	const struct staff *s = responsible(j->desk);
	const char *officer = s != NULL ? staff_title(s) : words_by(j, "officer_any");

	if (j->by.staff != NULL)
		return words_by(j, "new_done", LS(number), LS(snippet(j, o->text, SNIPPET)));
	if (o->is_private)
		return words_by(j, "receipt_private", LS(number), LS(officer), LS(answer_by(j, k)));
	return words_by(j, "receipt", LS(number), LS(officer), LS(answer_by(j, k)));
}

static enum step
submit(struct job *j)
{
	struct write *w = j->write;

	tell_officer(j, w);
	say_back(j, w, "receipt", receipt(j, &w->opening, NUMBER_TO_COME));
	return write_submit(j, new_tell);
}

/* --- the steps --- */

/* The line keeps its own key: it can not be registered twice, by whomever. */
static enum step
register_line(struct job *j, const struct spoken *s)
{
	const struct candidate *c = candidate_of(j->desk, s->stanza_id);
	const char *more = j->given.text, *text = s->text != NULL ? s->text : "";
	struct opening *o;

	if (*more != '\0')
		text = arena_printf(j->arena, "%s\n%s", text, more);
	o = opening_new(j, c != NULL ? kind_of_candidate(j, c) : kind_of(j, text, s->sent));
	if (s->stanza_id != NULL)
		j->write->key = arena_strdup(j->arena, s->stanza_id);
	o->source = arena_strdup(j->arena, s->stanza_id);
	o->sent = s->sent;
	o->asker = s->by_staff ? NULL : arena_strdup(j->arena, s->who);
	o->nick = arena_strdup(j->arena, s->nick);
	o->text = arena_strdup(j->arena, text);
	o->links = copy_links(j, s->links);
	return submit(j);
}

/* A resident's words are their own matter; staff's are somebody's who is not here to be told. */
static enum step
register_words(struct job *j)
{
	const struct msg *m = j->msg;
	struct opening *o = opening_new(j, kind_of(j, j->given.text, m->sent));

	o->sent = m->sent;
	o->text = j->given.text;
	o->links = m->links;
	if (j->by.staff != NULL || m->way != WAY_ROOM)
		o->way = "private";
	if (j->by.staff == NULL) {
		o->asker = j->by.who;
		o->nick = j->by.nick;
		o->source = m->stanza_id;
	}
	return submit(j);
}

static enum step
new_find(struct job *j)
{
	const struct spoken *s = j->quoted;

	if (s != NULL && s->number != 0)
		return refuse(j, words_by(j, "new_already", LS(number_words(j, s->number))));
	if (s != NULL && !s->by_desk)
		return register_line(j, s);
	if (*j->given.text != '\0')
		return register_words(j);
	if (j->msg->reply_to != NULL || j->in.quote != NULL)
		return refuse(j, words_by(j, "new_line_gone"));
	s = j->by.staff == NULL ? own_newest(j) : NULL;
	return s != NULL ? register_line(j, s) : refuse(j, words_by(j, "new_what"));
}

enum step
candidate_register(struct job *j, struct candidate *c)
{
	struct opening *o = opening_new(j, kind_of_candidate(j, c));

	o->band = "likely";		/* the reader found it, the writer agreed */
	o->addressed = false;
	j->write->key = arena_strdup(j->arena, c->key);
	o->source = arena_strdup(j->arena, c->stanza_id);
	o->sent = c->sent;
	o->asker = arena_strdup(j->arena, c->who);
	o->nick = arena_strdup(j->arena, c->nick);
	o->text = arena_strdup(j->arena, c->text);
	o->links = copy_links(j, c->links);
	return submit(j);
}

/* The line is remembered as a matter's, and is a candidate no longer. */
static void
settle(struct job *j)
{
	const struct write *w = j->write;
	struct spoken *s = talk_by_id(j->desk, w->opening.source);
	struct candidate *c = candidate_of(j->desk, w->key);

	if (s != NULL)
		s->number = w->number;
	if (c != NULL)
		candidate_free(c);
}

static enum step
new_tell(struct job *j)
{
	const struct write *w = j->write;

	if ((w->outcome == OUT_DONE || w->outcome == OUT_AGAIN) && w->number != 0)
		settle(j);
	if (w->outcome == OUT_AGAIN && w->number != 0)
		return refuse(j, words_by(j, "new_already", LS(number_words(j, w->number))));
	if (w->outcome != OUT_DONE)
		return cmd_refused(j);
	/* What it had seen by itself it need not learn. */
	if (j->given.missed)
		lesson_teach(j, "new", w->number, NULL, NULL, w->opening.text);
	form_note(j, false, receipt(j, &w->opening, number_words(j, w->number)));
	return STEP_DONE;
}
