#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "room_fake.h"

#define ROOM	"gate4@muc.example"
#define SELF	"<item jid='gate4@hall.example/desk' affiliation='owner' role='moderator'/><status code='110'/>"
#define FORM(fields)	"<query xmlns='" NS_MUC_OWNER "'><x xmlns='" NS_DATA "' type='form'>" fields "</x></query>"
#define BOOL(var, value)	"<field var='" var "' type='boolean'><value>" value "</value></field>"
#define ADMINS(items)	"<query xmlns='" NS_MUC_ADMIN "'>" items "</query>"
#define FEATURES	"<query xmlns='" NS_DISCO_INFO "'><feature var='" NS_MAM "'/></query>"
#define FIN	"<fin xmlns='" NS_MAM "' complete='true'/>"

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

static void
ours_in(const char *nick, const char *x)
{
	fake_in("<presence " NS_XML " from='" ROOM "/%s'><x xmlns='" NS_MUC_USER "'>%s</x></presence>", nick, x);
}

static void
ours_out(const char *nick, const char *x)
{
	fake_in("<presence " NS_XML " type='unavailable' from='" ROOM "/%s'><x xmlns='" NS_MUC_USER "'>"
	    "<item affiliation='none' role='none'/><status code='110'/>%s</x></presence>", nick, x);
}

static void
join_error(const char *condition, const char *type)
{
	fake_in("<presence " NS_XML " type='error' from='" ROOM "/Desk'><error type='%s'><%s xmlns='" NS_STANZAS "'/></error></presence>",
	    type, condition);
}

static void
live(void)
{
	fake_room("gate4", NULL, 0);
	fake_up();
	fake_join(true);
	fake_answer("<before/>", FIN);
	fake_log("room gate4 joining\nroom gate4 live\n");
	fake_sent("<history");
}

/* Joined again with everything known: only the archive is asked. */
static void
back(void)
{
	fake_sent("to=\"" ROOM "/Desk\"");
	ours_in("Desk", SELF);
	fake_answer("<before/>", FIN);
	fake_log("room gate4 joining\nroom gate4 live\n");
}

static void
test_create(void **state)
{
	(void)state;
	fake_room("gate4", NULL, 0);
	fake_log("");
	fake_up();
	fake_sent("to=\"" ROOM "/Desk\"");
	ours_in("Desk", SELF "<status code='201'/>");
	/* filled: what is offered, and the whole of it is sent though one field is right already: the room is locked */
	fake_answer("type=\"get\"", FORM(BOOL("muc#roomconfig_persistentroom", "0") BOOL("muc#roomconfig_enablearchiving", "1")
	    "<field var='muc#roomconfig_whois' type='list-single'><value>moderators</value>"
	    "<option><value>moderators</value></option><option><value>anyone</value></option></field>"
	    "<field var='muc#roomconfig_allowpm' type='list-single'><value>x</value><option><value>x</value></option></field>"
	    BOOL("x#unknown", "1")));
	fake_answer("<field var=\"muc#roomconfig_persistentroom\"><value>1</value></field>"
	    "<field var=\"muc#roomconfig_whois\"><value>moderators</value></field>"
	    "<field var=\"muc#roomconfig_enablearchiving\"><value>1</value></field></x>", "");
	fake_answer("type=\"get\"", FORM(BOOL("muc#roomconfig_persistentroom", "true") BOOL("muc#roomconfig_enablearchiving", "0")
	    "<field var='muc#roomconfig_whois' type='list-single'><value>moderators</value></field>"));
	fake_answer("affiliation=\"owner\"", ADMINS("<item affiliation='owner' jid='gate4@hall.example'/>"));
	fake_answer("affiliation=\"admin\"", ADMINS("<item affiliation='admin' jid='LI@example'/>"));
	fake_refuse("jid=\"bao@example\"", "not-acceptable", "cancel");
	fake_answer("disco#info", FEATURES);
	fake_answer("<before/>", FIN);
	fake_log("room gate4 joining\nroom gate4 live: the server refused: archiving\n");
}

/* B11: the room should have been there. */
static void
test_created_again(void **state)
{
	(void)state;
	fake_room("gate4", "s1", 1);
	fake_up();
	ours_in("Desk", SELF "<status code='201'/>");
	fake_answer("muc#owner", FORM(""));
	fake_answer("type=\"submit\"", "");
	fake_answer("muc#owner", FORM(""));
	fake_answer("owner", ADMINS(""));
	fake_answer("admin", ADMINS(""));
	fake_answer("bao@example", "");
	fake_answer("li@example", "");
	fake_answer("disco#info", "<query xmlns='" NS_DISCO_INFO "'/>");
	fake_log("room gate4 joining\n"
	    "gap gate4 1970-01-01T00:00 2026-11-23T09:00\n"
	    "room gate4 live: the server had lost this room: it was created again, its archive there may be gone; "
	    "the room keeps no archive: what is said while the hall is away is lost to it\n");
}

static void
test_not_owner(void **state)
{
	(void)state;
	fake_room("gate4", NULL, 0);
	fake_up();
	ours_in("Desk", "<item affiliation='none' role='visitor'/><status code='110'/>");
	fake_answer("disco#info", FEATURES);
	fake_answer("<before/>", FIN);
	fake_log("room gate4 joining\nroom gate4 readonly: the desk is a visitor: it can only listen; "
	    "the desk does not own this room: make gate4@hall.example its owner\n");
}

/* B6: a name with a line under it, and ours again as soon as it is free. */
static void
test_conflict(void **state)
{
	struct wire *w = *state;

	fake_room("gate4", NULL, 0);
	fake_up();
	fake_sent("/Desk\"");
	join_error("conflict", "cancel");
	fake_sent("/Desk_\"");
	ours_in("Desk_", SELF);
	fake_answer("muc#owner", FORM(""));
	fake_answer("owner", ADMINS("<item affiliation='owner' jid='bao@example'/>"));
	fake_answer("admin", ADMINS("<item affiliation='admin' jid='li@example'/>"));
	fake_answer("disco#info", FEATURES);
	fake_answer("<before/>", FIN);
	fake_log("room gate4 joining\nroom gate4 live\n");
	fake_ticks(299);
	fake_sent_nothing();
	fake_ticks(1);
	fake_sent("/Desk\"");
	join_error("conflict", "cancel");
	assert_string_equal(room_find(w, "gate4")->nick, "Desk_");
	fake_ticks(300);
	fake_sent("/Desk\"");
	fake_in("<presence " NS_XML " type='unavailable' from='" ROOM "/Desk_'><x xmlns='" NS_MUC_USER "'>"
	    "<item nick='Desk' role='moderator'/><status code='303'/><status code='110'/></x></presence>");
	ours_in("Desk", SELF);
	assert_string_equal(room_find(w, "gate4")->nick, "Desk");
	assert_int_equal(w->count.occupants, 1);
	fake_ticks(301);
	fake_sent_nothing();
	fake_log("");
}

static void
test_every_name_taken(void **state)
{
	int i;

	(void)state;
	fake_room("gate4", NULL, 0);
	fake_up();
	for (i = 0; i < 6; i++)
		join_error("conflict", "cancel");
	fake_log("room gate4 joining\nroom gate4 out: every nickname of the desk is taken by somebody else\n");
}

/* B9: each way out, and the way back. */
static void
test_removed(void **state)
{
	struct wire *w = *state;

	live();
	assert_int_equal(w->count.live, 1);
	ours_out("Desk", "<status code='307'/>");
	assert_int_equal(w->count.live, 0);
	fake_log("room gate4 out: the desk was kicked out of the room\n");
	fake_ticks(30);
	fake_room("gate4", NULL, 0);	/* the same list again shortens nothing */
	fake_ticks(29);
	fake_sent_nothing();
	fake_ticks(1);
	back();
	ours_out("Desk", "<status code='307'/>");	/* again: twice as long */
	fake_log("room gate4 out: the desk was kicked out of the room\n");
	fake_ticks(119);
	fake_sent_nothing();
	fake_ticks(1);
	back();
	ours_out("Desk", "<status code='307'/><status code='333'/>");	/* B1: a kick by error */
	fake_log("room gate4 out\n");
	fake_ticks(10);
	back();
	ours_out("Desk", "<status code='332'/>");
	fake_log("room gate4 out\n");
	fake_ticks(10);
	back();
	ours_out("Desk", "<status code='301'/>");
	fake_log("room gate4 dead: the desk was banned from the room: make it owner again\n");
	fake_ticks(3599);
	fake_sent_nothing();
	fake_ticks(1);
	fake_sent("/Desk\"");
	fake_log("room gate4 joining\n");
	join_error("forbidden", "auth");
	fake_log("room gate4 dead: the desk is banned from the room: make it owner\n");
}

/* B10: never made anew by ourselves, not even after a new stream. */
static void
test_destroyed(void **state)
{
	struct wire *w = *state;
	struct room_spec changed = { .code = "gate4", .title = "anew" };

	live();
	ours_out("Desk", "<destroy jid='trap@muc.example'><reason>x</reason></destroy>");
	fake_log("room gate4 dead: the room was destroyed; change its row in the roster, or restart, to make it anew\n");
	fake_ticks(8000);
	fake_down();
	fake_up();
	fake_ticks(2);
	fake_sent_nothing();
	wire_rooms(w, &changed, 1);
	fake_ticks(1);
	fake_sent("/Desk\"");
	fake_log("room gate4 joining\n");
	fake_down();
}

static void
test_refused(void **state)
{
	(void)state;
	fake_room("gate4", NULL, 0);
	fake_up();
	join_error("gone", "cancel");	/* Prosody, long after the room was destroyed */
	fake_log("room gate4 joining\nroom gate4 dead: the room was destroyed and the service remembers it: "
	    "end its tombstone (muc_tombstones), or use another code\n");
	fake_down();
	fake_up();
	join_error("registration-required", "auth");
	fake_log("room gate4 joining\nroom gate4 dead: the room is for members only and the desk is none: make it owner\n");
	fake_down();
	fake_up();
	join_error("resource-constraint", "wait");
	fake_log("room gate4 joining\nroom gate4 out: too many rooms or occupants: "
	    "raise the service's limit (max_user_conferences, max_users)\n");
	fake_ticks_until_heard(90);
	fake_log("room gate4 joining\n");
}

/* B17: at most two unanswered here; the silent one gives its place to the next. */
static void
test_paced(void **state)
{
	struct wire *w = *state;
	struct room_spec specs[] = { { .code = "r1" }, { .code = "r2" }, { .code = "r3" } };

	wire_rooms(w, specs, 3);
	assert_int_equal(w->count.rooms, 3);
	fake_up();
	fake_sent("r1@muc.example/Desk");
	fake_sent("r2@muc.example/Desk");
	fake_sent_nothing();
	fake_log("room r1 joining\nroom r2 joining\n");
	fake_ticks(30);
	fake_sent("r3@muc.example/Desk");
	fake_log("room r1 out: the join was not answered\nroom r2 out: the join was not answered\nroom r3 joining\n");
	fake_ticks(1);
	fake_sent("r1@muc.example/Desk");
	fake_log("room r1 joining\n");
	wire_rooms(w, specs, 1);
	fake_sent("unavailable");	/* r3 */
	fake_ticks(1);
	assert_int_equal(w->count.rooms, 1);
	assert_null(room_find(w, "r2"));
}

/* B4, B5: the self-ping, what it proves and what not. */
static void
test_self_ping(void **state)
{
	(void)state;
	live();
	fake_ticks(899 - SILENCE / 5);
	fake_asks_nothing();
	fake_ticks(1 + SILENCE / 5);
	fake_answer("to=\"" ROOM "/Desk\"", "");
	fake_ticks(SILENCE + SILENCE / 5);
	fake_refuse("urn:xmpp:ping", "remote-server-timeout", "wait");
	fake_ticks(60);
	fake_refuse("urn:xmpp:ping", "service-unavailable", "cancel");
	fake_log("");
	fake_ticks(SILENCE + SILENCE / 5);
	fake_refuse("urn:xmpp:ping", "not-acceptable", "cancel");
	fake_log("room gate4 out\n");
	fake_ticks(1);
	back();
}

static void
test_demoted(void **state)
{
	struct reply reply = { .way = WAY_ROOM, .id = "o1", .room = "gate4", .text = "x" };

	live();
	ours_in("Desk", "<item affiliation='none' role='visitor'/><status code='110'/>");
	fake_log("room gate4 readonly: the desk is a visitor: it can only listen\n");
	assert_false(room_say(*state, &reply));
	fake_in("<message " NS_XML " type='groupchat' from='" ROOM "/ann' id='a1'><body>hi</body></message>");
	fake_log("hear gate4 ann <ann@example> key=ann@example a1 no-sid: hi\n");
	ours_in("Desk", SELF);
	fake_log("room gate4 live\n");
	assert_true(room_say(*state, &reply));
}

/* B20: somebody changed the room's form: ours again. */
static void
test_form_changed(void **state)
{
	(void)state;
	live();
	fake_in("<message " NS_XML " type='groupchat' from='" ROOM "'><x xmlns='" NS_MUC_USER "'><status code='172'/></x></message>");
	fake_answer("muc#owner", FORM("<field var='muc#roomconfig_whois' type='list-single'><value>anyone</value>"
	    "<option><value>moderators</value></option><option><value>anyone</value></option></field>"));
	fake_answer("<value>moderators</value>", "");
	fake_answer("muc#owner", FORM("<field var='muc#roomconfig_whois' type='list-single'><value>moderators</value></field>"));
	fake_answer("owner", ADMINS("<item affiliation='owner' jid='bao@example'/>"));
	fake_answer("admin", ADMINS("<item affiliation='admin' jid='li@example'/>"));
	fake_answer("disco#info", FEATURES);
	fake_log("room gate4 live\n");
	/* a resident can not make us look */
	fake_in("<message " NS_XML " type='groupchat' from='" ROOM "/ann'><x xmlns='" NS_MUC_USER "'><status code='104'/></x></message>");
	fake_asks_nothing();
}

/* Who is no longer staff loses the right to see addresses. */
static void
test_staff_changed(void **state)
{
	struct wire *w = *state;
	const char *staff[] = { "bao@example", NULL };
	struct room_spec spec = { .code = "gate4", .title = "Gate 4", .description = "kept 7 days", .lang = "zh-Hans",
		.owner = "chen@example", .staff = staff };

	live();
	wire_rooms(w, &spec, 1);
	fake_answer("muc#owner", FORM(""));
	fake_answer("owner", ADMINS("<item affiliation='owner' jid='bao@example'/>"));
	fake_answer("admin", ADMINS("<item affiliation='admin' jid='li@example'/>"));
	fake_answer("chen@example", "");
	fake_answer("affiliation=\"admin\"", "");
	fake_answer("affiliation=\"none\"", "");
	fake_answer("disco#info", FEATURES);
	fake_log("room gate4 live\n");
}

/* Presence teaches who is who; two <x/> in one prove nothing. */
static void
test_occupants(void **state)
{
	struct wire *w = *state;
	struct room *r;

	live();
	r = room_find(w, "gate4");
	assert_ptr_equal(room_by_jid(w, ROOM), r);
	assert_null(room_by_jid(w, "gate4@elsewhere.example"));
	assert_string_equal(room_who(r, "ann"), "ann@example");
	assert_string_equal(room_nick_of(r, "ann@example"), "ann");
	ours_in("eve", "<item jid='bao@example' role='participant'/></x><x xmlns='" NS_MUC_USER "'>"
	    "<item jid='eve@example' role='participant'/>");
	assert_null(room_who(r, "eve"));
	assert_int_equal(w->count.occupants, 3);
	ours_out("ann", "");
	fake_log("room gate4 out\n");	/* 110: the server says that ann is we */
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, open_hall, close_hall)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_create), TEST(test_created_again), TEST(test_not_owner), TEST(test_conflict),
		TEST(test_every_name_taken), TEST(test_removed), TEST(test_destroyed), TEST(test_refused),
		TEST(test_paced), TEST(test_self_ping), TEST(test_demoted), TEST(test_form_changed),
		TEST(test_staff_changed), TEST(test_occupants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
