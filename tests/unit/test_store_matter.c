/* Matters in the database: each write once by its key, by the holder alone; what is loaded is what was written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_fixture.h"

static const char *const links[] = { "https://example.org/a \"1\".jpg", "https://example.org/b.jpg", NULL };
static const char *const any_open[] = { "open", "asking", "taken", "answered", "done", NULL };

static int
room(struct world *w, const char *code)
{
	return atoi(sql(w, "SELECT id FROM room WHERE code = '%s'", code));
}

static int
staff(struct world *w, const char *name)
{
	return atoi(sql(w, "SELECT id FROM staff WHERE address = '%s@example.org'", name));
}

static struct opening
bag(struct world *w, const char *key)
{
	return (struct opening){ .room = room(w, "gate4"), .key = key, .kind = "lost_item", .band = "sure", .way = "room", .late = true,
		.source = key, .sent = T0 - MINUTE, .asker = "ann@example.org", .nick = "安 \"Ann\"", .text = "我的\"书包\"\\丢了\n🎒",
		.links = links, .role = "resident" };
}

static struct effects
two_lines(const char *id)
{
	static char ids[2][32];
	struct effects e = { .nlines = 2, .nlater = 2 };

	snprintf(ids[0], sizeof ids[0], "%s-1", id);
	snprintf(ids[1], sizeof ids[1], "%s-2", id);
	e.line[0] = (struct line){ ids[0], "room", NULL, "安: #\xef\xbf\xbc {\"a\"}\n\\", "zh-Hans", "src", "ack", true };
	e.line[1] = (struct line){ ids[1], "desk", "ann@example.org", "您的 #\xef\xbf\xbc", "zh-Hans", NULL, "receipt", false };
	e.later[0] = (struct later){ "grace", T0 + 3 * MINUTE };
	e.later[1] = (struct later){ "close", T0 + 72 * HOUR };
	return e;
}

static const struct effects nothing;

/* Opens a matter of gate4 and gives its number. */
static long long
opened(struct world *w, const char *key, const struct effects *e)
{
	struct opening o = bag(w, key);
	struct answer a = { 0 };
	long long n;

	ASK(w, &a, store_open(&w->store, op, T0, &o, e));
	assert_fault(&a, FAULT_NONE);
	assert_string_equal(cell(&a, 0, 0), "done");
	n = cell_num(cell(&a, 0, 1));
	answer_free(&a);
	return n;
}

static struct change
change_of(struct world *w, const char *key, long long number, const char *what, const char *to)
{
	return (struct change){ .room = room(w, "gate4"), .key = key, .number = number, .from = any_open, .what = what, .to = to,
		.at = T0 + MINUTE, .role = "staff", .staff = staff(w, "bao") };
}

/* Twice; the second must be "again". */
static void
changes_at(struct world *w, const struct change *c, const struct effects *e, instant now)
{
	struct answer a = { 0 }, b = { 0 };

	TWICE(w, &a, &b, store_change(&w->store, op, now, c, e));
	assert_string_equal(cell(&a, 0, 0), "done");
	assert_string_equal(cell(&b, 0, 0), "again");
	answer_free(&a);
	answer_free(&b);
}

static void
changes(struct world *w, const struct change *c, const struct effects *e)
{
	changes_at(w, c, e, T0 + MINUTE);
}

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
chain_holds(struct world *w)
{
	assert_string_equal(sql(w, "SELECT string_agg(c::text, ' ') FROM room r, ledger_check(r.id) c"), "");
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
	assert_string_equal(m.said, "k1-1");
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
	assert_string_equal(m.said, "c1-1");

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

/* Asked again while the first still runs on a connection that was given up: the second waits and says "again". */
static void
asked_again_while_the_first_runs(void **state)
{
	struct world *w = *state;
	long long n = opened(w, "k1", &nothing);
	struct change c = change_of(w, "c1", n, "taken", "taken");
	struct opening o = bag(w, "k2");
	struct answer a = { 0 }, b = { 0 };
	struct op *op;

	sql(w, "BEGIN");
	sql(w, "SELECT request_change(%d, %lld, now(), %d, 'c1', %lld, '{open}', 'taken', '', 'taken', NULL, now(), 'staff', %d, NULL, NULL, "
	    "NULL, NULL, NULL, NULL, NULL, '{}', '', '[]', '[]', '{}')", w->store.process, w->store.epoch, c.room, n, c.staff);
	sql(w, "SELECT request_open(%d, %lld, now(), %d, 'k2', 'x', 'sure', 'room', false, false, false, false, NULL, now(), "
	    "NULL, NULL, NULL, '{}', '', 'resident', NULL, '[]', '[]')", w->store.process, w->store.epoch, c.room);
	op = ask_op(w, &a);
	store_change(&w->store, op, T0, &c, &nothing);
	op = ask_op(w, &b);
	store_open(&w->store, op, T0, &o, &nothing);
	UNTIL(w, sql(w, "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")[0]);
	sql(w, "COMMIT");
	UNTIL(w, a.done && b.done);
	assert_fault(&a, FAULT_NONE);
	assert_string_equal(cell(&a, 0, 0), "again");
	assert_fault(&b, FAULT_NONE);
	assert_string_equal(cell(&b, 0, 0), "again");
	chain_holds(w);
	answer_free(&a);
	answer_free(&b);
}

/* A write that began under the older holder and waits while a newer hall takes the room is lost. */
static void
a_newer_hall_takes_the_room_meanwhile(void **state)
{
	struct world *w = *state;
	long long n = opened(w, "k1", &nothing);
	struct change c = change_of(w, "c1", n, "taken", "taken");
	struct effects e = two_lines("s");
	struct answer a = { 0 }, b = { 0 };
	struct op *op;

	sql(w, "BEGIN");
	sql(w, "SELECT hall_start('hall.example.org', 'there', 1, 'test', now())");
	op = ask_op(w, &a);
	store_change(&w->store, op, T0, &c, &nothing);
	op = ask_op(w, &b);
	store_say(&w->store, op, T0, c.room, "s", n, &e);
	UNTIL(w, sql(w, "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")[0]);
	sql(w, "COMMIT");
	UNTIL(w, a.done && b.done);
	assert_string_equal(cell(&a, 0, 0), "lost");
	assert_string_equal(cell(&b, 0, 0), "lost");
	assert_string_equal(sql(w, "SELECT count(*) FROM request_event"), "1");
	assert_string_equal(sql(w, "SELECT count(*) FROM outbox"), "0");
	answer_free(&a);
	answer_free(&b);
}

/* Many at once and the chain of each room holds; then somebody changes what was written. */
static void
the_ledger(void **state)
{
	enum { N = 300 };
	struct answer *a = xcalloc(2 * N, sizeof *a);
	struct world *w = *state;
	int i;

	for (i = 0; i < N; i++) {
		char key[16];
		struct opening o;

		snprintf(key, sizeof key, "k%d", i);
		o = bag(w, key);
		o.room = room(w, i % 3 ? "gate4" : "hill2");
		store_open(&w->store, ask_op(w, &a[2 * i]), T0 + i, &o, &nothing);
		store_open(&w->store, ask_op(w, &a[2 * i + 1]), T0 + i, &o, &nothing);
	}
	for (i = 0; i < 2 * N; i++) {
		UNTIL(w, a[i].done > 0);
		assert_fault(&a[i], FAULT_NONE);
		assert_string_equal(cell(&a[i], 0, 0), i % 2 ? "again" : "done");
		answer_free(&a[i]);
	}
	free(a);
	assert_string_equal(sql(w, "SELECT count(DISTINCT number) FROM request"), "300");
	chain_holds(w);

	sql(w, "ALTER TABLE request_event DISABLE TRIGGER USER");
	sql(w, "BEGIN; UPDATE request_event SET recorded = recorded + interval '1 s' WHERE seq = 7 AND room_id = %d", room(w, "gate4"));
	assert_string_equal(sql(w, "SELECT string_agg(c::text, ' ') FROM room r, ledger_check(r.id) c"), "(7,\"row changed\")");
	sql(w, "ROLLBACK; BEGIN; DELETE FROM request_event WHERE seq > 98 AND room_id = %d", room(w, "hill2"));
	assert_string_equal(sql(w, "SELECT string_agg(c::text, ' ') FROM room r, ledger_check(r.id) c"), "(100,\"end missing\")");
	sql(w, "ROLLBACK; BEGIN; DELETE FROM request_event WHERE room_id = %d", room(w, "hill2"));
	assert_string_equal(sql(w, "SELECT string_agg(c::text, ' ') FROM room r, ledger_check(r.id) c"), "(100,\"end missing\")");
	sql(w, "ROLLBACK");
	chain_holds(w);
}

/* Waits, without reading, until no statement runs in this database. */
#define UNTIL_QUIET(w) do { \
	while (sql((w), "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'")[0]) \
		; \
} while (0)

/* The connection dies again and again under the writes, and each is asked by its key until it is answered: all happen once. */
static void
each_once_through_losses(void **state)
{
	enum { N = 400, LOSSES = 8 };
	struct answer *a = xcalloc(N, sizeof *a);
	struct world *w = *state;
	int room_ = room(w, "gate4"), left = N, losses = 0, unsure = 0, again = 0, i;
	bool *settled = xcalloc(N, sizeof *settled);
	char key[16], line[24];

	while (left > 0) {
		int asked = 0;

		for (i = 0; i < N && asked < 100 && db_up(w->db); i++) {
			struct opening o = { .room = room_, .kind = "lost_item", .band = "sure", .way = "room", .sent = T0, .text = "x", .role = "resident" };
			struct effects e = { .nlines = 1 };

			if (settled[i])
				continue;
			snprintf(key, sizeof key, "k%d", i);
			snprintf(line, sizeof line, "l%d", i);
			o.key = key;
			e.line[0] = (struct line){ line, "room", NULL, "x", "en", NULL, "ack", true };
			store_open(&w->store, ask_op(w, &a[i]), T0 + i, &o, &e);
			asked++;
		}
		if (asked > 0 && losses < LOSSES && losses % 2) {
			/* Sent and carried out, and the answers never read: the hall ends and begins anew. */
			world_turn(w, 0.01);
			UNTIL_QUIET(w);
			db_free(&w->db);
			w->up = w->held = false;
			world_open(w, true);
			w->store.db = w->db;
			losses++;
		} else if (asked > 0 && losses < LOSSES) {
			world_turn(w, 0.01);	/* sent, and perhaps some answered */
			sql(w, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
			    "AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')");
			losses++;
		}
		for (i = 0; i < N; i++) {
			if (a[i].op == NULL)
				continue;
			UNTIL(w, a[i].done > 0);
			assert_int_equal(a[i].done, 1);
			unsure += a[i].err.fault == FAULT_UNSURE;
			if (a[i].err.fault == FAULT_NONE) {
				again += strcmp(cell(&a[i], 0, 0), "again") == 0;
				settled[i] = true;
				left--;
			} else
				assert_true(a[i].err.fault == FAULT_UNSURE || a[i].err.fault == FAULT_BUSY);
			answer_free(&a[i]);
		}
		UNTIL(w, db_up(w->db));
	}
	assert_int_equal(losses, LOSSES);
	assert_true(unsure > again && again >= LOSSES / 2);
	assert_string_equal(sql(w, "SELECT concat_ws(' ', (SELECT count(*) FROM request), (SELECT count(*) FROM inbox), (SELECT count(*) FROM outbox), "
	    "(SELECT count(*) FROM request_text), (SELECT count(*) FROM request_event), (SELECT head_seq FROM room WHERE code = 'gate4'))"),
	    "400 400 400 400 400 400");
	chain_holds(w);
	free(settled);
	free(a);
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
		ON_HALL(asked_again_while_the_first_runs), ON_HALL(a_newer_hall_takes_the_room_meanwhile), ON_HALL(the_ledger), ON_HALL(each_once_through_losses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
