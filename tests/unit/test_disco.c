/* What each of our addresses answers to whoever asks: every question gets exactly one answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire_fake.h"

static void
ask(const char *type, const char *to, const char *payload)
{
	fake_in("<iq type='%s' id='q' from='ann@example/x' to='%s'>%s</iq>", type, to, payload);
}

static void
test_info(void **state)
{
	(void)state;
	ask("get", "hall.example", "<query xmlns='" NS_DISCO_INFO "'/>");
	fake_sent("type=\"result\"", "id=\"q\"", "from=\"hall.example\"", "to=\"ann@example/x\"",
	    "category=\"component\"", "<feature var=\"" NS_COMMANDS "\"/>", NULL);
	ask("get", "hall@hall.example", "<query xmlns='" NS_DISCO_INFO "'/>");
	fake_sent("type=\"result\"", "category=\"client\"", "type=\"bot\"", "name=\"Desk\"", NULL);
	ask("get", "gate4@hall.example/desk", "<query xmlns='" NS_DISCO_INFO "'/>");
	fake_sent("type=\"result\"", "from=\"gate4@hall.example/desk\"", "category=\"client\"", NULL);
	ask("get", "nobody@hall.example", "<query xmlns='" NS_DISCO_INFO "'/>");
	fake_sent("type=\"error\"", "<item-not-found", NULL);
	ask("get", "hall@hall.example", "<query xmlns='" NS_DISCO_INFO "' node='what'/>");
	fake_sent("type=\"error\"", "<item-not-found", NULL);
	fake_sent_nothing();
}

/*
 * XEP-0115 §5.1 over what disco#info says:
 * printf 'client/bot//Desk<http://jabber.org/protocol/caps<...vcard-temp<' | openssl sha1 -binary | base64
 */
static void
test_caps(void **state)
{
	(void)state;
	fake_in("<presence type='probe' from='bob@example' to='hall@hall.example'/>");
	fake_sent("hash=\"sha-1\"", "node=\"urn:moothall\"", "ver=\"menK7WViSIA+WqU6MvccigmK0e8=\"", NULL);
	ask("get", "hall@hall.example/desk", "<query xmlns='" NS_DISCO_INFO "' node='urn:moothall#menK7WViSIA+WqU6MvccigmK0e8='/>");
	fake_sent("type=\"result\"", "node=\"urn:moothall#menK7WViSIA+WqU6MvccigmK0e8=\"", "category=\"client\"", NULL);
	ask("get", "hall@hall.example/desk", "<query xmlns='" NS_DISCO_INFO "' node='urn:moothall#AAAA'/>");
	fake_sent("<item-not-found", NULL);
}

static void
test_items(void **state)
{
	(void)state;
	ask("get", "hall.example", "<query xmlns='" NS_DISCO_ITEMS "'/>");
	fake_sent("type=\"result\"", "jid=\"hall@hall.example\"", NULL);
	ask("get", "gate4@hall.example", "<query xmlns='" NS_DISCO_ITEMS "'/>");
	fake_sent("type=\"result\"", "<query xmlns=\"" NS_DISCO_ITEMS "\"/>", NULL);
}

/* Each sees what he may run, and is told to run it at the staff address. */
static void
test_commands(void **state)
{
	(void)state;
	fake_in("<iq type='get' id='q' from='bao@example/x' to='hall.example'>"
	    "<query xmlns='" NS_DISCO_ITEMS "' node='" NS_COMMANDS "'/></iq>");
	fake_sent("node=\"list\"", "node=\"answer\"", "name=\"What is open\"", "jid=\"hall@hall.example\"", NULL);
	/* through the room: the occupant's real address decides */
	fake_in("<iq type='get' id='q' from='gate4@muc.example/ann' to='gate4@hall.example/desk'>"
	    "<query xmlns='" NS_DISCO_ITEMS "' node='" NS_COMMANDS "'/></iq>");
	fake_sent("to=\"gate4@muc.example/ann\"", "node=\"answer\"", NULL);
	fake_in("<iq type='get' id='q' from='gate4@muc.example/mask' to='gate4@hall.example/desk'>"
	    "<query xmlns='" NS_DISCO_ITEMS "' node='" NS_COMMANDS "'/></iq>");
	fake_sent("type=\"result\"", "<query", "/></iq>", NULL);
	ask("get", "hall@hall.example", "<query xmlns='" NS_DISCO_INFO "' node='answer'/>");
	fake_sent("type=\"command-node\"", NULL);
	ask("get", "hall@hall.example", "<query xmlns='" NS_DISCO_INFO "' node='list'/>");
	fake_sent("<item-not-found", NULL);	/* not for ann */
}

static void
test_small_ones(void **state)
{
	(void)state;
	ask("get", "gate4@hall.example/desk", "<ping xmlns='" NS_PING "'/>");
	fake_sent("type=\"result\"", "id=\"q\"", "from=\"gate4@hall.example/desk\"", NULL);
	ask("get", "hall@hall.example", "<query xmlns='jabber:iq:version'/>");
	fake_sent("<name>Moot Hall</name>", "<version>0.9</version>", NULL);
	ask("get", "hall@hall.example", "<vCard xmlns='vcard-temp'/>");
	fake_sent("<FN>Desk</FN>", NULL);
}

static void
test_the_rest(void **state)
{
	(void)state;
	ask("get", "hall@hall.example", "<query xmlns='jabber:iq:last'/>");
	fake_sent("type=\"error\"", "<service-unavailable", "id=\"q\"", NULL);
	ask("set", "hall.example", "<vCard xmlns='vcard-temp'/>");
	fake_sent("type=\"error\"", "<service-unavailable", NULL);
	ask("set", "nobody@hall.example", "<x xmlns='urn:x'/>");
	fake_sent("type=\"error\"", "<service-unavailable", NULL);
	ask("get", "hall@hall.example", "");
	fake_sent("type=\"error\"", NULL);
	ask("do", "hall@hall.example", "");
	fake_sent("type=\"error\"", "<bad-request", NULL);
	ask("error", "hall@hall.example", "<query xmlns='jabber:iq:last'/>");
	ask("result", "hall@hall.example", "");
	ask("get", "other.example", "<ping xmlns='" NS_PING "'/>");
	fake_in("<iq type='get' id='q' from='ann@example/x'><ping xmlns='" NS_PING "'/></iq>");
	fake_sent_nothing();
}

#define T(f)	cmocka_unit_test_setup_teardown(f, fake_wire_open, fake_wire_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_info), T(test_caps), T(test_items), T(test_commands), T(test_small_ones), T(test_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
