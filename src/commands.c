/* Every command; a new one is its own file and a line here. Help lists them in this order. */
#include "flow/cmd.h"

extern const struct cmd cmd_help, cmd_new, cmd_drop, cmd_my, cmd_status, cmd_cancel, cmd_reopen, cmd_rate, cmd_quiet,
	cmd_lang, cmd_mode, cmd_open, cmd_take, cmd_answer, cmd_ask, cmd_done, cmd_assign, cmd_note, cmd_undo, cmd_kind;

const struct cmd *const commands[] = {
	/* anybody */
	&cmd_new, &cmd_my, &cmd_status, &cmd_cancel, &cmd_reopen, &cmd_rate, &cmd_drop, &cmd_quiet, &cmd_lang, &cmd_help,
	/* staff */
	&cmd_open, &cmd_take, &cmd_answer, &cmd_ask, &cmd_done, &cmd_assign, &cmd_kind, &cmd_note, &cmd_undo,
	/* who leads */
	&cmd_mode,
	NULL,
};
