"""Residents and officers: XMPP clients by slixmpp, which is not ours, so that a misreading of the
standards on our side does not cancel itself out. Everything a person sees is kept, with its time."""
import asyncio
import dataclasses
import itertools
import re
import time
import xml.etree.ElementTree as ET

import slixmpp
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

from servers import COMPONENT, DOMAIN, MUC, Trouble

C = "{jabber:client}"
DESK = "議事廳"
_ids = itertools.count(1)


@dataclasses.dataclass
class Line:
    at: float           # when it arrived, Unix time
    way: str            # room | pm (through the room) | chat | error
    room: str           # code of the room, "" in a chat
    nick: str           # who said it in the room
    sender: str         # full address it came from
    body: str
    id: str
    stanza_id: str
    reply_to: str
    old: bool           # from the room's history

    def __str__(self):
        return f"[{self.way}{' ' + self.room if self.room else ''}] {self.nick or self.sender}: {self.body}"


def read(m, **fixed):
    """A message element as a Line."""
    sender = m.get("from", "")
    bare, _, nick = sender.partition("/")
    user, _, domain = bare.partition("@")
    sid, reply = m.find("{urn:xmpp:sid:0}stanza-id"), m.find("{urn:xmpp:reply:0}reply")
    in_room = domain == MUC
    way = ("error" if m.get("type") == "error" else "room" if m.get("type") == "groupchat" else "pm" if in_room else "chat")
    line = Line(time.time(), way, user if in_room else "", nick if in_room else "", sender, m.findtext(C + "body") or "",
                m.get("id", ""), sid.get("id", "") if sid is not None else "", reply.get("id", "") if reply is not None else "",
                m.find("{urn:xmpp:delay}delay") is not None)
    return dataclasses.replace(line, **fixed)


class Person:
    def __init__(self, server, user, nick=None, password=None):
        self.server, self.user, self.nick = server, user, nick or user
        self.password = password or user
        self.address = f"{user}@{DOMAIN}"
        self.seen, self.raw, self.rooms, self.archived = [], [], {}, {}
        self.keep_raw = False
        self.client = None
        self._bell = asyncio.Event()

    # ---------------------------------------------------------------- coming and going

    async def login(self, within=20):
        c = slixmpp.ClientXMPP(f"{self.address}/{self.user}-app", self.password,
                               plugin_config={"feature_mechanisms": {"unencrypted_plain": True}})
        for plugin in ("xep_0030", "xep_0199"):
            c.register_plugin(plugin)
        up = asyncio.get_running_loop().create_future()

        def started(_):
            c.send_presence()
            if not up.done():
                up.set_result(True)

        def failed(why):
            if not up.done():
                up.set_exception(Trouble(f"{self.address} cannot log in: {why}"))
        c.add_event_handler("session_start", started)
        c.add_event_handler("failed_all_auth", failed)
        c.register_handler(Callback("person message", MatchXPath(C + "message"), self._on_message))
        c.register_handler(Callback("person presence", MatchXPath(C + "presence"), self._on_presence))
        c.connect(("127.0.0.1", self.server.c2s), use_ssl=False, force_starttls=False, disable_starttls=True)
        self.client = c
        await asyncio.wait_for(up, within)
        return self

    async def logout(self):
        c, self.client = self.client, None
        self.rooms = {}
        if c is not None:
            try:
                await asyncio.wait_for(c.disconnect(wait=0.5), 3)
            except asyncio.TimeoutError:
                c.abort()

    def drop(self):
        """The server is gone: forget the connection without a word."""
        c, self.client = self.client, None
        self.rooms = {}
        if c is not None:
            c.abort()

    async def join(self, room, within=20):
        occupants = self.rooms[room] = {}
        p = self.client.make_presence(pto=f"{room}@{MUC}/{self.nick}")
        x = ET.SubElement(p.xml, "{http://jabber.org/protocol/muc}x")
        ET.SubElement(x, "{http://jabber.org/protocol/muc}history", {"maxstanzas": "0"})
        p.send()
        await self._wait(f"{self.user} joins {room}", lambda: occupants.get(self.nick), within)
        return self

    # ---------------------------------------------------------------- what arrives

    def _ring(self):
        self._bell.set()
        self._bell = asyncio.Event()

    def _on_message(self, stanza):
        m = stanza.xml
        if self.keep_raw:
            self.raw.append(ET.tostring(m, encoding="unicode"))
        result = m.find("{urn:xmpp:mam:2}result")
        if result is not None:
            forwarded = result.find("{urn:xmpp:forward:0}forwarded/" + C + "message")
            if forwarded is not None:
                self.archived.setdefault(result.get("queryid"), []).append(read(forwarded, stanza_id=result.get("id", ""), old=True))
            return
        self.seen.append(read(m))
        self._ring()

    def _on_presence(self, stanza):
        p = stanza.xml
        if self.keep_raw:
            self.raw.append(ET.tostring(p, encoding="unicode"))
        bare, _, nick = p.get("from", "").partition("/")
        room = bare.partition("@")[0]
        if not bare.endswith("@" + MUC) or room not in self.rooms:
            return
        if p.get("type") == "error":
            self.rooms[room].setdefault("", ET.tostring(p, encoding="unicode"))
        elif p.get("type") == "unavailable":
            self.rooms[room].pop(nick, None)
        else:
            self.rooms[room][nick] = True
        self._ring()

    async def _wait(self, what, test, within):
        end = time.monotonic() + within
        while True:
            value = test()
            if value:
                return value
            left = end - time.monotonic()
            if left <= 0:
                raise Trouble(f"{what}: not within {within:g} s")
            try:
                await asyncio.wait_for(self._bell.wait(), left)
            except asyncio.TimeoutError:
                pass

    def mark(self):
        """A place in what was seen; expect() and unwanted() look only behind it."""
        return len(self.seen)

    def lines(self, since=0, **where):
        return [l for l in self.seen[since:] if all(getattr(l, k) == v for k, v in where.items())]

    async def expect(self, pattern, within=10.0, since=0, **where):
        """The first line from `since` that matches, now or within so many seconds."""
        def find():
            return next((l for l in self.lines(since, **where) if re.search(pattern, l.body, re.S)), None)
        try:
            return await self._wait(f"{self.user} expects /{pattern}/ {where or ''}", find, within)
        except Trouble as e:
            got = "\n    ".join(str(l) for l in self.seen[since:][-8:]) or "nothing"
            raise Trouble(f"{e}; seen since:\n    {got}") from None

    async def expect_silence(self, seconds, since=0, **where):
        """Nothing with a body arrives from `since` on until so many seconds from now."""
        end = time.monotonic() + seconds
        while True:
            got = [l for l in self.lines(since, **where) if l.body]
            if got:
                raise Trouble(f"{self.user} expected silence and heard: {got[0]}")
            left = end - time.monotonic()
            if left <= 0:
                return
            try:
                await asyncio.wait_for(self._bell.wait(), left)
            except asyncio.TimeoutError:
                pass

    # ---------------------------------------------------------------- talking

    def _send(self, to, kind, body, extra=()):
        ident = f"{self.user}-{next(_ids)}-{int(time.time() * 1000)}"
        m = self.client.make_message(mto=to, mtype=kind, mbody=body)
        m["id"] = ident
        ET.SubElement(m.xml, "{urn:xmpp:sid:0}origin-id", {"id": ident})
        for x in extra:
            m.xml.append(x)
        m.send()
        return ident

    async def say(self, room, body, reply_to=None, link=None, within=10):
        """A line in the room; returns it as the room reflected it, with the room's stanza-id.
        reply_to: a Line (XEP-0461); link: an uploaded file (XEP-0066)."""
        extra = []
        if reply_to is not None:
            extra.append(ET.Element("{urn:xmpp:reply:0}reply", {"to": reply_to.sender, "id": reply_to.stanza_id}))
        if link is not None:
            x = ET.Element("{jabber:x:oob}x")
            ET.SubElement(x, "{jabber:x:oob}url").text = link
            extra.append(x)
        ident = self._send(f"{room}@{MUC}", "groupchat", body, extra)
        return await self._wait(f"{self.user}'s line comes back from {room}",
                                lambda: next((l for l in reversed(self.seen) if l.id == ident and l.way == "room"), None), within)

    def react(self, room, line, *marks):
        """XEP-0444; without a body and without a hint to store, as clients send it."""
        x = ET.Element("{urn:xmpp:reactions:0}reactions", {"id": line.stanza_id})
        for mark in marks:
            ET.SubElement(x, "{urn:xmpp:reactions:0}reaction").text = mark
        m = self.client.make_message(mto=f"{room}@{MUC}", mtype="groupchat")
        m["id"] = f"{self.user}-{next(_ids)}"
        m.xml.append(x)
        m.send()

    def tell(self, body, to=f"hall@{COMPONENT}"):
        """A private line to the staff address, or to any other."""
        return self._send(to, "chat", body)

    def whisper(self, room, body, nick=DESK):
        """A private line through the room."""
        return self._send(f"{room}@{MUC}/{nick}", "chat", body, [ET.Element("{http://jabber.org/protocol/muc#user}x")])

    # ---------------------------------------------------------------- asking

    async def ask(self, kind, to, payload, within=10):
        iq = self.client.make_iq(ito=to, itype=kind)
        iq.xml.append(payload)
        try:
            answer = await iq.send(timeout=within)
        except slixmpp.exceptions.IqError as e:
            e.iq.xml.set("failed", "yes")
            return e.iq.xml
        except slixmpp.exceptions.IqTimeout:
            raise Trouble(f"{to} never answered {self.user}'s {payload.tag}") from None
        if self.keep_raw:
            self.raw.append(ET.tostring(answer.xml, encoding="unicode"))
        return answer.xml

    async def commands(self, at=f"hall@{COMPONENT}"):
        """XEP-0050 §2.2: {node: (address, name)}."""
        q = ET.Element("{http://jabber.org/protocol/disco#items}query", {"node": "http://jabber.org/protocol/commands"})
        a = await self.ask("get", at, q)
        return {i.get("node"): (i.get("jid"), i.get("name")) for i in a.iter("{http://jabber.org/protocol/disco#items}item")}

    async def execute(self, node, fields=None, at=f"hall@{COMPONENT}", action="complete"):
        """Runs a command: with fields, opens the form and submits it. Returns (status, note or error, form fields)."""
        ns = "{http://jabber.org/protocol/commands}"
        a = await self.ask("set", at, ET.Element(ns + "command", {"node": node, "action": "execute"}))
        c = a.find(ns + "command")
        if fields is not None and c is not None and c.get("status") == "executing":
            submit = ET.Element(ns + "command", {"node": node, "sessionid": c.get("sessionid", "")})
            if action:      # Psi and profanity leave it out
                submit.set("action", action)
            x = ET.SubElement(submit, "{jabber:x:data}x", {"type": "submit"})
            offered = [f.get("var") for f in c.iter("{jabber:x:data}field") if f.get("var")]
            for var, value in (fields.items() if isinstance(fields, dict) else zip(offered, fields)):
                f = ET.SubElement(x, "{jabber:x:data}field", {"var": var})
                ET.SubElement(f, "{jabber:x:data}value").text = value
            a = await self.ask("set", at, submit)
            c = a.find(ns + "command")
        if a.get("failed"):
            return "error", ET.tostring(a.find(C + "error"), encoding="unicode"), []
        note = c.find(ns + "note")
        return c.get("status"), (note.text or "") if note is not None else "", [
            f.get("var") for f in c.iter("{jabber:x:data}field") if f.get("var")]

    async def archive(self, room, within=20):
        """Everything in the room's archive (XEP-0313), paged to its end."""
        got, after = [], None
        while True:
            queryid = f"q{next(_ids)}"
            q = ET.Element("{urn:xmpp:mam:2}query", {"queryid": queryid})
            rsm = ET.SubElement(q, "{http://jabber.org/protocol/rsm}set")
            ET.SubElement(rsm, "{http://jabber.org/protocol/rsm}max").text = "50"
            if after:
                ET.SubElement(rsm, "{http://jabber.org/protocol/rsm}after").text = after
            a = await self.ask("set", f"{room}@{MUC}", q, within)
            fin = a.find("{urn:xmpp:mam:2}fin")
            if fin is None:
                raise Trouble(f"{room}'s archive: {ET.tostring(a, encoding='unicode')}")
            got += self.archived.pop(queryid, [])
            last = fin.findtext("{http://jabber.org/protocol/rsm}set/{http://jabber.org/protocol/rsm}last")
            if fin.get("complete") == "true" or not last or last == after:
                return got
            after = last
