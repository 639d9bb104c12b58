#ifndef TESTS_BENCH_MUC_H
#define TESTS_BENCH_MUC_H
/* What muc.c and iq.c share and nobody else sees. */
#include "server.h"

void	 iq_stanza(struct muc *, const struct node *, const struct addr *to);
/* The number of a room by its local part; -1: there is none. */
int	 room_number(const struct muc *, const char *local);
/* " from='…' to='…' id='…'" of the answer to a stanza, escaped. */
void	 put_back(struct evbuffer *, const struct node *);

#endif
