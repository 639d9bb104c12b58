/*
 * moothalld: argv, configuration, wiring, the loop.  The one file in which wire and
 * flow meet: wire's ear calls the hall, the hall's mouth calls wire; keeper.c holds the
 * database's side of it.  See moothalld(8).
 */
#include "config.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "keeper.h"
#include "text/model.h"
#include "wire/wire.h"

enum { EXIT_BAD = 1, EXIT_USAGE = 2 };
enum { STANZA_MAX = 524288, SAY_MAX = 16384 };

struct daemon {
	struct event_base	*base;
	const char		*conf_path;
	struct conf		*conf;
	struct lang		*lang;
	struct model		*model;		/* of the reader */
	struct wire		*wire;
	struct keeper		*keeper;
	struct event		*signals[3], *tick;
	char			*last_why;	/* the newest reason why the stream is down, said once */
	bool			 was_up;	/* the stream, at least once */
	bool			 ending;
	int			 status;
};

/* --- the service manager --- */

__attribute__((format(printf, 1, 2)))
static void
tell_manager(const char *fmt, ...)
{
#ifdef HAVE_SYSTEMD
	char text[600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	sd_notify(0, text);
#else
	(void)fmt;
#endif
}

static void
tell_status(struct daemon *d)
{
	struct wire_count n = wire_count(d->wire);

	if (wire_state(d->wire) == WIRE_UP)
		tell_manager("STATUS=%zu of %zu rooms live", n.live, n.rooms);
	else
		tell_manager("STATUS=%s%s%s", keeper_status(d->keeper), d->last_why != NULL ? "; " : "",
		    d->last_why != NULL ? d->last_why : "");
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;

	(void)fd, (void)what;
	/* What is awaited may stay away for long, and that is no reason to be killed. */
	if (!d->was_up && !d->ending)
		tell_manager("EXTEND_TIMEOUT_USEC=30000000");
	tell_manager("WATCHDOG=1");
	tell_status(d);
}

/* --- the end --- */

static void
on_ended(void *ctx)
{
	struct daemon *d = ctx;

	event_base_loopexit(d->base, NULL);
}

static void
end(struct daemon *d, int status)
{
	if (d->ending) {
		/* A second signal, or a fault while ending: no more waiting. */
		event_base_loopexit(d->base, NULL);
		return;
	}
	d->ending = true;
	d->status = status;
	tell_manager("STOPPING=1");
	wire_close(d->wire);
	keeper_end(d->keeper, on_ended, d);
}

static void
on_end_signal(evutil_socket_t sig, short what, void *arg)
{
	(void)what;
	log_info("hall", "ending: %s", strsignal((int)sig));
	end(arg, EXIT_SUCCESS);
}

/* --- the ear: what wire calls upward --- */

static void
on_hear(void *ctx, struct msg *msg)
{
	struct daemon *d = ctx;

	hall_hear(keeper_hall(d->keeper), msg);
}

static void
stream_down(struct daemon *d, const struct err *why)
{
	if (d->ending || why == NULL || why->fault == FAULT_NONE || str_eq(d->last_why, why->text))
		return;
	log_warn("stream", "%s", why->text);
	free(d->last_why);
	d->last_why = xstrdup(why->text);
	/* At the first start these are an administrator's mistakes, later a server that is being changed. */
	if (!d->was_up && (why->fault == FAULT_ABSENT || why->fault == FAULT_USAGE))
		end(d, EXIT_BAD);
}

static void
on_stream(void *ctx, enum wire_state state, const struct err *why)
{
	static const char *const names[] = { [WIRE_DOWN] = "down", [WIRE_CONNECTING] = "connecting", [WIRE_UP] = "up" };
	struct daemon *d = ctx;

	hall_stream(keeper_hall(d->keeper), state == WIRE_UP, names[state], why != NULL ? why->text : "");
	if (state == WIRE_DOWN)
		stream_down(d, why);
	if (state != WIRE_UP)
		return;
	log_info("stream", "connected as %s", d->conf->component);
	if (!d->was_up)
		tell_manager("READY=1");
	d->was_up = true;
	free(d->last_why);
	d->last_why = NULL;
}

static void
on_room(void *ctx, const char *room, enum room_state state, const char *why)
{
	struct daemon *d = ctx;

	(void)why;	/* wire has logged it */
	hall_room(keeper_hall(d->keeper), room, state == ROOM_LIVE);
}

static void
on_said(void *ctx, const char *id, const char *stanza_id)
{
	struct daemon *d = ctx;

	hall_said(keeper_hall(d->keeper), id, stanza_id);
}

static void
on_unsaid(void *ctx, const char *id, const struct err *why)
{
	struct daemon *d = ctx;

	hall_unsaid(keeper_hall(d->keeper), id, why);
}

static void
on_cursor(void *ctx, const char *room, const char *stanza_id)
{
	struct daemon *d = ctx;

	hall_cursor(keeper_hall(d->keeper), room, stanza_id);
}

static void
on_gap(void *ctx, const char *room, instant from, instant to)
{
	struct daemon *d = ctx;

	hall_gap(keeper_hall(d->keeper), room, from, to);
}

static const struct form *
on_menu(void *ctx, const char *who, struct arena *arena)
{
	struct daemon *d = ctx;

	return hall_menu(keeper_hall(d->keeper), who, arena);
}

/* --- the mouth: what the hall calls downward --- */

static bool
on_say(void *ctx, const struct reply *r)
{
	struct daemon *d = ctx;

	return wire_say(d->wire, r);
}

static bool
on_present(void *ctx, const char *room, const char *who)
{
	struct daemon *d = ctx;

	return wire_present(d->wire, room, who);
}

static void
on_rooms(void *ctx, const struct room_spec *rooms, size_t n)
{
	struct daemon *d = ctx;

	wire_rooms(d->wire, rooms, n);
}

/* --- the gate --- */

static void
on_open(void *ctx)
{
	struct daemon *d = ctx;

	if (!d->ending)
		wire_open(d->wire);
}

static void
on_close(void *ctx)
{
	struct daemon *d = ctx;

	wire_close(d->wire);
}

static void
on_fatal(void *ctx, const struct err *why)
{
	log_error("database", "%s", why->text);
	end(ctx, EXIT_BAD);
}

/* --- SIGHUP --- */

/* Takes over what can change without a restart, and says what cannot. */
static void
take_conf(struct conf *old, const struct conf *fresh)
{
	const struct { const char *name; bool differs; } fixed[] = {
		{ "component", !str_eq(old->component, fresh->component) }, { "server", !str_eq(old->server, fresh->server) },
		{ "port", old->port != fresh->port }, { "secret", !str_eq(old->secret, fresh->secret) },
		{ "muc", !str_eq(old->muc, fresh->muc) }, { "nick", !str_eq(old->nick, fresh->nick) },
		{ "staff", !str_eq(old->staff, fresh->staff) }, { "database", !str_eq(old->database, fresh->database) },
		{ "share", !str_eq(old->share, fresh->share) }, { "backoff-max", old->backoff_max != fresh->backoff_max },
		{ "ping-every", old->ping_every != fresh->ping_every },
		{ "joins-in-flight", old->joins_in_flight != fresh->joins_in_flight },
	};
	struct buf b = { 0 };
	size_t i;

	if (old->grace_percent != fresh->grace_percent)
		log_info("hall", "grace-percent is now %d", fresh->grace_percent);
	old->grace_percent = fresh->grace_percent;
	for (i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
		if (fixed[i].differs)
			buf_addf(&b, "%s%s", b.len > 0 ? ", " : "", fixed[i].name);
	if (b.len > 0)
		log_warn("hall", "a restart is needed for what was changed in %s", b.s);
	buf_free(&b);
}

static void
on_hup(evutil_socket_t sig, short what, void *arg)
{
	struct daemon *d = arg;
	struct err err;
	struct conf *fresh = conf_load(d->conf_path, &err);

	(void)sig, (void)what;
	if (fresh == NULL)
		log_error("hall", "%s; the old configuration stays", err.text);
	else
		take_conf(d->conf, fresh);
	conf_free(&fresh);
	keeper_reload(d->keeper);
}

/* --- beginning --- */

static void
make_parts(struct daemon *d)
{
	const struct wire_conf wc = {
		.component = d->conf->component, .server = d->conf->server, .port = d->conf->port, .secret = d->conf->secret,
		.muc = d->conf->muc, .nick = d->conf->nick, .staff = d->conf->staff, .version = PACKAGE_VERSION,
		.backoff_max = d->conf->backoff_max, .ping_every = d->conf->ping_every,
		.joins_in_flight = d->conf->joins_in_flight, .stanza_max = STANZA_MAX, .say_max = SAY_MAX,
	};
	const struct ear ear = { d, on_hear, on_stream, on_room, on_said, on_unsaid, on_cursor, on_gap, on_menu };
	const struct mouth mouth = { .ctx = d, .say = on_say, .present = on_present, .rooms = on_rooms };
	const struct gate gate = { d, on_open, on_close, on_fatal };

	d->keeper = keeper_new(d->base, d->conf, d->lang, d->model, PACKAGE_VERSION, &mouth, &gate);
	d->wire = wire_new(d->base, &wc, &ear);
	d->signals[0] = evsignal_new(d->base, SIGTERM, on_end_signal, d);
	d->signals[1] = evsignal_new(d->base, SIGINT, on_end_signal, d);
	d->signals[2] = evsignal_new(d->base, SIGHUP, on_hup, d);
	d->tick = event_new(d->base, -1, EV_PERSIST, on_tick, d);
}

static void
free_parts(struct daemon *d)
{
	size_t i;

	for (i = 0; i < sizeof d->signals / sizeof d->signals[0]; i++)
		event_free(d->signals[i]);
	event_free(d->tick);
	wire_free(&d->wire);
	keeper_free(&d->keeper);
	free(d->last_why);
}

static int
run(struct daemon *d)
{
	size_t i;

	/* Without precise timers: some milliseconds matter to nobody, and they cost a system call a turn. */
	d->base = event_base_new();
	if (d->base == NULL) {
		log_error("hall", "no event loop can be made");
		return EXIT_BAD;
	}
	signal(SIGPIPE, SIG_IGN);
	make_parts(d);
	for (i = 0; i < sizeof d->signals / sizeof d->signals[0]; i++)
		event_add(d->signals[i], NULL);
	event_add(d->tick, &(struct timeval){ 1, 0 });
	log_info("hall", "%s speaks for %s", PACKAGE_STRING, d->conf->component);
	keeper_open(d->keeper);
	event_base_dispatch(d->base);
	free_parts(d);
	event_base_free(d->base);
	return d->status;
}

/* What lies below share: the words that are said, and what words are read by. */
static bool
load_share(struct daemon *d, struct err *err)
{
	struct arena *a = arena_new();
	const char *weights = arena_printf(a, "%s/reading/weights", d->conf->share);
	char *text = NULL;
	size_t len;

	if ((d->lang = lang_load(arena_printf(a, "%s/lang", d->conf->share), err)) != NULL &&
	    (text = file_read(weights, &len, err)) != NULL)
		model_parse(weights, text, &d->model, err);
	free(text);
	arena_free(&a);
	return d->model != NULL;
}

static int
usage(FILE *f)
{
	fputs("usage: moothalld [-v] [-c FILE]\n       moothalld -V | -h\nsee moothalld(8)\n", f);
	return f == stdout ? EXIT_SUCCESS : EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	struct daemon d = { .conf_path = SYSCONFDIR "/moothall.conf" };
	struct err err;
	int c;

	while ((c = getopt(argc, argv, "c:vVh")) != -1)
		switch (c) {
		case 'c':
			d.conf_path = optarg;
			break;
		case 'v':
			log_set_level(LOG_DEBUG);
			break;
		case 'V':
			puts(PACKAGE_STRING);
			return EXIT_SUCCESS;
		case 'h':
			return usage(stdout);
		default:
			return usage(stderr);
		}
	if (optind != argc)
		return usage(stderr);
	err.fault = FAULT_NONE;
	if ((d.conf = conf_load(d.conf_path, &err)) == NULL) {
		log_error("hall", "%s", err.text);
		return EXIT_BAD;
	}
	if (load_share(&d, &err))
		d.status = run(&d);
	else {
		log_error("hall", "%s", err.text);
		d.status = EXIT_BAD;
	}
	lang_free(&d.lang);
	model_free(&d.model);
	conf_free(&d.conf);
	return d.status;
}
