/* Taking back what the reader has learnt. */
#include "store/admin_internal.h"

enum fault
admin_lesson_undo(struct admin *a, const char *id, instant now, struct err *err)
{
	char when[INSTANT_TEXT];
	const char *param[] = { id, instant_text(now, when) };
	PGresult *res;
	int n;

	if (admin_begin(a, err) != FAULT_NONE)
		return err->fault;
	res = admin_exec(a, "learn undo", "UPDATE lesson SET undone = $2 WHERE id = $1::bigint AND undone IS NULL RETURNING id", 2, param, err);
	n = res != NULL ? PQntuples(res) : 0;
	PQclear(res);
	if (res != NULL && n == 0)
		err_set(err, FAULT_ABSENT, "there is no lesson %s that counts; moothallctl learn show lists them", id);
	if (err->fault != FAULT_NONE || admin_do(a, "generation", "SELECT generation_raise()", 0, NULL, err) != FAULT_NONE || admin_commit(a, err) != FAULT_NONE)
		admin_rollback(a);
	return err->fault;
}
