#include "proxy.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"

struct pair {
	TAILQ_ENTRY(pair)	 link;
	struct proxy		*proxy;
	struct bufferevent	*hall, *server;
	bool			 last_answer;	/* what the server says now is not passed on */
};

struct proxy {
	struct event_base	*base;
	struct evconnlistener	*listener;
	struct sockaddr_un	 here, there;
	TAILQ_HEAD(, pair)	 pairs;
	enum cut		 cut;
	bool			 lost;
};

static void
name_socket(struct sockaddr_un *sa, const char *dir)
{
	sa->sun_family = AF_UNIX;
	snprintf(sa->sun_path, sizeof sa->sun_path, "%s/.s.PGSQL.5432", dir);
}

static void
pair_free(struct pair *p)
{
	TAILQ_REMOVE(&p->proxy->pairs, p, link);
	bufferevent_free(p->hall);
	bufferevent_free(p->server);
	free(p);
}

/* Is a matter written here? The name of a prepared statement stands between two NULs. */
static bool
is_write(struct evbuffer *data)
{
	static const struct { const char *name; size_t len; } names[] = {
		{ "\0request_open", 14 }, { "\0request_change", 16 }, { "\0say", 5 },
	};
	struct evbuffer_ptr at;
	size_t i;

	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		at = evbuffer_search(data, names[i].name, names[i].len, NULL);
		if (at.pos != -1)
			return true;
	}
	return false;
}

static void
on_hall_data(struct bufferevent *bev, void *ctx)
{
	struct pair *p = ctx;
	struct evbuffer *data = bufferevent_get_input(bev);
	enum cut cut = p->proxy->cut;

	if (cut != CUT_NEVER && is_write(data)) {
		p->proxy->cut = CUT_NEVER;
		if (cut == CUT_BEFORE) {
			pair_free(p);
			return;
		}
		p->last_answer = true;
	}
	bufferevent_write_buffer(p->server, data);
}

static void
on_server_data(struct bufferevent *bev, void *ctx)
{
	static const char ready[] = { 'Z', 0, 0, 0, 5 };
	struct pair *p = ctx;
	struct evbuffer *data = bufferevent_get_input(bev);

	if (!p->last_answer)
		bufferevent_write_buffer(p->hall, data);
	else if (evbuffer_search(data, ready, sizeof ready, NULL).pos != -1)
		pair_free(p);
}

static void
on_event(struct bufferevent *bev, short what, void *ctx)
{
	(void)bev;
	if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
		pair_free(ctx);
}

static void
on_accept(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *sa, int len, void *ctx)
{
	struct proxy *x = ctx;
	struct pair *p;

	(void)l, (void)sa, (void)len;
	if (x->lost) {
		close(fd);
		return;
	}
	p = xcalloc(1, sizeof *p);
	p->proxy = x;
	p->hall = bufferevent_socket_new(x->base, fd, BEV_OPT_CLOSE_ON_FREE);
	p->server = bufferevent_socket_new(x->base, -1, BEV_OPT_CLOSE_ON_FREE);
	TAILQ_INSERT_TAIL(&x->pairs, p, link);
	bufferevent_setcb(p->hall, on_hall_data, NULL, on_event, p);
	bufferevent_setcb(p->server, on_server_data, NULL, on_event, p);
	bufferevent_enable(p->hall, EV_READ | EV_WRITE);
	bufferevent_enable(p->server, EV_READ | EV_WRITE);
	if (bufferevent_socket_connect(p->server, (struct sockaddr *)&x->there, sizeof x->there) != 0)
		pair_free(p);
}

struct proxy *
proxy_new(struct event_base *base, const char *dir, const char *host)
{
	struct proxy *x = xcalloc(1, sizeof *x);

	x->base = base;
	TAILQ_INIT(&x->pairs);
	name_socket(&x->here, dir);
	name_socket(&x->there, host);
	x->listener = evconnlistener_new_bind(base, on_accept, x, LEV_OPT_CLOSE_ON_FREE, 16,
	    (struct sockaddr *)&x->here, sizeof x->here);
	if (x->listener == NULL) {
		printf("cannot listen on %s\n0 passed, 1 failed\n", x->here.sun_path);
		exit(1);
	}
	return x;
}

void
proxy_lose(struct proxy *x)
{
	struct pair *p;

	x->lost = true;
	while ((p = TAILQ_FIRST(&x->pairs)) != NULL)
		pair_free(p);
}

void
proxy_free(struct proxy **xp)
{
	struct proxy *x = *xp;

	proxy_lose(x);
	evconnlistener_free(x->listener);
	unlink(x->here.sun_path);
	free(x);
	*xp = NULL;
}

void
proxy_back(struct proxy *x)
{
	x->lost = false;
}

void
proxy_cut_next(struct proxy *x, enum cut cut)
{
	x->cut = cut;
}

bool
proxy_has_cut(const struct proxy *x)
{
	return x->cut == CUT_NEVER;
}
