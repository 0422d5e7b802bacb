/*
 * figures.h
 *		Numbers as people read them in a report.
 *
 * R-FIG-1	number: four significant digits without trailing zeros, whole from
 *			10,000 on; thousands are set apart by commas; below 0.0001 and from
 *			1e15 on with an exponent.
 * R-FIG-2	count: whole, thousands set apart.  percent: of a share, one digit.
 *			signed: as number, with + or -, 0 without.
 * R-FIG-3	p: three digits; "< 0.001" and "> 0.999" beyond them: a p-value is
 *			never 0 and never 1.
 * R-FIG-4	ASCII only; no locale.
 * R-FIG-5	A figure and the ends of its interval have the same decimals: as many
 *			as show two digits of the width of the interval.
 */
#ifndef JRN_FIGURES_H
#define JRN_FIGURES_H

typedef enum jrn_figure_kind
{
	JRN_FIGURE_NUMBER,
	JRN_FIGURE_COUNT,
	JRN_FIGURE_PERCENT,
	JRN_FIGURE_SIGNED,
	JRN_FIGURE_P
} jrn_figure_kind;

#define JRN_FIGURE_SIZE 48

/* Writes the text of a number and its NUL; "nan" and "inf" have none but these. */
extern void jrn_figure(double value, jrn_figure_kind kind, char out[JRN_FIGURE_SIZE]);

/* The same for number and signed, with the decimals for an interval so wide. */
extern void jrn_figure_within(double value, double width, jrn_figure_kind kind, char out[JRN_FIGURE_SIZE]);

#endif							/* JRN_FIGURES_H */
