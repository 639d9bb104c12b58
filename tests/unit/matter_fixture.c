#include "matter_fixture.h"

#include <stdio.h>
#include <stdlib.h>

const struct effects nothing;
const char *const links[] = { "https://example.org/a \"1\".jpg", "https://example.org/b.jpg", NULL };
const char *const any_open[] = { "open", "asking", "taken", "answered", "done", NULL };

int
room(struct world *w, const char *code)
{
	return atoi(sql(w, "SELECT id FROM room WHERE code = '%s'", code));
}

int
staff(struct world *w, const char *name)
{
	return atoi(sql(w, "SELECT id FROM staff WHERE address = '%s@example.org'", name));
}

struct opening
bag(struct world *w, const char *key)
{
	return (struct opening){ .room = room(w, "gate4"), .key = key, .kind = "lost_item", .band = "sure", .way = "room", .late = true,
		.source = key, .sent = T0 - MINUTE, .asker = "ann@example.org", .nick = "安 \"Ann\"", .text = "我的\"书包\"\\丢了\n🎒",
		.links = links, .role = "resident" };
}

struct effects
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

/* Opens a matter of gate4 and gives its number. */
long long
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

struct change
change_of(struct world *w, const char *key, long long number, const char *what, const char *to)
{
	return (struct change){ .room = room(w, "gate4"), .key = key, .number = number, .from = any_open, .what = what, .to = to,
		.at = T0 + MINUTE, .role = "staff", .staff = staff(w, "bao") };
}

/* Twice; the second must be "again". */
void
changes_at(struct world *w, const struct change *c, const struct effects *e, instant now)
{
	struct answer a = { 0 }, b = { 0 };

	TWICE(w, &a, &b, store_change(&w->store, op, now, c, e));
	assert_string_equal(cell(&a, 0, 0), "done");
	assert_string_equal(cell(&b, 0, 0), "again");
	answer_free(&a);
	answer_free(&b);
}

void
changes(struct world *w, const struct change *c, const struct effects *e)
{
	changes_at(w, c, e, T0 + MINUTE);
}

void
chain_holds(struct world *w)
{
	assert_string_equal(sql(w, "SELECT string_agg(c::text, ' ') FROM room r, ledger_check(r.id) c"), "");
}
