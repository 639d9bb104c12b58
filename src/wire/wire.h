#ifndef MOOTHALL_WIRE_WIRE_H
#define MOOTHALL_WIRE_WIRE_H
/*
 * XMPP in and out: one component stream (XEP-0114), the rooms on it (XEP-0045),
 * their archives (XEP-0313) and the private lines.
 *
 * Bytes become stanzas in stream.c, stanzas become a struct msg in message.c, and
 * the stanza stops here: what goes up through the ear is the msg alone.  What comes
 * down is a struct reply.  Nothing above this part sees libstrophe or expat.
 */
#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "base/msg.h"

struct wire;

enum wire_state { WIRE_DOWN, WIRE_CONNECTING, WIRE_UP };

enum room_state {
	ROOM_OUT,	/* not joined: nothing is heard, nothing may be said */
	ROOM_JOINING,	/* join, configuration and archive paging under way */
	ROOM_LIVE,	/* joined, the archive read to its end: live lines follow */
	ROOM_READONLY,	/* joined, but our role lets us only listen */
	ROOM_DEAD,	/* destroyed, banned or refused: an administrator must look */
};

/*
 * What wire calls upward. Every function is called from the event loop and may
 * call wire_say(), wire_rooms() and wire_reachable(); none may free the wire.
 */
struct ear {
	void	*ctx;
	/* Something was heard; `msg` is taken. Per room in order: archive first, then live. */
	void	(*hear)(void *ctx, struct msg *msg);
	/* The stream's state; on WIRE_DOWN `why` is for the log and the administrator. */
	void	(*stream)(void *ctx, enum wire_state, const struct err *why);
	/* A room's state; `why` may be "" . */
	void	(*room)(void *ctx, const char *room, enum room_state, const char *why);
	/*
	 * The line with this outbox id has arrived: the room reflected it (or its archive
	 * holds it; stanza_id says where), or the server answered the ping sent after a
	 * private line (stanza_id NULL). May be called more than once for one id.
	 */
	void	(*said)(void *ctx, const char *id, const char *stanza_id);
	/* The line with this outbox id came back as an error; FAULT_BUSY: say it again later. */
	void	(*unsaid)(void *ctx, const char *id, const struct err *why);
	/* Everything up to this archive id has been handed to hear(); contiguous. */
	void	(*cursor)(void *ctx, const char *room, const char *stanza_id);
	/*
	 * The archive could not be read without a gap (off, expired, unknown cursor):
	 * lines between these instants may be missing. 0: unknown.
	 */
	void	(*gap)(void *ctx, const char *room, instant from, instant to);
	/* The ad-hoc commands that this address may run; in `arena`; ends with a NULL node. */
	const struct form *(*menu)(void *ctx, const char *who, struct arena *arena);
};

struct wire_conf {
	const char	*component;	/* "hall.example.org" */
	const char	*server;	/* numeric address of the XMPP server */
	int		 port;
	const char	*secret;
	const char	*muc;		/* the MUC service: "conference.example.org" */
	const char	*nick;		/* the desk's nickname in every room */
	const char	*staff;		/* local part of the staff address: "hall" */
	const char	*version;	/* XEP-0092 */
	int		 backoff_max;	/* seconds; jittered 1, 2, 4 ... up to this. 60 */
	int		 ping_every;	/* seconds between keep-alive pings. 60 */
	int		 joins_in_flight;	/* at most this many unanswered joins. 100 */
	size_t		 stanza_max;	/* bytes of one incoming stanza. 524288 */
	size_t		 say_max;	/* bytes of one outgoing body; cut at a code point. 16384 */
};

/* `conf` strings are copied. Never NULL. */
struct wire	*wire_new(struct event_base *, const struct wire_conf *, const struct ear *);
/* Ends the stream with </stream:stream> if it is up, then frees. */
void		 wire_free(struct wire **);

/*
 * Connects, and reconnects until wire_close(). Call it only while holding the
 * database's lock for this component: a second handshake ends the running stream.
 */
void		 wire_open(struct wire *);
/* Closes the stream and stays closed until wire_open(). */
void		 wire_close(struct wire *);
enum wire_state	 wire_state(const struct wire *);

/* The whole list of rooms: new ones are created or joined, missing ones left, changed ones configured again. */
void		 wire_rooms(struct wire *, const struct room_spec *, size_t n);

/*
 * Says one thing. Returns false if it can not be sent now (stream down, room not
 * live, buffer full): the outbox keeps it. True means it is on its way; said() or unsaid() follows.
 */
bool		 wire_say(struct wire *, const struct reply *);

/* Is this bare address an occupant of the room now? */
bool		 wire_present(const struct wire *, const char *room, const char *who);

/*
 * Asks the MUC service what it is (XEP-0030 disco#info). `done` runs once, never from inside
 * this call; FAULT_NONE: it answers and is one; otherwise the text says what to do.
 */
void		 wire_probe(struct wire *, void (*done)(void *ctx, const struct err *), void *ctx);

/* For `check`, the process row and the bench. */
struct wire_count {
	size_t	rooms, live, occupants, heard, said, reconnects;
};
struct wire_count wire_count(const struct wire *);

#endif
