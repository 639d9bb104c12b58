#ifndef MOOTHALL_STORE_CONTROL_H
#define MOOTHALL_STORE_CONTROL_H
/*
 * The control connection: it holds the component's advisory lock, so that a second
 * hall by mistake never shakes hands, and listens for administrators' writes.
 * Private to store/.
 */
#include "store/db.h"

struct control;

struct control	*control_new(struct event_base *, const char *conninfo, const char *component, const struct db_calls *);
void		 control_open(struct control *);
void		 control_free(struct control **);

#endif
