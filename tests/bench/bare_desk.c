/*
 * bare_desk: the least that a desk can be, as a yardstick for the hall's: one
 * component stream (XEP-0114), rooms joined, for each "#new ..." line one prepared
 * insert, and when it is committed one private line to its writer.  No queues, no
 * reading of words, no occupants, no outbox, no second chance.
 *
 *   bare_desk --db CONNINFO [--server A] [--port N] [--component D] [--secret S]
 *             [--muc D] [--nick N] [--rooms N]
 */
#include <arpa/inet.h>
#include <errno.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <getopt.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strophe.h>
#include <sys/queue.h>

#include "base/arena.h"
#include "bench.h"

struct pending {
	STAILQ_ENTRY(pending)	 next;
	char			*to, *desk;	/* the writer's address in the room; ours */
};

struct desk {
	struct event_base	*base;
	struct bufferevent	*bev;
	struct tree		*tree;
	PGconn			*pg;
	struct event		*pg_read, *pg_write;
	STAILQ_HEAD(, pending)	 pending;
	const char		*db, *server, *component, *secret, *muc, *nick;
	unsigned		 port, rooms;
	bool			 up;
};

static void
pg_flush(struct desk *d)
{
	int left = PQflush(d->pg);

	if (left < 0)
		die("bare_desk: %s", PQerrorMessage(d->pg));
	if (left > 0)
		event_add(d->pg_write, NULL);
}

static void
on_pg_writable(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd, (void)what;
	pg_flush(ctx);
}

/* Its row is committed: say so, in private. */
static void
tell(struct desk *d, const char *number)
{
	struct pending *p = STAILQ_FIRST(&d->pending);
	struct evbuffer *out = bufferevent_get_output(d->bev);

	STAILQ_REMOVE_HEAD(&d->pending, next);
	putf(out, "<message type='chat' id='b%s' from='", number);
	put_esc(out, p->desk);
	putf(out, "' to='");
	put_esc(out, p->to);
	putf(out, "'><body>#%s is noted; the officer has it on the list.</body><x xmlns='" NS_MUC_USER "'/></message>", number);
	free(p->to);
	free(p->desk);
	free(p);
}

static void
on_pg_readable(evutil_socket_t fd, short what, void *ctx)
{
	struct desk *d = ctx;
	PGresult *r;

	(void)fd, (void)what;
	if (!PQconsumeInput(d->pg))
		die("bare_desk: %s", PQerrorMessage(d->pg));
	while (!STAILQ_EMPTY(&d->pending) && !PQisBusy(d->pg)) {
		if ((r = PQgetResult(d->pg)) == NULL)
			continue;
		if (PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 1)
			tell(d, PQgetvalue(r, 0, 0));
		else if (PQresultStatus(r) != PGRES_PIPELINE_SYNC)
			die("bare_desk: %s", PQresultErrorMessage(r));
		PQclear(r);
	}
	pg_flush(d);
}

static void
store(struct desk *d, const struct node *n, const char *key, const char *text)
{
	struct pending *p = xcalloc(1, sizeof *p);
	const char *values[] = { key, node_get(n, "from"), text };

	p->to = xstrdup(node_get(n, "from"));
	p->desk = xstrdup(node_get(n, "to"));
	STAILQ_INSERT_TAIL(&d->pending, p, next);
	if (!PQsendQueryPrepared(d->pg, "note", 3, values, NULL, NULL, 0) || !PQpipelineSync(d->pg))
		die("bare_desk: %s", PQerrorMessage(d->pg));
	pg_flush(d);
}

static void
join(struct desk *d, unsigned room)
{
	putf(bufferevent_get_output(d->bev), "<presence from='r%04u@%s/desk' to='r%04u@%s/%s'><x xmlns='" NS_MUC "'>"
	    "<history maxstanzas='0'/></x></presence>", room, d->component, room, d->muc, d->nick);
}

/* 201: the join made the room; an empty form opens it with the server's defaults (XEP-0045 §10.1.2). */
static void
presence(struct desk *d, const struct node *n)
{
	const struct node *x = node_child(n, "x", NS_MUC_USER);
	struct evbuffer *out = bufferevent_get_output(d->bev);
	struct addr room;

	for (const struct node *c = x == NULL ? NULL : x->first; c != NULL; c = c->next) {
		if (strcmp(c->name, "status") != 0 || strcmp(node_get(c, "code"), "201") != 0 ||
		    !addr_read(&room, node_get(n, "from")))
			continue;
		putf(out, "<iq type='set' id='open' from='%s' to='%s@%s'><query xmlns='http://jabber.org/protocol/muc#owner'>"
		    "<x xmlns='jabber:x:data' type='submit'/></query></iq>", node_get(n, "to"), room.local, room.domain);
	}
	if (strcmp(node_get(n, "type"), "error") == 0)
		fprintf(stderr, "bare_desk: %s: not joined\n", node_get(n, "from"));
}

static void
message(struct desk *d, const struct node *n)
{
	const struct node *body = node_child(n, "body", NULL), *sid = node_child(n, "stanza-id", "urn:xmpp:sid:0");

	if (body == NULL || strcmp(node_get(n, "type"), "groupchat") != 0 || strncmp(body->text, "#new", 4) != 0 ||
	    node_child(n, "delay", NULL) != NULL)
		return;
	store(d, n, sid == NULL ? node_get(n, "id") : node_get(sid, "id"), body->text);
}

static void
iq(struct desk *d, const struct node *n)
{
	struct evbuffer *out = bufferevent_get_output(d->bev);
	bool ping = node_child(n, "ping", "urn:xmpp:ping") != NULL;

	if (strcmp(node_get(n, "type"), "get") != 0 && strcmp(node_get(n, "type"), "set") != 0)
		return;
	putf(out, "<iq type='%s' from='", ping ? "result" : "error");
	put_esc(out, node_get(n, "to"));
	putf(out, "' to='");
	put_esc(out, node_get(n, "from"));
	putf(out, "' id='");
	put_esc(out, node_get(n, "id"));
	putf(out, "'>%s</iq>", ping ? "" : "<error type='cancel'><service-unavailable "
	    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>");
}

static void
on_stanza(void *ctx, struct node *n)
{
	struct desk *d = ctx;

	if (!d->up && strcmp(n->name, "handshake") == 0) {
		d->up = true;
		for (unsigned i = 0; i < d->rooms; i++)
			join(d, i);
	} else if (strcmp(n->name, "presence") == 0) {
		presence(d, n);
	} else if (strcmp(n->name, "message") == 0) {
		message(d, n);
	} else if (strcmp(n->name, "iq") == 0) {
		iq(d, n);
	} else {
		die("bare_desk: the server says <%s>", n->first == NULL ? n->name : n->first->name);
	}
}

static void
on_opened(void *ctx, const char *id)
{
	struct desk *d = ctx;
	xmpp_ctx_t *x = xmpp_ctx_new(NULL, NULL);
	char text[512], *hash;

	snprintf(text, sizeof text, "%s%s", id == NULL ? "" : id, d->secret);
	hash = xmpp_sha1(x, (const unsigned char *)text, strlen(text));
	putf(bufferevent_get_output(d->bev), "<handshake>%s</handshake>", hash);
	xmpp_free(x, hash);
	xmpp_ctx_free(x);
}

static void
on_readable(struct bufferevent *bev, void *ctx)
{
	struct desk *d = ctx;

	if (!tree_feed(d->tree, bufferevent_get_input(bev)))
		die("bare_desk: bad XML from the server");
}

static void
on_event(struct bufferevent *bev, short what, void *ctx)
{
	struct desk *d = ctx;

	(void)bev;
	if (what & BEV_EVENT_CONNECTED)
		putf(bufferevent_get_output(d->bev), "<?xml version='1.0'?><stream:stream xmlns='" NS_COMPONENT
		    "' xmlns:stream='" NS_STREAM "' to='%s'>", d->component);
	else
		die("bare_desk: the server is gone");
}

static void
on_term(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd, (void)what;
	event_base_loopbreak(ctx);
}

static void
pg_open(struct desk *d)
{
	PGresult *r;

	d->pg = PQconnectdb(d->db);
	if (PQstatus(d->pg) != CONNECTION_OK)
		die("bare_desk: %s", PQerrorMessage(d->pg));
	r = PQexec(d->pg, "CREATE TABLE IF NOT EXISTS bare_request (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
	    "key text UNIQUE NOT NULL, writer text NOT NULL, words text NOT NULL)");
	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		die("bare_desk: %s", PQerrorMessage(d->pg));
	PQclear(r);
	r = PQprepare(d->pg, "note", "INSERT INTO bare_request (key, writer, words) VALUES ($1, $2, $3) RETURNING number", 3, NULL);
	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		die("bare_desk: %s", PQerrorMessage(d->pg));
	PQclear(r);
	if (PQsetnonblocking(d->pg, 1) != 0 || !PQenterPipelineMode(d->pg))
		die("bare_desk: %s", PQerrorMessage(d->pg));
	d->pg_read = event_new(d->base, PQsocket(d->pg), EV_READ | EV_PERSIST, on_pg_readable, d);
	d->pg_write = event_new(d->base, PQsocket(d->pg), EV_WRITE, on_pg_writable, d);
	event_add(d->pg_read, NULL);
}

static void
xmpp_open(struct desk *d)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons((uint16_t)d->port) };
	const struct tree_calls calls = { .ctx = d, .opened = on_opened, .stanza = on_stanza };

	if (inet_pton(AF_INET, d->server, &sa.sin_addr) != 1)
		die("bare_desk: --server %s: a numeric address is wanted", d->server);
	d->tree = tree_new(&calls);
	d->bev = bufferevent_socket_new(d->base, -1, BEV_OPT_CLOSE_ON_FREE);
	bufferevent_setcb(d->bev, on_readable, NULL, on_event, d);
	bufferevent_enable(d->bev, EV_READ | EV_WRITE);
	if (bufferevent_socket_connect(d->bev, (struct sockaddr *)&sa, sizeof sa) != 0)
		die("bare_desk: %s", strerror(errno));
}

static void
desk_free(struct desk *d)
{
	struct pending *p;

	while ((p = STAILQ_FIRST(&d->pending)) != NULL) {
		STAILQ_REMOVE_HEAD(&d->pending, next);
		free(p->to);
		free(p->desk);
		free(p);
	}
	event_free(d->pg_read);
	event_free(d->pg_write);
	PQfinish(d->pg);
	bufferevent_free(d->bev);
	tree_free(&d->tree);
}

int
main(int argc, char **argv)
{
	static const struct option options[] = { { "db", 1, NULL, 'd' }, { "server", 1, NULL, 's' }, { "port", 1, NULL, 'p' },
	    { "component", 1, NULL, 'c' }, { "secret", 1, NULL, 'k' }, { "muc", 1, NULL, 'm' }, { "nick", 1, NULL, 'n' },
	    { "rooms", 1, NULL, 'r' }, { NULL, 0, NULL, 0 } };
	struct desk d = { .server = "127.0.0.1", .component = "hall.example.org", .secret = "secret",
	    .muc = "conference.example.org", .nick = "desk", .port = 5347, .rooms = 1000, .db = "" };
	struct event *term;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (c) {
		case 'd': d.db = optarg; break;
		case 's': d.server = optarg; break;
		case 'p': d.port = number("port", optarg, 65535); break;
		case 'c': d.component = optarg; break;
		case 'k': d.secret = optarg; break;
		case 'm': d.muc = optarg; break;
		case 'n': d.nick = optarg; break;
		case 'r': d.rooms = number("rooms", optarg, 1000000); break;
		default: return 2;
		}
	STAILQ_INIT(&d.pending);
	d.base = event_base_new();
	term = evsignal_new(d.base, SIGTERM, on_term, d.base);
	event_add(term, NULL);
	pg_open(&d);
	xmpp_open(&d);
	event_base_dispatch(d.base);
	desk_free(&d);
	event_free(term);
	event_base_free(d.base);
	return 0;
}
