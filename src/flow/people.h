#ifndef MOOTHALL_FLOW_PEOPLE_H
#define MOOTHALL_FLOW_PEOPLE_H
/*
 * What the hall knows of people beyond their matters: what they asked of the desk
 * (quiet, language), what it asked them, what they are in the middle of.  Residents
 * are found by a salted digest of their address, so that a wish to be left alone
 * enrols nobody; nothing here is kept of somebody who only talks.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/lang.h"
#include "store/hall.h"

enum pending {
	PENDING_NONE,
	PENDING_CANDIDATE,	/* "shall I register this? 1/2" */
	PENDING_WEAK,		/* "does that count as the answer to #12? 1/2" */
	PENDING_DRAFT,		/* "this goes out as the station's answer: 1" */
};

struct person {
	unsigned char	 digest[32];
	/* kept in PostgreSQL */
	bool		 quiet;
	char		*lang;		/* #lang, or NULL */
	int		 declined;
	instant		 asked;
	bool		 known;		/* has a row: the desk has introduced itself */
	bool		 unsaved;	/* the database was away */
	/* in memory */
	const char	*wrote;		/* language tag that the person last wrote in, or NULL */
	enum pending	 pending;
	long long	 about;		/* the matter, or the candidate's number */
	char		*draft;
	instant		 pending_at;
	long long	 noted;		/* the matter of the newest note to this person */
	instant		 hinted;	/* when told that encrypted lines are not read */
	instant		 warned;	/* when told about a private number in the open */
};

struct people;

struct people	*people_new(void);
void		 people_free(struct people **);
void		 people_salt(struct people *, const char *hex);
void		 people_take(struct people *, const struct op *);	/* the preferences */
/* NULL if `who` is NULL or nothing is known. */
struct person	*people_find(struct people *, const char *who);
/* Never NULL; `who` must not be. */
struct person	*people_get(struct people *, const char *who);
/* Writes the kept part; what could not be written is written by people_retry(). */
void		 people_save(struct people *, struct store *, struct person *, instant now);
void		 people_retry(struct people *, struct store *, instant now);
bool		 people_busy(const struct people *);	/* something is on its way to the database */
void		 person_pend(struct person *, enum pending, long long about, const char *draft, instant now);
/* What the person was asked, if it has not lapsed. */
enum pending	 person_pending(struct person *, instant now);

#endif
