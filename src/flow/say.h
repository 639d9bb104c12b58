#ifndef MOOTHALL_FLOW_SAY_H
#define MOOTHALL_FLOW_SAY_H
/*
 * Words into lines of a write.  Every text comes from the catalogues; a line in a
 * room that is meant for one person opens with that person's nickname.
 */
#include "flow/write.h"

/* The number of a matter that is only being opened: replaced when the sequence has given it. */
#define NUMBER_TO_COME "\xef\xbf\xbc"

/* Catalogue words in the room's language, or in the speaker's; in the job's arena. */
#define words_room(j, key, ...)	lang_say((j)->hall->lang, (j)->arena, (j)->desk->lang, (key), ##__VA_ARGS__)
#define words_by(j, key, ...)	lang_say((j)->hall->lang, (j)->arena, (j)->by.lang, (key), ##__VA_ARGS__)
/* In the language of one address. */
#define words_to(j, who, key, ...) \
	lang_say((j)->hall->lang, (j)->arena, lang_of_address((j), (who)), (key), ##__VA_ARGS__)

/* A line in the room; reply_to is a stanza-id or NULL. */
void	say_room(struct job *, struct write *, const char *purpose, bool unasked, const char *reply_to, const char *text);
/* In private to a resident, as this room's desk. The first line ever to somebody says what is kept. */
void	say_private(struct job *, struct write *, const char *who, const char *purpose, const char *text);
/* In private to staff, from the staff address; `number` is what a plain line in return is about (0: nothing). */
void	say_staff(struct job *, struct write *, const struct staff *, const char *purpose, long long number, const char *text);
/* To whoever speaks in this job, by the way it came; a form gets it as its note as well. */
void	say_back(struct job *, struct write *, const char *purpose, const char *text);
/* The room's responsible officer; NULL: there is none in office. */
const struct staff *responsible(const struct desk *);

/* Ends a job with a line to the speaker and no change. */
enum step	answer_back(struct job *, const char *text);
/* The same, and a form shows it as an error. */
enum step	refuse(struct job *, const char *text);
/* The form's own answer; nothing on other ways. */
void		form_note(struct job *, bool failed, const char *text);

const char	*lang_of_address(const struct job *, const char *who);
/* The first words of a text, at most `points` characters, private spans masked, on one line. */
const char	*snippet(struct job *, const char *text, size_t points);
/* "16:05", "tomorrow 09:00", "11-25 09:00" in the room's time. */
const char	*when_words(struct job *, const char *lang, instant at);
const char	*kind_words(const struct hall *, const char *code, const char *lang);

#endif
