/*
 * planning.h
 *		How many customers a comparison of two strategies needs (pure core).
 *
 * R-PLAN-1	Two-sided test at level alpha of the difference of two means by its
 *			Neyman error (each strategy with its own variance), normal limit:
 *			rows per strategy (z_(1 - alpha/2) + z_power)^2 (v_1 + v_2) /
 *			effect^2, with v = rate (1 - rate), or sd^2 of both.
 * R-PLAN-2	m decisions per customer with intraclass correlation icc count as
 *			1 + (m - 1) icc times fewer (Kish 1965), all decisions of a customer
 *			under one strategy.  Customers are rows / m, rounded up.
 * R-PLAN-3	At least two customers, as one has no variance.
 */
#ifndef JRN_PLANNING_H
#define JRN_PLANNING_H

#include "../core/env.h"

typedef struct jrn_plan_size
{
	double		power;			/* in (0, 1) */
	double		alpha;			/* in (0, 1); two-sided */
	double		cluster_size;	/* m, at least 1 */
	double		icc;			/* in [0, 1] */
} jrn_plan_size;

/*
 * Customers per strategy; variance is v_1 + v_2.  JRN_DOMAIN for arguments out
 * of their range, JRN_LIMIT above 2^62.
 */
extern jrn_status jrn_customers_needed(double variance, double effect, const jrn_plan_size *size,
									   int64_t *customers);

/* The effect that n independent rows per strategy would show (R-PLAN-1 turned round). */
extern double jrn_detectable_effect(double std_error, double power, double alpha);

#endif							/* JRN_PLANNING_H */
