#ifndef REPLAY_STAGE_H
#define REPLAY_STAGE_H
/*
 * The world that a scenario plays in: a hall with everything but wire, a database of its
 * own behind a proxy, a clock that is set, and an ear and a mouth that are scripted.
 */
#include <event2/event.h>
#include <libpq-fe.h>
#include <stdbool.h>

#include "base/lang.h"
#include "keeper.h"
#include "proxy.h"
#include "script.h"

/* Something that the hall said. */
struct said {
	enum way	 way;
	char		*id, *room, *to, *text, *stanza_id;
	instant		 at;
	bool		 again;		/* this id was said before */
	bool		 failed;	/* a form's error */
	bool		 acked, waits;	/* waits: its acknowledgement is on the way */
	bool		 listed;	/* a step has named it */
};

struct person {
	const char	*handle, *address, *nick;
	bool		 away;		/* in no room */
};

struct stage {
	/* for all scenarios */
	struct event_base	*base;
	struct arena		*arena;
	const char		*pg_host, *dir;
	struct lang		*lang;
	struct model		*model;
	struct conf		*conf;
	struct proxy		*proxy;
	struct event		*beat, *ack;
	FILE			*log;		/* what went to standard error */
	bool			 verbose;

	/* of the scenario */
	char			 database[32];
	PGconn			*sql;
	struct keeper		*keeper;	/* NULL: not running */
	bool			 open;		/* the gate */
	bool			 up;		/* the stream, as far as the hall knows */
	bool			 xmpp, acks, db;	/* is there a server, does it reflect, is the database there */
	bool			 joining;	/* rooms come to life by ROOM steps only */
	bool			 troubled;	/* something was cut: complaints in the log are expected */
	char			*fatal;
	struct said		*said;
	size_t			 nsaid;
	struct person		 person[64];
	size_t			 npersons;
	char			**rooms;	/* codes */
	bool			*live;
	size_t			 nrooms;
	int			 last_id;
	struct { const char *name; char *id; } label[64];
	size_t			 nlabels;
	char			*why;		/* the step's complaint; NULL: none */
};

/* Says why the step failed; returns false, so that a step can `return fail(...)`. */
bool	fail(struct stage *, const char *, ...) __attribute__((format(printf, 2, 3)));

void	stage_begin(struct stage *, int number);	/* a fresh database; nothing runs yet */
void	stage_end(struct stage *);

bool	stage_start(struct stage *);			/* the hall, until it is loaded and its rooms are live */
void	stage_crash(struct stage *);
bool	stage_stop(struct stage *);
void	stage_stream(struct stage *, bool up);
void	stage_room(struct stage *, const char *room, bool live);
bool	stage_settle(struct stage *);			/* until nothing is under way; bounded */
void	stage_run(struct stage *, int milliseconds);
bool	stage_advance(struct stage *, instant to, bool silent);
/* Said and not named by a step: NULL or the first one. */
struct said *stage_unlisted(struct stage *);
const char *stage_print(const struct stage *, const struct said *);

struct person *stage_person(struct stage *, const char *handle);	/* NULL: nobody */
const char *stage_handle(struct stage *, const char *address);	/* the handle, or the address itself */
void	stage_label(struct stage *, const char *name, const char *id);
const char *stage_id(struct stage *, const char *label);	/* the id labelled so, or the label itself */

/* The first cell of the answer, rows joined by "; " and cells by "|"; NULL is "-". In the stage's arena. */
const char *stage_sql(struct stage *, const char *sql);

/* steps.c */
bool	step_run(struct stage *, const struct step *);
/* checks.c: what must hold after every scenario, and the rows */
bool	check_after(struct stage *);
bool	check_row(struct stage *, const struct step *);

#endif
