/*
 * Folding: what looks alike or means the same becomes the same, so that one cue
 * serves full-width marks, capitals, accents and both Chinese scripts.
 *
 * ICU fills one table when the reader is made; on the way of a line there is no
 * call into it.  Beyond the basic plane only the mathematical letters fold
 * (people paste them to look special); emoji and rare Han stay as they are.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "base/str.h"
#include "text/internal.h"

enum {
	BMP = 0x10000,
	MATH_FIRST = 0x1D400, MATH_LAST = 0x1D7FF,
	POINTS = BMP + MATH_LAST - MATH_FIRST + 1,
	HAN_FIRST = 0x3400, HAN_LAST = 0x9FFF,
	MANY = 0xFFFF,		/* in `one`: look among the long ones */
	LONGEST = 18,		/* U+FDFA; nothing folds to more */
};

struct longer {
	uint32_t	 from;
	uint16_t	 to[LONGEST];
	uint8_t		 n;
};

struct fold_table {
	uint16_t	 one[POINTS];	/* 0: folds to nothing */
	uint8_t		 cls[BMP];
	struct longer	*longer;	/* sorted by from */
	size_t		 nlonger;
};

/*
 * Simplified forms that are good traditional characters too (后 in 皇后): they
 * prove nothing about the script, although ICU would rewrite them.
 */
static const UChar either_script[] = u"后里面只台干几了斗谷系松云余致制表板姜范郁征折丑出冲克准吊周回困夸家布并弥御志才扎"
    u"向合同千秋朱注杆升咨游雇占采岳布托舍仆卷厘吁胡须借旋曲症蒙复划万与个";

/* Written in Cantonese and never in simplified Mandarin. */
static const UChar cantonese[] = u"唔咗嘅喺冇佢嘢嚟啲咁哋咩嗰";

static size_t
slot_of(uint32_t cp)
{
	if (cp < BMP)
		return cp;
	if (cp >= MATH_FIRST && cp <= MATH_LAST)
		return BMP + cp - MATH_FIRST;
	return SIZE_MAX;
}

/* Accents go after NFKC_Casefold, so that a composed and a decomposed é meet at e. */
static int32_t
drop_accents(const UNormalizer2 *nfd, UChar *s, int32_t n)
{
	UErrorCode e = U_ZERO_ERROR;
	UChar wide[4 * LONGEST];
	int32_t wn = unorm2_normalize(nfd, s, n, wide, 4 * LONGEST, &e), kept = 0;

	if (U_FAILURE(e))
		return n;
	for (int32_t i = 0; i < wn && kept < LONGEST; i++)
		if (wide[i] < 0x300 || wide[i] > 0x36F)
			s[kept++] = wide[i];
	return kept;
}

static void
keep_fold(struct fold_table *t, uint32_t cp, const UChar *to, int32_t n)
{
	size_t slot = slot_of(cp);

	if (n == 0)
		t->one[slot] = 0;
	else if (n == 1)
		t->one[slot] = to[0];
	else {
		struct longer *l;

		t->longer = xrealloc(t->longer, (t->nlonger + 1) * sizeof *t->longer);
		l = &t->longer[t->nlonger++];
		memset(l, 0, sizeof *l);
		l->from = cp;
		l->n = (uint8_t)(n < LONGEST ? n : LONGEST);
		memcpy(l->to, to, l->n * sizeof *to);
		t->one[slot] = MANY;
	}
}

static void
fill_one(struct fold_table *t, const UNormalizer2 *nfkc, const UNormalizer2 *nfd, uint32_t cp)
{
	UErrorCode e = U_ZERO_ERROR;
	UChar in[2], out[4 * LONGEST];
	int32_t n = 0;

	U16_APPEND_UNSAFE(in, n, (UChar32)cp);
	n = unorm2_normalize(nfkc, in, n, out, 4 * LONGEST, &e);
	if (U_FAILURE(e) || n > LONGEST) {
		keep_fold(t, cp, u"\xFFFD", 1);
		return;
	}
	/* A few compatibility ideographs go beyond the basic plane: they stay. So do holes among the letters. */
	for (int32_t i = 0; i < n; i++)
		if (U16_IS_SURROGATE(out[i])) {
			keep_fold(t, cp, &(UChar){ cp < BMP ? (UChar)cp : 0xFFFD }, 1);
			return;
		}
	/* Control characters and every kind of space are a space. */
	if (n == 1 && (u_isUWhiteSpace(out[0]) || u_iscntrl(out[0])))
		out[0] = ' ';
	keep_fold(t, cp, out, drop_accents(nfd, out, n));
}

/* Runs an ICU transliterator once over all Han characters of the basic plane. */
static UChar *
transliterate_han(const UChar *id)
{
	UErrorCode e = U_ZERO_ERROR;
	int32_t count = HAN_LAST - HAN_FIRST + 1, cap = count * 4, n = 0, limit;
	UChar *s = xcalloc((size_t)cap, sizeof *s), *map = xcalloc((size_t)count, sizeof *map);
	UTransliterator *t = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &e);

	for (int32_t i = 0; i < count; i++) {
		map[i] = (UChar)(HAN_FIRST + i);
		s[n++] = map[i];
		s[n++] = '\n';	/* so that no rule sees two characters together */
	}
	limit = n;
	if (U_SUCCESS(e))
		utrans_transUChars(t, s, &n, cap, 0, &limit, &e);
	if (U_SUCCESS(e))
		for (int32_t i = 0, at = 0; i < count && at < n; i++) {
			if (at + 1 < n && s[at + 1] == '\n')
				map[i] = s[at];
			while (at < n && s[at] != '\n')
				at++;
			at++;
		}
	if (t != NULL)
		utrans_close(t);
	free(s);
	return map;
}

static uint8_t
class_of(UChar32 c)
{
	UErrorCode e = U_ZERO_ERROR;
	UScriptCode script = uscript_getScript(c, &e);

	if (script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA)
		return CLS_CJK;
	if (u_isdigit(c))
		return CLS_DIGIT;
	if (u_isalpha(c))
		return CLS_ALPHA;
	return u_isUWhiteSpace(c) || u_iscntrl(c) ? CLS_SPACE : CLS_PUNCT;
}

static UChar
simple_of(const UChar *simple, UChar c)
{
	return c < HAN_FIRST || c > HAN_LAST ? c : simple[c - HAN_FIRST];
}

/*
 * ICU's table has 苧 and 苎 each become the other, and 薴 become one of them: the
 * lower one stands for all.
 */
static UChar
simplify(const UChar *simple, UChar c)
{
	UChar to = simple_of(simple, c), next = simple_of(simple, to);

	return to < next ? to : next;	/* the same, but for that pair */
}

static void
fill_han(struct fold_table *t)
{
	UChar *simple = transliterate_han(u"Traditional-Simplified");
	UChar *full = transliterate_han(u"Simplified-Traditional");

	for (uint32_t i = 0; i <= HAN_LAST - HAN_FIRST; i++) {
		UChar c = (UChar)(HAN_FIRST + i);

		if (simple[i] != c)
			t->cls[c] |= CLS_HANT;
		else if (full[i] != c && u_strchr(either_script, c) == NULL)
			t->cls[c] |= CLS_HANS;
	}
	for (size_t i = 0; cantonese[i] != 0; i++)
		t->cls[cantonese[i]] = (uint8_t)((t->cls[cantonese[i]] & ~CLS_HANS) | CLS_HANT);
	/* Last, over what normalising gave: compatibility ideographs become plain ones first. */
	for (size_t i = 0; i < POINTS; i++)
		t->one[i] = simplify(simple, t->one[i]);
	for (size_t i = 0; i < t->nlonger; i++)
		for (size_t k = 0; k < t->longer[i].n; k++)
			t->longer[i].to[k] = simplify(simple, t->longer[i].to[k]);
	free(simple);
	free(full);
}

struct fold_table *
fold_table_new(void)
{
	UErrorCode e = U_ZERO_ERROR;
	const UNormalizer2 *nfkc = unorm2_getNFKCCasefoldInstance(&e), *nfd = unorm2_getNFDInstance(&e);
	struct fold_table *t = xcalloc(1, sizeof *t);

	for (uint32_t cp = 0; cp <= MATH_LAST; cp = cp == BMP - 1 ? MATH_FIRST : cp + 1) {
		if (cp < BMP)
			t->cls[cp] = class_of((UChar32)cp);
		if (cp < BMP && (U_FAILURE(e) || (cp >= 0xAC00 && cp <= 0xF8FF)))
			t->one[cp] = (uint16_t)cp;	/* Hangul, private use: as they are */
		else if (U_SUCCESS(e))
			fill_one(t, nfkc, nfd, cp);
	}
	fill_han(t);
	return t;
}

void
fold_table_free(struct fold_table **t)
{
	if (*t == NULL)
		return;
	free((*t)->longer);
	free(*t);
	*t = NULL;
}

int
fold_class(const struct fold_table *t, uint32_t cp)
{
	if (cp < BMP)
		return t->cls[cp];
	return cp >= 0x20000 && cp < 0x40000 ? CLS_CJK : CLS_PUNCT;
}

static int
by_from(const void *key, const void *elem)
{
	uint32_t a = *(const uint32_t *)key, b = ((const struct longer *)elem)->from;

	return (a > b) - (a < b);
}

/* Writes what cp folds to; its length. `out` holds LONGEST. */
static size_t
fold_point(const struct fold_table *t, uint32_t cp, uint32_t *out)
{
	size_t slot = slot_of(cp);
	const struct longer *l;

	if (slot == SIZE_MAX) {
		/* variation selectors, tags */
		if (cp >= 0xE0000 && cp <= 0xE0FFF)
			return 0;
		out[0] = cp;
		return 1;
	}
	if (t->one[slot] != MANY) {
		out[0] = t->one[slot];
		return out[0] != 0;
	}
	l = bsearch(&cp, t->longer, t->nlonger, sizeof *t->longer, by_from);
	if (l == NULL)
		return 0;
	for (size_t i = 0; i < l->n; i++)
		out[i] = l->to[i];
	return l->n;
}

uint32_t
utf8_next(const char *s, size_t len, size_t *i)
{
	const unsigned char *p = (const unsigned char *)s + *i;
	size_t left = len - *i, need;
	uint32_t cp;

	if (p[0] < 0x80) {
		*i += 1;
		return p[0];
	}
	if (p[0] >= 0xC2 && p[0] <= 0xDF)
		need = 2, cp = p[0] & 0x1Fu;
	else if (p[0] >= 0xE0 && p[0] <= 0xEF)
		need = 3, cp = p[0] & 0x0Fu;
	else if (p[0] >= 0xF0 && p[0] <= 0xF4)
		need = 4, cp = p[0] & 0x07u;
	else
		need = 0, cp = 0;
	for (size_t k = 1; k < need && need <= left; k++) {
		if ((p[k] & 0xC0) != 0x80)
			need = 0;
		else
			cp = cp << 6 | (p[k] & 0x3Fu);
	}
	/* Overlong forms, surrogates and what lies beyond Unicode are no characters. */
	if ((need == 3 && (cp < 0x800 || (cp >= 0xD800 && cp <= 0xDFFF))) || (need == 4 && (cp < BMP || cp > 0x10FFFF)))
		need = 0;
	if (need == 0 || need > left) {
		*i += 1;
		return 0xFFFD;
	}
	*i += need;
	return cp;
}

size_t
utf8_put(char *out, uint32_t cp)
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < BMP) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}

static void
count_script(const struct fold_table *t, uint32_t cp, struct folded *f)
{
	int cls = fold_class(t, cp);

	f->hant += (cls & CLS_HANT) != 0;
	f->hans += (cls & CLS_HANS) != 0;
	f->cjk += (cls & CLS_CJK) != 0;
	f->latin += cp < 0x250 && (cls & CLS_ALPHA) != 0;
}

static void
folded_room(struct folded *f, size_t *cap, size_t more, struct arena *arena)
{
	uint32_t *cp, *at;

	if (f->n + more + 1 <= *cap)
		return;
	*cap = 2 * *cap + more + 1;
	cp = arena_alloc(arena, *cap * sizeof *cp);
	at = arena_alloc(arena, *cap * sizeof *at);
	if (f->n > 0) {
		memcpy(cp, f->cp, f->n * sizeof *cp);
		memcpy(at, f->at, f->n * sizeof *at);
	}
	f->cp = cp;
	f->at = at;
}

void
fold_line(const struct fold_table *t, const char *s, size_t len, struct arena *arena, struct folded *f)
{
	uint32_t out[LONGEST];
	size_t cap = 0;

	memset(f, 0, sizeof *f);
	folded_room(f, &cap, len, arena);
	for (size_t i = 0; i < len;) {
		size_t at = i, n;
		uint32_t cp = utf8_next(s, len, &i);

		count_script(t, cp, f);
		/* A line's end is kept: it ends a sentence. */
		if (cp == '\n' || cp == '\r')
			n = 1, out[0] = '\n';
		else
			n = fold_point(t, cp, out);
		folded_room(f, &cap, n, arena);
		for (size_t k = 0; k < n; k++) {
			if (out[k] == ' ' && (f->n == 0 || f->cp[f->n - 1] == ' ' || f->cp[f->n - 1] == '\n'))
				continue;
			f->cp[f->n] = out[k];
			f->at[f->n++] = (uint32_t)at;
		}
	}
	f->cp[f->n] = 0;
	f->at[f->n] = (uint32_t)len;
}

size_t
fold_end(const struct folded *f, size_t to)
{
	size_t i = to;

	while (i < f->n && f->at[i] == f->at[to - 1])
		i++;
	return f->at[i];
}

void
fold_squeeze(const struct fold_table *t, const struct folded *in, size_t from, struct arena *arena,
    struct folded *f)
{
	size_t room = in->n - from + 1;

	*f = *in;
	f->cp = arena_alloc(arena, room * sizeof *f->cp);
	f->at = arena_alloc(arena, room * sizeof *f->at);
	f->n = 0;
	for (size_t i = from; i < in->n; i++) {
		uint32_t cp = in->cp[i];

		if (cp == ' ' && f->n > 0 && i + 1 < in->n &&
		    (fold_class(t, f->cp[f->n - 1]) & CLS_CJK) && (fold_class(t, in->cp[i + 1]) & CLS_CJK))
			continue;
		if (f->n >= 3 && (fold_class(t, cp) & CLS_PUNCT) && f->cp[f->n - 1] == cp &&
		    f->cp[f->n - 2] == cp && f->cp[f->n - 3] == cp)
			continue;
		f->cp[f->n] = cp;
		f->at[f->n++] = in->at[i];
	}
	f->cp[f->n] = 0;
	f->at[f->n] = in->at[in->n];
}

size_t
fold_name_at(const struct fold_table *t, const struct folded *f, size_t at, const char *name)
{
	uint32_t out[LONGEST];
	size_t len, pos = at, i = 0;

	if (name == NULL)
		return 0;
	while (*name == ' ')
		name++;
	len = strlen(name);
	while (len > 0 && name[len - 1] == ' ')
		len--;
	while (i < len) {
		size_t n = fold_point(t, utf8_next(name, len, &i), out);

		for (size_t k = 0; k < n; k++, pos++)
			if (pos >= f->n || f->cp[pos] != out[k])
				return 0;
	}
	return pos > at ? pos : 0;
}

char *
fold_bare(const struct fold_table *t, const char *s, struct arena *arena)
{
	struct folded f;
	char *out;
	size_t n = 0;
	bool gap = false;

	fold_line(t, s, strlen(s), arena, &f);
	out = arena_alloc(arena, f.n * 5 + 1);
	for (size_t i = 0; i < f.n; i++) {
		int cls = fold_class(t, f.cp[i]);

		if (!(cls & (CLS_CJK | CLS_ALPHA | CLS_DIGIT))) {
			gap = true;
			continue;
		}
		/* Between words of letters one space stays: "to day" is not "today". */
		if (gap && n > 0 && !(cls & CLS_CJK) && !((unsigned char)out[n - 1] & 0x80))
			out[n++] = ' ';
		gap = false;
		n += utf8_put(out + n, f.cp[i]);
	}
	out[n] = '\0';
	return out;
}
