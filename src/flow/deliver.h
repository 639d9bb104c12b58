#ifndef MOOTHALL_FLOW_DELIVER_H
#define MOOTHALL_FLOW_DELIVER_H
/*
 * How the station's words reach whoever asked: in the room where it was asked
 * there, in private where it is private.  #answer, #ask and #done share it.
 */
#include "flow/say.h"

enum { CLOSE_AFTER_H = 72 };	/* an answered matter closes by itself after so long without a word */

/* The states in which a matter can still be worked on: not done, not ended. */
extern const char *const from_workable[];

/* In the room, in reply to the asking line? Otherwise in private. */
bool	deliver_in_room(const struct matter *);
/* false: nobody can be told, there is neither a room nor an address. */
bool	deliver_can(const struct matter *);
/* Puts the words into the write, by the way that the matter goes. Only one of the two texts is said. */
void	deliver(struct job *, struct write *, const struct matter *, const char *purpose, const char *in_room,
	    const char *in_private);
/* Words for the asker without their name in front, which the desk puts there itself. Points into `text`. */
const char *deliver_text(const struct matter *, const char *text);
/* May this member of staff read the words of the matter? Private ones: who is responsible or has it. */
bool	deliver_may_read(const struct desk *, const struct matter *, const struct staff *);
/* The same person? A swap of the roster leaves two rows for one while a job holds the old one. NULL is nobody. */
bool	staff_same(const struct staff *, const struct staff *);
/* "#12": a matter's number as an argument for the catalogues, without the mark. */
const char *number_words(struct job *, long long number);

#endif
