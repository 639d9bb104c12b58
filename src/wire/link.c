#include "wire/link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"

enum { READ_MAX = 16384 };	/* bytes given upward at once */

struct link {
	struct link_calls	 calls;
	struct bufferevent	*bev;
	struct event		*push;
	bool			 stopped;
};

/* --- out --- */

void
link_push(struct link *l)
{
	struct evbuffer *waiting = bufferevent_get_output(l->bev);

	/* Frozen, because the bufferevent believes that it alone may take from it. */
	evbuffer_unfreeze(waiting, 1);
	evbuffer_write(waiting, bufferevent_getfd(l->bev));
	evbuffer_freeze(waiting, 1);
}

static void
on_push(evutil_socket_t fd, short what, void *arg)
{
	struct link *l = arg;

	(void)fd;
	(void)what;
	if (l->stopped)
		return;
	link_push(l);
	if (link_waiting(l) > 0)
		bufferevent_enable(l->bev, EV_WRITE);	/* a broken socket says so there, too */
}

/* The rest has gone. */
static void
on_written(struct bufferevent *bev, void *arg)
{
	(void)arg;
	bufferevent_disable(bev, EV_WRITE);
}

bool
link_write(struct link *l, const char *data, size_t n)
{
	if (l->stopped || bufferevent_write(l->bev, data, n) != 0)
		return false;
	event_active(l->push, EV_TIMEOUT, 0);
	return true;
}

size_t
link_waiting(const struct link *l)
{
	return evbuffer_get_length(bufferevent_get_output(l->bev));
}

/* --- in --- */

static void
on_readable(struct bufferevent *bev, void *arg)
{
	struct link *l = arg;
	struct evbuffer *in = bufferevent_get_input(bev);
	char data[READ_MAX];
	int n;

	while (!l->stopped && (n = evbuffer_remove(in, data, sizeof data)) > 0)
		l->calls.bytes(l->calls.ctx, data, (size_t)n);
}

static void
on_socket_event(struct bufferevent *bev, short what, void *arg)
{
	int e = EVUTIL_SOCKET_ERROR();
	struct link *l = arg;

	if (l->stopped)
		return;
	if (what & BEV_EVENT_CONNECTED) {
		bufferevent_disable(bev, EV_WRITE);
		l->calls.connected(l->calls.ctx);
	} else
		l->calls.lost(l->calls.ctx, what & BEV_EVENT_EOF ? NULL : evutil_socket_error_to_string(e));
}

/* --- its life --- */

/* Length 0: it is no numeric address. */
static socklen_t
address(const char *server, int port, struct sockaddr_storage *ss)
{
	struct sockaddr_in *in = (struct sockaddr_in *)ss;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ss;

	memset(ss, 0, sizeof *ss);
	if (inet_pton(AF_INET, server, &in->sin_addr) == 1) {
		in->sin_family = AF_INET;
		in->sin_port = htons((uint16_t)port);
		return sizeof *in;
	}
	if (inet_pton(AF_INET6, server, &in6->sin6_addr) == 1) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons((uint16_t)port);
		return sizeof *in6;
	}
	return 0;
}

struct link *
link_new(struct event_base *base, const char *server, int port, unsigned patience_ms, const struct link_calls *calls,
    struct err *err)
{
	struct sockaddr_storage ss;
	socklen_t n = address(server, port, &ss);
	struct link *l;
	int fd, on = 1;

	if (n == 0) {
		err_set(err, FAULT_USAGE, "`server` in moothall.conf is \"%s\": give a numeric address, such as 127.0.0.1 or ::1",
		    server);
		return NULL;
	}
	fd = socket(ss.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1) {
		err_set(err, FAULT_BUSY, "no socket: %s", strerror(errno));
		return NULL;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience_ms, sizeof patience_ms);
	l = xcalloc(1, sizeof *l);
	l->calls = *calls;
	l->push = event_new(base, -1, 0, on_push, l);
	l->bev = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
	if (l->bev == NULL || l->push == NULL)
		abort();	/* out of memory */
	bufferevent_setcb(l->bev, on_readable, on_written, on_socket_event, l);
	bufferevent_enable(l->bev, EV_READ | EV_WRITE);
	if (bufferevent_socket_connect(l->bev, (struct sockaddr *)&ss, (int)n) == 0)
		return l;
	err_set(err, FAULT_BUSY, "can not reach the server at %s port %d: %s", server, port, strerror(errno));
	link_free(&l);
	return NULL;
}

void
link_stop(struct link *l)
{
	l->stopped = true;
	bufferevent_disable(l->bev, EV_READ | EV_WRITE);
}

void
link_free(struct link **lp)
{
	struct link *l = *lp;

	if (l == NULL)
		return;
	*lp = NULL;
	event_free(l->push);
	bufferevent_free(l->bev);
	free(l);
}
