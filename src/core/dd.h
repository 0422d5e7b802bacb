/*
 * dd.h
 *		Double-double arithmetic: a number as the unevaluated sum hi + lo of two
 *		doubles, about 106 bits.
 *
 * For running moments that must hardly depend on the order of rows, even when
 * a large offset sits on a small variation.  Error-free sums and products are
 * those of Knuth and of Dekker (Numerische Mathematik 18, 1971).
 *
 * R-DD-1	|lo| is at most half a unit in the last place of hi.
 * R-DD-2	No fused multiply-add is used, so the bits are the same everywhere;
 *			the price is that factors must stay below 2^970 in magnitude.
 */
#ifndef JRN_DD_H
#define JRN_DD_H

typedef struct jrn_dd
{
	double		hi;
	double		lo;
} jrn_dd;

static inline jrn_dd
jrn_dd_from(double x)
{
	jrn_dd		value = {x, 0.0};

	return value;
}

/* a + b exactly, |a| >= |b| or a = 0. */
static inline jrn_dd
jrn_dd_quick_sum(double a, double b)
{
	jrn_dd		value;

	value.hi = a + b;
	value.lo = b - (value.hi - a);
	return value;
}

/* a + b exactly. */
static inline jrn_dd
jrn_dd_sum(double a, double b)
{
	jrn_dd		value;
	double		part;

	value.hi = a + b;
	part = value.hi - a;
	value.lo = (a - (value.hi - part)) + (b - part);
	return value;
}

/* a * b exactly, by splitting each factor into halves of 26 bits. */
static inline jrn_dd
jrn_dd_product(double a, double b)
{
	double		split_a = 134217729.0 * a;
	double		split_b = 134217729.0 * b;
	double		a_hi = split_a - (split_a - a);
	double		b_hi = split_b - (split_b - b);
	double		a_lo = a - a_hi;
	double		b_lo = b - b_hi;
	jrn_dd		value;

	value.hi = a * b;
	value.lo = ((a_hi * b_hi - value.hi) + a_hi * b_lo + a_lo * b_hi) + a_lo * b_lo;
	return value;
}

static inline jrn_dd
jrn_dd_add(jrn_dd a, jrn_dd b)
{
	jrn_dd		high = jrn_dd_sum(a.hi, b.hi);
	jrn_dd		low = jrn_dd_sum(a.lo, b.lo);

	high = jrn_dd_quick_sum(high.hi, high.lo + low.hi);
	return jrn_dd_quick_sum(high.hi, high.lo + low.lo);
}

static inline jrn_dd
jrn_dd_negate(jrn_dd a)
{
	jrn_dd		value = {-a.hi, -a.lo};

	return value;
}

static inline jrn_dd
jrn_dd_mul(jrn_dd a, jrn_dd b)
{
	jrn_dd		value = jrn_dd_product(a.hi, b.hi);

	return jrn_dd_quick_sum(value.hi, value.lo + (a.hi * b.lo + a.lo * b.hi));
}

/* a / b for a double b that is not 0. */
static inline jrn_dd
jrn_dd_div(jrn_dd a, double b)
{
	double		quotient = a.hi / b;
	jrn_dd		rest = jrn_dd_add(a, jrn_dd_negate(jrn_dd_product(quotient, b)));

	return jrn_dd_quick_sum(quotient, rest.hi / b);
}

#endif							/* JRN_DD_H */
