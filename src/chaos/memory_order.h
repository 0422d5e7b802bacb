/*
 * memory_order.h
 *		How many of the last events does the next one depend on?  Markov models
 *		of order 0 up, compared on customers that they have not seen.
 *
 * With K touchpoints, order r predicts the next event from the r before it:
 * K^r (K - 1) free parameters.
 *
 * R-MEM-1	Order r is refused when K^r (K - 1) > transitions/5, and with it all
 *			higher ones.
 * R-MEM-2	All orders are judged on the same events: those behind at least M
 *			others of their journey, M the highest order that is not refused.  An
 *			order with fewer such events than parameters is not judged (too_few),
 *			and M is the highest that is.
 * R-MEM-3	log_loss: mean of - ln P(event) in nats, P = (n + .5/K)/(N + .5) with
 *			the counts of customers in other folds (folds: R-SYM-4).  Its
 *			standard error is over customers: with sums S_c and n_c events,
 *			sqrt(G/(G - 1) sum (S_c - n_c mean)^2)/n.
 * R-MEM-4	chosen: the lowest order whose log loss is at most that of the best
 *			plus the standard error of the best.
 * R-MEM-5	AIC and BIC from the plug-in likelihood of all judged events, BIC with
 *			the logarithm of their number.
 *
 * Source: reference/chaos.md 3.4 (Singer et al. 2014).
 */
#ifndef JRN_MEMORY_ORDER_H
#define JRN_MEMORY_ORDER_H

#include "symbols.h"

#define JRN_MEMORY_MAX_ORDER 10

/* Figures that do not exist are NaN. */
typedef struct jrn_memory_row
{
	double		parameters;
	double		log_loss;
	double		std_error;
	double		aic;
	double		bic;
	bool		chosen;
	const char *status;			/* ok, low_n, refused, too_few */
} jrn_memory_row;

/*
 * rows[max_order + 1] of a finished map.  O(max_order events k) and about .4
 * counts an event.
 */
extern jrn_status jrn_memory_order(const jrn_env *env, const jrn_map *map, int32_t max_order,
								   int32_t k, uint64_t seed, jrn_memory_row *rows);

#endif							/* JRN_MEMORY_ORDER_H */
