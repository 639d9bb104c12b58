/* db init: an empty database gets the schema. */
#include "base/clock.h"
#include "ctl/ctl.h"

static int	run(struct ctl *);

const struct ctl_command ctl_db_init = {
	.name = "db init", .usage = "",
	.summary = "create the schema in an empty database",
	.need = NEED_DATABASE, .run = run,
};

static int
run(struct ctl *ctl)
{
	struct err err;
	size_t len;
	char *path, *sql;

	if ((path = ctl_find(ctl, "schema/schema.sql", &err)) == NULL ||
	    (sql = ctl_slurp(ctl->arena, path, &len, &err)) == NULL ||
	    admin_schema_init(ctl->admin, path, sql, clock_now(), &err) != FAULT_NONE)
		return ctl_fail(&err);
	if (ctl->json)
		printf("{\"schema_version\":%d}\n", SCHEMA_VERSION);
	else
		printf("the schema is there (version %d); next: moothallctl kind load, moothallctl roster import\n", SCHEMA_VERSION);
	return EXIT_OK;
}
