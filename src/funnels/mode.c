/*
 * mode.c
 *		The words for funnel modes (see funnel.h).
 */
#include "funnel.h"

#include <string.h>

static const struct
{
	const char *word;
	unsigned	mode;
}			words[] =
{
	{"ordered", JRN_FUNNEL_ORDERED},
	{"strict_order", JRN_FUNNEL_ORDER},
	{"strict_increase", JRN_FUNNEL_INCREASE},
	{"strict_once", JRN_FUNNEL_ONCE},
	{"strict_deduplication", JRN_FUNNEL_DEDUPLICATION},
	{"adjacent", JRN_FUNNEL_ADJACENT},
	{"no_skip", JRN_FUNNEL_NO_SKIP},
	{"any_order", JRN_FUNNEL_ANY_ORDER},
	{"allow_reentry", JRN_FUNNEL_REENTRY}
};

#define WORDS (sizeof(words) / sizeof(words[0]))

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The mode of a word; 0 when there is none among allowed. */
static unsigned
mode_of(const char *word, size_t size, unsigned allowed)
{
	size_t		i;

	for (i = 0; i < WORDS; i++)
		if (strlen(words[i].word) == size && memcmp(words[i].word, word, size) == 0)
			return words[i].mode & allowed;
	return 0;
}

static jrn_funnel_mode_fault
check_together(unsigned mode)
{
	if ((mode & JRN_FUNNEL_REENTRY) != 0 && (mode & JRN_FUNNEL_ORDER) == 0)
		return JRN_FUNNEL_MODE_NEEDS_ORDER;
	if ((mode & JRN_FUNNEL_ANY_ORDER) != 0 && mode != JRN_FUNNEL_ANY_ORDER)
		return JRN_FUNNEL_MODE_ALONE;
	return JRN_FUNNEL_MODE_OK;
}

jrn_funnel_mode_fault
jrn_funnel_mode_parse(const char *text, unsigned allowed, unsigned *mode, const char **word,
					  size_t *size)
{
	const char *at = text;

	*mode = 0;
	for (;;)
	{
		const char *end = at + strcspn(at, ",");
		const char *next = end;
		unsigned	found;

		while (at < end && is_blank(*at))
			at++;
		while (end > at && is_blank(end[-1]))
			end--;
		*word = at;
		*size = (size_t) (end - at);
		if (*size == 0)
			return JRN_FUNNEL_MODE_EMPTY;
		found = mode_of(at, *size, allowed);
		if (found == 0)
			return JRN_FUNNEL_MODE_UNKNOWN;
		*mode |= found;
		if (*next == '\0')
			break;
		at = next + 1;
	}
	*word = text;
	*size = strlen(text);
	return check_together(*mode);
}

void
jrn_funnel_mode_words(unsigned modes, char *out, size_t size)
{
	size_t		used = 0;
	size_t		i;

	if (size > 0)
		out[0] = '\0';
	for (i = 0; i < WORDS; i++)
	{
		size_t		length = strlen(words[i].word);

		if ((words[i].mode & modes) == 0 || used + length + 3 > size)
			continue;
		if (used > 0)
		{
			memcpy(out + used, ", ", 2);
			used += 2;
		}
		memcpy(out + used, words[i].word, length + 1);
		used += length;
	}
}
