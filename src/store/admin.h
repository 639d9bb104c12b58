#ifndef MOOTHALL_STORE_ADMIN_H
#define MOOTHALL_STORE_ADMIN_H
/*
 * The administrator's connection: synchronous libpq, for moothallctl alone (the
 * daemon's engine is store/db.h). Every write is one transaction and ends with
 * generation_raise() if it changed anything, so that running halls load anew.
 *
 * Errors say what is wrong and what to do; err.fault is FAULT_BUSY if the server
 * could not be reached, FAULT_USAGE if the configuration or the file is wrong,
 * FAULT_CLASH if the database is not in the state that the request needs.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"

/* The schema that these programs know. */
enum { SCHEMA_VERSION = 1 };

struct admin;

/* Connects. NULL and err on failure. */
struct admin	*admin_open(const char *conninfo, struct err *);
void		 admin_close(struct admin **);

/* --- the schema (admin_schema.c) --- */

/* -1: there is no schema of ours in this database. */
enum fault	 admin_schema_version(struct admin *, int *version_r, struct err *);
/* FAULT_CLASH unless the version is SCHEMA_VERSION; says which way to go. */
enum fault	 admin_schema_need(struct admin *, struct err *);
/* Creates everything in an empty database; `sql` is schema.sql, `name` its file name for messages. */
enum fault	 admin_schema_init(struct admin *, const char *name, const char *sql, instant now, struct err *);
/* One step: runs `sql` and sets the version, in one transaction. Refused while a hall is running. */
enum fault	 admin_schema_upgrade(struct admin *, const char *name, const char *sql, int from, int to, instant now,
		    struct err *);

/* --- what an import did --- */

struct admin_change {
	const char	*what;		/* unit, room, staff, kind */
	const char	*code;		/* its code or address */
	const char	*how;		/* new, changed, revived, ended */
	const char	*columns;	/* changed ones, spaced; "" */
};

struct admin_changes {
	size_t				 n;
	const struct admin_change	*change;	/* in the arena that was passed */
	const char			*json;		/* the same as a JSON array */
	long long			 generation;	/* after the write */
};

/*
 * Makes the database's roster equal to these rows: JSON arrays of objects whose keys are
 * the columns of roster.csv; references are by code and already checked, addresses normalised.
 * `weeks` holds {unit, dow, opens, closes}. With `dry`, everything is rolled back.
 */
struct admin_roster {
	const char	*units, *rooms, *staff, *weeks;
};
enum fault	 admin_roster_import(struct admin *, const struct admin_roster *, bool dry, instant now, struct arena *,
		    struct admin_changes *changes_r, struct err *);
/* Those of the NULL-terminated names that are no time zone of the server's; NULL-terminated, in `arena`. */
enum fault	 admin_bad_zones(struct admin *, const char *const *zones, struct arena *, const char ***bad_r, struct err *);

/* `kinds` is a JSON array of the columns of table kind; with `whole`, kinds that are not in it are ended. */
enum fault	 admin_kinds_load(struct admin *, const char *kinds, bool whole, instant now, struct arena *,
		    struct admin_changes *changes_r, struct err *);

/* What was learnt as lesson `id` (digits) counts no more. FAULT_ABSENT. */
enum fault	 admin_lesson_undo(struct admin *, const char *id, instant now, struct err *);

/* --- looking (admin_view.c) --- */

enum admin_view {
	VIEW_UNITS, VIEW_ROOMS, VIEW_STAFF, VIEW_KINDS, VIEW_LESSONS,
	VIEW_REQUESTS, VIEW_REQUESTS_ALL,
	VIEW_REQUEST, VIEW_EVENTS, VIEW_WORDS,		/* of the matter whose number is the argument */
	VIEW_COUNTS,		/* one row: units, rooms, staff, kinds that are not ended */
	VIEW_HALL,		/* the newest process row of the component that is the argument */
	VIEWS
};

struct admin_table {
	int			 nrows, ncols;
	const char		*const *name;	/* of the columns */
	const char		***cell;	/* [row][column]; NULL is SQL NULL */
};

/* `arg` is the view's argument or NULL. Times come out in the connection's time zone. */
enum fault	 admin_look(struct admin *, enum admin_view, const char *arg, instant now, struct arena *,
		    struct admin_table *table_r, struct err *);
/* The same rows as a JSON array of objects, made by PostgreSQL. */
enum fault	 admin_look_json(struct admin *, enum admin_view, const char *arg, instant now, struct arena *,
		    const char **json_r, struct err *);

/*
 * Tries to take the component's advisory lock, under which alone a handshake is allowed;
 * held until admin_unlock() or admin_close(). False in *held_r: a hall has it.
 */
enum fault	 admin_lock(struct admin *, const char *component, bool *held_r, struct err *);
enum fault	 admin_unlock(struct admin *, const char *component, struct err *);

#endif
