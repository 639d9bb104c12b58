/* The log: one line an entry, whatever was said in a room. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/str.h"

/* What standard error received while `print` ran. */
static const char *
heard(void (*print)(const char *), const char *arg)
{
	static char out[8192];
	FILE *f = tmpfile();
	int saved = dup(STDERR_FILENO);
	size_t n;

	assert_non_null(f);
	assert_true(saved >= 0 && dup2(fileno(f), STDERR_FILENO) >= 0);
	print(arg);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(f);
	n = fread(out, 1, sizeof out - 1, f);
	out[n] = '\0';
	fclose(f);
	return out;
}

static void
say(const char *text)
{
	log_warn("room gate4", "said %s", text);
}

static void
named(const char *who)
{
	log_error(who, "x");
}

static void
all_levels(const char *text)
{
	log_error("w", "%s", text);
	log_warn("w", "%s", text);
	log_info("w", "%s", text);
	log_debug("w", "%s", text);
}

static void
a_chat_line_forges_no_log_line(void **state)
{
	static const struct {
		const char	*said, *logged;
	} cases[] = {
		{ "庐镇 🚲", "庐镇 🚲" },
		{ "a\nmoothalld: error: stream: forged", "a\\x0amoothalld: error: stream: forged" },
		{ "a\r\n\t\x1b[2J\x7f", "a\\x0d\\x0a\\x09\\x1b[2J\\x7f" },
		{ "\\x0a", "\\\\x0a" },
		{ "\xc2\x9b" "2J\xc2\x85\xc2\xa0", "\\xc2\\x9b2J\\xc2\\x85\xc2\xa0" },
		{ "a\xe2\x80\xa8" "b\xe2\x80\xa9" "c\xe2\x80\xa7", "a\\xe2\\x80\\xa8b\\xe2\\x80\\xa9c\xe2\x80\xa7" },
	};
	char want[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		snprintf(want, sizeof want, "moothalld: warning: room gate4: said %s\n", cases[i].logged);
		assert_string_equal(heard(say, cases[i].said), want);
	}
	assert_string_equal(heard(named, "room a\nb\x1b"), "moothalld: error: room a\\x0ab\\x1b: x\n");
}

static void
a_long_line_is_cut(void **state)
{
	char text[4096];
	const char *out;
	size_t i, lead;

	(void)state;
	for (lead = 0; lead < 4; lead++) {
		memset(text, 'a', lead);
		for (i = lead; i + 4 < sizeof text; i += 3)
			memcpy(text + i, "庐", 3);
		text[i] = '\0';
		out = heard(say, text);
		assert_true(utf8_valid(out));
		assert_int_equal(strcspn(out, "\n"), strlen(out) - 1);
		assert_true(strlen(out) > 900 && strlen(out) < 1200);
	}
	memset(text, '\x01', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	out = heard(say, text);
	assert_int_equal(strcspn(out, "\n"), strlen(out) - 1);
}

static void
levels(void **state)
{
	(void)state;
	assert_string_equal(heard(all_levels, "x"), "moothalld: error: w: x\nmoothalld: warning: w: x\nmoothalld: info: w: x\n");
	log_set_level(LOG_ERROR);
	assert_string_equal(heard(all_levels, "x"), "moothalld: error: w: x\n");
	log_set_level(LOG_DEBUG);
	assert_string_equal(heard(all_levels, "x"), "moothalld: error: w: x\nmoothalld: warning: w: x\nmoothalld: info: w: x\nmoothalld: debug: w: x\n");
	log_set_level(LOG_INFO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_chat_line_forges_no_log_line), cmocka_unit_test(a_long_line_is_cut), cmocka_unit_test(levels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
