/*
 * value_models.c
 *		BG/NBD, MBG/NBD and gamma-gamma (see value_models.h); Pareto/NBD is in
 *		value_pareto.c.
 */
#include <math.h>
#include <string.h>

#include "../core/beta.h"
#include "../core/dist.h"
#include "../core/gamma.h"
#include "rising.h"
#include "value_models.h"

#define ROWS_A_TICK 1024
#define PARETO_ROWS_A_TICK 32

/* Place of (i, j), j <= i, in a packed triangle. */
#define AT(i, j) ((i) * ((i) + 1) / 2 + (j))

/*
 * (M)BG/NBD without the mixture: what depends on x alone.  more is 0 for BG,
 * 1 for MBG.
 *		ln r_(x) + ln b_(x + more) - ln (a + b)_(x + more)
 */
static void
score_of_count(const double *th, double x, double more, jrn_value_score *score)
{
	double		in_r[3];
	double		in_b[3];
	double		in_ab[3];

	jrn_rising(th[0], x, in_r);
	jrn_rising(th[3], x + more, in_b);
	jrn_rising(th[2] + th[3], x + more, in_ab);
	memset(score, 0, sizeof(*score));
	score->value = in_r[0] + in_b[0] - in_ab[0];
	score->gradient[0] = in_r[1];
	score->gradient[2] = -in_ab[1];
	score->gradient[3] = in_b[1] - in_ab[1];
	score->hessian[AT(0, 0)] = -in_r[2];
	score->hessian[AT(2, 2)] = in_ab[2];
	score->hessian[AT(3, 2)] = in_ab[2];
	score->hessian[AT(3, 3)] = in_ab[2] - in_b[2];
}

/*
 * The rest of one (M)BG/NBD customer:
 *		- r log1p(T/al) - x ln(al + T) + ln(1 + e^D)
 *		D = ln a - ln(b + x - 1 + more) + (r + x) ln((al + T)/(al + t))
 * where the mixture exists.
 */
static void
add_bg_row(const double *th, const jrn_value_row *row, double more, jrn_value_score *score)
{
	double		r = th[0];
	double		al = th[1];
	double		x = row->x;
	double		end = al + row->age;
	double		w8 = row->weight;
	double		grow = log1p(row->age / al);

	score->value += w8 * (-r * grow - x * log(end));
	score->gradient[0] -= w8 * grow;
	score->gradient[1] += w8 * (r * row->age / (al * end) - x / end);
	score->hessian[AT(1, 0)] += w8 * row->age / (al * end);
	score->hessian[AT(1, 1)] += w8 * (x / (end * end) - r * row->age * (2.0 * al + row->age) / (al * end * al * end));
	if (x > 0.0 || more > 0.0)
	{
		double		last = al + row->t;
		double		below = th[3] + x - 1.0 + more;
		double		ratio = log1p((row->age - row->t) / last);
		double		d = log(th[2]) - log(below) + (r + x) * ratio;
		double		w = jrn_logistic(d);
		double		spread = w * (1.0 - w);
		double		by_al = 1.0 / end - 1.0 / last;
		double		g[4];
		int			i,
					j;

		g[0] = ratio;
		g[1] = (r + x) * by_al;
		g[2] = 1.0 / th[2];
		g[3] = -1.0 / below;
		score->value += w8 * jrn_log1pexp(d);
		for (i = 0; i < 4; i++)
		{
			score->gradient[i] += w8 * w * g[i];
			for (j = 0; j <= i; j++)
				score->hessian[AT(i, j)] += w8 * spread * g[i] * g[j];
		}
		score->hessian[AT(1, 0)] += w8 * w * by_al;
		score->hessian[AT(1, 1)] -= w8 * w * (r + x) * (1.0 / (end * end) - 1.0 / (last * last));
		score->hessian[AT(2, 2)] -= w8 * w * g[2] * g[2];
		score->hessian[AT(3, 3)] += w8 * w * g[3] * g[3];
	}
}

/*
 * One gamma-gamma customer, m = p x:
 *		- ln B(m, q) - ln z + q ln(v/(xz + v)) + m ln(xz/(xz + v))
 */
static void
add_spend_row(const double *th, const jrn_value_row *row, jrn_value_score *score)
{
	double		x = row->x;
	double		m = th[0] * x;
	double		q = th[1];
	double		v = th[2];
	double		total = x * row->t;
	double		sum = total + v;
	double		ln_v = -log1p(total / v);
	double		ln_total = -log1p(v / total);
	double		psi = jrn_digamma(m + q);
	double		both = jrn_trigamma(m + q);
	double		w8 = row->weight;

	score->value += w8 * (-jrn_log_beta(m, q) - log(row->t) + q * ln_v + m * ln_total);
	score->gradient[0] += w8 * x * (psi - jrn_digamma(m) + ln_total);
	score->gradient[1] += w8 * (psi - jrn_digamma(q) + ln_v);
	score->gradient[2] += w8 * (q * total / (v * sum) - m / sum);
	score->hessian[AT(0, 0)] += w8 * x * x * (both - jrn_trigamma(m));
	score->hessian[AT(1, 0)] += w8 * x * both;
	score->hessian[AT(1, 1)] += w8 * (both - jrn_trigamma(q));
	score->hessian[AT(2, 0)] -= w8 * x / sum;
	score->hessian[AT(2, 1)] += w8 * total / (v * sum);
	score->hessian[AT(2, 2)] += w8 * ((m + q) / (sum * sum) - q / (v * v));
}

static void
add_scaled(jrn_value_score *score, const jrn_value_score *part, double weight)
{
	int			i;

	score->value += weight * part->value;
	for (i = 0; i < 4; i++)
		score->gradient[i] += weight * part->gradient[i];
	for (i = 0; i < 10; i++)
		score->hessian[i] += weight * part->hessian[i];
}

jrn_status
jrn_value_score_all(const jrn_env *env, jrn_value_model model, const jrn_value_row *rows, size_t n,
					const double *parameters, jrn_value_score *score)
{
	double		more = model == JRN_MBG_NBD ? 1.0 : 0.0;
	double		alike = 0.0;	/* customers with the x at hand */
	jrn_value_score part;
	double		alive;
	size_t		i;

	memset(score, 0, sizeof(*score));
	for (i = 0; i < n; i++)
	{
		if (i % (model == JRN_PARETO_NBD ? PARETO_ROWS_A_TICK : ROWS_A_TICK) == 0)
			JRN_TICK(env);
		if (model == JRN_GAMMA_GAMMA)
			add_spend_row(parameters, &rows[i], score);
		else if (model == JRN_PARETO_NBD)
		{
			jrn_pareto_score(&rows[i], parameters, &part, &alive);
			add_scaled(score, &part, rows[i].weight);
		}
		else
			add_bg_row(parameters, &rows[i], more, score);
		/* what depends on x alone, once per x */
		alike += rows[i].weight;
		if (i + 1 < n && rows[i + 1].x == rows[i].x)
			continue;
		if (model == JRN_BG_NBD || model == JRN_MBG_NBD)
		{
			score_of_count(parameters, rows[i].x, more, &part);
			add_scaled(score, &part, alike);
		}
		else if (model == JRN_PARETO_NBD)
		{
			double		in_r[3];

			jrn_rising(parameters[0], rows[i].x, in_r);
			score->value += alike * in_r[0];
			score->gradient[0] += alike * in_r[1];
			score->hessian[AT(0, 0)] -= alike * in_r[2];
		}
		alike = 0.0;
	}
	return JRN_OK;
}
