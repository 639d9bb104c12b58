#ifndef MOOTHALL_TESTS_MATTER_FIXTURE_H
#define MOOTHALL_TESTS_MATTER_FIXTURE_H
/* A matter to try things on, in a hall of store_fixture.h. */
#include "store_fixture.h"

extern const struct effects nothing;
extern const char *const links[], *const any_open[];

int		 room(struct world *, const char *code);
int		 staff(struct world *, const char *name);	/* of name@example.org */

/* A lost schoolbag in gate4. */
struct opening	 bag(struct world *, const char *key);
/* A room line and a private one, named after `id`, and two things due. */
struct effects	 two_lines(const char *id);
/* Opens a matter of gate4 and gives its number. */
long long	 opened(struct world *, const char *key, const struct effects *);
/* A change by the officer of gate4, from any open state. */
struct change	 change_of(struct world *, const char *key, long long number, const char *what, const char *to);
/* Makes the change twice: "done", then "again". */
void		 changes_at(struct world *, const struct change *, const struct effects *, instant now);
void		 changes(struct world *, const struct change *, const struct effects *);
/* No room's ledger has a fault. */
void		 chain_holds(struct world *);

#endif
