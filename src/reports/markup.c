/*
 * markup.c
 *		Escaped text and plain numbers in a growing buffer (see markup.h).
 */
#include "markup.h"

#include <math.h>
#include <string.h>

#include "../core/sizes.h"
#include "letters.h"

/* The longest result: what a text of the server can hold, and less. */
#define LARGEST ((size_t) 512 << 20)

/* Calls between two looks at the wish to stop. */
#define STEPS_PER_TICK 256

void
jrn_markup_begin(jrn_markup *m, const jrn_env *env, bool ascii)
{
	memset(m, 0, sizeof(*m));
	m->env = env;
	m->ascii = ascii;
}

/* Room for so many bytes more. */
static bool
has_room(jrn_markup *m, size_t size)
{
	size_t		wanted;
	size_t		capacity = m->capacity < 1024 ? 1024 : m->capacity;
	char	   *grown;

	if (m->status != JRN_OK)
		return false;
	if (++m->steps % STEPS_PER_TICK == 0 && m->env->tick(m->env->host) != 0)
	{
		m->status = JRN_CANCELLED;
		return false;
	}
	if (!jrn_size_add(m->used, size, &wanted) || wanted > LARGEST)
	{
		m->status = JRN_LIMIT;
		return false;
	}
	if (wanted <= m->capacity)
		return true;
	while (capacity < wanted)
		capacity *= 2;
	m->status = jrn_alloc_array(m->env, capacity, 1, &grown);
	if (m->status != JRN_OK)
		return false;
	if (m->used > 0)
		memcpy(grown, m->bytes, m->used);
	jrn_release(m->env, m->bytes);
	m->bytes = grown;
	m->capacity = capacity;
	return true;
}

void
jrn_markup_bytes(jrn_markup *m, const char *bytes, size_t size)
{
	if (!has_room(m, size) || size == 0)
		return;
	memcpy(m->bytes + m->used, bytes, size);
	m->used += size;
}

void
jrn_markup_raw(jrn_markup *m, const char *markup)
{
	jrn_markup_bytes(m, markup, strlen(markup));
}

/* A whole number in decimal digits. */
static void
write_digits(jrn_markup *m, uint64_t value)
{
	char		digits[20];
	size_t		at = sizeof(digits);

	do
		digits[--at] = (char) ('0' + value % 10);
	while ((value /= 10) > 0);
	jrn_markup_bytes(m, digits + at, sizeof(digits) - at);
}

static void
write_reference(jrn_markup *m, uint32_t code)
{
	jrn_markup_raw(m, "&#");
	write_digits(m, code);
	jrn_markup_raw(m, ";");
}

/* What stands for a character in markup; NULL: itself. */
static const char *
stand_in(uint32_t code)
{
	switch (code)
	{
		case '&':
			return "&amp;";
		case '<':
			return "&lt;";
		case '>':
			return "&gt;";
		case '"':
			return "&quot;";
		case '\'':
			return "&#39;";
		case '\t':
		case '\n':
		case '\r':
		case 0x85:
		case 0x2028:
		case 0x2029:
			return " ";
		default:
			break;
	}
	if (jrn_letter_turns(code))
		return "";
	return NULL;
}

/* R-MKP-1 to R-MKP-4 */
void
jrn_markup_text(jrn_markup *m, const char *bytes, size_t size)
{
	size_t		at = 0;

	while (at < size && m->status == JRN_OK)
	{
		size_t		from = at;
		uint32_t	code = jrn_letter_next(bytes, size, &at);
		const char *other = stand_in(code);

		if (other != NULL)
			jrn_markup_raw(m, other);
		else if (code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0xfffd ||
				 code == 0xfffe || code == 0xffff)
			jrn_markup_raw(m, m->ascii ? "&#65533;" : "\xef\xbf\xbd");
		else if (m->ascii && code >= 0x80)
			write_reference(m, code);
		else
			jrn_markup_bytes(m, bytes + from, at - from);
	}
}

/* R-MKP-5 */
void
jrn_markup_number(jrn_markup *m, double value)
{
	double		hundredths;
	uint64_t	whole;
	char		part[3];

	if (m->status != JRN_OK)
		return;
	hundredths = floor(fabs(value) * 100.0 + 0.5);
	if (!(hundredths <= 1e15))
	{
		m->status = JRN_NONFINITE;
		return;
	}
	whole = (uint64_t) hundredths;
	if (value < 0 && whole > 0)
		jrn_markup_raw(m, "-");
	write_digits(m, whole / 100);
	if (whole % 100 == 0)
		return;
	part[0] = '.';
	part[1] = (char) ('0' + whole % 100 / 10);
	part[2] = (char) ('0' + whole % 10);
	jrn_markup_bytes(m, part, whole % 10 == 0 ? 2 : 3);
}

void
jrn_markup_attribute(jrn_markup *m, const char *name, double value)
{
	jrn_markup_raw(m, " ");
	jrn_markup_raw(m, name);
	jrn_markup_raw(m, "=\"");
	jrn_markup_number(m, value);
	jrn_markup_raw(m, "\"");
}
