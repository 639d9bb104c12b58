#include "flow/matter.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"

/* Every string of a row, so that it can be copied whole. */
static void
keep_strings(struct matter *m)
{
	struct matter_row *r = &m->row;
	const char **s[] = {
		&r->kind, &r->state, &r->way, &r->asker, &r->nick, &r->source,
		&r->answered, &r->answer_source, &r->text, &r->said,
	};
	size_t i;

	for (i = 0; i < sizeof s / sizeof *s; i++)
		*s[i] = xstrdup(*s[i]);
}

static void
free_strings(struct matter_row *r)
{
	const char *s[] = {
		r->kind, r->state, r->way, r->asker, r->nick, r->source,
		r->answered, r->answer_source, r->text, r->said,
	};
	size_t i;

	for (i = 0; i < sizeof s / sizeof *s; i++)
		free((char *)(uintptr_t)s[i]);
}

struct matter *
matter_of_row(const struct op *op, int row)
{
	struct matter *m = xcalloc(1, sizeof *m);

	store_matter_row(op, row, &m->row);
	keep_strings(m);
	return m;
}

struct matter *
matter_of_opening(const struct opening *o, long long number, instant now)
{
	struct matter *m = xcalloc(1, sizeof *m);

	m->row = (struct matter_row){
		.number = number, .room = o->room, .kind = o->kind, .state = "open", .addressed = o->addressed,
		.is_private = o->is_private, .urgent = o->urgent, .late = o->late, .way = o->way,
		.asker = o->asker, .nick = o->nick, .source = o->source, .sent = o->sent, .recorded = now, .text = o->text,
	};
	keep_strings(m);
	return m;
}

void
matter_free(struct matter **mp)
{
	if (*mp == NULL)
		return;
	free_strings(&(*mp)->row);
	free(*mp);
	*mp = NULL;
}

void
matter_update(struct matter *m, const struct op *op, int row)
{
	struct matter_row old = m->row;

	store_matter_row(op, row, &m->row);
	keep_strings(m);
	free_strings(&old);
	if (!matter_ended(m))
		m->ended = 0;
}

void
matter_end(struct matter *m, instant now)
{
	free((char *)(uintptr_t)m->row.state);
	m->row.state = xstrdup("closed");
	m->ended = now;
}

bool
matter_is(const struct matter *m, const char *state)
{
	return strcmp(m->row.state, state) == 0;
}

bool
matter_ended(const struct matter *m)
{
	return matter_is(m, "closed") || matter_is(m, "cancelled") || matter_is(m, "dropped");
}

bool
matter_answered(const struct matter *m)
{
	return matter_is(m, "answered") || matter_is(m, "done");
}

bool
matter_waits(const struct matter *m)
{
	return matter_is(m, "open");
}

/* Is `id` one of the spaced words? */
static bool
has_word(const char *words, const char *id)
{
	size_t n = strlen(id);
	const char *p;

	for (p = words; p != NULL && (p = strstr(p, id)) != NULL; p += n)
		if ((p == words || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
			return true;
	return false;
}

bool
matter_has_id(const struct matter *m, const char *id)
{
	return id != NULL && *id != '\0' &&
	    (str_eq(m->row.source, id) || str_eq(m->row.answer_source, id) || has_word(m->row.said, id));
}

void
matter_add_id(struct matter *m, const char *id)
{
	struct buf b = { 0 };

	if (id == NULL || *id == '\0' || matter_has_id(m, id))
		return;
	if (m->row.said != NULL)
		buf_addf(&b, "%s ", m->row.said);
	buf_add(&b, id);
	free((char *)(uintptr_t)m->row.said);
	m->row.said = b.s;
}
