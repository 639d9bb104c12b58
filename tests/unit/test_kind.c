/*
 * Kinds are files that an administrator writes: the shipped ones load, and a bad
 * one is refused with its name, the line and what to write instead.
 */
#include "text_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"

#define TITLE	"title { hans = \"甲\" hant = \"乙\" en = \"a\" }\n"
#define HEAD	"code = \"x\"\nwork = \"service\"\n"
#define GOOD	HEAD TITLE

static enum fault
parse(struct arena *arena, const char *text, const struct kind **k, struct err *err)
{
	memset(err, 0, sizeof *err);
	return kind_parse(arena, "my/x.conf", text, k, err);
}

static void
ships_the_sixteen(void **state)
{
	static const struct {
		const char	*code, *work;
		bool		 needs_answer, is_private, urgent;
	} shipped[] = {
		{ "chatter", "notice", false, false, false }, { "crime_tip", "unusual", true, true, false },
		{ "emergency", "unusual", true, false, true }, { "enquiry", "service", true, false, false },
		{ "found_item", "service", true, false, false }, { "fraud", "safety", true, false, true },
		{ "hazard", "safety", true, false, true }, { "lost_item", "service", true, false, false },
		{ "missing_person", "service", true, false, true }, { "notice", "notice", false, false, false },
		{ "nuisance", "mediation", true, false, false }, { "other_service", "service", true, false, false },
		{ "suggestion", "service", true, false, false }, { "thanks", "praise", false, false, false },
		{ "traffic", "safety", true, false, false }, { "unusual_report", "unusual", true, true, false },
	};
	const struct kinds *ks = ((struct fixture *)*state)->kinds;

	assert_int_equal(ks->n, sizeof shipped / sizeof *shipped);
	for (size_t i = 0; i < ks->n; i++) {
		const struct kind *k = ks->kind[i];

		if (!str_eq(k->code, shipped[i].code) || !str_eq(k->work, shipped[i].work) ||
		    k->needs_answer != shipped[i].needs_answer || k->is_private != shipped[i].is_private ||
		    k->urgent != shipped[i].urgent)
			fail_msg("%s: work %s, needs-answer %d, private %d, urgent %d", k->code, k->work,
			    k->needs_answer, k->is_private, k->urgent);
		assert_ptr_equal(kinds_find(ks, shipped[i].code), k);
	}
	assert_null(kinds_find(ks, "nonsense"));
	assert_null(kinds_find(ks, NULL));
}

static bool
has_slot(const struct kind *k, const char *name)
{
	for (const struct slot *s = k->slots; s->name != NULL; s++)
		if (strcmp(s->name, name) == 0)
			return true;
	return false;
}

static void
ships_whole_kinds(void **state)
{
	const struct kinds *ks = ((struct fixture *)*state)->kinds;

	for (size_t i = 0; i < ks->n; i++) {
		const struct kind *k = ks->kind[i];

		for (int l = 0; l < LANGS; l++)
			assert_true(k->title[l] != NULL && *k->title[l] != '\0');
		assert_true(k->likely > 0 && k->likely <= k->sure && k->sure <= 100);
		assert_true(k->keep_days >= 1);
		assert_non_null(k->cues[0].words);
		assert_non_null(strstr(k->source, k->code));
		if (k->needs_answer)
			assert_true(k->first_answer > 0 && k->finish >= k->first_answer);
		for (const struct slot *s = k->slots; s->name != NULL; s++)
			for (int l = 0; l < LANGS; l++)
				assert_true(utf8_valid(s->ask[l]) && *s->ask[l] != '\0');
	}
	/* What E6 asks for, and MANNERS' grace times. */
	assert_true(has_slot(kinds_find(ks, "lost_item"), "features"));
	assert_true(has_slot(kinds_find(ks, "missing_person"), "person"));
	assert_int_equal(kinds_find(ks, "lost_item")->grace, 3 * MINUTE);
	assert_int_equal(kinds_find(ks, "nuisance")->grace, 5 * MINUTE);
	assert_int_equal(kinds_find(ks, "hazard")->grace, 5 * MINUTE);
	assert_int_equal(kinds_find(ks, "fraud")->grace, 5 * MINUTE);
	assert_int_equal(kinds_find(ks, "missing_person")->grace, 0);
	assert_int_equal(kinds_find(ks, "emergency")->grace, 0);
}

static void
reads_a_kind(void **state)
{
	static const char text[] = GOOD
	    "private = true\nurgent = true\ngrace = \"90s\"\nfirst-answer = \"2 h\"\nfinish = \"7d\"\n"
	    "duty-hours = false\nkeep-days = 30\nsure = 90\nlikely = 40\n"
	    "cues 70 { hans = { \"丢了|掉了 & <question>\" } en = { \"lost\", \"gone\" } }\n"
	    "cues -20 { hant = { \"哈哈\" } }\n"
	    "slot place { required = true hans = \"哪里\" hant = \"哪裡\" en = \"where\" }\n";
	struct arena *arena = arena_new();
	const struct kind *k;
	struct err err;

	(void)state;
	assert_int_equal(parse(arena, text, &k, &err), FAULT_NONE);
	assert_string_equal(k->code, "x");
	assert_string_equal(k->title[LANG_HANT], "乙");
	assert_true(k->needs_answer && k->is_private && k->urgent && !k->duty_hours);
	assert_int_equal(k->grace, 90 * USEC);
	assert_int_equal(k->first_answer, 2 * HOUR);
	assert_int_equal(k->finish, 7 * DAY);
	assert_int_equal(k->keep_days, 30);
	assert_int_equal(k->sure, 90);
	assert_int_equal(k->likely, 40);
	assert_string_equal(k->cues[0].words, "丢了|掉了 & <question>");
	assert_int_equal(k->cues[2].weight, 70);
	assert_int_equal(k->cues[3].weight, -20);
	assert_null(k->cues[4].words);
	assert_string_equal(k->slots[0].name, "place");
	assert_true(k->slots[0].required);
	assert_string_equal(k->slots[0].ask[LANG_EN], "where");
	assert_null(k->slots[1].name);
	assert_string_equal(k->source, text);
	arena_free(&arena);
}

static void
fills_what_is_left_out(void **state)
{
	struct arena *arena = arena_new();
	const struct kind *k;
	struct err err;

	(void)state;
	assert_int_equal(parse(arena, GOOD, &k, &err), FAULT_NONE);
	assert_true(k->needs_answer && k->duty_hours && !k->is_private && !k->urgent);
	assert_int_equal(k->grace, 3 * MINUTE);
	assert_int_equal(k->first_answer, 0);
	assert_null(k->cues[0].words);
	assert_null(k->slots[0].name);
	arena_free(&arena);
}

static void
refuses_bad_files(void **state)
{
	static const struct {
		const char	*text, *where, *remedy;
	} bad[] = {
		{ "", "my/x.conf: ", "write code" },
		{ "work = \"service\"\n" TITLE, "my/x.conf: ", "write code" },
		{ "code = \"x\"\n" TITLE, "my/x.conf: ", "write work" },
		{ HEAD, "my/x.conf: ", "write title" },
		{ HEAD "title { hans = \"甲\" en = \"a\" }\n", "my/x.conf: ", "write title" },
		{ "code = \"Lost Item\"\n", "my/x.conf:1: ", "small letters" },
		{ "code = \"\"\n", "my/x.conf:1: ", "small letters" },
		{ "code = \"x\"\nwork = \"fun\"\n", "my/x.conf:2: ", "write one of service" },
		{ GOOD "grace = \"soon\"\n", "my/x.conf:4: ", "3min" },
		{ GOOD "grace = \"-3min\"\n", "my/x.conf:4: ", "3min" },
		{ GOOD "\nfinish = \"3 weeks\"\n", "my/x.conf:5: ", "3min" },
		{ GOOD "first-answer = \"3\"\n", "my/x.conf:4: ", "3min" },
		{ GOOD "keep-days = 0\n", "my/x.conf:4: ", "at least 1" },
		{ GOOD "sure = 101\n", "my/x.conf:4: ", "from 0 to 100" },
		{ GOOD "likely = -1\n", "my/x.conf:4: ", "from 0 to 100" },
		{ GOOD "sure = 40\nlikely = 60\n", "my/x.conf: ", "lower likely" },
		{ GOOD "cues much { en = { \"a\" } }\n", "my/x.conf:4: ", "whole number" },
		{ GOOD "cues 0 { en = { \"a\" } }\n", "my/x.conf:4: ", "-100 to 100" },
		{ GOOD "cues 200 { en = { \"a\" } }\n", "my/x.conf:4: ", "-100 to 100" },
		{ GOOD "cues 50 {\n\ten = { \"a||b\" }\n}\n", "my/x.conf:6: ", "both sides" },
		{ GOOD "cues 50 { en = { \"a..\" } }\n", "my/x.conf:4: ", "both sides" },
		{ GOOD "cues 50 { en = { \"a & \" } }\n", "my/x.conf:4: ", "both sides" },
		{ GOOD "cues 50 { en = { \"*\" } }\n", "my/x.conf:4: ", "both sides" },
		{ GOOD "cues 50 { en = { \"lost (key|bag)\" } }\n", "my/x.conf:4: ", "parentheses" },
		{ GOOD "cues 50 { en = { \"a & <nothing>\" } }\n", "my/x.conf:4: ", "no such <name>" },
		{ GOOD "cues 50 { en = { \"a&b&c&d&e&f&g&h&i\" } }\n", "my/x.conf:4: ", "two cues" },
		{ GOOD "cues 50 { en = { \"a\" } }\ncues 50 { en = { \"b\" } }\n", "my/x.conf:5: ", "50" },
		{ GOOD "slot place { en = \"where\" }\n", "my/x.conf: slot place", "hans" },
		{ GOOD "colour = \"red\"\n", "my/x.conf:4: ", "colour" },
		{ GOOD "=reading = \"x\"\n", "my/x.conf:", "" },
		{ "code = \"x\n", "my/x.conf:", "" },
		{ GOOD "cues 50 {\n", "my/x.conf:4: ", "write \"}\"" },
		{ GOOD "# }\n/* } */ // }\ncues 50 { en = { \"}\\\"}\", '}' }\n", "my/x.conf:6: ", "write \"}\"" },
		{ "\xff\xfe\x01", "my/x.conf:", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct arena *arena = arena_new();
		const struct kind *k = NULL;
		struct err err;

		if (parse(arena, bad[i].text, &k, &err) != FAULT_USAGE || err.fault != FAULT_USAGE || k != NULL)
			fail_msg("\"%s\" is taken", bad[i].text);
		if (!str_prefix(err.text, bad[i].where) || strstr(err.text, bad[i].remedy) == NULL)
			fail_msg("\"%s\" is refused with \"%s\", not \"%s...%s\"", bad[i].text, err.text, bad[i].where,
			    bad[i].remedy);
		arena_free(&arena);
	}
}

/* An administrator's kind is read at once, without compiling. */
static void
adds_a_kind(void **state)
{
	static const char text[] = "code = \"sand\"\nwork = \"unusual\"\n" TITLE
	    "cues 90 { hans = { \"(偷|盗|盜)..沙\" } en = { \"sand & steal*\" } }\n";
	struct arena *arena = arena_new();
	const struct kind *k;
	struct kinds *ks;
	struct reader *r;
	struct intent in;
	struct err err;
	static const char *const lines[] = { "河边又有人偷沙", "河邊又有人盜採河沙", "They are stealing our SAND" };

	(void)state;
	assert_int_equal(kind_parse(arena, "sand.conf", text, &k, &err), FAULT_NONE);
	ks = kinds_new(arena, &k, 1);
	r = reader_new(ks, fixture_verbs, NULL, NULL);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct heard h = heard_in_room(lines[i]);
		struct arena *job = arena_new();

		text_read(r, &h, job, &in);
		assert_ptr_equal(in.kind, k);
		assert_int_equal(in.band, BAND_SURE);
		assert_true(in.needs_answer);
		assert_int_equal(in.confidence, 90);
		arena_free(&job);
	}
	reader_free(&r);
	kinds_free(&ks);
	assert_null(r);
	assert_null(ks);
}

/* No kinds at all: commands, names and private data are read all the same. */
static void
reads_without_kinds(void **state)
{
	struct kinds *ks = kinds_new(arena_new(), NULL, 0);
	struct reader *r = reader_new(ks, fixture_verbs, NULL, NULL);
	struct heard h = heard_in_room("@鲍国 钥匙丢了吗 13812345678");
	struct arena *job = arena_new();
	struct intent in;

	(void)state;
	text_read(r, &h, job, &in);
	assert_null(in.kind);
	assert_int_equal(in.band, BAND_NONE);
	assert_true(in.addressed);
	assert_int_equal(in.nspans, 1);
	arena_free(&job);
	reader_free(&r);
	kinds_free(&ks);
}

static void
knows_languages(void **state)
{
	static const struct {
		const char	*tag;
		enum kind_lang	 lang;
	} tags[] = {
		{ "zh-Hans", LANG_HANS }, { "zh-Hant", LANG_HANT }, { "en", LANG_EN }, { "zh", LANG_HANS }, { "zh-CN", LANG_HANS },
		{ "zh-TW", LANG_HANT }, { "zh_HK", LANG_HANT }, { "zh-hant-MO", LANG_HANT }, { "yue", LANG_HANT },
		{ "en-GB", LANG_EN }, { "de", LANG_EN }, { "zhx", LANG_EN }, { "", LANG_EN }, { NULL, LANG_EN },
		{ "zh-Hant-and-very-long-behind-it", LANG_HANT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
		if (lang_of(tags[i].tag) != tags[i].lang)
			fail_msg("\"%s\" is %s", tags[i].tag ? tags[i].tag : "NULL", lang_tag(lang_of(tags[i].tag)));
	for (enum kind_lang l = 0; l < LANGS; l++)
		assert_int_equal(lang_of(lang_tag(l)), l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ships_the_sixteen),
		cmocka_unit_test(ships_whole_kinds),
		cmocka_unit_test(reads_a_kind),
		cmocka_unit_test(fills_what_is_left_out),
		cmocka_unit_test(refuses_bad_files),
		cmocka_unit_test(adds_a_kind),
		cmocka_unit_test(reads_without_kinds),
		cmocka_unit_test(knows_languages),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
