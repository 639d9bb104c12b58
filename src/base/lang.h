#ifndef MOOTHALL_BASE_LANG_H
#define MOOTHALL_BASE_LANG_H
/*
 * Message catalogues: every word that the desk says.  ICU resource bundles
 * (the .txt files in share/lang, compiled by genrb) hold ICU message patterns with plural
 * forms; arguments are positional: {0}, {1,plural,...}.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"

struct lang;	/* all catalogues */

/* `dir` holds the compiled bundles (en.res, zh_Hans.res, zh_Hant.res). NULL and err on failure. */
struct lang	*lang_load(const char *dir, struct err *);
void		 lang_free(struct lang **);

enum arg_kind { ARG_END, ARG_STR, ARG_NUM };

struct lang_arg {
	enum arg_kind	 kind;
	const char	*s;
	long long	 n;
};

/* lang_say(l, a, "zh-Hans", "receipt", LS(nick), LN(12), LEND) */
#define LS(str)	((struct lang_arg){ ARG_STR, (str), 0 })
#define LN(num)	((struct lang_arg){ ARG_NUM, NULL, (num) })

/*
 * The words for `key` in the language `tag` (BCP 47; unknown ones fall back to English),
 * in `arena`. A key that no catalogue has is a bug: it is logged and the key itself returned.
 */
char		*lang_format(const struct lang *, struct arena *, const char *tag, const char *key,
		    const struct lang_arg *args, size_t nargs);
#define lang_say(l, a, tag, key, ...) \
	lang_format((l), (a), (tag), (key), \
	    (const struct lang_arg[]){ { ARG_END, NULL, 0 }, ##__VA_ARGS__ } + 1, \
	    sizeof((const struct lang_arg[]){ { ARG_END, NULL, 0 }, ##__VA_ARGS__ }) / sizeof(struct lang_arg) - 1)

/* Has this very catalogue the key? For the test that holds the three together. */
bool		 lang_has(const struct lang *, const char *tag, const char *key);

/* "3 minutes", "2 小时", rounded to the largest fitting unit. */
char		*lang_duration(const struct lang *, struct arena *, const char *tag, instant length);

#endif
