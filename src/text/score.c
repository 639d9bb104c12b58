/*
 * Cues -> confidence -> band.  Each cue is independent evidence of its weight in
 * percent (noisy or); a negative cue takes its share away.  Explainable: every
 * cue that counted is a reason with its place.
 */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "text/internal.h"

enum {
	LEAD = 8,	/* a kind must lead by this to be sure */
	MET_SHOWN = 24,	/* code points of the writer's words in a reason */
	SUPPORTS = 20,	/* a cue of facts alone, below this weight, only strengthens another */
	ASKED = 50,	/* confidence of a line that asks staff something of no known kind */
};

struct tally {
	bool	 stands;	/* something speaks for it that can stand alone */
	bool	 supported;	/* ... and a fact has strengthened it: the first that does counts */
	double	 lacks;		/* what speaks for it leaves this much doubt */
	double	 keeps;		/* what speaks against it leaves this much */
};

static int
percent(const struct tally *t)
{
	return (int)((1.0 - t->lacks) * t->keeps * 100.0 + 0.5);
}

/*
 * Does hit i say nothing new? The same words in the same place are one piece of
 * evidence, however many cues of a kind they meet: the strongest of them counts.
 */
static bool
counted_before(const struct hits *hits, size_t i)
{
	const struct hit *h = &hits->hit[i];

	for (size_t j = 0; j < hits->n; j++) {
		const struct hit *o = &hits->hit[j];

		if (j == i || o->kind != h->kind)
			continue;
		if (o->words == h->words && j < i)
			return true;
		if (h->to > 0 && o->from == h->from && o->to == h->to && o->wants == h->wants &&
		    (o->weight < 0) == (h->weight < 0) &&
		    (abs(o->weight) > abs(h->weight) || (o->weight == h->weight && j < i)))
			return true;
	}
	return false;
}

/* The writer's own words that a cue met; a cue of signals alone is shown as the file has it. */
static const char *
met(struct work *w, const struct hit *h)
{
	const struct folded *f = &w->line;
	char *s;

	if (h->to == 0)
		return h->words;
	s = arena_strndup(w->arena, w->text + w->body + f->at[h->from], fold_end(f, h->to) - f->at[h->from]);
	s[utf8_points(s, MET_SHOWN)] = '\0';
	return s;
}

static void
give_reasons(struct work *w, const struct kinds *kinds, int kind)
{
	for (size_t i = 0; i < w->hits.n; i++) {
		const struct hit *h = &w->hits.hit[i];

		if (h->kind == kind && !counted_before(&w->hits, i))
			reason(w, "cue %s %s %+d @%zu", kinds->kind[kind]->code, met(w, h), h->weight,
			    w->body + w->line.at[h->from]);
	}
}

static enum band
band_of(const struct kind *k, int confidence)
{
	return confidence >= k->sure ? BAND_SURE : confidence >= k->likely ? BAND_LIKELY : BAND_NONE;
}

/* Asked of staff by name, and of no kind we know: somebody has to look. */
static void
asked_without_kind(struct work *w, const struct kinds *kinds)
{
	struct intent *in = w->intent;
	bool asks = HAS(&w->hits, SIG_QUESTION) || HAS(&w->hits, SIG_REQUEST);

	if (!in->addressed || !asks || w->heard->by_staff)
		return;
	if (in->kind != NULL && in->band != BAND_NONE)
		return;
	if ((in->kind = kinds_find(kinds, "enquiry")) == NULL)
		return;
	in->confidence = ASKED;
	in->band = BAND_LIKELY;
	in->needs_answer = true;
	reason(w, "addressed and asks");
}

/* What was handed in, and what is found again, wants nobody any more. */
static bool
already_over(const struct work *w)
{
	const struct kind *k = w->intent->kind;

	if (k == NULL || HAS(&w->hits, SIG_QUESTION) || HAS(&w->hits, SIG_UNSOLVED) || w->intent->addressed)
		return false;
	if (str_eq(k->code, "found_item"))
		return HAS(&w->hits, SIG_HANDED);
	return (str_eq(k->code, "lost_item") || str_eq(k->code, "missing_person")) && HAS(&w->hits, SIG_RESOLVED);
}

/* "Where" and "when" say nothing of a kind by themselves. */
static bool
only_supports(const struct hit *h)
{
	return h->to == 0 && h->weight > 0 && h->weight < SUPPORTS;
}

static void
count(const struct hits *hits, struct tally *t, size_t n)
{
	for (size_t k = 0; k < n; k++)
		t[k] = (struct tally){ .lacks = 1.0, .keeps = 1.0 };
	for (size_t i = 0; i < hits->n; i++)
		if (hits->hit[i].kind >= 0 && hits->hit[i].weight > 0 && !only_supports(&hits->hit[i]))
			t[hits->hit[i].kind].stands = true;
	for (size_t i = 0; i < hits->n; i++) {
		const struct hit *h = &hits->hit[i];

		if (h->kind < 0 || counted_before(hits, i))
			continue;
		if (only_supports(h)) {
			if (!t[h->kind].stands || t[h->kind].supported)
				continue;
			t[h->kind].supported = true;
		}
		if (h->weight > 0)
			t[h->kind].lacks *= 1.0 - h->weight / 100.0;
		else
			t[h->kind].keeps *= 1.0 + h->weight / 100.0;
	}
}

void
score_cues(const struct work *w, const struct kinds *kinds, int *out)
{
	struct tally *t = arena_alloc(w->arena, (kinds->n + 1) * sizeof *t);

	count(&w->hits, t, kinds->n);
	for (size_t k = 0; k < kinds->n; k++)
		out[k] = percent(&t[k]);
}

/* The strongest two. */
static void
rank(struct intent *in, const struct kinds *kinds, const int *confidence)
{
	for (size_t k = 0; k < kinds->n; k++) {
		if (confidence[k] == 0)
			continue;
		if (in->kind == NULL || confidence[k] > in->confidence) {
			in->second = in->kind;
			in->second_confidence = in->confidence;
			in->kind = kinds->kind[k];
			in->confidence = confidence[k];
		} else if (in->second == NULL || confidence[k] > in->second_confidence) {
			in->second = kinds->kind[k];
			in->second_confidence = confidence[k];
		}
	}
	if (in->kind != NULL)
		in->band = band_of(in->kind, in->confidence);
	/* What may be small talk, thanks or a notice is never sure to be a request. */
	if (in->band == BAND_SURE && in->kind->needs_answer && in->second != NULL && !in->second->needs_answer &&
	    in->confidence - in->second_confidence < LEAD)
		in->band = BAND_LIKELY;
	in->needs_answer = in->kind != NULL && in->kind->needs_answer && in->band != BAND_NONE;
}

static size_t
index_of(const struct kinds *kinds, const struct kind *k)
{
	size_t i = 0;

	while (kinds->kind[i] != k)
		i++;
	return i;
}

void
score_read(struct work *w, const struct judge *j)
{
	const struct kinds *kinds = j->kinds;
	struct intent *in = w->intent;
	int *cue = arena_alloc(w->arena, (kinds->n + 1) * sizeof *cue);

	score_cues(w, kinds, cue);
	if (j->model != NULL)
		weigh_read(w, j, cue);
	else
		rank(in, kinds, cue);
	if (in->kind != NULL && w->heard->explain)
		give_reasons(w, kinds, (int)index_of(kinds, in->kind));
	asked_without_kind(w, kinds);
	if (w->heard->by_staff) {
		in->band = BAND_NONE;
		reason(w, "staff speaks");
	}
	if (already_over(w)) {
		in->band = BAND_NONE;
		reason(w, "already handed in, or over");
	}
	if (in->band == BAND_NONE)
		in->needs_answer = false;
}
