#include "ctl/jid.h"

#include <string.h>
#include <unicode/usprep.h>
#include <unicode/ustring.h>

enum { PART_MAX = 1023 };	/* RFC 7622 §3 */

static char *
prepare(struct arena *arena, UStringPrepProfileType type, const char *s, size_t n)
{
	UChar in[PART_MAX + 1], out[2 * PART_MAX];
	char utf8[6 * PART_MAX];
	UErrorCode e = U_ZERO_ERROR;
	UStringPrepProfile *profile;
	int32_t len = 0;

	if (n == 0 || n > PART_MAX)
		return NULL;
	profile = usprep_openByType(type, &e);
	u_strFromUTF8(in, PART_MAX + 1, &len, s, (int32_t)n, &e);
	/* Unassigned is what Unicode 3.2 did not know: many of today's Han characters. */
	len = usprep_prepare(profile, in, len, out, 2 * PART_MAX, USPREP_ALLOW_UNASSIGNED, NULL, &e);
	u_strToUTF8(utf8, sizeof utf8, &len, out, len, &e);
	if (profile != NULL)
		usprep_close(profile);
	return U_SUCCESS(e) && len > 0 && len <= PART_MAX ? arena_strndup(arena, utf8, (size_t)len) : NULL;
}

char *
jid_prepare(struct arena *arena, const char *s, const char **why_r)
{
	const char *at = strchr(s, '@');
	char *node, *domain;

	*why_r = "write it as name@domain";
	if (strchr(s, '/') != NULL) {
		*why_r = "leave out what follows the \"/\": staff are known by their bare address, whatever client they use";
		return NULL;
	}
	if (at == NULL || strchr(at + 1, '@') != NULL || strchr(at + 1, ' ') != NULL)
		return NULL;
	node = prepare(arena, USPREP_RFC3920_NODEPREP, s, (size_t)(at - s));
	domain = prepare(arena, USPREP_RFC3491_NAMEPREP, at + 1, strlen(at + 1));
	if (node == NULL || domain == NULL)
		return NULL;
	return arena_printf(arena, "%s@%s", node, domain);
}
