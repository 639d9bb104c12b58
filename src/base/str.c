#include "base/str.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static void
buf_room(struct buf *b, size_t more)
{
	size_t cap = b->cap ? b->cap : 64;

	while (cap < b->len + more + 1)
		cap *= 2;
	if (cap != b->cap) {
		b->s = xrealloc(b->s, cap);
		b->cap = cap;
	}
}

void
buf_addn(struct buf *b, const char *s, size_t n)
{
	buf_room(b, n);
	memcpy(b->s + b->len, s, n);
	b->len += n;
	b->s[b->len] = '\0';
}

void
buf_add(struct buf *b, const char *s)
{
	buf_addn(b, s, strlen(s));
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	buf_room(b, (size_t)n);
	va_start(ap, fmt);
	vsnprintf(b->s + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

void
buf_json(struct buf *b, const char *s)
{
	if (s == NULL) {
		buf_add(b, "null");
		return;
	}
	buf_add(b, "\"");
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '"' || c == '\\')
			buf_addf(b, "\\%c", c);
		else if (c < 0x20)
			buf_addf(b, "\\u%04x", c);
		else
			buf_addn(b, s, 1);
	}
	buf_add(b, "\"");
}

void
buf_free(struct buf *b)
{
	free(b->s);
	*b = (struct buf){ 0 };
}

/*
 * Decodes one code point at s into *cp; returns its length in bytes, 0 if the
 * bytes are no well-formed UTF-8 (overlong forms and surrogates included).
 */
static size_t
decode(const unsigned char *s, uint32_t *cp)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n, i;

	if (s[0] < 0x80) {
		*cp = s[0];
		return 1;
	}
	n = s[0] >= 0xf0 && s[0] < 0xf5 ? 4 : s[0] >= 0xe0 ? 3 : s[0] >= 0xc2 ? 2 : 0;
	if (n == 0 || s[0] >= 0xf5)
		return 0;
	*cp = s[0] & (0x7fu >> n);
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*cp = *cp << 6 | (s[i] & 0x3fu);
	}
	if (*cp < least[n] || *cp > 0x10ffff || (*cp >= 0xd800 && *cp <= 0xdfff))
		return 0;
	return n;
}

static bool
xml_char(uint32_t cp)
{
	return cp == 0x9 || cp == 0xa || cp == 0xd || (cp >= 0x20 && cp <= 0xd7ff) ||
	    (cp >= 0xe000 && cp <= 0xfffd) || cp >= 0x10000;
}

size_t
utf8_cut(const char *s, size_t max)
{
	size_t n = strnlen(s, max + 1);

	if (n <= max)
		return n;
	for (n = max; n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80; n--)
		;
	return n;
}

size_t
utf8_points(const char *s, size_t n)
{
	size_t at = 0;

	for (; n > 0 && s[at] != '\0'; n--)
		for (at++; ((unsigned char)s[at] & 0xc0) == 0x80; at++)
			;
	return at;
}

bool
utf8_valid(const char *s)
{
	uint32_t cp;
	size_t n;

	for (; *s != '\0'; s += n)
		if ((n = decode((const unsigned char *)s, &cp)) == 0)
			return false;
	return true;
}

void
xml_clean(const char *in, char *out)
{
	uint32_t cp;
	size_t n;

	while (*in != '\0') {
		if (*in >= 0x20 && *in < 0x7f) {	/* nearly all of it */
			*out++ = *in++;
			continue;
		}
		n = decode((const unsigned char *)in, &cp);
		if (n == 0 || !xml_char(cp)) {
			memcpy(out, "\xef\xbf\xbd", 3);
			out += 3;
			in += n ? n : 1;
		} else {
			memcpy(out, in, n);
			out += n;
			in += n;
		}
	}
	*out = '\0';
}

bool
str_eq(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool
str_prefix(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}
