/* Instants as XEP-0082 writes them, and the clock that a test may set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"

/* 2026-11-23 09:00:00 UTC */
#define T0	(INT64_C(1795424400) * USEC)

static void
writes_and_reads(void **state)
{
	static const instant cases[] = { T0, T0 + 1, T0 + USEC - 1, USEC, INT64_C(253402300799) * USEC + 999999 };
	char text[INSTANT_TEXT];
	size_t i;

	(void)state;
	assert_string_equal(instant_text(T0 + 42, text), "2026-11-23T09:00:00.000042Z");
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(instant_parse(instant_text(cases[i], text)), cases[i]);
}

static void
reads_what_servers_send(void **state)
{
	static const struct {
		const char	*text;
		instant		 at;
	} cases[] = {
		{ "2026-11-23T09:00:00Z", T0 },
		{ "2026-11-23T17:00:00+08:00", T0 },
		{ "2026-11-23T05:30:00-03:30", T0 },
		{ "2026-11-23T09:00:00+00:00", T0 },
		{ "2026-11-23T09:00:00.5Z", T0 + USEC / 2 },
		{ "2026-11-23T09:00:00.123456789Z", T0 + 123456 },
		{ "2026-11-23T17:00:00.25+08:00", T0 + USEC / 4 },
		{ "2024-02-29T00:00:00Z", INT64_C(1709164800) * USEC },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (instant_parse(cases[i].text) != cases[i].at)
			fail_msg("%s", cases[i].text);
}

static void
refuses_the_rest(void **state)
{
	static const char *const cases[] = { "", "now", "2026-11-23", "2026-11-23T09:00Z", "2026-11-23T09:00:00", "2026-13-23T09:00:00Z",
		"2026-11-32T09:00:00Z", "2026-11-23T25:00:00Z", "2026-11-23T09:00:00Zx", "2026-11-23T09:00:00+08", "2026-11-23T09:00:00+0800",
		"2026-11-23T09:00:00+08:00x", "2026-11-23T09:00:00+-8:00", "2026-11-23T09:00:00+ 8:00", "2026-11-23T09:00:00+99:99",
		"2026-11-23T09:00:00z", "20261123T09:00:00", "2026-11-23 09:00:00Z" };
	size_t i;

	(void)state;
	assert_int_equal(instant_parse(NULL), 0);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (instant_parse(cases[i]) != 0)
			fail_msg("%s", cases[i]);
}

/* UTC whatever the machine's zone. */
static void
knows_no_zone(void **state)
{
	char text[INSTANT_TEXT];

	(void)state;
	setenv("TZ", "Asia/Shanghai", 1);
	tzset();
	assert_string_equal(instant_text(T0, text), "2026-11-23T09:00:00.000000Z");
	assert_int_equal(instant_parse("2026-11-23T09:00:00Z"), T0);
	unsetenv("TZ");
	tzset();
}

static void
may_be_set(void **state)
{
	instant before = (instant)time(NULL) * USEC;

	(void)state;
	assert_true(clock_now() >= before && clock_now() < before + MINUTE);
	clock_fake(T0);
	assert_int_equal(clock_now(), T0);
	assert_int_equal(clock_now(), T0);
	clock_fake(0);
	assert_true(clock_now() >= before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_and_reads), cmocka_unit_test(reads_what_servers_send), cmocka_unit_test(refuses_the_rest),
		cmocka_unit_test(knows_no_zone), cmocka_unit_test(may_be_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
