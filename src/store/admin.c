#include "store/admin.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "store/admin_internal.h"
#include "store/fault.h"

/* libpq gives no SQLSTATE for a refused connection, so the words have to be read. */
static const struct {
	const char	*words;
	enum fault	 fault;
	const char	*remedy;
} refusals[] = {
	{ "database \"", FAULT_USAGE, "create it with createdb (as a user who may), then run `moothallctl db init`" },
	{ "password authentication failed", FAULT_USAGE, "correct user and password in `database` of moothall.conf, or in ~/.pgpass" },
	{ "no password supplied", FAULT_USAGE, "put password=... into `database` of moothall.conf, or into ~/.pgpass" },
	{ "Peer authentication failed", FAULT_USAGE, "run this as the operating system user of the same name, "
	    "or connect over TCP with a password (host=127.0.0.1 in `database` of moothall.conf)" },
	{ "no pg_hba.conf entry", FAULT_USAGE, "allow this connection in the server's pg_hba.conf" },
	{ "role \"", FAULT_USAGE, "create the user with createuser, or correct user= in `database` of moothall.conf" },
	{ "invalid connection option", FAULT_USAGE, "correct `database` in moothall.conf; it is a libpq connection string" },
	{ "missing \"=\"", FAULT_USAGE, "correct `database` in moothall.conf; it is a libpq connection string" },
	{ "starting up", FAULT_BUSY, "try again in a moment" },
	{ "too many", FAULT_BUSY, "raise max_connections, or close other connections" },
	{ "", FAULT_BUSY, "start PostgreSQL, or correct host= and port= in `database` of moothall.conf" },
};

static void
explain(struct err *err, const char *message)
{
	char line[200];
	size_t i, n = utf8_cut(message, sizeof line - 1);

	memcpy(line, message, n);
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	for (i = 0; strstr(message, refusals[i].words) == NULL; i++)
		;
	err_set(err, refusals[i].fault, "no database: %s; %s", line, refusals[i].remedy);
}

struct admin *
admin_open(const char *conninfo, struct err *err)
{
	/* A server that never answers must not hang a command; the user's own setting comes later and wins. */
	const char *keys[] = { "connect_timeout", "fallback_application_name", "client_encoding", "dbname", NULL };
	const char *values[] = { "10", "moothallctl", "UTF8", conninfo, NULL };
	struct admin *a = xcalloc(1, sizeof *a);

	err->fault = FAULT_NONE;
	a->conn = PQconnectdbParams(keys, values, 1);
	if (PQstatus(a->conn) != CONNECTION_OK) {
		explain(err, PQerrorMessage(a->conn));
		admin_close(&a);
		return NULL;
	}
	/* "IF EXISTS" and the like are not news. */
	if (admin_do(a, "SET", "SET client_min_messages = warning", 0, NULL, err) != FAULT_NONE)
		admin_close(&a);
	return a;
}

void
admin_close(struct admin **ap)
{
	if (*ap == NULL)
		return;
	PQfinish((*ap)->conn);
	free(*ap);
	*ap = NULL;
}

static enum fault
failed(struct admin *a, const PGresult *res, const char *what, struct err *err)
{
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);

	if (state == NULL)
		return err_set(err, FAULT_BUSY, "%s: the connection to PostgreSQL broke: %.200s; run this again, which is harmless",
		    what, PQerrorMessage(a->conn));
	if (strcmp(state, "42501") == 0)
		return err_set(err, FAULT_DENIED, "%s: %s; give this database user the right, or use the database's owner", what,
		    PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY));
	fault_from_result(err, res, what);
	return err->fault;
}

PGresult *
admin_exec(struct admin *a, const char *what, const char *sql, int n, const char *const *param, struct err *err)
{
	PGresult *res = PQexecParams(a->conn, sql, n, NULL, param, NULL, NULL, 0);

	if (PQresultStatus(res) == PGRES_TUPLES_OK || PQresultStatus(res) == PGRES_COMMAND_OK)
		return res;
	failed(a, res, what, err);
	PQclear(res);
	return NULL;
}

enum fault
admin_do(struct admin *a, const char *what, const char *sql, int n, const char *const *param, struct err *err)
{
	PGresult *res = admin_exec(a, what, sql, n, param, err);

	if (res == NULL)
		return err->fault;
	PQclear(res);
	return FAULT_NONE;
}

/* The line on which the n-th character (from 1) of a script stands. */
static int
line_of(const char *sql, const char *position)
{
	const char *end = sql + utf8_points(sql, position ? (size_t)strtoul(position, NULL, 10) : 0);
	int line = 1;

	for (; sql < end; sql++)
		line += *sql == '\n';
	return line;
}

enum fault
admin_script(struct admin *a, const char *name, const char *sql, struct err *err)
{
	PGresult *res = PQexec(a->conn, sql);
	const char *text;

	if (PQresultStatus(res) != PGRES_FATAL_ERROR && PQresultStatus(res) != PGRES_BAD_RESPONSE && res != NULL) {
		PQclear(res);
		return FAULT_NONE;
	}
	text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
	if (text != NULL && PQresultErrorField(res, PG_DIAG_STATEMENT_POSITION) != NULL)
		err_set(err, FAULT_BUG, "%s:%d: %s", name, line_of(sql, PQresultErrorField(res, PG_DIAG_STATEMENT_POSITION)), text);
	else
		failed(a, res, name, err);
	PQclear(res);
	return err->fault;
}

enum fault
admin_begin(struct admin *a, struct err *err)
{
	err->fault = FAULT_NONE;
	/* One administrator at a time; halls are not held up by this. */
	if (admin_do(a, "BEGIN", "BEGIN", 0, NULL, err) != FAULT_NONE)
		return err->fault;
	return admin_do(a, "lock", "SELECT pg_advisory_xact_lock(hashtextextended('moothall administrator', 0))", 0, NULL, err);
}

enum fault
admin_commit(struct admin *a, struct err *err)
{
	return admin_do(a, "COMMIT", "COMMIT", 0, NULL, err);
}

void
admin_rollback(struct admin *a)
{
	PQclear(PQexec(a->conn, "ROLLBACK"));
}

static void
take_changes(const PGresult *res, struct arena *arena, struct admin_changes *ch)
{
	struct admin_change *c;
	int i;

	ch->n = (size_t)PQntuples(res);
	ch->change = c = arena_alloc(arena, (ch->n + 1) * sizeof *c);
	for (i = 0; i < PQntuples(res); i++)
		c[i] = (struct admin_change){ arena_strdup(arena, PQgetvalue(res, i, 0)), arena_strdup(arena, PQgetvalue(res, i, 1)),
		    arena_strdup(arena, PQgetvalue(res, i, 2)), arena_strdup(arena, PQgetvalue(res, i, 3)) };
}

enum fault
admin_changes_end(struct admin *a, bool dry, struct arena *arena, struct admin_changes *ch, struct err *err)
{
	PGresult *res;

	res = admin_exec(a, "changes", "SELECT what, code, how, array_to_string(columns, ' ') FROM change ORDER BY seq, code", 0, NULL, err);
	if (res == NULL)
		return err->fault;
	take_changes(res, arena, ch);
	PQclear(res);
	res = admin_exec(a, "changes", "SELECT coalesce(json_agg(json_build_object('what', what, 'code', code, 'how', how, "
	    "'columns', columns) ORDER BY seq, code), '[]') FROM change", 0, NULL, err);
	if (res == NULL)
		return err->fault;
	ch->json = arena_strdup(arena, PQgetvalue(res, 0, 0));
	PQclear(res);
	res = admin_exec(a, "generation", "SELECT CASE WHEN EXISTS (SELECT FROM change) THEN generation_raise() "
	    "ELSE (SELECT value::bigint FROM setting WHERE key = 'generation') END", 0, NULL, err);
	if (res == NULL)
		return err->fault;
	ch->generation = atoll(PQgetvalue(res, 0, 0));
	PQclear(res);
	if (!dry)
		return admin_commit(a, err);
	admin_rollback(a);
	ch->generation -= ch->n > 0;
	return FAULT_NONE;
}

enum fault
admin_lock(struct admin *a, const char *component, bool *held_r, struct err *err)
{
	const char *param[] = { component };
	PGresult *res;

	err->fault = FAULT_NONE;
	res = admin_exec(a, "lock", "SELECT pg_try_advisory_lock(hashtextextended('moothall:' || $1, 0))", 1, param, err);
	if (res == NULL)
		return err->fault;
	*held_r = PQgetvalue(res, 0, 0)[0] == 't';
	PQclear(res);
	return FAULT_NONE;
}

enum fault
admin_unlock(struct admin *a, const char *component, struct err *err)
{
	const char *param[] = { component };

	err->fault = FAULT_NONE;
	return admin_do(a, "unlock", "SELECT pg_advisory_unlock(hashtextextended('moothall:' || $1, 0))", 1, param, err);
}
