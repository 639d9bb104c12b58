/*
 * The server's side of a component connection (XEP-0114): one at a time, and as
 * strict as a real server: a wrong secret, a foreign `from` or bad XML ends the stream.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strophe.h>

#include "server.h"

/* Above this much unsent data nothing new is made; drained() is called below it. */
enum { LOW_WATER = 1 << 20 };

static void
drop(struct link *l)
{
	bool was_up = l->up;

	if (l->bev != NULL)
		bufferevent_free(l->bev);
	l->bev = NULL;
	tree_free(&l->tree);
	l->up = l->doomed = false;
	if (was_up)
		l->state(l->ctx, false);
}

struct evbuffer *
link_out(struct link *l)
{
	return l->up ? bufferevent_get_output(l->bev) : NULL;
}

void
link_doom(struct link *l, const char *condition)
{
	fprintf(stderr, "server: stream ended: %s\n", condition);
	l->doomed = true;
	if (l->bev != NULL)
		putf(bufferevent_get_output(l->bev), "<stream:error><%s xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
		    "</stream:error></stream:stream>", condition);
}

static void
on_opened(void *ctx, const char *id)
{
	struct link *l = ctx;

	(void)id;
	snprintf(l->id, sizeof l->id, "%08lx%08x", (unsigned long)(now_s() * 1e6), (unsigned)rand());
	putf(bufferevent_get_output(l->bev), "<?xml version='1.0'?><stream:stream xmlns='" NS_COMPONENT "' xmlns:stream='"
	    NS_STREAM "' from='%s' id='%s'>", l->component, l->id);
}

static void
shake(struct link *l, const struct node *n)
{
	xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
	char text[512], *want;

	snprintf(text, sizeof text, "%s%s", l->id, l->secret);
	want = xmpp_sha1(ctx, (const unsigned char *)text, strlen(text));
	if (want == NULL || strcmp(want, n->text) != 0) {
		link_doom(l, "not-authorized");
	} else {
		l->up = true;
		l->streams++;
		evbuffer_add(bufferevent_get_output(l->bev), "<handshake/>", 12);
		l->state(l->ctx, true);
	}
	xmpp_free(ctx, want);
	xmpp_ctx_free(ctx);
}

static void
on_link_stanza(void *ctx, struct node *n)
{
	struct link *l = ctx;
	struct addr from;

	if (l->doomed)
		return;
	if (!l->up) {
		if (node_is(n, "handshake", NS_COMPONENT))
			shake(l, n);
		else
			link_doom(l, "not-authorized");
		return;
	}
	l->last_in = now_s();
	l->stanzas++;
	if (!addr_read(&from, node_get(n, "from")) || strcmp(from.domain, l->component) != 0)
		link_doom(l, "invalid-from");
	else
		l->stanza(l->ctx, n);
}

static void
on_link_read(struct bufferevent *bev, void *ctx)
{
	struct link *l = ctx;

	if (!l->doomed && !tree_feed(l->tree, bufferevent_get_input(bev)))
		link_doom(l, "not-well-formed");
	if (l->doomed) {
		bufferevent_disable(bev, EV_READ);
		if (evbuffer_get_length(bufferevent_get_output(bev)) == 0)
			drop(l);
	}
}

static void
on_link_written(struct bufferevent *bev, void *ctx)
{
	struct link *l = ctx;

	if (l->doomed) {
		if (evbuffer_get_length(bufferevent_get_output(bev)) == 0)
			drop(l);
	} else if (l->up && l->drained != NULL) {
		l->drained(l->ctx);
	}
}

static void
on_link_event(struct bufferevent *bev, short what, void *ctx)
{
	struct link *l = ctx;

	(void)bev;
	if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
		drop(l);
}

static void
on_link_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *sa, int len, void *ctx)
{
	struct link *l = ctx;
	const struct tree_calls calls = { .ctx = l, .opened = on_opened, .stanza = on_link_stanza };
	int one = 1;

	(void)listener, (void)sa, (void)len;
	drop(l);	/* like Prosody's kick_old: the new connection wins */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	l->tree = tree_new(&calls);
	l->bev = bufferevent_socket_new(l->base, fd, BEV_OPT_CLOSE_ON_FREE);
	bufferevent_setcb(l->bev, on_link_read, on_link_written, on_link_event, l);
	bufferevent_setwatermark(l->bev, EV_WRITE, LOW_WATER, 0);
	bufferevent_set_max_single_read(l->bev, 1 << 18);
	bufferevent_set_max_single_write(l->bev, 1 << 18);
	bufferevent_enable(l->bev, EV_READ | EV_WRITE);
}

int
link_listen(struct link *l, int port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof sa;

	l->listener = evconnlistener_new_bind(l->base, on_link_accept, l,
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_REUSEABLE | LEV_OPT_CLOSE_ON_EXEC, 8, (struct sockaddr *)&sa, sizeof sa);
	if (l->listener == NULL)
		die("port %d on loopback: %s", port, strerror(errno));
	if (getsockname(evconnlistener_get_fd(l->listener), (struct sockaddr *)&sa, &len) != 0)
		die("getsockname: %s", strerror(errno));
	return ntohs(sa.sin_port);
}

void
link_close(struct link *l)
{
	drop(l);
	if (l->listener != NULL)
		evconnlistener_free(l->listener);
	l->listener = NULL;
}
