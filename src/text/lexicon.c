/*
 * Words whose meaning does not depend on the kind: asking, thanking, denying,
 * danger and what only looks like it.  In the cue language; traditional forms
 * fold to these, so only words that differ are written twice.
 */
#include <string.h>

#include "text/internal.h"

const struct lexeme lexicon[] = {
	{ SIG_QUESTION, "?|吗|么?|嘛?|呢?|是否|请问|求问|想问|问一下|问下|咨询|有没有|能不能|可不可以|可否|能否|会不会|是不是|要不要|行不行|用不用" },
	{ SIG_QUESTION, "怎么|怎样|怎么办|为何|何处|何时|几多|咋|咋办|如何|什么|啥|哪|谁|几点|几号|多少|多久|多长时间|为什么|为啥|何时|几时|什么时候" },
	{ SIG_QUESTION, "有冇|点样|点算|点解|边度|边个|咩|系咪|可唔可以|得唔得|使唔使" },
	{ SIG_QUESTION, "how|what|whats|what's|where|when|who|why|which|is there|are there|can i|can you|could i|could you" },
	{ SIG_QUESTION, "may i|do i|do you|does|should i|is it|any idea|anyone|anybody|any way|wondering|has anyone" },
	{ SIG_REQUEST, "麻烦|帮忙|帮我|帮帮|帮手|帮下|求助|求|拜托|能不能|能否|可否|希望|请帮|请问|请尽快|请处理|处理一下|管一下|管管|来人|来看|唔该|劳驾" },
	{ SIG_REQUEST, "投诉|反映|举报|检举|报修|想问|咨询|申请|需要|尽快|补办|联系我|请联系|想请" },
	{ SIG_REQUEST, "please|pls|plz|help|could you|can you|can someone|can anyone|could someone|i need|we need|i want to report|report|request|let me know|contact me" },
	{ SIG_THANKS, "谢谢|感谢|多谢|谢了|谢啦|谢过|致谢|3q|辛苦了|唔该晒|帮大忙|点赞|好人一生平安|thank*|thx|tks|ty|cheers|appreciate*|much obliged|grateful" },
	{ SIG_EARLY_THANKS, "先谢|先行谢过|提前感谢|提前谢|在此先|万分感谢..联系|thanks in advance|thank you in advance|many thanks in advance|tia" },
	{ SIG_BUT, "但|不过|可是|然而|只是|就是..还|但系|but|however|although|though|still|yet" },
	{ SIG_NOTICE, "【|温馨提示|友情提示|警方提示|警方提醒|消防提示|安全提示|反诈提示|提示:|提示!|特此通知|通知|通告|公告|请大家|请各位|请互相转告|互相转告|提醒大家|提醒各位|各位居民|各位业主|各位住户|请住户|请居民|@所有人|@全体|转发|扩散" },
	{ SIG_NOTICE, "请广大|广大市民|广大居民|市民朋友|居民朋友|为了您|您的家人|@everyone|@all|notice|reminder|dear residents|attention all|please note|all residents|be advised|starting from" },
	{ SIG_ADVICE, "切勿|谨防|请勿|严禁|提高警惕|保持警惕|高度警惕|注意防范|加强防范|警惕|不要轻信|不要轻易|不要点|不要上当|小心提防|凡是..诈骗|都是诈骗|一律不|应当|应该立即|应立即" },
	{ SIG_ADVICE, "beware|be careful|stay safe|stay alert|do not click|never share|do not share|never give|be aware|watch out|drive safe*|avoid the area" },
	{ SIG_GREETING, "早上好|下午好|晚上好|大家好|早安|晚安|午安|各位好|您好|你好|早啊|早晨|节日快乐|新年好|新年快乐|生日快乐|good morning|good evening|good night|hello|hi|hey|happy new year|happy birthday" },
	{ SIG_ALL, "大家|各位|谁|哪位|哪个|有没有人|有人|有无人|有冇人|邻居们|anyone|anybody|everyone|everybody|someone|all|who" },
	{ SIG_UNSOLVED, "还是没|还是不行|还没有解决|还没解决|仍然没|仍没|依然没|没解决|没有解决|没用|没有用|没人来|没人管|没人理|没有人来|没有人管|还是老样子|还在吵|还在响|又来了|又开始|还是吵|还是那样|还没修|没人处理|没处理|冇人理|冇人嚟|仲系|仲未|都未" },
	{ SIG_UNSOLVED, "still not|still no|still isn't|still isnt|still hasn't|still broken|still there|not solved|not fixed|not resolved|didn't help|did not help|didn't work|doesn't work|does not work|no one came|nobody came|no use|again tonight" },
	{ SIG_CANCEL, "不用了|不需要了|不必了|不麻烦了|不用麻烦|不用找|找到了|找着了|找返|搵返|搵到|撤回|撤销|取消吧|当我没说|算了|已经解决|自己解决|已解决|解决了|没事了|冇事了|唔使|回来了|never mind|nevermind|nvm|no longer need*|found it|found him|found her|sorted now|already sorted|no need anymore|please cancel|cancel that|all good now|false alarm" },
	{ SIG_TAKEN, "接|我接|接了|我来|我来处理|收到|马上到|马上来|马上去|马上处理|这就去|这就来|我去看看|我看看|我来看看|来了|在路上|我处理|我跟进|跟进|已接|稍等|我问一下|我问问|👀|on it|i'll take it|i will take it|taking it|taken|got it|will check|looking into it|let me check|on my way|coming|mine" },
	{ SIG_DONE, "好了|办好了|弄好了|搞定|搞掂|已处理|处理好了|处理完了|已办结|办结|完成了|已完成|完毕|已解决|解决了|修好了|找到了|done|ok|okay|fixed|solved|resolved|finished|all done|sorted|completed|✅|✔" },
	{ SIG_NEG, "没|没有|不是|并非|未|从没|not|never|didn't|isn't|wasn't|haven't|冇" },
	{ SIG_LAUGH, "哈哈|嘿嘿|嘻嘻|呵呵|笑死|233|lol|haha*|lmao|rofl|hehe*|😂|🤣|xd|表情|狗头" },
	{ SIG_TIME, "今天|昨天|前天|明天|后天|今早|今晚|昨晚|今晨|刚刚|刚才|上午|中午|下午|晚上|早上|凌晨|半夜|深夜|夜里|傍晚|周一|周二|周三|周四|周五|周六|周日|周末|星期一|星期二|星期三|星期四|星期五|星期六|星期天|星期日|礼拜六|礼拜天|上周|下周|这几天|最近" },
	{ SIG_TIME, "前晚|昨夜|昨日|前日|今日|明日|听日|寻日|寻晚|琴晚|琴日|今朝|朝早|夜晚|头先|刚先|上个月|上个礼拜|上个星期|上星期|上礼拜|下星期|下个月|本周|这周|清晨|早晨|正午|大清早|一早|一大早|放学|下班|去年|前年|天前|日前|小时前|个小时前|分钟前|年前|个月前|星期前|礼拜前|半天前|半小时前|整晚|整夜|通宵|半夜三更|前几天|前天晚上|大前天" },
	{ SIG_TIME, "today|yesterday|tonight|tomorrow|last night|this morning|this afternoon|this evening|monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend|weekends|an hour ago|just now|last week|this week|last month|last year|last monday|last tuesday|last wednesday|last thursday|last friday|last saturday|last sunday|this weekend|last weekend|minutes ago|hours ago|days ago|weeks ago|months ago|a week ago|an hour ago|noon|midnight|all night|all day|every night|every morning|every day|the other day|earlier today|before dawn|lunchtime|lunch time|rush hour|early morning|late last night|overnight|evening|afternoon|morning" },
	{ SIG_PAST, "昨天|昨晚|昨夜|昨日|前天|前晚|上周|上星期|上礼拜|前几天|前两天|监控拍到|监控里|琴晚|寻晚|寻日|yesterday|last night|last week|the other day|days ago|weeks ago" },
	{ SIG_PAST, "以前..(着火|起火|失火|有|发生|出过|被|打|抢|晕)|很久以前|以前也|以前都|以前就|从前|去年|前年|当年|那年|上个月|前几年|小时候|曾经|last year|years ago|last month|used to|back then|when i was" },
	{ SIG_NOW, "快跑|快逃|快下楼|快救|快叫|快报警|快打1|快啲|别坐电梯|get out now|run for|现在|正在|刚刚|刚才|此刻|马上|快来|赶紧|快点|right now|now|just now|at the moment|quick|hurry|而家|依家" },
	{ SIG_ITEM, "钥匙|手机|钱包|书包|背包|双肩包|包包|手提包|挎包|公文包|行李|行李箱|拉杆箱|身份证|身分证|户口簿|户口本|户口页|驾照|驾驶证|行驶证|驾驶执照|护照|通行证|社保卡|医保卡|健保卡|银行卡|信用卡|提款卡|校园卡|学生证|公交卡|八达通|悠游卡|工作证|居住证|残疾证|老年卡|存折|合同" },
	{ SIG_ITEM, "耳机|手表|手环|眼镜|老花镜|雨伞|水杯|戒指|项链|手镯|首饰|相机|镜头|电脑|笔记本|平板|充电宝|工具|工具箱|工具包|电动车|电瓶车|电动自行车|摩托车|自行车|单车|机车|电瓶|快递|包裹|衣服|外套|帽子|玩具|现金|钱|水壶|保温杯|头盔|围巾|手套|鞋子|球鞋|课本|作业本|u盘|充电器|卡包|拐杖|婴儿车|滑板车|狗|小狗|狗仔|猫|小猫|鹦鹉|银包|散纸包|荷包|锁匙|手袋|背囊|手推车|轮椅|助听器|校服|红领巾" },
	{ SIG_ITEM, "key|keys|phone|iphone|wallet|purse|bag|schoolbag|school bag|backpack|rucksack|handbag|suitcase|luggage|id card|identity card|passport|licence|license|bank card|credit card|card|earphones|earbuds|airpods|headphones|watch|bracelet|ring|necklace|glasses|umbrella|camera|laptop|tablet|tools|toolbox|toolbag|bike|bicycle|scooter|e-bike|motorbike|parcel|package|jacket|coat|hat|toy|cash|dog|puppy|cat|kitten|parrot|hearing aid|wheelchair|bottle|helmet|scarf|gloves|shoes|textbook|charger|stroller|pram|walking stick|hoodie|sweater" },
	{ SIG_PERSON, "爷爷|奶奶|姥姥|姥爷|外公|外婆|爸爸|妈妈|爸|妈|父亲|母亲|老爸|老妈|我爸|我妈|老伴|老公|老婆|丈夫|妻子|媳妇|儿子|女儿|孩子|小孩|小孩子|小朋友|娃|娃娃|婴儿|宝宝|弟弟|妹妹|哥哥|姐姐|孙子|孙女|侄子|外甥|叔叔|阿姨|舅舅|姑姑|老人|老人家|老太太|老太|老大爷|大爷|大妈|老奶奶|老头|男子|男人|女子|女人|男的|女的|小伙|小伙子|姑娘|小姑娘|女孩|男孩|男生|女生|室友|舍友|同学|邻居|老师|司机|陌生人|大叔" },
	{ SIG_PERSON, "阿公|阿嬷|阿嬤|阿妈|阿爸|阿婆|阿伯|阿爷|阿嫲|老豆|细路|细路仔|个仔|个女|囝囝|囡囡|学生|工人|保安|外佣|佣人" },
	{ SIG_PERSON, "grandfather|grandmother|grandpa|grandma|granddad|nan|gran|father|mother|dad|mum|mom|son|daughter|child|children|kid|kids|baby|toddler|brother|sister|husband|wife|uncle|aunt|auntie|cousin|nephew|niece|neighbour|neighbor|roommate|flatmate|friend|classmate|boy|girl|man|woman|lady|guy|lad|teenager|old man|old lady|elderly man|elderly woman|driver|stranger|student|worker" },
	{ SIG_TITLE, "警官|sir|所长|民警|警长|队长|指导员|教导员|辅警|警察|同志|主任|老师|警员|阿sir" },
	{ SIG_OFFICE, "警察同志|民警同志|公安同志|派出所的同志|派出所同志|警察叔叔|警官|阿sir|社区民警|片警|片儿警|值班民警|@police|@警察|@民警|@派出所|@片警|officer|officers|dear police|mr policeman|警察先生|公安局的同志" },
	{ SIG_HYPO, "发现火情|遇到火灾|发生火灾|火灾时|遇火|如果|假如|万一|要是|倘若|若是|的话|演习|演练|该打|要打几|怎么报警|如何报警|怎么逃生|如何逃生|怎么自救|如何自救|怎么急救|培训|急救课|学急救|教急救|打什么|打哪个|请拨打|消防宣传|做梦|梦见|梦到|听说|据说|if|in case|drill|exercise|what happens when|dreamt|dreamed|heard that|training" },
	{ SIG_FICTION, "部戏|套戏|戏入面|戏里|剧里|书中|电影|电视剧|小说|游戏|动漫|剧情|剧本|歌词|综艺|直播间|狼人杀|剧本杀|书里|movie|film|novel|game|episode|lyrics|tv show|netflix|news|新闻|纪录片|抖音|视频里" },
	{ SIG_ME, "我|我家|我们|俺|咱|本人|自己|i|i'm|im|i've|my|mine|me|we|our|us" },
	{ SIG_HANDED, "已交|已经交|交给了|交到了|交到..(失物|保安|门卫|派出所|办公室)|交至|已送|已经送|已经..送到|送到了|失主自领|自领|可前往..领|到..(领取|认领)|来..领取|放在..请失主|交..(办公室|保安|门卫|前台)了|还在原处|handed in|handed it in|handed it to|left it at|turned it in|collect it|given it to" },
	{ SIG_RESOLVED, "已经找到|找到了|已找到|找着了|已经解决|解决了|已解决|已修好|修好了|抓到了|抓住了|破案|扑灭|救熄|救灭|已经控制|控制住了|虚惊|has been put out|was put out|put out the|under control|arrested|all safe|found it|has been found|have been found|was found|resolved|got it back|back home safe|搵返" },
	{ SIG_QUOTED_TALK, "转:|转)|转贴|转自|【转】|转发|听说|据说|新闻|网传|rt @|fwd|via @|breaking" },

	/* Certain danger: said as something happening to somebody now. */
	{ SIG_FIRE, "着火了|起火了|失火了|着大火|火烧起来|烧起来了|火灾..快|快来救火|救火啊|火势|冒火了|着火啦|起火啦|火烛啊|火烛呀|火烛啦|火烛喇|出紧火|烧紧|着火啊|厨房着火|楼着火|家着火|屋着火|煤气爆炸|燃气爆炸|煤气罐爆炸|爆炸了" },
	{ SIG_FIRE, "the house is on fire|building is on fire|flat is on fire|apartment is on fire|kitchen is on fire|is on fire|there is a fire|there's a fire|help fire|fire help|fire fire|fire now|caught fire|went up in flames|gas explosion" },
	{ SIG_FIRE, "失火|起火|着火 & 快|来人|救|赶紧|火警|119" },
	{ SIG_FIRE, "自燃|火苗..(窜|喷|蹿)" },
	{ SIG_FIRE, "火警 & 快|浓烟|好多烟|救" },
	{ SIG_FIRE, "fire & get out|evacuate|everyone out|call the fire" },
	{ SIG_MEDICAL, "(人|孩|孙|儿子|女儿|老太|大爷|阿婆|阿伯|同学|女的|男的)..(掉河里|掉进河|掉井里|掉进井|掉水里|掉进水|掉湖里|掉进湖|掉下水|落水|跌落水|跌落海|坠河|坠井)|叫不醒|叫唔醒|遇溺|浸亲..(呼吸|快)|口吐白沫|吐白沫" },
	{ SIG_MEDICAL, "晕倒|昏倒|晕过去|昏迷|没呼吸|没有呼吸|不省人事|心脏病发|心梗|中风|抽搐|大出血|流好多血|流了很多血|血流不止|流血不止|血止不住|溺水|触电了|一氧化碳中毒|煤气中毒|喝农药|服毒|割腕|割脉|冇呼吸|冇晒呼吸|冇咗呼吸|晕低|晕咗|坠楼|从楼上掉下来|被车撞..不动|被埋|埋在..下面|被压在|困在火|困在..水里|快叫救护车|快打120|叫白车|快call白车" },
	{ SIG_MEDICAL, "not breathing|isn't breathing|stopped breathing|can't breathe|cannot breathe|unconscious|passed out|collapsed..not|bleeding badly|bleeding heavily|bleeding a lot|badly bleeding|heart attack|having a stroke|having a seizure|drowning|electrocuted|need an ambulance|call an ambulance|overdosed|trapped under|buried under|stuck under|(kids|children|people|students|workers|family|somebody|someone)..trapped|trapped..(alive|people|kids|children|someone)|got injured..help|cut her wrists|cut his wrists|fell from the roof|jumped off" },
	{ SIG_POLICE, "救命 & 来人|来救|快来|报警|警察|公安|差人|打我|杀我|追我|追着|砍|持刀|拿刀|受伤|着火|起火|有人..(打|追|砍|杀|闯|抢|跳)|被砍|被打|被追|被绑|被困|被压|被抢" },
	{ SIG_POLICE, "劫持|挟持|持刀|拿刀|拿着刀|拿着菜刀|举着刀|砍人|捅人|杀人了|绑架|抢劫了|被抢劫|正在抢劫|有人抢劫|打死人|要跳楼|跳楼了|(楼顶|天台|窗台|桥上|阳台|屋顶)..(要跳|跳下|想跳|跳楼)|要跳河|要自杀|正在打我|家暴..救|要杀我|揸刀|斩人|打劫|入屋打劫|小偷在..里|小偷进了|贼在..里|贼入|有贼..(屋|家里|房里)|有人撬门|正在撬门|撬我家门|有枪|开枪" },
	{ SIG_POLICE, "with a knife|has a knife|holding a knife|with a gun|has a gun|gunshots|shots fired|is shooting|are shooting|been shot|got shot|being stabbed|being attacked|being beaten|being raped|got stabbed|stabbing|stabbed|being robbed|robbing us|kidnapped|going to kill|threatening to kill|threatening to jump|about to jump|going to jump|someone is breaking in|somebody is breaking in|breaking into my|intruder in|help help|help me now|he is hitting|is beating his wife|beating her up" },

	/* Possibly danger: someone should look at once, but a sentence in the room would be too much. */
	{ SIG_MAY_FIRE, "着火|起火|火灾|失火|冒烟|烧焦|焦味|糊味|浓烟|煤气泄漏|燃气泄漏|漏煤气|煤气味|天然气味|瓦斯|闻到煤气|燃气味|漏电|爆炸|火花|电线..火|smoke|gas leak|smell gas|smell of gas|smells like gas|burning smell|something burning|on fire|fire|explosion|sparks|sparking" },
	{ SIG_MAY_MEDICAL, "受伤|流血|摔伤|摔倒|救护车|担架|中毒|呼吸困难|胸痛|胸口痛|骨折|被撞|撞倒|不舒服|发病|病倒|跌倒|跌亲|injured|bleeding|ambulance|collapsed|hurt badly|badly hurt|fainted|broken leg|chest pain|(sick|ill)..(baby|child|infant)|(baby|child|infant)..(sick|ill)|trapped|poisoned|fell down" },
	{ SIG_MAY_POLICE, "救命|打架|打起来|打人|动手|家暴|自杀|轻生|想死|不想活|活不下去|失联|联系不上|跟踪|尾随|抢劫|抢了|威胁|恐吓|刀|撬门|撬锁|闯入|爬窗|翻墙|翻窗|猥亵|打老婆|打孩子|虐待|吵架..打|knife|gun|weapon|armed|suicide|suicidal|kill himself|kill herself|kill myself|end my life|fighting|fight|attacked|assault*|threaten*|robbed|robbery|following me|stalking|breaking in|broke in|break-in|domestic violence|screaming" },

	/* Looks like danger and is none. Covers the words that stand inside it. */
	{ SIG_IDIOM, "笑死|热死|累死|困死|饿死|冷死|冻死|气死|烦死|吵死|急死|忙死|吓死|渴死|帅死|美死|爱死|恨死|羡慕死|好吃死|乐死|想死你|想死我|无聊死|尴尬死|死鬼|找死|死机|死党|死了这条心|打死不|打死我也|杀青|秒杀|绝杀|抹杀|自杀式" },
	{ SIG_IDIOM, "火了|火爆|火锅|火车|火热|很火|好火|大火的|上火|火气|恼火|发火|冒火气|灭火器|消防演练|消防演习|火腿|火龙果|火大|着急上火|怒火|香火|烟火|焰火|救命恩人|救命稻草|救命钱|救了命|救命之恩|真是救命|谢谢救命|血拼|吐血|心在滴血|出血价|大出血价|炸鸡|炸了锅|爆炸性|爆炸头|气炸|信息爆炸|手刀|刀削面|剪刀|菜刀磨|磨刀|磨剪刀|刀鱼|刀子嘴|一刀切|开枪战|水枪|玩具枪" },
	{ SIG_IDIOM, "(差点|差一点|险些)..(心脏病发|心梗|中风|晕倒|晕过去|触电|溺水|掉河里|落水|爆炸)|笑晕|晕死|我晕|晕了晕了|萌晕|晕车|笑到抽搐|笑到窒息|美到窒息|跳楼价|跳楼大甩卖|跳楼机|笑到跳楼|打劫我钱包|钱包大出血|溺水预防|防溺水|预防溺水|预防..中毒|防..中毒|预防一氧化碳|预防煤气中毒|谨防|注意防火|防火|防触电|绑架广告|道德绑架|被套牢|抢购|抢红包|抢票|抢不到|中毒太深|有毒|打架子鼓|动手做|动手能力" },
	{ SIG_IDIOM, "killing me|kill time|killer deal|killed it|slay*|dying of laughter|dying laughing|dead tired|i'm dead|im dead|you're on fire|on fire today|on fire tonight|mixtape|fire sale|fired up|got fired|was fired|you're fired|campfire|fireworks|fire drill|fire alarm test|fire exit*|fire extinguisher*|firewall|fire station|under fire|drop dead|shoot me a|shoot you a|shot glass|photo shoot|bombed my|it's the bomb|heart attack when i|nearly had a heart attack|almost had a heart attack|gave me a heart attack|drowning in|bleeding money|help yourself|can't help|stabbed in the back|fight traffic|food fight|freezing to death|starving to death|bored to death|scared to death|worried to death|over my dead body|murder on my|robbery at that price|daylight robbery|highway robbery" },
	{ SIG_NONE, NULL },
};

static const char *const names[SIGNALS] = {
	[SIG_QUESTION] = "question", [SIG_REQUEST] = "request", [SIG_THANKS] = "thanks",
	[SIG_EARLY_THANKS] = "early-thanks", [SIG_BUT] = "but", [SIG_NOTICE] = "notice", [SIG_ADVICE] = "advice",
	[SIG_GREETING] = "greeting", [SIG_ALL] = "all", [SIG_UNSOLVED] = "unsolved", [SIG_CANCEL] = "cancel",
	[SIG_TAKEN] = "taken", [SIG_DONE] = "done", [SIG_NEG] = "not", [SIG_LAUGH] = "laugh", [SIG_TIME] = "time",
	[SIG_PAST] = "past", [SIG_NOW] = "now", [SIG_ITEM] = "item", [SIG_PLACE] = "place", [SIG_TITLE] = "title",
	[SIG_OFFICE] = "office", [SIG_HYPO] = "if", [SIG_FICTION] = "fiction", [SIG_ME] = "me",
	[SIG_FIRE] = "fire", [SIG_MEDICAL] = "medical", [SIG_POLICE] = "police", [SIG_MAY_FIRE] = "may-fire",
	[SIG_MAY_MEDICAL] = "may-medical", [SIG_MAY_POLICE] = "may-police", [SIG_IDIOM] = "idiom",
	[SIG_ADDRESSED] = "addressed", [SIG_STAFF] = "staff", [SIG_PHONE] = "phone", [SIG_LINK] = "link",
	[SIG_LONG] = "long", [SIG_SHORT] = "short", [SIG_PLATE] = "plate", [SIG_HANDED] = "handed-in",
	[SIG_RESOLVED] = "over", [SIG_QUOTED_TALK] = "hearsay", [SIG_DANGER] = "danger",
	[SIG_PERHAPS] = "perhaps-danger", [SIG_PERSON] = "person",
};

const char *
signal_name(enum signal s)
{
	return s > SIG_NONE && s < SIGNALS ? names[s] : "none";
}

enum signal
signal_named(const char *name, size_t len)
{
	for (enum signal s = SIG_NONE + 1; s < SIGNALS; s++)
		if (names[s] != NULL && strlen(names[s]) == len && memcmp(names[s], name, len) == 0)
			return s;
	return SIG_NONE;
}
