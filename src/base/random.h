#ifndef MOOTHALL_BASE_RANDOM_H
#define MOOTHALL_BASE_RANDOM_H
/*
 * Unguessable bytes: ids of stanzas and lines, salts.  The kernel is asked for many at
 * a time; what was handed out is wiped.  Never fails (it waits for the kernel).
 */
#include <stddef.h>

enum { RANDOM_ID = 33 };	/* size of an id's text with its NUL */

void	 random_bytes(void *out, size_t n);
/* 128 bits in lower-case hex, for ids that nobody may guess. */
void	 random_id(char out[RANDOM_ID]);

#endif
