/*
 * One stanza of a room, as XML: live, in a join, and as a result of its archive.
 * Each run has a hall of its own, so that one input is one story.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "room_fake.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
feed(struct wire *w, const char *xml)
{
	xmpp_stanza_t *s = xmpp_stanza_new_from_string(fake_ctx(), xml), *result;
	struct room *r = room_find(w, "gate4");
	const char *name = s == NULL ? NULL : xmpp_stanza_get_name(s);

	if (name != NULL && strcmp(name, "presence") == 0)
		room_presence(w, r, s);
	else if (name != NULL && strcmp(name, "message") == 0) {
		result = child_ns(s, "result", NS_MAM);
		if (result != NULL && r->archive != NULL)	/* no fuzzer guesses 128 random bits */
			xmpp_stanza_set_attribute(result, "queryid", fake_question_attribute("queryid"));
		if (result == NULL || !archive_result(w, r, s))
			room_message(w, r, s);
	}
	if (s != NULL)
		xmpp_stanza_release(s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *xml = calloc(1, size + 1);
	struct wire *w = fake_open();

	memcpy(xml, data, size);
	fake_room("gate4", "s1", 1);
	fake_up();
	feed(w, xml);
	if (room_state(room_find(w, "gate4")) == ROOM_JOINING && room_find(w, "gate4")->phase == PH_JOINING) {
		fake_join(size % 2 == 0);
		feed(w, xml);
		if (room_find(w, "gate4")->phase == PH_PAGING)
			fake_answer("", "<fin xmlns='" NS_MAM "' complete='true'/>");
		feed(w, xml);
	}
	fake_ticks(2);
	fake_close();
	free(xml);
	return 0;
}
