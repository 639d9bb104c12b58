#ifndef REPLAY_SCRIPT_H
#define REPLAY_SCRIPT_H
/*
 * The scenario language: one step a line, words separated by spaces, "quoted" words with
 * \n and \" in them, key=value and key="value" words, a comment from ` ;` to the end.
 *
 *	SCENARIO what is shown
 *	AT 09:00	HEAR gate4 ann "..."	exactly then: nothing unlisted may have been said before
 *	BY 09:05	SAY gate4 "..."		at any time until then
 *			SILENT			at the time of the step above
 *	END
 *
 * Times are local (Asia/Shanghai); "+1d 09:00" is the day after the scenario's first.
 * What stands before a file's first SCENARIO comes before each of its scenarios.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/clock.h"

enum when { WHEN_NOW, WHEN_AT, WHEN_BY };

enum { WORDS_MAX = 24 };

struct step {
	int		 line;
	enum when	 when;
	instant		 at;		/* WHEN_AT, WHEN_BY */
	int		 n;
	const char	*w[WORDS_MAX + 1];	/* w[0] is the step's name; ends with NULL */
};

struct scenario {
	const char	*file, *name;
	int		 line;
	struct step	*step;
	size_t		 nsteps;
};

struct script {
	struct scenario	*scenario;
	size_t		 n;
};

/* Everything lives in `arena`. Ends the program with file and line if it cannot be read. */
void	script_load(struct arena *, const char *path, struct script *script_r);

/* "09:03", "09:03:30", "+1d09:00", "-1d23:00" of the first day; 0 if it is no time. */
instant	script_time(const char *);

/* The value of key=value among the words, or NULL; script_flag: is the bare word there (from word 2 on)? */
const char	*script_value(const struct step *, const char *key);
bool		 script_flag(const struct step *, const char *word);

#endif
