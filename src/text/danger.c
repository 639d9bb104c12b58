/*
 * Danger now.  Certain is said aloud in the room, so it wants words of certain
 * danger and nothing that speaks against it: no idiom over them, no "if", no
 * film, no past, no joke, no notice.  What is left over is possible.
 */
#include "text/internal.h"

static bool
within(const struct hit *in, const struct hit *out)
{
	return out->from <= in->from && in->to <= out->to && out->to - out->from > in->to - in->from;
}

static bool
is_danger(const struct hit *h)
{
	return h->signal >= SIG_FIRE && h->signal <= SIG_MAY_POLICE;
}

/* "火了" is no idiom inside "着火了". */
static bool
is_idiom(const struct hits *hits, const struct hit *h)
{
	if (h->signal != SIG_IDIOM)
		return false;
	for (size_t i = 0; i < hits->n; i++)
		if (is_danger(&hits->hit[i]) && within(h, &hits->hit[i]))
			return false;
	return true;
}

static bool
under_idiom(const struct hits *hits, const struct hit *danger)
{
	for (size_t i = 0; i < hits->n; i++) {
		const struct hit *h = &hits->hit[i];

		if (h->signal == SIG_IDIOM && h->from < danger->to && danger->from < h->to && !within(h, danger))
			return true;
	}
	return false;
}

static void
forget_false_idioms(struct hits *hits)
{
	hits->signals &= ~SIG_BIT(SIG_IDIOM);
	for (size_t i = 0; i < hits->n; i++)
		if (is_idiom(hits, &hits->hit[i]))
			hits->signals |= SIG_BIT(SIG_IDIOM);
}

static const char *
service(enum signal s)
{
	switch (s) {
	case SIG_FIRE:
	case SIG_MAY_FIRE:
		return "fire";
	case SIG_MEDICAL:
	case SIG_MAY_MEDICAL:
		return "medical";
	default:
		return "police";
	}
}

/* A denied danger ("没着火", "not on fire") is none. */
static bool
denied(const struct hits *hits, const struct hit *danger)
{
	for (size_t i = 0; i < hits->n; i++)
		if (hits->hit[i].signal == SIG_NEG && hits->hit[i].to <= danger->from &&
		    danger->from - hits->hit[i].to <= 1 && hits->hit[i].to > hits->hit[i].from)
			return true;
	return false;
}

/* What speaks against certain danger in this line, and what against any. */
static void
doubts(const struct hits *hits, uint64_t *against, uint64_t *none)
{
	*none = SIG_BIT(SIG_FICTION) | SIG_BIT(SIG_LAUGH) | SIG_BIT(SIG_ADVICE) | SIG_BIT(SIG_THANKS) | SIG_BIT(SIG_NOTICE);
	*against = *none | SIG_BIT(SIG_HYPO) | SIG_BIT(SIG_PAST) | SIG_BIT(SIG_QUOTED_TALK) | SIG_BIT(SIG_RESOLVED);
	/* "着火了，请大家快下楼！谢谢": who cries for help now may be polite, and cry to all. */
	if (HAS(hits, SIG_NOW) || (HAS(hits, SIG_REQUEST) && !HAS(hits, SIG_NOTICE) && !HAS(hits, SIG_ADVICE))) {
		uint64_t polite = SIG_BIT(SIG_THANKS) | SIG_BIT(SIG_NOTICE) | SIG_BIT(SIG_ADVICE);

		*none &= ~polite;
		*against &= ~polite;
	}
	*against &= hits->signals;
	*none &= hits->signals;
}

void
danger_read(struct work *w)
{
	const struct hits *hits = &w->hits;
	struct intent *in = w->intent;
	uint64_t against, none;

	forget_false_idioms(&w->hits);
	doubts(hits, &against, &none);
	for (size_t i = 0; i < hits->n; i++) {
		const struct hit *h = &hits->hit[i];
		enum danger d = DANGER_NO;

		if (h->signal >= SIG_FIRE && h->signal <= SIG_POLICE)
			d = against ? DANGER_POSSIBLE : DANGER_CERTAIN;
		else if (h->signal >= SIG_MAY_FIRE && h->signal <= SIG_MAY_POLICE)
			d = DANGER_POSSIBLE;
		if (d == DANGER_NO || (d == DANGER_POSSIBLE && none))
			continue;
		if (under_idiom(hits, h) || denied(hits, h) || d <= in->danger)
			continue;
		in->danger = d;
		in->danger_kind = service(h->signal);
		reason(w, "danger %s %s @%zu", d == DANGER_CERTAIN ? "certain" : "possible", in->danger_kind,
		    w->body + hits->line->at[h->from]);
	}
}
