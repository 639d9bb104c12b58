#ifndef MOOTHALL_TEXT_INTERNAL_H
#define MOOTHALL_TEXT_INTERNAL_H
/*
 * What the files of this part share.  A line is folded once (fold.c), walked
 * once by one automaton (automaton.c) that knows the cues of all kinds and the
 * words of the lexicon (cues.c, lexicon.c), and then judged: private.c,
 * names.c, command.c, danger.c, slots.c, score.c, relation.c.
 *
 * Places inside a folded line are indexes of code points ("from", "to", to is
 * one past the end); places that leave this part are bytes of the original.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/lesson.h"
#include "text/model.h"
#include "text/read.h"

/* --- fold.c: NFKC_Casefold, accents dropped, traditional -> simplified --- */

enum {
	CLS_CJK   = 1,		/* a Han character or kana: no spaces between words */
	CLS_ALPHA = 2,		/* a letter of another script */
	CLS_DIGIT = 4,
	CLS_SPACE = 8,
	CLS_PUNCT = 16,		/* marks and symbols */
	CLS_HANT  = 32,		/* asked of the original character: written so in traditional only */
	CLS_HANS  = 64,		/* ... in simplified only */
};

struct fold_table;

struct folded {
	uint32_t	*cp;	/* n code points, and a 0 after them */
	uint32_t	*at;	/* n + 1 byte places in the original */
	size_t		 n;
	size_t		 hant, hans, cjk, latin;	/* characters counted for script.c */
};

struct fold_table *fold_table_new(void);
void		 fold_table_free(struct fold_table **);
/* Every run of spaces becomes one; what folds to nothing (zero-width marks) goes. */
void		 fold_line(const struct fold_table *, const char *, size_t len, struct arena *, struct folded *);
/* Without the spaces between CJK characters, and with at most three of a mark in a row. */
void		 fold_squeeze(const struct fold_table *, const struct folded *, size_t from, struct arena *,
		    struct folded *);
/* Class of a folded code point. */
int		 fold_class(const struct fold_table *, uint32_t cp);
/*
 * The byte one past the original character that gave code point `to - 1` (to > 0).
 * Not at[to]: "½" gives three code points of one place.
 */
size_t		 fold_end(const struct folded *, size_t to);
/*
 * Does `name` (UTF-8, folded on the way) stand at `at`? One past its end, or 0.
 * Spaces at the name's ends do not count.
 */
size_t		 fold_name_at(const struct fold_table *, const struct folded *, size_t at, const char *name);
/* Folded letters and digits only, as UTF-8. */
char		*fold_bare(const struct fold_table *, const char *, struct arena *);
uint32_t	 utf8_next(const char *s, size_t len, size_t *i);
size_t		 utf8_put(char *out, uint32_t cp);	/* bytes written, at most 4 */

/* --- automaton.c: Aho-Corasick over code points --- */

struct automaton;

struct automaton_ref {
	uint32_t	 part;	/* whose word this is (cues.c) */
	uint32_t	 len;	/* code points of the word */
	bool		 head, tail;	/* must begin, must end at a word's edge */
	uint32_t	 next;	/* 0 ends the list */
};

struct automaton *automaton_new(void);
void		 automaton_free(struct automaton **);
void		 automaton_add(struct automaton *, const uint32_t *word, size_t n, uint32_t part, bool head, bool tail);
void		 automaton_finish(struct automaton *);
uint32_t	 automaton_step(const struct automaton *, uint32_t state, uint32_t cp);
/* The nearest state on the way back through shorter suffixes that ends a word, from `state` itself; 0 none. */
uint32_t	 automaton_ends(const struct automaton *, uint32_t state);
uint32_t	 automaton_shorter(const struct automaton *, uint32_t state);
const struct automaton_ref *automaton_ref(const struct automaton *, uint32_t ref);	/* NULL for 0 */
uint32_t	 automaton_first_ref(const struct automaton *, uint32_t state);

/* --- lexicon.c: what words say whatever the kind --- */

enum signal {
	SIG_NONE,
	SIG_QUESTION, SIG_REQUEST, SIG_THANKS, SIG_EARLY_THANKS, SIG_BUT, SIG_NOTICE, SIG_ADVICE,
	SIG_GREETING, SIG_ALL, SIG_UNSOLVED, SIG_CANCEL, SIG_TAKEN, SIG_DONE, SIG_NEG, SIG_LAUGH,
	SIG_TIME, SIG_PAST, SIG_NOW, SIG_ITEM, SIG_PLACE, SIG_TITLE, SIG_OFFICE, SIG_HYPO, SIG_FICTION, SIG_ME,
	SIG_FIRE, SIG_MEDICAL, SIG_POLICE,		/* danger without a doubt */
	SIG_MAY_FIRE, SIG_MAY_MEDICAL, SIG_MAY_POLICE,	/* perhaps */
	SIG_IDIOM,					/* looks like danger and is none */
	/* Not words but facts about the line, set by read.c; kinds may ask for them. */
	SIG_ADDRESSED, SIG_STAFF, SIG_PHONE, SIG_LINK, SIG_LONG, SIG_SHORT, SIG_PLATE,
	SIG_HANDED,					/* "already handed in": nothing to do */
	SIG_RESOLVED,					/* already over: found, solved */
	SIG_QUOTED_TALK,				/* others' news, shared: "转", "听说" */
	SIG_DANGER, SIG_PERHAPS,			/* what danger.c found */
	SIG_PERSON,					/* somebody, by kinship or looks */
	SIGNALS
};

struct lexeme {
	enum signal	 signal;
	const char	*words;		/* in the cue language of cues.c */
};

extern const struct lexeme lexicon[];	/* ends with NULL words */
const char	*signal_name(enum signal);
enum signal	 signal_named(const char *name, size_t len);	/* SIG_NONE: there is none */

/* --- cues.c: the cue language, compiled; the walk --- */

struct cues;

struct hit {
	enum signal	 signal;	/* SIG_NONE: a kind's cue */
	int		 kind;		/* index in kinds, -1 for a signal */
	int		 weight;
	size_t		 from, to;
	uint64_t	 wants;		/* signals that the cue asks for beside its words */
	const char	*words;
};

struct hits {
	struct hit	*hit;
	size_t		 n;
	uint64_t	 signals;	/* bit per signal seen */
	const struct folded *line;	/* what from and to count in */
};

enum { HITS_MAX = 512 };

#define SIG_BIT(s)	(UINT64_C(1) << (s))
#define HAS(h, s)	(((h)->signals & SIG_BIT(s)) != 0)

struct cues	*cues_new(const struct kinds *, const struct fold_table *);
void		 cues_free(struct cues **);
/*
 * One walk over the line: hits of signals and of kinds' cues, in the order of their ends. They stay
 * until the next walk: a reader reads one line at a time.
 */
void		 cues_walk(const struct cues *, const struct fold_table *, const struct folded *, struct arena *,
		    struct hits *);
/* Adds the cues that ask for signals, once all signals of the line are known. */
void		 cues_settle(const struct cues *, struct hits *);
/* NULL, or what is wrong with a cue's words (kind.c tells the administrator). */
const char	*cue_fault(const char *words);

/* --- feature.c: what the model looks at --- */

struct feature {
	uint64_t	 key;
	uint32_t	 from, to;	/* in the squeezed line; both 0: no words but a cue or a signal */
};

enum { FEATURES_MAX = 4096 };

struct features {
	size_t		 n, nwords;	/* the first `nwords` are words */
	struct feature	 list[FEATURES_MAX];
};

struct work;
struct judge;
/* `percent`: what the cues say of each kind, 0 to 100. */
void		 features_of(const struct work *, const struct kinds *, const int *percent, struct features *out);
/* The key of a feature written as text, tokens divided by a space. */
uint64_t	 feature_key(const char *text);
/* The other way, for a feature of this line; false: it can not be written. */
struct buf;
bool		 feature_text(const struct work *, const struct kinds *, const struct feature *, struct buf *out);

/* What a cue or a signal counts beside the words, which count by the root of how many they are. */
#define FACT_SHARE	0.6

/* --- model.c: its weights --- */

size_t		 model_classes(const struct model *);
const char	*model_code(const struct model *, size_t class);
/*
 * The features' weights added up: a logit for each class, and at [model_classes()] the one of
 * "needs an answer".
 */
void		 model_add(const struct model *, const struct features *, double *logit);
/* The weight of one feature for one class (or for "needs"); 0 if it has none. */
double		 model_weight(const struct model *, uint64_t key, size_t class);

/* --- lesson.c --- */

/* Adds what was learnt about the features to the logits of model_add(). */
void		 lessons_add(const struct lessons *, const struct features *, double *logit);

/* --- the judges --- */

struct work {			/* one line being read */
	const struct reader	*reader;
	const struct fold_table	*fold;
	const struct heard	*heard;
	struct arena		*arena;
	struct intent		*intent;
	const char		*text;		/* cut to the cap */
	size_t			 len;
	size_t			 body;		/* byte where the body begins, after quotation and mention */
	struct folded		 whole;		/* the line after its quotation */
	size_t			 start;		/* where in `whole` the body begins */
	struct folded		 line;		/* the body, squeezed */
	struct hits		 hits;
	const struct open_matter *named;	/* the matter whose asker the line names; NULL */
	bool			 names_other;	/* it names somebody who has no open matter */
	bool			 to_desk;	/* it opens with the desk's name */
	const char		**reason;
	size_t			 nreason;
};

enum { REASONS_MAX = 24 };
void	reason(struct work *, const char *, ...) __attribute__((format(printf, 2, 3)));

void	quote_read(struct work *);			/* quote.c: sets intent quote, body place */
const struct open_matter *quote_matches(struct work *);	/* the open matter that the quotation repeats */
void	names_read(struct work *);			/* names.c: mentions at the start and by @ */
void	names_titles(struct work *);			/* names.c: 鲍警官, Officer Bao, by office; wants hits */
bool	command_read(struct work *, const struct verb *);	/* command.c */
void	private_read(struct work *);			/* private.c */
void	danger_read(struct work *);			/* danger.c */
void	slots_read(struct work *);			/* slots.c */
/* The kinds, and the model that has learnt them. */
struct judge {
	const struct kinds	*kinds;
	const struct model	*model;			/* NULL: cues alone */
	const struct lessons	*lessons;		/* NULL: none */
	int			 kind[CLASSES_MAX];	/* of each class of the model; -1: there is no such kind */
	struct features		*features;		/* of the line being read; room that is kept */
};

void	weigh_read(struct work *, const struct judge *, const int *cue);	/* weigh.c: by the model */
void	score_cues(const struct work *, const struct kinds *, int *percent);	/* score.c: 0 to 100 for each kind */
void	score_read(struct work *, const struct judge *);
/* For the trainer: reads a line and calls `see` where the kinds would be weighed; read.c. */
void	text_examine(const struct reader *, const char *text, struct arena *, void (*see)(struct work *, void *), void *ctx);
void	relation_read(struct work *);			/* relation.c */
bool	script_of(const struct folded *, enum kind_lang *);	/* script.c: false if too little tells it */
int	verdict_read(const struct work *);		/* relation.c */

#endif
