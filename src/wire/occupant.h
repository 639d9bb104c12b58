#ifndef MOOTHALL_WIRE_OCCUPANT_H
#define MOOTHALL_WIRE_OCCUPANT_H
/*
 * Who is in a room.  Filled from presence only: a message may carry any forged
 * <item jid> (XEP-0045 §7.2.3 binds the room for presences, nobody binds it for the rest).
 *
 * Three hundred occupants a room and thousands of rooms: one allocation holds an
 * occupant with its strings, and the table is pointers, open-addressed, at most
 * three quarters full.  Looking up by nickname is a hash; by address or
 * occupant-id a walk, which happens once a private line or archived line.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* SipHash-2-4 of a string: nicknames and ids are chosen by strangers. */
enum { HASH_KEY = 16 };
uint64_t	 keyed_hash(const unsigned char key[HASH_KEY], const char *);

enum role { ROLE_NONE, ROLE_VISITOR, ROLE_PARTICIPANT, ROLE_MODERATOR };
enum affiliation { AFF_OUTCAST, AFF_NONE, AFF_MEMBER, AFF_ADMIN, AFF_OWNER };

/* "moderator" etc. as in XEP-0045 §5; NULL or unknown: none. */
enum role	 role_read(const char *);
enum affiliation affiliation_read(const char *);

struct occupant {
	uint64_t	 oid;		/* keyed hash of the XEP-0421 occupant-id; 0: none known */
	uint16_t	 nick_size;	/* with its NUL; the address follows in `strings` */
	uint8_t		 role, affiliation;
	char		 strings[];
};

struct occupants {
	struct occupant	**slots;
	uint32_t	 cap, count;	/* cap: a power of two, or 0 */
};

static inline const char *
occupant_nick(const struct occupant *o)
{
	return o->strings;
}

/* The real bare address; NULL: the room hides it from us. */
static inline const char *
occupant_who(const struct occupant *o)
{
	const char *who = o->strings + o->nick_size;

	return *who == '\0' ? NULL : who;
}

/* Adds, or replaces the one with this nickname. `who` may be NULL. A nickname of 3071 bytes (RFC 7622) fits. */
void		 occupant_put(struct occupants *, const unsigned char key[HASH_KEY], const char *nick, const char *who,
		    enum role, enum affiliation, uint64_t oid);
/* True if there was one. */
bool		 occupant_drop(struct occupants *, const unsigned char key[HASH_KEY], const char *nick);
void		 occupants_clear(struct occupants *);

/* Borrowed until the next put, drop or clear; NULL: nobody. */
const struct occupant	*occupant_by_nick(const struct occupants *, const unsigned char key[HASH_KEY], const char *nick);
const struct occupant	*occupant_by_who(const struct occupants *, const char *who);
const struct occupant	*occupant_by_oid(const struct occupants *, uint64_t oid);
/* For walks: the next one at or after *at, which starts at 0; NULL at the end. */
const struct occupant	*occupant_next(const struct occupants *, uint32_t *at);

#endif
