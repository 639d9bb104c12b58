/*
 * What is private in a line: identity numbers, bank cards, telephones, plates.
 * Only what carries a check digit that holds is certain; the rest is masked but
 * never spoken about.
 */
#include <string.h>

#include "text/internal.h"

enum {
	SPANS_MAX = 64,
	GROUPS_MAX = 5,		/* groups of digits joined by single spaces or hyphens */
	DIGITS_MAX = 24,
};

struct group {
	size_t	 from, to;
};

struct spans {
	struct span	*span;
	size_t		 n;
};

static bool
digit(const struct folded *f, size_t i)
{
	return i < f->n && f->cp[i] >= '0' && f->cp[i] <= '9';
}

static bool
letter(const struct folded *f, size_t i)
{
	return i < f->n && f->cp[i] >= 'a' && f->cp[i] <= 'z';
}

static void
add(const struct work *w, struct spans *s, size_t from, size_t to, const char *what, bool certain)
{
	const struct folded *f = &w->whole;

	if (s->n == SPANS_MAX)
		return;
	s->span[s->n++] = (struct span){ w->body + f->at[from], fold_end(f, to) - f->at[from], what, certain };
}

/* --- check digits --- */

static bool
plausible_birth(const char *d)	/* YYYYMMDD */
{
	int year = (d[0] - '0') * 1000 + (d[1] - '0') * 100 + (d[2] - '0') * 10 + (d[3] - '0');
	int month = (d[4] - '0') * 10 + (d[5] - '0'), day = (d[6] - '0') * 10 + (d[7] - '0');

	return year >= 1900 && year <= 2099 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* GB 11643-1999: ISO 7064 MOD 11-2 over 17 digits. */
static bool
resident_id(const char *d, char check)
{
	static const int weight[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
	int sum = 0;

	for (int i = 0; i < 17; i++)
		sum += (d[i] - '0') * weight[i];
	return d[0] >= '1' && d[0] <= '8' && plausible_birth(d + 6) && "10x98765432"[sum % 11] == check;
}

static bool
luhn(const char *d, size_t n)
{
	int sum = 0;

	for (size_t i = 0; i < n; i++) {
		int v = d[n - 1 - i] - '0';

		if (i % 2 == 1 && (v *= 2) > 9)
			v -= 9;
		sum += v;
	}
	return sum % 10 == 0;
}

static bool
card_prefix(const char *d, size_t n)
{
	int two = (d[0] - '0') * 10 + (d[1] - '0');

	if (two == 62)
		return n >= 16;
	if (n == 19)
		return two == 60 || two == 95 || two == 94 || two == 68 || two == 69;
	return n == 16 && (d[0] == '4' || (two >= 51 && two <= 55) || (two >= 22 && two <= 27) || two == 35 || two == 60);
}

/* --- numbers --- */

static size_t
copy_digits(const struct folded *f, const struct group *g, size_t n, char *out)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = g[i].from; k < g[i].to && len < DIGITS_MAX; k++)
			out[len++] = (char)f->cp[k];
	out[len] = '\0';
	return len;
}

static size_t
group_len(const struct group *g)
{
	return g->to - g->from;
}

/* A bank card in one piece or in groups of four; how many groups it takes, 0 if none. */
static size_t
card_groups(const struct folded *f, const struct group *g, size_t n, bool *valid)
{
	char d[DIGITS_MAX + 1];
	size_t take = 1, len;

	if (group_len(&g[0]) == 4)
		while (take < n && take < GROUPS_MAX && (group_len(&g[take]) == 4 || (take == 4 && group_len(&g[take]) < 4)))
			take++;
	else if (group_len(&g[0]) == 6 && n > 1 && group_len(&g[1]) >= 10 && group_len(&g[1]) <= 13)
		take = 2;
	for (; take > 0; take--) {
		len = copy_digits(f, g, take, d);
		if (len >= 16 && len <= 19 && card_prefix(d, len)) {
			*valid = luhn(d, len);
			return take;
		}
	}
	return 0;
}

/* Telephone: mobile (CN 1xx, TW 09), HK 8 digits with +852 or a gap, landline with its area code. */
static size_t
phone_groups(const struct folded *f, const struct group *g, size_t n)
{
	char d[DIGITS_MAX + 1];

	for (size_t take = n < 4 ? n : 4; take > 0; take--) {
		size_t len = copy_digits(f, g, take, d);
		const char *p = d;

		if (len > 11 && strncmp(p, "86", 2) == 0 && (len == 13))
			p += 2, len -= 2;
		else if (strncmp(p, "852", 3) == 0 && len == 11)
			return p[3] >= '2' ? take : 0;
		else if (strncmp(p, "886", 3) == 0 && len == 12)
			return take;
		if (len == 11 && p[0] == '1' && p[1] >= '3')
			return take;
		if (len == 10 && p[0] == '0' && p[1] == '9')
			return take;
		if (p[0] == '0' && p[1] != '0' && len >= 9 && len <= 12 && (take > 1 || len >= 10))
			return take;
		if (take == 2 && len == 8 && group_len(&g[0]) == 4 && p[0] >= '5' && p[0] != '7' && p[0] != '8')
			return take;
		if (take == 1 && len == 8 && (p[0] == '5' || p[0] == '6' || p[0] == '9'))
			return take;	/* a Hong Kong mobile */
	}
	return 0;
}

/* Digits at i, not part of a longer word: the groups from here on. */
static size_t
groups_at(const struct folded *f, size_t i, struct group *g)
{
	size_t n = 0;

	while (n < GROUPS_MAX && digit(f, i)) {
		g[n].from = i;
		while (digit(f, i))
			i++;
		g[n++].to = i;
		if ((i < f->n && (f->cp[i] == ' ' || f->cp[i] == '-')) && digit(f, i + 1))
			i++;
		else
			break;
	}
	return n;
}

/* Looks at the digits that begin at i; where to go on. */
static size_t
number_read(const struct work *w, size_t i, struct spans *s)
{
	const struct folded *f = &w->whole;
	struct group g[GROUPS_MAX];
	size_t n = groups_at(f, i, g), take, first = group_len(&g[0]), to;
	char d[DIGITS_MAX + 1];
	bool valid = false;

	copy_digits(f, g, 1, d);
	if ((first == 17 && g[0].to < f->n && f->cp[g[0].to] == 'x' && !letter(f, g[0].to + 1)) || first == 18) {
		char check = first == 18 ? d[17] : 'x';

		if (resident_id(d, check) || plausible_birth(d + 6)) {
			to = g[0].from + 18;
			add(w, s, i, to, "id_number", resident_id(d, check));
			return to;
		}
	}
	if (first == 6 && n > 2 && group_len(&g[1]) == 8 && (group_len(&g[2]) == 4 || group_len(&g[2]) == 3)) {
		size_t len = copy_digits(f, g, 3, d);
		bool x = len == 17 && g[2].to < f->n && f->cp[g[2].to] == 'x';

		if ((len == 18 || x) && resident_id(d, x ? 'x' : d[17])) {
			add(w, s, i, g[2].to + x, "id_number", true);
			return g[2].to + x;
		}
	}
	if ((take = card_groups(f, g, n, &valid)) != 0) {
		add(w, s, i, g[take - 1].to, "bank_card", valid);
		return g[take - 1].to;
	}
	if ((take = phone_groups(f, g, n)) != 0) {
		add(w, s, i, g[take - 1].to, "phone", false);
		return g[take - 1].to;
	}
	return g[0].to;
}

/* --- letters and digits: Hong Kong, Taiwan, Macau --- */

static int
letter_value(uint32_t c)
{
	return (int)(c - 'a') + 10;
}

/* A123456(7): weights 9..2 over eight places, a blank counting 36. */
static bool
hong_kong(const struct folded *f, size_t i, size_t letters, size_t check)
{
	int sum = letters == 2 ? 9 * letter_value(f->cp[i]) : 9 * 36;
	uint32_t c = f->cp[check];

	sum += 8 * letter_value(f->cp[i + letters - 1]);
	for (size_t k = 0; k < 6; k++)
		sum += (int)(7 - k) * (int)(f->cp[i + letters + k] - '0');
	sum += c == 'a' ? 10 : (int)(c - '0');
	return sum % 11 == 0;
}

/* A123456789 */
static bool
taiwan(const struct folded *f, size_t i)
{
	static const int code[26] = { 10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27,
	    28, 29, 32, 30, 31, 33 };
	int v = code[f->cp[i] - 'a'], sum = v / 10 + v % 10 * 9;

	for (size_t k = 0; k < 8; k++)
		sum += (int)(8 - k) * (int)(f->cp[i + 1 + k] - '0');
	return (sum + (int)(f->cp[i + 9] - '0')) % 10 == 0;
}

static size_t
digits_from(const struct folded *f, size_t i)
{
	size_t n = 0;

	while (n <= DIGITS_MAX && digit(f, i + n))
		n++;
	return n;
}

static size_t
letters_read(const struct work *w, size_t i, struct spans *s)
{
	const struct folded *f = &w->whole;
	size_t letters = 1, digits, check;

	while (letters < 3 && letter(f, i + letters))
		letters++;
	digits = digits_from(f, i + letters);
	if (letters == 1 && digits == 9 && strchr("1289", (int)f->cp[i + 1]) != NULL && !letter(f, i + 10)) {
		add(w, s, i, i + 10, "id_number", taiwan(f, i));
		return i + 10;
	}
	if (letters > 2 || digits < 6 || digits > 7)
		return i + letters;
	check = i + letters + 6;
	if (digits == 6 && check + 2 < f->n && f->cp[check] == '(' && f->cp[check + 2] == ')' &&
	    (digit(f, check + 1) || f->cp[check + 1] == 'a')) {
		add(w, s, i, check + 3, "id_number", hong_kong(f, i, letters, check + 1));
		return check + 3;
	}
	if (digits == 7 && !letter(f, check + 1) && hong_kong(f, i, letters, check)) {
		add(w, s, i, check + 1, "id_number", false);
		return check + 1;
	}
	return i + letters;
}

/* 1234567(8) */
static bool
macau_at(const struct folded *f, size_t i)
{
	return digits_from(f, i) == 7 && strchr("157", (int)f->cp[i]) != NULL && i + 9 < f->n &&
	    f->cp[i + 7] == '(' && digit(f, i + 8) && f->cp[i + 9] == ')';
}

/* 皖A12345, 皖AD12345, 粤Z1234港: one past it, or 0. */
static size_t
plate_at(const struct folded *f, size_t i)
{
	static const uint32_t provinces[] = U"京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
	size_t k = i + 2, wordy = 0, digits = 0;
	bool province = false;

	if (f->cp[i] < 0x4E00 || !letter(f, i + 1))
		return 0;
	for (size_t p = 0; provinces[p] != 0; p++)
		province |= provinces[p] == f->cp[i];
	if (!province)
		return 0;
	if (k < f->n && (f->cp[k] == 0xB7 || f->cp[k] == '-' || f->cp[k] == ' ' || f->cp[k] == '.' || f->cp[k] == 0x2022))
		k++;
	while (wordy < 7 && (digit(f, k) || letter(f, k))) {
		digits += digit(f, k);
		wordy++;
		k++;
	}
	return (wordy == 5 || wordy == 6) && digits >= 2 ? k : 0;
}

void
private_read(struct work *w)
{
	const struct folded *f = &w->whole;
	struct spans s = { arena_alloc(w->arena, SPANS_MAX * sizeof(struct span)), 0 };

	for (size_t i = 0; i < f->n;) {
		bool inside = i > 0 && (digit(f, i - 1) || letter(f, i - 1));
		size_t end;

		if ((end = plate_at(f, i)) != 0) {
			add(w, &s, i, end, "plate", false);
			i = end;
		} else if (digit(f, i) && macau_at(f, i)) {
			add(w, &s, i, i + 10, "id_number", false);
			i += 10;
		} else if (digit(f, i)) {
			/* "qq1936205847" and "no13800000000" are private all the same */
			i = number_read(w, i, &s);
		} else if (letter(f, i) && !inside)
			i = letters_read(w, i, &s);
		else
			i++;
	}
	w->intent->spans = s.span;
	w->intent->nspans = s.n;
}

/* --- masking --- */

static size_t
points_in(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)s[i] & 0xC0) != 0x80;
	return n;
}

char *
text_mask(const char *text, const struct intent *in, struct arena *arena)
{
	size_t len = strlen(text), out = 0, at = 0;
	char *copy = arena_alloc(arena, len + 1);

	for (size_t i = 0; i < in->nspans; i++) {
		const struct span *s = &in->spans[i];
		size_t n, point = 0, head, tail;

		if (s->at < at || s->at + s->len > len)
			continue;
		n = points_in(text + s->at, s->len);
		tail = n >= 11 ? 4 : n / 5;
		head = n >= 16 ? 4 : n >= 11 ? 3 : n / 4;
		memcpy(copy + out, text + at, s->at - at);
		out += s->at - at;
		at = s->at;
		while (at < s->at + s->len) {
			size_t from = at++;

			while (at < s->at + s->len && ((unsigned char)text[at] & 0xC0) == 0x80)
				at++;
			if (point < head || point >= n - tail) {
				memcpy(copy + out, text + from, at - from);
				out += at - from;
			} else
				copy[out++] = '*';
			point++;
		}
	}
	memcpy(copy + out, text + at, len - at);
	copy[out + len - at] = '\0';
	return copy;
}
