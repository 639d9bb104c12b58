#ifndef MOOTHALL_CTL_HANDSHAKE_H
#define MOOTHALL_CTL_HANDSHAKE_H
/*
 * One handshake with the XMPP server, and a question to its MUC service. Only under the
 * component's lock: a second handshake ends a running hall's stream.
 */
#include "base/conf.h"
#include "base/fault.h"

struct handshake {
	struct err	server;		/* reached, and the secret accepted? */
	struct err	muc;		/* is the service there? FAULT_BUSY if it could not be asked */
};

/* Takes at most 15 seconds. */
void	handshake(const struct conf *, struct handshake *result_r);

#endif
