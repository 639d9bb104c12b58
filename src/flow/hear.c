/*
 * What a message means here: the one place where the ways part.  A command goes to
 * cmd.c, a word about an open matter to relate.c, the answer to what the desk asked
 * to reply.c, a request to open.c or candidate.c; everything else ends here, unkept.
 */
#include <string.h>

#include "base/str.h"
#include "flow/deliver.h"
#include "flow/internal.h"

enum { NICKS = 32, SNIPPET = 60, HINT_DAYS = 30, LONE_LINE = 6 };

static step_fn room_line, private_line, room_meaning, request;

/* --- reading --- */

/* The other people who may be named: whoever has spoken lately. */
static const char *const *
occupants(struct job *j)
{
	const char **nick = arena_alloc(j->arena, (NICKS + 1) * sizeof *nick);
	const struct spoken *s;
	size_t n = 0, i;

	TAILQ_FOREACH(s, &j->desk->lines, next) {
		if (n == NICKS)
			break;
		for (i = 0; i < n && !str_eq(nick[i], s->nick); i++)
			;
		if (i == n && s->nick != NULL && !s->by_staff && !s->by_desk && !str_eq(s->nick, j->by.nick))
			nick[n++] = s->nick;
	}
	return nick;
}

static const struct open_matter *
open_matters(struct job *j, size_t *n_r)
{
	struct open_matter *list;
	const struct matter *m;
	size_t n = 0;

	TAILQ_FOREACH(m, &j->desk->matters, next)
		n++;
	list = arena_alloc(j->arena, (n + 1) * sizeof *list);
	n = 0;
	TAILQ_FOREACH(m, &j->desk->matters, next) {
		if (matter_is(m, "cancelled") || matter_is(m, "dropped"))
			continue;
		list[n++] = (struct open_matter){
			.number = m->row.number, .kind = m->row.kind, .nick = m->row.nick != NULL ? m->row.nick : "",
			.text = m->row.text, .mine = j->by.who != NULL && str_eq(m->row.asker, j->by.who),
			.answered = matter_answered(m) || matter_ended(m),
			.quoted = matter_has_id(m, j->msg->reply_to) || (j->quoted != NULL && j->quoted->number == m->row.number),
		};
	}
	*n_r = n;
	return list;
}

/* "#take" and "normal" are no English: only words of one's own after a command tell in what its writer writes. */
static void
command_lang(struct job *j)
{
	const struct cmd *c = cmd_find(j->hall->commands, j->in.command);
	const char *own = "";
	size_t i;

	for (i = 0; c != NULL && i < CMD_ARGS; i++)
		if (c->arg[i] == ARG_TEXT || c->arg[i] == ARG_TEXT_MAYBE)
			own = j->in.rest;
	j->in.lang_known = text_script(j->roster->reader, own, j->arena, &j->in.lang);
}

static void
read_text(struct job *j, const char *text)
{
	struct heard h = {
		.text = text != NULL ? text : "", .by_staff = j->by.staff != NULL, .sent = j->msg->sent,
		.staff_names = j->desk->names, .occupants = occupants(j), .desk = j->hall->conf->nick,
	};

	j->quoted = talk_by_id(j->desk, j->msg->reply_to);
	h.open = open_matters(j, &h.nopen);
	text_read(j->roster->reader, &h, j->arena, &j->in);
	if (j->in.command != NULL)
		command_lang(j);
	if (j->quoted == NULL && j->in.quote != NULL)
		j->quoted = talk_by_quote(j->desk, j->roster->reader, j->in.quote, j->arena);
	/* Answered in the script that was written, unless #lang has said otherwise. */
	if (j->in.lang_known && (j->by.person == NULL || j->by.person->lang == NULL))
		j->by.lang = lang_tag(j->in.lang);
}

/* Whoever speaks to us is answered in this script later, too. */
static void
remember_lang(struct job *j)
{
	if (j->by.who == NULL || !j->in.lang_known)
		return;
	j->by.person = people_get(j->hall->people, j->by.who);
	j->by.person->wrote = lang_tag(j->in.lang);
}

/* A picture or a file alone has its address as its text. */
static bool
is_link_alone(const struct msg *m)
{
	return m->links != NULL && m->links[0] != NULL && (m->text == NULL || str_eq(m->text, m->links[0]));
}

static bool
is_old(const struct job *j)
{
	return j->msg->late && clock_now() - j->msg->sent > OLD_LINE_MIN * MINUTE;
}

/* --- what is neither talk nor command --- */

static enum step
encrypted(struct job *j)
{
	struct write *w;
	instant now = clock_now();

	if (j->by.who == NULL || j->msg->late)
		return STEP_DONE;
	j->by.person = people_get(j->hall->people, j->by.who);
	if (j->by.person->hinted != 0 && now - j->by.person->hinted < HINT_DAYS * DAY)
		return STEP_DONE;
	j->by.person->hinted = now;
	w = write_new(j, WRITE_SAY);
	say_back(j, w, "hint", words_by(j, "encrypted_hint"));
	return write_say(j, w, NULL);
}

/* A correction takes the place of the line that it corrects; of a matter it becomes the newest wording. */
static enum step
corrected(struct job *j, struct spoken *s)
{
	struct matter *m = s->number == 0 ? NULL : desk_matter(j->desk, s->number);
	struct write *w;

	talk_set_text(s, j->msg->text);
	j->line = s;
	if (m == NULL) {
		j->msg->sent = s->sent;
		read_text(j, j->msg->text);
		return room_line(j);
	}
	if (!str_eq(m->row.source, s->stanza_id) || matter_ended(m))
		return STEP_DONE;
	w = write_change(j, m, "added", NULL, from_living);
	w->change.detail = "corrected";
	w->change.text_role = "corrected";
	w->change.text = j->msg->text;
	return write_submit(j, hear_done);
}

enum step
hear_done(struct job *j)
{
	(void)j;
	return STEP_DONE;
}

/* --- the beginning --- */

enum step
hear_start(struct job *j)
{
	struct msg *m = j->msg;
	struct spoken *s;

	speaker_find(j);
	if (m->by_robot)
		return STEP_DONE;
	if (m->way == WAY_FORM)
		return cmd_start(j);
	if (m->encrypted)
		return encrypted(j);
	if (m->reacts_to != NULL)
		return react_start(j);
	if (m->text == NULL && m->links == NULL)
		return STEP_DONE;
	if (m->way != WAY_ROOM) {
		read_text(j, m->text);
		return private_line(j);
	}
	s = m->replaces == NULL ? NULL : talk_by_id(j->desk, m->replaces);
	if (s != NULL && m->text != NULL && str_eq(s->who, m->who))
		return corrected(j, s);
	read_text(j, m->text);
	j->line = talk_add(j->desk, m, j->by.staff != NULL);
	return room_line(j);
}

/* --- in the room --- */

/* A command never runs from history: whoever sent it is told once, in private. */
static enum step
command_from_archive(struct job *j)
{
	struct write *w = write_new(j, WRITE_SAY);

	say_back(j, w, "archive", words_by(j, "cmd_archive"));
	return write_say(j, w, NULL);
}

static const struct span *
private_span(const struct intent *in)
{
	size_t i;

	for (i = 0; i < in->nspans; i++)
		if (in->spans[i].certain &&
		    (strcmp(in->spans[i].what, "id_number") == 0 || strcmp(in->spans[i].what, "bank_card") == 0))
			return &in->spans[i];
	return NULL;
}

/* An identity number or a card in the open: the writer is told how to take it back. */
static enum step
warn_private(struct job *j, const struct span *span)
{
	const char *what = words_by(j, arena_printf(j->arena, "what_%s", span->what));
	instant now = clock_now();
	struct write *w;

	/* Once: who writes it again in the same hour knows. */
	j->by.person = people_get(j->hall->people, j->by.who);
	if (j->by.person->warned != 0 && now - j->by.person->warned < HOUR)
		return room_meaning(j);
	j->by.person->warned = now;
	w = write_new(j, WRITE_SAY);
	say_back(j, w, "private-number", words_by(j, "private_number", LS(what)));
	return write_say(j, w, room_meaning);
}

static enum step
room_line(struct job *j)
{
	const struct intent *in = &j->in;
	const struct span *span = private_span(in);

	if (in->command != NULL || in->half) {
		if (j->msg->late)
			return command_from_archive(j);
		remember_lang(j);
		return cmd_start(j);
	}
	/* Who wished not to be read is read only when speaking to us, or crying for help. */
	if (j->by.staff == NULL && j->by.person != NULL && j->by.person->quiet && !in->addressed &&
	    in->danger != DANGER_CERTAIN)
		return STEP_DONE;
	if (span != NULL && !j->msg->late && j->by.who != NULL)
		return warn_private(j, span);
	return room_meaning(j);
}

/* The matter that a line relates to. */
static struct matter *
about(const struct job *j)
{
	return j->in.relation == REL_NONE ? NULL : desk_matter(j->desk, j->in.about);
}

static enum step
room_meaning(struct job *j)
{
	struct matter *m = about(j);

	if (j->by.staff == NULL && j->in.danger == DANGER_CERTAIN)
		return request(j);
	if (m != NULL)
		return relate_start(j, m);
	if (j->by.staff != NULL || is_link_alone(j->msg))
		return STEP_DONE;
	return request(j);
}

/* --- in private --- */

static enum step
private_line(struct job *j)
{
	struct matter *m = about(j);
	enum step step;

	if (j->msg->way == WAY_STAFF && j->by.staff == NULL)
		return answer_back(j, words_by(j, "staff_hello"));
	remember_lang(j);
	if (pending_answered(j, &step))
		return step;
	if (j->in.command != NULL || j->in.half)
		return cmd_start(j);
	if (j->by.staff != NULL)
		return draft_start(j);
	if (m != NULL && j->in.danger != DANGER_CERTAIN)
		return relate_start(j, m);
	return is_link_alone(j->msg) ? relate_file(j) : request(j);
}

/* --- requests --- */

/* Is something wanted? A line to us in particular may say it with a question alone. */
static bool
wants_answer(const struct job *j, bool in_private)
{
	const struct intent *in = &j->in;

	if (in->kind != NULL && in->band != BAND_NONE)
		return in->kind->needs_answer;
	if (in->addressed || in_private)
		return in->question || (in_private && in->kind == NULL &&
		    strlen(in->body) > utf8_points(in->body, LONE_LINE));
	return false;
}

static const char *
kind_code(const struct job *j)
{
	const struct intent *in = &j->in;

	if (in->danger == DANGER_CERTAIN && kinds_find(j->roster->kinds, "emergency") != NULL)
		return "emergency";
	return in->kind != NULL && in->kind->needs_answer && in->band != BAND_NONE ? in->kind->code : "enquiry";
}

static enum step
listen_note(struct job *j, const char *kind)
{
	const struct staff *s = responsible(j->desk);
	struct write *w = write_new(j, WRITE_SAY);
	const char *lang;

	if (s != NULL) {
		lang = lang_of_address(j, s->address);
		say_staff(j, w, s, "listen", 0, words_to(j, s->address, "staff_listen", LS(j->desk->title),
		    LS(j->by.nick != NULL ? j->by.nick : "…"), LS(snippet(j, j->msg->text, SNIPPET)), LS(kind_words(j->hall, kind, lang))));
	}
	return write_say(j, w, NULL);
}

static enum step
request(struct job *j)
{
	static const char *const bands[] = { [BAND_NONE] = "none", [BAND_LIKELY] = "likely", [BAND_SURE] = "sure" };
	const struct intent *in = &j->in;
	const char *kind = kind_code(j);
	const struct kind *k = kinds_find(j->roster->kinds, kind);
	bool in_private = j->msg->way != WAY_ROOM;
	struct occasion o = {
		.emergency = in->danger == DANGER_CERTAIN, .addressed = in->addressed || in_private, .in_private = in_private,
		.private_kind = (k != NULL && k->is_private) || private_span(in) != NULL,
		.needs_answer = wants_answer(j, in_private) || in->danger == DANGER_CERTAIN,
		.band = in->band, .by_staff = j->by.staff != NULL, .quiet = j->by.person != NULL && j->by.person->quiet,
		.late = is_old(j), .on_duty = roster_on_duty(j->roster, j->desk->unit, clock_now()),
		.reachable = j->by.who != NULL, .declined = j->by.person != NULL && j->by.person->declined >= 2,
		.mode = j->desk->mode,
	};
	struct manner m = manners_of(&o);

	if (m.listen_note)
		return listen_note(j, kind);
	if (m.keep == KEEP_CANDIDATE)
		candidate_add(j, kind);
	if (m.keep == KEEP_MATTER) {
		remember_lang(j);
		return open_matter(j, &m, &o, kind, bands[in->band]);
	}
	/* A greeting to the desk itself is answered by what the desk is for. */
	if (in_private && !(in->kind != NULL && in->band != BAND_NONE))
		return answer_back(j, words_by(j, "desk_hello"));
	return STEP_DONE;
}
