#include "base/msg.h"

struct msg *
msg_new(void)
{
	struct arena *a = arena_new();
	struct msg *m = arena_alloc(a, sizeof *m);

	m->arena = a;
	return m;
}

void
msg_free(struct msg **mp)
{
	struct arena *a;

	if (*mp == NULL)
		return;
	a = (*mp)->arena;	/* the msg lies in its own arena */
	*mp = NULL;
	arena_free(&a);
}
