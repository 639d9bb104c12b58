/* Duty hours: every form that the manual names, and every slip it must not swallow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "when/hours.h"

/* "1 08:30-12:00 " for each span. */
static const char *
text(const char *spec)
{
	static char out[HOURS_MAX * 16];
	struct hours h;
	struct err err;
	size_t i, n = 0;

	if (hours_parse(spec, &h, &err) != FAULT_NONE) {
		snprintf(out, sizeof out, "!%s", err.text);
		return out;
	}
	out[0] = '\0';
	for (i = 0; i < h.n; i++)
		n += (size_t)snprintf(out + n, sizeof out - n, "%d %02d:%02d-%02d:%02d ", h.span[i].dow, h.span[i].opens / 60,
		    h.span[i].opens % 60, h.span[i].closes / 60, h.span[i].closes % 60);
	return out;
}

static void
reads_weeks(void **state)
{
	static const char weekdays[] = "1 08:30-12:00 1 14:00-17:30 2 08:30-12:00 2 14:00-17:30 3 08:30-12:00 3 14:00-17:30 "
	    "4 08:30-12:00 4 14:00-17:30 5 08:30-12:00 5 14:00-17:30 ";

	(void)state;
	assert_string_equal(text(""), "");
	assert_string_equal(text("  "), "");
	assert_string_equal(text("24h"), "1 00:00-24:00 2 00:00-24:00 3 00:00-24:00 4 00:00-24:00 5 00:00-24:00 6 00:00-24:00 7 00:00-24:00 ");
	assert_string_equal(text("daily 00:00-24:00"), text("24h"));
	assert_string_equal(text("Mon-Fri 08:30-12:00 14:00-17:30"), weekdays);
	assert_string_equal(text("mon - fri 8:30-12:00, 14:00 - 17:30 ;"), weekdays);
	assert_string_equal(text("Monday to Friday 08:30–12:00 14:00~17:30"), weekdays);
	assert_string_equal(text("周一至周五 8:30-12:00 14:00-17:30"), weekdays);
	assert_string_equal(text("週一至週五　8：30－12：00、14：00－17：30；"), weekdays);
	assert_string_equal(text("星期一到星期五 8:30至12:00 14:00至17:30"), weekdays);
	assert_string_equal(text("Sat 09:00-12:00"), "6 09:00-12:00 ");
	assert_string_equal(text("周六、周日 9:00-12:00"), "6 09:00-12:00 7 09:00-12:00 ");
	assert_string_equal(text("禮拜天 9:00-12:00"), "7 09:00-12:00 ");
	assert_string_equal(text("Tue,Thu 09:00-12:00; Wed 13:00-14:00"), "2 09:00-12:00 3 13:00-14:00 4 09:00-12:00 ");
}

static void
goes_round_midnight_and_sunday(void **state)
{
	(void)state;
	assert_string_equal(text("Fri 22:00-06:00"), "5 22:00-24:00 6 00:00-06:00 ");
	assert_string_equal(text("Sun 22:00-06:00"), "1 00:00-06:00 7 22:00-24:00 ");
	assert_string_equal(text("Mon 18:00-24:00"), "1 18:00-24:00 ");
	assert_string_equal(text("Mon 18:00-00:00"), "1 18:00-24:00 ");
	assert_string_equal(text("Sat-Mon 10:00-11:00"), "1 10:00-11:00 6 10:00-11:00 7 10:00-11:00 ");
	assert_string_equal(text("Mon 00:00-08:00 08:00-12:00"), "1 00:00-08:00 1 08:00-12:00 ");
}

static void
refuses(void **state)
{
	static const struct {
		const char	*spec, *words;
	} bad[] = {
		{ "always", "no weekday" }, { "Mon", "no hours" }, { "Mon 8-12", "no hours" }, { "Mon 08:30", "without an end" },
		{ "Mon 08:30-", "without an end" }, { "Mon 25:00-26:00", "no hours" }, { "Mon 08:60-09:00", "no hours" },
		{ "Mon 08:00-24:01", "without an end" }, { "Mon 08:00-08:00", "begin when they end" },
		{ "Mon 24:00-08:00", "begin when they end" }, { "24h Mon", "after 24h" }, { "Mon 08:00-09:00 x", "cannot read" },
		{ "Mon 08:00-12:00 11:00-13:00", "overlap on Monday" }, { "Mon-Wed 08:00-12:00; Tue 08:00-09:00", "overlap on Tuesday" },
		{ "Sun 22:00-06:00; Mon 05:00-07:00", "overlap on Monday" }, { "周八 8:00-9:00", "no weekday" }, { "Monk 8:00-9:00", "no weekday" },
		{ "; Mon 08:00-09:00", "no weekday" }, { "Mon 108:00-09:00", "no hours" }, { "Mon 08:000-09:00", "no hours" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		const char *got = text(bad[i].spec);

		if (got[0] != '!' || strstr(got, bad[i].words) == NULL)
			fail_msg("\"%s\" gave \"%s\", expected an error with \"%s\"", bad[i].spec, got, bad[i].words);
	}
}

static void
bounds_the_number_of_spans(void **state)
{
	char spec[4096] = "daily";
	int i;

	(void)state;
	for (i = 0; i < 12; i++)
		snprintf(spec + strlen(spec), sizeof spec - strlen(spec), " %02d:00-%02d:30", i, i);
	assert_int_equal(text(spec)[0], '1');
	strcat(spec, " 12:00-12:30");
	assert_non_null(strstr(text(spec), "more than"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_weeks),
		cmocka_unit_test(goes_round_midnight_and_sunday),
		cmocka_unit_test(refuses),
		cmocka_unit_test(bounds_the_number_of_spans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
