#include "store/outbox.h"

static const struct statement load_stmt = { "load_outbox",
	"SELECT o.id, o.room_id, o.request, o.way, o.recipient, o.body, o.lang, o.reply_to, o.purpose, o.unasked, o.state = 'sent', "
	"(extract(epoch FROM o.created) * 1000000)::bigint FROM outbox o JOIN room r ON r.id = o.room_id "
	"WHERE r.holder = $1 AND r.epoch = $2 AND o.state IN ('pending', 'sent') ORDER BY o.created, o.id", 2 };
static const struct statement delivered_stmt = { "delivered",
	"UPDATE outbox o SET state = 'delivered', delivered = $1, stanza_id = nullif(d.stanza, '') "
	"FROM unnest($2::text[], $3::text[]) AS d(id, stanza) WHERE o.id = d.id AND o.state <> 'delivered'", 3 };
static const struct statement sent_stmt = { "sent",
	"UPDATE outbox SET state = 'sent', sent = $1, tries = tries + 1 WHERE id = ANY ($2::text[]) AND state IN ('pending', 'sent') "
	"AND sent IS DISTINCT FROM $1", 2 };
static const struct statement failed_stmt = { "failed",
	"UPDATE outbox SET state = 'failed', delivered = $1 WHERE id = $2 AND state IN ('pending', 'sent')", 2 };
static const struct statement claim_stmt = { "claim_due",
	"WITH mine AS (SELECT d.id FROM due d JOIN room r ON r.id = d.room_id WHERE r.holder = $1 AND r.epoch = $2 "
	"AND d.at <= $3 AND d.claimed IS DISTINCT FROM $2::bigint ORDER BY d.at, d.id LIMIT $4) "
	"UPDATE due d SET claimed = $2 FROM mine WHERE d.id = mine.id "
	"RETURNING d.id, d.request, d.room_id, d.what, (extract(epoch FROM d.at) * 1000000)::bigint", 4 };
static const struct statement unclaim_stmt = { "unclaim_due",
	"UPDATE due d SET claimed = NULL FROM room r WHERE r.id = d.room_id AND r.holder = $1 AND r.epoch = $2 AND d.claimed = $2", 2 };
static const struct statement next_stmt = { "next_due",
	"SELECT (extract(epoch FROM min(d.at)) * 1000000)::bigint FROM due d JOIN room r ON r.id = d.room_id "
	"WHERE r.holder = $1 AND r.epoch = $2 AND d.claimed IS DISTINCT FROM $2::bigint", 2 };
static const struct statement drop_stmt = { "drop_due", "DELETE FROM due WHERE request = $1 AND what = $2", 2 };

static void
holder(struct store *s, struct op *op)
{
	op_num(op, 0, s->process);
	op_num(op, 1, s->epoch);
}

void
store_load_outbox(struct store *s, struct op *op)
{
	holder(s, op);
	db_submit(s->db, op, &load_stmt);
}

void
store_outbox_row(const struct op *op, int row, struct outbox_row *r)
{
	const char **c = op->cell[row];

	*r = (struct outbox_row){
		.id = c[0], .room = (int)cell_num(c[1]), .request = cell_num(c[2]), .way = c[3], .to = c[4], .body = c[5],
		.lang = c[6], .reply_to = c[7], .purpose = c[8], .unasked = cell_bool(c[9]), .sent = cell_bool(c[10]),
		.created = cell_instant(c[11]),
	};
}

void
store_delivered(struct store *s, struct op *op, instant now, const char *const *ids, const char *const *stanza_ids)
{
	op_instant(op, 0, now);
	op_texts(op, 1, ids);
	op_texts(op, 2, stanza_ids);
	db_submit(s->db, op, &delivered_stmt);
}

void
store_sent(struct store *s, struct op *op, instant now, const char *const *ids)
{
	op_instant(op, 0, now);
	op_texts(op, 1, ids);
	db_submit(s->db, op, &sent_stmt);
}

void
store_failed(struct store *s, struct op *op, instant now, const char *id)
{
	op_instant(op, 0, now);
	op_text(op, 1, id);
	db_submit(s->db, op, &failed_stmt);
}

void
store_claim_due(struct store *s, struct op *op, instant now, int limit)
{
	holder(s, op);
	op_instant(op, 2, now);
	op_num(op, 3, limit);
	db_submit(s->db, op, &claim_stmt);
}

void
store_due_row(const struct op *op, int row, struct due_row *r)
{
	const char **c = op->cell[row];

	*r = (struct due_row){
		.id = cell_num(c[0]), .request = cell_num(c[1]), .room = (int)cell_num(c[2]), .what = c[3], .at = cell_instant(c[4]),
	};
}

void
store_unclaim_due(struct store *s, struct op *op)
{
	holder(s, op);
	db_submit(s->db, op, &unclaim_stmt);
}

void
store_next_due(struct store *s, struct op *op)
{
	holder(s, op);
	db_submit(s->db, op, &next_stmt);
}

void
store_drop_due(struct store *s, struct op *op, long long request, const char *what)
{
	op_num(op, 0, request);
	op_text(op, 1, what);
	db_submit(s->db, op, &drop_stmt);
}
