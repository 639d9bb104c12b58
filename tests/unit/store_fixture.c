#include "store_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"

/* ------------------------------------------------------------------ the server and its databases */

static PGconn *
admin_connect(const char *database)
{
	char conninfo[64];
	PGconn *c;

	snprintf(conninfo, sizeof conninfo, "dbname=%s", database);
	c = PQconnectdb(conninfo);
	if (PQstatus(c) != CONNECTION_OK)
		fail_msg("no server (these programs are run by tests/unit/run_store): %s", PQerrorMessage(c));
	return c;
}

const char *
sql(struct world *w, const char *fmt, ...)
{
	const char *out = "";
	PGresult *res;
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	va_end(ap);
	res = PQexec(w->admin, text);
	if (PQresultStatus(res) != PGRES_TUPLES_OK && PQresultStatus(res) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", text, PQresultErrorMessage(res));
	if (PQntuples(res) > 0 && PQnfields(res) > 0)
		out = arena_strdup(w->arena, PQgetvalue(res, 0, 0));
	PQclear(res);
	free(text);
	return out;
}

const char *
dump(struct world *w)
{
	struct buf b = { 0 };
	const char *out;
	PGresult *res = PQexec(w->admin, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
	    "AND relkind = 'r' ORDER BY 1");
	int i;

	for (i = 0; i < PQntuples(res); i++)
		buf_addf(&b, "%s %s\n", PQgetvalue(res, i, 0),
		    sql(w, "SELECT md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM %s t", PQgetvalue(res, i, 0)));
	PQclear(res);
	out = arena_strdup(w->arena, b.s);
	buf_free(&b);
	return out;
}

static void
server(const char *what, const char *mode)
{
	char command[512];

	snprintf(command, sizeof command, "bash '%s/tests/unit/run_store' %s %s", getenv("abs_top_srcdir"), what, mode);
	if (system(command) != 0)
		fail_msg("%s", command);
}

void
server_stop(struct world *w, const char *mode)
{
	PQfinish(w->admin);
	w->admin = NULL;
	server("stop", mode);
}

void
server_start(struct world *w)
{
	server("start", "");
	w->admin = admin_connect(w->database);
}

static void
on_nap(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what, (void)arg;
}

int
world_setup(void **state)
{
	static int made;
	struct world *w = xcalloc(1, sizeof *w);
	PGconn *c = admin_connect("postgres");
	char text[128];
	PGresult *res;

	w->base = event_base_new();
	w->nap = event_new(w->base, -1, 0, on_nap, NULL);
	w->arena = arena_new();
	snprintf(w->database, sizeof w->database, "t%d_%d", (int)getpid(), made++);
	snprintf(w->conninfo, sizeof w->conninfo, "dbname=%s", w->database);
	snprintf(text, sizeof text, "CREATE DATABASE %s TEMPLATE hall", w->database);
	res = PQexec(c, text);
	if (PQresultStatus(res) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", text, PQresultErrorMessage(res));
	PQclear(res);
	PQfinish(c);
	w->admin = admin_connect(w->database);
	*state = w;
	return 0;
}

int
world_teardown(void **state)
{
	struct world *w = *state;
	char text[128];
	PGconn *c;

	db_free(&w->db);
	PQfinish(w->admin);
	c = admin_connect("postgres");
	snprintf(text, sizeof text, "DROP DATABASE %s WITH (FORCE)", w->database);
	PQclear(PQexec(c, text));
	PQfinish(c);
	event_free(w->nap);
	event_base_free(w->base);
	arena_free(&w->arena);
	free(w);
	return 0;
}

/* ------------------------------------------------------------------ the loop */

static void
on_state(void *ctx, bool up, const struct err *why)
{
	struct world *w = ctx;

	w->up = up;
	if (up)
		w->ups++;
	else {
		w->downs++;
		w->why_down = *why;
	}
}

static void
on_lock(void *ctx, bool held, const struct err *why)
{
	struct world *w = ctx;

	w->held = held;
	if (held)
		w->gains++;
	else {
		w->losses++;
		w->why_lost = *why;
	}
}

static void
on_notify(void *ctx)
{
	((struct world *)ctx)->news++;
}

struct db_calls
world_calls(struct world *w)
{
	return (struct db_calls){ .ctx = w, .state = on_state, .lock = on_lock, .notify = on_notify };
}

void
world_turn(struct world *w, double seconds)
{
	struct timeval tv = { (time_t)seconds, (suseconds_t)((seconds - (double)(time_t)seconds) * 1e6) };

	event_add(w->nap, &tv);
	event_base_loop(w->base, EVLOOP_ONCE);
	event_del(w->nap);
}

void
world_open(struct world *w, bool lock)
{
	struct db_calls calls = world_calls(w);
	int told = w->ups + w->downs;

	w->db = db_new(w->base, w->conninfo, "hall.example.org", &calls);
	db_open(w->db);
	assert_int_equal(w->ups + w->downs, told);
	UNTIL(w, w->up && (w->held || !lock));
	assert_true(db_up(w->db));
}

static void
on_done(struct op *op)
{
	struct answer *a = op->ctx;

	a->done++;
	a->inside += a->w->submitting;
	a->err = op->err;
	if (a->forget) {
		op_free(&op);
		a->op = NULL;
	}
}

struct op *
ask_op(struct world *w, struct answer *a)
{
	answer_free(a);
	a->w = w;
	a->done = a->inside = 0;
	a->op = op_new();
	a->op->ctx = a;
	a->op->done = on_done;
	return a->op;
}

void
world_submit(struct world *w, struct op *op, const struct statement *stmt)
{
	w->submitting = true;
	db_submit(w->db, op, stmt);
	w->submitting = false;
}

void
answer_free(struct answer *a)
{
	if (a->op != NULL)
		op_free(&a->op);
}

void
assert_fault_at(const struct answer *a, enum fault wanted, const char *file, int line)
{
	if (a->err.fault != wanted)
		print_error("%s, not %s: %s\n", fault_name(a->err.fault), fault_name(wanted), a->err.text);
	_assert_int_equal(a->err.fault, wanted, file, line);
}

const char *
cell(const struct answer *a, int row, int col)
{
	if (row >= a->op->nrows || a->op->cell[row][col] == NULL)
		return "";
	return a->op->cell[row][col];
}

/* ------------------------------------------------------------------ a hall */

static const char roster[] =
    "INSERT INTO unit (code, kind, name, zone, emergency) VALUES ('county', 'bureau', 'County', 'Asia/Shanghai', 'police=110');"
    "INSERT INTO unit (code, parent, kind, name) SELECT 'north', id, 'station', '庐镇派出所' FROM unit;"
    "INSERT INTO unit (code, parent, kind, name) SELECT 'south', id, 'station', 'South' FROM unit WHERE code = 'county';"
    "INSERT INTO unit_week SELECT id, d, '08:30', '12:00' FROM unit, generate_series(1, 5) d WHERE code = 'north';"
    "INSERT INTO staff (address, unit_id, role, name, nick) SELECT 'bao@example.org', id, 'officer', '鲍国', 'Bao' FROM unit WHERE code = 'north';"
    "INSERT INTO staff (address, unit_id, role, name, rooms) SELECT 'may@example.org', id, 'auxiliary', 'May', '{gate4}' FROM unit WHERE code = 'county';"
    "INSERT INTO staff (address, unit_id, role, name, until_date) SELECT 'old@example.org', id, 'leader', 'Old', '2026-11-22' FROM unit WHERE code = 'county';"
    "INSERT INTO staff (address, unit_id, role, name, from_date) SELECT 'new@example.org', id, 'leader', 'New', '2026-11-24' FROM unit WHERE code = 'county';"
    "INSERT INTO room (code, unit_id, title, officer) SELECT 'gate4', u.id, 'Gate 4', s.id FROM unit u, staff s WHERE u.code = 'north' AND s.role = 'officer';"
    "INSERT INTO room (code, unit_id, title, lang) SELECT 'hill2', id, 'Hill 2', 'en' FROM unit WHERE code = 'south';"
    "INSERT INTO room (code, unit_id, title, ended) SELECT 'gone', id, 'Gone', '2026-01-01' FROM unit WHERE code = 'south';"
    "INSERT INTO kind (code, work, private, urgent, duty_hours, keep_days, source) VALUES "
    "('lost_item', 'service', false, false, true, 30, 'code = lost_item'), ('old_kind', 'service', false, false, true, 30, 'x')";

int
hall_setup(void **state)
{
	struct answer a = { 0 };
	struct world *w;

	world_setup(state);
	w = *state;
	sql(w, "%s", roster);
	sql(w, "UPDATE kind SET ended = '2026-01-01' WHERE code = 'old_kind'");
	world_open(w, true);
	w->store.db = w->db;
	ASK(w, &a, store_start(&w->store, op, "hall.example.org", "test", T0));
	assert_fault(&a, FAULT_NONE);
	w->store.process = (int)cell_num(cell(&a, 0, 0));
	w->store.epoch = cell_num(cell(&a, 0, 1));
	answer_free(&a);
	return 0;
}
