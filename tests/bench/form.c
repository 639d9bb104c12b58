/*
 * A room's configuration form with the fields that Prosody 0.12 offers
 * (XEP-0045 §10.2, XEP-0004).  A field that it does not know is ignored, as
 * Prosody does; ejabberd would refuse the whole form.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "server.h"

#define NS_DATA	"jabber:x:data"
#define CONFIG	"muc#roomconfig_"

static const struct offer {
	const char	*var, *type, *value;
} offers[] = {
	{ CONFIG "roomname", "text-single", "" },
	{ CONFIG "roomdesc", "text-single", "" },
	{ CONFIG "lang", "text-single", "" },
	{ CONFIG "persistentroom", "boolean", "0" },
	{ CONFIG "publicroom", "boolean", "1" },
	{ CONFIG "membersonly", "boolean", "0" },
	{ CONFIG "moderatedroom", "boolean", "0" },
	{ CONFIG "changesubject", "boolean", "0" },
	{ CONFIG "whois", "list-single", "moderators" },
	{ CONFIG "roomsecret", "text-private", "" },
	{ CONFIG "historylength", "text-single", "20" },
	{ CONFIG "defaulthistorymessages", "text-single", "20" },
	{ CONFIG "enablearchiving", "boolean", "0" },
};
enum { OFFERS = sizeof offers / sizeof *offers };

struct form {
	char	*value[OFFERS];
};

struct form *
form_new(void)
{
	struct form *f = xcalloc(1, sizeof *f);

	for (size_t i = 0; i < OFFERS; i++)
		f->value[i] = xstrdup(offers[i].value);
	return f;
}

void
form_free(struct form **fp)
{
	if (*fp == NULL)
		return;
	for (size_t i = 0; i < OFFERS; i++)
		free((*fp)->value[i]);
	free(*fp);
	*fp = NULL;
}

static int
find(const char *var)
{
	for (int i = 0; i < OFFERS; i++)
		if (strcmp(offers[i].var, var) == 0)
			return i;
	return -1;
}

const char *
form_get(const struct form *f, const char *var)
{
	int i = find(var);

	return i < 0 ? NULL : f->value[i];
}

unsigned
form_take(struct form *f, const struct node *x)
{
	unsigned unknown = 0;

	for (const struct node *n = x->first; n != NULL; n = n->next) {
		const char *var = node_get(n, "var");
		const struct node *v = node_child(n, "value", NS_DATA);
		int i = find(var);
		const char *value;

		if (strcmp(n->name, "field") != 0 || strcmp(var, "FORM_TYPE") == 0)
			continue;
		if (i < 0) {
			unknown++;
			continue;
		}
		value = v == NULL ? "" : v->text;
		if (strcmp(offers[i].type, "boolean") == 0)	/* "true" and "1" are one (XEP-0004 §3.3) */
			value = strcmp(value, "1") == 0 || strcmp(value, "true") == 0 ? "1" : "0";
		free(f->value[i]);
		f->value[i] = xstrdup(value);
	}
	return unknown;
}

void
form_put(const struct form *f, struct evbuffer *out)
{
	putf(out, "<x xmlns='" NS_DATA "' type='form'><title>Configuration</title><field var='FORM_TYPE' type='hidden'>"
	    "<value>http://jabber.org/protocol/muc#roomconfig</value></field>");
	for (size_t i = 0; i < OFFERS; i++) {
		putf(out, "<field var='%s' type='%s' label='%s'>", offers[i].var, offers[i].type, offers[i].var);
		if (strcmp(offers[i].type, "list-single") == 0)
			putf(out, "<option label='Moderators only'><value>moderators</value></option>"
			    "<option label='Anyone'><value>anyone</value></option>");
		evbuffer_add(out, "<value>", 7);
		put_esc(out, f->value[i]);
		evbuffer_add(out, "</value></field>", 16);
	}
	evbuffer_add(out, "</x>", 4);
}
