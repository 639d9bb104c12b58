/* kind list: the kinds of request that the database has. */
#include "ctl/ctl.h"

static int
run(struct ctl *ctl)
{
	return ctl_show(ctl, VIEW_KINDS, NULL);
}

const struct ctl_command ctl_kind_list = {
	.name = "kind list", .usage = "",
	.summary = "list the kinds of request",
	.need = NEED_SCHEMA, .run = run,
};
