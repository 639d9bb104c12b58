/* Ids and salts: nobody may guess them, and none comes twice, over the edge of the pool too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/random.h"

enum { MANY = 1000 };

static int
by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
test_ids(void **state)
{
	static char id[MANY][RANDOM_ID];
	size_t i;

	(void)state;
	for (i = 0; i < MANY; i++) {
		random_id(id[i]);
		assert_int_equal(strlen(id[i]), 32);
		assert_int_equal(strspn(id[i], "0123456789abcdef"), 32);
	}
	qsort(id, MANY, sizeof id[0], by_text);
	for (i = 1; i < MANY; i++)
		assert_string_not_equal(id[i - 1], id[i]);
}

/* More than the pool holds, and pieces that do not divide it: every byte is filled. */
static void
test_bytes(void **state)
{
	static unsigned char big[3000], seen[sizeof big];
	int round;
	size_t i;

	(void)state;
	for (round = 0; round < 16; round++) {
		memset(big, 0, sizeof big);
		random_bytes(big, sizeof big - (size_t)round);
		for (i = 0; i < sizeof big; i++)
			seen[i] |= big[i];
		for (i = sizeof big - (size_t)round; i < sizeof big; i++)
			assert_int_equal(big[i], 0);
	}
	for (i = 0; i < sizeof big - 16; i++)
		assert_int_not_equal(seen[i], 0);	/* 16 zeros in a row at one place: 2^-128 */
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_ids), cmocka_unit_test(test_bytes) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
