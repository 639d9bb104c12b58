/*
 * Commands in any spelling: "#接12" "＃ 接 １２" "/take 12" "//take #12" "!done 12"
 * "议事厅: 接 12".  Only the start of the body is looked at, so a quotation or a
 * word in the middle never runs.
 */
#include <string.h>

#include "base/str.h"
#include "text/internal.h"

enum {
	DIGITS_MAX = 15,
	WORD_MAX = 24,		/* code points of an unknown word shown back */
	TOKEN_MAX = 10,		/* "desk: verb token": the token's longest */
};

static size_t
skip_spaces(const struct folded *f, size_t i)
{
	while (i < f->n && f->cp[i] == ' ')
		i++;
	return i;
}

static bool
is_wordy(const struct work *w, size_t i)
{
	return i < w->whole.n && (fold_class(w->fold, w->whole.cp[i]) & (CLS_ALPHA | CLS_DIGIT | CLS_CJK)) != 0;
}

static bool
is_cjk(const struct work *w, size_t i)
{
	return i < w->whole.n && (fold_class(w->fold, w->whole.cp[i]) & CLS_CJK) != 0;
}

static bool
is_digit(const struct work *w, size_t i)
{
	return i < w->whole.n && w->whole.cp[i] >= '0' && w->whole.cp[i] <= '9';
}

/* May a verb end between `end - 1` and `end`? */
static bool
verb_may_end(const struct work *w, size_t from, size_t end)
{
	const struct folded *f = &w->whole;

	if (end >= f->n || !is_wordy(w, end))
		return f->cp[end] != '-' && f->cp[end] != '_';
	if (is_digit(w, end))
		return true;
	if (!is_cjk(w, end - 1))
		return is_cjk(w, end);	/* "#new我的钥匙" but not "#newer" */
	/* Glued Chinese: "#登记我家钥匙丢了". A verb of one character would swallow "#接龙". */
	return end - from > 1;
}

static const struct verb *
longest_verb(const struct work *w, const struct verb *verbs, size_t from, size_t *end_r)
{
	const struct verb *best = NULL;

	for (const struct verb *v = verbs; v->word != NULL; v++) {
		size_t end = fold_name_at(w->fold, &w->whole, from, v->word);

		if (end == 0 || (best != NULL && end <= *end_r) || !verb_may_end(w, from, end))
			continue;
		best = v;
		*end_r = end;
	}
	return best;
}

/* What may stand before the digits: ":" "(" "no." "#", with spaces between; sets *open_r if a "(" did. */
static size_t
number_mark(const struct folded *f, size_t at, bool *open_r)
{
	size_t i = skip_spaces(f, at);

	if (i < f->n && f->cp[i] == ':')
		i = skip_spaces(f, i + 1);
	*open_r = i < f->n && f->cp[i] == '(';
	if (*open_r)
		i = skip_spaces(f, i + 1);
	if (i + 1 < f->n && f->cp[i] == 'n' && f->cp[i + 1] == 'o') {
		i += 2;
		if (i < f->n && f->cp[i] == '.')
			i++;
		i = skip_spaces(f, i);
	}
	if (i < f->n && f->cp[i] == '#')
		i = skip_spaces(f, i + 1);
	return i;
}

/* One past what closes the number at i; 0 if it is none: "12:30", "12.5", "12-14", "3rd", "(12". */
static size_t
number_close(const struct work *w, size_t i, bool open)
{
	const struct folded *f = &w->whole;

	if (open)
		return f->cp[i] == ')' ? i + 1 : 0;
	if (f->cp[i] == 0x53F7)		/* 号 */
		return i + 1;
	if ((f->cp[i] == ':' || f->cp[i] == '.' || f->cp[i] == '-' || f->cp[i] == '/') && is_digit(w, i + 1))
		return 0;
	return is_wordy(w, i) && !is_cjk(w, i) ? 0 : i;
}

/* "12" "#12" "no.12" "12号" "(12)"; one past it, or `at` if there is none. */
static size_t
number_at(const struct work *w, size_t at, long long *n)
{
	size_t i, digits = 0, end;
	long long value = 0;
	bool open;

	for (i = number_mark(&w->whole, at, &open); is_digit(w, i) && digits <= DIGITS_MAX; i++, digits++)
		value = value * 10 + (w->whole.cp[i] - '0');
	if (digits == 0 || digits > DIGITS_MAX || value == 0 || (end = number_close(w, i, open)) == 0)
		return at;
	*n = value;
	return end;
}

/* Is there a word in it? "#take 12." ends a sentence, it says nothing more. */
static bool
says_something(const struct work *w, size_t from, size_t to)
{
	static const uint32_t stops[] = U".!?,:;\u3002 \n";

	for (size_t i = from; i < to; i++) {
		size_t k = 0;

		while (stops[k] != 0 && stops[k] != w->whole.cp[i])
			k++;
		if (stops[k] == 0)
			return true;
	}
	return false;
}

/* What follows from code point i on, in the writer's own characters, without blanks and a separator around it. */
static char *
rest_from(const struct work *w, size_t i)
{
	const struct folded *f = &w->whole;
	size_t from, to;

	while (i < f->n && (f->cp[i] == ' ' || f->cp[i] == '\n' || f->cp[i] == ':' || f->cp[i] == ',' ||
	    f->cp[i] == 0x3001))
		i++;
	to = f->n;
	while (to > i && (f->cp[to - 1] == ' ' || f->cp[to - 1] == '\n'))
		to--;
	if (!says_something(w, i, to))
		to = i;
	from = f->at[i];
	return arena_strndup(w->arena, w->text + w->body + from, f->at[to] - from);
}

static void
take_command(struct work *w, const struct verb *v, size_t end)
{
	struct intent *in = w->intent;
	size_t after = v->takes_number ? number_at(w, end, &in->number) : end;

	in->command = v->command;
	in->rest = rest_from(w, after);
	reason(w, "command %s", v->command);
}

/* The unknown word after a mark: shown back, so that the writer sees what was understood. */
static void
take_half(struct work *w, size_t from)
{
	const struct folded *f = &w->whole;
	size_t to = from;

	while (to < f->n && to - from < WORD_MAX && (is_wordy(w, to) || f->cp[to] == '-' || f->cp[to] == '_'))
		to++;
	w->intent->half = true;
	w->intent->rest = arena_strndup(w->arena, w->text + w->body + f->at[from], f->at[to] - f->at[from]);
	reason(w, "begins like a command");
}

/* One past the mark that begins a command ("#" "/" "//" "!"), or `at`. */
static size_t
mark_at(const struct folded *f, size_t at)
{
	if (at >= f->n)
		return at;
	if (f->cp[at] == '/' && at + 1 < f->n && f->cp[at + 1] == '/')
		return at + 2;
	return f->cp[at] == '#' || f->cp[at] == '/' || f->cp[at] == '!' ? at + 1 : at;
}

/*
 * An unknown word is half a command only if it can not be something else: "#12"
 * is a matter, "#topic#" a topic, "/me" an action, "/usr/bin" a path, "!!" a cry.
 */
static bool
is_half(const struct work *w, size_t mark, size_t word)
{
	const struct folded *f = &w->whole;
	size_t end = word;
	bool letters = false;

	if (word >= f->n || !is_wordy(w, word) || is_digit(w, word))
		return false;
	while (end < f->n && (is_wordy(w, end) || f->cp[end] == '-' || f->cp[end] == '_')) {
		letters |= !is_cjk(w, end);
		end++;
	}
	if (end < f->n && (f->cp[end] == '/' || f->cp[end] == '#' || f->cp[end] == '.'))
		return false;
	if (f->cp[mark] == '#')
		return end - word <= WORD_MAX;
	if (f->cp[mark] == '/' && end - word == 2 && f->cp[word] == 'm' && f->cp[word + 1] == 'e')
		return false;
	/* "/" and "!" begin other things too: a word close behind them, short or of letters. */
	return word == mark_at(f, mark) && (letters ? end - word <= WORD_MAX : end - word <= 4);
}

/* "desk: verb": without a mark only when nothing else can be meant. */
static bool
spoken_command(const struct work *w, const struct verb *v, size_t end)
{
	const struct folded *f = &w->whole;
	size_t i = skip_spaces(f, end), to = i;
	long long n = 0;

	if (i >= f->n)
		return true;
	if (v->takes_number && number_at(w, end, &n) != end)
		return true;
	if (is_wordy(w, end) && !is_digit(w, end))
		return false;	/* "议事厅，帮助我…" is a sentence */
	while (to < f->n && f->cp[to] != ' ')
		to++;
	return to == f->n && to - i <= TOKEN_MAX;
}

bool
command_read(struct work *w, const struct verb *verbs)
{
	const struct folded *f = &w->whole;
	size_t mark = w->start, word, end = 0;
	const struct verb *v;

	word = skip_spaces(f, mark_at(f, mark));
	v = longest_verb(w, verbs, word, &end);
	if (mark_at(f, mark) == mark) {
		if (v == NULL || !w->to_desk || !spoken_command(w, v, end))
			return false;
		take_command(w, v, end);
		return true;
	}
	if (v != NULL) {
		/* "! done" and "/ done" with a space are prose; "# done" is how some keyboards leave it. */
		if (f->cp[mark] != '#' && word != mark_at(f, mark) && !w->to_desk)
			return false;
		take_command(w, v, end);
		return true;
	}
	if (is_half(w, mark, word)) {
		take_half(w, word);
		return true;
	}
	return false;
}
