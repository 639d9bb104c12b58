"""Private servers for the live tests: PostgreSQL, Prosody, ejabberd and the hall itself.

Everything listens on loopback, on ports that were free a moment ago, keeps its files in one
temporary directory and is ended by the process id that was noted when it was started. Run by
root, each server gets the unprivileged user that its Debian package made for it.
"""
import asyncio
import datetime
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
DOMAIN = "localhost"
MUC = "muc.localhost"
COMPONENT = "hall.localhost"
SECRET = "live-secret"


class Trouble(Exception):
    """A server did not do what it was asked for: the text says which and why."""


_given = set()


def free_port():
    while True:
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        # The kernel may offer one port twice before anybody listens on it.
        if port not in _given:
            _given.add(port)
            return port


async def until(what, test, within=30.0, every=0.05):
    """Waits for test() to be true and returns its value; `what` names it when it never is."""
    end = time.monotonic() + within
    while True:
        value = test()
        if asyncio.iscoroutine(value):
            value = await value
        if value:
            return value
        if time.monotonic() > end:
            raise Trouble(f"{what}: not within {within:g} s")
        await asyncio.sleep(every)


def port_open(port):
    with socket.socket() as s:
        s.settimeout(1)
        return s.connect_ex(("127.0.0.1", port)) == 0


def tail(path, lines=15):
    try:
        return "\n".join(pathlib.Path(path).read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


class Service:
    """One server process in the foreground, its output in a file."""
    user = None     # runs as this user when we are root

    def __init__(self, directory):
        self.dir = pathlib.Path(directory)
        self.dir.mkdir(parents=True, exist_ok=True)
        self.process = None
        self.log = self.dir / "output.log"

    def give(self, path):
        """The server's user owns this file or directory."""
        if os.getuid() == 0 and self.user:
            shutil.chown(path, self.user, pwd.getpwnam(self.user).pw_gid)

    def wrap(self, argv):
        if os.getuid() == 0 and self.user:
            return ["setpriv", f"--reuid={self.user}", f"--regid={pwd.getpwnam(self.user).pw_gid}",
                    "--init-groups", *argv]
        return list(argv)

    def spawn(self, argv, env=None, detach=False):
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen(
                self.wrap(argv), stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=self.dir,
                env={**os.environ, "HOME": str(self.dir), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", **(env or {})},
                start_new_session=True)
        (self.dir / "pid").write_text(f"{self.process.pid}\n")

    def running(self):
        return self.process is not None and self.process.poll() is None

    async def end(self, how=signal.SIGTERM, within=20):
        """SIGTERM for a clean end, SIGKILL for a crash. Returns the exit status."""
        if self.process is None:
            return None
        p, self.process = self.process, None
        if p.poll() is None:
            p.send_signal(how)
            try:
                await until(f"{type(self).__name__} ends", lambda: p.poll() is not None, within)
            except Trouble:
                p.kill()
                p.wait()
                raise
        return p.returncode

    async def kill(self):
        return await self.end(signal.SIGKILL)


def shipped(path, secret):
    """A configuration from contrib/ as an administrator would fill it in."""
    text = (TOP / "contrib" / path).read_text()
    return text.replace("rooms.example.org", MUC).replace("hall.example.org", COMPONENT).replace("change me", secret)


class Prosody(Service):
    name = "prosody"
    user = "prosody"

    def __init__(self, directory, accounts, c2s=None, component=None, secret=SECRET, certificate=None):
        super().__init__(directory)
        self.c2s = c2s or free_port()
        self.component = component or free_port()
        self.secret = secret
        self.write(accounts, certificate)

    def write(self, accounts, certificate):
        data = self.dir / "data"
        home = data / DOMAIN / "accounts"
        home.mkdir(parents=True, exist_ok=True)
        for who, password in accounts.items():
            name = who.replace("-", "%2d")      # as Prosody names its files
            (home / f"{name}.dat").write_text(f'return {{ ["password"] = "{password}"; }};\n')
        for p in (self.dir, data, data / DOMAIN, home, *home.iterdir()):
            self.give(p)
        # TLS is offered if there is a certificate and never demanded: this is for loopback only.
        tls = f'ssl = {{ certificate = "{certificate}.crt"; key = "{certificate}.key" }}' if certificate else ""
        (self.dir / "prosody.cfg.lua").write_text(f"""
daemonize = false
data_path = "{data}"
interfaces = {{ "127.0.0.1" }}
component_interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {self.c2s} }}
component_ports = {{ {self.component} }}
c2s_direct_tls_ports = {{}}
s2s_ports = {{}}
s2s_direct_tls_ports = {{}}
http_ports = {{}}
https_ports = {{}}
modules_disabled = {{ "s2s", "http"{'' if certificate else ', "tls"'} }}
modules_enabled = {{ {'"tls", ' if certificate else ''}"roster", "saslauth", "disco", "ping", "pep", "carbons", "adhoc", "time", "version", "posix" }}
authentication = "internal_plain"
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
storage = "internal"
limits = {{}}
{tls}
log = {{ {{ levels = {{ min = "info" }}, to = "file", filename = "{self.dir}/prosody.log" }} }}

VirtualHost "{DOMAIN}"

{shipped("prosody/moothall.cfg.lua", self.secret)}
""")

    async def start(self):
        self.spawn(["prosody", "-F", "--config", str(self.dir / "prosody.cfg.lua")])
        try:
            await until("Prosody listens", lambda: not self.running() or (port_open(self.c2s) and port_open(self.component)))
        finally:
            if not self.running():
                raise Trouble(f"Prosody ended at once:\n{tail(self.log)}\n{tail(self.dir / 'prosody.log')}")


class Ejabberd(Service):
    name = "ejabberd"
    user = "ejabberd"

    def __init__(self, directory, accounts, c2s=None, component=None, secret=SECRET):
        super().__init__(directory)
        self.c2s = c2s or free_port()
        self.component = component or free_port()
        self.secret = secret
        self.accounts = dict(accounts)
        (self.dir / "spool").mkdir(exist_ok=True)
        self.give(self.dir)
        self.give(self.dir / "spool")
        listener, modules = shipped("ejabberd/moothall.yml", self.secret).split("\nmodules:")
        listener = listener.partition("\nlisten:\n")[2].replace("port: 5347", f"port: {self.component}")
        (self.dir / "ejabberd.yml").write_text(f"""
hosts: [{DOMAIN}]
loglevel: warning
auth_method: internal
auth_password_format: plain
listen:
  -
    port: {self.c2s}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    max_stanza_size: 524288
    shaper: none
    access: all
{listener}
max_fsm_queue: 100000
modules:{modules}
  mod_carboncopy: {{}}
  mod_roster: {{}}
""")
        self.give(self.dir / "ejabberd.yml")

    @staticmethod
    def libraries():
        """Where Debian keeps ejabberd's code: /usr/lib/<architecture>/ejabberd-<version>."""
        for d in pathlib.Path("/usr/lib").glob("*/ejabberd-*/ebin"):
            return str(d.parents[1])
        return os.environ.get("ERL_LIBS", "")

    async def start(self):
        register = "".join(f'ejabberd_auth:try_register(<<"{u}">>,<<"{DOMAIN}">>,<<"{p}">>),' for u, p in self.accounts.items())
        # No node name: no distribution, no epmd, nothing shared with another Erlang on this machine.
        self.spawn(["erl", "-noinput", "-boot", "start_sasl", "-sasl", "sasl_error_logger", "false",
                    "-mnesia", "dir", f'"{self.dir}/spool"', "-s", "ejabberd",
                    "-eval", f'{register} file:write_file("{self.dir}/spool/ready", <<"yes">>).'],
                   env={"EJABBERD_CONFIG_PATH": str(self.dir / "ejabberd.yml"),
                        "EJABBERD_LOG_PATH": str(self.dir / "spool" / "ejabberd.log"),
                        "ERL_CRASH_DUMP": "/dev/null", "ERL_LIBS": self.libraries()})
        ready = self.dir / "spool" / "ready"
        try:
            await until("ejabberd listens", lambda: not self.running() or
                        (ready.exists() and port_open(self.c2s) and port_open(self.component)), 60)
        finally:
            ready.unlink(missing_ok=True)
            if not self.running():
                raise Trouble(f"ejabberd ended at once:\n{tail(self.log)}\n{tail(self.dir / 'spool' / 'ejabberd.log')}")


class Postgres:
    """A private cluster, by the same few lines of shell that every other test uses (tests/lib/pg.sh)."""

    def __init__(self, directory):
        self.dir = pathlib.Path(directory)
        self.dir.mkdir(parents=True, exist_ok=True)
        self.host = None

    def shell(self, line):
        p = subprocess.run(["bash", "-c", f'. "{TOP}/tests/lib/pg.sh"; {line}', "pg", str(self.dir)],
                           capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if p.returncode != 0:
            raise Trouble(f"PostgreSQL: {p.stderr.strip()}")
        return p.stdout.strip()

    def start(self):
        self.host = self.shell('start_pg "$1" >&2 && printf %s "$PGHOST"')

    def stop(self, how="fast"):
        self.shell(f'stop_pg "$1" {how}')

    def create(self, name):
        self.shell(f'PGHOST="{self.host}" PGPORT=5432 PGUSER=postgres createdb {name}')
        return Database(self, name)


class Database:
    def __init__(self, cluster, name):
        self.cluster, self.name = cluster, name
        self.conninfo = f"host={cluster.host} port=5432 user=postgres dbname={name}"

    async def rows(self, sql):
        """The rows of a query, each a list of text, as psql -AtX gives them."""
        p = await asyncio.create_subprocess_exec(
            "psql", "-AtXq", "-F", "\x1f", "-R", "\x1e", "-v", "ON_ERROR_STOP=1", "-d", self.conninfo, "-c", sql,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = await p.communicate()
        if p.returncode != 0:
            raise Trouble(f"psql: {err.decode().strip()}: {sql}")
        text = out.decode().rstrip("\n")
        return [r.split("\x1f") for r in text.split("\x1e")] if text else []

    async def value(self, sql):
        r = await self.rows(sql)
        return r[0][0] if r else None


def midday_zone():
    """A time zone in which it is about noon now: the night's silence is no part of these tests."""
    hours = 12 - datetime.datetime.now(datetime.timezone.utc).hour
    return "Etc/GMT" if hours == 0 else f"Etc/GMT{'-' if hours > 0 else '+'}{abs(hours)}"


class Hall(Service):
    """moothalld and moothallctl from a build directory, with a configuration of their own."""

    def __init__(self, directory, build, server, database, grace_percent=2, **more):
        super().__init__(directory)
        self.build = pathlib.Path(build)
        self.database = database
        self.conf = self.dir / "moothall.conf"
        self.values = {"component": COMPONENT, "server": "127.0.0.1", "port": server.component, "secret": server.secret,
                       "muc": MUC, "database": database.conninfo, "share": str(self.share()), "nick": "議事廳",
                       "grace-percent": grace_percent, "backoff-max": 2, "ping-every": 5, **more}
        self.write()

    def share(self):
        """lang/ is built, kinds/ and schema/ are not: one directory holds them all, as in an installation."""
        share = self.dir / "share"
        if not share.exists():
            share.mkdir()
            shutil.copytree(TOP / "schema", share / "schema")
            for part in ("lang", "kinds", "reading"):
                (share / part).mkdir()
                for base in (TOP, self.build):
                    for f in sorted((base / "share" / part).glob("*")):
                        if f.is_file() and not (share / part / f.name).exists():
                            shutil.copy(f, share / part / f.name)
        return share

    def write(self, **change):
        self.values.update(change)
        self.conf.write_text("".join(
            f"{k} = {v}\n" if isinstance(v, int) else f'{k} = "{v}"\n' for k, v in self.values.items()))

    def program(self, name):
        for p in (self.build / "src" / name, self.build / name):
            if p.exists():
                return str(p)
        raise Trouble(f"{name} is not built in {self.build}")

    def ctl(self, *argv):
        return subprocess.run([self.program("moothallctl"), "-c", str(self.conf), *argv], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, cwd=self.dir)

    def must(self, *argv):
        p = self.ctl(*argv)
        if p.returncode != 0:
            raise Trouble(f"moothallctl {' '.join(argv)}: exit {p.returncode}: {(p.stderr or p.stdout).strip()}")
        return p.stdout

    def run(self, within=10):
        """Runs the daemon to its end: (exit status or None, what it wrote)."""
        p = subprocess.Popen([self.program("moothalld"), "-c", str(self.conf)], stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self.dir, start_new_session=True)
        try:
            return p.wait(within), p.stdout.read()
        except subprocess.TimeoutExpired:
            p.kill()
            return None, p.communicate()[0]

    async def start(self, live=True, within=30):
        self.spawn([self.program("moothalld"), "-c", str(self.conf)])
        if live:
            await self.live(within)

    async def live(self, within=30):
        """Every room is joined and its archive read."""
        async def test():
            if self.process is not None and self.process.poll() is not None:
                raise Trouble(f"the hall ended with {self.process.returncode}:\n{tail(self.log)}")
            r = await self.database.rows("SELECT stream, rooms, rooms_live, (SELECT count(*) FROM room WHERE ended IS NULL) "
                                         "FROM process WHERE ended IS NULL AND pid = " + str(self.process.pid))
            return bool(r) and r[0][0] == "up" and r[0][1] == r[0][2] == r[0][3]
        try:
            await until("every room is live", test, within)
        except Trouble as e:
            raise Trouble(f"{e}\n{tail(self.log)}") from None
