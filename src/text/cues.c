/*
 * The language of cues, and the one walk over a line.
 *
 *	丢了|不见了		either
 *	钥匙..(丢|不见)		a key, and soon after it "lost" or "not to be seen", in one sentence
 *	偷 & 电动车|自行车	both somewhere in the line
 *	身份证 & <question>	and the line asks something (names: lexicon.c)
 *	burgl*			letters: whole words, unless a star ends them
 *
 * A cue is conditions joined by "&"; a condition is chains of which one must be
 * there, divided by "|"; a chain is parts joined by ".."; a part is one word, or
 * several in parentheses of which one must stand there.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "text/internal.h"

enum {
	GAP_CJK = 14, GAP_LATIN = 44,	/* code points between two parts of a chain */
	CHAINS_MAX = 8,
	DECIDES = 60,			/* a cue of this weight loses it when "没", "not" stands before it */
};

struct part {
	uint32_t	 cue;
	int32_t		 prev;		/* the part before it in its chain; -1 none */
	uint8_t		 chain;
	bool		 last;
};

struct rule {			/* a compiled cue */
	int		 kind;		/* -1: a lexeme */
	enum signal	 signal;
	int		 weight;
	uint8_t		 chains;	/* bits that must be set */
	uint64_t	 wants;		/* signals that must have been seen */
	const char	*words;
};

/* Where the walk stands with one part, and with one cue; of an earlier line unless `walk` is this one's. */
struct seen {
	uint32_t	 walk;
	uint32_t	 end;		/* one past its last place */
	uint32_t	 sentence;
	bool		 latin;
};

struct progress {
	uint32_t	 walk;
	uint32_t	 from, to;
	uint8_t		 chains;
	bool		 told;
};

/* Kept from line to line, because to clear it would cost more than the line. */
struct space {
	uint32_t	 walk;		/* number of this line */
	struct seen	*seen;		/* by part */
	struct progress	*progress;	/* by rule */
	struct hit	 hit[HITS_MAX];
};

struct cues {
	struct automaton	*words;
	struct part		*part;
	size_t			 nparts, parts_cap;
	struct rule		*rule;
	size_t			 nrules, rules_cap;
	uint32_t		*asking;	/* the rules that ask for signals */
	size_t			 nasking;
	struct space		*space;
	struct arena		*scratch;	/* while compiling only */
	const struct fold_table	*fold;
};

/* --- compiling --- */

static const char *
trim(const char *s, size_t *n)
{
	while (*n > 0 && *s == ' ')
		s++, (*n)--;
	while (*n > 0 && s[*n - 1] == ' ')
		(*n)--;
	return s;
}

/* Cuts what stands before the next `sep` outside parentheses off *s. */
static bool
cut(const char **s, const char *end, const char *sep, const char **piece, size_t *n)
{
	size_t len = strlen(sep);
	const char *p = *s;
	int depth = 0;

	if (p == NULL)
		return false;
	*piece = p;
	for (; p < end; p++) {
		depth += *p == '(';
		depth -= *p == ')';
		if (depth == 0 && (size_t)(end - p) >= len && memcmp(p, sep, len) == 0)
			break;
	}
	*n = (size_t)(p - *piece);
	*s = p >= end ? NULL : p + len;
	*piece = trim(*piece, n);
	return true;
}

/* What stands inside the parentheses around a part, if there are any. */
static const char *
unwrap(const char *s, size_t *n)
{
	if (*n < 2 || s[0] != '(' || s[*n - 1] != ')')
		return s;
	*n -= 2;
	return trim(s + 1, n);
}

static void
add_word(struct cues *c, const char *s, size_t n, uint32_t part)
{
	struct folded f, bare;
	bool star = n > 0 && s[n - 1] == '*';
	int first, last;

	if (star)
		n--;
	fold_line(c->fold, s, n, c->scratch, &f);
	fold_squeeze(c->fold, &f, 0, c->scratch, &bare);
	if (bare.n == 0)
		return;
	first = fold_class(c->fold, bare.cp[0]);
	last = fold_class(c->fold, bare.cp[bare.n - 1]);
	automaton_add(c->words, bare.cp, bare.n, part, (first & (CLS_ALPHA | CLS_DIGIT)) != 0,
	    !star && (last & (CLS_ALPHA | CLS_DIGIT)) != 0);
}

static uint32_t
add_part(struct cues *c, struct part p)
{
	if (c->nparts == c->parts_cap) {
		c->parts_cap = c->parts_cap ? 2 * c->parts_cap : 256;
		c->part = xrealloc(c->part, c->parts_cap * sizeof *c->part);
	}
	c->part[c->nparts] = p;
	return (uint32_t)c->nparts++;
}

static void
add_chain(struct cues *c, const char *s, size_t n, uint32_t rule, uint8_t chain)
{
	const char *end = s + n, *piece, *word;
	size_t len, wlen;
	int32_t prev = -1;

	while (cut(&s, end, "..", &piece, &len)) {
		uint32_t part = add_part(c, (struct part){ rule, prev, chain, s == NULL });
		const char *pend;

		piece = unwrap(piece, &len);
		pend = piece + len;
		while (cut(&piece, pend, "|", &word, &wlen))
			add_word(c, word, wlen, part);
		prev = (int32_t)part;
	}
}

/* One condition: its plain words share a part, each chain has its own. */
static void
add_condition(struct cues *c, const char *s, size_t n, uint32_t rule, uint8_t chain)
{
	const char *end = s + n, *piece;
	uint32_t plain = UINT32_MAX;
	size_t len;

	while (cut(&s, end, "|", &piece, &len)) {
		if (memmem(piece, len, "..", 2) != NULL || (len > 0 && piece[0] == '(')) {
			add_chain(c, piece, len, rule, chain);
			continue;
		}
		if (plain == UINT32_MAX)
			plain = add_part(c, (struct part){ rule, -1, chain, true });
		add_word(c, piece, len, plain);
	}
}

static void
add_rule(struct cues *c, int kind, enum signal signal, int weight, const char *words)
{
	const char *s = words, *end = words + strlen(words), *piece;
	struct rule r = { kind, signal, weight, 0, 0, words };
	uint8_t chain = 0;
	size_t n;

	while (cut(&s, end, "&", &piece, &n)) {
		if (n > 2 && piece[0] == '<' && piece[n - 1] == '>')
			r.wants |= SIG_BIT(signal_named(piece + 1, n - 2));
		else if (chain < CHAINS_MAX) {
			add_condition(c, piece, n, (uint32_t)c->nrules, chain);
			r.chains |= (uint8_t)(1u << chain++);
		}
	}
	if (c->nrules == c->rules_cap) {
		c->rules_cap = c->rules_cap ? 2 * c->rules_cap : 256;
		c->rule = xrealloc(c->rule, c->rules_cap * sizeof *c->rule);
	}
	c->rule[c->nrules++] = r;
}

static const char *
words_fault(const char *s, size_t n)
{
	const char *end, *word;
	size_t len;

	s = unwrap(s, &n);
	end = s + n;
	while (cut(&s, end, "|", &word, &len)) {
		if (len == 0 || (len == 1 && *word == '*'))
			return "an empty word: write words on both sides of \"|\" and \"..\"";
		if (memchr(word, '(', len) != NULL || memchr(word, ')', len) != NULL)
			return "parentheses go around a whole part only, as in \"(a|b)..c\"";
	}
	return NULL;
}

static const char *
condition_fault(const char *s, size_t n)
{
	const char *end = s + n, *chain, *part, *wrong;
	size_t len, plen;

	if (n == 0)
		return "nothing beside \"&\": write words on both sides of it";
	if (s[0] == '<') {
		if (n < 3 || s[n - 1] != '>' || signal_named(s + 1, n - 2) == SIG_NONE)
			return "no such <name>: use one of <question> <request> <thanks> <addressed> "
			    "<time> <place> <item> <phone> <now>";
		return NULL;
	}
	while (cut(&s, end, "|", &chain, &len)) {
		const char *cend = chain + len;

		while (cut(&chain, cend, "..", &part, &plen))
			if ((wrong = words_fault(part, plen)) != NULL)
				return wrong;
	}
	return NULL;
}

const char *
cue_fault(const char *words)
{
	const char *s = words, *end = words + strlen(words), *piece, *wrong;
	int conditions = 0;
	size_t n;

	while (cut(&s, end, "&", &piece, &n)) {
		if ((wrong = condition_fault(piece, n)) != NULL)
			return wrong;
		if (++conditions > CHAINS_MAX)
			return "more than eight conditions joined by \"&\": make two cues of it";
	}
	return NULL;
}

static void
make_space(struct cues *c)
{
	c->space = xcalloc(1, sizeof *c->space);
	c->space->seen = xcalloc(c->nparts + 1, sizeof *c->space->seen);
	c->space->progress = xcalloc(c->nrules + 1, sizeof *c->space->progress);
	c->asking = xcalloc(c->nrules + 1, sizeof *c->asking);
	for (size_t i = 0; i < c->nrules; i++)
		if (c->rule[i].wants != 0)
			c->asking[c->nasking++] = (uint32_t)i;
}

struct cues *
cues_new(const struct kinds *kinds, const struct fold_table *fold)
{
	struct cues *c = xcalloc(1, sizeof *c);

	c->words = automaton_new();
	c->scratch = arena_new();
	c->fold = fold;
	for (const struct lexeme *l = lexicon; l->words != NULL; l++)
		add_rule(c, -1, l->signal, 0, l->words);
	for (size_t k = 0; k < kinds->n; k++)
		for (const struct cue *q = kinds->kind[k]->cues; q->words != NULL; q++)
			add_rule(c, (int)k, SIG_NONE, q->weight, q->words);
	automaton_finish(c->words);
	arena_free(&c->scratch);
	make_space(c);
	return c;
}

void
cues_free(struct cues **c)
{
	if (*c == NULL)
		return;
	automaton_free(&(*c)->words);
	free((*c)->space->seen);
	free((*c)->space->progress);
	free((*c)->space);
	free((*c)->asking);
	free((*c)->part);
	free((*c)->rule);
	free(*c);
	*c = NULL;
}

/* --- the walk --- */

struct walk {
	const struct cues	*cues;
	const struct fold_table	*fold;
	const struct folded	*line;
	struct hits		*hits;
	struct space		*space;
	uint8_t			*negated;	/* by place: a "not" ends here */
	uint32_t		 sentence;
};

static bool
edge_of_word(const struct walk *w, size_t before, size_t after)
{
	enum { WORDY = CLS_ALPHA | CLS_DIGIT };

	return !(fold_class(w->fold, w->line->cp[before]) & WORDY) ||
	    !(fold_class(w->fold, w->line->cp[after]) & WORDY);
}

static void
tell(struct walk *w, const struct rule *r, size_t from, size_t to)
{
	if (r->kind < 0)
		w->hits->signals |= SIG_BIT(r->signal);
	if (w->hits->n < HITS_MAX)
		w->hits->hit[w->hits->n++] = (struct hit){ r->signal, r->kind, r->weight, from, to, r->wants,
		    r->words };
}

static bool
ends_sentence(uint32_t cp)
{
	return cp == 0x3002 || cp == '!' || cp == '?' || cp == ';' || cp == '\n';
}

/* This line's, whatever stood there. */
static struct progress *
progress_of(struct space *s, size_t rule)
{
	struct progress *g = &s->progress[rule];

	if (g->walk != s->walk)
		*g = (struct progress){ .walk = s->walk };
	return g;
}

static void
finish_chain(struct walk *w, const struct part *p, size_t from, size_t to)
{
	const struct rule *r = &w->cues->rule[p->cue];
	struct progress *g = progress_of(w->space, p->cue);

	if (r->kind < 0 && r->chains == 1) {
		/* "A不A" asks: the "not" in it denies nothing */
		if (r->signal == SIG_NEG && !(from > 0 && w->line->cp[from - 1] == w->line->cp[to - 1]))
			w->negated[to] = 1;
		tell(w, r, from, to);
		return;
	}
	if (r->weight >= DECIDES && w->negated[from])
		return;
	if (g->chains == 0)
		g->from = (uint32_t)from;
	g->chains |= (uint8_t)(1u << p->chain);
	g->to = (uint32_t)to;
	if (g->chains == r->chains && r->wants == 0 && !g->told) {
		g->told = true;
		tell(w, r, g->from, g->to);
	}
}

static void
meet(struct walk *w, const struct automaton_ref *ref, size_t to)
{
	const struct part *p = &w->cues->part[ref->part];
	struct seen *s = &w->space->seen[ref->part];
	size_t from = to - ref->len;

	if (ref->head && from > 0 && !edge_of_word(w, from - 1, from))
		return;
	if (ref->tail && to < w->line->n && !edge_of_word(w, to - 1, to))
		return;
	if (p->prev >= 0) {
		const struct seen *b = &w->space->seen[p->prev];
		size_t gap = b->latin ? GAP_LATIN : GAP_CJK;

		if (b->walk != w->space->walk || b->sentence != w->sentence || b->end > from || from - b->end > gap)
			return;
	}
	s->walk = w->space->walk;
	s->end = (uint32_t)to;
	s->sentence = w->sentence;
	s->latin = (fold_class(w->fold, w->line->cp[to - 1]) & CLS_ALPHA) != 0;
	if (p->last)
		finish_chain(w, p, from, to);
}

void
cues_walk(const struct cues *c, const struct fold_table *fold, const struct folded *line, struct arena *arena,
    struct hits *hits)
{
	struct walk w = { .cues = c, .fold = fold, .line = line, .hits = hits };
	uint32_t state = 0;

	memset(hits, 0, sizeof *hits);
	w.space = c->space;
	w.space->walk++;	/* 2^32 lines later an old place might pass for a new one, and one cue too many count */
	hits->hit = w.space->hit;
	hits->line = line;
	w.negated = arena_alloc(arena, line->n + 1);
	for (size_t i = 0; i < line->n; i++) {
		state = automaton_step(c->words, state, line->cp[i]);
		for (uint32_t s = automaton_ends(c->words, state); s != 0; s = automaton_shorter(c->words, s))
			for (const struct automaton_ref *r = automaton_ref(c->words, automaton_first_ref(c->words, s));
			    r != NULL; r = automaton_ref(c->words, r->next))
				meet(&w, r, i + 1);
		if (ends_sentence(line->cp[i]))
			w.sentence++;
	}
}

void
cues_settle(const struct cues *c, struct hits *hits)
{
	for (size_t i = 0; i < c->nasking; i++) {
		const struct rule *r = &c->rule[c->asking[i]];
		const struct progress *g;

		if ((hits->signals & r->wants) != r->wants || (g = progress_of(c->space, c->asking[i]))->chains != r->chains)
			continue;
		if (r->kind < 0)
			hits->signals |= SIG_BIT(r->signal);
		if (hits->n < HITS_MAX)
			hits->hit[hits->n++] = (struct hit){ r->signal, r->kind, r->weight, g->from, g->to,
			    r->wants, r->words };
	}
}
