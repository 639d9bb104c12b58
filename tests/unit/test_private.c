#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire_fake.h"

static const struct reply to_ann = { .way = WAY_DESK, .id = "7", .room = "gate4", .to = "ann@example", .text = "hello" };
static const struct reply to_bob = { .way = WAY_DESK, .id = "8", .room = "gate4", .to = "bob@example", .text = "hello" };
static const struct reply to_bao = {
	.way = WAY_STAFF, .id = "9", .to = "bao@example", .text = "#12", .lang = "zh-Hans", .reply_to = "r1",
};

/* --- out --- */

/* To whoever is in the room through it; its own answer proves that the line went through. */
static void
test_through_room(void **state)
{
	assert_true(wire_say(*state, &to_ann));
	fake_sent("<message", "to=\"gate4@muc.example/ann\"", "from=\"gate4@hall.example/desk\"", "type=\"chat\"",
	    "id=\"7\"", "<body>hello</body>", "<x xmlns=\"" NS_MUC_USER "\"/>", NULL);
	fake_sent("<ping", "to=\"gate4@muc.example\"", "from=\"gate4@hall.example/desk\"", NULL);
	fake_log("");
	fake_in("<iq type='error' id='%s' from='gate4@muc.example' to='gate4@hall.example/desk'/>", fake_sent_id());
	fake_log("said 7 -\n");
	fake_sent_nothing();
}

static void
test_to_the_address(void **state)
{
	assert_true(wire_say(*state, &to_bob));
	fake_sent("to=\"bob@example\"", "from=\"gate4@hall.example/desk\"", NULL);
	fake_sent("<ping", "to=\"muc.example\"", "from=\"hall.example\"", NULL);
	fake_in("<iq type='result' id='%s' from='muc.example' to='hall.example'/>", fake_sent_id());
	fake_log("said 8 -\n");
}

static void
test_staff(void **state)
{
	assert_true(wire_say(*state, &to_bao));
	fake_sent("to=\"bao@example\"", "from=\"hall@hall.example/desk\"", "xml:lang=\"zh-Hans\"", "id=\"r1\"",
	    "<reply ", NULL);
}

/* An error before the answer is the line's; the answer after it says nothing more. */
static void
test_refused(void **state)
{
	wire_say(*state, &to_bob);
	fake_sent("<body>", NULL);
	fake_sent("<ping", NULL);
	fake_in("<message type='error' id='8' from='mallory@example' to='gate4@hall.example/desk'>"
	    "<error type='cancel'><service-unavailable xmlns='" NS_STANZAS "'/></error></message>");
	fake_log("");	/* not from where it went */
	fake_in("<message type='error' id='8' from='bob@example/x' to='gate4@hall.example/desk'>"
	    "<error type='cancel'><service-unavailable xmlns='" NS_STANZAS "'/></error></message>");
	fake_log("unsaid 8 absent\n");
	fake_in("<iq type='result' id='%s' from='muc.example' to='hall.example'/>", fake_sent_id());
	fake_log("");
}

static void
error_of(const char *type, const char *condition)
{
	fake_in("<message type='error' id='7' from='gate4@muc.example/ann' to='gate4@hall.example/desk'>"
	    "<error type='%s'><%s xmlns='" NS_STANZAS "'/></error></message>", type, condition);
}

/* Who left the room between is to be had at the address itself: say it again. */
static void
test_occupant_left(void **state)
{
	wire_say(*state, &to_ann);
	error_of("cancel", "item-not-found");
	fake_log("unsaid 7 busy\n");
	wire_say(*state, &to_ann);
	error_of("wait", "resource-constraint");
	fake_log("unsaid 7 busy\n");
	wire_say(*state, &to_ann);
	error_of("auth", "forbidden");
	fake_log("unsaid 7 denied\n");
}

static void
test_order(void **state)
{
	char first[40];

	wire_say(*state, &to_bob);
	fake_sent("<body>", NULL);
	fake_sent("<ping", NULL);
	strcpy(first, fake_sent_id());
	wire_say(*state, &to_bao);
	fake_sent("<body>", NULL);
	fake_sent("<ping", NULL);
	/* each answer is for its own line, in whichever order rooms and service give them */
	fake_in("<iq type='result' id='%s' from='muc.example' to='hall.example'/>", fake_sent_id());
	fake_log("said 9 -\n");
	fake_in("<iq type='result' id='%s' from='muc.example' to='hall.example'/>", first);
	fake_log("said 8 -\n");
}

/* A line said while another is acknowledged has not been proved by that. */
static void
on_said_more(void *ctx, const char *id, const char *stanza_id)
{
	struct wire *w = ctx;

	(void)stanza_id;
	assert_string_equal(id, "8");	/* not "9": nobody answered for it */
	assert_true(wire_say(w, &to_bao));
}

static void
test_said_while_said(void **state)
{
	struct wire *w = *state;

	w->ear.ctx = w;
	w->ear.said = on_said_more;
	wire_say(w, &to_bob);
	fake_sent("<body>", NULL);
	fake_sent("<ping", NULL);
	fake_in("<iq type='result' id='%s' from='muc.example' to='hall.example'/>", fake_sent_id());
	fake_sent("to=\"bao@example\"", NULL);
	fake_sent("<ping", NULL);
}

/* The ids of the desk's lines in the room are there for all to see; a resident's error about one is a forgery. */
static void
test_forged_error(void **state)
{
	(void)state;
	error_of("wait", "resource-constraint");
	fake_log("");
	fake_in("<message type='error' id='7' from='gate4@muc.example' to='gate4@hall.example/desk'>"
	    "<error type='wait'><resource-constraint xmlns='" NS_STANZAS "'/></error></message>");
	fake_log("unsaid 7 busy\n");	/* this is the room's own */
}

/* Nobody answers: asked again, and never taken for arrived. */
static void
test_no_answer(void **state)
{
	wire_say(*state, &to_bob);
	fake_sent("<body>", NULL);
	fake_sent("<ping", NULL);
	fake_ticks(31);
	fake_log("");
	fake_skip_to("from=\"hall.example\"");	/* the room asks again, too */
	fake_sent("<ping", "to=\"muc.example\"", NULL);
	fake_in("<iq type='result' id='%s' from='muc.example' to='hall.example'/>", fake_sent_id());
	fake_log("said 8 -\n");
}

static void
test_lost(void **state)
{
	wire_say(*state, &to_bob);
	fake_sent("<body>", NULL);
	fake_sent("<ping", NULL);
	fake_down();
	assert_false(wire_say(*state, &to_bob));
	fake_up();
	fake_in("<iq type='result' id='%s' from='muc.example' to='hall.example'/>", fake_sent_id());
	fake_log("");	/* whether it arrived is unknown: the outbox says it again */
}

static void
test_full(void **state)
{
	fake_deaf(true);
	assert_false(wire_say(*state, &to_ann));
	assert_false(wire_say(*state, &to_bao));
	fake_deaf(false);
	assert_true(wire_say(*state, &to_ann));
}

/* --- in --- */

static void
test_in(void **state)
{
	(void)state;
	fake_in("<message type='chat' id='1' from='gate4@muc.example/ann' to='gate4@hall.example/desk'><body>psst</body></message>");
	fake_log("desk room=gate4 nick=ann who=ann@example key=ann@example 1: psst\n");
	fake_in("<message type='chat' id='2' from='gate4@muc.example/mask' to='gate4@hall.example/desk'><body>psst</body></message>");
	fake_log("desk room=gate4 nick=mask who=- key=gate4@muc.example/mask 2: psst\n");
	fake_in("<message id='3' from='Bao@example/x' to='hall@hall.example'><body>#list</body>"
	    "<origin-id xmlns='" NS_SID "' id='o3'/></message>");
	fake_log("staff room=- nick=- who=bao@example key=bao@example o3: #list\n");
	fake_in("<message type='chat' id='4' from='bob@example/x' to='gate4@hall.example'><body>hi</body></message>");
	fake_log("desk room=gate4 nick=- who=bob@example key=bob@example 4: hi\n");
	fake_sent_nothing();
}

/* What nobody says: copies, states, receipts, headlines, our own desks, rooms that are none of ours. */
static void
test_not_said(void **state)
{
	(void)state;
	fake_in("<message type='chat' from='a@example/x' to='hall@hall.example'><composing xmlns='c:s'/></message>"
	    "<message type='headline' from='a@example/x' to='hall@hall.example'><body>news</body></message>"
	    "<message from='gate4@muc.example' to='gate4@hall.example'><x xmlns='" NS_MUC_USER "'><invite/></x><body>come</body></message>"
	    "<message from='a@example/x' to='gate4@hall.example'><x xmlns='jabber:x:conference' jid='t@muc.example'/><body>come</body></message>"
	    "<message type='chat' from='trap@muc.example/ann' to='gate4@hall.example'><body>x</body></message>"
	    "<message type='chat' from='hall@hall.example/desk' to='gate4@hall.example'><body>x</body></message>"
	    "<message type='chat' from='a@example/x' to='hall@hall.example'><sent xmlns='urn:xmpp:carbons:2'/><body>x</body></message>");
	fake_log("");
	fake_sent_nothing();
}

static void
test_nobody_here(void **state)
{
	(void)state;
	fake_in("<message id='5' from='a@example/x' to='nobody@hall.example'><body>hi</body></message>");
	fake_sent("type=\"error\"", "<item-not-found", "to=\"a@example/x\"", NULL);
	fake_in("<message from='a@example/x' to='nobody@hall.example'/>"
	    "<message type='error' from='a@example/x' to='nobody@hall.example'><body>hi</body></message>");
	fake_sent_nothing();
	fake_log("");
}

static void
test_receipt(void **state)
{
	(void)state;
	fake_in("<message type='chat' id='6' from='bob@example/x' to='hall@hall.example'><body>hi</body>"
	    "<request xmlns='urn:xmpp:receipts'/></message>");
	fake_sent("<received", "id=\"6\"", "to=\"bob@example/x\"", "from=\"hall@hall.example/desk\"", NULL);
	fake_in("<message type='chat' id='7' from='gate4@muc.example/ann' to='gate4@hall.example/desk'><body>hi</body>"
	    "<request xmlns='urn:xmpp:receipts'/></message>");
	fake_sent_nothing();
}

/* --- presence --- */

static void
test_subscription(void **state)
{
	(void)state;
	fake_in("<presence type='subscribe' from='bob@example' to='hall@hall.example'/>");
	fake_sent("type=\"subscribed\"", "from=\"hall@hall.example\"", "to=\"bob@example\"", NULL);
	fake_sent("<c ", "ver=", "from=\"hall@hall.example/desk\"", NULL);
	fake_in("<presence type='probe' from='bob@example' to='gate4@hall.example'/>");
	fake_sent("<c ", "from=\"gate4@hall.example/desk\"", NULL);
	fake_in("<presence type='subscribe' from='bob@example' to='nobody@hall.example'/>");
	fake_sent("type=\"unsubscribed\"", NULL);
	fake_in("<presence type='unsubscribe' from='bob@example' to='hall@hall.example'/>");
	fake_sent("type=\"unsubscribed\"", NULL);
	fake_in("<presence from='bob@example/x' to='hall@hall.example'/>"
	    "<presence type='error' from='bob@example/x' to='hall@hall.example'/>"
	    "<presence type='subscribe' from='trap@muc.example/x' to='hall@hall.example'/>");
	fake_sent_nothing();
}

#define T(f)	cmocka_unit_test_setup_teardown(f, fake_wire_open, fake_wire_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_through_room), T(test_to_the_address), T(test_staff), T(test_refused), T(test_occupant_left),
		T(test_order), T(test_said_while_said), T(test_forged_error), T(test_no_answer), T(test_lost), T(test_full), T(test_in), T(test_not_said),
		T(test_nobody_here), T(test_receipt), T(test_subscription),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
