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
}
