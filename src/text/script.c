/* Which script a line is written in, by characters that only one of them has. */
#include "text/internal.h"

enum { LETTERS_TELL = 4 };

void
script_read(struct work *w)
{
	const struct folded *f = &w->whole;
	struct intent *in = w->intent;

	if (f->cjk == 0) {
		in->lang = LANG_EN;
		in->lang_known = f->latin >= LETTERS_TELL;
		return;
	}
	/* A Chinese line with an English word in it is Chinese; a Chinese name in an English one is not. */
	if (f->latin > 8 * f->cjk) {
		in->lang = LANG_EN;
		in->lang_known = true;
		return;
	}
	in->lang = f->hant > f->hans ? LANG_HANT : LANG_HANS;
	in->lang_known = f->hant != f->hans;
}
