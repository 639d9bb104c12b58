/*
 * The questions that a component asks a server and its rooms: what they can do,
 * the room's form, its lists, its archive, and whether anybody is there.
 */
#include <stdio.h>
#include <string.h>

#include "muc.h"

#define NS_OWNER	"http://jabber.org/protocol/muc#owner"
#define NS_ADMIN	"http://jabber.org/protocol/muc#admin"
#define NS_INFO		"http://jabber.org/protocol/disco#info"
#define NS_ITEMS	"http://jabber.org/protocol/disco#items"
#define NS_PING		"urn:xmpp:ping"
#define NS_MAM		"urn:xmpp:mam:2"
#define CONFIG		"muc#roomconfig_"

static void
answer(struct evbuffer *out, const struct node *iq, const char *inside)
{
	putf(out, "<iq type='result'");
	put_back(out, iq);
	putf(out, ">%s</iq>", inside);
}

static void
refuse(struct muc *m, struct evbuffer *out, const struct node *iq, const char *condition)
{
	m->refused++;
	putf(out, "<iq type='error'");
	put_back(out, iq);
	putf(out, "><error type='cancel'><%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>", condition);
}

static void
room_info(struct evbuffer *out, struct place *p, const struct node *iq, bool occupant_id)
{
	bool kept = strcmp(form_get(p->form, CONFIG "persistentroom"), "1") == 0;
	bool hidden = strcmp(form_get(p->form, CONFIG "whois"), "moderators") == 0;
	bool archive = strcmp(form_get(p->form, CONFIG "enablearchiving"), "1") == 0;

	putf(out, "<iq type='result'");
	put_back(out, iq);
	putf(out, "><query xmlns='" NS_INFO "'><identity category='conference' type='text' name='");
	put_esc(out, form_get(p->form, CONFIG "roomname"));
	putf(out, "'/><feature var='" NS_MUC "'/><feature var='http://jabber.org/protocol/muc#stable_id'/>"
	    "<feature var='http://jabber.org/protocol/muc#self-ping-optimization'/><feature var='muc_hidden'/>"
	    "<feature var='muc_open'/><feature var='muc_unmoderated'/><feature var='muc_unsecured'/>"
	    "<feature var='%s'/><feature var='%s'/><feature var='urn:xmpp:sid:0'/>",
	    kept ? "muc_persistent" : "muc_temporary", hidden ? "muc_semianonymous" : "muc_nonanonymous");
	if (archive)
		putf(out, "<feature var='" NS_MAM "'/><feature var='" NS_MAM "#extended'/>");
	if (occupant_id)
		putf(out, "<feature var='urn:xmpp:occupant-id:0'/>");
	putf(out, "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'>"
	    "<value>http://jabber.org/protocol/muc#roominfo</value></field><field var='muc#roominfo_description'><value>");
	put_esc(out, form_get(p->form, CONFIG "roomdesc"));
	putf(out, "</value></field></x></query></iq>");
}

static void
room_form(struct muc *m, struct evbuffer *out, struct place *p, const struct node *iq, const struct node *query)
{
	const struct node *x = node_child(query, "x", "jabber:x:data");

	if (strcmp(node_get(iq, "type"), "get") == 0) {
		putf(out, "<iq type='result'");
		put_back(out, iq);
		putf(out, "><query xmlns='" NS_OWNER "'>");
		form_put(p->form, out);
		putf(out, "</query></iq>");
		return;
	}
	m->forms++;
	if (x != NULL)
		m->unknown_fields += form_take(p->form, x);
	p->open = true;
	answer(out, iq, "");
}

/* Nobody wrote while the component was away. */
static void
archive(struct muc *m, struct evbuffer *out, const struct node *iq)
{
	m->archives++;
	answer(out, iq, "<fin xmlns='" NS_MAM "' complete='true'><set xmlns='http://jabber.org/protocol/rsm'><count>0</count>"
	    "</set></fin>");
}

static void
room_iq(struct muc *m, struct evbuffer *out, unsigned room, const struct node *iq)
{
	struct place *p = &m->places[room];
	const struct node *q = iq->first;

	if (node_is(q, "query", NS_INFO))
		room_info(out, p, iq, m->occupant_id);
	else if (node_is(q, "query", NS_ITEMS))
		answer(out, iq, "<query xmlns='" NS_ITEMS "'/>");
	else if (node_is(q, "query", NS_OWNER))
		room_form(m, out, p, iq, q);
	else if (node_is(q, "query", NS_ADMIN)) {
		m->lists++;
		answer(out, iq, strcmp(node_get(iq, "type"), "get") == 0 ? "<query xmlns='" NS_ADMIN "'/>" : "");
	} else if (node_is(q, "query", NS_MAM) && strcmp(node_get(iq, "type"), "set") == 0)
		archive(m, out, iq);
	else
		refuse(m, out, iq, "service-unavailable");
}

/* To an occupant: XEP-0410's question whether we are there. */
static void
occupant_iq(struct muc *m, struct evbuffer *out, unsigned room, const struct node *iq)
{
	struct place *p = &m->places[room];

	if (p->desk == NULL || strcmp(p->desk, node_get(iq, "from")) != 0)
		refuse(m, out, iq, "not-acceptable");
	else if (node_is(iq->first, "ping", NS_PING)) {
		m->pings++;
		answer(out, iq, "");
	} else
		refuse(m, out, iq, "service-unavailable");
}

static void
service_iq(struct muc *m, struct evbuffer *out, const struct node *iq, bool rooms)
{
	if (node_is(iq->first, "ping", NS_PING)) {
		m->pings++;
		answer(out, iq, "");
	} else if (node_is(iq->first, "query", NS_INFO) && rooms)
		answer(out, iq, "<query xmlns='" NS_INFO "'><identity category='conference' type='text' name='Rooms'/>"
		    "<feature var='" NS_MUC "'/><feature var='" NS_INFO "'/><feature var='" NS_ITEMS "'/>"
		    "<feature var='" NS_PING "'/><feature var='" NS_MAM "'/></query>");
	else if (node_is(iq->first, "query", NS_INFO))
		answer(out, iq, "<query xmlns='" NS_INFO "'><identity category='server' type='im' name='scripted'/>"
		    "<feature var='" NS_INFO "'/><feature var='" NS_PING "'/></query>");
	else if (node_is(iq->first, "query", NS_ITEMS))
		answer(out, iq, "<query xmlns='" NS_ITEMS "'/>");
	else
		refuse(m, out, iq, "service-unavailable");
}

void
iq_stanza(struct muc *m, const struct node *iq, const struct addr *to)
{
	struct evbuffer *out = link_out(m->link);
	const char *type = node_get(iq, "type");
	int room;

	if (strcmp(type, "result") == 0 || strcmp(type, "error") == 0) {
		if (m->answered != NULL)
			m->answered(m->ctx, node_get(iq, "id"));
		return;
	}
	if (iq->first == NULL)
		refuse(m, out, iq, "bad-request");
	else if (strcmp(to->domain, m->domain) != 0)
		service_iq(m, out, iq, false);
	else if (*to->local == '\0')
		service_iq(m, out, iq, true);
	else if ((room = room_number(m, to->local)) < 0)
		refuse(m, out, iq, "item-not-found");
	else if (*to->resource != '\0')
		occupant_iq(m, out, (unsigned)room, iq);
	else
		room_iq(m, out, (unsigned)room, iq);
}
