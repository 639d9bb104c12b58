#ifndef MOOTHALL_TEST_ROOM_FAKE_H
#define MOOTHALL_TEST_ROOM_FAKE_H
/*
 * A hall's rooms without a stream: what they send and ask is kept here, answers
 * and stanzas are given as XML, and what goes up through the ear becomes lines of
 * a log that a test compares whole.  The linker's --wrap puts it under the rooms.
 */
#include "wire/room.h"

/* One hall with the component hall.example, the service muc.example, the nickname Desk; no room yet. */
struct wire	*fake_open(void);
xmpp_ctx_t	*fake_ctx(void);
void		 fake_close(void);
void		 fake_up(void);		/* the stream is up */
void		 fake_down(void);
void		 fake_ticks(int);
void		 fake_ticks_until_heard(int at_most);

/* A presence or message from the server; ' quotes; children without xmlns take the stanza's. */
void		 fake_in(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The oldest stanza sent and not yet taken must hold this text. */
void		 fake_sent(const char *part);
void		 fake_sent_nothing(void);
/* The oldest open question must hold this text; it is answered with the children of a result. */
void		 fake_answer(const char *part, const char *children);
void		 fake_refuse(const char *part, const char *condition, const char *type);
void		 fake_timeout(const char *part);
void		 fake_asks_nothing(void);
/* An attribute of the oldest open question: queryid and the like. Lives until the next call. */
const char	*fake_question_attribute(const char *name);

/* Everything the ear heard since the last call, line by line. */
void		 fake_log(const char *expected);
void		 fake_log_skip(void);

/* Rows of the roster. */
void		 fake_room(const char *code, const char *cursor, instant cursor_at);
/* Joins gate4 and answers all that it asks until its archive is asked; Prosody's features if `occupant_ids`. */
void		 fake_join(bool occupant_ids);

#define NS_XML	"xmlns='jabber:component:accept'"

#endif
