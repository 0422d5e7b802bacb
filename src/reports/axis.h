/*
 * axis.h
 *		Axes with round ticks, and numbers and dates as a reader writes them.
 *
 * R-AXI-1	Ticks are whole multiples of 1, 2 or 5 times a power of ten; their
 *			labels are written from these whole numbers, so there is no noise
 *			of floating point and no -0.
 * R-AXI-2	Time ticks are the starts of hours, days, Mondays, months or years
 *			in UTC.
 * R-AXI-3	A label that would touch another one is left out; its grid line
 *			stays.
 * R-AXI-4	Any pair of finite numbers gives an axis; equal ones, or none, get
 *			room around them.
 * Numbers have a comma between thousands and a minus sign (U+2212).
 */
#ifndef JRN_AXIS_H
#define JRN_AXIS_H

#include "svg.h"

typedef enum jrn_format
{
	JRN_PLAIN,
	JRN_PERCENT					/* 0.05 is 5 % */
} jrn_format;

/* Bytes that hold any number, with its end. */
#define JRN_NUMBER_SIZE 48

/* A number with so many decimals (of what is shown: percents for 5 %). */
extern const char *jrn_number_text(char out[JRN_NUMBER_SIZE], double value, int decimals,
								   jrn_format format);

/* Decimals that show about three digits of the larger of two numbers, at most 6. */
extern int	jrn_number_decimals(double a, double b, jrn_format format);

typedef struct jrn_axis
{
	double		low;			/* of the values */
	double		high;
	double		from;			/* pixel of low */
	double		to;				/* pixel of high */
	double		step;
	int64_t		first;			/* tick i is at (first + i) * step */
	int			count;
	int			mantissa;		/* step = mantissa * 10^exponent */
	int			exponent;
	jrn_format	format;
} jrn_axis;

/*
 * An axis over [low, high] with about `wanted` ticks (at most one more).
 * widen: both ends become ticks.  Set from and to before drawing.
 */
extern void jrn_axis_init(jrn_axis *axis, double low, double high, int wanted, bool widen,
						  jrn_format format);

/* Pixel of a value. */
extern double jrn_axis_at(const jrn_axis *axis, double value);
extern double jrn_axis_tick(const jrn_axis *axis, int i);
extern const char *jrn_axis_label(const jrn_axis *axis, int i, char out[JRN_NUMBER_SIZE]);

/* Width of the widest label. */
extern double jrn_axis_label_width(const jrn_axis *axis);

/* Grid lines from top to bottom with labels below; gives the y below them. */
extern double jrn_axis_draw_below(jrn_svg *s, const jrn_axis *axis, double top, double bottom);

/* Grid lines from left to right with labels at the left of them. */
extern void jrn_axis_draw_left(jrn_svg *s, const jrn_axis *axis, double left, double right);

/* ---- time ---- */

typedef struct jrn_date
{
	int64_t		year;
	int			month;			/* 1 to 12 */
	int			day;
	int			hour;
	int			minute;
	int			second;
} jrn_date;

/* Microseconds since 2000-01-01 0:00 UTC, as in the server, to a date and back. */
extern jrn_date jrn_date_of(int64_t time);
extern int64_t jrn_time_of(int64_t year, int month, int day);

/* 2024-03-01, or with clock 2024-03-01 14:05. */
extern const char *jrn_date_text(char out[JRN_NUMBER_SIZE], int64_t time, bool clock);

typedef struct jrn_time_axis
{
	int64_t		low;
	int64_t		high;
	double		from;
	double		to;
} jrn_time_axis;

extern double jrn_time_at(const jrn_time_axis *axis, int64_t time);

/* Grid lines with two lines of labels below; gives the y below them. */
extern double jrn_time_axis_draw(jrn_svg *s, const jrn_time_axis *axis, double top, double bottom);

#endif							/* JRN_AXIS_H */
