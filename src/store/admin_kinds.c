/* The kinds of request: their files go into the database whole, some columns beside them for SQL. */
#include "store/admin_internal.h"

static const struct step {
	const char	*name;
	const char	*sql;
	enum { P_NONE, P_KINDS, P_NOW } param;
	bool		 whole;		/* only where the list is the whole list */
} steps[] = {
	{ "change", "CREATE TEMP TABLE change (seq int, what text, code text, how text, columns text[]) ON COMMIT DROP" },
	{ "kinds", "CREATE TEMP TABLE file_kind (code text PRIMARY KEY, work text, private boolean, urgent boolean, duty_hours boolean, "
	    "first_answer interval, finish interval, keep_days int, source text) ON COMMIT DROP" },
	{ "kinds: read", "INSERT INTO file_kind SELECT * FROM jsonb_to_recordset($1) AS f(code text, work text, private boolean, "
	    "urgent boolean, duty_hours boolean, first_answer interval, finish interval, keep_days int, source text)", P_KINDS },
	{ "kinds: difference", "INSERT INTO change SELECT 1, 'kind', f.code, CASE WHEN k.code IS NULL THEN 'new' "
	    "WHEN k.ended IS NOT NULL THEN 'revived' ELSE 'changed' END, '{}' FROM file_kind f LEFT JOIN kind k ON k.code = f.code "
	    "WHERE k.code IS NULL OR k.ended IS NOT NULL OR (f.*) IS DISTINCT FROM "
	    "(k.code, k.work, k.private, k.urgent, k.duty_hours, k.first_answer, k.finish, k.keep_days, k.source)" },
	{ "kinds: gone", "INSERT INTO change SELECT 1, 'kind', code, 'ended', '{}' FROM kind "
	    "WHERE ended IS NULL AND code NOT IN (SELECT code FROM file_kind)", P_NONE, true },
	{ "kinds: write", "INSERT INTO kind SELECT f.* FROM file_kind f JOIN change c ON c.code = f.code "
	    "ON CONFLICT (code) DO UPDATE SET work = excluded.work, private = excluded.private, urgent = excluded.urgent, "
	    "duty_hours = excluded.duty_hours, first_answer = excluded.first_answer, finish = excluded.finish, "
	    "keep_days = excluded.keep_days, source = excluded.source, ended = NULL" },
	{ "kinds: end", "UPDATE kind k SET ended = $1 FROM change c WHERE c.how = 'ended' AND c.code = k.code", P_NOW },
};

enum fault
admin_kinds_load(struct admin *a, const char *kinds, bool whole, instant now, struct arena *arena,
    struct admin_changes *changes_r, struct err *err)
{
	char when[INSTANT_TEXT];
	const char *params[] = { NULL, kinds, instant_text(now, when) };
	size_t i;

	if (admin_begin(a, err) != FAULT_NONE)
		return err->fault;
	for (i = 0; i < sizeof steps / sizeof steps[0] && err->fault == FAULT_NONE; i++)
		if (whole || !steps[i].whole)
			admin_do(a, steps[i].name, steps[i].sql, steps[i].param != P_NONE, &params[steps[i].param], err);
	if (err->fault != FAULT_NONE || admin_changes_end(a, false, arena, changes_r, err) != FAULT_NONE)
		admin_rollback(a);
	return err->fault;
}
