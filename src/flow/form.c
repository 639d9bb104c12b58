/* The table's rows as ad-hoc commands (XEP-0050): one step, resubmitted without harm. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "flow/deliver.h"
#include "flow/internal.h"

enum { CHOICES = 50, LABEL = 40 };

/* What a menu is made with. */
struct menu {
	struct hall		*hall;
	struct arena		*arena;
	const struct staff	*staff;
	const char		*lang;
};

#define words(m, key)	lang_say((m)->hall->lang, (m)->arena, (m)->lang, (key))

static bool
offers(const struct menu *m, const struct cmd *c, const struct desk *d, const struct matter *x)
{
	const char *const *from = c->from != NULL ? c->from : from_living;

	if (!cmd_may(c, m->staff, d, x, m->staff->address))
		return false;
	for (; *from != NULL; from++)
		if (matter_is(x, *from))
			return true;
	return false;
}

static const char *
label(const struct menu *m, const struct desk *d, const struct matter *x)
{
	const char *text = x->row.text != NULL && deliver_may_read(d, x, m->staff) ? x->row.text : "";
	char *s = arena_printf(m->arena, "#%lld %s %s %.*s", x->row.number, d->title,
	    x->row.nick != NULL ? x->row.nick : "", (int)utf8_points(text, LABEL), text), *p;

	for (p = s; *p != '\0'; p++)
		if (*p == '\n')
			*p = ' ';
	return s;
}

static void
add_request(const struct menu *m, const struct cmd *c, struct field *f)
{
	struct choice *list = arena_alloc(m->arena, (CHOICES + 1) * sizeof *list);
	const struct matter *x;
	const struct desk *d;
	size_t n = 0;

	TAILQ_FOREACH(d, &m->hall->desks, link) {
		if (d->ended || !staff_in_room(m->staff, d->id))
			continue;
		TAILQ_FOREACH(x, &d->matters, next)
			if (n < CHOICES && offers(m, c, d, x)) {
				list[n].value = arena_printf(m->arena, "%lld", x->row.number);
				list[n++].label = label(m, d, x);
			}
	}
	f->kind = n > 0 ? FIELD_CHOICE : FIELD_LINE;
	f->choices = n > 0 ? list : NULL;
}

static void
add_choices(const struct menu *m, struct field *f, const char *prefix, const char *const *values)
{
	struct choice *list;
	size_t n = 0;

	while (values[n] != NULL)
		n++;
	list = arena_alloc(m->arena, (n + 1) * sizeof *list);
	for (n = 0; values[n] != NULL; n++) {
		list[n].value = values[n];
		list[n].label = prefix == NULL ? values[n] : words(m, arena_printf(m->arena, "%s%s", prefix, values[n]));
	}
	f->kind = FIELD_CHOICE;
	f->choices = list;
}

static void
add_kinds(const struct menu *m, struct field *f)
{
	const struct kinds *ks = m->hall->roster->kinds;
	struct choice *list = arena_alloc(m->arena, (ks->n + 1) * sizeof *list);
	size_t n = 0, i;

	for (i = 0; i < ks->n; i++)
		if (ks->kind[i]->needs_answer)
			list[n++] = (struct choice){ ks->kind[i]->code, kind_words(m->hall, ks->kind[i]->code, m->lang) };
	f->kind = FIELD_CHOICE;
	f->choices = list;
}

static const struct field *
fields(const struct menu *m, const struct cmd *c)
{
	static const char *const vars[] = {
		[ARG_REQUEST] = "request", [ARG_TEXT] = "text", [ARG_TEXT_MAYBE] = "text", [ARG_RATING] = "rating",
		[ARG_STAFF] = "staff", [ARG_MODE] = "mode", [ARG_LANG] = "lang", [ARG_SWITCH] = "switch", [ARG_KIND] = "kind",
	};
	static const char *const stars[] = { "1", "2", "3", "4", "5", NULL };
	static const char *const names[] = { "normal", "listen", "addressed", NULL };
	struct field *f = arena_alloc(m->arena, (CMD_ARGS + 1) * sizeof *f);
	size_t i;

	if (c->arg[0] == ARG_NONE)
		return NULL;
	for (i = 0; i < CMD_ARGS && c->arg[i] != ARG_NONE; i++) {
		f[i].var = vars[c->arg[i]];
		f[i].label = words(m, arena_printf(m->arena, "arg_%s", f[i].var));
		f[i].required = c->arg[i] != ARG_TEXT_MAYBE && c->arg[i] != ARG_SWITCH;
		f[i].kind = c->arg[i] == ARG_TEXT || c->arg[i] == ARG_TEXT_MAYBE ? FIELD_TEXT : FIELD_LINE;
		if (c->arg[i] == ARG_REQUEST)
			add_request(m, c, &f[i]);
		else if (c->arg[i] == ARG_RATING)
			add_choices(m, &f[i], NULL, stars);
		else if (c->arg[i] == ARG_MODE)
			add_choices(m, &f[i], "mode_", names);
		else if (c->arg[i] == ARG_KIND)
			add_kinds(m, &f[i]);
	}
	return f;
}

const struct form *
hall_menu(struct hall *h, const char *who, struct arena *a)
{
	struct form *list = arena_alloc(a, sizeof *list), *f;
	struct menu m = { .hall = h, .arena = a };
	const struct desk *d;
	size_t n = 0, i;

	if (h->roster == NULL || !h->loaded || (m.staff = roster_staff(h->roster, who)) == NULL ||
	    (d = hall_desk_for(h, m.staff)) == NULL)
		return list;	/* no commands for this address */
	m.lang = lang_for(d, people_find(h->people, who));
	while (h->commands[n] != NULL)
		n++;
	f = list = arena_alloc(a, (n + 1) * sizeof *list);
	/* What an officer needs forty times a day stands first. */
	for (i = 0; i < 2 * n; i++) {
		const struct cmd *c = h->commands[i % n];

		if (!c->form || (c->who < WHO_STAFF) != (i >= n) || !cmd_may(c, m.staff, d, NULL, who))
			continue;
		f->node = c->name[0];
		f->title = words(&m, arena_printf(a, "title_%s", c->name[0]));
		f->instructions = words(&m, "menu_note");
		f->outcome = words(&m, "menu_outcome");
		f->fields = fields(&m, c);
		f++;
	}
	return list;
}
