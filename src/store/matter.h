#ifndef MOOTHALL_STORE_MATTER_H
#define MOOTHALL_STORE_MATTER_H
/*
 * Matters: registering, changing, loading.  Every write is gated by a key (the
 * message that caused it, or the due item) and names the process and epoch that
 * hold the room; asked twice, it leaves the database as after once.
 */
#include "store/db.h"

/* Whose writes these are. */
struct store {
	struct db	*db;
	int		 process;
	long long	 epoch;
};

/* One line to be said, written with the change that causes it. */
struct line {
	const char	*id;		/* outbox id and message id */
	const char	*way;		/* "room", "desk", "staff" */
	const char	*to;		/* bare address; NULL in a room */
	const char	*body;		/* U+FFFC stands for the matter's number */
	const char	*lang;
	const char	*reply_to;
	const char	*purpose;	/* "ack", "receipt", "answer", ... */
	bool		 unasked;
};

/* Something to happen later to the matter. */
struct later {
	const char	*what;		/* "grace", "weak", "close" */
	instant		 at;
};

/* What goes with any write. */
struct effects {
	struct line	 line[6];
	size_t		 nlines;
	struct later	 later[4];
	size_t		 nlater;
	const char	*undue[4];	/* NULL-terminated: no longer due; "*": nothing is */
};

struct opening {
	int			 room;
	const char		*key;
	const char		*kind, *band, *way;	/* way: "room", "private" */
	bool			 addressed, is_private, urgent, late;
	const char		*source;		/* stanza-id; NULL */
	instant			 sent;
	const char		*asker, *nick;		/* address and nickname; NULL unknown */
	const char		*text;
	const char *const	*links;
	const char		*role;			/* who registered it: "resident", "staff" */
	int			 staff;			/* 0 none */
};

/* cells: outcome, number */
void	store_open(struct store *, struct op *, instant now, const struct opening *, const struct effects *);

struct change {
	int			 room;
	const char		*key;
	long long		 number;
	const char *const	*from;		/* states that allow it; NULL-terminated */
	const char		*what;		/* the event */
	const char		*detail;	/* a code, never words; NULL */
	const char		*to;		/* new state; NULL: as it is */
	const char		*strength;	/* "weak", "strong"; NULL */
	instant			 at;		/* when it happened */
	const char		*role;		/* "resident", "staff", "desk" */
	int			 staff;		/* who acted or wrote; 0 none */
	int			 released;	/* who released the words, if another; 0 none */
	const char		*person;	/* a resident's address; NULL */
	int			 target;	/* assigned to; 0 none */
	int			 rating;	/* 0 none */
	const char		*source;	/* stanza-id of an answering line; NULL */
	const char		*text_role;	/* NULL: no words are kept */
	const char		*text;
	const char *const	*links;
};

/* cells: outcome ("done", "again", "clash", "absent", "lost"), restrained */
void	store_change(struct store *, struct op *, instant now, const struct change *, const struct effects *);

/* Something is said and nothing changes. number may be 0. cells: outcome */
void	store_say(struct store *, struct op *, instant now, int room, const char *key, long long number, const struct effects *);

/* A matter as the hall keeps it in memory. Strings lie in the op. */
struct matter_row {
	long long	 number;
	int		 room;
	const char	*kind, *state;
	bool		 addressed, is_private, urgent, late;
	const char	*way;
	const char	*asker, *nick, *source;
	instant		 sent, recorded;
	int		 taken_by;
	const char	*answered;		/* NULL, "weak", "strong" */
	instant		 first_answer, asked_at;
	const char	*answer_source;
	int		 answered_by;
	int		 rating;
	const char	*text;			/* what was asked; NULL once erased */
	const char	*said;			/* outbox ids and stanza-ids of what the desk said about it, in private too, spaced */
	bool		 spoken;		/* an unasked room line was said about it */
	instant		 closed;		/* when it ended; 0 not */
};

/* Every matter that has not ended, of all rooms held. */
void	store_load_open(struct store *, struct op *);
/* Those that have ended since: "still not solved" may open them again. */
void	store_load_ended(struct store *, struct op *, instant since);
void	store_load_one(struct store *, struct op *, long long number);
/* Newest first, at most 20: the open ones, and those ended since `since`. */
void	store_load_of_person(struct store *, struct op *, const char *address, instant since);
void	store_matter_row(const struct op *, int row, struct matter_row *row_r);
#endif
