#include "flow/say.h"

#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/random.h"
#include "base/str.h"
#include "flow/internal.h"

/* --- lines of a write --- */

static void
add_line(struct job *j, struct write *w, struct line l)
{
	char *id = arena_alloc(j->arena, RANDOM_ID);

	if (w->fx.nlines == sizeof w->fx.line / sizeof *w->fx.line) {
		log_error("hall", "room %s: more lines than a write holds; %s is left out", j->desk->code, l.purpose);
		return;
	}
	random_id(id);
	l.id = id;
	w->fx.line[w->fx.nlines++] = l;
}

void
say_room(struct job *j, struct write *w, const char *purpose, bool unasked, const char *reply_to, const char *text)
{
	add_line(j, w, (struct line){ .way = "room", .body = text, .lang = j->desk->lang, .reply_to = reply_to,
	    .purpose = purpose, .unasked = unasked });
}

/* The first line ever to somebody says what is kept and how to stop it; in danger nobody reads that. */
static const char *
introduced(struct job *j, const char *who, const char *lang, const char *purpose, const char *text)
{
	struct person *p = people_get(j->hall->people, who);

	if (p->known || str_prefix(purpose, "emergency") || roster_staff(j->hall->roster, who) != NULL)
		return text;
	people_save(j->hall->people, &j->hall->store, p, clock_now());
	return arena_printf(j->arena, "%s\n%s", text,
	    lang_say(j->hall->lang, j->arena, lang, "intro", LS(j->desk->unit_name), LN(180)));
}

void
say_private(struct job *j, struct write *w, const char *who, const char *purpose, const char *text)
{
	const char *lang = lang_of_address(j, who);

	if (who == NULL)
		return;
	add_line(j, w, (struct line){ .way = "desk", .to = who, .lang = lang, .purpose = purpose,
	    .body = introduced(j, who, lang, purpose, text) });
}

void
say_staff(struct job *j, struct write *w, const struct staff *s, const char *purpose, long long number, const char *text)
{
	if (s == NULL)
		return;
	if (number != 0)
		people_get(j->hall->people, s->address)->noted = number;
	add_line(j, w, (struct line){ .way = "staff", .to = s->address, .lang = lang_of_address(j, s->address),
	    .purpose = purpose, .body = text });
}

void
say_back(struct job *j, struct write *w, const char *purpose, const char *text)
{
	if (j->msg == NULL || j->by.who == NULL)
		return;
	form_note(j, false, text);
	if (j->msg->way == WAY_DESK || (j->msg->way == WAY_ROOM && j->by.staff == NULL))
		say_private(j, w, j->by.who, purpose, text);
	else
		add_line(j, w, (struct line){ .way = "staff", .to = j->by.who, .lang = j->by.lang,
		    .purpose = purpose, .body = text });
}

void
form_note(struct job *j, bool failed, const char *text)
{
	j->note = text;
	j->note_failed = failed;
}

enum step
answer_back(struct job *j, const char *text)
{
	struct write *w = write_new(j, WRITE_SAY);

	say_back(j, w, "reply", text);
	return write_say(j, w, NULL);
}

enum step
refuse(struct job *j, const char *text)
{
	struct write *w = write_new(j, WRITE_SAY);

	say_back(j, w, "refusal", text);
	form_note(j, true, text);
	return write_say(j, w, NULL);
}

/* --- whom and in which words --- */

const struct staff *
responsible(const struct desk *d)
{
	const struct roster *r = d->hall->roster;
	const struct staff *s = roster_staff_id(r, d->officer);
	size_t i;

	for (i = 0; s == NULL && i < r->nstaff; i++)
		if (strcmp(r->staff[i].role, "officer") == 0 && staff_in_room(&r->staff[i], d->id))
			s = &r->staff[i];
	for (i = 0; s == NULL && i < r->nstaff; i++)
		if (staff_leads(&r->staff[i]) && staff_in_room(&r->staff[i], d->id))
			s = &r->staff[i];
	return s;
}

const char *
snippet(struct job *j, const char *text, size_t points)
{
	struct heard h = { .text = text };
	struct intent in;
	char *s, *p;
	size_t n;

	if (text == NULL)
		return "…";
	text_read(j->hall->roster->reader, &h, j->arena, &in);
	s = text_mask(in.body != NULL && *in.body != '\0' ? in.body : text, &(struct intent){ 0 }, j->arena);
	if (in.nspans > 0)
		s = text_mask(text, &in, j->arena);
	for (p = s; *p != '\0'; p++)
		if (*p == '\n' || *p == '\r' || *p == '\t')
			*p = ' ';
	n = utf8_points(s, points);
	return s[n] == '\0' ? s : arena_printf(j->arena, "%.*s…", (int)n, s);
}

const char *
when_words(struct job *j, const char *lang, instant at)
{
	const struct roster *r = j->hall->roster;
	instant local = roster_local(r, j->desk->zone, at), today = roster_local(r, j->desk->zone, clock_now());
	time_t t = (time_t)(local / USEC);
	struct tm tm;
	char clock[8], date[8];

	gmtime_r(&t, &tm);
	strftime(clock, sizeof clock, "%H:%M", &tm);
	strftime(date, sizeof date, "%m-%d", &tm);
	if (local / DAY == today / DAY)
		return lang_say(j->hall->lang, j->arena, lang, "when_time", LS(clock));
	if (local / DAY == today / DAY + 1)
		return lang_say(j->hall->lang, j->arena, lang, "when_tomorrow", LS(clock));
	return lang_say(j->hall->lang, j->arena, lang, "when_date", LS(date), LS(clock));
}

const char *
kind_words(const struct hall *h, const char *code, const char *lang)
{
	const struct kind *k = kinds_find(h->roster->kinds, code);

	return k == NULL ? code : k->title[lang_of(lang)];
}
