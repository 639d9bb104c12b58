#ifndef MOOTHALL_FLOW_HALL_H
#define MOOTHALL_FLOW_HALL_H
/*
 * What the hall is for: lines become matters, matters are answered, and the desks
 * say the least that helps.
 *
 * The upper half of this file is what is called from outside (by wire's ear, by the
 * database's calls, by what is due); `struct mouth` is how it speaks.  The rest of
 * flow/ is behind it: desk.c (one queue a room), hear.c (what a line means here),
 * manners.c (who is told, pure), cmd_*.c (commands), write.c (changes), outbox.c.
 */
#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/conf.h"
#include "base/lang.h"
#include "base/msg.h"
#include "store/db.h"

struct hall;
struct cmd;
struct model;

/* How the hall speaks; called from the loop only. */
struct mouth {
	void	*ctx;
	/* false: can not be said now; the outbox keeps it and hall_said() never comes. */
	bool	(*say)(void *ctx, const struct reply *);
	/* Is this bare address an occupant of the room now? */
	bool	(*present)(void *ctx, const char *room, const char *who);
	/* The whole list of rooms to own and be in; copied by the callee. */
	void	(*rooms)(void *ctx, const struct room_spec *, size_t n);
	/* Something will be due at this instant. */
	void	(*due)(void *ctx, instant at);
	/* Everything is loaded: the stream may be opened. */
	void	(*ready)(void *ctx);
};

/* Borrowed: conf, lang, model (NULL: lines are read by cues alone), db. `commands` ends with NULL. `version` for the process row. */
struct hall	*hall_new(struct event_base *, const struct conf *, const struct lang *, const struct model *, struct db *,
		    const struct cmd *const *cmds, const char *version, const struct mouth *);
void		 hall_free(struct hall **);

/* The component's lock was gained: take hold of the rooms and load everything. Then mouth.ready(). */
void		 hall_start(struct hall *);
/* The lock was lost: another hall may hold the rooms; what is in memory counts no more. */
void		 hall_lost(struct hall *);
/* An administrator wrote something: load roster and kinds anew, swap them whole. */
void		 hall_reload(struct hall *);
/* The database came or went; what waited is asked again. */
void		 hall_database(struct hall *, bool up);
/* Once a second: lease, acknowledgements, cursors, candidates. */
void		 hall_tick(struct hall *);
/* The daemon ends: saves acknowledgements and cursors, marks the process row ended. */
void		 hall_finish(struct hall *);
/* Nothing is queued or on its way to the database. */
bool		 hall_idle(const struct hall *);

/* --- the ear's side --- */
void		 hall_hear(struct hall *, struct msg *taken);
void		 hall_stream(struct hall *, bool up, const char *state, const char *note);
/* live: joined and its archive read to the end. */
void		 hall_room(struct hall *, const char *room, bool live);
void		 hall_said(struct hall *, const char *id, const char *stanza_id);
void		 hall_unsaid(struct hall *, const char *id, const struct err *why);
void		 hall_cursor(struct hall *, const char *room, const char *stanza_id);
void		 hall_gap(struct hall *, const char *room, instant from, instant to);
const struct form *hall_menu(struct hall *, const char *who, struct arena *);

/* --- what is due --- */
struct store;
/* Whose writes these are; NULL until everything is loaded. */
struct store	*hall_store(struct hall *);
/* The item is claimed; the change that it causes removes its row. */
void		 hall_due(struct hall *, int room, long long request, const char *what, instant at);

#endif
