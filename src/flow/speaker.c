/* Who speaks: decided once, from the real address that presence or the server gives, never from a nickname. */
#include "base/str.h"
#include "flow/internal.h"

const char *
lang_for(const struct desk *d, const struct person *p)
{
	if (p != NULL && p->lang != NULL)
		return p->lang;
	if (p != NULL && p->wrote != NULL)
		return p->wrote;
	return d->lang;
}

const char *
lang_of_address(const struct job *j, const char *who)
{
	if (str_eq(who, j->by.who) && j->by.lang != NULL)
		return j->by.lang;
	return lang_for(j->desk, people_find(j->hall->people, who));
}

void
speaker_find(struct job *j)
{
	struct speaker *by = &j->by;
	bool in_room = j->msg->way == WAY_ROOM || j->msg->way == WAY_DESK;

	by->who = j->msg->who;
	by->nick = j->msg->nick;
	by->staff = roster_staff(j->hall->roster, by->who);
	/* In a room that is not theirs a colleague is a neighbour. */
	if (by->staff != NULL && in_room && !staff_in_room(by->staff, j->desk->id))
		by->staff = NULL;
	by->person = people_find(j->hall->people, by->who);
	by->lang = lang_for(j->desk, by->person);
}
