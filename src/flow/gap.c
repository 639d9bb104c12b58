/* The archive did not reach back to where the hall left: the officer is told, because nobody else can know. */
#include "flow/internal.h"

enum step
gap_start(struct job *j)
{
	const struct staff *s = responsible(j->desk);
	instant from = (instant)j->number * USEC, now = clock_now();
	const char *lang, *a, *b;
	struct write *w;

	if (s == NULL)
		return STEP_DONE;
	/* Which lines, the archive's own end will show first. */
	if (!j->desk->live)
		return desk_hold(j);
	w = write_new(j, WRITE_SAY);
	lang = lang_of_address(j, s->address);
	a = from != 0 ? when_words(j, lang, from) : "…";
	b = when_words(j, lang, j->due.at != 0 ? j->due.at : now);
	say_staff(j, w, s, "gap", 0, words_to(j, s->address, "staff_gap", LS(j->desk->title), LS(a), LS(b)));
	return write_say(j, w, NULL);
}
