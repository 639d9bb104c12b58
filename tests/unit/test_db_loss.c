/* Losses of every kind: an op ends once whatever happens, and the lock is one hall's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_fixture.h"

static const struct statement one = { "one", "SELECT 1", 0 };
static const struct statement nap = { "nap", "SELECT pg_sleep($1::float8)", 1 };
static const struct statement put = { "put", "INSERT INTO setting VALUES ($1, $2) RETURNING key", 2 };

static void
sleep_op(struct world *w, struct answer *a, const char *seconds)
{
	op_text(ask_op(w, a), 0, seconds);
	world_submit(w, a->op, &nap);
}

static void
put_op(struct world *w, struct answer *a, const char *key)
{
	op_text(ask_op(w, a), 0, key);
	op_text(a->op, 1, "x");
	world_submit(w, a->op, &put);
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
		world_submit(w, behind[i].op, &one);
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
	world_submit(w, b.op, &one);
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
	world_submit(w, a.op, &one);
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
		world_submit(w, behind[i].op, &one);
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
		world_submit(w, a.op, &one);
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
		ON_WORLD(done_may_ask_again),
		ON_WORLD(asking_again_does_not_stop_the_loop),
		ON_WORLD(a_database_that_is_not_there),
		ON_WORLD(a_killed_backend),
		ON_WORLD(a_backend_killed_before_the_send),
		ON_WORLD(a_server_that_crashes),
		ON_WORLD(a_statement_timeout),
		ON_WORLD(a_statement_timeout_by_default),
		ON_WORLD(a_server_that_hangs),
		ON_WORLD(shutdown_ends_everything),
		ON_WORLD(shutdown_at_any_time),
		ON_WORLD(one_holds_the_lock),
		ON_WORLD(two_components_do_not_wait),
		ON_WORLD(a_lost_lock_is_told),
		ON_WORLD(news_are_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
