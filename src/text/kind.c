/*
 * A kind's file, read by libconfuse.  The file is what an administrator edits,
 * so every error names the file, the line and what to write instead.
 */
#include "text/kind.h"

#include <confuse.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "text/internal.h"

/* --- libconfuse hands its error function no argument: the reader rides in an option nobody can write --- */

struct reading {
	const char	*name;
	struct err	*err;
	bool		 told;		/* only the first error is worth reading */
};

static const char rider[] = "=reading";		/* '=' never begins a name */

#define RIDER(r)	{ .name = rider, .type = CFGT_FUNC, .flags = CFGF_NONE, .simple_value = { .ptr = (void **)(r) } }

static struct reading *
reading_of(cfg_t *cfg)
{
	return (struct reading *)(void *)cfg->opts[0].simple_value.ptr;
}

__attribute__((format(printf, 2, 0)))
static void
on_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	struct reading *r = reading_of(cfg);
	char text[256];

	if (r->told)
		return;
	r->told = true;
	vsnprintf(text, sizeof text, fmt, ap);
	err_set(r->err, FAULT_USAGE, "%s:%d: %s", r->name, cfg->line, text);
}

static enum fault
fail(struct reading *r, const char *what, const char *remedy)
{
	if (r->told)
		return FAULT_USAGE;
	r->told = true;
	return err_set(r->err, FAULT_USAGE, "%s: %s: %s", r->name, what, remedy);
}

/* One past the string, the comment or the character at *s; counts its line ends. */
static const char *
skip_token(const char *s, int *line)
{
	const char *end = s + 1;

	if (*s == '"' || *s == '\'') {
		while (*end != '\0' && *end != *s)
			end += *end == '\\' && end[1] != '\0' ? 2 : 1;
		end += *end != '\0';
	} else if (*s == '#' || (s[0] == '/' && s[1] == '/'))
		end = s + strcspn(s, "\n");
	else if (s[0] == '/' && s[1] == '*')
		end = strstr(s + 2, "*/") != NULL ? strstr(s + 2, "*/") + 2 : s + strlen(s);
	for (; s < end; s++)
		*line += *s == '\n';
	return end;
}

/* libconfuse takes the end of the file for the end of a section: a file cut short would pass. */
static int
unclosed_line(const char *text)
{
	int opened[8] = { 0 }, depth = 0, line = 1;

	while (*text != '\0') {
		if (*text == '{' && ++depth <= 8)
			opened[depth - 1] = line;
		depth -= *text == '}' && depth > 0;
		text = skip_token(text, &line);
	}
	return depth == 0 ? 0 : opened[depth > 8 ? 7 : depth - 1];
}

/* --- values --- */

/* "90s", "3min", "2h", "7d", "0"; -1 if it is none. */
static instant
duration_parse(const char *s)
{
	static const struct {
		const char	*unit;
		instant		 length;
	} units[] = { { "s", USEC }, { "min", MINUTE }, { "h", HOUR }, { "d", DAY } };
	char *end;
	long n;

	if (s == NULL || *s < '0' || *s > '9')
		return -1;
	n = strtol(s, &end, 10);
	if (n > 100000)
		return -1;
	while (*end == ' ')
		end++;
	if (n == 0 && *end == '\0')
		return 0;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strcmp(end, units[i].unit) == 0)
			return n * units[i].length;
	return -1;
}

static int
on_duration(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *s = cfg_opt_getstr(opt);

	if (duration_parse(s) >= 0)
		return 0;
	cfg_error(cfg, "%s = \"%s\" is no length of time: write a number and s, min, h or d, as in \"3min\"",
	    cfg_opt_name(opt), s);
	return -1;
}

static int
on_percent(cfg_t *cfg, cfg_opt_t *opt)
{
	long n = cfg_opt_getnint(opt, 0);

	if (n >= 0 && n <= 100)
		return 0;
	cfg_error(cfg, "%s = %ld: write a number from 0 to 100", cfg_opt_name(opt), n);
	return -1;
}

static int
on_days(cfg_t *cfg, cfg_opt_t *opt)
{
	long n = cfg_opt_getnint(opt, 0);

	if (n >= 1 && n <= 36500)
		return 0;
	cfg_error(cfg, "%s = %ld: write a number of days, at least 1", cfg_opt_name(opt), n);
	return -1;
}

static int
on_work(cfg_t *cfg, cfg_opt_t *opt)
{
	static const char *const works[] = { "service", "mediation", "safety", "unusual", "praise", "notice", "law" };

	for (size_t i = 0; i < sizeof works / sizeof *works; i++)
		if (strcmp(cfg_opt_getstr(opt), works[i]) == 0)
			return 0;
	cfg_error(cfg, "work = \"%s\": write one of service, mediation, safety, unusual, praise, notice, law",
	    cfg_opt_getstr(opt));
	return -1;
}

static int
on_code(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *s = cfg_opt_getstr(opt);

	if (*s != '\0' && strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(s))
		return 0;
	cfg_error(cfg, "code = \"%s\": write small letters, digits and _ only, as in \"lost_item\"", s);
	return -1;
}

static const char *const script_key[LANGS] = { "hans", "hant", "en" };

static int
on_cues(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *sec = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	const char *title = cfg_title(sec), *wrong;
	char *end;
	long weight = strtol(title, &end, 10);

	if (*end != '\0' || weight == 0 || weight < -100 || weight > 100) {
		cfg_error(cfg, "cues %s: the weight must be a whole number from -100 to 100, not 0", title);
		return -1;
	}
	for (int l = 0; l < LANGS; l++)
		for (unsigned i = 0; i < cfg_size(sec, script_key[l]); i++)
			if ((wrong = cue_fault(cfg_getnstr(sec, script_key[l], i))) != NULL) {
				cfg_error(cfg, "cue \"%s\": %s", cfg_getnstr(sec, script_key[l], i), wrong);
				return -1;
			}
	return 0;
}

/* --- the parsed file -> struct kind --- */

static const struct cue *
take_cues(cfg_t *cfg, struct arena *arena)
{
	struct cue *c;
	size_t n = 0;

	for (unsigned s = 0; s < cfg_size(cfg, "cues"); s++)
		for (int l = 0; l < LANGS; l++)
			n += cfg_size(cfg_getnsec(cfg, "cues", s), script_key[l]);
	c = arena_alloc(arena, (n + 1) * sizeof *c);
	n = 0;
	for (unsigned s = 0; s < cfg_size(cfg, "cues"); s++) {
		cfg_t *sec = cfg_getnsec(cfg, "cues", s);

		for (int l = 0; l < LANGS; l++)
			for (unsigned i = 0; i < cfg_size(sec, script_key[l]); i++)
				c[n++] = (struct cue){ arena_strdup(arena, cfg_getnstr(sec, script_key[l], i)),
				    (int)strtol(cfg_title(sec), NULL, 10) };
	}
	return c;
}

static bool
take_words(cfg_t *sec, const char *word[LANGS], struct arena *arena)
{
	for (int l = 0; l < LANGS; l++) {
		word[l] = arena_strdup(arena, cfg_getstr(sec, script_key[l]));
		if (word[l] == NULL || *word[l] == '\0')
			return false;
	}
	return true;
}

static enum fault
take_slots(cfg_t *cfg, struct arena *arena, struct reading *r, struct kind *k)
{
	unsigned n = cfg_size(cfg, "slot");
	struct slot *s = arena_alloc(arena, (n + 1) * sizeof *s);

	for (unsigned i = 0; i < n; i++) {
		cfg_t *sec = cfg_getnsec(cfg, "slot", i);

		s[i].name = arena_strdup(arena, cfg_title(sec));
		s[i].required = cfg_getbool(sec, "required");
		if (!take_words(sec, s[i].ask, arena))
			return fail(r, arena_printf(arena, "slot %s lacks a question", s[i].name),
			    "write hans = \"...\", hant = \"...\" and en = \"...\" in it");
	}
	k->slots = s;
	return FAULT_NONE;
}

static enum fault
take_kind(cfg_t *cfg, struct arena *arena, struct reading *r, struct kind *k)
{
	if (cfg_getstr(cfg, "code") == NULL)
		return fail(r, "no code", "write code = \"...\", the kind's name in small letters");
	if (cfg_getstr(cfg, "work") == NULL)
		return fail(r, "no work", "write work = \"service\" or another kind of work");
	if (cfg_size(cfg, "title") == 0 || !take_words(cfg_getsec(cfg, "title"), k->title, arena))
		return fail(r, "no title", "write title { hans = \"...\" hant = \"...\" en = \"...\" }");
	k->code = arena_strdup(arena, cfg_getstr(cfg, "code"));
	k->work = arena_strdup(arena, cfg_getstr(cfg, "work"));
	k->needs_answer = cfg_getbool(cfg, "needs-answer");
	k->is_private = cfg_getbool(cfg, "private");
	k->urgent = cfg_getbool(cfg, "urgent");
	k->grace = duration_parse(cfg_getstr(cfg, "grace"));
	k->first_answer = duration_parse(cfg_getstr(cfg, "first-answer"));
	k->finish = duration_parse(cfg_getstr(cfg, "finish"));
	k->duty_hours = cfg_getbool(cfg, "duty-hours");
	k->keep_days = (int)cfg_getint(cfg, "keep-days");
	k->sure = (int)cfg_getint(cfg, "sure");
	k->likely = (int)cfg_getint(cfg, "likely");
	if (k->likely > k->sure)
		return fail(r, "likely is above sure", "a line is sure before it can be likely: lower likely");
	k->cues = take_cues(cfg, arena);
	return take_slots(cfg, arena, r, k);
}

enum fault
kind_parse(struct arena *arena, const char *name, const char *text, const struct kind **kind_r, struct err *err)
{
	struct reading r = { name, err, false };
	cfg_opt_t words[] = { RIDER(&r), CFG_STR("hans", NULL, CFGF_NONE), CFG_STR("hant", NULL, CFGF_NONE),
	    CFG_STR("en", NULL, CFGF_NONE), CFG_END() };
	cfg_opt_t cues[] = { RIDER(&r), CFG_STR_LIST("hans", NULL, CFGF_NONE), CFG_STR_LIST("hant", NULL, CFGF_NONE),
	    CFG_STR_LIST("en", NULL, CFGF_NONE), CFG_END() };
	cfg_opt_t slot[] = { RIDER(&r), CFG_BOOL("required", cfg_false, CFGF_NONE), CFG_STR("hans", NULL, CFGF_NONE),
	    CFG_STR("hant", NULL, CFGF_NONE), CFG_STR("en", NULL, CFGF_NONE), CFG_END() };
	cfg_opt_t file[] = { RIDER(&r), CFG_STR("code", NULL, CFGF_NONE), CFG_STR("work", NULL, CFGF_NONE),
	    CFG_SEC("title", words, CFGF_NODEFAULT), CFG_BOOL("needs-answer", cfg_true, CFGF_NONE),
	    CFG_BOOL("private", cfg_false, CFGF_NONE), CFG_BOOL("urgent", cfg_false, CFGF_NONE),
	    CFG_STR("grace", "3min", CFGF_NONE), CFG_STR("first-answer", "0", CFGF_NONE),
	    CFG_STR("finish", "0", CFGF_NONE), CFG_BOOL("duty-hours", cfg_true, CFGF_NONE),
	    CFG_INT("keep-days", 90, CFGF_NONE), CFG_INT("sure", 80, CFGF_NONE), CFG_INT("likely", 50, CFGF_NONE),
	    CFG_SEC("cues", cues, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
	    CFG_SEC("slot", slot, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES), CFG_END() };
	struct kind *k = arena_alloc(arena, sizeof *k);
	enum fault fault = FAULT_NONE;
	cfg_t *cfg = cfg_init(file, CFGF_NONE);
	int open;

	cfg_set_error_function(cfg, on_error);
	cfg_set_validate_func(cfg, "code", on_code);
	cfg_set_validate_func(cfg, "work", on_work);
	cfg_set_validate_func(cfg, "grace", on_duration);
	cfg_set_validate_func(cfg, "first-answer", on_duration);
	cfg_set_validate_func(cfg, "finish", on_duration);
	cfg_set_validate_func(cfg, "keep-days", on_days);
	cfg_set_validate_func(cfg, "sure", on_percent);
	cfg_set_validate_func(cfg, "likely", on_percent);
	cfg_set_validate_func(cfg, "cues", on_cues);
	if (cfg_parse_buf(cfg, text) != CFG_SUCCESS)
		fault = fail(&r, "not a kind's file", "compare it with the files that were installed");
	else if ((open = unclosed_line(text)) != 0)
		fault = err_set(err, FAULT_USAGE, "%s:%d: the \"{\" of this line is not closed: write \"}\" at its end",
		    name, open);
	else
		fault = take_kind(cfg, arena, &r, k);
	cfg_free(cfg);
	if (fault != FAULT_NONE)
		return fault;
	k->source = arena_strdup(arena, text);
	*kind_r = k;
	return FAULT_NONE;
}

/* --- the set --- */

static int
by_code(const void *a, const void *b)
{
	return strcmp((*(const struct kind *const *)a)->code, (*(const struct kind *const *)b)->code);
}

struct kinds *
kinds_new(struct arena *arena, const struct kind *const *kind, size_t n)
{
	struct kinds *ks = arena_alloc(arena, sizeof *ks);
	const struct kind **sorted = arena_alloc(arena, (n + 1) * sizeof *sorted);

	if (n > 0)
		memcpy(sorted, kind, n * sizeof *sorted);
	qsort(sorted, n, sizeof *sorted, by_code);
	ks->arena = arena;
	ks->n = n;
	ks->kind = sorted;
	return ks;
}

void
kinds_free(struct kinds **ks)
{
	struct arena *arena;

	if (*ks == NULL)
		return;
	arena = (*ks)->arena;	/* which the set itself lives in */
	*ks = NULL;
	arena_free(&arena);
}

const struct kind *
kinds_find(const struct kinds *ks, const char *code)
{
	for (size_t i = 0; i < ks->n; i++)
		if (str_eq(ks->kind[i]->code, code))
			return ks->kind[i];
	return NULL;
}

enum kind_lang
lang_of(const char *tag)
{
	static const struct {
		const char	*tag;
		enum kind_lang	 lang;
	} table[] = {
		{ "zh-hant", LANG_HANT }, { "zh-tw", LANG_HANT }, { "zh-hk", LANG_HANT }, { "zh-mo", LANG_HANT },
		{ "yue", LANG_HANT }, { "zh", LANG_HANS },
	};
	char low[16] = "";

	for (size_t i = 0; tag != NULL && tag[i] != '\0' && i + 1 < sizeof low; i++)
		low[i] = (char)(tag[i] == '_' ? '-' : tag[i] >= 'A' && tag[i] <= 'Z' ? tag[i] + 32 : tag[i]);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		size_t n = strlen(table[i].tag);

		if (strncmp(low, table[i].tag, n) == 0 && (low[n] == '\0' || low[n] == '-'))
			return table[i].lang;
	}
	return LANG_EN;
}

const char *
lang_tag(enum kind_lang lang)
{
	return lang == LANG_HANS ? "zh-Hans" : lang == LANG_HANT ? "zh-Hant" : "en";
}
