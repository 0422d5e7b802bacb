/*
 * km.c
 *		Kaplan-Meier curves (see survival.h).
 */
#include "survival.h"

#include <math.h>

#include "../core/dist.h"
#include "../core/sort.h"

#define LEVEL 0.95
#define ROWS_PER_TICK 16384

static inline bool
spell_before(int unused, jrn_spell x, jrn_spell y)
{
	(void) unused;
	if (x.stratum != y.stratum)
		return x.stratum < y.stratum;
	return x.time < y.time;
}

JRN_SORT_DEFINE(sort_spells, jrn_spell, int, spell_before)

/* R-SUR-4, R-SUR-5. */
static void
set_interval(jrn_km_row *row, double sum, jrn_km_interval interval, double z)
{
	double		s = row->survival;
	double		half = z * sqrt(sum);
	double		power;

	row->low = row->high = (double) NAN;
	if (!(sum > 0.0) || !(s > 0.0))
		return;
	switch (interval)
	{
		case JRN_KM_PLAIN:
			row->low = fmax(s - s * half, 0.0);
			row->high = fmin(s + s * half, 1.0);
			break;
		case JRN_KM_LOG:
			row->low = s * exp(-half);
			row->high = fmin(s * exp(half), 1.0);
			break;
		case JRN_KM_LOG_LOG:
			power = half / log(s);	/* negative */
			row->low = exp(log(s) * exp(-power));
			row->high = exp(log(s) * exp(power));
			break;
	}
}

/* One stratum, sorted by time. */
static jrn_status
walk_stratum(const jrn_env *env, const jrn_spell *spells, size_t n, jrn_km_interval interval,
			 jrn_km_visitor visitor, void *arg)
{
	double		z = jrn_normal_critical(LEVEL);
	double		sum = 0.0;		/* Greenwood's */
	jrn_km_row	row;
	size_t		from;
	size_t		to;

	row.stratum = spells[0].stratum;
	row.survival = 1.0;
	for (from = 0; from < n; from = to)
	{
		row.events = 0;
		for (to = from; to < n && spells[to].time == spells[from].time; to++)
		{
			row.events += spells[to].event;
			if (to % ROWS_PER_TICK == 0)
				JRN_TICK(env);
		}
		row.time = spells[from].time;
		row.at_risk = (int64_t) (n - from);
		if (row.events > 0)
		{
			double		left = (double) (row.at_risk - row.events);

			row.survival *= left / (double) row.at_risk;
			/* infinite once nobody is left */
			sum += (double) row.events / ((double) row.at_risk * left);
		}
		row.std_error = row.survival > 0.0 ? row.survival * sqrt(sum) : (double) NAN;
		set_interval(&row, sum, interval, z);
		JRN_TRY(visitor(arg, &row));
	}
	return JRN_OK;
}

jrn_status
jrn_kaplan_meier(const jrn_env *env, jrn_spell *spells, size_t n, jrn_km_interval interval,
				 jrn_km_visitor visitor, void *arg)
{
	size_t		from;
	size_t		to;

	JRN_TRY(sort_spells(env, spells, n, 0));
	for (from = 0; from < n; from = to)
	{
		for (to = from; to < n && spells[to].stratum == spells[from].stratum; to++)
			if (to % ROWS_PER_TICK == 0)
				JRN_TICK(env);
		JRN_TRY(walk_stratum(env, spells + from, to - from, interval, visitor, arg));
	}
	return JRN_OK;
}
