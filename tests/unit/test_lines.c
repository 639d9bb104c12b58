/*
 * Everyday lines of a room: danger now and what only sounds like it, requests of
 * every kind, and the talk that the desk must let pass.  None of them is anybody's;
 * a cue that is changed for one of them must not lose another.
 */
#include "text_fixture.h"

#include <string.h>

#include "base/str.h"

static const char *const danger_now[] = {
	"我家厨房起火了，火很大，快来人啊",
	"隔壁冒浓烟着火了！有老人在里面",
	"快打119，二楼着火了",
	"有人掉河里了，快来救人",
	"救命啊，我被人追着砍",
	"楼下有个男的拿着菜刀乱砍",
	"我爷爷突然倒地没反应了，没有呼吸",
	"我老婆晕倒了，叫不醒",
	"有人站在楼顶要跳下去",
	"有个女孩要跳楼，在6号楼",
	"孩子溺水了，在水库",
	"車禍，有人流好多血，快叫救護車",
	"阿伯心臟病發，暈咗喺樓梯",
	"火燭呀！10樓有煙出緊火",
	"有賊入咗屋，我匿喺房",
	"有人持刀搶劫便利店",
	"救命！老公打我，拿刀要殺我",
	"Fire! Our kitchen is on fire, 3rd floor building 5",
	"Help! There's a man with a knife in the lobby",
	"My father collapsed and is not breathing, please call an ambulance",
	"Someone just got stabbed outside the market",
	"There's a girl on the roof about to jump",
	"a child fell into the river, he is drowning",
	"somebody is breaking into my flat right now",
	"gunshots at the gate, stay away",
	"煤气爆炸了，三号楼有人受伤",
	"有人喝农药了，快救人",
	"电梯掉下来了，有人受伤流血不止",
	"我要杀了他，他正在打我妈，救命",
	"he's not breathing help",
	"阳台着火了，烟特别大",
	"1单元5楼失火，快报火警",
	"有个小孩掉井里了，快来人帮忙",
	"我妈摔下楼梯，头流血不止，人已经昏迷",
	"楼上两口子打起来了，男的拿着刀",
	"有歹徒劫持了一个女的",
	"有人割腕了，在302",
	"邻居煤气中毒了，叫不醒",
	"地下車庫有車自燃，火好大",
	"有人暈倒喺街市門口，冇反應",
	"我老公而家打我，救命呀，快啲報警",
	"有個阿叔企喺天台想跳樓",
	"有人被車撞倒，地上好多血，昏迷了",
	"there is a fire in the basement, smoke everywhere",
	"my neighbour is unconscious, please send an ambulance",
	"someone is shooting near the school",
	"a man is beating his wife next door, he has a knife",
	"two people are trapped in the burning house",
	"my baby is choking, she can't breathe",
	"help, I am being robbed",
	"着火了！！请大家快下楼，谢谢",
	"我爸晕倒了没呼吸，麻烦快叫救护车，谢谢大家",
	"3栋着火了，各位业主赶紧撤离",
	"my father is not breathing, please someone help, thanks",
	"Fire in block 3, everyone please get out now",
	"六楼有人家里冒火，火苗都窜出窗户了",
	"快来人，有个老爷爷摔倒不动了，嘴里吐白沫",
	"我被锁在屋里，他拿着刀在门外",
	"有人触电了，躺在地上不动",
	"幼儿园门口有人拿刀捅人",
	"老婆要生了，羊水破了，快叫救护车",
	"有人喺海邊浸親，冇晒呼吸",
	"三樓火警，好多煙，快啲走",
	"我阿媽食錯藥，叫唔醒",
	"便利店正被打劫",
	"my kitchen just caught fire",
	"he has been stabbed and is bleeding a lot",
	"a woman is being attacked in the car park",
	"my grandpa is having a heart attack",
	"someone fell from the roof of building 7",
};

static const char *const no_danger_now[] = {
	"昨天新闻里说有个小区着火了，大家注意用电",
	"去年这里发生过抢劫",
	"消防宣传：发现火情请拨打119",
	"各位居民，家中起火请立即拨打119",
	"救命，作业写不完了",
	"救命啊这也太好笑了哈哈哈",
	"我要笑死了救命",
	"这球踢得我心脏病都要犯了",
	"老板要杀人了哈哈",
	"吓得我差点心脏病发",
	"昨晚看的电影里有人跳楼，好可怕",
	"谢谢消防员，火灭了，大家没事",
	"火已经扑灭了，没有人受伤",
	"听说上周东门那边有人跳楼",
	"今天消防演习，听到警报不要慌",
	"如果有人溺水应该怎么办",
	"我朋友圈都炸了",
	"着火了怎么报警？给孩子讲讲",
	"今天這麼熱，救命",
	"嚇死我，以為有賊",
	"防火防盗，人人有责",
	"他的演唱会一票难求，太火了",
	"This weather is killing me",
	"help, I need somewhere to eat tonight",
	"help me choose a colour lol",
	"I almost had a heart attack when the cat jumped",
	"Fire drill tomorrow at 10, do not panic",
	"last year there was a fire in building 3",
	"the movie where he gets stabbed is on tonight",
	"he is on fire tonight, third goal!",
	"What should I do if there is a fire?",
	"I'm dying of boredom",
	"The firemen put out the fire, thank you all",
	"reminder: in case of fire call 119",
	"老师说明天学急救，心肺复苏",
	"孩子学校今天教防溺水",
	"打折跳楼价，进来看看",
	"狼人杀缺一个人，来吗",
	"有没有人一起玩剧本杀",
	"这个价格是抢劫吗",
	"今天厨房锅烧糊了，差点着火",
	"救命，这个视频太可爱了",
	"谁有灭火器借来看看型号",
	"昨天看到新闻，有人溺水身亡，大家看好孩子",
	"前年夏天有小孩在水库溺水，注意安全",
	"上个月三栋起过火，物业到现在没换灭火器",
	"电瓶车充电容易着火，别上楼充",
	"我快被热晕倒了哈哈",
	"昨晚球赛输了，想跳楼",
	"考试没过，想死的心都有了",
	"抢到票了，激动死我了",
	"小孩说要当消防员，灭火救人",
	"今日學校有消防講座",
	"如果屋企着火，要點走？",
	"部戲入面有人持刀，好恐怖",
	"多謝消防員叔叔，火已經救熄",
	"I nearly fainted when I saw the price",
	"in case of gas leak, open the windows and call 119",
	"my uncle had a heart attack last year",
	"Police arrested the man with a knife, all safe now",
	"Thank you to whoever called the ambulance yesterday, she is fine",
	"She killed it on stage, the crowd was on fire",
	"what's the number for an ambulance?",
	"we learnt what to do when somebody is choking",
	"Training course: what to do if someone is not breathing",
	"请大家注意，天干物燥，谨防火灾",
	"温馨提示：如家中着火了请立即报警",
	"谢谢大家昨天帮忙灭火",
	"我家孩子今天第一次炒菜，差点把厨房点着",
	"昨夜梦见家里着火了",
	"小说看到主角被绑架了，急死我",
	"救命，我又胖了三斤",
	"请大家配合消防检查",
	"学校组织急救培训，教怎么抢救溺水的人",
	"这首歌杀我",
	"前年撞车后他一直昏迷，最近醒了",
	"呢套戲打劫嗰場好正",
	"多得消防，火救熄咗",
	"天氣熱到我差啲中暑",
	"The chef is on fire tonight, best noodles ever",
	"I would kill for a coffee",
	"We had a fire drill at school",
	"Two years ago someone drowned here",
	"the fire brigade is showing their engine on Sunday",
	"有人撬我家门锁，监控拍到了",
};

static const struct {
	const char	*kind, *text;
} requests[] = {
	{ "lost_item", "我的身份证在公交车上弄丢了，谁捡到请联系我" },
	{ "lost_item", "下午在菜场丢了一个黑色钱包，里面有驾驶证" },
	{ "lost_item", "电瓶车头盔落在超市门口了，有人看见没" },
	{ "lost_item", "小孩的水壶忘在公园长椅上了，有人看到吗" },
	{ "lost_item", "今朝喺公園唔見咗部電話，有冇人執到" },
	{ "lost_item", "我的雨傘忘在銀行了，不知道還在不在，有人看到嗎" },
	{ "lost_item", "Lost my wallet between the bank and the school, brown leather" },
	{ "lost_item", "Has anyone seen a blue kid's jacket at the playground?" },
	{ "found_item", "在小区门口捡到一张银行卡，是谁的" },
	{ "found_item", "我在电梯里捡到一副眼镜，谁丢的" },
	{ "found_item", "執到一部手機，失主請聯絡" },
	{ "found_item", "Found a set of keys by the bus stop, whose are they?" },
	{ "enquiry", "身份证丢了怎么补办，要带什么材料" },
	{ "enquiry", "外地户口能在这里办居住证吗" },
	{ "enquiry", "请问派出所几点下班" },
	{ "enquiry", "孩子上户口需要什么手续" },
	{ "enquiry", "護照過期了要去哪裡換" },
	{ "enquiry", "補領身份證要幾多日" },
	{ "enquiry", "How do I renew my residence permit?" },
	{ "enquiry", "What documents do I need for a driving licence?" },
	{ "nuisance", "楼上半夜一直拖椅子，吵得睡不着" },
	{ "nuisance", "隔壁的狗天天叫，老人休息不好" },
	{ "nuisance", "广场舞音响太大了，能不能管一下" },
	{ "nuisance", "樓下KTV每晚唱到兩點，受不了" },
	{ "nuisance", "隔離屋成晚打麻雀好嘈" },
	{ "nuisance", "The neighbours' dog barks all night, please do something" },
	{ "nuisance", "loud music from the bar until 3am every night" },
	{ "hazard", "小区门口井盖没了，有人会掉下去的" },
	{ "hazard", "3号楼的电线垂下来了，很危险" },
	{ "hazard", "路灯坏了好几天，晚上看不见路" },
	{ "hazard", "樓梯間堆滿雜物，消防通道都堵住了" },
	{ "hazard", "行人路個坑渠蓋爛咗，好危險" },
	{ "hazard", "A tree has fallen across the road near the school" },
	{ "hazard", "Street light outside no 12 has been out for a week" },
	{ "traffic", "有辆车把我家车库堵住了，打电话不接" },
	{ "traffic", "学校门口每天都有车乱停" },
	{ "traffic", "校門口機車亂停，小朋友很危險" },
	{ "traffic", "Someone parked in front of my gate and I can't get out" },
	{ "fraud", "刚收到短信说我的社保卡被冻结，让点链接，是真的吗" },
	{ "fraud", "我妈被人骗了五千块，怎么办" },
	{ "fraud", "有人自稱電信公司，叫我按9，是詐騙嗎" },
	{ "fraud", "Someone called saying they are from the bank and wants my code, is it a scam?" },
	{ "crime_tip", "我家电动车昨晚被偷了" },
	{ "crime_tip", "看到有人在河里电鱼" },
	{ "crime_tip", "三楼那户天天聚众赌博" },
	{ "crime_tip", "單車昨晚俾人偷咗" },
	{ "crime_tip", "My bike was stolen from the rack last night" },
	{ "missing_person", "我奶奶早上出门到现在没回来，她有点糊涂" },
	{ "missing_person", "孩子放学没回家，大家帮忙找找" },
	{ "missing_person", "我爸爸走失了，穿藍色上衣" },
	{ "missing_person", "My son didn't come home from school, he is 9" },
	{ "unusual_report", "有个陌生人挨家敲门说查煤气，感觉不对" },
	{ "unusual_report", "楼下停了一辆没牌照的面包车，两天了，很可疑" },
	{ "unusual_report", "A stranger has been taking photos of our building for two days" },
	{ "other_service", "小区停水一天了，什么时候来水" },
	{ "other_service", "垃圾好几天没人收了，臭死了" },
	{ "other_service", "電梯壞了三天還沒修" },
	{ "other_service", "No water since yesterday, when will it be back?" },
	{ "suggestion", "建议在路口装个摄像头" },
	{ "suggestion", "能不能在学校门口加个减速带" },
	{ "suggestion", "建議加裝路燈，晚上太暗" },
	{ "suggestion", "It would be great to have more patrols at night" },
	{ "lost_item", "谁看到我家橘猫了，昨晚跑出去的" },
	{ "lost_item", "孩子的眼镜忘在篮球场了，捡到的说一声" },
	{ "lost_item", "车钥匙不知道掉哪了，可能在菜市场" },
	{ "lost_item", "小朋友嘅書包漏咗喺的士" },
	{ "lost_item", "我在捷運站掉了悠遊卡" },
	{ "lost_item", "Lost: black cat, answers to Mimi, near building 9" },
	{ "lost_item", "I think I dropped my house keys in the park" },
	{ "found_item", "路上捡了个手机，锁屏是个小孩，谁家的" },
	{ "found_item", "在廁所撿到一隻手錶" },
	{ "found_item", "Someone left a stroller at the gate" },
	{ "enquiry", "办户口迁移需要本人去吗" },
	{ "enquiry", "身份证快到期了，提前多久可以换" },
	{ "enquiry", "周末能办居住证不" },
	{ "enquiry", "换驾照要体检吗" },
	{ "enquiry", "請問良民證喺邊度申請" },
	{ "enquiry", "戶籍謄本週六可以申請嗎" },
	{ "enquiry", "Is the police station open on Sunday?" },
	{ "nuisance", "对面工地凌晨还在施工，全家没法睡" },
	{ "nuisance", "楼上漏水漏到我家，找他也不理" },
	{ "nuisance", "樓上小孩一直跑跳，講了好幾次都沒用" },
	{ "nuisance", "樓下食肆油煙好大，成屋都係味" },
	{ "nuisance", "They are drilling at midnight again, nobody can sleep" },
	{ "hazard", "楼上阳台的花盆摇摇欲坠，砸到人怎么办" },
	{ "hazard", "有人从楼上扔东西下来，差点砸到我" },
	{ "hazard", "電線桿傾斜，好像快倒了" },
	{ "hazard", "There is a gas smell in the stairwell of building 2" },
	{ "traffic", "停车被人刮了，跑了" },
	{ "traffic", "路口红绿灯坏了，乱成一团" },
	{ "traffic", "The traffic light at the crossing is not working" },
	{ "fraud", "有个客服让我共享屏幕，说给我退款，靠谱吗" },
	{ "fraud", "我老公要给网上认识的人转钱，拦不住" },
	{ "fraud", "收到包裹詐騙簡訊，已經點了連結怎麼辦" },
	{ "fraud", "I paid a deposit for a flat and the man has disappeared" },
	{ "crime_tip", "江边有人在偷偷挖沙" },
	{ "crime_tip", "店裡被偷了兩瓶酒" },
	{ "crime_tip", "Somebody broke into my car last night" },
	{ "missing_person", "老伴出去买菜三个小时没回来，电话也不接" },
	{ "missing_person", "我弟弟离家出走了，十五岁" },
	{ "missing_person", "阿爺行失咗，佢有腦退化" },
	{ "missing_person", "Our grandfather with dementia wandered off this morning" },
	{ "unusual_report", "有陌生人在小区门口盯着小孩看，不像好人" },
	{ "unusual_report", "空屋裡晚上有燈光和說話聲，很奇怪" },
	{ "other_service", "路边垃圾桶满了没人清" },
	{ "other_service", "暖气一直不热，打供暖公司电话没人接" },
	{ "other_service", "我哋座大廈冇水兩日" },
	{ "other_service", "The elevator has been broken for a week" },
	{ "suggestion", "希望派出所周末也能开门" },
	{ "suggestion", "希望晚上多派人巡邏" },
	{ "suggestion", "Could we have a speed bump in front of the kindergarten?" },
};

static const char *const talk[] = {
	/* place, time, question, request and now, and no matter */
	"请问今天现在公园门口有人吗，麻烦说一下",
	"Please tell me, is anyone at the park gate right now?",
	"今天超市鸡蛋打折",
	"谁家有多余的螺丝刀借一下",
	"请问附近哪里有好吃的面馆",
	"周末有人一起爬山吗",
	"这天气也太闷了",
	"快递到了记得拿",
	"我家猫今天学会开门了",
	"孩子作业太多了，写到十一点",
	"有人拼车去高铁站吗",
	"晚上球赛几点开始",
	"楼下新开的奶茶店怎么样",
	"出一台二手冰箱，九成新",
	"求推荐靠谱的装修公司",
	"哪位知道今天菜市场几点关门",
	"有没有人要拼单水果",
	"今天小区里好安静",
	"我刚下班，累死了",
	"生日快乐老王！",
	"恭喜恭喜，抱孙子了",
	"哎呀，手机没电了",
	"我把钥匙放门卫了，你回来拿",
	"妈妈让我带点钱回去",
	"昨天丢了三斤肉，减肥成功",
	"今天老师讲了诈骗的例子，挺有意思",
	"派出所门口那家包子很好吃",
	"我表哥考上警校了",
	"刚才那辆消防车好帅",
	"今天路上堵死了，迟到了",
	"电视里天天放打击传销",
	"物业今天发粽子",
	"停电那年我们还点蜡烛呢",
	"今晚食乜餸好",
	"聽日落唔落雨呀",
	"有冇人去行山",
	"隻貓好得意呀",
	"啱啱塞車塞到傻",
	"邊度有平價水果買",
	"恭喜發財，利是逗來",
	"明天放假，太好了",
	"這間店的牛肉麵好好吃",
	"誰要一起團購衛生紙",
	"電影票買好了，七點見",
	"我家狗狗今天洗澡",
	"昨天的煙火好漂亮",
	"早安，大家今天也要加油",
	"Anyone up for football on Sunday?",
	"My phone battery died again",
	"The bakery has fresh bread now",
	"Does anyone know a good dentist?",
	"Selling my old bike, good condition",
	"I lost two kilos this month",
	"We watched a film about a bank robbery",
	"Happy new year neighbours!",
	"who wants leftover pizza",
	"Traffic was terrible this morning",
	"I can't find anything good on TV",
	"see you at the market at 5",
	"The kids are asleep finally",
	"Great game last night",
	"my dog learned a new trick",
	"lol that video",
	"Found a great new noodle place",
	"I missed the bus again",
	"what a beautiful sunset",
	"The power went out in my game haha",
	"can someone recommend a plumber",
	"Thanks for the ride!",
	"收到，谢谢",
	"我到家了",
	"马上到",
	"老王在吗",
	"明天上午九点社区打疫苗，请大家带好证件",
	"通知：本周六上午清洗水箱，停水三小时",
	"社區通知：明早九點滅蚊，請關好門窗",
	"The pool will be closed on Monday for cleaning",
	"这两天降温，多穿点",
	"谁有闲置的婴儿床",
	"隔壁老张家孩子满月酒几点",
	"楼下理发店涨价了",
	"昨天钓了条三斤的鱼",
	"我家电视坏了，谁会修",
	"学校几号开学",
	"有没有会做表格的，教教我",
	"明早六点广场集合跳舞",
	"停车场今天好空",
	"买的手机壳到了，质量不错",
	"我身份证照片好丑",
	"这水果摊老板缺斤少两，大家别去了",
	"下次聚会去哪",
	"警察蜀黍今天来学校讲课，孩子很开心",
	"公交车上遇到老同学",
	"手机掉水里了，还能用吗",
	"钱都花完了",
	"减肥第三天，饿",
	"有没有打羽毛球的",
	"我找不到遥控器了，笑死",
	"老婆不见我打麻将",
	"今晚月亮好圆",
	"孩子发烧了，吃什么药好",
	"我要换手机号了，大家存一下13900001111",
	"出门忘带伞，淋成落汤鸡",
	"邊個有空打羽毛球",
	"今日股票又跌",
	"呢間茶餐廳執笠咗",
	"我唔記得帶銀包，借住先",
	"終於收工",
	"台灣隊加油",
	"孩子今天考了一百分",
	"有誰知道捷運幾點收班",
	"新搬來的，請多指教",
	"週末要不要去看展",
	"我的貓又把杯子打破了",
	"這個月電費好貴",
	"颱風天在家追劇",
	"Who's cooking dinner tonight",
	"Is it going to rain tomorrow?",
	"I need a new phone, any suggestions?",
	"My son got his driving licence today!",
	"The police station got a new paint job",
	"Someone ate my sandwich lol",
	"Does the gym open on Sundays?",
	"Lost again, our team is terrible",
	"Where did you buy that bag?",
	"I found the recipe online",
	"good luck with the exam",
	"running late, start without me",
	"Has anyone read this book?",
	"my neighbour's baby is so cute",
	"Parking at the mall is free today",
	"That movie was a scam, don't watch it",
	"Let's meet near the station at 6",
	"The lights at the festival were beautiful",
	"any news about the concert?",
	"OK will do",
	"恭喜王姐喜提新车",
	"温馨提示：明天有雨，出门带伞",
	"各位家长，明天穿校服",
	"嗯嗯",
	"是的",
	"明天见",
};

static void
cries_are_heard(void **state)
{
	for (size_t i = 0; i < sizeof danger_now / sizeof *danger_now; i++) {
		const struct intent *in = hear(*state, danger_now[i]);

		if (in->danger == DANGER_CERTAIN)
			continue;
		show_reasons(in);
		fail_msg("\"%s\" is danger %d", danger_now[i], in->danger);
	}
}

static void
mentions_are_no_cries(void **state)
{
	for (size_t i = 0; i < sizeof no_danger_now / sizeof *no_danger_now; i++) {
		const struct intent *in = hear(*state, no_danger_now[i]);

		if (in->danger != DANGER_CERTAIN)
			continue;
		show_reasons(in);
		fail_msg("\"%s\" is certain danger", no_danger_now[i]);
	}
}

static void
requests_are_seen(void **state)
{
	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
		const struct intent *in = hear(*state, requests[i].text);

		if (in->needs_answer && in->band >= BAND_LIKELY && str_eq(in->kind->code, requests[i].kind))
			continue;
		show_reasons(in);
		fail_msg("\"%s\" is not read as %s", requests[i].text, requests[i].kind);
	}
}

/* Likely would ask its writer in private: even that is too much here. */
static void
talk_is_let_pass(void **state)
{
	for (size_t i = 0; i < sizeof talk / sizeof *talk; i++) {
		const struct intent *in = hear(*state, talk[i]);

		if (!in->needs_answer && in->danger != DANGER_CERTAIN && in->command == NULL)
			continue;
		show_reasons(in);
		fail_msg("\"%s\" is read as %s", talk[i], in->kind != NULL ? in->kind->code : "danger or a command");
	}
}

/* Reading leaves nothing behind in the reader: the last line reads as it did the first time. */
static void
reads_the_same_again(void **state)
{
	const struct fixture *f = *state;

	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
			struct heard h = heard_in_room(requests[i].text);
			struct arena *job = arena_new();
			struct intent in;

			text_read(f->reader, &h, job, &in);
			assert_string_equal(in.kind->code, requests[i].kind);
			arena_free(&job);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cries_are_heard),
		cmocka_unit_test(mentions_are_no_cries),
		cmocka_unit_test(requests_are_seen),
		cmocka_unit_test(talk_is_let_pass),
		cmocka_unit_test(reads_the_same_again),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
