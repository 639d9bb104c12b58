/*
 * client: residents on a real server, who write request lines and wait for the
 * desk's private answer.
 *
 *   client [options] -- program argument ...
 *
 * The program is a component that makes the rooms r0000 ... and sits in them under
 * the nickname --desk: the hall, or the bare desk.  Each of --clients accounts
 * (user0 ..., password --password) joins every room.  Prints one line of name=value
 * pairs like the scripted server's, so that the two desks can be compared on the
 * same lines through the same server.
 */
#include <errno.h>
#include <event2/event.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "session.h"

enum { GIVE_UP_S = 30 };

/* One person in one room. */
struct seat {
	bool	here, desk_here;
	double	tried;		/* when joining was tried last */
	double	asked;		/* 0: nothing open */
};

struct bench {
	struct event_base	*base;
	struct event		*tick;
	struct session		*sessions;
	struct seat		*seats;		/* clients × rooms */
	const char		*address, *host, *muc, *desk, *line, *answer, *password;
	unsigned		 port, clients, rooms, total, rate, patience, settle, seed;
	unsigned		 ready, sent, done, lost;
	unsigned long		 more;
	pid_t			 pid, pg, server;
	double			 begun, last, all_here;
	double			 cpu, pg_cpu, server_cpu;
	bool			 loading;
	struct series		 times;
};

static struct seat *
seat_of(struct bench *b, const struct session *s, unsigned room)
{
	return &b->seats[(size_t)(s - b->sessions) * b->rooms + room];
}

static int
room_of(const struct bench *b, const char *from, struct addr *a)
{
	unsigned room;

	if (!addr_read(a, from) || sscanf(a->local, "r%u", &room) != 1 || room >= b->rooms)
		return -1;
	return (int)room;
}

static void
measure(struct bench *b)
{
	b->cpu = cpu_of(b->pid);
	b->pg_cpu = b->pg > 0 ? cpu_of_family(b->pg) : 0;
	b->server_cpu = b->server > 0 ? cpu_of(b->server) : 0;
}

/* --- joining --- */

static void
join(struct bench *b, struct session *s, unsigned room)
{
	seat_of(b, s, room)->tried = now_s();
	putf(session_out(s), "<presence to='r%04u@%s/%s'><x xmlns='" NS_MUC "'><history maxstanzas='0'/></x></presence>",
	    room, b->muc, s->user);
}

static void
on_opened(void *ctx, struct session *s)
{
	struct bench *b = ctx;

	(void)s;
	b->ready++;
}

static void
presence(struct bench *b, struct session *s, const struct node *n)
{
	const char *type = node_get(n, "type");
	struct addr a;
	int room = room_of(b, node_get(n, "from"), &a);
	struct seat *seat = room < 0 ? NULL : seat_of(b, s, (unsigned)room);

	if (seat == NULL || strcmp(type, "error") == 0)	/* the desk has not made it yet: tried again */
		return;
	if (strcmp(a.resource, b->desk) == 0)
		seat->desk_here = *type == '\0';
	else if (strcmp(a.resource, s->user) == 0)
		seat->here = *type == '\0';
	if (b->loading && *type != '\0')
		die("client: %s left in the middle", node_get(n, "from"));
}

/* Tries the missing seats, each at most once a second; true when nobody is missing. */
static bool
gather(struct bench *b)
{
	bool all = b->ready == b->clients;
	double now = now_s();

	for (unsigned i = 0; i < b->clients; i++) {
		for (unsigned r = 0; b->sessions[i].ready && r < b->rooms; r++) {
			struct seat *seat = seat_of(b, &b->sessions[i], r);

			if (!seat->here && now - seat->tried > 1)
				join(b, &b->sessions[i], r);
			all = all && seat->here && seat->desk_here;
		}
	}
	return all;
}

/* --- asking --- */

static void
message(struct bench *b, struct session *s, const struct node *n)
{
	const struct node *body = node_child(n, "body", NULL);
	struct addr a;
	int room = room_of(b, node_get(n, "from"), &a);
	struct seat *seat = room < 0 ? NULL : seat_of(b, s, (unsigned)room);

	if (strcmp(node_get(n, "type"), "error") == 0)
		die("client: a line came back: %s", node_get(n, "from"));
	if (strcmp(node_get(n, "type"), "groupchat") == 0 || body == NULL || !b->loading)
		return;
	if (seat == NULL || seat->asked == 0 || strstr(body->text, b->answer) == NULL) {
		b->more++;
		return;
	}
	b->last = now_s();
	series_add(&b->times, b->last - seat->asked);
	seat->asked = 0;
	b->done++;
}

static void
on_stanza(void *ctx, struct session *s, struct node *n)
{
	if (strcmp(n->name, "presence") == 0)
		presence(ctx, s, n);
	else if (strcmp(n->name, "message") == 0)
		message(ctx, s, n);
}

static void
ask(struct bench *b)
{
	double due = (now_s() - b->begun) * b->rate;

	while (b->sent < b->total && b->sent < due) {
		unsigned n = b->sent, room = n % b->rooms;
		struct session *s = &b->sessions[n / b->rooms % b->clients];
		struct seat *seat = seat_of(b, s, room);
		char *line;

		if (seat->asked != 0)
			return;
		line = line_of(b->line, b->seed + n);
		seat->asked = now_s();
		b->sent++;
		putf(session_out(s), "<message type='groupchat' id='q%u' to='r%04u@%s'><body>", b->seed + n, room, b->muc);
		put_esc(session_out(s), line);
		putf(session_out(s), "</body><origin-id xmlns='urn:xmpp:sid:0' id='q%u'/></message>", b->seed + n);
		free(line);
	}
}

static void
report(struct bench *b)
{
	double cpu = b->cpu, pg = b->pg_cpu, server = b->server_cpu, n = b->done > 0 ? b->done : 1;

	measure(b);
	printf("load requests=%u lost=%u more=%lu seconds=%.2f per_s=%.0f p50_ms=%.2f p99_ms=%.2f cpu_us=%.1f pg_cpu_us=%.1f "
	    "server_cpu_us=%.1f\n", b->done, b->lost, b->more, b->last - b->begun, n / (b->last - b->begun),
	    series_at(&b->times, 0.5) * 1e3, series_at(&b->times, 0.99) * 1e3, (b->cpu - cpu) / n * 1e6,
	    (b->pg_cpu - pg) / n * 1e6, (b->server_cpu - server) / n * 1e6);
	event_base_loopbreak(b->base);
}

static void
on_tick(evutil_socket_t fd, short what, void *ctx)
{
	struct bench *b = ctx;
	double now = now_s();
	int status;

	(void)fd, (void)what;
	if (!run_alive(b->pid, &status))
		die("client: the measured program ended with %d", status);
	if (!b->loading) {
		if (!gather(b))
			b->all_here = 0;
		else if (b->all_here == 0)
			b->all_here = now;
		if (b->all_here != 0 && now - b->all_here > b->settle) {
			measure(b);
			b->loading = true;
			b->begun = b->last = now;
		} else if (now - b->begun > b->patience) {
			die("client: desk and residents did not meet in every room in time");
		}
		return;
	}
	ask(b);
	if (b->sent > b->done && now - b->last > GIVE_UP_S) {
		b->lost = b->total - b->done;
		report(b);
	} else if (b->done == b->total && now - b->last > 1) {	/* late acknowledgements belong to the work */
		report(b);
	}
}

/* --- options --- */

static const char usage[] =
    "client [options] -- program argument ...\n"
    "  --server A --port N      the server's numeric address and client port\n"
    "  --host D --muc D         its domain, its room service; --password W of every account\n"
    "  --desk NICK              the desk's nickname in the rooms\n"
    "  --clients N --rooms N    residents, each in every room\n"
    "  --load N --rate N        lines, and how many a second; --line TEXT, --seed N, --answer TEXT\n"
    "  --patience S --settle S  how long meeting may take, and quiet before the first line\n"
    "  --pg-pid N --server-pid N  also measure these\n";

static const struct option options[] = {
	{ "server", 1, NULL, 'a' }, { "port", 1, NULL, 'p' }, { "host", 1, NULL, 'h' }, { "muc", 1, NULL, 'm' },
	{ "password", 1, NULL, 'w' }, { "desk", 1, NULL, 'd' }, { "clients", 1, NULL, 'c' }, { "rooms", 1, NULL, 'r' },
	{ "load", 1, NULL, 'l' }, { "rate", 1, NULL, 'R' }, { "line", 1, NULL, 'L' }, { "seed", 1, NULL, 'S' },
	{ "answer", 1, NULL, 'A' }, { "patience", 1, NULL, 'P' }, { "settle", 1, NULL, 's' },
	{ "pg-pid", 1, NULL, 'g' }, { "server-pid", 1, NULL, 'x' }, { NULL, 0, NULL, 0 },
};

static void
set_option(struct bench *b, int code, const char *v)
{
	switch (code) {
	case 'a': b->address = v; break;
	case 'p': b->port = number("port", v, 65535); break;
	case 'h': b->host = v; break;
	case 'm': b->muc = v; break;
	case 'w': b->password = v; break;
	case 'd': b->desk = v; break;
	case 'c': b->clients = number("clients", v, 1000); break;
	case 'r': b->rooms = number("rooms", v, 100000); break;
	case 'l': b->total = number("load", v, 10000000); break;
	case 'R': b->rate = number("rate", v, 1000000); break;
	case 'L': b->line = v; break;
	case 'S': b->seed = number("seed", v, INT_MAX); break;
	case 'A': b->answer = v; break;
	case 'P': b->patience = number("patience", v, 86400); break;
	case 's': b->settle = number("settle", v, 3600); break;
	case 'g': b->pg = (pid_t)number("pg-pid", v, INT_MAX); break;
	case 'x': b->server = (pid_t)number("server-pid", v, INT_MAX); break;
	default: fputs(usage, stderr); exit(2);
	}
}

static void
people(struct bench *b)
{
	b->sessions = xcalloc(b->clients, sizeof *b->sessions);
	b->seats = xcalloc((size_t)b->clients * b->rooms, sizeof *b->seats);
	for (unsigned i = 0; i < b->clients; i++) {
		struct session *s = &b->sessions[i];

		s->host = b->host;
		s->password = b->password;
		s->ctx = b;
		s->opened = on_opened;
		s->stanza = on_stanza;
		snprintf(s->user, sizeof s->user, "user%u", i);
		session_open(s, b->base, b->address, (int)b->port);
	}
}

int
main(int argc, char **argv)
{
	struct bench b = { .address = "127.0.0.1", .port = 5222, .host = "localhost", .muc = "conference.localhost",
	    .desk = "desk", .password = "secret", .clients = 5, .rooms = 20, .total = 2000, .rate = 100, .patience = 60,
	    .settle = 3, .line = "#new the street lamp at number {n} is broken", .answer = "" };
	int c, status;

	while ((c = getopt_long(argc, argv, "+", options, NULL)) != -1)
		set_option(&b, c, optarg);
	if (argv[optind] == NULL || b.clients == 0 || b.rooms == 0 || b.rate == 0)
		set_option(&b, '?', NULL);
	b.base = event_base_new();
	b.pid = run_start(argv + optind);
	people(&b);
	b.begun = now_s();
	b.tick = event_new(b.base, -1, EV_PERSIST, on_tick, &b);
	evtimer_add(b.tick, &(struct timeval){ .tv_usec = 2000 });
	event_base_dispatch(b.base);
	status = run_stop(b.pid, 10);
	printf("ended status=%d\n", status);
	for (unsigned i = 0; i < b.clients; i++)
		session_close(&b.sessions[i]);
	free(b.sessions);
	free(b.seats);
	series_free(&b.times);
	event_free(b.tick);
	event_base_free(b.base);
	return b.lost > 0 || status != 0;
}
