#include "store/matter.h"

#include <string.h>

#include "base/random.h"
#include "base/str.h"

#define MATTER_COLUMNS \
	"q.number, q.room_id, q.kind, q.state, q.addressed, q.private, q.urgent, q.late, q.way, p.address, q.nick, q.source, " \
	"(extract(epoch FROM q.sent) * 1000000)::bigint, (extract(epoch FROM q.recorded) * 1000000)::bigint, q.taken_by, q.answered, " \
	"(extract(epoch FROM q.first_answer) * 1000000)::bigint, (extract(epoch FROM q.asked_at) * 1000000)::bigint, " \
	"q.answer_source, q.answered_by, q.rating, " \
	"(SELECT t.text FROM request_text t WHERE t.request = q.number AND t.role IN ('asked', 'corrected') ORDER BY t.id DESC LIMIT 1), " \
	"(SELECT string_agg(o.id || coalesce(' ' || o.stanza_id, ''), ' ') FROM outbox o WHERE o.request = q.number), " \
	"EXISTS (SELECT FROM outbox o WHERE o.request = q.number AND o.way = 'room' AND o.unasked), " \
	"(extract(epoch FROM q.closed_at) * 1000000)::bigint "
#define MATTER_FROM " FROM request q LEFT JOIN person p ON p.id = q.asker "

static const struct statement open_stmt = { "request_open",
	"SELECT outcome, number FROM request_open($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, "
	"$19, $20, $21, $22::jsonb, $23::jsonb)", 23 };
static const struct statement change_stmt = { "request_change",
	"SELECT c.outcome, c.restrained FROM request_change($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
	"$18, $19, $20, $21, $22, $23, $24::jsonb, $25::jsonb, $26) c", 26 };
static const struct statement say_stmt = { "say",
	"SELECT outcome FROM say($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb, $9)", 9 };
static const struct statement load_open_stmt = { "load_open",
	"SELECT " MATTER_COLUMNS MATTER_FROM "JOIN room r ON r.id = q.room_id WHERE r.holder = $1 AND r.epoch = $2 "
	"AND q.state NOT IN ('closed', 'cancelled', 'dropped') ORDER BY q.number", 2 };
static const struct statement load_ended_stmt = { "load_ended",
	"SELECT " MATTER_COLUMNS MATTER_FROM "JOIN room r ON r.id = q.room_id WHERE r.holder = $1 AND r.epoch = $2 "
	"AND q.state IN ('closed', 'cancelled', 'dropped') AND q.closed_at > $3 ORDER BY q.number", 3 };
static const struct statement load_one_stmt = { "load_one",
	"SELECT " MATTER_COLUMNS MATTER_FROM "WHERE q.number = $1", 1 };
static const struct statement load_of_person_stmt = { "load_of_person",
	"SELECT " MATTER_COLUMNS MATTER_FROM "WHERE p.address = $1 AND q.state <> 'dropped' AND (q.closed_at IS NULL OR q.closed_at > $2) "
	"ORDER BY q.number DESC LIMIT 20", 2 };

static void
lines_json(struct op *op, int i, const struct effects *e)
{
	struct buf b = { 0 };
	size_t n;

	buf_add(&b, "[");
	for (n = 0; n < e->nlines; n++) {
		const struct line *l = &e->line[n];
		const struct { const char *name, *value; } member[] = {
			{ "id", l->id }, { "way", l->way }, { "to", l->to }, { "body", l->body },
			{ "lang", l->lang }, { "reply", l->reply_to }, { "purpose", l->purpose },
		};
		size_t m;

		buf_add(&b, n ? ",{" : "{");
		for (m = 0; m < sizeof member / sizeof member[0]; m++) {
			buf_json(&b, member[m].name);
			buf_add(&b, ":");
			buf_json(&b, member[m].value);
			buf_add(&b, ",");
		}
		buf_addf(&b, "\"unasked\":%s}", l->unasked ? "true" : "false");
	}
	buf_add(&b, "]");
	op_text(op, i, b.s);
	buf_free(&b);
}

static void
dues_json(struct op *op, int i, const struct effects *e)
{
	struct buf b = { 0 };
	char at[INSTANT_TEXT];
	size_t n;

	buf_add(&b, "[");
	for (n = 0; n < e->nlater; n++)
		buf_addf(&b, "%s{\"what\":\"%s\",\"at\":\"%s\"}", n ? "," : "", e->later[n].what,
		    instant_text(e->later[n].at, at));
	buf_add(&b, "]");
	op_text(op, i, b.s);
	buf_free(&b);
}

static void
salt(struct op *op, int i)
{
	unsigned char bytes[16];

	random_bytes(bytes, sizeof bytes);
	op_bytes(op, i, bytes, sizeof bytes);
}

static void
holder(struct store *s, struct op *op, instant now, int room, const char *key)
{
	op_num(op, 0, s->process);
	op_num(op, 1, s->epoch);
	op_instant(op, 2, now);
	op_num(op, 3, room);
	op_text(op, 4, key);
}

void
store_open(struct store *s, struct op *op, instant now, const struct opening *o, const struct effects *e)
{
	holder(s, op, now, o->room, o->key);
	op_text(op, 5, o->kind);
	op_text(op, 6, o->band);
	op_text(op, 7, o->way);
	op_bool(op, 8, o->addressed);
	op_bool(op, 9, o->is_private);
	op_bool(op, 10, o->urgent);
	op_bool(op, 11, o->late);
	op_text(op, 12, o->source);
	op_instant(op, 13, o->sent);
	op_text(op, 14, o->asker);
	op_text(op, 15, o->nick);
	op_text(op, 16, o->text);
	op_texts(op, 17, o->links);
	salt(op, 18);
	op_text(op, 19, o->role);
	op_num_or_null(op, 20, o->staff);
	lines_json(op, 21, e);
	dues_json(op, 22, e);
	db_submit(s->db, op, &open_stmt);
}

void
store_change(struct store *s, struct op *op, instant now, const struct change *c, const struct effects *e)
{
	holder(s, op, now, c->room, c->key);
	op_num(op, 5, c->number);
	op_texts(op, 6, c->from);
	op_text(op, 7, c->what);
	op_text(op, 8, c->detail);
	op_text(op, 9, c->to);
	op_text(op, 10, c->strength);
	op_instant(op, 11, c->at);
	op_text(op, 12, c->role);
	op_num_or_null(op, 13, c->staff);
	op_num_or_null(op, 14, c->released);
	op_text(op, 15, c->person);
	op_num_or_null(op, 16, c->target);
	op_num_or_null(op, 17, c->rating);
	op_text(op, 18, c->source);
	op_text(op, 19, c->text_role);
	op_text(op, 20, c->text_role ? c->text : NULL);
	op_texts(op, 21, c->links);
	salt(op, 22);
	lines_json(op, 23, e);
	dues_json(op, 24, e);
	op_texts(op, 25, e->undue);
	db_submit(s->db, op, &change_stmt);
}

void
store_say(struct store *s, struct op *op, instant now, int room, const char *key, long long number, const struct effects *e)
{
	holder(s, op, now, room, key);
	op_num_or_null(op, 5, number);
	lines_json(op, 6, e);
	dues_json(op, 7, e);
	op_texts(op, 8, e->undue);
	db_submit(s->db, op, &say_stmt);
}

void
store_load_open(struct store *s, struct op *op)
{
	op_num(op, 0, s->process);
	op_num(op, 1, s->epoch);
	db_submit(s->db, op, &load_open_stmt);
}

void
store_load_ended(struct store *s, struct op *op, instant since)
{
	op_num(op, 0, s->process);
	op_num(op, 1, s->epoch);
	op_instant(op, 2, since);
	db_submit(s->db, op, &load_ended_stmt);
}

void
store_load_one(struct store *s, struct op *op, long long number)
{
	op_num(op, 0, number);
	db_submit(s->db, op, &load_one_stmt);
}

void
store_load_of_person(struct store *s, struct op *op, const char *address, instant since)
{
	op_text(op, 0, address);
	op_instant(op, 1, since);
	db_submit(s->db, op, &load_of_person_stmt);
}

void
store_matter_row(const struct op *op, int row, struct matter_row *m)
{
	const char **c = op->cell[row];

	*m = (struct matter_row){
		.number = cell_num(c[0]), .room = (int)cell_num(c[1]), .kind = c[2], .state = c[3],
		.addressed = cell_bool(c[4]), .is_private = cell_bool(c[5]), .urgent = cell_bool(c[6]), .late = cell_bool(c[7]),
		.way = c[8], .asker = c[9], .nick = c[10], .source = c[11],
		.sent = cell_instant(c[12]), .recorded = cell_instant(c[13]), .taken_by = (int)cell_num(c[14]),
		.answered = c[15], .first_answer = cell_instant(c[16]), .asked_at = cell_instant(c[17]),
		.answer_source = c[18], .answered_by = (int)cell_num(c[19]), .rating = (int)cell_num(c[20]),
		.text = c[21], .said = c[22], .spoken = cell_bool(c[23]), .closed = cell_instant(c[24]),
	};
}
