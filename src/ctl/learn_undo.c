/* learn undo: a lesson counts no more. */
#include <string.h>

#include "base/clock.h"
#include "ctl/ctl.h"

static int
run(struct ctl *ctl)
{
	const char *id = ctl->argv[0];
	struct err err;

	if (*id == '\0' || strlen(id) > 18 || strspn(id, "0123456789") != strlen(id)) {
		fprintf(stderr, "moothallctl: \"%s\" is no lesson's number; moothallctl learn show lists them\n", id);
		return EXIT_USAGE;
	}
	if (admin_lesson_undo(ctl->admin, id, clock_now(), &err) != FAULT_NONE)
		return ctl_fail(&err);
	printf(ctl->json ? "{\"undone\":%s}\n" : "lesson %s counts no more\n", id);
	return EXIT_OK;
}

const struct ctl_command ctl_learn_undo = {
	.name = "learn undo", .usage = "LESSON",
	.summary = "take back what was learnt from one correction",
	.need = NEED_SCHEMA, .min_args = 1, .max_args = 1, .run = run,
};
