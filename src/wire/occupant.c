#include "wire/occupant.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"

enum { FIRST_SLOTS = 8 };

/* --- the hash: SipHash-2-4 (Aumasson, Bernstein 2012) --- */

static inline uint64_t
rotl(uint64_t x, int b)
{
	return x << b | x >> (64 - b);
}

static void
sip_rounds(uint64_t v[4], int n)
{
	while (n-- > 0) {
		v[0] += v[1];
		v[1] = rotl(v[1], 13) ^ v[0];
		v[0] = rotl(v[0], 32);
		v[2] += v[3];
		v[3] = rotl(v[3], 16) ^ v[2];
		v[0] += v[3];
		v[3] = rotl(v[3], 21) ^ v[0];
		v[2] += v[1];
		v[1] = rotl(v[1], 17) ^ v[2];
		v[2] = rotl(v[2], 32);
	}
}

static uint64_t
load64(const unsigned char *p, size_t n)
{
	uint64_t x = 0;

	while (n-- > 0)
		x = x << 8 | p[n];
	return x;
}

uint64_t
keyed_hash(const unsigned char key[HASH_KEY], const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	uint64_t k0 = load64(key, 8), k1 = load64(key + 8, 8), m;
	uint64_t v[4] = {
		k0 ^ UINT64_C(0x736f6d6570736575), k1 ^ UINT64_C(0x646f72616e646f6d),
		k0 ^ UINT64_C(0x6c7967656e657261), k1 ^ UINT64_C(0x7465646279746573),
	};
	size_t len = strlen(s), left = len;

	for (;; p += 8, left -= 8) {
		m = left >= 8 ? load64(p, 8) : load64(p, left) | (uint64_t)len << 56;
		v[3] ^= m;
		sip_rounds(v, 2);
		v[0] ^= m;
		if (left < 8)
			break;
	}
	v[2] ^= 0xff;
	sip_rounds(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

enum role
role_read(const char *s)
{
	return str_eq(s, "moderator") ? ROLE_MODERATOR : str_eq(s, "participant") ? ROLE_PARTICIPANT :
	    str_eq(s, "visitor") ? ROLE_VISITOR : ROLE_NONE;
}

enum affiliation
affiliation_read(const char *s)
{
	return str_eq(s, "owner") ? AFF_OWNER : str_eq(s, "admin") ? AFF_ADMIN :
	    str_eq(s, "member") ? AFF_MEMBER : str_eq(s, "outcast") ? AFF_OUTCAST : AFF_NONE;
}

/* --- the table --- */

static uint32_t
home(const struct occupants *os, const unsigned char *key, const char *nick)
{
	return (uint32_t)keyed_hash(key, nick) & (os->cap - 1);
}

/* Where the nickname is, or the free slot where it would go. The table is never full. */
static uint32_t
find(const struct occupants *os, const unsigned char *key, const char *nick)
{
	uint32_t i = home(os, key, nick);

	while (os->slots[i] != NULL && strcmp(occupant_nick(os->slots[i]), nick) != 0)
		i = (i + 1) & (os->cap - 1);
	return i;
}

static void
resize(struct occupants *os, const unsigned char *key, uint32_t cap)
{
	struct occupants old = *os;
	uint32_t i;

	os->cap = cap;
	os->slots = xcalloc(cap, sizeof *os->slots);
	for (i = 0; i < old.cap; i++)
		if (old.slots[i] != NULL)
			os->slots[find(os, key, occupant_nick(old.slots[i]))] = old.slots[i];
	free(old.slots);
}

void
occupant_put(struct occupants *os, const unsigned char key[HASH_KEY], const char *nick, const char *who,
    enum role role, enum affiliation affiliation, uint64_t oid)
{
	size_t nick_len = strnlen(nick, UINT16_MAX - 1), who_len = who == NULL ? 0 : strlen(who);
	struct occupant *o;
	uint32_t i;

	/* calloc, by the exact size: the strings' NULs are there already */
	o = xcalloc(1, offsetof(struct occupant, strings) + nick_len + 1 + who_len + 1);
	o->oid = oid;
	o->role = (uint8_t)role;
	o->affiliation = (uint8_t)affiliation;
	o->nick_size = (uint16_t)(nick_len + 1);
	memcpy(o->strings, nick, nick_len);
	if (who != NULL)
		memcpy(o->strings + nick_len + 1, who, who_len);

	if ((os->count + 1) * 4 > os->cap * 3)
		resize(os, key, os->cap == 0 ? FIRST_SLOTS : os->cap * 2);
	i = find(os, key, occupant_nick(o));
	if (os->slots[i] == NULL)
		os->count++;
	free(os->slots[i]);
	os->slots[i] = o;
}

bool
occupant_drop(struct occupants *os, const unsigned char key[HASH_KEY], const char *nick)
{
	uint32_t gap, i, want;

	if (os->cap == 0)
		return false;
	gap = find(os, key, nick);
	if (os->slots[gap] == NULL)
		return false;
	free(os->slots[gap]);
	os->slots[gap] = NULL;
	os->count--;
	/* Close the gap: whoever stands further from home than the gap moves into it. */
	for (i = (gap + 1) & (os->cap - 1); os->slots[i] != NULL; i = (i + 1) & (os->cap - 1)) {
		want = home(os, key, occupant_nick(os->slots[i]));
		if (((i - want) & (os->cap - 1)) >= ((i - gap) & (os->cap - 1))) {
			os->slots[gap] = os->slots[i];
			os->slots[i] = NULL;
			gap = i;
		}
	}
	if (os->cap > FIRST_SLOTS && os->count * 4 < os->cap)
		resize(os, key, os->cap / 2);
	return true;
}

void
occupants_clear(struct occupants *os)
{
	uint32_t i;

	for (i = 0; i < os->cap; i++)
		free(os->slots[i]);
	free(os->slots);
	*os = (struct occupants){ 0 };
}

const struct occupant *
occupant_by_nick(const struct occupants *os, const unsigned char key[HASH_KEY], const char *nick)
{
	return os->cap == 0 ? NULL : os->slots[find(os, key, nick)];
}

const struct occupant *
occupant_next(const struct occupants *os, uint32_t *at)
{
	while (*at < os->cap)
		if (os->slots[(*at)++] != NULL)
			return os->slots[*at - 1];
	return NULL;
}

const struct occupant *
occupant_by_who(const struct occupants *os, const char *who)
{
	const struct occupant *o;
	uint32_t at = 0;

	while ((o = occupant_next(os, &at)) != NULL && !str_eq(occupant_who(o), who))
		;
	return o;
}

const struct occupant *
occupant_by_oid(const struct occupants *os, uint64_t oid)
{
	const struct occupant *o;
	uint32_t at = 0;

	if (oid == 0)
		return NULL;
	while ((o = occupant_next(os, &at)) != NULL && o->oid != oid)
		;
	return o;
}
