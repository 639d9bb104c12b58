/*
 * Commands in the spellings that people and keyboards make of them, and what only
 * looks like a command.
 */
#include "text_fixture.h"

#include <string.h>

#include "base/str.h"

struct spelling {
	const char	*text, *command;
	long long	 number;
	const char	*rest;
};

static const struct spelling commands[] = {
	/* the mark, and the spaces around it */
	{ "#take 12", "take", 12, "" }, { "# take 12", "take", 12, "" }, { "#  take   12", "take", 12, "" },
	{ "#take12", "take", 12, "" }, { "#TAKE 12", "take", 12, "" }, { "#Take 12 ", "take", 12, "" },
	{ " #take 12", "take", 12, "" }, { "\t#take\t12", "take", 12, "" }, { "＃take 12", "take", 12, "" },
	{ "＃ take 12", "take", 12, "" }, { "＃ｔａｋｅ　１２", "take", 12, "" }, { "﹟take 12", "take", 12, "" },
	{ "/take 12", "take", 12, "" }, { "//take 12", "take", 12, "" }, { "／take 12", "take", 12, "" },
	{ "／／take 12", "take", 12, "" }, { "!take 12", "take", 12, "" }, { "！take 12", "take", 12, "" },
	{ "\n#take 12", "take", 12, "" }, { "#take 12\n", "take", 12, "" },
	/* the number */
	{ "#take #12", "take", 12, "" }, { "#take#12", "take", 12, "" }, { "#take no.12", "take", 12, "" },
	{ "#take no 12", "take", 12, "" }, { "#take No. 12", "take", 12, "" }, { "#take: 12", "take", 12, "" },
	{ "#take：12", "take", 12, "" }, { "#take (12)", "take", 12, "" }, { "#take （12）", "take", 12, "" },
	{ "#take 012", "take", 12, "" }, { "#take 12.", "take", 12, "" }, { "#take (12", "take", 0, "(12" }, { "#take 12。", "take", 12, "" },
	{ "#take 4711", "take", 4711, "" }, { "#take 123456789012345", "take", 123456789012345, "" },
	{ "#take", "take", 0, "" }, { "#take ", "take", 0, "" }, { "#take 0", "take", 0, "0" },
	{ "#take 1234567890123456", "take", 0, "1234567890123456" }, { "#take -3", "take", 0, "-3" },
	{ "#take twelve", "take", 0, "twelve" },
	/* simplified */
	{ "#接12", "take", 12, "" }, { "#接 12", "take", 12, "" }, { "＃接12", "take", 12, "" }, { "＃接 １２", "take", 12, "" },
	{ "＃ 接 12", "take", 12, "" }, { "#接１２", "take", 12, "" }, { "#接#12", "take", 12, "" }, { "#接＃12", "take", 12, "" },
	{ "#接12号", "take", 12, "" }, { "#接 12 号", "take", 12, "号" }, { "#接：12", "take", 12, "" }, { "/接12", "take", 12, "" },
	{ "//接 12", "take", 12, "" }, { "！接12", "take", 12, "" }, { "#接", "take", 0, "" }, { "#接。", "take", 0, "" },
	{ "#办结12", "done", 12, "" }, { "#办结 12 已电话告知", "done", 12, "已电话告知" }, { "#办结12已电话告知", "done", 12, "已电话告知" },
	{ "#办结 12，已电话告知", "done", 12, "已电话告知" }, { "#办结12：已电话告知", "done", 12, "已电话告知" },
	{ "#进度 12", "status", 12, "" }, { "#撤回12", "cancel", 12, "" }, { "#重开 12 还在吵", "reopen", 12, "还在吵" },
	{ "#评价 12 5", "rate", 12, "5" }, { "#评价12 5分", "rate", 12, "5分" }, { "#转给 12 @小李", "assign", 12, "@小李" },
	{ "#追问12 什么颜色？", "ask", 12, "什么颜色？" }, { "#请示 12 周末能不能加班办", "ask-up", 12, "周末能不能加班办" },
	{ "#记 12 已上门", "note", 12, "已上门" }, { "#待办", "open", 0, "" }, { "#我的", "my", 0, "" }, { "#帮助", "help", 0, "" },
	{ "#免打扰", "quiet", 0, "" }, { "#语言 en", "lang", 0, "en" }, { "#接班", "handover", 0, "" }, { "# 接班", "handover", 0, "" },
	{ "#登记我家钥匙丢了", "new", 0, "我家钥匙丢了" }, { "#登记 我家钥匙丢了", "new", 0, "我家钥匙丢了" },
	{ "#登记：我家钥匙丢了", "new", 0, "我家钥匙丢了" }, { "#登记\n我家钥匙丢了", "new", 0, "我家钥匙丢了" },
	{ "#登记12号楼门坏了", "new", 0, "12号楼门坏了" }, { "#不是", "drop", 0, "" }, { "#不是 12", "drop", 12, "" },
	/* traditional */
	{ "#幫助", "help", 0, "" }, { "＃幫助", "help", 0, "" }, { "#登記 我屋企鎖匙唔見咗", "new", 0, "我屋企鎖匙唔見咗" },
	{ "#進度12", "status", 12, "" }, { "#辦結 12 已電話告知", "done", 12, "已電話告知" }, { "#轉給12 @小李", "assign", 12, "@小李" },
	{ "#回復 12 明天來", "answer", 12, "明天來" }, { "#待辦", "open", 0, "" }, { "#撤銷", "undo", 0, "" }, { "#記 12 已上門", "note", 12, "已上門" },
	{ "#評價 12 5", "rate", 12, "5" }, { "#重開12", "reopen", 12, "" }, { "#免打擾", "quiet", 0, "" }, { "#語言 繁體", "lang", 0, "繁體" },
	/* English */
	{ "#help", "help", 0, "" }, { "#HELP", "help", 0, "" }, { "#help take", "help", 0, "take" },
	{ "#new my keys are gone", "new", 0, "my keys are gone" }, { "#new: my keys are gone", "new", 0, "my keys are gone" },
	{ "#new我的钥匙丢了", "new", 0, "我的钥匙丢了" }, { "#done 12 told her by phone", "done", 12, "told her by phone" },
	{ "#done 12: told her", "done", 12, "told her" }, { "#ask 12 what colour?", "ask", 12, "what colour?" },
	{ "#ask-up 12 may we open on Sunday?", "ask-up", 12, "may we open on Sunday?" },
	{ "#answer 12 come at 3:30 pm", "answer", 12, "come at 3:30 pm" }, { "#answer 12 3:30 pm", "answer", 12, "3:30 pm" },
	{ "#answer 3:30 pm is fine", "answer", 0, "3:30 pm is fine" }, { "#answer 2.5 hours", "answer", 0, "2.5 hours" },
	{ "#answer 3rd floor", "answer", 0, "3rd floor" }, { "#rate 12 5", "rate", 12, "5" }, { "#undo", "undo", 0, "" },
	{ "#open", "open", 0, "" }, { "#my", "my", 0, "" }, { "#lang zh-Hant", "lang", 0, "zh-Hant" },
	{ "#mode listen", "mode", 0, "listen" }, { "#note 12 Ünïcödé stays", "note", 12, "Ünïcödé stays" },
	/* to the desk by name */
	{ "议事厅: #take 12", "take", 12, "" }, { "议事厅, take 12", "take", 12, "" }, { "议事厅：接12", "take", 12, "" },
	{ "議事廳，接 12", "take", 12, "" }, { "@议事厅 接12", "take", 12, "" }, { "@议事厅 #接12", "take", 12, "" },
	{ "议事厅 帮助", "help", 0, "" }, { "议事厅, help", "help", 0, "" }, { "议事厅：help 接", "help", 0, "接" },
	{ "议事厅: done 12 told her", "done", 12, "told her" }, { "> ann: 钥匙丢了\n#登记", "new", 0, "" },
	{ "@ann #登记 她的钥匙丢了", "new", 0, "她的钥匙丢了" },
};

static void
reads_every_spelling(void **state)
{
	assert_true(sizeof commands / sizeof *commands >= 100);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		const struct spelling *s = &commands[i];
		const struct intent *in = hear(*state, s->text);

		if (str_eq(in->command, s->command) && in->number == s->number && str_eq(in->rest, s->rest) && !in->half &&
		    in->kind == NULL && !in->needs_answer)
			continue;
		fail_msg("\"%s\" is %s %lld \"%s\"%s", s->text, in->command ? in->command : "no command", in->number,
		    in->rest, in->half ? ", half" : "");
	}
}

static const char *const no_commands[] = {
	"take 12", "接12", "接 12", "help", "帮助", "help me please", "帮助一下我", "# 12", "#12", "#12 收到", "＃12", "#", "##", "#!", "#?",
	"#9号楼#漏水了", "#春节快乐#大家好", "/me waves", "/", "//", "/usr/bin/take", "/home", "!", "!!!", "！！！", "! take", "/ take 12",
	"I said #take 12", "请发 #接 12", "> #take 12", "> #接 12\n好", "好的 #接", "12#接", "议事厅，帮助我找钥匙", "议事厅: new houses are ugly",
	"议事厅你好", "https://example.org/#take", "user@host/take 12", ":#", "", " ", "3/4", "24/7", "鲍国: 帮助", "ann: help",
};

static void
leaves_prose_alone(void **state)
{
	for (size_t i = 0; i < sizeof no_commands / sizeof *no_commands; i++) {
		const struct intent *in = hear(*state, no_commands[i]);

		/* "/home" alone may be shown back as an unknown word; it runs nothing. */
		if (in->command != NULL || (in->half && strcmp(no_commands[i], "/home") != 0))
			fail_msg("\"%s\" is %s \"%s\"", no_commands[i], in->command ? in->command : "half", in->rest);
	}
}

static void
shows_half_typed_words(void **state)
{
	static const struct {
		const char	*text, *word;
	} halves[] = {
		{ "#tak 12", "tak" }, { "#接龙", "接龙" }, { "#newer things", "newer" }, { "＃tkae 12", "tkae" }, { "# hlep", "hlep" },
		{ "/statsu 12", "statsu" }, { "//foo", "foo" }, { "!dnoe 12", "dnoe" }, { "#办节 12", "办节" }, { "议事厅: #tkae 12", "tkae" },
		{ "#take_this", "take_this" }, { "#ask-upp 12", "ask-upp" },
	};

	for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
		const struct intent *in = hear(*state, halves[i].text);

		if (!in->half || in->command != NULL || !str_eq(in->rest, halves[i].word))
			fail_msg("\"%s\": half %d, %s, \"%s\"", halves[i].text, in->half,
			    in->command ? in->command : "no command", in->rest);
	}
}

/* A command is read by anybody alike: who may is not the reader's business. */
static void
reads_alike_for_staff(void **state)
{
	struct heard h = heard_in_room("＃接 12 我去");

	h.by_staff = true;
	assert_string_equal(hear_heard(*state, h)->command, "take");
	assert_int_equal(((struct fixture *)*state)->in.number, 12);
	assert_string_equal(((struct fixture *)*state)->in.rest, "我去");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_spelling),
		cmocka_unit_test(leaves_prose_alone),
		cmocka_unit_test(shows_half_typed_words),
		cmocka_unit_test(reads_alike_for_staff),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
