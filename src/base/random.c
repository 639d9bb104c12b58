#include "base/random.h"

#include <string.h>
#include <sys/random.h>

enum { POOL = 512 };

/* One system call serves some thirty ids: an entry into the kernel costs more than the bytes. */
static unsigned char pool[POOL];
static size_t left;

static void
refill(void)
{
	while (getrandom(pool, sizeof pool, 0) != (ssize_t)sizeof pool)
		;
	left = sizeof pool;
}

void
random_bytes(void *out, size_t n)
{
	unsigned char *to = out;

	while (n > 0) {
		size_t take;

		if (left == 0)
			refill();
		take = n < left ? n : left;
		left -= take;
		memcpy(to, pool + left, take);
		explicit_bzero(pool + left, take);
		to += take;
		n -= take;
	}
}

void
random_id(char out[RANDOM_ID])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char raw[(RANDOM_ID - 1) / 2];
	size_t i;

	random_bytes(raw, sizeof raw);
	for (i = 0; i < sizeof raw; i++) {
		out[2 * i] = hex[raw[i] >> 4];
		out[2 * i + 1] = hex[raw[i] & 15];
	}
	out[2 * i] = '\0';
}
