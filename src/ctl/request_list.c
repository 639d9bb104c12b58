/* request list: what is open, or everything. */
#include "ctl/ctl.h"

static int
run(struct ctl *ctl)
{
	return ctl_show(ctl, ctl->all ? VIEW_REQUESTS_ALL : VIEW_REQUESTS, NULL);
}

const struct ctl_command ctl_request_list = {
	.name = "request list", .usage = "[--all]",
	.summary = "list open matters; with --all, every one",
	.need = NEED_SCHEMA, .options = OPTION_ALL, .run = run,
};
