/*
 * Stanzas to a whole wire that is in one room: questions, forms, private lines,
 * subscriptions, presences, lines.  What goes out is ours and can be written
 * (wire_fake.c asserts it); nothing that a stranger writes ends the stream.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire_fake.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *state;
	struct wire *w;

	fake_wire_open(&state);
	w = state;
	stream_feed(w->stream, (const char *)data, size);
	if (wire_state(w) == WIRE_UP) {
		wire_say(w, &(struct reply){ .way = WAY_DESK, .id = "7", .room = "gate4", .to = "ann@example", .text = "a" });
		wire_say(w, &(struct reply){ .way = WAY_STAFF, .id = "9", .to = "bao@example", .text = "b", .lang = "zh" });
		wire_say(w, &(struct reply){ .way = WAY_FORM, .id = "s1", .text = "c\n", .failed = true });
		wire_say(w, &(struct reply){ .way = WAY_ROOM, .id = "8", .room = "gate4", .text = "d", .reply_to = "r" });
		stream_feed(w->stream, (const char *)data, size);
		fake_ticks(35);
	}
	fake_wire_close(&state);
	return 0;
}
