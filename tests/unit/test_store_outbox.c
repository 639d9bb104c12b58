/* Lines after the fact and what is due: each mark once, each claim by the holder. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_fixture.h"

static const struct effects nothing;

static int
room(struct world *w, const char *code)
{
	return atoi(sql(w, "SELECT id FROM room WHERE code = '%s'", code));
}

/* A matter with one line and three things due: "grace" in 3 minutes, "weak" in 10, "close" in 72 hours. */
static long long
opened(struct world *w, const char *code, const char *key, const char *line)
{
	struct opening o = { .room = room(w, code), .key = key, .kind = "lost_item", .band = "sure", .way = "room", .sent = T0, .role = "resident" };
	struct effects e = { .nlines = 1, .line = { { line, "room", NULL, "x", "en", NULL, "ack", true } }, .nlater = 3,
		.later = { { "grace", T0 + 3 * MINUTE }, { "weak", T0 + 10 * MINUTE }, { "close", T0 + 72 * HOUR } } };
	struct answer a = { 0 };
	long long n;

	ASK(w, &a, store_open(&w->store, op, T0, &o, &e));
	assert_string_equal(cell(&a, 0, 0), "done");
	n = cell_num(cell(&a, 0, 1));
	answer_free(&a);
	return n;
}

static const char *
states(struct world *w)
{
	return sql(w, "SELECT string_agg(concat_ws(' ', id, state, tries, stanza_id), ', ' ORDER BY id) FROM outbox");
}

static void
lines_go_out(void **state)
{
	static const char *const all[] = { "l1", "l2", "l3", NULL }, *const two[] = { "l1", "l2", NULL }, *const stanzas[] = { "st \"1\"", "", NULL };
	struct world *w = *state;
	struct answer a = { 0 }, b = { 0 };
	struct outbox_row r;

	opened(w, "gate4", "k1", "l1");
	opened(w, "gate4", "k2", "l2");
	opened(w, "hill2", "k3", "l3");
	TWICE(w, &a, &b, store_sent(&w->store, op, T0 + 1, all));
	assert_string_equal(states(w), "l1 sent 1, l2 sent 1, l3 sent 1");
	ASK(w, &a, store_load_outbox(&w->store, op));
	assert_int_equal(a.op->nrows, 3);
	store_outbox_row(a.op, 0, &r);
	assert_true(r.sent);
	TWICE(w, &a, &b, store_delivered(&w->store, op, T0 + 2, two, stanzas));
	assert_string_equal(states(w), "l1 delivered 1 st \"1\", l2 delivered 1, l3 sent 1");
	/* After a crash it goes once more; what was delivered stays so. */
	TWICE(w, &a, &b, store_sent(&w->store, op, T0 + 3, all));
	assert_string_equal(states(w), "l1 delivered 1 st \"1\", l2 delivered 1, l3 sent 2");
	TWICE(w, &a, &b, store_failed(&w->store, op, T0 + 4, "l3"));
	TWICE(w, &a, &b, store_failed(&w->store, op, T0 + 4, "l1"));
	assert_string_equal(states(w), "l1 delivered 1 st \"1\", l2 delivered 1, l3 failed 2");
	ASK(w, &a, store_load_outbox(&w->store, op));
	assert_int_equal(a.op->nrows, 0);
	/* The room's reflection comes after all. */
	TWICE(w, &a, &b, store_delivered(&w->store, op, T0 + 5, (const char *const[]){ "l3", "nobody's", NULL }, stanzas));
	assert_string_equal(states(w), "l1 delivered 1 st \"1\", l2 delivered 1, l3 delivered 2 st \"1\"");
	TWICE(w, &a, &b, store_delivered(&w->store, op, T0 + 5, NULL, NULL));
	answer_free(&a);
	answer_free(&b);
}

static void
lines_in_the_order_of_their_making(void **state)
{
	struct world *w = *state;
	struct answer a = { 0 };
	struct outbox_row r;
	int i;

	for (i = 0; i < 20; i++) {
		char id[16], key[16];
		struct effects e = { .nlines = 1, .line = { { id, "room", NULL, "x", "en", NULL, "ack", false } } };

		snprintf(id, sizeof id, "%02d", (i * 7) % 20);
		snprintf(key, sizeof key, "k%d", i);
		ASK(w, &a, store_say(&w->store, op, T0 + i, room(w, i % 2 ? "gate4" : "hill2"), key, 0, &e));
	}
	ASK(w, &a, store_load_outbox(&w->store, op));
	assert_int_equal(a.op->nrows, 20);
	for (i = 0; i < 20; i++) {
		store_outbox_row(a.op, i, &r);
		assert_int_equal(r.created, T0 + i);
		assert_int_equal(r.request, 0);
	}
	answer_free(&a);
}

static instant
next_due(struct world *w)
{
	struct answer a = { 0 };
	instant at;

	ASK(w, &a, store_next_due(&w->store, op));
	assert_fault(&a, FAULT_NONE);
	assert_int_equal(a.op->nrows, 1);
	at = cell_instant(a.op->cell[0][0]);
	answer_free(&a);
	return at;
}

static void
claiming(void **state)
{
	struct world *w = *state;
	struct store older = w->store;
	struct answer a = { 0 }, b = { 0 };
	long long first, second;
	struct due_row d;

	assert_int_equal(next_due(w), 0);
	first = opened(w, "gate4", "k1", "l1");
	second = opened(w, "hill2", "k2", "l2");
	assert_int_equal(next_due(w), T0 + 3 * MINUTE);
	ASK(w, &a, store_claim_due(&w->store, op, T0 + 3 * MINUTE - 1, 10));
	assert_int_equal(a.op->nrows, 0);
	older.epoch--;
	ASK(w, &a, store_claim_due(&older, op, T0 + DAY, 10));
	assert_int_equal(a.op->nrows, 0);

	/* All that is due at once; a second claim gets nothing and changes nothing. */
	TWICE(w, &a, &b, store_claim_due(&w->store, op, T0 + 3 * MINUTE, 10));
	assert_int_equal(a.op->nrows, 2);
	assert_int_equal(b.op->nrows, 0);
	store_due_row(a.op, 0, &d);
	assert_true(d.request == first || d.request == second);
	assert_int_equal(d.room, room(w, d.request == first ? "gate4" : "hill2"));
	assert_string_equal(d.what, "grace");
	assert_int_equal(d.at, T0 + 3 * MINUTE);
	assert_true(d.id > 0);
	assert_int_equal(next_due(w), T0 + 10 * MINUTE);

	/* The answer was lost: claimed again. */
	TWICE(w, &a, &b, store_unclaim_due(&w->store, op));
	assert_int_equal(next_due(w), T0 + 3 * MINUTE);
	ASK(w, &a, store_unclaim_due(&older, op));
	ASK(w, &a, store_claim_due(&w->store, op, T0 + 10 * MINUTE, 3));
	assert_int_equal(a.op->nrows, 3);
	ASK(w, &a, store_claim_due(&w->store, op, T0 + 10 * MINUTE, 3));
	assert_int_equal(a.op->nrows, 1);
	ASK(w, &a, store_unclaim_due(&older, op));	/* not the older's to give back */
	assert_int_equal(next_due(w), T0 + 72 * HOUR);

	/* The hall that starts anew claims them all. */
	ASK(w, &a, store_start(&w->store, op, "hall.example.org", "test", T0));
	older = w->store;
	w->store.process = (int)cell_num(cell(&a, 0, 0));
	w->store.epoch = cell_num(cell(&a, 0, 1));
	ASK(w, &a, store_claim_due(&older, op, T0 + HOUR, 10));
	assert_int_equal(a.op->nrows, 0);
	ASK(w, &a, store_claim_due(&w->store, op, T0 + HOUR, 10));
	assert_int_equal(a.op->nrows, 4);

	TWICE(w, &a, &b, store_drop_due(&w->store, op, first, "grace"));
	assert_string_equal(sql(w, "SELECT string_agg(what, ' ' ORDER BY at) FROM due WHERE request = %lld", first), "weak close");
	assert_string_equal(sql(w, "SELECT count(*) FROM due WHERE request = %lld", second), "3");
	answer_free(&a);
	answer_free(&b);
}

/* What is put off while it is claimed is due again at its new time. */
static void
put_off(void **state)
{
	static const char *const open[] = { "open", NULL };
	struct world *w = *state;
	long long n = opened(w, "gate4", "k1", "l1");
	struct change c = { .room = room(w, "gate4"), .key = "due 1", .number = n, .from = open, .what = "noted", .at = T0, .role = "desk" };
	struct effects e = { .nlater = 1, .later = { { "grace", T0 + HOUR } }, .undue = { "weak" } };
	struct answer a = { 0 }, b = { 0 };

	ASK(w, &a, store_claim_due(&w->store, op, T0 + 10 * MINUTE, 10));
	assert_int_equal(a.op->nrows, 2);
	TWICE(w, &a, &b, store_change(&w->store, op, T0 + 10 * MINUTE, &c, &e));
	assert_int_equal(next_due(w), T0 + HOUR);
	ASK(w, &a, store_claim_due(&w->store, op, T0 + HOUR, 10));
	assert_int_equal(a.op->nrows, 1);
	c.key = "due 2";
	e = (struct effects){ .undue = { "*" } };
	TWICE(w, &a, &b, store_change(&w->store, op, T0 + HOUR, &c, &e));
	assert_int_equal(next_due(w), 0);
	c.key = "due 3";
	ASK(w, &a, store_change(&w->store, op, T0 + HOUR, &c, &nothing));
	assert_string_equal(sql(w, "SELECT count(*) FROM due"), "0");
	answer_free(&a);
	answer_free(&b);
}

#define ON_HALL(test) cmocka_unit_test_setup_teardown(test, hall_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_HALL(lines_go_out), ON_HALL(lines_in_the_order_of_their_making), ON_HALL(claiming), ON_HALL(put_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
