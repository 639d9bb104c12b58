/* The pipeline on a real server: what comes back, and that one op's error is no other's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "store_fixture.h"

static const struct statement one = { "one", "SELECT 1", 0 };
static const struct statement echo = { "echo", "SELECT $1::text, $2::text, $3::text", 3 };
static const struct statement zero = { "zero", "SELECT 1 / $1::int", 1 };
static const struct statement put = { "put", "INSERT INTO setting VALUES ($1, $2) RETURNING key", 2 };
static const struct statement later = { "later", "SELECT * FROM made_later", 0 };

static void
put_op(struct world *w, struct answer *a, const char *key)
{
	op_text(ask_op(w, a), 0, key);
	op_text(a->op, 1, "x");
	world_submit(w, a->op, &put);
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
		world_submit(w, a[i].op, i == 4 ? &zero : i == 6 ? &later : &one);
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
		world_submit(w, a[i].op, &later);
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
		world_submit(w, a[i].op, &one);
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
		world_submit(w, a[i].op, i % 7 == 0 ? &zero : &echo);
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
		world_submit(w, a[i].op, &echo);
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

static void
the_same_op_again(void **state)
{
	struct world *w = *state;
	struct answer a = { 0 };

	world_open(w, false);
	ASK(w, &a, (op_text(op, 0, "1"), db_submit(w->db, op, &zero)));
	assert_fault(&a, FAULT_NONE);
	op_text(a.op, 0, "0");
	world_submit(w, a.op, &zero);
	UNTIL(w, a.done == 2);
	assert_fault(&a, FAULT_BUG);
	assert_int_equal(a.op->nrows, 0);
	op_text(a.op, 0, "1");
	world_submit(w, a.op, &zero);
	UNTIL(w, a.done == 3);
	assert_fault(&a, FAULT_NONE);
	assert_string_equal(cell(&a, 0, 0), "1");
	answer_free(&a);
}

#define ON_WORLD(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_WORLD(answers_rows), ON_WORLD(binds_and_decodes),
		ON_WORLD(an_error_poisons_nothing), ON_WORLD(a_failed_prepare_is_repeated),
		ON_WORLD(bad_bytes_are_an_error), ON_WORLD(an_error_at_commit_is_an_error),
		ON_WORLD(thousands_in_flight), ON_WORLD(large_ones_in_flight), ON_WORLD(the_same_op_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
