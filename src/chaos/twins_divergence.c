/*
 * twins_divergence.c
 *		Divergence by step, its standard error, and its rate (see twins.h).
 */
#include <math.h>
#include <string.h>

#include "twins.h"

#define WORK_PER_TICK 65536

/* A side that is summed up, and the covariance of its shares or mean over n. */
typedef struct observed
{
	jrn_twin_sum sum;
	double		variance;		/* weighted, squared weights */
} observed;

/*
 * R-TWIN-5 for shares p of n_a and q of n_b customers, from the counts of one
 * step: with C = diag(p) - pp', V = C_p / n_a + C_q / n_b.
 */
static double
variance_of_shares(const uint32_t *a, const uint32_t *totals, uint32_t cells, double n_a, double n_b)
{
	double		pp = 0.0,
				qq = 0.0,
				pq = 0.0,
				ppp = 0.0,
				qqq = 0.0,
				ppq = 0.0,
				pqq = 0.0;
	double		pdd = 0.0,
				qdd = 0.0,
				pd = 0.0,
				qd = 0.0;
	double		trace,
				form;
	uint32_t	c;

	for (c = 0; c < cells; c++)
	{
		double		p = a[c] / n_a;
		double		q = (totals[c] - a[c]) / n_b;
		double		d = p - q;

		pp += p * p;
		qq += q * q;
		pq += p * q;
		ppp += p * p * p;
		qqq += q * q * q;
		ppq += p * p * q;
		pqq += p * q * q;
		pd += p * d;
		qd += q * d;
		pdd += p * d * d;
		qdd += q * d * d;
	}
	/* covariances of shares estimated without bias: over n - 1 */
	trace = (pp - 2.0 * ppp + pp * pp) / ((n_a - 1.0) * (n_a - 1.0)) +
		(qq - 2.0 * qqq + qq * qq) / ((n_b - 1.0) * (n_b - 1.0)) +
		2.0 * (pq - ppq - pqq + pq * pq) / ((n_a - 1.0) * (n_b - 1.0));
	form = (pdd - pd * pd) / (n_a - 1.0) + (qdd - qd * qd) / (n_b - 1.0);
	return 4.0 * fmax(form - trace, 0.0) + 2.0 * fmax(trace, 0.0);
}

static void
add_variance(observed *step, double weight, double variance)
{
	step->variance += weight * weight * variance;
}

/* One stratum of touchpoints at step k; counts are those of group A. */
static void
observe_cells(const jrn_twins *twins, size_t stratum, size_t k, const uint32_t *counts,
			  observed *step, jrn_twin_step *out)
{
	const uint32_t *bounds = jrn_twin_cells(twins, stratum);
	const uint32_t *totals = twins->totals + twins->strata[stratum].cells;
	jrn_twin_side a = {0.0, 0.0, 0.0};
	jrn_twin_side b = {0.0, 0.0, 0.0};
	double		cross = 0.0;
	uint32_t	first = bounds[k] + 1;	/* behind the unknown ones */
	uint32_t	c;

	for (c = first; c < bounds[k + 1]; c++)
	{
		double		x = counts[c];
		double		y = totals[c] - counts[c];

		a.weight += x;
		b.weight += y;
		a.pairs += x * (x - 1.0);
		b.pairs += y * (y - 1.0);
		cross += x * y;
	}
	a.squares = a.weight;
	b.squares = b.weight;
	if (!jrn_twin_add(&step->sum, &a, &b, cross))
		return;
	add_variance(step, a.weight * b.weight / (a.weight + b.weight),
				 variance_of_shares(counts + first, totals + first, bounds[k + 1] - first, a.weight, b.weight));
	out->n_a += (int64_t) a.weight;
	out->n_b += (int64_t) b.weight;
	out->strata++;
}

/* Sum and sum of squares of a group at step k. */
static jrn_status
sum_group(const jrn_twins *twins, size_t begin, size_t end, size_t k, jrn_twin_side *out, double *sum)
{
	const size_t horizon = (size_t) twins->options.horizon;
	jrn_twin_side side = {0.0, 0.0, 0.0};
	double		squares = 0.0;
	size_t		row;

	*sum = 0.0;
	for (row = begin; row < end; row++)
	{
		double		y = twins->numbers[row * horizon + k];

		side.weight += twins->known[row * horizon + k];
		*sum += y;
		squares += y * y;
		if (row % (WORK_PER_TICK / 4) == 0)
			JRN_TICK(twins->env);
	}
	side.squares = side.weight;
	side.pairs = *sum * *sum - squares;
	*out = side;
	return JRN_OK;
}

/* Variance of a mean: s^2 / n. */
static double
variance_of_mean(const jrn_twin_side *side, double sum)
{
	double		squares = sum * sum - side->pairs;

	return fmax(squares - sum * sum / side->weight, 0.0) / (side->weight - 1.0) / side->weight;
}

static jrn_status
observe_numbers(const jrn_twins *twins, size_t stratum, size_t k, observed *step, jrn_twin_step *out)
{
	const jrn_twin_stratum *s = &twins->strata[stratum];
	double		sum_a,
				sum_b,
				v,
				d;
	jrn_twin_side a,
				b;

	JRN_TRY(sum_group(twins, s->begin, s->middle, k, &a, &sum_a));
	JRN_TRY(sum_group(twins, s->middle, s->end, k, &b, &sum_b));
	if (!jrn_twin_add(&step->sum, &a, &b, sum_a * sum_b))
		return JRN_OK;
	v = variance_of_mean(&a, sum_a) + variance_of_mean(&b, sum_b);
	d = sum_a / a.weight - sum_b / b.weight;
	add_variance(step, a.weight * b.weight / (a.weight + b.weight), 4.0 * fmax(d * d - v, 0.0) * v + 2.0 * v * v);
	out->n_a += (int64_t) a.weight;
	out->n_b += (int64_t) b.weight;
	out->strata++;
	return JRN_OK;
}

static jrn_status
count_group(const jrn_twins *twins, size_t stratum, uint32_t *counts)
{
	const size_t horizon = (size_t) twins->options.horizon;
	const jrn_twin_stratum *s = &twins->strata[stratum];
	size_t		i;

	memset(counts, 0, jrn_twin_cells(twins, stratum)[horizon] * sizeof(uint32_t));
	for (i = s->begin * horizon; i < s->middle * horizon; i++)
	{
		counts[twins->codes[i]]++;
		if (i % WORK_PER_TICK == 0)
			JRN_TICK(twins->env);
	}
	return JRN_OK;
}

jrn_status
jrn_twins_divergence(const jrn_twins *twins, jrn_twin_step *steps)
{
	const size_t horizon = (size_t) twins->options.horizon;
	const double unit = twins->options.numeric ? twins->scale * twins->scale : 1.0;
	uint32_t   *counts;
	observed   *sums;
	size_t		work = 0;
	size_t		s,
				k;

	memset(steps, 0, horizon * sizeof(jrn_twin_step));
	JRN_TRY(jrn_alloc_zeroed(twins->env, horizon, sizeof(observed), &sums));
	JRN_TRY(jrn_alloc_array(twins->env, twins->most_cells, sizeof(uint32_t), &counts));
	for (s = 0; s < twins->n_strata; s++)
	{
		if (!twins->options.numeric)
			JRN_TRY(count_group(twins, s, counts));
		for (k = 0; k < horizon; k++)
			if (twins->options.numeric)
				JRN_TRY(observe_numbers(twins, s, k, &sums[k], &steps[k]));
			else
				observe_cells(twins, s, k, counts, &sums[k], &steps[k]);
		work += (twins->strata[s].end - twins->strata[s].begin) * horizon;
		if (work >= WORK_PER_TICK)
		{
			work = 0;
			JRN_TICK(twins->env);
		}
	}
	for (k = 0; k < horizon; k++)
	{
		bool		any = sums[k].sum.weight > 0.0;

		steps[k].divergence = any ? sums[k].sum.weighted / sums[k].sum.weight * unit : NAN;
		steps[k].std_error = any ? sqrt(sums[k].variance) / sums[k].sum.weight * unit : NAN;
		steps[k].p = NAN;
	}
	jrn_release(twins->env, counts);
	jrn_release(twins->env, sums);
	return JRN_OK;
}

/* ---- rate ---- */

double
jrn_twin_slope(const double *e, int first, int last)
{
	double		n = 0.0;
	double		mean_k = 0.0;
	double		mean_y = 0.0;
	double		ky = 0.0;
	double		kk = 0.0;
	int			k;

	for (k = first; k <= last; k++)
		if (e[k - 1] > 0.0)
		{
			n += 1.0;
			mean_k += k;
			mean_y += log(e[k - 1]) / 2;
		}
	if (n < 3.0)
		return NAN;
	mean_k /= n;
	mean_y /= n;
	for (k = first; k <= last; k++)
		if (e[k - 1] > 0.0)
		{
			ky += (k - mean_k) * (log(e[k - 1]) / 2 - mean_y);
			kk += (k - mean_k) * (k - mean_k);
		}
	return ky / kk;
}

/* The longest run of steps above two standard errors, the first of equals. */
static void
find_run(const jrn_twin_step *steps, int horizon, int *first, int *last)
{
	int			k = 0;

	*first = *last = 0;
	while (k < horizon)
	{
		int			begin = k;

		while (k < horizon && steps[k].divergence > 0.0 && steps[k].divergence > 2.0 * steps[k].std_error)
			k++;
		if (k - begin > (*first == 0 ? 0 : *last - *first + 1))
		{
			*first = begin + 1;
			*last = k;
		}
		if (k == begin)
			k++;
	}
}

jrn_twins_status
jrn_twins_state(const jrn_twins *twins, const jrn_twin_step *step)
{
	if (step->strata == 0)
		return twins->n_strata == 0 && !twins->forked && twins->n > 1 ? JRN_TWINS_NO_FORK : JRN_TWINS_TOO_FEW;
	return step->n_a + step->n_b < JRN_TWINS_FEW ? JRN_TWINS_LOW_N : JRN_TWINS_OK;
}

jrn_status
jrn_twins_fit(const jrn_twins *twins, const jrn_twin_step *steps, double p, jrn_twins_rate *rate)
{
	const int	horizon = twins->options.horizon;
	double	   *e;
	int			k;

	memset(rate, 0, sizeof(*rate));
	rate->rate = rate->low = rate->high = NAN;
	rate->p = p;
	rate->status = jrn_twins_state(twins, &steps[0]);
	if (steps[0].strata == 0)
		return JRN_OK;
	find_run(steps, horizon, &rate->first, &rate->last);
	if (rate->first == 0 || rate->last - rate->first < 2)
	{
		rate->status = p > 0.05 || rate->first == 0 ? JRN_TWINS_NO_DIVERGENCE : JRN_TWINS_TOO_SHORT;
		rate->first = rate->last = 0;
		return JRN_OK;
	}
	JRN_TRY(jrn_alloc_array(twins->env, (size_t) horizon, sizeof(double), &e));
	for (k = 0; k < horizon; k++)
		e[k] = steps[k].divergence;
	rate->rate = jrn_twin_slope(e, rate->first, rate->last);
	jrn_release(twins->env, e);
	return jrn_twins_bootstrap(twins, rate->first, rate->last, &rate->low, &rate->high, &rate->usable);
}

const char *
jrn_twins_status_word(jrn_twins_status status)
{
	static const char *const words[] = {"ok", "low_n", "too_few", "no_fork", "no_divergence", "too_short"};

	return words[status];
}
