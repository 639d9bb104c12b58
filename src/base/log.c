#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

static enum log_level threshold = LOG_INFO;

void
log_set_level(enum log_level level)
{
	threshold = level;
}

/* Escapes in place of control characters; UTF-8 passes. */
static void
escape(char *out, size_t size, const char *in)
{
	size_t n = 0;

	for (; *in != '\0' && n + 5 < size; in++) {
		unsigned char c = (unsigned char)*in;

		if (c >= 0x20 && c != 0x7f && c != '\\')
			out[n++] = *in;
		else
			n += (size_t)snprintf(out + n, size - n, c == '\\' ? "\\\\" : "\\x%02x", c);
	}
	out[n] = '\0';
}

__attribute__((format(printf, 3, 0)))
static void
write_line(enum log_level level, const char *who, const char *fmt, va_list ap)
{
	static const char *const names[] = { "error", "warning", "info", "debug" };
	char raw[1024], safe[2048];

	if (level > threshold)
		return;
	vsnprintf(raw, sizeof raw, fmt, ap);
	escape(safe, sizeof safe, raw);
	fprintf(stderr, "moothalld: %s: %s: %s\n", names[level], who, safe);
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
