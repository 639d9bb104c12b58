/*
 * The reader on sets of lines written for this project, with the shipped kinds and weights.
 * What is asserted is what the desk promises a room: that it keeps silent at small talk, sees
 * danger, masks what is private, understands commands. How well it does beyond is printed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/str.h"
#include "text_fixture.h"

enum { COLUMNS = 8 };

/* Calls `see` with the columns of every line of a set, and how many there are. */
static size_t
each(struct fixture *f, const char *name, void (*see)(struct fixture *, char *const *, int, void *), void *ctx)
{
	char *text = fixture_file(name), *rest = text, *line;
	size_t lines = 0;

	while ((line = strsep(&rest, "\n")) != NULL) {
		char *column[COLUMNS + 1] = { NULL };
		int n = 0;

		if (*line == '\0' || *line == '%')
			continue;
		while (n < COLUMNS && (column[n] = strsep(&line, "\t")) != NULL)
			n++;
		see(f, column, n, ctx);
		lines++;
	}
	free(text);
	return lines;
}

static const struct intent *
read_resident(struct fixture *f, const char *text)
{
	arena_free(&f->arena);
	f->arena = arena_new();
	return hear(f, text);
}

/* --- small talk --- */

struct talk {
	size_t	sure, likely;
};

static void
see_talk(struct fixture *f, char *const *column, int n, void *ctx)
{
	struct talk *t = ctx;
	const struct intent *in;

	assert_int_equal(n, 2);
	in = read_resident(f, column[1]);
	if (in->kind == NULL || !in->kind->needs_answer || in->command != NULL)
		return;
	t->likely += in->band == BAND_LIKELY;
	if (in->band == BAND_SURE) {
		t->sure++;
		print_message("  sure: %s (%s %d)\n", column[1], in->kind->code, in->confidence);
	}
}

static void
keeps_silent_at_talk(void **state)
{
	struct talk t = { 0 };
	size_t lines = each(*state, "tests/reading/talk.tsv", see_talk, &t);

	print_message("  %zu lines of talk: %zu sure, %zu likely\n", lines, t.sure, t.likely);
	assert_true(lines >= 5000);
	assert_true(1000 * t.sure <= 2 * lines);
}

/* --- danger --- */

struct danger_tally {
	size_t	real, seen, idioms, alarmed;
};

static void
see_danger(struct fixture *f, char *const *column, int n, void *ctx)
{
	struct danger_tally *t = ctx;
	enum danger d;

	assert_int_equal(n, 3);
	d = read_resident(f, column[2])->danger;
	if (str_eq(column[1], "yes")) {
		t->real++;
		t->seen += d != DANGER_NO;
		if (d == DANGER_NO)
			print_message("  not seen: %s\n", column[2]);
	} else {
		t->idioms++;
		t->alarmed += d == DANGER_CERTAIN;
		if (d == DANGER_CERTAIN)
			print_message("  false alarm: %s\n", column[2]);
	}
}

static void
sees_danger(void **state)
{
	struct danger_tally t = { 0 };

	each(*state, "tests/reading/danger.tsv", see_danger, &t);
	print_message("  %zu of %zu emergencies seen, %zu of %zu idioms taken for certain\n", t.seen, t.real, t.alarmed, t.idioms);
	assert_true(t.real >= 200 && t.idioms >= 200);
	assert_true(100 * t.seen >= 98 * t.real);
	assert_true(100 * t.alarmed <= t.idioms);
}

/* --- commands --- */

static void
see_command(struct fixture *f, char *const *column, int n, void *ctx)
{
	const struct intent *in;
	const char *want;

	(void)ctx;
	assert_int_equal(n, 4);
	in = read_resident(f, column[0]);
	want = column[1];
	if (str_eq(want, "half") ? in->half && in->command == NULL :
	    str_eq(want, "none") ? !in->half && in->command == NULL :
	    str_eq(in->command, want) && in->number == atoll(column[2]) && str_eq(in->rest, column[3]))
		return;
	fail_msg("\"%s\" is %s %lld \"%s\"%s, not %s %s \"%s\"", column[0], in->command ? in->command : "no command", in->number,
	    in->rest, in->half ? ", half" : "", want, column[2], column[3]);
}

static void
understands_commands(void **state)
{
	assert_true(each(*state, "tests/reading/commands.tsv", see_command, NULL) >= 200);
}

/* --- facts --- */

enum { PLACE, TIME, ITEM, PERSON, NUMBER, FACTS };

struct fact_tally {
	size_t	wanted[FACTS], exact[FACTS], partial[FACTS];
};

static void
count_fact(struct fact_tally *t, int fact, const char *what, const char *text, const char *value, const struct intent *in)
{
	size_t at = (size_t)(strstr(text, value) - text), len = strlen(value);
	bool exact = false, partial = false;

	for (size_t i = 0; i < in->nslots; i++) {
		const struct span *s = &in->slots[i];

		if (what != NULL && !str_eq(s->what, what))
			continue;
		if (what == NULL && !str_eq(s->what, "phone") && !str_eq(s->what, "plate") && !str_eq(s->what, "amount") && !str_eq(s->what, "link"))
			continue;
		exact |= s->at == at && s->len == len;
		partial |= s->at < at + len && at < s->at + s->len;
	}
	t->wanted[fact]++;
	t->exact[fact] += exact;
	t->partial[fact] += partial;
}

static void
see_facts(struct fixture *f, char *const *column, int n, void *ctx)
{
	static const char *const names[FACTS] = { "place", "time", "item", "person", NULL };
	const struct intent *in;

	assert_int_equal(n, 7);
	in = read_resident(f, column[6]);
	for (int fact = 0; fact < FACTS; fact++) {
		char *rest = column[1 + fact], *value;

		while ((value = strsep(&rest, "|")) != NULL)
			if (*value != '\0')
				count_fact(ctx, fact, names[fact], column[6], value, in);
	}
}

/* What was measured when it was written, rounded down: a floor, so that it only gets better. */
static void
finds_facts(void **state)
{
	static const unsigned floor[FACTS] = { 74, 80, 66, 63, 68 };	/* percent found at least in part */
	static const char *const names[FACTS] = { "places", "times", "things", "people", "plates, telephones, sums, links" };
	struct fact_tally t = { 0 };

	assert_true(each(*state, "tests/reading/slots.tsv", see_facts, &t) >= 200);
	for (int i = 0; i < FACTS; i++) {
		print_message("  %s: %zu, %zu exact, %zu at least in part\n", names[i], t.wanted[i], t.exact[i], t.partial[i]);
		assert_true(100 * t.partial[i] >= floor[i] * t.wanted[i]);
	}
}

/* --- private data: made with right check digits, and the same with wrong ones --- */

static unsigned
dice(uint64_t *s, unsigned below)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return (unsigned)(*s >> 33) % below;
}

/* GB 11643 */
static void
identity_number(uint64_t *s, bool good, char *out)
{
	static const int weight[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
	int sum = 0;

	snprintf(out, 20, "%02u%02u%02u%04u%02u%02u%03u", 11 + dice(s, 4), 1 + dice(s, 20), 1 + dice(s, 28), 1950 + dice(s, 60),
	    1 + dice(s, 12), 1 + dice(s, 28), dice(s, 1000));
	for (int i = 0; i < 17; i++)
		sum += (out[i] - '0') * weight[i];
	out[17] = "10X98765432"[(sum + !good) % 11];
	out[18] = '\0';
}

/* Luhn, sixteen digits of a Chinese card. */
static void
bank_card(uint64_t *s, bool good, char *out)
{
	int sum = 0;

	snprintf(out, 20, "62%02u%04u%04u%03u", 10 + dice(s, 20), dice(s, 10000), dice(s, 10000), dice(s, 1000));
	for (int i = 0; i < 15; i++) {
		int d = (out[i] - '0') * (i % 2 == 0 ? 2 : 1);

		sum += d > 9 ? d - 9 : d;
	}
	out[15] = (char)('0' + (10 - sum % 10 + !good) % 10);
	out[16] = '\0';
}

static void
mobile(uint64_t *s, char *out)
{
	snprintf(out, 20, "13%u%04u%04u", dice(s, 10), dice(s, 10000), dice(s, 10000));
}

static bool
found(const struct intent *in, size_t at, size_t len, const char *what, bool certain)
{
	for (size_t i = 0; i < in->nspans; i++)
		if (in->spans[i].at == at && in->spans[i].len == len && str_eq(in->spans[i].what, what) &&
		    (!certain || in->spans[i].certain))
			return true;
	return false;
}

static void
masks_private_data(void **state)
{
	static const char *const before[] = { "我的号是", "身份证", "卡号：", "please call ", "号码 ", "聯絡", "（", "丢了，尾号不记得，全号", "my id is ",
	    "微信同号" };
	static const char *const after[] = { "，谢谢", " 大家帮我看看", "", ".", "）", "有人捡到吗", " thanks", "是我的", "\xEF\xBC\x81", " ok?" };
	enum { MANY = 10000 };
	uint64_t s = 42;
	size_t wanted = 0, got = 0, wrong = 0, false_ones = 0;

	for (int i = 0; i < MANY; i++) {
		int sort = i % 5;	/* 0 identity, 1 card, 2 mobile, 3 identity and 4 card with a wrong digit */
		const char *b = before[dice(&s, 10)];
		char number[24], line[200];
		const struct intent *in;

		if (sort == 0 || sort == 3)
			identity_number(&s, sort == 0, number);
		else if (sort == 1 || sort == 4)
			bank_card(&s, sort == 1, number);
		else
			mobile(&s, number);
		snprintf(line, sizeof line, "%s%s%s", b, number, after[dice(&s, 10)]);
		in = read_resident(*state, line);
		if (sort <= 2) {
			wanted++;
			got += found(in, strlen(b), strlen(number), sort == 0 ? "id_number" : sort == 1 ? "bank_card" : "phone", sort < 2);
		} else {
			wrong++;
			for (size_t k = 0; k < in->nspans; k++)
				if (in->spans[k].certain) {
					false_ones++;
					break;
				}
		}
	}
	print_message("  %zu of %zu found, %zu of %zu with a wrong digit taken for certain\n", got, wanted, false_ones, wrong);
	assert_true(100 * got >= 99 * wanted);
	assert_true(1000 * false_ones <= 5 * wrong);
}

/* --- no line takes long: twice as much, not four times --- */

static double
seconds_to_read(struct fixture *f, const char *unit, size_t bytes)
{
	size_t n = strlen(unit), len = bytes / n * n;
	char *text = xcalloc(len + 1, 1);
	double least = 1e9;

	for (size_t at = 0; at < len; at += n)
		memcpy(text + at, unit, n);
	for (int round = 0; round < 5; round++) {
		struct timespec a, b;
		double took;

		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
		read_resident(f, text);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
		took = (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
		least = took < least ? took : least;
	}
	free(text);
	return least;
}

static void
takes_no_longer_than_the_line(void **state)
{
	static const char *const unit[] = { "a", "1", "#", "@", "丢", "钥匙丢了", "62", "110105", "> ", "火", "路", "at the ", "救命", "12:", "，", "😀",
	    "lost ", "on", "&", "ann: " };

	for (size_t i = 0; i < sizeof unit / sizeof *unit; i++) {
		double small = seconds_to_read(*state, unit[i], 4096), large = seconds_to_read(*state, unit[i], 65536);

		/* 64 KiB are cut to 16: four times the work, and as much again for what a busy machine adds. */
		if (large > 16 * small + 0.002)
			fail_msg("64 KiB of \"%s\" take %.1f ms, 4 KiB %.1f ms", unit[i], large * 1e3, small * 1e3);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_silent_at_talk), cmocka_unit_test(sees_danger), cmocka_unit_test(understands_commands), cmocka_unit_test(finds_facts),
		cmocka_unit_test(masks_private_data), cmocka_unit_test(takes_no_longer_than_the_line),
	};

	return cmocka_run_group_tests(tests, fixture_open_learnt, fixture_close);
}
