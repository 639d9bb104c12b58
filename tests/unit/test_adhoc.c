#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "wire_fake.h"

#define FORM(n, text) "<x xmlns='jabber:x:data' type='submit'><field var='text'><value>" text "</value></field>" \
	"<field var='n'><value>" n "</value></field></x>"

/* ann executes `answer`; `more` are further attributes. */
static void
run(const char *more, const char *form)
{
	fake_in("<iq type='set' id='q' from='ann@example/x' to='hall@hall.example'>"
	    "<command xmlns='" NS_COMMANDS "' node='answer' %s>%s</command></iq>", more, form);
}

static void
say(struct wire *w, const char *session, const char *text, bool failed)
{
	assert_true(wire_say(w, &(struct reply){ .way = WAY_FORM, .id = session, .text = text, .failed = failed }));
}

/* The form is offered, filled in, and its outcome told; what Psi sends again changes nothing. */
static void
test_form(void **state)
{
	run("action='execute'", "");
	fake_sent("status=\"executing\"", "type=\"form\"", "<actions execute=\"complete\"><complete/></actions>",
	    "<instructions>Say it</instructions>", "<required/>", "type=\"list-single\"", "type=\"text-multi\"",
	    "<value>2</value>", "sessionid=\"", NULL);
	fake_log("");
	run("sessionid='s1'", FORM("2", "one"));	/* a session that we do not know, but whole */
	fake_log("form room=- nick=- who=ann@example key=ann@example s1 verb=answer session=s1 [2] [one]\n");
	fake_sent_nothing();
	say(*state, "s1", "Done:\n#12", false);
	fake_sent("status=\"completed\"", "sessionid=\"s1\"", "type=\"info\"", "type=\"result\"", "label=\"Outcome\"", "<value>#12</value>",
	    "to=\"ann@example/x\"", NULL);
	run("sessionid='s1'", "");
	fake_sent("status=\"completed\"", "<value>#12</value>", NULL);
	run("sessionid='s1' action='complete'", FORM("1", "other"));
	fake_sent("status=\"completed\"", "<value>#12</value>", NULL);
	fake_log("");
}

static void
test_failed(void **state)
{
	run("sessionid='s1'", FORM("2", "one"));
	say(*state, "s1", "no such request", true);
	fake_sent("type=\"error\">no such request<", "status=\"completed\"", NULL);
}

/* An outcome of any length is answered, cut. */
static void
test_long(void **state)
{
	char text[200001];

	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	text[990] = text[980] = '\n';
	run("sessionid='s1'", FORM("2", "one"));
	say(*state, "s1", text, false);
	fake_sent("<value>xxxxxxxxx</value></field>", NULL);
}

/* The key outlives our memory: a forgotten session's form is the same to the database. */
static void
test_forgotten(void **state)
{
	run("sessionid='s1'", FORM("2", "one"));
	say(*state, "s1", "ok", false);
	fake_sent("completed", NULL);
	fake_ticks(700);
	fake_skip_to("completed");
	fake_sent_nothing();
	fake_log("form room=- nick=- who=ann@example key=ann@example s1 verb=answer session=s1 [2] [one]\n");
	run("sessionid='s1'", FORM("2", "one"));
	fake_log("form room=- nick=- who=ann@example key=ann@example s1 verb=answer session=s1 [2] [one]\n");
}

static void
test_wrong_values(void **state)
{
	(void)state;
	run("", FORM("3", "one"));
	fake_sent("type=\"error\"", "<bad-payload", "Number: not one of the choices", NULL);
	run("", FORM("2", ""));
	fake_sent("type=\"error\"", "Words: required", NULL);
	fake_log("");
}

static void
test_at_once(void **state)
{
	fake_in("<iq type='set' id='q' from='bao@example/x' to='hall@hall.example'>"
	    "<command xmlns='" NS_COMMANDS "' node='list' sessionid='s2'/></iq>");
	fake_log("form room=- nick=- who=bao@example key=bao@example s2 verb=list session=s2\n");
	say(*state, "s2", "nothing", false);
	fake_sent("completed", NULL);
}

/* By the real address, whichever way it came; what is not on the menu is not there. */
static void
test_who(void **state)
{
	(void)state;
	fake_in("<iq type='set' id='q' from='gate4@muc.example/ann' to='gate4@hall.example/desk'>"
	    "<command xmlns='" NS_COMMANDS "' node='answer' sessionid='s3'>" FORM("1", "x") "</command></iq>");
	fake_log("form room=- nick=- who=ann@example key=ann@example s3 verb=answer session=s3 [1] [x]\n");
	fake_in("<iq type='set' id='q' from='gate4@muc.example/mask' to='gate4@hall.example/desk'>"
	    "<command xmlns='" NS_COMMANDS "' node='answer'/></iq>");
	fake_sent("<forbidden", NULL);
	fake_in("<iq type='set' id='q' from='mallory@example/x' to='hall@hall.example'>"
	    "<command xmlns='" NS_COMMANDS "' node='answer' sessionid='s3'>" FORM("1", "x") "</command></iq>");
	fake_sent("<bad-sessionid", NULL);	/* another's */
	fake_in("<iq type='set' id='q' from='mallory@example/x' to='hall@hall.example'>"
	    "<command xmlns='" NS_COMMANDS "' node='answer'/></iq>");
	fake_sent("<item-not-found", NULL);
	fake_in("<iq type='set' id='q' from='ann@example/x' to='hall@hall.example'><command xmlns='" NS_COMMANDS "' node='list'/></iq>");
	fake_sent("<item-not-found", NULL);
	fake_in("<iq type='set' id='q' from='ann@example/x' to='hall@hall.example'><command xmlns='" NS_COMMANDS "'/></iq>");
	fake_sent("<item-not-found", NULL);
	fake_in("<iq type='set' id='q' from='ann@example/x' to='hall@hall.example'>"
	    "<command xmlns='" NS_COMMANDS "' node='list' sessionid='s3'/></iq>");
	fake_sent("type=\"error\"", NULL);
	fake_log("");
}

static void
test_sessions(void **state)
{
	(void)state;
	run("sessionid='has space'", FORM("1", "x"));
	fake_sent("<bad-sessionid", NULL);
	run("sessionid=''", FORM("1", "x"));
	fake_sent("<bad-sessionid", NULL);
	run("sessionid='old'", "");	/* forgotten, and without what was filled in */
	fake_sent("<bad-sessionid", NULL);
	run("sessionid='old' action='cancel'", "");
	fake_sent("<bad-sessionid", NULL);
	run("sessionid='s4'", FORM("1", "x"));
	run("sessionid='s4'", FORM("1", "x"));	/* while the first waits */
	fake_sent("<resource-constraint", NULL);
	run("sessionid='s4' action='cancel'", "");
	fake_sent("status=\"canceled\"", NULL);
	fake_log("form room=- nick=- who=ann@example key=ann@example s4 verb=answer session=s4 [1] [x]\n");
}

/* Nobody upstairs answers: the client is told, and may ask for the outcome later. */
static void
test_slow(void **state)
{
	run("sessionid='s5'", FORM("1", "x"));
	fake_ticks(31);
	fake_skip_to("remote-server-timeout");
	fake_sent("type=\"error\"", "type=\"wait\"", NULL);
	say(*state, "s5", "at last", false);
	run("sessionid='s5'", FORM("1", "x"));
	fake_skip_to("at last");
	fake_sent("completed", NULL);
}

static void
test_stream_lost(void **state)
{
	run("sessionid='s6'", FORM("1", "x"));
	fake_down();
	say(*state, "s6", "done", false);
	fake_up();
	run("sessionid='s6'", FORM("1", "x"));
	fake_skip_to("completed");	/* the rooms are joined again first */
	fake_sent("done", NULL);
	assert_false(wire_say(*state, &(struct reply){ .way = WAY_FORM, .id = "never", .text = "x" }));
}

/* Those who wait are kept; the offers of whoever asks for many are not. */
static void
test_many(void **state)
{
	char more[40];
	int i;

	run("sessionid='kept'", FORM("1", "x"));
	for (i = 0; i < 3000; i++)
		run("", "");
	for (i = 0; i < 1100; i++) {
		snprintf(more, sizeof more, "sessionid='m%d'", i);
		run(more, FORM("1", "x"));
	}
	fake_skip_to("resource-constraint");
	fake_sent("type=\"wait\"", NULL);
	say(*state, "kept", "here", false);
	fake_skip_to("here");
	fake_sent("completed", NULL);
}

#define T(f)	cmocka_unit_test_setup_teardown(f, fake_wire_open, fake_wire_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_form), T(test_failed), T(test_long), T(test_forgotten), T(test_wrong_values), T(test_at_once), T(test_who),
		T(test_sessions), T(test_slow), T(test_stream_lost), T(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
