/*
 * Request lines in, answers out.  Each asker has at most one line open; the rooms
 * take turns, so that the hall's queues, one a room, all have work.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "server.h"

enum { GIVE_UP_S = 30 };

static double *
slot(struct load *l, unsigned room, unsigned who)
{
	return &l->asked[(size_t)room * l->muc->places[0].occupants + who];
}

/* The n-th line's place: rooms first, then the residents of each; occupant 0 is the officer. */
static bool
send_one(struct load *l)
{
	unsigned rooms = l->muc->n, people = l->muc->places[0].occupants;
	unsigned n = l->sent, room = n % rooms, who = people > 1 ? 1 + n / rooms % (people - 1) : 0;
	double *asked = slot(l, room, who);
	char *line;

	if (*asked != 0)
		return false;
	line = line_of(l->line, l->seed + n);
	*asked = now_s();
	l->sent++;
	l->out++;
	muc_say(l->muc, room, who, line);
	free(line);
	return true;
}

static void
fill(struct load *l)
{
	unsigned due = l->total;

	if (l->rate > 0) {
		double d = (now_s() - l->begun) * l->rate;

		due = d < l->total ? (unsigned)d : l->total;
	}
	while (l->sent < due && l->out < l->window)
		if (!send_one(l))
			break;
}

static void
give_up(struct load *l)
{
	size_t all = (size_t)l->muc->n * l->muc->places[0].occupants;
	double late = now_s() - GIVE_UP_S;

	for (size_t i = 0; i < all; i++) {
		if (l->asked[i] == 0 || l->asked[i] > late)
			continue;
		l->asked[i] = 0;
		l->lost++;
		l->out--;
	}
}

static void
on_load_tick(evutil_socket_t fd, short what, void *ctx)
{
	static const struct timeval again = { .tv_usec = 1000 };
	struct load *l = ctx;

	(void)fd, (void)what;
	fill(l);
	if (now_s() - l->ended > 1) {	/* nothing came for a second */
		give_up(l);
		l->ended = now_s();
	}
	if (!load_over(l))
		evtimer_add(l->tick, &again);
}

void
load_begin(struct load *l, struct event_base *base)
{
	static const struct timeval at_once = { 0 };

	l->asked = xcalloc((size_t)l->muc->n * l->muc->places[0].occupants, sizeof *l->asked);
	l->begun = l->ended = now_s();
	l->tick = evtimer_new(base, on_load_tick, l);
	evtimer_add(l->tick, &at_once);
}

bool
load_over(const struct load *l)
{
	return l->done + l->lost >= l->total;
}

static void
answered(struct load *l, unsigned room, unsigned who)
{
	double *asked = slot(l, room, who), now = now_s();

	if (*asked == 0) {
		l->more++;
		return;
	}
	series_add(&l->times, now - *asked);
	*asked = 0;
	l->done++;
	l->out--;
	l->ended = now;
	fill(l);
}

void
load_told(struct load *l, unsigned room, unsigned who, const struct node *body)
{
	if (l->asked == NULL)
		return;
	if (room >= l->muc->n || who >= l->muc->places[0].occupants || strstr(body->text, l->answer) == NULL)
		l->more++;
	else
		answered(l, room, who);
}

/* A line in the room answers him whose nickname it opens with. */
void
load_said(struct load *l, unsigned room, const struct node *body)
{
	char nick[NAME];

	if (l->asked == NULL || !l->by_room || strstr(body->text, l->answer) == NULL)
		return;
	for (unsigned who = 0; who < l->muc->places[0].occupants; who++) {
		const char *open = occupant_nick(who, nick);

		if (*slot(l, room, who) != 0 && strncmp(body->text, open, strlen(open)) == 0) {
			answered(l, room, who);
			return;
		}
	}
}

void
load_end(struct load *l)
{
	if (l->tick != NULL)
		event_free(l->tick);
	l->tick = NULL;
	free(l->asked);
	l->asked = NULL;
	series_free(&l->times);
}
