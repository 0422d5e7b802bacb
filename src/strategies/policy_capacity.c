/*
 * policy_capacity.c
 *		Prices that keep trees within capacities (R-POL-5 of policy_tree.h).
 */
#include "policy_tree.h"

#include <string.h>

#define SWEEPS 8
#define HALVINGS 12

typedef struct price_search
{
	const jrn_env *env;
	const jrn_policy_data *data;
	int			depth;
	const double *capacity;
	int64_t    *prices;			/* [sets][arms] */
	jrn_policy_tree *trees;		/* [sets] */
	int			sets;
	int64_t    *rows;			/* [sets] of training */
	int64_t    *given;			/* [sets][arms] */
	int64_t		top;			/* beyond all that a strategy could be ahead by */
	int64_t		typical;		/* mean size of a reward */
	bool	   *active;			/* [sets] */
	int64_t    *low;			/* [sets] */
	int64_t    *high;			/* [sets] */
} price_search;

static jrn_status
search_begin(price_search *search)
{
	const jrn_policy_data *data = search->data;
	size_t		sets = (size_t) search->sets;
	size_t		arms = (size_t) data->arms;
	double		sum = 0.0;
	size_t		i;
	int			t;

	JRN_TRY(jrn_alloc_zeroed(search->env, sets, sizeof(int64_t), &search->rows));
	JRN_TRY(jrn_alloc_array(search->env, sets, arms * sizeof(int64_t), &search->given));
	JRN_TRY(jrn_alloc_array(search->env, sets, sizeof(bool), &search->active));
	JRN_TRY(jrn_alloc_array(search->env, sets, sizeof(int64_t), &search->low));
	JRN_TRY(jrn_alloc_array(search->env, sets, sizeof(int64_t), &search->high));
	memset(search->prices, 0, sets * arms * sizeof(int64_t));
	for (i = 0; i < data->n; i++)
		search->rows[data->fold[i]]++;
	for (t = 0; t < search->sets; t++)
		search->rows[t] = (int64_t) data->n - search->rows[t];
	for (i = 0; i < data->n * arms; i++)
	{
		int64_t		size = data->reward[i] < 0 ? -data->reward[i] : data->reward[i];

		search->top = size > search->top ? size : search->top;
		sum += (double) size;
	}
	search->top = 2 * search->top + 1;
	search->typical = (int64_t) (sum / (double) (data->n * arms)) + 1;
	return JRN_OK;
}

static bool
is_wanted(const price_search *search, int set)
{
	return search->data->only < 0 || search->data->only == set;
}

/* Learn at the current prices, and count what the trees give out. */
static jrn_status
learn(price_search *search)
{
	const jrn_policy_data *data = search->data;
	size_t		arms = (size_t) data->arms;
	size_t		i;
	int			t;

	JRN_TRY(jrn_policy_learn(search->env, data, search->depth, search->prices, search->trees));
	memset(search->given, 0, (size_t) search->sets * arms * sizeof(int64_t));
	for (i = 0; i < data->n; i++)
	{
		for (t = 0; t < search->sets; t++)
			if (is_wanted(search, t) && t != data->fold[i])
				search->given[(size_t) t * arms + (size_t) jrn_policy_arm(&search->trees[t], data->columns, i)]++;
		if (i % 256 == 0)
			JRN_TICK(search->env);
	}
	return JRN_OK;
}

static bool
is_over(const price_search *search, int set, int arm)
{
	int64_t		given = search->given[(size_t) set * (size_t) search->data->arms + (size_t) arm];

	return is_wanted(search, set) && search->capacity[arm] < 1.0 &&
		(double) given > search->capacity[arm] * (double) search->rows[set];
}

static int64_t *
price_of(const price_search *search, int set, int arm)
{
	return search->prices + (size_t) set * (size_t) search->data->arms + (size_t) arm;
}

/* The training sets that give out too much of a strategy; false: none. */
static bool
find_active(price_search *search, int arm)
{
	bool		any = false;
	int			t;

	for (t = 0; t < search->sets; t++)
	{
		search->active[t] = is_over(search, t, arm);
		search->low[t] = *price_of(search, t, arm);
		search->high[t] = -1;
		any = any || search->active[t];
	}
	return any;
}

/* Double the prices until they are high enough; those at the top are. */
static jrn_status
raise_prices(price_search *search, int arm)
{
	int64_t		step = search->typical;
	bool		waiting = true;
	int			t;

	while (waiting)
	{
		waiting = false;
		for (t = 0; t < search->sets; t++)
			if (search->active[t] && search->high[t] < 0)
				*price_of(search, t, arm) = search->low[t] > search->top - step ? search->top : search->low[t] + step;
		JRN_TRY(learn(search));
		for (t = 0; t < search->sets; t++)
		{
			if (!search->active[t] || search->high[t] >= 0)
				continue;
			if (!is_over(search, t, arm) || *price_of(search, t, arm) == search->top)
				search->high[t] = *price_of(search, t, arm);
			else
			{
				search->low[t] = *price_of(search, t, arm);
				waiting = true;
			}
		}
		step = step > search->top / 2 ? search->top : 2 * step;
	}
	return JRN_OK;
}

static jrn_status
halve_prices(price_search *search, int arm)
{
	int			i,
				t;

	for (i = 0; i < HALVINGS; i++)
	{
		for (t = 0; t < search->sets; t++)
			if (search->active[t])
				*price_of(search, t, arm) = search->low[t] + (search->high[t] - search->low[t]) / 2;
		JRN_TRY(learn(search));
		for (t = 0; t < search->sets; t++)
			if (search->active[t] && is_over(search, t, arm))
				search->low[t] = *price_of(search, t, arm);
			else if (search->active[t])
				search->high[t] = *price_of(search, t, arm);
	}
	for (t = 0; t < search->sets; t++)
		if (search->active[t])
			*price_of(search, t, arm) = search->high[t];
	return learn(search);
}

/* What bisection could not settle is given to nobody. */
static jrn_status
give_up(price_search *search)
{
	bool		any = true;
	int			t,
				a;

	while (any)
	{
		any = false;
		for (t = 0; t < search->sets; t++)
			for (a = 0; a < search->data->arms; a++)
				if (is_over(search, t, a) && *price_of(search, t, a) < search->top)
				{
					*price_of(search, t, a) = search->top;
					any = true;
				}
		if (any)
			JRN_TRY(learn(search));
	}
	return JRN_OK;
}

jrn_status
jrn_policy_learn_within(const jrn_env *env, const jrn_policy_data *data, int depth,
						const double *capacity, int64_t *prices, jrn_policy_tree *trees)
{
	price_search search;
	bool		over = true;
	int			sweep,
				a;

	memset(&search, 0, sizeof(search));
	search.env = env;
	search.data = data;
	search.depth = depth;
	search.capacity = capacity;
	search.prices = prices;
	search.trees = trees;
	search.sets = data->folds + 1;
	for (a = 0; a < data->arms && capacity[a] < 1.0; a++)
		;
	if (a == data->arms)
		return JRN_DOMAIN;
	JRN_TRY(search_begin(&search));
	JRN_TRY(learn(&search));
	for (sweep = 0; sweep < SWEEPS && over; sweep++)
	{
		over = false;
		for (a = 0; a < data->arms; a++)
		{
			if (!find_active(&search, a))
				continue;
			over = true;
			JRN_TRY(raise_prices(&search, a));
			JRN_TRY(halve_prices(&search, a));
		}
	}
	return give_up(&search);
}
