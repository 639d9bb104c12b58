/* request show: one matter, its events, and its words unless they are erased. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "ctl/ctl.h"

static int	run(struct ctl *);

const struct ctl_command ctl_request_show = {
	.name = "request show", .usage = "NUMBER",
	.summary = "print one matter, its events and its words",
	.need = NEED_SCHEMA, .min_args = 1, .max_args = 1, .run = run,
};

static int
absent(const char *number)
{
	struct err err;

	err_set(&err, FAULT_ABSENT, "there is no matter #%.20s; see `moothallctl request list --all`", number);
	return ctl_fail(&err);
}

static int
show_json(struct ctl *ctl, const char *number)
{
	const char *request, *events, *words;
	struct err err;
	size_t len;

	if (admin_look_json(ctl->admin, VIEW_REQUEST, number, clock_now(), ctl->arena, &request, &err) != FAULT_NONE ||
	    admin_look_json(ctl->admin, VIEW_EVENTS, number, clock_now(), ctl->arena, &events, &err) != FAULT_NONE ||
	    admin_look_json(ctl->admin, VIEW_WORDS, number, clock_now(), ctl->arena, &words, &err) != FAULT_NONE)
		return ctl_fail(&err);
	/* An array of one row or of none. */
	len = strlen(request);
	if (len <= 2)
		return absent(number);
	printf("{\"request\":%.*s,\"events\":%s,\"words\":%s}\n", (int)(len - 2), request + 1, events, words);
	return EXIT_OK;
}

static int
run(struct ctl *ctl)
{
	/* "#12" needs quoting in a shell, but people write it. */
	const char *number = ctl->argv[0] + (ctl->argv[0][0] == '#');
	struct admin_table request, events, words;
	struct err err;

	if (number[0] == '\0' || strspn(number, "0123456789") != strlen(number) || strlen(number) > 18)
		return absent(number);
	if (ctl->json)
		return show_json(ctl, number);
	if (admin_look(ctl->admin, VIEW_REQUEST, number, clock_now(), ctl->arena, &request, &err) != FAULT_NONE ||
	    admin_look(ctl->admin, VIEW_EVENTS, number, clock_now(), ctl->arena, &events, &err) != FAULT_NONE ||
	    admin_look(ctl->admin, VIEW_WORDS, number, clock_now(), ctl->arena, &words, &err) != FAULT_NONE)
		return ctl_fail(&err);
	if (request.nrows == 0)
		return absent(number);
	ctl_print_record(stdout, &request, 0);
	ctl_print_table(stdout, "\nevents:", &events);
	ctl_print_table(stdout, "\nwords:", &words);
	return EXIT_OK;
}
