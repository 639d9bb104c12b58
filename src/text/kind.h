#ifndef MOOTHALL_TEXT_KIND_H
#define MOOTHALL_TEXT_KIND_H
/*
 * A kind of request is data: one libconfuse file in share/kinds/, loaded into
 * PostgreSQL whole (its text is the row), read by this one parser everywhere.
 * An administrator adds a kind without compiling.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"

enum kind_lang { LANG_HANS, LANG_HANT, LANG_EN, LANGS };

struct cue {
	const char	*words;		/* as the file has them; matched folded (NFKC, lower case, simplified) */
	int		 weight;	/* 1..100; negative speaks against */
};

struct slot {
	const char	*name;		/* place, time, item, features, person, phone, ... */
	bool		 required;
	const char	*ask[LANGS];	/* the question that asks for it */
};

struct kind {
	const char	*code;			/* "lost_item" */
	const char	*work;			/* the kind of work it counts as: service, mediation, safety, unusual, praise, notice, law */
	const char	*title[LANGS];
	bool		 needs_answer;		/* false: thanks, notice, chatter */
	bool		 is_private;		/* never spoken of in the room */
	bool		 urgent;		/* goes through at any hour */
	instant		 grace;			/* how long the desk waits for staff before it speaks */
	instant		 first_answer;		/* target; 0 none */
	instant		 finish;		/* target; 0 none */
	bool		 duty_hours;		/* the clock runs in duty hours only */
	int		 keep_days;		/* how long its words are kept after its end */
	int		 sure, likely;		/* thresholds 0..100 of the reader's confidence */
	const struct cue  *cues;		/* ends with NULL words */
	const struct slot *slots;		/* ends with a NULL name */
	const char	*source;		/* the file's text */
};

struct kinds {
	struct arena		*arena;
	size_t			 n;
	const struct kind	*const *kind;	/* sorted by code */
};

/*
 * Reads one kind from a file's text. `name` is used in messages ("share/kinds/hazard.conf").
 * FAULT_USAGE with file, line and remedy. The kind lives in `arena`.
 */
enum fault		 kind_parse(struct arena *, const char *name, const char *text,
			    const struct kind **kind_r, struct err *);
/* Gathers parsed kinds (which live in `arena`, taken) into a sorted set. */
struct kinds		*kinds_new(struct arena *arena, const struct kind *const *, size_t n);
void			 kinds_free(struct kinds **);
const struct kind	*kinds_find(const struct kinds *, const char *code);	/* NULL: none */

/* "en", "zh-Hans", "zh-Hant", or a tag that falls under one of them; LANG_EN for anything else. */
enum kind_lang		 lang_of(const char *bcp47);
const char		*lang_tag(enum kind_lang);

#endif
