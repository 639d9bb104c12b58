/*
 * One line, read.  The first byte says who speaks and what is open; the rest is
 * the line.  It is read twice, the second time after the first job is gone:
 * what a reader kept of the first would be seen.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "text_fixture.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { BY_STAFF = 1, MINE = 2, ANSWERED = 4, QUOTED = 8, OPEN = 16, SAME_TEXT = 32 };

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check_spans(const struct span *s, size_t n, size_t len)
{
	for (size_t i = 0; i < n; i++)
		must(s[i].at <= len && s[i].len > 0 && s[i].len <= len - s[i].at && s[i].what != NULL);
}

/* The promises of read.h. */
static void
check_intent(const char *text, const struct heard *h, const struct intent *in)
{
	size_t len = strlen(text);

	must(in->rest != NULL && in->body != NULL && in->reasons != NULL);
	must(strlen(in->body) <= len && strlen(in->rest) <= len);
	must(in->command == NULL || (in->kind == NULL && in->relation == REL_NONE && !in->half));
	must(in->number >= 0 && in->verdict >= 0 && in->verdict <= 2);
	must(in->confidence >= 0 && in->confidence <= 100 && in->second_confidence >= 0 && in->second_confidence <= 100);
	must(!in->needs_answer || (in->kind != NULL && in->kind->needs_answer && in->band != BAND_NONE));
	must(!h->by_staff || in->band == BAND_NONE);
	must(in->danger != DANGER_NO || in->danger_kind == NULL);
	must(in->danger != DANGER_CERTAIN || in->danger_kind != NULL);
	must((in->relation == REL_NONE) == (in->about == 0));
	must(in->about == 0 || (h->nopen == 1 && in->about == h->open[0].number));
	must(in->addressee == NULL || in->addressed);
	check_spans(in->spans, in->nspans, len);
	check_spans(in->slots, in->nslots, len);
	if (utf8_valid(text))
		must(utf8_valid(in->body) && utf8_valid(in->rest) && (in->quote == NULL || utf8_valid(in->quote)));
	for (size_t i = 0; in->reasons[i] != NULL; i++)
		must(*in->reasons[i] != '\0' && (!utf8_valid(text) || utf8_valid(in->reasons[i])));
}

static void
check_copies(const struct fixture *f, const char *text, const struct intent *in, struct arena *job)
{
	char *masked = text_mask(text, in, job), *folded = text_fold(f->reader, text, job);

	must(strlen(masked) <= strlen(text));
	must(in->nspans > 0 || strcmp(masked, text) == 0);
	must(utf8_valid(folded));
	must(strcmp(text_fold(f->reader, folded, job), folded) == 0);
}

static bool
same(const struct intent *a, const struct intent *b)
{
	return str_eq(a->command, b->command) && a->number == b->number && a->half == b->half &&
	    a->addressed == b->addressed && a->kind == b->kind && a->band == b->band && a->confidence == b->confidence &&
	    a->relation == b->relation && a->about == b->about && a->danger == b->danger && a->nspans == b->nspans &&
	    a->nslots == b->nslots && a->verdict == b->verdict && a->lang == b->lang && a->lang_known == b->lang_known;
}

static void
read_once(const struct fixture *f, const char *text, int flags, struct intent *in)
{
	struct open_matter open = { .number = 12, .kind = "lost_item", .nick = "ann", .text = "我的钥匙丢了，在菜市场",
	    .mine = (flags & MINE) != 0, .answered = (flags & ANSWERED) != 0, .quoted = (flags & QUOTED) != 0 };
	struct heard h = heard_in_room(text);
	struct arena *job = arena_new();

	if (flags & SAME_TEXT)
		open.text = text;
	h.by_staff = (flags & BY_STAFF) != 0;
	if (flags & OPEN) {
		h.open = &open;
		h.nopen = 1;
	}
	text_read(f->reader, &h, job, in);
	check_intent(text, &h, in);
	check_copies(f, text, in, job);
	arena_free(&job);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fixture *f;	/* what is only read: filled once */
	struct intent first, again;
	char *text;

	if (f == NULL)
		fixture_open_learnt((void **)&f);
	if (size == 0)
		return 0;
	text = xcalloc(1, size);	/* as long as it is, and its end */
	memcpy(text, data + 1, size - 1);
	read_once(f, text, data[0], &first);
	read_once(f, text, data[0], &again);
	must(same(&first, &again));
	free(text);
	return 0;
}
