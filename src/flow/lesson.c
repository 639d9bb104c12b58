/* What the hall learns from being corrected: written down, and heeded from the next line on. */
#include "store/lesson.h"

#include "base/log.h"
#include "base/str.h"
#include "flow/internal.h"
#include "text/lesson.h"

static int
needs_shift(const char *what)
{
	return str_eq(what, "drop") ? -1 : str_eq(what, "new") ? 1 : 0;
}

/* A lesson is no promise: one that is not written because the database is away is only forgotten at the next start. */
static void
on_written(struct op *op)
{
	struct hall *h = op->ctx;

	h->nops--;
	if (op->err.fault != FAULT_NONE)
		log_warn("hall", "a correction was not kept for later: %s", op->err.text);
	op_free(&op);
}

void
lesson_teach(struct job *j, const char *what, long long number, const char *from, const char *to, const char *text)
{
	struct hall *h = j->hall;
	const char *const *features = text_features(j->roster->reader, text, j->arena);
	const struct lesson lesson = { .from = from, .to = to, .needs = needs_shift(what), .features = features };
	struct lesson_row row = {
		.room = j->desk->id, .key = j->msg->key, .request = number, .by_staff = j->by.staff != NULL,
		.staff = j->by.staff != NULL ? j->by.staff->id : 0, .what = what, .from = from, .to = to, .features = features,
	};
	struct op *op;

	if (h->lessons == NULL || *features == NULL || row.key == NULL)
		return;
	lessons_learn(h->lessons, &lesson);
	op = op_new();
	op->done = on_written;
	op->ctx = h;
	h->nops++;
	store_lesson(&h->store, op, clock_now(), &row);
}

/* Rows of one lesson follow one another. */
void
lesson_take(struct hall *h, const struct op *op)
{
	struct arena *a = arena_new();
	const char **features = arena_alloc(a, (size_t)(op->nrows + 1) * sizeof *features);
	size_t n = 0;
	int i;

	if (h->lessons != NULL)
		lessons_clear(h->lessons);
	for (i = 0; h->lessons != NULL && i < op->nrows; i++) {
		const char **c = op->cell[i];

		features[n++] = c[4];
		if (i + 1 < op->nrows && str_eq(op->cell[i + 1][0], c[0]))
			continue;
		features[n] = NULL;
		n = 0;
		lessons_learn(h->lessons, &(struct lesson){ .from = c[2], .to = c[3], .needs = needs_shift(c[1]), .features = features });
	}
	arena_free(&a);
}
