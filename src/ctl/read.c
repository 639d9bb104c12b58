/*
 * read: what the hall would make of a line. Needs no database and no server: this is how an
 * administrator tries a new cue.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "ctl/reading.h"

static int	run(struct ctl *);

const struct ctl_command ctl_read = {
	.name = "read", .usage = "[--lang] [--at TIME] [--kinds DIR] [FILE]",
	.summary = "read lines and print what each is, as JSON",
	.need = NEED_NOTHING, .options = OPTION_LANG | OPTION_AT | OPTION_KINDS, .max_args = 1,
	.run = run,
};

static void
add_spans(struct buf *b, const struct span *s, size_t n)
{
	size_t i;

	buf_add(b, "[");
	for (i = 0; i < n; i++)
		buf_addf(b, "%s{\"what\":\"%s\",\"at\":%zu,\"len\":%zu,\"certain\":%s}", i > 0 ? "," : "", s[i].what, s[i].at, s[i].len,
		    s[i].certain ? "true" : "false");
	buf_add(b, "]");
}

/* By name; a name found twice has two places. */
static void
add_slots(struct buf *b, const char *text, const struct intent *in)
{
	size_t i, j, k;
	bool first = true;

	buf_add(b, "{");
	for (i = 0; i < in->nslots; i++) {
		for (j = 0; !str_eq(in->slots[j].what, in->slots[i].what); j++)
			;
		if (j < i)
			continue;
		buf_addf(b, "%s\"%s\":[", first ? "" : ",", in->slots[i].what);
		first = false;
		for (k = i; k < in->nslots; k++) {
			const struct span *s = &in->slots[k];
			char *part;

			if (!str_eq(s->what, in->slots[i].what))
				continue;
			part = strndup(text + s->at, s->len);
			buf_addf(b, "%s{\"at\":%zu,\"len\":%zu,\"text\":", k > i ? "," : "", s->at, s->len);
			buf_json(b, part);
			buf_add(b, "}");
			free(part);
		}
		buf_add(b, "]");
	}
	buf_add(b, "}");
}

static void
add_command(struct buf *b, const struct intent *in)
{
	if (in->command == NULL && !in->half) {
		buf_add(b, "null");
		return;
	}
	buf_add(b, "{\"name\":");
	buf_json(b, in->command);
	if (in->number != 0)
		buf_addf(b, ",\"number\":%lld", in->number);
	buf_add(b, ",\"rest\":");
	buf_json(b, in->rest ? in->rest : "");
	buf_addf(b, ",\"half\":%s}", in->half ? "true" : "false");
}

static void
add_kind(struct buf *b, const struct kind *k, int confidence)
{
	buf_add(b, "{\"kind\":");
	buf_json(b, k->code);
	buf_addf(b, ",\"confidence\":%.2f}", confidence / 100.0);
}

static void
add_intent(struct buf *b, const char *text, const struct intent *in, bool lang)
{
	static const char *const bands[] = { [BAND_NONE] = "none", [BAND_LIKELY] = "likely", [BAND_SURE] = "sure" };
	static const char *const dangers[] = { [DANGER_NO] = "no", [DANGER_POSSIBLE] = "possible", [DANGER_CERTAIN] = "certain" };
	size_t i;

	buf_addf(b, "{\"needs_answer\":%s,\"band\":\"%s\",\"kind\":", in->needs_answer ? "true" : "false", bands[in->band]);
	buf_json(b, in->kind ? in->kind->code : NULL);
	buf_addf(b, ",\"confidence\":%.2f,\"danger\":\"%s\"", in->confidence / 100.0, dangers[in->danger]);
	if (in->danger != DANGER_NO) {
		buf_add(b, ",\"danger_kind\":");
		buf_json(b, in->danger_kind);
	}
	buf_add(b, ",\"second\":");
	if (in->second != NULL)
		add_kind(b, in->second, in->second_confidence);
	else
		buf_add(b, "null");
	buf_add(b, ",\"reasons\":[");
	for (i = 0; in->reasons != NULL && in->reasons[i] != NULL; i++) {
		buf_add(b, i > 0 ? "," : "");
		buf_json(b, in->reasons[i]);
	}
	buf_add(b, "],\"slots\":");
	add_slots(b, text, in);
	buf_add(b, ",\"private\":");
	add_spans(b, in->spans, in->nspans);
	buf_addf(b, ",\"addressed\":%s,\"question\":%s,\"command\":", in->addressed ? "true" : "false", in->question ? "true" : "false");
	add_command(b, in);
	if (lang) {
		buf_add(b, ",\"lang\":");
		buf_json(b, in->lang_known ? lang_tag(in->lang) : NULL);
	}
	buf_add(b, "}\n");
}

static void
read_line(const struct reader *reader, const char *text, const char *desk, instant sent, bool lang)
{
	const char *staff[] = { desk, NULL };
	struct heard heard = { .explain = true, .text = text, .sent = sent, .staff_names = staff, .desk = desk };
	struct arena *arena = arena_new();
	struct intent in = { 0 };
	struct buf out = { 0 };

	text_read(reader, &heard, arena, &in);
	add_intent(&out, text, &in, lang);
	fwrite(out.s, 1, out.len, stdout);
	fflush(stdout);
	buf_free(&out);
	arena_free(&arena);
}

static int
read_lines(const struct ctl *ctl, const struct reader *reader, const char *desk, instant sent)
{
	FILE *f = ctl->argc > 0 && !str_eq(ctl->argv[0], "-") ? fopen(ctl->argv[0], "r") : stdin;
	char *line = NULL, *clean;
	size_t room = 0;
	ssize_t n;

	if (f == NULL) {
		fprintf(stderr, "moothallctl: cannot read %s: %s\n", ctl->argv[0], strerror(errno));
		return EXIT_BAD;
	}
	while ((n = getline(&line, &room, f)) > 0) {
		line[strcspn(line, "\r\n")] = '\0';
		/* As the stream would hand it up: no byte that is not UTF-8. */
		clean = xcalloc(strlen(line) + 1, 3);
		xml_clean(line, clean);
		read_line(reader, clean, desk, sent, ctl->lang);
		free(clean);
	}
	free(line);
	if (f != stdin)
		fclose(f);
	return EXIT_OK;
}

static int
run(struct ctl *ctl)
{
	instant sent = ctl->at ? instant_parse(ctl->at) : clock_now();
	struct reading r;
	struct err err;
	int status;

	if (sent == 0) {
		fprintf(stderr, "moothallctl: --at \"%s\" is no time; write it as 2026-11-23T09:00:00Z\n", ctl->at);
		return EXIT_USAGE;
	}
	if (reading_open(ctl, &r, &err) != FAULT_NONE)
		return ctl_fail(&err);
	status = read_lines(ctl, r.reader, r.desk, sent);
	reading_close(&r);
	return status;
}
