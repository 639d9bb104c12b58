#ifndef MOOTHALL_TESTS_STORE_FIXTURE_H
#define MOOTHALL_TESTS_STORE_FIXTURE_H
/*
 * A database of its own for each test, made from a template, on the private server that
 * run_store has started: PGHOST, PGPORT and PGUSER point at it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libpq-fe.h>

#include "store/hall.h"
#include "store/matter.h"
#include "store/outbox.h"

struct world {
	struct event_base	*base;
	struct event		*nap;
	struct arena		*arena;		/* what sql() and dump() answer */
	char			 database[32], conninfo[128];
	PGconn			*admin;		/* into the same database, synchronous */
	struct db		*db;
	struct store		 store;
	bool			 submitting;	/* inside db_submit() or store_*() */
	/* What db_calls said. */
	int			 ups, downs, gains, losses, news;
	bool			 up, held;
	struct err		 why_down, why_lost;
};

/* What came of an op. */
struct answer {
	struct op	*op;		/* NULL once freed */
	struct world	*w;
	int		 done, inside;	/* how often done() ran, and how often from inside a call */
	bool		 forget;	/* free the op in done() */
	struct err	 err;
};

/* cmocka's setup and teardown; the second ends with the database gone. */
int	world_setup(void **state);
int	world_teardown(void **state);
/* The same with a small roster, a process that holds its rooms, and w->store ready. */
int	hall_setup(void **state);

/* Makes w->db and waits until it is up (and holds the lock, if `lock`). */
void	world_open(struct world *, bool lock);
/* A struct db_calls that counts in w. */
struct db_calls	world_calls(struct world *);
/* Runs the loop until something has happened or `seconds` have passed. */
void	world_turn(struct world *, double seconds);

/* Runs the loop until `cond`; fails the test after 30 s. */
#define UNTIL(w, cond) do { \
	instant begun_ = clock_now(); \
	while (!(cond) && clock_now() < begun_ + 30 * USEC) \
		world_turn((w), 0.01); \
	assert_true(cond); \
} while (0)

/* A new op that reports into *answer. */
struct op	*ask_op(struct world *, struct answer *);
/* db_submit(), so that answer.inside is true to it. */
void		 world_submit(struct world *, struct op *, const struct statement *);
/* Submits by `call`, which uses `op`, and waits for the answer. */
#define ASK(w, answer, call) do { \
	struct op *op = ask_op((w), (answer)); \
	(w)->submitting = true; \
	call; \
	(w)->submitting = false; \
	UNTIL((w), (answer)->done > 0); \
	assert_int_equal((answer)->inside, 0); \
} while (0)
/* Twice the same: the database stays as after once. */
#define TWICE(w, first, second, call) do { \
	const char *once_; \
	ASK((w), (first), call); \
	assert_fault((first), FAULT_NONE); \
	once_ = dump(w); \
	ASK((w), (second), call); \
	assert_fault((second), FAULT_NONE); \
	assert_string_equal(once_, dump(w)); \
} while (0)
void		 answer_free(struct answer *);
#define assert_fault(answer, wanted) \
	assert_fault_at((answer), (wanted), __FILE__, __LINE__)
void		 assert_fault_at(const struct answer *, enum fault, const char *file, int line);
/* The cell, "" for NULL or no such row. */
const char	*cell(const struct answer *, int row, int col);

/* The first cell, "" for none; the test fails if the statement does. */
const char	*sql(struct world *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* "table digest" of every table's rows. */
const char	*dump(struct world *);

/* A crash of the server, and its return. */
void		 server_stop(struct world *, const char *mode);
void		 server_start(struct world *);

/* 2026-11-23 09:00:00 UTC, a Monday. */
#define T0	(INT64_C(1795424400) * USEC)

#endif
