#ifndef TESTS_BENCH_SESSION_H
#define TESTS_BENCH_SESSION_H
/*
 * One ordinary client's connection to a real server on loopback (RFC 6120): plain
 * password without TLS, one resource bound.
 */
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "bench.h"

struct session {
	struct bufferevent	*bev;
	struct tree		*tree;
	const char		*host, *password;	/* borrowed */
	char			 user[32];
	bool			 authenticated, restart, ready;
	void			*ctx;
	void			(*opened)(void *ctx, struct session *);	/* bound: stanzas may be sent */
	void			(*stanza)(void *ctx, struct session *, struct node *);
};

/* `host`, `password`, `user`, `ctx` and the calls are set. Every failure ends the process. */
void		 session_open(struct session *, struct event_base *, const char *address, int port);
void		 session_close(struct session *);
struct evbuffer	*session_out(struct session *);

#endif
