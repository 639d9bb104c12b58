#ifndef MOOTHALL_REMIND_DUE_H
#define MOOTHALL_REMIND_DUE_H
/*
 * What is due: one timer for "the next thing", whatever the number of matters.
 *
 * It claims what is due in the rooms held, gives each item to the hall, asks
 * PostgreSQL for the next instant and sleeps until then, at most 30 s: so a step of
 * the wall clock or a suspended machine delays nothing longer.  Never two claims in
 * flight.  A claimed item stays claimed by this epoch until the change that it causes
 * removes its row; a process that dies in between leaves it to the next epoch.
 */
#include <event2/event.h>
#include <stdbool.h>

#include "flow/hall.h"

struct due;

enum { DUE_BATCH = 500, DUE_SLEEP_S = 30 };

/* The hall is borrowed. Nothing is looked at before the first due_look() or due_hint(). */
struct due	*due_new(struct event_base *, struct hall *);
/* After db_free(): a claim under way reports to it. */
void		 due_free(struct due **);
/* mouth.due: something will be due at this instant. */
void		 due_hint(struct due *, instant at);
/* Looks now; what is due goes to hall_due(). Does nothing while the hall holds no rooms. */
void		 due_look(struct due *);
/* A claim or its question for the next instant is under way. */
bool		 due_busy(const struct due *);

#endif
