/*
 * Lines as people write them: the opening lines of the thirteen episodes in both
 * scripts and in English, with their typing errors, and the talk around them that
 * must not be taken for a request.
 */
#include "text_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"

#define NO	BAND_NONE
#define LIKELY	BAND_LIKELY
#define SURE	BAND_SURE

struct line {
	const char	*text;
	const char	*kind;	/* NULL: any, or none */
	enum band	 least;	/* the band it must reach; NO: it must not need an answer */
};

static const struct line episodes[] = {
	/* E2: a household register, asked by name */
	{ "@鲍国，我家在和平村那边，户口薄找不到了，户口簿能不能帮忙补办一本，我让儿子跑一趟", "enquiry", SURE },
	{ "鲍国: 我是和平村的 户口本找不着了怎么补办啊 能让我儿子代办吗", "enquiry", SURE },
	{ "@鮑國，我家住和平村那邊的，戶口簿找不到了，可不可以幫忙補辦一本，我叫我兒子跑一趟", "enquiry", SURE },
	{ "@Bao Guo I live over in Heping village, our household register is lost, how can i get a replacement? can my son come for it", "enquiry", LIKELY },
	{ "鲍警官，居住证到期了要怎么续", "enquiry", SURE },
	{ "Officer Bao, what do I need to bring to renew my id card pls", "enquiry", SURE },
	/* E3: drivers */
	{ "建议在盘山路那个急弯装个反光镜，大车下来根本看不见", "suggestion", LIKELY },
	{ "希望能在学校门口那段路加装减速带，接孩子的时候太危险了", NULL, LIKELY },
	{ "建議在山路急彎處加裝一面反光鏡，大車下來完全看不到", "suggestion", LIKELY },
	{ "I suggest a mirror on the sharp bend of the mountain road, lorries come down blind", "suggestion", LIKELY },
	{ "早上校门口有人把车停在路中间，堵的死死的，能不能来人管管", "traffic", LIKELY },
	{ "早上校門口又有人亂停車，堵住出口，可不可以派人來處理", "traffic", LIKELY },
	{ "A lorry is parked illegally in front of my gate and blocking the driveway, can someone come?", "traffic", SURE },
	/* E4: forest, fish, sand */
	{ "刚才看到有人在水库电鱼，两个男的开一辆面包车", "crime_tip", LIKELY },
	{ "河边又有人偷采沙子，半夜开挖机，举报", "crime_tip", LIKELY },
	{ "剛剛見到有人喺水庫電魚，兩個男人", "crime_tip", LIKELY },
	{ "someone is poaching in the reserve again, heard shots near the dam", "crime_tip", LIKELY },
	{ "illegal fishing at the reservoir right now, two men with a van", "crime_tip", LIKELY },
	{ "后山有人烧荒，烟很大", "hazard", LIKELY },
	/* E5: opening hours */
	{ "周六周日派出所是否能办身份证?", "enquiry", SURE },
	{ "請問週六週日派出所是否能辦身份證？", "enquiry", SURE },
	{ "Is the police station open on Saturdays and Sundays for id cards?", "enquiry", SURE },
	{ "请问户籍窗口中午休息吗 想带老人来办证", "enquiry", SURE },
	{ "can we do the id card at the station on weekend? many pupils need it", "enquiry", LIKELY },
	/* E6: a schoolbag */
	{ "孩子书包丢了，从二小到汽车站这段路上，哪位邻居看到麻烦说一声", "lost_item", SURE },
	{ "小孩的书包掉在2路公交车上了 有没有人捡到", "lost_item", SURE },
	{ "孩子的書包丟了，從二小到汽車站這段路，有看到的鄰居麻煩講一聲", "lost_item", SURE },
	{ "我個仔唔見咗個書包，由學校去到巴士站，有冇人見到", "lost_item", SURE },
	{ "My kid's schoolbag is lost somewhere between No 2 primary school and the bus station, has anyone seen it?", "lost_item", SURE },
	{ "i lost my keys near the market this morning, if anyone finds them please tell me", "lost_item", SURE },
	{ "门口捡到一串钥匙，谁的？", "found_item", SURE },
	{ "喺街市執到一個銀包，邊個跌咗？", "found_item", SURE },
	{ "Found a phone on bus 12, whose is this?", "found_item", SURE },
	/* E7: tools in a washing machine */
	{ "我是修家电的，工具落在客户家洗衣机里了，不记得哪户，能帮我找找吗", "lost_item", SURE },
	{ "我是修家電的，工具包忘在客人家洗衣機裡，不記得哪一戶，可以幫忙找嗎", "lost_item", SURE },
	{ "I'm a repairman, I left my tools in a customer's washing machine and can't remember the flat, can you help", "lost_item", LIKELY },
	/* E8: somebody is missing */
	{ "我妈妈走失了！78岁 穿红色外套 有老年痴呆 哪位看到请联系13812345678", "missing_person", SURE },
	{ "老人走丢了，下午三点从菜市场出去就没回家，大家帮忙看看", "missing_person", SURE },
	{ "我媽媽走失了，78歲，穿紅色外套，有看到的請聯絡我", "missing_person", SURE },
	{ "我阿媽唔見咗，佢有認知障礙，着住紅色外套", "missing_person", SURE },
	{ "my grandmother is missing, 78, red jacket, last seen at the market at 3pm, please help", "missing_person", SURE },
	{ "我女儿没回家，电话打不通，急死了", "missing_person", SURE },
	/* E10: swindles */
	{ "有人打电话说是公安局的让我转账到安全账户，是不是诈骗啊", "fraud", SURE },
	{ "有人打來自稱警察，要我轉帳到安全帳戶，是不是詐騙？", "fraud", SURE },
	{ "got a call from someone pretending to be police asking me to transfer money, is this a scam?", "fraud", SURE },
	{ "我被骗了，刷单刷进去三万块，怎么办", "fraud", SURE },
	{ "楼上天天往下扔烟头，高空抛物没人管吗", "hazard", LIKELY },
	{ "3号楼消防通道被电动车堵住了，出事怎么办", "hazard", SURE },
	{ "路燈壞了好幾天，巷子裡好黑，麻煩處理", "hazard", SURE },
	{ "The manhole cover outside gate 4 is missing, somebody will fall in", "hazard", SURE },
	/* E11: the music school */
	{ "楼下琴行天天唱歌唱到晚上十点，吵得孩子没法写作业，能管管吗", "nuisance", SURE },
	{ "樓下唱歌班每晚唱到十點，吵得小朋友沒法做功課，可以處理一下嗎", "nuisance", SURE },
	{ "樓上成日裝修嘈到死，星期日都唔停，點算", "nuisance", LIKELY },
	{ "the music school downstairs is so loud every night, my kids can't sleep, can someone do something?", "nuisance", SURE },
	/* E1 and others: anything unusual, other offices */
	{ "这两天有个陌生男的一直在我们楼道里转悠，还拍照，感觉很可疑", "unusual_report", LIKELY },
	{ "這兩天有個陌生男人一直在樓下徘徊，很可疑", "unusual_report", LIKELY },
	{ "there's a strange man hanging around building 5 taking photos of doors", "unusual_report", LIKELY },
	{ "小区又停水了，什么时候来水啊", "other_service", LIKELY },
	{ "垃圾堆了三天沒人清，臭死了，請處理", "other_service", LIKELY },
	{ "No electricity in building 3 since noon, when will it be back?", "other_service", LIKELY },
	/* E13: at any hour */
	{ "着火了！！3栋402厨房着火了快来人", "emergency", SURE },
	{ "失火啦！3棟402廚房著火，快啲嚟人", "emergency", SURE },
	{ "help fire now building 3 flat 402", "emergency", SURE },
	{ "警察同志，这么晚了还有人值班吗？我有事想问", "enquiry", LIKELY },
};

/* What keeps the desk silent. */
static const struct line quiet[] = {
	{ "感谢范警官,唱歌干扰声小多了", "thanks", NO },
	{ "感謝范警官，唱歌的聲音小多了", "thanks", NO },
	{ "Thank you Officer Fan, it is so much quieter now", "thanks", NO },
	{ "户口簿拿到了，谢谢鲍警官！", "thanks", NO },
	{ "谢谢大家，书包找到了", NULL, NO },
	{ "thanks everyone, found it!", "thanks", NO },
	{ "警方提示：凡是刷单的都是诈骗，请大家提高警惕", "notice", NO },
	{ "【警方提示】凡是要求轉帳到安全帳戶的都是詐騙，切勿相信", "notice", NO },
	{ "各位居民：明天上午9点到12点停水，请提前储水", "notice", NO },
	{ "Dear residents, the water will be cut tomorrow 9-12, please be advised", "notice", NO },
	{ "Beware of fake delivery texts, do not click the link", "notice", NO },
	{ "各位街坊，颱風期間請勿外出，小心招牌墜落", "notice", NO },
	{ "早上好", NULL, NO }, { "大家早安☀️", NULL, NO }, { "good morning everyone", NULL, NO },
	{ "哈哈哈哈笑死我了", NULL, NO }, { "今天热死了", NULL, NO }, { "lol this heat is killing me", NULL, NO },
	{ "这家火锅火了，排队两小时", NULL, NO }, { "晚上吃什么呀", NULL, NO }, { "食咗飯未呀", NULL, NO },
	{ "中午一起打球？", NULL, NO }, { "下雨了，收衣服啦", NULL, NO }, { "人呢", NULL, NO },
	{ "今天的夕阳好美", NULL, NO }, { "孩子终于放假了", NULL, NO }, { "周末愉快", NULL, NO },
	{ "昨晚的球赛太精彩了", NULL, NO }, { "这个视频好好笑😂", NULL, NO }, { "ok", NULL, NO }, { "收到", NULL, NO },
	{ "好的", NULL, NO }, { "+1", NULL, NO }, { "👍", NULL, NO }, { "", NULL, NO }, { "   ", NULL, NO }, { "？", NULL, NO },
	{ "偷得浮生半日闲", NULL, NO }, { "心情丢了哈哈", NULL, NO }, { "I lost the game again haha", NULL, NO },
	{ "She stole my heart lol", NULL, NO }, { "団购苹果，要的接龙", NULL, NO }, { "周末愉快，注意安全", NULL, NO },
	{ "I'm stuck in traffic, running late", NULL, NO }, { "堵车了，晚点到", NULL, NO }, { "新年快樂，身體健康", NULL, NO },
	{ "捡到失主的钥匙已经交到派出所了", "found_item", NO },
	{ "書包已經找到了，在同學家，不用找了", NULL, NO },
	{ "https://example.org/a-nice-picture.jpg", NULL, NO },
	{ "菜市场今天的鱼很新鲜", NULL, NO }, { "小猫好可爱", NULL, NO }, { "我儿子考上大学了！", NULL, NO },
	{ "楼上的说得对", NULL, NO }, { "哪里有好吃的火锅", NULL, NO }, { "有人一起拼单奶茶吗", NULL, NO },
};

static void
check(struct fixture *f, const struct line *l)
{
	const struct intent *in = hear(f, l->text);
	bool kind = l->kind == NULL || (in->kind != NULL && str_eq(in->kind->code, l->kind));
	bool band = l->least == NO ? !in->needs_answer : in->needs_answer && in->band >= l->least;

	if (kind && band)
		return;
	show_reasons(in);
	fail_msg("\"%s\" is not read as %s, band %d", l->text, l->kind != NULL ? l->kind : "any", l->least);
}

static void
reads_the_episodes(void **state)
{
	for (size_t i = 0; i < sizeof episodes / sizeof *episodes; i++)
		check(*state, &episodes[i]);
}

static void
leaves_talk_alone(void **state)
{
	for (size_t i = 0; i < sizeof quiet / sizeof *quiet; i++)
		check(*state, &quiet[i]);
}

static const struct {
	const char	*text;
	enum danger	 danger;
	const char	*kind;
} dangers[] = {
	{ "着火了，快来人", DANGER_CERTAIN, "fire" }, { "著火啦！！三樓", DANGER_CERTAIN, "fire" },
	{ "救命啊有人持刀", DANGER_CERTAIN, "police" }, { "有人喺樓下揸刀斬人", DANGER_CERTAIN, "police" },
	{ "我爸晕倒了没呼吸", DANGER_CERTAIN, "medical" }, { "阿婆暈低咗冇呼吸", DANGER_CERTAIN, "medical" },
	{ "help fire now", DANGER_CERTAIN, "fire" }, { "someone is bleeding badly at the gate", DANGER_CERTAIN, "medical" },
	{ "a man with a knife is in our building", DANGER_CERTAIN, "police" },
	{ "有人要跳楼，在8栋楼顶", DANGER_CERTAIN, "police" },
	{ "楼道里有煤气味", DANGER_POSSIBLE, "fire" }, { "I can smell gas in the corridor", DANGER_POSSIBLE, "fire" },
	{ "楼下打起来了", DANGER_POSSIBLE, "police" }, { "如果着火了该打什么电话", DANGER_POSSIBLE, "fire" },
	{ "去年我们楼着火了", DANGER_POSSIBLE, "fire" }, { "路邊有人跌倒受傷", DANGER_POSSIBLE, "medical" },
	{ "笑死我了", DANGER_NO, NULL }, { "热死了", DANGER_NO, NULL }, { "累死", DANGER_NO, NULL },
	{ "急死我了", DANGER_NO, NULL }, { "this heat is killing me", DANGER_NO, NULL }, { "这首歌火了", DANGER_NO, NULL },
	{ "电影里着火了那段好看", DANGER_NO, NULL }, { "没着火，别慌", DANGER_NO, NULL },
	{ "他真是我的救命恩人", DANGER_NO, NULL }, { "you're on fire today!", DANGER_NO, NULL },
	{ "大家预防一氧化碳中毒", DANGER_NO, NULL }, { "跳楼价大甩卖", DANGER_NO, NULL }, { "想死你了", DANGER_NO, NULL },
	{ "消防提示：家中着火了请拨打119", DANGER_NO, NULL }, { "我要笑到跳楼了哈哈", DANGER_NO, NULL },
	{ "nearly had a heart attack when I saw the bill", DANGER_NO, NULL },
};

static void
tells_danger_from_talk(void **state)
{
	for (size_t i = 0; i < sizeof dangers / sizeof *dangers; i++) {
		const struct intent *in = hear(*state, dangers[i].text);

		if (in->danger == dangers[i].danger && str_eq(in->danger_kind, dangers[i].kind))
			continue;
		show_reasons(in);
		fail_msg("\"%s\": danger %d %s", dangers[i].text, in->danger, in->danger_kind ? in->danger_kind : "-");
	}
}

static const struct {
	const char	*text;
	bool		 addressed;
	const char	*addressee;
	const char	*body;		/* NULL: as the text */
} mentions[] = {
	{ "鲍国, 在吗", true, "鲍国", "在吗" }, { "鲍国：在吗", true, "鲍国", "在吗" }, { "鮑國，在嗎", true, "鲍国", "在嗎" },
	{ "@鲍国 在吗", true, "鲍国", "在吗" }, { "@鲍国在吗", true, "鲍国", "在吗" }, { "鲍国在吗", true, "鲍国", "在吗" },
	{ "请问 @鲍国 在吗", true, "鲍国", NULL }, { "Bao Guo: are you there", true, "Bao Guo", "are you there" },
	{ "bao guo, hello", true, "Bao Guo", "hello" }, { "@BAO GUO hello", true, "Bao Guo", "hello" },
	{ "议事厅, 你好", true, "议事厅", "你好" }, { "议事厅hello", true, "议事厅", "hello" }, { "議事廳：你好", true, "议事厅", "你好" },
	{ "鲍警官在不在", true, "鲍国", NULL }, { "我想找鲍所长", true, "鲍国", NULL }, { "欧阳警官今天上班吗", true, "欧阳明", NULL },
	{ "Officer Bao are you there?", true, "Bao Guo", NULL }, { "鮑sir 喺唔喺度", true, "鲍国", NULL },
	{ "警察同志，请问身份证怎么办", true, NULL, NULL }, { "派出所的同志在吗？想问个事", true, NULL, NULL },
	{ "officer, can you help me?", true, NULL, NULL }, { "@police can someone come please", true, NULL, NULL },
	{ "感谢警察叔叔", false, NULL, NULL }, { "警官们辛苦了", false, NULL, NULL }, { "李警官昨天来过", false, NULL, NULL },
	{ "ann: hi", false, NULL, "hi" }, { "anniversary today", false, NULL, NULL }, { "我和鲍国说过了", false, NULL, NULL },
	{ "mail me at x@bao.example", false, NULL, NULL },
};

static void
finds_who_is_named(void **state)
{
	for (size_t i = 0; i < sizeof mentions / sizeof *mentions; i++) {
		const struct intent *in = hear(*state, mentions[i].text);
		const char *body = mentions[i].body != NULL ? mentions[i].body : mentions[i].text;

		if (in->addressed == mentions[i].addressed && str_eq(in->addressee, mentions[i].addressee) &&
		    str_eq(in->body, body))
			continue;
		show_reasons(in);
		fail_msg("\"%s\": addressed %d to %s, body \"%s\"", mentions[i].text, in->addressed,
		    in->addressee ? in->addressee : "-", in->body);
	}
}

static const struct {
	const char	*text;
	enum kind_lang	 lang;
	bool		 known;
} scripts[] = {
	{ "钥匙丢了", LANG_HANS, true }, { "鑰匙丟了", LANG_HANT, true }, { "my keys are gone", LANG_EN, true },
	{ "ok", LANG_EN, false }, { "12", LANG_EN, false }, { "你好", LANG_HANS, false }, { "佢喺邊度", LANG_HANT, true },
	{ "我的iPhone手机不见了", LANG_HANS, true }, { "皇后大道", LANG_HANS, false },
	{ "please tell 鲍国 that the gate is open again", LANG_EN, true },
};

static void
knows_the_script(void **state)
{
	for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
		const struct intent *in = hear(*state, scripts[i].text);

		if (in->lang_known != scripts[i].known || (in->lang_known && in->lang != scripts[i].lang))
			fail_msg("\"%s\": %s, known %d", scripts[i].text, lang_tag(in->lang), in->lang_known);
	}
}

static void
reads_verdicts(void **state)
{
	static const struct {
		const char	*text;
		int		 verdict;
	} words[] = {
		{ "1", 1 }, { "１", 1 }, { " 1。", 1 }, { "是", 1 }, { "是的！", 1 }, { "yes", 1 }, { "YES.", 1 }, { "好", 1 }, { "好的", 1 },
		{ "2", 2 }, { "２", 2 }, { "不是", 2 }, { "no", 2 }, { "不用", 2 }, { "不用了", 2 }, { "No thanks", 2 }, { "議事廳: 1", 1 },
		{ "12", 0 }, { "1 2", 0 }, { "是吗", 0 }, { "no one came", 0 }, { "3", 0 }, { "", 0 }, { "好的我明天来", 0 },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (hear(*state, words[i].text)->verdict != words[i].verdict)
			fail_msg("\"%s\" is verdict %d", words[i].text, ((struct fixture *)*state)->in.verdict);
}

static bool
has_slot(const struct intent *in, const char *line, const char *what, const char *words)
{
	for (size_t i = 0; i < in->nslots; i++)
		if (str_eq(in->slots[i].what, what) && in->slots[i].len == strlen(words) &&
		    strncmp(line + in->slots[i].at, words, in->slots[i].len) == 0)
			return true;
	return false;
}

static void
finds_slots_in_the_original(void **state)
{
	static const struct {
		const char	*text, *what, *words;
	} slots[] = {
		{ "孩子的書包丟了，在汽車站", "item", "書包" }, { "昨天下午三点丢了手机", "item", "手机" },
		{ "昨天下午三点丢了手机", "time", "昨天下午三点" }, { "在人民广场丢了钥匙", "place", "人民广场" },
		{ "我在和平路丢了钥匙", "place", "和平路" }, { "鲍国，书包丢在第二小学门口", "item", "书包" },
		{ "lost my wallet near People's Park at 3pm", "item", "wallet" },
		{ "I lost my phone at Hill Road yesterday", "place", "Hill Road" },
		{ "I lost my phone at Hill Road yesterday", "time", "yesterday" },
		{ "书包丢了，联系 １３８１２３４５６７８", "phone", "１３８１２３４５６７８" },
	};

	for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
		const struct intent *in = hear(*state, slots[i].text);

		if (has_slot(in, slots[i].text, slots[i].what, slots[i].words))
			continue;
		for (size_t k = 0; k < in->nslots; k++)
			print_message("  %s: %.*s\n", in->slots[k].what, (int)in->slots[k].len,
			    slots[i].text + in->slots[k].at);
		fail_msg("\"%s\" lacks %s %s", slots[i].text, slots[i].what, slots[i].words);
	}
}

static void
keeps_quotations_apart(void **state)
{
	const struct intent *in = hear(*state, "> #take 12\n> 钥匙丢了\n好的，谢谢");

	assert_string_equal(in->quote, "#take 12\n钥匙丢了");
	assert_string_equal(in->body, "好的，谢谢");
	assert_null(in->command);
	assert_false(in->needs_answer);
	in = hear(*state, "＞ 谁捡到钥匙\n\n在我这里");
	assert_string_equal(in->quote, "谁捡到钥匙");
	assert_string_equal(in->body, "在我这里");
	in = hear(*state, ">_< 钥匙丢了");
	assert_null(in->quote);
	in = hear(*state, "> only a quotation");
	assert_string_equal(in->body, "");
}

static void
staff_ask_nothing_of_the_desk(void **state)
{
	struct heard h = heard_in_room("谁的钥匙丢了？");

	h.by_staff = true;
	assert_false(hear_heard(*state, h)->needs_answer);
	assert_int_equal(((struct fixture *)*state)->in.band, BAND_NONE);
}

/* Where and when strengthen what a kind's own words say, and are of no kind themselves. */
static void
facts_alone_are_no_kind(void **state)
{
	int without = hear(*state, "井盖没了")->confidence, with;

	assert_string_equal(((struct fixture *)*state)->in.kind->code, "hazard");
	with = hear(*state, "今天北门路口的井盖没了")->confidence;
	assert_true(with > without);
	assert_null(hear(*state, "今天在人民广场")->kind);
	assert_null(hear(*state, "麻烦现在到人民广场")->kind);
}

static void
asking_staff_is_registered_whatever_it_is(void **state)
{
	const struct intent *in = hear(*state, "@鲍国 那件事怎么样了");

	assert_true(in->needs_answer);
	assert_string_equal(in->kind->code, "enquiry");
	assert_int_equal(in->band, BAND_LIKELY);
}

/* 64 KiB of what is worst for a naive reader; the reader must come back, and cut at a code point. */
static void
reads_monsters(void **state)
{
	static const char *const worst[] = { "钥匙", "啊", "@", "@ann", "> ", "#", "1", "1 ", "没有", "丢", "A1", "> \n", "\n",
	    "ﷺ", "\xff", "😂", "在在", "at ", "13812345678 ", "#12", "皖A", "救命", "你是不是", "e\xcc\x81", "：", "4111 " };
	struct fixture *f = *state;
	char *text = xcalloc(1, 65 * 1024);

	for (size_t i = 0; i < sizeof worst / sizeof *worst; i++) {
		struct open_matter open = { .number = 7, .kind = "lost_item", .nick = "ann", .text = text, .mine = true };
		struct heard h = heard_in_room(text);
		struct arena *arena = arena_new();
		struct intent in;
		size_t n = strlen(worst[i]), len = 0;

		for (; len + n <= 64 * 1024; len += n)
			memcpy(text + len, worst[i], n);
		text[len] = '\0';
		h.open = &open;
		h.nopen = 1;
		text_read(f->reader, &h, arena, &in);
		assert_true(strlen(in.body) <= 16 * 1024);
		assert_true(*worst[i] == '\xff' || utf8_valid(in.body));
		arena_free(&arena);
	}
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_episodes),
		cmocka_unit_test(leaves_talk_alone),
		cmocka_unit_test(tells_danger_from_talk),
		cmocka_unit_test(finds_who_is_named),
		cmocka_unit_test(knows_the_script),
		cmocka_unit_test(reads_verdicts),
		cmocka_unit_test(finds_slots_in_the_original),
		cmocka_unit_test(keeps_quotations_apart),
		cmocka_unit_test(staff_ask_nothing_of_the_desk),
		cmocka_unit_test(facts_alone_are_no_kind),
		cmocka_unit_test(asking_staff_is_registered_whatever_it_is),
		cmocka_unit_test(reads_monsters),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
