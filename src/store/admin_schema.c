/* Creating the schema and bringing an old one up to date. */
#include <stdlib.h>
#include <string.h>

#include "store/admin_internal.h"

enum fault
admin_schema_version(struct admin *a, int *version_r, struct err *err)
{
	PGresult *res = admin_exec(a, "schema_version", "SELECT to_regclass('schema_version') IS NOT NULL", 0, NULL, err);
	bool there;

	err->fault = res == NULL ? err->fault : FAULT_NONE;
	*version_r = -1;
	if (res == NULL)
		return err->fault;
	there = PQgetvalue(res, 0, 0)[0] == 't';
	PQclear(res);
	if (!there)
		return FAULT_NONE;
	if ((res = admin_exec(a, "schema_version", "SELECT version FROM schema_version", 0, NULL, err)) == NULL)
		return err->fault;
	if (PQntuples(res) == 1)
		*version_r = atoi(PQgetvalue(res, 0, 0));
	else
		err_set(err, FAULT_CLASH, "table schema_version must hold one row, it holds %d: this database was changed by hand; "
		    "restore it from a backup", PQntuples(res));
	PQclear(res);
	return err->fault;
}

enum fault
admin_schema_need(struct admin *a, struct err *err)
{
	int version;

	if (admin_schema_version(a, &version, err) != FAULT_NONE)
		return err->fault;
	if (version < 0)
		return err_set(err, FAULT_CLASH, "the database %s is empty; run `moothallctl db init`", PQdb(a->conn));
	if (version < SCHEMA_VERSION)
		return err_set(err, FAULT_CLASH, "the schema of database %s is old: version %d, this program needs %d; "
		    "stop the hall and run `moothallctl db upgrade`", PQdb(a->conn), version, SCHEMA_VERSION);
	if (version > SCHEMA_VERSION)
		return err_set(err, FAULT_CLASH, "the schema of database %s is newer: version %d, this program knows %d; "
		    "install the release of Moot Hall that made it", PQdb(a->conn), version, SCHEMA_VERSION);
	return FAULT_NONE;
}

static enum fault
must_be_empty(struct admin *a, struct err *err)
{
	PGresult *res;
	int version;

	if (admin_schema_version(a, &version, err) != FAULT_NONE)
		return err->fault;
	if (version >= 0)
		return err_set(err, FAULT_CLASH, "database %s has a schema of Moot Hall already (version %d); nothing was done; "
		    "for a newer schema run `moothallctl db upgrade`", PQdb(a->conn), version);
	res = admin_exec(a, "db init", "SELECT count(*), min(relname) FROM pg_class "
	    "WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')", 0, NULL, err);
	if (res == NULL)
		return err->fault;
	if (atoi(PQgetvalue(res, 0, 0)) > 0)
		err_set(err, FAULT_CLASH, "database %s is not empty: it has %s and %d more; nothing was done; create one for the hall alone "
		    "(createdb moothall) and name it in `database` of moothall.conf", PQdb(a->conn), PQgetvalue(res, 0, 1),
		    atoi(PQgetvalue(res, 0, 0)) - 1);
	PQclear(res);
	return err->fault;
}

static enum fault
set_version(struct admin *a, int version, instant now, struct err *err)
{
	char number[16], when[INSTANT_TEXT];
	const char *param[] = { number, instant_text(now, when) };

	snprintf(number, sizeof number, "%d", version);
	return admin_do(a, "schema_version", "UPDATE schema_version SET version = $1, applied = $2", 2, param, err);
}

enum fault
admin_schema_init(struct admin *a, const char *name, const char *sql, instant now, struct err *err)
{
	if (admin_begin(a, err) != FAULT_NONE || must_be_empty(a, err) != FAULT_NONE ||
	    admin_script(a, name, sql, err) != FAULT_NONE || set_version(a, SCHEMA_VERSION, now, err) != FAULT_NONE ||
	    admin_commit(a, err) != FAULT_NONE)
		admin_rollback(a);
	return err->fault;
}

/* A hall that was built for the old schema must not meet the new one. */
static enum fault
must_be_quiet(struct admin *a, instant now, struct err *err)
{
	char when[INSTANT_TEXT];
	const char *param[] = { instant_text(now, when) };
	PGresult *res = admin_exec(a, "process", "SELECT component, host, pid FROM process "
	    "WHERE ended IS NULL AND renewed > $1::timestamptz - interval '15 s' LIMIT 1", 1, param, err);

	if (res == NULL)
		return err->fault;
	if (PQntuples(res) > 0)
		err_set(err, FAULT_CLASH, "a hall is running (%s on %s, process %s); stop it, upgrade, start the new one",
		    PQgetvalue(res, 0, 0), PQgetvalue(res, 0, 1), PQgetvalue(res, 0, 2));
	PQclear(res);
	return err->fault;
}

static enum fault
must_be_at(struct admin *a, int from, struct err *err)
{
	int version;

	if (admin_schema_version(a, &version, err) == FAULT_NONE && version != from)
		err_set(err, FAULT_CLASH, "the schema is at version %d now, another upgrade is under way; look again in a moment", version);
	return err->fault;
}

enum fault
admin_schema_upgrade(struct admin *a, const char *name, const char *sql, int from, int to, instant now, struct err *err)
{
	if (admin_begin(a, err) != FAULT_NONE || must_be_at(a, from, err) != FAULT_NONE || must_be_quiet(a, now, err) != FAULT_NONE ||
	    admin_script(a, name, sql, err) != FAULT_NONE || set_version(a, to, now, err) != FAULT_NONE ||
	    admin_do(a, "generation", "SELECT generation_raise()", 0, NULL, err) != FAULT_NONE ||
	    admin_commit(a, err) != FAULT_NONE)
		admin_rollback(a);
	return err->fault;
}
