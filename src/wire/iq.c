/*
 * Our own questions, matched by (from, id) and ended by time; and an answer to
 * everybody's: a client that is not answered waits for minutes (RFC 6120 §8.2.3).
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/random.h"
#include "base/str.h"
#include "wire/internal.h"

struct question {
	TAILQ_ENTRY(question)	 next;
	char			 id[33];
	char			*to;
	int			 left;		/* ticks */
	iq_done			*done;
	void			*ctx;
};

struct iqs {
	TAILQ_HEAD(, question)	 all;
	void			*tree;		/* tsearch(3) by id */
};

static int
by_id(const void *a, const void *b)
{
	return strcmp(((const struct question *)a)->id, ((const struct question *)b)->id);
}

struct iqs *
iqs_new(void)
{
	struct iqs *qs = xcalloc(1, sizeof *qs);

	TAILQ_INIT(&qs->all);
	return qs;
}

static void
end(struct wire *w, struct question *q, xmpp_stanza_t *answer)
{
	TAILQ_REMOVE(&w->iqs->all, q, next);
	tdelete(q, &w->iqs->tree, by_id);
	q->done(w, q->ctx, answer);
	free(q->to);
	free(q);
}

void
iqs_free(struct iqs **qsp)
{
	free(*qsp);	/* iq_lost() has emptied it */
	*qsp = NULL;
}

void
iq_ask(struct wire *w, xmpp_stanza_t *iq, int timeout_s, iq_done *done, void *ctx)
{
	struct question *q = xcalloc(1, sizeof *q);

	random_id(q->id);
	q->to = xstrdup(xmpp_stanza_get_to(iq));
	q->done = done;
	q->ctx = ctx;
	xmpp_stanza_set_id(iq, q->id);
	/* What can not be sent ends with the next tick, never from inside this call. */
	q->left = stanza_send(w, iq) ? timeout_s : 0;
	TAILQ_INSERT_TAIL(&w->iqs->all, q, next);
	if (tsearch(q, &w->iqs->tree, by_id) == NULL)
		abort();	/* out of memory */
}

/* The one we asked? Servers give the address back prepared. */
static bool
same_address(struct wire *w, const char *a, const char *b)
{
	char *x, *y;
	bool same;

	if (str_eq(a, b))
		return true;
	if (a == NULL || b == NULL || !str_eq(jid_resource(a), jid_resource(b)))
		return false;
	x = jid_bare(w, a);
	y = jid_bare(w, b);
	same = x != NULL && str_eq(x, y);
	free(x);
	free(y);
	return same;
}

static void
answered(struct wire *w, xmpp_stanza_t *st)
{
	const char *id = xmpp_stanza_get_id(st);
	struct question key, **found;

	if (id == NULL || strlen(id) >= sizeof key.id)
		return;
	strcpy(key.id, id);
	found = tfind(&key, &w->iqs->tree, by_id);
	if (found != NULL && same_address(w, xmpp_stanza_get_from(st), (*found)->to))
		end(w, *found, st);
}

void
iq_stanza(struct wire *w, xmpp_stanza_t *st)
{
	const char *type = xmpp_stanza_get_type(st);

	if (str_eq(type, "result") || str_eq(type, "error")) {
		answered(w, st);
		return;
	}
	if (xmpp_stanza_get_id(st) == NULL || xmpp_stanza_get_from(st) == NULL)
		return;		/* nobody could tell what was answered */
	if (!str_eq(type, "get") && !str_eq(type, "set"))
		stanza_error(w, st, "modify", "bad-request", NULL);
	else if (!adhoc_iq(w, st) && !disco_iq(w, st))
		stanza_error(w, st, "cancel", "service-unavailable", NULL);
}

void
iq_tick(struct wire *w)
{
	TAILQ_HEAD(, question) due = TAILQ_HEAD_INITIALIZER(due);
	struct question *q, *next;

	for (q = TAILQ_FIRST(&w->iqs->all); q != NULL; q = next) {
		next = TAILQ_NEXT(q, next);
		if (q->left-- <= 0) {
			/* Apart first: `done` may ask again. */
			TAILQ_REMOVE(&w->iqs->all, q, next);
			TAILQ_INSERT_TAIL(&due, q, next);
		}
	}
	while ((q = TAILQ_FIRST(&due)) != NULL) {
		TAILQ_REMOVE(&due, q, next);
		TAILQ_INSERT_TAIL(&w->iqs->all, q, next);
		end(w, q, NULL);
	}
}

void
iq_lost(struct wire *w)
{
	struct question *q;

	TAILQ_FOREACH(q, &w->iqs->all, next)
		q->left = 0;
	iq_tick(w);
}
