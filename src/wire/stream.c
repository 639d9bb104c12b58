#include "wire/stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "base/str.h"
#include "wire/internal.h"
#include "wire/link.h"
#include "wire/xml.h"

#define NS_STREAM_ERRORS "urn:ietf:params:xml:ns:xmpp-streams"

enum {
	OUT_WATERMARK = 4 << 20,	/* bytes waiting to be written */
	OUT_STANZA_MAX = 128 << 10,	/* bytes of one outgoing stanza; servers close above 256 or 512 KiB */
	HANDSHAKE_S = 15,		/* to connect and shake hands */
	PINGS_MISSED = 2,
	PROVEN_S = 10,			/* a stream that lived so long begins the backoff anew */
};

struct stream {
	struct event_base	*base;
	struct stream_calls	 calls;
	xmpp_ctx_t		*ctx;
	char			*component, *server, *secret, *muc;
	int			 port, backoff_max, ping_every;
	size_t			 stanza_max;

	enum wire_state		 state;
	bool			 wanted;	/* between stream_open() and stream_close() */
	bool			 dead;		/* dropped: nothing in or out until on_reap() */
	struct err		 why;
	bool			 refused, closed;	/* the secret or a conflict; by our own wish */
	unsigned		 attempt;
	time_t			 up_since;	/* CLOCK_MONOTONIC */

	struct link		*link;
	struct event		*reap;		/* frees what a callback may still be using */
	struct event		*deadline;	/* of connect and handshake */
	struct event		*retry;
	struct event		*ping;
	bool			 heard;		/* a byte since the last ping */
	int			 missed;

	struct xml		*xml;
};

static void
on_reap(evutil_socket_t fd, short what, void *arg);
static void
on_deadline(evutil_socket_t fd, short what, void *arg);
static void
on_retry(evutil_socket_t fd, short what, void *arg);
static void
on_ping(evutil_socket_t fd, short what, void *arg);

static time_t
monotonic(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static void
timer(struct event *ev, double seconds)
{
	struct timeval tv;

	tv.tv_sec = (time_t)seconds;
	tv.tv_usec = (suseconds_t)((seconds - (double)tv.tv_sec) * 1e6);
	event_add(ev, &tv);
}

double
stream_backoff(unsigned attempt, int max, bool refused, unsigned random)
{
	double jitter = 0.5 + (double)random / UINT32_MAX, wait;

	if (attempt > 16)
		attempt = 16;
	if (refused) {
		wait = 30.0 * (double)(1u << attempt);
		wait = (wait < 300 ? wait : 300) * jitter;
		return wait < 30 ? 30 : wait > 300 ? 300 : wait;
	}
	if (attempt == 0)
		return 0.5 * jitter;
	wait = (double)(1u << (attempt - 1));
	return (wait < max ? wait : max) * jitter;
}

/* --- the end of a connection, in two steps: marked at once, freed from the loop --- */

static void
drop(struct stream *s, const struct err *why)
{
	if (s->dead)
		return;
	s->dead = true;
	s->why = *why;
	if (s->link != NULL)
		link_stop(s->link);
	if (s->xml != NULL)
		xml_stop(s->xml);
	event_active(s->reap, EV_TIMEOUT, 0);
}

#define drop_say(s, fault, ...) do {			\
	struct err why_;				\
	err_set(&why_, (fault), __VA_ARGS__);		\
	drop((s), &why_);				\
} while (0)

static void
conn_free(struct stream *s)
{
	link_free(&s->link);
	xml_free(&s->xml);
	event_del(s->deadline);
	event_del(s->ping);
}

static void
on_reap(evutil_socket_t fd, short what, void *arg)
{
	struct stream *s = arg;
	double wait;

	(void)fd;
	(void)what;
	if (!s->dead)
		return;
	conn_free(s);
	if (s->state == WIRE_UP && monotonic() - s->up_since >= PROVEN_S)
		s->attempt = 0;
	s->state = WIRE_DOWN;
	s->dead = false;
	if (s->wanted) {
		wait = s->closed ? 0 : stream_backoff(s->attempt++, s->backoff_max, s->refused, arc4random());
		timer(s->retry, wait);
	}
	s->refused = s->closed = false;
	s->calls.state(s->calls.ctx, WIRE_DOWN, &s->why);
}

/* --- out --- */

static bool
out(struct stream *s, const char *data, size_t n)
{
	return s->link != NULL && !s->dead && link_write(s->link, data, n);
}

/* Writes an element of our own making, with what XML forbids replaced. */
static bool
out_stanza(struct stream *s, xmpp_stanza_t *stanza)
{
	char *text, *clean;
	size_t n;
	bool ok = false;

	if (s->link == NULL || s->dead)
		return false;
	if (xmpp_stanza_to_text(stanza, &text, &n) != XMPP_EOK)
		return false;
	clean = xcalloc(n * 3 + 1, 1);
	xml_clean(text, clean);
	xmpp_free(s->ctx, text);
	n = strlen(clean);
	if (n > OUT_STANZA_MAX)
		log_error("stream", "a stanza of %zu bytes is not sent: at most %d are accepted", n, (int)OUT_STANZA_MAX);
	else if (link_waiting(s->link) + n > OUT_WATERMARK)
		log_warn("stream", "the server does not read: %d bytes wait already", (int)OUT_WATERMARK);
	else
		ok = out(s, clean, n);
	free(clean);
	return ok;
}

bool
stream_send(struct stream *s, xmpp_stanza_t *stanza)
{
	const char *from = xmpp_stanza_get_from(stanza);

	if (s->state != WIRE_UP)
		return false;
	if (from == NULL || !jid_at(from, s->component)) {
		log_error("stream", "a stanza that is not from %s is not sent: the server would close the stream",
		    s->component);
		return false;
	}
	return out_stanza(s, stanza);
}

/* </stream:stream>, once and without waiting: what does not fit is in the outbox. */
static void
out_end(struct stream *s)
{
	if (out(s, "</stream:stream>", 16))
		link_push(s->link);
}

static void
send_header(struct stream *s)
{
	static const char decl[] = "<?xml version='1.0'?><stream:stream xmlns:stream='" NS_STREAM "' xmlns='" NS_CLIENT "' to='";

	/* The only text made by hand: no stanza can be left open. The domain was checked with the configuration. */
	out(s, decl, sizeof decl - 1);
	out(s, s->component, strlen(s->component));
	out(s, "'>", 2);
}

/* XEP-0114 §3: SHA-1 of the stream id and the secret, in lower-case hex. */
static void
send_handshake(struct stream *s, const char *id)
{
	struct buf b = { 0 };
	char *hex;

	buf_add(&b, id);
	buf_add(&b, s->secret);
	hex = xmpp_sha1(s->ctx, (const unsigned char *)b.s, b.len);
	explicit_bzero(b.s, b.len);
	b.len = 0;
	buf_addf(&b, "<handshake>%s</handshake>", hex);
	out(s, b.s, b.len);
	xmpp_free(s->ctx, hex);
	buf_free(&b);
}

/*
 * Asked of the MUC service, because the server's own domain is not known to a
 * component.  The answer, an error too, is bytes; silence is what we look for.
 */
static void
on_ping(evutil_socket_t fd, short what, void *arg)
{
	struct stream *s = arg;
	xmpp_stanza_t *iq, *ping;
	char id[33];

	(void)fd;
	(void)what;
	s->missed = s->heard ? 0 : s->missed + 1;
	s->heard = false;
	if (s->missed >= PINGS_MISSED) {
		drop_say(s, FAULT_BUSY, "the server has been silent for %d pings, %d seconds apart: connecting again",
		    PINGS_MISSED, s->ping_every);
		return;
	}
	random_id(id);
	iq = xmpp_iq_new(s->ctx, "get", id);
	xmpp_stanza_set_from(iq, s->component);
	xmpp_stanza_set_to(iq, s->muc);
	ping = xmpp_stanza_new(s->ctx);
	xmpp_stanza_set_name(ping, "ping");
	xmpp_stanza_set_ns(ping, NS_PING);
	xmpp_stanza_add_child_ex(iq, ping, 0);
	out_stanza(s, iq);
	xmpp_stanza_release(iq);
	timer(s->ping, s->ping_every);
}

/* --- in: what the server says about the stream itself --- */

/* Fills the administrator's words for a stream error (RFC 6120 §4.9.3). */
static void
stream_error(struct stream *s, const char *condition, const char *text)
{
	if (str_eq(condition, "not-authorized")) {
		s->refused = true;
		drop_say(s, FAULT_DENIED, "the server refused the secret: make `secret` in moothall.conf equal to "
		    "component_secret of %s in the server's configuration", s->component);
	} else if (str_eq(condition, "host-unknown")) {
		drop_say(s, FAULT_ABSENT, "the server does not know the component %s: declare it in the server's "
		    "configuration, or correct `component` in moothall.conf", s->component);
	} else if (str_eq(condition, "conflict")) {
		s->refused = true;
		drop_say(s, FAULT_CLASH, "another connection speaks for %s: end the other hall; on Prosody set "
		    "component_conflict_resolve = \"kick_old\" so that a half-dead one gives way", s->component);
	} else if (str_eq(condition, "system-shutdown") || str_eq(condition, "reset")) {
		drop_say(s, FAULT_BUSY, "the server is shutting down: connecting again when it is back");
	} else {
		drop_say(s, FAULT_BUG, "the server ended the stream: %s%s%s", condition, *text ? ": " : "", text);
	}
}

static void
on_stream_error(struct stream *s, xmpp_stanza_t *e)
{
	xmpp_stanza_t *c;
	const char *condition = "undefined-condition", *text = "";

	for (c = xmpp_stanza_get_children(e); c != NULL; c = xmpp_stanza_get_next(c)) {
		if (!xmpp_stanza_is_tag(c) || !str_eq(xmpp_stanza_get_ns(c), NS_STREAM_ERRORS))
			continue;
		if (str_eq(xmpp_stanza_get_name(c), "text"))
			text = element_text(c);
		else
			condition = xmpp_stanza_get_name(c);
	}
	stream_error(s, condition, text);
}

static void
on_header(void *arg, const char *id)
{
	struct stream *s = arg;

	/* Without an id an error follows (ejabberd, for an unknown host): wait for it. */
	if (id != NULL && s->state == WIRE_CONNECTING)
		send_handshake(s, id);
}

/* The server's administrator reads its log, not ours: it is told what was wrong before we hang up. */
static void
on_xml_end(void *arg, const struct err *why, const char *condition)
{
	struct stream *s = arg;
	xmpp_stanza_t *e, *c;

	if (condition != NULL && s->link != NULL) {
		e = xmpp_stanza_new(s->ctx);
		c = xmpp_stanza_new(s->ctx);
		xmpp_stanza_set_name(e, "stream:error");
		xmpp_stanza_set_name(c, condition);
		xmpp_stanza_set_ns(c, NS_STREAM_ERRORS);
		xmpp_stanza_add_child_ex(e, c, 0);
		out_stanza(s, e);
		xmpp_stanza_release(e);
		out_end(s);
	}
	drop(s, why);
}

static void
on_stanza(void *arg, xmpp_stanza_t *st)
{
	struct stream *s = arg;
	const char *name = xmpp_stanza_get_name(st), *ns = xmpp_stanza_get_ns(st);

	if (str_eq(ns, NS_STREAM) && str_eq(name, "error")) {
		on_stream_error(s, st);
	} else if (!str_eq(ns, NS_CLIENT)) {
		log_debug("stream", "an element <%s/> of a foreign namespace is ignored", name);
	} else if (str_eq(name, "handshake") && s->state == WIRE_CONNECTING) {
		s->state = WIRE_UP;
		s->up_since = monotonic();
		s->missed = 0;
		event_del(s->deadline);
		timer(s->ping, s->ping_every);
		s->calls.state(s->calls.ctx, WIRE_UP, &(struct err){ 0 });
	} else if (s->state == WIRE_UP) {
		s->calls.stanza(s->calls.ctx, st);
	}
}

static void
xml_open(struct stream *s)
{
	s->xml = xml_new(s->ctx, s->stanza_max, &(struct xml_calls){ s, on_header, on_stanza, on_xml_end });
}

void
stream_feed(struct stream *s, const char *data, size_t n)
{
	if (s->dead)
		return;
	if (s->xml == NULL) {
		xml_open(s);
		s->state = WIRE_CONNECTING;
	}
	s->heard = true;
	xml_feed(s->xml, data, n);
}

/* --- the socket --- */

static void
on_connected(void *arg)
{
	send_header(arg);
}

static void
on_bytes(void *arg, const char *data, size_t n)
{
	stream_feed(arg, data, n);
}

static void
on_lost(void *arg, const char *why)
{
	struct stream *s = arg;

	if (s->dead)
		return;
	if (s->state == WIRE_UP)
		drop_say(s, FAULT_BUSY, "the connection to the server is lost%s%s", why == NULL ? "" : ": ", why == NULL ? "" : why);
	else if (why == NULL)
		drop_say(s, FAULT_BUSY, "the server at %s port %d closed the connection before the handshake",
		    s->server, s->port);
	else
		drop_say(s, FAULT_BUSY, "can not reach the server at %s port %d: %s; is it running, and is this its "
		    "component port?", s->server, s->port, why);
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct stream *s = arg;

	(void)fd;
	(void)what;
	drop_say(s, FAULT_BUSY, "the server at %s port %d did not answer within %d seconds", s->server, s->port,
	    HANDSHAKE_S);
}

static void
dial(struct stream *s)
{
	const struct link_calls calls = { s, on_connected, on_bytes, on_lost };
	unsigned patience = (unsigned)s->ping_every * PINGS_MISSED * 1000;
	struct err err;

	s->state = WIRE_CONNECTING;
	timer(s->deadline, HANDSHAKE_S);
	xml_open(s);
	s->link = link_new(s->base, s->server, s->port, patience, &calls, &err);
	if (s->link == NULL) {
		s->refused = err.fault == FAULT_USAGE;
		drop(s, &err);
	}
}

static void
on_retry(evutil_socket_t fd, short what, void *arg)
{
	struct stream *s = arg;

	(void)fd;
	(void)what;
	if (s->wanted && s->state == WIRE_DOWN)
		dial(s);
}

/* --- for wire.c --- */

struct stream *
stream_new(struct event_base *base, const struct wire_conf *conf, const struct stream_calls *calls)
{
	struct stream *s = xcalloc(1, sizeof *s);

	s->base = base;
	s->calls = *calls;
	s->ctx = xmpp_ctx_new(NULL, NULL);	/* no log: it would hold bodies and the handshake */
	if (s->ctx == NULL)
		abort();	/* out of memory */
	s->component = xstrdup(conf->component);
	s->server = xstrdup(conf->server);
	s->secret = xstrdup(conf->secret);
	s->muc = xstrdup(conf->muc);
	s->port = conf->port;
	s->backoff_max = conf->backoff_max;
	s->ping_every = conf->ping_every;
	s->stanza_max = conf->stanza_max;
	s->reap = event_new(base, -1, 0, on_reap, s);
	s->deadline = event_new(base, -1, 0, on_deadline, s);
	s->retry = event_new(base, -1, 0, on_retry, s);
	s->ping = event_new(base, -1, 0, on_ping, s);
	return s;
}

void
stream_free(struct stream **sp)
{
	struct stream *s = *sp;

	if (s == NULL)
		return;
	*sp = NULL;
	stream_close(s);
	conn_free(s);
	event_free(s->reap);
	event_free(s->deadline);
	event_free(s->retry);
	event_free(s->ping);
	free(s->component);
	free(s->server);
	explicit_bzero(s->secret, strlen(s->secret));
	free(s->secret);
	free(s->muc);
	xmpp_ctx_free(s->ctx);
	free(s);
}

void
stream_open(struct stream *s)
{
	if (s->wanted)
		return;
	s->wanted = true;
	if (s->state == WIRE_DOWN)
		timer(s->retry, 0);
}

void
stream_close(struct stream *s)
{
	s->wanted = false;
	event_del(s->retry);
	if (s->state == WIRE_DOWN || s->dead)
		return;
	if (s->state == WIRE_UP)
		out_end(s);
	s->closed = true;
	drop_say(s, FAULT_NONE, "closed");
}

enum wire_state
stream_state(const struct stream *s)
{
	return s->dead ? WIRE_DOWN : s->state;
}

xmpp_ctx_t *
stream_ctx(struct stream *s)
{
	return s->ctx;
}
