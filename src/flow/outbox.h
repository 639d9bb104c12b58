#ifndef MOOTHALL_FLOW_OUTBOX_H
#define MOOTHALL_FLOW_OUTBOX_H
/*
 * What the desks say and has not yet arrived.  A row is written with the change that
 * causes it; only then is it said, and it is done when the room has reflected it.
 */
#include "store/outbox.h"

struct hall;
struct desk;
struct outbox;

struct outbox	*outbox_new(struct hall *);
void		 outbox_free(struct outbox **);
/* Rows that an earlier process left. */
void		 outbox_take(struct outbox *, const struct op *);
/* Lines that were written just now. */
void		 outbox_add(struct outbox *, struct desk *, long long number, const struct effects *);
/* Says what can be said: of this desk, or of all if NULL. */
void		 outbox_push(struct outbox *, struct desk *);
/* The stream is down: what was not acknowledged is said again with the same id. */
void		 outbox_stream_lost(struct outbox *);
void		 outbox_said(struct outbox *, const char *id, const char *stanza_id);
void		 outbox_unsaid(struct outbox *, const char *id, const struct err *);
/* Writes acknowledgements that have gathered; true if there were any. */
bool		 outbox_flush(struct outbox *);
/* Retries what had to wait. */
void		 outbox_tick(struct outbox *);
bool		 outbox_settled(const struct outbox *);	/* nothing waits for the database */

#endif
