#ifndef MOOTHALL_FLOW_WRITE_H
#define MOOTHALL_FLOW_WRITE_H
/*
 * How a job writes: fill a write, add what is to be said (say.h), submit it, and the
 * step named comes when PostgreSQL has decided.  A lost connection is asked again
 * by the same key; a job never sees it.
 */
#include "flow/desk.h"

enum outcome {
	OUT_DONE,	/* written now */
	OUT_AGAIN,	/* this message was dealt with before (by an earlier process): say nothing */
	OUT_CLASH,	/* the matter's state no longer allows it; nothing was written */
	OUT_ABSENT,
	OUT_LOST,	/* another process holds the room */
	OUT_FAILED,	/* ours; logged */
};

enum write_kind { WRITE_OPEN, WRITE_CHANGE, WRITE_SAY };

struct write {
	enum write_kind	 kind;
	struct opening	 opening;
	struct change	 change;
	struct effects	 fx;
	const char	*key;
	long long	 number;	/* of the matter: given, or set by the opening */
	enum outcome	 outcome;
	bool		 restrained;	/* the room went into addressed mode */
	int		 pending;	/* answers still to come */
	bool		 retry, unsure;
	bool		 settled;	/* decided; only the matter is still to be read back */
	bool		 carried;	/* what it holds is on its way to be said */
};

/* A new write of the job, its key set, everything else zero. */
struct write	*write_new(struct job *, enum write_kind);
/* A change of `m`: what happened, the state it leads to (NULL: stays), and the states that allow it. */
struct write	*write_change(struct job *, struct matter *m, const char *what, const char *to, const char *const *from);
/* Hands it to the database; `then` is the next step. STEP_WAIT. */
enum step	 write_submit(struct job *, step_fn *then);
/* Says what the write holds and changes nothing, `then` may be NULL: the job ends. */
enum step	 write_say(struct job *, struct write *, step_fn *then);
/* Asks the waiting job's write again, when the database is back. */
void		 write_retry(struct job *);
/* One more thing to happen later, or no longer. `what` is a literal. */
void		 write_later(struct write *, const char *what, instant at);
void		 write_undue(struct write *, const char *what);

/*
 * For a load: an op whose answer brings `then`, with job->op set (job->op->err tells).
 * The caller hands it to a store_load_*() and returns STEP_WAIT.
 */
struct op	*load_op(struct job *, step_fn *then);

/* States as lists for write_change(). */
extern const char *const from_any[], *const from_living[], *const from_unanswered[], *const from_answered[],
	*const from_ended[], *const from_open[];

#endif
