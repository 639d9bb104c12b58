/*
 * One line, read.  The order is the contract of read.h: quotation, names, command,
 * private data, then the walk over cues, danger, kind, relation.
 */
#include "text/read.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "text/internal.h"

enum {
	READ_MAX = 16 * 1024,	/* bytes read of a line; the rest is not looked at */
	LONG_LINE = 40, SHORT_LINE = 6,
};

struct reader {
	struct judge		 judge;
	const struct verb	*verbs;
	struct fold_table	*fold;
	struct cues		*cues;
};

struct reader *
reader_new(const struct kinds *kinds, const struct verb *verbs, const struct model *model, const struct lessons *lessons)
{
	struct reader *r = xcalloc(1, sizeof *r);

	r->judge.kinds = kinds;
	r->judge.features = xcalloc(1, sizeof *r->judge.features);
	r->judge.model = model;
	r->judge.lessons = lessons;
	for (size_t c = 0; model != NULL && c < model_classes(model); c++) {
		r->judge.kind[c] = -1;
		for (size_t k = 0; k < kinds->n; k++)
			if (str_eq(kinds->kind[k]->code, model_code(model, c)))
				r->judge.kind[c] = (int)k;
	}
	r->verbs = verbs;
	r->fold = fold_table_new();
	r->cues = cues_new(kinds, r->fold);
	return r;
}

void
reader_free(struct reader **r)
{
	if (*r == NULL)
		return;
	cues_free(&(*r)->cues);
	free((*r)->judge.features);
	fold_table_free(&(*r)->fold);
	free(*r);
	*r = NULL;
}

char *
text_fold(const struct reader *r, const char *text, struct arena *arena)
{
	return fold_bare(r->fold, text, arena);
}

void
reason(struct work *w, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	if (!w->heard->explain || w->nreason == REASONS_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	text[utf8_cut(text, sizeof text - 1)] = '\0';
	w->reason[w->nreason++] = arena_strdup(w->arena, text);
}

/* Facts that are no words: kinds may ask for them as <phone>, <long> ... */
static void
facts(struct work *w)
{
	const struct intent *in = w->intent;
	uint64_t *s = &w->hits.signals;

	/* "Has anyone found it?" asks whether it is over. */
	if (*s & SIG_BIT(SIG_QUESTION))
		*s &= ~(SIG_BIT(SIG_RESOLVED) | SIG_BIT(SIG_CANCEL));
	if (in->addressed)
		*s |= SIG_BIT(SIG_ADDRESSED);
	if (in->danger == DANGER_CERTAIN)
		*s |= SIG_BIT(SIG_DANGER);
	if (in->danger != DANGER_NO)
		*s |= SIG_BIT(SIG_PERHAPS);
	if (w->heard->by_staff)
		*s |= SIG_BIT(SIG_STAFF);
	if (w->line.n >= LONG_LINE)
		*s |= SIG_BIT(SIG_LONG);
	if (w->line.n <= SHORT_LINE)
		*s |= SIG_BIT(SIG_SHORT);
	if (memmem(w->text, w->len, "://", 3) != NULL)
		*s |= SIG_BIT(SIG_LINK);
	for (size_t i = 0; i < in->nspans; i++) {
		if (strcmp(in->spans[i].what, "phone") == 0)
			*s |= SIG_BIT(SIG_PHONE);
		if (strcmp(in->spans[i].what, "plate") == 0)
			*s |= SIG_BIT(SIG_PLATE);
	}
	for (size_t i = 0; i < in->nslots; i++)
		if (strcmp(in->slots[i].what, "place") == 0)
			*s |= SIG_BIT(SIG_PLACE);
}

/* Everything that the kinds are weighed by. */
static void
look(struct work *w)
{
	cues_walk(w->reader->cues, w->fold, &w->line, w->arena, &w->hits);
	names_titles(w);
	slots_read(w);
	danger_read(w);
	facts(w);
	cues_settle(w->reader->cues, &w->hits);
}

/* What is no command: is it a request, of what kind, about what? */
static void
read_talk(struct work *w)
{
	struct intent *in = w->intent;

	look(w);
	in->question = HAS(&w->hits, SIG_QUESTION);
	score_read(w, &w->reader->judge);
	relation_read(w);
}

bool
text_script(const struct reader *r, const char *text, struct arena *arena, enum kind_lang *lang)
{
	struct folded f;

	fold_line(r->fold, text, utf8_cut(text, READ_MAX), arena, &f);
	return script_of(&f, lang);
}

/* The line cut, folded, its names, private data and script known. */
static void
begin(struct work *w)
{
	struct intent *in = w->intent;
	size_t body;

	memset(in, 0, sizeof *in);
	in->rest = "";
	w->text = w->heard->text != NULL ? w->heard->text : "";
	w->len = strnlen(w->text, READ_MAX + 1);
	if (w->len > READ_MAX) {
		w->len = utf8_cut(w->text, READ_MAX);
		w->text = arena_strndup(w->arena, w->text, w->len);
	}
	w->reason = arena_alloc(w->arena, (w->heard->explain ? REASONS_MAX + 1 : 1) * sizeof *w->reason);
	quote_read(w);
	fold_line(w->fold, w->text + w->body, w->len - w->body, w->arena, &w->whole);
	names_read(w);
	fold_squeeze(w->fold, &w->whole, w->start, w->arena, &w->line);
	body = w->body + w->whole.at[w->start];
	in->body = arena_strndup(w->arena, w->text + body, w->len - body);
	in->lang_known = script_of(&w->whole, &in->lang);
	private_read(w);
}

void
text_examine(const struct reader *r, const char *text, struct arena *arena, void (*see)(struct work *, void *), void *ctx)
{
	const struct heard h = { .text = text };
	struct intent in;
	struct work w = { .reader = r, .fold = r->fold, .heard = &h, .arena = arena, .intent = &in };

	begin(&w);
	look(&w);
	see(&w, ctx);
}

void
text_read(const struct reader *r, const struct heard *h, struct arena *arena, struct intent *in)
{
	struct work w = { .reader = r, .fold = r->fold, .heard = h, .arena = arena, .intent = in };

	begin(&w);
	in->verdict = verdict_read(&w);
	if (!command_read(&w, r->verbs))
		read_talk(&w);
	in->reasons = w.reason;
}

/* --- what a lesson is made of --- */

struct taught {
	const struct judge	*judge;
	const char		**list;
	size_t			 n;
	double			 weight[FEATURES_TAUGHT];
};

/* How much the model thinks of a feature, whichever way. */
static double
weight_of(const struct model *m, uint64_t key)
{
	double most = 0;

	for (size_t c = 0; c <= model_classes(m); c++) {
		double w = model_weight(m, key, c);

		most = w > most ? w : -w > most ? -w : most;
	}
	return most;
}

/* Keeps the weightiest. */
static void
keep(struct taught *t, const char *text, double weight)
{
	size_t at = t->n;

	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->list[i], text) == 0)
			return;
	if (t->n == FEATURES_TAUGHT) {
		at = 0;
		for (size_t i = 1; i < t->n; i++)
			if (t->weight[i] < t->weight[at])
				at = i;
		if (t->weight[at] >= weight)
			return;
	} else
		t->n++;
	t->list[at] = text;
	t->weight[at] = weight;
}

static void
see_features(struct work *w, void *ctx)
{
	struct taught *t = ctx;
	const struct judge *j = t->judge;
	int *cue = arena_alloc(w->arena, (j->kinds->n + 1) * sizeof *cue);
	struct buf text = { 0 };

	score_cues(w, j->kinds, cue);
	features_of(w, j->kinds, cue, j->features);
	for (size_t i = 0; i < j->features->nwords; i++) {
		double weight = weight_of(j->model, j->features->list[i].key);

		if (weight > 0 && feature_text(w, j->kinds, &j->features->list[i], &text))
			keep(t, arena_strdup(w->arena, text.s), weight);
	}
	buf_free(&text);
}

const char *const *
text_features(const struct reader *r, const char *text, struct arena *arena)
{
	struct taught t = { .judge = &r->judge, .list = arena_alloc(arena, (FEATURES_TAUGHT + 1) * sizeof *t.list) };

	if (r->judge.model != NULL && text != NULL)
		text_examine(r, text, arena, see_features, &t);
	return t.list;
}
