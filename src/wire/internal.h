#ifndef MOOTHALL_WIRE_INTERNAL_H
#define MOOTHALL_WIRE_INTERNAL_H
/*
 * What the files of wire/ share and nobody else sees.
 *
 *   stream.c    bytes <-> stanzas                     stanza.c   build, read, sanitise
 *   wire.c      wire.h's calls; dispatch of a stanza   iq.c       our questions, and answers to everybody's
 *   disco.c     disco, caps, version, ping, vcard      adhoc.c    XEP-0050 forms <-> msg and reply
 *   private.c   1:1 and private messages, their acknowledgement, subscriptions
 *   rooms.c     the list of rooms                      room.h     what the room's files share
 *   room.c      one room: join, self-ping, leave, rejoin
 *   presence.c  a room's presences: ours, the others', removals
 *   roomconf.c  the room's form, affiliations and features
 *   occupant.c  who is in a room, from presence only
 *   archive.c   XEP-0313 paging on return
 *   message.c   stanza -> struct msg
 *   hear.c      groupchat lines: taken, parked, reflected, refused; and said
 */
#include <event2/event.h>
#include <strophe.h>
#include <sys/queue.h>

#include "wire/stream.h"
#include "wire/wire.h"

#define NS_CLIENT	"jabber:component:accept"
#define NS_MUC		"http://jabber.org/protocol/muc"
#define NS_MUC_USER	"http://jabber.org/protocol/muc#user"
#define NS_MUC_OWNER	"http://jabber.org/protocol/muc#owner"
#define NS_MUC_ADMIN	"http://jabber.org/protocol/muc#admin"
#define NS_DISCO_INFO	"http://jabber.org/protocol/disco#info"
#define NS_DISCO_ITEMS	"http://jabber.org/protocol/disco#items"
#define NS_COMMANDS	"http://jabber.org/protocol/commands"
#define NS_DATA		"jabber:x:data"
#define NS_PING		"urn:xmpp:ping"
#define NS_DELAY	"urn:xmpp:delay"
#define NS_SID		"urn:xmpp:sid:0"
#define NS_MAM		"urn:xmpp:mam:2"
#define NS_RSM		"http://jabber.org/protocol/rsm"
#define NS_FORWARD	"urn:xmpp:forward:0"
#define NS_REPLY	"urn:xmpp:reply:0"
#define NS_REACTIONS	"urn:xmpp:reactions:0"
#define NS_CORRECT	"urn:xmpp:message-correct:0"
#define NS_OCCUPANT	"urn:xmpp:occupant-id:0"
#define NS_EME		"urn:xmpp:eme:0"
#define NS_OOB		"jabber:x:oob"
#define NS_SFS		"urn:xmpp:sfs:0"
#define NS_STANZAS	"urn:ietf:params:xml:ns:xmpp-stanzas"

struct room;		/* room.h */
struct rooms;		/* room.h */

struct wire {
	struct event_base	*base;
	struct wire_conf	 conf;		/* strings owned */
	struct ear		 ear;
	struct stream		*stream;
	char			*domain;	/* conf.component */
	char			*staff_jid;	/* hall@component */
	struct rooms		*rooms;		/* room.c: all of them; NULL until wire_rooms() */
	struct iqs		*iqs;
	struct privates		*privates;
	struct forms		*forms;
	struct event		*tick;		/* one second: joins, timeouts, pings, self-pings */
	bool			 was_up;	/* a later handshake is a reconnection */
	void			*nodeprep, *nameprep;	/* ICU profiles, opened by the first jid_bare() */
	/* room.c keeps rooms, live and occupants; whoever calls ear.hear counts heard; the rest is wire.c's. */
	struct wire_count	 count;
};

/* --- stanza.c: reading and building; the only place that makes outgoing stanzas --- */
/* An element off the stream carries its namespace itself (get_ns answers for every child), and its text as one node. */
xmpp_stanza_t	*child_ns(xmpp_stanza_t *, const char *name, const char *ns);	/* borrowed; name NULL: any; ns NULL: any */
const char	*child_text(xmpp_stanza_t *, const char *name, const char *ns);	/* borrowed; NULL: no such child; "": it is empty */
const char	*element_text(xmpp_stanza_t *);				/* the same of the element itself; never NULL */
/* <name to= from= type= id=/> with `from` = local@domain/resource of ours; NULLs are left out. Yours: xmpp_stanza_release. */
xmpp_stanza_t	*stanza_make(struct wire *, const char *name, const char *from_local, const char *from_resource,
		    const char *to, const char *type, const char *id);
/* Appends a child element; the child is borrowed (owned by its parent). */
xmpp_stanza_t	*stanza_child(struct wire *, xmpp_stanza_t *, const char *name, const char *ns);
/* Appends a child with text: cleaned (XML Char), cut at conf.say_max. */
xmpp_stanza_t	*stanza_text(struct wire *, xmpp_stanza_t *, const char *name, const char *text);
/* An answer to `st`: same name and id, to and from exchanged. */
xmpp_stanza_t	*stanza_answer(struct wire *, xmpp_stanza_t *st, const char *type);
/* Answers `st` with an error (RFC 6120 §8.3); `text` may be NULL. Never for a message that came through a room. */
void		 stanza_error(struct wire *, xmpp_stanza_t *st, const char *type, const char *condition, const char *text);
/* The local part and the resource of one of our own or of a room's JIDs, cut out; yours; NULL if it has none. */
char		*jid_local(const char *jid);
const char	*jid_resource(const char *jid);		/* borrowed: points into `jid` */
/* Is the JID's domain this one? */
bool		 jid_at(const char *jid, const char *domain);
/* stream_send() and release. */
bool		 stanza_send(struct wire *, xmpp_stanza_t *);
/* Bare, prepared address of a JID (lower-cased node and domain by xmpp_jid + ICU); yours; NULL if it is none. */
char		*jid_bare(struct wire *, const char *jid);

/* --- iq.c --- */
/*
 * Asks; `done` is called exactly once: with the result or error stanza, or NULL on
 * timeout or loss of the stream. Matched by (from, id). `iq` is taken.
 */
typedef void iq_done(struct wire *, void *ctx, xmpp_stanza_t *answer);
void		 iq_ask(struct wire *, xmpp_stanza_t *iq, int timeout_s, iq_done *done, void *ctx);
void		 iq_stanza(struct wire *, xmpp_stanza_t *);	/* every incoming iq; each get/set is answered */
void		 iq_tick(struct wire *);
void		 iq_lost(struct wire *);			/* the stream is gone: every question ends with NULL */
struct iqs	*iqs_new(void);
void		 iqs_free(struct iqs **);			/* after iq_lost() */

/* --- room.c, occupant.c, archive.c, message.c --- */
struct room	*room_find(struct wire *, const char *code);
struct room	*room_by_jid(struct wire *, const char *bare);	/* "<code>@<muc>" only */
void		 room_presence(struct wire *, struct room *, xmpp_stanza_t *);
void		 room_message(struct wire *, struct room *, xmpp_stanza_t *);	/* type groupchat or error */
void		 room_stream(struct wire *, enum wire_state);	/* up: join all, paced; down: all out */
void		 room_tick(struct wire *);			/* once a second: its calls are the rooms' clock */
/* Sends a line (WAY_ROOM) from the desk to its room; false: not live, or the stream refuses. */
bool		 room_say(struct wire *, const struct reply *);
/* wire_free() calls it: nothing is sent any more. */
void		 rooms_free(struct wire *);
/* nick in the room -> real bare address (NULL hidden), and back (NULL: not there). Borrowed. */
const char	*room_who(struct room *, const char *nick);
const char	*room_nick_of(struct room *, const char *who);
enum room_state	 room_state(const struct room *);
/* Stanza's common parts -> msg: text, reply, correction, reactions, links, encryption (message.c). */
void		 message_read(struct wire *, xmpp_stanza_t *, struct msg *);
/* An archive result (<message> with <result xmlns='urn:xmpp:mam:2'>); false if it matches no open query of ours. */
bool		 archive_result(struct wire *, struct room *, xmpp_stanza_t *);

/* --- wire.c --- */
/*
 * Whose address stands behind an iq or message: the bare `from`, or the occupant's if it came
 * through a room. Yours; NULL: hidden, or from a room that is none of ours.
  */
char		*sender_of(struct wire *, xmpp_stanza_t *);
struct room	*room_from(struct wire *, const char *jid);	/* of "<code>@<muc>/nick"; NULL: none of ours */

/* --- private.c, adhoc.c, disco.c --- */
void		 private_message(struct wire *, xmpp_stanza_t *);	/* chat, normal, error to one of our addresses */
void		 private_presence(struct wire *, xmpp_stanza_t *);	/* subscriptions and probes to our addresses */
bool		 private_say(struct wire *, const struct reply *);	/* WAY_DESK, WAY_STAFF */
void		 private_lost(struct wire *);
bool		 private_error(struct wire *, xmpp_stanza_t *);	/* a message of type error; true: it was for a private line */
struct privates	*privates_new(void);
void		 privates_free(struct privates **);
bool		 adhoc_iq(struct wire *, xmpp_stanza_t *);		/* true: it was ours and will be answered */
bool		 adhoc_say(struct wire *, const struct reply *);	/* WAY_FORM */
void		 adhoc_tick(struct wire *);
void		 adhoc_lost(struct wire *);			/* the questions are gone, the sessions stay */
struct forms	*forms_new(void);
void		 forms_free(struct forms **);
bool		 disco_iq(struct wire *, xmpp_stanza_t *);
void		 disco_caps(struct wire *, xmpp_stanza_t *presence);	/* adds XEP-0115 caps to a presence of ours */

#endif
