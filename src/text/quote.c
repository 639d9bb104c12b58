/*
 * Quotations: leading lines that begin with ">".  Never by offsets (XEP-0428
 * ranges are counted differently by different clients).
 */
#include <string.h>

#include "base/str.h"
#include "text/internal.h"

enum { QUOTE_TELLS = 4, QUOTE_COMPARED = 32 };	/* characters */

/* Length of a quotation mark at s with the space after it; 0 if there is none. */
static size_t
mark_length(const char *s)
{
	static const char *const marks[] = { ">", "＞", "»", "》" };
	size_t blank = strspn(s, " \t");

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		size_t n = blank + strlen(marks[i]);

		if (!str_prefix(s + blank, marks[i]))
			continue;
		/* ">_<" and ">:(" are faces. */
		if (s[n] != '\0' && strchr("_<.:^", s[n]) != NULL)
			return 0;
		return n + (s[n] == ' ');
	}
	return 0;
}

void
quote_read(struct work *w)
{
	const char *s = w->text, *end = w->text + w->len;
	struct buf quote = { 0 };

	while (s < end) {
		size_t mark = mark_length(s), line = strcspn(s, "\n");

		if (mark == 0 && (quote.len == 0 || strspn(s, " \t\r") < line))
			break;	/* an empty line between quotation and answer belongs to neither */
		if (mark > line)
			mark = line;
		if (mark > 0) {
			if (quote.len > 0)
				buf_add(&quote, "\n");
			buf_addn(&quote, s + mark, line - mark);
		}
		s += line + (s[line] == '\n');
	}
	w->body = (size_t)(s - w->text);
	w->intent->quote = quote.len > 0 ? arena_strdup(w->arena, quote.s) : NULL;
	buf_free(&quote);
}

/* Does the shorter begin somewhere in the longer? Clients shorten quotations, and put names before them. */
static bool
repeats(const char *quote, const char *text)
{
	char head[QUOTE_COMPARED * 4 + 1];
	size_t n = utf8_points(text, QUOTE_COMPARED);

	memcpy(head, text, n);
	head[n] = '\0';
	if (utf8_points(text, QUOTE_TELLS) < strlen(text) || strcmp(quote, text) == 0)
		if (strstr(quote, head) != NULL)
			return true;
	return utf8_points(quote, QUOTE_TELLS) < strlen(quote) && str_prefix(text, quote);
}

const struct open_matter *
quote_matches(struct work *w)
{
	const struct heard *h = w->heard;
	const char *quote;

	if (w->intent->quote == NULL)
		return NULL;
	quote = fold_bare(w->fold, w->intent->quote, w->arena);
	for (size_t i = 0; *quote != '\0' && i < h->nopen; i++) {
		const char *text = h->open[i].text;

		if (text != NULL && *text != '\0' && repeats(quote, fold_bare(w->fold, text, w->arena)))
			return &h->open[i];
	}
	return NULL;
}
