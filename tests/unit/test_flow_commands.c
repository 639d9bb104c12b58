/*
 * Each command against a store that only writes down what it was asked: which change,
 * from where to where, with which words, and which lines go with it in the same
 * transaction.  Everything above the store is the real thing.
 */
#include "text_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "flow/internal.h"

#define NOON	INT64_C(1795521600000000)	/* 2026-11-24 12:00 UTC */

enum { ROOM = 7, ELSEWHERE = 8, OPS = 8 };

static const int both_rooms[] = { ROOM, ELSEWHERE, 0 }, one_room[] = { ROOM, 0 }, other_room[] = { ELSEWHERE, 0 };
static struct staff people[] = {
	{ 1, 1, "bao@x", "officer", "Bao Guo", "Bao", both_rooms },
	{ 2, 1, "li@x", "auxiliary", "Li Na", "Li", other_room },
	{ 3, 1, "wang@x", "auxiliary", "Wang Wei", "Wang", one_room },
};

/* The store: the newest question of each sort, and what it answers. */
static struct world {
	struct fixture		*text;
	struct event_base	*base;
	struct conf		 conf;
	struct lang		*lang;
	struct hall		*hall;
	struct desk		*desk;
	struct buf		 trace;
	struct op		*op[OPS];
	size_t			 nops;
	const char		*outcome;	/* of the next write; NULL: done */
	bool			 restrained;
	struct matter_row	 after;		/* what load_one answers */
	struct matter_row	*mine;		/* what load_of_person answers */
	size_t			 nmine;
	struct given		 given;		/* for the job to come */
	const char		*quoted;
	const struct cmd	*cmd;
} w;

/* --- the store's answers --- */

static void
row_answer(struct op *op, size_t ncols)
{
	op->cell = arena_alloc(op->arena, (size_t)(op->nrows + 1) * sizeof *op->cell);
	for (int i = 0; i < op->nrows; i++)
		op->cell[i] = arena_alloc(op->arena, ncols * sizeof **op->cell);
}

static void
later(struct op *op)
{
	assert_true(w.nops < OPS);
	w.op[w.nops++] = op;
}

static void
words_answer(struct op *op, const char *first, const char *second)
{
	op->nrows = 1;
	row_answer(op, 2);
	op->cell[0][0] = first;
	op->cell[0][1] = second;
	later(op);
}

static void
matter_answer(struct op *op, int row, const struct matter_row *m)
{
	const char *cell[] = {
		arena_printf(op->arena, "%lld", m->number), arena_printf(op->arena, "%d", m->room), m->kind, m->state,
		"f", m->is_private ? "t" : "f", "f", "f", m->way, m->asker, m->nick, m->source,
		arena_printf(op->arena, "%lld", (long long)m->sent), arena_printf(op->arena, "%lld", (long long)m->recorded),
		arena_printf(op->arena, "%d", m->taken_by), m->answered, NULL, NULL, NULL, NULL, NULL, m->text, NULL, "f",
	};

	for (size_t i = 0; i < sizeof cell / sizeof *cell; i++)
		op->cell[row][i] = arena_strdup(op->arena, cell[i]);
}

static void
trace_effects(const struct effects *fx)
{
	for (size_t i = 0; i < sizeof fx->undue / sizeof *fx->undue && fx->undue[i] != NULL; i++)
		buf_addf(&w.trace, "  undue %s\n", fx->undue[i]);
	for (size_t i = 0; i < fx->nlater; i++)
		buf_addf(&w.trace, "  %s in %d h\n", fx->later[i].what, (int)((fx->later[i].at - NOON) / HOUR));
	for (size_t i = 0; i < fx->nlines; i++) {
		const struct line *l = &fx->line[i];

		buf_addf(&w.trace, "  %s%s%s%s%s: %s\n", l->way, l->to != NULL ? " " : "", l->to != NULL ? l->to : "",
		    l->reply_to != NULL ? " re " : "", l->reply_to != NULL ? l->reply_to : "", l->body);
		assert_false(l->unasked);
	}
}

void __wrap_store_open(struct store *, struct op *, instant, const struct opening *, const struct effects *);
void __wrap_store_change(struct store *, struct op *, instant, const struct change *, const struct effects *);
void __wrap_store_say(struct store *, struct op *, instant, int, const char *, long long, const struct effects *);
void __wrap_store_load_one(struct store *, struct op *, long long);
void __wrap_store_load_of_person(struct store *, struct op *, const char *, instant);
void __wrap_store_mode(struct store *, struct op *, int, const char *);
void __wrap_store_preference(struct store *, struct op *, instant, const unsigned char *, bool, const char *, int, instant);

void
__wrap_store_open(struct store *s, struct op *op, instant now, const struct opening *o, const struct effects *fx)
{
	(void)s;
	(void)now;
	buf_addf(&w.trace, "open %s %s %s%s%s by %s %d, key %s, source %s, asker %s, nick %s, %d min ago: %s\n", o->kind, o->band,
	    o->way, o->is_private ? " private" : "", o->urgent ? " urgent" : "", o->role, o->staff, o->key,
	    o->source ? o->source : "-", o->asker ? o->asker : "-", o->nick ? o->nick : "-",
	    (int)((NOON - o->sent) / MINUTE), o->text);
	assert_int_equal(o->room, ROOM);
	assert_true(o->addressed);
	trace_effects(fx);
	words_answer(op, w.outcome != NULL ? w.outcome : "done", "31");
}

void
__wrap_store_change(struct store *s, struct op *op, instant now, const struct change *c, const struct effects *fx)
{
	(void)s;
	(void)now;
	buf_addf(&w.trace, "change %lld %s -> %s", c->number, c->what, c->to != NULL ? c->to : "same");
	if (c->strength != NULL)
		buf_addf(&w.trace, " %s", c->strength);
	buf_addf(&w.trace, " by %s %d%s%s", c->role, c->staff, c->person ? " " : "", c->person ? c->person : "");
	if (c->target != 0)
		buf_addf(&w.trace, " to %d", c->target);
	if (c->rating != 0)
		buf_addf(&w.trace, " rating %d", c->rating);
	if (c->text_role != NULL)
		buf_addf(&w.trace, " %s \"%s\"", c->text_role, c->text);
	buf_add(&w.trace, "\n");
	trace_effects(fx);
	if (c->to != NULL && w.outcome == NULL)
		w.after.state = c->to;
	words_answer(op, w.outcome != NULL ? w.outcome : "done", w.restrained ? "t" : "f");
}

void
__wrap_store_say(struct store *s, struct op *op, instant now, int room, const char *key, long long number,
    const struct effects *fx)
{
	(void)s;
	(void)now;
	(void)room;
	(void)key;
	buf_addf(&w.trace, "say %lld\n", number);
	trace_effects(fx);
	words_answer(op, "done", NULL);
}

void
__wrap_store_load_one(struct store *s, struct op *op, long long number)
{
	(void)s;
	(void)number;
	op->nrows = 1;
	row_answer(op, 24);
	matter_answer(op, 0, &w.after);
	later(op);
}

void
__wrap_store_load_of_person(struct store *s, struct op *op, const char *address, instant since)
{
	(void)s;
	(void)since;
	assert_string_equal(address, "ann@y");
	op->nrows = (int)w.nmine;
	row_answer(op, 24);
	for (size_t i = 0; i < w.nmine; i++)
		matter_answer(op, (int)i, &w.mine[i]);
	later(op);
}

void
__wrap_store_mode(struct store *s, struct op *op, int room, const char *mode)
{
	(void)s;
	assert_int_equal(room, ROOM);
	buf_addf(&w.trace, "mode %s\n", mode);
	words_answer(op, mode, NULL);
}

void
__wrap_store_preference(struct store *s, struct op *op, instant now, const unsigned char *digest, bool quiet,
    const char *lang, int declined, instant asked)
{
	(void)s;
	(void)now;
	(void)digest;
	(void)declined;
	(void)asked;
	buf_addf(&w.trace, "preference %s %s\n", quiet ? "quiet" : "heard", lang != NULL ? lang : "-");
	later(op);
}

/* --- the room --- */

static bool
on_say(void *ctx, const struct reply *r)
{
	(void)ctx;
	if (r->way == WAY_FORM)
		buf_addf(&w.trace, "form%s: %s\n", r->failed ? " failed" : "", r->text);
	return r->way == WAY_FORM;
}

static bool
on_present(void *ctx, const char *room, const char *who)
{
	(void)ctx;
	(void)room;
	(void)who;
	return true;
}

static void
on_due(void *ctx, instant at)
{
	(void)ctx;
	(void)at;
}

static struct roster *
roster_made(void)
{
	struct roster *r = roster_new();

	r->staff = people;
	r->nstaff = sizeof people / sizeof *people;
	r->kinds = w.text->kinds;
	r->reader = w.text->reader;
	return r;
}

static int
open_world(void **state)
{
	struct mouth mouth = { .say = on_say, .present = on_present, .due = on_due };
	struct room_row gate = { .id = ROOM, .unit = 1, .officer = 1, .code = "gate", .title = "East Gate", .lang = "en",
		.mode = "normal", .zone = "UTC", .emergency = "police=110", .unit_name = "Luzhen Station" };
	struct room_row lake = gate;
	struct err err;
	char dir[1024];

	fixture_open((void **)&w.text);
	snprintf(dir, sizeof dir, "%s/share/lang", getenv("abs_top_builddir") ? getenv("abs_top_builddir") : ".");
	if ((w.lang = lang_load(dir, &err)) == NULL)
		fail_msg("%s", err.text);
	clock_fake(NOON);
	w.base = event_base_new();
	w.hall = hall_new(w.base, &w.conf, w.lang, NULL, NULL, commands, "test", &mouth);
	w.hall->roster = roster_made();
	w.hall->loaded = true;
	w.desk = desk_new(w.hall, &gate);
	hall_add_desk(w.hall, w.desk);
	lake.id = ELSEWHERE;
	lake.code = "lake";
	lake.title = "Lake";
	hall_add_desk(w.hall, desk_new(w.hall, &lake));
	people_get(w.hall->people, "ann@y")->known = true;
	*state = &w;
	return 0;
}

static int
close_world(void **state)
{
	(void)state;
	w.hall->roster->kinds = NULL;	/* the fixture's */
	w.hall->roster->reader = NULL;
	hall_free(&w.hall);
	event_base_free(w.base);
	lang_free(&w.lang);
	buf_free(&w.trace);
	clock_fake(0);
	return fixture_close((void **)&w.text);
}

/* Everything that a command may point at. */
static struct matter *
matter_made(const char *state, bool is_private)
{
	struct opening o = { .room = ROOM, .kind = "lost_item", .way = "room", .is_private = is_private, .source = "s1",
		.sent = NOON - 5 * MINUTE, .asker = "ann@y", .nick = "ann", .text = "I lost my keys near the gate" };
	struct matter *m = matter_of_opening(&o, 12, NOON - 5 * MINUTE);

	free((char *)(uintptr_t)m->row.state);
	m->row.state = xstrdup(state);
	desk_add_matter(w.desk, m);
	/* The same, of literals: what m holds is freed when it is read back. */
	w.after = (struct matter_row){ .number = 12, .room = ROOM, .kind = o.kind, .state = state, .way = o.way,
		.is_private = is_private, .source = o.source, .sent = o.sent, .recorded = o.sent, .asker = o.asker, .nick = o.nick,
		.text = o.text };
	return m;
}

static void
clear(void)
{
	while (!TAILQ_EMPTY(&w.desk->matters))
		desk_drop_matter(w.desk, TAILQ_FIRST(&w.desk->matters));
	while (!TAILQ_EMPTY(&w.desk->lines))
		talk_free(w.desk, TAILQ_FIRST(&w.desk->lines));
	w.given = (struct given){ 0 };
	w.quoted = NULL;
	w.outcome = NULL;
	w.restrained = false;
}

static void
settle(void)
{
	do {
		event_base_loop(w.base, EVLOOP_NONBLOCK);
		while (w.nops > 0) {
			struct op *op = w.op[0];

			memmove(w.op, w.op + 1, --w.nops * sizeof *w.op);
			op->done(op);
		}
		event_base_loop(w.base, EVLOOP_NONBLOCK);
	} while (w.nops > 0 || w.desk->njobs > 0);
}

static enum step
begin(struct job *j)
{
	speaker_find(j);
	j->given = w.given;
	if (j->given.text == NULL)
		j->given.text = "";
	j->quoted = talk_by_id(w.desk, w.quoted);
	return w.cmd->start(j);
}

static void
say(const struct cmd *cmd, const char *who, const char *nick, enum way way, const char *expected)
{
	struct msg *m = msg_new();

	m->way = way;
	m->room = way == WAY_ROOM || way == WAY_DESK ? "gate" : NULL;
	m->who = who;
	m->nick = nick;
	m->key = m->id = m->stanza_id = "k1";
	m->session = "form1";
	m->text = "#";
	m->sent = NOON;
	w.cmd = cmd;
	buf_free(&w.trace);
	buf_add(&w.trace, "");
	desk_queue(w.desk, m, begin);
	settle();
	assert_string_equal(w.trace.s, expected);
}

/* By the officer from the staff address; by ann in private with the desk. */
#define BAO(name, expected) \
	say(cmd_find(commands, name), "bao@x", NULL, WAY_STAFF, expected)
#define ANN(name, expected) \
	say(cmd_find(commands, name), "ann@y", "ann", WAY_DESK, expected)

static void
hear_line(const char *id, const char *who, const char *nick, const char *text, int minutes)
{
	struct msg m = { .way = WAY_ROOM, .room = "gate", .who = who, .nick = nick, .key = id, .stanza_id = id, .id = id,
		.text = text, .sent = NOON - minutes * MINUTE };

	talk_add(w.desk, &m, false);
}

/* --- staff --- */

static void
test_take(void **state)
{
	struct matter *m;

	(void)state;
	clear();
	w.given.matter = m = matter_made("open", false);
	BAO("take", "change 12 taken -> taken by staff 1\n  undue grace\n  staff bao@x: #12 is yours.\n");
	assert_true(matter_is(m, "taken"));
	m->row.taken_by = 1;
	BAO("接", "say 0\n  staff bao@x: #12 is yours already.\n");
	m->row.taken_by = 3;
	BAO("take", "change 12 taken -> taken by staff 1\n  undue grace\n  staff bao@x: #12 is yours.\n");
}

static void
test_answer_in_room(void **state)
{
	(void)state;
	clear();
	w.given.matter = matter_made("taken", false);
	w.given.text = "come to the station";
	BAO("answer", "change 12 answered -> answered strong by staff 1 answer \"come to the station\"\n"
	    "  undue grace\n  undue weak\n  close in 72 h\n"
	    "  room re s1: ann, come to the station (Luzhen Station)\n  staff bao@x: #12 is answered.\n");
}

static void
test_answer_in_private(void **state)
{
	(void)state;
	clear();
	w.given.matter = matter_made("open", true);
	w.given.text = "we look into it";
	BAO("答复", "change 12 answered -> answered strong by staff 1 answer \"we look into it\"\n"
	    "  undue grace\n  undue weak\n  close in 72 h\n"
	    "  desk ann@y: Luzhen Station about your #12: we look into it\n  staff bao@x: #12 is answered.\n");
	free((char *)(uintptr_t)w.given.matter->row.asker);
	w.given.matter->row.asker = NULL;
	BAO("answer", "say 0\n  staff bao@x: I cannot write to whoever asked #12: no address is known. "
	    "Please call or go and see them; then send #done 12.\n");
}

static void
test_answer_by_form(void **state)
{
	(void)state;
	clear();
	w.given.matter = matter_made("open", false);
	w.given.text = "yes";
	say(cmd_find(commands, "answer"), "bao@x", NULL, WAY_FORM,
	    "change 12 answered -> answered strong by staff 1 answer \"yes\"\n"
	    "  undue grace\n  undue weak\n  close in 72 h\n"
	    "  room re s1: ann, yes (Luzhen Station)\n  staff bao@x: #12 is answered.\nform: #12 is answered.\n");
}

static void
test_ask(void **state)
{
	(void)state;
	clear();
	w.given.matter = matter_made("open", false);
	w.given.text = "what colour?";
	BAO("ask", "change 12 asked -> asking by staff 1 question \"what colour?\"\n  undue grace\n  undue close\n"
	    "  room re s1: ann, what colour? (about #12: just reply here)\n"
	    "  staff bao@x: Asked. #12 waits for what they say.\n");
}

static void
test_done(void **state)
{
	(void)state;
	clear();
	w.given.matter = matter_made("taken", false);
	BAO("done", "change 12 done -> done by staff 1\n  undue grace\n  undue weak\n  close in 72 h\n"
	    "  desk ann@y: Your #12 is settled. Not solved after all? Send #reopen 12. How was it? Send #rate 12 5 (1 to 5).\n"
	    "  staff bao@x: #12 is settled.\n");
	clear();
	w.given.matter = matter_made("taken", false);
	w.given.text = "found";
	BAO("办结", "change 12 done -> done by staff 1 answer \"found\"\n  undue grace\n  undue weak\n  close in 72 h\n"
	    "  room re s1: ann, found (#12 is settled)\n  staff bao@x: #12 is settled.\n");
}

static void
test_drop(void **state)
{
	(void)state;
	clear();
	w.given.matter = matter_made("open", false);
	w.restrained = true;
	BAO("drop", "change 12 dropped -> dropped by staff 1\n  staff bao@x: #12 is struck off as no request.\n"
	    "say 0\n  staff bao@x: Two of my lines in East Gate were dropped as no requests, so from now on I speak there "
	    "only when spoken to. To undo it, send #mode normal in that room.\n");
	assert_int_equal(w.desk->mode, MODE_ADDRESSED);
	assert_true(matter_ended(w.given.matter));
	w.desk->mode = MODE_NORMAL;
}

static void
test_assign(void **state)
{
	(void)state;
	clear();
	w.given.matter = matter_made("open", false);
	w.given.person = &people[1];
	BAO("assign", "say 0\n  staff bao@x: Li does not work in East Gate.\n");
	w.given.person = &people[2];
	BAO("assign", "change 12 assigned -> taken by staff 1 to 3\n  undue grace\n  undue close\n"
	    "  staff wang@x: Bao has handed #12 to you. ann: I lost my keys near the gate\n"
	    "  staff bao@x: #12 is now with Wang, who has been told.\n");
}

static void
test_note(void **state)
{
	(void)state;
	clear();
	w.given.matter = matter_made("open", false);
	w.given.text = "knows the caretaker";
	BAO("note", "change 12 noted -> same by staff 1 note \"knows the caretaker\"\n"
	    "  staff bao@x: Noted on #12. Only staff see it.\n");
}

static void
test_undo(void **state)
{
	(void)state;
	clear();
	w.given.matter = matter_made("taken", false);
	BAO("undo", "change 12 undone -> same by staff 1\n  undue close\n  staff bao@x: #12 is as it was before your last step.\n");
	w.after.state = "answered";
	BAO("undo", "change 12 undone -> same by staff 1\n  undue close\n  staff bao@x: #12 is as it was before your last step.\n"
	    "say 12\n  close in 72 h\n");
	w.outcome = "clash";
	BAO("undo", "change 12 undone -> same by staff 1\n  undue close\n  staff bao@x: #12 is as it was before your last step.\n"
	    "say 0\n  staff bao@x: There is nothing to undo on #12: only your own last step counts, for ten minutes.\n");
}

static void
test_mode(void **state)
{
	(void)state;
	clear();
	w.given.text = "listen";
	BAO("mode", "mode listen\nsay 0\n  staff bao@x: East Gate: I only show the officer what I would register.\n");
	assert_int_equal(w.desk->mode, MODE_LISTEN);
	w.desk->mode = MODE_NORMAL;
}

static void
test_open(void **state)
{
	struct matter *m;

	(void)state;
	clear();
	BAO("open", "say 0\n  staff bao@x: Nothing is open.\n");
	m = matter_made("answered", false);
	m->row.number = 10;
	matter_made("open", false);
	m = matter_made("taken", true);
	m->row.number = 14;
	m->row.taken_by = 3;
	BAO("open", "say 0\n  staff bao@x: #12 [East Gate] ann: I lost my keys near the gate – not answered yet, 5 minutes\n"
	    "#14 [East Gate] ann: I lost my keys near the gate – being looked into, 5 minutes, Wang\n"
	    "✓ #10 [East Gate] ann: I lost my keys near the gate – answered, 5 minutes\n");
	m->row.taken_by = 0;
	say(cmd_find(commands, "open"), "wang@x", NULL, WAY_STAFF,
	    "say 0\n  staff wang@x: #12 ann: I lost my keys near the gate – not answered yet, 5 minutes\n"
	    "#14 (private, Lost property) – being looked into, 5 minutes\n"
	    "✓ #10 ann: I lost my keys near the gate – answered, 5 minutes\n");
}

/* --- residents --- */

static void
test_cancel_and_reopen(void **state)
{
	(void)state;
	clear();
	w.given.matter = matter_made("taken", false);
	ANN("cancel", "change 12 cancelled -> cancelled by resident 0 ann@y\n  desk ann@y: All right, #12 is withdrawn.\n");
	w.given.text = "still missing";
	ANN("reopen", "change 12 reopened -> open by resident 0 ann@y added \"still missing\"\n  undue close\n"
	    "  staff bao@x: #12 is open again. ann: still missing\n  desk ann@y: #12 is open again.\n");
	w.given.text = "";
	BAO("reopen", "change 12 reopened -> open by staff 1\n  undue close\n  staff bao@x: #12 is open again.\n");
}

static void
test_rate(void **state)
{
	(void)state;
	clear();
	w.given.matter = matter_made("done", false);
	w.given.rating = 4;
	ANN("rate", "change 12 rated -> same by resident 0 ann@y rating 4\n  desk ann@y: Thank you, #12 is rated 4.\n");
	BAO("rate", "say 0\n  staff bao@x: Sorry, only staff or whoever asked can do that.\n");
}

static void
test_status(void **state)
{
	struct matter *m;

	(void)state;
	clear();
	w.given.matter = m = matter_made("taken", true);
	m->row.taken_by = 1;
	ANN("status", "say 0\n  desk ann@y: #12 Lost property: being looked into. Asked 11:55. With: Bao.\n"
	    "ann: I lost my keys near the gate\n");
	say(cmd_find(commands, "status"), "wang@x", NULL, WAY_STAFF,
	    "say 0\n  staff wang@x: #12 Lost property: being looked into. Asked 11:55. With: Bao.\n");
}

static void
test_my(void **state)
{
	struct matter_row two[2];

	(void)state;
	clear();
	w.nmine = 0;
	ANN("my", "say 0\n  desk ann@y: You have no matters with us now.\n");
	two[0] = matter_made("open", false)->row;
	two[1] = two[0];
	two[1].number = 9;
	two[1].state = "closed";
	w.mine = two;
	w.nmine = 2;
	ANN("我的", "say 0\n  desk ann@y: #12 Lost property, not answered yet (asked 11:55)\n"
	    "#9 Lost property, closed (asked 11:55)\n");
}

static void
test_wishes(void **state)
{
	struct person *p = people_get(w.hall->people, "ann@y");

	(void)state;
	clear();
	ANN("quiet", "say 0\n  desk ann@y: All right, I no longer read what you write, unless you name me or the officer. "
	    "To undo it, send #quiet off.\npreference quiet -\n");
	assert_true(p->quiet);
	w.given.text = "off";
	ANN("quiet", "say 0\n  desk ann@y: All right, I read along again and notice when you need something.\npreference heard -\n");
	assert_false(p->quiet);
	w.given.text = "zh-Hant";
	ANN("lang", "say 0\n  desk ann@y: 好的，以後我用繁體中文跟您說。\npreference heard zh-Hant\n");
	w.given.text = "en";
	ANN("lang", "say 0\n  desk ann@y: From now on I write to you in English.\npreference heard en\n");
}

static void
test_help(void **state)
{
	(void)state;
	clear();
	w.given.text = "＃进度";
	ANN("help", "say 0\n  desk ann@y: #status 12 – how far it is\n");
	w.given.text = "take";
	ANN("help", "say 0\n  desk ann@y: I do not know the command “take”. #help shows what there is.\n");
	BAO("help", "say 0\n  staff bao@x: #take 12 – this one is yours\n");
}

/* --- new --- */

static void
test_new_line(void **state)
{
	struct spoken *s;

	(void)state;
	clear();
	hear_line("s5", "tom@y", "tom", "my keys are lost near the market, has anyone found them?", 30);
	w.quoted = "s5";
	BAO("new", "open lost_item hand room by staff 1, key s5, source s5, asker tom@y, nick tom, 30 min ago: "
	    "my keys are lost near the market, has anyone found them?\n"
	    "  staff bao@x: Registered as #\xef\xbf\xbc: my keys are lost near the market, has anyone found them?\n");
	s = talk_by_id(w.desk, "s5");
	assert_int_equal(s->number, 31);
	assert_non_null(desk_matter(w.desk, 31));
	ANN("new", "say 0\n  desk ann@y: That line is already registered as #31.\n");
	s->number = 0;		/* as if it had been registered before the hall was restarted */
	w.outcome = "again";
	ANN("new", "open lost_item hand room by resident 0, key s5, source s5, asker tom@y, nick tom, 30 min ago: "
	    "my keys are lost near the market, has anyone found them?\n"
	    "  desk ann@y: Noted as #\xef\xbf\xbc: Bao will answer you by 14:00.\n"
	    "say 0\n  desk ann@y: That line is already registered as #31.\n");
}

static void
test_new_words(void **state)
{
	(void)state;
	clear();
	w.given.text = "When does the office open?";
	ANN("new", "open enquiry hand private by resident 0, key k1, source k1, asker ann@y, nick ann, 0 min ago: "
	    "When does the office open?\n  desk ann@y: Noted as #\xef\xbf\xbc: Bao will answer you by 14:00.\n");
	clear();
	w.given.text = "Mrs Li asks about the lamp";
	say(cmd_find(commands, "new"), "bao@x", NULL, WAY_FORM,
	    "open enquiry hand private by staff 1, key k1, source -, asker -, nick -, 0 min ago: Mrs Li asks about the lamp\n"
	    "  staff bao@x: Registered as #\xef\xbf\xbc: Mrs Li asks about the lamp\n"
	    "form: Registered as #31: Mrs Li asks about the lamp\n");
	clear();
	w.given.text = "I saw a thief steal a bike, I want to report it";
	ANN("new", "open crime_tip hand private private by resident 0, key k1, source k1, asker ann@y, nick ann, 0 min ago: "
	    "I saw a thief steal a bike, I want to report it\n"
	    "  staff bao@x: New private matter #\xef\xbf\xbc (Tip about a crime, East Gate). To read it, send #status \xef\xbf\xbc.\n"
	    "  desk ann@y: Noted as #\xef\xbf\xbc. Only Bao, who is responsible for it, can see it, and will answer you by 13:00. "
	    "Please write details here and not in the room.\n");
}

static void
test_new_own_line(void **state)
{
	(void)state;
	clear();
	ANN("new", "say 0\n  desk ann@y: What shall I register? Send #new and what it is about, or reply #new to the line.\n");
	hear_line("s7", "ann@y", "ann", "the street light at gate 3 is broken", 4);
	hear_line("s8", "tom@y", "tom", "here too", 3);
	hear_line("s9", "ann@y", "ann", "#my", 2);
	ANN("new", "open hazard hand room urgent by resident 0, key s7, source s7, asker ann@y, nick ann, 4 min ago: "
	    "the street light at gate 3 is broken\n"
	    "  staff bao@x: URGENT #\xef\xbf\xbc East Gate, ann: the street light at gate 3 is broken\n"
	    "If you take it, send #take \xef\xbf\xbc.\n"
	    "  desk ann@y: Noted as #\xef\xbf\xbc: Bao will answer you by 13:00.\n");
}

/* A likely line: on the list with a "?", registered by hand, and then a candidate no longer. */
static void
test_new_candidate(void **state)
{
	struct candidate *c = xcalloc(1, sizeof *c);

	(void)state;
	clear();
	hear_line("s11", "tom@y", "tom", "somebody took my parcel?", 3);
	*c = (struct candidate){ .id = 1, .desk = w.desk, .code = xstrdup("lost_item"), .who = xstrdup("tom@y"),
		.nick = xstrdup("tom"), .text = xstrdup("somebody took my parcel?"), .stanza_id = xstrdup("s11"),
		.key = xstrdup("s11"), .sent = NOON - 3 * MINUTE };
	TAILQ_INSERT_HEAD(&w.desk->candidates, c, next);
	BAO("open", "say 0\n  staff bao@x: ? [East Gate] tom: somebody took my parcel?\n"
	    "Lines with ? are not registered. To register one, reply #new to it in the room.\n");
	w.quoted = "s11";
	BAO("new", "open lost_item hand room by staff 1, key s11, source s11, asker tom@y, nick tom, 3 min ago: "
	    "somebody took my parcel?\n  staff bao@x: Registered as #\xef\xbf\xbc: somebody took my parcel?\n");
	assert_true(TAILQ_EMPTY(&w.desk->candidates));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_take), cmocka_unit_test(test_answer_in_room), cmocka_unit_test(test_answer_in_private),
		cmocka_unit_test(test_answer_by_form), cmocka_unit_test(test_ask), cmocka_unit_test(test_done),
		cmocka_unit_test(test_drop), cmocka_unit_test(test_assign), cmocka_unit_test(test_note),
		cmocka_unit_test(test_undo), cmocka_unit_test(test_mode), cmocka_unit_test(test_open),
		cmocka_unit_test(test_cancel_and_reopen), cmocka_unit_test(test_rate), cmocka_unit_test(test_status),
		cmocka_unit_test(test_my), cmocka_unit_test(test_wishes), cmocka_unit_test(test_help),
		cmocka_unit_test(test_new_line), cmocka_unit_test(test_new_words), cmocka_unit_test(test_new_own_line),
		cmocka_unit_test(test_new_candidate),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
