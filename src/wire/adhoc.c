/*
 * Ad-hoc commands (XEP-0050) with forms (XEP-0004): one step each.
 *
 *   execute -> OFFERED (the form is with the client) -> ASKED (flow works on it) -> FINISHED
 *
 * Six clients differ (one sends no action, one executes at another address than it
 * asked, one submits a finished form again): so an action that is missing means to
 * go on, the sender's real address decides, and a finished session answers again
 * with the same outcome.  A session that we forgot is taken for a new one if it
 * brings its form: nothing is lost by forgetting.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "base/str.h"
#include "wire/internal.h"

enum {
	SESSIONS_MAX = 1024,
	FINISHED_MAX = 256,
	OFFERED_S = 1800,
	ASKED_S = 30,
	FINISHED_S = 600,
	SESSION_ID_MAX = 64,
	VALUE_MAX = 16384,	/* bytes of a field: as long as a line may be */
};

enum stage { OFFERED, ASKED, FINISHED };

struct session {
	TAILQ_ENTRY(session)	 next;		/* oldest first */
	enum stage		 stage;
	int			 left;		/* ticks */
	char			*id, *who, *node, *title;
	char			*outcome;	/* label of the text; NULL none */
	xmpp_stanza_t		*iq;		/* ASKED: to be answered; NULL: it is no more */
	char			*text;		/* FINISHED: the outcome */
	bool			 failed;
};

struct forms {
	TAILQ_HEAD(, session)	 all;
	size_t			 count, finished;
};

/* One submission, as it is read. */
struct command {
	xmpp_stanza_t		*iq, *command;
	xmpp_stanza_t		*x;		/* the form submitted; NULL: none */
	const char		*node, *action, *id;
	char			*who;
	const struct form	*form;
	struct session		*session;	/* NULL: none of that id */
};

/* --- sessions --- */

struct forms *
forms_new(void)
{
	struct forms *f = xcalloc(1, sizeof *f);

	TAILQ_INIT(&f->all);
	return f;
}

static void
drop(struct forms *f, struct session *s)
{
	TAILQ_REMOVE(&f->all, s, next);
	f->count--;
	f->finished -= s->stage == FINISHED;
	if (s->iq != NULL)
		xmpp_stanza_release(s->iq);
	free(s->id);
	free(s->who);
	free(s->node);
	free(s->title);
	free(s->outcome);
	free(s->text);
	free(s);
}

void
forms_free(struct forms **fp)
{
	struct session *s;

	if (*fp == NULL)
		return;
	while ((s = TAILQ_FIRST(&(*fp)->all)) != NULL)
		drop(*fp, s);
	free(*fp);
	*fp = NULL;
}

static struct session *
find(struct forms *f, const char *id)
{
	struct session *s;

	TAILQ_FOREACH(s, &f->all, next)
		if (str_eq(s->id, id))
			break;
	return s;
}

/* The oldest that nobody waits for. */
static void
make_room(struct forms *f, bool finished)
{
	struct session *s;

	TAILQ_FOREACH(s, &f->all, next)
		if (s->stage == FINISHED || (!finished && s->stage == OFFERED)) {
			drop(f, s);
			return;
		}
}

static struct session *
session_new(struct wire *w, const struct command *c)
{
	struct forms *f = w->forms;
	struct session *s;
	char id[33];

	if (f->count >= SESSIONS_MAX)
		make_room(f, false);
	if (f->count >= SESSIONS_MAX)
		return NULL;	/* all of them wait for an answer */
	s = xcalloc(1, sizeof *s);
	random_id(id);
	s->id = xstrdup(c->id != NULL ? c->id : id);
	s->who = xstrdup(c->who);
	s->node = xstrdup(c->form->node);
	s->title = xstrdup(c->form->title);
	s->outcome = xstrdup(c->form->outcome);
	s->left = OFFERED_S;
	TAILQ_INSERT_TAIL(&f->all, s, next);
	f->count++;
	return s;
}

static void
finish(struct wire *w, struct session *s, const char *text, bool failed)
{
	struct forms *f = w->forms;

	if (s->stage == FINISHED)
		return;
	TAILQ_REMOVE(&f->all, s, next);	/* the youngest of the finished: make_room() must not take it */
	TAILQ_INSERT_TAIL(&f->all, s, next);
	s->stage = FINISHED;
	s->left = FINISHED_S;
	s->text = xstrdup(text != NULL ? text : "");
	s->text[utf8_cut(s->text, w->conf.say_max)] = '\0';
	s->failed = failed;
	if (++f->finished > FINISHED_MAX)
		make_room(f, true);
}

/* --- answers --- */

static xmpp_stanza_t *
command_answer(struct wire *w, xmpp_stanza_t *iq, const struct session *s, const char *status, xmpp_stanza_t **command)
{
	xmpp_stanza_t *a = stanza_answer(w, iq, "result"), *c = stanza_child(w, a, "command", NS_COMMANDS);

	xmpp_stanza_set_attribute(c, "node", s->node);
	xmpp_stanza_set_attribute(c, "sessionid", s->id);
	xmpp_stanza_set_attribute(c, "status", status);
	*command = c;
	return a;
}

/* An error whose second condition is of XEP-0050 §4.4. */
static void
command_error(struct wire *w, xmpp_stanza_t *iq, const char *condition, const char *text)
{
	xmpp_stanza_t *a = stanza_answer(w, iq, "error"), *e = stanza_child(w, a, "error", NULL);

	xmpp_stanza_set_type(e, "modify");
	stanza_child(w, e, "bad-request", NS_STANZAS);
	if (text != NULL)
		xmpp_stanza_set_ns(stanza_text(w, e, "text", text), NS_STANZAS);
	stanza_child(w, e, condition, NS_COMMANDS);
	stanza_send(w, a);
}

static void
add_field(struct wire *w, xmpp_stanza_t *x, const struct field *f)
{
	static const char *const types[] = {
		[FIELD_LINE] = "text-single", [FIELD_TEXT] = "text-multi", [FIELD_CHOICE] = "list-single",
	};
	xmpp_stanza_t *e = stanza_child(w, x, "field", NULL), *o;
	const struct choice *c;

	xmpp_stanza_set_attribute(e, "var", f->var);
	xmpp_stanza_set_type(e, types[f->kind]);
	xmpp_stanza_set_attribute(e, "label", f->label);
	if (f->required)
		stanza_child(w, e, "required", NULL);
	if (f->kind != FIELD_CHOICE)
		return;
	for (c = f->choices; c != NULL && c->value != NULL; c++) {
		o = stanza_child(w, e, "option", NULL);
		xmpp_stanza_set_attribute(o, "label", c->label);
		stanza_text(w, o, "value", c->value);
	}
	/* The only choice is chosen. */
	if (f->choices != NULL && f->choices[0].value != NULL && f->choices[1].value == NULL)
		stanza_text(w, e, "value", f->choices[0].value);
}

static void
send_form(struct wire *w, const struct command *c, const struct session *s)
{
	xmpp_stanza_t *command, *a = command_answer(w, c->iq, s, "executing", &command), *e, *x;
	const struct field *f;

	e = stanza_child(w, command, "actions", NULL);
	xmpp_stanza_set_attribute(e, "execute", "complete");
	stanza_child(w, e, "complete", NULL);
	x = stanza_child(w, command, "x", NS_DATA);
	xmpp_stanza_set_type(x, "form");
	stanza_text(w, x, "title", c->form->title);
	if (c->form->instructions != NULL)
		stanza_text(w, x, "instructions", c->form->instructions);
	for (f = c->form->fields; f->var != NULL; f++)
		add_field(w, x, f);
	stanza_send(w, a);
}

/* As a note, and as a form too because Psi shows no note. A value a line (XEP-0004 §3.3). */
static void
send_outcome(struct wire *w, xmpp_stanza_t *iq, const struct session *s)
{
	xmpp_stanza_t *command, *a = command_answer(w, iq, s, "completed", &command), *x, *field;
	char *copy = xstrdup(s->text), *rest = copy, *line;

	xmpp_stanza_set_type(stanza_text(w, command, "note", s->text), s->failed ? "error" : "info");
	x = stanza_child(w, command, "x", NS_DATA);
	xmpp_stanza_set_type(x, "result");
	stanza_text(w, x, "title", s->title);
	field = stanza_child(w, x, "field", NULL);
	xmpp_stanza_set_attribute(field, "var", "outcome");
	xmpp_stanza_set_type(field, "text-multi");
	if (s->outcome != NULL)		/* else Gajim shows the variable's name */
		xmpp_stanza_set_attribute(field, "label", s->outcome);
	while ((line = strsep(&rest, "\n")) != NULL)
		stanza_text(w, field, "value", line);
	stanza_send(w, a);
	free(copy);
}

/* --- a form comes back --- */

static xmpp_stanza_t *
submitted(xmpp_stanza_t *x, const char *var)
{
	xmpp_stanza_t *e;

	for (e = xmpp_stanza_get_children(x); e != NULL; e = xmpp_stanza_get_next(e))
		if (str_eq(xmpp_stanza_get_name(e), "field") && str_eq(xmpp_stanza_get_attribute(e, "var"), var))
			return e;
	return NULL;
}

/* The field's words, its values a line each; "" if there are none. */
static char *
value_of(struct arena *arena, xmpp_stanza_t *x, const struct field *f)
{
	xmpp_stanza_t *e = x != NULL ? submitted(x, f->var) : NULL, *v;
	struct buf b = { 0 };
	char *s;

	for (v = e != NULL ? xmpp_stanza_get_children(e) : NULL; v != NULL; v = xmpp_stanza_get_next(v)) {
		if (!str_eq(xmpp_stanza_get_name(v), "value"))
			continue;
		if (b.len > 0)
			buf_add(&b, "\n");
		buf_add(&b, element_text(v));
	}
	s = b.s != NULL ? arena_strndup(arena, b.s, utf8_cut(b.s, VALUE_MAX)) : arena_strdup(arena, "");
	buf_free(&b);
	return s;
}

static bool
offered(const struct field *f, const char *value)
{
	const struct choice *c;

	for (c = f->choices; c != NULL && c->value != NULL; c++)
		if (str_eq(c->value, value))
			return true;
	return false;
}

/* The values in the order of the fields. NULL: the answer is an error, and sent. */
static const char **
values_of(struct wire *w, const struct command *c, struct arena *arena)
{
	const struct field *f = c->form->fields;
	const char **values;
	size_t n = 0;

	while (f != NULL && f[n].var != NULL)
		n++;
	values = arena_alloc(arena, (n + 1) * sizeof *values);
	for (n = 0; f != NULL && f->var != NULL; f++, n++) {
		values[n] = value_of(arena, c->x, f);
		if (*values[n] == '\0' ? f->required : f->kind == FIELD_CHOICE && !offered(f, values[n])) {
			command_error(w, c->iq, "bad-payload", arena_printf(arena, "%s: %s", f->label,
			    *values[n] == '\0' ? "required" : "not one of the choices"));
			return NULL;
		}
	}
	return values;
}

static void
submit(struct wire *w, struct command *c)
{
	struct msg *m = msg_new();
	struct session *s;

	m->values = values_of(w, c, m->arena);
	s = m->values == NULL ? NULL : c->session != NULL ? c->session : session_new(w, c);
	if (s == NULL) {
		if (m->values != NULL)
			stanza_error(w, c->iq, "wait", "resource-constraint", NULL);
		msg_free(&m);
		return;
	}
	s->stage = ASKED;
	s->left = ASKED_S;
	s->iq = xmpp_stanza_copy(c->iq);
	m->way = WAY_FORM;
	m->who = arena_strdup(m->arena, c->who);
	m->verb = arena_strdup(m->arena, c->form->node);
	m->session = arena_strdup(m->arena, s->id);
	m->key = arena_printf(m->arena, "%s %s", c->who, s->id);
	m->sent = clock_now();
	w->count.heard++;
	w->ear.hear(w->ear.ctx, m);
}

bool
adhoc_say(struct wire *w, const struct reply *reply)
{
	struct session *s = find(w->forms, reply->id);
	xmpp_stanza_t *iq;

	if (s == NULL)
		return false;
	iq = s->iq;
	s->iq = NULL;
	finish(w, s, reply->text, reply->failed);
	if (iq == NULL)
		return true;	/* kept for when the client asks again */
	send_outcome(w, iq, s);
	xmpp_stanza_release(iq);
	return true;
}

void
adhoc_tick(struct wire *w)
{
	struct session *s, *next;

	for (s = TAILQ_FIRST(&w->forms->all); s != NULL; s = next) {
		next = TAILQ_NEXT(s, next);
		if (s->left-- > 0)
			continue;
		if (s->stage == ASKED && s->iq != NULL) {
			stanza_error(w, s->iq, "wait", "remote-server-timeout", NULL);
			xmpp_stanza_release(s->iq);
			s->iq = NULL;
			s->left = FINISHED_S;	/* an outcome that comes late can still be asked for */
		} else
			drop(w->forms, s);
	}
}

void
adhoc_lost(struct wire *w)
{
	struct session *s;

	TAILQ_FOREACH(s, &w->forms->all, next)
		if (s->iq != NULL) {
			xmpp_stanza_release(s->iq);
			s->iq = NULL;
		}
}

/* --- a command comes --- */

/* Of a session that we know. */
static void
go_on(struct wire *w, struct command *c)
{
	struct session *s = c->session;
	xmpp_stanza_t *command;

	if (str_eq(c->action, "cancel")) {
		stanza_send(w, command_answer(w, c->iq, s, "canceled", &command));
		if (s->stage == OFFERED)
			drop(w->forms, s);
	} else if (s->stage == FINISHED)
		send_outcome(w, c->iq, s);
	else if (s->stage == ASKED && s->iq != NULL)
		stanza_error(w, c->iq, "wait", "resource-constraint", NULL);
	else if (s->stage == ASKED) {
		s->iq = xmpp_stanza_copy(c->iq);
		s->left = ASKED_S;
	} else if (c->x == NULL || str_eq(c->action, "prev"))
		send_form(w, c, s);
	else
		submit(w, c);
}

/* Of none: run at once, offer the form, or take it as it comes. */
static void
begin(struct wire *w, struct command *c)
{
	bool fields = c->form->fields != NULL && c->form->fields->var != NULL;
	struct session *s;

	if (str_eq(c->action, "cancel") || (c->id != NULL && c->x == NULL && fields))
		command_error(w, c->iq, "bad-sessionid", NULL);
	else if (c->x != NULL || !fields)
		submit(w, c);
	else if ((s = session_new(w, c)) != NULL)
		send_form(w, c, s);
	else
		stanza_error(w, c->iq, "wait", "resource-constraint", NULL);
}

/* A session's id becomes part of a key: short, and visible. */
static bool
good_id(const char *id)
{
	size_t n = strlen(id), i;

	for (i = 0; i < n; i++)
		if (id[i] <= ' ' || id[i] > '~')
			return false;
	return n > 0 && n <= SESSION_ID_MAX;
}

/* The sender's menu is what he may run; what is not on it is not there. */
static const struct form *
on_menu(struct wire *w, const struct command *c, struct arena *arena)
{
	const struct form *f = w->ear.menu != NULL && w->ear.hear != NULL ? w->ear.menu(w->ear.ctx, c->who, arena) : NULL;

	while (f != NULL && f->node != NULL && !str_eq(f->node, c->node))
		f++;
	return f != NULL && f->node != NULL ? f : NULL;
}

static void
dispatch(struct wire *w, struct command *c, struct arena *arena)
{
	struct session *s = c->session;

	if (c->who == NULL)
		stanza_error(w, c->iq, "auth", "forbidden", "your address is not known here");
	else if ((c->id != NULL && !good_id(c->id)) ||
	    (s != NULL && (!str_eq(s->who, c->who) || !str_eq(s->node, c->node))))
		command_error(w, c->iq, "bad-sessionid", NULL);
	else if (s != NULL && s->stage != OFFERED)
		go_on(w, c);	/* though it may be off the menu by now */
	else if ((c->form = on_menu(w, c, arena)) == NULL)
		stanza_error(w, c->iq, "cancel", "item-not-found", NULL);
	else if (s != NULL)
		go_on(w, c);
	else
		begin(w, c);
}

bool
adhoc_iq(struct wire *w, xmpp_stanza_t *st)
{
	struct command c = { .iq = st, .command = child_ns(st, "command", NS_COMMANDS) };
	struct arena *arena;

	if (c.command == NULL || !str_eq(xmpp_stanza_get_type(st), "set"))
		return false;
	c.node = xmpp_stanza_get_attribute(c.command, "node");
	c.action = xmpp_stanza_get_attribute(c.command, "action");
	c.id = xmpp_stanza_get_attribute(c.command, "sessionid");
	c.x = child_ns(c.command, "x", NS_DATA);
	if (c.x != NULL && !str_eq(xmpp_stanza_get_type(c.x), "submit"))
		c.x = NULL;
	c.session = c.id != NULL ? find(w->forms, c.id) : NULL;
	c.who = sender_of(w, st);
	arena = arena_new();
	dispatch(w, &c, arena);
	arena_free(&arena);
	free(c.who);
	return true;
}
