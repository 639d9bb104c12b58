/*
 * What a line already tells of the things that a kind must know: place, time,
 * item, telephone, plate.  Places are found by their last word ("路" "小区" "站")
 * and, in English, by the preposition before them.
 */
#include <string.h>

#include "text/internal.h"

enum { SLOTS_MAX = 32, PLACE_BACK = 12, PLACE_WORDS = 5, LONGEST_BEFORE = 8 };

struct found {
	struct span	*span;
	size_t		 n;
};

static void
add(struct work *w, struct found *s, size_t from, size_t to, const char *what)
{
	const struct folded *f = &w->line;
	size_t at = w->body + f->at[from], end = w->body + fold_end(f, to);

	for (size_t i = 0; i < s->n; i++)	/* one inside another of the same sort says nothing new */
		if (strcmp(s->span[i].what, what) == 0 && s->span[i].at < end && at < s->span[i].at + s->span[i].len) {
			if (end - at > s->span[i].len) {
				s->span[i].at = at;
				s->span[i].len = end - at;
			}
			return;
		}
	if (s->n < SLOTS_MAX)
		s->span[s->n++] = (struct span){ at, end - at, what, false };
}

static bool
numeral(uint32_t cp)
{
	static const uint32_t han[] = U"一二两三四五六七八九十";

	if (cp < 0x4E00)
		return cp >= '0' && cp <= '9';
	for (size_t i = 0; han[i] != 0; i++)
		if (han[i] == cp)
			return true;
	return false;
}

/* "三点" "3点半" "11:30" after the day or alone. */
static size_t
clock_at(const struct work *w, size_t i)
{
	const struct folded *f = &w->line;
	size_t k = i, n = 0;

	for (; k < f->n && n < 3 && numeral(f->cp[k]); k++)
		n++;
	if (n == 0 || k >= f->n)
		return 0;
	if (f->cp[k] == 0x70B9)		/* 点 */
		return k + 1 < f->n && f->cp[k + 1] == 0x534A ? k + 2 : k + 1;
	if (f->cp[k] == ':' && k + 2 < f->n && f->cp[k + 1] >= '0' && f->cp[k + 1] <= '5' &&
	    f->cp[k + 2] >= '0' && f->cp[k + 2] <= '9')
		return k + 3;
	if (f->cp[k] == 'p' || f->cp[k] == 'a')
		return k + 1 < f->n && f->cp[k + 1] == 'm' ? k + 2 : 0;
	return 0;
}

/* Sets of Han characters, in the order of their numbers. */
static bool
among(const uint32_t *set, size_t n, uint32_t cp)
{
	size_t low = 0;

	while (low < n) {
		size_t mid = (low + n) / 2;

		if (set[mid] == cp)
			return true;
		if (set[mid] < cp)
			low = mid + 1;
		else
			n = mid;
	}
	return false;
}

#define AMONG(set, cp)	among((set), sizeof (set) / sizeof *(set) - 1, (cp))

static bool
ends_place_back(const struct work *w, uint32_t cp)
{
	static const uint32_t stops[] = U"了从他你到去在往我把是有的看离被见说请跟问";

	if (AMONG(stops, cp))
		return true;
	return !(fold_class(w->fold, cp) & (CLS_CJK | CLS_ALPHA | CLS_DIGIT));
}

static bool
place_word(uint32_t cp, uint32_t next)
{
	static const uint32_t ends[] = U"乡区厦县口园场坊城局巷幢店弄所村栋校桥楼站苑街路邨里镇门院";
	static const uint32_t unlike[] = U"上子灯票费边过";	/* 路灯, 路上, 村子, 路过: go on or are no place */

	if (cp < 0x4E00 || !AMONG(ends, cp))
		return false;
	return cp != 0x8DEF || !AMONG(unlike, next);
}

static void
places_chinese(struct work *w, struct found *s)
{
	const struct folded *f = &w->line;

	for (size_t i = 1; i < f->n; i++) {
		size_t from = i;

		if (!place_word(f->cp[i], f->cp[i + 1]) || (i + 1 < f->n && place_word(f->cp[i + 1], 0)))
			continue;
		while (from > 0 && i - from < PLACE_BACK && !ends_place_back(w, f->cp[from - 1]))
			from--;
		if (i - from >= 1)
			add(w, s, from, i + 1, "place");
	}
}

static bool
word_is(const struct folded *f, size_t from, size_t to, const char *word)
{
	size_t n = strlen(word);

	if (to - from != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (f->cp[from + i] != (unsigned char)word[i])
			return false;
	return true;
}

static bool
in_list(const struct folded *f, size_t from, size_t to, const char *const *list)
{
	for (; *list != NULL; list++)
		if (word_is(f, from, to, *list))
			return true;
	return false;
}

static void
places_english(struct work *w, struct found *s)
{
	static const char *const before[] = { "at", "near", "in", "on", "outside", "behind", "opposite", "from", NULL };
	static const char *const after[] = { "and", "but", "is", "was", "has", "i", "we", "please", "can", "who", "since",
	    "yesterday", "today", "last", "this", "when", "with", "at", "on", "for", "it", "my", "me", NULL };
	static const char *const first[] = { "a", "it", "my", "me", "case", "time", "general", "fire", "advance", "order",
	    "fact", "weekends", "saturday", "sunday", "monday", "night", "it's", "least", "all", "once", "need", NULL };
	const struct folded *f = &w->line;

	for (size_t i = 0; i < f->n;) {
		size_t to = i, from, end, words = 0;

		while (to < f->n && (fold_class(w->fold, f->cp[to]) & (CLS_ALPHA | CLS_DIGIT)))
			to++;
		if (to == i) {
			i++;
			continue;
		}
		if (to - i > LONGEST_BEFORE || !in_list(f, i, to, before) || f->cp[to] != ' ') {
			i = to;
			continue;
		}
		from = end = to + 1;
		while (words < PLACE_WORDS) {
			size_t stop = end + (words > 0);

			to = stop;
			while (to < f->n && (fold_class(w->fold, f->cp[to]) & (CLS_ALPHA | CLS_DIGIT)))
				to++;
			if (to == stop || in_list(f, stop, to, words == 0 ? first : after))
				break;
			end = to;
			words++;
			if (f->cp[to] != ' ')
				break;
		}
		if (words > 0)
			add(w, s, from, end, "place");
		i = end > i ? end : i + 1;
	}
}

void
slots_read(struct work *w)
{
	struct found s = { arena_alloc(w->arena, SLOTS_MAX * sizeof(struct span)), 0 };
	const struct hits *hits = &w->hits;

	for (size_t i = 0; i < hits->n; i++) {
		const struct hit *h = &hits->hit[i];

		if (h->signal == SIG_TIME) {
			size_t end = clock_at(w, h->to);

			add(w, &s, h->from, end != 0 ? end : h->to, "time");
		} else if (h->signal == SIG_ITEM)
			add(w, &s, h->from, h->to, "item");
	}
	for (size_t i = 0; i < w->line.n; i++) {
		size_t end = clock_at(w, i);

		if (end != 0) {
			add(w, &s, i, end, "time");
			i = end;
		}
	}
	places_chinese(w, &s);
	if (w->whole.latin > w->whole.cjk)
		places_english(w, &s);
	for (size_t i = 0; i < w->intent->nspans && s.n < SLOTS_MAX; i++)
		if (strcmp(w->intent->spans[i].what, "phone") == 0 || strcmp(w->intent->spans[i].what, "plate") == 0)
			s.span[s.n++] = w->intent->spans[i];
	w->intent->slots = s.span;
	w->intent->nslots = s.n;
}
