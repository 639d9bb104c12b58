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
	/* Less than the time after which the hall gives an unanswered connection up. */
	const char *const values[] = { "moothalld", "-c statement_timeout=10s", conninfo, "UTF8", NULL };
	PGconn *conn = PQconnectStartParams(keys, values, 1);

	if (conn != NULL)
		PQsetNoticeReceiver(conn, on_notice, NULL);
	return conn;
}
