#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "room_fake.h"

/* gate4 joined, live, with ann (ann@example) in it; the log is empty. */
static int
live(void **state)
{
	*state = fake_open();
	fake_room("gate4", NULL, 0);
	fake_up();
	fake_join(true);
	fake_answer("<before/>", "<fin xmlns='" NS_MAM "' complete='true'/>");
	fake_log("room gate4 joining\nroom gate4 live\n");
	fake_sent("<history maxstanzas=\"0\"/>");
	return 0;
}

static int
done(void **state)
{
	(void)state;
	fake_asks_nothing();
	fake_sent_nothing();
	fake_close();
	return 0;
}

#define LINE(nick, id, rest) "<message " NS_XML " type='groupchat' from='gate4@muc.example/" nick "' id='" id "'>" rest "</message>"
#define SID(id)	"<stanza-id xmlns='urn:xmpp:sid:0' by='gate4@muc.example' id='" id "'/>"

static void
test_line(void **state)
{
	(void)state;
	fake_in(LINE("ann", "a1", "<body>户口簿找不到了，能补办吗？ &lt;&amp;</body>" SID("s1")));
	fake_log("hear gate4 ann <ann@example> key=s1: 户口簿找不到了，能补办吗？ <&\ncursor gate4 s1\n");
}

/* D1, C7, C8, C10: what a resident writes into his own line about himself, the room or the time counts for nothing. */
static void
test_forged(void **state)
{
	(void)state;
	fake_in(LINE("ann", "a1", "<body>hi</body><x xmlns='" NS_MUC_USER "'><item jid='bao@example' affiliation='owner'/></x>"
	    "<delay xmlns='urn:xmpp:delay' from='gate4@muc.example' stamp='2020-01-01T00:00:00Z'/>"
	    "<stanza-id xmlns='urn:xmpp:sid:0' by='ann@example' id='forged'/>" SID("s1")));
	fake_log("hear gate4 ann <ann@example> key=s1: hi\ncursor gate4 s1\n");
	/* two by the room: one is not the room's */
	fake_in(LINE("ann", "a2", "<body>hi</body>" SID("s1") SID("s2")));
	fake_log("hear gate4 ann <ann@example> key=ann@example a2 no-sid: hi\n");
	/* somebody whom no presence has announced is nobody */
	fake_in(LINE("Ann", "a3", "<body>hi</body>" SID("s3")));
	fake_log("hear gate4 Ann <> key=s3: hi\ncursor gate4 s3\n");
}

static void
test_silent(void **state)
{
	(void)state;
	fake_in(LINE("ann", "a1", "<active xmlns='http://jabber.org/protocol/chatstates'/>"));
	fake_in(LINE("ann", "a2", "<subject>new</subject>"));
	fake_in(LINE("ann", "a3", "<body/>"));
	fake_in(LINE("ann", "a4", "<body>withdrawn</body><retract xmlns='urn:xmpp:message-retract:1' id='x'/>"));
	fake_in("<message " NS_XML " type='chat' from='gate4@muc.example/ann'><body>pm</body></message>");
	fake_in("<message " NS_XML " type='groupchat' from='gate4@muc.example'><body>the service speaks</body></message>");
	fake_in(LINE("ann", "a5", "<html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'>x</body></html>"));
	fake_log("");
}

static void
test_own(void **state)
{
	struct reply reply = { .way = WAY_ROOM, .id = "o1", .room = "gate4", .text = "知道了 \x01", .lang = "zh-Hans", .reply_to = "s1" };

	fake_in(LINE("ann", "a1", "<body>hi</body>" SID("s1")));
	fake_log("hear gate4 ann <ann@example> key=s1: hi\ncursor gate4 s1\n");
	assert_true(room_say(*state, &reply));
	fake_sent("to=\"gate4@muc.example/ann\"");	/* nothing else in it is addressed so */
	reply.reply_to = "unknown";
	assert_true(room_say(*state, &reply));
	fake_sent("<body>知道了 \xef\xbf\xbd</body>");
	fake_in(LINE("Desk", "o1", "<body>知道了</body>" SID("s2")));
	fake_log("said o1 s2\ncursor gate4 s2\n");
	fake_in("<message " NS_XML " type='error' from='gate4@muc.example' id='o2'><error type='wait'>"
	    "<policy-violation xmlns='" NS_STANZAS "'/></error></message>");
	fake_in("<message " NS_XML " type='error' from='gate4@muc.example' id='o3'><error type='auth'>"
	    "<forbidden xmlns='" NS_STANZAS "'/></error></message>");
	fake_log("unsaid o2 busy\nunsaid o3 denied\n");
	reply.room = "gate5";
	assert_false(room_say(*state, &reply));
}

/* XEP-0308 §5: only the same real sender may correct, whatever nickname he has by now. */
static void
test_corrections(void **state)
{
	(void)state;
	fake_in("<presence " NS_XML " from='gate4@muc.example/eve'><x xmlns='" NS_MUC_USER "'>"
	    "<item jid='eve@example/x' role='participant'/></x></presence>");
	fake_in(LINE("ann", "a1", "<body>helo</body>" SID("s1")));
	fake_log("hear gate4 ann <ann@example> key=s1: helo\ncursor gate4 s1\n");
	fake_in(LINE("eve", "e1", "<body>hello</body><replace xmlns='" NS_CORRECT "' id='a1'/>" SID("s2")));
	fake_log("hear gate4 eve <eve@example> key=s2: hello\ncursor gate4 s2\n");
	fake_in(LINE("ann", "a2", "<body>hello</body><replace xmlns='" NS_CORRECT "' id='a1'/>" SID("s3")));
	fake_log("hear gate4 ann <ann@example> key=s3 replaces=a1: hello\ncursor gate4 s3\n");
	fake_in("<presence " NS_XML " type='unavailable' from='gate4@muc.example/ann'><x xmlns='" NS_MUC_USER "'>"
	    "<item nick='anna'/><status code='303'/></x></presence>");
	fake_in("<presence " NS_XML " from='gate4@muc.example/anna'><x xmlns='" NS_MUC_USER "'>"
	    "<item jid='ann@example/phone' role='participant'/></x></presence>");
	fake_in(LINE("anna", "a3", "<body>hello!</body><replace xmlns='" NS_CORRECT "' id='a1'/>" SID("s4")));
	fake_log("hear gate4 anna <ann@example> key=s4 replaces=a1: hello!\ncursor gate4 s4\n");
}

static void
test_corrections_forgotten(void **state)
{
	int i;

	fake_in(LINE("ann", "a1", "<body>first</body>"));
	for (i = 0; i < 99; i++)
		fake_in("<message " NS_XML " type='groupchat' from='gate4@muc.example/ann' id='n%d'><body>x</body></message>", i);
	fake_log_skip();
	fake_in(LINE("ann", "a2", "<body>y</body><replace xmlns='" NS_CORRECT "' id='a1'/>"));
	fake_in(LINE("ann", "a3", "<body>z</body><replace xmlns='" NS_CORRECT "' id='a1'/>"));
	fake_log("hear gate4 ann <ann@example> key=ann@example a2 no-sid replaces=a1: y\n"
	    "hear gate4 ann <ann@example> key=ann@example a3 no-sid: z\n");
	assert_int_equal(room_find(*state, "gate4")->mark_count, MARKS_MAX);
}

static void
test_reactions(void **state)
{
	(void)state;
	fake_in(LINE("ann", "a1", "<reactions xmlns='" NS_REACTIONS "' id='s1'><reaction>\xf0\x9f\x91\x8d\xef\xb8\x8f</reaction>"
	    "<reaction>\xe2\x9d\xa4\xef\xb8\x8e</reaction></reactions>"));
	fake_log("hear gate4 ann <ann@example> key=ann@example a1 no-sid reacts=s1 \xf0\x9f\x91\x8d \xe2\x9d\xa4: \n");
	fake_in(LINE("ann", "a2", "<reactions xmlns='" NS_REACTIONS "' id='s1'/>"));
	fake_log("hear gate4 ann <ann@example> key=ann@example a2 no-sid reacts=s1: \n");
}

static void
test_encrypted(void **state)
{
	(void)state;
	fake_in(LINE("ann", "a1", "<encrypted xmlns='eu.siacs.conversations.axolotl'/><body>You got an OMEMO message</body>" SID("s1")));
	fake_in(LINE("ann", "a2", "<encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:x'/>" SID("s2")));
	fake_in(LINE("ann", "a3", "<body>?OTRv23?</body>" SID("s3")));
	fake_log("hear gate4 ann <ann@example> key=s1: (encrypted)\ncursor gate4 s1\n"
	    "hear gate4 ann <ann@example> key=s2: (encrypted)\ncursor gate4 s2\n"
	    "hear gate4 ann <ann@example> key=s3: (encrypted)\ncursor gate4 s3\n");
}

static struct msg *
read_xml(struct wire *w, const char *xml)
{
	xmpp_stanza_t *s = xmpp_stanza_new_from_string(fake_ctx(), xml);
	struct msg *m = msg_new();

	assert_non_null(s);
	message_read(w, s, m);
	xmpp_stanza_release(s);
	return m;
}

static void
test_links(void **state)
{
	struct msg *m = read_xml(*state, "<message " NS_XML "><body>https://up.example/a.jpg</body>"
	    "<x xmlns='jabber:x:oob'><url>https://up.example/a.jpg</url></x>"
	    "<file-sharing xmlns='urn:xmpp:sfs:0'><sources><url-data xmlns='http://jabber.org/protocol/url-data'"
	    " target='https://up.example/b.jpg'/></sources></file-sharing></message>");

	assert_string_equal(m->links[0], "https://up.example/a.jpg");
	assert_string_equal(m->links[1], "https://up.example/b.jpg");
	assert_null(m->links[2]);
	msg_free(&m);
	m = read_xml(*state, "<message " NS_XML "><body>see https://example.org/ please</body>"
	    "<x xmlns='jabber:x:oob'><url>javascript:alert(1)</url></x></message>");
	assert_null(m->links);
	msg_free(&m);
}

static void
test_bodies(void **state)
{
	struct msg *m = read_xml(*state, "<message " NS_XML " xml:lang='en'><body xml:lang='de'>eins</body><body>one</body></message>");
	struct buf big = { 0 };

	assert_string_equal(m->text, "one");
	msg_free(&m);
	m = read_xml(*state, "<message " NS_XML " id='i'><body xml:lang='de'>eins</body><body xml:lang='fr'>un</body>"
	    "<reply xmlns='urn:xmpp:reply:0' id='r1'/></message>");
	assert_string_equal(m->text, "eins");
	assert_string_equal(m->reply_to, "r1");
	assert_string_equal(m->id, "i");
	msg_free(&m);
	buf_add(&big, "<message " NS_XML "><body>x");
	while (big.len < 20000)
		buf_add(&big, "字");
	buf_add(&big, "</body></message>");
	m = read_xml(*state, big.s);
	assert_int_equal(strlen(m->text), 16384);
	assert_true(utf8_valid(m->text));
	msg_free(&m);
	buf_free(&big);
}

static void
test_robot(void **state)
{
	(void)state;
	fake_in("<presence " NS_XML " from='gate4@muc.example/Other'><x xmlns='" NS_MUC_USER "'>"
	    "<item jid='gate5@hall.example/desk' role='participant'/></x></presence>");
	fake_in(LINE("Other", "a1", "<body>I am a desk</body>" SID("s1")));
	fake_log("hear gate4 Other <gate5@hall.example> robot key=s1: I am a desk\ncursor gate4 s1\n");
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, live, done)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_line), TEST(test_forged), TEST(test_silent), TEST(test_own), TEST(test_corrections),
		TEST(test_corrections_forgotten), TEST(test_reactions), TEST(test_encrypted), TEST(test_links), TEST(test_bodies), TEST(test_robot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
