#include "store/control.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/connect.h"

/*
 * One statement at a time: LISTEN once connected, then the lock until it is ours,
 * then a beat that proves the connection, and with it the lock, alive.
 */
enum stage { CTL_DOWN, CTL_CONNECTING, CTL_LISTEN, CTL_LOCK, CTL_HELD };

static const struct timeval AGAIN = { 2, 0 }, DEADLINE = { 10, 0 };

struct control {
	struct event_base	*base;
	char			*conninfo, *component;
	struct db_calls		 calls;
	PGconn			*conn;
	struct event		*socket, *timer;
	enum stage		 stage;
	bool			 asking;	/* a statement is unanswered */
	bool			 yes;		/* its first cell was true */
	bool			 told_waiting;
};

static void	on_timer(evutil_socket_t, short, void *);

static void
lose(struct control *c, const char *why)
{
	struct err err;
	bool held = c->stage == CTL_HELD;

	err_set(&err, FAULT_BUSY, "the control connection was lost: %.*s", (int)strcspn(why, "\n"), why);
	if (c->socket != NULL)
		event_free(c->socket);
	c->socket = NULL;
	PQfinish(c->conn);
	c->conn = NULL;
	c->stage = CTL_DOWN;
	c->asking = false;
	event_add(c->timer, &AGAIN);
	if (held)
		c->calls.lock(c->calls.ctx, false, &err);
}

static void
ask(struct control *c, const char *sql)
{
	const char *param[] = { c->component };

	if (!PQsendQueryParams(c->conn, sql, strchr(sql, '$') ? 1 : 0, NULL, param, NULL, NULL, 0)) {
		lose(c, PQerrorMessage(c->conn));
		return;
	}
	PQflush(c->conn);
	c->asking = true;
	event_add(c->timer, &DEADLINE);
}

static void
ask_lock(struct control *c)
{
	c->stage = CTL_LOCK;
	ask(c, "SELECT pg_try_advisory_lock(hashtextextended('moothall:' || $1, 0))");
}

/* The answer to what was asked at this stage. */
static void
answered(struct control *c)
{
	struct err err;

	switch (c->stage) {
	case CTL_LISTEN:
		ask_lock(c);
		return;
	case CTL_LOCK:
		event_add(c->timer, &AGAIN);
		if (c->yes) {
			c->stage = CTL_HELD;
			c->told_waiting = false;
			c->calls.lock(c->calls.ctx, true, NULL);
		} else if (!c->told_waiting) {
			c->told_waiting = true;
			err_set(&err, FAULT_CLASH, "another hall holds the lock for %s in this database; "
			    "waiting until it ends (see `moothallctl check`)", c->component);
			c->calls.lock(c->calls.ctx, false, &err);
		}
		return;
	default:
		event_add(c->timer, &AGAIN);
	}
}

static void
on_control_readable(evutil_socket_t fd, short what, void *arg)
{
	struct control *c = arg;
	PGnotify *n;
	PGresult *res;
	bool notified = false;

	(void)fd, (void)what;
	if (!PQconsumeInput(c->conn)) {
		lose(c, PQerrorMessage(c->conn));
		return;
	}
	for (; (n = PQnotifies(c->conn)) != NULL; PQfreemem(n))
		notified = true;
	while (c->conn != NULL && c->asking && !PQisBusy(c->conn)) {
		/* NULL ends an answer, and only then may the next question be asked. */
		if ((res = PQgetResult(c->conn)) == NULL) {
			c->asking = false;
			answered(c);
			continue;
		}
		if (PQresultStatus(res) == PGRES_FATAL_ERROR) {
			PQclear(res);
			lose(c, PQerrorMessage(c->conn));
			return;
		}
		c->yes = PQntuples(res) == 1 && PQgetvalue(res, 0, 0)[0] == 't';
		PQclear(res);
	}
	if (notified)
		c->calls.notify(c->calls.ctx);
}

static void
on_connecting(evutil_socket_t fd, short what, void *arg)
{
	struct control *c = arg;
	short want;

	(void)fd;
	if (what & EV_TIMEOUT) {
		lose(c, "no answer while connecting");
		return;
	}
	switch (PQconnectPoll(c->conn)) {
	case PGRES_POLLING_OK:
		PQsetnonblocking(c->conn, 1);
		event_free(c->socket);
		c->socket = event_new(c->base, PQsocket(c->conn), EV_READ | EV_PERSIST, on_control_readable, c);
		event_add(c->socket, NULL);
		c->stage = CTL_LISTEN;
		ask(c, "LISTEN moothall");
		return;
	case PGRES_POLLING_READING:
		want = EV_READ;
		break;
	case PGRES_POLLING_WRITING:
		want = EV_WRITE;
		break;
	default:
		lose(c, PQerrorMessage(c->conn));
		return;
	}
	if (c->socket != NULL)
		event_free(c->socket);
	c->socket = event_new(c->base, PQsocket(c->conn), want, on_connecting, c);
	event_add(c->socket, &DEADLINE);
}

static void
connect_start(struct control *c)
{
	c->stage = CTL_CONNECTING;
	c->conn = connect_begin(c->conninfo);
	if (c->conn == NULL || PQstatus(c->conn) == CONNECTION_BAD) {
		lose(c, c->conn ? PQerrorMessage(c->conn) : "out of memory");
		return;
	}
	c->socket = event_new(c->base, PQsocket(c->conn), EV_WRITE, on_connecting, c);
	event_add(c->socket, &DEADLINE);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct control *c = arg;

	(void)fd, (void)what;
	if (c->stage == CTL_DOWN)
		connect_start(c);
	else if (c->asking)
		lose(c, "a statement was not answered in time");
	else if (c->stage == CTL_LOCK)
		ask_lock(c);
	else if (c->stage == CTL_HELD)
		ask(c, "SELECT 1");
}

struct control *
control_new(struct event_base *base, const char *conninfo, const char *component, const struct db_calls *calls)
{
	struct control *c = xcalloc(1, sizeof *c);

	c->base = base;
	c->conninfo = xstrdup(conninfo);
	c->component = xstrdup(component);
	c->calls = *calls;
	c->timer = event_new(base, -1, 0, on_timer, c);
	return c;
}

void
control_open(struct control *c)
{
	event_add(c->timer, &(struct timeval){ 0, 0 });
}

void
control_free(struct control **cp)
{
	struct control *c = *cp;

	if (c == NULL)
		return;
	if (c->socket != NULL)
		event_free(c->socket);
	event_free(c->timer);
	PQfinish(c->conn);
	free(c->conninfo);
	free(c->component);
	free(c);
	*cp = NULL;
}
