#include "script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

/* Monday, 23 November 2026, 00:00 in Asia/Shanghai. */
static const instant FIRST_DAY = INT64_C(1795363200) * USEC;

__attribute__((noreturn, format(printf, 3, 4)))
static void
bad(const char *path, int line, const char *fmt, ...)
{
	va_list ap;

	printf("%s:%d: ", path, line);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n0 passed, 1 failed\n");
	exit(1);
}

instant
script_time(const char *s)
{
	int days = 0, h, m, sec = 0, used = 0;
	instant at;

	if ((*s == '+' || *s == '-') && sscanf(s, "%dd%n", &days, &used) == 1 && used > 0)
		s += used;
	used = 0;
	if (sscanf(s, "%2d:%2d%n:%2d%n", &h, &m, &used, &sec, &used) < 2 || used == 0 || s[used] != '\0')
		return 0;
	at = days * DAY + h * HOUR + m * MINUTE + sec * USEC;
	return FIRST_DAY + at;
}

const char *
script_value(const struct step *st, const char *key)
{
	size_t n = strlen(key);
	int i;

	for (i = 1; i < st->n; i++)
		if (strncmp(st->w[i], key, n) == 0 && st->w[i][n] == '=')
			return st->w[i] + n + 1;
	return NULL;
}

bool
script_flag(const struct step *st, const char *word)
{
	int i;

	for (i = 2; i < st->n; i++)
		if (str_eq(st->w[i], word))
			return true;
	return false;
}

/* One word from *p; a part in quotes may hold anything. */
static const char *
word(struct arena *a, char **p, const char *path, int line)
{
	struct buf b = { 0 };
	bool quoted = false;
	const char *w;

	buf_add(&b, "");
	for (; **p != '\0' && (quoted || (**p != ' ' && **p != '\t')); ++*p) {
		if (**p == '"')
			quoted = !quoted;
		else if (quoted && **p == '\\' && ((*p)[1] == 'n' || (*p)[1] == '"'))
			buf_add(&b, *++*p == 'n' ? "\n" : "\"");
		else
			buf_addn(&b, *p, 1);
	}
	if (quoted)
		bad(path, line, "a quotation has no end");
	w = arena_strdup(a, b.s);
	buf_free(&b);
	return w;
}

static void
words(struct arena *a, char *text, const char *path, int line, struct step *st)
{
	*st = (struct step){ .line = line };
	for (;;) {
		text += strspn(text, " \t");
		if (*text == '\0' || *text == ';')
			return;
		if (st->n == WORDS_MAX)
			bad(path, line, "more than %d words", WORDS_MAX);
		st->w[st->n++] = word(a, &text, path, line);
	}
}

/* AT and BY in front of a step. */
static void
take_time(struct arena *a, const char *path, struct step *st)
{
	int used = 2;

	if (st->n == 0 || (!str_eq(st->w[0], "AT") && !str_eq(st->w[0], "BY")))
		return;
	if (st->n < 3)
		bad(path, st->line, "a time and a step are missing");
	if (st->w[1][0] == '+' && strchr(st->w[1], ':') == NULL && st->n > 3)
		st->w[2] = arena_printf(a, "%s%s", st->w[1], st->w[2]), used = 3;
	st->at = script_time(st->w[used - 1]);
	if (st->at == 0)
		bad(path, st->line, "\"%s\" is no time", st->w[used - 1]);
	st->when = str_eq(st->w[0], "AT") ? WHEN_AT : WHEN_BY;
	memmove(st->w, st->w + used, sizeof st->w[0] * (size_t)(st->n - used + 1));
	st->n -= used;
}

static void
add_step(struct step **steps, size_t *n, const struct step *st)
{
	*steps = xrealloc(*steps, (*n + 1) * sizeof **steps);
	(*steps)[(*n)++] = *st;
}

void
script_load(struct arena *a, const char *path, struct script *s)
{
	FILE *f = fopen(path, "r");
	struct step *head = NULL, st;
	struct scenario *sc = NULL;
	size_t nhead = 0, size = 0, i;
	char *text = NULL;
	int line = 0;

	*s = (struct script){ 0 };
	if (f == NULL)
		bad(path, 0, "cannot be read");
	while (getline(&text, &size, f) != -1) {
		line++;
		text[strcspn(text, "\r\n")] = '\0';
		if (str_prefix(text, "SCENARIO ")) {
			if (sc != NULL)
				bad(path, line, "the scenario above has no END");
			s->scenario = xrealloc(s->scenario, (s->n + 1) * sizeof *s->scenario);
			sc = &s->scenario[s->n++];
			*sc = (struct scenario){ .file = path, .name = arena_strdup(a, text + strlen("SCENARIO ")), .line = line };
			for (i = 0; i < nhead; i++)
				add_step(&sc->step, &sc->nsteps, &head[i]);
			continue;
		}
		words(a, text, path, line, &st);
		take_time(a, path, &st);
		if (st.n == 0)
			continue;
		if (sc == NULL)
			add_step(&head, &nhead, &st);
		else if (str_eq(st.w[0], "END"))
			sc = NULL;
		else
			add_step(&sc->step, &sc->nsteps, &st);
	}
	if (sc != NULL)
		bad(path, line, "the last scenario has no END");
	free(text);
	free(head);
	fclose(f);
}
