/* Which script a line is written in, by characters that only one of them has. */
#include "text/internal.h"

enum { LETTERS_TELL = 4 };

bool
script_of(const struct folded *f, enum kind_lang *lang)
{
	if (f->cjk == 0) {
		*lang = LANG_EN;
		return f->latin >= LETTERS_TELL;
	}
	/* A Chinese line with an English word in it is Chinese; a Chinese name in an English one is not. */
	if (f->latin > 8 * f->cjk) {
		*lang = LANG_EN;
		return true;
	}
	*lang = f->hant > f->hans ? LANG_HANT : LANG_HANS;
	return f->hant != f->hans;
}
