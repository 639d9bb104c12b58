#ifndef MOOTHALL_WIRE_STREAM_H
#define MOOTHALL_WIRE_STREAM_H
/*
 * The XEP-0114 stream: a libevent bufferevent, expat in namespace mode, the
 * handshake, hard limits, keep-alive and reconnection.  The one file with a
 * socket in it.  An object, never a global: a process may hold several.
 *
 * What the server itself does wrong (XML that is not well-formed, a DTD, a comment, a
 * processing instruction, a stanza eight times too large) ends the stream with a reason.
 * What any resident can make the server forward (a stanza that is too large, deeper than
 * 64, with more than 64 attributes on an element or more than 4096 nodes) is skipped and
 * logged: if it ended the stream, the room's archive would bring it back for ever.
 * Outgoing data is written once a loop turn by the bufferevent; above the high watermark
 * stream_send() refuses.
 */
#include <event2/event.h>
#include <stdbool.h>
#include <strophe.h>

#include "base/fault.h"
#include "wire/wire.h"

struct stream;

struct stream_calls {
	void	*ctx;
	/* One whole stanza; borrowed for the call. */
	void	(*stanza)(void *ctx, xmpp_stanza_t *);
	/* WIRE_UP after the handshake; WIRE_DOWN with the reason, once per loss or failed attempt. */
	void	(*state)(void *ctx, enum wire_state, const struct err *why);
};

struct stream	*stream_new(struct event_base *, const struct wire_conf *, const struct stream_calls *);
void		 stream_free(struct stream **);
void		 stream_open(struct stream *);	/* connect and keep reconnecting */
void		 stream_close(struct stream *);
enum wire_state	 stream_state(const struct stream *);
/* The libstrophe context in which stanzas for this stream are made. */
xmpp_ctx_t	*stream_ctx(struct stream *);
/*
 * Sends a stanza; it stays the caller's. `from` must already be of our domain: asserted,
 * because a foreign one makes the server close the stream and with it every room.
 * False: down, above the watermark, or larger than the server accepts.
 */
bool		 stream_send(struct stream *, xmpp_stanza_t *);

/* Bytes as if the server had sent them: what the socket's callback calls, and the tests and the fuzzer. */
void		 stream_feed(struct stream *, const char *, size_t);

/*
 * Seconds to wait before the next attempt: the first after a clean close within one
 * second, then 1, 2, 4 ... max, each times 0.5..1.5. `random` is 0..UINT32_MAX.
 * A refused secret or a conflict waits 30..300 s.
 */
double		 stream_backoff(unsigned attempt, int max, bool refused, unsigned random);

#endif
