#include "flow/internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"

/* A desk with much to do lets the others have their turn. */
enum { JOBS_A_TURN = 64 };

static const char *const modes[] = {
	[MODE_NORMAL] = "normal", [MODE_LISTEN] = "listen", [MODE_ADDRESSED] = "addressed",
};

enum mode
mode_of(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof modes / sizeof *modes; i++)
		if (str_eq(name, modes[i]))
			return (enum mode)i;
	return MODE_NORMAL;
}

const char *
mode_name(enum mode m)
{
	return modes[m];
}

/* --- the desk --- */

struct desk *
desk_new(struct hall *h, const struct room_row *row)
{
	struct desk *d = xcalloc(1, sizeof *d);
	const char *p;

	d->hall = h;
	d->id = row->id;
	TAILQ_INIT(&d->jobs);
	TAILQ_INIT(&d->held);
	TAILQ_INIT(&d->matters);
	TAILQ_INIT(&d->lines);
	TAILQ_INIT(&d->candidates);
	d->cursor = xstrdup(row->cursor);
	d->cursor_at = row->cursor_at;
	/* Oldest first in the row, newest first here. */
	for (p = row->unasked; p != NULL && *p != '\0'; p += strcspn(p, " "), p += *p == ' ') {
		memmove(&d->unasked[1], &d->unasked[0], (UNASKED_DAY - 1) * sizeof *d->unasked);
		d->unasked[0] = cell_instant(p);
	}
	desk_update(d, row);
	return d;
}

static void
replace(char **s, const char *with)
{
	if (str_eq(*s, with))
		return;
	free(*s);
	*s = xstrdup(with);
}

void
desk_update(struct desk *d, const struct room_row *row)
{
	d->unit = row->unit;
	d->officer = row->officer;
	d->mode = mode_of(row->mode);
	d->ended = row->ended;
	d->seen = true;
	replace(&d->code, row->code);
	replace(&d->title, row->title);
	replace(&d->lang, row->lang);
	replace(&d->zone, row->zone);
	replace(&d->emergency, row->emergency);
	replace(&d->unit_name, row->unit_name);
}

static void
job_free(struct job *j)
{
	if (j->op != NULL)
		op_free(&j->op);
	roster_free(&j->roster);
	if (j->given.foreign)
		matter_free(&j->given.matter);
	free(j->cursor);
	if (j->msg != NULL)
		msg_free(&j->msg);	/* the job lives in its arena */
	else {
		struct arena *a = j->arena;

		arena_free(&a);
	}
}

void
desk_free(struct desk **dp)
{
	struct desk *d = *dp;
	struct job *j;
	struct matter *m;

	if (d == NULL)
		return;
	*dp = NULL;
	TAILQ_CONCAT(&d->jobs, &d->held, link);
	while ((j = TAILQ_FIRST(&d->jobs)) != NULL) {
		TAILQ_REMOVE(&d->jobs, j, link);
		job_free(j);
	}
	while ((m = TAILQ_FIRST(&d->matters)) != NULL)
		desk_drop_matter(d, m);
	while (!TAILQ_EMPTY(&d->lines))
		talk_free(d, TAILQ_FIRST(&d->lines));
	while (!TAILQ_EMPTY(&d->candidates))
		candidate_free(TAILQ_FIRST(&d->candidates));
	free(d->names);
	free(d->code);
	free(d->title);
	free(d->lang);
	free(d->zone);
	free(d->emergency);
	free(d->unit_name);
	free(d->cursor);
	free(d);
}

/* --- its queue --- */

struct job *
desk_queue(struct desk *d, struct msg *msg, step_fn *step)
{
	struct arena *a = msg != NULL ? msg->arena : arena_new();
	struct job *j = arena_alloc(a, sizeof *j);

	j->arena = a;
	j->msg = msg;
	j->desk = d;
	j->hall = d->hall;
	j->id = ++d->hall->last_job;
	j->step = step;
	TAILQ_INSERT_TAIL(&d->jobs, j, link);
	d->njobs++;
	hall_dirty(d->hall, d);
	return j;
}

enum step
job_move(struct job *j, struct desk *to, step_fn *step)
{
	struct desk *from = j->desk;

	TAILQ_REMOVE(&from->jobs, j, link);
	from->njobs--;
	j->desk = to;
	j->step = step;
	TAILQ_INSERT_TAIL(&to->jobs, j, link);
	to->njobs++;
	hall_dirty(to->hall, to);
	return STEP_MOVED;
}

enum step
desk_hold(struct job *j)
{
	struct desk *d = j->desk;

	TAILQ_REMOVE(&d->jobs, j, link);
	d->njobs--;
	TAILQ_INSERT_TAIL(&d->held, j, link);
	return STEP_MOVED;
}

void
desk_release(struct desk *d)
{
	struct job *j;

	while ((j = TAILQ_FIRST(&d->held)) != NULL) {
		TAILQ_REMOVE(&d->held, j, link);
		TAILQ_INSERT_TAIL(&d->jobs, j, link);
		d->njobs++;
	}
	if (!TAILQ_EMPTY(&d->jobs))
		hall_dirty(d->hall, d);
}

static void
job_end(struct desk *d, struct job *j)
{
	if (j->msg != NULL && j->msg->way == WAY_FORM) {
		struct reply r = {
			.way = WAY_FORM, .id = j->msg->session, .to = j->msg->who, .lang = j->by.lang,
			.text = j->note != NULL ? j->note : "", .failed = j->note_failed,
		};

		d->hall->mouth.say(d->hall->mouth.ctx, &r);
	}
	if (j->cursor != NULL) {
		free(d->cursor);
		d->cursor = j->cursor;
		d->cursor_at = clock_now();
		d->cursor_dirty = true;
		j->cursor = NULL;
	}
	TAILQ_REMOVE(&d->jobs, j, link);
	d->njobs--;
	job_free(j);
}

void
desk_run(struct desk *d)
{
	struct job *j;
	int n;

	for (n = 0; n < JOBS_A_TURN && (j = TAILQ_FIRST(&d->jobs)) != NULL && !j->waiting; n++) {
		if (j->roster == NULL)
			j->roster = roster_hold(d->hall->roster);
		switch (j->step(j)) {
		case STEP_WAIT:
			j->waiting = true;
			return;
		case STEP_MOVED:
			break;
		case STEP_DONE:
			job_end(d, j);
			break;
		}
	}
	if ((j = TAILQ_FIRST(&d->jobs)) != NULL && !j->waiting)
		hall_dirty(d->hall, d);
}

struct job *
desk_job(struct desk *d, uint64_t id)
{
	struct job *j = TAILQ_FIRST(&d->jobs);

	return j != NULL && j->id == id ? j : NULL;
}

void
desk_wake(struct desk *d)
{
	struct job *j = TAILQ_FIRST(&d->jobs);

	if (j != NULL)
		j->waiting = false;
	hall_dirty(d->hall, d);
}

/* --- its matters --- */

struct matter *
desk_matter(struct desk *d, long long number)
{
	struct matter *m;

	TAILQ_FOREACH(m, &d->matters, next)
		if (m->row.number == number)
			return m;
	return NULL;
}

void
desk_add_matter(struct desk *d, struct matter *m)
{
	TAILQ_INSERT_HEAD(&d->matters, m, next);
}

void
desk_drop_matter(struct desk *d, struct matter *m)
{
	TAILQ_REMOVE(&d->matters, m, next);
	matter_free(&m);
}

void
desk_forget(struct desk *d, instant now)
{
	struct spoken *s;
	struct candidate *c, *nc;
	struct matter *m, *nm;

	while ((s = TAILQ_LAST(&d->lines, spokens)) != NULL &&
	    (d->nlines > LINES_KEPT || now - s->sent > LINES_KEPT_H * HOUR))
		talk_free(d, s);
	for (c = TAILQ_FIRST(&d->candidates); c != NULL; c = nc) {
		nc = TAILQ_NEXT(c, next);
		if (now - c->sent > DAY)
			candidate_free(c);
	}
	for (m = TAILQ_FIRST(&d->matters); m != NULL && d->njobs == 0; m = nm) {
		nm = TAILQ_NEXT(m, next);
		if (m->ended != 0 && now - m->ended > MATTER_LINGERS_H * HOUR)
			desk_drop_matter(d, m);
	}
}
