/* The file format of the roster, and the roster that is read from it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "ctl/csv.h"
#include "ctl/jid.h"
#include "ctl/roster.h"

static int
setup(void **state)
{
	*state = arena_new();
	return 0;
}

static int
teardown(void **state)
{
	struct arena *arena = *state;

	arena_free(&arena);
	return 0;
}

/* "1:a|b;2:c" : line, fields, next row; an error begins with "!". */
static const char *
rows(struct arena *arena, const char *csv)
{
	struct csv_row *row;
	struct buf out = { 0 };
	struct err err;
	size_t n, i, j;
	char *s;

	if (csv_parse(arena, csv, strlen(csv), &row, &n, &err) != FAULT_NONE)
		return arena_printf(arena, "!%s", err.text);
	buf_add(&out, "");
	for (i = 0; i < n; i++)
		for (j = 0; j < row[i].n; j++) {
			if (j == 0)
				buf_addf(&out, "%s%d:", i ? ";" : "", row[i].line);
			buf_addf(&out, "%s%s", j ? "|" : "", row[i].field[j]);
		}
	s = arena_strdup(arena, out.s);
	buf_free(&out);
	return s;
}

static void
reads_rows(void **state)
{
	struct arena *a = *state;

	assert_string_equal(rows(a, ""), "");
	assert_string_equal(rows(a, "\xef\xbb\xbf"), "");
	assert_string_equal(rows(a, "a,b\nc"), "1:a|b;2:c");
	assert_string_equal(rows(a, "\xef\xbb\xbf" "a,b\r\nc,d\r\n"), "1:a|b;2:c|d");
	assert_string_equal(rows(a, "a,,\n"), "1:a||");
	assert_string_equal(rows(a, "# a comment, \"with a mark\n\n  \n,,,\n  # another\na\n"), "6:a");
	assert_string_equal(rows(a, " a ,\tb c\t\n"), "1:a|b c");
	assert_string_equal(rows(a, "a,#b\n"), "1:a|#b");
	assert_string_equal(rows(a, "\"a,b\",\" c \",\"\"\n"), "1:a,b| c |");
	assert_string_equal(rows(a, "\"say \"\"hi\"\"\" , x\n"), "1:say \"hi\"|x");
	assert_string_equal(rows(a, "\"two\r\nlines\",x\nnext\n"), "1:two\nlines|x;3:next");
	assert_string_equal(rows(a, "a\"b,c\n"), "1:a\"b|c");
	assert_string_equal(rows(a, "社区,議事廳\n"), "1:社区|議事廳");
	assert_string_equal(rows(a, "a,b\r"), "1:a|b");
}

static void
refuses_what_is_no_csv(void **state)
{
	struct arena *a = *state;
	struct csv_row *row;
	struct err err;
	size_t n;

	assert_non_null(strstr(rows(a, "a\nb,\"c\n"), "!line 2: a quotation mark opens here"));
	assert_non_null(strstr(rows(a, "\"a\"b\n"), "!line 1: text after a closing"));
	assert_non_null(strstr(rows(a, "a\nb\n\xc4\xe3\n"), "!line 3: not UTF-8"));
	assert_non_null(strstr(rows(a, "\xff\xfe" "a"), "UTF-16"));
	assert_int_equal(csv_parse(a, "a\0b", 3, &row, &n, &err), FAULT_USAGE);
	assert_non_null(strstr(err.text, "zero byte"));
}

/* All faults of a roster, "2 text\n" each; "" if it is right. */
static const char *
faults(struct arena *arena, const char *csv, struct rosterfile **r_r)
{
	struct csv_row *row;
	struct rosterfile *r;
	struct err err;
	struct buf out = { 0 };
	const char *s;
	size_t n, i;

	assert_int_equal(csv_parse(arena, csv, strlen(csv), &row, &n, &err), FAULT_NONE);
	r = rosterfile_new(arena, row, n);
	roster_check(r, "hall");
	buf_add(&out, "");
	for (i = 0; i < r->nfaults; i++)
		buf_addf(&out, "%d %s\n", r->fault[i].line, r->fault[i].text);
	s = arena_strdup(arena, out.s);
	buf_free(&out);
	if (r_r != NULL)
		*r_r = r;
	else
		rosterfile_free(&r);
	return s;
}

#define UNIT "unit,u1,,station,Station,,,\n"

static void
reads_columns_by_header(void **state)
{
	struct rosterfile *r;

	assert_string_equal(faults(*state, "room,title,code,unit\nroom,The gate,gate4,u1\n"
	    "unit,name,code,kind(bureau|station|office)\nunit,Station,u1,station\n"
	    "staff,Bao@Example.ORG,u1,officer,Bao,,gate4; gate4\n", &r), "");
	assert_string_equal(roster_find(r, ROW_ROOM, "gate4")->value[ROOM_TITLE], "The gate");
	assert_string_equal(roster_find(r, ROW_ROOM, "gate4")->value[ROOM_LANG], "zh-Hans");
	assert_string_equal(roster_find(r, ROW_ROOM, "gate4")->value[ROOM_MODE], "normal");
	assert_string_equal(roster_find(r, ROW_STAFF, "bao@example.org")->list[0], "gate4");
	assert_null(roster_find(r, ROW_STAFF, "bao@example.org")->list[1]);
	assert_null(roster_find(r, ROW_STAFF, "Bao@Example.ORG"));
	rosterfile_free(&r);
}

static void
makes_json(void **state)
{
	struct rosterfile *r;
	struct buf b = { 0 };

	assert_string_equal(faults(*state, "unit,u1,,station,\"A \"\"b\"\"\",,Sat 09:00-12:00,\nroom,r1,u1,T,,a;b,,,\n", &r), "");
	roster_json(r, ROW_UNIT, &b);
	assert_string_equal(b.s, "[{\"code\":\"u1\",\"parent\":null,\"kind\":\"station\",\"name\":\"A \\\"b\\\"\",\"zone\":\"\","
	    "\"calendar\":\"Sat 09:00-12:00\",\"emergency\":\"\"}]");
	b.len = 0;
	roster_json(r, ROW_ROOM, &b);
	assert_non_null(strstr(b.s, "\"tags\":[\"a\",\"b\"]"));
	assert_non_null(strstr(b.s, "\"officer\":null"));
	b.len = 0;
	roster_json(r, ROW_KINDS, &b);
	assert_string_equal(b.s, "[{\"unit\":\"u1\",\"dow\":6,\"opens\":\"09:00\",\"closes\":\"12:00\"}]");
	buf_free(&b);
	rosterfile_free(&r);
}

static void
names_every_fault(void **state)
{
	static const struct {
		const char	*csv, *words;
	} bad[] = {
		{ "foo,1\n", "1 a row begins with unit, room or staff" },
		{ "unit,code,colour\n", "1 there is no column \"colour\"" },
		{ "unit,code,name,name\n", "1 column \"name\" is named twice" },
		{ "unit,u1,,station,Station,,,,extra\n", "1 more fields than a unit row has columns (7), from \"extra\"" },
		{ "unit,u1,,post,Station\n", "kind is \"post\"; write one of bureau, station, office" },
		{ "unit,,,station,Station\n", "no code" }, { "unit,U 1,,station,Station\n", "code \"U 1\" cannot be used" },
		{ "unit,u1,,station,\n", "no name" }, { UNIT UNIT, "2 unit u1 stands on line 1 already" },
		{ "unit,u1,u9,station,S\n", "parent is \"u9\"" },
		{ "unit,a,b,station,A\nunit,b,a,station,B\n", "2 unit b is above itself (b -> a -> b)" },
		{ "unit,a,a,station,A\n", "1 unit a is above itself (a -> a)" },
		{ "unit,u1,,station,S,,Mon 8-9,\n", "1 calendar: no hours at" },
		{ "unit,u1,,station,S,,,police=\n", "emergency is \"police=\"" }, { "unit,u1,,station,S,,,cat=5\n", "emergency is" },
		{ UNIT "room,hall,u1,T\n", "2 code \"hall\" is the staff address" }, { UNIT "room,r1,u1,\n", "no title" },
		{ UNIT "room,r1,u2,T\n", "2 unit is \"u2\"" }, { UNIT "room,r1,u1,T,,,fr\n", "lang is \"fr\"; write one of" },
		{ UNIT "room,r1,u1,T,,,en,,loud\n", "mode is \"loud\"; write one of" },
		{ UNIT "room,r1,u1,T,,,en,who@x\n", "officer is \"who@x\"" }, { UNIT "room,r1,u1,T,,,en,who\n", "officer \"who\" is no bare address" },
		{ UNIT "staff,a@x/y,u1,officer,A\n", "leave out what follows the \"/\"" }, { UNIT "staff,@x,u1,officer,A\n", "is no bare address" },
		{ UNIT "staff,a@x,u1,officer,A\nstaff,A@X,u1,officer,A\n", "3 staff a@x stands on line 2 already" },
		{ UNIT "staff,a@x,u1,boss,A\n", "role is \"boss\"; write one of officer, auxiliary" }, { UNIT "staff,a@x,u1,officer,\n", "no name" },
		{ UNIT "staff,a@x,u1,officer,A,,r1 r2\n", "rooms is \"r2\"" },
		{ UNIT "staff,a@x,u1,officer,A,,,2026-02-29\n", "from is \"2026-02-29\"" },
		{ UNIT "staff,a@x,u1,officer,A,,,,tomorrow\n", "until is \"tomorrow\"" },
		{ UNIT "staff,a@x,u1,officer,A,,,2026-02-02,2026-02-01\n", "is after until" },
	};
	size_t i;

	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		const char *got = faults(*state, bad[i].csv, NULL);

		if (strstr(got, bad[i].words) == NULL)
			fail_msg("\"%s\" gave \"%s\", expected \"%s\"", bad[i].csv, got, bad[i].words);
	}
	assert_string_equal(faults(*state, UNIT "unit,u2,u1,office,B,Asia/Shanghai,24h,police=110;fire=+86-119\n"
	    "staff,a@x,u2,officer,A,,,2024-02-29,2024-02-29\n", NULL), "");
}

static void
bounds_the_depth(void **state)
{
	struct buf csv = { 0 };
	int i;

	buf_add(&csv, "unit,a0,,station,S\n");
	for (i = 1; i <= 20; i++)
		buf_addf(&csv, "unit,a%d,a%d,station,S\n", i, i - 1);
	assert_string_equal(faults(*state, csv.s, NULL), "");
	buf_add(&csv, "unit,a21,a20,station,S\n");
	assert_non_null(strstr(faults(*state, csv.s, NULL), "22 more than 20 units above a21"));
	buf_free(&csv);
}

static void
prepares_addresses(void **state)
{
	const char *why;

	assert_string_equal(jid_prepare(*state, "Bao.Guo@Example.ORG", &why), "bao.guo@example.org");
	assert_string_equal(jid_prepare(*state, "鮑國@例子.测试", &why), "鮑國@例子.测试");
	assert_string_equal(jid_prepare(*state, "ＢＡＯ@example.org", &why), "bao@example.org");
	assert_null(jid_prepare(*state, "", &why));
	assert_null(jid_prepare(*state, "bao", &why));
	assert_null(jid_prepare(*state, "b ao@x", &why));
	assert_null(jid_prepare(*state, "bao@", &why));
	assert_null(jid_prepare(*state, "bao@x@y", &why));
	assert_null(jid_prepare(*state, "bao@x/phone", &why));
	assert_non_null(strstr(why, "bare address"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_rows, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_what_is_no_csv, setup, teardown),
		cmocka_unit_test_setup_teardown(reads_columns_by_header, setup, teardown),
		cmocka_unit_test_setup_teardown(makes_json, setup, teardown),
		cmocka_unit_test_setup_teardown(names_every_fault, setup, teardown),
		cmocka_unit_test_setup_teardown(bounds_the_depth, setup, teardown),
		cmocka_unit_test_setup_teardown(prepares_addresses, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
