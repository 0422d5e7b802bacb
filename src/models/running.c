/*
 * running.c
 *		Moments row by row (see running.h).
 */
#include <math.h>
#include <string.h>

#include "../core/dd.h"
#include "model.h"
#include "running.h"

/* Counts are whole doubles below this. */
#define MAX_ROWS 9007199254740992.0

static size_t
triangle(size_t q)
{
	return q * (q + 1) / 2;
}

void
jrn_running_open(double *flat, size_t q, jrn_running *running)
{
	running->q = q;
	running->n = flat[0];
	running->w = flat[1];
	running->log_w = flat[2];
	running->mean = flat + JRN_RUNNING_TOTALS;
	running->low = running->mean + q;
	running->m = running->low + q;
}

void
jrn_running_close(const jrn_running *running, double *flat)
{
	flat[0] = running->n;
	flat[1] = running->w;
	flat[2] = running->log_w;
}

/* m += factor d d' */
static void
add_outer(double *restrict m, const double *restrict d, double factor, size_t q)
{
	size_t		i,
				j;

	for (i = 0; i < q; i++)
	{
		double		di = d[i] * factor;

		for (j = 0; j <= i; j++)
			m[j] += di * d[j];
		m += i + 1;
	}
}

/* R-RUN-2: (mean, low) += share d, the pair renewed without loss. */
static void
move_means(double *restrict mean, double *restrict low, const double *restrict d, double share,
		   size_t q)
{
	size_t		i;

	for (i = 0; i < q; i++)
	{
		jrn_dd		moved = jrn_dd_sum(mean[i], d[i] * share + low[i]);

		mean[i] = moved.hi;
		low[i] = moved.lo;
	}
}

/* R-RUN-1 */
void
jrn_running_add(jrn_running *running, double *z, double w)
{
	double		total = running->w + w;
	double		share = w / total;
	size_t		i;

	for (i = 0; i < running->q; i++)
		z[i] = (z[i] - running->mean[i]) - running->low[i];
	if (running->n > 0.0)
		add_outer(running->m, z, running->w * share, running->q);
	move_means(running->mean, running->low, z, share, running->q);
	running->n += 1.0;
	running->w = total;
	running->log_w += w == 1.0 ? 0.0 : log(w);
}

/* R-RUN-3 */
void
jrn_running_merge(jrn_running *into, const jrn_running *from)
{
	double		total = into->w + from->w;
	double		share = from->w / total;
	double		factor = into->w * share;
	double	   *m = into->m;
	const double *other = from->m;
	size_t		i,
				j;

	if (from->n == 0.0)
		return;
	if (into->n == 0.0)
	{
		memcpy(into->mean, from->mean,
			   (jrn_running_size(into->q) - JRN_RUNNING_TOTALS) * sizeof(double));
		into->n = from->n;
		into->w = from->w;
		into->log_w = from->log_w;
		return;
	}
	for (i = 0; i < into->q; i++)
	{
		double		di = (from->mean[i] - into->mean[i]) + (from->low[i] - into->low[i]);

		for (j = 0; j <= i; j++)
			m[j] += other[j] + di * factor *
				((from->mean[j] - into->mean[j]) + (from->low[j] - into->low[j]));
		m += i + 1;
		other += i + 1;
	}
	for (i = 0; i < into->q; i++)
	{
		double		di = (from->mean[i] - into->mean[i]) + (from->low[i] - into->low[i]);

		move_means(&into->mean[i], &into->low[i], &di, share, 1);
	}
	into->n += from->n;
	into->w = total;
	into->log_w += from->log_w;
}

jrn_status
jrn_running_check(const jrn_running *running)
{
	size_t		count = 2 * running->q + triangle(running->q);
	size_t		i;

	if (!isfinite(running->w) || !isfinite(running->log_w))
		return JRN_NONFINITE;
	for (i = 0; i < count; i++)
		if (!isfinite(running->mean[i]))
			return JRN_NONFINITE;
	if (!(running->n >= 1.0 && running->n < MAX_ROWS && running->n == floor(running->n)) ||
		!(running->w > 0.0))
		return JRN_CORRUPT;
	for (i = 0; i < running->q; i++)
		if (running->m[jrn_packed(i, i)] < 0.0)
			return JRN_CORRUPT;
	return JRN_OK;
}

jrn_status
jrn_running_moments(const jrn_env *env, const jrn_running *running, jrn_moments *out)
{
	size_t		i;

	out->q = running->q;
	out->n = (int64_t) running->n;
	out->w = running->w;
	out->m = running->m;
	JRN_TRY(jrn_alloc_array(env, running->q, sizeof(double), &out->mean));
	for (i = 0; i < running->q; i++)
		out->mean[i] = running->mean[i] + running->low[i];
	return JRN_OK;
}
