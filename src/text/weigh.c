/*
 * The model's decision: first how surely the line needs an answer, then which kind it is.
 * A kind that the model has not learnt (an administrator's own) stands on its cues alone.
 */
#include <math.h>

#include "base/str.h"
#include "text/internal.h"

enum {
	ASKS = 50,		/* from here on the line needs an answer: where it is oftenest right, see doc/reading.md */
	BACKED = 25,		/* percent of the cues, without which the desk is not sure enough to speak */
	REASONS_SHOWN = 5,
};

/* What the model makes of a line, as probabilities. */
struct weighing {
	double		 needs;		/* it needs an answer */
	double		*kind;		/* by kind; below 0: not learnt */
	double		 wanting;	/* all kinds that need an answer together */
};

static const double LEAST = 1e-6;	/* so that nothing is impossible */

static double
sigmoid(double x)
{
	return 1 / (1 + exp(-x));
}

static void
weigh(struct work *w, const struct judge *j, const int *cue, struct weighing *g)
{
	const size_t n = model_classes(j->model);
	double logit[CLASSES_MAX + 1], most = -1e9, sum = 0;

	features_of(w, j->kinds, cue, j->features);
	model_add(j->model, j->features, logit);
	if (j->lessons != NULL)
		lessons_add(j->lessons, j->features, logit);
	g->wanting = 0;
	g->kind = arena_alloc(w->arena, (j->kinds->n + 1) * sizeof *g->kind);
	for (size_t k = 0; k < j->kinds->n; k++)
		g->kind[k] = -1;
	for (size_t c = 0; c < n; c++)
		if (j->kind[c] >= 0 && logit[c] > most)
			most = logit[c];
	for (size_t c = 0; c < n; c++)
		if (j->kind[c] >= 0)
			sum += g->kind[j->kind[c]] = exp(logit[c] - most);
	for (size_t c = 0; c < n; c++)
		if (j->kind[c] >= 0) {
			g->kind[j->kind[c]] /= sum;
			if (j->kinds->kind[j->kind[c]]->needs_answer)
				g->wanting += g->kind[j->kind[c]];
		}
	/* Asked twice: of the line itself, and of the kinds that it may be. Neither alone is as often right. */
	g->needs = sigmoid((logit[n] + log((g->wanting + LEAST) / (1 - g->wanting + LEAST))) / 2);
}

/* The likeliest kind but `except`; `wanting`: of those that need an answer. -1: none. */
static int
likeliest(const struct kinds *kinds, const struct weighing *g, bool wanting, int except)
{
	int best = -1;

	for (size_t k = 0; k < kinds->n; k++)
		if (g->kind[k] > 0 && (int)k != except && (!wanting || kinds->kind[k]->needs_answer) &&
		    (best < 0 || g->kind[k] > g->kind[best]))
			best = (int)k;
	return best;
}

/*
 * In percent, on the scale of the cues, so that a kind's `sure` and `likely` mean the same with
 * and without a model: a probability of 0.97 is 82 percent, 0.33 is 50.
 */
static int
percent(double p)
{
	const double steep = 0.365, lift = 0.256;

	return (int)(100 * sigmoid(steep * log((p + LEAST) / (1 - p + LEAST)) + lift) + 0.5);
}

/* An administrator's own kind, if its cues speak louder than the model. */
static void
own_kinds(struct intent *in, const struct kinds *kinds, const struct weighing *g, const int *cue)
{
	for (size_t k = 0; k < kinds->n; k++) {
		const struct kind *kind = kinds->kind[k];

		if (g->kind[k] >= 0 || cue[k] < kind->likely || (in->band != BAND_NONE && cue[k] <= in->confidence))
			continue;
		in->second = in->kind;
		in->second_confidence = in->confidence;
		in->kind = kind;
		in->confidence = cue[k];
		in->band = cue[k] >= kind->sure ? BAND_SURE : BAND_LIKELY;
		in->needs_answer = kind->needs_answer;
	}
}

/* The words that spoke loudest for the kind, or for "needs an answer". */
static void
give_reasons(struct work *w, const struct judge *j)
{
	struct buf text = { 0 };
	size_t class = 0, n = model_classes(j->model);
	double below = 1e9;

	while (class < n && (j->kind[class] < 0 || j->kinds->kind[j->kind[class]] != w->intent->kind))
		class++;
	for (int shown = 0; class < n && shown < REASONS_SHOWN; shown++) {
		const struct feature *best = NULL;
		double most = 0.4;	/* less says nothing by itself */

		for (size_t i = 0; i < j->features->n; i++) {
			double x = model_weight(j->model, j->features->list[i].key, class);

			if (x > most && x < below) {
				most = x;
				best = &j->features->list[i];
			}
		}
		if (best == NULL)
			break;
		below = most;
		if (feature_text(w, j->kinds, best, &text))
			reason(w, "learnt %s \"%s\" %+.1f @%zu", w->intent->kind->code, text.s, most,
			    w->body + w->line.at[best->from]);
	}
	buf_free(&text);
}

/*
 * Words of danger in a line that wants nothing are a story, a joke or a film: not certain.
 * And what is likely an emergency is looked at, whatever its words.
 */
static void
weigh_danger(struct work *w, const struct kinds *kinds, const struct weighing *g)
{
	const double wants_nothing = 0.2, perhaps = 0.06;
	struct intent *in = w->intent;

	if (in->danger == DANGER_CERTAIN && g->needs < wants_nothing) {
		in->danger = DANGER_POSSIBLE;
		reason(w, "danger, but wants nothing");
	}
	for (size_t k = 0; k < kinds->n && in->danger == DANGER_NO; k++)
		if (str_eq(kinds->kind[k]->code, "emergency") && g->kind[k] * g->needs >= perhaps) {
			in->danger = DANGER_POSSIBLE;
			reason(w, "perhaps an emergency");
		}
}

void
weigh_read(struct work *w, const struct judge *j, const int *cue)
{
	const struct kinds *kinds = j->kinds;
	struct intent *in = w->intent;
	struct weighing g;
	int first, second;

	weigh(w, j, cue, &g);
	first = likeliest(kinds, &g, true, -1);
	if (first >= 0 && percent(g.needs) >= kinds->kind[first]->likely) {
		/* That it needs an answer weighs most; that its kind is in doubt, a little. */
		in->confidence = percent(g.needs * sqrt(sqrt(g.kind[first] / g.wanting)));
		in->band = in->confidence >= kinds->kind[first]->sure && cue[first] >= BACKED ? BAND_SURE : BAND_LIKELY;
	} else {
		first = likeliest(kinds, &g, false, -1);
		in->confidence = first < 0 ? 0 : percent(g.kind[first]);
	}
	in->kind = first < 0 ? NULL : kinds->kind[first];
	in->needs_answer = percent(g.needs) >= ASKS;
	second = likeliest(kinds, &g, false, first);
	in->second = second < 0 ? NULL : kinds->kind[second];
	in->second_confidence = second < 0 ? 0 : percent(g.kind[second]);
	reason(w, "needs an answer: %d percent", percent(g.needs));
	own_kinds(in, kinds, &g, cue);
	weigh_danger(w, kinds, &g);
	if (in->kind != NULL && w->heard->explain)
		give_reasons(w, j);
}
