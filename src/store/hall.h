#ifndef MOOTHALL_STORE_HALL_H
#define MOOTHALL_STORE_HALL_H
/*
 * What a hall loads when it starts or when an administrator has written something,
 * and the process row by which it says that it is alive.
 */
#include "store/matter.h"

/* cells: has this database a schema of ours at all? Then store_schema_version(): one row, the version. */
void	store_schema_there(struct db *, struct op *);
void	store_schema_version(struct db *, struct op *);

/* cells: process, epoch. Call it only under the component's lock. */
void	store_start(struct store *, struct op *, const char *component, const char *version, instant now);

struct process_row {
	const char	*stream;	/* "down", "connecting", "up" */
	const char	*note;		/* why it is down; "" */
	size_t		 rooms, live;
	long long	 generation;
	bool		 ended;
};
/* cells: the database's generation */
void	store_renew(struct store *, struct op *, instant now, const struct process_row *);

/* Rows of the roster, each statement by itself. */
struct room_row {
	int		 id, unit, officer;
	const char	*code, *title, *lang, *mode, *cursor, *zone, *emergency, *unit_name;
	instant		 cursor_at;
	bool		 ended;
	const char	*unasked;	/* spaced instants of the last 24 hours' unasked lines in the room */
};
/* Takes hold of rooms that an import has added since the start. */
void	store_adopt_rooms(struct store *, struct op *);
void	store_load_rooms(struct store *, struct op *, instant now);
void	store_room_row(const struct op *, int row, struct room_row *row_r);

struct staff_row {
	int		 id, unit;
	const char	*address, *role, *name, *nick;
	const char	*rooms;		/* spaced ids of the rooms that this person is responsible for */
};
/* Those in office at `now`. */
void	store_load_staff(struct store *, struct op *, instant now);
void	store_staff_row(const struct op *, int row, struct staff_row *row_r);

/* cells: code, source */
void	store_load_kinds(struct store *, struct op *);
/* cells: unit, opens, closes (instants), for `days` from a day before now; no rows: always on duty */
void	store_load_spans(struct store *, struct op *, instant now, int days);
/* cells: zone, since (instant), seconds east of UTC */
void	store_load_zones(struct store *, struct op *, instant now, int days);

/* Saves the archive cursors of many rooms at once; "": nothing was said yet, begin at this instant. */
void	store_cursors(struct store *, struct op *, instant now, const char *const *rooms, const char *const *cursors);
void	store_mode(struct store *, struct op *, int room, const char *mode);

/* cells: digest (hex), quiet, lang, declined, asked */
void	store_load_preferences(struct store *, struct op *);
/* Enlarges or replaces; asked 0 leaves it. */
void	store_preference(struct store *, struct op *, instant now, const unsigned char digest[32], bool quiet,
	    const char *lang, int declined, instant asked);
/* The salt of the digests; made at first use. cells: hex */
void	store_preference_salt(struct store *, struct op *, const unsigned char fresh[16]);

/* cells: number of matters erased */
void	store_erase(struct store *, struct op *, instant now);

#endif
