#ifndef MOOTHALL_CTL_JID_H
#define MOOTHALL_CTL_JID_H
/*
 * Addresses as the roster has them: bare, and prepared (RFC 3920 nodeprep, RFC 3491
 * nameprep) exactly as the server prepares those that it stamps on stanzas, so that
 * the two compare equal.
 */
#include "base/arena.h"

/* "Bao@Example.ORG" -> "bao@example.org" in the arena; NULL and why_r (what to write) if it is no bare address. */
char	*jid_prepare(struct arena *, const char *address, const char **why_r);

#endif
