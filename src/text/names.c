/*
 * Who is named: "nick," "nick:" "nick，" "nick：" at the start, "@nick" anywhere,
 * a nick glued to the word (mcabber), 「鲍警官」 by the surname, "Officer Bao",
 * and staff by their office alone.
 */
#include <string.h>

#include "base/str.h"
#include "text/internal.h"

enum {
	AT_MAX = 8,		/* mentions by @ looked at */
	NAME_MIN_GLUED = 2,	/* a nick of one character needs a mark after it */
};

enum who { WHO_NOBODY, WHO_DESK, WHO_STAFF, WHO_ASKER, WHO_OTHER };

struct named {
	enum who			 who;
	const char			*name;
	const struct open_matter	*matter;
	size_t				 end;
};

static bool
is_mark(uint32_t cp)
{
	return cp == ',' || cp == ':' || cp == 0xFF0C || cp == 0x3001 || cp == 0xFF1A;
}

/* The longest name that stands at `at`. */
static void
try_name(const struct work *w, size_t at, const char *name, enum who who, const struct open_matter *m,
    struct named *n)
{
	const struct folded *f = &w->whole;
	size_t end = fold_name_at(w->fold, f, at, name);

	if (end == 0 || end < n->end || (end == n->end && who >= n->who))
		return;
	/* "ann" is not in "anniversary"; a nick that ends in a Chinese character may be glued to anything. */
	if ((fold_class(w->fold, f->cp[end - 1]) & (CLS_ALPHA | CLS_DIGIT)) && end < f->n &&
	    (fold_class(w->fold, f->cp[end]) & (CLS_ALPHA | CLS_DIGIT)))
		return;
	*n = (struct named){ who, name, m, end };
}

static struct named
name_at(const struct work *w, size_t at)
{
	const struct heard *h = w->heard;
	struct named n = { 0 };

	try_name(w, at, h->desk, WHO_DESK, NULL, &n);
	for (size_t i = 0; h->staff_names != NULL && h->staff_names[i] != NULL; i++)
		try_name(w, at, h->staff_names[i], str_eq(h->staff_names[i], h->desk) ? WHO_DESK : WHO_STAFF,
		    NULL, &n);
	/* Of one asker's matters the newest without an answer is meant. */
	for (int answered = 0; answered < 2; answered++)
		for (size_t i = 0; i < h->nopen; i++)
			if (h->open[i].answered == (answered != 0))
				try_name(w, at, h->open[i].nick, WHO_ASKER, &h->open[i], &n);
	for (size_t i = 0; h->occupants != NULL && h->occupants[i] != NULL; i++)
		try_name(w, at, h->occupants[i], WHO_OTHER, NULL, &n);
	return n;
}

static void
take(struct work *w, const struct named *n)
{
	struct intent *in = w->intent;

	switch (n->who) {
	case WHO_DESK:
	case WHO_STAFF:
		in->addressed = true;
		if (in->addressee == NULL || n->who == WHO_STAFF)
			in->addressee = n->name;
		reason(w, "names %s", n->who == WHO_DESK ? "the desk" : "staff");
		break;
	case WHO_ASKER:
		if (w->named == NULL)
			w->named = n->matter;
		break;
	case WHO_OTHER:
		w->names_other = true;
		break;
	case WHO_NOBODY:
		break;
	}
}

/* "@" ends at a mark or a space; a name nobody here has is somebody else. */
static bool
unknown_mention(const struct work *w, size_t at)
{
	return at < w->whole.n && (fold_class(w->fold, w->whole.cp[at]) & (CLS_CJK | CLS_ALPHA)) != 0;
}

static size_t
skip_blank(const struct folded *f, size_t i)
{
	while (i < f->n && (f->cp[i] == ' ' || f->cp[i] == '\n'))
		i++;
	return i;
}

static size_t
skip_marks(const struct folded *f, size_t i)
{
	while (i < f->n && (f->cp[i] == ' ' || is_mark(f->cp[i])))
		i++;
	return i;
}

/* A name at the start without "@": with a mark, or glued, or after a space if it is the desk's or staff's. */
static bool
counts_at_start(const struct work *w, const struct named *n, size_t from)
{
	const struct folded *f = &w->whole;

	if (n->who == WHO_NOBODY)
		return false;
	if (n->end == f->n || is_mark(f->cp[n->end]))
		return true;
	if (n->end - from < NAME_MIN_GLUED || n->who == WHO_OTHER || n->who == WHO_ASKER)
		return false;
	return true;
}

void
names_read(struct work *w)
{
	const struct folded *f = &w->whole;
	size_t from = skip_blank(f, 0), seen = 0;

	w->start = from;
	/* Several may be named one after the other: "@ann @bob ..." */
	for (int rounds = 0; rounds < AT_MAX; rounds++) {
		bool by_at = f->cp[w->start] == '@' && w->start < f->n;
		size_t at = w->start + by_at;
		struct named n = name_at(w, at);

		if (n.who == WHO_NOBODY || (!by_at && !counts_at_start(w, &n, at)))
			break;
		take(w, &n);
		w->to_desk |= n.who == WHO_DESK;
		w->start = skip_blank(f, skip_marks(f, n.end));
	}
	for (size_t i = w->start; i < f->n && seen < AT_MAX; i++) {
		struct named n;

		if (f->cp[i] != '@' || (i > 0 && (fold_class(w->fold, f->cp[i - 1]) & (CLS_ALPHA | CLS_DIGIT))))
			continue;
		seen++;
		n = name_at(w, i + 1);
		if (n.who != WHO_NOBODY)
			take(w, &n);
		else if (unknown_mention(w, i + 1))
			w->names_other = true;
	}
}

/* --- by title: 鲍警官, 欧阳所长, Officer Bao --- */

/* Whose surname stands before the title? */
static const char *
surname_before(const struct work *w, size_t title)
{
	const struct heard *h = w->heard;
	const struct folded *f = &w->line;

	for (size_t i = 0; h->staff_names != NULL && h->staff_names[i] != NULL; i++) {
		const char *name = h->staff_names[i];

		if (str_eq(name, h->desk) || !((unsigned char)*name & 0x80))
			continue;
		/* Two characters first: a surname may be 欧阳. */
		for (size_t points = 2; points >= 1; points--) {
			size_t bytes = utf8_points(name, points);
			char *part = arena_strndup(w->arena, name, bytes);

			if (bytes < strlen(name) && title >= points &&
			    fold_name_at(w->fold, f, title - points, part) == title)
				return name;
		}
	}
	return NULL;
}

/* A word of a staff name after "officer": "officer bao" for "Bao Guo". */
static const char *
name_after(const struct work *w, size_t at)
{
	const struct heard *h = w->heard;
	const struct folded *f = &w->line;

	for (size_t i = 0; h->staff_names != NULL && h->staff_names[i] != NULL; i++) {
		const char *p = h->staff_names[i];

		while (*p != '\0') {
			size_t n = strcspn(p, " ._-");
			size_t end = n > 1 ? fold_name_at(w->fold, f, at, arena_strndup(w->arena, p, n)) : 0;

			if (end != 0 && !str_eq(h->staff_names[i], h->desk) &&
			    !(fold_class(w->fold, f->cp[end]) & CLS_ALPHA))
				return h->staff_names[i];
			p += n + strspn(p + n, " ._-");
		}
	}
	return NULL;
}

void
names_titles(struct work *w)
{
	struct intent *in = w->intent;
	bool asks = HAS(&w->hits, SIG_QUESTION) || HAS(&w->hits, SIG_REQUEST);
	size_t titles = 0;

	for (size_t i = 0; i < w->hits.n && titles < AT_MAX; i++) {
		const struct hit *h = &w->hits.hit[i];
		const char *name = NULL;

		if (h->signal == SIG_TITLE)
			name = surname_before(w, h->from);
		else if (h->signal == SIG_OFFICE && h->to < w->line.n && w->line.cp[h->to] == ' ')
			name = name_after(w, h->to + 1);
		else
			continue;
		titles++;
		if (name != NULL && !in->addressed) {
			in->addressed = true;
			in->addressee = name;
			reason(w, "title of staff @%zu", w->body + w->line.at[h->from]);
		}
	}
	if (!in->addressed && asks && HAS(&w->hits, SIG_OFFICE) && !HAS(&w->hits, SIG_THANKS)) {
		in->addressed = true;
		reason(w, "asks staff by office");
	}
}
