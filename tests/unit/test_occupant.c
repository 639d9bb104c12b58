#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire/occupant.h"

static const unsigned char key[HASH_KEY] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

/* SipHash-2-4 under the key of its paper, 00 01 .. 0f. */
static void
test_hash(void **state)
{
	(void)state;
	assert_true(keyed_hash(key, "") == UINT64_C(0x726fdb47dd0e0e31));	/* the paper's vector of length 0 */
	assert_true(keyed_hash(key, "1234567") != keyed_hash(key, "12345678"));
	assert_true(keyed_hash(key, "a") != keyed_hash((const unsigned char[HASH_KEY]){ 1 }, "a"));
}

static void
test_put_find_drop(void **state)
{
	struct occupants os = { 0 };
	const struct occupant *o;
	char nick[16], who[32];
	int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		snprintf(nick, sizeof nick, "n%d", i);
		snprintf(who, sizeof who, "p%d@example.org", i);
		occupant_put(&os, key, nick, i % 3 == 0 ? NULL : who, ROLE_PARTICIPANT, AFF_NONE, (uint64_t)i);
	}
	for (i = 0; i < 1000; i += 2) {
		snprintf(nick, sizeof nick, "n%d", i);
		assert_true(occupant_drop(&os, key, nick));
		assert_false(occupant_drop(&os, key, nick));
	}
	assert_int_equal(os.count, 500);
	for (i = 0; i < 1000; i++) {
		snprintf(nick, sizeof nick, "n%d", i);
		snprintf(who, sizeof who, "p%d@example.org", i);
		o = occupant_by_nick(&os, key, nick);
		assert_true((o != NULL) == (i % 2 == 1));
		if (o != NULL && i % 3 == 0)
			assert_null(occupant_who(o));
		if (o != NULL && i % 3 != 0) {
			assert_string_equal(occupant_who(o), who);
			assert_ptr_equal(occupant_by_who(&os, who), o);
			assert_ptr_equal(occupant_by_oid(&os, (uint64_t)i), o);
		}
	}
	occupants_clear(&os);
	assert_null(occupant_by_nick(&os, key, "n1"));
	assert_null(occupant_by_who(&os, "p1@example.org"));
	assert_false(occupant_drop(&os, key, "n1"));
}

static void
test_replace(void **state)
{
	struct occupants os = { 0 };

	(void)state;
	occupant_put(&os, key, "ann", "ann@example", ROLE_PARTICIPANT, AFF_NONE, 0);
	occupant_put(&os, key, "ann", "other@example", ROLE_MODERATOR, AFF_OWNER, 7);
	assert_int_equal(os.count, 1);
	assert_string_equal(occupant_who(occupant_by_nick(&os, key, "ann")), "other@example");
	assert_int_equal(occupant_by_nick(&os, key, "ann")->affiliation, AFF_OWNER);
	assert_null(occupant_by_who(&os, "ann@example"));
	occupants_clear(&os);
}

/* A room of three hundred: what an occupant costs, the allocator's share and the table's included. */
static void
test_memory(void **state)
{
	struct occupants os = { 0 };
	struct mallinfo2 before, after;
	char nick[24], who[32];
	size_t each;
	int i;

	(void)state;
	before = mallinfo2();
	for (i = 0; i < 300; i++) {
		snprintf(nick, sizeof nick, "neighbour%03d", i);	/* 12 bytes */
		snprintf(who, sizeof who, "resident%03d@example.org", i % 1000);
		who[22] = '\0';
		occupant_put(&os, key, nick, who, ROLE_PARTICIPANT, AFF_NONE, 1);
	}
	after = mallinfo2();
	each = (after.uordblks - before.uordblks) / 300;
	occupants_clear(&os);
	/* Under AddressSanitizer mallinfo2() counts nothing: then there is nothing to hold to the limit. */
	if (each == 0)
		skip();
	print_message("an occupant costs %zu bytes\n", each);
	assert_true(each <= 160);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_put_find_drop),
		cmocka_unit_test(test_replace),
		cmocka_unit_test(test_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
