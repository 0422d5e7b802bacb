/*
 * letters.c
 *		Parting, joining and measuring the characters of labels (see
 *		letters.h).
 */
#include "letters.h"

#define BROKEN 0xfffd

/* The most characters of one cluster. */
#define LONGEST_CLUSTER 32

/* ---- UTF-8 ---- */

/* Bytes of a sequence by its first byte; 0: none begins so. */
static size_t
sequence_length(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead >= 0xc2 && lead <= 0xdf)
		return 2;
	if (lead >= 0xe0 && lead <= 0xef)
		return 3;
	return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/* R-LET-1 */
uint32_t
jrn_letter_next(const char *bytes, size_t size, size_t *at)
{
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char lead = (unsigned char) bytes[*at];
	size_t		length = sequence_length(lead);
	uint32_t	code;
	size_t		i;

	if (length == 1 || length == 0 || length > size - *at)
	{
		(*at)++;
		return length == 1 ? lead : BROKEN;
	}
	code = lead & (0xffu >> (length + 1));
	for (i = 1; i < length; i++)
	{
		unsigned char c = (unsigned char) bytes[*at + i];

		if ((c & 0xc0) != 0x80)
		{
			(*at)++;
			return BROKEN;
		}
		code = (code << 6) | (c & 0x3f);
	}
	if (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
	{
		(*at)++;
		return BROKEN;
	}
	*at += length;
	return code;
}

bool
jrn_letter_turns(uint32_t code)
{
	return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/* ---- clusters ---- */

static bool
is_joiner(uint32_t code)
{
	return code == 0x200d;
}

/* Signs of Indic scripts that bind the next consonant (GB9c). */
static bool
is_virama(uint32_t code)
{
	return code == 0x94d || code == 0x9cd || code == 0xacd || code == 0xb4d || code == 0xc4d ||
		code == 0xd4d;
}

static bool
is_indic(uint32_t code)
{
	return code >= 0x900 && code <= 0xd7f;
}

static bool
is_regional(uint32_t code)
{
	return code >= 0x1f1e6 && code <= 0x1f1ff;
}

static bool
extends(uint32_t code)
{
	return jrn_letter_is_mark(code) || is_joiner(code) || code == 0x200c ||
		(code >= 0x1f3fb && code <= 0x1f3ff) ||		/* skin tones */
		(code >= 0xe0020 && code <= 0xe007f) ||	/* tags of flags */
		(code >= 0x1160 && code <= 0x11ff) || (code >= 0xd7b0 && code <= 0xd7ff);	/* jamo */
}

size_t
jrn_letters_cluster(const char *bytes, size_t size, size_t at)
{
	uint32_t	first;
	uint32_t	last;
	int			taken;

	if (at >= size)
		return size;
	first = last = jrn_letter_next(bytes, size, &at);
	for (taken = 1; at < size && taken < LONGEST_CLUSTER; taken++)
	{
		size_t		next = at;
		uint32_t	code = jrn_letter_next(bytes, size, &next);
		bool		bound = extends(code) || is_joiner(last) ||
			(is_virama(last) && is_indic(code)) ||
			(taken == 1 && is_regional(first) && is_regional(code));

		if (!bound)
			break;
		last = code;
		at = next;
	}
	return at;
}

/* ---- widths ---- */

static const uint16_t ascii_regular[95] = {
	318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636,
	636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 556, 1015, 684, 686, 722, 770, 667,
	611, 778, 752, 295, 500, 667, 557, 863, 748, 787, 667, 787, 722, 667, 611, 732, 684, 989, 685,
	667, 685, 390, 337, 390, 838, 556, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579,
	278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838
};

static const uint16_t ascii_bold[95] = {
	348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696,
	696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 611, 1000, 774, 762, 734, 830, 683,
	683, 821, 837, 372, 556, 775, 637, 995, 837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771,
	724, 725, 457, 365, 457, 838, 556, 500, 675, 716, 593, 716, 678, 435, 716, 712, 343, 343, 665,
	343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712, 365, 712, 838
};

typedef struct block_width
{
	uint32_t	last;			/* of the block, which begins behind the one before */
	uint16_t	width;
} block_width;

/*
 * Upper bounds by block, from DejaVu Sans Bold where it has the script.
 * U+FDFA to U+FDFD are whole sentences in one character, cuneiform signs and
 * long dashes are wide as well.
 */
static const block_width blocks[] = {
	{0x00a8, 800}, {0x00ae, 1010}, {0x00bb, 850}, {0x00be, 1040}, {0x00c5, 870}, {0x00c6, 1090},
	{0x00e5, 870}, {0x00e6, 1050}, {0x0125, 870}, {0x0126, 980}, {0x0148, 870}, {0x0149, 990},
	{0x0151, 870}, {0x0153, 1170}, {0x0173, 870}, {0x0175, 1110}, {0x017f, 870}, {0x01c3, 1010},
	{0x01cc, 1560}, {0x01f0, 1010}, {0x01f6, 1560}, {0x024f, 1010}, {0x02af, 1220}, {0x02ff, 700},
	{0x036f, 0}, {0x03ab, 1030}, {0x03ce, 900}, {0x03ff, 1100}, {0x0415, 1230}, {0x0416, 1230},
	{0x0427, 900}, {0x042f, 1330}, {0x0435, 800}, {0x0436, 1100}, {0x0447, 800}, {0x044b, 1140},
	{0x0450, 1010}, {0x052f, 1410}, {0x058f, 1000}, {0x0590, 1000}, {0x05c7, 0}, {0x05ff, 780},
	{0x060f, 1100}, {0x061a, 0}, {0x064a, 1100}, {0x065f, 0}, {0x08ff, 1100}, {0x10ff, 1300},
	{0x11ff, 1000}, {0x1aaf, 1300}, {0x1aff, 0}, {0x1dbf, 1300}, {0x1dff, 0}, {0x1eff, 1110},
	{0x1fff, 1100}, {0x200a, 1010}, {0x200f, 0}, {0x2027, 1010}, {0x202f, 500}, {0x2031, 1900},
	{0x205f, 1050}, {0x206f, 0}, {0x209f, 700}, {0x20ab, 1520}, {0x20ac, 720}, {0x20cf, 1300},
	{0x20ff, 0}, {0x218f, 1300}, {0x21ff, 1010}, {0x22ff, 1430}, {0x25ff, 1100}, {0x2bff, 1400},
	{0x2e39, 1300}, {0x2e3b, 3100}, {0x2e7f, 1300}, {0x9fff, 1000}, {0xa9c0, 1300}, {0xa9cf, 3100},
	{0xabff, 1300}, {0xd7af, 1000}, {0xf8ff, 1400}, {0xfaff, 1000}, {0xfdf9, 1400}, {0xfdff, 12000},
	{0xfe0f, 0}, {0xfe1f, 1000}, {0xfe2f, 0}, {0xfe6f, 1000}, {0xfefe, 1400}, {0xfeff, 0},
	{0xff60, 1000}, {0xffef, 1000}, {0xffff, 1050}, {0x11fff, 1500}, {0x1254f, 6000},
	{0x1f3fa, 1400}, {0x1f3ff, 1400}, {0x1ffff, 1400}, {0x3ffff, 1000}, {0xe01ef, 0}, {0x10ffff, 1400}
};

static uint16_t
letter_width(uint32_t code, bool bold)
{
	size_t		low = 0;
	size_t		high = sizeof(blocks) / sizeof(blocks[0]) - 1;

	if (code == '\t' || code == '\n' || code == '\r')
		code = ' ';
	if (code >= ' ' && code <= '~')
		return bold ? ascii_bold[code - ' '] : ascii_regular[code - ' '];
	if (jrn_letter_turns(code))
		return 0;
	if (code < 0xa0)
		return 1050;			/* drawn as U+FFFD */
	while (low < high)
	{
		size_t		middle = (low + high) / 2;

		if (blocks[middle].last < code)
			low = middle + 1;
		else
			high = middle;
	}
	return blocks[low].width;
}

static double
width_between(const char *bytes, size_t from, size_t to, bool bold)
{
	double		width = 0;

	while (from < to)
		width += letter_width(jrn_letter_next(bytes, to, &from), bold);
	return width;
}

double
jrn_letters_width(const char *bytes, size_t size, double font_size, bool bold)
{
	return width_between(bytes, 0, size, bold) * font_size / 1000.0;
}

static bool
is_blank(const char *bytes, size_t at, size_t next)
{
	return next == at + 1 && bytes[at] == ' ';
}

/* R-LET-2 */
size_t
jrn_letters_fit(const char *bytes, size_t size, double font_size, bool bold, double width, bool *cut)
{
	double		limit = width * 1000.0 / font_size;
	double		used = 0;
	size_t		kept = 0;
	size_t		at = 0;

	*cut = false;
	while (at < size)
	{
		size_t		next = jrn_letters_cluster(bytes, size, at);

		used += width_between(bytes, at, next, bold);
		if (used > limit)
		{
			*cut = true;
			return kept;
		}
		/* no blank before the ellipsis; one that a joiner binds is no blank */
		if (!is_blank(bytes, at, next) && used + letter_width(0x2026, bold) <= limit)
			kept = next;
		at = next;
	}
	return size;
}

/* Whether a line may break after a character. */
static bool
breaks_after(uint32_t code)
{
	return code == ' ' || code == '\t' || code == '\n' || code == '\r' || (code >= 0x2e80 && code <= 0x9fff) ||
		(code >= 0xac00 && code <= 0xd7a3);
}

size_t
jrn_letters_break(const char *bytes, size_t size, double font_size, bool bold, double width)
{
	double		limit = width * 1000.0 / font_size;
	double		used = 0;
	size_t		candidate = 0;
	size_t		at = 0;

	while (at < size)
	{
		size_t		next = jrn_letters_cluster(bytes, size, at);
		size_t		peek = at;
		uint32_t	code = jrn_letter_next(bytes, size, &peek);

		used += width_between(bytes, at, next, bold);
		if (used > limit && code != ' ')
			return candidate > 0 ? candidate : (at > 0 ? at : next);
		if (breaks_after(code))
			candidate = next;
		at = next;
	}
	return size;
}
