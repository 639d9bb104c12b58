"""The hall and the server go away in the middle: nothing is lost and nothing is said twice."""
import asyncio
import collections
import re
import signal
import time

from people import DESK
from servers import Trouble, until
from episodes import same

RESIDENTS = [f"res{n}" for n in range(1, 7)]
# Six people, each with one thing; asked of the desk by name, so that each is a matter whatever its words.
ASKED = ["户口迁移要带什么材料", "身份证过期了去哪里换", "居住证怎么续签", "无犯罪记录证明在哪里开", "临时身份证几天能拿到", "小孩上户口要什么证件"]
LOST = {"term": "钱包丢了，在菜市场门口，有人捡到吗？", "kill": "我家的钥匙丢了，可能在公交站，谁捡到了？",
        "clean": "身份证丢了，在超市附近，有人捡到吗？", "crash": "我的手机丢了，在小公园里，有人捡到吗？"}


async def residents(people, room):
    got = [people[r] for r in RESIDENTS]
    for n, p in enumerate(got):
        p.nick = f"住户{n + 1}"
        if p.client is None:
            await p.login()
        await p.join(room)
    return got


async def all_taken(stage, room, lines, within=25):
    """Each of these lines is the beginning of exactly one matter."""
    texts = collections.Counter(l.body for l in lines)

    async def test():
        got = await counted(stage, room)
        return all(got[t] >= n for t, n in texts.items())
    try:
        await until(f"every line in {room} is registered", test, within)
    except Trouble as e:
        got = await counted(stage, room)
        raise Trouble(f"{e}; missing: {[t for t in texts if got[t] < texts[t]]}") from None
    got = await counted(stage, room)
    twice = [t for t, n in got.items() if n != texts.get(t, n)]
    if twice:
        raise Trouble(f"registered more than once in {room}: {twice}")


async def counted(stage, room):
    return collections.Counter(r[0] for r in await stage.database.rows(
        "SELECT t.text FROM request_text t JOIN request q ON q.number = t.request JOIN room m ON m.id = q.room_id "
        f"WHERE m.code = '{room}' AND t.role = 'asked'"))


async def settle(stage, room, lost, watcher, since):
    """The one unasked line has been said once, the officer's answer too."""
    officer = watcher
    await officer.expect("^" + re.escape("住户1"), 25, since, way="room", nick=DESK, room=room)
    q = (await stage.database.rows("SELECT q.number FROM request q JOIN request_text t ON t.request = q.number JOIN room m ON m.id = q.room_id "
                                   f"WHERE m.code = '{room}' AND t.text = '{lost}'"))[0][0]
    officer.tell(f"#answer {q} 请到所里来看看，收到了一件")
    await officer.expect("请到所里来看看", 15, since, way="room", nick=DESK, room=room)
    await stage.spoken(room)


async def away(stage, hall, people, room, how):
    """The hall ends while people talk, and comes back."""
    some = await residents(people, room)
    officer = people["bao-hans"]
    since = officer.mark()
    lines = [await some[0].say(room, LOST[room])]
    for p, text in list(zip(some, ASKED))[:3]:
        lines.append(await p.say(room, f"@{DESK} {text}？"))
    await hall.end(how)             # the last of them may still be on its way to the database
    for p, text in list(zip(some, ASKED))[3:]:
        lines.append(await p.say(room, f"@{DESK} {text}？"))
    await asyncio.sleep(stage.grace)        # the grace time ends while nobody is there to notice
    await hall.start()
    lines.append(await some[1].say(room, f"@{DESK} 派出所的电话是多少？"))
    await all_taken(stage, room, lines)
    await settle(stage, room, LOST[room], officer, since)


async def hall_restarted(stage, hall, people):
    await away(stage, hall, people, "term", signal.SIGTERM)


async def hall_killed(stage, hall, people):
    await away(stage, hall, people, "kill", signal.SIGKILL)


async def server_away(stage, hall, people, room, how):
    """The server ends while people talk, and comes back; the hall stays and finds its way back."""
    some = await residents(people, room)
    officer = people["bao-hans"]
    since = officer.mark()
    lines = [await some[0].say(room, LOST[room])]
    for p, text in list(zip(some, ASKED))[:3]:
        lines.append(await p.say(room, f"@{DESK} {text}？"))
    if how is signal.SIGKILL:
        # What only the dead server had seen cannot be asked of anybody; what it had passed on must be there.
        await all_taken(stage, room, lines)
    await stage.server.end(how)
    if not hall.running():
        raise Trouble("the hall ended with the server")
    for p in people.values():
        p.drop()
    begun = time.monotonic()
    await stage.server.start()
    await asyncio.gather(*(p.login() for p in some), officer.login())
    await hall.live(60)
    back = time.monotonic() - begun
    await asyncio.gather(*(p.join(room) for p in [*some, officer]))
    for p, text in list(zip(some, ASKED))[3:]:
        lines.append(await p.say(room, f"@{DESK} {text}？"))
    await all_taken(stage, room, lines)
    q = await stage.database.value("SELECT q.number FROM request q JOIN request_text t ON t.request = q.number JOIN room m ON m.id = q.room_id "
                                   f"WHERE m.code = '{room}' AND t.text = '{LOST[room]}'")
    since = officer.mark()
    officer.tell(f"#answer {q} 请到所里来看看，收到了一件")
    await officer.expect("请到所里来看看", 15, since, way="room", nick=DESK, room=room)
    await stage.spoken(room)
    if back > 40:
        raise Trouble(f"the hall needed {back:.0f} s to come back")


async def server_restarted(stage, hall, people):
    await server_away(stage, hall, people, "clean", signal.SIGTERM)


async def server_killed(stage, hall, people):
    await server_away(stage, hall, people, "crash", signal.SIGKILL)


async def database_restarted(stage, hall, people):
    """PostgreSQL ends as in a crash and comes back: the hall waits, and has everything."""
    room = "calm"
    some = await residents(people, room)
    lines = [await p.say(room, f"@{DESK} {t}？") for p, t in list(zip(some, ASKED))[:2]]
    stage.database.cluster.stop("immediate")
    lines += [await p.say(room, f"@{DESK} {t}？") for p, t in list(zip(some, ASKED))[2:4]]
    stage.database.cluster.start()
    lines += [await p.say(room, f"@{DESK} {t}？") for p, t in list(zip(some, ASKED))[4:]]
    await all_taken(stage, room, lines, 40)
    await hall.live(40)


TESTS = [hall_restarted, hall_killed, server_restarted, server_killed, database_restarted]


async def said_once(stage, officer):
    """Every line that the outbox calls delivered stands in the room's archive once, or was seen once."""
    if officer.client is None:
        await officer.login()
    checked = 0
    for (code,) in await stage.database.rows("SELECT DISTINCT m.code FROM outbox o JOIN room m ON m.id = o.room_id WHERE o.way = 'room'"):
        if code not in officer.rooms:
            await officer.join(code)
        archived = collections.Counter(l.id for l in await officer.archive(code))
        live = collections.Counter(l.id for l in officer.seen if l.way == "room" and l.room == code and not l.old)
        for ident, state in await stage.database.rows(
                f"SELECT o.id, o.state FROM outbox o JOIN room m ON m.id = o.room_id WHERE m.code = '{code}' AND o.way = 'room'"):
            same(f"state of {ident}", state, "delivered")
            n = max(archived[ident], live[ident])
            if n != 1:
                raise Trouble(f"{ident} was said {n} times in {code}")
            checked += 1
    private = await stage.database.rows("SELECT id FROM outbox WHERE way <> 'room' AND state = 'delivered'")
    if checked < 5 or not private:
        raise Trouble(f"only {checked} lines in rooms and {len(private)} private ones were there to check")


async def ledger(stage):
    """Each room's chain of events is whole, and every key was taken once."""
    broken = await stage.database.rows("SELECT m.code, l.seq, l.fault FROM room m, ledger_check(m.id) l")
    same("the ledger", broken, [])
    n = int(await stage.database.value("SELECT count(*) FROM request_event"))
    if n < 30:
        raise Trouble(f"only {n} events")
    same("pending lines", await stage.database.rows("SELECT id, way, state, body FROM outbox WHERE state IN ('pending', 'sent')"), [])
