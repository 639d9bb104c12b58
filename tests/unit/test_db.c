/* The pipeline and the control connection on a real server: every op ends once, whatever happens. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "store_fixture.h"

static const struct statement one = { "one", "SELECT 1", 0 };
static const struct statement echo = { "echo", "SELECT $1::text, $2::text, $3::text", 3 };
static const struct statement zero = { "zero", "SELECT 1 / $1::int", 1 };
static const struct statement nap = { "nap", "SELECT pg_sleep($1::float8)", 1 };
static const struct statement put = { "put", "INSERT INTO setting VALUES ($1, $2) RETURNING key", 2 };
static const struct statement later = { "later", "SELECT * FROM made_later", 0 };

static void
submit(struct world *w, struct op *op, const struct statement *stmt)
{
	w->submitting = true;
	db_submit(w->db, op, stmt);
	w->submitting = false;
}

static void
sleep_op(struct world *w, struct answer *a, const char *seconds)
{
	op_text(ask_op(w, a), 0, seconds);
	submit(w, a->op, &nap);
}

static void
put_op(struct world *w, struct answer *a, const char *key)
{
	op_text(ask_op(w, a), 0, key);
	op_text(a->op, 1, "x");
	submit(w, a->op, &put);
}

/* The work connection's backend is the one that knows the prepared statements of this test. */
static void
kill_work(struct world *w)
{
	sql(w, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
	    "AND pid <> pg_backend_pid() AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')");
}

static void
kill_control(struct world *w)
{
	sql(w, "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' "
	    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
}

static void
answers_rows(void **state)
{
	struct world *w = *state;
	struct answer a = { 0 };
	size_t n = 1 << 20;
	char *large = xcalloc(n + 1, 1);

	memset(large, 'x', n);
	memcpy(large + n - 3, "\xe5\xba\x90", 3);
	world_open(w, false);
	ASK(w, &a, (op_text(op, 0, NULL), op_text(op, 1, ""), op_text(op, 2, "庐镇 'quoted' \\ $1 🚲"), db_submit(w->db, op, &echo)));
	assert_fault(&a, FAULT_NONE);
	assert_int_equal(a.op->nrows, 1);
	assert_int_equal(a.op->ncols, 3);
	assert_null(a.op->cell[0][0]);
	assert_string_equal(a.op->cell[0][1], "");
	assert_string_equal(a.op->cell[0][2], "庐镇 'quoted' \\ $1 🚲");
	ASK(w, &a, (op_text(op, 0, large), op_text(op, 1, large), db_submit(w->db, op, &echo)));
	assert_fault(&a, FAULT_NONE);
	assert_string_equal(a.op->cell[0][0], large);
	assert_string_equal(a.op->cell[0][1], large);
	assert_null(a.op->cell[0][2]);
	free(large);
	answer_free(&a);
}

static const struct statement kinds_of = { "kinds_of",
	"SELECT $1::text[], array_length($1::text[], 1), $2::bytea, $3::bool, (extract(epoch FROM $4::timestamptz) * 1000000)::bigint, "
	"$5::bigint, $6::bigint, $7::text[] = '{}', $8::timestamptz IS NULL, $1::text[] @> ARRAY['a\"b\\c', 'NULL', '', '{,}', '庐']", 8 };

static void
binds_and_decodes(void **state)
{
	const char *const list[] = { "a\"b\\c", "NULL", "", "{,}", "庐", NULL };
	struct world *w = *state;
	struct answer a = { 0 };

	world_open(w, false);
	ASK(w, &a, (op_texts(op, 0, list), op_bytes(op, 1, "\0\xff'", 3), op_bool(op, 2, true), op_instant(op, 3, T0 + 1),
	    op_num(op, 4, -5), op_num_or_null(op, 5, 0), op_texts(op, 6, NULL), op_instant(op, 7, 0), db_submit(w->db, op, &kinds_of)));
	assert_fault(&a, FAULT_NONE);
	assert_int_equal(cell_num(cell(&a, 0, 1)), 5);
	assert_true(cell_bool(cell(&a, 0, 9)));
	assert_string_equal(cell(&a, 0, 2), "\\x00ff27");
	assert_true(cell_bool(cell(&a, 0, 3)));
	assert_int_equal(cell_instant(cell(&a, 0, 4)), T0 + 1);
	assert_int_equal(cell_num(cell(&a, 0, 5)), -5);
	assert_null(a.op->cell[0][6]);
	assert_true(cell_bool(cell(&a, 0, 7)));
	assert_true(cell_bool(cell(&a, 0, 8)));
	assert_int_equal(cell_num(NULL), 0);
	assert_int_equal(cell_instant(NULL), 0);
	assert_false(cell_bool(NULL));
	answer_free(&a);
}

/* One error between good ones, submitted together: the others are as if it had not been. */
static void
an_error_poisons_nothing(void **state)
{
	struct world *w = *state;
	struct answer a[9] = { 0 };
	int i;

	world_open(w, false);
	for (i = 0; i < 9; i++) {
		ask_op(w, &a[i]);
		if (i == 4)
			op_text(a[i].op, 0, "0");
		submit(w, a[i].op, i == 4 ? &zero : i == 6 ? &later : &one);
	}
	for (i = 0; i < 9; i++)
		UNTIL(w, a[i].done > 0);
	for (i = 0; i < 9; i++) {
		assert_fault(&a[i], i == 4 || i == 6 ? FAULT_BUG : FAULT_NONE);
		assert_string_equal(cell(&a[i], 0, 0), i == 4 || i == 6 ? "" : "1");
		assert_int_equal(a[i].done, 1);
		assert_int_equal(a[i].inside, 0);
	}
	assert_non_null(strstr(a[4].err.text, "statement zero: division by zero (SQLSTATE 22012)"));
	assert_int_equal(w->downs, 0);
	for (i = 0; i < 9; i++)
		answer_free(&a[i]);
}

/* A statement that could not be prepared once is prepared when it is used again. */
static void
a_failed_prepare_is_repeated(void **state)
{
	struct world *w = *state;
	struct answer a[4] = { 0 };
	int i;

	world_open(w, false);
	for (i = 0; i < 3; i++) {
		ask_op(w, &a[i]);
		submit(w, a[i].op, &later);
	}
	UNTIL(w, a[0].done && a[1].done && a[2].done);
	assert_fault(&a[0], FAULT_BUG);		/* undefined_table */
	assert_true(a[1].err.fault == FAULT_BUG || a[1].err.fault == FAULT_BUSY);
	sql(w, "CREATE TABLE made_later AS SELECT 7 AS seven");
	ASK(w, &a[3], db_submit(w->db, op, &later));
	assert_fault(&a[3], FAULT_NONE);
	assert_string_equal(cell(&a[3], 0, 0), "7");
	for (i = 0; i < 4; i++)
		answer_free(&a[i]);
}

/* Text that is no UTF-8 is refused by the server, and only that op suffers. */
static void
bad_bytes_are_an_error(void **state)
{
	struct world *w = *state;
	struct answer a = { 0 };

	world_open(w, false);
	ASK(w, &a, (op_text(op, 0, "\xff\xfe"), op_text(op, 1, "x"), db_submit(w->db, op, &put)));
	assert_fault(&a, FAULT_BUG);
	ASK(w, &a, db_submit(w->db, op, &one));
	assert_fault(&a, FAULT_NONE);
	answer_free(&a);
}

/* What fails only when the transaction commits has failed. */
static void
an_error_at_commit_is_an_error(void **state)
{
	struct world *w = *state;
	struct answer a[5] = { 0 };
	int i;

	sql(w, "ALTER TABLE setting ADD CONSTRAINT late UNIQUE (value) DEFERRABLE INITIALLY DEFERRED");
	world_open(w, false);
	put_op(w, &a[0], "first");
	put_op(w, &a[1], "second");	/* of the same value */
	for (i = 2; i < 5; i++) {
		ask_op(w, &a[i]);
		submit(w, a[i].op, &one);
	}
	for (i = 0; i < 5; i++)
		UNTIL(w, a[i].done > 0);
	assert_fault(&a[0], FAULT_NONE);
	assert_fault(&a[1], FAULT_CLASH);
	assert_int_equal(a[1].op->nrows, 0);
	for (i = 2; i < 5; i++) {
		assert_fault(&a[i], FAULT_NONE);
		assert_string_equal(cell(&a[i], 0, 0), "1");
	}
	assert_string_equal(sql(w, "SELECT string_agg(key, ' ') FROM setting WHERE key <> 'generation'"), "first");
	for (i = 0; i < 5; i++)
		answer_free(&a[i]);
}

enum { THOUSANDS = 5000 };

static void
thousands_in_flight(void **state)
{
	struct answer *a = xcalloc(THOUSANDS, sizeof *a);
	struct world *w = *state;
	char text[16];
	int i, errors = 0;

	world_open(w, false);
	for (i = 0; i < THOUSANDS; i++) {
		snprintf(text, sizeof text, "%d", i % 10);
		op_text(ask_op(w, &a[i]), 0, text);
		op_text(a[i].op, 1, text);
		submit(w, a[i].op, i % 7 == 0 ? &zero : &echo);
	}
	for (i = 0; i < THOUSANDS; i++)
		assert_int_equal(a[i].done, 0);
	for (i = 0; i < THOUSANDS; i++) {
		UNTIL(w, a[i].done > 0);
		assert_int_equal(a[i].done, 1);
		errors += a[i].err.fault != FAULT_NONE;
		snprintf(text, sizeof text, "%d", i % 10);
		if (i % 7 != 0)
			assert_string_equal(cell(&a[i], 0, 1), text);
	}
	assert_int_equal(errors, (THOUSANDS - 1) / 70 + 1);
	for (i = 0; i < THOUSANDS; i++)
		answer_free(&a[i]);
	free(a);
}

/* More than any socket's buffer in both directions at once. */
static void
large_ones_in_flight(void **state)
{
	enum { N = 60, SIZE = 1 << 20 };
	struct answer *a = xcalloc(N, sizeof *a);
	struct world *w = *state;
	char *large = xcalloc(SIZE + 1, 1);
	int i;

	world_open(w, false);
	for (i = 0; i < N; i++) {
		memset(large, 'a' + i % 26, SIZE);
		op_text(ask_op(w, &a[i]), 0, large);
		op_text(a[i].op, 2, large);
		submit(w, a[i].op, &echo);
	}
	for (i = 0; i < N; i++) {
		UNTIL(w, a[i].done > 0);
		assert_fault(&a[i], FAULT_NONE);
		assert_int_equal(strlen(cell(&a[i], 0, 0)), SIZE);
		assert_int_equal(cell(&a[i], 0, 2)[SIZE - 1], 'a' + i % 26);
		answer_free(&a[i]);
	}
	free(large);
	free(a);
}

/* done() may free its op, and ask again from within. */
struct chain {
	struct world	*w;
	int		 left;
};

static void
on_link(struct op *op)
{
	struct chain *c = op->ctx;

	op_free(&op);
	if (--c->left == 0)
		return;
	op = op_new();
	op->ctx = c;
	op->done = on_link;
	db_submit(c->w->db, op, &one);
}

static void
done_may_ask_again(void **state)
{
	struct world *w = *state;
	struct chain c = { w, 100 };
	struct op *op = op_new();

	world_open(w, false);
	op->ctx = &c;
	op->done = on_link;
	db_submit(w->db, op, &one);
	UNTIL(w, c.left == 0);
}

/* Whoever asks again at once while the database is away does not stop the loop. */
static void
asking_again_does_not_stop_the_loop(void **state)
{
	struct world *w = *state;
	struct chain c = { w, 1 << 30 };
	struct op *op = op_new();

	world_open(w, false);
	server_stop(w, "immediate");
	op->ctx = &c;
	op->done = on_link;
	db_submit(w->db, op, &one);
	UNTIL(w, w->downs > 0);
	server_start(w);
	UNTIL(w, w->ups > 1);
	c.left = 1;
	UNTIL(w, c.left == 0);
}

static void
the_same_op_again(void **state)
{
	struct world *w = *state;
	struct answer a = { 0 };

	world_open(w, false);
	ASK(w, &a, (op_text(op, 0, "1"), db_submit(w->db, op, &zero)));
	assert_fault(&a, FAULT_NONE);
	op_text(a.op, 0, "0");
	submit(w, a.op, &zero);
	UNTIL(w, a.done == 2);
	assert_fault(&a, FAULT_BUG);
	assert_int_equal(a.op->nrows, 0);
	op_text(a.op, 0, "1");
	submit(w, a.op, &zero);
	UNTIL(w, a.done == 3);
	assert_fault(&a, FAULT_NONE);
	assert_string_equal(cell(&a, 0, 0), "1");
	answer_free(&a);
}

static void
a_database_that_is_not_there(void **state)
{
	struct world *w = *state;
	struct db_calls calls = world_calls(w);
	struct answer a = { 0 };

	w->db = db_new(w->base, "host=/nowhere dbname=none", "hall.example.org", &calls);
	assert_false(db_up(w->db));
	ASK(w, &a, db_submit(w->db, op, &one));		/* before db_open */
	assert_fault(&a, FAULT_BUSY);
	db_open(w->db);
	assert_int_equal(w->downs, 0);
	ASK(w, &a, db_submit(w->db, op, &one));
	assert_fault(&a, FAULT_BUSY);
	UNTIL(w, w->downs == 1);
	assert_non_null(strstr(w->why_down.text, "/nowhere"));
	world_turn(w, 0.6);
	world_turn(w, 0.6);
	world_turn(w, 0.6);
	assert_int_equal(w->downs, 1);	/* told once */
	assert_int_equal(w->losses, 0);
	answer_free(&a);
}

/* Terminated with one op at work, some behind it in the pipeline and many that were never sent. */
static void
a_killed_backend(void **state)
{
	struct answer work = { 0 }, behind[200] = { 0 };
	struct world *w = *state;
	int i, unsure = 0, busy = 0;

	world_open(w, true);
	ASK(w, &work, db_submit(w->db, op, &one));
	sleep_op(w, &work, "60");
	for (i = 0; i < 200; i++) {
		ask_op(w, &behind[i]);
		submit(w, behind[i].op, &one);
	}
	UNTIL(w, sql(w, "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%%pg_sleep%%' AND state = 'active' "
	    "AND datname = current_database() AND pid <> pg_backend_pid()")[0]);
	kill_work(w);
	UNTIL(w, work.done > 0);
	assert_fault(&work, FAULT_UNSURE);
	for (i = 0; i < 200; i++) {
		UNTIL(w, behind[i].done > 0);
		assert_int_equal(behind[i].done, 1);
		unsure += behind[i].err.fault == FAULT_UNSURE;
		busy += behind[i].err.fault == FAULT_BUSY;
	}
	assert_int_equal(unsure + busy, 200);
	assert_true(unsure > 0 && unsure < 40);
	assert_int_equal(behind[0].err.fault, FAULT_UNSURE);
	assert_int_equal(behind[199].err.fault, FAULT_BUSY);
	assert_int_equal(w->downs, 1);
	assert_int_equal(w->losses, 0);

	/* Back, and statements are prepared again. */
	UNTIL(w, w->ups == 2);
	for (i = 0; i < 20; i++) {
		ASK(w, &work, db_submit(w->db, op, &one));
		assert_fault(&work, FAULT_NONE);
	}
	answer_free(&work);
	for (i = 0; i < 200; i++)
		answer_free(&behind[i]);
}

/* Terminated while nothing is asked, and an op submitted before the loop has seen it. */
static void
a_backend_killed_before_the_send(void **state)
{
	struct world *w = *state;
	struct answer a = { 0 };

	world_open(w, true);
	kill_work(w);
	UNTIL(w, !sql(w, "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
	    "AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')")[0]);
	put_op(w, &a, "once");
	UNTIL(w, a.done > 0);
	assert_true(a.err.fault == FAULT_UNSURE || a.err.fault == FAULT_BUSY);
	assert_int_equal(a.done, 1);
	UNTIL(w, w->ups == 2);
	put_op(w, &a, "once");		/* whatever it was, asking again is right */
	UNTIL(w, a.done > 0);
	assert_fault(&a, FAULT_NONE);
	assert_string_equal(sql(w, "SELECT count(*) FROM setting WHERE key = 'once'"), "1");
	answer_free(&a);
}

static void
a_server_that_crashes(void **state)
{
	struct answer a = { 0 }, b = { 0 };
	struct world *w = *state;

	world_open(w, true);
	sleep_op(w, &a, "60");
	UNTIL(w, sql(w, "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%%pg_sleep%%' AND state = 'active' "
	    "AND datname = current_database() AND pid <> pg_backend_pid()")[0]);
	server_stop(w, "immediate");
	UNTIL(w, a.done > 0);
	assert_fault(&a, FAULT_UNSURE);
	UNTIL(w, w->downs == 1 && w->losses == 1);
	assert_false(w->held);
	assert_false(db_up(w->db));
	ASK(w, &b, db_submit(w->db, op, &one));
	assert_fault(&b, FAULT_BUSY);
	world_turn(w, 0.6);
	server_start(w);
	UNTIL(w, w->ups == 2 && w->gains == 2);
	ASK(w, &b, db_submit(w->db, op, &one));
	assert_fault(&b, FAULT_NONE);
	assert_int_equal(a.done, 1);
	answer_free(&a);
	answer_free(&b);
}

/* The server ends a statement that takes too long; nothing of it stays, and the next one runs. */
static void
a_statement_timeout(void **state)
{
	struct answer a = { 0 }, b = { 0 };
	struct world *w = *state;

	snprintf(w->conninfo, sizeof w->conninfo, "dbname=%s options='-c statement_timeout=200ms'", w->database);
	world_open(w, false);
	sleep_op(w, &a, "60");
	ask_op(w, &b);
	submit(w, b.op, &one);
	UNTIL(w, a.done && b.done);
	assert_fault(&a, FAULT_BUSY);
	assert_non_null(strstr(a.err.text, "57014"));
	assert_fault(&b, FAULT_NONE);
	assert_int_equal(w->downs, 0);
	answer_free(&a);
	answer_free(&b);
}

/* Without a word in the configuration too, and before the hall itself gives the connection up. */
static void
a_statement_timeout_by_default(void **state)
{
	static const struct statement show = { "show", "SELECT current_setting('statement_timeout'), current_setting('client_encoding'), "
	    "current_setting('application_name')", 0 };
	struct world *w = *state;
	struct answer a = { 0 };

	world_open(w, false);
	ASK(w, &a, db_submit(w->db, op, &show));
	assert_string_equal(cell(&a, 0, 0), "10s");
	assert_string_equal(cell(&a, 0, 1), "UTF8");
	assert_string_equal(cell(&a, 0, 2), "moothalld");
	answer_free(&a);
}

/* A server that does not answer at all is a lost one: the work connection after 15 s, the control connection after 10. */
static void
a_server_that_hangs(void **state)
{
	struct answer a = { 0 };
	struct world *w = *state;
	char command[80];
	const char *pids;

	world_open(w, true);
	pids = sql(w, "SELECT string_agg(pid::text, ' ') FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
	snprintf(command, sizeof command, "kill -STOP %s", pids);
	assert_int_equal(system(command), 0);
	ask_op(w, &a);
	submit(w, a.op, &one);
	UNTIL(w, w->losses == 1);
	assert_int_equal(a.done, 0);
	assert_non_null(strstr(w->why_lost.text, "not answered in time"));
	UNTIL(w, a.done > 0);
	assert_fault(&a, FAULT_UNSURE);
	/* The lock is still that session's: nobody has it until the server is well. */
	assert_false(w->held);
	snprintf(command, sizeof command, "kill -CONT %s", pids);
	assert_int_equal(system(command), 0);
	UNTIL(w, w->ups == 2 && w->gains == 2);
	ASK(w, &a, db_submit(w->db, op, &one));
	assert_fault(&a, FAULT_NONE);
	answer_free(&a);
}

/* db_free: what was sent is unsure, the rest was not done. */
static void
shutdown_ends_everything(void **state)
{
	struct answer sent = { 0 }, behind[100] = { 0 };
	struct world *w = *state;
	int i;

	world_open(w, true);
	sleep_op(w, &sent, "60");
	UNTIL(w, sql(w, "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%%pg_sleep%%' AND state = 'active' "
	    "AND datname = current_database() AND pid <> pg_backend_pid()")[0]);
	for (i = 0; i < 100; i++) {
		ask_op(w, &behind[i]);
		behind[i].forget = true;
		submit(w, behind[i].op, &one);
	}
	db_free(&w->db);
	assert_null(w->db);
	assert_int_equal(sent.done, 1);
	assert_fault(&sent, FAULT_UNSURE);
	for (i = 0; i < 100; i++) {
		assert_int_equal(behind[i].done, 1);
		assert_int_equal(behind[i].err.fault, FAULT_BUSY);
	}
	assert_int_equal(w->downs, 0);	/* nobody is told of the end that they asked for */
	assert_int_equal(w->losses, 0);
	answer_free(&sent);
}

static void
shutdown_at_any_time(void **state)
{
	struct world *w = *state;
	struct db_calls calls = world_calls(w);
	int turns, i;

	w->db = db_new(w->base, w->conninfo, "hall.example.org", &calls);
	db_free(&w->db);
	for (turns = 0; turns < 30; turns++) {
		struct answer a = { 0 };

		w->db = db_new(w->base, w->conninfo, "hall.example.org", &calls);
		db_open(w->db);
		ask_op(w, &a);
		a.forget = true;
		submit(w, a.op, &one);
		for (i = 0; i < turns; i++)
			world_turn(w, 0.001);
		db_free(&w->db);
		assert_int_equal(a.done, 1);
	}
}

static void
one_holds_the_lock(void **state)
{
	struct world *w = *state, other = { .base = w->base };
	struct db_calls calls = world_calls(&other);
	struct db *second;

	world_open(w, true);
	second = db_new(w->base, w->conninfo, "hall.example.org", &calls);
	db_open(second);
	UNTIL(w, other.losses == 1);
	assert_int_equal(other.why_lost.fault, FAULT_CLASH);
	assert_non_null(strstr(other.why_lost.text, "another hall holds the lock for hall.example.org"));
	for (int i = 0; i < 250; i++)
		world_turn(w, 0.01);
	assert_int_equal(other.losses, 1);	/* told once */
	assert_int_equal(other.gains, 0);
	db_free(&w->db);
	UNTIL(w, other.gains == 1);
	db_free(&second);
	calls = world_calls(w);
	w->db = db_new(w->base, w->conninfo, "hall.example.org", &calls);
	db_open(w->db);
	UNTIL(w, w->gains == 2);
}

static void
two_components_do_not_wait(void **state)
{
	struct world *w = *state, other = { .base = w->base };
	struct db_calls calls = world_calls(&other);
	struct db *second;

	world_open(w, true);
	second = db_new(w->base, w->conninfo, "other.example.org", &calls);
	db_open(second);
	UNTIL(w, other.gains == 1);
	assert_int_equal(other.losses, 0);
	db_free(&second);
}

static void
a_lost_lock_is_told(void **state)
{
	struct world *w = *state;
	struct answer a = { 0 };

	world_open(w, true);
	kill_control(w);
	UNTIL(w, w->losses == 1);
	assert_false(w->held);
	assert_int_equal(w->why_lost.fault, FAULT_BUSY);
	assert_int_equal(w->downs, 0);		/* the work connection goes on */
	ASK(w, &a, db_submit(w->db, op, &one));
	assert_fault(&a, FAULT_NONE);
	UNTIL(w, w->gains == 2);
	answer_free(&a);
}

/* Every administrator's write is heard, before and after a loss. */
static void
news_are_heard(void **state)
{
	struct world *w = *state;

	world_open(w, true);
	assert_int_equal(w->news, 0);
	sql(w, "SELECT generation_raise()");
	UNTIL(w, w->news == 1);
	sql(w, "NOTIFY something_else");
	kill_control(w);
	UNTIL(w, w->gains == 2);
	sql(w, "SELECT generation_raise()");
	UNTIL(w, w->news == 2);
	/* The beat of the connection neither loses nor invents any. */
	for (int i = 0; i < 250; i++)
		world_turn(w, 0.01);
	assert_int_equal(w->news, 2);
	assert_int_equal(w->losses, 1);
}

#define ON_WORLD(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_WORLD(answers_rows), ON_WORLD(binds_and_decodes),
		ON_WORLD(an_error_poisons_nothing), ON_WORLD(a_failed_prepare_is_repeated),
		ON_WORLD(bad_bytes_are_an_error), ON_WORLD(an_error_at_commit_is_an_error),
		ON_WORLD(thousands_in_flight), ON_WORLD(large_ones_in_flight), ON_WORLD(done_may_ask_again), ON_WORLD(the_same_op_again),
		ON_WORLD(a_database_that_is_not_there), ON_WORLD(a_killed_backend), ON_WORLD(a_backend_killed_before_the_send),
		ON_WORLD(a_server_that_crashes), ON_WORLD(asking_again_does_not_stop_the_loop),
		ON_WORLD(a_statement_timeout), ON_WORLD(a_statement_timeout_by_default), ON_WORLD(a_server_that_hangs),
		ON_WORLD(shutdown_ends_everything), ON_WORLD(shutdown_at_any_time),
		ON_WORLD(one_holds_the_lock), ON_WORLD(two_components_do_not_wait), ON_WORLD(a_lost_lock_is_told), ON_WORLD(news_are_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
