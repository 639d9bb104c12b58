#include "store/lesson.h"

static const struct statement lesson_stmt = { "lesson",
	"INSERT INTO lesson (room_id, key, at, request, role, staff, what, from_kind, to_kind, features) "
	"SELECT $1::int, inbox_key($2), $3::timestamptz, $4::bigint, $5, $6::int, $7, $8, $9, $10::text[] ON CONFLICT (room_id, key) DO NOTHING", 10 };
static const struct statement load_stmt = { "load_lessons",
	"SELECT l.id, l.what, l.from_kind, l.to_kind, f.feature FROM lesson l, unnest(l.features) AS f(feature) "
	"WHERE l.undone IS NULL ORDER BY l.id", 0 };

void
store_lesson(struct store *s, struct op *op, instant now, const struct lesson_row *l)
{
	op_num(op, 0, l->room);
	op_text(op, 1, l->key);
	op_instant(op, 2, now);
	op_num(op, 3, l->request);
	op_text(op, 4, l->by_staff ? "staff" : "resident");
	op_num_or_null(op, 5, l->staff);
	op_text(op, 6, l->what);
	op_text(op, 7, l->from);
	op_text(op, 8, l->to);
	op_texts(op, 9, l->features);
	db_submit(s->db, op, &lesson_stmt);
}

void
store_load_lessons(struct store *s, struct op *op)
{
	db_submit(s->db, op, &load_stmt);
}
