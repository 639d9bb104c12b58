/* What is remembered of a room's talk: in memory, for "#new" in reply and for "asks again". */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "flow/internal.h"

/* A remembered line is for recognising, not for reading: longer ones are cut. */
enum { KEPT_BYTES = 4000, QUOTE_MIN = 4 };

static char **
copy_links(const char **links)
{
	char **out;
	size_t n = 0, i;

	while (links != NULL && links[n] != NULL)
		n++;
	if (n == 0)
		return NULL;
	out = xcalloc(n + 1, sizeof *out);
	for (i = 0; i < n; i++)
		out[i] = xstrdup(links[i]);
	return out;
}

static char *
cut(const char *text)
{
	char *s = xstrdup(text);

	if (s != NULL)
		s[utf8_cut(s, KEPT_BYTES)] = '\0';
	return s;
}

static void
add(struct desk *d, struct spoken *s)
{
	TAILQ_INSERT_HEAD(&d->lines, s, next);
	if (++d->nlines > LINES_KEPT)
		talk_free(d, TAILQ_LAST(&d->lines, spokens));
}

struct spoken *
talk_add(struct desk *d, const struct msg *m, bool by_staff)
{
	struct spoken *s = xcalloc(1, sizeof *s);

	s->stanza_id = xstrdup(m->stanza_id);
	s->id = xstrdup(m->id);
	s->who = xstrdup(m->who);
	s->nick = xstrdup(m->nick);
	s->text = cut(m->text);
	s->links = copy_links(m->links);
	s->sent = m->sent;
	s->by_staff = by_staff;
	add(d, s);
	d->last_is_desk = false;
	return s;
}

void
talk_add_own(struct desk *d, const char *id, const char *stanza_id, long long number, const char *text, instant now)
{
	struct spoken *s = xcalloc(1, sizeof *s);

	s->stanza_id = xstrdup(stanza_id);
	s->id = xstrdup(id);
	s->text = cut(text);
	s->sent = now;
	s->number = number;
	s->by_desk = true;
	add(d, s);
}

struct spoken *
talk_by_id(struct desk *d, const char *id)
{
	struct spoken *s;

	if (id == NULL)
		return NULL;
	TAILQ_FOREACH(s, &d->lines, next)
		if (str_eq(s->stanza_id, id) || str_eq(s->id, id))
			return s;
	return NULL;
}

struct spoken *
talk_by_quote(struct desk *d, const struct reader *r, const char *quote, struct arena *a)
{
	const char *want = quote == NULL ? "" : text_fold(r, quote, a);
	struct spoken *s;

	if (utf8_points(want, QUOTE_MIN) == strlen(want) && strlen(want) < QUOTE_MIN * 3)
		return NULL;	/* too short to point at one line */
	TAILQ_FOREACH(s, &d->lines, next)
		if (s->text != NULL && strstr(text_fold(r, s->text, a), want) != NULL)
			return s;
	return NULL;
}

void
talk_set_text(struct spoken *s, const char *text)
{
	free(s->text);
	s->text = cut(text);
}

bool
talk_since(const struct desk *d, const char *who, instant since)
{
	const struct spoken *s;

	TAILQ_FOREACH(s, &d->lines, next) {
		if (s->sent <= since)
			return false;
		if (!s->by_desk && !str_eq(s->who, who))
			return true;
	}
	return false;
}

size_t
talk_staff_since(const struct desk *d, instant since, const struct spoken *but)
{
	const struct spoken *s;
	size_t n = 0;

	TAILQ_FOREACH(s, &d->lines, next) {
		if (s->sent < since)
			break;
		n += s->by_staff && s != but;
	}
	return n;
}

void
talk_free(struct desk *d, struct spoken *s)
{
	size_t i;

	TAILQ_REMOVE(&d->lines, s, next);
	d->nlines--;
	for (i = 0; s->links != NULL && s->links[i] != NULL; i++)
		free(s->links[i]);
	free(s->links);
	free(s->stanza_id);
	free(s->id);
	free(s->who);
	free(s->nick);
	free(s->text);
	free(s->lang);
	free(s);
}
