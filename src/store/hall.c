#include "store/hall.h"

#include <string.h>
#include <unistd.h>

static const struct statement schema_there_stmt = { "schema_there", "SELECT to_regclass('schema_version') IS NOT NULL", 0 };
static const struct statement schema_version_stmt = { "schema_version", "SELECT version FROM schema_version", 0 };
static const struct statement start_stmt = { "hall_start",
	"SELECT process, epoch FROM hall_start($1, $2, $3, $4, $5)", 5 };
static const struct statement renew_stmt = { "renew",
	"WITH renewed AS (UPDATE process SET renewed = $2::timestamptz, stream = $3, stream_note = $4, rooms = $5, rooms_live = $6, generation = $7, "
	"ended = CASE WHEN $8::boolean THEN $2::timestamptz END WHERE id = $1 AND ended IS NULL) SELECT value FROM setting WHERE key = 'generation'", 8 };
static const struct statement rooms_stmt = { "load_rooms",
	"SELECT r.id, r.unit_id, r.officer, r.code, r.title, r.lang, r.mode, r.cursor, "
	"(extract(epoch FROM r.cursor_at) * 1000000)::bigint, unit_zone(r.unit_id), unit_emergency(r.unit_id), u.name, "
	"r.ended IS NOT NULL, (SELECT string_agg((extract(epoch FROM o.created) * 1000000)::bigint::text, ' ' ORDER BY o.created) "
	"FROM outbox o WHERE o.room_id = r.id AND o.unasked AND o.way = 'room' AND o.created > $3::timestamptz - interval '1 day') "
	"FROM (SELECT * FROM room WHERE ended IS NULL) r JOIN unit u ON u.id = r.unit_id "
	"WHERE r.holder = $1 AND r.epoch = $2 ORDER BY r.code", 3 };
/* Rooms that an import has added since the start are held from now on. */
static const struct statement adopt_stmt = { "adopt_rooms",
	"UPDATE room r SET holder = p.id, epoch = p.epoch FROM process p WHERE p.id = $1 AND p.epoch = $2 AND p.ended IS NULL "
	"AND r.ended IS NULL AND r.holder IS DISTINCT FROM p.id", 2 };
static const struct statement staff_stmt = { "load_staff",
	"SELECT s.id, s.unit_id, s.address, s.role, s.name, s.nick, "
	"(SELECT string_agg(r.id::text, ' ') FROM room r WHERE r.ended IS NULL AND (r.officer = s.id OR r.code = ANY (s.rooms) "
	"OR (s.rooms = '{}' AND EXISTS (SELECT FROM unit_lineage(r.unit_id) l WHERE l.id = s.unit_id)))) "
	"FROM staff s WHERE s.ended IS NULL "
	"AND (s.from_date IS NULL OR s.from_date <= ($1::timestamptz AT TIME ZONE unit_zone(s.unit_id))::date) "
	"AND (s.until_date IS NULL OR s.until_date >= ($1::timestamptz AT TIME ZONE unit_zone(s.unit_id))::date) ORDER BY s.address", 1 };
static const struct statement kinds_stmt = { "load_kinds",
	"SELECT code, source FROM kind WHERE ended IS NULL ORDER BY code", 0 };
static const struct statement spans_stmt = { "load_spans",
	"SELECT u.id, (extract(epoch FROM s.opens) * 1000000)::bigint, (extract(epoch FROM s.closes) * 1000000)::bigint "
	"FROM (SELECT DISTINCT unit_id AS id FROM room WHERE ended IS NULL) u, unit_spans(u.id, $1, $2) s ORDER BY 1, 2", 2 };
static const struct statement zones_stmt = { "load_zones",
	"SELECT z.zone, (extract(epoch FROM o.since) * 1000000)::bigint, o.seconds "
	"FROM (SELECT DISTINCT unit_zone(unit_id) AS zone FROM room WHERE ended IS NULL) z, zone_offsets(z.zone, $1, $2) o ORDER BY 1, 2", 2 };
static const struct statement cursors_stmt = { "cursors",
	"UPDATE room r SET cursor = nullif(c.cursor, ''), cursor_at = $3 FROM unnest($4::int[], $5::text[]) AS c(id, cursor) "
	"WHERE r.id = c.id AND r.holder = $1 AND r.epoch = $2", 5 };
static const struct statement mode_stmt = { "mode",
	"UPDATE room SET mode = $4, mode_by_hand = true WHERE id = $3 AND holder = $1 AND epoch = $2 RETURNING mode", 4 };
static const struct statement preferences_stmt = { "load_preferences",
	"SELECT encode(digest, 'hex'), quiet, lang, declined, (extract(epoch FROM asked) * 1000000)::bigint FROM preference", 0 };
static const struct statement preference_stmt = { "preference",
	"INSERT INTO preference (digest, quiet, lang, declined, asked, erase_after) "
	"VALUES ($2, $3, $4, $5, $6, $1::timestamptz + interval '2 years') ON CONFLICT (digest) DO UPDATE "
	"SET quiet = excluded.quiet, lang = excluded.lang, declined = excluded.declined, "
	"asked = coalesce(excluded.asked, preference.asked), erase_after = excluded.erase_after", 6 };
static const struct statement salt_stmt = { "preference_salt",
	"INSERT INTO setting AS s (key, value) VALUES ('preference-salt', encode($1::bytea, 'hex')) "
	"ON CONFLICT (key) DO UPDATE SET value = s.value RETURNING value", 1 };
static const struct statement erase_stmt = { "erase_due", "SELECT erase_due($1, $2, $3)", 3 };

static void
holder(struct store *s, struct op *op)
{
	op_num(op, 0, s->process);
	op_num(op, 1, s->epoch);
}

void
store_schema_there(struct db *db, struct op *op)
{
	db_submit(db, op, &schema_there_stmt);
}

void
store_schema_version(struct db *db, struct op *op)
{
	db_submit(db, op, &schema_version_stmt);
}

void
store_start(struct store *s, struct op *op, const char *component, const char *version, instant now)
{
	char host[256] = "";

	gethostname(host, sizeof host - 1);
	op_text(op, 0, component);
	op_text(op, 1, host);
	op_num(op, 2, getpid());
	op_text(op, 3, version);
	op_instant(op, 4, now);
	db_submit(s->db, op, &start_stmt);
}

void
store_renew(struct store *s, struct op *op, instant now, const struct process_row *row)
{
	op_num(op, 0, s->process);
	op_instant(op, 1, now);
	op_text(op, 2, row->stream);
	op_text(op, 3, row->note);
	op_num(op, 4, (long long)row->rooms);
	op_num(op, 5, (long long)row->live);
	op_num(op, 6, row->generation);
	op_bool(op, 7, row->ended);
	db_submit(s->db, op, &renew_stmt);
}

void
store_adopt_rooms(struct store *s, struct op *op)
{
	holder(s, op);
	db_submit(s->db, op, &adopt_stmt);
}

void
store_load_rooms(struct store *s, struct op *op, instant now)
{
	holder(s, op);
	op_instant(op, 2, now);
	db_submit(s->db, op, &rooms_stmt);
}

void
store_room_row(const struct op *op, int row, struct room_row *r)
{
	const char **c = op->cell[row];

	*r = (struct room_row){
		.id = (int)cell_num(c[0]), .unit = (int)cell_num(c[1]), .officer = (int)cell_num(c[2]),
		.code = c[3], .title = c[4], .lang = c[5], .mode = c[6], .cursor = c[7], .cursor_at = cell_instant(c[8]),
		.zone = c[9], .emergency = c[10], .unit_name = c[11], .ended = cell_bool(c[12]), .unasked = c[13],
	};
}

void
store_load_staff(struct store *s, struct op *op, instant now)
{
	op_instant(op, 0, now);
	db_submit(s->db, op, &staff_stmt);
}

void
store_staff_row(const struct op *op, int row, struct staff_row *r)
{
	const char **c = op->cell[row];

	*r = (struct staff_row){
		.id = (int)cell_num(c[0]), .unit = (int)cell_num(c[1]), .address = c[2], .role = c[3],
		.name = c[4], .nick = c[5], .rooms = c[6] ? c[6] : "",
	};
}

void
store_load_kinds(struct store *s, struct op *op)
{
	db_submit(s->db, op, &kinds_stmt);
}

void
store_load_spans(struct store *s, struct op *op, instant now, int days)
{
	op_instant(op, 0, now);
	op_num(op, 1, days);
	db_submit(s->db, op, &spans_stmt);
}

void
store_load_zones(struct store *s, struct op *op, instant now, int days)
{
	op_instant(op, 0, now);
	op_num(op, 1, days);
	db_submit(s->db, op, &zones_stmt);
}

void
store_cursors(struct store *s, struct op *op, instant now, const char *const *rooms, const char *const *cursors)
{
	holder(s, op);
	op_instant(op, 2, now);
	op_texts(op, 3, rooms);
	op_texts(op, 4, cursors);
	db_submit(s->db, op, &cursors_stmt);
}

void
store_mode(struct store *s, struct op *op, int room, const char *mode)
{
	holder(s, op);
	op_num(op, 2, room);
	op_text(op, 3, mode);
	db_submit(s->db, op, &mode_stmt);
}

void
store_load_preferences(struct store *s, struct op *op)
{
	db_submit(s->db, op, &preferences_stmt);
}

void
store_preference(struct store *s, struct op *op, instant now, const unsigned char digest[32], bool quiet,
    const char *lang, int declined, instant asked)
{
	op_instant(op, 0, now);
	op_bytes(op, 1, digest, 32);
	op_bool(op, 2, quiet);
	op_text(op, 3, lang);
	op_num(op, 4, declined);
	op_instant(op, 5, asked);
	db_submit(s->db, op, &preference_stmt);
}

void
store_preference_salt(struct store *s, struct op *op, const unsigned char fresh[16])
{
	op_bytes(op, 0, fresh, 16);
	db_submit(s->db, op, &salt_stmt);
}

void
store_erase(struct store *s, struct op *op, instant now)
{
	holder(s, op);
	op_instant(op, 2, now);
	db_submit(s->db, op, &erase_stmt);
}
