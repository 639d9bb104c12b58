#ifndef MOOTHALL_TEST_WIRE_FAKE_H
#define MOOTHALL_TEST_WIRE_FAKE_H
/*
 * A whole wire without a socket: what the server says is fed to its stream as bytes,
 * what it sends is kept here (the linker's --wrap of stream_send), and what goes up
 * through the ear becomes lines of a log that a test compares whole.
 *
 * The component is hall.example, the service muc.example, the nickname Desk, the staff
 * address hall@hall.example.  The room gate4 is joined; ann@example is in it as "ann".
 */
#include "wire/internal.h"

int		 fake_wire_open(void **state);	/* for cmocka: *state is the struct wire */
int		 fake_wire_close(void **state);

/* From the server; ' quotes. */
void		 fake_in(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The oldest stanza sent and not yet taken must hold all of these parts; the last is NULL. */
void		 fake_sent(const char *part, ...) __attribute__((sentinel));
void		 fake_sent_nothing(void);
void		 fake_skip_to(const char *part);	/* takes all before the first that holds this */
/* The id of the stanza that fake_sent() took last. Lives until the next one. */
const char	*fake_sent_id(void);
void		 fake_ticks(int);
void		 fake_deaf(bool);	/* stream_send() refuses */
void		 fake_down(void);	/* the server hangs up */
void		 fake_up(void);		/* and is back; the room is not joined again */

/* Everything the ear heard since the last call, line by line. */
void		 fake_log(const char *expected);

#endif
