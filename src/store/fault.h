#ifndef MOOTHALL_STORE_FAULT_H
#define MOOTHALL_STORE_FAULT_H
/* The one table from SQLSTATE to fault. Private to store/. */
#include <libpq-fe.h>

#include "base/fault.h"

enum fault	fault_of_sqlstate(const char *sqlstate);	/* NULL: FAULT_UNSURE */
void		fault_from_result(struct err *, const PGresult *, const char *statement);

#endif
