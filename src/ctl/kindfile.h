#ifndef MOOTHALL_CTL_KINDFILE_H
#define MOOTHALL_CTL_KINDFILE_H
/* Kinds from their files: for `kind load` into the database, for `read` without one. */
#include "text/kind.h"

/*
 * Reads every *.conf of each directory, and each file, of a NULL-terminated list.
 * whole_r: the list was directories alone, so what is not in it is gone. NULL and err
 * (file, line, remedy) at the first fault; two files with one code are one.
 */
struct kinds	*kinds_read(char *const *paths, bool *whole_r, struct err *);

#endif
