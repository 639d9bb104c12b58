#ifndef MOOTHALL_STORE_DB_H
#define MOOTHALL_STORE_DB_H
/*
 * PostgreSQL, asynchronously, in libpq's pipeline mode.
 *
 * The contract:
 *  - op->done runs exactly once whatever happens (rows, error, timeout, lost
 *    connection, shutdown) and never from inside a store_*() call.
 *  - One op is the statements between two syncs, which is one implicit transaction.
 *    There is no BEGIN in a pipeline.
 *  - An op owns its results. It is never cancelled in flight: if its job is gone the
 *    answer is ignored. FAULT_UNSURE means: it was sent and the answer is lost; ask
 *    again by the same key.
 *
 * Two connections: `work` carries the ops; `control` holds the advisory lock of the
 * component and LISTENs. Losing control means losing the right to speak.
 */
#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"

enum { OP_PARAMS = 28 };

/* A statement, prepared on each connection before its first use. */
struct statement {
	const char	*name;
	const char	*sql;
	int		 nparams;
};

struct op {
	/* Set by whoever asks. */
	void		(*done)(struct op *);
	void		*ctx;
	uint64_t	 job;		/* whose it is; an op may outlive its job */

	/* Set by the store when done. */
	struct err	 err;		/* err.fault is FAULT_NONE if it went well */
	int		 nrows, ncols;
	const char	***cell;	/* [row][column], text; NULL is SQL NULL */

	/* The store's own. */
	struct arena			*arena;
	const struct statement		*stmt;
	const char			*param[OP_PARAMS];
	instant				 deadline;
	STAILQ_ENTRY(op)		 link;
};

struct db;

struct db_calls {
	void	*ctx;
	/* The database can be used (true) or not (false, err says why). */
	void	(*state)(void *ctx, bool up, const struct err *why);
	/* The component's advisory lock was gained or lost: only its holder may shake hands and speak. */
	void	(*lock)(void *ctx, bool held, const struct err *why);
	/* An administrator wrote something: load anew. */
	void	(*notify)(void *ctx);
};

/* `conninfo` and `component` are copied. Nothing connects before db_open(). */
struct db	*db_new(struct event_base *, const char *conninfo, const char *component, const struct db_calls *);
/*
 * Every op still waiting ends with FAULT_BUSY or FAULT_UNSURE first, and so does what a done() asks
 * meanwhile: it must not ask for ever. Not to be called from a done() or from one of struct db_calls.
 */
void		 db_free(struct db **);
void		 db_open(struct db *);
bool		 db_up(const struct db *);

/* A zeroed op with an arena of its own, and its end (in or after done). */
struct op	*op_new(void);
void		 op_free(struct op **);

/* Sets parameter i (0-based) to a copy of the text; NULL is SQL NULL. */
void		 op_text(struct op *, int i, const char *);
void		 op_num(struct op *, int i, long long);
void		 op_num_or_null(struct op *, int i, long long);	/* 0 is SQL NULL */
void		 op_bool(struct op *, int i, bool);
void		 op_instant(struct op *, int i, instant);		/* 0 is SQL NULL */
void		 op_bytes(struct op *, int i, const void *, size_t);	/* bytea in hex form */
/* text[]; NULL-terminated; NULL is the empty array. */
void		 op_texts(struct op *, int i, const char *const *);

/* Hands the op to the pipeline. It is the store's until done() runs. */
void		 db_submit(struct db *, struct op *, const struct statement *);

/* Decoding a cell. */
long long	 cell_num(const char *);		/* NULL: 0 */
bool		 cell_bool(const char *);
instant		 cell_instant(const char *);		/* NULL: 0 */

#endif
