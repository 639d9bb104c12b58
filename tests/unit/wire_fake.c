#include "wire_fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/str.h"
#include "wire/room.h"

#define HEADER	"<stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:component:accept' id='1'>"

struct out {
	STAILQ_ENTRY(out)	 next;
	char			*xml, *id;
};

static struct wire *fake;
static struct event_base *base;
static STAILQ_HEAD(, out) outs = STAILQ_HEAD_INITIALIZER(outs);
static char last_id[1024];
static struct buf heard;
static bool deaf;

bool	 __wrap_stream_send(struct stream *, xmpp_stanza_t *);

/* --- out --- */

bool
__wrap_stream_send(struct stream *stream, xmpp_stanza_t *s)
{
	struct out *e;
	char *text;
	size_t n;

	if (deaf || stream_state(stream) != WIRE_UP)
		return false;
	assert_true(jid_at(xmpp_stanza_get_from(s), "hall.example"));
	assert_int_equal(xmpp_stanza_to_text(s, &text, &n), 0);
	e = xcalloc(1, sizeof *e);
	e->xml = xstrdup(text);
	e->id = xstrdup(xmpp_stanza_get_id(s));
	STAILQ_INSERT_TAIL(&outs, e, next);
	xmpp_free(stream_ctx(stream), text);
	return true;
}

static void
out_drop(struct out *e)
{
	STAILQ_REMOVE_HEAD(&outs, next);
	free(e->xml);
	free(e->id);
	free(e);
}

void
fake_sent(const char *part, ...)
{
	struct out *e = STAILQ_FIRST(&outs);
	va_list ap;

	if (e == NULL)
		fail_msg("nothing was sent, expected: %s", part);
	va_start(ap, part);
	for (; part != NULL; part = va_arg(ap, const char *))
		if (strstr(e->xml, part) == NULL)
			fail_msg("sent: %s\nexpected: %s", e->xml, part);
	va_end(ap);
	snprintf(last_id, sizeof last_id, "%s", e->id != NULL ? e->id : "");
	out_drop(e);
}

void
fake_skip_to(const char *part)
{
	struct out *e;

	while ((e = STAILQ_FIRST(&outs)) != NULL && strstr(e->xml, part) == NULL)
		out_drop(e);
}

void
fake_sent_nothing(void)
{
	if (!STAILQ_EMPTY(&outs))
		fail_msg("sent: %s", STAILQ_FIRST(&outs)->xml);
}

const char *
fake_sent_id(void)
{
	return last_id;
}

/* --- the ear --- */

static void
on_hear(void *ctx, struct msg *m)
{
	static const char *const ways[] = { "room", "desk", "staff", "form" };
	size_t i;

	(void)ctx;
	buf_addf(&heard, "%s room=%s nick=%s who=%s key=%s", ways[m->way], m->room != NULL ? m->room : "-",
	    m->nick != NULL ? m->nick : "-", m->who != NULL ? m->who : "-", m->key);
	if (m->by_robot)
		buf_add(&heard, " robot");
	if (m->verb != NULL)
		buf_addf(&heard, " verb=%s session=%s", m->verb, m->session);
	for (i = 0; m->values != NULL && m->values[i] != NULL; i++)
		buf_addf(&heard, " [%s]", m->values[i]);
	buf_addf(&heard, "%s%s\n", m->text != NULL ? ": " : "", m->text != NULL ? m->text : "");
	msg_free(&m);
}

static void
on_said(void *ctx, const char *id, const char *stanza_id)
{
	(void)ctx;
	buf_addf(&heard, "said %s %s\n", id, stanza_id != NULL ? stanza_id : "-");
}

static void
on_unsaid(void *ctx, const char *id, const struct err *why)
{
	(void)ctx;
	buf_addf(&heard, "unsaid %s %s\n", id, fault_name(why->fault));
}

static const struct form *
on_menu(void *ctx, const char *who, struct arena *arena)
{
	static const struct choice choices[] = { { "1", "One" }, { "2", "Two" }, { 0 } };
	static const struct field fields[] = {
		{ .var = "n", .label = "Number", .kind = FIELD_CHOICE, .choices = choices },
		{ .var = "text", .label = "Words", .kind = FIELD_TEXT, .required = true }, { 0 },
	};
	static const struct form staff[] = {
		{ .node = "list", .title = "What is open" },
		{ .node = "answer", .title = "Answer", .instructions = "Say it", .outcome = "Outcome", .fields = fields }, { 0 },
	};

	(void)ctx, (void)arena;
	return str_eq(who, "bao@example") ? staff : str_eq(who, "ann@example") ? &staff[1] : NULL;
}

void
fake_log(const char *expected)
{
	char *got = xstrdup(heard.s != NULL ? heard.s : "");

	buf_free(&heard);
	assert_string_equal(got, expected);
	free(got);
}

/* --- in --- */

void
fake_in(const char *fmt, ...)
{
	char xml[8192];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(xml, sizeof xml, fmt, ap);
	va_end(ap);
	stream_feed(fake->stream, xml, strlen(xml));
	assert_int_equal(stream_state(fake->stream), WIRE_UP);
}

void
fake_ticks(int n)
{
	while (n-- > 0) {
		iq_tick(fake);
		adhoc_tick(fake);
		room_tick(fake);
	}
}

void
fake_deaf(bool on)
{
	deaf = on;
}

void
fake_down(void)
{
	stream_feed(fake->stream, "</stream:stream>", 16);
	event_base_loop(base, EVLOOP_NONBLOCK);
	assert_int_equal(stream_state(fake->stream), WIRE_DOWN);
}

void
fake_up(void)
{
	fake_in(HEADER "<handshake/>");
}

/* --- one wire --- */

static void
outs_drop(void)
{
	struct out *e;

	while ((e = STAILQ_FIRST(&outs)) != NULL)
		out_drop(e);
}

int
fake_wire_open(void **state)
{
	const struct wire_conf conf = {
		.component = "Hall.example", .server = "127.0.0.1", .port = 1, .secret = "s", .muc = "MUC.example",
		.nick = "Desk", .staff = "hall", .version = "0.9", .backoff_max = 60, .ping_every = 60,
		.joins_in_flight = 10, .say_max = 1000, .stanza_max = 65536,
	};
	const struct ear ear = { .hear = on_hear, .said = on_said, .unsaid = on_unsaid, .menu = on_menu };

	log_set_level(LOG_ERROR);
	deaf = false;
	base = event_base_new();
	*state = fake = wire_new(base, &conf, &ear);
	fake_up();
	wire_rooms(fake, &(struct room_spec){ .code = "gate4", .title = "Gate 4" }, 1);
	fake_ticks(1);
	fake_in("<presence from='gate4@muc.example/ann' to='gate4@hall.example/desk'><x xmlns='" NS_MUC_USER "'>"
	    "<item jid='Ann@Example/phone' affiliation='none' role='participant'/></x></presence>"
	    "<presence from='gate4@muc.example/Desk' to='gate4@hall.example/desk'><x xmlns='" NS_MUC_USER "'>"
	    "<item jid='gate4@hall.example/desk' affiliation='owner' role='moderator'/><status code='110'/></x></presence>"
	    "<presence from='gate4@muc.example/mask' to='gate4@hall.example/desk'><x xmlns='" NS_MUC_USER "'>"
	    "<item affiliation='none' role='participant'/></x></presence>");
	outs_drop();
	buf_free(&heard);
	return 0;
}

int
fake_wire_close(void **state)
{
	wire_free((struct wire **)state);
	outs_drop();
	buf_free(&heard);
	event_base_free(base);
	return 0;
}
