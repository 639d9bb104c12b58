#ifndef MOOTHALL_FLOW_MANNERS_H
#define MOOTHALL_FLOW_MANNERS_H
/*
 * When the desk speaks, to whom, and when it keeps silent: one pure table and the
 * limits that hold whatever the reader thinks.  No I/O, no clock; doc/manners.md is
 * its living form and every row is a replay scenario.
 */
#include <stdbool.h>

#include "base/clock.h"

enum mode { MODE_NORMAL, MODE_LISTEN, MODE_ADDRESSED };

/* What was heard, as far as manners ask. */
struct occasion {
	bool		emergency;	/* certain danger */
	bool		addressed;	/* desk or staff by name, a command, a 1:1 line */
	bool		in_private;	/* said in private */
	bool		private_kind;
	bool		needs_answer;	/* the kind does, or it is addressed and a question */
	int		band;		/* enum band */
	bool		by_staff, by_robot;
	bool		quiet;		/* the writer's wish */
	bool		late;		/* from the archive and older than 15 minutes */
	bool		on_duty;
	bool		reachable;	/* the writer can be told in private */
	bool		declined;	/* the writer said "2" twice */
	enum mode	mode;
};

enum keep { KEEP_NOTHING, KEEP_CANDIDATE, KEEP_MATTER };
enum tell { TELL_NEVER, TELL_AT_ONCE, TELL_AFTER_GRACE };

struct manner {
	enum keep	keep;
	enum tell	room;		/* a line in the room */
	enum tell	receipt;	/* a line in private to the writer */
	bool		room_if_unreachable;	/* addressed in the room, off duty, nobody to whisper to */
	bool		late_note;	/* tell the writer once that it is late */
	bool		staff_now;	/* a note to the responsible officer at once */
	bool		listen_note;	/* only show the officer what would have been registered */
	const char	*row;		/* the table's row: for events, tests and doc/manners.md */
};

struct manner	manners_of(const struct occasion *);

/* What an unasked line has to pass. */
struct quota {
	instant		now;
	instant		unasked[6];	/* the newest unasked lines in this room, newest first; 0 none */
	bool		night;		/* 22:00-07:00 room time */
	bool		last_is_desk;	/* no person has spoken since the desk's last line */
	bool		spoken;		/* an unasked line was already said about this matter */
	instant		line_sent;	/* of the line that it is about */
	bool		emergency;
	enum mode	mode;
	bool		live;		/* the room can be spoken in */
};

enum {
	UNASKED_DAY = 6, UNASKED_GAP_MIN = 10, OLD_LINE_MIN = 15,
	NIGHT_FROM_H = 22, NIGHT_UNTIL_H = 7,
};

/* NULL: it may be said. Otherwise the limit that forbids it ("night", "ten minutes", ...). */
const char	*manners_forbid(const struct quota *);

/* Has the private question "shall I register this?" a right to be asked? */
bool		 manners_may_ask(instant now, instant asked_last, int declined, bool night, bool quiet);

#endif
