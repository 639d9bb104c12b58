/*
 * Likely requests: kept in memory for a day, on the officer's list with a "?".  The
 * writer is asked once, in private, when nobody has replied for a quarter of an hour.
 */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "flow/internal.h"

enum { ASK_AFTER_MIN = 15, ASK_UNTIL_MIN = 60, SNIPPET = 40, KEPT_A_ROOM = 50, ASK_FROM = 60 };

static step_fn candidate_ask, candidate_asked;

static char **
copy_links(const char **links)
{
	char **out;
	size_t n = 0, i;

	while (links != NULL && links[n] != NULL)
		n++;
	if (n == 0)
		return NULL;
	out = xcalloc(n + 1, sizeof *out);
	for (i = 0; i < n; i++)
		out[i] = xstrdup(links[i]);
	return out;
}

/* The likeliest first: the officer's list is short, and of too many the least likely goes. */
static void
insert(struct desk *d, struct candidate *c)
{
	struct candidate *other;

	TAILQ_FOREACH(other, &d->candidates, next)
		if (other->confidence <= c->confidence) {
			TAILQ_INSERT_BEFORE(other, c, next);
			return;
		}
	TAILQ_INSERT_TAIL(&d->candidates, c, next);
}

void
candidate_add(struct job *j, const char *kind)
{
	struct candidate *c = xcalloc(1, sizeof *c), *old;
	const struct msg *m = j->msg;
	size_t n = 0;

	c->id = ++j->hall->last_candidate;
	c->desk = j->desk;
	c->code = xstrdup(kind);
	c->who = xstrdup(j->by.who);
	c->nick = xstrdup(m->nick);
	c->text = xstrdup(m->text);
	c->stanza_id = xstrdup(m->stanza_id);
	c->key = xstrdup(m->key);
	c->links = copy_links(m->links);
	c->sent = m->sent;
	c->confidence = j->in.confidence;
	c->asked = m->late || c->confidence < ASK_FROM;		/* nobody is asked about what is old, or hardly likely */
	insert(j->desk, c);
	TAILQ_FOREACH(old, &j->desk->candidates, next)
		n++;
	if (n > KEPT_A_ROOM)
		candidate_free(TAILQ_LAST(&j->desk->candidates, candidates));
}

void
candidate_free(struct candidate *c)
{
	size_t i;

	TAILQ_REMOVE(&c->desk->candidates, c, next);
	for (i = 0; c->links != NULL && c->links[i] != NULL; i++)
		free(c->links[i]);
	free(c->links);
	free(c->code);
	free(c->who);
	free(c->nick);
	free(c->text);
	free(c->stanza_id);
	free(c->key);
	free(c);
}

struct candidate *
candidate_find(struct hall *h, long long id)
{
	struct candidate *c;
	struct desk *d;

	TAILQ_FOREACH(d, &h->desks, link)
		TAILQ_FOREACH(c, &d->candidates, next)
			if (c->id == id)
				return c;
	return NULL;
}

/* --- the question --- */

void
candidates_tick(struct desk *d, instant now)
{
	struct hall *h = d->hall;
	struct candidate *c;
	struct person *p;
	struct job *j;

	TAILQ_FOREACH(c, &d->candidates, next) {
		if (c->asked || now - c->sent < ASK_AFTER_MIN * MINUTE)
			continue;
		c->asked = true;
		p = people_find(h->people, c->who);
		if (c->who == NULL || now - c->sent > ASK_UNTIL_MIN * MINUTE || talk_since(d, c->who, c->sent) ||
		    !manners_may_ask(now, p != NULL ? p->asked : 0, p != NULL ? p->declined : 0,
		    roster_night(h->roster, d->zone, now), p != NULL && p->quiet))
			continue;
		j = desk_queue(d, NULL, candidate_ask);
		j->number = c->id;
		j->due = (struct due_item){ arena_printf(j->arena, "candidate:%s", c->key), c->sent };
	}
}

static enum step
candidate_ask(struct job *j)
{
	struct candidate *c = candidate_find(j->hall, j->number);
	struct write *w;

	if (c == NULL)
		return STEP_DONE;
	w = write_new(j, WRITE_SAY);
	say_private(j, w, c->who, "ask", words_to(j, c->who, "ask_candidate", LS(snippet(j, c->text, SNIPPET))));
	return write_say(j, w, candidate_asked);
}

static enum step
candidate_asked(struct job *j)
{
	struct candidate *c = candidate_find(j->hall, j->number);
	instant now = clock_now();
	struct person *p;

	if (c == NULL || j->write->outcome != OUT_DONE)
		return STEP_DONE;
	p = people_get(j->hall->people, c->who);
	p->asked = now;
	people_save(j->hall->people, &j->hall->store, p, now);
	person_pend(p, PENDING_CANDIDATE, c->id, NULL, now);
	return STEP_DONE;
}
