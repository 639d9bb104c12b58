#include "base/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

char *
file_read(const char *path, size_t *len_r, struct err *err)
{
	FILE *f = str_eq(path, "-") ? stdin : fopen(path, "r");
	struct buf all = { 0 };
	char part[65536];
	size_t n;

	if (f == NULL) {
		err_set(err, FAULT_ABSENT, "cannot read %s: %s", path, strerror(errno));
		return NULL;
	}
	buf_add(&all, "");
	while ((n = fread(part, 1, sizeof part, f)) > 0)
		buf_addn(&all, part, n);
	if (ferror(f)) {
		err_set(err, FAULT_ABSENT, "cannot read %s: %s", path, strerror(errno));
		buf_free(&all);
	}
	if (f != stdin)
		fclose(f);
	*len_r = all.len;
	return all.s;
}
