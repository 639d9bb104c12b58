#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>

enum fault
err_set(struct err *err, enum fault fault, const char *fmt, ...)
{
	va_list ap;

	err->fault = fault;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof err->text, fmt, ap);
	va_end(ap);
	return fault;
}

const char *
fault_name(enum fault fault)
{
	static const char *const names[] = {
		[FAULT_NONE] = "none", [FAULT_USAGE] = "usage", [FAULT_DENIED] = "denied",
		[FAULT_ABSENT] = "absent", [FAULT_CLASH] = "clash", [FAULT_BUSY] = "busy",
		[FAULT_UNSURE] = "unsure", [FAULT_BUG] = "bug",
	};

	return names[fault];
}
