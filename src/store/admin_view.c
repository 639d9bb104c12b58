/* What an administrator looks at: one statement a view, the same for people and for programs. */
#include <string.h>

#include "store/admin_internal.h"

static const struct view {
	const char	*sql;
	bool		 arg, now;	/* has $1; has $2 (or $1 if there is no arg) */
} views[VIEWS] = {
	[VIEW_UNITS] = { "SELECT u.code, p.code AS parent, u.kind, u.name, u.zone, u.calendar, u.emergency, u.ended "
	    "FROM unit u LEFT JOIN unit p ON p.id = u.parent ORDER BY u.ended IS NOT NULL, u.code", false, false },
	[VIEW_ROOMS] = { "SELECT r.code, u.code AS unit, r.title, r.lang, r.mode, r.mode_by_hand AS by_hand, s.address AS officer, "
	    "array_to_string(r.tags, ' ') AS tags, (SELECT count(*) FROM request q WHERE q.room_id = r.id "
	    "AND q.state NOT IN ('closed', 'cancelled', 'dropped')) AS open, (SELECT count(*) FROM request q WHERE q.room_id = r.id) AS all, "
	    "r.ended FROM room r JOIN unit u ON u.id = r.unit_id LEFT JOIN staff s ON s.id = r.officer "
	    "ORDER BY r.ended IS NOT NULL, r.code", false, false },
	[VIEW_STAFF] = { "SELECT s.address, u.code AS unit, s.role, s.name, s.nick, array_to_string(s.rooms, ' ') AS rooms, "
	    "s.from_date AS from, s.until_date AS until, s.ended FROM staff s JOIN unit u ON u.id = s.unit_id "
	    "ORDER BY s.ended IS NOT NULL, s.address", false, false },
	[VIEW_KINDS] = { "SELECT code, work, private, urgent, duty_hours, first_answer, finish, keep_days, ended FROM kind "
	    "ORDER BY ended IS NOT NULL, code", false, false },
	[VIEW_LESSONS] = { "SELECT l.id, l.at, r.code AS room, l.request, l.what, coalesce(l.from_kind, '-') AS was, coalesce(l.to_kind, '-') AS is, "
	    "coalesce(s.name, l.role) AS by, array_to_string(l.features[1:8], ', ') AS words, l.undone "
	    "FROM lesson l JOIN room r ON r.id = l.room_id LEFT JOIN staff s ON s.id = l.staff ORDER BY l.id", false, false },
	[VIEW_REQUESTS] = { "SELECT q.number, r.code AS room, q.kind, q.state, q.answered, q.urgent, q.sent, "
	    "date_trunc('second', $1::timestamptz - q.sent) AS age, t.name AS taken_by "
	    "FROM request q JOIN room r ON r.id = q.room_id LEFT JOIN staff t ON t.id = q.taken_by "
	    "WHERE q.state NOT IN ('closed', 'cancelled', 'dropped') ORDER BY q.urgent DESC, q.number", false, true },
	[VIEW_REQUESTS_ALL] = { "SELECT q.number, r.code AS room, q.kind, q.state, q.answered, q.urgent, q.sent, "
	    "date_trunc('second', q.first_answer - q.sent) AS answered_after, t.name AS taken_by, q.closed_how, q.closed_at "
	    "FROM request q JOIN room r ON r.id = q.room_id LEFT JOIN staff t ON t.id = q.taken_by ORDER BY q.number", false, false },
	[VIEW_REQUEST] = { "SELECT q.number, r.code AS room, q.kind, q.state, q.band, q.way, q.addressed, q.private, q.urgent, q.late, "
	    "q.asker AS person, q.nick, q.sent, q.recorded, t.name AS taken_by, q.taken_at, q.answered, q.first_answer, "
	    "date_trunc('second', q.first_answer - q.sent) AS answered_after, b.name AS answered_by, q.asked_at, q.done_at, "
	    "q.closed_at, q.closed_how, q.reopened, q.rating, q.erased, q.erase_after "
	    "FROM request q JOIN room r ON r.id = q.room_id LEFT JOIN staff t ON t.id = q.taken_by LEFT JOIN staff b ON b.id = q.answered_by "
	    "WHERE q.number = $1", true, false },
	[VIEW_EVENTS] = { "SELECT e.seq, e.what, e.detail, e.state, e.strength, e.at, e.role, s.name AS staff, l.name AS released_by, "
	    "e.person, encode(e.digest, 'hex') AS digest FROM request_event e LEFT JOIN staff s ON s.id = e.staff "
	    "LEFT JOIN staff l ON l.id = e.released_by WHERE e.request = $1 ORDER BY e.seq", true, false },
	[VIEW_WORDS] = { "SELECT role, said, text FROM request_text WHERE request = $1 ORDER BY said, id", true, false },
	[VIEW_COUNTS] = { "SELECT (SELECT count(*) FROM unit WHERE ended IS NULL) AS units, "
	    "(SELECT count(*) FROM room WHERE ended IS NULL) AS rooms, (SELECT count(*) FROM staff WHERE ended IS NULL) AS staff, "
	    "(SELECT count(*) FROM kind WHERE ended IS NULL) AS kinds", false, false },
	[VIEW_HALL] = { "SELECT epoch, host, pid, version, stream, stream_note, rooms, rooms_live, generation, ended, "
	    "(SELECT value::bigint FROM setting WHERE key = 'generation') AS newest_generation, "
	    "extract(epoch FROM $2::timestamptz - renewed)::int AS renewed_seconds_ago, "
	    "extract(epoch FROM $2::timestamptz - started)::int AS started_seconds_ago "
	    "FROM process WHERE component = $1 ORDER BY id DESC LIMIT 1", true, true },
};

static PGresult *
look(struct admin *a, const char *sql, const struct view *v, const char *arg, instant now, struct err *err)
{
	char when[INSTANT_TEXT];
	const char *param[2];
	int n = 0;

	if (v->arg)
		param[n++] = arg;
	if (v->now)
		param[n++] = instant_text(now, when);
	err->fault = FAULT_NONE;
	return admin_exec(a, "view", sql, n, param, err);
}

enum fault
admin_look(struct admin *a, enum admin_view view, const char *arg, instant now, struct arena *arena,
    struct admin_table *t, struct err *err)
{
	PGresult *res = look(a, views[view].sql, &views[view], arg, now, err);
	const char **name;
	int i, j;

	if (res == NULL)
		return err->fault;
	t->nrows = PQntuples(res);
	t->ncols = PQnfields(res);
	t->name = name = arena_alloc(arena, (size_t)t->ncols * sizeof *name);
	t->cell = arena_alloc(arena, (size_t)t->nrows * sizeof *t->cell);
	for (j = 0; j < t->ncols; j++)
		name[j] = arena_strdup(arena, PQfname(res, j));
	for (i = 0; i < t->nrows; i++) {
		t->cell[i] = arena_alloc(arena, (size_t)t->ncols * sizeof *t->cell[i]);
		for (j = 0; j < t->ncols; j++)
			t->cell[i][j] = PQgetisnull(res, i, j) ? NULL : arena_strdup(arena, PQgetvalue(res, i, j));
	}
	PQclear(res);
	return FAULT_NONE;
}

enum fault
admin_look_json(struct admin *a, enum admin_view view, const char *arg, instant now, struct arena *arena,
    const char **json_r, struct err *err)
{
	char *sql = arena_printf(arena, "SELECT coalesce(json_agg(t), '[]') FROM (%s) t", views[view].sql);
	PGresult *res = look(a, sql, &views[view], arg, now, err);
	char *json;

	if (res == NULL)
		return err->fault;
	*json_r = json = arena_strdup(arena, PQgetvalue(res, 0, 0));
	/* Between rows stands a line break (within texts it is escaped): one answer is one line. */
	for (; (json = strchr(json, '\n')) != NULL; json++)
		*json = ' ';
	PQclear(res);
	return FAULT_NONE;
}
