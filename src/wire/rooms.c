/*
 * All the rooms: found by code, taken from the roster's list, left when they are
 * no longer on it.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/str.h"
#include "wire/room.h"

/* --- the list --- */

static int
by_code(const void *a, const void *b)
{
	return strcmp(((const struct room *)a)->code, ((const struct room *)b)->code);
}

struct rooms *
rooms_of(struct wire *w)
{
	struct rooms *rs = w->rooms;

	if (rs == NULL) {
		rs = w->rooms = xcalloc(1, sizeof *rs);
		TAILQ_INIT(&rs->all);
		TAILQ_INIT(&rs->queue);
		rs->epoch = room_jitter(w, UINT32_MAX);
		random_bytes(rs->key, sizeof rs->key);
	}
	return rs;
}

struct room *
room_find(struct wire *w, const char *code)
{
	struct room key = { .code = (char *)(uintptr_t)code };	/* only read */
	struct room **found;

	if (w->rooms == NULL || code == NULL)
		return NULL;
	found = tfind(&key, &w->rooms->tree, by_code);
	return found == NULL ? NULL : *found;
}

struct room *
room_by_jid(struct wire *w, const char *bare)
{
	const char *at = bare == NULL ? NULL : strchr(bare, '@');
	struct room *r;
	char *code;

	if (at == NULL || strcmp(at + 1, w->conf.muc) != 0)
		return NULL;
	code = xstrdup(bare);
	code[at - bare] = '\0';
	r = room_find(w, code);
	free(code);
	return r;
}

static void
strings_free(char ***list)
{
	size_t i;

	for (i = 0; *list != NULL && (*list)[i] != NULL; i++)
		free((*list)[i]);
	free(*list);
	*list = NULL;
}

static void
strings_add(char ***list, const char *s)
{
	size_t n = 0;

	while (*list != NULL && (*list)[n] != NULL)
		if (str_eq((*list)[n++], s))
			return;
	*list = xrealloc(*list, (n + 2) * sizeof **list);
	(*list)[n] = xstrdup(s);
	(*list)[n + 1] = NULL;
}

static bool
strings_have(char *const *list, const char *s)
{
	for (; list != NULL && *list != NULL; list++)
		if (str_eq(*list, s))
			return true;
	return false;
}

void
room_free(struct room *r)
{
	conf_stop(r);
	archive_stop(r);
	hear_drop_parked(r);
	occupants_clear(&r->occupants);
	strings_free(&r->staff);
	strings_free(&r->revoked);
	free(r->marks);
	free(r->code);
	free(r->jid);
	free(r->nick);
	free(r->title);
	free(r->description);
	free(r->lang);
	free(r->owner);
	free(r->cursor);
	free(r->why);
	free(r);
}

void
rooms_free(struct wire *w)
{
	struct rooms *rs = w->rooms;
	struct room *r;

	if (rs == NULL)
		return;
	while ((r = TAILQ_FIRST(&rs->all)) != NULL) {
		TAILQ_REMOVE(&rs->all, r, all);
		tdelete(r, &rs->tree, by_code);	/* of unwanted ones: not there, or a namesake, whose turn comes too */
		room_free(r);
	}
	free(rs);
	w->rooms = NULL;
}

static bool
take_string(char **mine, const char *theirs)
{
	if (str_eq(*mine, theirs))
		return false;
	free(*mine);
	*mine = xstrdup(theirs);
	return true;
}

/* Who was staff here and is no more must stop seeing addresses: remembered until the server has been told. */
static bool
take_staff(struct room *r, const struct room_spec *spec)
{
	char **staff = NULL;
	bool changed = false;
	size_t i;

	for (i = 0; spec->staff != NULL && spec->staff[i] != NULL; i++) {
		changed = changed || !strings_have(r->staff, spec->staff[i]);
		strings_add(&staff, spec->staff[i]);
	}
	if (r->owner != NULL && !str_eq(r->owner, spec->owner) && !strings_have(staff, r->owner))
		strings_add(&r->revoked, r->owner);
	for (i = 0; r->staff != NULL && r->staff[i] != NULL; i++)
		if (!strings_have(staff, r->staff[i]) && !str_eq(r->staff[i], spec->owner)) {
			strings_add(&r->revoked, r->staff[i]);
			changed = true;
		}
	strings_free(&r->staff);
	r->staff = staff;
	return take_string(&r->owner, spec->owner) || changed;
}

static bool
take_spec(struct room *r, const struct room_spec *spec)
{
	bool changed = take_string(&r->title, spec->title);

	changed = take_string(&r->description, spec->description) || changed;
	changed = take_string(&r->lang, spec->lang) || changed;
	changed = take_staff(r, spec) || changed;
	if (r->cursor == NULL && spec->cursor != NULL) {	/* ours is the newer one otherwise */
		r->cursor = xstrdup(spec->cursor);
		r->cursor_at = spec->cursor_at;
	} else if (r->cursor == NULL)
		r->cursor_at = spec->cursor_at;
	return changed;
}

static struct room *
room_new(struct wire *w, const struct room_spec *spec)
{
	struct rooms *rs = rooms_of(w);
	struct room *r = xcalloc(1, sizeof *r);
	struct buf jid = { 0 };

	buf_addf(&jid, "%s@%s", spec->code, w->conf.muc);
	r->jid = jid.s;
	r->code = xstrdup(spec->code);
	r->nick = xstrdup(w->conf.nick);
	r->affiliation = AFF_NONE;
	r->due = rs->now;
	STAILQ_INIT(&r->parked);
	TAILQ_INSERT_TAIL(&rs->all, r, all);
	if (tsearch(r, &rs->tree, by_code) == NULL)
		abort();	/* out of memory */
	w->count.rooms++;
	return r;
}

/* --- the list from above --- */

static void
room_leave(struct wire *w, struct room *r)
{
	struct rooms *rs = rooms_of(w);

	if (r->phase != PH_OUT && r->phase != PH_DEAD)
		room_send_presence(w, r, "unavailable");
	room_unqueue(rs, r);
	tdelete(r, &rs->tree, by_code);
	room_clear(w, r);
	room_phase(w, r, PH_OUT);
	w->count.rooms--;
}

void
wire_rooms(struct wire *w, const struct room_spec *specs, size_t n)
{
	struct rooms *rs = rooms_of(w);
	struct room *r;
	bool changed;
	size_t i;

	TAILQ_FOREACH(r, &rs->all, all)
		if (room_find(w, r->code) == r)	/* not one dropped this very second */
			r->wanted = false;
	for (i = 0; i < n; i++) {
		if ((r = room_find(w, specs[i].code)) == NULL)
			r = room_new(w, &specs[i]);
		r->wanted = true;
		changed = take_spec(r, &specs[i]);
		if (changed)
			r->configured = false;
		if (changed && r->phase == PH_LIVE)
			conf_start(w, r);
		else if (changed && (r->phase == PH_OUT || r->phase == PH_DEAD)) {
			r->doomed = false;	/* somebody has looked */
			r->due = rs->now;
		}
	}
	TAILQ_FOREACH(r, &rs->all, all)
		if (!r->wanted && room_find(w, r->code) == r)
			room_leave(w, r);
}
