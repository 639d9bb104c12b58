/*
 * check: is everything as it must be? Each thing is one line, "ok" or "FAIL" with what to do.
 * While a hall holds the component's lock its own report, the row in `process`, is read
 * instead of shaking hands: a second handshake would end its stream.
 */
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/lang.h"
#include "base/str.h"
#include "ctl/ctl.h"
#include "ctl/handshake.h"

enum { LEASE_S = 15 };		/* DESIGN: the holder's lease, renewed by its loop */

static int	run(struct ctl *);

const struct ctl_command ctl_check = {
	.name = "check", .usage = "",
	.summary = "is everything in order, and if not, what to do",
	.need = NEED_NOTHING, .run = run,
};

struct report {
	struct ctl	*ctl;
	struct buf	 json;
	int		 failed;
};

static void tell(struct report *, bool ok, const char *what, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

static void
tell(struct report *r, bool ok, const char *what, const char *fmt, ...)
{
	char text[600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	r->failed += !ok;
	if (!r->ctl->json)
		printf("%-4s %s: %s\n", ok ? "ok" : "FAIL", what, text);
	buf_addf(&r->json, "%s{\"what\":\"%s\",\"ok\":%s,\"text\":", r->json.len > 1 ? "," : "", what, ok ? "true" : "false");
	buf_json(&r->json, text);
	buf_add(&r->json, "}");
	fflush(stdout);
}

static void
check_words(struct report *r)
{
	char *dir = arena_printf(r->ctl->arena, "%s/lang", r->ctl->conf->share);
	struct err err;
	struct lang *lang = lang_load(dir, &err);

	if (lang == NULL)
		tell(r, false, "catalogues", "%s", err.text);
	else
		tell(r, true, "catalogues", "%s", dir);
	lang_free(&lang);
}

static void
check_contents(struct report *r)
{
	struct admin_table t;
	struct err err;

	if (admin_look(r->ctl->admin, VIEW_COUNTS, NULL, clock_now(), r->ctl->arena, &t, &err) != FAULT_NONE) {
		tell(r, false, "roster", "%s", err.text);
		return;
	}
	if (atoi(t.cell[0][1]) == 0)
		tell(r, false, "roster", "no room -> write a roster.csv and run `moothallctl roster import roster.csv`");
	else
		tell(r, true, "roster", "%s units, %s rooms, %s staff", t.cell[0][0], t.cell[0][1], t.cell[0][2]);
	if (atoi(t.cell[0][3]) == 0)
		tell(r, false, "kinds", "none -> run `moothallctl kind load`");
	else
		tell(r, true, "kinds", "%s kinds of request", t.cell[0][3]);
}

static void
check_server(struct report *r)
{
	const struct conf *c = r->ctl->conf;
	struct handshake h;

	/* A server that closes while we write must not end us. */
	signal(SIGPIPE, SIG_IGN);
	handshake(c, &h);
	if (h.server.fault == FAULT_NONE)
		tell(r, true, "server", "%s port %d accepts %s and its secret", c->server, c->port, c->component);
	else
		tell(r, false, "server", "%s", h.server.text);
	if (h.muc.fault == FAULT_NONE)
		tell(r, true, "rooms' service", "%s", c->muc);
	else
		tell(r, false, "rooms' service", "%s", h.muc.text);
}

static const char *
cell(const struct admin_table *t, const char *name)
{
	int j;

	for (j = 0; j < t->ncols; j++)
		if (str_eq(t->name[j], name))
			return t->cell[0][j] ? t->cell[0][j] : "";
	return "";
}

static void
check_hall(struct report *r)
{
	const struct conf *c = r->ctl->conf;
	struct admin_table t;
	struct err err;
	bool fresh, all;

	if (admin_look(r->ctl->admin, VIEW_HALL, c->component, clock_now(), r->ctl->arena, &t, &err) != FAULT_NONE) {
		tell(r, false, "hall", "%s", err.text);
		return;
	}
	if (t.nrows == 0 || cell(&t, "ended")[0] != '\0') {
		tell(r, false, "hall", "a program holds the lock of %s but no hall reports itself -> it may just be starting; "
		    "look again, then look at its log", c->component);
		return;
	}
	fresh = atoi(cell(&t, "renewed_seconds_ago")) <= LEASE_S;
	tell(r, fresh, "hall", "process %s on %s, version %s, started %s s ago, last sign of life %s s ago%s", cell(&t, "pid"), cell(&t, "host"),
	    cell(&t, "version"), cell(&t, "started_seconds_ago"), cell(&t, "renewed_seconds_ago"),
	    fresh ? "" : " -> it hangs; look at its log and restart it");
	if (str_eq(cell(&t, "stream"), "up"))
		tell(r, true, "server", "the running hall's stream to %s port %d is up", c->server, c->port);
	else
		tell(r, false, "server", "the running hall's stream is %s%s%s -> start the XMPP server, or correct what it says",
		    cell(&t, "stream"), cell(&t, "stream_note")[0] ? ": " : "", cell(&t, "stream_note"));
	all = str_eq(cell(&t, "rooms"), cell(&t, "rooms_live"));
	tell(r, all, "rooms", "%s of %s are live%s", cell(&t, "rooms_live"), cell(&t, "rooms"),
	    all ? "" : " -> the others are being joined, or the hall's log says why not");
	if (atoll(cell(&t, "generation")) < atoll(cell(&t, "newest_generation")))
		tell(r, false, "loaded", "the hall has not loaded the newest roster and kinds (%s of %s) -> it looks every 30 s; "
		    "if this stays, its log names what is wrong", cell(&t, "generation"), cell(&t, "newest_generation"));
	else
		tell(r, true, "loaded", "the newest roster and kinds (generation %s)", cell(&t, "generation"));
}

/* Each step needs the one before. */
static void
check_all(struct report *r)
{
	struct ctl *ctl = r->ctl;
	struct err err;
	bool held;

	if ((ctl->conf = conf_load(ctl->conf_path, &err)) == NULL) {
		tell(r, false, "configuration", "%s", err.text);
		return;
	}
	tell(r, true, "configuration", "%s", ctl->conf_path);
	check_words(r);
	if ((ctl->admin = admin_open(ctl->conf->database, &err)) == NULL) {
		tell(r, false, "database", "%s", err.text);
		return;
	}
	tell(r, true, "database", "reached");
	if (admin_schema_need(ctl->admin, &err) != FAULT_NONE) {
		tell(r, false, "schema", "%s", err.text);
		return;
	}
	tell(r, true, "schema", "version %d", SCHEMA_VERSION);
	check_contents(r);
	if (admin_lock(ctl->admin, ctl->conf->component, &held, &err) != FAULT_NONE)
		tell(r, false, "lock", "%s", err.text);
	else if (!held)
		check_hall(r);
	else {
		tell(r, true, "hall", "none is running for %s", ctl->conf->component);
		check_server(r);
		if (admin_unlock(ctl->admin, ctl->conf->component, &err) != FAULT_NONE)
			tell(r, false, "lock", "%s", err.text);
	}
}

static int
run(struct ctl *ctl)
{
	struct report r = { .ctl = ctl };

	buf_add(&r.json, "[");
	check_all(&r);
	buf_add(&r.json, "]");
	if (ctl->json)
		printf("{\"ok\":%s,\"checks\":%s}\n", r.failed ? "false" : "true", r.json.s);
	buf_free(&r.json);
	return r.failed ? EXIT_BAD : EXIT_OK;
}
