/* What a hall loads and says about itself, and what it erases. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store_fixture.h"

static const struct effects nothing;

static int
room(struct world *w, const char *code)
{
	return atoi(sql(w, "SELECT id FROM room WHERE code = '%s'", code));
}

static long long
opened(struct world *w, const char *code, const char *key, const struct effects *e)
{
	struct opening o = { .room = room(w, code), .key = key, .kind = "lost_item", .band = "sure", .way = "room", .source = key,
		.sent = T0, .asker = "ann@example.org", .nick = "Ann", .text = "my schoolbag", .role = "resident" };
	struct answer a = { 0 };
	long long n;

	ASK(w, &a, store_open(&w->store, op, T0, &o, e));
	assert_string_equal(cell(&a, 0, 0), "done");
	n = cell_num(cell(&a, 0, 1));
	answer_free(&a);
	return n;
}

static void
starting(void **state)
{
	struct world *w = *state;
	struct store older = w->store, newer = w->store;
	struct process_row row = { .stream = "up", .note = "", .rooms = 2, .live = 2, .generation = 1 };
	struct answer a = { 0 }, b = { 0 };
	const char *before;

	assert_string_equal(sql(w, "SELECT component || ' ' || pid || ' ' || version || ' ' || stream FROM process"),
	    sql(w, "SELECT 'hall.example.org %d test down'", (int)getpid()));
	ASK(w, &a, store_start(&w->store, op, "hall.example.org", "test", T0 + MINUTE));
	assert_fault(&a, FAULT_NONE);
	newer.process = (int)cell_num(cell(&a, 0, 0));
	newer.epoch = cell_num(cell(&a, 0, 1));
	assert_true(newer.process != older.process && newer.epoch > older.epoch);
	ASK(w, &b, store_load_rooms(&older, op, T0));
	assert_int_equal(b.op->nrows, 0);
	ASK(w, &b, store_load_rooms(&newer, op, T0));
	assert_int_equal(b.op->nrows, 2);

	/* The older, which does not know it yet: it neither says that it runs nor takes a room back. */
	before = dump(w);
	ASK(w, &a, store_renew(&older, op, T0 + 2 * MINUTE, &row));
	assert_fault(&a, FAULT_NONE);
	assert_string_equal(cell(&a, 0, 0), "1");
	ASK(w, &a, store_adopt_rooms(&older, op));
	assert_fault(&a, FAULT_NONE);
	assert_string_equal(before, dump(w));
	answer_free(&a);
	answer_free(&b);
}

static void
renewing(void **state)
{
	struct world *w = *state;
	struct process_row row = { .stream = "connecting", .note = "密码 is wrong", .rooms = 2, .live = 1, .generation = 5 };
	struct answer a = { 0 }, b = { 0 };

	TWICE(w, &a, &b, store_renew(&w->store, op, T0 + MINUTE, &row));
	assert_string_equal(cell(&a, 0, 0), "1");
	assert_string_equal(sql(w, "SELECT stream || '|' || stream_note || '|' || rooms || rooms_live || generation || (ended IS NULL) || "
	    "(renewed = '2026-11-23 09:01Z') FROM process"), "connecting|密码 is wrong|215truetrue");
	sql(w, "SELECT generation_raise()");
	row.ended = true;
	TWICE(w, &a, &b, store_renew(&w->store, op, T0 + 2 * MINUTE, &row));
	assert_string_equal(cell(&a, 0, 0), "2");
	assert_string_equal(cell(&b, 0, 0), "2");
	assert_string_equal(sql(w, "SELECT ended = '2026-11-23 09:02Z' FROM process"), "t");
	answer_free(&a);
	answer_free(&b);
}

static void
rooms(void **state)
{
	struct world *w = *state;
	struct effects e = { .nlines = 2, .line = { { "u1", "room", NULL, "x", "en", NULL, "ack", true }, { "d1", "desk", "ann@example.org", "x", "en", NULL, "ack", true } } };
	struct effects f = { .nlines = 2, .line = { { "u2", "room", NULL, "x", "en", NULL, "ack", true }, { "a1", "room", NULL, "x", "en", NULL, "ack", false } } };
	struct answer a = { 0 }, b = { 0 };
	struct room_row r;
	char times[64];

	opened(w, "gate4", "k1", &e);
	ASK(w, &a, store_say(&w->store, op, T0 + MINUTE, room(w, "gate4"), "k2", 0, &f));
	ASK(w, &a, store_load_rooms(&w->store, op, T0 + HOUR));
	assert_fault(&a, FAULT_NONE);
	assert_int_equal(a.op->nrows, 2);
	store_room_row(a.op, 0, &r);
	assert_string_equal(r.code, "gate4");
	assert_int_equal(r.id, room(w, "gate4"));
	assert_string_equal(r.title, "Gate 4");
	assert_string_equal(r.lang, "zh-Hans");
	assert_string_equal(r.mode, "normal");
	assert_string_equal(r.zone, "Asia/Shanghai");
	assert_string_equal(r.emergency, "police=110");
	assert_string_equal(r.unit_name, "庐镇派出所");
	assert_int_equal(r.officer, atoi(sql(w, "SELECT id FROM staff WHERE role = 'officer'")));
	assert_int_equal(r.unit, atoi(sql(w, "SELECT id FROM unit WHERE code = 'north'")));
	assert_null(r.cursor);
	assert_int_equal(r.cursor_at, 0);
	assert_false(r.ended);
	snprintf(times, sizeof times, "%lld %lld", (long long)T0, (long long)(T0 + MINUTE));
	assert_string_equal(r.unasked, times);
	store_room_row(a.op, 1, &r);
	assert_string_equal(r.code, "hill2");
	assert_int_equal(r.officer, 0);
	assert_null(r.unasked);
	ASK(w, &a, store_load_rooms(&w->store, op, T0 + DAY + 30 * USEC));
	store_room_row(a.op, 0, &r);
	assert_string_equal(r.unasked, times + 17);	/* the older one is more than a day ago */

	/* An import adds one and ends another. */
	sql(w, "INSERT INTO room (code, unit_id, title) SELECT 'alley', unit_id, 'Alley' FROM room WHERE code = 'hill2'");
	sql(w, "UPDATE room SET ended = '2026-11-23' WHERE code = 'hill2'");
	ASK(w, &a, store_load_rooms(&w->store, op, T0));
	assert_int_equal(a.op->nrows, 1);
	TWICE(w, &a, &b, store_adopt_rooms(&w->store, op));
	ASK(w, &a, store_load_rooms(&w->store, op, T0));
	assert_int_equal(a.op->nrows, 2);
	store_room_row(a.op, 0, &r);
	assert_string_equal(r.code, "alley");
	answer_free(&a);
	answer_free(&b);
}

static void
staff_in_office(void **state)
{
	struct world *w = *state;
	struct answer a = { 0 };
	struct staff_row s;

	ASK(w, &a, store_load_staff(&w->store, op, T0));
	assert_int_equal(a.op->nrows, 2);
	store_staff_row(a.op, 0, &s);
	assert_string_equal(s.address, "bao@example.org");
	assert_string_equal(s.role, "officer");
	assert_string_equal(s.name, "鲍国");
	assert_string_equal(s.nick, "Bao");
	assert_string_equal(s.rooms, sql(w, "SELECT id FROM room WHERE code = 'gate4'"));	/* those of the unit and below */
	store_staff_row(a.op, 1, &s);
	assert_string_equal(s.address, "may@example.org");
	assert_string_equal(s.rooms, sql(w, "SELECT id FROM room WHERE code = 'gate4'"));	/* the one that is named */
	ASK(w, &a, store_load_staff(&w->store, op, T0 - DAY));
	assert_int_equal(a.op->nrows, 3);
	store_staff_row(a.op, 2, &s);
	assert_string_equal(s.address, "old@example.org");
	/* The county's leader has all its rooms; their last day ends by their own clock, 16:00 UTC. */
	assert_string_equal(s.rooms, sql(w, "SELECT string_agg(id::text, ' ') FROM room WHERE ended IS NULL"));
	ASK(w, &a, store_load_staff(&w->store, op, T0 - 17 * HOUR - 1));
	assert_int_equal(a.op->nrows, 3);
	ASK(w, &a, store_load_staff(&w->store, op, T0 - 17 * HOUR));
	assert_int_equal(a.op->nrows, 2);
	answer_free(&a);
}

static void
kinds_hours_and_zones(void **state)
{
	struct world *w = *state;
	struct answer a = { 0 };

	ASK(w, &a, store_load_kinds(&w->store, op));
	assert_int_equal(a.op->nrows, 1);
	assert_string_equal(cell(&a, 0, 0), "lost_item");
	assert_string_equal(cell(&a, 0, 1), "code = lost_item");

	/* Monday 17:00 in Shanghai: from Sunday on, 08:30-12:00 there on weekdays. */
	ASK(w, &a, store_load_spans(&w->store, op, T0, 2));
	assert_int_equal(a.op->nrows, 3);
	assert_int_equal(cell_num(cell(&a, 0, 0)), atoi(sql(w, "SELECT id FROM unit WHERE code = 'north'")));
	assert_int_equal(cell_instant(cell(&a, 0, 1)), T0 - 8 * HOUR - 30 * MINUTE);
	assert_int_equal(cell_instant(cell(&a, 0, 2)), T0 - 5 * HOUR);
	assert_int_equal(cell_instant(cell(&a, 2, 1)), T0 - 8 * HOUR - 30 * MINUTE + 2 * DAY);

	ASK(w, &a, store_load_zones(&w->store, op, T0, 30));
	assert_int_equal(a.op->nrows, 1);
	assert_string_equal(cell(&a, 0, 0), "Asia/Shanghai");
	assert_true(cell_instant(cell(&a, 0, 1)) <= T0 - DAY);
	assert_int_equal(cell_num(cell(&a, 0, 2)), 8 * 3600);
	/* A zone with summer time has both its offsets. */
	sql(w, "UPDATE unit SET zone = 'Europe/Berlin'");
	ASK(w, &a, store_load_zones(&w->store, op, T0, 180));
	assert_int_equal(a.op->nrows, 2);
	assert_int_equal(cell_num(cell(&a, 0, 2)), 3600);
	assert_int_equal(cell_num(cell(&a, 1, 2)), 7200);
	assert_int_equal(cell_instant(cell(&a, 1, 1)), cell_instant(sql(w, "SELECT extract(epoch FROM '2027-03-28 01:00Z'::timestamptz)::bigint * 1000000")));
	answer_free(&a);
}

static void
cursors_and_modes(void **state)
{
	struct world *w = *state;
	const char *rooms_[3] = { sql(w, "SELECT id FROM room WHERE code = 'gate4'"), sql(w, "SELECT id FROM room WHERE code = 'hill2'"), NULL };
	static const char *const cursors[] = { "2026-11-23-\"a\"", "17", NULL };
	struct store older = w->store;
	struct answer a = { 0 }, b = { 0 };
	struct room_row r;
	const char *before;

	TWICE(w, &a, &b, store_cursors(&w->store, op, T0, rooms_, cursors));
	TWICE(w, &a, &b, store_mode(&w->store, op, room(w, "hill2"), "listen"));
	assert_string_equal(cell(&a, 0, 0), "listen");
	assert_string_equal(cell(&b, 0, 0), "listen");
	ASK(w, &a, store_load_rooms(&w->store, op, T0));
	store_room_row(a.op, 0, &r);
	assert_string_equal(r.cursor, cursors[0]);
	assert_int_equal(r.cursor_at, T0);
	store_room_row(a.op, 1, &r);
	assert_string_equal(r.cursor, cursors[1]);
	assert_string_equal(r.mode, "listen");
	assert_string_equal(sql(w, "SELECT string_agg(mode_by_hand::text, ' ' ORDER BY code) FROM room WHERE ended IS NULL"), "false true");

	older.epoch--;
	before = dump(w);
	ASK(w, &a, store_cursors(&older, op, T0 + 1, rooms_, cursors));
	ASK(w, &a, store_mode(&older, op, room(w, "hill2"), "normal"));
	assert_int_equal(a.op->nrows, 0);
	assert_string_equal(before, dump(w));
	ASK(w, &a, store_mode(&w->store, op, room(w, "hill2"), "loud"));
	assert_fault(&a, FAULT_BUG);
	answer_free(&a);
	answer_free(&b);
}

static void
preferences(void **state)
{
	static const unsigned char digest[32] = { 1, 0, 255 }, fresh[16] = { 7, 0, 7 }, other[16] = { 9 };
	struct world *w = *state;
	struct answer a = { 0 }, b = { 0 };

	TWICE(w, &a, &b, store_preference_salt(&w->store, op, fresh));
	assert_string_equal(cell(&a, 0, 0), "07000700000000000000000000000000");
	ASK(w, &b, store_preference_salt(&w->store, op, other));
	assert_string_equal(cell(&b, 0, 0), cell(&a, 0, 0));	/* once made, it stays */

	TWICE(w, &a, &b, store_preference(&w->store, op, T0, digest, true, "zh-Hant", 1, T0));
	TWICE(w, &a, &b, store_preference(&w->store, op, T0 + DAY, digest, false, NULL, 2, 0));
	ASK(w, &a, store_load_preferences(&w->store, op));
	assert_int_equal(a.op->nrows, 1);
	assert_string_equal(cell(&a, 0, 0), "0100ff0000000000000000000000000000000000000000000000000000000000");
	assert_false(cell_bool(cell(&a, 0, 1)));
	assert_string_equal(cell(&a, 0, 2), "");
	assert_int_equal(cell_num(cell(&a, 0, 3)), 2);
	assert_int_equal(cell_instant(cell(&a, 0, 4)), T0);
	assert_string_equal(sql(w, "SELECT erase_after = '2028-11-24 09:00Z' FROM preference"), "t");
	answer_free(&a);
	answer_free(&b);
}

static void
schema_is_known(void **state)
{
	struct world *w = *state;
	struct answer a = { 0 };

	ASK(w, &a, store_schema_there(w->db, op));
	assert_true(cell_bool(cell(&a, 0, 0)));
	ASK(w, &a, store_schema_version(w->db, op));
	assert_string_equal(cell(&a, 0, 0), sql(w, "SELECT version FROM schema_version"));
	sql(w, "ALTER TABLE schema_version RENAME TO elsewhere");
	ASK(w, &a, store_schema_there(w->db, op));
	assert_false(cell_bool(cell(&a, 0, 0)));
	answer_free(&a);
}

/* Closes a matter of gate4 at T0. */
static void
closed(struct world *w, long long number, const char *key)
{
	static const char *const open[] = { "open", NULL };
	struct change c = { .room = room(w, "gate4"), .key = key, .number = number, .from = open, .what = "closed", .to = "closed", .at = T0,
		.role = "desk" };
	struct answer a = { 0 };

	ASK(w, &a, store_change(&w->store, op, T0, &c, &nothing));
	assert_string_equal(cell(&a, 0, 0), "done");
	answer_free(&a);
}

static const char *
personal(struct world *w)
{
	return sql(w, "SELECT concat_ws(' ', (SELECT count(*) FROM request_text), (SELECT count(nick) FROM request), (SELECT count(address) FROM person), "
	    "(SELECT count(*) FROM preference), (SELECT count(*) FROM outbox), (SELECT count(*) FROM outbox WHERE body <> ''), (SELECT count(*) FROM inbox))");
}

static void
erasing(void **state)
{
	static const unsigned char digest[32] = { 1 };
	struct world *w = *state;
	struct effects e1 = { .nlines = 1, .line = { { "o1", "room", NULL, "Ann: x", "en", NULL, "ack", true } } };
	struct effects e2 = { .nlines = 2, .line = { { "o2", "room", NULL, "Ann: x", "en", NULL, "ack", true }, { "o3", "desk", "ann@example.org", "x", "en", NULL, "ack", true } } };
	static const char *const ids[] = { "o1", "o2", NULL }, *const stanzas[] = { "s1", "s2", NULL };
	long long ended = opened(w, "gate4", "k1", &e1), open = opened(w, "gate4", "k2", &e2);
	struct store older = w->store;
	struct answer a = { 0 }, b = { 0 };
	struct matter_row m;
	const char *digests, *before;

	closed(w, ended, "k3");
	ASK(w, &a, store_delivered(&w->store, op, T0, ids, stanzas));
	ASK(w, &a, store_preference(&w->store, op, T0, digest, true, NULL, 0, 0));
	digests = sql(w, "SELECT string_agg(digest::text, ' ' ORDER BY seq) FROM request_event");
	assert_string_equal(personal(w), "2 2 1 1 3 3 3");
	TWICE(w, &a, &b, store_erase(&w->store, op, T0 + DAY));
	assert_string_equal(personal(w), "2 2 1 1 3 3 3");

	/* A week: the lines. What was said in the room of the open matter is remembered without its words. */
	TWICE(w, &a, &b, store_erase(&w->store, op, T0 + 8 * DAY));
	assert_string_equal(personal(w), "2 2 1 1 1 0 3");
	ASK(w, &a, store_load_one(&w->store, op, open));
	store_matter_row(a.op, 0, &m);
	assert_true(m.spoken);
	assert_string_equal(m.said, "o2 s2");

	/* A month, which is what its kind asks: the words and nickname of the matter that has ended. */
	older.epoch--;
	before = sql(w, "SELECT count(*) FROM request_event");
	ASK(w, &a, store_erase(&older, op, T0 + 31 * DAY));
	assert_string_equal(before, sql(w, "SELECT count(*) FROM request_event"));
	TWICE(w, &a, &b, store_erase(&w->store, op, T0 + 31 * DAY));
	assert_string_equal(cell(&a, 0, 0), "1");
	assert_string_equal(cell(&b, 0, 0), "0");
	assert_string_equal(personal(w), "1 1 1 1 1 0 0");
	ASK(w, &a, store_load_one(&w->store, op, ended));
	store_matter_row(a.op, 0, &m);
	assert_null(m.text);
	assert_null(m.nick);
	assert_string_equal(sql(w, "SELECT string_agg(what, ' ' ORDER BY seq) FROM request_event WHERE request = %lld", ended), "opened closed erased");
	assert_string_equal(sql(w, "SELECT string_agg(digest::text, ' ' ORDER BY seq) FROM request_event"), digests);

	/* The room ends and another hall starts: nobody holds it, and its words go all the same. */
	sql(w, "UPDATE room SET ended = '2026-12-31' WHERE code = 'gate4'");
	ASK(w, &a, store_start(&w->store, op, "hall.example.org", "test", T0 + 32 * DAY));
	w->store.process = (int)cell_num(cell(&a, 0, 0));
	w->store.epoch = cell_num(cell(&a, 0, 1));
	TWICE(w, &a, &b, store_erase(&w->store, op, T0 + 800 * DAY));
	assert_string_equal(cell(&a, 0, 0), "1");
	assert_string_equal(personal(w), "0 0 0 0 1 0 0");
	assert_string_equal(sql(w, "SELECT string_agg(digest::text, ' ' ORDER BY seq) FROM request_event"), digests);
	assert_string_equal(sql(w, "SELECT string_agg(c::text, ' ') FROM room r, ledger_check(r.id) c"), "");
	answer_free(&a);
	answer_free(&b);
}

#define ON_HALL(test) cmocka_unit_test_setup_teardown(test, hall_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_HALL(starting), ON_HALL(renewing), ON_HALL(rooms), ON_HALL(staff_in_office), ON_HALL(kinds_hours_and_zones),
		ON_HALL(cursors_and_modes), ON_HALL(preferences), ON_HALL(schema_is_known), ON_HALL(erasing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
