#include "when/hours.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"

static const char REMEDY[] = "write 24h, or days and hours as in \"Mon-Fri 08:30-12:00 14:00-17:30; Sat 09:00-12:00\"";

/* Reading moves `at` forward; what cannot be read is left where it is. */
struct cursor {
	const char	*at;
};

static bool
take(struct cursor *c, const char *word)
{
	size_t n = strlen(word);

	if (strncasecmp(c->at, word, n) != 0)
		return false;
	c->at += n;
	return true;
}

static bool
take_any(struct cursor *c, const char *const *words)
{
	for (; *words != NULL; words++)
		if (take(c, *words))
			return true;
	return false;
}

/* Input methods leave ideographic spaces. */
static bool
skip_space(struct cursor *c)
{
	static const char *const spaces[] = { " ", "\t", "\u3000", "\u00a0", NULL };
	bool any = false;

	while (take_any(c, spaces))
		any = true;
	return any;
}

static bool
take_dash(struct cursor *c)
{
	static const char *const dashes[] = { "-", "\u2013", "\u2014", "\uff0d", "~", "\uff5e", "至", "到", "to ", NULL };
	struct cursor back = *c;

	skip_space(c);
	if (take_any(c, dashes)) {
		skip_space(c);
		return true;
	}
	*c = back;
	return false;
}

/* One weekday; 0 if there is none. */
static int
take_day(struct cursor *c)
{
	static const char *const english[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
	static const char *const ends[] = { "day", "sday", "nesday", "rsday", "day", "urday", "day" };
	static const char *const chinese[] = { "一", "二", "三", "四", "五", "六", "日", "天" };
	static const char *const week[] = { "周", "週", "星期", "礼拜", "禮拜", NULL };
	struct cursor back = *c;
	int i;

	if (take_any(c, week)) {
		for (i = 0; i < 8; i++)
			if (take(c, chinese[i]))
				return i < 7 ? i + 1 : 7;
		*c = back;
		return 0;
	}
	for (i = 0; i < 7; i++)
		if (take(c, english[i])) {
			take(c, ends[i]);
			if (!isalpha((unsigned char)*c->at))
				return i + 1;
			*c = back;
		}
	return 0;
}

/* "Mon-Fri, Sun" into days[1..7]; false if there is no day. */
static bool
take_days(struct cursor *c, bool days[8])
{
	static const char *const every[] = { "daily", "每天", "每日", NULL };
	static const char *const commas[] = { ",", "\uff0c", "、", "和", NULL };
	int from, to;
	bool any = false;

	memset(days, 0, 8 * sizeof *days);
	if (take_any(c, every)) {
		for (from = 1; from <= 7; from++)
			days[from] = true;
		return true;
	}
	for (;;) {
		struct cursor back = *c;

		skip_space(c);
		if (any && take_any(c, commas))
			skip_space(c);
		if ((from = take_day(c)) == 0) {
			*c = back;
			return any;
		}
		any = true;
		back = *c;
		to = take_dash(c) ? take_day(c) : from;
		if (to == 0) {
			*c = back;
			to = from;
		}
		/* Fri-Mon goes round the end of the week. */
		for (days[from] = true; from != to; days[from] = true)
			from = from % 7 + 1;
	}
}

/* "8:30" as minutes; -1 if there is none. */
static int
take_time(struct cursor *c)
{
	struct cursor back = *c;
	int hour = 0, minute = 0, n;

	for (n = 0; n < 2 && isdigit((unsigned char)*c->at); n++)
		hour = hour * 10 + (*c->at++ - '0');
	if (n > 0 && (take(c, ":") || take(c, "\uff1a"))) {
		for (n = 0; n < 2 && isdigit((unsigned char)*c->at); n++)
			minute = minute * 10 + (*c->at++ - '0');
		if (n == 2 && minute < 60 && hour * 60 + minute <= 1440 && !isdigit((unsigned char)*c->at))
			return hour * 60 + minute;
	}
	*c = back;
	return -1;
}

static bool
add(struct hours *h, int dow, int opens, int closes)
{
	if (h->n == HOURS_MAX)
		return false;
	h->span[h->n++] = (struct hours_span){ dow, opens, closes };
	return true;
}

static bool
add_days(struct hours *h, const bool days[8], int opens, int closes)
{
	for (int d = 1; d <= 7; d++) {
		if (!days[d])
			continue;
		if (closes > opens) {
			if (!add(h, d, opens, closes))
				return false;
		} else if (!add(h, d, opens, 1440) || (closes > 0 && !add(h, d % 7 + 1, 0, closes)))
			return false;
	}
	return true;
}

/* One group, days and hours, up to its semicolon. */
static enum fault
take_group(struct cursor *c, struct hours *h, struct err *err)
{
	static const char *const commas[] = { ",", "\uff0c", "、", NULL };
	bool days[8], any = false;
	int opens, closes;

	if (!take_days(c, days))
		return err_set(err, FAULT_USAGE, "no weekday at \"%.*s\": %s", (int)utf8_cut(c->at, 40), c->at, REMEDY);
	for (;;) {
		skip_space(c);
		if (any && take_any(c, commas))
			skip_space(c);
		if ((opens = take_time(c)) < 0)
			break;
		if (!take_dash(c) || (closes = take_time(c)) < 0)
			return err_set(err, FAULT_USAGE, "hours without an end at \"%.*s\": write them as 08:30-12:00", (int)utf8_cut(c->at, 40), c->at);
		if (opens == closes || opens == 1440)
			return err_set(err, FAULT_USAGE, "hours that begin when they end: write 00:00-24:00 for the whole day");
		if (!add_days(h, days, opens, closes))
			return err_set(err, FAULT_USAGE, "more than %d spans a week", HOURS_MAX);
		any = true;
	}
	if (!any)
		return err_set(err, FAULT_USAGE, "no hours at \"%.*s\": %s", (int)utf8_cut(c->at, 40), c->at, REMEDY);
	return FAULT_NONE;
}

static int
by_time(const void *a, const void *b)
{
	const struct hours_span *x = a, *y = b;

	return x->dow != y->dow ? x->dow - y->dow : x->opens - y->opens;
}

/* Two spans that overlap are a slip of the pen: which one was meant nobody can know. */
static enum fault
check_overlap(struct hours *h, struct err *err)
{
	static const char *const names[] = { "", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" };

	qsort(h->span, h->n, sizeof h->span[0], by_time);
	for (size_t i = 1; i < h->n; i++)
		if (h->span[i].dow == h->span[i - 1].dow && h->span[i].opens < h->span[i - 1].closes)
			return err_set(err, FAULT_USAGE, "hours overlap on %s at %02d:%02d: name every hour once",
			    names[h->span[i].dow], h->span[i].opens / 60, h->span[i].opens % 60);
	return FAULT_NONE;
}

enum fault
hours_parse(const char *spec, struct hours *h, struct err *err)
{
	static const char *const marks[] = { ";", "\uff1b", NULL };
	struct cursor c = { spec };
	enum fault fault;

	h->n = 0;
	err->fault = FAULT_NONE;
	skip_space(&c);
	if (*c.at == '\0')
		return FAULT_NONE;
	if (take(&c, "24h")) {
		for (int d = 1; d <= 7; d++)
			add(h, d, 0, 1440);
		skip_space(&c);
		return *c.at == '\0' ? FAULT_NONE : err_set(err, FAULT_USAGE, "\"%.*s\" after 24h: %s", (int)utf8_cut(c.at, 40), c.at, REMEDY);
	}
	for (;;) {
		skip_space(&c);
		if ((fault = take_group(&c, h, err)) != FAULT_NONE)
			return fault;
		if (!take_any(&c, marks))
			break;
		skip_space(&c);
		if (*c.at == '\0')
			break;
	}
	if (*c.at != '\0')
		return err_set(err, FAULT_USAGE, "cannot read \"%.*s\": %s", (int)utf8_cut(c.at, 40), c.at, REMEDY);
	return check_overlap(h, err);
}
