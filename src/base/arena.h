#ifndef MOOTHALL_BASE_ARENA_H
#define MOOTHALL_BASE_ARENA_H
/*
 * An arena: memory that is made while one thing is done and dies with it.
 *
 * A job owns one; what is made while a message is handled is taken from it and
 * never freed singly.  Out of memory ends the process (DESIGN: the state is in
 * PostgreSQL and the service manager restarts us), so nothing here returns NULL.
 */
#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena	*arena_new(void);
void		 arena_free(struct arena **);

/* Zeroed, aligned for any type. */
void		*arena_alloc(struct arena *, size_t);
/* NULL in gives NULL out. */
char		*arena_strdup(struct arena *, const char *);
char		*arena_strndup(struct arena *, const char *, size_t);
char		*arena_printf(struct arena *, const char *, ...)
		    __attribute__((format(printf, 2, 3)));

/* The same promises for things that live long: they end the process instead of returning NULL. */
void		*xcalloc(size_t, size_t);
void		*xrealloc(void *, size_t);
char		*xstrdup(const char *);		/* NULL in gives NULL out */

#endif
