/* wire_probe(): does the MUC service answer, and is it one? Asked by an administrator's check. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/random.h"
#include "base/str.h"
#include "wire/internal.h"

enum { PROBE_S = 10 };

struct probe {
	void	(*done)(void *ctx, const struct err *);
	void	*ctx;
};

static bool
has_feature(xmpp_stanza_t *answer, const char *feature)
{
	xmpp_stanza_t *query = child_ns(answer, "query", NS_DISCO_INFO), *c;

	for (c = query == NULL ? NULL : xmpp_stanza_get_children(query); c != NULL; c = xmpp_stanza_get_next(c))
		if (str_eq(xmpp_stanza_get_name(c), "feature") && str_eq(xmpp_stanza_get_attribute(c, "var"), feature))
			return true;
	return false;
}

static void
on_service(struct wire *w, void *ctx, xmpp_stanza_t *answer)
{
	struct probe *p = ctx;
	struct err err = { FAULT_NONE, "" };

	if (answer == NULL)
		err_set(&err, FAULT_BUSY, "%s did not answer within %d s; look whether the server has a host of this name "
		    "and serves it", w->conf.muc, PROBE_S);
	else if (!str_eq(xmpp_stanza_get_type(answer), "result"))
		err_set(&err, FAULT_ABSENT, "the server knows no %s; add a multi-user chat service of this name to its configuration, "
		    "or correct `muc`", w->conf.muc);
	else if (!has_feature(answer, NS_MUC))
		err_set(&err, FAULT_ABSENT, "%s answers, but is no multi-user chat service; correct `muc`", w->conf.muc);
	p->done(p->ctx, &err);
	free(p);
}

void
wire_probe(struct wire *w, void (*done)(void *, const struct err *), void *ctx)
{
	struct probe *p = xcalloc(1, sizeof *p);
	xmpp_stanza_t *iq;
	char id[33];

	*p = (struct probe){ done, ctx };
	random_id(id);
	iq = stanza_make(w, "iq", NULL, NULL, w->conf.muc, "get", id);
	stanza_child(w, iq, "query", NS_DISCO_INFO);
	iq_ask(w, iq, PROBE_S, on_service, p);
}
