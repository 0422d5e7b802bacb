/*
 * value_forecast.h
 *		What a fitted model says of one customer: alive, future purchases, spend,
 *		value.
 *
 * R-FOR-1	P(alive) given (x, t, T).  BG/NBD: 1 for x = 0, by definition of the
 *			model.
 * R-FOR-2	(M)BG/NBD: a customer alive at T leaves with p ~ Beta(a, b') after
 *			each purchase, b' = b + x (MBG: b + x + 1), so the purchases expected
 *			within h are the mean of (1 - (1 + p h/(alpha + T))^-(r + x))/p over
 *			that p, times P(alive).  The closed form with 2F1 is used where its
 *			terms are positive and do not cancel, the integral elsewhere (a = 1
 *			included).
 * R-FOR-3	Pareto/NBD: closed form, continuous at s = 1.
 * R-FOR-4	Expected spend of a purchase: w z + (1 - w) p v/(q - 1),
 *			w = p x/(p x + q - 1); no finite mean for q <= 1: NaN, never a
 *			negative amount.
 * R-FOR-5	Value: spend times the sum over units u = 1, 2, .. up to the horizon
 *			(the last one may be a part) of the purchases expected in the unit,
 *			divided by (1 + discount)^u, u the end of the unit.
 */
#ifndef JRN_VALUE_FORECAST_H
#define JRN_VALUE_FORECAST_H

#include "value_models.h"

extern double jrn_value_alive(jrn_value_model model, const double *parameters, const jrn_value_row *row);

/* Purchases within the horizon, P(alive) included; units of age. */
extern jrn_status jrn_value_purchases(const jrn_env *env, jrn_value_model model, const double *parameters,
									  const jrn_value_row *row, double alive, double horizon, double *purchases);

/* The same, discounted per unit of age. */
extern jrn_status jrn_value_discounted(const jrn_env *env, jrn_value_model model, const double *parameters,
									   const jrn_value_row *row, double alive, double horizon,
									   double discount, double *purchases);

/* x repeat purchases of mean spend z (any z for x = 0). */
extern double jrn_value_spend(const double *parameters, double x, double z);

#endif							/* JRN_VALUE_FORECAST_H */
