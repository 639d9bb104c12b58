#include "flow/hall.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "flow/internal.h"

/* --- finding --- */

static int
by_code(const void *a, const void *b)
{
	return strcmp(((const struct desk *)a)->code, ((const struct desk *)b)->code);
}

static int
by_id(const void *a, const void *b)
{
	int x = ((const struct desk *)a)->id, y = ((const struct desk *)b)->id;

	return (x > y) - (x < y);
}

struct desk *
hall_desk(const struct hall *h, const char *code)
{
	struct desk key = { .code = (char *)(uintptr_t)code };	/* only read */
	struct desk **found = code == NULL ? NULL : tfind(&key, &h->by_code, by_code);

	return found == NULL ? NULL : *found;
}

struct desk *
hall_desk_id(const struct hall *h, int id)
{
	struct desk key = { .id = id };
	struct desk **found = tfind(&key, &h->by_id, by_id);

	return found == NULL ? NULL : *found;
}

void
hall_add_desk(struct hall *h, struct desk *d)
{
	TAILQ_INSERT_TAIL(&h->desks, d, link);
	h->ndesks++;
	if (tsearch(d, &h->by_code, by_code) == NULL || tsearch(d, &h->by_id, by_id) == NULL)
		abort();	/* out of memory: as everywhere */
}

struct matter *
hall_matter(const struct hall *h, long long number)
{
	struct desk *d;
	struct matter *m;

	if (number == 0)
		return NULL;
	TAILQ_FOREACH(d, &h->desks, link)
		if ((m = desk_matter(d, number)) != NULL)
			return m;
	return NULL;
}

struct desk *
hall_desk_for(const struct hall *h, const struct staff *s)
{
	struct desk *d = NULL;
	const int *room;

	TAILQ_FOREACH(d, &h->desks, link)
		if (s != NULL && d->officer == s->id && !d->ended)
			return d;
	for (room = s != NULL ? s->rooms : NULL; room != NULL && *room != 0; room++)
		if ((d = hall_desk_id(h, *room)) != NULL && !d->ended)
			return d;
	return TAILQ_FIRST(&h->desks);
}

/* --- its life --- */

static void
on_drain(evutil_socket_t fd, short what, void *ctx)
{
	struct hall *h = ctx;
	struct desks now;
	struct desk *d;

	(void)fd;
	(void)what;
	if (!h->loaded)
		return;		/* load.c wakes it */
	/* What becomes dirty meanwhile has its turn next time. */
	TAILQ_INIT(&now);
	TAILQ_CONCAT(&now, &h->turn, turn);
	while ((d = TAILQ_FIRST(&now)) != NULL) {
		TAILQ_REMOVE(&now, d, turn);
		d->dirty = false;
		desk_run(d);
	}
}

void
hall_dirty(struct hall *h, struct desk *d)
{
	if (!d->dirty) {
		d->dirty = true;
		TAILQ_INSERT_TAIL(&h->turn, d, turn);
	}
	event_active(h->drain, 0, 0);
}

struct hall *
hall_new(struct event_base *base, const struct conf *conf, const struct lang *lang, const struct model *model, struct db *db,
    const struct cmd *const *cmds, const char *version, const struct mouth *mouth)
{
	struct hall *h = xcalloc(1, sizeof *h);

	h->base = base;
	h->conf = conf;
	h->lang = lang;
	h->model = model;
	h->lessons = model != NULL ? lessons_new(model) : NULL;
	h->db = db;
	h->commands = cmds;
	h->version = version;
	h->mouth = *mouth;
	h->store.db = db;
	h->verbs = commands_verbs(cmds);
	h->people = people_new();
	h->outbox = outbox_new(h);
	h->stream_state = xstrdup("down");
	h->stream_note = xstrdup("");
	TAILQ_INIT(&h->desks);
	TAILQ_INIT(&h->turn);
	h->drain = event_new(base, -1, EV_PERSIST, on_drain, h);
	return h;
}

static void
on_nothing(void *node)
{
	(void)node;
}

static void
drop_desks(struct hall *h)
{
	struct desk *d;

	tdestroy(h->by_code, on_nothing);
	tdestroy(h->by_id, on_nothing);
	h->by_code = h->by_id = NULL;
	TAILQ_INIT(&h->turn);
	while ((d = TAILQ_FIRST(&h->desks)) != NULL) {
		TAILQ_REMOVE(&h->desks, d, link);
		desk_free(&d);
	}
	h->ndesks = 0;
}

void
hall_free(struct hall **hp)
{
	struct hall *h = *hp;

	if (h == NULL)
		return;
	*hp = NULL;
	event_free(h->drain);
	load_free(&h->loading);
	outbox_free(&h->outbox);
	drop_desks(h);
	people_free(&h->people);
	roster_free(&h->roster);
	lessons_free(&h->lessons);
	free(h->verbs);
	free(h->stream_state);
	free(h->stream_note);
	free(h);
}

void
hall_start(struct hall *h)
{
	h->held = true;
	h->loaded = false;
	if (h->up && h->loading == NULL)
		load_start(h, true);
}

void
hall_lost(struct hall *h)
{
	h->held = false;
	h->loaded = false;
}

void
hall_reload(struct hall *h)
{
	if (!h->held || !h->up)
		return;
	if (h->loading != NULL)
		h->reload_again = true;
	else
		load_start(h, false);
}

void
hall_retry(struct hall *h)
{
	struct desk *d;
	struct job *j;

	TAILQ_FOREACH(d, &h->desks, link)
		if ((j = TAILQ_FIRST(&d->jobs)) != NULL && j->waiting)
			write_retry(j);
}

void
hall_database(struct hall *h, bool up)
{
	h->up = up;
	if (up && h->loaded)
		hall_retry(h);
	else if (up && h->held && h->loading == NULL)
		load_start(h, true);
}

bool
hall_idle(const struct hall *h)
{
	const struct desk *d;

	TAILQ_FOREACH(d, &h->desks, link)
		if (d->njobs > 0)
			return false;
	return h->nops == 0 && h->loading == NULL && !people_busy(h->people);
}

/* --- the ear --- */

void
hall_hear(struct hall *h, struct msg *msg)
{
	struct desk *d = hall_desk(h, msg->room);

	if (d == NULL && (msg->way == WAY_STAFF || msg->way == WAY_FORM))
		d = hall_desk_for(h, h->roster == NULL ? NULL : roster_staff(h->roster, msg->who));
	if (d == NULL) {
		msg_free(&msg);
		return;
	}
	desk_queue(d, msg, hear_start);
}

void
hall_stream(struct hall *h, bool up, const char *state, const char *note)
{
	free(h->stream_state);
	free(h->stream_note);
	h->stream_state = xstrdup(state);
	h->stream_note = xstrdup(note);
	if (up)
		outbox_push(h->outbox, NULL);
	else {
		struct desk *d;

		TAILQ_FOREACH(d, &h->desks, link)
			d->live = false;
		outbox_stream_lost(h->outbox);
	}
	if (h->loaded && h->up)
		tick_renew(h, false);
}

void
hall_room(struct hall *h, const char *room, bool live)
{
	struct desk *d = hall_desk(h, room);

	if (d == NULL || d->live == live)
		return;
	d->live = live;
	if (live && d->cursor == NULL && d->cursor_at == 0) {
		/* What is said from now on is ours to read, even if we are gone before the first line. */
		d->cursor_at = clock_now();
		d->cursor_dirty = true;
		h->saved = 0;
	}
	if (live) {
		outbox_push(h->outbox, d);
		desk_release(d);
	}
}

void
hall_said(struct hall *h, const char *id, const char *stanza_id)
{
	outbox_said(h->outbox, id, stanza_id);
}

void
hall_unsaid(struct hall *h, const char *id, const struct err *why)
{
	outbox_unsaid(h->outbox, id, why);
}

void
hall_cursor(struct hall *h, const char *room, const char *stanza_id)
{
	struct desk *d = hall_desk(h, room);
	struct job *last;

	if (d == NULL)
		return;
	/* It holds once everything heard before it is dealt with. */
	if ((last = TAILQ_LAST(&d->jobs, jobs)) != NULL) {
		free(last->cursor);
		last->cursor = xstrdup(stanza_id);
		return;
	}
	free(d->cursor);
	d->cursor = xstrdup(stanza_id);
	d->cursor_at = clock_now();
	d->cursor_dirty = true;
}

void
hall_gap(struct hall *h, const char *room, instant from, instant to)
{
	char a[INSTANT_TEXT] = "an unknown time", b[INSTANT_TEXT] = "now";
	struct desk *d = hall_desk(h, room);
	struct job *j;

	if (from != 0)
		instant_text(from, a);
	if (to != 0)
		instant_text(to, b);
	log_warn("hall", "room %s: its archive does not reach back without a gap; lines between %s and %s may be missing: "
	    "see that the server keeps archives for 7 days", room, a, b);
	if (d == NULL)
		return;
	j = desk_queue(d, NULL, gap_start);
	j->number = from / USEC;	/* makes its key */
	j->due = (struct due_item){ "gap", to };
}

/* --- what is due --- */

struct store *
hall_store(struct hall *h)
{
	return h->loaded && h->up ? &h->store : NULL;
}

void
hall_due(struct hall *h, int room, long long request, const char *what, instant at)
{
	struct desk *d = hall_desk_id(h, room);
	struct job *j;

	if (d == NULL)
		return;
	j = desk_queue(d, NULL, due_start);
	j->number = request;
	j->due.what = arena_strdup(j->arena, what);
	j->due.at = at;
}
