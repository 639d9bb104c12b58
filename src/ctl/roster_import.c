/*
 * roster import: the whole file is checked first, and every wrong row is named; only a file
 * without a fault is handed to the database, in one transaction.
 */
#include <search.h>
#include <string.h>

#include "base/clock.h"
#include "ctl/ctl.h"
#include "ctl/roster.h"

static int	run(struct ctl *);

const struct ctl_command ctl_roster_import = {
	.name = "roster import", .usage = "FILE.csv [--dry-run]",
	.summary = "make the database's roster equal to the file",
	.need = NEED_SCHEMA, .options = OPTION_DRY_RUN, .min_args = 1, .max_args = 1,
	.run = run,
};

static enum fault
check_zones(struct ctl *ctl, struct rosterfile *r, struct err *err)
{
	const struct roster_rows *units = &r->rows[ROW_UNIT];
	const char **zones = arena_alloc(ctl->arena, (units->n + 1) * sizeof *zones), **bad;
	size_t i, j, n = 0;

	for (i = 0; i < units->n; i++)
		if (units->row[i]->value[UNIT_ZONE][0] != '\0')
			zones[n++] = units->row[i]->value[UNIT_ZONE];
	if (n == 0)
		return FAULT_NONE;
	if (admin_bad_zones(ctl->admin, zones, ctl->arena, &bad, err) != FAULT_NONE)
		return err->fault;
	for (i = 0; i < units->n; i++)
		for (j = 0; bad[j] != NULL; j++)
			if (str_eq(units->row[i]->value[UNIT_ZONE], bad[j]))
				roster_add_fault(r, units->row[i]->line, "zone is \"%s\"; write a name of the time zone database, "
				    "as Asia/Shanghai, or nothing for the parent's", bad[j]);
	roster_sort_faults(r);
	return FAULT_NONE;
}

static int
print_faults(const struct ctl *ctl, const struct rosterfile *r)
{
	struct buf json = { 0 };
	size_t i;

	for (i = 0; i < r->nfaults; i++) {
		fprintf(stderr, "%s:%d: %s\n", ctl->argv[0], r->fault[i].line, r->fault[i].text);
		buf_addf(&json, "%s{\"line\":%d,\"text\":", i > 0 ? "," : "", r->fault[i].line);
		buf_json(&json, r->fault[i].text);
		buf_add(&json, "}");
	}
	if (ctl->json)
		printf("{\"written\":false,\"faults\":[%s]}\n", json.s);
	buf_free(&json);
	fprintf(stderr, "moothallctl: %zu faults in %s; nothing was written\n", r->nfaults, ctl->argv[0]);
	return EXIT_BAD;
}

static int
write_roster(struct ctl *ctl, const struct rosterfile *r)
{
	struct buf units = { 0 }, rooms = { 0 }, staff = { 0 }, weeks = { 0 };
	struct admin_changes changes;
	struct admin_roster rows;
	struct err err;

	roster_json(r, ROW_UNIT, &units);
	roster_json(r, ROW_ROOM, &rooms);
	roster_json(r, ROW_STAFF, &staff);
	roster_json(r, ROW_KINDS, &weeks);
	rows = (struct admin_roster){ units.s, rooms.s, staff.s, weeks.s };
	admin_roster_import(ctl->admin, &rows, ctl->dry_run, clock_now(), ctl->arena, &changes, &err);
	buf_free(&units);
	buf_free(&rooms);
	buf_free(&staff);
	buf_free(&weeks);
	if (err.fault != FAULT_NONE)
		return ctl_fail(&err);
	ctl_print_changes(ctl, &changes, ctl->dry_run);
	return EXIT_OK;
}

static int
run(struct ctl *ctl)
{
	struct csv_row *csv;
	struct rosterfile *r;
	struct err err;
	size_t len, n;
	char *text;
	int status;

	if ((text = ctl_slurp(ctl->arena, ctl->argv[0], &len, &err)) == NULL)
		return ctl_fail(&err);
	if (csv_parse(ctl->arena, text, len, &csv, &n, &err) != FAULT_NONE) {
		fprintf(stderr, "%s: %s\n", ctl->argv[0], err.text);
		return EXIT_BAD;
	}
	r = rosterfile_new(ctl->arena, csv, n);
	roster_check(r, ctl->conf->staff);
	/* An empty file would end everybody: hardly what was meant. */
	if (r->rows[ROW_UNIT].n == 0 && r->nfaults == 0)
		roster_add_fault(r, 1, "the file has no unit row; is it the right file?");
	if (check_zones(ctl, r, &err) != FAULT_NONE)
		status = ctl_fail(&err);
	else
		status = r->nfaults > 0 ? print_faults(ctl, r) : write_roster(ctl, r);
	rosterfile_free(&r);
	return status;
}
