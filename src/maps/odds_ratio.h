/*
 * odds_ratio.h
 *		How much a property raises the odds of an outcome.
 *
 * R-ODDS-1	No odds ratio of the pooled table where all outcomes are equal, or all
 *			customers have the property, or none: 1/2 in each cell would invent
 *			one.
 */
#ifndef JRN_ODDS_RATIO_H
#define JRN_ODDS_RATIO_H

#include "stratified.h"

/* Mantel-Haenszel odds ratio; NaN where its denominator is 0. */
extern double jrn_mantel_haenszel(const jrn_stratum *strata, int count);

/*
 * Odds ratio of the sum of the tables with 1/2 added to each cell (Haldane
 * 1956), and the ends of its 95 % interval on the log scale; NaN: R-ODDS-1.
 */
extern double jrn_odds_ratio(const jrn_stratum *strata, int count, double *low, double *high);

#endif							/* JRN_ODDS_RATIO_H */
