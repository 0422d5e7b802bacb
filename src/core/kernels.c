/*
 * kernels.c
 *		Block kernels in eight lanes (see kernels.h).
 *
 * The lanes are written with the compiler's vector type, which maps to two,
 * four or eight doubles a register as the processor has them.
 */
#include "kernels.h"

#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(JRN_NO_CLONES)
#define CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#define HALF_CLONES __attribute__((target_clones("avx2", "default")))
#define WIDE_TARGET __attribute__((target("avx512f")))
#else
#define CLONES
#define HALF_CLONES
#endif

#define INLINE static inline __attribute__((always_inline))

typedef double lanes __attribute__((vector_size(64), aligned(8), may_alias));
typedef int64_t ilanes __attribute__((vector_size(64), aligned(8), may_alias));

#define LOAD(p) (*(const lanes *) (p))
#define STORE(p, v) (*(lanes *) (p) = (v))

#define REDUCE(v) \
	((((v)[0] + (v)[4]) + ((v)[2] + (v)[6])) + (((v)[1] + (v)[5]) + ((v)[3] + (v)[7])))

/*
 * Cross-products in register tiles of 2 x 4 columns; the triangle's edge is
 * covered by tiles that reach over it and by single products.  The tile is
 * written twice: with all eight lanes in one vector for processors with 32
 * such registers, and half of the lanes after the other for those whose 16
 * registers would spill.  Lanes do not mix before REDUCE, so both give the
 * same bits.
 */
typedef double half __attribute__((vector_size(32), aligned(8), may_alias));

#define LOAD_HALF(p) (*(const half *) (p))
#define REDUCE_HALVES(low, high) \
	((((low)[0] + (high)[0]) + ((low)[2] + (high)[2])) + (((low)[1] + (high)[1]) + ((low)[3] + (high)[3])))

/* sums[2 x 4] of the tile a0, a1 x b0 ... b3 */
INLINE void
tile_whole(const double *a0, const double *a1, const double *b0, size_t stride, size_t padded,
		   double *sums)
{
	const double *b1 = b0 + stride;
	const double *b2 = b1 + stride;
	const double *b3 = b2 + stride;
	lanes		s00 = {0},
				s01 = {0},
				s02 = {0},
				s03 = {0};
	lanes		s10 = {0},
				s11 = {0},
				s12 = {0},
				s13 = {0};
	size_t		r;

	for (r = 0; r < padded; r += 8)
	{
		lanes		x0 = LOAD(a0 + r);
		lanes		x1 = LOAD(a1 + r);
		lanes		y0 = LOAD(b0 + r);
		lanes		y1 = LOAD(b1 + r);
		lanes		y2 = LOAD(b2 + r);
		lanes		y3 = LOAD(b3 + r);

		s00 += x0 * y0;
		s01 += x0 * y1;
		s02 += x0 * y2;
		s03 += x0 * y3;
		s10 += x1 * y0;
		s11 += x1 * y1;
		s12 += x1 * y2;
		s13 += x1 * y3;
	}
	sums[0] = REDUCE(s00);
	sums[1] = REDUCE(s01);
	sums[2] = REDUCE(s02);
	sums[3] = REDUCE(s03);
	sums[4] = REDUCE(s10);
	sums[5] = REDUCE(s11);
	sums[6] = REDUCE(s12);
	sums[7] = REDUCE(s13);
}

/* Half of the lanes of a tile, into sums[8] of four lanes. */
INLINE void
tile_half(const double *a0, const double *a1, const double *b0, size_t stride, size_t padded,
		  half *sums)
{
	const double *b1 = b0 + stride;
	const double *b2 = b1 + stride;
	const double *b3 = b2 + stride;
	half		s00 = {0},
				s01 = {0},
				s02 = {0},
				s03 = {0};
	half		s10 = {0},
				s11 = {0},
				s12 = {0},
				s13 = {0};
	size_t		r;

	for (r = 0; r < padded; r += 8)
	{
		half		x0 = LOAD_HALF(a0 + r);
		half		x1 = LOAD_HALF(a1 + r);
		half		y;

		y = LOAD_HALF(b0 + r);
		s00 += x0 * y;
		s10 += x1 * y;
		y = LOAD_HALF(b1 + r);
		s01 += x0 * y;
		s11 += x1 * y;
		y = LOAD_HALF(b2 + r);
		s02 += x0 * y;
		s12 += x1 * y;
		y = LOAD_HALF(b3 + r);
		s03 += x0 * y;
		s13 += x1 * y;
	}
	sums[0] = s00;
	sums[1] = s01;
	sums[2] = s02;
	sums[3] = s03;
	sums[4] = s10;
	sums[5] = s11;
	sums[6] = s12;
	sums[7] = s13;
}

INLINE void
tile_halves(const double *a0, const double *a1, const double *b0, size_t stride, size_t padded,
			double *sums)
{
	half		low[8];
	half		high[8];
	int			k;

	tile_half(a0, a1, b0, stride, padded, low);
	tile_half(a0 + 4, a1 + 4, b0 + 4, stride, padded, high);
	for (k = 0; k < 8; k++)
		sums[k] = REDUCE_HALVES(low[k], high[k]);
}

INLINE void
cross_products(const double *a, const double *b, size_t count, size_t rows, size_t stride,
			   double *out, int whole)
{
	size_t		padded = jrn_lanes(rows);
	size_t		i;

	for (i = 0; i < count; i += 2)
	{
		const double *a0 = a + i * stride;
		const double *a1 = i + 1 < count ? a0 + stride : a0;
		double	   *out0 = out + i * (i + 1) / 2;
		double	   *out1 = out + (i + 1) * (i + 2) / 2;
		double		sums[8];
		size_t		j;
		size_t		r;

		/* a tile may reach over the edge: what lies beyond it is forgotten */
		for (j = 0; j <= i + 1 && j + 4 <= count; j += 4)
		{
			if (whole)
				tile_whole(a0, a1, b + j * stride, stride, padded, sums);
			else
				tile_halves(a0, a1, b + j * stride, stride, padded, sums);
			for (r = 0; r < 4; r++)
			{
				if (j + r <= i)
					out0[j + r] += sums[r];
				if (j + r <= i + 1 && i + 1 < count)
					out1[j + r] += sums[4 + r];
			}
		}
		for (; j <= i + 1 && j < count; j++)
		{
			const double *b0 = b + j * stride;
			lanes		s0 = {0},
						s1 = {0};

			for (r = 0; r < padded; r += 8)
			{
				lanes		y = LOAD(b0 + r);

				s0 += LOAD(a0 + r) * y;
				s1 += LOAD(a1 + r) * y;
			}
			if (j <= i)
				out0[j] += REDUCE(s0);
			if (i + 1 < count)
				out1[j] += REDUCE(s1);
		}
	}
}

HALF_CLONES static void
cross_products_in_halves(const double *a, const double *b, size_t count, size_t rows, size_t stride,
						 double *out)
{
	cross_products(a, b, count, rows, stride, out, 0);
}

#ifdef WIDE_TARGET
WIDE_TARGET static void
cross_products_whole(const double *a, const double *b, size_t count, size_t rows, size_t stride,
					 double *out)
{
	cross_products(a, b, count, rows, stride, out, 1);
}
#endif

void
jrn_cross_products(const double *a, const double *b, size_t count,
				   size_t rows, size_t stride, double *out)
{
#ifdef WIDE_TARGET
	if (__builtin_cpu_supports("avx512f"))
	{
		cross_products_whole(a, b, count, rows, stride, out);
		return;
	}
#endif
	cross_products_in_halves(a, b, count, rows, stride, out);
}

CLONES void
jrn_column_dots(const double *columns, size_t count, size_t rows,
				size_t stride, const double *r, double *out)
{
	size_t		padded = jrn_lanes(rows);
	size_t		j;
	size_t		i;

	for (j = 0; j + 4 <= count; j += 4)
	{
		const double *c0 = columns + j * stride;
		const double *c1 = c0 + stride;
		const double *c2 = c1 + stride;
		const double *c3 = c2 + stride;
		lanes		s0 = {0},
					s1 = {0},
					s2 = {0},
					s3 = {0};

		for (i = 0; i < padded; i += 8)
		{
			lanes		y = LOAD(r + i);

			s0 += LOAD(c0 + i) * y;
			s1 += LOAD(c1 + i) * y;
			s2 += LOAD(c2 + i) * y;
			s3 += LOAD(c3 + i) * y;
		}
		out[j] = REDUCE(s0);
		out[j + 1] = REDUCE(s1);
		out[j + 2] = REDUCE(s2);
		out[j + 3] = REDUCE(s3);
	}
	for (; j < count; j++)
	{
		const double *c0 = columns + j * stride;
		lanes		s0 = {0};

		for (i = 0; i < padded; i += 8)
			s0 += LOAD(c0 + i) * LOAD(r + i);
		out[j] = REDUCE(s0);
	}
}

/* Two columns against four: the tiles of cross-products, without their edge. */
INLINE void
column_pairs(const double *a, size_t a_count, const double *b, size_t b_count, size_t rows,
			 size_t stride, double *out, int whole)
{
	size_t		padded = jrn_lanes(rows);
	size_t		i,
				j,
				r;

	for (i = 0; i < a_count; i += 2)
	{
		const double *a0 = a + i * stride;
		const double *a1 = i + 1 < a_count ? a0 + stride : a0;
		double		sums[8];

		for (j = 0; j + 4 <= b_count; j += 4)
		{
			if (whole)
				tile_whole(a0, a1, b + j * stride, stride, padded, sums);
			else
				tile_halves(a0, a1, b + j * stride, stride, padded, sums);
			for (r = 0; r < 4; r++)
			{
				out[(j + r) * a_count + i] = sums[r];
				if (i + 1 < a_count)
					out[(j + r) * a_count + i + 1] = sums[4 + r];
			}
		}
		for (; j < b_count; j++)
		{
			const double *b0 = b + j * stride;
			lanes		s0 = {0},
						s1 = {0};

			for (r = 0; r < padded; r += 8)
			{
				lanes		y = LOAD(b0 + r);

				s0 += LOAD(a0 + r) * y;
				s1 += LOAD(a1 + r) * y;
			}
			out[j * a_count + i] = REDUCE(s0);
			if (i + 1 < a_count)
				out[j * a_count + i + 1] = REDUCE(s1);
		}
	}
}

HALF_CLONES static void
column_pairs_in_halves(const double *a, size_t a_count, const double *b, size_t b_count, size_t rows,
					   size_t stride, double *out)
{
	column_pairs(a, a_count, b, b_count, rows, stride, out, 0);
}

#ifdef WIDE_TARGET
WIDE_TARGET static void
column_pairs_whole(const double *a, size_t a_count, const double *b, size_t b_count, size_t rows,
				   size_t stride, double *out)
{
	column_pairs(a, a_count, b, b_count, rows, stride, out, 1);
}
#endif

void
jrn_column_pairs(const double *a, size_t a_count, const double *b, size_t b_count, size_t rows,
				 size_t stride, double *out)
{
#ifdef WIDE_TARGET
	if (__builtin_cpu_supports("avx512f"))
	{
		column_pairs_whole(a, a_count, b, b_count, rows, stride, out);
		return;
	}
#endif
	column_pairs_in_halves(a, a_count, b, b_count, rows, stride, out);
}

CLONES void
jrn_column_products(const double *columns, size_t count, size_t rows,
					size_t stride, const double *r, double *out)
{
	size_t		padded = jrn_lanes(rows);
	size_t		j;
	size_t		i;

	for (j = 0; j < count; j++)
		for (i = 0; i < padded; i += 8)
			STORE(out + j * stride + i, LOAD(columns + j * stride + i) * LOAD(r + i));
}

CLONES void
jrn_standard_column(const double *x, size_t rows, double origin, double relative, double inverse,
					double *z)
{
	size_t		padded = jrn_lanes(rows);
	size_t		i;

	for (i = 0; i < padded; i += 8)
		STORE(z + i, ((LOAD(x + i) - origin) - relative) * inverse);
	for (i = rows; i < padded; i++)
		z[i] = 0.0;
}

CLONES double
jrn_column_dot(const double *a, const double *b, size_t rows)
{
	size_t		padded = jrn_lanes(rows);
	lanes		sum = {0};
	size_t		i;

	for (i = 0; i < padded; i += 8)
		sum += LOAD(a + i) * LOAD(b + i);
	return REDUCE(sum);
}

CLONES double
jrn_column_sum(const double *column, size_t rows)
{
	size_t		whole = rows & ~(size_t) 7;
	double		tail[8] = {0};
	lanes		sum = {0};
	size_t		i;

	for (i = 0; i < whole; i += 8)
		sum += LOAD(column + i);
	memcpy(tail, column + whole, (rows - whole) * sizeof(double));
	sum += LOAD(tail);
	return REDUCE(sum);
}

CLONES void
jrn_linear_predictor(const double *columns, size_t count, size_t rows,
					 size_t stride, const double *beta, double *eta)
{
	size_t		padded = jrn_lanes(rows);
	size_t		j;
	size_t		i;

	for (j = 0; j + 4 <= count; j += 4)
	{
		const double *c0 = columns + j * stride;
		const double *c1 = c0 + stride;
		const double *c2 = c1 + stride;
		const double *c3 = c2 + stride;

		for (i = 0; i < padded; i += 8)
		{
			lanes		e = LOAD(eta + i);

			e += LOAD(c0 + i) * beta[j];
			e += LOAD(c1 + i) * beta[j + 1];
			e += LOAD(c2 + i) * beta[j + 2];
			e += LOAD(c3 + i) * beta[j + 3];
			STORE(eta + i, e);
		}
	}
	for (; j < count; j++)
	{
		const double *c0 = columns + j * stride;

		for (i = 0; i < padded; i += 8)
			STORE(eta + i, LOAD(eta + i) + LOAD(c0 + i) * beta[j]);
	}
}

/* Four outputs of four rows, or of fewer outputs that are told again. */
INLINE void
predict_half(const double *columns, size_t count, size_t stride, const double *const *b, half *e)
{
	const double *b0 = b[0];
	const double *b1 = b[1];
	const double *b2 = b[2];
	const double *b3 = b[3];
	half		e0 = {0},
				e1 = {0},
				e2 = {0},
				e3 = {0};
	size_t		c;

	for (c = 0; c < count; c++)
	{
		half		z = LOAD_HALF(columns + c * stride);

		e0 += z * b0[c];
		e1 += z * b1[c];
		e2 += z * b2[c];
		e3 += z * b3[c];
	}
	e[0] = e0;
	e[1] = e1;
	e[2] = e2;
	e[3] = e3;
}

HALF_CLONES void
jrn_linear_predictors(const double *columns, size_t count, size_t rows, size_t stride,
					  const double *const *beta, size_t outputs, double *eta)
{
	size_t		padded = jrn_lanes(rows);
	size_t		j,
				i,
				k;

	for (j = 0; j < outputs; j += 4)
	{
		size_t		left = outputs - j < 4 ? outputs - j : 4;
		const double *b[4];

		for (k = 0; k < 4; k++)
			b[k] = beta[j + (k < left ? k : 0)];
		for (i = 0; i < padded; i += 4)
		{
			half		e[4];

			predict_half(columns + i, count, stride, b, e);
			for (k = 0; k < left; k++)
				*(half *) (eta + (j + k) * stride + i) = e[k];
		}
	}
}

/* 1/k! for k = 13 .. 0: exp on |x| <= ln(2)/2 to below half a unit. */
static const double exp_terms[14] = {
	1.6059043836821614599e-10, 2.0876756987868098979e-9, 2.5052108385441718775e-8,
	2.7557319223985890653e-7, 2.7557319223985892511e-6, 2.4801587301587301566e-5,
	1.9841269841269841253e-4, 1.3888888888888888889e-3, 8.3333333333333333333e-3,
	4.1666666666666666667e-2, 1.6666666666666666667e-1, 0.5, 1.0, 1.0
};

#define ROUND_MAGIC 6755399441055744.0	/* 1.5 * 2^52 */
#define LOG2_OF_E 1.4426950408889634074
#define LN2_HIGH 0.693147180369123816490
#define LN2_LOW 1.90821492927058770002e-10
#define MOST_EXPONENT 708.0		/* exp of it, and of its negative, are normal numbers */

/* a where the mask is set, b elsewhere */
#define CHOOSE(mask, a, b) ((lanes) (((ilanes) (a) & (mask)) | ((ilanes) (b) & ~(mask))))

/* exp(x) for |x| <= MOST_EXPONENT. */
INLINE lanes
exp_lanes(lanes x)
{
	lanes		n = x * LOG2_OF_E + ROUND_MAGIC;
	lanes		p = n - ROUND_MAGIC;
	lanes		r = (x - p * LN2_HIGH) - p * LN2_LOW;
	lanes		e = r * exp_terms[0] + exp_terms[1];
	int			k;

	for (k = 2; k < 14; k++)
		e = e * r + exp_terms[k];
	/* times 2^n: add n to the exponent, n is in the low bits of the sum */
	return (lanes) ((ilanes) e + ((ilanes) n << 52));
}

/*
 * ln(x) for normal x > 0: x = 2^e m with m in [1/sqrt 2, sqrt 2), ln m = 2
 * atanh((m - 1)/(m + 1)) by its odd series.
 */
INLINE lanes
log_lanes(lanes x)
{
	ilanes		bits = (ilanes) x;
	ilanes		high;
	lanes		e = (lanes) ((bits >> 52) | 0x4330000000000000) - (4503599627370496.0 + 1023.0);
	lanes		m = (lanes) ((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000);
	lanes		s,
				q,
				sum;
	int			k;

	high = (ilanes) (m > 1.4142135623730950488);
	m = CHOOSE(high, m * 0.5, m);
	e = CHOOSE(high, e + 1.0, e);
	s = (m - 1.0) / (m + 1.0);
	q = s * s;
	sum = q * (1.0 / 23.0) + 1.0 / 21.0;
	for (k = 19; k >= 3; k -= 2)
		sum = sum * q + 1.0 / (double) k;
	return e * LN2_HIGH + (e * LN2_LOW + (2.0 * s + 2.0 * s * (q * sum)));
}

/*
 * a ln(a/m) + m - a for a >= 0, m > 0: near a = m by the series in s = (a -
 * m)/(a + m), which does not cancel (Loader 2000); a = 0 gives m.
 */
INLINE lanes
deviance_lanes(lanes a, lanes m, lanes log_m)
{
	ilanes		none = (ilanes) (a < 2.3e-308);
	lanes		safe = CHOOSE(none, m, a);
	lanes		s = (safe - m) / (safe + m);
	lanes		q = s * s;
	ilanes		near = (ilanes) (q < 0.01);
	lanes		close = q * (1.0 / 19.0) + 1.0 / 17.0;
	lanes		far;
	int			k;

	for (k = 15; k >= 3; k -= 2)
		close = close * q + 1.0 / (double) k;
	close = (safe - m) * s + 2.0 * safe * s * (q * close);
	far = safe * (log_lanes(safe) - log_m) + (m - safe);
	return CHOOSE(none, m, CHOOSE(near, close, far));
}

/*
 * mu and loss by the sign of eta: with e = exp(-|eta|) in (0, 1],
 * mu = 1/(1+e) or e/(1+e), loss = log1p(e) + max(eta, 0) - y eta.
 * log1p(e) = 2 atanh(s), s = e/(2+e) <= 1/3, by its odd series.
 */
CLONES void
jrn_logistic_rows(const double *eta, const double *y, size_t rows,
				  double *mu, double *loss)
{
	size_t		padded = jrn_lanes(rows);
	size_t		i;
	int			k;

	for (i = 0; i < padded; i += 8)
	{
		lanes		t = LOAD(eta + i);
		ilanes		negative = (ilanes) (t < 0.0);
		lanes		x = (lanes) (((ilanes) t & ~negative) | ((ilanes) (-t) & negative));
		lanes		positive = (lanes) ((ilanes) t & ~negative);
		ilanes		large = (ilanes) (x > MOST_EXPONENT);
		lanes		e,
					inverse;

		x = (lanes) (((ilanes) x & ~large) | ((ilanes) (x - x + MOST_EXPONENT) & large));
		e = exp_lanes(-x);
		inverse = 1.0 / (1.0 + e);
		if (mu != NULL)
		{
			lanes		small = e * inverse;

			STORE(mu + i, (lanes) (((ilanes) inverse & ~negative) | ((ilanes) small & negative)));
		}
		if (loss != NULL)
		{
			lanes		s = e / (2.0 + e);
			lanes		q = s * s;
			lanes		sum = q * (1.0 / 35.0) + 1.0 / 33.0;

			for (k = 31; k >= 1; k -= 2)
				sum = sum * q + 1.0 / (double) k;
			STORE(loss + i, 2.0 * s * sum + (positive - LOAD(y + i) * t));
		}
	}
}

/* Beyond it a probability is 0 to any use; sums of as many stay finite. */
#define MOST_SOFTMAX 600.0

/* eta within the range of exp_lanes. */
INLINE lanes
bounded(lanes t)
{
	lanes		limit = t - t + MOST_EXPONENT;

	t = CHOOSE((ilanes) (t > MOST_EXPONENT), limit, t);
	return CHOOSE((ilanes) (t < -MOST_EXPONENT), -limit, t);
}

CLONES void
jrn_poisson_rows(const double *eta, const double *y, size_t rows, double *mu, double *loss)
{
	size_t		padded = jrn_lanes(rows);
	size_t		i;

	for (i = 0; i < padded; i += 8)
	{
		lanes		t = bounded(LOAD(eta + i));
		lanes		m = exp_lanes(t);

		STORE(mu + i, m);
		if (loss != NULL)
			STORE(loss + i, 2.0 * deviance_lanes(LOAD(y + i), m, t));
	}
}

CLONES void
jrn_negbin_rows(const double *eta, const double *y, size_t rows, double shape, double *mu,
				double *loss)
{
	size_t		padded = jrn_lanes(rows);
	size_t		i;

	for (i = 0; i < padded; i += 8)
	{
		lanes		t = bounded(LOAD(eta + i));
		lanes		m = exp_lanes(t);

		STORE(mu + i, m);
		if (loss != NULL)
		{
			lanes		a = LOAD(y + i);
			lanes		b = a + shape;
			lanes		both = m + shape;
			lanes		log_both = log_lanes(both);
			ilanes		none = (ilanes) (a < 2.3e-308);
			/* far above y the two deviances are both about mu: logarithms instead */
			ilanes		far = (ilanes) (m > 2.0 * b);
			lanes		near = deviance_lanes(a, m, t) - deviance_lanes(b, both, log_both);
			lanes		first = a * (log_lanes(CHOOSE(none, m, a)) - t);

			STORE(loss + i, 2.0 * CHOOSE(far, first - b * (log_lanes(b) - log_both), near));
		}
	}
}

/* The first predictor is the reference, so its exponential is 1. */
CLONES void
jrn_softmax_rows(double *columns, size_t count, size_t rows, size_t stride, double *log_sum)
{
	size_t		padded = jrn_lanes(rows);
	size_t		i,
				j;

	for (i = 0; i < padded; i += 8)
	{
		lanes		first = LOAD(columns + i);
		lanes		sum = first - first + 1.0;
		lanes		inverse;

		for (j = 1; j < count; j++)
		{
			lanes		t = LOAD(columns + j * stride + i) - first;
			lanes		limit = t - t + MOST_SOFTMAX;

			t = CHOOSE((ilanes) (t > MOST_SOFTMAX), limit, t);
			t = exp_lanes(CHOOSE((ilanes) (t < -MOST_SOFTMAX), -limit, t));
			sum += t;
			STORE(columns + j * stride + i, t);
		}
		if (log_sum != NULL)
			STORE(log_sum + i, first + log_lanes(sum));
		inverse = 1.0 / sum;
		STORE(columns + i, inverse);
		for (j = 1; j < count; j++)
			STORE(columns + j * stride + i, LOAD(columns + j * stride + i) * inverse);
	}
}

CLONES void
jrn_log_rows(const double *x, size_t rows, double *out)
{
	const size_t padded = jrn_lanes(rows);
	size_t		i;

	for (i = 0; i < padded; i += 8)
		STORE(out + i, log_lanes(LOAD(x + i)));
}

/*
 * Written in halves of four rows: sixteen registers hold them, but not whole
 * lanes.
 */
typedef int64_t ihalf __attribute__((vector_size(32), aligned(8), may_alias));

#define STORE_HALF(p, v) (*(half *) (p) = (v))
#define CHOOSE_HALF(mask, a, b) \
	((half) (((ihalf) (a) & (ihalf) (mask)) | ((ihalf) (b) & ~(ihalf) (mask))))

/* exp(x) for |x| <= 1/4 by its series, below 1e-11 off. */
INLINE half
near_exp(half x)
{
	half		e = x * (1.0 / 40320.0) + 1.0 / 5040.0;

	e = e * x + 1.0 / 720.0;
	e = e * x + 1.0 / 120.0;
	e = e * x + 1.0 / 24.0;
	e = e * x + 1.0 / 6.0;
	e = e * x + 0.5;
	e = e * x + 1.0;
	return e * x + 1.0;
}

/* The shift of every strategy's predictor; returns the largest there is. */
HALF_CLONES static double
softmax_shifts(const double *contrast, size_t count, size_t parts, const double *columns,
			   size_t padded, size_t stride, double *shift)
{
	half		most = {0};
	double		largest = 0.0;
	size_t		i,
				j,
				d;

	for (j = 0; j < count; j++)
		for (i = 0; i < padded; i += 4)
		{
			half		t = {0};
			half		size;

			for (d = 0; d < parts; d++)
				t += LOAD_HALF(columns + d * stride + i) * contrast[j * parts + d];
			size = CHOOSE_HALF(t < 0.0, -t, t);
			most = CHOOSE_HALF(size > most, size, most);
			STORE_HALF(shift + j * stride + i, t);
		}
	for (i = 0; i < 4; i++)
		if (most[i] > largest)
			largest = most[i];
	return largest;
}

/* Probabilities before they are divided by their sum, for small shifts. */
HALF_CLONES static void
moved_near(const double *base, size_t count, size_t padded, size_t stride, double *shift)
{
	size_t		i;

	for (i = 0; i < count; i++, base += stride, shift += stride)
	{
		size_t		r;

		for (r = 0; r < padded; r += 4)
			STORE_HALF(shift + r, LOAD_HALF(base + r) * near_exp(LOAD_HALF(shift + r)));
	}
}

CLONES static void
moved_far(const double *base, size_t count, size_t padded, size_t stride, double *shift)
{
	size_t		i;

	for (i = 0; i < count; i++, base += stride, shift += stride)
	{
		size_t		r;

		for (r = 0; r < padded; r += 8)
			STORE(shift + r, LOAD(base + r) * exp_lanes(bounded(LOAD(shift + r))));
	}
}

HALF_CLONES static void
moved_residuals(const double *contrast, size_t count, size_t parts, const double *taken, size_t padded,
				size_t stride, double *columns, const double *p)
{
	size_t		i,
				j,
				d;

	for (i = 0; i < padded; i += 4)
	{
		half		sum = {0};
		half		inverse;

		for (j = 0; j < count; j++)
			sum += LOAD_HALF(p + j * stride + i);
		inverse = 1.0 / sum;
		for (d = 0; d < parts; d++)
		{
			half		mean = {0};

			for (j = 0; j < count; j++)
				mean += LOAD_HALF(p + j * stride + i) * contrast[j * parts + d];
			STORE_HALF(columns + d * stride + i, LOAD_HALF(taken + d * stride + i) - mean * inverse);
		}
	}
}

void
jrn_softmax_residuals(const double *base, const double *contrast, size_t count, size_t parts,
					  const double *taken, size_t rows, size_t stride, double *columns,
					  double *shift)
{
	size_t		padded = jrn_lanes(rows);
	size_t		i,
				d;

	if (softmax_shifts(contrast, count, parts, columns, padded, stride, shift) <= 0.25)
		moved_near(base, count, padded, stride, shift);
	else
		moved_far(base, count, padded, stride, shift);
	moved_residuals(contrast, count, parts, taken, padded, stride, columns, shift);
	for (d = 0; d < parts; d++)
		for (i = rows; i < padded; i++)
			columns[d * stride + i] = 0.0;
}
