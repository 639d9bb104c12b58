#include "store/connect.h"

#include "base/log.h"

static void
on_notice(void *arg, const PGresult *res)
{
	const char *text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);

	(void)arg;
	if (text != NULL)
		log_info("database", "%s", text);
}

PGconn *
connect_begin(const char *conninfo)
{
	/* What stands later overrides: the administrator's string all but the encoding. */
	static const char *const keys[] = { "fallback_application_name", "options", "dbname", "client_encoding", NULL };
	/*
	 * A statement ends before the hall gives an unanswered connection up. Where the network between
	 * broke, the server notices within a minute and frees the lock, instead of after two hours.
	 */
	static const char options[] = "-c statement_timeout=10s "
	    "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3";
	const char *const values[] = { "moothalld", options, conninfo, "UTF8", NULL };
	PGconn *conn = PQconnectStartParams(keys, values, 1);

	if (conn != NULL)
		PQsetNoticeReceiver(conn, on_notice, NULL);
	return conn;
}
