#ifndef MOOTHALL_FLOW_DESK_H
#define MOOTHALL_FLOW_DESK_H
/*
 * One desk a room: its queue of jobs, its open matters and the little that is
 * remembered of its talk (100 lines or 24 hours, in memory only).
 *
 * A job is one thing to do: a message, a form, a due item.  Its steps stand in
 * reading order in one file; each ends by naming the next.  A step that waits for the
 * database returns STEP_WAIT; nothing recurses, rooms do not wait for each other.
 */
#include <sys/queue.h>

#include "flow/hall.h"
#include "flow/manners.h"
#include "flow/matter.h"
#include "flow/outbox.h"
#include "flow/people.h"
#include "flow/roster.h"

enum { LINES_KEPT = 100, LINES_KEPT_H = 24 };

struct desk;
struct job;

enum step {
	STEP_DONE,
	STEP_WAIT,	/* the database's answer brings the next step */
	STEP_MOVED,	/* the job is in another desk's queue now: job_move() */
};
typedef enum step step_fn(struct job *);

/* A line of the room's talk. */
struct spoken {
	TAILQ_ENTRY(spoken)	 next;
	char			*stanza_id, *id;	/* the room's and the sender's; NULL */
	char			*who, *nick;
	char			*text;
	char			*lang;			/* NULL unknown */
	char			**links;		/* NULL-terminated; NULL */
	instant			 sent;
	long long		 number;		/* the matter that it became or belongs to; 0 */
	bool			 by_staff, by_desk;
};

/* A likely request, kept in memory for a day: the officer's list shows it with a "?". */
struct candidate {
	TAILQ_ENTRY(candidate)	 next;
	long long		 id;
	struct desk		*desk;
	char			*code;		/* the kind's */
	char			*who, *nick, *text, *stanza_id, *key;
	char			**links;
	instant			 sent;
	int			 confidence;	/* of the reader, in percent */
	bool			 asked;		/* the question was put, or will never be */
};

struct desk {
	struct hall		*hall;
	int			 id, unit, officer;
	char			*code, *title, *lang, *zone, *emergency, *unit_name;
	char			*cursor;	/* last archive id whose line is wholly dealt with */
	instant			 cursor_at;
	instant			 day;		/* local, in days; 0: not looked at yet */
	bool			 cursor_dirty, live, ended, dirty, seen;
	enum mode		 mode;
	TAILQ_HEAD(jobs, job)	 jobs;
	struct jobs		 held;		/* due, but the room must be heard first: what was said meanwhile counts */
	size_t			 njobs;
	TAILQ_ENTRY(desk)	 link;		/* all of them */
	TAILQ_ENTRY(desk)	 turn;		/* those with something to do */
	struct matters		 matters;	/* newest first */
	TAILQ_HEAD(spokens, spoken) lines;		/* newest first */
	size_t			 nlines;
	TAILQ_HEAD(candidates, candidate) candidates;
	const char		**names;	/* of staff here and of the desk; the strings are the roster's */
	instant			 unasked[UNASKED_DAY];	/* newest first */
	bool			 last_is_desk;
};

/* Who speaks, decided once when the job starts, from the real address alone. */
struct speaker {
	const char		*who;		/* real bare address; NULL hidden */
	const char		*nick;
	const struct staff	*staff;		/* NULL: a resident, here */
	struct person		*person;	/* NULL: hidden */
	const char		*lang;		/* for private lines to this person */
};

/* What a command was given; filled by cmd_start from the row's arguments. */
struct given {
	const struct cmd	*cmd;
	struct matter		*matter;
	bool			 foreign;	/* the matter was loaded for this job and goes with it */
	long long		 number;
	const char		*text;		/* "" if none */
	int			 rating;
	const struct staff	*person;
	const char		*was;		/* the kind before; of #kind and #drop */
	bool			 missed;	/* by the reader; of #new */
};

struct due_item {
	const char	*what;
	instant		 at;
};

struct job {
	TAILQ_ENTRY(job)	 link;
	struct arena		*arena;
	struct desk		*desk;
	struct hall		*hall;
	struct roster		*roster;	/* held, so that a swap does not pull it away */
	uint64_t		 id;
	step_fn			*step;		/* the next one */
	bool			 waiting;
	struct msg		*msg;		/* NULL: something due */
	struct due_item		 due;
	long long		 number;	/* of the due item's matter, or the message's */
	struct speaker		 by;
	struct intent		 in;
	struct given		 given;
	struct spoken		*line;		/* the message as remembered; NULL */
	const struct spoken	*quoted;	/* the line that it replies to or quotes; NULL */
	struct write		*write;		/* the newest write; NULL */
	int			 nwrites;
	struct op		*op;		/* a load's answer, valid in the step after it */
	const char		*note;		/* what a form is answered with when the job ends */
	bool			 note_failed;
	char			*cursor;	/* archive id to move to when done */
};

/* --- desk.c --- */
struct desk	*desk_new(struct hall *, const struct room_row *);
void		 desk_free(struct desk **);
/* Takes over what an administrator may change. */
void		 desk_update(struct desk *, const struct room_row *);
enum mode	 mode_of(const char *);
const char	*mode_name(enum mode);
/* Appends a job whose first step is `step`; `msg` is taken and may be NULL. Never NULL. */
struct job	*desk_queue(struct desk *, struct msg *msg, step_fn *step);
/* The job goes on in the queue of the matter's room, beginning with `step`. STEP_MOVED. */
enum step	 job_move(struct job *, struct desk *, step_fn *step);
/* Sets the running job aside until the room is live, its archive read; then its step runs again. STEP_MOVED. */
enum step	 desk_hold(struct job *);
void		 desk_release(struct desk *);
/* Runs what can run; called by the hall's drain alone. */
void		 desk_run(struct desk *);
/* The database has answered for the job with this id, if it is still there. */
struct job	*desk_job(struct desk *, uint64_t id);
void		 desk_wake(struct desk *);

struct matter	*desk_matter(struct desk *, long long number);	/* NULL */
void		 desk_add_matter(struct desk *, struct matter *taken);
void		 desk_drop_matter(struct desk *, struct matter *);
/* Forgets lines, candidates and ended matters that are too old. */
void		 desk_forget(struct desk *, instant now);

/* --- talk.c: what is remembered of the room's talk --- */
struct spoken	*talk_add(struct desk *, const struct msg *, bool by_staff);
/* The desk's own line, once the room has reflected it. */
void		 talk_add_own(struct desk *, const char *id, const char *stanza_id, long long number, const char *text, instant now);
struct spoken	*talk_by_id(struct desk *, const char *id);		/* stanza-id or message id */
/* The newest line whose text opens with what was quoted. */
struct spoken	*talk_by_quote(struct desk *, const struct reader *, const char *quote, struct arena *);
/* Has anybody but `who` spoken since? */
bool		 talk_since(const struct desk *, const char *who, instant since);
/* Staff's lines since; leaving out `but`. */
size_t		 talk_staff_since(const struct desk *, instant since, const struct spoken *but);
void		 talk_set_text(struct spoken *, const char *);
void		 talk_free(struct desk *, struct spoken *);

/* --- candidate.c --- */
void		 candidate_add(struct job *, const char *kind);
void		 candidate_free(struct candidate *);
struct candidate *candidate_find(struct hall *, long long id);
/* Puts the private questions that are ripe. */
void		 candidates_tick(struct desk *, instant now);

/* --- speaker.c --- */
void		 speaker_find(struct job *);
/* The words that a job's private lines to this address are in. */
const char	*lang_for(const struct desk *, const struct person *);

#endif
