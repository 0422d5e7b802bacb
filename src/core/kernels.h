/*
 * kernels.h
 *		The hot loops over blocks of columns: cross-products, linear
 *		predictors, gradients, logistic losses.
 *
 * R-KER-1	Every sum runs in eight lanes, row r in lane r mod 8, reduced as
 *			((0+4)+(2+6)) + ((1+5)+(3+7)).  Built without contraction, so the
 *			bits are the same on every processor; the clones for wider vector
 *			units only do the same additions faster.
 * R-KER-2	A column is an array of `stride` doubles of which the first `rows`
 *			count; rows up to the next multiple of 8 must be readable, and
 *			hold zeros in at least one factor of every product.
 * R-KER-3	exp, log and log1p are our own (argument reduction and a polynomial, a
 *			few units in the last place), because the C library's differ from
 *			machine to machine.
 */
#ifndef JRN_KERNELS_H
#define JRN_KERNELS_H

#include <stddef.h>

/* Rows of a full block; a multiple of 8. */
#define JRN_BLOCK_ROWS 256

/* rows rounded up to whole lanes */
static inline size_t
jrn_lanes(size_t rows)
{
	return (rows + 7) & ~(size_t) 7;
}

/*
 * out[i * (i + 1) / 2 + j] += sum over rows of a_i b_j, for j <= i < count.
 * a and b are count columns of stride doubles; they may be the same.
 */
extern void jrn_cross_products(const double *a, const double *b, size_t count,
							   size_t rows, size_t stride, double *out);

/* out[j] = sum over rows of column j times r, j < count. */
extern void jrn_column_dots(const double *columns, size_t count, size_t rows,
							size_t stride, const double *r, double *out);

/*
 * out[j * a_count + i] = sum over rows of a_i b_j: all of a_count columns
 * against all of b_count.
 */
extern void jrn_column_pairs(const double *a, size_t a_count, const double *b, size_t b_count,
							 size_t rows, size_t stride, double *out);

/* sum of one column */
extern double jrn_column_sum(const double *column, size_t rows);

/* sum of a times b */
extern double jrn_column_dot(const double *a, const double *b, size_t rows);

/* out = column j times r, for every j < count; whole lanes. */
extern void jrn_column_products(const double *columns, size_t count, size_t rows,
								size_t stride, const double *r, double *out);

/* z = ((x - origin) - relative) * inverse; 0 from `rows` up to whole lanes. */
extern void jrn_standard_column(const double *x, size_t rows, double origin, double relative,
								double inverse, double *z);

/* eta += sum over j of beta[j] column j; eta has stride doubles. */
extern void jrn_linear_predictor(const double *columns, size_t count, size_t rows,
								 size_t stride, const double *beta, double *eta);

/*
 * Column k of eta = sum over j of beta[k][j] column j, k < outputs: the same
 * bits as jrn_linear_predictor from 0, columns read once for four outputs.
 */
extern void jrn_linear_predictors(const double *columns, size_t count, size_t rows, size_t stride,
								  const double *const *beta, size_t outputs, double *eta);

/*
 * For logistic regression with outcome y in {0, 1}, linear predictor eta:
 * mu the probability, loss = -log likelihood of the row.  Either output may
 * be NULL.  No overflow for any finite eta.
 */
extern void jrn_logistic_rows(const double *eta, const double *y, size_t rows,
							  double *mu, double *loss);

/*
 * Softmax of count columns of linear predictors, in place: column j becomes
 * exp(eta_j) / sum over i of exp(eta_i), and log_sum (stride doubles; NULL: not
 * wanted) the logarithm of that sum.  Differences to the first predictor
 * beyond 600 count as 600.
 */
extern void jrn_softmax_rows(double *columns, size_t count, size_t rows, size_t stride,
							 double *log_sum);

/*
 * Residuals of a softmax whose predictors have moved a little: base has count
 * columns of probabilities, columns the moves of parts linear parts, of which
 * predictor j takes contrast[j * parts + d] of part d.  On return column d is
 * taken column d less the mean of contrast d under the new probabilities, to
 * about 1e-11; 0 from `rows` up to whole lanes.  shift is scratch of count
 * columns.
 */
extern void jrn_softmax_residuals(const double *base, const double *contrast, size_t count,
								  size_t parts, const double *taken, size_t rows, size_t stride,
								  double *columns, double *shift);

/*
 * For counts y >= 0 with a log link: mu = exp(eta), loss (or NULL) the unit
 * deviance 2 (y ln(y/mu) - (y - mu)), which is 0 only where y = mu and does
 * not cancel near it.  Beyond |eta| = 708 mu stays at exp(+-708).
 */
extern void jrn_poisson_rows(const double *eta, const double *y, size_t rows,
							 double *mu, double *loss);

/*
 * The same of the negative binomial with variance mu + mu^2/shape: loss is 2
 * (y ln(y/mu) - (y + shape) ln((y + shape)/(mu + shape))), shape > 0.
 */
extern void jrn_negbin_rows(const double *eta, const double *y, size_t rows, double shape,
							double *mu, double *loss);

/* out = ln(x), x normal and above 0; whole lanes.  The arrays may be the same. */
extern void jrn_log_rows(const double *x, size_t rows, double *out);

#endif							/* JRN_KERNELS_H */
