"""Three of the thirteen episodes, in three scripts, against whatever server and hall it is given.

Each asserts what was said, to whom, and what PostgreSQL holds afterwards: who asked what, who
answered, after how long, how it ended, and the events in between.
"""
import dataclasses
import re

from people import DESK
from servers import Trouble, until

WORDS = {
    "hans": {
        "officer": "鲍国",
        "E2": dict(nick="李婶", ask="@鲍国，我家在和平村那边，户口簿找不到了，能不能帮忙补办一本？我让儿子跑一趟",
                   answer="李婶：可以的，让您儿子带上您的身份证和委托书到所里来补办",
                   thanks="新户口簿拿到了，谢谢鲍警官！"),
        "E5": dict(nick="陈校长", ask="周六周日派出所是否能办身份证？",
                   answer="可以，本周六上午八点半到十一点半为学生开快速通道，请带户口簿", thanks="太好了，谢谢！"),
        "E6": dict(nick="小磊妈妈", ask="孩子的书包丢了，在和平桥到中心小学之间，有人捡到吗？",
                   question="书包是什么颜色？里面有什么？", added="蓝色的，里面有语文书，还有一个铅笔盒",
                   done="书包找到了，请到所里来领", thanks="谢谢鲍警官！"),
    },
    "hant": {
        "officer": "鮑國",
        "E2": dict(nick="李嬸", ask="@鮑國, 我家在和平村那邊…戶口簿找不到了…能不能幫忙補辦一本,我讓兒子跑一趟",
                   answer="李嬸，可以的，讓您兒子帶上您的身份證和委託書到所裡來補辦",
                   thanks="新戶口簿拿到了，謝謝鮑警官！"),
        "E5": dict(nick="陳校長", ask="週六週日派出所是否能辦身份證?",
                   answer="可以，本週六上午八點半到十一點半為學生開快速通道，請帶戶口簿", thanks="太好了，謝謝！"),
        "E6": dict(nick="小磊媽媽", ask="孩子的書包丟了，在和平橋到中心小學之間，有人撿到嗎？",
                   question="書包是什麼顏色？裡面有什麼？", added="藍色的，裡面有語文書，還有一個鉛筆盒",
                   done="書包找到了，請到所裡來領", thanks="謝謝鮑警官！"),
    },
    "en": {
        "officer": "Bao",
        "E2": dict(nick="Mrs Li", ask="@Bao, I can't find our household register, could you help me replace it? My son can come over",
                   answer="Mrs Li: yes, let your son bring your ID card and a signed letter to the station",
                   thanks="We have the new register now, thank you officer Bao!"),
        "E5": dict(nick="Headmaster Chen", ask="Can the police station issue ID cards on Saturday and Sunday?",
                   answer="Yes: a fast lane for your pupils this Saturday from 8:30 to 11:30, please bring the household register",
                   thanks="Great, thank you!"),
        "E6": dict(nick="Lei's mum", ask="My child lost his schoolbag between Peace Bridge and Central School, has anyone found it?",
                   question="What colour is the bag, and what is in it?", added="It is blue, with a reading book and a pencil case in it",
                   done="The schoolbag is found, please collect it at the station", thanks="Thank you officer Bao!"),
    },
}
PHOTO = "https://upload.example.org/3f2a/booklet.jpg"


@dataclasses.dataclass
class Stage:
    """Where an episode is played."""
    server: object
    database: object
    grace: float = 3.6      # seconds: three minutes, shortened

    async def request(self, room, sql="true"):
        """The room's newest matter as a dict, or None."""
        columns = ("number state kind band way addressed nick late answered closed_how reopened").split()
        r = await self.database.rows(
            f"SELECT {', '.join('q.' + c for c in columns)}, (SELECT address FROM person WHERE id = q.asker),"
            " (SELECT address FROM staff WHERE id = q.answered_by), (SELECT address FROM staff WHERE id = q.taken_by),"
            " extract(epoch FROM q.sent), extract(epoch FROM q.first_answer), extract(epoch FROM q.closed_at)"
            f" FROM request q JOIN room m ON m.id = q.room_id WHERE m.code = '{room}' AND {sql} ORDER BY q.number DESC LIMIT 1")
        return dict(zip(columns + ["asker", "answered_by", "taken_by", "sent", "first_answer", "closed_at"], r[0])) if r else None

    async def matter(self, room, within=10, **want):
        """Waits until the room's newest matter is as wanted; says what it was instead if it never is."""
        seen = {}

        async def test():
            seen["now"] = r = await self.request(room)
            return r if r and all(r[k] == v for k, v in want.items()) else None
        try:
            return await until(f"a matter in {room} with {want}", test, within)
        except Trouble as e:
            raise Trouble(f"{e}; it is {seen.get('now')}") from None

    async def events(self, number):
        r = await self.database.rows(f"SELECT what FROM request_event WHERE request = {number} ORDER BY seq")
        return [x[0] for x in r]

    async def texts(self, number, role):
        r = await self.database.rows(f"SELECT text FROM request_text WHERE request = {number} AND role = '{role}' ORDER BY id")
        return [x[0] for x in r]

    async def room_lines(self, room):
        """What the desk said, or means to say, in this room."""
        return await self.database.rows("SELECT o.purpose, o.body, o.unasked, o.state FROM outbox o JOIN room m ON m.id = o.room_id "
                                        f"WHERE m.code = '{room}' AND o.way = 'room' ORDER BY o.created")

    async def spoken(self, room):
        """Every line of the desk in this room has arrived."""
        async def test():
            return all(r[3] == "delivered" for r in await self.room_lines(room))
        await until(f"all lines of the desk in {room} are delivered", test)


def same(what, got, want):
    if got != want:
        raise Trouble(f"{what}: {got!r} instead of {want!r}")


def near(what, got, want, by):
    if got in ("", None) or abs(float(got) - want) > by:
        raise Trouble(f"{what}: {got!r}, more than {by:g} s away from {want:.3f}")


def contains_in_order(what, got, want):
    rest = iter(got)
    if not all(w in rest for w in want):
        raise Trouble(f"{what}: {got} does not contain {want} in this order")


async def e2(stage, room, w, asker, officer):
    """Addressed by name, answered in ordinary words, thanked: the desk says nothing at all."""
    start = asker.mark()
    asked = await asker.say(room, w["ask"])
    q = await stage.matter(room, state="open", addressed="t", nick=asker.nick, asker=asker.address)
    same("words", await stage.texts(q["number"], "asked"), [w["ask"]])
    near("sent", q["sent"], asked.at, 1)
    answered = await officer.say(room, w["answer"])
    q = await stage.matter(room, state="answered", answered="strong", answered_by=officer.address)
    near("first answer", float(q["first_answer"]) - float(q["sent"]), answered.at - asked.at, 1)
    # Past the grace time: an answered matter has nothing that is due to be said.
    await asker.expect_silence(max(0.0, stage.grace * 1.5 - (answered.at - asked.at)), start, nick=DESK)
    await asker.say(room, PHOTO, link=PHOTO)
    thanked = await asker.say(room, w["thanks"])
    q = await stage.matter(room, state="closed", closed_how="thanks", answered="strong", reopened="0")
    near("closed", q["closed_at"], thanked.at, 1)
    same("events", await stage.events(q["number"]), [e for e in await stage.events(q["number"]) if e in ("opened", "answered", "added", "closed")])
    contains_in_order("events", await stage.events(q["number"]), ["opened", "answered", "closed"])
    same("the desk's lines in the room", await stage.room_lines(room), [])
    same("what the asker heard of the desk", [str(l) for l in asker.lines(start) if l.nick == DESK or "@hall." in l.sender], [])
    return q["number"]


async def unanswered(stage, room, w, asker, officer):
    """A sure request that nobody answers: after the grace time one line, opening with the asker's nickname."""
    start = asker.mark()
    asked = await asker.say(room, w["ask"])
    q = await stage.matter(room, state="open", addressed="f", band="sure", nick=asker.nick, asker=asker.address)
    line = await asker.expect("^" + re.escape(asker.nick), stage.grace * 2 + 8, start, way="room", nick=DESK)
    if f"#{q['number']}" not in line.body:
        raise Trouble(f"the line does not name #{q['number']}: {line.body}")
    if line.at - asked.at < stage.grace - 0.5:
        raise Trouble(f"the desk spoke after {line.at - asked.at:.1f} s, before the grace time of {stage.grace:g} s")
    await officer.expect("^" + re.escape(asker.nick), 5, 0, way="room", nick=DESK, room=room)
    return start, q


async def listed(officer, number):
    """The officer asks for his list and finds the matter on it."""
    since = officer.mark()
    officer.tell("#open")
    await officer.expect(f"#{number}\\b", 10, since, way="chat")


async def e5(stage, room, w, asker, officer, by):
    """A question that waits for a decision; the officer answers it from his private line or from a form."""
    start, q = await unanswered(stage, room, w, asker, officer)
    n = q["number"]
    if by == "talk":
        await listed(officer, n)
        since = officer.mark()
        officer.tell(f"#take {n}")
        await officer.expect(f"#{n}\\b", 10, since, way="chat")
    else:
        offered = await officer.commands()
        for node in ("open", "take", "answer", "done"):
            if node not in offered:
                raise Trouble(f"the menu lacks {node}: {sorted(offered)}")
        status, note, _ = await officer.execute("take", [n], at=offered["take"][0], action=by)
        same("the form's status", status, "completed")
    q = await stage.matter(room, state="taken", taken_by=officer.address)
    since = asker.mark()
    if by == "talk":
        officer.tell(f"#answer {n} {w['answer']}")
    else:
        status, note, _ = await officer.execute("answer", [n, w["answer"]], action=by)
        same("the form's status", status, "completed")
    line = await asker.expect(re.escape(w["answer"]), 10, since, way="room", nick=DESK)
    if not line.body.startswith(asker.nick):
        raise Trouble(f"the answer does not open with the asker's nickname: {line.body}")
    q = await stage.matter(room, state="answered", answered="strong", answered_by=officer.address)
    near("first answer", q["first_answer"], line.at, 2)
    same("words of the answer", await stage.texts(n, "answer"), [w["answer"]])
    await asker.say(room, w["thanks"])
    q = await stage.matter(room, state="closed", closed_how="thanks")
    contains_in_order("events", await stage.events(n), ["opened", "taken", "answered", "closed"])
    same("number of the desk's lines", len(asker.lines(start, way="room", nick=DESK)), 2)
    await stage.spoken(room)
    return n


async def e6(stage, room, w, asker, officer):
    """Lost and found: asked for its features, completed by the resident, found, thanked."""
    start, q = await unanswered(stage, room, w, asker, officer)
    n = q["number"]
    same("kind", q["kind"], "lost_item")
    await listed(officer, n)
    since = asker.mark()
    officer.tell(f"#ask {n} {w['question']}")
    question = await asker.expect(re.escape(w["question"]), 10, since)
    await stage.matter(room, state="asking")
    await asker.say(room, w["added"], reply_to=question if question.way == "room" else None)
    await stage.matter(room, state="taken")
    same("what was added", await stage.texts(n, "added"), [w["added"]])
    since = asker.mark()
    officer.tell(f"#done {n} {w['done']}")
    await asker.expect(re.escape(w["done"]), 10, since)
    await stage.matter(room, state="done", answered_by=officer.address)
    await asker.say(room, w["thanks"])
    await stage.matter(room, state="closed")
    contains_in_order("events", await stage.events(n), ["opened", "asked", "added", "done", "closed"])
    await stage.spoken(room)
    lines = [l.body for l in asker.lines(start, way="room", nick=DESK)]
    same("unasked lines in the room", sum(r[2] == "t" for r in await stage.room_lines(room)), 1)
    same("every line was said once", len(lines), len(set(lines)))
    return n
