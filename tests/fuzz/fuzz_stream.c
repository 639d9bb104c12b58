/*
 * Bytes of the server.  The first byte chooses the size of the pieces in which the
 * rest arrives; every stanza that comes out can be written, and every end has a reason.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "wire/stream.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
on_stanza(void *arg, xmpp_stanza_t *st)
{
	xmpp_ctx_t *ctx = stream_ctx(*(struct stream **)arg);
	char *text;
	size_t n;

	if (xmpp_stanza_to_text(st, &text, &n) != XMPP_EOK)
		abort();
	if (strlen(text) != n || xmpp_stanza_get_name(st) == NULL)
		abort();
	xmpp_free(ctx, text);
}

static void
on_state(void *arg, enum wire_state state, const struct err *why)
{
	(void)arg;
	if (state == WIRE_DOWN && *why->text == '\0')
		abort();	/* every end has a reason */
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char up[] = "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
	    "xmlns='jabber:component:accept' id='1'><handshake/>";
	const struct wire_conf conf = {
		.component = "hall.example", .server = "127.0.0.1", .port = 1, .secret = "s", .muc = "muc.example",
		.backoff_max = 60, .ping_every = 60, .stanza_max = 4096,
	};
	struct event_base *base = event_base_new();
	struct stream *s;
	size_t piece = size > 0 ? data[0] % 64 + 1u : 1, at, n;

	log_set_level(LOG_ERROR);
	s = stream_new(base, &conf, &(struct stream_calls){ &s, on_stanza, on_state });
	if (piece % 2 == 0)	/* else the header is the fuzzer's too */
		stream_feed(s, up, sizeof up - 1);
	for (at = 1; at < size; at += n) {
		n = size - at < piece ? size - at : piece;
		stream_feed(s, (const char *)data + at, n);
	}
	event_base_loop(base, EVLOOP_NONBLOCK);
	stream_free(&s);
	event_base_free(base);
	return 0;
}
