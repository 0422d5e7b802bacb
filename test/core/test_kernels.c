/*
 * test_kernels.c
 *		Block kernels against plain loops in long double, for every number of
 *		rows that leaves a different tail.
 */
#include "tap.h"

#include "../../src/core/hash.h"
#include "../../src/core/kernels.h"

#define COUNT 11
#define STRIDE 64

static double
draw(uint64_t i)
{
	return (double) (jrn_hash_u64(i, 3) >> 11) / 9007199254740992.0 - 0.4;
}

void		test_kernels(void);

/* a ln(a/m) + m - a in long double, by its series near a = m */
static long double
deviance_part(long double a, long double m)
{
	long double u = (a - m) / m;
	long double sum = 0;
	long double power = u * u;
	int			k;

	if (a == 0)
		return m;
	if (fabsl(u) > 0.05L)
		return a * logl(a / m) + m - a;
	for (k = 2; k < 40; k++, power *= -u)
		sum += power / (k * (k - 1));
	return m * sum;
}

/* Columns against columns, many predictors at once, softmax and its residuals. */
static void
products(void)
{
	static double a[COUNT * STRIDE],
				b[COUNT * STRIDE],
				out[COUNT * COUNT],
				one[STRIDE],
				many[COUNT * STRIDE],
				scratch[COUNT * STRIDE],
				log_sum[STRIDE];
	static double contrast[4 * 3];
	const double *beta[COUNT];
	double		worst = 0,
				worst_sum = 0,
				worst_residual = 0;
	bool		same = true;
	size_t		rows,
				count,
				i,
				j,
				r;

	for (rows = 1; rows <= 41; rows += 5)
		for (count = 1; count <= COUNT; count++)
		{
			for (i = 0; i < COUNT * STRIDE; i++)
			{
				a[i] = i % STRIDE < rows ? draw(i + rows) : 0.0;
				b[i] = i % STRIDE < rows ? draw(i + 7 * count) : 0.0;
			}
			jrn_column_pairs(a, count, b, COUNT - count + 1, rows, STRIDE, out);
			for (i = 0; i < count; i++)
				for (j = 0; j < COUNT - count + 1; j++)
				{
					long double want = 0;

					for (r = 0; r < rows; r++)
						want += (long double) a[i * STRIDE + r] * b[j * STRIDE + r];
					worst = fmax(worst, (double) fabsl(want - out[j * count + i]));
				}
			for (i = 0; i < count; i++)
				beta[i] = b + i * 3;
			jrn_linear_predictors(a, COUNT, rows, STRIDE, beta, count, many);
			for (i = 0; i < count; i++)
			{
				memset(one, 0, sizeof(one));
				jrn_linear_predictor(a, COUNT, rows, STRIDE, beta[i], one);
				same = same && memcmp(one, many + i * STRIDE, rows * sizeof(double)) == 0;
			}
		}
	ok(worst < 1e-14, "columns against columns, worst error %g", worst);
	ok(same, "many predictors have the bits of one");

	worst = 0;
	for (i = 0; i < 4 * 3; i++)
		contrast[i] = draw(i + 5);
	for (i = 0; i < 2000; i++)
	{
		double		scale = i < 500 ? 0.1 : i < 1000 ? 10.0 : i < 1900 ? 300.0 : 3000.0;
		double		move = i % 2 == 0 ? 0.25 : 3.0;

		for (j = 0; j < 4 * STRIDE; j++)
			a[j] = many[j] = scale * draw(i * 256 + j);
		jrn_softmax_rows(many, 4, 8, STRIDE, log_sum);
		for (j = 0; j < 3 * STRIDE; j++)
		{
			b[j] = move * draw(i * 999 + j);
			scratch[j] = draw(i + j);
		}
		memcpy(a + 4 * STRIDE, b, 3 * STRIDE * sizeof(double));
		jrn_softmax_residuals(many, contrast, 4, 3, scratch, 5, STRIDE, a + 4 * STRIDE, a + 7 * STRIDE);
		for (r = 0; r < 5; r++)
		{
			long double sum = 0,
						moved = 0,
						p[4];
			size_t		d;

			for (j = 0; j < 4; j++)
				sum += expl((long double) a[j * STRIDE + r] - a[r]);
			for (j = 0; j < 4; j++)
			{
				long double shift = 0;
				long double want = expl((long double) a[j * STRIDE + r] - a[r]) / sum;

				if (scale < 300.0)
					worst = fmax(worst, (double) fabsl(want - many[j * STRIDE + r]));
				else if (!(many[j * STRIDE + r] >= 0 && many[j * STRIDE + r] <= 1))
					worst = 1;
				for (d = 0; d < 3; d++)
					shift += (long double) contrast[j * 3 + d] * b[d * STRIDE + r];
				p[j] = many[j * STRIDE + r] * expl(shift);
				moved += p[j];
			}
			if (scale < 300.0)
				worst_sum = fmax(worst_sum, (double) fabsl(logl(sum) + a[r] - log_sum[r]));
			for (d = 0; d < 3; d++)
			{
				long double want = scratch[d * STRIDE + r];

				for (j = 0; j < 4; j++)
					want -= contrast[j * 3 + d] * p[j] / moved;
				worst_residual = fmax(worst_residual, (double) fabsl(want - a[(4 + d) * STRIDE + r]));
			}
		}
		if (a[4 * STRIDE + 5] != 0.0 || a[6 * STRIDE + 7] != 0.0)
			worst_residual = 1;
	}
	ok(worst < 1e-15, "softmax, worst error %g", worst);
	ok(worst_sum < 1e-14, "its logarithm, worst error %g", worst_sum);
	ok(worst_residual < 1e-11, "residuals of moved predictors, worst error %g", worst_residual);
}

/* The count families: mu and unit deviance, near the mean and far from it. */
static void
counts(void)
{
	static const double distances[] = {0.0, 1e-9, 1e-4, 0.05, 0.7, 5.0, 100.0};
	static double eta[8],
				y[8],
				mu[8],
				loss[8];
	double		worst_mu = 0,
				worst_loss = 0,
				worst_shape = 0,
				absolute = 0;
	size_t		i,
				r;

	for (i = 0; i < 4000; i++)
	{
		double		shape = exp(draw(i + 9) * 12.0);

		for (r = 0; r < 8; r++)
		{
			eta[r] = draw(i * 8 + r) * (i % 3 == 0 ? 60.0 : 4.0);
			y[r] = i % 5 == 0 ? floor(4.0 * (draw(i + r) + 0.4)) :
				exp(eta[r]) * fabs(1.0 + (r % 2 == 0 ? 1.0 : -0.9) * distances[(i + r) % 7]);
		}
		jrn_poisson_rows(eta, y, 8, mu, loss);
		for (r = 0; r < 8; r++)
		{
			long double m = expl((long double) eta[r]);
			long double l = 2 * deviance_part((long double) y[r], (long double) mu[r]);

			worst_mu = fmax(worst_mu, (double) fabsl(((long double) mu[r] - m) / m));
			/* mu itself carries a rounding error, which the loss feels as |y - mu| */
			worst_loss = fmax(worst_loss, (double) (fabsl((long double) loss[r] - l) /
													(l + fabsl((long double) y[r] - m) + 1e-300L)));
		}
		jrn_negbin_rows(eta, y, 8, shape, mu, loss);
		for (r = 0; r < 8; r++)
		{
			long double first = 2 * deviance_part((long double) y[r], (long double) mu[r]);
			long double second = 2 * deviance_part((long double) y[r] + (long double) shape,
												   (long double) mu[r] + (long double) shape);

			worst_shape = fmax(worst_shape, (double) (fabsl((long double) loss[r] - (first - second)) /
													  (first + fabsl((long double) y[r] - (long double) mu[r]) + 1e-300L)));
		}
	}
	ok(worst_mu < 1e-15, "R-KER-3 exp, worst relative error %g", worst_mu);
	ok(worst_loss < 2e-14, "unit deviance of counts, worst error %g", worst_loss);
	ok(worst_shape < 4e-14, "unit deviance with a shape, worst error %g", worst_shape);
	memset(y, 0, sizeof(y));
	eta[0] = 800.0;
	eta[1] = -800.0;
	y[1] = 3.0;
	eta[2] = log(7.0);
	y[2] = 7.0;
	jrn_poisson_rows(eta, y, 8, mu, loss);
	absolute = loss[2];
	{
		double		far = log(1e16);

		eta[3] = far;
		y[3] = 2.0;
		jrn_negbin_rows(eta, y, 8, 0.5, mu, loss);
		/* 2 (2 ln(2/mu) - 2.5 ln(2.5/(mu + 0.5))) with mu = 1e16 */
		ok_close(loss[3], 2.0 * (2.0 * (log(2.0) - far) - 2.5 * (log(2.5) - far)), 1e-14,
				 "with a shape nothing is lost far above y either");
		jrn_poisson_rows(eta, y, 8, mu, loss);
	}
	ok(isfinite(mu[0]) && isfinite(loss[0]) && mu[1] > 0.0 && isfinite(loss[1]) && absolute >= 0.0 && absolute < 1e-29,
	   "no overflow, no underflow, nothing lost at y = mu");
}

void
test_kernels(void)
{
	static double a[COUNT * STRIDE],
				b[COUNT * STRIDE],
				eta[STRIDE],
				y[STRIDE],
				mu[STRIDE],
				loss[STRIDE];
	double		out[COUNT * (COUNT + 1) / 2],
				dots[COUNT],
				beta[COUNT];
	size_t		rows,
				i,
				j,
				r,
				count;
	double		worst = 0,
				worst_dot = 0,
				worst_eta = 0,
				worst_mu = 0,
				worst_loss = 0;

	for (rows = 1; rows <= 40; rows++)
		for (count = 1; count <= COUNT; count++)
		{
			memset(a, 0, sizeof(a));
			memset(b, 0, sizeof(b));
			memset(out, 0, sizeof(out));
			for (i = 0; i < count; i++)
				for (r = 0; r < rows; r++)
				{
					a[i * STRIDE + r] = draw(i * 1000 + r);
					b[i * STRIDE + r] = draw(i * 1000 + r + 500);
				}
			jrn_cross_products(a, b, count, rows, STRIDE, out);
			jrn_column_dots(a, count, rows, STRIDE, b, dots);
			for (i = 0; i < count; i++)
			{
				long double sum = 0;

				for (j = 0; j <= i; j++)
				{
					sum = 0;
					for (r = 0; r < rows; r++)
						sum += (long double) a[i * STRIDE + r] * (long double) b[j * STRIDE + r];
					worst = fmax(worst, fabs((double) (sum - (long double) out[i * (i + 1) / 2 + j])));
				}
				sum = 0;
				for (r = 0; r < rows; r++)
					sum += (long double) a[i * STRIDE + r] * (long double) b[r];
				worst_dot = fmax(worst_dot, fabs((double) (sum - (long double) dots[i])));
				sum = 0;
				for (r = 0; r < rows; r++)
					sum += (long double) a[i * STRIDE + r];
				worst_dot = fmax(worst_dot, fabs((double) sum - jrn_column_sum(a + i * STRIDE, rows)));
				beta[i] = draw(i + 77);
			}
			memset(eta, 0, sizeof(eta));
			jrn_linear_predictor(a, count, rows, STRIDE, beta, eta);
			for (r = 0; r < rows; r++)
			{
				double		want = 0;

				for (i = 0; i < count; i++)
					want += beta[i] * a[i * STRIDE + r];
				worst_eta = fmax(worst_eta, fabs(want - eta[r]));
			}
		}
	ok(worst < 1e-14, "R-KER-1 cross-products, worst error %g", worst);
	ok(worst_dot < 1e-14, "dots and sums, worst error %g", worst_dot);
	ok(worst_eta < 1e-14, "linear predictor, worst error %g", worst_eta);
	for (i = 0; i < 4000; i++)
	{
		for (r = 0; r < 8; r++)
		{
			double		scale = i < 2000 ? 1.0 : i < 3900 ? 50.0 : 2000.0;

			eta[r] = (draw(i * 8 + r) - 0.1) * 2.0 * scale;
			y[r] = (double) ((i + r) % 2);
		}
		if (i == 0)
			eta[0] = 0.0;
		jrn_logistic_rows(eta, y, 8, mu, loss);
		for (r = 0; r < 8; r++)
		{
			long double e = expl(-fabsl((long double) eta[r]));
			long double m = eta[r] >= 0 ? 1 / (1 + e) : e / (1 + e);
			long double l = log1pl(e) + (long double) ((eta[r] > 0 ? 1.0 - y[r] : -y[r]) * eta[r]);

			if (fabs(eta[r]) < 700)
			{
				worst_mu = fmax(worst_mu, (double) fabsl(((long double) mu[r] - m) / m));
				worst_loss = fmax(worst_loss, (double) (fabsl((long double) loss[r] - l) / fmaxl(l, 1e-300L)));
			}
			else
				worst_loss = fmax(worst_loss, isfinite(loss[r]) && mu[r] >= 0 && mu[r] <= 1 ? 0 : 1);
		}
	}
	ok(worst_mu < 1e-15, "R-KER-3 probabilities, worst relative error %g", worst_mu);
	ok(worst_loss < 2e-15, "R-KER-3 losses, worst relative error %g", worst_loss);
	counts();
	products();
}
