#ifndef MOOTHALL_BASE_MSG_H
#define MOOTHALL_BASE_MSG_H
/*
 * What was heard (struct msg) and what is to be said (struct reply).
 *
 * wire makes a msg from a stanza and turns a reply into one; flow reads the
 * first and writes the second.  Neither sees the other: these two structs,
 * and the form below them, are all they share.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/clock.h"

/* By which way something came, or is to go. */
enum way {
	WAY_ROOM,	/* a line in the room */
	WAY_DESK,	/* in private with a desk: an occupant's private message, or 1:1 with <desk>@component */
	WAY_STAFF,	/* in private with the staff address hall@component */
	WAY_FORM,	/* an ad-hoc command on hall@component (XEP-0050) */
};

/*
 * One thing heard.  Everything in it lives in `arena`, which goes with it:
 * whoever takes the msg frees it by msg_free().
 */
struct msg {
	struct arena	*arena;
	enum way	 way;
	const char	*room;		/* room code; NULL on WAY_STAFF and WAY_FORM */
	const char	*nick;		/* occupant's nickname (XEP-0045); NULL if it came 1:1 */
	/*
	 * The real bare address: from the presence map in a room, from the stanza's
	 * server-stamped `from` otherwise, normalised (XEP-0029/7622). NULL: hidden or
	 * unknown; such a speaker has a resident's rights and owns nothing.
	 */
	const char	*who;
	/*
	 * The key by which this is taken once. Room: the room's own stanza-id
	 * (XEP-0359), or "<real address> <id>" where the room gave none. Private: the
	 * origin-id or id prefixed by the sender's bare address. Form: address and session id.
	 */
	const char	*key;
	const char	*stanza_id;	/* the room's stanza-id, what replies and reactions point at; NULL if none */
	const char	*id;		/* the sender's own message id; NULL if none */
	const char	*text;		/* the body as it came, quoted lines included; NULL: no body */
	const char	*reply_to;	/* XEP-0461 id; NULL if no reply */
	const char	*replaces;	/* XEP-0308: the `id` of the sender's line that this corrects, already
					   checked to be of the same real sender; NULL if no correction */
	const char	*reacts_to;	/* XEP-0444 id; NULL if no reaction */
	const char	**reactions;	/* NULL-terminated, variation selectors stripped; the whole set */
	const char	**links;	/* NULL-terminated addresses of pictures and files (XEP-0066, XEP-0447,
					   bare upload links); never fetched */
	bool		 encrypted;	/* OMEMO, OTR, PGP or XEP-0380: never read */
	bool		 late;		/* from the archive, not live: registered silently, never run as a command */
	bool		 by_robot;	/* from one of our desks or another automaton: never answered */
	instant		 sent;		/* when it was sent, as the room's archive says; live: when it came */
	/* WAY_FORM only: which command, and the fields submitted in the order of the form. */
	const char	*verb;
	const char	**values;	/* NULL-terminated */
	const char	*session;	/* answer with a reply of WAY_FORM and this id */
};

struct msg	*msg_new(void);
void		 msg_free(struct msg **);

/* One thing to be said. Borrowed for the length of the call that says it. */
struct reply {
	enum way	 way;
	const char	*id;		/* the outbox row's id, which is the message id; WAY_FORM: the session */
	const char	*room;		/* room code: speak as this desk; NULL on WAY_STAFF and WAY_FORM */
	const char	*to;		/* bare address for WAY_DESK and WAY_STAFF; NULL otherwise */
	const char	*text;
	const char	*lang;		/* BCP 47, for xml:lang; NULL: none */
	const char	*reply_to;	/* XEP-0461 id of the line answered (its stanza-id in a room); NULL: none */
	bool		 failed;	/* WAY_FORM: the note is an error (XEP-0050 §3.4 type='error') */
};

/* One room that the hall should own and be in. Strings are copied. */
struct room_spec {
	const char	*code;		/* local part of the room and of its desk */
	const char	*title, *description;
	const char	*lang;		/* BCP 47 */
	const char	*cursor;	/* last archive id taken; NULL: begin with what comes */
	instant		 cursor_at;	/* when that was; 0 unknown */
	const char	*owner;		/* the officer's bare address, made owner; NULL none */
	const char	*const *staff;	/* bare addresses made moderators (admins); NULL-terminated; may be NULL */
};

/* --- ad-hoc commands: what a command row looks like as a form (XEP-0050, XEP-0004) --- */

enum field_kind { FIELD_LINE, FIELD_TEXT, FIELD_CHOICE };

struct choice {
	const char	*value, *label;
};

struct field {
	const char		*var, *label;
	enum field_kind		 kind;
	bool			 required;
	const struct choice	*choices;	/* FIELD_CHOICE; ends with a NULL value */
};

struct form {
	const char		*node;		/* the command's English name: profanity shows nodes, not titles */
	const char		*title;
	const char		*instructions;	/* may be NULL */
	const char		*outcome;	/* label of what came of it; may be NULL */
	const struct field	*fields;	/* ends with a NULL var; NULL: the command takes nothing and runs at once */
};

#endif
