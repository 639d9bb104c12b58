#include "room_fake.h"

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

struct question {
	STAILQ_ENTRY(question)	 next;
	xmpp_stanza_t		*iq;
	iq_done			*done;
	void			*ctx;
};

struct sent {
	STAILQ_ENTRY(sent)	 next;
	char			*xml;
};

static struct wire fake;
static xmpp_ctx_t *ctx;
static enum wire_state state;
static STAILQ_HEAD(, question) questions = STAILQ_HEAD_INITIALIZER(questions);
static STAILQ_HEAD(, sent) sents = STAILQ_HEAD_INITIALIZER(sents);
static struct buf heard;

enum wire_state	 __wrap_stream_state(const struct stream *);
xmpp_ctx_t	*__wrap_stream_ctx(struct stream *);
bool		 __wrap_stream_send(struct stream *, xmpp_stanza_t *);
void		 __wrap_iq_ask(struct wire *, xmpp_stanza_t *, int, iq_done *, void *);
void		 __wrap_disco_caps(struct wire *, xmpp_stanza_t *);

/* --- under the rooms --- */

enum wire_state
__wrap_stream_state(const struct stream *s)
{
	(void)s;
	return state;
}

xmpp_ctx_t *
__wrap_stream_ctx(struct stream *s)
{
	(void)s;
	return ctx;
}

static char *
xml_of(xmpp_stanza_t *s)
{
	size_t len;
	char *text, *copy;

	assert_int_equal(xmpp_stanza_to_text(s, &text, &len), 0);
	copy = xstrdup(text);
	xmpp_free(ctx, text);
	return copy;
}

bool
__wrap_stream_send(struct stream *stream, xmpp_stanza_t *s)
{
	struct sent *e = xcalloc(1, sizeof *e);

	(void)stream;
	e->xml = xml_of(s);
	STAILQ_INSERT_TAIL(&sents, e, next);
	return state == WIRE_UP;
}

void
__wrap_iq_ask(struct wire *w, xmpp_stanza_t *iq, int timeout, iq_done *done, void *c)
{
	struct question *q = xcalloc(1, sizeof *q);

	(void)w;
	assert_true(timeout > 0);
	q->iq = iq;
	q->done = done;
	q->ctx = c;
	STAILQ_INSERT_TAIL(&questions, q, next);
}

void
__wrap_disco_caps(struct wire *w, xmpp_stanza_t *presence)
{
	(void)w;
	(void)presence;
}

/* --- the ear --- */

static void
on_hear(void *c, struct msg *m)
{
	size_t i;

	(void)c;
	buf_addf(&heard, "hear %s %s <%s>%s%s key=%s", m->room, m->nick, m->who == NULL ? "" : m->who,
	    m->late ? " late" : "", m->by_robot ? " robot" : "", m->key);
	if (m->stanza_id == NULL)
		buf_add(&heard, " no-sid");
	if (m->replaces != NULL)
		buf_addf(&heard, " replaces=%s", m->replaces);
	if (m->reacts_to != NULL)
		buf_addf(&heard, " reacts=%s", m->reacts_to);
	for (i = 0; m->reactions != NULL && m->reactions[i] != NULL; i++)
		buf_addf(&heard, " %s", m->reactions[i]);
	buf_addf(&heard, ": %s\n", m->encrypted ? "(encrypted)" : m->text == NULL ? "" : m->text);
	msg_free(&m);
}

static void
on_room(void *c, const char *room, enum room_state s, const char *why)
{
	static const char *const names[] = { "out", "joining", "live", "readonly", "dead" };

	(void)c;
	buf_addf(&heard, "room %s %s%s%s\n", room, names[s], *why ? ": " : "", why);
}

static void
on_said(void *c, const char *id, const char *stanza_id)
{
	(void)c;
	buf_addf(&heard, "said %s %s\n", id, stanza_id == NULL ? "-" : stanza_id);
}

static void
on_unsaid(void *c, const char *id, const struct err *why)
{
	(void)c;
	buf_addf(&heard, "unsaid %s %s\n", id, fault_name(why->fault));
}

static void
on_cursor(void *c, const char *room, const char *stanza_id)
{
	(void)c;
	buf_addf(&heard, "cursor %s %s\n", room, stanza_id);
}

static void
on_gap(void *c, const char *room, instant from, instant to)
{
	char a[INSTANT_TEXT], b[INSTANT_TEXT];

	(void)c;
	buf_addf(&heard, "gap %s %.16s %.16s\n", room, instant_text(from, a), instant_text(to, b));
}

void
fake_log(const char *expected)
{
	char *got = heard.s == NULL ? xstrdup("") : xstrdup(heard.s);

	buf_free(&heard);
	assert_string_equal(got, expected);
	free(got);
}

void
fake_log_skip(void)
{
	buf_free(&heard);
}

/* --- from outside --- */

struct wire *
fake_open(void)
{
	ctx = xmpp_ctx_new(NULL, NULL);
	state = WIRE_DOWN;
	log_set_level(LOG_ERROR);
	fake = (struct wire){ 0 };
	fake.conf = (struct wire_conf){
		.component = "hall.example", .muc = "muc.example", .nick = "Desk", .staff = "hall",
		.joins_in_flight = 2, .stanza_max = 524288, .say_max = 16384,
	};
	fake.domain = xstrdup("hall.example");
	fake.ear = (struct ear){
		.hear = on_hear, .room = on_room, .said = on_said, .unsaid = on_unsaid,
		.cursor = on_cursor, .gap = on_gap,
	};
	clock_fake(instant_parse("2026-11-23T09:00:00Z"));
	return &fake;
}

xmpp_ctx_t *
fake_ctx(void)
{
	return ctx;
}

static struct question *
question_take(void)
{
	struct question *q = STAILQ_FIRST(&questions);

	if (q != NULL)
		STAILQ_REMOVE_HEAD(&questions, next);
	return q;
}

/* Every question is answered, with nothing if need be: contexts are freed there. */
static void
questions_lost(void)
{
	struct question *q;

	while ((q = question_take()) != NULL) {
		q->done(&fake, q->ctx, NULL);
		xmpp_stanza_release(q->iq);
		free(q);
	}
}

void
fake_close(void)
{
	struct sent *e;

	state = WIRE_DOWN;
	questions_lost();
	rooms_free(&fake);
	while ((e = STAILQ_FIRST(&sents)) != NULL) {
		STAILQ_REMOVE_HEAD(&sents, next);
		free(e->xml);
		free(e);
	}
	free(fake.domain);
	buf_free(&heard);
	xmpp_ctx_free(ctx);
	clock_fake(0);
}

void
fake_up(void)
{
	state = WIRE_UP;
	room_stream(&fake, WIRE_UP);
}

void
fake_down(void)
{
	state = WIRE_DOWN;
	questions_lost();
	room_stream(&fake, WIRE_DOWN);
}

/* Ticks until something is heard, at most n times: for waits that are jittered. */
void
fake_ticks_until_heard(int n)
{
	while (n-- > 0 && heard.len == 0)
		fake_ticks(1);
}

void
fake_ticks(int n)
{
	while (n-- > 0)
		room_tick(&fake);
}

static xmpp_stanza_t *
parse(const char *xml)
{
	xmpp_stanza_t *s = xmpp_stanza_new_from_string(ctx, xml);

	if (s == NULL)
		fail_msg("test's own XML is broken: %s", xml);
	return s;
}

void
fake_in(const char *fmt, ...)
{
	char xml[8192], *bare;
	struct room *r;
	va_list ap;
	xmpp_stanza_t *s;

	va_start(ap, fmt);
	vsnprintf(xml, sizeof xml, fmt, ap);
	va_end(ap);
	s = parse(xml);
	bare = jid_bare(&fake, xmpp_stanza_get_from(s));
	r = room_by_jid(&fake, bare);
	free(bare);
	assert_non_null(r);
	if (strcmp(xmpp_stanza_get_name(s), "presence") == 0)
		room_presence(&fake, r, s);
	else if (child_ns(s, "result", NS_MAM) != NULL)
		archive_result(&fake, r, s);
	else
		room_message(&fake, r, s);
	xmpp_stanza_release(s);
}

void
fake_sent(const char *part)
{
	struct sent *e = STAILQ_FIRST(&sents);

	if (e == NULL)
		fail_msg("nothing was sent, expected: %s", part);
	STAILQ_REMOVE_HEAD(&sents, next);
	if (strstr(e->xml, part) == NULL)
		fail_msg("sent: %s\nexpected: %s", e->xml, part);
	free(e->xml);
	free(e);
}

void
fake_sent_nothing(void)
{
	if (!STAILQ_EMPTY(&sents))
		fail_msg("sent: %s", STAILQ_FIRST(&sents)->xml);
}

static struct question *
question_with(const char *part)
{
	struct question *q = question_take();
	char *xml;

	if (q == NULL)
		fail_msg("nothing was asked, expected: %s", part);
	xml = xml_of(q->iq);
	if (strstr(xml, part) == NULL)
		fail_msg("asked: %s\nexpected: %s", xml, part);
	free(xml);
	return q;
}

static void
answer(struct question *q, const char *xml)
{
	xmpp_stanza_t *s = xml == NULL ? NULL : parse(xml);

	q->done(&fake, q->ctx, s);
	if (s != NULL)
		xmpp_stanza_release(s);
	xmpp_stanza_release(q->iq);
	free(q);
}

void
fake_answer(const char *part, const char *children)
{
	struct buf b = { 0 };

	buf_addf(&b, "<iq " NS_XML " type='result'>%s</iq>", children);
	answer(question_with(part), b.s);
	buf_free(&b);
}

void
fake_refuse(const char *part, const char *condition, const char *type)
{
	struct buf b = { 0 };

	buf_addf(&b, "<iq " NS_XML " type='error'><error type='%s'><%s xmlns='" NS_STANZAS "'/></error></iq>",
	    type, condition);
	answer(question_with(part), b.s);
	buf_free(&b);
}

void
fake_timeout(const char *part)
{
	answer(question_with(part), NULL);
}

void
fake_asks_nothing(void)
{
	if (!STAILQ_EMPTY(&questions))
		fail_msg("asked: %s", xml_of(STAILQ_FIRST(&questions)->iq));
}

const char *
fake_question_attribute(const char *name)
{
	struct question *q = STAILQ_FIRST(&questions);

	assert_non_null(q);
	return xmpp_stanza_get_attribute(xmpp_stanza_get_children(q->iq), name);
}

void
fake_room(const char *code, const char *cursor, instant cursor_at)
{
	const char *staff[] = { "li@example", NULL };
	struct room_spec spec = {
		.code = code, .title = "Gate 4", .description = "kept 7 days", .lang = "zh-Hans",
		.cursor = cursor, .cursor_at = cursor_at, .owner = "bao@example", .staff = staff,
	};

	wire_rooms(&fake, &spec, 1);
}

void
fake_join(bool occupant_ids)
{
	fake_in("<presence " NS_XML " from='gate4@muc.example/ann'><x xmlns='" NS_MUC_USER "'>"
	    "<item jid='Ann@Example/phone' affiliation='none' role='participant'/></x>"
	    "<occupant-id xmlns='" NS_OCCUPANT "' id='oid-ann'/></presence>");
	fake_in("<presence " NS_XML " from='gate4@muc.example/Desk'><x xmlns='" NS_MUC_USER "'>"
	    "<item jid='gate4@hall.example/desk' affiliation='owner' role='moderator'/><status code='110'/></x>"
	    "<occupant-id xmlns='" NS_OCCUPANT "' id='oid-desk'/></presence>");
	fake_answer("muc#owner", "<query xmlns='" NS_MUC_OWNER "'><x xmlns='" NS_DATA "' type='form'>"
	    "<field var='muc#roomconfig_persistentroom' type='boolean'><value>1</value></field></x></query>");
	fake_answer("affiliation=\"owner\"", "<query xmlns='" NS_MUC_ADMIN "'>"
	    "<item affiliation='owner' jid='bao@example'/></query>");
	fake_answer("affiliation=\"admin\"", "<query xmlns='" NS_MUC_ADMIN "'>"
	    "<item affiliation='admin' jid='li@example'/></query>");
	fake_answer("disco#info", occupant_ids ?
	    "<query xmlns='" NS_DISCO_INFO "'><feature var='" NS_MAM "'/><feature var='" NS_OCCUPANT "'/></query>" :
	    "<query xmlns='" NS_DISCO_INFO "'><feature var='" NS_MAM "'/></query>");
}
