/* status: how far one matter is. */
#include "base/str.h"
#include "flow/deliver.h"
#include "flow/internal.h"

enum { WORDS = 400 };	/* so much of what was asked is read back */

static step_fn status_tell;

const struct cmd cmd_status = {
	.name = { "status", "进度", "進度" },
	.who = WHO_OWNER,
	.arg = { ARG_REQUEST },
	.start = status_tell,
	.form = true,
	.from = from_any,
};

/* The owner, and staff who may read it; a colleague sees of a private matter that there is one. */
static bool
may_read(const struct job *j, const struct matter *m)
{
	return str_eq(j->by.who, m->row.asker) || (j->by.staff != NULL && deliver_may_read(j->desk, m, j->by.staff));
}

static enum step
status_tell(struct job *j)
{
	const struct matter_row *m = &j->given.matter->row;
	const struct staff *officer = roster_staff_id(j->roster, m->taken_by != 0 ? m->taken_by : m->answered_by);
	const char *key = arena_printf(j->arena, "state_%s", m->state), *state = words_by(j, key), *lang = j->by.lang, *text;
	struct buf b = { 0 };

	buf_add(&b, words_by(j, "status_line", LS(number_words(j, m->number)), LS(kind_words(j->hall, m->kind, lang)),
	    LS(state), LS(when_words(j, lang, m->sent))));
	if (officer != NULL)
		buf_addf(&b, " %s", words_by(j, "status_officer", LS(staff_title(officer))));
	if (m->first_answer != 0)
		buf_addf(&b, " %s", words_by(j, "status_answered", LS(when_words(j, lang, m->first_answer))));
	if (m->text != NULL && may_read(j, j->given.matter))
		buf_addf(&b, "\n%s", words_by(j, "status_words", LS(m->nick != NULL ? m->nick : "…"),
		    LS(snippet(j, m->text, WORDS))));
	text = arena_strdup(j->arena, b.s);
	buf_free(&b);
	return answer_back(j, text);
}
