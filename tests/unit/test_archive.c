#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "room_fake.h"

#define FIN(complete)	"<fin xmlns='" NS_MAM "' complete='" complete "'/>"
#define ROOM	"gate4@muc.example"

static int
open_hall(void **state)
{
	*state = fake_open();
	return 0;
}

static int
close_hall(void **state)
{
	(void)state;
	fake_asks_nothing();
	fake_close();
	return 0;
}

/* The room with this cursor, joined, its archive about to be read. */
static void
joined(const char *cursor, const char *cursor_at, bool occupant_ids)
{
	fake_room("gate4", cursor, cursor_at == NULL ? 0 : instant_parse(cursor_at));
	fake_up();
	fake_join(occupant_ids);
	fake_log("room gate4 joining\n");
}

/* One result of the open question. */
static void
result(const char *id, const char *stamp, const char *nick, const char *message_id, const char *children)
{
	fake_in("<message " NS_XML " from='" ROOM "'><result xmlns='" NS_MAM "' queryid='%s' id='%s'>"
	    "<forwarded xmlns='" NS_FORWARD "'><delay xmlns='" NS_DELAY "' stamp='%s'/>"
	    "<message xmlns='jabber:client' type='groupchat' from='" ROOM "/%s' id='%s'>%s</message></forwarded></result></message>",
	    fake_question_attribute("queryid"), id, stamp, nick, message_id, children);
}

static void
live_line(const char *nick, const char *id, const char *sid, const char *body)
{
	fake_in("<message " NS_XML " type='groupchat' from='" ROOM "/%s' id='%s'><body>%s</body>"
	    "<stanza-id xmlns='" NS_SID "' by='" ROOM "' id='%s'/></message>", nick, id, body, sid);
}

#define OID(id)	"<occupant-id xmlns='" NS_OCCUPANT "' id='" id "'/>"
#define T1	"2026-11-23T08:00:00Z"
#define T2	"2026-11-23T08:10:00Z"

static void
test_no_cursor(void **state)
{
	(void)state;
	joined(NULL, NULL, true);
	result("s7", T1, "ann", "a7", "<body>long ago</body>" OID("oid-ann"));
	fake_answer("<before/>", FIN("false"));
	fake_log("cursor gate4 s7\nroom gate4 live\n");
}

/* D3, Prosody: the occupant-id that presence taught us; our own lines are acknowledged, not heard. */
static void
test_pages(void **state)
{
	(void)state;
	joined("s1", T1, true);
	result("s2", T1, "ann", "a2", "<body>one</body>" OID("oid-ann"));
	result("s3", T1, "Desk", "o3", "<body>ours</body>" OID("oid-desk"));
	result("s4", T1, "Desk", "x4", "<body>somebody had our name</body>" OID("oid-eve"));
	fake_answer("<after>s1</after>", FIN("false"));
	fake_log("hear gate4 ann <ann@example> late key=s2: one\n"
	    "said o3 s3\n"
	    "hear gate4 Desk <> late key=s4: somebody had our name\n"
	    "cursor gate4 s4\n");
	result("s5", T2, "ann", "a5", "<body>two</body>" OID("oid-ann") OID("oid-bao"));
	result("s6", T2, "ann", "a6", "<subject>a subject</subject>");
	result("s7", T2, "ann", "a7", "<body>three</body><x xmlns='" NS_MUC_USER "'><item jid='bao@example'/></x>");
	fake_answer("<after>s4</after>", FIN("true"));
	fake_log("hear gate4 ann <> late key=s5: two\n"
	    "hear gate4 ann <> late key=s7: three\n"
	    "cursor gate4 s7\nroom gate4 live\n");
}

/* D3, ejabberd: no occupant-ids; the single address that the room added. */
static void
test_addresses(void **state)
{
	(void)state;
	joined("s1", T1, false);
	result("s2", T1, "ann", "a2", "<body>one</body><x xmlns='" NS_MUC_USER "'><item jid='Ann@Example/phone'/></x>");
	result("s3", T1, "ann", "a3", "<body>two</body><x xmlns='" NS_MUC_USER "'><item jid='bao@example'/></x>"
	    "<x xmlns='" NS_MUC_USER "'><item jid='ann@example'/></x>");
	result("s4", T1, "ann", "a4", "<body>three</body><x xmlns='" NS_MUC_USER "'><item jid='bao@example'/><item jid='ann@example'/></x>");
	result("s5", T1, "Desk", "o5", "<body>ours</body><x xmlns='" NS_MUC_USER "'><item jid='gate4@hall.example/desk'/></x>");
	result("s6", T1, "Desk", "x6", "<body>not ours</body><x xmlns='" NS_MUC_USER "'><item jid='eve@example'/></x>");
	result("s7", T1, "Desk", "o7", "<body>who knows</body>");
	fake_answer("<after>s1</after>", FIN("true"));
	fake_log("hear gate4 ann <ann@example> late key=s2: one\n"
	    "hear gate4 ann <> late key=s3: two\n"
	    "hear gate4 ann <> late key=s4: three\n"
	    "said o5 s5\n"
	    "hear gate4 Desk <eve@example> late key=s6: not ours\n"
	    "said o7 s7\n"
	    "cursor gate4 s7\nroom gate4 live\n");
}

/* C3: what comes live while pages are read waits; what came both ways is heard once, as live, in its place. */
static void
test_live_meanwhile(void **state)
{
	(void)state;
	joined("s1", T1, true);
	live_line("ann", "a3", "s3", "live and archived");
	live_line("ann", "a4", "s4", "live only");
	fake_log("");
	result("s2", T1, "ann", "a2", "<body>old</body>" OID("oid-ann"));
	result("s3", T1, "ann", "a3", "<body>live and archived</body>" OID("oid-ann"));
	live_line("ann", "a3", "s3", "late comer");
	fake_answer("<after>s1</after>", FIN("true"));
	fake_log("hear gate4 ann <ann@example> late key=s2: old\n"
	    "hear gate4 ann <ann@example> key=s3: live and archived\n"
	    "cursor gate4 s3\nroom gate4 live\n"
	    "hear gate4 ann <ann@example> key=s4: live only\ncursor gate4 s4\n");
}

static void
test_too_many_live(void **state)
{
	int i;
	char id[16];

	(void)state;
	joined("s1", T1, true);
	for (i = 0; i < PARKED_MAX + 5; i++) {
		snprintf(id, sizeof id, "p%d", i);
		live_line("ann", id, id, "flood");
	}
	result("p0", T1, "ann", "p0", "<body>flood</body>" OID("oid-ann"));
	fake_answer("<after>s1</after>", FIN("true"));
	fake_log_skip();
	result("p200", T2, "ann", "p200", "<body>flood</body>" OID("oid-ann"));
	fake_answer("<after>p199</after>", FIN("true"));
	fake_log("hear gate4 ann <ann@example> late key=p200: flood\ncursor gate4 p200\nroom gate4 live\n");
}

/* C16, D6: a result that answers no question of ours is nothing. */
static void
test_forged_results(void **state)
{
	struct wire *w = *state;
	xmpp_stanza_t *s;
	char xml[1024];

	joined("s1", T1, true);
	snprintf(xml, sizeof xml, "<message " NS_XML " from='eve@example'><result xmlns='" NS_MAM "' queryid='%s' id='s2'>"
	    "<forwarded xmlns='" NS_FORWARD "'><message xmlns='jabber:client' type='groupchat' from='" ROOM "/ann'>"
	    "<body>forged</body></message></forwarded></result></message>", fake_question_attribute("queryid"));
	s = xmpp_stanza_new_from_string(fake_ctx(), xml);
	assert_false(archive_result(w, room_find(w, "gate4"), s));
	xmpp_stanza_release(s);
	fake_in("<message " NS_XML " from='" ROOM "'><result xmlns='" NS_MAM "' queryid='guessed' id='s2'>"
	    "<forwarded xmlns='" NS_FORWARD "'><message xmlns='jabber:client' type='groupchat' from='" ROOM "/ann'>"
	    "<body>forged</body></message></forwarded></result></message>");
	result("s2", T1, "ann", "a2", "<body>of another room</body>");
	fake_answer("<after>s1</after>", FIN("true"));
	fake_log("hear gate4 ann <> late key=s2: of another room\ncursor gate4 s2\nroom gate4 live\n");
}

/* C4, Prosody: the cursor's line has expired. */
static void
test_cursor_unknown(void **state)
{
	(void)state;
	joined("s1", T1, true);
	fake_refuse("<after>s1</after>", "item-not-found", "cancel");
	result("s8", "2026-11-23T08:30:00Z", "ann", "a8", "<body>oldest kept</body>");
	fake_answer("<max>1</max>", FIN("false"));
	result("s8", "2026-11-23T08:30:00Z", "ann", "a8", "<body>oldest kept</body>" OID("oid-ann"));
	fake_answer("<value>2026-11-23T07:55:00.000000Z</value>", FIN("false"));
	result("s9", "2026-11-23T08:40:00Z", "ann", "a9", "<body>next</body>" OID("oid-ann"));
	fake_answer("<value>2026-11-23T07:55:00.000000Z</value>", FIN("true"));
	fake_log("gap gate4 2026-11-23T08:00 2026-11-23T08:30\n"
	    "hear gate4 ann <ann@example> late key=s8: oldest kept\ncursor gate4 s8\n"
	    "hear gate4 ann <ann@example> late key=s9: next\ncursor gate4 s9\n"
	    "room gate4 live\n");
}

/* C15: after a long outage it is looked first how far back the archive reaches. */
static void
test_long_outage(void **state)
{
	(void)state;
	joined("s1", "2026-11-20T08:00:00Z", false);
	result("s0", "2026-11-19T08:00:00Z", "ann", "a0", "<body>oldest</body>");
	fake_answer("<max>1</max>", FIN("false"));
	result("s2", T1, "ann", "a2", "<body>new</body>");
	fake_answer("<after>s1</after>", FIN("true"));
	fake_log("hear gate4 ann <> late key=s2: new\ncursor gate4 s2\nroom gate4 live\n");
}

static void
test_expired(void **state)
{
	(void)state;
	joined("s1", "2026-11-10T08:00:00Z", false);
	result("s5", "2026-11-16T08:00:00Z", "ann", "a5", "<body>oldest</body>");
	fake_answer("<max>1</max>", FIN("false"));
	result("s5", "2026-11-16T08:00:00Z", "ann", "a5", "<body>oldest</body>");
	fake_answer("<value>2026-11-10T07:55:00.000000Z</value>", FIN("true"));
	fake_log("gap gate4 2026-11-10T08:00 2026-11-16T08:00\n"
	    "hear gate4 ann <> late key=s5: oldest\ncursor gate4 s5\nroom gate4 live\n");
}

/* C4, ejabberd: empty and complete for an id that it never saw. */
static void
test_empty_is_no_proof(void **state)
{
	(void)state;
	joined("s1", T1, false);
	fake_answer("<after>s1</after>", FIN("true"));
	result("s9", T2, "ann", "a9", "<body>newest</body>");
	fake_answer("<before/>", FIN("false"));
	result("s0", "2026-11-20T08:00:00Z", "ann", "a0", "<body>oldest</body>");
	fake_answer("<max>1</max>", FIN("false"));
	result("s9", T2, "ann", "a9", "<body>newest</body>");
	fake_answer("start", FIN("true"));
	fake_log("hear gate4 ann <> late key=s9: newest\ncursor gate4 s9\nroom gate4 live\n");
}

static void
test_nothing_new(void **state)
{
	(void)state;
	joined("s1", T1, false);
	fake_answer("<after>s1</after>", FIN("true"));
	result("s1", T1, "ann", "a1", "<body>the cursor's</body>");
	fake_answer("<before/>", FIN("false"));
	fake_log("room gate4 live\n");
}

/* The stream is lost and back. */
static void
again(void)
{
	fake_down();
	fake_up();
	fake_in("<presence " NS_XML " from='" ROOM "/Desk'><x xmlns='" NS_MUC_USER "'>"
	    "<item jid='gate4@hall.example/desk' affiliation='owner' role='moderator'/><status code='110'/></x></presence>");
}

/* Nobody had ever said anything: an instant without a cursor, an empty archive, and nothing can be missing. */
static void
test_silent_room(void **state)
{
	(void)state;
	joined(NULL, T1, false);
	fake_answer("<max>1</max>", FIN("true"));
	fake_log("room gate4 live\n");
}

static void
test_archive_emptied(void **state)
{
	(void)state;
	joined("s1", T1, false);
	fake_answer("<after>s1</after>", FIN("true"));
	fake_answer("<before/>", FIN("true"));
	fake_answer("<max>1</max>", FIN("true"));
	fake_log("gap gate4 2026-11-23T08:00 2026-11-23T09:00\nroom gate4 live\n");
	again();	/* still empty: what was missing was told */
	fake_answer("<after>s1</after>", FIN("true"));
	fake_answer("<before/>", FIN("true"));
	fake_answer("<max>1</max>", FIN("true"));
	fake_log("room gate4 out\nroom gate4 joining\nroom gate4 live\n");
	again();	/* what it holds now came since: nothing is missing */
	fake_refuse("<after>s1</after>", "item-not-found", "cancel");
	result("s7", "2026-11-23T10:00:00Z", "ann", "a7", "<body>since</body>");
	fake_answer("<max>1</max>", FIN("true"));
	result("s7", "2026-11-23T10:00:00Z", "ann", "a7", "<body>since</body>");
	fake_answer("2026-11-23T08:55:00", FIN("true"));
	fake_log("room gate4 out\nroom gate4 joining\nhear gate4 ann <> late key=s7: since\ncursor gate4 s7\nroom gate4 live\n");
}

static void
test_refused_and_slow(void **state)
{
	(void)state;
	joined("s1", T1, true);
	fake_timeout("<after>s1</after>");
	fake_asks_nothing();
	fake_ticks(10);
	fake_refuse("<after>s1</after>", "resource-constraint", "wait");
	fake_ticks(10);
	fake_refuse("<after>s1</after>", "forbidden", "auth");
	fake_log("gap gate4 2026-11-23T08:00 2026-11-23T09:00\n"
	    "room gate4 live: the room's archive can not be read (forbidden)\n");
}

/* A stream lost between two pages: the next join goes on from the last whole page. */
static void
test_lost_while_paging(void **state)
{
	(void)state;
	joined("s1", T1, true);
	result("s2", T1, "ann", "a2", "<body>one</body>" OID("oid-ann"));
	fake_answer("<after>s1</after>", FIN("false"));
	result("s3", T1, "ann", "a3", "<body>two</body>" OID("oid-ann"));
	fake_down();
	fake_log("hear gate4 ann <ann@example> late key=s2: one\ncursor gate4 s2\n"
	    "hear gate4 ann <ann@example> late key=s3: two\nroom gate4 out\n");
	fake_up();
	fake_in("<presence " NS_XML " from='" ROOM "/Desk'><x xmlns='" NS_MUC_USER "'>"
	    "<item jid='gate4@hall.example/desk' affiliation='owner' role='moderator'/><status code='110'/></x></presence>");
	fake_answer("<after>s2</after>", FIN("true"));
	result("s2", T1, "ann", "a2", "<body>one</body>");
	fake_answer("<before/>", FIN("true"));
	fake_log("room gate4 joining\nroom gate4 live\n");
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, open_hall, close_hall)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_no_cursor), TEST(test_pages), TEST(test_addresses), TEST(test_live_meanwhile),
		TEST(test_too_many_live), TEST(test_forged_results), TEST(test_cursor_unknown),
		TEST(test_empty_is_no_proof), TEST(test_nothing_new), TEST(test_long_outage), TEST(test_expired), TEST(test_silent_room), TEST(test_archive_emptied),
		TEST(test_refused_and_slow), TEST(test_lost_while_paging),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
