"""A resident who looks everywhere for another resident's address, and the rooms that must not show it."""
import re
import xml.etree.ElementTree as ET

from servers import COMPONENT, DOMAIN, MUC, Trouble


def query(ns, **attributes):
    return ET.Element(f"{{{ns}}}query", attributes)


async def rooms(stage, person):
    """Every room is persistent, semi-anonymous and archived, and says what is kept."""
    for (code,) in await stage.database.rows("SELECT code FROM room WHERE ended IS NULL"):
        a = await person.ask("get", f"{code}@{MUC}", query("http://jabber.org/protocol/disco#info"))
        features = {f.get("var") for f in a.iter("{http://jabber.org/protocol/disco#info}feature")}
        for wanted in ("muc_persistent", "muc_semianonymous", "urn:xmpp:mam:2"):
            if wanted not in features:
                raise Trouble(f"{code} is not {wanted}: {sorted(features)}")
        text = ET.tostring(a, encoding="unicode")
        m = re.search(r'var="muc#roominfo_description"[^>]*>\s*<[^>]*value[^>]*>([^<]+)<', text)
        if m is None or len(m.group(1).strip()) < 10:
            raise Trouble(f"{code} does not say in its description what is kept: {text}")


async def addresses(snoop, people):
    """Presence, messages, archive, lists, forms, other people's cards: none shows a resident's address."""
    for code in list(snoop.rooms):
        room = f"{code}@{MUC}"
        for line in await snoop.archive(code):
            if line.old and not line.body and not line.id:
                raise Trouble(f"an archived line of {code} is empty")
        for role in ("owner", "admin", "member", "outcast"):
            q = query("http://jabber.org/protocol/muc#admin")
            ET.SubElement(q, "{http://jabber.org/protocol/muc#admin}item", {"affiliation": role})
            await snoop.ask("get", room, q)
        for role in ("moderator", "participant", "visitor"):
            q = query("http://jabber.org/protocol/muc#admin")
            ET.SubElement(q, "{http://jabber.org/protocol/muc#admin}item", {"role": role})
            await snoop.ask("get", room, q)
        await snoop.ask("get", room, query("http://jabber.org/protocol/muc#owner"))
        for target in [room] + [f"{room}/{nick}" for nick in snoop.rooms[code] if nick and nick != snoop.nick]:
            await snoop.ask("get", target, query("http://jabber.org/protocol/disco#info"))
            await snoop.ask("get", target, query("http://jabber.org/protocol/disco#items"))
        await snoop.ask("get", f"{code}@{COMPONENT}", query("http://jabber.org/protocol/disco#items"))
    await snoop.ask("get", COMPONENT, query("http://jabber.org/protocol/disco#items"))
    # The list, asked for by somebody who is not staff, and by a resident of no matter.
    since = snoop.mark()
    snoop.tell("#open")
    snoop.tell("#who 1")
    await snoop.expect("", 10, since)
    if len(snoop.raw) < 100:
        raise Trouble(f"only {len(snoop.raw)} stanzas were looked at")
    others = [p.address for p in people.values() if p is not snoop and not p.user.startswith("bao-")]
    for stanza in snoop.raw:
        for address in others:
            if address in stanza:
                raise Trouble(f"{snoop.user} can see {address}: {stanza[:2000]}")
        # And no real address of anybody in a room, staff included, but one's own.
        for real in re.findall(r'jid="([^"]+)"', stanza):
            if real.endswith(f"@{DOMAIN}") or f"@{DOMAIN}/" in real:
                if not real.startswith(snoop.address):
                    raise Trouble(f"{snoop.user} can see {real}: {stanza[:2000]}")
