/*
 * moothallctl: the administrator's command line. Reads argv, finds the command's row,
 * brings about what the row needs, runs it. See moothallctl(8).
 */
#include <getopt.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "config.h"
#include "ctl/ctl.h"
#include "flow/cmd.h"

static const struct ctl_command *const table[] = {
	&ctl_db_init,
	&ctl_db_upgrade,
	&ctl_roster_import,
	&ctl_roster_show,
	&ctl_room_list,
	&ctl_request_list,
	&ctl_request_show,
	&ctl_kind_load,
	&ctl_kind_list,
	&ctl_learn_show,
	&ctl_learn_undo,
	&ctl_check,
	&ctl_read,
	&ctl_eval,
};
enum { COMMANDS = sizeof table / sizeof table[0] };

static int
usage(FILE *f)
{
	size_t i;

	fputs("usage: moothallctl [-c FILE] [--json] COMMAND ...\n", f);
	for (i = 0; i < COMMANDS; i++)
		fprintf(f, "  %-14s %-42s %s\n", table[i]->name, table[i]->usage, table[i]->summary);
	fputs("see moothallctl(8)\n", f);
	return f == stdout ? EXIT_OK : EXIT_USAGE;
}

/* A name is one word or two; *words_r says how many it took. */
static const struct ctl_command *
find(int argc, char **argv, int *words_r)
{
	size_t i, n;

	for (i = 0; i < COMMANDS; i++) {
		n = strcspn(table[i]->name, " ");
		if (argc < 1 || strncmp(argv[0], table[i]->name, n) != 0 || argv[0][n] != '\0')
			continue;
		*words_r = table[i]->name[n] == '\0' ? 1 : 2;
		if (*words_r == 1 || (argc > 1 && str_eq(argv[1], table[i]->name + n + 1)))
			return table[i];
	}
	return NULL;
}

static int
read_options(int argc, char **argv, struct ctl *ctl)
{
	enum { LONG_DRY_RUN = 256, LONG_ALL, LONG_LANG, LONG_AT, LONG_KINDS, LONG_LINES, LONG_NEED, LONG_JSON, LONG_HELP, LONG_VERSION };
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "json", no_argument, NULL, LONG_JSON },
		{ "dry-run", no_argument, NULL, LONG_DRY_RUN },
		{ "all", no_argument, NULL, LONG_ALL },
		{ "lang", no_argument, NULL, LONG_LANG },
		{ "at", required_argument, NULL, LONG_AT },
		{ "kinds", required_argument, NULL, LONG_KINDS },
		{ "lines", no_argument, NULL, LONG_LINES },
		{ "need", required_argument, NULL, LONG_NEED },
		{ "help", no_argument, NULL, LONG_HELP },
		{ "version", no_argument, NULL, LONG_VERSION },
		{ NULL, 0, NULL, 0 }
	};
	int c, given = 0;

	while ((c = getopt_long(argc, argv, "c:h", options, NULL)) != -1)
		switch (c) {
		case 'c':
			ctl->conf_path = optarg;
			break;
		case LONG_JSON:
			ctl->json = true;
			break;
		case LONG_DRY_RUN:
			ctl->dry_run = true;
			given |= OPTION_DRY_RUN;
			break;
		case LONG_ALL:
			ctl->all = true;
			given |= OPTION_ALL;
			break;
		case LONG_LANG:
			ctl->lang = true;
			given |= OPTION_LANG;
			break;
		case LONG_AT:
			ctl->at = optarg;
			given |= OPTION_AT;
			break;
		case LONG_KINDS:
			ctl->kinds = optarg;
			given |= OPTION_KINDS;
			break;
		case LONG_LINES:
			ctl->lines = true;
			given |= OPTION_LINES;
			break;
		case LONG_NEED:
			ctl->needs = optarg;
			given |= OPTION_NEED;
			break;
		case 'h':
		case LONG_HELP:
			exit(usage(stdout));
		case LONG_VERSION:
			puts(PACKAGE_STRING);
			exit(EXIT_OK);
		default:
			exit(usage(stderr));
		}
	return given;
}

static int
prepare(struct ctl *ctl, enum ctl_need need)
{
	struct err err;

	if (need >= NEED_CONF && (ctl->conf = conf_load(ctl->conf_path, &err)) == NULL)
		return ctl_fail(&err);
	if (need >= NEED_DATABASE && (ctl->admin = admin_open(ctl->conf->database, &err)) == NULL)
		return ctl_fail(&err);
	if (need >= NEED_SCHEMA && admin_schema_need(ctl->admin, &err) != FAULT_NONE)
		return ctl_fail(&err);
	return EXIT_OK;
}

int
main(int argc, char **argv)
{
	struct ctl ctl = { .conf_path = SYSCONFDIR "/moothall.conf" };
	const struct ctl_command *cmd;
	struct verb *verbs;
	int given, words = 0, status;

	/* For the width of what is printed; the messages stay English. */
	setlocale(LC_CTYPE, "");
	if (MB_CUR_MAX == 1)
		setlocale(LC_CTYPE, "C.UTF-8");
	given = read_options(argc, argv, &ctl);
	if (optind == argc)
		return usage(stderr);
	cmd = find(argc - optind, argv + optind, &words);
	if (cmd == NULL) {
		fprintf(stderr, "moothallctl: there is no command \"%s%s%s\"\n", argv[optind], argv[optind + 1] ? " " : "",
		    argv[optind + 1] ? argv[optind + 1] : "");
		return usage(stderr);
	}
	ctl.argc = argc - optind - words;
	ctl.argv = argv + optind + words;
	if (ctl.argc < cmd->min_args || ctl.argc > cmd->max_args || (given & ~cmd->options) != 0) {
		fprintf(stderr, "usage: moothallctl [-c FILE] [--json] %s %s\n", cmd->name, cmd->usage);
		return EXIT_USAGE;
	}
	ctl.arena = arena_new();
	ctl.verbs = verbs = commands_verbs(commands);
	status = prepare(&ctl, cmd->need);
	if (status == EXIT_OK)
		status = cmd->run(&ctl);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("moothallctl: standard output");
		status = EXIT_BAD;
	}
	admin_close(&ctl.admin);
	conf_free(&ctl.conf);
	arena_free(&ctl.arena);
	free(verbs);
	return status;
}
