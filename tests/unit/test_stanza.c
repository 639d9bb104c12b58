#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "wire/internal.h"

static struct event_base *base;

static int
open_wire(void **state)
{
	const struct wire_conf conf = {
		.component = "hall.example", .server = "127.0.0.1", .port = 1, .secret = "s", .muc = "muc.example",
		.nick = "Desk", .staff = "hall", .version = "1", .say_max = 10, .stanza_max = 1000,
	};

	base = event_base_new();
	*state = wire_new(base, &conf, &(struct ear){ 0 });
	return 0;
}

static int
close_wire(void **state)
{
	wire_free((struct wire **)state);
	event_base_free(base);
	return 0;
}

/* The order of attributes is libstrophe's: no test may know it. */
static void
has(xmpp_stanza_t *st, const char *attribute, const char *expected)
{
	const char *got = xmpp_stanza_get_attribute(st, attribute);

	if (expected == NULL)
		assert_null(got);
	else {
		assert_non_null(got);
		assert_string_equal(got, expected);
	}
}

static void
prepared(struct wire *w, const char *jid, const char *expected)
{
	char *bare = jid_bare(w, jid);

	if (expected == NULL)
		assert_null(bare);
	else {
		assert_non_null(bare);
		assert_string_equal(bare, expected);
	}
	free(bare);
}

static void
test_bare(void **state)
{
	char long_node[1100];

	prepared(*state, "ann@example.org/phone", "ann@example.org");
	prepared(*state, "Ann@Example.ORG/a@b/c", "ann@example.org");
	prepared(*state, "example.org/x@y", "example.org");
	prepared(*state, "王芳@Bücher.example", "王芳@bücher.example");
	prepared(*state, "ＡＮＮ@example", "ann@example");	/* compatibility forms */
	prepared(*state, "stra\xc3\x9f" "e@example", "strasse@example");
	prepared(*state, "\xf0\xb3\x84\xbd@example", "\xf0\xb3\x84\xbd@example");	/* CJK extension H, unknown to Unicode 3.2 */
	prepared(*state, "", NULL);
	prepared(*state, "@example", NULL);
	prepared(*state, "ann@", NULL);
	prepared(*state, "/x", NULL);
	prepared(*state, "a b@example", NULL);
	prepared(*state, "a@b@example", NULL);
	prepared(*state, "a\xef\xbc\xa0" "b@example", NULL);	/* a full-width @ */
	prepared(*state, "a@b\xef\xbc\xa0" "example", NULL);
	prepared(*state, "a\xff@example", NULL);
	memset(long_node, 'a', sizeof long_node);
	memcpy(long_node + 1030, "@b", 3);
	prepared(*state, long_node, NULL);
}

static void
test_parts(void **state)
{
	char *local = jid_local("gate4@hall/a@b");

	(void)state;
	assert_string_equal(local, "gate4");
	free(local);
	assert_null(jid_local("hall/a@b"));
	assert_null(jid_local("@hall"));
	assert_string_equal(jid_resource("a@b/c/d"), "c/d");
	assert_null(jid_resource("a@b"));
	assert_null(jid_resource("a@b/"));
	assert_true(jid_at("a@Hall.example/x", "hall.example"));
	assert_true(jid_at("hall.example", "hall.example"));
	assert_false(jid_at("a@hall.example.evil", "hall.example"));
	assert_false(jid_at("hall.example@evil", "hall.example"));
	assert_false(jid_at("evil/x@hall.example", "hall.example"));
	assert_false(jid_at("ll.example", "hall.example"));
}

static void
test_build(void **state)
{
	struct wire *w = *state;
	xmpp_stanza_t *st = stanza_make(w, "message", "gate4", "desk", "a@b", NULL, NULL), *q;

	stanza_text(w, st, "body", "a\x01<\xff>");
	assert_string_equal(xmpp_stanza_get_name(st), "message");
	has(st, "from", "gate4@hall.example/desk");
	has(st, "to", "a@b");
	has(st, "type", NULL);
	has(st, "id", NULL);
	assert_string_equal(child_text(st, "body", NULL), "a\xef\xbf\xbd<\xef\xbf\xbd>");
	xmpp_stanza_release(st);

	st = stanza_make(w, "iq", NULL, NULL, NULL, "get", "7");
	has(st, "from", "hall.example");
	has(st, "type", "get");
	has(st, "id", "7");
	has(st, "to", NULL);
	q = stanza_child(w, st, "q", "u:q");
	/* cut at a code point: ten bytes hold three characters of three bytes */
	xmpp_stanza_set_ns(stanza_text(w, q, "t", "你好你好"), "u:t");
	assert_ptr_equal(child_ns(st, "q", "u:q"), q);
	assert_string_equal(child_text(q, "t", "u:t"), "你好你");
	xmpp_stanza_release(st);
}

static void
test_answer(void **state)
{
	struct wire *w = *state;
	xmpp_stanza_t *a, *st;

	st = xmpp_stanza_new_from_string(stream_ctx(w->stream), "<iq from='a@b/c' to='hall.example' id='1' type='get'/>");
	a = stanza_answer(w, st, "result");
	assert_string_equal(xmpp_stanza_get_name(a), "iq");
	has(a, "id", "1");
	has(a, "to", "a@b/c");
	has(a, "from", "hall.example");
	has(a, "type", "result");
	xmpp_stanza_release(a);
	xmpp_stanza_release(st);
}

static void
test_children(void **state)
{
	struct wire *w = *state;
	xmpp_stanza_t *st = xmpp_stanza_new_from_string(stream_ctx(w->stream),
	    "<m xmlns='u:m'>x<a xmlns='u:1'>one</a><a xmlns='u:2'/><b>two<c/>three</b></m>");

	assert_string_equal(child_text(st, "a", "u:1"), "one");
	assert_string_equal(child_text(st, "a", "u:2"), "");
	assert_null(child_text(st, "a", "u:3"));
	assert_string_equal(child_text(st, "b", NULL), "two");
	assert_string_equal(xmpp_stanza_get_name(child_ns(st, NULL, NULL)), "a");
	assert_null(child_ns(st, "c", NULL));
	assert_string_equal(element_text(st), "x");
	xmpp_stanza_release(st);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bare), cmocka_unit_test(test_parts), cmocka_unit_test(test_build),
		cmocka_unit_test(test_answer), cmocka_unit_test(test_children),
	};

	return cmocka_run_group_tests(tests, open_wire, close_wire);
}
