/*
 * letters.h
 *		Characters of a label: how UTF-8 parts into them, which belong
 *		together, and how wide they may get.
 *
 * Definitions: UTF-8 after RFC 3629; what belongs together after the extended
 * grapheme clusters of Unicode UAX #29, of which marks, joiners, variation
 * selectors, skin tones, tags, pairs of regional indicators, Hangul jamo and
 * consonants after a virama are kept.
 * Widths: advance widths in thousandths of the font size.  The font of a
 * reader is not known, so for ASCII the larger of Helvetica (which Arial
 * follows) and DejaVu Sans (about as wide as Verdana, the widest of the usual
 * fonts) is taken, each in regular and bold; other scripts get an upper bound
 * by block.
 *
 * R-LET-1	Bytes that are no UTF-8 are U+FFFD, one for each wrong byte; no
 *			byte beyond size is read.
 * R-LET-2	A label is cut between clusters only, and the ellipsis is part of
 *			the width it must keep.
 * R-LET-3	A width is an upper bound for fonts no wider than those above.
 */
#ifndef JRN_LETTERS_H
#define JRN_LETTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The character at *at, which moves behind it; *at < size. */
extern uint32_t jrn_letter_next(const char *bytes, size_t size, size_t *at);

/* Whether a character only turns the direction of writing (see markup.h). */
extern bool jrn_letter_turns(uint32_t code);

/* Whether a character stands on the one before it (letter_marks.c). */
extern bool jrn_letter_is_mark(uint32_t code);

/* Where the cluster ends that begins at `at`. */
extern size_t jrn_letters_cluster(const char *bytes, size_t size, size_t at);

/* Width of a text in a font of this size. */
extern double jrn_letters_width(const char *bytes, size_t size, double font_size, bool bold);

/*
 * How many bytes of a text fit into a width.  *cut: not all, and the room of
 * an ellipsis is kept.
 */
extern size_t jrn_letters_fit(const char *bytes, size_t size, double font_size, bool bold,
							  double width, bool *cut);

/*
 * Where a line breaks that may be so wide: after the last blank, between
 * characters of Chinese and Japanese, else where the width ends.  At least
 * one cluster goes onto a line.
 */
extern size_t jrn_letters_break(const char *bytes, size_t size, double font_size, bool bold,
								double width);

#endif							/* JRN_LETTERS_H */
