#ifndef MOOTHALL_TEXT_READ_H
#define MOOTHALL_TEXT_READ_H
/*
 * Words -> intent.  Pure: no I/O, no clock, no globals.  A reader is built once
 * from the kinds and the command words, and is then only read.
 *
 * It decides what a line *is*; whether anybody is told is flow/manners.c's business.
 * Its order: command? -> danger? -> private data? -> relation to an open matter? ->
 * kind, band and reasons.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/clock.h"
#include "text/kind.h"
#include "text/lesson.h"
#include "text/model.h"

/* One word that begins a command ("take", "接"), and what it stands for. */
struct verb {
	const char	*word;
	const char	*command;
	bool		 takes_number;	/* its first argument is a matter's number: "#接12" splits there */
};

enum band { BAND_NONE, BAND_LIKELY, BAND_SURE };
enum danger { DANGER_NO, DANGER_POSSIBLE, DANGER_CERTAIN };

/* What a line says about an earlier matter. */
enum relation {
	REL_NONE,
	REL_ANSWER,	/* staff: strong (reply, quotation, asker named) */
	REL_ANSWER_WEAK,/* staff: a bare next line; whether it may count is flow's business */
	REL_ADDS,	/* the asker adds to it */
	REL_THANKS,	/* thanks without a question, a "but" or a new request */
	REL_UNSOLVED,	/* "still not", "没用" */
	REL_CANCEL,	/* the asker takes it back: "找到了，不用了" */
	REL_TAKEN,	/* staff, in reply: 接, 我来, on it, 👀 */
	REL_DONE,	/* staff, in reply: 好了, 办好了, done, ✅ */
};

struct open_matter {
	long long	 number;
	const char	*kind;
	const char	*nick;		/* the asker's */
	const char	*text;		/* its first words; NULL if not in memory */
	bool		 mine;		/* the speaker asked it */
	bool		 answered;
	bool		 quoted;	/* the line is an XEP-0461 reply or reaction to the asker's line, the
					   desk's line about it, or its answer (resolved by flow) */
};

struct heard {
	const char			*text;
	bool				 by_staff;
	bool				 explain;	/* fill `reasons`; it takes as long as the reading itself */
	instant				 sent;
	const struct open_matter	*open;		/* the room's open matters, newest first */
	size_t				 nopen;
	const char *const		*staff_names;	/* nicks and names of staff here, and of the desk; NULL-terminated */
	const char *const		*occupants;	/* other nicks that may be named; may be NULL */
	const char			*desk;		/* the desk's nickname */
};

struct span {
	size_t		 at, len;	/* bytes of the original text */
	const char	*what;		/* id_number, bank_card, phone, plate; slots: place, time, item ... */
	bool		 certain;	/* checksum-valid */
};

struct intent {
	/* A command, in any spelling ("#接12", "＃ take 12", "/take 12", "议事厅: take 12"). */
	const char	*command;	/* NULL: none. The row's English name */
	long long	 number;	/* 0: none given */
	const char	*rest;		/* what follows, trimmed; "" if nothing */
	bool		 half;		/* begins like a command, the word is unknown: `rest` holds the word */

	bool		 addressed;	/* the desk or staff are named: nick, nick: @nick, 「鲍警官」, Officer Bao */
	const char	*addressee;	/* which of staff_names; NULL if only by office ("警察同志") */

	const struct kind *kind;	/* best kind; NULL none */
	enum band	 band;
	int		 confidence;	/* 0..100 */
	const struct kind *second;	/* NULL none */
	int		 second_confidence;
	bool		 needs_answer;
	bool		 question;

	enum relation	 relation;
	long long	 about;		/* the matter related to; 0 none */

	enum danger	 danger;
	const char	*danger_kind;	/* police, fire, medical; NULL: no word says which, never if it is certain */

	const struct span *spans;	/* private data */
	size_t		 nspans;
	const struct span *slots;
	size_t		 nslots;
	const char	*const *reasons;	/* NULL-terminated: "cue lost_item 丢了 @12"; empty unless asked for */

	const char	*body;		/* the line without leading quotation and mention */
	const char	*quote;		/* the leading "> " lines, unmarked; NULL none */
	enum kind_lang	 lang;		/* the script it is written in */
	bool		 lang_known;	/* false: too short or no script ("ok", "12") */
	int		 verdict;	/* a bare "1" or "2" (also 是/不是, yes/no): 1, 2; else 0 */
};

struct reader;

/*
 * `verbs` ends with a NULL word; it, the kinds and the model must outlive the reader. Without a model
 * (NULL) the cues decide alone; lessons (may be NULL, must outlive it too) are heeded as they are at
 * each line. It reads one line at a time.
 */
struct reader	*reader_new(const struct kinds *, const struct verb *verbs, const struct model *, const struct lessons *);
void		 reader_free(struct reader **);

/* Reads one line; all that *intent_r points at lives in `arena` or in the reader. */
void		 text_read(const struct reader *, const struct heard *, struct arena *, struct intent *intent_r);

/* The script that a line is written in; false: too short or no script, *lang_r is a guess then. */
bool		 text_script(const struct reader *, const char *text, struct arena *, enum kind_lang *lang_r);
/*
 * What a lesson about a line is made of: the line's words as the model knows them, the weightiest, at most
 * FEATURES_TAUGHT. NULL-terminated; empty without a model.
 */
enum { FEATURES_TAUGHT = 48 };
const char *const *text_features(const struct reader *, const char *text, struct arena *);
/* A copy with every private span masked ("1101**********1234"). */
char		*text_mask(const char *text, const struct intent *, struct arena *);
/* Folded for comparison: NFKC, lower case, traditional -> simplified, spaces and marks squeezed. */
char		*text_fold(const struct reader *, const char *text, struct arena *);

#endif
