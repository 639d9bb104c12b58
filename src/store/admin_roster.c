/*
 * The roster: the file is the truth, the tables are made equal to it.
 *
 * Each table first gets its difference written into the temporary table `change`
 * (new, changed, revived, ended, and which columns), then exactly those rows are written,
 * so that what is reported is what was done, and an import of the same file does nothing.
 */
#include "base/str.h"
#include "store/admin_internal.h"

static const struct step {
	const char	*name;
	const char	*sql;
	enum { P_NONE, P_UNITS, P_WEEKS, P_ROOMS, P_STAFF, P_NOW } param;
} steps[] = {
	/* --- what the file says --- */
	{ "change", "CREATE TEMP TABLE change (seq int, what text, code text, how text, columns text[]) ON COMMIT DROP" },
	{ "file_unit", "CREATE TEMP TABLE file_unit (code text PRIMARY KEY, parent text, kind text, name text, zone text, "
	    "calendar text, emergency text) ON COMMIT DROP" },
	{ "file_week", "CREATE TEMP TABLE file_week (unit text, dow int, opens time, closes time) ON COMMIT DROP" },
	{ "file_staff", "CREATE TEMP TABLE file_staff (address text PRIMARY KEY, unit text, role text, name text, nick text, "
	    "rooms text[], from_date date, until_date date) ON COMMIT DROP" },
	{ "file_room", "CREATE TEMP TABLE file_room (code text PRIMARY KEY, unit text, title text, topic text, tags text[], "
	    "lang text, officer text, mode text) ON COMMIT DROP" },
	{ "units", "INSERT INTO file_unit SELECT * FROM jsonb_to_recordset($1) "
	    "AS f(code text, parent text, kind text, name text, zone text, calendar text, emergency text)", P_UNITS },
	{ "weeks", "INSERT INTO file_week SELECT * FROM jsonb_to_recordset($1) AS f(unit text, dow int, opens time, closes time)", P_WEEKS },
	{ "staff", "INSERT INTO file_staff SELECT address, unit, role, name, nick, "
	    "ARRAY(SELECT jsonb_array_elements_text(rooms)), \"from\", until FROM jsonb_to_recordset($1) "
	    "AS f(address text, unit text, role text, name text, nick text, rooms jsonb, \"from\" date, until date)", P_STAFF },
	{ "rooms", "INSERT INTO file_room SELECT code, unit, title, topic, ARRAY(SELECT jsonb_array_elements_text(tags)), lang, officer, mode "
	    "FROM jsonb_to_recordset($1) "
	    "AS f(code text, unit text, title text, topic text, tags jsonb, lang text, officer text, mode text)", P_ROOMS },

	/* --- units: parents by a second step, since a parent may be new itself --- */
	{ "units: difference", "INSERT INTO change SELECT 1, 'unit', code, how, columns FROM ("
	    "SELECT f.code, CASE WHEN u.id IS NULL THEN 'new' WHEN u.ended IS NOT NULL THEN 'revived' ELSE 'changed' END AS how, "
	    "CASE WHEN u.id IS NULL THEN '{}' ELSE array_remove(ARRAY["
	    "CASE WHEN p.code IS DISTINCT FROM f.parent THEN 'parent' END, CASE WHEN u.kind <> f.kind THEN 'kind' END, "
	    "CASE WHEN u.name <> f.name THEN 'name' END, CASE WHEN u.zone <> f.zone THEN 'zone' END, "
	    "CASE WHEN u.calendar <> f.calendar THEN 'calendar' END, CASE WHEN u.emergency <> f.emergency THEN 'emergency' END], NULL) "
	    "END AS columns FROM file_unit f LEFT JOIN unit u ON u.code = f.code LEFT JOIN unit p ON p.id = u.parent) d "
	    "WHERE how <> 'changed' OR columns <> '{}'" },
	{ "units: gone", "INSERT INTO change SELECT 1, 'unit', code, 'ended', '{}' FROM unit "
	    "WHERE ended IS NULL AND code NOT IN (SELECT code FROM file_unit)" },
	{ "units: new", "INSERT INTO unit (code, kind, name) SELECT f.code, f.kind, f.name FROM file_unit f "
	    "JOIN change c ON c.what = 'unit' AND c.how = 'new' AND c.code = f.code" },
	{ "units: write", "UPDATE unit u SET parent = (SELECT p.id FROM unit p WHERE p.code = f.parent), kind = f.kind, name = f.name, "
	    "zone = f.zone, calendar = f.calendar, emergency = f.emergency, ended = NULL "
	    "FROM file_unit f JOIN change c ON c.what = 'unit' AND c.code = f.code WHERE u.code = f.code" },
	{ "units: end", "UPDATE unit u SET ended = $1 FROM change c WHERE c.what = 'unit' AND c.how = 'ended' AND c.code = u.code", P_NOW },
	{ "weeks: clear", "DELETE FROM unit_week w USING unit u JOIN change c ON c.what = 'unit' AND c.code = u.code "
	    "WHERE w.unit_id = u.id AND 'calendar' = ANY (c.columns)" },
	{ "weeks: write", "INSERT INTO unit_week SELECT u.id, f.dow, f.opens, f.closes FROM file_week f JOIN unit u ON u.code = f.unit "
	    "JOIN change c ON c.what = 'unit' AND c.code = u.code WHERE c.how = 'new' OR 'calendar' = ANY (c.columns)" },

	/* --- staff --- */
	{ "staff: difference", "INSERT INTO change SELECT 3, 'staff', address, how, columns FROM ("
	    "SELECT f.address, CASE WHEN s.id IS NULL THEN 'new' WHEN s.ended IS NOT NULL THEN 'revived' ELSE 'changed' END AS how, "
	    "CASE WHEN s.id IS NULL THEN '{}' ELSE array_remove(ARRAY["
	    "CASE WHEN u.code <> f.unit THEN 'unit' END, CASE WHEN s.role <> f.role THEN 'role' END, "
	    "CASE WHEN s.name <> f.name THEN 'name' END, CASE WHEN s.nick <> f.nick THEN 'nick' END, "
	    "CASE WHEN s.rooms <> f.rooms THEN 'rooms' END, CASE WHEN s.from_date IS DISTINCT FROM f.from_date THEN 'from' END, "
	    "CASE WHEN s.until_date IS DISTINCT FROM f.until_date THEN 'until' END], NULL) END AS columns "
	    "FROM file_staff f LEFT JOIN staff s ON s.address = f.address LEFT JOIN unit u ON u.id = s.unit_id) d "
	    "WHERE how <> 'changed' OR columns <> '{}'" },
	{ "staff: gone", "INSERT INTO change SELECT 3, 'staff', address, 'ended', '{}' FROM staff "
	    "WHERE ended IS NULL AND address NOT IN (SELECT address FROM file_staff)" },
	{ "staff: write", "INSERT INTO staff (address, unit_id, role, name, nick, rooms, from_date, until_date) "
	    "SELECT f.address, u.id, f.role, f.name, f.nick, f.rooms, f.from_date, f.until_date FROM file_staff f "
	    "JOIN unit u ON u.code = f.unit JOIN change c ON c.what = 'staff' AND c.code = f.address "
	    "ON CONFLICT (address) DO UPDATE SET unit_id = excluded.unit_id, role = excluded.role, name = excluded.name, "
	    "nick = excluded.nick, rooms = excluded.rooms, from_date = excluded.from_date, until_date = excluded.until_date, ended = NULL" },
	{ "staff: end", "UPDATE staff s SET ended = $1 FROM change c WHERE c.what = 'staff' AND c.how = 'ended' AND c.code = s.address", P_NOW },

	/* --- rooms, after staff: they name their officer. A mode set by hand stays. --- */
	{ "rooms: difference", "INSERT INTO change SELECT 2, 'room', code, how, columns FROM ("
	    "SELECT f.code, CASE WHEN r.id IS NULL THEN 'new' WHEN r.ended IS NOT NULL THEN 'revived' ELSE 'changed' END AS how, "
	    "CASE WHEN r.id IS NULL THEN '{}' ELSE array_remove(ARRAY["
	    "CASE WHEN u.code <> f.unit THEN 'unit' END, CASE WHEN r.title <> f.title THEN 'title' END, "
	    "CASE WHEN r.topic <> f.topic THEN 'topic' END, CASE WHEN r.tags <> f.tags THEN 'tags' END, "
	    "CASE WHEN r.lang <> f.lang THEN 'lang' END, CASE WHEN s.address IS DISTINCT FROM f.officer THEN 'officer' END, "
	    "CASE WHEN r.mode <> f.mode AND NOT r.mode_by_hand THEN 'mode' END], NULL) END AS columns "
	    "FROM file_room f LEFT JOIN room r ON r.code = f.code LEFT JOIN unit u ON u.id = r.unit_id LEFT JOIN staff s ON s.id = r.officer) d "
	    "WHERE how <> 'changed' OR columns <> '{}'" },
	{ "rooms: gone", "INSERT INTO change SELECT 2, 'room', code, 'ended', '{}' FROM room "
	    "WHERE ended IS NULL AND code NOT IN (SELECT code FROM file_room)" },
	{ "rooms: write", "INSERT INTO room AS r (code, unit_id, title, topic, tags, lang, officer, mode) "
	    "SELECT f.code, u.id, f.title, f.topic, f.tags, f.lang, s.id, f.mode FROM file_room f JOIN unit u ON u.code = f.unit "
	    "LEFT JOIN staff s ON s.address = f.officer JOIN change c ON c.what = 'room' AND c.code = f.code "
	    "ON CONFLICT (code) DO UPDATE SET unit_id = excluded.unit_id, title = excluded.title, topic = excluded.topic, "
	    "tags = excluded.tags, lang = excluded.lang, officer = excluded.officer, "
	    "mode = CASE WHEN r.mode_by_hand THEN r.mode ELSE excluded.mode END, ended = NULL" },
	{ "rooms: end", "UPDATE room r SET ended = $1 FROM change c WHERE c.what = 'room' AND c.how = 'ended' AND c.code = r.code", P_NOW },
};

static enum fault
import(struct admin *a, const struct admin_roster *r, bool dry, instant now, struct arena *arena,
    struct admin_changes *changes_r, struct err *err)
{
	char when[INSTANT_TEXT];
	const char *params[] = { NULL, r->units, r->weeks, r->rooms, r->staff, instant_text(now, when) };
	size_t i;

	if (admin_begin(a, err) != FAULT_NONE)
		return err->fault;
	for (i = 0; i < sizeof steps / sizeof steps[0] && err->fault == FAULT_NONE; i++)
		admin_do(a, steps[i].name, steps[i].sql, steps[i].param != P_NONE, &params[steps[i].param], err);
	if (err->fault != FAULT_NONE || admin_changes_end(a, dry, arena, changes_r, err) != FAULT_NONE)
		admin_rollback(a);
	return err->fault;
}

enum fault
admin_roster_import(struct admin *a, const struct admin_roster *r, bool dry, instant now, struct arena *arena,
    struct admin_changes *changes_r, struct err *err)
{
	int tries = 0;

	/* A running hall writes cursors into the same rows, in its own order: either of us may be the deadlock's victim. */
	do
		import(a, r, dry, now, arena, changes_r, err);
	while (err->fault == FAULT_BUSY && ++tries < 3);
	return err->fault;
}

enum fault
admin_bad_zones(struct admin *a, const char *const *zones, struct arena *arena, const char ***bad_r, struct err *err)
{
	struct buf json = { 0 };
	const char *param[1];
	const char **bad;
	PGresult *res;
	int i;

	buf_add(&json, "[");
	for (; *zones != NULL; zones++) {
		buf_add(&json, json.len > 1 ? "," : "");
		buf_json(&json, *zones);
	}
	buf_add(&json, "]");
	param[0] = json.s;
	err->fault = FAULT_NONE;
	res = admin_exec(a, "zones", "SELECT z FROM jsonb_array_elements_text($1) z EXCEPT SELECT name FROM pg_timezone_names", 1, param, err);
	buf_free(&json);
	if (res == NULL)
		return err->fault;
	*bad_r = bad = arena_alloc(arena, ((size_t)PQntuples(res) + 1) * sizeof *bad);
	for (i = 0; i < PQntuples(res); i++)
		bad[i] = arena_strdup(arena, PQgetvalue(res, i, 0));
	PQclear(res);
	return FAULT_NONE;
}
