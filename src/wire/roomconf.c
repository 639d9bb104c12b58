/*
 * A room as the hall wants it: the owner's form (XEP-0045 §10.2), affiliations
 * (§9.5 to §10.8), and then what the room can do (XEP-0030).
 *
 * The form is fetched, only what it offers is filled in (ejabberd refuses a whole
 * form for one unknown field), and it is read back: what the server says it took
 * is what counts.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "wire/room.h"

struct grant {
	const char	*affiliation;
	char		*who;
};

struct conf_run {
	bool		 again;		/* the roster changed while this ran */
	bool		 sent;		/* the form was submitted: what comes now is the reading back */
	struct grant	*grants;	/* to be told to the room, one by one */
	size_t		 grant_count, grant_at;
};

static room_done on_form, on_submitted, on_affiliations, on_granted, on_features;

void
conf_stop(struct room *r)
{
	size_t i;

	if (r->conf == NULL)
		return;
	for (i = 0; i < r->conf->grant_count; i++)
		free(r->conf->grants[i].who);
	free(r->conf->grants);
	free(r->conf);
	r->conf = NULL;
}

/* --- what is wanted --- */

struct want {
	const char	*var, *value;
	const char	*check;	/* named to the administrator if the server does not take it; NULL: it matters little */
};

enum { WANTS = 15 };

static size_t
wants_of(const struct room *r, struct want out[WANTS])
{
	const struct want all[WANTS] = {
		{ "muc#roomconfig_persistentroom", "1", "persistent" },
		{ "muc#roomconfig_whois", "moderators", "addresses for moderators only" },
		{ "muc#roomconfig_enablearchiving", "1", "archiving" },	/* Prosody */
		{ "mam", "1", "archiving" },				/* ejabberd */
		{ "muc#roomconfig_roomname", r->title, NULL },
		{ "muc#roomconfig_roomdesc", r->description, NULL },
		{ "muc#roomconfig_lang", r->lang, NULL },
		{ "muc#roomconfig_publicroom", "0", NULL },
		{ "muc#roomconfig_membersonly", "0", "open to residents" },
		{ "muc#roomconfig_moderatedroom", "0", "not moderated" },
		{ "muc#roomconfig_changesubject", "0", NULL },
		{ "muc#roomconfig_allowpm", "anyone", NULL },		/* XEP-0045; ejabberd later than 23.01 */
		{ "allow_private_messages", "1", NULL },		/* ejabberd */
		{ "allow_private_messages_from_visitors", "anyone", NULL },
		{ "muc#roomconfig_passwordprotectedroom", "0", "without password" },
	};
	size_t i, n = 0;

	for (i = 0; i < WANTS; i++)
		if (all[i].value != NULL)
			out[n++] = all[i];
	return n;
}

/* --- the form --- */

static xmpp_stanza_t *
form_of(xmpp_stanza_t *answer)
{
	xmpp_stanza_t *query = is_result(answer) ? child_ns(answer, "query", NS_MUC_OWNER) : NULL;

	return query == NULL ? NULL : child_ns(query, "x", NS_DATA);
}

static xmpp_stanza_t *
field_of(xmpp_stanza_t *form, const char *var)
{
	xmpp_stanza_t *f = xmpp_stanza_get_children(form);

	while (f != NULL && !(str_eq(xmpp_stanza_get_name(f), "field") &&
	    str_eq(xmpp_stanza_get_attribute(f, "var"), var)))
		f = xmpp_stanza_get_next(f);
	return f;
}

/* XEP-0004 §3.3: booleans are 0, 1, true or false. */
static bool
same_value(xmpp_stanza_t *field, const char *value)
{
	const char *now = child_text(field, "value", NULL);

	if (now == NULL)
		now = "";
	if (str_eq(now, "true"))
		now = "1";
	if (str_eq(value, "0") && (*now == '\0' || str_eq(now, "false")))
		return true;
	return strcmp(now, value) == 0;
}

/* A list offers its options; what is not among them would be refused. */
static bool
offers(xmpp_stanza_t *field, const char *value)
{
	const char *type = xmpp_stanza_get_type(field);
	xmpp_stanza_t *o;

	if (type == NULL || strcmp(type, "list-single") != 0)
		return true;
	for (o = xmpp_stanza_get_children(field); o != NULL; o = xmpp_stanza_get_next(o))
		if (str_eq(xmpp_stanza_get_name(o), "option") && str_eq(child_text(o, "value", NULL), value))
			return true;
	return false;
}

static void
form_get(struct wire *w, struct room *r)
{
	xmpp_stanza_t *iq = room_iq(w, r, "get");

	stanza_child(w, iq, "query", NS_MUC_OWNER);
	room_ask(w, r, iq, on_form);
}

static void
form_value(struct wire *w, xmpp_stanza_t *form, const char *var, const char *value)
{
	xmpp_stanza_t *f = stanza_child(w, form, "field", NULL);

	xmpp_stanza_set_attribute(f, "var", var);
	stanza_text(w, f, "value", value);
}

static bool
form_differs(xmpp_stanza_t *form, const struct want *wants, size_t n)
{
	xmpp_stanza_t *f;
	size_t i;

	for (i = 0; i < n; i++)
		if ((f = field_of(form, wants[i].var)) != NULL && offers(f, wants[i].value) &&
		    !same_value(f, wants[i].value))
			return true;
	return false;
}

static void
form_send(struct wire *w, struct room *r, xmpp_stanza_t *form, const struct want *wants, size_t n)
{
	xmpp_stanza_t *iq = room_iq(w, r, "set"), *f;
	xmpp_stanza_t *x = stanza_child(w, stanza_child(w, iq, "query", NS_MUC_OWNER), "x", NS_DATA);
	size_t i;

	xmpp_stanza_set_type(x, "submit");
	form_value(w, x, "FORM_TYPE", "http://jabber.org/protocol/muc#roomconfig");
	for (i = 0; i < n; i++)
		if ((f = field_of(form, wants[i].var)) != NULL && offers(f, wants[i].value))
			form_value(w, x, wants[i].var, wants[i].value);
	r->conf->sent = true;
	room_ask(w, r, iq, on_submitted);
}

/* What matters and was not taken. That no field for the archive is there at all shows in the features. */
static void
form_check(struct room *r, xmpp_stanza_t *form, const struct want *wants, size_t n)
{
	xmpp_stanza_t *f;
	size_t i;

	for (i = 0; i < n; i++)
		if (wants[i].check != NULL && (f = field_of(form, wants[i].var)) != NULL &&
		    !same_value(f, wants[i].value))
			room_why(r, "the server refused: %s", wants[i].check);
}

static void affiliations_start(struct wire *, struct room *);

static void
on_form(struct wire *w, struct room *r, xmpp_stanza_t *answer)
{
	xmpp_stanza_t *form = form_of(answer);
	struct want wants[WANTS];
	size_t n = wants_of(r, wants);

	if (form == NULL) {
		room_why(r, "the room's form could not be read (%s)", error_condition(answer));
		affiliations_start(w, r);
		return;
	}
	if (!r->conf->sent && (r->created || form_differs(form, wants, n))) {
		form_send(w, r, form, wants, n);
		return;
	}
	form_check(r, form, wants, n);
	affiliations_start(w, r);
}

static void
on_submitted(struct wire *w, struct room *r, xmpp_stanza_t *answer)
{
	if (!is_result(answer)) {
		room_why(r, "the server refused the room's form (%s)", error_condition(answer));
		affiliations_start(w, r);
		return;
	}
	r->created = false;
	form_get(w, r);
}

/* --- affiliations --- */

static void
grant_add(struct conf_run *c, const char *affiliation, const char *who)
{
	size_t i;

	if (who == NULL || *who == '\0')
		return;
	for (i = 0; i < c->grant_count; i++)
		if (strcmp(c->grants[i].who, who) == 0)
			return;	/* an officer who is staff too is owner */
	c->grants = xrealloc(c->grants, (c->grant_count + 1) * sizeof *c->grants);
	c->grants[c->grant_count++] = (struct grant){ affiliation, xstrdup(who) };
}

/* Whoever already has it needs no telling. */
static void
grant_had(struct wire *w, struct conf_run *c, xmpp_stanza_t *item)
{
	const char *jid = xmpp_stanza_get_attribute(item, "jid");
	char *who = jid == NULL ? NULL : jid_bare(w, jid);
	size_t i;

	for (i = 0; who != NULL && i < c->grant_count; i++)
		if (str_eq(c->grants[i].who, who) &&
		    str_eq(c->grants[i].affiliation, xmpp_stanza_get_attribute(item, "affiliation")))
			c->grants[i].affiliation = NULL;
	free(who);
}

static void
affiliations_ask(struct wire *w, struct room *r, const char *which)
{
	xmpp_stanza_t *iq = room_iq(w, r, "get");
	xmpp_stanza_t *item = stanza_child(w, stanza_child(w, iq, "query", NS_MUC_ADMIN), "item", NULL);

	xmpp_stanza_set_attribute(item, "affiliation", which);
	room_ask(w, r, iq, on_affiliations);
}

static void
affiliations_start(struct wire *w, struct room *r)
{
	struct conf_run *c = r->conf;
	size_t i;

	grant_add(c, "owner", r->owner);
	for (i = 0; r->staff != NULL && r->staff[i] != NULL; i++)
		grant_add(c, "admin", r->staff[i]);
	for (i = 0; r->revoked != NULL && r->revoked[i] != NULL; i++) {
		grant_add(c, "none", r->revoked[i]);
		free(r->revoked[i]);
	}
	free(r->revoked);
	r->revoked = NULL;
	c->grant_at = 0;
	affiliations_ask(w, r, "owner");
}

static void
grant_next(struct wire *w, struct room *r)
{
	struct conf_run *c = r->conf;
	xmpp_stanza_t *iq, *item;

	while (c->grant_at < c->grant_count && c->grants[c->grant_at].affiliation == NULL)
		c->grant_at++;
	if (c->grant_at == c->grant_count) {
		on_granted(w, r, NULL);
		return;
	}
	iq = room_iq(w, r, "set");
	item = stanza_child(w, stanza_child(w, iq, "query", NS_MUC_ADMIN), "item", NULL);
	xmpp_stanza_set_attribute(item, "affiliation", c->grants[c->grant_at].affiliation);
	xmpp_stanza_set_attribute(item, "jid", c->grants[c->grant_at].who);
	room_ask(w, r, iq, on_granted);
}

/* First the owners, then the admins; a list that can not be read only costs needless grants. */
static void
on_affiliations(struct wire *w, struct room *r, xmpp_stanza_t *answer)
{
	xmpp_stanza_t *query = is_result(answer) ? child_ns(answer, "query", NS_MUC_ADMIN) : NULL;
	xmpp_stanza_t *item = query == NULL ? NULL : xmpp_stanza_get_children(query);

	for (; item != NULL; item = xmpp_stanza_get_next(item))
		if (str_eq(xmpp_stanza_get_name(item), "item"))
			grant_had(w, r->conf, item);
	if (r->conf->grant_at++ == 0) {
		affiliations_ask(w, r, "admin");
		return;
	}
	r->conf->grant_at = 0;
	grant_next(w, r);
}

static void features_ask(struct wire *, struct room *);

static void
on_granted(struct wire *w, struct room *r, xmpp_stanza_t *answer)
{
	struct conf_run *c = r->conf;

	if (c->grant_at == c->grant_count) {
		r->configured = true;
		features_ask(w, r);
		return;
	}
	/* A Prosody server's administrator owns every room and can not be made less: no harm. */
	if (!is_result(answer))
		log_warn(r->code, "an address could not be made %s (%s)", c->grants[c->grant_at].affiliation,
		    error_condition(answer));
	c->grant_at++;
	grant_next(w, r);
}

/* --- what the room can do --- */

static void
conf_end(struct wire *w, struct room *r)
{
	bool again = r->conf->again;

	conf_stop(r);
	if (again) {
		r->configured = false;
		conf_start(w, r);
	} else if (r->phase == PH_SETUP)
		room_set_up(w, r);
	else
		room_report(w, r);
}

static void
features_ask(struct wire *w, struct room *r)
{
	xmpp_stanza_t *iq = room_iq(w, r, "get");

	stanza_child(w, iq, "query", NS_DISCO_INFO);
	room_ask(w, r, iq, on_features);
}

static void
on_features(struct wire *w, struct room *r, xmpp_stanza_t *answer)
{
	xmpp_stanza_t *query = is_result(answer) ? child_ns(answer, "query", NS_DISCO_INFO) : NULL;
	xmpp_stanza_t *c = query == NULL ? NULL : xmpp_stanza_get_children(query);
	const char *var;

	r->features = query == NULL ? 0 : FEAT_KNOWN;
	for (; c != NULL; c = xmpp_stanza_get_next(c)) {
		var = xmpp_stanza_get_attribute(c, "var");
		if (!str_eq(xmpp_stanza_get_name(c), "feature"))
			continue;
		if (str_eq(var, NS_MAM))	/* an archive implies its stanza-ids: XEP-0313 §5.1 */
			r->features |= FEAT_MAM | FEAT_STANZA_ID;
		else if (str_eq(var, NS_SID))
			r->features |= FEAT_STANZA_ID;
		else if (str_eq(var, NS_OCCUPANT))
			r->features |= FEAT_OCCUPANT_ID;
	}
	if (query == NULL)
		room_why(r, "the room does not say what it can do (%s)", error_condition(answer));
	else if (!(r->features & FEAT_MAM))
		room_why(r, "the room keeps no archive: what is said while the hall is away is lost to it");
	conf_end(w, r);
}

void
conf_start(struct wire *w, struct room *r)
{
	if (r->conf != NULL) {
		r->conf->again = true;
		return;
	}
	r->conf = xcalloc(1, sizeof *r->conf);
	if (r->phase == PH_LIVE) {	/* what was wrong is looked at anew */
		free(r->why);
		r->why = NULL;
	}
	if (!r->configured && r->affiliation == AFF_OWNER) {
		form_get(w, r);
		return;
	}
	if (r->affiliation != AFF_OWNER)
		room_why(r, "the desk does not own this room: make %s@%s its owner", r->code, w->domain);
	if ((r->features & FEAT_KNOWN) && r->configured)
		conf_end(w, r);
	else
		features_ask(w, r);
}
