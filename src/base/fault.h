#ifndef MOOTHALL_BASE_FAULT_H
#define MOOTHALL_BASE_FAULT_H
/*
 * Faults are named by who must act.  A struct err is a value: it needs no
 * memory, so it can always be filled in.
 */
enum fault {
	FAULT_NONE,
	FAULT_USAGE,	/* the person mistyped */
	FAULT_DENIED,	/* the person may not */
	FAULT_ABSENT,	/* there is no such thing */
	FAULT_CLASH,	/* already done, or no longer possible */
	FAULT_BUSY,	/* later; whoever asked tries again */
	FAULT_UNSURE,	/* sent, the answer was lost: ask again by key */
	FAULT_BUG,	/* ours */
};

struct err {
	enum fault	fault;
	char		text[400];	/* for administrators; says what to do */
};

/* Fills *err; returns the fault so that a caller can write `return err_set(...)`. */
enum fault	 err_set(struct err *, enum fault, const char *, ...)
		    __attribute__((format(printf, 3, 4)));
const char	*fault_name(enum fault);

#endif
