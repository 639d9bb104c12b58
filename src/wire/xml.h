#ifndef MOOTHALL_WIRE_XML_H
#define MOOTHALL_WIRE_XML_H
/*
 * Bytes to stanzas: expat in namespace mode, with the limits that stream.h tells.
 * Every element is given its namespace, and a run of text is one node.
 */
#include <stddef.h>
#include <strophe.h>

#include "base/fault.h"

#define NS_STREAM	"http://etherx.jabber.org/streams"

struct xml;

struct xml_calls {
	void	*ctx;
	/* <stream:stream id=>; NULL: it has none. */
	void	(*header)(void *ctx, const char *id);
	/* A child of the stream, a stream error too; borrowed for the call. */
	void	(*stanza)(void *ctx, xmpp_stanza_t *);
	/*
	 * The stream has ended, or what came must not be read on. Once; nothing is called after it.
	 * `condition`: what to tell the server (RFC 6120 §4.9.3); NULL: it said itself that this is the end.
	 */
	void	(*end)(void *ctx, const struct err *why, const char *condition);
};

struct xml	*xml_new(xmpp_ctx_t *, size_t stanza_max, const struct xml_calls *);
/* Not from within a call of xml_feed(): there, xml_stop() and free later. */
void		 xml_free(struct xml **);
void		 xml_feed(struct xml *, const char *, size_t);
void		 xml_stop(struct xml *);

#endif
