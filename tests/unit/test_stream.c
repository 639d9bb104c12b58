/*
 * The stream against a server of this file's own: a listener on loopback in the same
 * event loop, whose next words each test writes down beforehand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>

#include "base/log.h"
#include "base/str.h"
#include "wire/internal.h"

#define DECL	"<?xml version='1.0'?>"
#define HEADER	DECL "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' " \
		"xmlns='jabber:component:accept' id='3BF96D32' from='hall.example'>"
#define REFUSE(condition) "<stream:error><" condition " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>"
#define LAST	"<message from='a@example' to='hall@hall.example'><body>last</body></message>"

/* One end to talk with, and what was seen of it. */
struct world {
	struct event_base	*base;
	struct evconnlistener	*listener;
	struct bufferevent	*peer;
	struct stream		*stream;
	int			 accepted, ups, downs;
	bool			 deaf, mute;	/* the peer reads nothing; says nothing at all */
	const char		*verdict;	/* after the handshake; NULL: <handshake/> */
	struct buf		 got;		/* what the peer received */
	struct buf		 stanzas;	/* bodies heard, a line each */
	struct err		 why;
	bool			 close_on_stanza;
};

/* --- the server --- */

static void
tell(struct world *w, const char *s)
{
	bufferevent_write(w->peer, s, strlen(s));
}

static void
on_peer_readable(struct bufferevent *bev, void *arg)
{
	struct world *w = arg;
	char data[4096];
	size_t n;
	bool had_hello = w->got.s != NULL && strstr(w->got.s, "to='hall.example'>") != NULL;
	bool had_shake = w->got.s != NULL && strstr(w->got.s, "</handshake>") != NULL;

	while ((n = bufferevent_read(bev, data, sizeof data)) > 0)
		buf_addn(&w->got, data, n);
	if (w->mute || w->got.s == NULL)
		return;
	if (!had_hello && strstr(w->got.s, "to='hall.example'>") != NULL)
		tell(w, HEADER);
	if (!had_shake && strstr(w->got.s, "</handshake>") != NULL) {
		tell(w, w->verdict != NULL ? w->verdict : "<handshake/>");
		if (w->deaf)
			bufferevent_disable(bev, EV_READ);
	}
}

static void
on_accept(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *sa, int len, void *arg)
{
	struct world *w = arg;

	(void)l, (void)sa, (void)len;
	if (w->peer != NULL)
		bufferevent_free(w->peer);
	w->accepted++;
	w->got.len = 0;
	if (w->got.s != NULL)
		w->got.s[0] = '\0';
	w->peer = bufferevent_socket_new(w->base, fd, BEV_OPT_CLOSE_ON_FREE);
	bufferevent_setcb(w->peer, on_peer_readable, NULL, NULL, w);
	bufferevent_enable(w->peer, EV_READ | EV_WRITE);
}

/* --- the ear --- */

static void
on_stanza(void *arg, xmpp_stanza_t *st)
{
	struct world *w = arg;
	const char *body = child_text(st, "body", NS_CLIENT);

	buf_addf(&w->stanzas, "%s\n", body != NULL && strlen(body) < 100 ? body : xmpp_stanza_get_name(st));
	if (w->close_on_stanza)
		stream_close(w->stream);
}

static void
on_state(void *arg, enum wire_state state, const struct err *why)
{
	struct world *w = arg;

	w->ups += state == WIRE_UP;
	w->downs += state == WIRE_DOWN;
	if (state == WIRE_DOWN)
		w->why = *why;
}

/* --- the loop --- */

static double
seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Runs until *count reaches n; false after `limit` seconds. */
static bool
until(struct world *w, const int *count, int n, double limit)
{
	static const struct timespec nap = { 0, 1000000 };
	double end = seconds() + limit;

	while (*count < n) {
		if (seconds() > end)
			return false;
		event_base_loop(w->base, EVLOOP_NONBLOCK);
		nanosleep(&nap, NULL);
	}
	return true;
}

static void
run(struct world *w, double for_s)
{
	int never = 0;

	until(w, &never, 1, for_s);
}

static struct world *
world_new(struct event_base *base, const char *server, int ping_every)
{
	struct world *w = calloc(1, sizeof *w);
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof sin;
	struct wire_conf conf = {
		.component = "hall.example", .server = server, .secret = "test", .muc = "muc.example",
		.backoff_max = 60, .ping_every = ping_every, .stanza_max = 524288,
	};

	log_set_level(LOG_ERROR);
	w->base = base;
	w->listener = evconnlistener_new_bind(base, on_accept, w, LEV_OPT_CLOSE_ON_FREE, 8, (struct sockaddr *)&sin, sizeof sin);
	assert_non_null(w->listener);
	assert_int_equal(getsockname(evconnlistener_get_fd(w->listener), (struct sockaddr *)&sin, &len), 0);
	conf.port = ntohs(sin.sin_port);
	w->stream = stream_new(base, &conf, &(struct stream_calls){ w, on_stanza, on_state });
	return w;
}

static void
world_free(struct world *w)
{
	stream_free(&w->stream);
	if (w->peer != NULL)
		bufferevent_free(w->peer);
	evconnlistener_free(w->listener);
	buf_free(&w->got);
	buf_free(&w->stanzas);
	free(w);
}

static int
open_world(void **state)
{
	*state = world_new(event_base_new(), "127.0.0.1", 60);
	return 0;
}

static int
close_world(void **state)
{
	struct world *w = *state;
	struct event_base *base = w->base;

	world_free(w);
	event_base_free(base);
	return 0;
}

static void
up(struct world *w)
{
	stream_open(w->stream);
	assert_true(until(w, &w->ups, 1, 5));
	assert_int_equal(stream_state(w->stream), WIRE_UP);
}

/* The server says this and the stream lives: what was heard of it. */
static void
hears(struct world *w, const char *said, const char *heard)
{
	w->stanzas.len = 0;
	tell(w, said);
	tell(w, LAST);
	run(w, 0.3);
	assert_int_equal(w->downs, 0);
	assert_non_null(w->stanzas.s);
	assert_string_equal(w->stanzas.s, heard);
}

/* ... and the stream ends for this reason. */
static void
ends(struct world *w, const char *said, enum fault fault, const char *why)
{
	tell(w, said);
	assert_true(until(w, &w->downs, 1, 5));
	assert_int_equal(w->why.fault, fault);
	assert_non_null(strstr(w->why.text, why));
}

/* ... and the server is told which rule of XML or XMPP it broke. */
static void
told(struct world *w, const char *condition)
{
	run(w, 0.2);
	assert_non_null(strstr(w->got.s, "<stream:error>"));
	assert_non_null(strstr(w->got.s, condition));
	assert_non_null(strstr(w->got.s, "</stream:stream>"));
}

/* --- handshake --- */

static void
test_handshake(void **state)
{
	struct world *w = *state;

	up(w);
	/* printf 3BF96D32test | sha1sum */
	assert_non_null(strstr(w->got.s, "<handshake>aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e</handshake>"));
	hears(w, "<message from='a@example' to='hall@hall.example'><body>one &lt;&#x4f60;</body></message>", "one <你\nlast\n");
}

static void
refused(struct world *w, const char *verdict, enum fault fault, const char *why)
{
	w->verdict = verdict;
	stream_open(w->stream);
	assert_true(until(w, &w->downs, 1, 5));
	assert_int_equal(w->ups, 0);
	assert_int_equal(w->why.fault, fault);
	assert_non_null(strstr(w->why.text, why));
}

static void
test_host_unknown(void **state)
{
	refused(*state, REFUSE("host-unknown"), FAULT_ABSENT, "does not know the component hall.example");
}

static void
test_conflict(void **state)
{
	refused(*state, REFUSE("conflict"), FAULT_CLASH, "end the other hall");
}

static void
test_other_error(void **state)
{
	refused(*state, REFUSE("invalid-from"), FAULT_BUG, "invalid-from");
}

static void
test_no_xmpp(void **state)
{
	struct world *w = *state;

	w->mute = true;
	stream_open(w->stream);
	assert_true(until(w, &w->accepted, 1, 5));
	ends(w, "<html>hello</html>", FAULT_USAGE, "no XMPP server");
}

/* Fifteen seconds, for both at once: nobody answers; and a refused secret is not tried again so soon. */
static void
test_patience(void **state)
{
	struct world *silent = *state, *wrong = world_new(silent->base, "127.0.0.1", 60);
	double begin = seconds();

	silent->mute = true;
	stream_open(silent->stream);
	refused(wrong, REFUSE("not-authorized"), FAULT_DENIED, "equal to component_secret");
	assert_true(until(silent, &silent->downs, 1, 20));
	assert_true(seconds() - begin > 14);
	assert_non_null(strstr(silent->why.text, "did not answer within 15 seconds"));
	assert_int_equal(wrong->accepted, 1);
	world_free(wrong);
}

static void
test_no_listener(void **state)
{
	struct world *w = *state;

	evconnlistener_free(w->listener);
	w->listener = NULL;
	stream_open(w->stream);
	assert_true(until(w, &w->downs, 1, 5));
	assert_non_null(strstr(w->why.text, "can not reach the server at 127.0.0.1"));
	w->listener = evconnlistener_new_bind(w->base, on_accept, w, LEV_OPT_CLOSE_ON_FREE, 8,
	    (struct sockaddr *)&(struct sockaddr_in){ .sin_family = AF_INET }, sizeof(struct sockaddr_in));
}

static void
test_name_for_address(void **state)
{
	struct world *old = *state, *w = world_new(old->base, "localhost", 60);

	stream_open(w->stream);
	assert_true(until(w, &w->downs, 1, 5));
	assert_int_equal(w->why.fault, FAULT_USAGE);
	assert_non_null(strstr(w->why.text, "numeric"));
	world_free(w);
}

/* --- what comes in --- */

static void
test_namespaces(void **state)
{
	struct world *w = *state;

	up(w);
	/* a body of another namespace is none; a prefix changes nothing; a foreign stanza is none of ours */
	hears(w, "<message from='a@b' to='c@hall.example'><body xmlns='urn:x'>no</body></message>"
	    "<c:message xmlns:c='jabber:component:accept' from='a@b' to='c@hall.example'><c:body>yes</c:body></c:message>"
	    "<message xmlns='jabber:client' from='a@b' to='c@hall.example'><body>foreign</body></message> \n ",
	    "message\nyes\nlast\n");
}

static void
test_malformed(void **state)
{
	up(*state);
	ends(*state, "<message></presence>", FAULT_BUG, "not well-formed");
	told(*state, "<not-well-formed xmlns=\"urn:ietf:params:xml:ns:xmpp-streams\"/>");
}

static void
test_second_declaration(void **state)
{
	up(*state);
	ends(*state, DECL "<message/>", FAULT_BUG, "not well-formed");
}

static void
test_comment(void **state)
{
	up(*state);
	ends(*state, "<message><!-- x --></message>", FAULT_BUG, "a comment");
	told(*state, "<restricted-xml ");
}

static void
test_instruction(void **state)
{
	up(*state);
	ends(*state, "<message><?do this?></message>", FAULT_BUG, "a processing instruction");
}

static void
test_doctype(void **state)
{
	struct world *w = *state;

	w->mute = true;
	stream_open(w->stream);
	assert_true(until(w, &w->accepted, 1, 5));
	ends(w, DECL "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>" "<x>&b;</x>", FAULT_BUG,
	    "a document type declaration");
}

/* `head`, then `middle` n times, then `tail`. */
static char *
many(const char *head, const char *middle, size_t n, const char *tail)
{
	struct buf b = { 0 };

	buf_add(&b, head);
	while (n-- > 0)
		buf_add(&b, middle);
	buf_add(&b, tail);
	return b.s;
}

/* What hears() logs, as one string. Yours. */
static char *
log_of(struct world *w, const char *said, const char *heard)
{
	FILE *f = tmpfile();
	int old = dup(STDERR_FILENO);
	char *text = calloc(1, 2000);

	assert_true(f != NULL && old != -1 && text != NULL);
	log_set_level(LOG_WARN);
	dup2(fileno(f), STDERR_FILENO);
	hears(w, said, heard);
	dup2(old, STDERR_FILENO);
	log_set_level(LOG_ERROR);
	close(old);
	rewind(f);
	assert_true(fread(text, 1, 1999, f) < 1999);
	fclose(f);
	return text;
}

static void
test_too_large(void **state)
{
	struct world *w = *state;
	char *s = many("<message><body>", "0123456789", 53000, "</body></message>"), *log;

	up(w);
	log = log_of(w, s, "last\n");
	assert_non_null(strstr(log, "a stanza is skipped: it is too large\n"));
	assert_ptr_equal(strchr(log, '\n') + 1, log + strlen(log));	/* one line */
	free(log);
	free(s);
	s = many("<message><body>", "0123456789", 52000, "</body></message>");
	hears(w, s, "message\nlast\n");
	free(s);
}

static void
test_endless(void **state)
{
	char *s = many("<message><body>", "0123456789", 430000, "");

	up(*state);
	ends(*state, s, FAULT_BUG, "without the end of a stanza");
	told(*state, "<policy-violation ");
	free(s);
}

static void
test_too_deep(void **state)
{
	struct world *w = *state;
	struct buf b = { 0 };
	size_t i, depth;

	up(w);
	for (depth = 64; depth <= 20000; depth = depth == 64 ? 65 : depth * 300) {
		b.len = 0;
		buf_add(&b, "<message>");
		for (i = 1; i < depth; i++)
			buf_add(&b, "<a>");
		for (i = 1; i < depth; i++)
			buf_add(&b, "</a>");
		buf_add(&b, "</message>");
		hears(w, b.s, depth == 64 ? "message\nlast\n" : "last\n");
	}
	buf_free(&b);
}

static void
test_too_wide(void **state)
{
	struct world *w = *state;
	char *s = many("<message>", "<a/>", 4095, "</message>");
	struct buf b = { 0 };
	int i;

	up(w);
	hears(w, s, "message\nlast\n");
	free(s);
	s = many("<message>", "<a/>", 4096, "</message>");
	hears(w, s, "last\n");
	free(s);
	buf_add(&b, "<message");
	for (i = 0; i < 65; i++)
		buf_addf(&b, " a%d='1'", i);
	buf_add(&b, "/>");
	hears(w, b.s, "last\n");
	buf_free(&b);
}

static void
test_close_in_call(void **state)
{
	struct world *w = *state;

	up(w);
	w->close_on_stanza = true;
	tell(w, LAST LAST);
	assert_true(until(w, &w->downs, 1, 5));
	assert_string_equal(w->stanzas.s, "last\n");
	assert_int_equal(w->why.fault, FAULT_NONE);
	run(w, 1.5);
	assert_int_equal(w->accepted, 1);	/* closed by our own wish: it stays closed */
	stream_open(w->stream);
	assert_true(until(w, &w->ups, 2, 2));
}

/* --- what goes out --- */

static xmpp_stanza_t *
message(struct world *w, const char *from, const char *to)
{
	xmpp_stanza_t *m = xmpp_message_new(stream_ctx(w->stream), "chat", to, "1");

	xmpp_stanza_set_from(m, from);
	return m;
}

static void
test_send(void **state)
{
	struct world *w = *state;
	xmpp_stanza_t *m = message(w, "gate4@hall.example/desk", "a\x01@\xff.example");

	assert_false(stream_send(w->stream, m));	/* it is down */
	up(w);
	assert_true(stream_send(w->stream, m));
	xmpp_stanza_set_from(m, "gate4@hall.example.evil");
	assert_false(stream_send(w->stream, m));
	xmpp_stanza_del_attribute(m, "from");
	assert_false(stream_send(w->stream, m));
	xmpp_stanza_release(m);
	run(w, 0.2);
	assert_non_null(strstr(w->got.s, "a\xef\xbf\xbd@\xef\xbf\xbd.example"));
	stream_close(w->stream);
	run(w, 0.2);
	assert_non_null(strstr(w->got.s, "</stream:stream>"));
	assert_null(strstr(w->got.s, "evil"));
}

static void
test_watermark(void **state)
{
	struct world *w = *state;
	xmpp_stanza_t *m;
	char *body = many("", "0123456789", 10000, "");
	int n;

	w->deaf = true;
	up(w);
	m = message(w, "hall.example", "a@example");
	xmpp_message_set_body(m, body);
	for (n = 0; n < 1000 && stream_send(w->stream, m); n++)
		;
	assert_in_range(n, 30, 60);	/* 4 MiB of 100 kB; the socket has taken nothing within this turn */
	assert_int_equal(w->downs, 0);
	xmpp_stanza_release(m);
	free(body);
	body = many("", "0123456789", 14000, "");
	m = message(w, "hall.example", "a@example");
	xmpp_message_set_body(m, body);
	assert_false(stream_send(w->stream, m));
	xmpp_stanza_release(m);
	free(body);
}

/* --- loss --- */

static void
test_server_closes(void **state)
{
	struct world *w = *state;
	double begin;

	up(w);
	ends(w, "</stream:stream>", FAULT_BUSY, "closed the stream");
	begin = seconds();
	assert_true(until(w, &w->ups, 2, 2));
	assert_true(seconds() - begin < 1);
}

static void
test_end_of_file(void **state)
{
	struct world *w = *state;

	up(w);
	bufferevent_free(w->peer);
	w->peer = NULL;
	assert_true(until(w, &w->downs, 1, 2));
	assert_non_null(strstr(w->why.text, "is lost"));
	assert_true(until(w, &w->ups, 2, 2));
}

static void
test_shutdown(void **state)
{
	up(*state);
	ends(*state, REFUSE("system-shutdown"), FAULT_BUSY, "shutting down");
}

static void
test_silent_death(void **state)
{
	struct world *old = *state, *w = world_new(old->base, "127.0.0.1", 1);
	double begin;

	up(w);
	begin = seconds();
	assert_true(until(w, &w->downs, 1, 6));
	assert_true(seconds() - begin > 2);
	assert_non_null(strstr(w->why.text, "silent"));
	assert_non_null(strstr(w->got.s, "<ping xmlns=\"urn:xmpp:ping\"/>"));
	assert_true(until(w, &w->ups, 2, 3));
	world_free(w);
}

static void
test_answers_keep_alive(void **state)
{
	struct world *old = *state, *w = world_new(old->base, "127.0.0.1", 1);
	int i;

	up(w);
	for (i = 0; i < 5; i++) {
		run(w, 0.9);
		tell(w, " ");
	}
	assert_int_equal(w->downs, 0);
	world_free(w);
}

static void
test_backoff(void **state)
{
	static const double half[] = { 0.25, 0.5, 1, 2, 4, 8, 16, 30, 30 };
	unsigned i;

	(void)state;
	for (i = 0; i < sizeof half / sizeof *half; i++) {
		assert_float_equal(stream_backoff(i, 60, false, 0), half[i], 1e-6);
		assert_float_equal(stream_backoff(i, 60, false, UINT32_MAX), half[i] * 3, 1e-6);
	}
	assert_true(stream_backoff(0, 60, false, UINT32_MAX) < 1);
	assert_float_equal(stream_backoff(4000000000u, 60, false, UINT32_MAX / 2), 60, 1e-3);
	for (i = 0; i < 20; i++) {
		assert_in_range((unsigned)stream_backoff(i, 60, true, 0), 30, 300);
		assert_in_range((unsigned)stream_backoff(i, 60, true, UINT32_MAX), 30, 300);
	}
	assert_float_equal(stream_backoff(9, 60, true, UINT32_MAX), 300, 1e-6);
}

#define T(f)	cmocka_unit_test_setup_teardown(f, open_world, close_world)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_handshake), T(test_host_unknown), T(test_conflict), T(test_other_error), T(test_no_xmpp),
		T(test_no_listener), T(test_name_for_address), T(test_namespaces), T(test_malformed),
		T(test_second_declaration), T(test_comment), T(test_instruction), T(test_doctype), T(test_too_large),
		T(test_endless), T(test_too_deep), T(test_too_wide), T(test_close_in_call), T(test_send),
		T(test_watermark), T(test_server_closes), T(test_end_of_file), T(test_shutdown), T(test_silent_death),
		T(test_answers_keep_alive), T(test_patience), cmocka_unit_test(test_backoff),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
