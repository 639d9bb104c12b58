#ifndef MOOTHALL_WIRE_LINK_H
#define MOOTHALL_WIRE_LINK_H
/*
 * One TCP connection: bytes in, bytes out.  The only place with a socket in it.
 *
 * What is written in one turn of the loop leaves together at its end, straight into the
 * socket, which can nearly always be written: waiting to be told so costs three more system
 * calls.  Only when it is full does the bufferevent wait and write the rest.
 */
#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

struct link;

/* All are called from the loop, never from inside a link_*(); none after link_stop(). */
struct link_calls {
	void	*ctx;
	void	(*connected)(void *ctx);
	void	(*bytes)(void *ctx, const char *data, size_t n);
	void	(*lost)(void *ctx, const char *why);	/* NULL: the other side closed it */
};

/*
 * Begins to connect. `server` is a numeric address: a name would be looked up while the loop waits.
 * `patience_ms`: how long written bytes may stay unacknowledged by the other machine (TCP_USER_TIMEOUT).
 * NULL with FAULT_USAGE (no address) or FAULT_BUSY.
 */
struct link	*link_new(struct event_base *, const char *server, int port, unsigned patience_ms,
		    const struct link_calls *, struct err *);
/* Nothing is heard or written any more; to be freed when nothing of the link is being called. */
void		 link_stop(struct link *);
void		 link_free(struct link **);
bool		 link_write(struct link *, const char *data, size_t n);
/* Writes at once what the socket takes; for last words. */
void		 link_push(struct link *);
size_t		 link_waiting(const struct link *);	/* bytes not yet written */

#endif
