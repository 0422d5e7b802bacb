/*
 * policy_capacity.c
 *		Prices that keep trees within capacities (R-POL-5 of policy_tree.h).
 */
#include "policy_tree.h"

#include <string.h>

#define SWEEPS 3
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
	int64_t		typical;		/* a small part of the mean size of a reward */

	/* what is raised by a common step over the prices before */
	bool	   *marked;			/* [sets][arms] */
	bool	   *gone;			/* [sets][arms] given to nobody */
	bool	   *late;			/* [sets] over some capacity when the round began */
	bool	   *active;			/* [sets] */
	int64_t    *before;			/* [sets][arms] */
	int64_t    *low;			/* [sets] steps that are too small */
	int64_t    *high;			/* [sets] steps that are enough; -1: not known yet */
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
	JRN_TRY(jrn_alloc_zeroed(search->env, sets, arms * sizeof(bool), &search->marked));
	JRN_TRY(jrn_alloc_zeroed(search->env, sets, arms * sizeof(bool), &search->gone));
	JRN_TRY(jrn_alloc_array(search->env, sets, arms * sizeof(int64_t), &search->before));
	JRN_TRY(jrn_alloc_array(search->env, sets, sizeof(bool), &search->late));
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
	search->typical = (int64_t) (sum / (double) (data->n * arms) / 1024.0) + 1;
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

static bool *
gone_of(const price_search *search, int set, int arm)
{
	return search->gone + (size_t) set * (size_t) search->data->arms + (size_t) arm;
}

/* Do the marked strategies of a training set get more rows than there is room for? */
static bool
marked_over(const price_search *search, int set)
{
	size_t		base = (size_t) set * (size_t) search->data->arms;
	double		capacity = 0.0;
	int64_t		given = 0;
	int			a;

	for (a = 0; a < search->data->arms; a++)
		if (search->marked[base + (size_t) a])
		{
			capacity += search->capacity[a];
			given += search->given[base + (size_t) a];
		}
	return is_wanted(search, set) && capacity < 1.0 && (double) given > capacity * (double) search->rows[set];
}

/* Prices of the marked strategies a step above those before; none beyond the top. */
static void
set_step(price_search *search, int set, int64_t step)
{
	size_t		base = (size_t) set * (size_t) search->data->arms;
	size_t		a;

	for (a = base; a < base + (size_t) search->data->arms; a++)
		if (search->marked[a])
			search->prices[a] = search->before[a] > search->top - step ? search->top : search->before[a] + step;
}

/* Double the steps until they are enough; at the top they are. */
static jrn_status
double_steps(price_search *search)
{
	int64_t		step = search->typical;
	bool		waiting = true;
	int			t;

	while (waiting)
	{
		waiting = false;
		for (t = 0; t < search->sets; t++)
			if (search->active[t] && search->high[t] < 0)
				set_step(search, t, step);
		JRN_TRY(learn(search));
		for (t = 0; t < search->sets; t++)
		{
			if (!search->active[t] || search->high[t] >= 0)
				continue;
			if (!marked_over(search, t) || step == search->top)
				search->high[t] = step;
			else
			{
				search->low[t] = step;
				waiting = true;
			}
		}
		step = step > search->top / 2 ? search->top : 2 * step;
	}
	return JRN_OK;
}

/* The smallest common step of the marked strategies that is enough, in every training set. */
static jrn_status
raise_marked(price_search *search)
{
	bool		any = false;
	int			i,
				t;

	for (t = 0; t < search->sets; t++)
	{
		search->active[t] = marked_over(search, t);
		search->low[t] = 0;
		search->high[t] = -1;
		any = any || search->active[t];
	}
	if (!any)
		return JRN_OK;
	memcpy(search->before, search->prices, (size_t) search->sets * (size_t) search->data->arms * sizeof(int64_t));
	JRN_TRY(double_steps(search));
	for (i = 0; i < HALVINGS; i++)
	{
		for (t = 0; t < search->sets; t++)
			if (search->active[t])
				set_step(search, t, search->low[t] + (search->high[t] - search->low[t]) / 2);
		JRN_TRY(learn(search));
		for (t = 0; t < search->sets; t++)
			if (search->active[t])
			{
				int64_t		middle = search->low[t] + (search->high[t] - search->low[t]) / 2;

				if (marked_over(search, t))
					search->low[t] = middle;
				else
					search->high[t] = middle;
			}
	}
	for (t = 0; t < search->sets; t++)
		if (search->active[t])
			set_step(search, t, search->high[t]);
	return learn(search);
}

/* All strategies that have a price or need one, together. */
static jrn_status
raise_together(price_search *search)
{
	size_t		arms = (size_t) search->data->arms;
	int			t,
				a;

	for (t = 0; t < search->sets; t++)
		for (a = 0; a < search->data->arms; a++)
			search->marked[(size_t) t * arms + (size_t) a] = search->capacity[a] < 1.0 &&
				!*gone_of(search, t, a) && (*price_of(search, t, a) > 0 || is_over(search, t, a));
	return raise_marked(search);
}

/* One strategy after the other, in training sets that are over: its price from 0. */
static jrn_status
sweep_prices(price_search *search, bool *over)
{
	size_t		arms = (size_t) search->data->arms;
	int			t,
				a;

	*over = false;
	for (t = 0; t < search->sets; t++)
	{
		search->late[t] = false;
		for (a = 0; a < search->data->arms; a++)
			search->late[t] = search->late[t] || is_over(search, t, a);
		*over = *over || search->late[t];
	}
	for (a = 0; *over && a < search->data->arms; a++)
	{
		bool		any = false;

		if (search->capacity[a] >= 1.0)
			continue;
		memset(search->marked, 0, (size_t) search->sets * arms * sizeof(bool));
		for (t = 0; t < search->sets; t++)
			if (search->late[t] && !*gone_of(search, t, a))
			{
				search->marked[(size_t) t * arms + (size_t) a] = true;
				any = any || *price_of(search, t, a) > 0;
				*price_of(search, t, a) = 0;
			}
		if (any)
			JRN_TRY(learn(search));
		JRN_TRY(raise_marked(search));
	}
	return JRN_OK;
}

/*
 * Where sweeps did not settle, the strategy with the smallest capacity that
 * still has a chance is given to nobody, and the others begin anew; false: all
 * is settled.
 */
static bool
give_up_one(price_search *search)
{
	bool		any = false;
	int			t,
				a;

	for (t = 0; t < search->sets; t++)
	{
		bool		over = false;
		int			least = -1;

		for (a = 0; a < search->data->arms; a++)
		{
			over = over || is_over(search, t, a);
			if (search->capacity[a] < 1.0 && !*gone_of(search, t, a) &&
				(least < 0 || search->capacity[a] < search->capacity[least]))
				least = a;
		}
		if (!over || least < 0)
			continue;
		any = true;
		*gone_of(search, t, least) = true;
		for (a = 0; a < search->data->arms; a++)
			*price_of(search, t, a) = *gone_of(search, t, a) ? search->top : 0;
	}
	return any;
}

jrn_status
jrn_policy_learn_within(const jrn_env *env, const jrn_policy_data *data, int depth,
						const double *capacity, int64_t *prices, jrn_policy_tree *trees)
{
	price_search search;
	bool		over = true;
	int			capped = 0;
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
	for (a = 0; a < data->arms; a++)
		capped += capacity[a] < 1.0;
	if (capped == data->arms)
		return JRN_DOMAIN;
	JRN_TRY(search_begin(&search));
	do
	{
		over = true;
		JRN_TRY(learn(&search));
		if (capped > 1)
			JRN_TRY(raise_together(&search));
		for (sweep = 0; sweep < SWEEPS && over; sweep++)
			JRN_TRY(sweep_prices(&search, &over));
	} while (give_up_one(&search));
	return JRN_OK;
}
