/* Our own questions: each ends once, by the right answer, by time, or with the stream. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "wire_fake.h"

struct asked {
	int		 ends, lost;
	char		 type[16];
	bool		 again;		/* asks once more from inside */
};

static void
on_done(struct wire *w, void *ctx, xmpp_stanza_t *answer);

static void
ask(struct wire *w, const char *to, struct asked *a)
{
	xmpp_stanza_t *iq = stanza_make(w, "iq", NULL, NULL, to, "get", "x");

	stanza_child(w, iq, "ping", NS_PING);
	iq_ask(w, iq, 10, on_done, a);
}

static void
on_done(struct wire *w, void *ctx, xmpp_stanza_t *answer)
{
	struct asked *a = ctx;

	a->ends++;
	a->lost += answer == NULL;
	if (answer != NULL)
		strncpy(a->type, xmpp_stanza_get_type(answer), sizeof a->type - 1);
	if (a->again) {
		a->again = false;
		ask(w, "a@example/x", a);
	}
}

static void
answer(const char *type, const char *from)
{
	fake_in("<iq type='%s' id='%s' from='%s' to='hall.example'/>", type, fake_sent_id(), from);
}

static void
test_answer(void **state)
{
	struct asked a = { 0 };

	ask(*state, "a@example/x", &a);
	fake_sent("<ping", NULL);
	assert_int_equal(strlen(fake_sent_id()), 32);	/* never an id that somebody could guess */
	answer("result", "a@example/y");
	answer("result", "b@example/x");
	answer("result", "a@example");
	answer("get", "a@example/x");
	assert_int_equal(a.ends, 0);
	answer("error", "A@Example/x");		/* the same address, as the server prepares it */
	assert_int_equal(a.ends, 1);
	assert_string_equal(a.type, "error");
	answer("result", "a@example/x");
	fake_ticks(20);
	assert_int_equal(a.ends, 1);
}

static void
test_time(void **state)
{
	struct asked a = { 0 };

	ask(*state, "a@example/x", &a);
	fake_ticks(10);
	assert_int_equal(a.ends, 0);
	fake_ticks(1);
	assert_int_equal(a.lost, 1);
}

/* What can not be sent ends, too, but never from inside iq_ask(). */
static void
test_unsent(void **state)
{
	struct asked a = { .again = true };

	fake_deaf(true);
	ask(*state, "a@example/x", &a);
	assert_int_equal(a.ends, 0);
	fake_ticks(1);
	assert_int_equal(a.lost, 1);
	fake_ticks(1);
	assert_int_equal(a.lost, 2);
}

static void
test_lost(void **state)
{
	struct asked a = { 0 }, b = { .again = true };

	ask(*state, "a@example/x", &a);
	ask(*state, "a@example/x", &b);
	fake_down();
	assert_int_equal(a.lost, 1);
	assert_int_equal(b.lost, 1);	/* the one asked in the middle of it: with the next tick */
	fake_ticks(1);
	assert_int_equal(b.lost, 2);
}

static void
test_freed(void **state)
{
	static struct asked a;		/* ended by wire_free(), after this function */

	ask(*state, "a@example/x", &a);
	assert_int_equal(a.ends, 0);
}

/* --- wire_probe() --- */

struct probed {
	int		 ends;
	struct err	 err;
};

static void
on_probed(void *ctx, const struct err *err)
{
	struct probed *p = ctx;

	p->ends++;
	p->err = *err;
}

static void
probed(struct wire *w, const char *children, enum fault expected)
{
	struct probed p = { 0 };

	wire_probe(w, on_probed, &p);
	assert_int_equal(p.ends, 0);
	fake_sent("to=\"muc.example\"", NS_DISCO_INFO, NULL);
	fake_in("<iq type='%s' id='%s' from='muc.example' to='hall.example'>%s</iq>",
	    strstr(children, "<error") != NULL ? "error" : "result", fake_sent_id(), children);
	assert_int_equal(p.ends, 1);
	assert_int_equal(p.err.fault, expected);
	assert_int_equal(*p.err.text == '\0', expected == FAULT_NONE);
}

static void
test_probe(void **state)
{
	struct probed p = { 0 };

	probed(*state, "<query xmlns='" NS_DISCO_INFO "'><feature var='" NS_MUC "'/></query>", FAULT_NONE);
	probed(*state, "<query xmlns='" NS_DISCO_INFO "'><feature var='" NS_PING "'/></query>", FAULT_ABSENT);
	probed(*state, "<error type='cancel'><remote-server-not-found xmlns='" NS_STANZAS "'/></error>", FAULT_ABSENT);
	wire_probe(*state, on_probed, &p);
	fake_ticks(11);
	assert_int_equal(p.err.fault, FAULT_BUSY);
}

#define T(f)	cmocka_unit_test_setup_teardown(f, fake_wire_open, fake_wire_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_answer), T(test_time), T(test_unsent), T(test_lost), T(test_freed), T(test_probe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
