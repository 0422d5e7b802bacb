/*
 * pg_verdict.h
 *		One sentence about the difference of two models that a manager
 *		understands (reference/validation.md 4).
 *
 * R-VER-1	clear: q below 0.05.  The better model, by how much in the unit of
 *			the metric (points of a hundred for shares and ranks), interval, q,
 *			keys, and how often it won.  Where the posterior lies to 95 %
 *			within the region of equivalence, the sentence adds that the
 *			difference is too small to matter.
 * R-VER-2	not clear: the difference, its interval, what size would have been
 *			missed (80 % power), and the advice to keep the simpler model.
 * R-VER-3	refused: why there is no answer, and what would change that.
 */
#ifndef JOURNEY_PG_VERDICT_H
#define JOURNEY_PG_VERDICT_H

#include "../pg/compat.h"

#include "crossval.h"
#include "paired.h"

typedef struct journey_verdict
{
	const char *a;
	const char *b;
	jrn_metric	metric;
	const jrn_paired *test;
	double		value_a;		/* overall figures */
	double		value_b;
	double		q_value;
	double		region;
	int			wins;			/* of a */
	int			losses;
	int			repeats;
	int64		n_keys;
	const char *key;			/* column, NULL: rows are independent */
	const char *status;
} journey_verdict;

/* A number with three digits that count, without an exponent where it can be. */
extern char *journey_spoken_number(double value);

/* "p = 0.012", never below "p < 0.001". */
extern char *journey_spoken_probability(const char *name, double p);

extern char *journey_verdict_text(const journey_verdict *verdict);

#endif							/* JOURNEY_PG_VERDICT_H */
