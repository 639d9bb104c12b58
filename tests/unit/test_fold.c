/*
 * Folding: what looks alike or means the same becomes the same, and every folded
 * character still knows where in the original it came from.
 */
#include "text_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "text/internal.h"

struct state {
	struct fold_table	*fold;
	struct arena		*arena;
};

static int
open_table(void **state)
{
	static struct state s;

	s = (struct state){ fold_table_new(), arena_new() };
	*state = &s;
	return 0;
}

static int
close_table(void **state)
{
	struct state *s = *state;

	fold_table_free(&s->fold);
	arena_free(&s->arena);
	assert_null(s->fold);
	return 0;
}

static struct folded
fold(struct state *s, const char *text)
{
	struct folded f;

	fold_line(s->fold, text, strlen(text), s->arena, &f);
	return f;
}

/* The folded line as UTF-8. */
static const char *
text_of(struct state *s, const struct folded *f)
{
	char *out = arena_alloc(s->arena, f->n * 4 + 1);
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += utf8_put(out + n, f->cp[i]);
	out[n] = '\0';
	return out;
}

static void
makes_alike_the_same(void **state)
{
	static const struct {
		const char	*text, *folded;
	} lines[] = {
		{ "＃ＴＡＫＥ　１２", "#take 12" }, { "Ｔｅｓｔ！？", "test!?" }, { "，。：；（）", ",。:;()" },
		{ "鑰匙丟了", "钥匙丢了" }, { "戶口簿補辦", "户口簿补办" }, { "鮑國", "鲍国" }, { "裡面", "里面" }, { "台灣", "台湾" },
		{ "CAFÉ", "cafe" }, { "cafe\xcc\x81", "cafe" }, { "Straße", "strasse" }, { "ﬁre", "fire" }, { "ﾊﾝｶｸ", "ハンカク" },
		{ "𝐇𝐞𝐥𝐩 𝓶𝓮", "help me" }, { "①②", "12" }, { "½", "1⁄2" }, { "㎡", "m2" },
		{ "a\xe2\x80\x8b" "b\xef\xbb\xbf" "c", "abc" },		/* zero width space, byte order mark */
		{ "✅\xef\xb8\x8f", "✅" }, { "👍", "👍" },			/* a variation selector goes */
		{ "a \t\xe3\x80\x80 b", "a b" }, { "  a", "a" }, { "a\r\nb", "a\n\nb" }, { "", "" }, { "   ", "" },
		{ "\x01\x02" "a", "a" },
	};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct folded f = fold(*state, lines[i].text);

		if (strcmp(text_of(*state, &f), lines[i].folded) != 0)
			fail_msg("\"%s\" folds to \"%s\", not \"%s\"", lines[i].text, text_of(*state, &f), lines[i].folded);
	}
}

static void
keeps_places(void **state)
{
	static const char *const lines[] = { "鑰匙丟了", "ａ b ﬁ c", "a\xcc\x81", "👍好", "\xff\xfe好", "ﷺ" };
	struct state *s = *state;
	struct folded f = fold(s, "ａ 鑰匙");

	assert_int_equal(f.n, 4);
	assert_int_equal(f.at[0], 0);
	assert_int_equal(f.at[1], 3);
	assert_int_equal(f.at[2], 4);
	assert_int_equal(f.at[3], 7);
	assert_int_equal(f.at[4], 10);
	assert_int_equal(f.cp[4], 0);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		f = fold(s, lines[i]);
		assert_int_equal(f.at[f.n], strlen(lines[i]));
		for (size_t k = 0; k < f.n; k++)
			assert_true(f.at[k] <= f.at[k + 1]);
	}
}

static void
survives_bad_bytes(void **state)
{
	static const struct {
		const char	*bytes;
		size_t		 n, points;
	} lines[] = {
		{ "\xff", 1, 1 }, { "\xc3", 1, 1 }, { "\xe4\xbd", 2, 2 }, { "\xf0\x9f\x91", 3, 3 }, { "\x80\x80", 2, 2 },
		{ "\xc0\xaf", 2, 2 }, { "\xf8\x88\x80\x80\x80", 5, 5 }, { "a\xe4z", 3, 3 },
		{ "\xe0\x80\xaf", 3, 3 }, { "\xed\xa0\x80", 3, 3 }, { "\xf4\x90\x80\x80", 4, 4 }, { "\xf0\x80\x80\xaf", 4, 4 },
	};
	struct state *s = *state;
	struct folded f;

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		/* Exactly as long as it is, so that the sanitizer sees a read past it. */
		char *copy = xcalloc(1, lines[i].n);

		memcpy(copy, lines[i].bytes, lines[i].n);
		fold_line(s->fold, copy, lines[i].n, s->arena, &f);
		assert_int_equal(f.n, lines[i].points);
		assert_int_equal(f.at[f.n], lines[i].n);
		assert_true(utf8_valid(text_of(s, &f)));
		free(copy);
	}
}

static void
squeezes(void **state)
{
	static const struct {
		const char	*text, *squeezed;
	} lines[] = {
		{ "钥 匙 丢 了", "钥匙丢了" }, { "my key 丢 了", "my key 丢了" }, { "a b", "a b" }, { "!!!!!!!!", "!!!" },
		{ "???????a", "???a" }, { "哈哈哈哈哈", "哈哈哈哈哈" }, { "", "" },
	};
	struct state *s = *state;

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct folded f = fold(s, lines[i].text), out;

		fold_squeeze(s->fold, &f, 0, s->arena, &out);
		assert_string_equal(text_of(s, &out), lines[i].squeezed);
		assert_int_equal(out.at[out.n], strlen(lines[i].text));
	}
}

static void
finds_a_name(void **state)
{
	struct state *s = *state;
	struct folded f = fold(s, "@鮑國，在 BAO guo 嗎");

	assert_int_equal(fold_name_at(s->fold, &f, 1, "鲍国"), 3);
	assert_int_equal(fold_name_at(s->fold, &f, 1, " 鮑國 "), 3);
	assert_int_equal(fold_name_at(s->fold, &f, 0, "鲍国"), 0);
	assert_int_equal(fold_name_at(s->fold, &f, 6, "bao GUO"), 13);
	assert_int_equal(fold_name_at(s->fold, &f, 1, ""), 0);
	assert_int_equal(fold_name_at(s->fold, &f, 1, NULL), 0);
	assert_int_equal(fold_name_at(s->fold, &f, f.n - 1, "吗吗"), 0);
}

static void
compares_bare(void **state)
{
	static const struct {
		const char	*a, *b;
		bool		 same;
	} pairs[] = {
		{ "孩子的书包，丢了！", "孩子的書包丟了", true }, { "My keys  are GONE!!", "my keys are gone", true },
		{ "to day", "today", false }, { "我的 key 丢了", "我的key丢了", true }, { "①", "1", true }, { "…", "", true },
		{ "书包", "钱包", false },
	};
	struct state *s = *state;

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		bool same = strcmp(fold_bare(s->fold, pairs[i].a, s->arena), fold_bare(s->fold, pairs[i].b, s->arena)) == 0;

		if (same != pairs[i].same)
			fail_msg("\"%s\" and \"%s\" are %s", pairs[i].a, pairs[i].b, same ? "the same" : "different");
	}
}

/* Folding what is folded changes nothing: cues are folded once, lines once, and they must meet. */
static void
is_stable(void **state)
{
	struct state *s = *state;
	char text[5] = "";

	for (uint32_t cp = 1; cp < 0x1F700; cp++) {
		struct folded once, twice;

		if (cp >= 0xD800 && cp <= 0xDFFF)
			continue;
		text[utf8_put(text, cp)] = '\0';
		once = fold(s, text);
		twice = fold(s, text_of(s, &once));
		if (once.n != twice.n || memcmp(once.cp, twice.cp, once.n * sizeof *once.cp) != 0)
			fail_msg("U+%04X folds to \"%s\", and that to \"%s\"", cp, text_of(s, &once), text_of(s, &twice));
		if (cp % 0x400 == 0) {
			arena_free(&s->arena);
			s->arena = arena_new();
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_alike_the_same),
		cmocka_unit_test(keeps_places),
		cmocka_unit_test(survives_bad_bytes),
		cmocka_unit_test(squeezes),
		cmocka_unit_test(finds_a_name),
		cmocka_unit_test(compares_bare),
		cmocka_unit_test(is_stable),
	};

	return cmocka_run_group_tests(tests, open_table, close_table);
}
