#ifndef MOOTHALL_STORE_LESSON_H
#define MOOTHALL_STORE_LESSON_H
/* What the reader has learnt from corrections. */
#include "store/hall.h"

struct lesson_row {
	int			 room;
	const char		*key;		/* of the message that corrected */
	long long		 request;
	bool			 by_staff;
	int			 staff;		/* 0 */
	const char		*what;		/* kind, drop, new */
	const char		*from, *to;	/* NULL: none */
	const char *const	*features;	/* NULL-terminated */
};

/* Once by room and key. No rows. */
void	store_lesson(struct store *, struct op *, instant now, const struct lesson_row *);
/* Those that count, oldest first: what, from, to, and a feature each row; rows of one lesson follow one another. */
void	store_load_lessons(struct store *, struct op *);

#endif
