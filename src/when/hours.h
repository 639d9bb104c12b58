#ifndef MOOTHALL_WHEN_HOURS_H
#define MOOTHALL_WHEN_HOURS_H
/*
 * Duty hours as an administrator writes them, read into weekly spans:
 *
 *	24h
 *	Mon-Fri 08:30-12:00 14:00-17:30; Sat 09:00-12:00
 *	周一至周五 8:30-17:30；週六、週日 9:00-12:00
 *	daily 22:00-06:00
 *
 * Hours past midnight are split at midnight. Pure: no I/O, no clock, no memory.
 */
#include <stddef.h>

#include "base/fault.h"

enum { HOURS_MAX = 84 };

struct hours_span {
	int	dow;			/* ISO weekday: 1 Monday .. 7 Sunday */
	int	opens, closes;		/* minutes after local midnight, 0 <= opens < closes <= 1440 */
};

struct hours {
	size_t			n;
	struct hours_span	span[HOURS_MAX];	/* sorted by day and time, no two overlap */
};

/*
 * FAULT_USAGE with what is wrong and what to write; *hours_r is then undefined.
 * An empty spec gives no span at all: the parent's hours hold.
 */
enum fault	hours_parse(const char *spec, struct hours *hours_r, struct err *);

#endif
