#include "flow/people.h"

#include <openssl/evp.h>
#include <openssl/params.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"

enum { DRAFT_MIN = 15, WEAK_H = 24, CANDIDATE_H = 24 };

struct people {
	void		*tree;		/* tsearch(3) of struct person by digest */
	unsigned char	 salt[16];
	EVP_MAC_CTX	*mac;		/* keyed once: HMAC() would fetch and key anew for each look-up */
	char		*last;		/* whose digest was asked for last: a line asks three times */
	unsigned char	 last_digest[32];
	size_t		 saving;
	bool		 unsaved;	/* of somebody */
};

/* Out of memory is as everywhere; anything else that fails here is a library without SHA-256. */
static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
mac_key(struct people *ps)
{
	char digest[] = "SHA256";
	const OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string("digest", digest, 0), OSSL_PARAM_construct_end() };

	must(EVP_MAC_init(ps->mac, ps->salt, sizeof ps->salt, params) == 1);
}

struct people *
people_new(void)
{
	struct people *ps = xcalloc(1, sizeof *ps);
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);

	must(hmac != NULL && (ps->mac = EVP_MAC_CTX_new(hmac)) != NULL);
	EVP_MAC_free(hmac);	/* the context holds it */
	mac_key(ps);
	return ps;
}

static void
on_free(void *node)
{
	struct person *p = node;

	free(p->lang);
	free(p->draft);
	free(p);
}

void
people_free(struct people **pp)
{
	if (*pp == NULL)
		return;
	tdestroy((*pp)->tree, on_free);
	EVP_MAC_CTX_free((*pp)->mac);
	free((*pp)->last);
	free(*pp);
	*pp = NULL;
}

static int
by_digest(const void *a, const void *b)
{
	return memcmp(((const struct person *)a)->digest, ((const struct person *)b)->digest, sizeof ((struct person *)0)->digest);
}

static void
unhex(const char *hex, unsigned char *out, size_t n)
{
	size_t i;

	for (i = 0; i < n && hex[2 * i] != '\0' && hex[2 * i + 1] != '\0'; i++) {
		char two[3] = { hex[2 * i], hex[2 * i + 1], '\0' };

		out[i] = (unsigned char)strtoul(two, NULL, 16);
	}
}

void
people_salt(struct people *ps, const char *hex)
{
	unhex(hex, ps->salt, sizeof ps->salt);
	mac_key(ps);
	free(ps->last);
	ps->last = NULL;
}

static void
digest_of(struct people *ps, const char *who, unsigned char out[32])
{
	size_t n;

	if (!str_eq(ps->last, who)) {
		must(EVP_MAC_init(ps->mac, NULL, 0, NULL) == 1 &&
		    EVP_MAC_update(ps->mac, (const unsigned char *)who, strlen(who)) == 1 &&
		    EVP_MAC_final(ps->mac, ps->last_digest, &n, 32) == 1);
		free(ps->last);
		ps->last = xstrdup(who);
	}
	memcpy(out, ps->last_digest, 32);
}

static struct person *
find(struct people *ps, const unsigned char digest[32])
{
	struct person key, **found;

	memcpy(key.digest, digest, sizeof key.digest);
	found = tfind(&key, &ps->tree, by_digest);
	return found == NULL ? NULL : *found;
}

static struct person *
get(struct people *ps, const unsigned char digest[32])
{
	struct person *p = find(ps, digest);

	if (p != NULL)
		return p;
	p = xcalloc(1, sizeof *p);
	memcpy(p->digest, digest, sizeof p->digest);
	if (tsearch(p, &ps->tree, by_digest) == NULL)
		abort();	/* out of memory: as everywhere */
	return p;
}

void
people_take(struct people *ps, const struct op *op)
{
	int i;

	for (i = 0; i < op->nrows; i++) {
		unsigned char digest[32] = { 0 };
		struct person *p;

		unhex(op->cell[i][0], digest, sizeof digest);
		p = get(ps, digest);
		p->quiet = cell_bool(op->cell[i][1]);
		free(p->lang);
		p->lang = xstrdup(op->cell[i][2]);
		p->declined = (int)cell_num(op->cell[i][3]);
		p->asked = cell_instant(op->cell[i][4]);
		p->known = true;
	}
}

struct person *
people_find(struct people *ps, const char *who)
{
	unsigned char digest[32];

	if (who == NULL)
		return NULL;
	digest_of(ps, who, digest);
	return find(ps, digest);
}

struct person *
people_get(struct people *ps, const char *who)
{
	unsigned char digest[32];

	digest_of(ps, who, digest);
	return get(ps, digest);
}

/* People are never forgotten while the hall lives, so the op may name one. */
static void
on_saved(struct op *op)
{
	struct people *ps = op->ctx;
	struct person *p = (struct person *)(uintptr_t)op->job;

	ps->saving--;
	if (op->err.fault == FAULT_BUSY || op->err.fault == FAULT_UNSURE)
		ps->unsaved = p->unsaved = true;
	else if (op->err.fault != FAULT_NONE)
		log_error("people", "a wish was not saved: %s", op->err.text);
	op_free(&op);
}

void
people_save(struct people *ps, struct store *store, struct person *p, instant now)
{
	struct op *op = op_new();

	p->known = true;
	p->unsaved = false;
	ps->saving++;
	op->done = on_saved;
	op->ctx = ps;
	op->job = (uintptr_t)p;
	store_preference(store, op, now, p->digest, p->quiet, p->lang, p->declined, p->asked);
}

struct retry {
	struct people	*people;
	struct store	*store;
	instant		 now;
};

static void
on_person(const void *node, VISIT which, void *ctx)
{
	struct person *p = *(struct person *const *)node;
	struct retry *r = ctx;

	if ((which == postorder || which == leaf) && p->unsaved)
		people_save(r->people, r->store, p, r->now);
}

void
people_retry(struct people *ps, struct store *store, instant now)
{
	struct retry r = { ps, store, now };

	if (!ps->unsaved)
		return;
	ps->unsaved = false;
	twalk_r(ps->tree, on_person, &r);
}

bool
people_busy(const struct people *ps)
{
	return ps->saving > 0;
}

void
person_pend(struct person *p, enum pending what, long long about, const char *draft, instant now)
{
	char *copy = xstrdup(draft);

	free(p->draft);
	p->draft = copy;
	p->pending = what;
	p->about = about;
	p->pending_at = now;
}

enum pending
person_pending(struct person *p, instant now)
{
	static const instant lasts[] = {
		[PENDING_NONE] = 0, [PENDING_CANDIDATE] = CANDIDATE_H * HOUR,
		[PENDING_WEAK] = WEAK_H * HOUR, [PENDING_DRAFT] = DRAFT_MIN * MINUTE,
	};

	if (p->pending != PENDING_NONE && now > p->pending_at + lasts[p->pending])
		person_pend(p, PENDING_NONE, 0, NULL, now);
	return p->pending;
}
