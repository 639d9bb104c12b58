/* The order is: database, lock, schema, hall_start(), mouth.ready, gate.open(). */
#include "keeper.h"

#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/log.h"
#include "flow/cmd.h"
#include "remind/due.h"
#include "store/admin.h"
#include "store/hall.h"

struct keeper {
	struct event_base	*base;
	const struct conf	*conf;
	struct gate		 gate;
	struct mouth		 mouth;
	struct db		*db;
	struct hall		*hall;
	struct due		*due;
	struct event		*tick, *ending;
	bool			 held;		/* the component's lock is ours */
	bool			 standby;	/* another hall has it */
	bool			 checking;	/* the schema's version is being asked for */
	bool			 checked;	/* it is right, since the lock was gained */
	bool			 loaded;
	bool			 shut;		/* the gate was closed because the database was away */
	instant			 away;		/* steady time since when it is; 0 it is not */
	instant			 end_by;	/* steady time; 0 not ending */
	bool			 finished;	/* hall_finish() was called */
	void			(*ended)(void *ctx);
	void			*ended_ctx;
};

/* The wall clock may be stepped, and a test's leaps. */
static instant
steady(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (instant)ts.tv_sec * USEC + ts.tv_nsec / 1000;
}

/* --- the schema, once under each lock --- */

static void
fatal(struct keeper *k, const struct err *why)
{
	k->gate.fatal(k->gate.ctx, why);
}

/* No answer: the tick asks again; a BUG is one that no waiting mends. */
static bool
unanswered(struct keeper *k, const struct op *op)
{
	k->checking = false;
	if (op->err.fault == FAULT_BUG)
		fatal(k, &op->err);
	return op->err.fault != FAULT_NONE;
}

static void
version_known(struct op *op)
{
	struct keeper *k = op->ctx;
	struct err err;
	long long version;

	if (unanswered(k, op)) {
		op_free(&op);
		return;
	}
	version = op->nrows == 1 ? cell_num(op->cell[0][0]) : -1;
	op_free(&op);
	if (version == SCHEMA_VERSION) {
		k->checked = true;
		if (k->held)
			hall_start(k->hall);
		return;
	}
	if (version < SCHEMA_VERSION)
		err_set(&err, FAULT_CLASH, "the schema is old: version %lld, this program needs %d; run `moothallctl db upgrade`",
		    version, SCHEMA_VERSION);
	else
		err_set(&err, FAULT_CLASH, "the schema is newer: version %lld, this program knows %d; install the release of "
		    "Moot Hall that made it", version, SCHEMA_VERSION);
	fatal(k, &err);
}

static void
schema_known(struct op *op)
{
	struct keeper *k = op->ctx;
	struct err err;
	bool there;

	if (unanswered(k, op)) {
		op_free(&op);
		return;
	}
	there = op->nrows == 1 && cell_bool(op->cell[0][0]);
	op_free(&op);
	if (!there) {
		err_set(&err, FAULT_CLASH, "the database has no schema of Moot Hall; run `moothallctl db init`");
		fatal(k, &err);
		return;
	}
	op = op_new();
	op->done = version_known;
	op->ctx = k;
	k->checking = true;
	store_schema_version(k->db, op);
}

static void
check_schema(struct keeper *k)
{
	struct op *op;

	if (!k->held || k->checked || k->checking || k->end_by != 0 || !db_up(k->db))
		return;
	op = op_new();
	op->done = schema_known;
	op->ctx = k;
	k->checking = true;
	store_schema_there(k->db, op);
}

/* --- what the database says --- */

static void
on_state(void *ctx, bool up, const struct err *why)
{
	struct keeper *k = ctx;

	if (up)
		log_info("database", "connected");
	else
		log_warn("database", "%s", why->text);
	k->away = up ? 0 : steady();
	hall_database(k->hall, up);
	if (!up)
		return;
	check_schema(k);
	due_look(k->due);
	if (k->shut && k->loaded) {
		k->shut = false;
		k->gate.open(k->gate.ctx);
	}
}

static void
lock_gained(struct keeper *k)
{
	log_info("database", "this hall holds the lock for %s", k->conf->component);
	k->held = true;
	k->standby = false;
	check_schema(k);
}

static void
lock_lost(struct keeper *k)
{
	k->held = k->checked = k->loaded = k->shut = false;
	/* Another hall may shake hands from now on: the stream is closed before anything else. */
	k->gate.close(k->gate.ctx);
	hall_lost(k->hall);
}

static void
on_lock(void *ctx, bool held, const struct err *why)
{
	struct keeper *k = ctx;

	if (held) {
		lock_gained(k);
		return;
	}
	log_warn("database", "%s", why->text);
	k->standby = why->fault == FAULT_CLASH;
	if (k->held)
		lock_lost(k);
}

static void
on_notify(void *ctx)
{
	keeper_reload(ctx);
}

/* --- what the hall says --- */

static bool
on_say(void *ctx, const struct reply *r)
{
	struct keeper *k = ctx;

	return k->mouth.say(k->mouth.ctx, r);
}

static bool
on_present(void *ctx, const char *room, const char *who)
{
	struct keeper *k = ctx;

	return k->mouth.present(k->mouth.ctx, room, who);
}

static void
on_rooms(void *ctx, const struct room_spec *rooms, size_t n)
{
	struct keeper *k = ctx;

	k->mouth.rooms(k->mouth.ctx, rooms, n);
}

static void
on_due_hint(void *ctx, instant at)
{
	struct keeper *k = ctx;

	due_hint(k->due, at);
}

static void
on_ready(void *ctx)
{
	struct keeper *k = ctx;

	if (!k->held || k->end_by != 0)
		return;
	k->loaded = true;
	k->shut = false;
	log_debug("hall", "everything is loaded");
	k->gate.open(k->gate.ctx);
	due_look(k->due);
}

/* --- time --- */

void
keeper_tick(struct keeper *k)
{
	if (k->away != 0 && k->loaded && !k->shut && steady() - k->away > AWAY_MAX_S * USEC) {
		log_warn("database", "away for more than %d seconds: leaving the rooms until it is back", AWAY_MAX_S);
		k->shut = true;
		k->gate.close(k->gate.ctx);
	}
	check_schema(k);
	hall_tick(k->hall);
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	keeper_tick(arg);
}

/* Looks every few milliseconds whether the end may come: it happens once in a process's life. */
static void
on_ending(evutil_socket_t fd, short what, void *arg)
{
	struct keeper *k = arg;
	bool late = steady() > k->end_by;

	(void)fd, (void)what;
	if (!keeper_idle(k) && !late)
		return;
	if (!k->finished) {
		k->finished = true;
		k->end_by = steady() + END_WAIT_S * USEC / 2;
		if (k->loaded && db_up(k->db))
			hall_finish(k->hall);
		return;
	}
	event_del(k->ending);
	k->ended(k->ended_ctx);
}

void
keeper_end(struct keeper *k, void (*ended)(void *ctx), void *ctx)
{
	if (k->end_by != 0)
		return;
	k->ended = ended;
	k->ended_ctx = ctx;
	/* A hall that holds nothing, or whose database is away, has nothing to wait for. */
	k->end_by = steady() + (k->loaded && db_up(k->db) ? END_WAIT_S * USEC : 0);
	event_add(k->ending, &(struct timeval){ 0, 10000 });
}

/* --- from outside --- */

struct keeper *
keeper_new(struct event_base *base, const struct conf *conf, const struct lang *lang, const struct model *model,
    const char *version, const struct mouth *mouth, const struct gate *gate)
{
	struct keeper *k = xcalloc(1, sizeof *k);
	const struct db_calls calls = { k, on_state, on_lock, on_notify };
	const struct mouth through = { k, on_say, on_present, on_rooms, on_due_hint, on_ready };

	k->base = base;
	k->conf = conf;
	k->gate = *gate;
	k->mouth = *mouth;
	k->db = db_new(base, conf->database, conf->component, &calls);
	k->hall = hall_new(base, conf, lang, model, k->db, commands, version, &through);
	k->due = due_new(base, k->hall);
	k->tick = event_new(base, -1, EV_PERSIST, on_tick, k);
	k->ending = event_new(base, -1, EV_PERSIST, on_ending, k);
	return k;
}

void
keeper_free(struct keeper **kp)
{
	struct keeper *k = *kp;

	if (k == NULL)
		return;
	event_free(k->tick);
	event_free(k->ending);
	/* First of all the database: every question still open reports to hall and due. */
	db_free(&k->db);
	due_free(&k->due);
	hall_free(&k->hall);
	free(k);
	*kp = NULL;
}

void
keeper_open(struct keeper *k)
{
	event_add(k->tick, &(struct timeval){ 1, 0 });
	db_open(k->db);
}

void
keeper_reload(struct keeper *k)
{
	if (k->loaded && k->end_by == 0)
		hall_reload(k->hall);
}

struct hall *
keeper_hall(struct keeper *k)
{
	return k->hall;
}

bool
keeper_loaded(const struct keeper *k)
{
	return k->loaded;
}

bool
keeper_idle(const struct keeper *k)
{
	return !k->checking && hall_idle(k->hall) && !due_busy(k->due);
}

void
keeper_look(struct keeper *k)
{
	due_look(k->due);
}

const char *
keeper_status(const struct keeper *k)
{
	if (k->end_by != 0)
		return "ending";
	if (k->standby)
		return "standing by: another hall holds the lock";
	if (k->away != 0 || !db_up(k->db))
		return "waiting for the database";
	if (!k->held)
		return "asking for the lock";
	return k->loaded ? "loaded" : "loading";
}
