#ifndef MOOTHALL_STORE_OUTBOX_H
#define MOOTHALL_STORE_OUTBOX_H
/* The outbox after the fact (lines are written with the change that causes them), and what is due. */
#include "store/matter.h"

struct outbox_row {
	const char	*id;
	int		 room;
	long long	 request;
	const char	*way, *to, *body, *lang, *reply_to, *purpose;
	bool		 unasked, sent;
	instant		 created;
};
/* What is not yet delivered, of all rooms held, oldest first. */
void	store_load_outbox(struct store *, struct op *);
void	store_outbox_row(const struct op *, int row, struct outbox_row *row_r);

/* Marks many at once; stanza ids in the same order, "" for none. */
void	store_delivered(struct store *, struct op *, instant now, const char *const *ids, const char *const *stanza_ids);
void	store_sent(struct store *, struct op *, instant now, const char *const *ids);
void	store_failed(struct store *, struct op *, instant now, const char *id);

struct due_row {
	long long	 id, request;
	int		 room;
	const char	*what;
	instant		 at;
};
/*
 * Claims up to `limit` items that are due in the rooms held. They stay claimed by this
 * epoch until the change that they cause removes them.
 */
void	store_claim_due(struct store *, struct op *, instant now, int limit);
void	store_due_row(const struct op *, int row, struct due_row *row_r);
/*
 * After a claim whose answer was lost: what this epoch has claimed may be claimed again.
 * An item that the hall has in hand is then given to it twice, and its key takes it once.
 */
void	store_unclaim_due(struct store *, struct op *);
/* cells: the next unclaimed instant; SQL NULL: nothing */
void	store_next_due(struct store *, struct op *);
/* The item lapsed: its matter no longer wants it. */
void	store_drop_due(struct store *, struct op *, long long request, const char *what);

#endif
