/*
 * What a line says about a matter that is already open: MANNERS on answers,
 * thanks and "not solved".  In doubt it must be nothing.
 */
#include "text_fixture.h"

#include <string.h>

#include "base/str.h"

enum who { STAFF, ASKER, OTHER };

/* The room: ann's lost keys #12 (open), 老王's noise #7 (answered), newest first. */
struct turn {
	const char	*text;
	enum relation	 relation;
	long long	 about;
};

static const char *const relation_names[] = { "nothing", "an answer", "a weak answer", "an addition", "thanks",
    "not solved", "a cancellation", "taken", "done" };

static const struct intent *
hear_among(struct fixture *f, const char *text, bool by_staff, const char *speaker, long long quoted)
{
	struct open_matter open[] = {
		{ .number = 12, .kind = "lost_item", .nick = "ann", .text = "我的钥匙丢了，在菜市场" },
		{ .number = 7, .kind = "nuisance", .nick = "老王", .text = "楼下琴行天天唱歌唱到晚上十点", .answered = true },
	};
	struct heard h = heard_in_room(text);

	for (size_t i = 0; i < 2; i++) {
		open[i].mine = str_eq(speaker, open[i].nick);
		open[i].quoted = open[i].number == quoted;
	}
	h.by_staff = by_staff;
	h.open = open;
	h.nopen = 2;
	return hear_heard(f, h);
}

static void
check(const struct intent *in, const struct turn *t)
{
	if (in->relation == t->relation && in->about == t->about)
		return;
	show_reasons(in);
	fail_msg("\"%s\" is %s of #%lld, not %s of #%lld", t->text, relation_names[in->relation], in->about,
	    relation_names[t->relation], t->about);
}

/* (3) it names the asker; (2) it opens with a quotation; a number says it too. */
static void
staff_answer_by_name_quotation_or_number(void **state)
{
	static const struct turn turns[] = {
		{ "ann: 到所里失物招领处看看", REL_ANSWER, 12 }, { "ann, go and look at the station", REL_ANSWER, 12 },
		{ "ann，到所里看看", REL_ANSWER, 12 }, { "ann：到所里看看", REL_ANSWER, 12 }, { "@ann 到所里看看", REL_ANSWER, 12 },
		{ "@Ann到所里看看", REL_ANSWER, 12 }, { "ＡＮＮ：到所里看看", REL_ANSWER, 12 }, { "到所里看看 @ann", REL_ANSWER, 12 },
		{ "老王，已经和琴行谈过了，九点以后不唱", REL_ANSWER, 7 }, { "@老王已经和琴行谈过了，九点以后不唱", REL_ANSWER, 7 },
		{ "> 我的钥匙丢了，在菜市场\n到所里失物招领处看看", REL_ANSWER, 12 },
		{ "> ann: 我的鑰匙丟了，在菜市場\n到所裡看看", REL_ANSWER, 12 },
		{ "＞我的钥匙丢了\n到所里看看", REL_ANSWER, 12 },
		{ "> 楼下琴行天天唱歌唱到晚…\n我们今晚上门", REL_ANSWER, 7 },
		{ "#12 到所里看看", REL_ANSWER, 12 }, { "关于 #7 ，已经谈过了，今晚再看", REL_ANSWER, 7 }, { "＃12 到所里看看", REL_ANSWER, 12 },
		{ "ann: 什么颜色的钥匙？", REL_ANSWER, 12 },
		{ "ann: 👀", REL_TAKEN, 12 }, { "ann: 收到，马上到", REL_TAKEN, 12 }, { "ann: on it", REL_TAKEN, 12 }, { "@ann 我来处理", REL_TAKEN, 12 },
		{ "ann: 好了", REL_DONE, 12 }, { "ann: done ✅", REL_DONE, 12 }, { "老王，办好了", REL_DONE, 7 }, { "#12 已处理", REL_DONE, 12 },
		{ "ann: 你好", REL_NONE, 0 }, { "ann: 哈哈哈", REL_NONE, 0 }, { "ann: 谢谢", REL_NONE, 0 }, { "ann:", REL_NONE, 0 },
		{ "> 我的钥匙丢了，在菜市场", REL_NONE, 0 },
		{ "> 今天天气真好\n是啊", REL_NONE, 0 },
	};

	for (size_t i = 0; i < sizeof turns / sizeof *turns; i++)
		check(hear_among(*state, turns[i].text, true, "鲍国", 0), &turns[i]);
}

/* (1) XEP-0461: flow has resolved what is replied to. */
static void
staff_answer_by_reply(void **state)
{
	static const struct turn turns[] = {
		{ "到所里看看", REL_ANSWER, 7 }, { "你说的对，明天再去一次", REL_ANSWER, 7 }, { "接", REL_TAKEN, 7 }, { "我来", REL_TAKEN, 7 },
		{ "👀", REL_TAKEN, 7 }, { "👀\xef\xb8\x8f", REL_TAKEN, 7 }, { "on it", REL_TAKEN, 7 }, { "I'll take it", REL_TAKEN, 7 },
		{ "好了", REL_DONE, 7 }, { "办好了！", REL_DONE, 7 }, { "辦好了", REL_DONE, 7 }, { "done", REL_DONE, 7 }, { "Done.", REL_DONE, 7 },
		{ "✅", REL_DONE, 7 }, { "ok", REL_DONE, 7 }, { "搞掂", REL_DONE, 7 },
		{ "好了再通知你，等我跟琴行谈完", REL_ANSWER, 7 }, { "😂😂😂", REL_NONE, 0 },
		{ "大家好", REL_NONE, 0 },
	};

	for (size_t i = 0; i < sizeof turns / sizeof *turns; i++)
		check(hear_among(*state, turns[i].text, true, "鲍国", 7), &turns[i]);
}

/* (4) a bare next line, about the newest that waits; not if it names another, or is a notice, a greeting, thanks, or to all. */
static void
staff_answer_weakly(void **state)
{
	static const struct turn turns[] = {
		{ "到所里失物招领处看看，下班前都有人", REL_ANSWER_WEAK, 12 }, { "去菜市场门卫那里问问", REL_ANSWER_WEAK, 12 },
		{ "Come to the station, someone handed in a bunch of keys", REL_ANSWER_WEAK, 12 },
		{ "什么样的钥匙？", REL_ANSWER_WEAK, 12 }, { "好的", REL_ANSWER_WEAK, 12 },
		{ "小李，明天你来值班", REL_NONE, 0 }, { "@小李 明天你来值班", REL_NONE, 0 }, { "@不在这里的人 到所里看看", REL_NONE, 0 },
		{ "大家早上好", REL_NONE, 0 }, { "good morning", REL_NONE, 0 }, { "谢谢大家", REL_NONE, 0 }, { "哈哈哈哈", REL_NONE, 0 },
		{ "【警方提示】凡是刷单的都是诈骗", REL_NONE, 0 }, { "各位居民，明天上午停水", REL_NONE, 0 }, { "谁看到了吗？大家帮忙留意一下", REL_NONE, 0 },
		{ "Has anyone seen them?", REL_NONE, 0 }, { "> 今天天气真好\n到所里看看", REL_NONE, 0 }, { "", REL_NONE, 0 }, { "  ", REL_NONE, 0 },
	};

	for (size_t i = 0; i < sizeof turns / sizeof *turns; i++)
		check(hear_among(*state, turns[i].text, true, "鲍国", 0), &turns[i]);
}

static void
staff_have_nothing_to_answer(void **state)
{
	struct open_matter answered = { .number = 7, .kind = "nuisance", .nick = "老王", .text = "x", .answered = true };
	struct heard h = heard_in_room("到所里看看");

	h.by_staff = true;
	assert_int_equal(hear_heard(*state, h)->relation, REL_NONE);
	h.open = &answered;
	h.nopen = 1;
	assert_int_equal(hear_heard(*state, h)->relation, REL_NONE);
}

static void
asker_of_an_answered_matter(void **state)
{
	static const struct turn turns[] = {
		{ "谢谢", REL_THANKS, 7 }, { "谢谢鲍警官，安静多了", REL_THANKS, 7 }, { "感謝范警官，唱歌的聲音小多了", REL_THANKS, 7 },
		{ "唔該晒", REL_THANKS, 7 }, { "thank you so much!", REL_THANKS, 7 }, { "Thanks Officer, quiet now", REL_THANKS, 7 }, { "3Q", REL_THANKS, 7 },
		{ "辛苦了👍", REL_THANKS, 7 },
		/* before the answer, with a question, a "but", or a new request: no thanks */
		{ "先谢谢了", REL_NONE, 0 }, { "thanks in advance", REL_NONE, 0 }, { "谢谢，那几点来？", REL_NONE, 0 },
		{ "谢谢，但是昨晚还在吵", REL_UNSOLVED, 7 }, { "thanks, but still not quiet", REL_UNSOLVED, 7 },
		{ "谢谢，不过能不能再早一点", REL_NONE, 0 }, { "谢谢，不过声音比以前更大", REL_NONE, 0 },
		{ "谢谢，另外我的身份证丢了怎么补办？", REL_NONE, 0 },
		/* not solved */
		{ "没用，还在吵", REL_UNSOLVED, 7 }, { "还是没人管啊", REL_UNSOLVED, 7 }, { "昨晚又开始了", REL_UNSOLVED, 7 }, { "仲係好嘈，都未停", REL_UNSOLVED, 7 },
		{ "Still not solved, they sang until 11", REL_UNSOLVED, 7 }, { "nobody came", REL_UNSOLVED, 7 },
		/* taken back */
		{ "不用了，已经解决了", REL_CANCEL, 7 }, { "never mind", REL_CANCEL, 7 }, { "算了", REL_CANCEL, 7 },
		{ "不用了吗？", REL_NONE, 0 },
		/* more of it, and talk */
		{ "昨天唱到晚上十一点", REL_ADDS, 7 }, { "就在和平路12号楼下", REL_ADDS, 7 },
		{ "哈哈哈哈", REL_NONE, 0 }, { "早上好", REL_NONE, 0 }, { "嗯", REL_NONE, 0 },
	};

	for (size_t i = 0; i < sizeof turns / sizeof *turns; i++)
		check(hear_among(*state, turns[i].text, false, "老王", 0), &turns[i]);
}

static void
asker_of_an_open_matter(void **state)
{
	static const struct turn turns[] = {
		{ "找到了，不用了", REL_CANCEL, 12 }, { "搵返啦，唔使喇", REL_CANCEL, 12 }, { "Never mind, found it", REL_CANCEL, 12 },
		{ "找到了，谢谢大家", REL_CANCEL, 12 },
		{ "钥匙上有个红色的小熊", REL_ADDS, 12 }, { "下午三点左右在菜市场门口", REL_ADDS, 12 }, { "around 3pm near the market", REL_ADDS, 12 },
		/* nothing was answered yet: thanks say nothing, and "still not" only adds */
		{ "谢谢", REL_NONE, 0 }, { "thank you all", REL_NONE, 0 }, { "还是没找到", REL_ADDS, 12 },
		{ "楼上天天装修太吵了，能不能管管", REL_NONE, 0 }, { "今天好热啊", REL_NONE, 0 }, { "@老王 你家在哪栋", REL_NONE, 0 },
	};

	for (size_t i = 0; i < sizeof turns / sizeof *turns; i++)
		check(hear_among(*state, turns[i].text, false, "ann", 0), &turns[i]);
}

/* Others close and reopen nothing; replying to the answer with thanks is for the asker's matter all the same. */
static void
others_touch_nothing(void **state)
{
	static const struct turn turns[] = {
		{ "谢谢", REL_NONE, 0 }, { "没用，还在吵", REL_NONE, 0 }, { "不用了", REL_NONE, 0 }, { "我也听到了", REL_NONE, 0 },
		{ "ann: 我好像看到过", REL_NONE, 0 }, { "@ann 在菜市场门口", REL_NONE, 0 },
	};

	for (size_t i = 0; i < sizeof turns / sizeof *turns; i++)
		check(hear_among(*state, turns[i].text, false, "小李", 0), &turns[i]);
	check(hear_among(*state, "谢谢鲍警官", false, "小李", 7), &(struct turn){ "reply with thanks", REL_THANKS, 7 });
	check(hear_among(*state, "还在吵", false, "小李", 7), &(struct turn){ "reply, still noisy", REL_NONE, 0 });
}

/* The newest unanswered matter of one asker is meant when she is named. */
static void
picks_among_one_askers_matters(void **state)
{
	const struct open_matter open[] = {
		{ .number = 30, .kind = "nuisance", .nick = "ann", .text = "楼上很吵", .answered = true },
		{ .number = 20, .kind = "lost_item", .nick = "ann", .text = "钥匙丢了" },
		{ .number = 10, .kind = "enquiry", .nick = "ann", .text = "身份证怎么办" },
	};
	struct heard h = heard_in_room("ann: 到所里看看");

	h.by_staff = true;
	h.open = open;
	h.nopen = 3;
	check(hear_heard(*state, h), &(struct turn){ h.text, REL_ANSWER, 20 });
	h.text = "#10 带户口簿来";
	check(hear_heard(*state, h), &(struct turn){ h.text, REL_ANSWER, 10 });
	h.text = "> 身份证怎么办\n带户口簿来";
	check(hear_heard(*state, h), &(struct turn){ h.text, REL_ANSWER, 10 });
}

/* A command is a command, whatever it replies to. */
static void
commands_relate_to_nothing(void **state)
{
	const struct intent *in = hear_among(*state, "#done 7 谈好了", true, "鲍国", 7);

	assert_string_equal(in->command, "done");
	assert_int_equal(in->relation, REL_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(staff_answer_by_name_quotation_or_number),
		cmocka_unit_test(staff_answer_by_reply),
		cmocka_unit_test(staff_answer_weakly),
		cmocka_unit_test(staff_have_nothing_to_answer),
		cmocka_unit_test(asker_of_an_answered_matter),
		cmocka_unit_test(asker_of_an_open_matter),
		cmocka_unit_test(others_touch_nothing),
		cmocka_unit_test(picks_among_one_askers_matters),
		cmocka_unit_test(commands_relate_to_nothing),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
