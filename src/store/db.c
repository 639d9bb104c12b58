/*
 * The pipeline: ops wait in `queue`, are sent into the pipeline up to a bound,
 * and stand in `flight` in the order in which PostgreSQL will answer them.
 * Finished ops go to `ended` and are reported from the event loop.
 */
#include "store/db.h"

#include <assert.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/str.h"
#include "store/connect.h"
#include "store/control.h"
#include "store/fault.h"

enum {
	IN_FLIGHT = 32,		/* syncs not yet answered */
	PREPARED = 96,		/* statements a connection remembers */
};
static const instant OP_DEADLINE = 15 * USEC;	/* monotonic; a stuck server is a lost one */
static const struct timeval RETRY = { 0, 500000 }, TICK = { 1, 0 };

STAILQ_HEAD(ops, op);

struct db {
	struct event_base	*base;
	char			*conninfo;
	struct db_calls		 calls;
	struct control		*control;
	PGconn			*conn;
	enum { DB_DOWN, DB_CONNECTING, DB_UP } state;
	struct event		*socket, *flush, *retry, *report, *tick;
	struct ops		 queue, flight, ended;
	int			 nflight;
	const struct statement	*prepared[PREPARED];
	int			 nprepared;
	bool			 told_down, closing;
};

static void	connect_start(struct db *);
static void	feed(struct db *);

/* ------------------------------------------------------------------ ops */

struct op *
op_new(void)
{
	struct arena *a = arena_new();
	struct op *op = arena_alloc(a, sizeof *op);

	op->arena = a;
	return op;
}

void
op_free(struct op **opp)
{
	struct arena *a;

	if (*opp == NULL)
		return;
	a = (*opp)->arena;
	*opp = NULL;
	arena_free(&a);
}

void
op_text(struct op *op, int i, const char *s)
{
	assert(i < OP_PARAMS);
	op->param[i] = arena_strdup(op->arena, s);
}

void
op_num(struct op *op, int i, long long n)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", n);
	op_text(op, i, text);
}

void
op_num_or_null(struct op *op, int i, long long n)
{
	if (n == 0)
		op_text(op, i, NULL);
	else
		op_num(op, i, n);
}

void
op_bool(struct op *op, int i, bool b)
{
	op_text(op, i, b ? "t" : "f");
}

void
op_instant(struct op *op, int i, instant at)
{
	char text[INSTANT_TEXT];

	op_text(op, i, at == 0 ? NULL : instant_text(at, text));
}

void
op_bytes(struct op *op, int i, const void *p, size_t n)
{
	const unsigned char *b = p;
	char *hex = arena_alloc(op->arena, n * 2 + 3);
	size_t k;

	memcpy(hex, "\\x", 2);
	for (k = 0; k < n; k++) {
		hex[2 + k * 2] = "0123456789abcdef"[b[k] >> 4];
		hex[3 + k * 2] = "0123456789abcdef"[b[k] & 15];
	}
	op_text(op, i, hex);
}

void
op_texts(struct op *op, int i, const char *const *list)
{
	struct buf b = { 0 };
	const char *s;

	buf_add(&b, "{");
	for (; list != NULL && *list != NULL; list++) {
		buf_add(&b, b.len > 1 ? ",\"" : "\"");
		for (s = *list; *s != '\0'; s++) {
			if (*s == '"' || *s == '\\')
				buf_add(&b, "\\");
			buf_addn(&b, s, 1);
		}
		buf_add(&b, "\"");
	}
	buf_add(&b, "}");
	op_text(op, i, b.s);
	buf_free(&b);
}

long long
cell_num(const char *s)
{
	return s == NULL ? 0 : strtoll(s, NULL, 10);
}

bool
cell_bool(const char *s)
{
	return s != NULL && s[0] == 't';
}

/* Statements give instants as extract(epoch)*1000000, which needs no reading of dates. */
instant
cell_instant(const char *s)
{
	return s == NULL ? 0 : strtoll(s, NULL, 10);
}

/* ------------------------------------------------------------------ ends */

static instant
steady(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (instant)ts.tv_sec * USEC + ts.tv_nsec / 1000;
}

static void
end_op(struct db *db, struct op *op)
{
	STAILQ_INSERT_TAIL(&db->ended, op, link);
	/* A timer, not event_active(): libevent runs what is made active while it reports in the same turn. */
	if (!event_pending(db->report, EV_TIMEOUT, NULL))
		event_add(db->report, &(struct timeval){ 0, 0 });
}

/* Only those that have ended by now: one that asks again in vain waits for the next turn of the loop. */
static void
on_report(evutil_socket_t fd, short what, void *arg)
{
	struct ops now = STAILQ_HEAD_INITIALIZER(now);
	struct db *db = arg;
	struct op *op;

	(void)fd, (void)what;
	event_del(db->report);
	STAILQ_CONCAT(&now, &db->ended);
	while ((op = STAILQ_FIRST(&now)) != NULL) {
		STAILQ_REMOVE_HEAD(&now, link);
		op->done(op);
	}
}

/* The connection is gone: what was sent is unsure, what was not may be asked again at once. */
static void
lose(struct db *db, const char *why)
{
	struct err err;
	struct op *op;

	/* `why` may lie in the connection that is about to go. */
	err_set(&err, FAULT_BUSY, "the database is not reachable: %.*s; trying again",
	    (int)strcspn(why, "\n"), why);
	if (db->socket != NULL)
		event_free(db->socket);
	db->socket = NULL;
	event_del(db->flush);
	PQfinish(db->conn);
	db->conn = NULL;
	db->nprepared = 0;
	db->nflight = 0;
	while ((op = STAILQ_FIRST(&db->flight)) != NULL) {
		STAILQ_REMOVE_HEAD(&db->flight, link);
		if (op->err.fault == FAULT_NONE)
			err_set(&op->err, FAULT_UNSURE, "the database connection was lost after the statement was sent");
		end_op(db, op);
	}
	while ((op = STAILQ_FIRST(&db->queue)) != NULL) {
		STAILQ_REMOVE_HEAD(&db->queue, link);
		err_set(&op->err, FAULT_BUSY, "the database is not reachable");
		end_op(db, op);
	}
	db->state = DB_DOWN;
	if (db->closing)
		return;
	event_add(db->retry, &RETRY);
	if (!db->told_down) {
		db->told_down = true;
		db->calls.state(db->calls.ctx, false, &err);
	}
}

/* ------------------------------------------------------------------ answers */

static void
take_rows(struct op *op, const PGresult *res)
{
	int r, c;

	op->nrows = PQntuples(res);
	op->ncols = PQnfields(res);
	op->cell = arena_alloc(op->arena, (size_t)op->nrows * sizeof *op->cell);
	for (r = 0; r < op->nrows; r++) {
		op->cell[r] = arena_alloc(op->arena, (size_t)op->ncols * sizeof **op->cell);
		for (c = 0; c < op->ncols; c++)
			op->cell[r][c] = PQgetisnull(res, r, c) ? NULL :
			    arena_strndup(op->arena, PQgetvalue(res, r, c), (size_t)PQgetlength(res, r, c));
	}
}

/*
 * PostgreSQL does not know the statement: an op before this one could not prepare it.
 * The next one will.
 */
static void
forget(struct db *db, const struct statement *stmt)
{
	int i;

	for (i = 0; i < db->nprepared; i++)
		if (db->prepared[i] == stmt) {
			db->prepared[i] = db->prepared[--db->nprepared];
			return;
		}
}

/* One result. A sync ends the op at the head of the flight. */
static void
take_result(struct db *db, const PGresult *res)
{
	struct op *op = STAILQ_FIRST(&db->flight);

	if (op == NULL)
		return;
	switch (PQresultStatus(res)) {
	case PGRES_PIPELINE_SYNC:
		STAILQ_REMOVE_HEAD(&db->flight, link);
		db->nflight--;
		end_op(db, op);
		/* The time that the others took is not the next one's. */
		if (!STAILQ_EMPTY(&db->flight))
			STAILQ_FIRST(&db->flight)->deadline = steady() + OP_DEADLINE;
		break;
	case PGRES_TUPLES_OK:
		take_rows(op, res);
		break;
	case PGRES_COMMAND_OK:
	case PGRES_PIPELINE_ABORTED:
		break;
	default:
		/* Also what fails at the commit, after its rows have come. */
		fault_from_result(&op->err, res, op->stmt->name);
		op->nrows = op->ncols = 0;
		if (str_eq(PQresultErrorField(res, PG_DIAG_SQLSTATE), "26000"))
			forget(db, op->stmt);
	}
}

static void
drain(struct db *db)
{
	PGresult *res;
	int nulls = 0;

	/* NULL ends one statement's results; two in a row mean that nothing more has come. */
	while (db->conn != NULL && !PQisBusy(db->conn) && nulls < 2) {
		res = PQgetResult(db->conn);
		if (res == NULL) {
			nulls++;
			continue;
		}
		nulls = 0;
		take_result(db, res);
		PQclear(res);
	}
}

static void
flush(struct db *db)
{
	int rc;

	if (db->conn == NULL)
		return;
	rc = PQflush(db->conn);
	if (rc < 0)
		lose(db, PQerrorMessage(db->conn));
	else if (rc == 1)
		event_add(db->flush, NULL);
}

static void
on_db_writable(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	flush(arg);
}

static void
on_db_readable(evutil_socket_t fd, short what, void *arg)
{
	struct db *db = arg;

	(void)fd, (void)what;
	if (!PQconsumeInput(db->conn)) {
		drain(db);
		lose(db, PQerrorMessage(db->conn));
		return;
	}
	drain(db);
	/* We are called by the loop, so that what has ended may be told now; what that asks anew goes along. */
	on_report(-1, 0, db);
	feed(db);
	flush(db);
}

/* ------------------------------------------------------------------ questions */

static bool
prepare(struct db *db, const struct statement *stmt)
{
	int i;

	for (i = 0; i < db->nprepared; i++)
		if (db->prepared[i] == stmt)
			return true;
	assert(db->nprepared < PREPARED);
	if (!PQsendPrepare(db->conn, stmt->name, stmt->sql, stmt->nparams, NULL))
		return false;
	db->prepared[db->nprepared++] = stmt;
	return true;
}

/* Moves waiting ops into the pipeline while there is room. */
static void
feed(struct db *db)
{
	struct op *op;

	while (db->state == DB_UP && db->nflight < IN_FLIGHT && (op = STAILQ_FIRST(&db->queue)) != NULL) {
		STAILQ_REMOVE_HEAD(&db->queue, link);
		STAILQ_INSERT_TAIL(&db->flight, op, link);
		op->deadline = steady() + OP_DEADLINE;
		db->nflight++;
		if (!prepare(db, op->stmt) ||
		    !PQsendQueryPrepared(db->conn, op->stmt->name, op->stmt->nparams, op->param, NULL, NULL, 0) ||
		    !PQpipelineSync(db->conn)) {
			lose(db, PQerrorMessage(db->conn));
			return;
		}
	}
}

void
db_submit(struct db *db, struct op *op, const struct statement *stmt)
{
	op->stmt = stmt;
	op->err.fault = FAULT_NONE;
	op->nrows = op->ncols = 0;
	if (db->state != DB_UP) {
		err_set(&op->err, FAULT_BUSY, "the database is not reachable");
		end_op(db, op);
		return;
	}
	STAILQ_INSERT_TAIL(&db->queue, op, link);
	/*
	 * Sent from the loop, so that a turn's ops leave together and nothing recurses; at once, because
	 * waiting until the socket can be written costs three system calls and it nearly always can.
	 */
	event_active(db->flush, EV_WRITE, 0);
}

static void
on_flush(evutil_socket_t fd, short what, void *arg)
{
	struct db *db = arg;

	feed(db);
	on_db_writable(fd, what, db);
}

/* ------------------------------------------------------------------ connecting */

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct db *db = arg;
	struct op *op = STAILQ_FIRST(&db->flight);

	(void)fd, (void)what;
	if (op != NULL && op->deadline < steady())
		lose(db, "a statement was not answered in time");
}

static void
on_retry(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	connect_start(arg);
}

static void
connected(struct db *db)
{
	PQsetnonblocking(db->conn, 1);
	if (!PQenterPipelineMode(db->conn)) {
		lose(db, "cannot enter pipeline mode");
		return;
	}
	event_free(db->socket);
	event_free(db->flush);
	db->socket = event_new(db->base, PQsocket(db->conn), EV_READ | EV_PERSIST, on_db_readable, db);
	db->flush = event_new(db->base, PQsocket(db->conn), EV_WRITE, on_flush, db);
	event_add(db->socket, NULL);
	db->state = DB_UP;
	db->told_down = false;
	db->calls.state(db->calls.ctx, true, NULL);
}

static void
on_connecting(evutil_socket_t fd, short what, void *arg)
{
	struct db *db = arg;
	short want = 0;

	(void)fd;
	if (what & EV_TIMEOUT) {
		lose(db, "no answer while connecting");
		return;
	}
	switch (PQconnectPoll(db->conn)) {
	case PGRES_POLLING_OK:
		connected(db);
		return;
	case PGRES_POLLING_READING:
		want = EV_READ;
		break;
	case PGRES_POLLING_WRITING:
		want = EV_WRITE;
		break;
	default:
		lose(db, PQerrorMessage(db->conn));
		return;
	}
	/* The socket may have changed between two polls: a new event each time. */
	if (db->socket != NULL)
		event_free(db->socket);
	db->socket = event_new(db->base, PQsocket(db->conn), want, on_connecting, db);
	event_add(db->socket, &(struct timeval){ 10, 0 });
}

static void
connect_start(struct db *db)
{
	db->state = DB_CONNECTING;
	db->conn = connect_begin(db->conninfo);
	if (db->conn == NULL || PQstatus(db->conn) == CONNECTION_BAD) {
		lose(db, db->conn ? PQerrorMessage(db->conn) : "out of memory");
		return;
	}
	if (db->socket != NULL)
		event_free(db->socket);
	db->socket = event_new(db->base, PQsocket(db->conn), EV_WRITE, on_connecting, db);
	event_add(db->socket, &(struct timeval){ 10, 0 });
}

struct db *
db_new(struct event_base *base, const char *conninfo, const char *component, const struct db_calls *calls)
{
	struct db *db = xcalloc(1, sizeof *db);

	db->base = base;
	db->conninfo = xstrdup(conninfo);
	db->calls = *calls;
	STAILQ_INIT(&db->queue);
	STAILQ_INIT(&db->flight);
	STAILQ_INIT(&db->ended);
	db->flush = event_new(base, -1, 0, on_flush, db);
	db->retry = event_new(base, -1, 0, on_retry, db);
	db->report = event_new(base, -1, 0, on_report, db);
	db->tick = event_new(base, -1, EV_PERSIST, on_tick, db);
	db->control = control_new(base, conninfo, component, calls);
	return db;
}

void
db_open(struct db *db)
{
	event_add(db->tick, &TICK);
	/* From the loop: a socket that is not there fails at once, and nobody is called from inside a call. */
	event_add(db->retry, &(struct timeval){ 0, 0 });
	control_open(db->control);
}

bool
db_up(const struct db *db)
{
	return db->state == DB_UP;
}

void
db_free(struct db **dbp)
{
	struct db *db = *dbp;

	if (db == NULL)
		return;
	db->closing = true;
	lose(db, "shutting down");
	while (!STAILQ_EMPTY(&db->ended))
		on_report(-1, 0, db);
	control_free(&db->control);
	event_free(db->flush);
	event_free(db->retry);
	event_free(db->report);
	event_free(db->tick);
	free(db->conninfo);
	free(db);
	*dbp = NULL;
}
