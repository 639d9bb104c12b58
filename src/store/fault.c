#include "store/fault.h"

#include <string.h>

static const struct {
	const char	*prefix;	/* of the five-letter code; PostgreSQL manual, appendix A */
	enum fault	 fault;
} table[] = {
	{ "40001", FAULT_BUSY },	/* serialization_failure */
	{ "26000", FAULT_BUSY },	/* invalid_sql_statement_name: to be prepared again */
	{ "40003", FAULT_UNSURE },	/* statement_completion_unknown */
	{ "40P01", FAULT_BUSY },	/* deadlock_detected */
	{ "42P05", FAULT_BUSY },	/* duplicate_prepared_statement: it is there now */
	{ "53", FAULT_BUSY },		/* insufficient resources */
	{ "55P03", FAULT_BUSY },	/* lock_not_available */
	{ "57014", FAULT_BUSY },	/* query_canceled: statement_timeout */
	{ "57P", FAULT_UNSURE },	/* the server goes away */
	{ "08", FAULT_UNSURE },		/* connection exceptions */
	{ "23505", FAULT_CLASH },	/* unique_violation */
	{ "42501", FAULT_BUG },		/* insufficient_privilege */
	{ "42P01", FAULT_BUG },		/* undefined_table */
};

enum fault
fault_of_sqlstate(const char *sqlstate)
{
	size_t i;

	if (sqlstate == NULL)
		return FAULT_UNSURE;
	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		if (strncmp(sqlstate, table[i].prefix, strlen(table[i].prefix)) == 0)
			return table[i].fault;
	return FAULT_BUG;
}

void
fault_from_result(struct err *err, const PGresult *res, const char *statement)
{
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);

	/* The primary message holds no parameter values, so no one's words reach the log. */
	err_set(err, fault_of_sqlstate(state), "statement %s: %s (SQLSTATE %s)", statement,
	    text ? text : "no message", state ? state : "none");
}
