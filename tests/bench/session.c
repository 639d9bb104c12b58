/*
 * One ordinary client's connection (RFC 6120): stream, SASL PLAIN, stream again,
 * resource.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strophe.h>

#include "session.h"

#define NS_SASL	"urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_BIND	"urn:ietf:params:xml:ns:xmpp-bind"

struct evbuffer *
session_out(struct session *s)
{
	return bufferevent_get_output(s->bev);
}

static void
greet(struct session *s)
{
	putf(session_out(s), "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='" NS_STREAM
	    "' version='1.0' to='%s'>", s->host);
}

static void
authenticate(struct session *s)
{
	xmpp_ctx_t *x = xmpp_ctx_new(NULL, NULL);
	char plain[256], *text;
	int len = snprintf(plain, sizeof plain, "%c%s%c%s", 0, s->user, 0, s->password);

	text = xmpp_base64_encode(x, (unsigned char *)plain, (size_t)len);
	putf(session_out(s), "<auth xmlns='" NS_SASL "' mechanism='PLAIN'>%s</auth>", text);
	xmpp_free(x, text);
	xmpp_ctx_free(x);
}

static void
on_session_stanza(void *ctx, struct node *n)
{
	struct session *s = ctx;

	if (node_is(n, "features", NS_STREAM)) {
		if (s->authenticated)
			putf(session_out(s), "<iq type='set' id='bind'><bind xmlns='" NS_BIND "'><resource>phone</resource></bind></iq>");
		else
			authenticate(s);
	} else if (node_is(n, "success", NS_SASL)) {
		s->authenticated = s->restart = true;
	} else if (node_is(n, "failure", NS_SASL)) {
		die("client: %s is refused: %s", s->user, n->first == NULL ? "" : n->first->name);
	} else if (node_is(n, "error", NS_STREAM)) {
		die("client: stream error: %s", n->first == NULL ? "" : n->first->name);
	} else if (!s->ready && strcmp(node_get(n, "id"), "bind") == 0) {
		if (strcmp(node_get(n, "type"), "result") != 0)
			die("client: no resource for %s", s->user);
		s->ready = true;
		s->opened(s->ctx, s);
	} else if (s->ready) {
		s->stanza(s->ctx, s, n);
	}
}

static void
begin(struct session *s)
{
	const struct tree_calls calls = { .ctx = s, .stanza = on_session_stanza };

	tree_free(&s->tree);
	s->tree = tree_new(&calls);
	greet(s);
}

static void
on_session_readable(struct bufferevent *bev, void *ctx)
{
	struct session *s = ctx;

	if (!tree_feed(s->tree, bufferevent_get_input(bev)))
		die("client: bad XML from the server");
	if (s->restart) {	/* a new stream on the same connection (RFC 6120 §4.3.3) */
		s->restart = false;
		begin(s);
	}
}

static void
on_session_event(struct bufferevent *bev, short what, void *ctx)
{
	(void)bev;
	if (what & BEV_EVENT_CONNECTED)
		begin(ctx);
	else
		die("client: the server is gone");
}

void
session_open(struct session *s, struct event_base *base, const char *address, int port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

	if (inet_pton(AF_INET, address, &sa.sin_addr) != 1)
		die("client: %s: a numeric address is wanted", address);
	s->bev = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
	bufferevent_setcb(s->bev, on_session_readable, NULL, on_session_event, s);
	bufferevent_enable(s->bev, EV_READ | EV_WRITE);
	if (bufferevent_socket_connect(s->bev, (struct sockaddr *)&sa, sizeof sa) != 0)
		die("client: %s", strerror(errno));
}

void
session_close(struct session *s)
{
	if (s->bev != NULL)
		bufferevent_free(s->bev);
	s->bev = NULL;
	tree_free(&s->tree);
}
