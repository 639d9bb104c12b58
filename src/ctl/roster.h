#ifndef MOOTHALL_CTL_ROSTER_H
#define MOOTHALL_CTL_ROSTER_H
/*
 * roster.csv in memory: its rows by kind, with every value under its column; and all
 * that is wrong with it, each with its line. See moothallctl(8) for the format.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"
#include "ctl/csv.h"
#include "when/hours.h"

enum roster_kind { ROW_UNIT, ROW_ROOM, ROW_STAFF, ROW_KINDS };
enum { ROSTER_COLUMNS = 8 };

/* In the order of the columns of a file without header rows. */
enum { UNIT_CODE, UNIT_PARENT, UNIT_KIND, UNIT_NAME, UNIT_ZONE, UNIT_CALENDAR, UNIT_EMERGENCY, UNIT_COLUMNS };
enum { ROOM_CODE, ROOM_UNIT, ROOM_TITLE, ROOM_TOPIC, ROOM_TAGS, ROOM_LANG, ROOM_OFFICER, ROOM_MODE, ROOM_COLUMNS };
enum { STAFF_ADDRESS, STAFF_UNIT, STAFF_ROLE, STAFF_NAME, STAFF_NICK, STAFF_ROOMS, STAFF_FROM, STAFF_UNTIL, STAFF_COLUMNS };

extern const char *const roster_word[ROW_KINDS];			/* unit, room, staff */
extern const char *const roster_column[ROW_KINDS][ROSTER_COLUMNS + 1];	/* NULL-terminated */

struct roster_row {
	int		 line;
	const char	*value[ROSTER_COLUMNS];	/* never NULL; normalised by roster_check() */
	const char	**list;			/* tags of a room, rooms of staff; NULL-terminated */
	struct hours	 hours;			/* of a unit */
};

struct roster_rows {
	size_t			 n, room;
	struct roster_row	**row;		/* in the order of the file */
	void			*by_code;	/* tsearch(3) tree of struct roster_row, by its first value */
};

struct roster_fault {
	int		 line;
	const char	*text;
};

struct rosterfile {
	struct arena		*arena;		/* not ours */
	struct roster_rows	 rows[ROW_KINDS];
	size_t			 nfaults, faults_room;
	struct roster_fault	*fault;		/* sorted by line once checked */
};

/* Sorts the rows of a parsed file. Whatever is wrong becomes a fault. */
struct rosterfile	*rosterfile_new(struct arena *, const struct csv_row *, size_t n);
void		 rosterfile_free(struct rosterfile **);

/*
 * Checks every value and every reference, and normalises. `staff` is the staff address'
 * local part, which no room may have as its code. Time zones are the database's to judge.
 */
void		 roster_check(struct rosterfile *, const char *staff);
void		 roster_add_fault(struct rosterfile *, int line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void		 roster_sort_faults(struct rosterfile *);

const struct roster_row	*roster_find(const struct rosterfile *, enum roster_kind, const char *code);

/* As JSON arrays for the database; ROW_KINDS gives the weeks of the units' calendars. */
void		 roster_json(const struct rosterfile *, enum roster_kind, struct buf *);

#endif
