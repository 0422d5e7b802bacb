/*
 * chain.c
 *		Solving the absorbing chain of a journey map and splitting the
 *		variance of its outcome (definitions and requirements in chain.h).
 */
#include <math.h>
#include <string.h>

#include "chain.h"

#include "../core/lu.h"

jrn_status
jrn_chain_init(const jrn_env *env, int32_t k, jrn_chain *chain)
{
	size_t		n = (size_t) k;

	if (k < 0)
		return JRN_DOMAIN;
	if (k > JRN_CHAIN_MAX_STATES)
		return JRN_LIMIT;
	memset(chain, 0, sizeof(*chain));
	chain->k = k;
	JRN_TRY(jrn_alloc_zeroed(env, n * n, sizeof(double), &chain->q));
	JRN_TRY(jrn_alloc_zeroed(env, n, sizeof(double), &chain->exit));
	JRN_TRY(jrn_alloc_zeroed(env, n, sizeof(double), &chain->reward));
	JRN_TRY(jrn_alloc_zeroed(env, n, sizeof(double), &chain->spread));
	return jrn_alloc_zeroed(env, n, sizeof(double), &chain->start);
}

jrn_status
jrn_solution_init(const jrn_env *env, int32_t k, jrn_solution *solution)
{
	size_t		n = (size_t) k;

	memset(solution, 0, sizeof(*solution));
	JRN_TRY(jrn_alloc_zeroed(env, n, sizeof(double), &solution->value));
	JRN_TRY(jrn_alloc_zeroed(env, n, sizeof(double), &solution->visits));
	JRN_TRY(jrn_alloc_zeroed(env, n, sizeof(double), &solution->swing));
	JRN_TRY(jrn_alloc_array(env, n * n, sizeof(double), &solution->matrix));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(bool), &solution->reaches));
	return jrn_alloc_array(env, n, sizeof(int32_t), &solution->stack);
}

/* Backwards from the ends: whoever leads to a state that reaches one, does. */
void
jrn_chain_reaches(const jrn_chain *chain, bool *reaches, int32_t *stack)
{
	const int32_t k = chain->k;
	int32_t		top = 0;
	int32_t		i;

	for (i = 0; i < k; i++)
	{
		reaches[i] = chain->exit[i] > 0.0;
		if (reaches[i])
			stack[top++] = i;
	}
	while (top > 0)
	{
		int32_t		j = stack[--top];

		for (i = 0; i < k; i++)
			if (!reaches[i] && chain->q[(size_t) i * (size_t) k + (size_t) j] > 0.0)
			{
				reaches[i] = true;
				stack[top++] = i;
			}
	}
}

/* R-CHAIN-4 */
static bool
all_reach_an_end(const jrn_chain *chain, jrn_solution *solution)
{
	int32_t		i;

	jrn_chain_reaches(chain, solution->reaches, solution->stack);
	for (i = 0; i < chain->k; i++)
		if (!solution->reaches[i])
			return false;
	return true;
}

/*
 * Variance of the value one step after a touchpoint.  Squared differences,
 * not a difference of squares: outcomes far from zero lose nothing.
 */
static double
swing_of(const jrn_chain *chain, const double *value, int32_t i)
{
	const double *row = chain->q + (size_t) i * (size_t) chain->k;
	double		step = chain->reward[i] - value[i];
	double		v = chain->exit[i] * (chain->spread[i] + step * step);
	int32_t		j;

	for (j = 0; j < chain->k; j++)
	{
		double		change = value[j] - value[i];

		v += row[j] * (change * change);
	}
	return v;
}

static jrn_status
solve_value_and_visits(const jrn_env *env, const jrn_chain *chain, jrn_solution *solution)
{
	const size_t k = (size_t) chain->k;
	jrn_lu		lu;
	size_t		i,
				j;

	for (i = 0; i < k; i++)
	{
		for (j = 0; j < k; j++)
			solution->matrix[i * k + j] = (i == j ? 1.0 : 0.0) - chain->q[i * k + j];
		solution->value[i] = chain->exit[i] * chain->reward[i];
		solution->visits[i] = chain->start[i];
	}
	JRN_TRY(jrn_lu_factor(env, solution->matrix, k, &lu));
	JRN_TRY(jrn_lu_solve(env, &lu, solution->value));
	JRN_TRY(jrn_lu_solve_transposed(env, &lu, solution->visits));
	jrn_release(env, lu.factors);
	jrn_release(env, lu.pivots);
	return JRN_OK;
}

jrn_status
jrn_chain_solve(const jrn_env *env, const jrn_chain *chain, jrn_solution *solution)
{
	int32_t		i;

	if (!all_reach_an_end(chain, solution))
		return JRN_SINGULAR;
	JRN_TRY(solve_value_and_visits(env, chain, solution));
	solution->mean = 0.0;
	for (i = 0; i < chain->k; i++)
		solution->mean += chain->start[i] * solution->value[i];
	solution->first = 0.0;
	for (i = 0; i < chain->k; i++)
	{
		double		change = solution->value[i] - solution->mean;

		solution->first += chain->start[i] * (change * change);
	}
	solution->variance = solution->first;
	for (i = 0; i < chain->k; i++)
	{
		solution->swing[i] = swing_of(chain, solution->value, i);
		solution->variance += solution->visits[i] * solution->swing[i];
	}
	return isfinite(solution->variance) ? JRN_OK : JRN_NONFINITE;
}

/* R-CHAIN-3: squared changes by the touchpoint at which they are seen. */
static double
arrival_credit(const jrn_chain *chain, const jrn_solution *solution, int32_t j)
{
	const double *value = solution->value;
	double		step = chain->reward[j] - value[j];
	double		sum = solution->visits[j] * chain->exit[j] * (chain->spread[j] + step * step);
	int32_t		i;

	for (i = 0; i < chain->k; i++)
	{
		double		change = value[j] - value[i];

		sum += solution->visits[i] *
			chain->q[(size_t) i * (size_t) chain->k + (size_t) j] * (change * change);
	}
	return sum;
}

void
jrn_chain_shares(const jrn_chain *chain, const jrn_solution *solution,
				 jrn_credit credit, double *shares)
{
	int32_t		i;

	shares[0] = solution->first / solution->variance;
	for (i = 0; i < chain->k; i++)
	{
		double		part;

		if (credit == JRN_CREDIT_FORK)
			part = solution->visits[i] * solution->swing[i];	/* R-CHAIN-2 */
		else
			part = arrival_credit(chain, solution, i);
		shares[1 + i] = part / solution->variance;
	}
}

void
jrn_chain_leverage(const jrn_chain *chain, const jrn_solution *solution, double *leverage)
{
	double		visits = 0.0;
	double		weighted = 0.0;
	int32_t		i;

	for (i = 0; i < chain->k; i++)
	{
		visits += solution->visits[i];
		weighted += solution->visits[i] * sqrt(solution->swing[i]);
	}
	for (i = 0; i < chain->k; i++)
		leverage[i] = weighted > 0.0 ?
			sqrt(solution->swing[i]) * visits / weighted : NAN;	/* R-CHAIN-5 */
}

void
jrn_chain_effects(const jrn_chain *chain, const jrn_solution *solution, double *effects)
{
	const double *value = solution->value;
	int32_t		i,
				j;

	for (j = 0; j < chain->k; j++)
	{
		double		sum = chain->start[j] * (value[j] - solution->mean);

		for (i = 0; i < chain->k; i++)
			sum += solution->visits[i] *
				chain->q[(size_t) i * (size_t) chain->k + (size_t) j] * (value[j] - value[i]);
		effects[j] = solution->visits[j] > 0.0 ? sum / solution->visits[j] : NAN;
	}
}

void
jrn_chain_release(const jrn_env *env, jrn_chain *chain)
{
	jrn_release(env, chain->q);
	jrn_release(env, chain->exit);
	jrn_release(env, chain->reward);
	jrn_release(env, chain->spread);
	jrn_release(env, chain->start);
}
