#ifndef MOOTHALL_CTL_READING_H
#define MOOTHALL_CTL_READING_H
/* The reader as an administrator tries it: from files, without a database. */
#include "ctl/ctl.h"
#include "text/read.h"

struct reading {
	struct kinds	*kinds;
	struct model	*model;		/* NULL: there are no weights beside the kinds */
	struct reader	*reader;
	const char	*desk;		/* the desk's nickname */
};

/*
 * Kinds from --kinds, from below the configuration's share or from where they were installed; the
 * weights from ../reading/weights beside them. A configuration is used if there is one.
 */
enum fault	reading_open(struct ctl *, struct reading *, struct err *);
void		reading_close(struct reading *);

#endif
