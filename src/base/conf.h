#ifndef MOOTHALL_BASE_CONF_H
#define MOOTHALL_BASE_CONF_H
/*
 * moothall.conf (libconfuse syntax; moothall.conf(5)).  What changes without a
 * restart lives in PostgreSQL instead: roster, kinds, modes.
 */
#include "base/fault.h"

struct conf {
	char	*component;	/* "hall.example.org" */
	char	*server;	/* numeric address */
	int	 port;
	char	*secret;	/* from `secret` or the file named by `secret-file` */
	char	*muc;		/* "conference.example.org" */
	char	*nick;		/* the desk's nickname in every room */
	char	*staff;		/* local part of the staff address */
	char	*database;	/* libpq connection string */
	char	*share;		/* directory with lang/ and kinds/ */
	int	 grace_percent;	/* 100; less shortens every grace time (to watch it work) */
	int	 backoff_max;	/* seconds */
	int	 ping_every;	/* seconds */
	int	 joins_in_flight;
};

/* Reads `path`. NULL and err (file, line, remedy) on failure. */
struct conf	*conf_load(const char *path, struct err *);
void		 conf_free(struct conf **);

#endif
