/* help: the commands that this speaker may use, or what one of them does. */
#include <string.h>

#include "base/str.h"
#include "flow/internal.h"

static step_fn help_tell;

const struct cmd cmd_help = {
	.name = { "help", "帮助", "幫助" },
	.who = WHO_ANYBODY,
	.arg = { ARG_TEXT_MAYBE },
	.start = help_tell,
};

static bool
for_staff(const struct cmd *c)
{
	return c->who == WHO_STAFF || c->who == WHO_LEADS;
}

static bool
may(const struct cmd *c, const struct staff *s)
{
	return !for_staff(c) || (s != NULL && (c->who == WHO_STAFF || staff_leads(s)));
}

static const char *
help_line(struct job *j, const struct cmd *c)
{
	const char *key = arena_printf(j->arena, "help_%s", c->name[0]);

	return words_by(j, key);
}

/* "#status" and "status" alike. */
static const char *
bare(const char *word)
{
	static const char *const marks[] = { "#", "＃", "/", "!" };
	size_t i;

	for (i = 0; i < sizeof marks / sizeof *marks; i++)
		if (str_prefix(word, marks[i]))
			return word + strlen(marks[i]);
	return word;
}

static const char *
whole_list(struct job *j)
{
	const struct cmd *const *c;
	struct buf b = { 0 };
	const char *text;
	int staffs;

	buf_add(&b, j->by.staff != NULL ? words_by(j, "help_head_staff") : words_by(j, "help_head"));
	for (staffs = 1; staffs >= 0; staffs--)
		for (c = j->hall->commands; *c != NULL; c++)
			if (for_staff(*c) == (staffs == 1) && may(*c, j->by.staff))
				buf_addf(&b, "\n%s", help_line(j, *c));
	text = arena_strdup(j->arena, b.s);
	buf_free(&b);
	return text;
}

static enum step
help_tell(struct job *j)
{
	const char *word = bare(j->given.text);
	const struct cmd *c;

	if (*word == '\0')
		return answer_back(j, whole_list(j));
	c = cmd_find(j->hall->commands, word);
	if (c == NULL || !may(c, j->by.staff))
		return refuse(j, words_by(j, "cmd_unknown", LS(word)));
	return answer_back(j, help_line(j, c));
}
