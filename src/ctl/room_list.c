/* room list: the rooms and how many matters each has. */
#include "ctl/ctl.h"

static int
run(struct ctl *ctl)
{
	return ctl_show(ctl, VIEW_ROOMS, NULL);
}

const struct ctl_command ctl_room_list = {
	.name = "room list", .usage = "",
	.summary = "list the rooms",
	.need = NEED_SCHEMA, .run = run,
};
