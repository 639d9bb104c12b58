/* open: one list of what is open in all rooms of this member of staff, the unanswered first, then candidates. */
#include <stdlib.h>

#include "base/str.h"
#include "flow/deliver.h"
#include "flow/internal.h"

enum { SHOWN = 30, CANDIDATES_SHOWN = 10, SNIPPET = 30 };

static step_fn open_tell;

const struct cmd cmd_open = {
	.name = { "open", "待办", "待辦" },
	.who = WHO_STAFF,
	.start = open_tell,
	.form = true,
};

struct item {
	const struct desk	*desk;
	const struct matter	*matter;
};

struct list {
	struct job	*job;
	struct item	*item;
	size_t		 n, left_out;
	bool		 rooms;		/* several: each line names its own */
	struct buf	 text;
};

static bool
works_here(const struct job *j, const struct desk *d)
{
	return !d->ended && staff_in_room(j->by.staff, d->id);
}

/* What waits stands before what is answered and only not yet closed; older before newer. */
static int
compare(const void *a, const void *b)
{
	const struct matter *x = ((const struct item *)a)->matter, *y = ((const struct item *)b)->matter;

	if (matter_answered(x) != matter_answered(y))
		return matter_answered(x) ? 1 : -1;
	return x->row.number < y->row.number ? -1 : x->row.number > y->row.number;
}

static void
gather(struct list *l)
{
	const struct desk *d;
	const struct matter *m;
	size_t most = 0, rooms = 0;

	TAILQ_FOREACH(d, &l->job->hall->desks, link)
		TAILQ_FOREACH(m, &d->matters, next)
			most++;
	l->item = arena_alloc(l->job->arena, (most + 1) * sizeof *l->item);
	TAILQ_FOREACH(d, &l->job->hall->desks, link) {
		if (!works_here(l->job, d))
			continue;
		rooms++;
		TAILQ_FOREACH(m, &d->matters, next)
			if (!matter_ended(m))
				l->item[l->n++] = (struct item){ d, m };
	}
	l->rooms = rooms > 1;
	qsort(l->item, l->n, sizeof *l->item, compare);
}

/* "ann", or "[East Gate] ann". */
static const char *
whose(const struct list *l, const struct desk *d, const char *nick)
{
	struct job *j = l->job;

	if (nick == NULL)
		nick = "…";
	return l->rooms ? words_by(j, "open_whose", LS(d->title), LS(nick)) : nick;
}

static void
add(struct list *l, const char *mark, const char *line)
{
	buf_addf(&l->text, "%s%s%s", l->text.len > 0 ? "\n" : "", mark, line);
}

static const char *
matter_line(const struct list *l, const struct item *it)
{
	struct job *j = l->job;
	const struct matter_row *m = &it->matter->row;
	const struct staff *has = roster_staff_id(j->roster, m->taken_by);
	const char *n = number_words(j, m->number), *lang = j->by.lang;
	const char *key = arena_printf(j->arena, "state_%s", m->state), *state = words_by(j, key);
	const char *age = lang_duration(j->hall->lang, j->arena, lang, clock_now() - m->sent);
	const char *who = whose(l, it->desk, m->nick), *words;

	if (!deliver_may_read(it->desk, it->matter, j->by.staff)) {
		const char *kind = kind_words(j->hall, m->kind, lang);

		return has == NULL ? words_by(j, "open_private", LS(n), LS(kind), LS(state), LS(age)) :
		    words_by(j, "open_private_taken", LS(n), LS(kind), LS(state), LS(age), LS(staff_title(has)));
	}
	words = snippet(j, m->text, SNIPPET);
	return has == NULL ? words_by(j, "open_line", LS(n), LS(who), LS(words), LS(state), LS(age)) :
	    words_by(j, "open_line_taken", LS(n), LS(who), LS(words), LS(state), LS(age), LS(staff_title(has)));
}

static void
add_matters(struct list *l)
{
	size_t i;

	for (i = 0; i < l->n && i < SHOWN; i++) {
		const struct matter *m = l->item[i].matter;

		add(l, matter_answered(m) ? "✓ " : m->row.urgent ? "! " : "", matter_line(l, &l->item[i]));
	}
	l->left_out = l->n - i;
}

/* What is only likely; a private kind is for the responsible officer alone. */
static bool
may_see(const struct job *j, const struct desk *d, const struct candidate *c)
{
	const struct kind *k = kinds_find(j->roster->kinds, c->code);

	return k == NULL || !k->is_private || staff_same(responsible(d), j->by.staff);
}

static size_t
add_candidates(struct list *l)
{
	struct job *j = l->job;
	const struct desk *d;
	const struct candidate *c;
	size_t shown = 0;

	TAILQ_FOREACH(d, &j->hall->desks, link) {
		if (!works_here(j, d))
			continue;
		TAILQ_FOREACH(c, &d->candidates, next) {
			if (!may_see(j, d, c))
				continue;
			if (shown == CANDIDATES_SHOWN) {
				l->left_out++;
				continue;
			}
			shown++;
			add(l, "", words_by(j, "open_candidate", LS(whose(l, d, c->nick)), LS(snippet(j, c->text, SNIPPET))));
		}
	}
	return shown;
}

static enum step
open_tell(struct job *j)
{
	struct list l = { .job = j };
	const char *text;
	size_t candidates;

	gather(&l);
	add_matters(&l);
	candidates = add_candidates(&l);
	if (l.left_out > 0)
		add(&l, "", words_by(j, "open_more", LN((long long)l.left_out)));
	if (candidates > 0)
		add(&l, "", words_by(j, "open_candidates"));
	text = l.text.len > 0 ? arena_strdup(j->arena, l.text.s) : words_by(j, "open_none");
	buf_free(&l.text);
	return answer_back(j, text);
}
