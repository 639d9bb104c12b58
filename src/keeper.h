#ifndef MOOTHALL_KEEPER_H
#define MOOTHALL_KEEPER_H
/*
 * Keeps a hall: the database and its lock, the schema's version, what is due, the
 * second's tick, a clean end.  It joins store, flow and remind for the daemon and for
 * the replay tests alike, and knows nothing of XMPP: `struct gate` is told when the
 * stream may be open.
 */
#include "flow/hall.h"

struct keeper;

struct gate {
	void	*ctx;
	/* The lock is ours and everything is loaded: connect. May come while it is open. */
	void	(*open)(void *ctx);
	/* The lock is lost, or the database has been away too long: close and stay closed. */
	void	(*close)(void *ctx);
	/* This hall cannot run until somebody changes something; why->text says what. */
	void	(*fatal)(void *ctx, const struct err *why);
};

enum {
	AWAY_MAX_S = 30,	/* so long a lost database leaves the stream open */
	END_WAIT_S = 5,		/* what is under way may take so long at the end */
};

/* Borrowed: conf, lang. Of `mouth`, due and ready are the keeper's own and ignored. */
struct keeper	*keeper_new(struct event_base *, const struct conf *, const struct lang *, const struct model *,
		    const char *version, const struct mouth *, const struct gate *);
/* Without keeper_end() before it, what the rooms then see is a crash. */
void		 keeper_free(struct keeper **);
/* Connects to the database and keeps trying. */
void		 keeper_open(struct keeper *);
/* Loads roster and kinds anew, if they have been loaded at all. */
void		 keeper_reload(struct keeper *);
/*
 * A clean end, the gate being closed already: waits for what is under way, at most END_WAIT_S,
 * lets the hall give its rooms back, then calls `ended` once from the loop.
 */
void		 keeper_end(struct keeper *, void (*ended)(void *ctx), void *ctx);

struct hall	*keeper_hall(struct keeper *);
bool		 keeper_loaded(const struct keeper *);	/* the lock is ours and everything is loaded */
/* Nothing is queued, asked of the database or being claimed. */
bool		 keeper_idle(const struct keeper *);
/* Once a second by itself; public for tests, whose clock leaps. */
void		 keeper_tick(struct keeper *);
/* Looks now whether anything is due; public for the same reason. */
void		 keeper_look(struct keeper *);
/* What it is doing or waiting for, for the service manager. */
const char	*keeper_status(const struct keeper *);

#endif
