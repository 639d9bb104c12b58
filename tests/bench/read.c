/*
 * The reader's speed: read FILE [ROUNDS]   (make bench runs it over share/reading)
 *
 * Every line of a file ("language, kind, yes|no, text", divided by tabs, or plain lines) is read whole,
 * all its decisions. Beside it in the same run: one PCRE2 pattern, compiled by its JIT, that
 * finds any of the same cues' words, which decides nothing. Prints microseconds a message, MB/s
 * and the ratio, of all messages and of those of about 60 characters.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/str.h"
#include "text_fixture.h"

struct message {
	const char	*text;
	size_t		 len, points;
};

struct set {
	const char	*name;
	struct message	*m;
	size_t		 n, bytes;
};

static double
seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void
add(struct set *s, const struct message *m)
{
	s->m = xrealloc(s->m, (s->n + 1) * sizeof *s->m);
	s->m[s->n++] = *m;
	s->bytes += m->len;
}

static void
load(char *text, struct set *all, struct set *sixty)
{
	char *line, *tab;

	while ((line = strsep(&text, "\n")) != NULL) {
		struct message m;

		if (*line == '\0' || *line == '%')
			continue;
		while ((tab = strchr(line, '\t')) != NULL)
			line = tab + 1;
		m = (struct message){ line, strlen(line), 0 };
		for (size_t i = 0; i < m.len; i++)
			m.points += ((unsigned char)line[i] & 0xC0) != 0x80;
		add(all, &m);
		if (m.points >= 55 && m.points <= 65)
			add(sixty, &m);
	}
}

static double
time_reader(struct fixture *f, const struct set *s, int rounds)
{
	double begun = seconds();

	for (int r = 0; r < rounds; r++)
		for (size_t i = 0; i < s->n; i++) {
			struct heard h = heard_in_room(s->m[i].text);
			struct arena *a = arena_new();
			struct intent in;

			h.explain = false;
			text_read(f->reader, &h, a, &in);
			arena_free(&a);
		}
	return (seconds() - begun) / (double)rounds;
}

/* --- the yardstick --- */

struct words {
	char	**word;
	size_t	 n;
};

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All words of all cues, as the cue language divides them; English ones of several words in parts. */
static void
gather(const struct fixture *f, struct words *w)
{
	for (size_t k = 0; k < f->kinds->n; k++)
		for (const struct cue *q = f->kinds->kind[k]->cues; q->words != NULL; q++)
			for (const char *p = q->words; *p != '\0';) {
				size_t n = strcspn(p, "|&().*<> ");

				if (n > 1) {
					w->word = xrealloc(w->word, (w->n + 1) * sizeof *w->word);
					w->word[w->n++] = strndup(p, n);
				}
				p += n;
				p += strspn(p, "|&().*<> ");
			}
	qsort(w->word, w->n, sizeof *w->word, by_text);
}

/* Each once, and none that begins with another: PCRE2 limits a pattern, and it only gets easier. */
static char *
pattern(const struct fixture *f)
{
	struct words w = { 0 };
	struct buf b = { 0 };
	const char *last = NULL;

	gather(f, &w);
	buf_add(&b, "");
	for (size_t i = 0; i < w.n; i++) {
		if (last == NULL || strncmp(w.word[i], last, strlen(last)) != 0) {
			buf_addf(&b, "%s%s", b.len > 0 ? "|" : "", w.word[i]);
			last = w.word[i];
		}
	}
	for (size_t i = 0; i < w.n; i++)
		free(w.word[i]);
	free(w.word);
	return b.s;
}

static double
time_pcre(const char *words, const struct set *s, int rounds, size_t *found_r)
{
	PCRE2_SIZE at;
	int wrong;
	pcre2_code *re = pcre2_compile((PCRE2_SPTR)words, PCRE2_ZERO_TERMINATED, PCRE2_UTF | PCRE2_CASELESS, &wrong, &at, NULL);
	pcre2_match_data *md;
	double begun, took;

	if (re != NULL)
		wrong = pcre2_jit_compile(re, PCRE2_JIT_COMPLETE);
	if (re == NULL || wrong != 0) {
		PCRE2_UCHAR why[120];

		pcre2_get_error_message(wrong, why, sizeof why);
		fprintf(stderr, "read: PCRE2 takes no pattern of %zu bytes: at %zu: %s\n", strlen(words), (size_t)at, (char *)why);
		exit(1);
	}
	md = pcre2_match_data_create_from_pattern(re, NULL);
	begun = seconds();
	*found_r = 0;
	for (int r = 0; r < rounds; r++)
		for (size_t i = 0; i < s->n; i++) {
			size_t from = 0;

			while (from < s->m[i].len && pcre2_jit_match(re, (PCRE2_SPTR)s->m[i].text, s->m[i].len, from, 0, md, NULL) > 0) {
				from = pcre2_get_ovector_pointer(md)[1];
				++*found_r;
			}
		}
	took = (seconds() - begun) / (double)rounds;
	pcre2_match_data_free(md);
	pcre2_code_free(re);
	return took;
}

static void
measure(struct fixture *f, const char *words, const struct set *s, int rounds)
{
	size_t found;
	double reader, pcre;

	time_reader(f, s, 1);	/* warm */
	reader = time_reader(f, s, rounds);
	pcre = time_pcre(words, s, rounds, &found);
	printf("%s: %zu messages, %.1f bytes each: reader %.2f us each, %.1f MB/s; PCRE2 %.2f us, %.1f MB/s (%zu words found); reader / PCRE2 %.2f\n",
	    s->name, s->n, (double)s->bytes / (double)s->n, reader / (double)s->n * 1e6, (double)s->bytes / reader / 1e6,
	    pcre / (double)s->n * 1e6, (double)s->bytes / pcre / 1e6, found / (size_t)rounds, reader / pcre);
}

int
main(int argc, char **argv)
{
	struct set all = { .name = "all" }, sixty = { .name = "55 to 65 characters" };
	int rounds = argc > 2 ? atoi(argv[2]) : 20;
	struct fixture *f;
	struct err err;
	char *text, *words;
	size_t len;

	if (argc < 2 || (text = file_read(argv[1], &len, &err)) == NULL) {
		fprintf(stderr, "usage: read FILE [ROUNDS]\n");
		return 2;
	}
	fixture_open_learnt((void **)&f);
	load(text, &all, &sixty);
	words = pattern(f);
	measure(f, words, &all, rounds);
	if (sixty.n > 0)
		measure(f, words, &sixty, rounds * 5);
	free(words);
	free(all.m);
	free(sixty.m);
	free(text);
	fixture_close((void **)&f);
	return 0;
}
