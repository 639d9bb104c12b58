"""The quickstart's second half: play.py start|stop|running DIRECTORY.

Starts the servers and the hall in DIRECTORY (built in DIRECTORY/build), plays the episodes E2, E5
and E6, prints what each person saw and what PostgreSQL holds, and leaves everything running.
"""
import asyncio
import csv
import datetime
import json
import logging
import os
import pathlib
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
import zoneinfo

logging.disable(logging.CRITICAL)        # slixmpp remarks on connections that a test has cut
sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import episodes  # noqa: E402
import servers  # noqa: E402
from people import Person  # noqa: E402

GRACE_PERCENT = 5       # three minutes become nine seconds
SCRIPT = {"zh-Hans": "hans", "zh-Hant": "hant"}
RESIDENTS = {"E2": "li", "E5": "chen", "E6": "lei"}
TITLES = {"E2": "E2  asked by name, answered, thanked: the desk says nothing",
          "E5": "E5  nobody answers: the desk speaks once; the officer takes it and answers from his private line",
          "E6": "E6  a schoolbag is lost: asked for its features, found"}


class QuickHall(servers.Hall):
    user = "postgres"       # any user but root that may open the database's socket

    def start(self, *a, **k):
        for p in [self.dir, self.conf]:
            self.give(p)
        self.conf.chmod(0o600)
        return super().start(*a, **k)


def roster(top, directory):
    """The sample, on this machine's domain, and if it is night there, where it is about noon."""
    text = (top / "contrib" / "roster-sample.csv").read_text(encoding="utf-8-sig")
    text = re.sub(r"@[A-Za-z0-9.-]*example\.(?:org|com|net)", f"@{servers.DOMAIN}", text)
    rows, moved = list(csv.reader(text.splitlines())), None
    for r in rows:
        if r and r[0] == "unit" and len(r) > 6 and r[5]:
            if not 8 <= datetime.datetime.now(zoneinfo.ZoneInfo(r[5])).hour < 21:
                moved, r[5] = r[5], servers.midday_zone()
        if r and r[0] == "unit" and len(r) > 6 and r[6]:
            r[6] = "24h"        # so that the episodes play at any hour
        if r and r[0] == "room" and len(r) > 8:
            r[8] = "normal"     # a real room listens for its first week
    path = directory / "hall" / "roster.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as f:
        csv.writer(f, lineterminator="\n").writerows(rows)
    staff = {r[1]: r for r in rows if r and r[0] == "staff"}
    rooms = [r for r in rows if r and r[0] == "room" and r[7] in staff]
    if len(rooms) < 3:
        raise servers.Trouble(f"{path}: fewer than three rooms with an officer")
    return path, rooms, staff, moved


def seen(person, room, since, begun):
    print(f"\n  what {person.nick} ({person.address}) saw:")
    for l in person.seen[since:]:
        if l.body and l.way != "error" and l.room in ("", room):
            who = l.nick if l.way == "room" else f"{l.nick or l.sender.partition('/')[0]} (in private)"
            print(f"    {l.at - begun:5.1f} s  {who}: " + l.body.replace("\n", "\n             "))


def psql(database, sql):
    out = subprocess.run(["psql", "-X", "-q", "-P", "footer=off", "-d", database.conninfo, "-c", sql], capture_output=True, text=True,
                         stdin=subprocess.DEVNULL)
    print("\n".join("  " + l for l in (out.stdout + out.stderr).rstrip().splitlines()))


async def play(stage, hall, rooms, staff, accounts):
    failed = 0
    neighbour = await Person(stage.server, "wang", "老王", accounts["wang"]).login()
    for episode, room in zip(("E2", "E5", "E6"), rooms):
        code, script, line = room[1], SCRIPT.get(room[6], "en"), staff[room[7]]
        nick = line[5] or line[4]
        w = dict(episodes.WORDS[script][episode])
        w["ask"] = w["ask"].replace("@" + episodes.WORDS[script]["officer"], "@" + nick)
        user = line[1].partition("@")[0]
        officer = await Person(stage.server, user, nick, accounts[user]).login()
        asker = await Person(stage.server, RESIDENTS[episode], w["nick"], accounts[RESIDENTS[episode]]).login()
        for p in (officer, asker, neighbour):
            await p.join(code)
        begun, since = time.time(), [p.mark() for p in (asker, officer, neighbour)]
        print(f"\n{TITLES[episode]}\n  room {code}@{servers.MUC}: {room[3]}", flush=True)
        number = None
        try:
            if episode == "E2":
                number = await episodes.e2(stage, code, w, asker, officer)
            elif episode == "E5":
                number = await episodes.e5(stage, code, w, asker, officer, "talk")
            else:
                number = await episodes.e6(stage, code, w, asker, officer)
        except servers.Trouble as e:
            failed += 1
            print(f"\n  THIS DID NOT GO AS IT SHOULD: {e}")
        for p, at in zip((asker, officer, neighbour), since):
            seen(p, code, at, begun)
        if number is not None:
            print(f"\n  the record of #{number} in PostgreSQL:")
            psql(hall.database, "SELECT q.number, q.kind, q.state, q.nick AS asker, s.name AS answered_by, q.answered, "
                 "date_trunc('milliseconds', q.first_answer - q.sent) AS first_answer, q.closed_how, "
                 "date_trunc('milliseconds', q.closed_at - q.sent) AS ended_after "
                 f"FROM request q LEFT JOIN staff s ON s.id = q.answered_by WHERE q.number = {number}")
            psql(hall.database, "SELECT e.seq, e.what, e.detail, e.state, e.strength, e.role, to_char(e.at, 'HH24:MI:SS.MS') AS at, "
                 f"left(encode(e.hash, 'hex'), 12) AS hash FROM request_event e WHERE e.request = {number} ORDER BY e.seq")
            psql(hall.database, f"SELECT role, text FROM request_text WHERE request = {number} ORDER BY id")
        for p in (asker, officer):
            await p.logout()
    await neighbour.logout()
    return failed


def settings(directory):
    a = json.loads((directory / "accounts.json").read_text())
    print(f"""
The hall is running. Log in with any XMPP client on this machine:
  server    127.0.0.1, port {a['port']} (set host and port by hand; the domain is {servers.DOMAIN})
  TLS       not needed: this is loopback only. The certificate is self-signed ({directory}/localhost.crt):
            accept it once, or allow an unencrypted connection""")
    for kind in ("officer", "resident"):
        for jid, word, note in a[kind]:
            print(f"  {kind:9s} {jid:24s} password {word:10s} {note}")
    print("  rooms     " + "\n            ".join(a["rooms"]))
    print(f"  staff     write to hall@{servers.COMPONENT} in private: #open, #take N, #answer N ..., or its command menu")
    print(f"""  record    psql '{a['database']}'
            (as root or as the user that runs the database)
  logs      {directory}/hall/output.log, {directory}/prosody/prosody.log
  grace     {GRACE_PERCENT} % of what it is in earnest: three minutes are {180 * GRACE_PERCENT // 100} seconds
  stop      ./contrib/quickstart stop   (the next start begins with an empty record)""")


def alive(directory, part):
    """The process id noted for this part, if it is still ours."""
    try:
        pid = int((directory / part / "pid").read_text())
        line = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except (OSError, ValueError):
        return None
    return pid if str(directory) in line else None


def stop(directory):
    stopped = []
    for part in ("hall", "prosody"):
        pid = alive(directory, part)
        if pid:
            os.kill(pid, signal.SIGTERM)
            for _ in range(150):
                if alive(directory, part) is None:
                    break
                time.sleep(0.1)
            else:
                os.kill(pid, signal.SIGKILL)
            stopped.append(part)
    if (directory / "pg" / "pgdata" / "postmaster.pid").exists():
        servers.Postgres(directory / "pg").stop()
        stopped.append("PostgreSQL")
    return stopped


async def start(directory):
    top = servers.TOP
    stop(directory)
    for part in ("hall", "prosody", "pg"):
        shutil.rmtree(directory / part, ignore_errors=True)
    path, rooms, staff, moved = roster(top, directory)
    accounts = {u: secrets.token_hex(4) for u in [s.partition("@")[0] for s in staff] + list(RESIDENTS.values()) + ["wang"]}
    print("starting PostgreSQL, Prosody and the hall in", directory, flush=True)
    pg = servers.Postgres(directory / "pg")
    pg.start()
    certificate = directory / "localhost"
    if not certificate.with_suffix(".crt").exists():
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", "/CN=localhost",
                        "-addext", f"subjectAltName=DNS:{servers.DOMAIN},DNS:{servers.MUC}", "-keyout", f"{certificate}.key",
                        "-out", f"{certificate}.crt"], check=True, capture_output=True)
    prosody = servers.Prosody(directory / "prosody", accounts, None if servers.port_open(5222) else 5222,
                              secret=secrets.token_hex(16), certificate=certificate)
    certificate.with_suffix(".key").chmod(0o600)
    prosody.give(certificate.with_suffix(".key"))
    await prosody.start()
    hall = QuickHall(directory / "hall", directory / "build", prosody, pg.create("hall"), GRACE_PERCENT)
    hall.must("db", "init")
    hall.must("roster", "import", str(path))
    hall.must("kind", "load")
    await hall.start()
    if moved:
        print(f"(it is night in {moved}, when the desk keeps silent: the sample's zone is {servers.midday_zone()} this time)")
    (directory / "accounts.json").write_text(json.dumps({
        "port": prosody.c2s, "database": hall.database.conninfo,
        "rooms": [f"{r[1]}@{servers.MUC}  {r[3]}" for r in rooms],
        "officer": [(s, accounts[s.partition("@")[0]], f"{r[3]}, nickname in the room: {r[5] or r[4]}")
                    for s, r in staff.items()],
        "resident": [(f"{u}@{servers.DOMAIN}", accounts[u], "any nickname") for u in [*RESIDENTS.values(), "wang"]]}))
    (directory / "accounts.json").chmod(0o600)
    stage = episodes.Stage(prosody, hall.database, 180 * GRACE_PERCENT / 100)
    failed = await play(stage, hall, rooms, staff, accounts)
    settings(directory)
    if failed:
        print(f"\n{failed} of 3 episodes did not go as they should; see {directory}/hall/output.log")
    return 1 if failed else 0


def main():
    what, directory = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    if what == "running":
        if not (alive(directory, "hall") and alive(directory, "prosody")):
            return 1
        settings(directory)
        return 0
    if what == "stop":
        print("stopped: " + (", ".join(stop(directory)) or "nothing was running"))
        return 0
    try:
        return asyncio.run(start(directory))
    except servers.Trouble as e:
        print(f"quickstart: {e}", file=sys.stderr)
        stop(directory)
        return 1


if __name__ == "__main__":
    sys.exit(main())
