#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/str.h"

enum { SETTLE_MS = 30000 };

bool
fail(struct stage *s, const char *fmt, ...)
{
	va_list ap;
	char text[4000];

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	s->why = arena_strdup(s->arena, text);
	return false;
}

static long long
milliseconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (long long)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* --- the mouth --- */

static char *
fresh_id(struct stage *s, const char *letter)
{
	struct buf b = { 0 };

	buf_addf(&b, "%s%d", letter, ++s->last_id);
	return b.s;
}

static bool
is_live(const struct stage *s, const char *room)
{
	size_t i;

	for (i = 0; i < s->nrooms; i++)
		if (str_eq(s->rooms[i], room))
			return s->live[i];
	return false;
}

static void
on_ack(evutil_socket_t fd, short what, void *ctx)
{
	struct stage *s = ctx;
	size_t i;

	(void)fd, (void)what;
	for (i = 0; i < s->nsaid; i++) {
		struct said *x = &s->said[i];

		if (!x->waits)
			continue;
		x->waits = false;
		x->acked = true;
		if (s->keeper != NULL)
			hall_said(keeper_hall(s->keeper), x->id, x->stanza_id);
	}
}

static bool
on_say(void *ctx, const struct reply *r)
{
	struct stage *s = ctx;
	struct said *x;
	size_t i;

	if (!s->up || (r->way == WAY_ROOM && !is_live(s, r->room)))
		return false;
	s->said = xrealloc(s->said, (s->nsaid + 1) * sizeof *s->said);
	x = &s->said[s->nsaid];
	*x = (struct said){
		.way = r->way, .id = xstrdup(r->id), .room = xstrdup(r->room), .to = xstrdup(r->to), .text = xstrdup(r->text),
		.stanza_id = r->way == WAY_ROOM ? fresh_id(s, "d") : NULL, .at = clock_now(), .failed = r->failed,
		.waits = s->acks && r->way != WAY_FORM,
	};
	for (i = 0; i < s->nsaid; i++)
		x->again = x->again || (r->way != WAY_FORM && str_eq(s->said[i].id, r->id));
	s->nsaid++;
	if (s->verbose)
		printf("        %s\n", stage_print(s, x));
	event_active(s->ack, 0, 0);
	return true;
}

static bool
on_present(void *ctx, const char *room, const char *who)
{
	struct stage *s = ctx;
	size_t i;

	(void)room;
	for (i = 0; i < s->npersons; i++)
		if (str_eq(s->person[i].address, who))
			return !s->person[i].away;
	return false;
}

static void
on_rooms(void *ctx, const struct room_spec *specs, size_t n)
{
	struct stage *s = ctx;
	char **rooms = xcalloc(n + 1, sizeof *rooms);
	bool *live = xcalloc(n + 1, sizeof *live);
	size_t i;

	for (i = 0; i < n; i++) {
		rooms[i] = xstrdup(specs[i].code);
		live[i] = is_live(s, specs[i].code);
	}
	for (i = 0; i < s->nrooms; i++)
		free(s->rooms[i]);
	free(s->rooms);
	free(s->live);
	s->rooms = rooms;
	s->live = live;
	s->nrooms = n;
}

static void
on_open(void *ctx)
{
	struct stage *s = ctx;

	s->open = true;
}

static void
on_close(void *ctx)
{
	struct stage *s = ctx;

	s->open = false;
	if (s->up)
		stage_stream(s, false);
}

static void
on_fatal(void *ctx, const struct err *why)
{
	struct stage *s = ctx;

	free(s->fatal);
	s->fatal = xstrdup(why->text);
}

/* --- the server's side --- */

void
stage_stream(struct stage *s, bool up)
{
	size_t i;

	s->up = up;
	for (i = 0; i < s->nrooms; i++)
		s->live[i] = false;
	if (s->keeper != NULL)
		hall_stream(keeper_hall(s->keeper), up, up ? "up" : "down", up ? "" : "played");
}

void
stage_room(struct stage *s, const char *room, bool live)
{
	size_t i;

	for (i = 0; i < s->nrooms; i++)
		if (room == NULL || str_eq(s->rooms[i], room)) {
			s->live[i] = live;
			hall_room(keeper_hall(s->keeper), s->rooms[i], live);
		}
}

/* What wire would do by itself: connect when the gate is open, join what is not joined. */
static void
serve(struct stage *s)
{
	size_t i;

	if (s->keeper == NULL || !s->open || !s->xmpp)
		return;
	if (!s->up)
		stage_stream(s, true);
	for (i = 0; i < s->nrooms && !s->joining; i++)
		if (!s->live[i])
			stage_room(s, s->rooms[i], true);
}

/* --- the loop --- */

static bool
acks_wait(const struct stage *s)
{
	size_t i;

	for (i = 0; i < s->nsaid; i++)
		if (s->said[i].waits)
			return true;
	return false;
}

static bool
quiet(struct stage *s)
{
	if (s->keeper == NULL)
		return true;
	/* With the database gone jobs may wait for ever, and should. */
	return (!s->db || (keeper_idle(s->keeper) && keeper_loaded(s->keeper))) && !acks_wait(s) && (!s->open || !s->xmpp || s->up);
}

void
stage_run(struct stage *s, int ms)
{
	long long end = milliseconds() + ms;

	while (milliseconds() < end) {
		event_base_loop(s->base, EVLOOP_ONCE);
		serve(s);
	}
}

bool
stage_settle(struct stage *s)
{
	long long end = milliseconds() + SETTLE_MS;
	int still = 0;

	if (!s->db)
		stage_run(s, 60);
	while (still < 3) {
		event_base_loop(s->base, EVLOOP_NONBLOCK);
		serve(s);
		still = quiet(s) ? still + 1 : 0;
		if (s->fatal != NULL)
			return fail(s, "the hall cannot run: %s", s->fatal);
		if (still == 0)
			event_base_loop(s->base, EVLOOP_ONCE);
		if (milliseconds() > end)
			return fail(s, "after %d s still under way: %s%s%s", SETTLE_MS / 1000, keeper_status(s->keeper),
			    keeper_idle(s->keeper) ? "" : ", not idle", acks_wait(s) ? ", acknowledgements wait" : "");
	}
	return true;
}

static instant
next_due(struct stage *s)
{
	const char *at = stage_sql(s, "SELECT (extract(epoch FROM min(d.at)) * 1000000)::bigint FROM due d JOIN room r ON r.id = d.room_id "
	    "WHERE d.claimed IS DISTINCT FROM r.epoch");

	return str_eq(at, "-") ? 0 : strtoll(at, NULL, 10);
}

/* The grid on which the second's tick is played: finer where it is near. */
static instant
grid(instant distance)
{
	return distance <= HOUR ? 15 * USEC : distance <= 6 * HOUR ? MINUTE : distance <= 2 * DAY ? 10 * MINUTE : HOUR;
}

/* A moment: the tick, then what is due at it. */
static bool
moment(struct stage *s, instant at)
{
	clock_fake(at);
	if (s->keeper == NULL)
		return true;
	keeper_tick(s->keeper);
	keeper_look(s->keeper);
	return stage_settle(s);
}

bool
stage_advance(struct stage *s, instant to, bool silent)
{
	instant now = clock_now(), step = grid(to - now), at, due;
	struct said *x;

	if (to < now)
		return fail(s, "the clock does not go back");
	for (; now < to; now = at) {
		if (silent && (x = stage_unlisted(s)) != NULL)
			return fail(s, "said before its time, or listed nowhere: %s", stage_print(s, x));
		due = s->db ? next_due(s) : 0;
		at = now - now % step + step;
		if (due > now && due < at)
			at = due;
		if (at > to)
			at = to;
		if (!moment(s, at))
			return false;
	}
	return true;
}

/* --- what was said --- */

struct said *
stage_unlisted(struct stage *s)
{
	size_t i;

	for (i = 0; i < s->nsaid; i++)
		if (!s->said[i].listed)
			return &s->said[i];
	return NULL;
}

const char *
stage_print(const struct stage *s, const struct said *x)
{
	static const char *const ways[] = { [WAY_ROOM] = "room", [WAY_DESK] = "desk", [WAY_STAFF] = "staff", [WAY_FORM] = "form" };
	time_t at = (time_t)((x->at + 8 * HOUR) / USEC);
	struct tm tm;

	gmtime_r(&at, &tm);
	return arena_printf(s->arena, "%s%02d:%02d:%02d %s %s%s%s: %s%s", tm.tm_mday == 23 ? "" : arena_printf(s->arena, "+%dd ",
	    tm.tm_mday - 23), tm.tm_hour, tm.tm_min, tm.tm_sec, ways[x->way], x->room ? x->room : "", x->to ? " to " : "",
	    x->to ? x->to : "", x->text ? x->text : "", x->again ? " (again)" : "");
}

/* --- names --- */

struct person *
stage_person(struct stage *s, const char *handle)
{
	size_t i;

	for (i = 0; i < s->npersons; i++)
		if (str_eq(s->person[i].handle, handle))
			return &s->person[i];
	return NULL;
}

const char *
stage_handle(struct stage *s, const char *address)
{
	size_t i;

	for (i = 0; i < s->npersons; i++)
		if (str_eq(s->person[i].address, address))
			return s->person[i].handle;
	return address;
}

void
stage_label(struct stage *s, const char *name, const char *id)
{
	if (s->nlabels == sizeof s->label / sizeof s->label[0])
		s->nlabels = 0;
	s->label[s->nlabels].name = name;
	s->label[s->nlabels++].id = arena_strdup(s->arena, id);
}

const char *
stage_id(struct stage *s, const char *label)
{
	size_t i;

	for (i = s->nlabels; i-- > 0; )
		if (str_eq(s->label[i].name, label))
			return s->label[i].id;
	return label;
}

/* --- the database, past the proxy --- */

const char *
stage_sql(struct stage *s, const char *sql)
{
	PGresult *res = PQexec(s->sql, sql);
	struct buf b = { 0 };
	const char *out;
	int r, c;

	buf_add(&b, "");
	if (PQresultStatus(res) == PGRES_TUPLES_OK) {
		for (r = 0; r < PQntuples(res); r++) {
			buf_add(&b, r > 0 ? "; " : "");
			for (c = 0; c < PQnfields(res); c++)
				buf_addf(&b, "%s%s", c > 0 ? "|" : "", PQgetisnull(res, r, c) ? "-" : PQgetvalue(res, r, c));
		}
	} else if (PQresultStatus(res) != PGRES_COMMAND_OK)
		buf_addf(&b, "error: %s", PQerrorMessage(s->sql));
	PQclear(res);
	out = arena_strdup(s->arena, b.s);
	buf_free(&b);
	return out;
}

static void
admin(struct stage *s, const char *sql)
{
	const char *const keys[] = { "host", "user", "dbname", NULL }, *const values[] = { s->pg_host, "postgres", "postgres", NULL };
	PGconn *conn = PQconnectdbParams(keys, values, 0);
	PGresult *res = PQexec(conn, sql);

	if (PQresultStatus(res) != PGRES_COMMAND_OK) {
		printf("%s: %s\n0 passed, 1 failed\n", sql, PQerrorMessage(conn));
		exit(1);
	}
	PQclear(res);
	PQfinish(conn);
}

/* --- beginning and end --- */

static void
on_beat(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd, (void)what, (void)ctx;	/* only wakes the loop */
}

void
stage_begin(struct stage *s, int number)
{
	const char *const keys[] = { "host", "user", "dbname", "options", NULL };
	const char *const values[] = { s->pg_host, "postgres", s->database, "-c timezone=Asia/Shanghai", NULL };

	if (s->beat == NULL) {
		s->beat = event_new(s->base, -1, EV_PERSIST, on_beat, s);
		event_add(s->beat, &(struct timeval){ 0, 5000 });
		s->ack = event_new(s->base, -1, 0, on_ack, s);
	}
	s->arena = arena_new();
	snprintf(s->database, sizeof s->database, "played%d", number);
	admin(s, arena_printf(s->arena, "CREATE DATABASE %s TEMPLATE replay", s->database));
	s->sql = PQconnectdbParams(keys, values, 0);
	free(s->conf->database);
	s->conf->database = xstrdup(arena_printf(s->arena, "host=%s user=postgres dbname=%s", s->dir, s->database));
	s->xmpp = s->acks = s->db = true;
	s->open = s->up = s->joining = s->troubled = false;
	s->last_id = 0;
	s->npersons = s->nlabels = 0;
	s->why = NULL;
	proxy_back(s->proxy);
	proxy_cut_next(s->proxy, CUT_NEVER);
	fflush(stderr);
	rewind(s->log);
	if (ftruncate(fileno(s->log), 0) != 0)
		perror("log");
}

void
stage_crash(struct stage *s)
{
	size_t i;

	/* As if killed: nobody is told anything, and what was on its way may or may not have arrived. */
	s->open = s->up = false;
	for (i = 0; i < s->nsaid; i++)
		s->said[i].waits = false;
	keeper_free(&s->keeper);
	on_rooms(s, NULL, 0);
}

void
stage_end(struct stage *s)
{
	size_t i;

	stage_crash(s);
	PQfinish(s->sql);
	s->sql = NULL;
	proxy_lose(s->proxy);
	admin(s, arena_printf(s->arena, "DROP DATABASE %s WITH (FORCE)", s->database));
	for (i = 0; i < s->nsaid; i++) {
		struct said *x = &s->said[i];
		char *text[] = { x->id, x->room, x->to, x->text, x->stanza_id };
		size_t k;

		for (k = 0; k < sizeof text / sizeof text[0]; k++)
			free(text[k]);
	}
	free(s->said);
	s->said = NULL;
	s->nsaid = 0;
	free(s->fatal);
	s->fatal = NULL;
	arena_free(&s->arena);
	clock_fake(0);
}

bool
stage_start(struct stage *s)
{
	const struct mouth mouth = { .ctx = s, .say = on_say, .present = on_present, .rooms = on_rooms };
	const struct gate gate = { s, on_open, on_close, on_fatal };

	s->keeper = keeper_new(s->base, s->conf, s->lang, s->model, "replay", &mouth, &gate);
	keeper_open(s->keeper);
	if (!stage_settle(s))
		return false;
	keeper_tick(s->keeper);
	return stage_settle(s);
}

static void
on_ended(void *ctx)
{
	bool *ended = ctx;

	*ended = true;
}

bool
stage_stop(struct stage *s)
{
	long long end = milliseconds() + SETTLE_MS;
	bool ended = false;

	s->open = false;
	if (s->up)
		stage_stream(s, false);
	keeper_end(s->keeper, on_ended, &ended);
	while (!ended && milliseconds() < end)
		event_base_loop(s->base, EVLOOP_ONCE);
	stage_crash(s);
	return ended || fail(s, "the hall does not end");
}
