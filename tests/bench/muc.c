/*
 * The room service of the scripted server (XEP-0045).  Only the component is
 * connected: everybody else exists in the presences and lines that it is sent,
 * so that a thousand rooms of three hundred cost the server nothing.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "muc.h"

char *
room_code(unsigned room, char *out)
{
	snprintf(out, NAME, "r%04u", room);
	return out;
}

/* Nicknames as long as people's are; the number at the end finds the occupant again. */
char *
occupant_nick(unsigned who, char *out)
{
	static const char *const names[] = { "王芳", "李娜", "张伟家长", "刘洋", "陈静", "杨秀英", "赵磊", "Ann",
	    "黄老师", "周师傅", "吴敏", "徐丽", "孙建国", "胡阿姨", "朱店长", "高三班主任" };

	if (who == 0)
		snprintf(out, NAME, "officer-0");
	else
		snprintf(out, NAME, "%s-%u", names[who % 16], who);
	return out;
}

char *
occupant_jid(const struct muc *m, unsigned room, unsigned who, char *out)
{
	if (who == 0)
		snprintf(out, NAME, "officer%04u@%s", room, m->host);
	else
		snprintf(out, NAME, "r%04u-u%03u@%s", room, who, m->host);
	return out;
}

static unsigned
occupant_of(const struct place *p, const char *nick)
{
	const char *dash = strrchr(nick, '-');
	char again[NAME];
	unsigned who;

	if (dash == NULL || sscanf(dash + 1, "%u", &who) != 1 || who >= p->occupants)
		return UINT_MAX;
	return strcmp(occupant_nick(who, again), nick) == 0 ? who : UINT_MAX;
}

int
room_number(const struct muc *m, const char *local)
{
	char again[NAME];
	unsigned n;

	if (sscanf(local, "r%u", &n) != 1 || n >= m->n || strcmp(room_code(n, again), local) != 0)
		return -1;
	return (int)n;
}

void
put_back(struct evbuffer *out, const struct node *n)
{
	putf(out, " from='");
	put_esc(out, node_get(n, "to"));
	putf(out, "' to='");
	put_esc(out, node_get(n, "from"));
	putf(out, "' id='");
	put_esc(out, node_get(n, "id"));
	putf(out, "'");
}

/* One occupant's presence as a moderator sees it. */
static void
put_occupant(struct muc *m, struct evbuffer *out, unsigned room, unsigned who)
{
	char nick[NAME], jid[NAME];
	struct place *p = &m->places[room];

	putf(out, "<presence from='r%04u@%s/%s' to='", room, m->domain, occupant_nick(who, nick));
	put_esc(out, p->desk);
	putf(out, "'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://conversations.im' "
	    "ver='YJRM6JZ0eCpUFWVnQ4ArRe4KYQ0='/><x xmlns='" NS_MUC_USER "'><item affiliation='%s' role='%s' jid='%s/phone'/></x>",
	    who == 0 ? "admin" : "none", who == 0 ? "moderator" : "participant", occupant_jid(m, room, who, jid));
	if (m->occupant_id)
		putf(out, "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='%04u%04uKQ0yVh5vT7sXn2JmB8cLq4RfW1eZpA9dU='/>", room, who);
	evbuffer_add(out, "</presence>", 11);
}

static void
join(struct muc *m, unsigned room, const struct node *n, const struct addr *to)
{
	struct place *p = &m->places[room];
	struct evbuffer *out = link_out(m->link);

	m->joins++;
	m->last_join = now_s();
	if (p->desk == NULL)
		m->here++;
	free(p->desk);
	free(p->nick);
	p->desk = xstrdup(node_get(n, "from"));
	p->nick = xstrdup(to->resource);
	for (unsigned i = 0; i < p->occupants; i++)
		put_occupant(m, out, room, i);
	putf(out, "<presence");
	put_back(out, n);
	putf(out, "><x xmlns='" NS_MUC_USER "'><item affiliation='owner' role='moderator' jid='");
	put_esc(out, p->desk);
	putf(out, "'/><status code='110'/>%s</x></presence><message type='groupchat' from='r%04u@%s' to='",
	    p->made ? "" : "<status code='201'/>", room, m->domain);
	put_esc(out, p->desk);
	putf(out, "'><subject/></message>");
	p->made = true;
}

static void
leave(struct muc *m, unsigned room, const struct node *n)
{
	struct place *p = &m->places[room];
	struct evbuffer *out = link_out(m->link);

	if (p->desk == NULL)
		return;
	putf(out, "<presence type='unavailable'");
	put_back(out, n);
	putf(out, "><x xmlns='" NS_MUC_USER "'><item affiliation='owner' role='none'/><status code='110'/></x></presence>");
	free(p->desk);
	free(p->nick);
	p->desk = p->nick = NULL;
	m->here--;
}

static void
presence(struct muc *m, const struct node *n, const struct addr *to)
{
	int room = strcmp(to->domain, m->domain) == 0 ? room_number(m, to->local) : -1;
	const char *type = node_get(n, "type");

	if (room < 0) {
		if (strcmp(to->domain, m->domain) == 0)
			m->refused++;	/* a room that nobody ordered */
		return;
	}
	if (strcmp(type, "unavailable") == 0)
		leave(m, (unsigned)room, n);
	else if (*type == '\0' && node_child(n, "x", NS_MUC) != NULL)
		join(m, (unsigned)room, n, to);
}

static const char *
stanza_id(struct muc *m, char *out)
{
	snprintf(out, NAME, "%08x-%010lu", m->run, ++m->serial);
	return out;
}

/* The component's line comes back to it with the room's stanza-id (XEP-0359). */
static void
reflect(struct muc *m, unsigned room, const struct node *n)
{
	struct place *p = &m->places[room];
	struct evbuffer *out = link_out(m->link);
	const struct node *body = node_child(n, "body", NULL);
	char sid[NAME];

	if (p->desk == NULL) {
		m->refused++;
		return;
	}
	putf(out, "<message type='groupchat' from='r%04u@%s/", room, m->domain);
	put_esc(out, p->nick);
	putf(out, "' to='");
	put_esc(out, p->desk);
	putf(out, "' id='");
	put_esc(out, node_get(n, "id"));
	putf(out, "'>");
	for (const struct node *c = n->first; c != NULL; c = c->next)
		put_node(out, c, NS_COMPONENT);
	putf(out, "<stanza-id xmlns='urn:xmpp:sid:0' by='r%04u@%s' id='%s'/></message>", room, m->domain, stanza_id(m, sid));
	if (body != NULL && m->said != NULL)
		m->said(m->ctx, room, body);
}

static void
message(struct muc *m, const struct node *n, const struct addr *to)
{
	bool in_room = strcmp(to->domain, m->domain) == 0;
	int room = in_room ? room_number(m, to->local) : -1;
	const struct node *body = node_child(n, "body", NULL);
	unsigned r, who;

	if (strcmp(node_get(n, "type"), "error") == 0) {
		m->bounced++;
	} else if (strcmp(node_get(n, "type"), "groupchat") == 0) {
		if (room >= 0)
			reflect(m, (unsigned)room, n);
	} else if (body != NULL && m->told != NULL) {
		if (in_room && room >= 0)
			m->told(m->ctx, (unsigned)room, occupant_of(&m->places[room], to->resource), body);
		else if (!in_room && sscanf(to->local, "r%u-u%u", &r, &who) == 2 && r < m->n)
			m->told(m->ctx, r, who, body);
		else
			m->told(m->ctx, UINT_MAX, UINT_MAX, body);
	}
}

void
muc_stanza(struct muc *m, struct node *n)
{
	struct addr to;

	if (!addr_read(&to, node_get(n, "to")))
		return;
	if (strcmp(n->name, "presence") == 0)
		presence(m, n, &to);
	else if (strcmp(n->name, "message") == 0)
		message(m, n, &to);
	else if (strcmp(n->name, "iq") == 0)
		iq_stanza(m, n, &to);
}

void
muc_enter(struct muc *m, unsigned room)
{
	struct place *p = &m->places[room];
	struct evbuffer *out = link_out(m->link);

	p->occupants++;
	if (p->desk != NULL && out != NULL)
		put_occupant(m, out, room, p->occupants - 1);
}

void
muc_say(struct muc *m, unsigned room, unsigned who, const char *text)
{
	struct place *p = &m->places[room];
	struct evbuffer *out = link_out(m->link);
	char nick[NAME], sid[NAME];

	if (p->desk == NULL || out == NULL)
		return;
	m->lines++;
	stanza_id(m, sid);
	putf(out, "<message type='groupchat' from='r%04u@%s/%s' to='", room, m->domain, occupant_nick(who, nick));
	put_esc(out, p->desk);
	putf(out, "' id='l%s'><body>", sid);
	put_esc(out, text);
	putf(out, "</body><origin-id xmlns='urn:xmpp:sid:0' id='l%s'/>", sid);
	if (m->occupant_id)
		putf(out, "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='%04u%04uKQ0yVh5vT7sXn2JmB8cLq4RfW1eZpA9dU='/>", room, who);
	putf(out, "<stanza-id xmlns='urn:xmpp:sid:0' by='r%04u@%s' id='%s'/></message>", room, m->domain, sid);
}

void
muc_lost(struct muc *m)
{
	for (unsigned i = 0; i < m->n; i++) {
		free(m->places[i].desk);
		free(m->places[i].nick);
		m->places[i].desk = m->places[i].nick = NULL;
	}
	m->here = 0;
}

void
muc_open(struct muc *m, struct link *link, unsigned rooms, unsigned occupants)
{
	m->link = link;
	m->n = rooms;
	m->run = (unsigned)time(NULL);
	m->places = xcalloc(rooms, sizeof *m->places);
	for (unsigned i = 0; i < rooms; i++) {
		m->places[i].occupants = occupants;
		m->places[i].form = form_new();
	}
}

void
muc_close(struct muc *m)
{
	muc_lost(m);
	for (unsigned i = 0; i < m->n; i++)
		form_free(&m->places[i].form);
	free(m->places);
	m->places = NULL;
}
