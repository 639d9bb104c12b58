/*
 * Plays scenarios against the program without wire: replay [-v] [-s WORD] CAST FILE...
 * Environment: PGHOST (the server's socket directory), REPLAY_DIR (for the proxy's socket
 * and the log), REPLAY_LANG (the compiled catalogues),
 * REPLAY_WEIGHTS (the reader's). CAST's steps come before each scenario. The database `replay` is the
 * template of each scenario's own. See run and script.h.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "stage.h"
#include "text/model.h"

static bool
is_setting(const struct step *st)
{
	static const char *const names[] = { "PERSON", "DO", "LEAVE", "ACK", "START" };
	size_t i;

	for (i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_eq(st->w[0], names[i]) && st->when == WHEN_NOW)
			return true;
	return false;
}

/* The hall starts in front of the first step that needs it, a minute before it if it has a time. */
static bool
ready_for(struct stage *s, const struct step *st, bool *started)
{
	if (!*started && !is_setting(st)) {
		*started = true;
		clock_fake((st->at != 0 ? st->at : script_time("09:00")) - MINUTE);
		if (!stage_start(s))
			return false;
	}
	return st->when == WHEN_NOW || stage_advance(s, st->at, st->when == WHEN_AT);
}

static void
print_log(struct stage *s)
{
	char line[2000];

	fflush(stderr);
	rewind(s->log);
	while (fgets(line, sizeof line, s->log) != NULL)
		printf("    log: %s", line);
}

static bool
play(struct stage *s, const struct scenario *cast, const struct scenario *sc, int number)
{
	bool started = false, good = true;
	const struct said *x;
	int line = sc->line;
	size_t i;

	stage_begin(s, number);
	for (i = 0; good && i < cast->nsteps; i++)
		good = step_run(s, &cast->step[i]);
	for (i = 0; good && i < sc->nsteps; i++) {
		line = sc->step[i].line;
		if (s->verbose)
			printf("      %d: %s %s\n", line, sc->step[i].w[0], sc->step[i].n > 1 ? sc->step[i].w[1] : "");
		good = ready_for(s, &sc->step[i], &started) && step_run(s, &sc->step[i]);
	}
	if (good && s->keeper != NULL && s->db) {
		keeper_tick(s->keeper);
		good = stage_settle(s);
	}
	if (good && (x = stage_unlisted(s)) != NULL)
		good = fail(s, "listed nowhere: %s", stage_print(s, x));
	if (good)
		good = check_after(s);
	if (good)
		printf("ok   %s\n", sc->name);
	else {
		printf("FAIL %s\n    %s:%d: %s\n", sc->name, sc->file, line, s->why ? s->why : "?");
		print_log(s);
	}
	fflush(stdout);
	stage_end(s);
	return good;
}

static const char *
need(const char *name)
{
	const char *v = getenv(name);

	if (v == NULL) {
		printf("%s is not set: use tests/replay/run\n0 passed, 1 failed\n", name);
		exit(1);
	}
	return v;
}

static struct model *
weights(const char *path)
{
	struct model *m = NULL;
	struct err err;
	size_t len;
	char *text = file_read(path, &len, &err);

	if (text == NULL || model_parse(path, text, &m, &err) != FAULT_NONE) {
		printf("%s\n0 passed, 1 failed\n", err.text);
		exit(1);
	}
	free(text);
	return m;
}

static void
set_up(struct stage *s)
{
	static struct conf conf;
	struct err err;
	char *log;

	s->pg_host = need("PGHOST");
	s->dir = need("REPLAY_DIR");
	s->arena = arena_new();
	s->base = event_base_new();
	conf = (struct conf){
		.component = xstrdup("hall.example.org"), .server = xstrdup("127.0.0.1"), .port = 1, .secret = xstrdup("x"),
		.muc = xstrdup("rooms.example.org"), .nick = xstrdup("議事廳"), .staff = xstrdup("hall"), .grace_percent = 100,
		.backoff_max = 60, .ping_every = 60, .joins_in_flight = 100,
	};
	s->conf = &conf;
	if ((s->lang = lang_load(need("REPLAY_LANG"), &err)) == NULL) {
		printf("%s\n0 passed, 1 failed\n", err.text);
		exit(1);
	}
	s->model = weights(need("REPLAY_WEIGHTS"));
	s->proxy = proxy_new(s->base, s->dir, s->pg_host);
	log = arena_printf(s->arena, "%s/log", s->dir);
	s->log = fopen(log, "w+");
	/* Appending: a rewound reader must not make the hall write in the middle. */
	if (s->log == NULL || freopen(log, "a", stderr) == NULL) {
		printf("cannot write %s\n0 passed, 1 failed\n", log);
		exit(1);
	}
	setvbuf(stderr, NULL, _IONBF, 0);
	arena_free(&s->arena);
}

static void
clean_up(struct stage *s)
{
	char *text[] = { s->conf->component, s->conf->server, s->conf->secret, s->conf->muc, s->conf->nick, s->conf->staff,
	    s->conf->database };
	size_t i;

	for (i = 0; i < sizeof text / sizeof text[0]; i++)
		free(text[i]);
	proxy_free(&s->proxy);
	lang_free(&s->lang);
	model_free(&s->model);
	if (s->beat != NULL) {
		event_free(s->beat);
		event_free(s->ack);
	}
	free(s->rooms);
	free(s->live);
	event_base_free(s->base);
	libevent_global_shutdown();
	fclose(s->log);
}

int
main(int argc, char **argv)
{
	static struct stage s;
	struct arena *a = arena_new();
	struct script cast;
	const char *only = NULL;
	int c, good = 0, bad = 0, number = 0;

	setlocale(LC_CTYPE, "C.UTF-8");
	while ((c = getopt(argc, argv, "vs:")) != -1)
		if (c == 'v') {
			s.verbose = true;
			log_set_level(LOG_DEBUG);
		} else if (c == 's')
			only = optarg;
		else
			return 2;
	if (optind == argc)
		return 2;
	set_up(&s);
	script_load(a, argv[optind++], &cast);
	for (; optind < argc; optind++) {
		struct script script;
		size_t i;

		script_load(a, argv[optind], &script);
		for (i = 0; i < script.n; i++) {
			if (only == NULL || strstr(script.scenario[i].name, only) != NULL)
				*(play(&s, &cast.scenario[0], &script.scenario[i], ++number) ? &good : &bad) += 1;
			free(script.scenario[i].step);
		}
		free(script.scenario);
	}
	clean_up(&s);
	free(cast.scenario[0].step);
	free(cast.scenario);
	arena_free(&a);
	printf("%d passed, %d failed\n", good, bad);
	return bad == 0 && good > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
