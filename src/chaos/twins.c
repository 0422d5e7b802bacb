/*
 * twins.c
 *		Customers into strata of twins (see twins.h).
 */
#include <math.h>
#include <string.h>

#include "../core/multiple.h"
#include "../core/sort.h"
#include "twins.h"

#define WORK_PER_TICK 65536

/* States that are no touchpoints; outcomes come behind STATE_ENDED. */
#define STATE_UNKNOWN UINT32_MAX
#define STATE_OUTCOME (UINT32_MAX - 1)	/* until the outcomes are numbered */

struct jrn_twin_customer
{
	uint64_t	hash;
	double		covariate;
	double		outcome;
};

jrn_status
jrn_twins_begin(jrn_twins *twins, const jrn_env *env, const jrn_twins_options *options)
{
	if (options->prefix < 0 || options->prefix > JRN_TWINS_MAX_PREFIX ||
		options->horizon < 1 || options->horizon > JRN_TWINS_MAX_HORIZON)
		return JRN_DOMAIN;
	if (options->labels > JRN_TWINS_MAX_STATES)
		return JRN_LIMIT;
	memset(twins, 0, sizeof(*twins));
	twins->env = env;
	twins->options = *options;
	return JRN_OK;
}

/* State at an event number (from 0) that may lie behind the end. */
static uint32_t
state_at(const jrn_twins *twins, const uint32_t *labels, size_t n, size_t at, double outcome)
{
	if (at < n)
		return labels[at];
	if (twins->options.has_outcome)
		return isnan(outcome) ? STATE_UNKNOWN : STATE_OUTCOME;	/* R-TWIN-2 */
	return n == (size_t) twins->options.prefix + 1 ? twins->options.labels : labels[n - 1];	/* R-TWIN-1 */
}

static double
value_at(const jrn_twins *twins, const double *values, size_t n, size_t at, double outcome)
{
	if (at < n)
		return values[at];
	return twins->options.has_outcome && isnan(outcome) ? NAN : values[n - 1];
}

jrn_status
jrn_twins_add(jrn_twins *twins, uint64_t hash, double covariate,
			  const uint32_t *labels, const double *values, size_t n, double outcome)
{
	const size_t key = (size_t) twins->options.prefix + 1;
	struct jrn_twin_customer *customer;
	size_t		i;

	if (n < key)
		return JRN_OK;			/* nothing after the prefix */
	if (twins->n >= UINT32_MAX - 1)
		return JRN_LIMIT;
	JRN_TRY(jrn_grow_array(twins->env, twins->n, &twins->capacity, sizeof(struct jrn_twin_customer), &twins->customers));
	customer = &twins->customers[twins->n++];
	customer->hash = hash;
	customer->covariate = covariate + 0.0;
	customer->outcome = outcome + 0.0;
	for (i = 0; i < key; i++)
	{
		if (labels[i] >= twins->options.labels)
			return JRN_DOMAIN;
		JRN_TRY(jrn_grow_array(twins->env, twins->key_count, &twins->key_capacity, sizeof(uint32_t), &twins->keys));
		twins->keys[twins->key_count++] = labels[i];
	}
	for (i = 0; i < (size_t) twins->options.horizon; i++)
	{
		if (twins->options.numeric)
		{
			double		value = value_at(twins, values, n, key + i, outcome);

			if (isinf(value))
				return JRN_NONFINITE;
			JRN_TRY(jrn_grow_array(twins->env, twins->value_count, &twins->value_capacity, sizeof(double), &twins->values));
			twins->values[twins->value_count++] = value;
			continue;
		}
		JRN_TRY(jrn_grow_array(twins->env, twins->state_count, &twins->state_capacity, sizeof(uint32_t), &twins->states));
		twins->states[twins->state_count++] = state_at(twins, labels, n, key + i, outcome);
	}
	return JRN_OK;
}

/* ---- strata ---- */

static int
compare_numbers(double x, double y)
{
	if (isnan(x) || isnan(y))
		return isnan(x) - isnan(y);
	return (x > y) - (x < y);
}

/* By what makes twins: covariate and prefix. */
static int
compare_prefix(const jrn_twins *twins, uint32_t x, uint32_t y)
{
	const size_t key = (size_t) twins->options.prefix + 1;
	const uint32_t *a = twins->keys + x * key;
	const uint32_t *b = twins->keys + y * key;
	int			order = compare_numbers(twins->customers[x].covariate, twins->customers[y].covariate);
	size_t		i;

	for (i = 0; order == 0 && i + 1 < key; i++)
		order = (a[i] > b[i]) - (a[i] < b[i]);
	return order;
}

static uint32_t
continuation(const jrn_twins *twins, uint32_t customer)
{
	const size_t key = (size_t) twins->options.prefix + 1;

	return twins->keys[customer * key + key - 1];
}

static bool
stands_before(const jrn_twins *twins, uint32_t x, uint32_t y)
{
	int			order = compare_prefix(twins, x, y);

	if (order != 0)
		return order < 0;
	if (continuation(twins, x) != continuation(twins, y))
		return continuation(twins, x) < continuation(twins, y);
	return x < y;
}

JRN_SORT_DEFINE(sort_customers, uint32_t, const jrn_twins *, stands_before)

/* A run of customers with the same continuation. */
typedef struct branch
{
	size_t		begin;
	size_t		count;
} branch;

/* The two most frequent continuations of order[begin .. end - 1]; the first in byte order of equals. */
static void
find_branches(const jrn_twins *twins, const uint32_t *order, size_t begin, size_t end, branch *a, branch *b)
{
	size_t		i = begin;

	memset(a, 0, sizeof(*a));
	memset(b, 0, sizeof(*b));
	while (i < end)
	{
		branch		run = {i, 0};

		while (i < end && continuation(twins, order[i]) == continuation(twins, order[run.begin]))
			i++;
		run.count = i - run.begin;
		if (run.count > a->count)
		{
			*b = *a;
			*a = run;
		}
		else if (run.count > b->count)
			*b = run;
	}
}

/* Strata with 2 customers on both sides; kept lists their customers, A before B. */
static jrn_status
divide(jrn_twins *twins, const uint32_t *order, uint32_t *kept)
{
	size_t		capacity = 0;
	size_t		begin = 0;

	while (begin < twins->n)
	{
		size_t		end = begin + 1;
		branch		a,
					b;
		jrn_twin_stratum *stratum;

		while (end < twins->n && compare_prefix(twins, order[begin], order[end]) == 0)
			if (end++ % WORK_PER_TICK == 0)
				JRN_TICK(twins->env);
		find_branches(twins, order, begin, end, &a, &b);
		begin = end;
		twins->forked |= b.count > 0;
		if (b.count < 2)
			continue;
		JRN_TRY(jrn_grow_array(twins->env, twins->n_strata, &capacity, sizeof(jrn_twin_stratum), &twins->strata));
		stratum = &twins->strata[twins->n_strata++];
		memcpy(kept + twins->rows, order + a.begin, a.count * sizeof(uint32_t));
		memcpy(kept + twins->rows + a.count, order + b.begin, b.count * sizeof(uint32_t));
		stratum->begin = twins->rows;
		stratum->middle = twins->rows + a.count;
		stratum->end = twins->rows + a.count + b.count;
		stratum->cells = 0;
		twins->rows = stratum->end;
	}
	return JRN_OK;
}

/* ---- touchpoints: cells of strata ---- */

/* Numbers the outcomes in ascending order behind the touchpoints. */
static jrn_status
number_outcomes(jrn_twins *twins, uint32_t *states)
{
	const size_t horizon = (size_t) twins->options.horizon;
	double	   *distinct;
	size_t		count = 0;
	size_t		kept = 0;
	size_t		c,
				k;

	JRN_TRY(jrn_alloc_array(twins->env, twins->n, sizeof(double), &distinct));
	for (c = 0; c < twins->n; c++)
		if (!isnan(twins->customers[c].outcome))
			distinct[count++] = twins->customers[c].outcome;
	JRN_TRY(jrn_sort_doubles(twins->env, distinct, count));
	for (c = 0; c < count; c++)
		if (kept == 0 || distinct[c] != distinct[kept - 1])
			distinct[kept++] = distinct[c];
	for (c = 0; c < twins->n && kept > 0; c++)
	{
		size_t		low = 0;
		size_t		high = kept - 1;

		while (low < high)
		{
			size_t		middle = low + (high - low) / 2;

			if (distinct[middle] < twins->customers[c].outcome)
				low = middle + 1;
			else
				high = middle;
		}
		for (k = 0; k < horizon; k++)
			if (twins->states[c * horizon + k] == STATE_OUTCOME)
				twins->states[c * horizon + k] = twins->options.labels + 1 + (uint32_t) low;
		if (c % (WORK_PER_TICK / 64) == 0)
			JRN_TICK(twins->env);
	}
	*states = twins->options.labels + 1 + (uint32_t) kept;
	jrn_release(twins->env, distinct);
	return JRN_OK;
}

/* Cells of one stratum: numbers of states in order of appearance, by step. */
typedef struct numbering
{
	uint32_t   *seen;			/* by state: stamp of the step that last had it */
	uint32_t   *cell;			/* by state, of that step */
	uint32_t	stamp;
} numbering;

static jrn_status
number_cells(jrn_twins *twins, numbering *numbers, size_t stratum, const uint32_t *kept)
{
	const size_t horizon = (size_t) twins->options.horizon;
	const jrn_twin_stratum *s = &twins->strata[stratum];
	uint32_t   *bounds = twins->step_cells + stratum * (horizon + 1);
	uint32_t	cells = 0;
	size_t		k,
				row;

	for (k = 0; k < horizon; k++)
	{
		bounds[k] = cells++;	/* of unknown states */
		numbers->stamp++;
		for (row = s->begin; row < s->end; row++)
		{
			uint32_t	state = twins->states[kept[row] * horizon + k];

			if (row % (WORK_PER_TICK / 4) == 0)
				JRN_TICK(twins->env);
			if (state == STATE_UNKNOWN)
			{
				twins->codes[row * horizon + k] = bounds[k];
				continue;
			}
			if (numbers->seen[state] != numbers->stamp)
			{
				numbers->seen[state] = numbers->stamp;
				numbers->cell[state] = cells++;
			}
			twins->codes[row * horizon + k] = numbers->cell[state];
		}
	}
	bounds[horizon] = cells;
	return JRN_OK;
}

static jrn_status
count_totals(jrn_twins *twins, size_t cells)
{
	const size_t horizon = (size_t) twins->options.horizon;
	size_t		s,
				i;

	JRN_TRY(jrn_alloc_zeroed(twins->env, cells, sizeof(uint32_t), &twins->totals));
	for (s = 0; s < twins->n_strata; s++)
	{
		uint32_t   *totals = twins->totals + twins->strata[s].cells;

		for (i = twins->strata[s].begin * horizon; i < twins->strata[s].end * horizon; i++)
		{
			totals[twins->codes[i]]++;
			if (i % WORK_PER_TICK == 0)
				JRN_TICK(twins->env);
		}
	}
	return JRN_OK;
}

static jrn_status
make_cells(jrn_twins *twins, const uint32_t *kept)
{
	const size_t horizon = (size_t) twins->options.horizon;
	numbering	numbers;
	uint32_t	states;
	size_t		cells = 0;
	size_t		work = 0;
	size_t		s;

	JRN_TRY(number_outcomes(twins, &states));
	JRN_TRY(jrn_alloc_zeroed(twins->env, states, sizeof(uint32_t), &numbers.seen));
	JRN_TRY(jrn_alloc_array(twins->env, states, sizeof(uint32_t), &numbers.cell));
	numbers.stamp = 0;
	if (twins->n_strata * horizon >= UINT32_MAX || twins->rows * horizon >= UINT32_MAX)
		return JRN_LIMIT;
	JRN_TRY(jrn_alloc_array(twins->env, twins->n_strata * (horizon + 1), sizeof(uint32_t), &twins->step_cells));
	JRN_TRY(jrn_alloc_array(twins->env, twins->rows * horizon, sizeof(uint32_t), &twins->codes));
	for (s = 0; s < twins->n_strata; s++)
	{
		uint32_t	mine;

		JRN_TRY(number_cells(twins, &numbers, s, kept));
		mine = jrn_twin_cells(twins, s)[horizon];
		twins->strata[s].cells = cells;
		twins->most_cells = mine > twins->most_cells ? mine : twins->most_cells;
		cells += mine;
		work += (twins->strata[s].end - twins->strata[s].begin) * horizon;
		if (work >= WORK_PER_TICK)
		{
			work = 0;
			JRN_TICK(twins->env);
		}
	}
	jrn_release(twins->env, numbers.seen);
	jrn_release(twins->env, numbers.cell);
	return count_totals(twins, cells);
}

/* ---- numbers ---- */

/* Less the mean of the stratum and step: differences stay, cancellation goes. */
static jrn_status
centre_step(jrn_twins *twins, const jrn_twin_stratum *s, size_t k)
{
	const size_t horizon = (size_t) twins->options.horizon;
	double		sum = 0.0;
	double		count = 0.0;
	size_t		row;

	for (row = s->begin; row < s->end; row++)
	{
		sum += twins->numbers[row * horizon + k];
		count += twins->known[row * horizon + k];
		if (row % (WORK_PER_TICK / 4) == 0)
			JRN_TICK(twins->env);
	}
	for (row = s->begin; row < s->end && count > 0.0; row++)
		if (twins->known[row * horizon + k] > 0.0)
			twins->numbers[row * horizon + k] -= sum / count;
	return JRN_OK;
}

static jrn_status
make_numbers(jrn_twins *twins, const uint32_t *kept)
{
	const size_t horizon = (size_t) twins->options.horizon;
	double		low = INFINITY;
	double		high = -INFINITY;
	double		middle;
	size_t		row,
				s,
				k;

	if (twins->rows * horizon >= UINT32_MAX)
		return JRN_LIMIT;
	JRN_TRY(jrn_alloc_array(twins->env, twins->rows * horizon, sizeof(double), &twins->numbers));
	JRN_TRY(jrn_alloc_array(twins->env, twins->rows * horizon, sizeof(double), &twins->known));
	for (row = 0; row < twins->rows; row++)
	{
		for (k = 0; k < horizon; k++)
		{
			double		value = twins->values[kept[row] * horizon + k];

			twins->numbers[row * horizon + k] = value;
			twins->known[row * horizon + k] = isnan(value) ? 0.0 : 1.0;
			low = fmin(low, value);
			high = fmax(high, value);
		}
		if (row % 1024 == 0)
			JRN_TICK(twins->env);
	}
	/* halves first: the sum of two large numbers need not be finite */
	middle = low / 2 + high / 2;
	twins->scale = high > low ? high / 2 - low / 2 : 1.0;
	for (s = 0; s < twins->rows * horizon; s++)
	{
		twins->numbers[s] = twins->known[s] > 0.0 ? (twins->numbers[s] - middle) / twins->scale : 0.0;
		if (s % WORK_PER_TICK == 0)
			JRN_TICK(twins->env);
	}
	for (s = 0; s < twins->n_strata; s++)
	{
		for (k = 0; k < horizon; k++)
			JRN_TRY(centre_step(twins, &twins->strata[s], k));
		if (s % 256 == 0)
			JRN_TICK(twins->env);
	}
	return JRN_OK;
}

jrn_status
jrn_twins_finish(jrn_twins *twins)
{
	uint32_t   *order;
	uint32_t   *kept;
	size_t		i;

	JRN_TRY(jrn_alloc_array(twins->env, twins->n, sizeof(uint32_t), &order));
	JRN_TRY(jrn_alloc_array(twins->env, twins->n, sizeof(uint32_t), &kept));
	for (i = 0; i < twins->n; i++)
		order[i] = (uint32_t) i;
	JRN_TRY(sort_customers(twins->env, order, twins->n, twins));
	JRN_TRY(divide(twins, order, kept));
	jrn_release(twins->env, order);
	JRN_TRY(jrn_alloc_array(twins->env, twins->rows, sizeof(uint64_t), &twins->hashes));
	for (i = 0; i < twins->rows; i++)
		twins->hashes[i] = twins->customers[kept[i]].hash;
	JRN_TRY(twins->options.numeric ? make_numbers(twins, kept) : make_cells(twins, kept));
	jrn_release(twins->env, kept);
	return JRN_OK;
}
