/* What must hold after every scenario, and what ROW compares. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "stage.h"

/* Columns of ROW that are more than a column of request. $ stands for the number. */
static const struct {
	const char	*name, *sql;
} columns[] = {
	{ "room", "(SELECT code FROM room WHERE id = q.room_id)" },
	{ "asker", "(SELECT address FROM person WHERE id = q.asker)" },
	{ "answered_by", "(SELECT address FROM staff WHERE id = q.answered_by)" },
	{ "taken_by", "(SELECT address FROM staff WHERE id = q.taken_by)" },
	{ "sent", "to_char(q.sent, 'HH24:MI:SS')" },
	{ "first_answer", "extract(epoch FROM q.first_answer - q.sent)::int" },
	{ "taken_at", "extract(epoch FROM q.taken_at - q.sent)::int" },
	{ "done_at", "extract(epoch FROM q.done_at - q.sent)::int" },
	{ "closed_at", "extract(epoch FROM q.closed_at - q.sent)::int" },
	{ "events", "(SELECT string_agg(what, ' ' ORDER BY seq) FROM request_event WHERE request = q.number)" },
	{ "strengths", "(SELECT string_agg(strength, ' ' ORDER BY seq) FROM request_event WHERE request = q.number)" },
	{ "released_by", "(SELECT s.address FROM request_event e JOIN staff s ON s.id = e.released_by WHERE e.request = q.number LIMIT 1)" },
	{ "writer", "(SELECT s.address FROM request_event e JOIN staff s ON s.id = e.staff WHERE e.request = q.number ORDER BY seq DESC LIMIT 1)" },
	{ "due", "(SELECT string_agg(what, ' ' ORDER BY what) FROM due WHERE request = q.number)" },
};
static const char *const roles[] = { "asked", "corrected", "added", "answer", "question", "note", "file" };

static const char *
column_sql(struct arena *a, const char *name)
{
	size_t i;

	for (i = 0; i < sizeof columns / sizeof columns[0]; i++)
		if (str_eq(columns[i].name, name))
			return columns[i].sql;
	for (i = 0; i < sizeof roles / sizeof roles[0]; i++)
		if (str_eq(roles[i], name))
			return arena_printf(a, "(SELECT string_agg(text, ' | ' ORDER BY id) FROM request_text "
			    "WHERE request = q.number AND role = '%s')", name);
	return arena_printf(a, "q.%s", name);
}

/* ROW request N column=value ...; people by their handles, times in seconds after the asking line, "-" is NULL */
bool
check_row(struct stage *s, const struct step *st)
{
	const char *eq, *name, *got;
	int i;

	for (i = 3; i < st->n; i++) {
		if ((eq = strchr(st->w[i], '=')) == NULL)
			return fail(s, "\"%s\" is no column=value", st->w[i]);
		name = arena_strndup(s->arena, st->w[i], (size_t)(eq - st->w[i]));
		got = stage_sql(s, arena_printf(s->arena, "SELECT %s FROM request q WHERE q.number = %d", column_sql(s->arena, name),
		    atoi(st->w[2])));
		if (*got == '\0')
			return fail(s, "there is no request %s", st->w[2]);
		if (!str_eq(got, eq + 1) && !str_eq(stage_handle(s, got), eq + 1))
			return fail(s, "request %s: %s is \"%s\"", st->w[2], name, got);
	}
	return true;
}

static bool
log_is_clean(struct stage *s)
{
	char *line = NULL;
	size_t size = 0;
	bool good = true;

	fflush(stderr);
	rewind(s->log);
	while (good && getline(&line, &size, s->log) != -1) {
		line[strcspn(line, "\n")] = '\0';
		if (strstr(line, "moothalld: error:") != NULL)
			good = fail(s, "in the log: %s", line);
	}
	free(line);
	return good;
}

bool
check_after(struct stage *s)
{
	const char *got;

	got = stage_sql(s, "SELECT r.code, c.* FROM room r, ledger_check(r.id) c");
	if (*got != '\0')
		return fail(s, "the ledger is broken: %s", got);
	got = stage_sql(s, "SELECT id, way, body FROM outbox WHERE state IN ('pending', 'sent') OR (state = 'failed' AND NOT unasked AND tries = 0)");
	if (s->keeper != NULL && s->xmpp && s->db && s->acks && !s->joining && *got != '\0')
		return fail(s, "written and never delivered: %s", got);
	got = stage_sql(s, "SELECT request, what, at FROM due d JOIN room r ON r.id = d.room_id WHERE d.claimed = r.epoch");
	if (s->keeper != NULL && s->db && *got != '\0')
		return fail(s, "claimed and never carried out: %s", got);
	got = stage_sql(s, "SELECT q.number FROM request q WHERE q.state IN ('closed', 'cancelled', 'dropped') "
	    "AND EXISTS (SELECT FROM due WHERE request = q.number)");
	if (*got != '\0')
		return fail(s, "ended, and still something is due: %s", got);
	return s->troubled || log_is_clean(s);
}
