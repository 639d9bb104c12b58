#ifndef MOOTHALL_CTL_CSV_H
#define MOOTHALL_CTL_CSV_H
/*
 * Comma-separated values as RFC 4180 has them, and as spreadsheets and people write them:
 * UTF-8 with or without a byte order mark, LF or CRLF, quoted fields with commas and line
 * breaks in them, blank lines, and lines that begin with #. Spaces around a field that is
 * not quoted do not count.
 */
#include <stddef.h>

#include "base/arena.h"
#include "base/fault.h"

struct csv_row {
	int		 line;		/* on which it begins, from 1 */
	size_t		 n;
	const char	**field;	/* n of them */
};

/*
 * Reads `len` bytes (which need not end in NUL) into `arena`. FAULT_USAGE with line and
 * remedy if it is no UTF-8 or a quotation mark stands where none can.
 */
enum fault	csv_parse(struct arena *, const char *text, size_t len, struct csv_row **rows_r, size_t *n_r, struct err *);

#endif
