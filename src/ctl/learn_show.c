/* learn show: what the reader has learnt from corrections. */
#include "ctl/ctl.h"

static int
run(struct ctl *ctl)
{
	return ctl_show(ctl, VIEW_LESSONS, NULL);
}

const struct ctl_command ctl_learn_show = {
	.name = "learn show", .usage = "",
	.summary = "list what the reader has learnt from corrections",
	.need = NEED_SCHEMA, .run = run,
};
