/* Each step of the language: its name, how many words it needs, what it does. */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "stage.h"

struct verb {
	const char	*name;
	int		 words;		/* at least, its name included */
	bool		 before;	/* needs no running hall */
	bool		(*run)(struct stage *, const struct step *);
};

/* --- matching --- */

static bool
matches(struct stage *s, const char *pattern, const char *text)
{
	regex_t re;
	char why[200];
	int rc = regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB);
	bool yes;

	if (rc != 0) {
		regerror(rc, &re, why, sizeof why);
		return fail(s, "/%s/: %s", pattern, why);
	}
	yes = regexec(&re, text, 0, NULL, 0) == 0;
	regfree(&re);
	return yes;
}

/* Names the line that was said, or complains. */
static bool
list(struct stage *s, const struct step *st, struct said *x, const char *pattern)
{
	if (x == NULL) {
		struct said *other = stage_unlisted(s);

		return fail(s, "nothing was said like /%s/%s%s", pattern, other ? "; but " : "", other ? stage_print(s, other) : "");
	}
	if (!matches(s, pattern, x->text ? x->text : ""))
		return s->why != NULL ? false : fail(s, "/%s/ is not what was said: %s", pattern, stage_print(s, x));
	if (x->again != script_flag(st, "again"))
		return fail(s, x->again ? "said twice: %s" : "not said for the second time: %s", stage_print(s, x));
	if (x->failed != script_flag(st, "failed"))
		return fail(s, x->failed ? "a form ended with an error: %s" : "a form should have ended with an error: %s",
		    stage_print(s, x));
	x->listed = true;
	if (script_value(st, "as") != NULL)
		stage_label(s, script_value(st, "as"), x->stanza_id ? x->stanza_id : x->id);
	return true;
}

static bool
run_say(struct stage *s, const struct step *st)
{
	size_t i;

	for (i = 0; i < s->nsaid; i++)
		if (!s->said[i].listed && s->said[i].way == WAY_ROOM && str_eq(s->said[i].room, st->w[1]))
			return list(s, st, &s->said[i], st->w[2]);
	return list(s, st, NULL, st->w[2]);
}

static bool
run_tell(struct stage *s, const struct step *st)
{
	struct person *p = stage_person(s, st->w[1]);
	const char *via = script_value(st, "via");
	size_t i;

	if (p == NULL)
		return fail(s, "%s is no PERSON", st->w[1]);
	for (i = 0; i < s->nsaid; i++) {
		struct said *x = &s->said[i];

		if (x->listed || (x->way != WAY_DESK && x->way != WAY_STAFF) || !str_eq(x->to, p->address))
			continue;
		if (via != NULL && !str_eq(via, x->way == WAY_STAFF ? "staff" : x->room))
			return fail(s, "not said by %s: %s", via, stage_print(s, x));
		return list(s, st, x, st->w[2]);
	}
	return list(s, st, NULL, st->w[2]);
}

static bool
run_formsay(struct stage *s, const struct step *st)
{
	size_t i;

	for (i = 0; i < s->nsaid; i++)
		if (!s->said[i].listed && s->said[i].way == WAY_FORM)
			return list(s, st, &s->said[i], st->w[2]);
	return list(s, st, NULL, st->w[2]);
}

static bool
run_silent(struct stage *s, const struct step *st)
{
	struct said *x = stage_unlisted(s);

	(void)st;
	return x == NULL || fail(s, "not silent: %s", stage_print(s, x));
}

/* --- hearing --- */

static const char **
list_of(struct arena *a, const char *one)
{
	const char **l;

	if (one == NULL)
		return NULL;
	l = arena_alloc(a, 2 * sizeof *l);
	l[0] = *one == '\0' ? NULL : arena_strdup(a, one);
	return l;
}

/* What every way of hearing has in common. Returns NULL and complains if nobody has this name. */
static struct msg *
make(struct stage *s, const struct step *st, enum way way, const char *who, const char *text)
{
	struct person *p = stage_person(s, who);
	const char *sent = script_value(st, "sent");
	struct msg *m;

	if (p == NULL) {
		fail(s, "%s is no PERSON", who);
		return NULL;
	}
	m = msg_new();
	m->way = way;
	m->who = script_flag(st, "hidden") ? NULL : arena_strdup(m->arena, p->address);
	m->text = text == NULL || *text == '\0' ? NULL : arena_strdup(m->arena, text);
	m->late = script_flag(st, "late");
	m->by_robot = script_flag(st, "robot");
	m->encrypted = script_flag(st, "encrypted");
	m->sent = sent != NULL ? script_time(sent) : clock_now();
	m->links = list_of(m->arena, script_value(st, "link"));
	if (script_value(st, "reply") != NULL)
		m->reply_to = arena_strdup(m->arena, stage_id(s, script_value(st, "reply")));
	return m;
}

static bool
hear(struct stage *s, struct msg *m)
{
	if (m == NULL)
		return false;
	hall_hear(keeper_hall(s->keeper), m);
	return stage_settle(s);
}

/* HEAR room nick "text" [id=] [key=] [reply=] [react= to=] [corrects=] [link=] [sent=] [as a nick=] late robot encrypted hidden */
static bool
run_hear(struct stage *s, const struct step *st)
{
	const char *id = script_value(st, "id"), *to = script_value(st, "to"), *react = script_value(st, "react");
	const char *corrects = script_value(st, "corrects"), *nick = script_value(st, "nick"), *key = script_value(st, "key");
	const char *stanza;
	struct msg *m = make(s, st, WAY_ROOM, st->w[2], react != NULL || st->n < 4 ? NULL : st->w[3]);

	if (m == NULL)
		return false;
	if (id == NULL)
		id = arena_printf(s->arena, "h%d", ++s->last_id);
	stanza = arena_strdup(m->arena, id);
	m->room = arena_strdup(m->arena, st->w[1]);
	m->nick = arena_strdup(m->arena, nick != NULL ? nick : stage_person(s, st->w[2])->nick);
	m->stanza_id = stanza;
	m->key = key != NULL ? arena_strdup(m->arena, key) : stanza;
	m->id = arena_printf(m->arena, "own-%s", id);
	if (react != NULL) {
		m->reacts_to = to == NULL ? NULL : arena_strdup(m->arena, stage_id(s, to));
		m->reactions = list_of(m->arena, react);
	}
	if (corrects != NULL)
		m->replaces = arena_printf(m->arena, "own-%s", corrects);
	hall_hear(keeper_hall(s->keeper), m);
	if (!script_flag(st, "nocursor"))
		hall_cursor(keeper_hall(s->keeper), st->w[1], arena_strdup(s->arena, id));
	return stage_settle(s);
}

static void
private_ids(struct stage *s, const struct step *st, struct msg *m)
{
	const char *id = script_value(st, "id");

	m->id = id != NULL ? arena_strdup(m->arena, id) : arena_printf(m->arena, "p%d", ++s->last_id);
	m->key = arena_printf(m->arena, "%s %s", m->who != NULL ? m->who : "hidden", m->id);
}

static bool
run_whisper(struct stage *s, const struct step *st)
{
	struct msg *m = make(s, st, WAY_STAFF, st->w[1], st->w[2]);

	if (m != NULL)
		private_ids(s, st, m);
	return hear(s, m);
}

/* DM room nick "text": to the desk; `pm`: as an occupant's private message */
static bool
run_dm(struct stage *s, const struct step *st)
{
	struct msg *m = make(s, st, WAY_DESK, st->w[2], st->n > 3 ? st->w[3] : NULL);

	if (m == NULL)
		return false;
	m->room = arena_strdup(m->arena, st->w[1]);
	if (script_flag(st, "pm"))
		m->nick = arena_strdup(m->arena, stage_person(s, st->w[2])->nick);
	private_ids(s, st, m);
	return hear(s, m);
}

/* FORM nick verb "value"... [session=] */
static bool
run_form(struct stage *s, const struct step *st)
{
	const char *session = script_value(st, "session");
	struct msg *m = make(s, st, WAY_FORM, st->w[1], NULL);
	const char **values;
	int i, n = 0;

	if (m == NULL)
		return false;
	values = arena_alloc(m->arena, (size_t)(st->n + 1) * sizeof *values);
	for (i = 3; i < st->n; i++)
		if (!str_prefix(st->w[i], "session="))
			values[n++] = arena_strdup(m->arena, st->w[i]);
	m->verb = arena_strdup(m->arena, st->w[2]);
	m->values = values;
	m->session = session != NULL ? arena_strdup(m->arena, session) : arena_printf(m->arena, "session%d", ++s->last_id);
	m->key = arena_printf(m->arena, "%s %s", m->who, m->session);
	return hear(s, m);
}

/* MENU nick "regex": the nodes offered, spaced */
static bool
run_menu(struct stage *s, const struct step *st)
{
	struct person *p = stage_person(s, st->w[1]);
	const struct form *f;
	struct buf b = { 0 };
	bool good;

	if (p == NULL)
		return fail(s, "%s is no PERSON", st->w[1]);
	buf_add(&b, "");
	f = hall_menu(keeper_hall(s->keeper), p->address, s->arena);
	for (; f != NULL && f->node != NULL; f++)
		buf_addf(&b, "%s%s", b.len > 0 ? " " : "", f->node);
	good = matches(s, st->w[2], b.s) || fail(s, "/%s/ is not the menu: %s", st->w[2], b.s);
	buf_free(&b);
	return good;
}

/* --- the world --- */

/* PERSON handle address ["nickname"] */
static bool
run_person(struct stage *s, const struct step *st)
{
	struct person *p = &s->person[s->npersons];

	if (s->npersons == sizeof s->person / sizeof s->person[0])
		return fail(s, "too many people");
	*p = (struct person){ .handle = st->w[1], .address = st->w[2], .nick = st->n > 3 ? st->w[3] : st->w[1] };
	s->npersons++;
	return true;
}

static bool
run_leave(struct stage *s, const struct step *st)
{
	struct person *p = stage_person(s, st->w[1]);

	if (p == NULL)
		return fail(s, "%s is no PERSON", st->w[1]);
	p->away = str_eq(st->w[0], "LEAVE");
	return true;
}

/* DO "sql": as an administrator would */
static bool
run_do(struct stage *s, const struct step *st)
{
	const char *answer = stage_sql(s, st->w[1]);

	if (str_prefix(answer, "error: "))
		return fail(s, "%s", answer);
	if (s->keeper == NULL)
		return true;
	stage_run(s, 60);	/* until a NOTIFY has arrived */
	return stage_settle(s);
}

static bool
run_sql(struct stage *s, const struct step *st)
{
	const char *answer = stage_sql(s, st->w[1]);

	if (st->n < 4 || !str_eq(st->w[2], "="))
		return fail(s, "SQL \"select\" = \"value\"");
	if (!str_eq(answer, st->w[3])) {
		stage_run(s, 50);	/* what nobody waits for (a preference) may be on its way */
		answer = stage_sql(s, st->w[1]);
	}
	return str_eq(answer, st->w[3]) || fail(s, "it is \"%s\"", answer);
}

static bool
run_lose(struct stage *s, const struct step *st)
{
	s->troubled = true;
	if (str_eq(st->w[1], "XMPP")) {
		s->xmpp = false;
		stage_stream(s, false);
	} else if (!str_eq(st->w[1], "DB"))
		return fail(s, "LOSE DB, LOSE XMPP");
	else if (str_eq(st->w[2], "BEFORE") || str_eq(st->w[2], "AFTER"))
		proxy_cut_next(s->proxy, str_eq(st->w[2], "BEFORE") ? CUT_BEFORE : CUT_AFTER);
	else {
		s->db = false;
		proxy_lose(s->proxy);
	}
	return stage_settle(s);
}

static bool
run_back(struct stage *s, const struct step *st)
{
	s->joining = script_flag(st, "JOINING");
	if (str_eq(st->w[1], "XMPP"))
		s->xmpp = true;
	else {
		s->db = true;
		proxy_back(s->proxy);
	}
	if (!stage_settle(s))
		return false;
	/* Its time has not moved, but its second has. */
	keeper_tick(s->keeper);
	return stage_settle(s);
}

/* CUT: the cut that was asked for by LOSE DB BEFORE/AFTER has happened */
static bool
run_cut(struct stage *s, const struct step *st)
{
	(void)st;
	return proxy_has_cut(s->proxy) || fail(s, "nothing was written, so nothing was cut");
}

static bool
run_room(struct stage *s, const struct step *st)
{
	if (str_eq(st->w[2], "live"))
		s->joining = false;
	else
		s->joining = s->troubled = true;
	stage_room(s, st->w[1], str_eq(st->w[2], "live"));
	return stage_settle(s);
}

static bool
run_ack(struct stage *s, const struct step *st)
{
	s->acks = str_eq(st->w[1], "on");
	return true;
}

/* REFLECT: what was said and not acknowledged is, as by the room's archive */
static bool
run_reflect(struct stage *s, const struct step *st)
{
	size_t i;

	(void)st;
	for (i = 0; i < s->nsaid; i++)
		if (!s->said[i].acked && s->said[i].way != WAY_FORM) {
			s->said[i].acked = true;
			hall_said(keeper_hall(s->keeper), s->said[i].id, s->said[i].stanza_id);
		}
	return stage_settle(s);
}

/* UNSAID busy|gone: the newest line came back as an error */
static bool
run_unsaid(struct stage *s, const struct step *st)
{
	struct err err;

	if (s->nsaid == 0)
		return fail(s, "nothing was said");
	err_set(&err, str_eq(st->w[1], "busy") ? FAULT_BUSY : FAULT_ABSENT, "played");
	hall_unsaid(keeper_hall(s->keeper), s->said[s->nsaid - 1].id, &err);
	return stage_settle(s);
}

static bool
run_restart(struct stage *s, const struct step *st)
{
	s->troubled = true;
	s->joining = script_flag(st, "JOINING") || str_eq(st->w[1], "JOINING");
	if (s->keeper != NULL)
		stage_crash(s);
	return stage_start(s);
}

static bool
run_stop(struct stage *s, const struct step *st)
{
	(void)st;
	return stage_stop(s);
}

static bool
run_gap(struct stage *s, const struct step *st)
{
	hall_gap(keeper_hall(s->keeper), st->w[1], st->n > 2 ? script_time(st->w[2]) : 0, st->n > 3 ? script_time(st->w[3]) : 0);
	return stage_settle(s);
}

static bool
run_cursor(struct stage *s, const struct step *st)
{
	hall_cursor(keeper_hall(s->keeper), st->w[1], st->w[2]);
	return stage_settle(s);
}

static bool
run_wait(struct stage *s, const struct step *st)
{
	(void)st;
	return stage_settle(s);	/* the time in front of it is what counts */
}

static const struct verb verbs[] = {
	{ "ACK", 2, true, run_ack },
	{ "BACK", 2, false, run_back },
	{ "CURSOR", 3, false, run_cursor },
	{ "CUT", 1, false, run_cut },
	{ "DM", 3, false, run_dm },
	{ "DO", 2, true, run_do },
	{ "FORM", 3, false, run_form },
	{ "FORMSAY", 3, false, run_formsay },
	{ "GAP", 2, false, run_gap },
	{ "HEAR", 3, false, run_hear },
	{ "LEAVE", 2, true, run_leave },
	{ "LOSE", 2, false, run_lose },
	{ "MENU", 3, false, run_menu },
	{ "PERSON", 3, true, run_person },
	{ "REFLECT", 1, false, run_reflect },
	{ "RESTART", 1, false, run_restart },
	{ "RETURN", 2, true, run_leave },
	{ "ROOM", 3, false, run_room },
	{ "ROW", 4, true, check_row },
	{ "SAY", 3, false, run_say },
	{ "SILENT", 1, true, run_silent },
	{ "SQL", 4, true, run_sql },
	{ "START", 1, true, run_restart },
	{ "STOP", 1, false, run_stop },
	{ "TELL", 3, false, run_tell },
	{ "UNSAID", 2, false, run_unsaid },
	{ "WAIT", 1, true, run_wait },
	{ "WHISPER", 3, false, run_whisper },
};

bool
step_run(struct stage *s, const struct step *st)
{
	size_t i;

	for (i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
		if (!str_eq(verbs[i].name, st->w[0]))
			continue;
		if (st->n < verbs[i].words)
			return fail(s, "%s needs %d words more", st->w[0], verbs[i].words - st->n);
		if (!verbs[i].before && s->keeper == NULL)
			return fail(s, "the hall does not run");
		return verbs[i].run(s, st);
	}
	return fail(s, "there is no step %s", st->w[0]);
}
