#ifndef MOOTHALL_STORE_CONNECT_H
#define MOOTHALL_STORE_CONNECT_H
/* How both connections of the hall begin. Private to store/. */
#include <libpq-fe.h>

/*
 * PQconnectStart() with what the hall needs: UTF-8, a name in pg_stat_activity, a statement_timeout
 * (unless `conninfo` has options of its own), and the server's notices in our log.
 * NULL when out of memory.
 */
PGconn	*connect_begin(const char *conninfo);

#endif
