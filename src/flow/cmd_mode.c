/* mode: how much the desk speaks in this room. */
#include "flow/internal.h"

static step_fn mode_write, mode_tell;

const struct cmd cmd_mode = {
	.name = { "mode", "模式" },
	.who = WHO_LEADS,
	.arg = { ARG_MODE },
	.start = mode_write,
	.form = true,
};

static enum step
mode_write(struct job *j)
{
	const char *mode = mode_name(mode_of(j->given.text));

	store_mode(&j->hall->store, load_op(j, mode_tell), j->desk->id, mode);
	return STEP_WAIT;
}

/* The room is named: who works in several has to see in which one it was. */
static enum step
mode_tell(struct job *j)
{
	const char *key, *mode;

	if (j->op->err.fault != FAULT_NONE || j->op->nrows != 1)
		return refuse(j, words_by(j, "cmd_failed"));
	j->desk->mode = mode_of(j->op->cell[0][0]);
	key = arena_printf(j->arena, "mode_%s", mode_name(j->desk->mode));
	mode = words_by(j, key);
	return answer_back(j, words_by(j, "mode_done", LS(j->desk->title), LS(mode)));
}
