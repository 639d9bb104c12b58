/* Matters in the database: each write once by its key, by the holder alone; what is loaded is what was written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "matter_fixture.h"

/* Nothing is written and the answer is `outcome`. */
static void
refused(struct world *w, struct store *s, const struct change *c, const char *outcome)
{
	const char *before = dump(w);
	struct answer a = { 0 };

	ASK(w, &a, store_change(s, op, T0 + MINUTE, c, &nothing));
	assert_fault(&a, FAULT_NONE);
	assert_string_equal(cell(&a, 0, 0), outcome);
	assert_string_equal(before, dump(w));
	answer_free(&a);
}

/* The matter as loaded; strings live until *a is freed. */
static struct matter_row
loaded(struct world *w, struct answer *a, long long number)
{
	struct matter_row m;

	ASK(w, a, store_load_one(&w->store, op, number));
	assert_fault(a, FAULT_NONE);
	assert_int_equal(a->op->nrows, 1);
	store_matter_row(a->op, 0, &m);
	return m;
}

static void
opening_is_taken_once(void **state)
{
	struct world *w = *state;
	struct opening o = bag(w, "k1");
	struct effects e = two_lines("k1");
	struct answer a = { 0 }, b = { 0 };
	struct matter_row m;
	struct outbox_row line;
	struct due_row due;

	TWICE(w, &a, &b, store_open(&w->store, op, T0, &o, &e));
	assert_string_equal(cell(&a, 0, 0), "done");
	assert_string_equal(cell(&b, 0, 0), "again");
	assert_int_equal(cell_num(cell(&b, 0, 1)), cell_num(cell(&a, 0, 1)));
	assert_true(cell_num(cell(&a, 0, 1)) > 0);

	ASK(w, &b, store_load_open(&w->store, op));
	assert_int_equal(b.op->nrows, 1);
	store_matter_row(b.op, 0, &m);
	assert_int_equal(m.number, cell_num(cell(&a, 0, 1)));
	assert_int_equal(m.room, o.room);
	assert_string_equal(m.kind, "lost_item");
	assert_string_equal(m.state, "open");
	assert_string_equal(m.way, "room");
	assert_false(m.addressed);
	assert_false(m.is_private);
	assert_false(m.urgent);
	assert_true(m.late);
	assert_string_equal(m.asker, "ann@example.org");
	assert_string_equal(m.nick, o.nick);
	assert_string_equal(m.source, "k1");
	assert_int_equal(m.sent, T0 - MINUTE);
	assert_int_equal(m.recorded, T0);
	assert_int_equal(m.taken_by, 0);
	assert_null(m.answered);
	assert_int_equal(m.first_answer, 0);
	assert_string_equal(m.text, o.text);
	assert_string_equal(m.said, "k1-1 k1-2");
	assert_true(m.spoken);
	assert_string_equal(sql(w, "SELECT string_agg(text, '|' ORDER BY id) FROM request_text WHERE role = 'file'"),
	    "https://example.org/a \"1\".jpg|https://example.org/b.jpg");
	assert_string_equal(sql(w, "SELECT e.digest = sha256(t.salt || convert_to(t.text, 'UTF8')) AND length(t.salt) = 16 "
	    "FROM request_event e JOIN request_text t USING (request) WHERE t.role = 'asked'"), "t");

	ASK(w, &b, store_load_outbox(&w->store, op));
	assert_int_equal(b.op->nrows, 2);
	store_outbox_row(b.op, 0, &line);
	assert_string_equal(line.id, "k1-1");
	assert_int_equal(line.room, o.room);
	assert_int_equal(line.request, m.number);
	assert_string_equal(line.way, "room");
	assert_null(line.to);
	assert_string_equal(line.body, sql(w, "SELECT E'安: #%lld {\"a\"}\\n\\\\'", (long long)cell_num(cell(&a, 0, 1))));
	assert_string_equal(line.lang, "zh-Hans");
	assert_string_equal(line.reply_to, "src");
	assert_string_equal(line.purpose, "ack");
	assert_true(line.unasked);
	assert_false(line.sent);
	assert_int_equal(line.created, T0);
	store_outbox_row(b.op, 1, &line);
	assert_string_equal(line.to, "ann@example.org");
	assert_null(line.reply_to);
	assert_false(line.unasked);

	ASK(w, &b, store_claim_due(&w->store, op, T0 + 4 * MINUTE, 10));
	assert_int_equal(b.op->nrows, 1);
	store_due_row(b.op, 0, &due);
	assert_string_equal(due.what, "grace");
	assert_int_equal(due.at, T0 + 3 * MINUTE);
	chain_holds(w);
	answer_free(&a);
	answer_free(&b);
}

/* The least that can be opened: by staff, from a line without an id, an address, a nickname. */
static void
opening_needs_little(void **state)
{
	struct world *w = *state;
	struct opening o = { .room = room(w, "hill2"), .key = "k", .kind = "other_service", .band = "hand", .way = "private", .addressed = true,
		.is_private = true, .urgent = true, .sent = T0, .role = "staff", .staff = staff(w, "may") };
	struct answer a = { 0 }, b = { 0 };
	struct matter_row m;

	TWICE(w, &a, &b, store_open(&w->store, op, T0, &o, &nothing));
	m = loaded(w, &b, cell_num(cell(&a, 0, 1)));
	assert_true(m.addressed && m.is_private && m.urgent && !m.late && !m.spoken);
	assert_null(m.asker);
	assert_null(m.nick);
	assert_null(m.source);
	assert_null(m.text);
	assert_null(m.said);
	assert_string_equal(sql(w, "SELECT role || ' ' || (staff = %d) FROM request_event", o.staff), "staff true");
	assert_string_equal(sql(w, "SELECT count(*) FROM request_text"), "0");
	assert_string_equal(sql(w, "SELECT count(*) FROM person"), "0");
	answer_free(&a);
	answer_free(&b);
}

static void
only_the_holder_writes(void **state)
{
	struct world *w = *state;
	long long n = opened(w, "k1", &nothing);
	struct store older = w->store, other = w->store;
	struct opening o = bag(w, "k2");
	struct effects e = two_lines("k2");
	struct change c = change_of(w, "k3", n, "taken", "taken");
	struct store *wrong[] = { &older, &other };
	struct answer a = { 0 };
	const char *before;
	size_t i;

	older.epoch--;
	other.process++;
	before = dump(w);
	for (i = 0; i < 2; i++) {
		ASK(w, &a, store_open(wrong[i], op, T0, &o, &e));
		assert_string_equal(cell(&a, 0, 0), "lost");
		refused(w, wrong[i], &c, "lost");
		ASK(w, &a, store_say(wrong[i], op, T0, o.room, "k4", n, &e));
		assert_string_equal(cell(&a, 0, 0), "lost");
		ASK(w, &a, store_load_open(wrong[i], op));
		assert_int_equal(a.op->nrows, 0);
		ASK(w, &a, store_load_outbox(wrong[i], op));
		assert_int_equal(a.op->nrows, 0);
	}
	assert_string_equal(before, dump(w));
	changes(w, &c, &nothing);	/* the key is free for the holder */
	answer_free(&a);
}

static void
a_change_that_no_longer_fits(void **state)
{
	static const char *const only_open[] = { "open", NULL }, *const none[] = { NULL };
	struct world *w = *state;
	long long n = opened(w, "k1", &nothing);
	struct change c = change_of(w, "k2", n, "taken", "taken");

	c.from = none;
	refused(w, &w->store, &c, "clash");
	c.from = only_open;
	changes(w, &c, &nothing);
	c.key = "k3";
	refused(w, &w->store, &c, "clash");
	c.number = n + 1000;
	refused(w, &w->store, &c, "absent");
	c.number = n;
	c.room = room(w, "hill2");
	refused(w, &w->store, &c, "absent");	/* it is not a matter of that room */
	c.room = room(w, "gate4");
	c.from = any_open;
	changes(w, &c, &nothing);		/* a clash does not use up its key */
}

static void
what_changes_say(void **state)
{
	struct world *w = *state;
	long long n = opened(w, "k1", &nothing);
	struct change c = change_of(w, "c1", n, "assigned", "taken");
	struct effects e = two_lines("c1");
	struct answer a = { 0 };
	struct matter_row m;

	c.target = staff(w, "may");
	e.undue[0] = "weak";
	changes(w, &c, &e);
	m = loaded(w, &a, n);
	assert_string_equal(m.state, "taken");
	assert_int_equal(m.taken_by, c.target);
	assert_string_equal(m.said, "c1-1 c1-2");

	c = change_of(w, "c2", n, "asked", "asking");
	c.text_role = "question";
	c.text = "What colour?";
	changes(w, &c, &nothing);
	assert_int_equal(loaded(w, &a, n).asked_at, T0 + MINUTE);

	c = change_of(w, "c3", n, "added", "taken");
	c.role = "resident";
	c.staff = 0;
	c.person = "ann@example.org";
	c.text_role = "corrected";
	c.text = "A red one. 红色";
	c.links = links;
	changes(w, &c, &nothing);
	m = loaded(w, &a, n);
	assert_int_equal(m.asked_at, 0);
	assert_string_equal(m.text, c.text);
	assert_string_equal(sql(w, "SELECT count(*) FROM request_text WHERE role = 'file'"), "4");

	c = change_of(w, "c4", n, "answered", "answered");
	c.strength = "weak";
	c.source = "stanza-9";
	e = (struct effects){ .undue = { "grace" } };
	changes(w, &c, &e);
	m = loaded(w, &a, n);
	assert_string_equal(m.answered, "weak");
	assert_int_equal(m.first_answer, 0);
	assert_int_equal(m.answered_by, staff(w, "bao"));
	assert_string_equal(m.answer_source, "stanza-9");
	assert_string_equal(sql(w, "SELECT string_agg(what, ' ') FROM due"), "close");

	c = change_of(w, "c5", n, "confirmed", NULL);
	c.at = T0 + 5 * MINUTE;
	changes(w, &c, &nothing);
	m = loaded(w, &a, n);
	assert_string_equal(m.answered, "strong");
	assert_int_equal(m.first_answer, T0 + MINUTE);	/* when it was given, not when it was confirmed */

	c = change_of(w, "c6", n, "rated", NULL);
	c.rating = 5;
	c.role = "resident";
	c.staff = 0;
	c.person = "ann@example.org";
	changes(w, &c, &nothing);
	assert_int_equal(loaded(w, &a, n).rating, 5);

	c = change_of(w, "c7", n, "kind", NULL);
	c.detail = "enquiry";
	changes(w, &c, &nothing);
	assert_string_equal(loaded(w, &a, n).kind, "enquiry");

	c = change_of(w, "c8", n, "answered", "answered");
	c.strength = "strong";
	c.staff = staff(w, "may");
	c.released = staff(w, "bao");
	c.text_role = "answer";
	c.text = "It is here.";
	changes(w, &c, &nothing);
	assert_string_equal(sql(w, "SELECT (staff = %d AND released_by = %d)::text FROM request_event ORDER BY seq DESC LIMIT 1",
	    c.staff, c.released), "true");

	c = change_of(w, "c9", n, "closed", "closed");
	c.detail = "thanks";
	changes(w, &c, &nothing);
	assert_string_equal(loaded(w, &a, n).state, "closed");
	assert_string_equal(sql(w, "SELECT closed_how FROM request"), "thanks");
	assert_string_equal(sql(w, "SELECT count(*) FROM due"), "0");
	ASK(w, &a, store_load_open(&w->store, op));
	assert_int_equal(a.op->nrows, 0);
	assert_string_equal(sql(w, "SELECT string_agg(what, ' ' ORDER BY seq) FROM request_event"),
	    "opened assigned asked added answered confirmed rated kind answered closed");
	assert_string_equal(sql(w, "SELECT count(*) FROM request_event e WHERE e::text ~* 'ann|red one|colour|书包|红色'"), "0");
	chain_holds(w);
	answer_free(&a);
}

/* The room that dropped two of the desk's unasked matters within a week is no longer spoken to unasked. */
static void
two_wrong_lines_restrain(void **state)
{
	static const char *const keys[] = { "k1", "k2", "k3" }, *const drops[] = { "d1", "d2", "d3" };
	static const char *const restrained[] = { "f", "t", "f" };
	struct world *w = *state;
	struct answer a = { 0 };
	int i;

	for (i = 0; i < 3; i++) {
		struct effects e = two_lines(keys[i]);
		struct change c = change_of(w, drops[i], opened(w, keys[i], &e), "dropped", "dropped");

		ASK(w, &a, store_change(&w->store, op, T0 + MINUTE, &c, &nothing));
		assert_string_equal(cell(&a, 0, 0), "done");
		assert_string_equal(cell(&a, 0, 1), restrained[i]);
		assert_string_equal(sql(w, "SELECT mode FROM room WHERE code = 'gate4'"), i == 0 ? "normal" : "addressed");
	}
	assert_string_equal(sql(w, "SELECT string_agg(mode, ' ') FROM room WHERE code <> 'gate4'"), "normal normal");
	answer_free(&a);
}

static void
undoing(void **state)
{
	static const char *const closed[] = { "closed", NULL };
	struct world *w = *state;
	long long n = opened(w, "k1", &nothing);
	struct change c = change_of(w, "c1", n, "taken", "taken");
	struct answer a = { 0 };
	const char *before;

	changes(w, &c, &nothing);
	before = sql(w, "SELECT (to_jsonb(q) - '{prior,prior_by,prior_at}'::text[])::text FROM request q");
	c = change_of(w, "c2", n, "closed", "closed");
	changes(w, &c, &nothing);
	assert_string_equal(sql(w, "SELECT erase_after = (SELECT max(erase_after) FROM request_text) AND erase_after < '2027-01-01' FROM request"), "t");

	c = change_of(w, "c3", n, "undone", NULL);
	c.from = closed;
	c.staff = staff(w, "may");
	refused(w, &w->store, &c, "clash");	/* it is Bao's to undo */
	c.staff = staff(w, "bao");
	changes_at(w, &c, &nothing, T0 + 2 * MINUTE);
	assert_string_equal(sql(w, "SELECT (to_jsonb(q) - '{prior,prior_by,prior_at,erase_after}'::text[])::text FROM request q"),
	    sql(w, "SELECT ('%s'::jsonb - 'erase_after')::text", before));
	/* Open again, its words are kept as those of an open matter. */
	assert_string_equal(sql(w, "SELECT erase_after > '2027-12-01' AND (SELECT min(erase_after) FROM request_text) = erase_after FROM request"), "t");
	c.key = "c4";
	c.from = any_open;
	refused(w, &w->store, &c, "clash");	/* there is one step back */

	c = change_of(w, "c5", n, "closed", "closed");
	changes(w, &c, &nothing);
	c = change_of(w, "c6", n, "undone", NULL);
	c.from = closed;
	ASK(w, &a, store_change(&w->store, op, T0 + 12 * MINUTE, &c, &nothing));
	assert_string_equal(cell(&a, 0, 0), "clash");	/* too late */

	c = change_of(w, "c7", n, "reopened", "open");
	c.from = closed;
	c.role = "resident";
	c.staff = 0;
	changes(w, &c, &nothing);
	assert_string_equal(sql(w, "SELECT reopened = 1 AND closed_at IS NULL AND closed_how IS NULL AND erase_after > '2027-12-01' FROM request"), "t");
	chain_holds(w);
	answer_free(&a);
}

static void
saying_is_taken_once(void **state)
{
	struct world *w = *state;
	long long n = opened(w, "k1", &nothing);
	struct effects e = two_lines("s1");
	struct answer a = { 0 }, b = { 0 };

	TWICE(w, &a, &b, store_say(&w->store, op, T0, room(w, "gate4"), "s1", n, &e));
	assert_string_equal(cell(&a, 0, 0), "done");
	assert_string_equal(cell(&b, 0, 0), "again");
	assert_string_equal(sql(w, "SELECT string_agg(what, ' ' ORDER BY what) FROM due"), "close grace");
	e = (struct effects){ .undue = { "*" }, .later = { { "weak", T0 } }, .nlater = 1 };
	TWICE(w, &a, &b, store_say(&w->store, op, T0, room(w, "gate4"), "s2", n, &e));
	assert_string_equal(sql(w, "SELECT string_agg(what, ' ') FROM due"), "weak");

	e = (struct effects){ .nlines = 1, .line = { { "s3-1", "staff", "bao@example.org", "列表 \xef\xbf\xbc", "zh-Hans", NULL, "list", false } } };
	TWICE(w, &a, &b, store_say(&w->store, op, T0, room(w, "gate4"), "s3", 0, &e));
	assert_string_equal(cell(&b, 0, 0), "again");
	assert_string_equal(sql(w, "SELECT body || (request IS NULL) FROM outbox WHERE id = 's3-1'"), "列表 true");
	assert_string_equal(sql(w, "SELECT count(*) FROM request_event"), "1");
	answer_free(&a);
	answer_free(&b);
}

static void
matters_of_a_person(void **state)
{
	struct world *w = *state;
	long long first = opened(w, "k1", &nothing), second = opened(w, "k2", &nothing), third = opened(w, "k3", &nothing);
	struct change c = change_of(w, "c1", first, "closed", "closed");
	struct answer a = { 0 };
	struct matter_row m;

	changes(w, &c, &nothing);
	c = change_of(w, "c2", second, "dropped", "dropped");
	changes(w, &c, &nothing);
	ASK(w, &a, store_load_of_person(&w->store, op, "ann@example.org", T0));
	assert_int_equal(a.op->nrows, 2);
	store_matter_row(a.op, 0, &m);
	assert_int_equal(m.number, third);
	store_matter_row(a.op, 1, &m);
	assert_int_equal(m.number, first);
	ASK(w, &a, store_load_of_person(&w->store, op, "ann@example.org", T0 + HOUR));
	assert_int_equal(a.op->nrows, 1);
	ASK(w, &a, store_load_of_person(&w->store, op, "ann@example.org", 0));
	assert_int_equal(a.op->nrows, 1);
	ASK(w, &a, store_load_of_person(&w->store, op, "ben@example.org", T0));
	assert_int_equal(a.op->nrows, 0);
	ASK(w, &a, store_load_one(&w->store, op, third + 1000));
	assert_fault(&a, FAULT_NONE);
	assert_int_equal(a.op->nrows, 0);
	answer_free(&a);
}

/* Keys that name people are not kept as they are. */
static void
the_inbox_names_nobody(void **state)
{
	struct world *w = *state;
	struct opening o = bag(w, "ann@example.org 4711");
	struct change c;
	struct answer a = { 0 }, b = { 0 };

	TWICE(w, &a, &b, store_open(&w->store, op, T0, &o, &nothing));
	assert_string_equal(cell(&b, 0, 0), "again");
	c = change_of(w, "Ann 4712", cell_num(cell(&a, 0, 1)), "taken", "taken");
	changes(w, &c, &nothing);
	TWICE(w, &a, &b, store_say(&w->store, op, T0, o.room, "ann@example.org session", 0, &nothing));
	assert_string_equal(cell(&b, 0, 0), "again");
	TWICE(w, &a, &b, store_say(&w->store, op, T0, o.room, "2f6d-plain", 0, &nothing));
	assert_string_equal(sql(w, "SELECT count(*) || ' ' || count(*) FILTER (WHERE key ~* 'ann') || ' ' || count(*) FILTER (WHERE key = '2f6d-plain') FROM inbox"),
	    "4 0 1");
	answer_free(&a);
	answer_free(&b);
}

#define ON_HALL(test) cmocka_unit_test_setup_teardown(test, hall_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_HALL(opening_is_taken_once), ON_HALL(opening_needs_little), ON_HALL(only_the_holder_writes),
		ON_HALL(a_change_that_no_longer_fits), ON_HALL(what_changes_say), ON_HALL(two_wrong_lines_restrain), ON_HALL(undoing),
		ON_HALL(saying_is_taken_once), ON_HALL(the_inbox_names_nobody), ON_HALL(matters_of_a_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
