#include "flow/deliver.h"

#include <string.h>

#include "base/str.h"
#include "flow/internal.h"

const char *const from_workable[] = { "open", "asking", "taken", "answered", NULL };

bool
deliver_in_room(const struct matter *m)
{
	return str_eq(m->row.way, "room") && !m->row.is_private && m->row.nick != NULL;
}

bool
deliver_can(const struct matter *m)
{
	return deliver_in_room(m) || m->row.asker != NULL;
}

void
deliver(struct job *j, struct write *w, const struct matter *m, const char *purpose, const char *in_room,
    const char *in_private)
{
	if (deliver_in_room(m))
		say_room(j, w, purpose, false, m->row.source, in_room);
	else
		say_private(j, w, m->row.asker, purpose, in_private);
}

/* "李婶：", "@ann " and the like, but not "李婶的". */
static const char *
after_name(const char *text, const char *nick)
{
	static const char *const marks[] = { ",", ":", "，", "：", "、", " " };
	bool by_at = *text == '@', marked = false;
	const char *rest = text + by_at;
	size_t i;

	if (!str_prefix(rest, nick))
		return text;
	rest += strlen(nick);
	for (i = 0; i < sizeof marks / sizeof *marks; i++)
		if (str_prefix(rest, marks[i])) {
			marked |= by_at || *marks[i] != ' ';
			rest += strlen(marks[i]);
			i = (size_t)-1;		/* there may be more of them */
		}
	return marked && *rest != '\0' ? rest : text;
}

const char *
deliver_text(const struct matter *m, const char *text)
{
	return m->row.nick == NULL || *m->row.nick == '\0' ? text : after_name(text, m->row.nick);
}

bool
deliver_may_read(const struct desk *d, const struct matter *m, const struct staff *s)
{
	return !m->row.is_private || staff_same(s, responsible(d)) || s->id == m->row.taken_by;
}

bool
staff_same(const struct staff *a, const struct staff *b)
{
	return a != NULL && b != NULL && a->id == b->id;
}

const char *
number_words(struct job *j, long long number)
{
	return arena_printf(j->arena, "%lld", number);
}
