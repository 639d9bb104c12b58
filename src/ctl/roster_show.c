/* roster show: units, rooms and staff as the database has them. */
#include "base/clock.h"
#include "ctl/ctl.h"

static int	run(struct ctl *);

const struct ctl_command ctl_roster_show = {
	.name = "roster show", .usage = "",
	.summary = "print units, rooms and staff",
	.need = NEED_SCHEMA, .run = run,
};

static const struct {
	const char	*name;
	enum admin_view	 view;
} sections[] = { { "units", VIEW_UNITS }, { "rooms", VIEW_ROOMS }, { "staff", VIEW_STAFF } };

static int
run(struct ctl *ctl)
{
	struct admin_table table;
	struct err err;
	const char *json;
	size_t i;

	for (i = 0; i < sizeof sections / sizeof sections[0]; i++) {
		if (ctl->json) {
			if (admin_look_json(ctl->admin, sections[i].view, NULL, clock_now(), ctl->arena, &json, &err) != FAULT_NONE)
				return ctl_fail(&err);
			printf("%s\"%s\":%s", i > 0 ? "," : "{", sections[i].name, json);
		} else {
			if (admin_look(ctl->admin, sections[i].view, NULL, clock_now(), ctl->arena, &table, &err) != FAULT_NONE)
				return ctl_fail(&err);
			ctl_print_table(stdout, i > 0 ? arena_printf(ctl->arena, "\n%s:", sections[i].name) :
			    arena_printf(ctl->arena, "%s:", sections[i].name), &table);
		}
	}
	if (ctl->json)
		puts("}");
	return EXIT_OK;
}
