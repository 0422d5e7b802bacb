/*
 * memory_order.c
 *		Memory of journeys (see memory_order.h).
 */
#include <math.h>
#include <string.h>

#include "memory_order.h"

#include "../core/sums.h"

#define EVENTS_PER_TICK 65536
#define TRANSITIONS_PER_PARAMETER 5.0

/* What the orders of one call share. */
typedef struct memory_call
{
	const jrn_env *env;
	const jrn_map *map;
	size_t		skip;			/* M of R-MEM-2 */
	uint64_t	events;			/* judged */
	int32_t		k;				/* folds */
	int32_t    *fold;			/* by customer */
	double	   *loss;			/* by customer, of the order at hand */
} memory_call;

/* Counts of one order: contexts x next events. */
typedef struct memory_counts
{
	size_t		contexts;		/* K^r */
	uint32_t   *all;
	uint32_t   *all_sums;		/* by context */
	uint32_t   *held;			/* of one fold */
	uint32_t   *held_sums;
} memory_counts;

/* behind[r]: events with at least r others before them, r up to highest. */
static jrn_status
events_behind(const jrn_env *env, const jrn_map *map, int32_t highest, uint64_t *behind)
{
	size_t		c;
	int32_t		r;

	memset(behind, 0, ((size_t) highest + 1) * sizeof(uint64_t));
	for (c = 0; c < map->n_customers; c++)
	{
		size_t		n = (size_t) map->ends[c] - jrn_map_first(map, c);

		for (r = 0; r <= highest && n > (size_t) r; r++)
			behind[r] += n - (size_t) r;
		if (c % EVENTS_PER_TICK == 0)
			JRN_TICK(env);
	}
	return JRN_OK;
}

/* R-MEM-1 and R-MEM-2; gives M, or -1 when no order can be judged. */
static int32_t
judge_orders(const jrn_map *map, int32_t max_order, const uint64_t *behind, jrn_memory_row *rows)
{
	const double transitions = (double) behind[1];
	double		parameters = (double) map->k - 1.0;
	int32_t		highest = -1;
	int32_t		order;

	for (order = 0; order <= max_order; order++)
	{
		jrn_memory_row *row = &rows[order];

		row->parameters = parameters;
		row->log_loss = row->std_error = row->aic = row->bic = NAN;
		row->chosen = false;
		row->status = "too_few";
		if (TRANSITIONS_PER_PARAMETER * parameters > transitions)
			row->status = transitions > 0.0 ? "refused" : "too_few";
		else if (highest == order - 1 && map->n_customers > 1 &&
				 fmax(parameters, 1.0) <= (double) behind[order])
			highest = order;
		parameters *= map->k;
	}
	for (order = 0; order <= highest; order++)
		rows[order].status = map->n_customers < JRN_SYMBOLS_LOW_N ? "low_n" : "ok";
	return highest;
}

static jrn_status
counts_begin(const jrn_env *env, int32_t states, int32_t order, memory_counts *counts)
{
	size_t		cells;
	int32_t		i;

	counts->contexts = 1;
	for (i = 0; i < order; i++)
		counts->contexts *= (size_t) states;	/* at most events/5, R-MEM-1 */
	cells = counts->contexts * (size_t) states;
	JRN_TRY(jrn_alloc_zeroed(env, cells, sizeof(uint32_t), &counts->all));
	JRN_TRY(jrn_alloc_zeroed(env, counts->contexts, sizeof(uint32_t), &counts->all_sums));
	JRN_TRY(jrn_alloc_array(env, cells, sizeof(uint32_t), &counts->held));
	return jrn_alloc_array(env, counts->contexts, sizeof(uint32_t), &counts->held_sums);
}

static void
counts_end(const jrn_env *env, memory_counts *counts)
{
	jrn_release(env, counts->all);
	jrn_release(env, counts->all_sums);
	jrn_release(env, counts->held);
	jrn_release(env, counts->held_sums);
}

/* The minus log probability of one event, R-MEM-3. */
static double
surprise(const memory_call *call, const memory_counts *counts, size_t context, size_t cell)
{
	double		n = (double) (counts->all[cell] - counts->held[cell]);
	double		sum = (double) (counts->all_sums[context] - counts->held_sums[context]);

	return -log((n + 0.5 / call->map->k) / (sum + 0.5));
}

typedef enum memory_task
{
	COUNT_ALL,
	COUNT_FOLD,
	SCORE_FOLD
} memory_task;

/* One customer's judged events under one order. */
static void
visit_customer(const memory_call *call, memory_counts *counts, size_t c, memory_task task)
{
	const size_t states = (size_t) call->map->k;
	const uint16_t *codes = call->map->codes;
	const size_t end = (size_t) call->map->ends[c];
	size_t		e = jrn_map_first(call->map, c);
	size_t		judged = e + call->skip;
	size_t		context = 0;
	double		loss = 0.0;

	for (; e < end; e++)
	{
		size_t		cell = context * states + codes[e];

		if (e >= judged)
		{
			if (task == SCORE_FOLD)
				loss += surprise(call, counts, context, cell);
			else
			{
				(task == COUNT_ALL ? counts->all : counts->held)[cell]++;
				(task == COUNT_ALL ? counts->all_sums : counts->held_sums)[context]++;
			}
		}
		context = cell % counts->contexts;
	}
	if (task == SCORE_FOLD)
		call->loss[c] = loss;
}

/* f below 0: all customers. */
static jrn_status
visit_fold(const memory_call *call, memory_counts *counts, int32_t f, memory_task task)
{
	size_t		work = 0;
	size_t		c;

	for (c = 0; c < call->map->n_customers; c++)
	{
		if (f >= 0 && call->fold[c] != f)
			continue;
		visit_customer(call, counts, c, task);
		work += (size_t) call->map->ends[c] - jrn_map_first(call->map, c);
		if (work >= EVENTS_PER_TICK / 4)
		{
			work = 0;
			JRN_TICK(call->env);
		}
	}
	return JRN_OK;
}

/* R-MEM-3, from the losses of the customers. */
static void
summarise(const memory_call *call, jrn_memory_row *row)
{
	const jrn_map *map = call->map;
	const double n = (double) call->events;
	jrn_acc		total = {0.0, 0.0};
	jrn_acc		squares = {0.0, 0.0};
	double		customers = 0.0;
	size_t		c;

	for (c = 0; c < map->n_customers; c++)
		jrn_acc_add(&total, call->loss[c]);
	row->log_loss = jrn_acc_value(&total) / n;
	for (c = 0; c < map->n_customers; c++)
	{
		size_t		length = (size_t) map->ends[c] - jrn_map_first(map, c);

		if (length > call->skip)
		{
			double		off = call->loss[c] - (double) (length - call->skip) * row->log_loss;

			jrn_acc_add(&squares, off * off);
			customers += 1.0;
		}
	}
	if (customers > 1.0)
		row->std_error = sqrt(customers / (customers - 1.0) * jrn_acc_value(&squares)) / n;
}

/* R-MEM-5 */
static jrn_status
criteria(const memory_call *call, const memory_counts *counts, jrn_memory_row *row)
{
	const size_t states = (size_t) call->map->k;
	jrn_acc		log_likelihood = {0.0, 0.0};
	size_t		i;

	for (i = 0; i < counts->contexts * states; i++)
	{
		if (counts->all[i] > 0)
			jrn_acc_add(&log_likelihood, counts->all[i] *
						log((double) counts->all[i] / (double) counts->all_sums[i / states]));
		if (i % EVENTS_PER_TICK == 0)
			JRN_TICK(call->env);
	}
	row->aic = -2.0 * jrn_acc_value(&log_likelihood) + 2.0 * row->parameters;
	row->bic = -2.0 * jrn_acc_value(&log_likelihood) + row->parameters * log((double) call->events);
	return JRN_OK;
}

static jrn_status
judge_order(memory_call *call, int32_t order, jrn_memory_row *row)
{
	memory_counts counts;
	int32_t		f;

	JRN_TRY(counts_begin(call->env, call->map->k, order, &counts));
	JRN_TRY(visit_fold(call, &counts, -1, COUNT_ALL));
	for (f = 0; f < call->k; f++)
	{
		JRN_TICK(call->env);
		memset(counts.held, 0, counts.contexts * (size_t) call->map->k * sizeof(uint32_t));
		memset(counts.held_sums, 0, counts.contexts * sizeof(uint32_t));
		JRN_TRY(visit_fold(call, &counts, f, COUNT_FOLD));
		JRN_TRY(visit_fold(call, &counts, f, SCORE_FOLD));
	}
	summarise(call, row);
	JRN_TRY(criteria(call, &counts, row));
	counts_end(call->env, &counts);
	return JRN_OK;
}

/* R-MEM-4 */
static void
choose(jrn_memory_row *rows, int32_t highest)
{
	int32_t		best = 0;
	int32_t		order;

	for (order = 1; order <= highest; order++)
		if (rows[order].log_loss < rows[best].log_loss)
			best = order;
	for (order = 0; order < best; order++)
		if (rows[order].log_loss <= rows[best].log_loss + rows[best].std_error)
			break;
	rows[order].chosen = true;
}

jrn_status
jrn_memory_order(const jrn_env *env, const jrn_map *map, int32_t max_order, int32_t k,
				 uint64_t seed, jrn_memory_row *rows)
{
	uint64_t	behind[JRN_MEMORY_MAX_ORDER + 2];
	memory_call call;
	int32_t		highest;
	int32_t		order;

	if (max_order < 0 || max_order > JRN_MEMORY_MAX_ORDER || k < 2)
		return JRN_DOMAIN;
	JRN_TRY(events_behind(env, map, max_order + 1, behind));
	highest = judge_orders(map, max_order, behind, rows);
	if (highest < 0)
		return JRN_OK;
	call.env = env;
	call.map = map;
	call.skip = (size_t) highest;
	call.events = behind[highest];
	call.k = k;
	JRN_TRY(jrn_alloc_array(env, map->n_customers, sizeof(int32_t), &call.fold));
	JRN_TRY(jrn_alloc_array(env, map->n_customers, sizeof(double), &call.loss));
	JRN_TRY(jrn_symbols_folds(env, map, seed, &call.k, call.fold));
	for (order = 0; order <= highest; order++)
		JRN_TRY(judge_order(&call, order, &rows[order]));
	choose(rows, highest);
	return JRN_OK;
}
