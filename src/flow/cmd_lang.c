/* lang: the language and script in which the desk writes to this person in private. */
#include <stdlib.h>

#include "flow/internal.h"

static step_fn lang_set;

const struct cmd cmd_lang = {
	.name = { "lang", "语言", "語言" },
	.who = WHO_ANYBODY,
	.arg = { ARG_LANG },
	.start = lang_set,
};

static enum step
lang_set(struct job *j)
{
	struct person *p;
	enum step step;

	if (j->by.who == NULL)
		return refuse(j, words_by(j, "no_address"));
	p = people_get(j->hall->people, j->by.who);
	free(p->lang);
	p->lang = xstrdup(lang_tag(lang_of(j->given.text)));
	j->by.lang = arena_strdup(j->arena, p->lang);
	step = answer_back(j, words_by(j, "lang_done"));
	people_save(j->hall->people, &j->hall->store, p, clock_now());
	return step;
}
