#ifndef MOOTHALL_STORE_ADMIN_INTERNAL_H
#define MOOTHALL_STORE_ADMIN_INTERNAL_H
/* What the files admin_*.c share. Private to store/. */
#include <libpq-fe.h>

#include "store/admin.h"

struct admin {
	PGconn	*conn;
};

/* Runs one statement with text parameters; the caller clears the result. NULL and err on failure. */
PGresult	*admin_exec(struct admin *, const char *what, const char *sql, int n, const char *const *param, struct err *);
/* The same when nobody wants the rows. */
enum fault	 admin_do(struct admin *, const char *what, const char *sql, int n, const char *const *param, struct err *);
/* Many statements without parameters, as psql would run the file `name`. */
enum fault	 admin_script(struct admin *, const char *name, const char *sql, struct err *);

enum fault	 admin_begin(struct admin *, struct err *);
enum fault	 admin_commit(struct admin *, struct err *);
/* Also right after a failure, when nothing else is accepted. */
void		 admin_rollback(struct admin *);

/*
 * Reads the temporary table `change` that an import has filled, raises the generation if
 * it has rows, and ends the transaction: commits, or rolls back with `dry`.
 */
enum fault	 admin_changes_end(struct admin *, bool dry, struct arena *, struct admin_changes *, struct err *);

#endif
