#ifndef MOOTHALL_BASE_CLOCK_H
#define MOOTHALL_BASE_CLOCK_H
/*
 * The only clock.  An instant is microseconds since 1970-01-01 UTC; 0 means "none".
 * Time also goes to PostgreSQL as a parameter, never as now(): a test's clock
 * must rule the SQL too.
 */
#include <stdint.h>

typedef int64_t instant;

#define USEC	 INT64_C(1000000)		/* one second */
#define MINUTE	(60 * USEC)
#define HOUR	(60 * MINUTE)
#define DAY	(24 * HOUR)

instant	clock_now(void);
/* From now on clock_now() answers `at` until the next call; 0 gives the real clock back. Tests only. */
void	clock_fake(instant at);

enum { INSTANT_TEXT = 32 };
/* XEP-0082 and PostgreSQL both read "2026-11-23T09:00:00.000000Z". `out` holds INSTANT_TEXT bytes. */
char	*instant_text(instant, char *out);
/* Reads XEP-0082 §3.2 date-times with "Z" or an offset; 0 if it is none. */
instant	instant_parse(const char *);

#endif
