#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/str.h"

static enum log_level threshold = LOG_INFO;

void
log_set_level(enum log_level level)
{
	threshold = level;
}

/*
 * How many bytes at s must not reach a terminal as they are: the control characters of ASCII,
 * those of Latin 1 (U+0080 to U+009F: U+009B begins a command), and the line breaks U+2028 and U+2029.
 */
static size_t
control(const unsigned char *s)
{
	if (s[0] < 0x20 || s[0] == 0x7f || s[0] == '\\')
		return 1;
	if (s[0] == 0xc2 && s[1] >= 0x80 && s[1] <= 0x9f)
		return 2;
	if (s[0] == 0xe2 && s[1] == 0x80 && (s[2] == 0xa8 || s[2] == 0xa9))
		return 3;
	return 0;
}

/* Escapes in place of control characters; other UTF-8 passes. */
static void
escape(char *out, size_t size, const char *in)
{
	size_t n = 0, bad;

	while (*in != '\0' && n + 13 < size) {
		if ((bad = control((const unsigned char *)in)) == 0) {
			out[n++] = *in++;
			continue;
		}
		for (; bad > 0; bad--, in++)
			n += (size_t)snprintf(out + n, size - n, *in == '\\' ? "\\\\" : "\\x%02x", (unsigned char)*in);
	}
	out[n] = '\0';
}

__attribute__((format(printf, 3, 0)))
static void
write_line(enum log_level level, const char *who, const char *fmt, va_list ap)
{
	static const char *const names[] = { "error", "warning", "info", "debug" };
	char raw[1024], safe[2048], name[128];

	if (level > threshold)
		return;
	vsnprintf(raw, sizeof raw, fmt, ap);
	raw[utf8_cut(raw, sizeof raw - 2)] = '\0';
	escape(safe, sizeof safe, raw);
	escape(name, sizeof name, who);
	fprintf(stderr, "moothalld: %s: %s: %s\n", names[level], name, safe);
}

#define DEFINE_LOG(name, level) \
void \
name(const char *who, const char *fmt, ...) \
{ \
	va_list ap; \
\
	va_start(ap, fmt); \
	write_line(level, who, fmt, ap); \
	va_end(ap); \
}

DEFINE_LOG(log_error, LOG_ERROR)
DEFINE_LOG(log_warn, LOG_WARN)
DEFINE_LOG(log_info, LOG_INFO)
DEFINE_LOG(log_debug, LOG_DEBUG)
