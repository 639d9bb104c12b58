/*
 * The trainer: train -o WEIGHTS [-r REPORT] KIND.conf... -- LINES.tsv...   (make train)
 *
 * Lines are "language, kind, yes|no, text", divided by tabs. A softmax over the kinds and a
 * logistic unit for "needs an answer", by Adagrad with weight decay; the order of the lines
 * comes from a generator of its own, so that the same text gives the same weights.
 * With a report, the figures of a five-fold cross-validation are written there.
 */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "text/internal.h"

enum { EPOCHS = 24, FOLDS = 5, SEEN_AT_LEAST = 3, OUT_MAX = CLASSES_MAX + 1, LANGUAGES = 3 };
static const double RATE = 0.35, DECAY = 1e-5, LARGEST = 8.0;

struct example {
	int		 lang, kind;
	bool		 needs;
	uint32_t	 n, nwords;
	uint32_t	*feature;	/* indexes into the vocabulary; words first */
	uint64_t	*key;
};

struct entry {			/* one feature of the vocabulary */
	uint64_t	 key;
	uint32_t	 seen;		/* in so many lines */
	uint32_t	 index;		/* + 1; 0: too rare */
	char		*text;
};

struct train {
	struct kinds	*kinds;
	struct reader	*reader;
	struct arena	*arena;
	struct example	*ex;
	size_t		 nex, cap;
	struct entry	*vocab;
	size_t		 vcap, nvocab, nfeatures;
	float		(*w)[OUT_MAX], (*g)[OUT_MAX];
	float		 bias[OUT_MAX], bias_g[OUT_MAX];
	int		 lang, kind;	/* of the line being read */
	bool		 needs;
};

static const char *const languages[LANGUAGES] = { "zh-Hans", "zh-Hant", "en" };

static void
die(const char *what, const char *which)
{
	fprintf(stderr, "train: %s: %s\n", which, what);
	exit(1);
}

static char *
slurp(const char *path)
{
	FILE *f = fopen(path, "r");
	struct buf b = { 0 };
	char block[65536];
	size_t n;

	if (f == NULL)
		die("cannot be read", path);
	buf_add(&b, "");
	while ((n = fread(block, 1, sizeof block, f)) > 0)
		buf_addn(&b, block, n);
	fclose(f);
	return b.s;
}

/* --- the vocabulary --- */

static struct entry *
entry(struct train *t, uint64_t key)
{
	size_t i = key & (t->vcap - 1);

	while (t->vocab[i].key != 0 && t->vocab[i].key != key)
		i = (i + 1) & (t->vcap - 1);
	return &t->vocab[i];
}

static void
grow(struct train *t)
{
	struct entry *old = t->vocab;
	size_t n = t->vcap;

	t->vcap = n == 0 ? 1 << 16 : 2 * n;
	t->vocab = xcalloc(t->vcap, sizeof *t->vocab);
	for (size_t i = 0; i < n; i++)
		if (old[i].key != 0)
			*entry(t, old[i].key) = old[i];
	free(old);
}

static void
see(struct work *w, void *ctx)
{
	static struct features f;
	struct train *t = ctx;
	int percent[CLASSES_MAX + 64];
	struct example *e;
	struct buf text = { 0 };

	score_cues(w, t->kinds, percent);
	features_of(w, t->kinds, percent, &f);
	if (t->nex == t->cap) {
		t->cap = t->cap == 0 ? 4096 : 2 * t->cap;
		t->ex = xrealloc(t->ex, t->cap * sizeof *t->ex);
	}
	e = &t->ex[t->nex++];
	*e = (struct example){ .lang = t->lang, .kind = t->kind, .needs = t->needs, .n = (uint32_t)f.n, .nwords = (uint32_t)f.nwords };
	e->key = arena_alloc(t->arena, (f.n + 1) * sizeof *e->key);
	for (size_t i = 0; i < f.n; i++) {
		struct entry *v;
		bool again = false;

		if (2 * t->nvocab >= t->vcap)
			grow(t);
		e->key[i] = f.list[i].key;
		for (size_t k = 0; k < i && !again; k++)
			again = e->key[k] == e->key[i];
		v = entry(t, f.list[i].key);
		if (v->key == 0) {
			v->key = f.list[i].key;
			if (!feature_text(w, t->kinds, &f.list[i], &text))
				v->seen = 0x80000000u;	/* cannot be written: left out below */
			v->text = arena_strdup(t->arena, text.s);
			t->nvocab++;
		}
		v->seen += !again;
	}
	buf_free(&text);
}

static void
number_features(struct train *t)
{
	for (size_t i = 0; i < t->vcap; i++)
		if (t->vocab[i].seen >= SEEN_AT_LEAST && t->vocab[i].seen < 0x80000000u)
			t->vocab[i].index = (uint32_t)++t->nfeatures;
	for (size_t i = 0; i < t->nex; i++) {
		struct example *e = &t->ex[i];
		uint32_t n = 0, words = 0;

		e->feature = arena_alloc(t->arena, (e->n + 1) * sizeof *e->feature);
		for (uint32_t k = 0; k < e->n; k++) {
			uint32_t index = entry(t, e->key[k])->index;

			if (index == 0)
				continue;
			e->feature[n++] = index - 1;
			words += k < e->nwords;
		}
		/* The share counts all words, known or not, as the reader will. */
		e->n = n;
		e->key[0] = words;
	}
	t->w = xcalloc(t->nfeatures, sizeof *t->w);
	t->g = xcalloc(t->nfeatures, sizeof *t->g);
}

/* --- training --- */

static uint64_t
next_random(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s;
}

static float
value(const struct example *e, uint32_t i)
{
	return i < e->key[0] ? 1.0f / sqrtf((float)(e->nwords > 0 ? e->nwords : 1)) : (float)FACT_SHARE;
}

/* Probabilities: the kinds', and at [n] "needs". */
static void
forward(const struct train *t, const struct example *e, float *p)
{
	size_t n = t->kinds->n;
	float most = -1e30f, sum = 0;

	memcpy(p, t->bias, (n + 1) * sizeof *p);
	for (uint32_t i = 0; i < e->n; i++)
		for (size_t c = 0; c <= n; c++)
			p[c] += t->w[e->feature[i]][c] * value(e, i);
	for (size_t c = 0; c < n; c++)
		most = p[c] > most ? p[c] : most;
	for (size_t c = 0; c < n; c++)
		sum += p[c] = expf(p[c] - most);
	for (size_t c = 0; c < n; c++)
		p[c] /= sum;
	p[n] = 1.0f / (1.0f + expf(-p[n]));
}

static void
step(float *w, float *g, double grad)
{
	*g += (float)(grad * grad);
	*w -= (float)(RATE * grad / (sqrt((double)*g) + 1e-6));
}

static void
learn(struct train *t, const struct example *e, double weight)
{
	float p[OUT_MAX];
	size_t n = t->kinds->n;
	double d[OUT_MAX];

	forward(t, e, p);
	for (size_t c = 0; c < n; c++)
		d[c] = weight * (p[c] - (c == (size_t)e->kind));
	d[n] = p[n] - e->needs;
	for (size_t c = 0; c <= n; c++)
		step(&t->bias[c], &t->bias_g[c], d[c]);
	for (uint32_t i = 0; i < e->n; i++) {
		float x = value(e, i);

		for (size_t c = 0; c <= n; c++)
			if (d[c] > 1e-4 || d[c] < -1e-4)
				step(&t->w[e->feature[i]][c], &t->g[e->feature[i]][c], d[c] * x + DECAY * t->w[e->feature[i]][c]);
	}
}

/* Rare kinds count for more, by the root of how rare they are. */
static void
class_weights(const struct train *t, double *weight)
{
	size_t count[OUT_MAX] = { 0 };

	for (size_t i = 0; i < t->nex; i++)
		count[t->ex[i].kind]++;
	for (size_t c = 0; c < t->kinds->n; c++)
		weight[c] = count[c] > 0 ? sqrt((double)t->nex / ((double)t->kinds->n * (double)count[c])) : 0;
}

/* Leaves fold `out` out; -1 none. */
static void
train(struct train *t, int out)
{
	uint32_t *order = xcalloc(t->nex, sizeof *order);
	double weight[OUT_MAX];
	uint64_t s = UINT64_C(88172645463325252);

	memset(t->w, 0, t->nfeatures * sizeof *t->w);
	memset(t->g, 0, t->nfeatures * sizeof *t->g);
	memset(t->bias, 0, sizeof t->bias);
	memset(t->bias_g, 0, sizeof t->bias_g);
	class_weights(t, weight);
	for (size_t i = 0; i < t->nex; i++)
		order[i] = (uint32_t)i;
	for (int epoch = 0; epoch < EPOCHS; epoch++) {
		for (size_t i = t->nex; i > 1; i--) {
			size_t k = next_random(&s) % i;
			uint32_t o = order[i - 1];

			order[i - 1] = order[k];
			order[k] = o;
		}
		for (size_t i = 0; i < t->nex; i++)
			if ((int)(order[i] % FOLDS) != out)
				learn(t, &t->ex[order[i]], weight[t->ex[order[i]].kind]);
	}
	free(order);
}

/* --- the weights file --- */

static int
rounded(double w)
{
	double q = w * 127.0 / LARGEST;

	return q > 127 ? 127 : q < -127 ? -127 : (int)lrint(q);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp((*(struct entry *const *)a)->text, (*(struct entry *const *)b)->text);
}

static void
write_weights(const struct train *t, const char *path)
{
	const struct entry **list = xcalloc(t->nfeatures, sizeof *list);
	FILE *f = fopen(path, "w");
	size_t n = 0, c;

	if (f == NULL)
		die("cannot be written", path);
	fprintf(f, "%% The reader's weights, made by `make train` from share/reading/*.tsv; see doc/reading.md.\n"
	    "%% A feature's line: its weight for each class in order and for \"needs an answer\", a tab, the feature.\n");
	fprintf(f, "scale %.9g\nclasses", LARGEST / 127.0);
	for (c = 0; c < t->kinds->n; c++)
		fprintf(f, " %s", t->kinds->kind[c]->code);
	fprintf(f, "\nbias");
	for (c = 0; c <= t->kinds->n; c++)
		fprintf(f, " %.3f", t->bias[c]);
	fprintf(f, "\n");
	for (size_t i = 0; i < t->vcap; i++)
		if (t->vocab[i].index != 0)
			list[n++] = &t->vocab[i];
	qsort(list, n, sizeof *list, by_text);
	for (size_t i = 0; i < n; i++) {
		const float *w = t->w[list[i]->index - 1];
		bool any = false;

		for (c = 0; c <= t->kinds->n; c++)
			any |= rounded(w[c]) > 2 || rounded(w[c]) < -2;
		if (!any)
			continue;
		for (c = 0; c <= t->kinds->n; c++)
			fprintf(f, "%s%d", c ? " " : "", rounded(w[c]));
		fprintf(f, "\t%s\n", list[i]->text);
	}
	if (fclose(f) != 0)
		die("cannot be written", path);
	free(list);
}

/* --- the report --- */

struct score {
	size_t	lines, kind, needs, missed, wanting;
};

static void
print_score(FILE *f, const char *what, const struct score *s)
{
	fprintf(f, "%-10s %6zu   %.3f   %.3f   %.3f\n", what, s->lines, (double)s->kind / (double)(s->lines ? s->lines : 1),
	    (double)s->needs / (double)(s->lines ? s->lines : 1), (double)s->missed / (double)(s->wanting ? s->wanting : 1));
}

static void
print_confusion(FILE *f, const struct train *t, size_t (*table)[OUT_MAX])
{
	double sum = 0;

	fprintf(f, "\nkind              lines  precision  recall  F1     most often taken for\n");
	for (size_t c = 0; c < t->kinds->n; c++) {
		size_t lines = 0, taken = 0, other = c == 0;
		double precision, recall, f1;

		for (size_t k = 0; k < t->kinds->n; k++) {
			lines += table[c][k];
			taken += table[k][c];
			if (k != c && table[c][k] > table[c][other])
				other = k;
		}
		precision = taken ? (double)table[c][c] / (double)taken : 0;
		recall = lines ? (double)table[c][c] / (double)lines : 0;
		f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
		sum += f1;
		fprintf(f, "%-16s %6zu      %.3f    %.3f  %.3f  %s (%zu)\n", t->kinds->kind[c]->code, lines, precision, recall, f1,
		    t->kinds->kind[other]->code, table[c][other]);
	}
	fprintf(f, "macro F1 %.3f\n", sum / (double)t->kinds->n);
}

static void
report(struct train *t, const char *path)
{
	static size_t table[OUT_MAX][OUT_MAX];
	struct score all = { 0 }, by_lang[LANGUAGES] = { { 0 } };
	FILE *f = fopen(path, "w");

	if (f == NULL)
		die("cannot be written", path);
	for (int fold = 0; fold < FOLDS; fold++) {
		train(t, fold);
		for (size_t i = 0; i < t->nex; i++) {
			const struct example *e = &t->ex[i];
			struct score *s[] = { &all, &by_lang[e->lang] };
			float p[OUT_MAX];
			size_t best = 0;

			if ((int)(i % FOLDS) != fold)
				continue;
			forward(t, e, p);
			for (size_t c = 1; c < t->kinds->n; c++)
				if (p[c] > p[best])
					best = c;
			table[e->kind][best]++;
			for (size_t k = 0; k < 2; k++) {
				s[k]->lines++;
				s[k]->kind += best == (size_t)e->kind;
				s[k]->needs += (p[t->kinds->n] >= 0.5f) == e->needs;
				s[k]->wanting += e->needs;
				s[k]->missed += e->needs && p[t->kinds->n] < 0.5f;
			}
		}
	}
	fprintf(f, "%d-fold cross-validation over the lines of share/reading, the linear model alone.\n"
	    "%zu lines, %zu features.\n\n", FOLDS, t->nex, t->nfeatures);
	fprintf(f, "language    lines   kind    needs   missed\n");
	for (int l = 0; l < LANGUAGES; l++)
		print_score(f, languages[l], &by_lang[l]);
	print_score(f, "all", &all);
	print_confusion(f, t, table);
	fclose(f);
}

/* --- reading what it learns from --- */

static void
take_line(struct train *t, const char *path, int number, char *line)
{
	char *lang = strsep(&line, "\t"), *kind = strsep(&line, "\t"), *needs = strsep(&line, "\t"), where[300];
	struct arena *a = arena_new();
	int l = 0, k = 0;

	snprintf(where, sizeof where, "%s:%d", path, number);
	if (line == NULL || *line == '\0')
		die("language, kind, yes or no, and the text are wanted, divided by tabs", where);
	while (l < LANGUAGES && !str_eq(languages[l], lang))
		l++;
	while (k < (int)t->kinds->n && !str_eq(t->kinds->kind[k]->code, kind))
		k++;
	if (l == LANGUAGES || k == (int)t->kinds->n || (!str_eq(needs, "yes") && !str_eq(needs, "no")))
		die("no such language or kind, or neither yes nor no", where);
	t->lang = l;
	t->kind = k;
	t->needs = str_eq(needs, "yes");
	text_examine(t->reader, line, a, see, t);
	arena_free(&a);
}

static void
take_file(struct train *t, const char *path)
{
	char *text = slurp(path), *rest = text, *line;
	int n = 0;

	while ((line = strsep(&rest, "\n")) != NULL)
		if (++n && *line != '\0' && *line != '%')
			take_line(t, path, n, line);
	free(text);
}

int
main(int argc, char **argv)
{
	static const struct verb no_verbs[] = { { 0 } };
	struct train t = { .arena = arena_new() };
	const char *out = NULL, *report_to = NULL;
	const struct kind *list[64];
	struct arena *a = arena_new();
	size_t n = 0;
	struct err err;
	int c;

	while ((c = getopt(argc, argv, "o:r:")) != -1)
		if (c == 'o')
			out = optarg;
		else if (c == 'r')
			report_to = optarg;
	for (; optind < argc && n < 64 && strstr(argv[optind], ".conf") != NULL; optind++, n++)
		if (kind_parse(a, argv[optind], slurp(argv[optind]), &list[n], &err) != FAULT_NONE)
			die(err.text, "kinds");
	if (out == NULL || n == 0 || n > CLASSES_MAX || optind == argc)
		die("usage: train -o WEIGHTS [-r REPORT] KIND.conf... LINES.tsv...", "arguments");
	t.kinds = kinds_new(a, list, n);
	t.reader = reader_new(t.kinds, no_verbs, NULL, NULL);
	grow(&t);
	for (; optind < argc; optind++)
		take_file(&t, argv[optind]);
	number_features(&t);
	if (report_to != NULL)
		report(&t, report_to);
	train(&t, -1);
	write_weights(&t, out);
	return 0;
}
