#ifndef MOOTHALL_TEXT_LESSON_H
#define MOOTHALL_TEXT_LESSON_H
/*
 * What one hall has learnt from being corrected (#kind, #drop, #new): small shifts of the
 * model's weights, bounded, in the order in which they were taught. They are made of features
 * that the model knew already, never of a line; without the shipped weights there are none.
 */
#include <stddef.h>

#include "text/model.h"

struct lessons;

struct lesson {
	const char		*from, *to;	/* kinds; NULL: it was, or is, none */
	int			 needs;		/* 1: it needs an answer after all; -1: it does not; 0: that was right */
	const char *const	*features;	/* NULL-terminated */
};

/* `model` is borrowed. */
struct lessons	*lessons_new(const struct model *);
void		 lessons_free(struct lessons **);
void		 lessons_clear(struct lessons *);
void		 lessons_learn(struct lessons *, const struct lesson *);

#endif
