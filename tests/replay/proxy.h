#ifndef REPLAY_PROXY_H
#define REPLAY_PROXY_H
/*
 * A Unix socket between the hall and PostgreSQL, so that the connection can be cut at
 * the very point that a scenario names.
 */
#include <event2/event.h>
#include <stdbool.h>

struct proxy;

enum cut {
	CUT_NEVER,
	CUT_BEFORE,	/* the next write of a matter does not reach PostgreSQL */
	CUT_AFTER,	/* it is carried out, and the answer does not reach the hall */
};

/* Listens on DIR/.s.PGSQL.5432 and connects to the socket of this name in `host`. */
struct proxy	*proxy_new(struct event_base *, const char *dir, const char *host);
void		 proxy_free(struct proxy **);
/* Cuts every connection and refuses new ones, until proxy_back(). */
void		 proxy_lose(struct proxy *);
void		 proxy_back(struct proxy *);
void		 proxy_cut_next(struct proxy *, enum cut);
/* Has the cut that was asked for happened? */
bool		 proxy_has_cut(const struct proxy *);

#endif
