/* Strings: the growing buffer, JSON, where UTF-8 may be cut, and what XML forbids. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

static void
buffers_grow(void **state)
{
	struct buf b = { 0 };
	int i;

	(void)state;
	buf_add(&b, "");
	assert_string_equal(b.s, "");
	buf_addn(&b, "abc", 2);
	buf_addf(&b, "-%d-%s", 12, "庐");
	assert_string_equal(b.s, "ab-12-庐");
	assert_int_equal(b.len, strlen(b.s));
	for (i = 0; i < 1000; i++)
		buf_addf(&b, "%03d", i);
	assert_int_equal(b.len, strlen("ab-12-庐") + 3000);
	assert_int_equal(b.len, strlen(b.s));
	assert_string_equal(b.s + b.len - 3, "999");
	buf_free(&b);
	assert_null(b.s);
	assert_int_equal(b.len, 0);
	buf_free(&b);
}

static void
json_is_json(void **state)
{
	static const struct {
		const char	*in, *out;
	} cases[] = {
		{ NULL, "null" }, { "", "\"\"" }, { "a\"b\\c", "\"a\\\"b\\\\c\"" }, { "\n\t\r\x01\x1f", "\"\\u000a\\u0009\\u000d\\u0001\\u001f\"" },
		{ "庐镇🚲</script>", "\"庐镇🚲</script>\"" }, { "\x7f", "\"\x7f\"" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf b = { 0 };

		buf_json(&b, cases[i].in);
		assert_string_equal(b.s, cases[i].out);
		buf_free(&b);
	}
}

static void
cuts_between_characters(void **state)
{
	static const char s[] = "a庐🚲é";	/* 1, 3, 4 and 2 bytes */
	static const size_t at[] = { 0, 1, 1, 1, 4, 4, 4, 4, 8, 8, 10, 10, 10 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof at / sizeof at[0]; i++)
		assert_int_equal(utf8_cut(s, i), at[i]);
	assert_int_equal(utf8_cut("", 0), 0);
	assert_int_equal(utf8_cut("\x80\x80\x80", 2), 0);
	assert_int_equal(utf8_points(s, 0), 0);
	assert_int_equal(utf8_points(s, 1), 1);
	assert_int_equal(utf8_points(s, 2), 4);
	assert_int_equal(utf8_points(s, 3), 8);
	assert_int_equal(utf8_points(s, 4), 10);
	assert_int_equal(utf8_points(s, 99), 10);
}

static const struct {
	const char	*in, *clean;
	bool		 valid;
} texts[] = {
	{ "", "", true },
	{ "plain\t\n\r~", "plain\t\n\r~", true },
	{ "庐镇🚲é\xf4\x8f\xbf\xbf", "庐镇🚲é\xf4\x8f\xbf\xbf", true },
	/* well-formed, but not in XML: control characters, U+FFFE, U+FFFF */
	{ "a\x01\x0b\x1f" "b", "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" "b", true },
	{ "\xef\xbf\xbe|\xef\xbf\xbf|\xef\xbf\xbd", "\xef\xbf\xbd|\xef\xbf\xbd|\xef\xbf\xbd", true },
	{ "\x7f\xc2\x80\xc2\x9b", "\x7f\xc2\x80\xc2\x9b", true },
	/* no UTF-8: lone bytes, cut short, overlong, surrogates, beyond U+10FFFF */
	{ "\x80", "\xef\xbf\xbd", false },
	{ "\xff" "a", "\xef\xbf\xbd" "a", false },
	{ "\xe5\xba", "\xef\xbf\xbd\xef\xbf\xbd", false },
	{ "\xf0\x9f\x9a", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", false },
	{ "\xc3", "\xef\xbf\xbd", false },
	{ "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd", false },
	{ "\xe0\x80\xaf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", false },
	{ "\xf0\x80\x80\xaf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", false },
	{ "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", false },
	{ "\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", false },
	{ "\xe5\xba" "A\xba", "\xef\xbf\xbd\xef\xbf\xbd" "A\xef\xbf\xbd", false },
};

static void
knows_utf8_and_xml(void **state)
{
	char out[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		assert_int_equal(utf8_valid(texts[i].in), texts[i].valid);
		memset(out, 'x', sizeof out);
		xml_clean(texts[i].in, out);
		assert_string_equal(out, texts[i].clean);
		assert_true(strlen(out) <= strlen(texts[i].in) * 3);
		assert_true(utf8_valid(out));
	}
}

static void
compares(void **state)
{
	(void)state;
	assert_true(str_eq(NULL, NULL));
	assert_false(str_eq(NULL, ""));
	assert_false(str_eq("", NULL));
	assert_true(str_eq("a", "a"));
	assert_false(str_eq("a", "ab"));
	assert_true(str_prefix("abc", "ab"));
	assert_true(str_prefix("abc", ""));
	assert_true(str_prefix("abc", "abc"));
	assert_false(str_prefix("ab", "abc"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buffers_grow), cmocka_unit_test(json_is_json), cmocka_unit_test(cuts_between_characters),
		cmocka_unit_test(knows_utf8_and_xml), cmocka_unit_test(compares),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
