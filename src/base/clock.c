#include "base/clock.h"

#include <string.h>
#include <time.h>

static instant fake;

instant
clock_now(void)
{
	struct timespec ts;

	if (fake != 0)
		return fake;
	clock_gettime(CLOCK_REALTIME, &ts);
	return (instant)ts.tv_sec * USEC + ts.tv_nsec / 1000;
}

void
clock_fake(instant at)
{
	fake = at;
}

/* `digits` digits of n, and what stands behind them. */
static char *
put(char *out, long n, int digits, char behind)
{
	int i;

	for (i = digits; i > 0; i--, n /= 10)
		out[i - 1] = (char)('0' + n % 10);
	out[digits] = behind;
	return out + digits + 1;
}

/* By hand: three of them go with every request. */
char *
instant_text(instant at, char *out)
{
	time_t s = (time_t)(at / USEC);
	long micro = (long)(at % USEC);
	struct tm tm;
	char *p = out;

	if (micro < 0) {	/* before 1970 */
		micro += USEC;
		s--;
	}
	gmtime_r(&s, &tm);
	p = put(p, tm.tm_year + 1900, 4, '-');
	p = put(p, tm.tm_mon + 1, 2, '-');
	p = put(p, tm.tm_mday, 2, 'T');
	p = put(p, tm.tm_hour, 2, ':');
	p = put(p, tm.tm_min, 2, ':');
	p = put(p, tm.tm_sec, 2, '.');
	p = put(p, micro, 6, 'Z');
	*p = '\0';
	return out;
}

/* "Z", "+08:00" or "-03:30" to seconds; -1 day if malformed. */
static long
read_offset(const char *s)
{
	int h, m;

	if (s[0] == 'Z' && s[1] == '\0')
		return 0;
	if ((s[0] != '+' && s[0] != '-') || strlen(s) != 6 || strspn(s + 1, "0123456789") != 2 ||
	    s[3] != ':' || strspn(s + 4, "0123456789") != 2)
		return -86400;
	h = (s[1] - '0') * 10 + s[2] - '0';
	m = (s[4] - '0') * 10 + s[5] - '0';
	if (h > 23 || m > 59)
		return -86400;
	return (s[0] == '-' ? -1 : 1) * (h * 3600L + m * 60L);
}

instant
instant_parse(const char *s)
{
	struct tm tm = { 0 };
	const char *rest;
	long micro = 0, scale = 100000, offset;

	if (s == NULL || (rest = strptime(s, "%Y-%m-%dT%H:%M:%S", &tm)) == NULL)
		return 0;
	if (*rest == '.')
		for (rest++; *rest >= '0' && *rest <= '9'; rest++, scale /= 10)
			micro += (*rest - '0') * scale;
	if ((offset = read_offset(rest)) == -86400)
		return 0;
	return ((instant)timegm(&tm) - offset) * USEC + micro;
}
