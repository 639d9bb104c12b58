#ifndef MOOTHALL_CTL_CTL_H
#define MOOTHALL_CTL_CTL_H
/*
 * The administrator's command line. One file a command, its row first; the table in
 * moothallctl.c is a bare list of the rows. What a command needs before it runs
 * (configuration, database, the right schema) says its row, and main() sees to it.
 */
#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/fault.h"
#include "store/admin.h"

struct verb;

enum { EXIT_OK, EXIT_BAD, EXIT_USAGE };

/* Bits: which options a command takes besides -c and --json. */
enum { OPTION_DRY_RUN = 1, OPTION_ALL = 2, OPTION_LANG = 4, OPTION_AT = 8, OPTION_KINDS = 16, OPTION_LINES = 32, OPTION_NEED = 64 };

enum ctl_need { NEED_NOTHING, NEED_CONF, NEED_DATABASE, NEED_SCHEMA };

struct ctl {
	const char	*conf_path;
	bool		 json, dry_run, all, lang, lines;
	const char	*at;		/* NULL: now */
	const struct verb *verbs;	/* the commands' words, for the reader */
	const char	*needs;		/* figures to reach; NULL none */
	const char	*kinds;		/* a directory; NULL: the one below share */
	int		 argc;		/* what stands behind the command's name */
	char		**argv;		/* NULL-terminated */
	struct arena	*arena;		/* for whatever the command makes */
	struct conf	*conf;		/* from NEED_CONF on */
	struct admin	*admin;		/* from NEED_DATABASE on */
};

struct ctl_command {
	const char	*name;		/* "roster import" */
	const char	*usage;		/* what follows the name */
	const char	*summary;
	enum ctl_need	 need;
	int		 options;
	int		 min_args, max_args;
	int		(*run)(struct ctl *);	/* the exit status */
};

extern const struct ctl_command ctl_db_init, ctl_db_upgrade, ctl_roster_import, ctl_roster_show, ctl_room_list,
    ctl_request_list, ctl_request_show, ctl_kind_load, ctl_kind_list, ctl_check, ctl_read, ctl_eval, ctl_learn_show, ctl_learn_undo;

/* "moothallctl: <text>" on standard error; returns EXIT_BAD. */
int	ctl_fail(const struct err *);

/* A whole file or, for "-", standard input. NULL and err on failure. */
char	*ctl_slurp(struct arena *, const char *path, size_t *len_r, struct err *);

/*
 * The path of a file below share/ as it is installed or, for a hall that runs from its
 * source tree, beside share/. NULL and err if it is in neither.
 */
char	*ctl_find(struct ctl *, const char *name, struct err *);

/* Prints a view, as a table or with --json as JSON. */
int	ctl_show(struct ctl *, enum admin_view, const char *arg);
/* The same rows under a heading, columns aligned by what a terminal shows of them; nothing if there are none. */
void	ctl_print_table(FILE *, const char *heading, const struct admin_table *);
/* One row, a column a line. */
void	ctl_print_record(FILE *, const struct admin_table *, int row);

/* What an import did; `dry` says that it was not. */
void	ctl_print_changes(struct ctl *, const struct admin_changes *, bool dry);

#endif
