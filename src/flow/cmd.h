#ifndef MOOTHALL_FLOW_CMD_H
#define MOOTHALL_FLOW_CMD_H
/*
 * Commands.  A row carries everything: names in both scripts, who may, what it takes,
 * the first step.  Help, the manual's test, the ad-hoc form and the typed grammar all
 * read the same row, so the four ways cannot drift apart.  Access and arguments are
 * checked once, in cmd_start(); a handler never checks access.
 *
 * A new command is one new file and one line in commands.c.  Its words are in the
 * catalogues: "help_<name>" (one line, with the usage), "title_<name>" (menu).
 */
#include "flow/say.h"

enum who {
	WHO_ANYBODY,
	WHO_OWNER,	/* the matter's asker, and staff of its room */
	WHO_STAFF,	/* on the roster, for this room */
	WHO_LEADS,	/* officer, publicist, leader, arbiter of this room */
};

enum arg {
	ARG_NONE,
	ARG_REQUEST,	/* a matter's number; may be left out in a reply to a line about it, or if only one is meant */
	ARG_TEXT,	/* the rest, not empty */
	ARG_TEXT_MAYBE,
	ARG_RATING,	/* 1 to 5 */
	ARG_STAFF,	/* a colleague: @nick, name or address */
	ARG_MODE,	/* normal, listen, addressed */
	ARG_KIND,	/* a kind's code, or its title in any language */
	ARG_LANG,	/* zh-Hans, zh-Hant, en, and their usual names */
	ARG_SWITCH,	/* on, off; may be left out: on */
};

enum { CMD_NAMES = 5, CMD_ARGS = 3 };

struct cmd {
	const char	*name[CMD_NAMES];	/* the English one first; NULL after the last */
	enum who	 who;
	enum arg	 arg[CMD_ARGS];
	step_fn		*start;
	bool		 form;			/* offered in staff's menu */
	const char	*const *from;		/* the matter's states that it makes sense in, for the menu; NULL: living */
};

/* The typed command in job->in, or a form's: finds the row, checks, begins. */
step_fn		 cmd_start;
/* The words for the reader; ends with a NULL word; from xcalloc. */
struct verb	*commands_verbs(const struct cmd *const *cmds);
const struct cmd *cmd_find(const struct cmd *const *cmds, const char *name);	/* any of its names */
bool		 cmd_may(const struct cmd *, const struct staff *, const struct desk *, const struct matter *, const char *who);

/* After a change that needs nothing but a word: what became of it, to the speaker. */
/* Says in the speaker's language why the write did not happen (clash, absent); STEP_DONE when there is nothing to say. */
enum step	 cmd_refused(struct job *);

/* All rows; commands.c. */
extern const struct cmd *const commands[];

#endif
