/* Catalogues: which one a tag means, plurals, people's words untouched, keys that are missing; and that the shipped three agree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/lang.h"

struct words {
	struct lang	*lang;
	struct arena	*arena;
};

static struct lang *
load(const char *dir)
{
	const char *build = getenv("abs_top_builddir");
	struct lang *l;
	struct err err;
	char path[512];

	snprintf(path, sizeof path, "%s/%s", build ? build : ".", dir);
	if ((l = lang_load(path, &err)) == NULL)
		fail_msg("%s", err.text);
	return l;
}

static int
setup(void **state)
{
	struct words *w = xcalloc(1, sizeof *w);

	w->lang = load("tests/unit/lang");
	w->arena = arena_new();
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct words *w = *state;

	lang_free(&w->lang);
	assert_null(w->lang);
	lang_free(&w->lang);
	arena_free(&w->arena);
	free(w);
	return 0;
}

#define SAY(...) lang_say(w->lang, w->arena, __VA_ARGS__)

static void
finds_the_catalogue_of_a_tag(void **state)
{
	static const char *const hans[] = { "zh", "zh-Hans", "zh-CN", "zh-SG", "ZH-HANS", "zh-Hans-HK", NULL };
	static const char *const hant[] = { "zh-Hant", "zh-TW", "zh-HK", "zh-MO", "zh-hant", "zh-tw", "zh-Hant-CN", "zh_TW", NULL };
	static const char *const english[] = { "en", "en-GB", "fr", "", "zhx", NULL };
	struct words *w = *state;
	int i;

	for (i = 0; hans[i] != NULL; i++)
		assert_string_equal(SAY(hans[i], "minutes", LN(2)), "2 分钟");
	for (i = 0; hant[i] != NULL; i++)
		assert_string_equal(SAY(hant[i], "minutes", LN(2)), "2 分鐘");
	for (i = 0; english[i] != NULL; i++)
		assert_string_equal(SAY(english[i], "minutes", LN(2)), "2 minutes");
	assert_string_equal(SAY(NULL, "minutes", LN(2)), "2 minutes");
}

static void
counts(void **state)
{
	struct words *w = *state;

	assert_string_equal(SAY("en", "days", LN(1)), "1 day");
	assert_string_equal(SAY("en", "days", LN(0)), "0 days");
	assert_string_equal(SAY("en", "days", LN(21)), "21 days");
	assert_string_equal(SAY("zh-Hans", "days", LN(1)), "1 天");
	/* The plural's argument is the second, after words. */
	assert_string_equal(SAY("en", "mixed", LS("Ann"), LN(1), LS("gate4")), "Ann has 1 line in gate4, Ann");
	assert_string_equal(SAY("zh-Hans", "mixed", LS("Ann"), LN(3), LS("gate4")), "gate4：Ann 3 行");
	assert_string_equal(SAY("en", "nested", LS("Ann"), LN(1)), "Ann has one");
	assert_string_equal(SAY("en", "nested", LS("Ann"), LN(4)), "Ann has 4");
}

/* A matter's number stands without separators, and what people say is no pattern. */
static void
leaves_words_alone(void **state)
{
	struct words *w = *state;

	assert_string_equal(SAY("en", "plain", LS("Ann"), LN(1234567), LS("go")), "It's #1234567 for Ann; don't go");
	assert_string_equal(SAY("en", "plain", LS("{1} {0,plural,other{x}} 'a' %s"), LN(-1), LS("庐镇🚲\n\"\\")),
	    "It's #-1 for {1} {0,plural,other{x}} 'a' %s; don't 庐镇🚲\n\"\\");
	assert_string_equal(SAY("en", "plain", LS("\xee\x80\x81"), LN(2), LS("")), "It's #2 for \xee\x80\x81; don't ");
	assert_string_equal(SAY("en", "plain", LS(NULL), LN(2), LS("go")), "It's #2 for ; don't go");
	assert_string_equal(SAY("zh-Hant", "plain", LS("安")), "安：# 繁體 ");	/* too few: empty places */
}

static void
a_key_that_is_missing(void **state)
{
	struct words *w = *state;

	assert_string_equal(SAY("en", "no_such_key", LN(1)), "no_such_key");
	assert_string_equal(SAY("zh-Hans", "no_such_key", LN(1)), "no_such_key");
	assert_string_equal(SAY("zh-Hans", "only_english", LS("x")), "Only x");
	assert_true(lang_has(w->lang, "en", "only_english"));
	assert_false(lang_has(w->lang, "zh-Hans", "only_english"));
	assert_false(lang_has(w->lang, "en", "no_such_key"));
}

static void
durations(void **state)
{
	static const struct {
		instant		 length;
		const char	*en;
	} cases[] = {
		{ 0, "0 seconds" }, { USEC, "1 second" }, { 89 * USEC, "89 seconds" }, { 90 * USEC, "2 minutes" }, { 3 * MINUTE, "3 minutes" },
		{ 89 * MINUTE, "89 minutes" }, { 90 * MINUTE, "2 hours" }, { 47 * HOUR, "47 hours" }, { 48 * HOUR, "2 days" }, { 180 * DAY, "180 days" },
	};
	struct words *w = *state;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_string_equal(lang_duration(w->lang, w->arena, "en", cases[i].length), cases[i].en);
	assert_string_equal(lang_duration(w->lang, w->arena, "zh-TW", 2 * HOUR), "2 小時");
}

static void
a_directory_without_catalogues(void **state)
{
	struct err err;

	(void)state;
	assert_null(lang_load("/nowhere", &err));
	assert_int_equal(err.fault, FAULT_ABSENT);
	assert_non_null(strstr(err.text, "/nowhere/en.res"));
}

/* The keys of the shipped English catalogue, read from its source, stand in all three, and each can be said. */
static void
the_shipped_ones_agree(void **state)
{
	static const char *const tags[] = { "en", "zh-Hans", "zh-Hant" };
	const char *src = getenv("abs_top_srcdir");
	struct words *w = *state;
	char path[512], line[4096], key[64];
	struct lang *shipped;
	int keys = 0, i;
	FILE *f;

	shipped = load("share/lang");
	snprintf(path, sizeof path, "%s/share/lang/en.txt", src ? src : ".");
	assert_non_null(f = fopen(path, "r"));
	while (fgets(line, sizeof line, f) != NULL) {
		if (sscanf(line, "\t%63[a-z_A-Z0-9] { \"", key) != 1 || strchr(line, '"') == NULL)
			continue;
		keys++;
		for (i = 0; i < 3; i++) {
			if (!lang_has(shipped, tags[i], key))
				fail_msg("%s is not in the catalogue %s", key, tags[i]);
			assert_true(lang_say(shipped, w->arena, tags[i], key, LN(1), LN(1), LN(1), LN(1), LN(1), LN(1), LN(1), LN(1))[0] != '\0');
		}
	}
	fclose(f);
	assert_true(keys > 20);
	lang_free(&shipped);
}

#define WITH_WORDS(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_WORDS(finds_the_catalogue_of_a_tag), WITH_WORDS(counts), WITH_WORDS(leaves_words_alone), WITH_WORDS(a_key_that_is_missing),
		WITH_WORDS(durations), cmocka_unit_test(a_directory_without_catalogues), WITH_WORDS(the_shipped_ones_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
