/* Message catalogues on ICU: ures for the words, umsg for their patterns. */
#include "base/lang.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/umsg.h>
#include <unicode/ures.h>
#include <unicode/ustring.h>

#include "base/log.h"
#include "base/str.h"

static const char *const tags[] = { "en", "zh_Hans", "zh_Hant" };
enum { TAGS = sizeof tags / sizeof tags[0], ARGS_MAX = 8 };

struct lang {
	UResourceBundle	*bundle[TAGS];
};

struct lang *
lang_load(const char *dir, struct err *err)
{
	struct lang *l = xcalloc(1, sizeof *l);
	UErrorCode status = U_ZERO_ERROR;
	size_t i;

	for (i = 0; i < TAGS; i++) {
		l->bundle[i] = ures_openDirect(dir, tags[i], &status);
		if (U_FAILURE(status)) {
			err_set(err, FAULT_ABSENT, "cannot read the message catalogue %s/%s.res (%s): "
			    "install the package's share directory or set `share` in the configuration",
			    dir, tags[i], u_errorName(status));
			l->bundle[i] = NULL;
			lang_free(&l);
			return NULL;
		}
	}
	return l;
}

void
lang_free(struct lang **lp)
{
	size_t i;

	if (*lp == NULL)
		return;
	for (i = 0; i < TAGS; i++)
		ures_close((*lp)->bundle[i]);
	free(*lp);
	*lp = NULL;
}

/* BCP 47, in any case, to the index of a catalogue: Traditional for Hant, TW, HK, MO; Simplified for other Chinese. */
static size_t
pick(const char *tag)
{
	if (tag == NULL || strncasecmp(tag, "zh", 2) != 0 || (tag[2] != '\0' && tag[2] != '-' && tag[2] != '_'))
		return 0;
	if (strcasestr(tag, "Hans"))
		return 1;
	if (strcasestr(tag, "Hant") || strcasestr(tag, "TW") || strcasestr(tag, "HK") || strcasestr(tag, "MO"))
		return 2;
	return 1;
}

static char *
to_utf8(struct arena *a, const UChar *s)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t cap = u_strlen(s) * 3 + 1;
	char *out = arena_alloc(a, (size_t)cap);

	u_strToUTF8WithSub(out, cap, NULL, s, -1, 0xfffd, NULL, &status);
	return out;
}

/* The one variadic call: every number slot is given, the pattern uses those it names. */
static int32_t
format_numbers(UMessageFormat *fmt, UChar *out, int32_t cap, UErrorCode *status, ...)
{
	va_list ap;
	int32_t n;

	va_start(ap, status);
	n = umsg_vformat(fmt, out, cap, ap, status);
	va_end(ap);
	return n;
}

enum { MARK = 0xe000 };	/* private use: "argument k goes here" */

/*
 * umsg is variadic and the pattern decides the types, so only {k,plural,...} is left
 * to it, renumbered; a plain {k} becomes a mark that fill() replaces afterwards. That
 * also keeps people's words out of the pattern.
 */
static UChar *
prepare(struct arena *a, const UChar *in, const struct lang_arg *args, size_t nargs, double *num)
{
	UChar *out = arena_alloc(a, ((size_t)u_strlen(in) + 1) * sizeof *out), *o = out;
	size_t k, numbers = 0, renumber[ARGS_MAX];

	for (k = 0; k < nargs; k++)
		if (args[k].kind == ARG_NUM) {
			renumber[k] = numbers;
			num[numbers++] = (double)args[k].n;
		}
	while (*in != 0) {
		if (*in != '{' || in[1] < '0' || in[1] > '9') {
			*o++ = *in++;
			continue;
		}
		k = (size_t)(in[1] - '0');
		if (in[2] == '}') {
			*o++ = (UChar)(MARK + k);
			in += 3;
		} else {
			*o++ = '{';
			*o++ = (UChar)('0' + (k < nargs && args[k].kind == ARG_NUM ? renumber[k] : k));
			in += 2;
		}
	}
	*o = 0;
	return out;
}

/* Marks to arguments. */
static char *
fill(struct arena *a, const char *in, const struct lang_arg *args, size_t nargs)
{
	struct buf b = { 0 };
	char *out;
	size_t k;

	buf_add(&b, "");
	for (; *in != '\0'; in++) {
		if ((unsigned char)in[0] != 0xee || (unsigned char)in[1] != 0x80) {
			k = 1 + strcspn(in + 1, "\xee");
			buf_addn(&b, in, k);
			in += k - 1;
			continue;
		}
		k = (unsigned char)in[2] - 0x80u;
		if (k < nargs && args[k].kind == ARG_NUM)
			buf_addf(&b, "%lld", args[k].n);
		else if (k < nargs && args[k].s != NULL)
			buf_add(&b, args[k].s);
		in += 2;
	}
	out = arena_strdup(a, b.s);
	buf_free(&b);
	return out;
}

/* Words with arguments alone are most of the catalogue: ICU need not read a pattern that holds none of its own. */
static bool
is_plain(const UChar *pattern)
{
	return u_strchr(pattern, '{') == NULL && u_strchr(pattern, '}') == NULL && u_strchr(pattern, '\'') == NULL;
}

static char *
render(struct arena *a, const char *locale, const UChar *pattern, const struct lang_arg *args, size_t nargs)
{
	double n[ARGS_MAX] = { 0 };
	UErrorCode status = U_ZERO_ERROR;
	const UChar *marked = prepare(a, pattern, args, nargs, n);
	UMessageFormat *fmt;
	int32_t cap = u_strlen(pattern) * 2 + 256;
	UChar *out;

	if (is_plain(marked))
		return fill(a, to_utf8(a, marked), args, nargs);
	fmt = umsg_open(marked, -1, locale, NULL, &status);
	out = arena_alloc(a, (size_t)cap * sizeof *out);
	format_numbers(fmt, out, cap, &status, n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]);
	umsg_close(fmt);
	if (U_FAILURE(status)) {
		log_error("catalogue", "a pattern cannot be formatted: %s", u_errorName(status));
		return arena_strdup(a, "");
	}
	return fill(a, to_utf8(a, out), args, nargs);
}

char *
lang_format(const struct lang *l, struct arena *a, const char *tag, const char *key,
    const struct lang_arg *args, size_t nargs)
{
	UErrorCode status = U_ZERO_ERROR;
	size_t i = pick(tag);
	const UChar *pattern;
	UChar *copy;
	int32_t len;

	pattern = ures_getStringByKey(l->bundle[i], key, &len, &status);
	if (U_FAILURE(status)) {
		log_error("catalogue", "no words for \"%s\" in %s", key, tags[i]);
		return i == 0 ? arena_strdup(a, key) : lang_format(l, a, "en", key, args, nargs);
	}
	copy = arena_alloc(a, ((size_t)len + 1) * sizeof *copy);
	memcpy(copy, pattern, (size_t)len * sizeof *copy);
	return render(a, tags[i], copy, args, nargs < ARGS_MAX ? nargs : ARGS_MAX);
}

bool
lang_has(const struct lang *l, const char *tag, const char *key)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t len;

	ures_getStringByKey(l->bundle[pick(tag)], key, &len, &status);
	return U_SUCCESS(status) && status != U_USING_DEFAULT_WARNING;
}

char *
lang_duration(const struct lang *l, struct arena *a, const char *tag, instant length)
{
	if (length < 90 * USEC)
		return lang_say(l, a, tag, "seconds", LN(length / USEC));
	if (length < 90 * MINUTE)
		return lang_say(l, a, tag, "minutes", LN((length + MINUTE / 2) / MINUTE));
	if (length < 48 * HOUR)
		return lang_say(l, a, tag, "hours", LN((length + HOUR / 2) / HOUR));
	return lang_say(l, a, tag, "days", LN((length + DAY / 2) / DAY));
}
