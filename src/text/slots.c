/*
 * What a line already tells of the things that a kind must know: place, time,
 * item, telephone, plate.  Places are found by their last word ("路" "小区" "站")
 * and, in English, by the preposition before them.
 */
#include <stdlib.h>
#include <string.h>

#include "text/internal.h"

enum { SLOTS_MAX = 32, PLACE_BACK = 12, PLACE_WORDS = 5, LONGEST_BEFORE = 8, PERSON_BACK = 12 };

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
	if (f->cp[k] == 0x70B9) {	/* 点 */
		size_t end = ++k;

		if (k < f->n && f->cp[k] == 0x534A)		/* 半 */
			return k + 1;
		while (k < f->n && k - end < 3 && numeral(f->cp[k]))
			k++;
		if (k > end)
			return k < f->n && f->cp[k] == 0x5206 ? k + 1 : k;	/* 分 */
		return k + 1 < f->n && f->cp[k] == 0x591A ? k + 1 : k;	/* 多 */
	}
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

/* "3月5号" "12号" "2026-03-05" "5 March": one past a date that begins at i; 0 none. */
static size_t
date_at(const struct work *w, size_t i)
{
	static const uint32_t marks[] = U"年月日号";
	const struct folded *f = &w->line;
	size_t parts = 0, end = 0, k = i;
	bool dashes = false;

	while (parts < 3) {
		size_t from = k;

		while (k < f->n && k - from < 4 && numeral(f->cp[k]))
			k++;
		if (k == from || k >= f->n)
			break;
		if (f->cp[k] == marks[0] || f->cp[k] == marks[1] || f->cp[k] == marks[2] || f->cp[k] == marks[3]) {
			end = ++k;
			/* "12号楼" is a place. */
			if (f->cp[k - 1] == marks[3] && k < f->n && (f->cp[k] == 0x697C || f->cp[k] == 0x680B || f->cp[k] == 0x9662 || f->cp[k] == 0x95E8))
				return 0;
		} else if ((f->cp[k] == '-' || f->cp[k] == '/') && parts < 2 && k - from == (parts == 0 ? 4u : 2u)) {
			dashes = true;
			k++;
		} else
			break;
		parts++;
	}
	return dashes ? (parts == 2 && k - i >= 8 ? k : 0) : end;
}

/* "三天前", "2 hours ago": the number before. */
static size_t
number_before(const struct work *w, size_t from)
{
	static const char *const words[] = { "one", "two", "three", "four", "five", "six", "ten", "few", "couple of", NULL };
	const struct folded *f = &w->line;
	size_t k = from;

	while (k > 0 && from - k < 3 && (numeral(f->cp[k - 1]) || f->cp[k - 1] == 0x51E0 || f->cp[k - 1] == 0x534A))	/* 几半 */
		k--;
	if (k < from || k == 0 || f->cp[k - 1] != ' ')
		return k;
	for (k--; k > 0 && f->cp[k - 1] >= '0' && f->cp[k - 1] <= '9';)
		k--;
	if (k < from - 1)
		return k;
	for (size_t i = 0; words[i] != NULL; i++) {
		size_t n = strlen(words[i]), at = from - 1 >= n ? from - 1 - n : SIZE_MAX;
		size_t c = 0;

		while (at != SIZE_MAX && c < n && f->cp[at + c] == (unsigned char)words[i][c])
			c++;
		if (at != SIZE_MAX && c == n)
			return at;
	}
	return from;
}

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

/* --- "昨天" "下午" "三点" and "last night" "around" "11" are one time --- */

static bool
joins(const char *s, size_t n)
{
	static const char *const words[] = { "", "around", "at", "about", "from", "to", "till", "until", "and", "between", "of", "in the", "on",
	    "的", "到", "至", "大概", "大约", "大約", "约", "差不多", "左右", "-", "–", "~", "～", "—", "," };

	while (n > 0 && *s == ' ')
		s++, n--;
	while (n > 0 && s[n - 1] == ' ')
		n--;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strlen(words[i]) == n && memcmp(words[i], s, n) == 0)
			return true;
	return false;
}

static int
by_place(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

static void
join_times(const struct work *w, struct found *s)
{
	size_t kept = 0, last = SIZE_MAX;

	qsort(s->span, s->n, sizeof *s->span, by_place);
	for (size_t i = 0; i < s->n; i++) {
		struct span *one = &s->span[i];
		bool is_time = strcmp(one->what, "time") == 0;

		if (is_time && last != SIZE_MAX) {
			struct span *before = &s->span[last];
			size_t end = before->at + before->len;

			if (one->at >= end && joins(w->text + end, one->at - end)) {
				before->len = one->at + one->len - before->at;
				continue;
			}
		}
		s->span[kept] = *one;
		if (is_time)
			last = kept;
		kept++;
	}
	s->n = kept;
}

/* --- somebody: "我爷爷", "my grandfather", "穿灰夹克的男人" --- */

/* Back over "我", "my", "a", and over what the person looks like: "穿…的". */
static size_t
person_begins(const struct work *w, size_t from)
{
	static const char *const own[] = { "my ", "our ", "his ", "her ", "the ", "a ", "an ", NULL };
	const struct folded *f = &w->line;

	if (from > 0 && (f->cp[from - 1] == 0x6211 || f->cp[from - 1] == 0x4ED6 || f->cp[from - 1] == 0x5979))	/* 我他她 */
		return from - 1;
	if (from > 1 && f->cp[from - 1] == 0x7684)	/* 的 */
		for (size_t i = from - 1; i > 0 && from - i < PERSON_BACK; i--)
			if (f->cp[i] == 0x7A7F || f->cp[i] == 0x6234)	/* 穿 戴 */
				return i;
	for (size_t k = 0; own[k] != NULL; k++) {
		size_t n = strlen(own[k]);

		if (from >= n && (from == n || f->cp[from - n - 1] == ' ') && word_is(f, from - n, from, own[k]))
			return k < 2 ? from - n : from;
	}
	return from;
}

/* --- sums of money and links --- */

static size_t
digits_end(const struct folded *f, size_t i)
{
	while (i < f->n && ((f->cp[i] >= '0' && f->cp[i] <= '9') ||
	    ((f->cp[i] == ',' || f->cp[i] == '.') && i + 1 < f->n && f->cp[i + 1] >= '0' && f->cp[i + 1] <= '9')))
		i++;
	return i;
}

static size_t
amount_at(const struct work *w, size_t i)
{
	static const uint32_t scales[] = U"万亿千百", units[] = U"元圆块塊蚊镑";
	static const char *const words[] = { "dollars", "usd", "rmb", "yuan", "hkd", "ntd", "pounds", "euros", "quid", "rupees", "aed", NULL };
	const struct folded *f = &w->line;
	bool sign = f->cp[i] == '$' || f->cp[i] == 0xA5 || f->cp[i] == 0x20AC || f->cp[i] == 0xA3 || f->cp[i] == 0x20B9;
	size_t end = digits_end(f, i + sign), unit;

	if (end == i + sign)
		return 0;
	while (end < f->n && (f->cp[end] == scales[0] || f->cp[end] == scales[1] || f->cp[end] == scales[2] || f->cp[end] == scales[3]))
		end++;
	if (sign)
		return end;
	for (size_t k = 0; units[k] != 0; k++)
		if (end < f->n && f->cp[end] == units[k])
			return end + 1;
	unit = end + (end < f->n && f->cp[end] == ' ');
	for (size_t k = 0; words[k] != NULL; k++)
		if (unit + strlen(words[k]) <= f->n && word_is(f, unit, unit + strlen(words[k]), words[k]))
			return unit + strlen(words[k]);
	return 0;
}

static bool
in_link(uint32_t cp)
{
	return cp < 0x80 ? cp > ' ' && strchr("\"'<>(),;", (int)cp) == NULL : false;
}

static size_t
link_at(const struct work *w, size_t i)
{
	static const char *const begins[] = { "http://", "https://", "www.", NULL };
	const struct folded *f = &w->line;

	if (i > 0 && (fold_class(w->fold, f->cp[i - 1]) & CLS_ALPHA))
		return 0;
	for (size_t k = 0; begins[k] != NULL; k++) {
		size_t end = i + strlen(begins[k]);

		if (end >= f->n || !word_is(f, i, end, begins[k]))
			continue;
		while (end < f->n && in_link(f->cp[end]))
			end++;
		while (end > i && (f->cp[end - 1] == '.' || f->cp[end - 1] == '!' || f->cp[end - 1] == '?'))
			end--;
		return end;
	}
	return 0;
}

static void
sums_and_links(struct work *w, struct found *s)
{
	const struct folded *f = &w->line;

	for (size_t i = 0; i < f->n;) {
		size_t end = 0;
		const char *what = "link";

		if (f->cp[i] == 'h' || f->cp[i] == 'w')
			end = link_at(w, i);
		else if (f->cp[i] == '$' || f->cp[i] > 0x9F || (f->cp[i] >= '0' && f->cp[i] <= '9')) {
			end = amount_at(w, i);
			what = "amount";
		}
		if (end != 0)
			add(w, s, i, end, what);
		if (end == 0 && f->cp[i] >= '0' && f->cp[i] <= '9')
			end = digits_end(f, i);		/* not once more from its middle */
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

			add(w, &s, number_before(w, h->from), end != 0 ? end : h->to, "time");
		} else if (h->signal == SIG_ITEM)
			add(w, &s, h->from, h->to, "item");
		else if (h->signal == SIG_PERSON)
			add(w, &s, person_begins(w, h->from), h->to, "person");
	}
	for (size_t i = 0; i < w->line.n; i++) {
		size_t end = numeral(w->line.cp[i]) && (i == 0 || !numeral(w->line.cp[i - 1])) ? date_at(w, i) : 0;

		if (end == 0)
			end = clock_at(w, i);
		if (end != 0) {
			add(w, &s, i, end, "time");
			i = end - 1;
		}
	}
	join_times(w, &s);
	sums_and_links(w, &s);
	places_chinese(w, &s);
	if (w->whole.latin > w->whole.cjk)
		places_english(w, &s);
	for (size_t i = 0; i < w->intent->nspans && s.n < SLOTS_MAX; i++)
		if (strcmp(w->intent->spans[i].what, "phone") == 0 || strcmp(w->intent->spans[i].what, "plate") == 0)
			s.span[s.n++] = w->intent->spans[i];
	w->intent->slots = s.span;
	w->intent->nslots = s.n;
}
