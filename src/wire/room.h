#ifndef MOOTHALL_WIRE_ROOM_H
#define MOOTHALL_WIRE_ROOM_H
/*
 * One room, as the files room.c, presence.c, roomconf.c, archive.c and hear.c share it.
 *
 *   OUT -> JOINING -> SETUP -> PAGING -> LIVE
 *    ^________________________________________|   lost, kicked, left; DEAD: an administrator must look
 *
 * JOINING ends with our own presence, SETUP with the room configured and its
 * features known, PAGING with the archive read to its end.  Lines that come in
 * SETUP and PAGING are parked, and handed up at their place among the archived ones.
 *
 * Time here is the number of room_tick() calls, one a second: no clock step stalls a join.
 */
#include <stdint.h>
#include <sys/queue.h>

#include "wire/internal.h"
#include "wire/occupant.h"

enum phase { PH_OUT, PH_JOINING, PH_SETUP, PH_PAGING, PH_LIVE, PH_DEAD };

/* What the room's disco#info lists (XEP-0030); a stanza-id is believed only where it is listed (XEP-0359 §6). */
enum { FEAT_KNOWN = 1, FEAT_MAM = 2, FEAT_OCCUPANT_ID = 4, FEAT_STANZA_ID = 8 };

/* Seconds. */
enum {
	JOIN_TIMEOUT = 30,
	REJOIN_SOON = 5,	/* after a shutdown or an error of the service, up to twice that */
	RETRY_KICKED = 60,	/* doubles up to RETRY_DEAD */
	RETRY_REFUSED = 60,	/* full, locked, service away */
	RETRY_DEAD = 3600,	/* members only, banned, password: until an administrator has looked */
	NICK_RECLAIM = 300,
	SILENCE = 900,		/* then a self-ping (XEP-0410) */
	ASK_TIMEOUT = 30,
};

enum { MARKS_MAX = 100, PARKED_MAX = 200 };

/* A line said in the room: who may correct it, and whom a reply to it is for. Hashes only. */
struct mark {
	uint64_t	id, stanza_id;	/* the sender's id, the room's id; 0: none */
	uint64_t	sender;		/* of the real address, or of the nickname where it is hidden */
};

struct parked {
	STAILQ_ENTRY(parked)	 next;
	struct msg		*msg;
};

struct archive;		/* archive.c: while the archive is read */
struct conf_run;	/* roomconf.c: while the room is configured */

struct room {
	TAILQ_ENTRY(room)	 all, queue;
	bool			 queued, wanted;
	bool			 configured;	/* the form was settled since the hall started */
	bool			 created;	/* the last join made the room: it is locked until the form is sent */
	bool			 overflow;	/* more came than may be parked: read the archive once more */
	bool			 doomed;	/* destroyed: never joined again */
	bool			 empty;		/* at cursor_at the archive held nothing, not even the cursor's line */
	bool			 subject;	/* came since the join: from then on nothing is history (XEP-0045 §7.2.16) */
	uint8_t			 phase, features, tries, kicks;
	uint8_t			 role, affiliation;	/* ours */
	uint8_t			 mark_at, mark_count, mark_cap, parked_count;
	uint32_t		 epoch;		/* of this join; an answer to an older one is dropped */
	uint32_t		 due;		/* tick: when to join, or when the join is given up */
	uint32_t		 heard;		/* tick: when the room last sent anything */
	uint32_t		 reclaim;	/* tick: when to ask for our nickname again; 0: we have it */
	char			*code, *jid;	/* local part; code@muc */
	char			*nick;		/* ours here, as asked or given */
	char			*title, *description, *lang, *owner;
	char			**staff;	/* NULL-terminated */
	char			**revoked;	/* addresses that lost their rights while we watched; NULL-terminated or NULL */
	char			*cursor;
	instant			 cursor_at;
	char			*why;		/* what an administrator should know; NULL: all is well */
	struct occupants	 occupants;
	struct mark		*marks;		/* a ring */
	struct archive		*archive;
	struct conf_run		*conf;
	STAILQ_HEAD(, parked)	 parked;
};

TAILQ_HEAD(roomq, room);

struct rooms {
	void		*tree;		/* tsearch(3) by code */
	struct roomq	 all, queue;	/* queue: ready to join */
	unsigned	 in_flight;	/* between the join and LIVE */
	uint32_t	 now;		/* ticks */
	uint32_t	 epoch;
	unsigned char	 key[HASH_KEY];
};

/* --- rooms.c --- */
struct rooms	*rooms_of(struct wire *);	/* made at the first call */
void		 room_free(struct room *);

/* --- room.c --- */
/* Everything that a join has given is void; questions about it are never answered. */
void		 room_clear(struct wire *, struct room *);
void		 room_unqueue(struct rooms *, struct room *);
void		 room_nick_set(struct room *, const char *nick);
/* Joins `seconds` from now; the room is out until then. */
void		 room_retry(struct wire *, struct room *, uint32_t seconds, const char *why);
/* ROOM_DEAD; tried again hourly, or never where it is doomed. */
void		 room_dead(struct wire *, struct room *, const char *why);
void		 room_report(struct wire *, struct room *);	/* ear.room with the present state */
void		 room_phase(struct wire *, struct room *, enum phase);
void		 room_joined(struct wire *, struct room *, bool created);
void		 room_set_up(struct wire *, struct room *);	/* SETUP is over */
void		 room_live(struct wire *, struct room *);	/* PAGING is over */
void		 room_conflict(struct wire *, struct room *);
void		 room_send_presence(struct wire *, struct room *, const char *type);
/* Adds to room->why. */
void		 room_why(struct room *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
uint32_t	 room_jitter(struct wire *, uint32_t below);
/*
 * iq_ask() about a room from its desk, answered only while the same join lasts:
 * `done` gets the answer, or NULL on timeout; never called once the room is out or gone.
 */
typedef void	 room_done(struct wire *, struct room *, xmpp_stanza_t *answer);
void		 room_ask(struct wire *, struct room *, xmpp_stanza_t *iq, room_done *);
xmpp_stanza_t	*room_iq(struct wire *, struct room *, const char *type);
/* The defined condition of a stanza's <error/> (RFC 6120 §8.3.3), "" if it has none; NULL stanza: "timeout". Borrowed. */
const char	*error_condition(xmpp_stanza_t *);
bool		 is_result(xmpp_stanza_t *);

/* --- roomconf.c --- */
void		 conf_start(struct wire *, struct room *);	/* the form, affiliations; then features_ask() in SETUP */
void		 conf_stop(struct room *);

/* --- archive.c --- */
void		 archive_start(struct wire *, struct room *);
void		 archive_stop(struct room *);
void		 cursor_set(struct wire *, struct room *, const char *stanza_id, instant at);
/* The pause after a refused page is over. */
void		 archive_again(struct wire *, struct room *);
/* Was this id among the archive's last results? */
bool		 archive_saw(struct wire *, struct room *, const char *stanza_id);

/* --- hear.c --- */
/* A line to whoever listens: who may correct what is settled here, then ear.hear(). Takes msg. */
void		 hear_line(struct wire *, struct room *, struct msg *);
struct msg	*hear_unpark(struct room *, const char *stanza_id);	/* NULL: not parked */
void		 hear_parked(struct wire *, struct room *);	/* all that are parked, in order */
void		 hear_drop_parked(struct room *);
void		 hear_forget_nick(struct wire *, struct room *, const char *nick);
bool		 msg_says_something(const struct msg *);
/* The child of `parent` if there is exactly one such; NULL for none or several (forged beside genuine). */
xmpp_stanza_t	*only_child(xmpp_stanza_t *parent, const char *name, const char *ns);
bool		 ours(struct wire *, const char *who);		/* an address of our component */

#endif
