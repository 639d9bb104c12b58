/* Arenas: zeroed, aligned, large and small; and a message that lies in its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/msg.h"

static void
gives_zeroed_and_aligned_memory(void **state)
{
	static const size_t sizes[] = { 1, 0, 3, 8, 17, 4095, 4096, 4097, 5, 100000, 1 };
	struct arena *a = arena_new();
	unsigned char *p[sizeof sizes / sizeof sizes[0]];
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		p[i] = arena_alloc(a, sizes[i]);
		assert_non_null(p[i]);
		assert_int_equal((uintptr_t)p[i] % _Alignof(max_align_t), 0);
		for (k = 0; k < sizes[i]; k++)
			assert_int_equal(p[i][k], 0);
		memset(p[i], (int)i + 1, sizes[i]);
	}
	/* Nobody's memory is another's. */
	for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		for (k = 0; k < sizes[i]; k++)
			assert_int_equal(p[i][k], i + 1);
	arena_free(&a);
	assert_null(a);
	arena_free(&a);
}

static void
copies_strings(void **state)
{
	struct arena *a = arena_new();
	char s[] = "庐镇";
	char *copy = arena_strdup(a, s);

	(void)state;
	assert_ptr_not_equal(copy, s);
	s[0] = 'x';
	assert_string_equal(copy, "庐镇");
	assert_string_equal(arena_strndup(a, "abcdef", 3), "abc");
	assert_string_equal(arena_strndup(a, "ab", 30), "ab");
	assert_string_equal(arena_strndup(a, "ab", 0), "");
	assert_null(arena_strdup(a, NULL));
	assert_null(arena_strndup(a, NULL, 5));
	assert_string_equal(arena_printf(a, "%s-%d", "庐", 7), "庐-7");
	assert_int_equal(strlen(arena_printf(a, "%9000d", 1)), 9000);
	arena_free(&a);
}

static void
the_same_for_what_lives_long(void **state)
{
	unsigned char *p = xcalloc(3, 5);
	char *s;
	int i;

	(void)state;
	for (i = 0; i < 15; i++)
		assert_int_equal(p[i], 0);
	p[14] = 9;
	p = xrealloc(p, 1000);
	assert_int_equal(p[14], 9);
	free(p);
	free(xcalloc(0, 0));
	free(xrealloc(NULL, 0));
	s = xstrdup("a");
	assert_string_equal(s, "a");
	free(s);
	assert_null(xstrdup(NULL));
}

static void
a_message_owns_itself(void **state)
{
	struct msg *m = msg_new();

	(void)state;
	assert_null(m->text);
	m->text = arena_strdup(m->arena, "x");
	msg_free(&m);
	assert_null(m);
	msg_free(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_zeroed_and_aligned_memory),
		cmocka_unit_test(copies_strings),
		cmocka_unit_test(the_same_for_what_lives_long),
		cmocka_unit_test(a_message_owns_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
