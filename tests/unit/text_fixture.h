#ifndef MOOTHALL_TESTS_TEXT_FIXTURE_H
#define MOOTHALL_TESTS_TEXT_FIXTURE_H
/* The shipped kinds, the command words that are taught, and one line read with them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "text/read.h"

/* cmocka group set-up and tear-down: *state is the fixture. */
int	fixture_open(void **state);		/* by cues alone */
int	fixture_open_learnt(void **state);	/* with the shipped weights */
int	fixture_close(void **state);

struct fixture {
	struct kinds	*kinds;
	struct model	*model;		/* NULL: cues alone */
	struct reader	*reader;
	struct arena	*arena;		/* what was read lives here until the group ends */
	struct intent	 in;
};

/* A resident's line in a room with staff 鲍国 (nick 鲍国), Bao Guo, desk 议事厅. */
struct intent	*hear(struct fixture *, const char *line);
struct intent	*hear_heard(struct fixture *, struct heard);
/* The room of hear(), to be completed. */
struct heard	 heard_in_room(const char *line);
void		 show_reasons(const struct intent *);

/* A file of the sources, whole; yours. Fails the test if it cannot be read. */
char	*fixture_file(const char *name);

extern const struct verb fixture_verbs[];

#endif
