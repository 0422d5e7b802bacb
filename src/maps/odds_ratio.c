/*
 * odds_ratio.c
 *		Odds ratios of one and of several tables (see odds_ratio.h).
 */
#include <math.h>

#include "../core/dist.h"
#include "odds_ratio.h"

double
jrn_mantel_haenszel(const jrn_stratum *strata, int count)
{
	double		above = 0.0;
	double		below = 0.0;
	int			s;

	for (s = 0; s < count; s++)
	{
		double		n = (double) strata[s].n;
		double		a = (double) strata[s].both;
		double		b = (double) strata[s].property - a;
		double		c = (double) strata[s].outcome - a;

		if (n == 0.0)
			continue;
		above += a * (n - a - b - c) / n;
		below += b * c / n;
	}
	return below > 0.0 ? above / below : NAN;
}

double
jrn_odds_ratio(const jrn_stratum *strata, int count, double *low, double *high)
{
	int64_t		n = 0,
				outcome = 0,
				property = 0,
				both = 0;
	double		a,
				b,
				c,
				d,
				odds,
				width;
	int			s;

	for (s = 0; s < count; s++)
	{
		n += strata[s].n;
		outcome += strata[s].outcome;
		property += strata[s].property;
		both += strata[s].both;
	}
	*low = *high = NAN;
	if (outcome == 0 || outcome == n || property == 0 || property == n)
		return NAN;				/* R-ODDS-1 */
	a = (double) both + 0.5;
	b = (double) (property - both) + 0.5;
	c = (double) (outcome - both) + 0.5;
	d = (double) (n - property - outcome + both) + 0.5;
	odds = log(a * d / (b * c));
	width = jrn_normal_critical(0.95) * sqrt(1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d);
	*low = exp(odds - width);
	*high = exp(odds + width);
	return exp(odds);
}
