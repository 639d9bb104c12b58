#ifndef MOOTHALL_BASE_FILE_H
#define MOOTHALL_BASE_FILE_H
/* Whole files, for what is read when the program starts. */
#include <stddef.h>

#include "base/fault.h"

/* The file's bytes and a NUL after them, yours to free; "-" is standard input. NULL with FAULT_ABSENT. */
char	*file_read(const char *path, size_t *len_r, struct err *);

#endif
