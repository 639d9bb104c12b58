#ifndef MOOTHALL_FLOW_ROSTER_H
#define MOOTHALL_FLOW_ROSTER_H
/*
 * What administrators write: staff, kinds, duty hours, time zones.  Loaded whole and
 * swapped whole between two messages; nothing in it changes while it is in use.
 */
#include "base/arena.h"
#include "store/hall.h"
#include "text/read.h"

struct staff {
	int		 id, unit;
	const char	*address, *role, *name, *nick;
	const int	*rooms;		/* room ids, ends with 0 */
};

/* Half-open. */
struct duty_span {
	int	unit;
	instant	opens, closes;
};

struct zone_step {
	const char	*zone;
	instant		 since;
	int		 offset;	/* seconds east of UTC */
};

struct roster {
	struct arena		*arena;
	size_t			 holders;	/* the hall, and jobs that began under it */
	struct staff		*staff;		/* sorted by address */
	size_t			 nstaff;
	struct roster		*lender;	/* whose kinds and reader these are, if they have not changed; NULL: own */
	struct kinds		*kinds;
	struct reader		*reader;
	struct duty_span	*span;		/* sorted by unit, opens */
	size_t			 nspans;
	struct zone_step	*zone;		/* sorted by zone, since */
	size_t			 nzones;
	long long		 generation;
};

struct roster		*roster_new(void);
/* One more holder. */
struct roster		*roster_hold(struct roster *);
/* One less; the last one frees it. */
void			 roster_free(struct roster **);

/* Decoding of the four loads. FAULT_USAGE names what is wrong; then the old roster stays. */
void			 roster_take_staff(struct roster *, const struct op *);
/* Kinds that are what `old` has (NULL: none) are borrowed from it: a reader is costly to build. */
enum fault		 roster_take_kinds(struct roster *, struct roster *old, const struct op *, const struct verb *,
			    const struct model *, const struct lessons *, struct err *);
void			 roster_take_spans(struct roster *, const struct op *);
void			 roster_take_zones(struct roster *, const struct op *);

const struct staff	*roster_staff(const struct roster *, const char *address);	/* NULL: not staff */
const struct staff	*roster_staff_id(const struct roster *, int id);
/* By nickname, name, address or the address's local part; a leading '@' is skipped. NULL: none or several. */
const struct staff	*roster_staff_named(const struct roster *, const char *word);
bool			 staff_in_room(const struct staff *, int room);
/* May decide and set modes: officer, publicist, leader, arbiter. */
bool			 staff_leads(const struct staff *);
const char		*staff_title(const struct staff *);	/* nickname, else name */

/* --- time, as the unit lives it --- */
bool			 roster_on_duty(const struct roster *, int unit, instant at);
/* `length` of duty time after `from`; units without hours are always on duty. */
instant			 roster_duty_add(const struct roster *, int unit, instant from, instant length);
/* Local wall time as an instant of UTC fields: gmtime() of it gives the local date and hour. */
instant			 roster_local(const struct roster *, const char *zone, instant at);
bool			 roster_night(const struct roster *, const char *zone, instant at);	/* 22:00-07:00 */

#endif
