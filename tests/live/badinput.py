"""What an administrator gets wrong, and the one clear line that says what to do about it."""
import asyncio
import re

from servers import Hall, Trouble, free_port


def another(hall, directory, name, **change):
    """A second hall on the same server, with something wrong in its configuration."""
    h = Hall(directory / name, hall.build, type("S", (), {"component": hall.values["port"], "secret": hall.values["secret"]}),
             hall.database)
    h.write(**change)
    return h


async def said(what, hall, pattern, ended=None, within=8):
    """The daemon says something that matches; `ended`: must it have given up (True), stay (False), or either."""
    code, text = await asyncio.to_thread(hall.run, within)
    if not re.search(pattern, text, re.I):
        raise Trouble(f"{what}: no /{pattern}/ in what it said (exit {code}):\n{text[-1500:]}")
    if ended is True and (code is None or code <= 0):
        raise Trouble(f"{what}: exit status {code}")
    if ended is False and code is not None:
        raise Trouble(f"{what}: it ended with {code}:\n{text[-1500:]}")


async def wrong_secret(stage, hall, directory):
    await hall.end()
    h = another(hall, directory, "wrong-secret", secret="not-the-secret")
    await said("wrong secret", h, r"secret|not-authorized", within=4)
    out = h.ctl("check")
    if out.returncode == 0 or "secret" not in (out.stdout + out.stderr):
        raise Trouble(f"moothallctl check does not say that the secret is wrong: {out.stdout}{out.stderr}")


async def unknown_domain(stage, hall, directory):
    await said("unknown domain", another(hall, directory, "unknown-domain", component="nobody.localhost"),
               r"nobody\.localhost|host-unknown", within=6)


async def no_server(stage, hall, directory):
    await said("no server", another(hall, directory, "no-server", port=free_port()), r"refused|cannot connect|reach", False, 3)


async def no_database(stage, hall, directory):
    h = another(hall, directory, "no-database", database=f"host={directory}/nowhere dbname=hall connect_timeout=2")
    await said("no database", h, r"database", within=4)
    out = h.ctl("check")
    if out.returncode == 0 or "database" not in (out.stdout + out.stderr).lower():
        raise Trouble(f"moothallctl check does not speak of the database: {out.stdout}{out.stderr}")


async def old_schema(stage, hall, directory):
    db = hall.database.cluster.create("old")
    h = another(hall, directory, "old-schema", database=db.conninfo)
    await said("empty database", h, r"db init", True)
    h.must("db", "init")
    await db.rows("UPDATE schema_version SET version = 0")
    await said("old schema", h, r"db upgrade", True)


async def unreadable_configuration(stage, hall, directory):
    h = another(hall, directory, "bad-conf")
    h.conf.write_text("component = \"hall.localhost\"\nno-such-thing = 1\n")
    await said("unknown key", h, r"moothall\.conf:2", True)
    h.conf.unlink()
    await said("no file", h, r"cannot read .*moothall\.conf", True)


async def malformed_roster(stage, hall, directory):
    bad = directory / "bad.csv"
    bad.write_text("unit,county,,bureau,A,UTC,24h,\nroom,x1,nowhere,X,,,zh-Hans,,normal\n")
    before = await stage.database.value("SELECT count(*) FROM room WHERE ended IS NULL")
    out = hall.ctl("roster", "import", str(bad))
    if out.returncode == 0 or not re.search(r"bad\.csv:2|line 2", out.stderr) or "nowhere" not in out.stderr:
        raise Trouble(f"a reference to nothing: exit {out.returncode}: {out.stderr}")
    if await stage.database.value("SELECT count(*) FROM room WHERE ended IS NULL") != before:
        raise Trouble("a roster with an error was imported")


async def second_hall(stage, hall, directory):
    """A second hall by mistake: it says so and the first is not disturbed."""
    if not hall.running():
        await hall.start()
    epoch = await stage.database.value("SELECT max(epoch) FROM process")
    await said("second hall", another(hall, directory, "second"), r"another hall|already|lock", within=4)
    if not hall.running():
        raise Trouble("the first hall ended")
    await hall.live(10)
    if await stage.database.value("SELECT max(epoch) FROM process") != epoch:
        raise Trouble("the second hall took the rooms")
    out = hall.ctl("check")
    if out.returncode != 0:
        raise Trouble(f"moothallctl check beside a healthy hall: exit {out.returncode}: {out.stdout}{out.stderr}")


TESTS = [wrong_secret, unknown_domain, no_server, no_database, old_schema, unreadable_configuration, malformed_roster, second_hall]
