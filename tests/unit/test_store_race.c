/* Two writes of one thing at a time, and answers that are lost: it happens once, and the chain holds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "matter_fixture.h"

/* Asked again while the first still runs on a connection that was given up: the second waits and says "again". */
static void
asked_again_while_the_first_runs(void **state)
{
	struct world *w = *state;
	long long n = opened(w, "k1", &nothing);
	struct change c = change_of(w, "c1", n, "taken", "taken");
	struct opening o = bag(w, "k2");
	struct answer a = { 0 }, b = { 0 };
	struct op *op;

	sql(w, "BEGIN");
	sql(w, "SELECT request_change(%d, %lld, now(), %d, 'c1', %lld, '{open}', 'taken', '', 'taken', NULL, now(), 'staff', %d, NULL, NULL, "
	    "NULL, NULL, NULL, NULL, NULL, '{}', '', '[]', '[]', '{}')", w->store.process, w->store.epoch, c.room, n, c.staff);
	sql(w, "SELECT request_open(%d, %lld, now(), %d, 'k2', 'x', 'sure', 'room', false, false, false, false, NULL, now(), "
	    "NULL, NULL, NULL, '{}', '', 'resident', NULL, '[]', '[]')", w->store.process, w->store.epoch, c.room);
	op = ask_op(w, &a);
	store_change(&w->store, op, T0, &c, &nothing);
	op = ask_op(w, &b);
	store_open(&w->store, op, T0, &o, &nothing);
	UNTIL(w, sql(w, "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")[0]);
	sql(w, "COMMIT");
	UNTIL(w, a.done && b.done);
	assert_fault(&a, FAULT_NONE);
	assert_string_equal(cell(&a, 0, 0), "again");
	assert_fault(&b, FAULT_NONE);
	assert_string_equal(cell(&b, 0, 0), "again");
	chain_holds(w);
	answer_free(&a);
	answer_free(&b);
}

/* A write that began under the older holder and waits while a newer hall takes the room is lost. */
static void
a_newer_hall_takes_the_room_meanwhile(void **state)
{
	struct world *w = *state;
	long long n = opened(w, "k1", &nothing);
	struct change c = change_of(w, "c1", n, "taken", "taken");
	struct effects e = two_lines("s");
	struct answer a = { 0 }, b = { 0 };
	struct op *op;

	sql(w, "BEGIN");
	sql(w, "SELECT hall_start('hall.example.org', 'there', 1, 'test', now())");
	op = ask_op(w, &a);
	store_change(&w->store, op, T0, &c, &nothing);
	op = ask_op(w, &b);
	store_say(&w->store, op, T0, c.room, "s", n, &e);
	UNTIL(w, sql(w, "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")[0]);
	sql(w, "COMMIT");
	UNTIL(w, a.done && b.done);
	assert_string_equal(cell(&a, 0, 0), "lost");
	assert_string_equal(cell(&b, 0, 0), "lost");
	assert_string_equal(sql(w, "SELECT count(*) FROM request_event"), "1");
	assert_string_equal(sql(w, "SELECT count(*) FROM outbox"), "0");
	answer_free(&a);
	answer_free(&b);
}

/* Many at once and the chain of each room holds; then somebody changes what was written. */
static void
the_ledger(void **state)
{
	enum { N = 300 };
	struct answer *a = xcalloc(2 * N, sizeof *a);
	struct world *w = *state;
	int i;

	for (i = 0; i < N; i++) {
		char key[16];
		struct opening o;

		snprintf(key, sizeof key, "k%d", i);
		o = bag(w, key);
		o.room = room(w, i % 3 ? "gate4" : "hill2");
		store_open(&w->store, ask_op(w, &a[2 * i]), T0 + i, &o, &nothing);
		store_open(&w->store, ask_op(w, &a[2 * i + 1]), T0 + i, &o, &nothing);
	}
	for (i = 0; i < 2 * N; i++) {
		UNTIL(w, a[i].done > 0);
		assert_fault(&a[i], FAULT_NONE);
		assert_string_equal(cell(&a[i], 0, 0), i % 2 ? "again" : "done");
		answer_free(&a[i]);
	}
	free(a);
	assert_string_equal(sql(w, "SELECT count(DISTINCT number) FROM request"), "300");
	chain_holds(w);

	sql(w, "ALTER TABLE request_event DISABLE TRIGGER USER");
	sql(w, "BEGIN; UPDATE request_event SET recorded = recorded + interval '1 s' WHERE seq = 7 AND room_id = %d", room(w, "gate4"));
	assert_string_equal(sql(w, "SELECT string_agg(c::text, ' ') FROM room r, ledger_check(r.id) c"), "(7,\"row changed\")");
	sql(w, "ROLLBACK; BEGIN; DELETE FROM request_event WHERE seq > 98 AND room_id = %d", room(w, "hill2"));
	assert_string_equal(sql(w, "SELECT string_agg(c::text, ' ') FROM room r, ledger_check(r.id) c"), "(100,\"end missing\")");
	sql(w, "ROLLBACK; BEGIN; DELETE FROM request_event WHERE room_id = %d", room(w, "hill2"));
	assert_string_equal(sql(w, "SELECT string_agg(c::text, ' ') FROM room r, ledger_check(r.id) c"), "(100,\"end missing\")");
	sql(w, "ROLLBACK");
	chain_holds(w);
}

/* Waits, without reading, until no statement runs in this database. */
#define UNTIL_QUIET(w) do { \
	while (sql((w), "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'")[0]) \
		; \
} while (0)

/* The connection dies again and again under the writes, and each is asked by its key until it is answered: all happen once. */
static void
each_once_through_losses(void **state)
{
	enum { N = 400, LOSSES = 8 };
	struct answer *a = xcalloc(N, sizeof *a);
	struct world *w = *state;
	int room_ = room(w, "gate4"), left = N, losses = 0, unsure = 0, again = 0, i;
	bool *settled = xcalloc(N, sizeof *settled);
	char key[16], line[24];

	while (left > 0) {
		int asked = 0;

		for (i = 0; i < N && asked < 100 && db_up(w->db); i++) {
			struct opening o = { .room = room_, .kind = "lost_item", .band = "sure", .way = "room", .sent = T0, .text = "x", .role = "resident" };
			struct effects e = { .nlines = 1 };

			if (settled[i])
				continue;
			snprintf(key, sizeof key, "k%d", i);
			snprintf(line, sizeof line, "l%d", i);
			o.key = key;
			e.line[0] = (struct line){ line, "room", NULL, "x", "en", NULL, "ack", true };
			store_open(&w->store, ask_op(w, &a[i]), T0 + i, &o, &e);
			asked++;
		}
		if (asked > 0 && losses < LOSSES && losses % 2) {
			/* Sent and carried out, and the answers never read: the hall ends and begins anew. */
			world_turn(w, 0.01);
			UNTIL_QUIET(w);
			db_free(&w->db);
			w->up = w->held = false;
			world_open(w, true);
			w->store.db = w->db;
			losses++;
		} else if (asked > 0 && losses < LOSSES) {
			world_turn(w, 0.01);	/* sent, and perhaps some answered */
			sql(w, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
			    "AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')");
			losses++;
		}
		for (i = 0; i < N; i++) {
			if (a[i].op == NULL)
				continue;
			UNTIL(w, a[i].done > 0);
			assert_int_equal(a[i].done, 1);
			unsure += a[i].err.fault == FAULT_UNSURE;
			if (a[i].err.fault == FAULT_NONE) {
				again += strcmp(cell(&a[i], 0, 0), "again") == 0;
				settled[i] = true;
				left--;
			} else
				assert_true(a[i].err.fault == FAULT_UNSURE || a[i].err.fault == FAULT_BUSY);
			answer_free(&a[i]);
		}
		UNTIL(w, db_up(w->db));
	}
	assert_int_equal(losses, LOSSES);
	assert_true(unsure > again && again >= LOSSES / 2);
	assert_string_equal(sql(w, "SELECT concat_ws(' ', (SELECT count(*) FROM request), (SELECT count(*) FROM inbox), (SELECT count(*) FROM outbox), "
	    "(SELECT count(*) FROM request_text), (SELECT count(*) FROM request_event), (SELECT head_seq FROM room WHERE code = 'gate4'))"),
	    "400 400 400 400 400 400");
	chain_holds(w);
	free(settled);
	free(a);
}

#define ON_HALL(test) cmocka_unit_test_setup_teardown(test, hall_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_HALL(asked_again_while_the_first_runs),
		ON_HALL(a_newer_hall_takes_the_room_meanwhile),
		ON_HALL(the_ledger),
		ON_HALL(each_once_through_losses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
