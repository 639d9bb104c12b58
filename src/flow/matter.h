#ifndef MOOTHALL_FLOW_MATTER_H
#define MOOTHALL_FLOW_MATTER_H
/*
 * A matter in memory: as PostgreSQL last said it is.  Kept while it is open and for
 * 72 hours after its end, when "still not solved" opens it again.
 */
#include <sys/queue.h>

#include "store/matter.h"

enum { MATTER_LINGERS_H = 72 };

struct matter {
	TAILQ_ENTRY(matter)	 next;
	struct matter_row	 row;
	instant			 ended;		/* 0: not */
	bool			 seen;		/* by the load under way */
};
TAILQ_HEAD(matters, matter);

/* From a load's row; the op is copied out of, not kept. */
struct matter	*matter_of_row(const struct op *, int row);
/* As it was just registered. */
struct matter	*matter_of_opening(const struct opening *, long long number, instant now);
void		 matter_free(struct matter **);
/* Replaces what is known by the row. */
void		 matter_update(struct matter *, const struct op *, int row);

/* It ended elsewhere, nobody knows how. */
void		 matter_end(struct matter *, instant now);
bool		 matter_is(const struct matter *, const char *state);
bool		 matter_ended(const struct matter *);		/* closed, cancelled, dropped */
bool		 matter_answered(const struct matter *);	/* answered or done */
bool		 matter_waits(const struct matter *);		/* open: no word of staff yet */
/* Does this id (stanza-id or message id) belong to the asking line, the desk's lines or the answer? */
bool		 matter_has_id(const struct matter *, const char *id);
/* Remembers an id of a line that the desk said about it. */
void		 matter_add_id(struct matter *, const char *id);

#endif
