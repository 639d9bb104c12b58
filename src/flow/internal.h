#ifndef MOOTHALL_FLOW_INTERNAL_H
#define MOOTHALL_FLOW_INTERNAL_H
/* The hall itself, for the files of flow/ only. */
#include "flow/cmd.h"

TAILQ_HEAD(desks, desk);

struct hall {
	struct event_base		*base;
	const struct conf		*conf;
	const struct lang		*lang;
	const struct model		*model;		/* may be NULL */
	struct lessons			*lessons;	/* NULL without a model */
	struct db			*db;
	const struct cmd *const		*commands;
	struct verb			*verbs;
	const char			*version;
	struct mouth			 mouth;
	struct store			 store;
	struct event			*drain;		/* runs the desks that have something to do */
	struct roster			*roster;	/* NULL until loaded */
	struct loading			*loading;	/* a load under way */
	bool				 reload_again;	/* an administrator wrote while loading */
	struct people			*people;
	struct outbox			*outbox;
	struct desks			 desks, turn;
	size_t				 ndesks;
	void				*by_code, *by_id;	/* tsearch(3) */
	uint64_t			 last_job;
	long long			 last_candidate;
	size_t				 nops;		/* asked of the database and not yet answered */
	bool				 held, loaded, up, finished;
	char				*stream_state, *stream_note;
	instant				 renewed, saved, forgot, erased, looked;	/* when last */
	long long			 generation;	/* the database's, as last seen */
};

struct desk	*hall_desk(const struct hall *, const char *code);	/* NULL */
struct desk	*hall_desk_id(const struct hall *, int id);
struct matter	*hall_matter(const struct hall *, long long number);
/* The room in which something for this person without a room is done: a matter's, staff's first, any. */
struct desk	*hall_desk_for(const struct hall *, const struct staff *);
void		 hall_dirty(struct hall *, struct desk *);
void		 hall_add_desk(struct hall *, struct desk *);

/* Asks again what the database has not answered. */
void		 hall_retry(struct hall *);

/* tick.c: the process row, by which others see that this hall lives. */
void		 tick_renew(struct hall *, bool ended);

/* load.c */
void		 load_start(struct hall *, bool matters_too);
void		 load_free(struct loading **);

/* hear.c: what a message means here. */
step_fn		 hear_start;
/* The last step of a job that has nothing to add. */
step_fn		 hear_done;
/* open.c: registering. */
enum step	 open_matter(struct job *, const struct manner *, const struct occasion *, const char *kind, const char *band);
/* By when a matter of this kind, sent then, is to have its first answer. */
instant		 answer_due(const struct desk *, const char *kind, instant sent);
/* The responsible officer as residents know them. */
const char	*officer_words(struct job *, const char *lang);
/* relate.c: answers, thanks, additions, reactions; about a matter that is there. */
enum step	 relate_start(struct job *, struct matter *);
step_fn		 relate_file, react_start;
/* due.c */
step_fn		 due_start;
/* gap.c: the officer is told that lines may be missing. */
step_fn		 gap_start;
/* reply.c: the answer to something that the desk asked in private (1, 2), and drafts. */
bool		 pending_answered(struct job *, enum step *step_r);
step_fn		 draft_start;
/* cmd_new.c: a candidate becomes a matter with its true start. */
enum step	 candidate_register(struct job *, struct candidate *);

/* --- lesson.c --- */
/* The matter was taken for `from` (NULL: for nothing) and is `to` (NULL: no request); `text`: its words, NULL unknown. */
void		 lesson_teach(struct job *, const char *what, long long number, const char *from, const char *to, const char *text);
void		 lesson_take(struct hall *, const struct op *);	/* those that the database holds, in place of all */

#endif
