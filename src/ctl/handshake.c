#include "ctl/handshake.h"

#include <event2/event.h>

#include "wire/wire.h"

static const struct timeval PATIENCE = { 15, 0 };

struct trial {
	struct event_base	*base;
	struct wire		*wire;
	struct handshake	*result;
	bool			 up;
};

static void
on_muc(void *ctx, const struct err *why)
{
	struct trial *t = ctx;

	t->result->muc = *why;
	event_base_loopbreak(t->base);
}

static void
on_stream(void *ctx, enum wire_state state, const struct err *why)
{
	struct trial *t = ctx;

	if (state == WIRE_UP && !t->up) {
		t->up = true;
		t->result->server.fault = FAULT_NONE;
		wire_probe(t->wire, on_muc, t);
	} else if (state == WIRE_DOWN) {
		/* Wire would try again; one refusal is answer enough. */
		if (!t->up && why != NULL)
			t->result->server = *why;
		event_base_loopbreak(t->base);
	}
}

static void
on_patience_end(evutil_socket_t fd, short what, void *ctx)
{
	struct trial *t = ctx;

	(void)fd, (void)what;
	event_base_loopbreak(t->base);
}

/* Nothing else is of interest here, and without rooms little can come. */
static void
on_hear(void *ctx, struct msg *msg)
{
	(void)ctx;
	msg_free(&msg);
}

static void
on_room(void *ctx, const char *room, enum room_state state, const char *why)
{
	(void)ctx, (void)room, (void)state, (void)why;
}

static void
on_said(void *ctx, const char *id, const char *stanza_id)
{
	(void)ctx, (void)id, (void)stanza_id;
}

static void
on_unsaid(void *ctx, const char *id, const struct err *why)
{
	(void)ctx, (void)id, (void)why;
}

static void
on_cursor(void *ctx, const char *room, const char *stanza_id)
{
	(void)ctx, (void)room, (void)stanza_id;
}

static void
on_gap(void *ctx, const char *room, instant from, instant to)
{
	(void)ctx, (void)room, (void)from, (void)to;
}

static const struct form *
on_menu(void *ctx, const char *who, struct arena *arena)
{
	(void)ctx, (void)who;
	return arena_alloc(arena, sizeof(struct form));	/* its node is NULL: an empty menu */
}

void
handshake(const struct conf *c, struct handshake *result)
{
	struct wire_conf conf = {
		.component = c->component, .server = c->server, .port = c->port, .secret = c->secret, .muc = c->muc,
		.nick = c->nick, .staff = c->staff, .version = "check", .backoff_max = c->backoff_max,
		.ping_every = c->ping_every, .joins_in_flight = 1, .stanza_max = 524288, .say_max = 16384,
	};
	struct event *timer;
	struct trial t = { .base = event_base_new(), .result = result };
	struct ear ear = {
		&t, .hear = on_hear, .stream = on_stream, .room = on_room, .said = on_said, .unsaid = on_unsaid,
		.cursor = on_cursor, .gap = on_gap, .menu = on_menu,
	};

	err_set(&result->server, FAULT_BUSY, "%s port %d does not answer; start the XMPP server, or correct `server` and `port`",
	    c->server, c->port);
	err_set(&result->muc, FAULT_BUSY, "%s could not be asked; mend the connection to the server first", c->muc);
	t.wire = wire_new(t.base, &conf, &ear);
	timer = event_new(t.base, -1, 0, on_patience_end, &t);
	event_add(timer, &PATIENCE);
	wire_open(t.wire);
	event_base_dispatch(t.base);
	wire_close(t.wire);
	/* What is still on its way out, </stream:stream> above all, gets a turn. */
	event_base_loop(t.base, EVLOOP_NONBLOCK);
	wire_free(&t.wire);
	event_free(timer);
	event_base_free(t.base);
}
