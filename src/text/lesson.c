#include "text/lesson.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "text/internal.h"

/* A lesson turns a line like it; ten lessons about a word weigh no more than two. */
static const float STEP = 1.0f, FARTHEST = 2.0f;

struct shift {
	uint64_t	 key;			/* 0: an empty place */
	float		 by[CLASSES_MAX + 1];	/* the last one used: "needs an answer" */
};

struct lessons {
	const struct model	*model;
	struct shift		*table;
	size_t			 n, cap;	/* cap: 0 or a power of two */
};

struct lessons *
lessons_new(const struct model *model)
{
	struct lessons *l = xcalloc(1, sizeof *l);

	l->model = model;
	return l;
}

void
lessons_clear(struct lessons *l)
{
	free(l->table);
	l->table = NULL;
	l->n = l->cap = 0;
}

void
lessons_free(struct lessons **lp)
{
	if (*lp == NULL)
		return;
	lessons_clear(*lp);
	free(*lp);
	*lp = NULL;
}

static struct shift *
place(const struct lessons *l, uint64_t key)
{
	size_t i = key & (l->cap - 1);

	while (l->table[i].key != 0 && l->table[i].key != key)
		i = (i + 1) & (l->cap - 1);
	return &l->table[i];
}

static void
grow(struct lessons *l)
{
	struct shift *old = l->table;
	size_t n = l->cap;

	l->cap = n == 0 ? 256 : 2 * n;
	l->table = xcalloc(l->cap, sizeof *l->table);
	for (size_t i = 0; i < n; i++)
		if (old[i].key != 0)
			*place(l, old[i].key) = old[i];
	free(old);
}

static void
move(float *w, float by)
{
	*w += by;
	*w = *w > FARTHEST ? FARTHEST : *w < -FARTHEST ? -FARTHEST : *w;
}

/* The class of a kind; one past the last for none and for kinds that the model does not know. */
static size_t
class_of(const struct model *m, const char *code)
{
	size_t c = 0;

	while (c < model_classes(m) && !str_eq(model_code(m, c), code))
		c++;
	return c;
}

void
lessons_learn(struct lessons *l, const struct lesson *what)
{
	size_t classes = model_classes(l->model), from = class_of(l->model, what->from), to = class_of(l->model, what->to);
	size_t talk = class_of(l->model, "chatter");

	for (const char *const *f = what->features; *f != NULL; f++) {
		uint64_t key = feature_key(*f);
		struct shift *s;

		if (2 * l->n >= l->cap)
			grow(l);
		s = place(l, key);
		l->n += s->key == 0;
		s->key = key;
		if (from < classes)
			move(&s->by[from], -STEP);
		if (to < classes)
			move(&s->by[to], STEP);
		move(&s->by[classes], (float)what->needs * STEP);
		if (talk < classes && what->needs != 0)
			move(&s->by[talk], (float)-what->needs * STEP);
	}
}

void
lessons_add(const struct lessons *l, const struct features *f, double *logit)
{
	size_t classes = model_classes(l->model);
	double share = f->nwords > 0 ? 1.0 / sqrt((double)f->nwords) : 0;

	for (size_t i = 0; l->n > 0 && i < f->nwords; i++) {
		const struct shift *s = place(l, f->list[i].key);

		if (s->key != 0)
			for (size_t c = 0; c <= classes; c++)
				logit[c] += share * (double)s->by[c];
	}
}
