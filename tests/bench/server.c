/*
 * server: a scripted XMPP server that measures the component connected to it.
 *
 *   server [options] [-- program argument ...]
 *
 * In order: wait until the component is in every room and has fallen silent; leave
 * it idle for --idle seconds; let --more people come in; send --load lines and wait
 * for their answers.  One line of name=value pairs is printed for each.  The program
 * after "--" is started when the port is open and ended at the end; or --pid names
 * one that is already there.
 */
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server.h"

enum phase { WAITING, IDLE, GROWING, GROWN, LOADING, SETTLING, OVER };

struct bench {
	struct event_base	*base;
	struct event		*tick;
	struct link		 link;
	struct muc		 muc;
	struct load		 load;
	enum phase		 phase;
	int			 port, failed;
	unsigned		 idle, more, patience, settle;
	unsigned		 grow_room, before;	/* where the next comes in; how many there were */
	bool			 own, grown;
	pid_t			 pid, pg;
	char			**program;
	double			 begun, up_at;		/* of the phase; of the stream */
	double			 cpu, pg_cpu;		/* at the phase's beginning */
	long			 rss, anon;
};

static void
fail(struct bench *b, const char *why)
{
	fprintf(stderr, "server: %s\n", why);
	b->failed = 1;
	event_base_loopbreak(b->base);
}

static void
measure(struct bench *b)
{
	b->cpu = b->pid > 0 ? cpu_of(b->pid) : 0;
	b->pg_cpu = b->pg > 0 ? cpu_of_family(b->pg) : 0;
	b->rss = b->anon = 0;
	if (b->pid > 0 && !rss_of(b->pid, &b->rss, &b->anon))
		fail(b, "the measured program is gone");
}

static void
enter(struct bench *b, enum phase phase)
{
	b->phase = phase;
	b->begun = now_s();
	if (phase == OVER) {
		event_base_loopbreak(b->base);
	} else if (phase == GROWING) {
		struct evbuffer *out = link_out(&b->link);

		measure(b);
		b->before = b->muc.places[0].occupants;
		if (out == NULL)
			fail(b, "the component is gone");
		else	/* wakes on_drained() */
			evbuffer_add(out, " ", 1);
	} else if (phase == LOADING) {
		measure(b);
		load_begin(&b->load, b->base);
	} else if (phase == IDLE) {
		measure(b);
	}
}

/* The phase after `done` that has anything to do. */
static void
next(struct bench *b, enum phase done)
{
	if (done < IDLE && b->idle > 0)
		enter(b, IDLE);
	else if (done < GROWING && b->more > b->muc.places[0].occupants)
		enter(b, GROWING);
	else if (done < LOADING && b->load.total > 0)
		enter(b, LOADING);
	else
		enter(b, OVER);
}

static void
joined(struct bench *b)
{
	struct muc *m = &b->muc;

	measure(b);
	printf("joined rooms=%u occupants=%u join_s=%.2f settle_s=%.2f joins=%lu forms=%lu lists=%lu archives=%lu refused=%lu "
	    "unknown_fields=%lu cpu_s=%.2f rss_kib=%ld anon_kib=%ld\n", m->n, m->places[0].occupants,
	    m->last_join - b->up_at, b->link.last_in - b->up_at, m->joins, m->forms, m->lists, m->archives, m->refused,
	    m->unknown_fields, b->cpu, b->rss, b->anon);
	next(b, WAITING);
}

static void
idled(struct bench *b)
{
	double used = b->pid > 0 ? cpu_of(b->pid) - b->cpu : 0, pg = b->pg > 0 ? cpu_of_family(b->pg) - b->pg_cpu : 0;
	double t = now_s() - b->begun;

	measure(b);
	printf("idle rooms=%u occupants=%u seconds=%.1f cpu_percent=%.3f pg_cpu_percent=%.3f rss_kib=%ld anon_kib=%ld\n",
	    b->muc.n, b->muc.places[0].occupants, t, used / t * 100, pg / t * 100, b->rss, b->anon);
	next(b, IDLE);
}

static void
grown(struct bench *b)
{
	long rss = b->rss, anon = b->anon;
	double people = (double)b->muc.n * (b->more - b->before);

	measure(b);
	printf("grown rooms=%u from=%u to=%u rss_kib=%ld anon_kib=%ld bytes_per_occupant=%.1f anon_bytes_per_occupant=%.1f\n",
	    b->muc.n, b->before, b->more, b->rss, b->anon, (double)(b->rss - rss) * 1024 / people,
	    (double)(b->anon - anon) * 1024 / people);
	next(b, GROWING);
}

static void
loaded(struct bench *b)
{
	struct load *l = &b->load;
	double t = l->ended - l->begun, n = l->done > 0 ? l->done : 1;
	double used = b->pid > 0 ? cpu_of(b->pid) - b->cpu : 0, pg = b->pg > 0 ? cpu_of_family(b->pg) - b->pg_cpu : 0;

	printf("load requests=%u lost=%u more=%lu bounced=%lu seconds=%.2f per_s=%.0f p50_ms=%.2f p99_ms=%.2f max_ms=%.2f "
	    "cpu_us=%.1f pg_cpu_us=%.1f window=%u rate=%u\n", l->done, l->lost, l->more, b->muc.bounced, t, n / t,
	    series_at(&l->times, 0.5) * 1e3, series_at(&l->times, 0.99) * 1e3, series_at(&l->times, 1) * 1e3,
	    used / n * 1e6, pg / n * 1e6, l->window, l->rate);
	if (l->lost > 0)
		b->failed = 1;
	next(b, LOADING);
}

static void
look(struct bench *b)
{
	double now = now_s(), quiet = now - b->link.last_in;

	switch (b->phase) {
	case WAITING:
		if (b->muc.here == b->muc.n && quiet > b->settle)
			joined(b);
		else if (now - b->begun > b->patience)
			fail(b, "the component did not join every room in time");
		break;
	case IDLE:
		if (now - b->begun >= b->idle)
			idled(b);
		break;
	case GROWN:
		if (b->grown && quiet > b->settle)
			grown(b);
		else if (now - b->begun > b->patience)
			fail(b, "the component did not answer a ping");
		break;
	case LOADING:
		if (load_over(&b->load))
			enter(b, SETTLING);
		break;
	case SETTLING:	/* acknowledgements that come after the last answer are part of the work */
		if (quiet > 0.5 || now - b->begun > 5)
			loaded(b);
		break;
	default:
		break;
	}
}

static void
on_tick(evutil_socket_t fd, short what, void *ctx)
{
	struct bench *b = ctx;
	int status;

	(void)fd, (void)what;
	fflush(stdout);
	if (b->own && !run_alive(b->pid, &status)) {
		b->own = false;
		fprintf(stderr, "server: the measured program ended with %d\n", status);
		fail(b, "too early");
	} else {
		look(b);
	}
}

static void
on_stanza(void *ctx, struct node *n)
{
	struct bench *b = ctx;

	muc_stanza(&b->muc, n);
}

static void
on_state(void *ctx, bool up)
{
	struct bench *b = ctx;

	if (up)
		b->up_at = now_s();
	else
		muc_lost(&b->muc);
	if (!up && b->phase != WAITING && b->phase != OVER)
		fail(b, "the component's stream ended in the middle");
}

/* People come in one a room, round after round, as fast as the component reads. */
static void
on_drained(void *ctx)
{
	struct bench *b = ctx;
	struct evbuffer *out = link_out(&b->link);

	if (b->phase != GROWING || out == NULL)
		return;
	while (evbuffer_get_length(out) < 4u << 20) {
		if (b->muc.places[b->grow_room].occupants >= b->more) {
			putf(out, "<iq type='get' id='grown' from='%s' to='%s'><ping xmlns='urn:xmpp:ping'/></iq>",
			    b->muc.host, b->link.component);
			enter(b, GROWN);
			return;
		}
		muc_enter(&b->muc, b->grow_room);
		b->grow_room = (b->grow_room + 1) % b->muc.n;
	}
}

static void
on_told(void *ctx, unsigned room, unsigned who, const struct node *body)
{
	load_told(&((struct bench *)ctx)->load, room, who, body);
}

static void
on_said(void *ctx, unsigned room, const struct node *body)
{
	load_said(&((struct bench *)ctx)->load, room, body);
}

static void
on_answered(void *ctx, const char *id)
{
	if (strcmp(id, "grown") == 0)
		((struct bench *)ctx)->grown = true;
}

static const char usage[] =
    "server [options] [-- program argument ...]\n"
    "  --port N         listen on loopback; 0 (default): any free one\n"
    "  --component D    the component's domain        --secret S\n"
    "  --muc D          the room service's domain     --host D     the server's\n"
    "  --rooms N        rooms that it has to join     --occupants N  in each, besides the component\n"
    "  --occupant-id    presences and lines carry XEP-0421 ids, as on Prosody\n"
    "  --patience S     how long the joining may take --settle S   silence that ends it\n"
    "  --idle S         measure S idle seconds        --more N     then let N be in each room\n"
    "  --load N         then send N lines             --window N   at most so many unanswered\n"
    "  --rate N         so many a second; 0: as fast as the window lets\n"
    "  --line TEXT      the line; {n} becomes a number, from --seed N on\n"
    "  --answer TEXT    what a private line must contain to be the answer\n"
    "  --by-room        a line in the room that opens with the asker's nickname answers too\n"
    "  --pid N          the measured process          --pg-pid N   PostgreSQL's first process\n";

enum option_code { PORT = 256, COMPONENT, SECRET, MUC, HOST, ROOMS, OCCUPANTS, OCCUPANT_ID, PATIENCE, SETTLE, IDLE_S, MORE,
	LOAD, WINDOW, RATE, LINE, SEED, ANSWER, BY_ROOM, PID, PG_PID };

static const struct option options[] = {
	{ "port", 1, NULL, PORT }, { "component", 1, NULL, COMPONENT }, { "secret", 1, NULL, SECRET },
	{ "muc", 1, NULL, MUC }, { "host", 1, NULL, HOST }, { "rooms", 1, NULL, ROOMS },
	{ "occupants", 1, NULL, OCCUPANTS }, { "occupant-id", 0, NULL, OCCUPANT_ID }, { "patience", 1, NULL, PATIENCE },
	{ "settle", 1, NULL, SETTLE }, { "idle", 1, NULL, IDLE_S }, { "more", 1, NULL, MORE }, { "load", 1, NULL, LOAD },
	{ "window", 1, NULL, WINDOW }, { "rate", 1, NULL, RATE }, { "line", 1, NULL, LINE }, { "seed", 1, NULL, SEED },
	{ "answer", 1, NULL, ANSWER }, { "by-room", 0, NULL, BY_ROOM }, { "pid", 1, NULL, PID },
	{ "pg-pid", 1, NULL, PG_PID }, { NULL, 0, NULL, 0 },
};

struct size {
	unsigned	rooms, occupants;
};

static void
set_option(struct bench *b, struct size *size, int code, const char *v)
{
	switch (code) {
	case PORT:	b->port = (int)number("port", v, 65535); break;
	case COMPONENT:	b->link.component = v; break;
	case SECRET:	b->link.secret = v; break;
	case MUC:	b->muc.domain = v; break;
	case HOST:	b->muc.host = v; break;
	case ROOMS:	size->rooms = number("rooms", v, 1000000); break;
	case OCCUPANTS:	size->occupants = number("occupants", v, 1000); break;
	case OCCUPANT_ID: b->muc.occupant_id = true; break;
	case PATIENCE:	b->patience = number("patience", v, 86400); break;
	case SETTLE:	b->settle = number("settle", v, 3600); break;
	case IDLE_S:	b->idle = number("idle", v, 86400); break;
	case MORE:	b->more = number("more", v, 1000); break;
	case LOAD:	b->load.total = number("load", v, 100000000); break;
	case WINDOW:	b->load.window = number("window", v, 1000000); break;
	case RATE:	b->load.rate = number("rate", v, 1000000); break;
	case LINE:	b->load.line = v; break;
	case SEED:	b->load.seed = number("seed", v, INT_MAX); break;
	case ANSWER:	b->load.answer = v; break;
	case BY_ROOM:	b->load.by_room = true; break;
	case PID:	b->pid = (pid_t)number("pid", v, INT_MAX); break;
	case PG_PID:	b->pg = (pid_t)number("pg-pid", v, INT_MAX); break;
	default:	fputs(usage, stderr); exit(2);
	}
}

static void
defaults(struct bench *b)
{
	b->link.component = "hall.example.org";
	b->link.secret = "secret";
	b->muc.domain = "conference.example.org";
	b->muc.host = "example.org";
	b->patience = 120;
	b->settle = 3;
	b->load.line = "#new the street lamp at number {n} is broken";
	b->load.answer = "";
	b->load.window = 64;
}

static void
wire_up(struct bench *b, const struct size *size)
{
	struct event_config *config = event_config_new();

	event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER);
	b->base = event_base_new_with_config(config);
	event_config_free(config);
	if (b->base == NULL)
		die("no event loop");
	b->link.base = b->base;
	b->link.ctx = b->muc.ctx = b;
	b->link.stanza = on_stanza;
	b->link.state = on_state;
	b->link.drained = on_drained;
	b->muc.told = on_told;
	b->muc.said = on_said;
	b->muc.answered = on_answered;
	b->load.muc = &b->muc;
	muc_open(&b->muc, &b->link, size->rooms, size->occupants);
	b->port = link_listen(&b->link, b->port);
	b->tick = event_new(b->base, -1, EV_PERSIST, on_tick, b);
	evtimer_add(b->tick, &(struct timeval){ .tv_usec = 20000 });
}

static void
clear_up(struct bench *b)
{
	b->phase = OVER;
	if (b->own) {
		int status = run_stop(b->pid, 10);

		printf("ended status=%d\n", status);
		if (status != 0)
			b->failed = 1;
	}
	load_end(&b->load);
	link_close(&b->link);
	muc_close(&b->muc);
	event_free(b->tick);
	event_base_free(b->base);
}

int
main(int argc, char **argv)
{
	struct bench b = { 0 };
	struct size size = { 1000, 6 };
	int c;

	defaults(&b);
	while ((c = getopt_long(argc, argv, "+", options, NULL)) != -1)
		set_option(&b, &size, c, optarg);
	if (size.rooms == 0 || size.occupants == 0 || b.load.window == 0)
		die("--rooms, --occupants and --window must be at least 1");
	b.program = argv + optind;
	wire_up(&b, &size);
	printf("listening port=%d\n", b.port);
	fflush(stdout);
	if (*b.program != NULL) {
		b.pid = run_start(b.program);
		b.own = true;
	}
	enter(&b, WAITING);
	event_base_dispatch(b.base);
	clear_up(&b);
	fflush(stdout);
	return b.failed;
}
