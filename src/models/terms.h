/*
 * terms.h
 *		Terms of a model as products of features: what a formula gives, what a
 *		design writes and what a prediction evaluates (pure core).
 *
 * R-TRM-1	A term is the product of its factors.  A factor is a number raised
 *			to a power, or a feature with levels as columns "is level l".
 *			Levels are taken without the first one, or all of them (full);
 *			the columns of a term are all products, the first factor fastest.
 * R-TRM-2	At most one column of a term differs from zero in a row: the one of
 *			the row's levels.  Its value is the product of the numbers, from
 *			left to right, powers by repeated multiplication.
 */
#ifndef JRN_TERMS_H
#define JRN_TERMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most factors of a term, and the highest power of a number. */
#define JRN_TERM_FACTORS 16
#define JRN_TERM_POWER 10

typedef struct jrn_factor
{
	int			feature;
	int			power;			/* of a number, from 1; levels: 1 */
	bool		levels;			/* columns per level; else a number */
	bool		full;			/* the first level has a column too */
	int			columns;		/* 1 for a number */
} jrn_factor;

typedef struct jrn_term
{
	int			count;
	jrn_factor	factor[JRN_TERM_FACTORS];
} jrn_term;

/* Columns of a term; SIZE_MAX when they are more than fit a size. */
static inline size_t
jrn_term_columns(const jrn_term *term)
{
	size_t		columns = 1;
	int			i;

	for (i = 0; i < term->count; i++)
	{
		size_t		more = (size_t) term->factor[i].columns;

		if (more == 0)
			return 0;
		columns = columns > (size_t) -1 / more ? (size_t) -1 : columns * more;
	}
	return columns;
}

static inline double
jrn_power(double x, int power)
{
	double		product = x;
	int			i;

	for (i = 1; i < power; i++)
		product *= x;
	return product;
}

/*
 * R-TRM-2 for one row, values[feature] being a number or the place of a level:
 * the place of the column that is not zero, -1 for none, and its value.
 */
static inline int
jrn_term_at(const jrn_term *term, const double *values, double *value)
{
	double		product = 1.0;
	uint64_t	place = 0;		/* wraps only where another factor has no column */
	uint64_t	stride = 1;
	bool		none = false;
	int			i;

	for (i = 0; i < term->count; i++)
	{
		const jrn_factor *factor = &term->factor[i];

		if (!factor->levels)
			product *= jrn_power(values[factor->feature], factor->power);
		else
		{
			int			level = (int) values[factor->feature] - (factor->full ? 0 : 1);

			if (level < 0)
				none = true;
			else
				place += (uint64_t) level * stride;
			stride *= (uint64_t) factor->columns;
		}
	}
	*value = product + 0.0;		/* no negative zero */
	return none ? -1 : (int) place;
}

#endif							/* JRN_TERMS_H */
