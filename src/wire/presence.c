/*
 * A room's presences (XEP-0045 §7, §9, §10.9, §16.6): who is there, what became
 * of us, and why a join was refused.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "wire/room.h"

/* The muc#user status codes that mean something to us, as bits. */
enum {
	ST_SELF = 1, ST_CREATED = 2, ST_BANNED = 4, ST_NICK = 8, ST_KICKED = 16,
	ST_AFFILIATION = 32, ST_MEMBERS = 64, ST_SHUTDOWN = 128, ST_ERROR = 256,
};

static unsigned
read_codes(xmpp_stanza_t *x)
{
	static const struct { const char *code; unsigned bit; } codes[] = {
		{ "110", ST_SELF }, { "201", ST_CREATED }, { "301", ST_BANNED }, { "303", ST_NICK },
		{ "307", ST_KICKED }, { "321", ST_AFFILIATION }, { "322", ST_MEMBERS },
		{ "332", ST_SHUTDOWN }, { "333", ST_ERROR },
	};
	xmpp_stanza_t *c = x == NULL ? NULL : xmpp_stanza_get_children(x);
	unsigned bits = 0;
	size_t i;

	for (; c != NULL; c = xmpp_stanza_get_next(c))
		for (i = 0; str_eq(xmpp_stanza_get_name(c), "status") && i < sizeof codes / sizeof *codes; i++)
			if (str_eq(xmpp_stanza_get_attribute(c, "code"), codes[i].code))
				bits |= codes[i].bit;
	return bits;
}

/* --- the others --- */

static uint64_t
read_occupant_id(struct wire *w, struct room *r, xmpp_stanza_t *stanza)
{
	xmpp_stanza_t *e = only_child(stanza, "occupant-id", NS_OCCUPANT);
	const char *id = e == NULL ? NULL : xmpp_stanza_get_id(e);

	/* Before the features are known it is kept: it is only believed once the room lists it. */
	if (id == NULL || ((r->features & FEAT_KNOWN) && !(r->features & FEAT_OCCUPANT_ID)))
		return 0;
	return keyed_hash(rooms_of(w)->key, id);
}

static void
put(struct wire *w, struct room *r, const char *nick, xmpp_stanza_t *item, xmpp_stanza_t *stanza)
{
	const char *jid = item == NULL ? NULL : xmpp_stanza_get_attribute(item, "jid");
	char *who = jid == NULL ? NULL : jid_bare(w, jid);
	uint32_t before = r->occupants.count;

	if (item != NULL)
		occupant_put(&r->occupants, rooms_of(w)->key, nick, who,
		    role_read(xmpp_stanza_get_attribute(item, "role")),
		    affiliation_read(xmpp_stanza_get_attribute(item, "affiliation")),
		    read_occupant_id(w, r, stanza));
	w->count.occupants += r->occupants.count - before;
	free(who);
}

static void
drop(struct wire *w, struct room *r, const char *nick)
{
	hear_forget_nick(w, r, nick);
	if (occupant_drop(&r->occupants, rooms_of(w)->key, nick))
		w->count.occupants--;
}

/* XEP-0045 §7.6: the old name leaves with 303; the new one's presence follows and puts it. */
static void
rename_ours(struct wire *w, struct room *r, const char *nick, xmpp_stanza_t *item, unsigned codes)
{
	const char *new = item == NULL ? NULL : xmpp_stanza_get_attribute(item, "nick");

	drop(w, r, nick);
	if (new != NULL && ((codes & ST_SELF) || str_eq(nick, r->nick)))
		room_nick_set(r, new);
}

/* --- ourselves --- */

static void
we_are_here(struct wire *w, struct room *r, const char *nick, xmpp_stanza_t *item, unsigned codes)
{
	enum room_state before = room_state(r);

	if (!str_eq(nick, r->nick))	/* the service may choose our name (210) */
		room_nick_set(r, nick);
	if (str_eq(nick, w->conf.nick))
		r->reclaim = 0;
	else if (r->reclaim == 0)
		r->reclaim = rooms_of(w)->now + NICK_RECLAIM;
	if (item != NULL) {
		r->role = (uint8_t)role_read(xmpp_stanza_get_attribute(item, "role"));
		r->affiliation = (uint8_t)affiliation_read(xmpp_stanza_get_attribute(item, "affiliation"));
	}
	if (r->phase == PH_JOINING) {
		room_joined(w, r, codes & ST_CREATED);
		return;
	}
	if (room_state(r) != before)
		room_report(w, r);
}

static void
kicked(struct wire *w, struct room *r)
{
	uint32_t wait = RETRY_KICKED;

	if (r->kicks < 6)
		wait <<= r->kicks++;
	else
		wait = RETRY_DEAD;
	room_retry(w, r, wait, "the desk was kicked out of the room");
}

/* XEP-0045 §16.6. The order matters: a kick by error or shutdown carries 307 too. */
static void
we_are_out(struct wire *w, struct room *r, xmpp_stanza_t *x, unsigned codes)
{
	if (x != NULL && child_ns(x, "destroy", NULL) != NULL) {
		r->doomed = true;	/* and where it says that people should go instead: nowhere of ours */
		room_dead(w, r, "the room was destroyed; change its row in the roster, or restart, to make it anew");
	} else if (codes & (ST_SHUTDOWN | ST_ERROR))
		room_retry(w, r, REJOIN_SOON + room_jitter(w, REJOIN_SOON), NULL);
	else if (codes & ST_BANNED)
		room_dead(w, r, "the desk was banned from the room: make it owner again");
	else if (codes & (ST_AFFILIATION | ST_MEMBERS))
		room_dead(w, r, "the desk was removed: the room is for members only now and it is none");
	else if (codes & ST_KICKED)
		kicked(w, r);
	else
		room_retry(w, r, REJOIN_SOON + room_jitter(w, REJOIN_SOON), NULL);
}

/* --- refused joins (XEP-0045 §7.2.5 to §7.2.11) --- */

static void
refused(struct wire *w, struct room *r, xmpp_stanza_t *stanza)
{
	static const struct { const char *condition; bool dead; const char *why; } table[] = {
		{ "registration-required", true, "the room is for members only and the desk is none: make it owner" },
		{ "not-authorized", true, "the room asks for a password: make the desk owner and take the password away" },
		{ "forbidden", true, "the desk is banned from the room: make it owner" },
		{ "not-allowed", true, "the service does not let the desk create rooms: allow it (restrict_room_creation, access_create)" },
		{ "gone", true, "the room was destroyed and the service remembers it: end its tombstone (muc_tombstones), or use another code" },
		{ "item-not-found", false, "the room is locked by whoever is creating it" },
		{ "service-unavailable", false, "the room is full, or the service refuses" },
		{ "resource-constraint", false, "too many rooms or occupants: raise the service's limit (max_user_conferences, max_users)" },
		{ "remote-server-not-found", false, "the MUC service does not answer" },
		{ "remote-server-timeout", false, "the MUC service does not answer" },
	};
	const char *c = error_condition(stanza);
	uint32_t wait = RETRY_REFUSED;
	size_t i;

	if (str_eq(c, "conflict") || str_eq(c, "not-acceptable")) {
		room_conflict(w, r);
		return;
	}
	for (i = 0; i < sizeof table / sizeof *table; i++)
		if (str_eq(c, table[i].condition)) {
			if (table[i].dead)
				room_dead(w, r, table[i].why);
			else
				room_retry(w, r, wait + room_jitter(w, wait / 2), table[i].why);
			return;
		}
	log_warn(r->code, "join refused: %s", c);
	room_retry(w, r, RETRY_REFUSED * 5, "the join was refused; see the log");
}

/* --- the way in --- */

/* The room's own <x/>. Two of them: one is a resident's; roles then come from the last, addresses from neither. */
static xmpp_stanza_t *
room_x(xmpp_stanza_t *stanza, bool *alone_r)
{
	xmpp_stanza_t *c, *x = NULL;

	*alone_r = only_child(stanza, "x", NS_MUC_USER) != NULL;
	for (c = xmpp_stanza_get_children(stanza); c != NULL; c = xmpp_stanza_get_next(c))
		if (str_eq(xmpp_stanza_get_name(c), "x") && str_eq(xmpp_stanza_get_ns(c), NS_MUC_USER))
			x = c;
	return x;
}

static void
gone(struct wire *w, struct room *r, const char *nick, xmpp_stanza_t *x, xmpp_stanza_t *item, unsigned codes)
{
	if (codes & ST_NICK)
		rename_ours(w, r, nick, item, codes);
	else if ((codes & ST_SELF) || str_eq(nick, r->nick))
		we_are_out(w, r, x, codes);
	else
		drop(w, r, nick);
}

void
room_presence(struct wire *w, struct room *r, xmpp_stanza_t *stanza)
{
	const char *from = xmpp_stanza_get_from(stanza), *type = xmpp_stanza_get_type(stanza);
	const char *slash = from == NULL ? NULL : strchr(from, '/');
	xmpp_stanza_t *x, *item;
	unsigned codes;
	bool alone;

	if (r->phase == PH_OUT || r->phase == PH_DEAD)
		return;
	r->heard = rooms_of(w)->now;
	if (str_eq(type, "error")) {
		if (r->phase == PH_JOINING)
			refused(w, r, stanza);
		return;	/* otherwise it was the nickname that we asked for again: still taken */
	}
	if (slash == NULL || slash[1] == '\0' || (type != NULL && !str_eq(type, "unavailable")))
		return;
	x = room_x(stanza, &alone);
	item = x == NULL ? NULL : child_ns(x, "item", NULL);
	codes = read_codes(x);
	if (type != NULL) {
		gone(w, r, slash + 1, x, item, codes);
		return;
	}
	if (item != NULL && !alone)
		xmpp_stanza_del_attribute(item, "jid");
	put(w, r, slash + 1, item, stanza);
	if (codes & ST_SELF)
		we_are_here(w, r, slash + 1, item, codes);
}
