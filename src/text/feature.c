/*
 * What the model looks at: runs of one to four tokens of the line, how strongly the cues
 * speak for each kind, and the signals.  A token is a Han character, a word of letters
 * (with its beginning as a second, looser one), a number by its length, or a mark.
 *
 * A feature is known by a hash of its tokens, so that nothing is built or compared as text
 * on the way of a line; its text ("丢 了", "lost my", "=hazard 3") is hashed to the same.
 */
#include <string.h>

#include "base/str.h"
#include "text/internal.h"

enum { RUN = 4, RUN_WORDS = 3, STEM = 4, STEM_FROM = 6 };

/* One round of a multiplicative mixer: enough for a table, and cheap. */
static uint64_t
mix(uint64_t h, uint32_t cp)
{
	h = (h ^ cp) * UINT64_C(0x9E3779B97F4A7C15);
	return h ^ (h >> 29);
}

static const uint64_t SEED = UINT64_C(0x8C5F1D0B5A3E2771);

/* Between two tokens, so that "ab c" and "a bc" differ. */
enum { GLUE = 1 };

uint64_t
feature_key(const char *text)
{
	size_t n = strlen(text), i = 0;
	uint64_t h = SEED;

	while (i < n) {
		uint32_t cp = utf8_next(text, n, &i);

		h = mix(h, cp == ' ' ? GLUE : cp);
	}
	return h;
}

struct token {
	uint32_t	 from, to;	/* in the line */
	uint32_t	 cp;		/* of one character; 0: `from` to `to` of the line */
	bool		 word;		/* letters */
	uint8_t		 digits;	/* of a number: its length; 0 none */
};

struct reading {
	const struct folded	*line;
	const struct fold_table	*fold;
	struct features		*out;
};

static void
add(struct features *f, uint64_t key, size_t from, size_t to)
{
	if (f->n < FEATURES_MAX)
		f->list[f->n++] = (struct feature){ key, (uint32_t)from, (uint32_t)to };
}

static uint64_t
mix_token(const struct reading *r, uint64_t h, const struct token *t)
{
	if (t->digits > 0)
		return mix(mix(h, '#'), '0' + (t->digits > 9 ? 9u : t->digits));
	if (t->cp != 0)
		return mix(h, t->cp);
	for (uint32_t i = t->from; i < t->to; i++)
		h = mix(h, r->line->cp[i]);
	return h;
}

/* What begins or ends a line, what marks a question, a title or a feeling. */
static bool
tells(uint32_t cp)
{
	return cp == '?' || cp == '!' || cp == '@' || cp == '[' || cp == ']' || cp == '(' || cp == ')' || cp == '~' ||
	    cp == 0x3010 || cp == 0x3011 || cp == 0x300a || cp == 0x2026 || cp == ':' || cp == '#' || cp == '$' || cp == '%' ||
	    cp >= 0x2600;
}

static size_t
run_of(const struct reading *r, size_t i, int cls)
{
	const struct folded *f = r->line;

	while (i < f->n && ((fold_class(r->fold, f->cp[i]) & cls) != 0 || (cls == CLS_ALPHA && f->cp[i] == '\'' && i + 1 < f->n &&
	    (fold_class(r->fold, f->cp[i + 1]) & CLS_ALPHA) != 0)))
		i++;
	return i;
}

static size_t
next_token(const struct reading *r, size_t i, struct token *t)
{
	const struct folded *f = r->line;

	for (; i < f->n; i++) {
		int cls = fold_class(r->fold, f->cp[i]);
		size_t end;

		*t = (struct token){ .from = (uint32_t)i, .to = (uint32_t)i + 1 };
		if (cls & CLS_ALPHA) {
			end = run_of(r, i, CLS_ALPHA);
			t->to = (uint32_t)end;
			t->word = true;
			return end;
		}
		if (cls & CLS_DIGIT) {
			end = run_of(r, i, CLS_DIGIT);
			t->to = (uint32_t)end;
			t->digits = (uint8_t)(end - i > 12 ? 12 : end - i);
			return end;
		}
		if ((cls & CLS_CJK) || tells(f->cp[i])) {
			t->cp = f->cp[i];
			return i + 1;
		}
	}
	t->from = t->to = (uint32_t)f->n;
	return SIZE_MAX;
}

/* The runs that end with the newest token. */
static void
add_runs(struct reading *r, const struct token *t, size_t n)
{
	size_t longest = t[n - 1].word ? RUN_WORDS : RUN;

	for (size_t len = 1; len <= longest && len <= n; len++) {
		uint64_t h = SEED;

		for (size_t i = n - len; i < n; i++)
			h = mix_token(r, i > n - len ? mix(h, GLUE) : h, &t[i]);
		add(r->out, h, t[n - len].from, t[n - 1].to);
	}
	if (t[n - 1].word && t[n - 1].to - t[n - 1].from >= STEM_FROM) {
		struct token stem = t[n - 1];

		stem.to = stem.from + STEM;
		add(r->out, mix(mix_token(r, SEED, &stem), '*'), t[n - 1].from, t[n - 1].to);
	}
}

static void
add_words(struct reading *r)
{
	static const struct token begin = { .cp = '^' }, end = { .cp = '$' };
	struct token t[RUN];
	size_t n = 0, i = 0;
	bool ended = false;

	t[n++] = begin;
	while (!ended) {
		struct token next;

		i = next_token(r, i, &next);
		ended = i == SIZE_MAX;
		if (ended) {
			next = end;
			next.from = next.to = (uint32_t)r->line->n;
		}
		if (n == RUN) {
			memmove(t, t + 1, (RUN - 1) * sizeof *t);
			n--;
		}
		t[n++] = next;
		add_runs(r, t, n);
	}
}

static uint64_t
name_key(char mark, const char *name)
{
	uint64_t h = mix(SEED, (unsigned char)mark);

	for (; *name != '\0'; name++)
		h = mix(h, (unsigned char)*name);
	return h;
}

/* "=hazard 3": the cues for a hazard speak with 60 to 79 percent. */
static uint64_t
cue_key(const char *code, int percent)
{
	return mix(mix(name_key('=', code), GLUE), '0' + (uint32_t)(percent / 20));
}

void
features_of(const struct work *w, const struct kinds *kinds, const int *percent, struct features *out)
{
	struct reading r = { &w->line, w->fold, out };

	out->n = 0;
	add_words(&r);
	out->nwords = out->n;
	for (size_t k = 0; k < kinds->n; k++)
		if (percent[k] > 0)
			add(out, cue_key(kinds->kind[k]->code, percent[k]), 0, 0);
	for (enum signal s = SIG_NONE + 1; s < SIGNALS; s++)
		if (HAS(&w->hits, s))
			add(out, name_key('~', signal_name(s)), 0, 0);
}

/* --- as text, for the weights file and for reasons --- */

/* The tokens between two places, with marks before, behind and after the last. */
static void
write_tokens(const struct work *w, size_t from, size_t to, const char *before, const char *after, struct buf *out)
{
	struct reading r = { &w->line, w->fold, NULL };
	struct folded part = w->line;
	struct token t;
	char utf8[4];

	out->len = 0;
	buf_add(out, before);
	part.n = to;
	r.line = &part;
	for (size_t i = from; (i = next_token(&r, i, &t)) != SIZE_MAX;) {
		if (out->len > 0)
			buf_add(out, " ");
		if (t.digits > 0)
			buf_addf(out, "#%d", t.digits > 9 ? 9 : t.digits);
		for (uint32_t k = t.digits > 0 ? t.to : t.from; k < t.to; k++)
			buf_addn(out, utf8, utf8_put(utf8, part.cp[k]));
	}
	buf_add(out, after);
}

bool
feature_text(const struct work *w, const struct kinds *kinds, const struct feature *f, struct buf *out)
{
	static const char *const ends[][2] = { { "", "" }, { "^", "" }, { "", " $" }, { "^", " $" } };
	size_t i;

	if (f->from == f->to) {
		for (i = 0; i < kinds->n; i++)
			for (int fifth = 0; fifth <= 5; fifth++)
				if (cue_key(kinds->kind[i]->code, fifth * 20) == f->key) {
					out->len = 0;
					buf_addf(out, "=%s %d", kinds->kind[i]->code, fifth);
					return true;
				}
		for (enum signal s = SIG_NONE + 1; s < SIGNALS; s++)
			if (name_key('~', signal_name(s)) == f->key) {
				out->len = 0;
				buf_addf(out, "~%s", signal_name(s));
				return true;
			}
	}
	for (i = 0; i < sizeof ends / sizeof *ends; i++) {
		write_tokens(w, f->from, f->to, ends[i][0], ends[i][1], out);
		if (feature_key(out->s) == f->key)
			return true;
	}
	out->len = 0;
	for (i = f->from; i < f->from + STEM && i < f->to; i++) {
		char utf8[4];

		buf_addn(out, utf8, utf8_put(utf8, w->line.cp[i]));
	}
	buf_add(out, "*");
	return feature_key(out->s) == f->key;
}
