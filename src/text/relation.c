/*
 * What a line says about a matter that is already open (MANNERS: what counts as
 * an answer, what as thanks).  In doubt nothing: an answer wrongly seen silences
 * the ladder, a thanks wrongly seen closes somebody's matter.
 */
#include <string.h>

#include "base/str.h"
#include "text/internal.h"

enum {
	SHORT_WORD = 12,	/* code points: "好的，我马上到" is a word of acceptance, not an answer */
	ADDS_MIN = 4,
};

static void
relate(struct work *w, enum relation r, const struct open_matter *m, const char *why)
{
	w->intent->relation = r;
	w->intent->about = m->number;
	reason(w, "%s #%lld", why, m->number);
}

/* Is most of the line made of this signal's words? "好了" yes, "好了再说吧明天…" no. */
static bool
is_mostly(const struct work *w, enum signal sig)
{
	const struct hits *hits = &w->hits;
	size_t said = 0, all = 0, until = 0;

	for (size_t i = 0; i < hits->n; i++) {
		const struct hit *h = &hits->hit[i];
		size_t from = h->from > until ? h->from : until;

		if (h->signal == sig && h->to > from) {
			said += h->to - from;
			until = h->to;
		}
	}
	for (size_t i = 0; i < w->line.n; i++)
		all += (fold_class(w->fold, w->line.cp[i]) & (CLS_CJK | CLS_ALPHA | CLS_DIGIT)) != 0 ||
		    w->line.cp[i] >= 0x2000;
	return said > 0 && all <= SHORT_WORD + 8 && 2 * said >= all;
}

/* A matter called by its number in the line: "#12 已处理". */
static const struct open_matter *
numbered(const struct work *w)
{
	const struct folded *f = &w->line;

	for (size_t i = 0; i + 1 < f->n; i++) {
		long long n = 0;
		size_t k = i + 1;

		if (f->cp[i] != '#')
			continue;
		for (; k < f->n && k - i < 16 && f->cp[k] >= '0' && f->cp[k] <= '9'; k++)
			n = n * 10 + (f->cp[k] - '0');
		for (size_t m = 0; n != 0 && m < w->heard->nopen; m++)
			if (w->heard->open[m].number == n)
				return &w->heard->open[m];
	}
	return NULL;
}

static const struct open_matter *
replied_to(struct work *w)
{
	for (size_t i = 0; i < w->heard->nopen; i++)
		if (w->heard->open[i].quoted)
			return &w->heard->open[i];
	return quote_matches(w);
}

/* A request of another kind; `surely`: what has a good reason to be about the matter is not easily another. */
static bool
asks_anew(const struct work *w, const struct open_matter *m, bool surely)
{
	const struct intent *in = w->intent;

	return in->kind != NULL && in->needs_answer && in->band >= (surely ? BAND_SURE : BAND_LIKELY) &&
	    !str_eq(in->kind->code, m->kind);
}

/* Small talk, a notice, thanks: what wants nobody. */
static bool
is_talk(const struct intent *in)
{
	return in->kind != NULL && !in->kind->needs_answer && in->confidence >= in->kind->likely;
}

/* --- staff --- */

static bool
only_manners(const struct work *w)
{
	return is_mostly(w, SIG_GREETING) || is_mostly(w, SIG_THANKS) || is_mostly(w, SIG_LAUGH);
}

static void
staff_weak(struct work *w)
{
	const struct open_matter *m = NULL;
	bool to_all = HAS(&w->hits, SIG_ALL) && HAS(&w->hits, SIG_QUESTION);

	if (w->names_other || only_manners(w) || to_all || HAS(&w->hits, SIG_NOTICE) || HAS(&w->hits, SIG_LAUGH) ||
	    w->intent->quote != NULL || w->line.n == 0)
		return;
	/* What staff says may look like small talk and answer all the same; a notice or thanks do not. */
	if (is_talk(w->intent) && !str_eq(w->intent->kind->code, "chatter"))
		return;
	for (size_t i = 0; i < w->heard->nopen && m == NULL; i++)
		if (!w->heard->open[i].answered)
			m = &w->heard->open[i];
	if (m != NULL)
		relate(w, REL_ANSWER_WEAK, m, "staff's next line, weakly about");
}

static void
staff_relation(struct work *w)
{
	const struct open_matter *m = replied_to(w);

	if (m == NULL)
		m = w->named;
	if (m == NULL)
		m = numbered(w);
	if (m == NULL) {
		staff_weak(w);
		return;
	}
	if (w->line.n == 0)
		return;
	if (is_mostly(w, SIG_TAKEN))
		relate(w, REL_TAKEN, m, "staff takes");
	else if (is_mostly(w, SIG_DONE))
		relate(w, REL_DONE, m, "staff says done of");
	else if (!only_manners(w))
		relate(w, REL_ANSWER, m, "staff answers");
}

/* --- residents --- */

static const struct open_matter *
own_matter(const struct work *w, const struct open_matter *replied)
{
	const struct open_matter *mine = NULL;

	if (replied != NULL)
		return replied;
	/* The answered one first: thanks and "still not" are about that. */
	for (size_t i = 0; i < w->heard->nopen; i++)
		if (w->heard->open[i].mine && (mine == NULL || (w->heard->open[i].answered && !mine->answered)))
			mine = &w->heard->open[i];
	return mine;
}

static bool
is_thanks(const struct work *w, const struct open_matter *m)
{
	const struct hits *h = &w->hits;

	return m->answered && HAS(h, SIG_THANKS) && !HAS(h, SIG_EARLY_THANKS) && !HAS(h, SIG_BUT) &&
	    !w->intent->question && !HAS(h, SIG_UNSOLVED) && !asks_anew(w, m, false);
}

static bool
is_cancel(const struct work *w)
{
	return HAS(&w->hits, SIG_CANCEL) && !w->intent->question && !HAS(&w->hits, SIG_BUT);
}

/* Does most of the line stand in the matter's own words? Then it asks the same again. */
static bool
asks_the_same(const struct work *w, const struct open_matter *m)
{
	struct folded other;
	size_t pairs = 0, met = 0;

	if (m->text == NULL)
		return false;
	fold_line(w->fold, m->text, strlen(m->text), w->arena, &other);
	for (size_t i = 0; i + 1 < w->line.n; i++) {
		size_t k = 0;

		if (fold_class(w->fold, w->line.cp[i]) & (CLS_PUNCT | CLS_SPACE))
			continue;
		while (k + 1 < other.n && (other.cp[k] != w->line.cp[i] || other.cp[k + 1] != w->line.cp[i + 1]))
			k++;
		pairs++;
		met += k + 1 < other.n;
	}
	return pairs > 0 && 2 * met >= pairs;
}

/* More about the same: a place, a time, a feature, or the same kind again in other words. */
static bool
adds(const struct work *w, const struct open_matter *m, bool replied)
{
	const struct intent *in = w->intent;
	bool same = in->kind != NULL && str_eq(in->kind->code, m->kind);

	if (w->line.n < ADDS_MIN && !replied)
		return false;
	if (asks_anew(w, m, replied) || w->names_other || (w->named != NULL && w->named != m))
		return false;
	/* "今天好热啊" tells a time and is talk all the same. */
	if (!replied && is_talk(in))
		return false;
	/* Another question of the same kind is another matter, unless it says the same again. */
	if (!replied && in->question && in->band != BAND_NONE && !asks_the_same(w, m))
		return false;
	if (HAS(&w->hits, SIG_LAUGH) || HAS(&w->hits, SIG_GREETING) || HAS(&w->hits, SIG_THANKS))
		return replied && !only_manners(w);
	return replied || in->nslots > 0 || (same && in->band != BAND_NONE);
}

static void
resident_relation(struct work *w)
{
	const struct open_matter *replied = replied_to(w), *m = own_matter(w, replied);

	if (m == NULL || w->line.n == 0)
		return;
	if (is_thanks(w, m)) {
		relate(w, REL_THANKS, m, "thanks for");
		return;
	}
	if (!m->mine)
		return;
	if (HAS(&w->hits, SIG_UNSOLVED) && !asks_anew(w, m, true))
		relate(w, m->answered ? REL_UNSOLVED : REL_ADDS, m, m->answered ? "not solved" : "adds to");
	else if (is_cancel(w) && !asks_anew(w, m, true))
		relate(w, REL_CANCEL, m, "takes back");
	else if (adds(w, m, replied != NULL))
		relate(w, REL_ADDS, m, "adds to");
}

void
relation_read(struct work *w)
{
	if (w->heard->nopen == 0 || w->intent->command != NULL)
		return;
	if (w->heard->by_staff)
		staff_relation(w);
	else
		resident_relation(w);
}

/* --- a bare "1" or "2" --- */

int
verdict_read(const struct work *w)
{
	static const struct {
		const char	*word;
		int		 verdict;
	} words[] = {
		{ "1", 1 }, { "是", 1 }, { "是的", 1 }, { "对", 1 }, { "好", 1 }, { "好的", 1 }, { "要", 1 }, { "可以", 1 },
		{ "行", 1 }, { "嗯", 1 }, { "登记", 1 }, { "1登记", 1 }, { "系", 1 }, { "得", 1 }, { "一", 1 }, { "发送", 1 },
		{ "yes", 1 }, { "y", 1 }, { "ok", 1 }, { "okay", 1 }, { "sure", 1 }, { "yes please", 1 }, { "yeah", 1 },
		{ "👍", 1 }, { "send", 1 },
		{ "2", 2 }, { "不是", 2 }, { "不", 2 }, { "不用", 2 }, { "不用了", 2 }, { "不要", 2 }, { "否", 2 }, { "2不用", 2 },
		{ "唔使", 2 }, { "唔系", 2 }, { "二", 2 }, { "算了", 2 }, { "no", 2 }, { "n", 2 }, { "nope", 2 }, { "no thanks", 2 },
		{ "no need", 2 }, { "👎", 2 },
	};
	const struct folded *f = &w->line;
	size_t from = 0, to = f->n;

	while (from < to && (f->cp[from] == ' ' || f->cp[from] == '\n' || f->cp[from] == '#'))
		from++;
	while (to > from && (fold_class(w->fold, f->cp[to - 1]) & (CLS_PUNCT | CLS_SPACE)) && f->cp[to - 1] < 0x10000)
		to--;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (fold_name_at(w->fold, f, from, words[i].word) == to && to > from)
			return words[i].verdict;
	return 0;
}
