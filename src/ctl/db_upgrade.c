/* db upgrade: upgrades/NNN.sql leads from version NNN-1 to NNN; each is one transaction. */
#include "base/clock.h"
#include "ctl/ctl.h"

static int	run(struct ctl *);

const struct ctl_command ctl_db_upgrade = {
	.name = "db upgrade", .usage = "",
	.summary = "bring an older schema up to date",
	.need = NEED_DATABASE, .run = run,
};

static enum fault
step(struct ctl *ctl, int from, struct err *err)
{
	size_t len;
	char *path, *sql;

	path = ctl_find(ctl, arena_printf(ctl->arena, "schema/upgrades/%03d.sql", from + 1), err);
	if (path == NULL || (sql = ctl_slurp(ctl->arena, path, &len, err)) == NULL)
		return err->fault;
	return admin_schema_upgrade(ctl->admin, path, sql, from, from + 1, clock_now(), err);
}

static int
run(struct ctl *ctl)
{
	struct err err;
	int version, from;

	if (admin_schema_version(ctl->admin, &version, &err) != FAULT_NONE)
		return ctl_fail(&err);
	/* Empty and newer are not ours to mend: the check says what is. */
	if ((version < 0 || version > SCHEMA_VERSION) && admin_schema_need(ctl->admin, &err) != FAULT_NONE)
		return ctl_fail(&err);
	for (from = version; version < SCHEMA_VERSION; version++) {
		if (step(ctl, version, &err) != FAULT_NONE)
			return ctl_fail(&err);
		if (!ctl->json)
			printf("upgraded to version %d\n", version + 1);
	}
	if (ctl->json)
		printf("{\"schema_version\":%d,\"from\":%d}\n", version, from);
	else if (from == version)
		printf("already at version %d\n", version);
	return EXIT_OK;
}
