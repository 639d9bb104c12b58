/* kind load: files of kinds go into the database, all or none. */
#include "base/clock.h"
#include "base/str.h"
#include "ctl/ctl.h"
#include "ctl/kindfile.h"

static int	run(struct ctl *);

const struct ctl_command ctl_kind_load = {
	.name = "kind load", .usage = "[DIRECTORY|FILE ...]",
	.summary = "load kinds of request; without a name, those that were shipped",
	.need = NEED_SCHEMA, .max_args = 1000, .run = run,
};

static void
add_target(struct buf *b, const char *name, instant length)
{
	if (length == 0)
		buf_addf(b, ",\"%s\":null", name);
	else
		buf_addf(b, ",\"%s\":\"%lld seconds\"", name, (long long)(length / USEC));
}

static void
add_kind(struct buf *b, const struct kind *k)
{
	buf_add(b, b->len > 1 ? ",{\"code\":" : "{\"code\":");
	buf_json(b, k->code);
	buf_add(b, ",\"work\":");
	buf_json(b, k->work);
	buf_addf(b, ",\"private\":%s,\"urgent\":%s,\"duty_hours\":%s,\"keep_days\":%d", k->is_private ? "true" : "false",
	    k->urgent ? "true" : "false", k->duty_hours ? "true" : "false", k->keep_days);
	add_target(b, "first_answer", k->first_answer);
	add_target(b, "finish", k->finish);
	buf_add(b, ",\"source\":");
	buf_json(b, k->source);
	buf_add(b, "}");
}

static int
run(struct ctl *ctl)
{
	char *shipped[] = { arena_printf(ctl->arena, "%s/kinds", ctl->conf->share), NULL };
	struct admin_changes changes;
	struct buf json = { 0 };
	struct kinds *kinds;
	struct err err;
	bool whole;
	size_t i;

	if ((kinds = kinds_read(ctl->argc > 0 ? ctl->argv : shipped, &whole, &err)) == NULL)
		return ctl_fail(&err);
	buf_add(&json, "[");
	for (i = 0; i < kinds->n; i++)
		add_kind(&json, kinds->kind[i]);
	buf_add(&json, "]");
	kinds_free(&kinds);
	admin_kinds_load(ctl->admin, json.s, whole, clock_now(), ctl->arena, &changes, &err);
	buf_free(&json);
	if (err.fault != FAULT_NONE)
		return ctl_fail(&err);
	ctl_print_changes(ctl, &changes, false);
	return EXIT_OK;
}
