#include "flow/cmd.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "flow/deliver.h"
#include "flow/internal.h"

enum { LISTED = 5 };

static step_fn cmd_find_matter, cmd_loaded, cmd_run;

/* --- the table --- */

struct verb *
commands_verbs(const struct cmd *const *cmds)
{
	struct verb *v;
	size_t n = 0, c, i;

	for (c = 0; cmds[c] != NULL; c++)
		n += CMD_NAMES;
	v = xcalloc(n + 1, sizeof *v);
	n = 0;
	for (c = 0; cmds[c] != NULL; c++)
		for (i = 0; i < CMD_NAMES && cmds[c]->name[i] != NULL; i++)
			v[n++] = (struct verb){ cmds[c]->name[i], cmds[c]->name[0], cmds[c]->arg[0] == ARG_REQUEST };
	return v;
}

const struct cmd *
cmd_find(const struct cmd *const *cmds, const char *name)
{
	size_t c, i;

	for (c = 0; name != NULL && cmds[c] != NULL; c++)
		for (i = 0; i < CMD_NAMES && cmds[c]->name[i] != NULL; i++)
			if (strcasecmp(cmds[c]->name[i], name) == 0)
				return cmds[c];
	return NULL;
}

bool
cmd_may(const struct cmd *c, const struct staff *s, const struct desk *d, const struct matter *m, const char *who)
{
	bool staff = s != NULL && staff_in_room(s, m != NULL ? m->row.room : d->id);

	if (staff && m != NULL && !deliver_may_read(d, m, s) && !staff_leads(s))
		staff = false;
	switch (c->who) {
	case WHO_ANYBODY:
		return true;
	case WHO_OWNER:
		return staff || m == NULL || (who != NULL && str_eq(m->row.asker, who));
	case WHO_STAFF:
		return staff;
	case WHO_LEADS:
		return staff && staff_leads(s);
	}
	return false;
}

/* --- arguments --- */

static const char *
usage(struct job *j)
{
	return words_by(j, arena_printf(j->arena, "help_%s", j->given.cmd->name[0]));
}

static enum step
missing(struct job *j)
{
	return refuse(j, words_by(j, "cmd_missing", LS(usage(j))));
}

static bool
is_one_of(const char *word, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcasecmp(word, *list) == 0)
			return true;
	return false;
}

/* The usual names of a language, as people write them. */
static const char *
lang_named(const char *word)
{
	static const char *const hans[] = { "zh-hans", "zh-cn", "zh", "chinese", "简体", "简体中文", "简", "中文", "簡體", NULL };
	static const char *const hant[] = { "zh-hant", "zh-tw", "zh-hk", "繁體", "繁体", "繁體中文", "繁", NULL };
	static const char *const en[] = { "en", "english", "英文", "英语", "英語", NULL };

	return is_one_of(word, hans) ? "zh-Hans" : is_one_of(word, hant) ? "zh-Hant" : is_one_of(word, en) ? "en" : NULL;
}

static const char *
mode_named(const char *word)
{
	static const char *const normal[] = { "normal", "正常", NULL };
	static const char *const listen[] = { "listen", "试听", "試聽", "旁听", "旁聽", "只听", "只聽", NULL };
	static const char *const addressed[] = { "addressed", "点名", "點名", NULL };

	return is_one_of(word, normal) ? "normal" : is_one_of(word, listen) ? "listen" : is_one_of(word, addressed) ? "addressed" : NULL;
}

static const char *
switch_named(const char *word)
{
	static const char *const on[] = { "", "on", "1", "开", "開", "yes", NULL };
	static const char *const off[] = { "off", "0", "2", "关", "關", "取消", "no", NULL };

	return is_one_of(word, on) ? "on" : is_one_of(word, off) ? "off" : NULL;
}

static long long
number_of(const char *s)
{
	char *end;
	long long n;

	s += *s == '#';
	n = strtoll(s, &end, 10);
	return end != s && *end == '\0' && n > 0 ? n : 0;
}

/* One argument from its words; NULL: good, otherwise what to say. */
/* By its code, or by its title in whichever language. */
static const char *
kind_named(const struct job *j, const char *word)
{
	const struct kinds *ks = j->roster->kinds;
	const struct reader *r = j->roster->reader;
	const char *folded = text_fold(r, word, j->arena);

	for (size_t i = 0; *folded != '\0' && i < ks->n; i++) {
		if (str_eq(text_fold(r, ks->kind[i]->code, j->arena), folded))
			return ks->kind[i]->code;
		for (size_t l = 0; l < LANGS; l++)
			if (str_eq(text_fold(r, ks->kind[i]->title[l], j->arena), folded))
				return ks->kind[i]->code;
	}
	return NULL;
}

static const char *
kind_list(struct job *j)
{
	const struct kinds *ks = j->roster->kinds;
	const char *list = "";

	for (size_t i = 0; i < ks->n; i++)
		if (ks->kind[i]->needs_answer)
			list = arena_printf(j->arena, "%s%s%s", list, *list ? ", " : "", kind_words(j->hall, ks->kind[i]->code, j->by.lang));
	return list;
}

static const char *
take_arg(struct job *j, enum arg arg, const char *word)
{
	struct given *g = &j->given;

	switch (arg) {
	case ARG_NONE:
	case ARG_REQUEST:
		break;
	case ARG_TEXT:
	case ARG_TEXT_MAYBE:
		g->text = word;
		return arg == ARG_TEXT && *word == '\0' ? words_by(j, "cmd_missing", LS(usage(j))) : NULL;
	case ARG_RATING:
		g->rating = (int)number_of(word);
		return g->rating >= 1 && g->rating <= 5 ? NULL : words_by(j, "arg_bad_rating");
	case ARG_STAFF:
		if (*word == '\0')
			return words_by(j, "cmd_missing", LS(usage(j)));
		g->person = roster_staff_named(j->roster, word);
		return g->person != NULL ? NULL : words_by(j, "arg_bad_staff", LS(word));
	case ARG_MODE:
		g->text = mode_named(word);
		return g->text != NULL ? NULL : words_by(j, "arg_bad_mode");
	case ARG_KIND:
		g->text = kind_named(j, word);
		return g->text != NULL ? NULL : words_by(j, "arg_bad_kind", LS(kind_list(j)));
	case ARG_LANG:
		g->text = lang_named(word);
		return g->text != NULL ? NULL : words_by(j, "arg_bad_lang");
	case ARG_SWITCH:
		g->text = switch_named(word);
		return g->text != NULL ? NULL : words_by(j, "cmd_missing", LS(usage(j)));
	}
	return NULL;
}

/* "#rate 5" about the only matter that can be meant: the number is the rating. */
static void
lone_rating(struct job *j)
{
	struct given *g = &j->given;
	const struct matter *m = hall_matter(j->hall, g->number);

	if (g->cmd->arg[1] == ARG_RATING && *j->in.rest == '\0' && g->number >= 1 && g->number <= 5 &&
	    (m == NULL || !str_eq(m->row.asker, j->by.who))) {
		j->in.rest = arena_printf(j->arena, "%lld", g->number);
		g->number = 0;
	}
}

static enum step
typed(struct job *j)
{
	struct given *g = &j->given;
	const char *wrong = NULL;
	size_t i;

	if ((g->cmd = cmd_find(j->hall->commands, j->in.command)) == NULL)
		return refuse(j, words_by(j, "cmd_unknown", LS(j->in.half ? j->in.rest : j->in.command)));
	g->number = g->cmd->arg[0] == ARG_REQUEST ? j->in.number : 0;
	lone_rating(j);
	for (i = 0; i < CMD_ARGS && wrong == NULL; i++)
		wrong = take_arg(j, g->cmd->arg[i], j->in.rest);
	return wrong != NULL ? refuse(j, wrong) : cmd_find_matter(j);
}

static enum step
submitted(struct job *j)
{
	const char *const empty[] = { NULL }, **value = j->msg->values;
	struct given *g = &j->given;
	const char *wrong = NULL;
	size_t i;

	if ((g->cmd = cmd_find(j->hall->commands, j->msg->verb)) == NULL)
		return refuse(j, words_by(j, "cmd_unknown", LS(j->msg->verb)));
	if (value == NULL)
		value = (const char **)(uintptr_t)empty;
	for (i = 0; i < CMD_ARGS && g->cmd->arg[i] != ARG_NONE && wrong == NULL; i++) {
		const char *word = *value != NULL ? *value++ : "";

		if (g->cmd->arg[i] != ARG_REQUEST)
			wrong = take_arg(j, g->cmd->arg[i], word);
		else if ((g->number = number_of(word)) == 0)
			return missing(j);
	}
	return wrong != NULL ? refuse(j, wrong) : cmd_find_matter(j);
}

enum step
cmd_start(struct job *j)
{
	j->given.text = "";
	return j->msg->way == WAY_FORM ? submitted(j) : typed(j);
}

/* --- which matter --- */

static bool
fits(const struct job *j, const struct matter *m)
{
	const char *const *from = j->given.cmd->from != NULL ? j->given.cmd->from : from_living;

	return is_one_of(m->row.state, from);
}

static bool
pointed_at(const struct job *j, const struct matter *m)
{
	return matter_has_id(m, j->msg->reply_to) || (j->quoted != NULL && j->quoted->number == m->row.number);
}

/* Theirs: asked by a resident, taken by staff. */
static bool
is_theirs(const struct job *j, const struct matter *m)
{
	return j->by.staff != NULL ? m->row.taken_by == j->by.staff->id : str_eq(m->row.asker, j->by.who);
}

typedef bool test_fn(const struct job *, const struct matter *);

static bool
is_here(const struct job *j, const struct matter *m)
{
	(void)m;
	return j->by.staff != NULL;
}

/* How many matters of this room pass the test; the newest is *found, their numbers go to the list. */
static size_t
gather(struct job *j, test_fn *test, struct matter **found, struct buf *list)
{
	struct matter *m;
	size_t n = 0;

	TAILQ_FOREACH(m, &j->desk->matters, next) {
		if (!test(j, m) || (test != pointed_at && !fits(j, m)))
			continue;
		if (n++ == 0)
			*found = m;
		if (n <= LISTED)
			buf_addf(list, "%s#%lld", n > 1 ? ", " : "", m->row.number);
	}
	return n;
}

/* No number was given: what the line points at, the speaker's only one, what staff was last told of, the only one. */
static enum step
guess(struct job *j)
{
	static test_fn *const tests[] = { pointed_at, is_theirs, is_here };
	struct matter *m = NULL;
	size_t i, n = 0;

	for (i = 0; i < sizeof tests / sizeof *tests && n == 0; i++) {
		struct buf list = { 0 };

		n = gather(j, tests[i], &m, &list);
		if (n > 1) {
			char *copy = arena_strdup(j->arena, list.s);

			buf_free(&list);
			return refuse(j, words_by(j, "cmd_which", LS(copy)));
		}
		buf_free(&list);
		if (i == 0 && n == 0 && j->msg->way == WAY_STAFF && j->by.person != NULL && j->by.person->noted != 0) {
			j->given.number = j->by.person->noted;
			return cmd_find_matter(j);
		}
	}
	if (m == NULL)
		return missing(j);
	j->given.number = m->row.number;
	j->given.matter = m;
	return cmd_run(j);
}

static enum step
cmd_find_matter(struct job *j)
{
	struct given *g = &j->given;
	struct matter *m;
	struct desk *d;

	if (g->cmd->arg[0] != ARG_REQUEST)
		return cmd_run(j);
	if (g->number == 0)
		return guess(j);
	if ((m = hall_matter(j->hall, g->number)) == NULL) {
		store_load_one(&j->hall->store, load_op(j, cmd_loaded), g->number);
		return STEP_WAIT;
	}
	if ((d = hall_desk_id(j->hall, m->row.room)) != NULL && d != j->desk)
		return job_move(j, d, cmd_find_matter);
	g->matter = m;
	return cmd_run(j);
}

/* One that has ended long ago: it lives as long as this job. */
static enum step
cmd_loaded(struct job *j)
{
	struct given *g = &j->given;
	struct desk *d;

	if (j->op->err.fault != FAULT_NONE)
		return refuse(j, words_by(j, "cmd_failed"));
	if (j->op->nrows == 0)
		return refuse(j, words_by(j, "cmd_no_matter", LS(number_words(j, g->number))));
	g->matter = matter_of_row(j->op, 0);
	g->foreign = true;
	if ((d = hall_desk_id(j->hall, g->matter->row.room)) != NULL && d != j->desk)
		return job_move(j, d, cmd_run);
	return cmd_run(j);
}

/* --- may they, and off --- */

static enum step
cmd_run(struct job *j)
{
	struct given *g = &j->given;

	if (!cmd_may(g->cmd, j->by.staff, j->desk, g->matter, j->by.who))
		return refuse(j, words_by(j, "cmd_denied"));
	return g->cmd->start(j);
}

enum step
cmd_refused(struct job *j)
{
	const struct matter *m = j->given.matter;
	const char *state;

	switch (j->write->outcome) {
	case OUT_DONE:
	case OUT_AGAIN:		/* the same form or line once more: what was answered then holds */
		return STEP_DONE;
	case OUT_ABSENT:
		return refuse(j, words_by(j, "cmd_no_matter", LS(number_words(j, j->write->number))));
	case OUT_CLASH:
		if (m == NULL)
			break;
		state = words_by(j, arena_printf(j->arena, "state_%s", m->row.state));
		return refuse(j, words_by(j, "cmd_clash", LS(number_words(j, m->row.number)), LS(state)));
	case OUT_LOST:
	case OUT_FAILED:
		break;
	}
	return refuse(j, words_by(j, "cmd_failed"));
}
