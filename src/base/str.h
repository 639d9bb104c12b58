#ifndef MOOTHALL_BASE_STR_H
#define MOOTHALL_BASE_STR_H
/*
 * Strings: a growing buffer, and the few UTF-8 questions that need no ICU.
 */
#include <stdbool.h>
#include <stddef.h>

/* A growing byte string, always NUL-terminated; {0} is a valid empty one. */
struct buf {
	char	*s;
	size_t	 len, cap;
};

void	 buf_add(struct buf *, const char *);
void	 buf_addn(struct buf *, const char *, size_t);
void	 buf_addf(struct buf *, const char *, ...) __attribute__((format(printf, 2, 3)));
/* As a JSON string with its quotes; NULL becomes null. */
void	 buf_json(struct buf *, const char *);
void	 buf_free(struct buf *);

/* Length in bytes of the longest prefix of s within `max` bytes that ends at a code point. */
size_t	 utf8_cut(const char *s, size_t max);
/* Length in bytes of the first n code points of s. */
size_t	 utf8_points(const char *s, size_t n);
bool	 utf8_valid(const char *s);
/*
 * Copies `in` to `out` (size strlen(in) * 3 + 1 is always enough) with every byte that
 * is not UTF-8 and every character that XML 1.0 §2.2 forbids replaced by U+FFFD.
 */
void	 xml_clean(const char *in, char *out);

bool	 str_eq(const char *, const char *);	/* NULL equals NULL only */
bool	 str_prefix(const char *s, const char *prefix);

#endif
