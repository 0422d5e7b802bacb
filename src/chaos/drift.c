/*
 * drift.c
 *		Drift of a journey map (see drift.h).
 */
#include <math.h>
#include <string.h>

#include "drift.h"

#include "../core/multiple.h"
#include "../core/random.h"

#define EVENTS_PER_TICK 65536
#define LOW_N 50

/* Values of x ln x that are tabled. */
#define LOGS 65536

/* Permutations counted in one pass over the transitions. */
#define LANES 8

/* The transitions of one customer in one window, as cells[first .. end). */
typedef struct segment
{
	uint64_t	hash;
	size_t		first;
	size_t		end;
	size_t		partner;		/* the segment of the other window, or SIZE_MAX */
	int			window;
} segment;

typedef struct drift_call
{
	const jrn_env *env;
	int32_t		k;
	segment    *segments;		/* those of the reference first */
	size_t		count;
	size_t		singles[2];		/* segments without a partner, by window */
	uint32_t   *cells;			/* transitions, as numbers of the pairs seen */
	size_t		cell_count;
	uint32_t   *pair_cell;		/* pairs seen, in order: source k + target */
	size_t		pairs;
	uint32_t   *all;			/* by pair, both windows */
	uint32_t   *part;			/* by pair, lanes innermost: the reference of a draw */
	uint64_t   *row_all;		/* by touchpoint */
	double	   *fixed;			/* by touchpoint: what G owes to both windows together */
	double	   *logs;
} drift_call;

static double
x_log_x(const drift_call *call, uint64_t x)
{
	if (x < LOGS)
		return call->logs[x];
	return (double) x * log((double) x);
}

/* Transitions of one window as cells source k + target. */
static jrn_status
append_window(drift_call *call, const jrn_drift_window *window, int number)
{
	const jrn_map *map = window->map;
	size_t		work = 0;
	size_t		c;

	for (c = 0; c < map->n_customers; c++)
	{
		const uint16_t *code = map->codes + jrn_map_first(map, c);
		const uint16_t *last = map->codes + map->ends[c] - 1;
		segment    *s = &call->segments[call->count++];

		s->hash = map->hashes[c];
		s->window = number;
		s->partner = SIZE_MAX;
		s->first = call->cell_count;
		for (; code < last; code++)
			call->cells[call->cell_count++] = (uint32_t) window->label[code[0]] * (uint32_t) call->k +
				(uint32_t) window->label[code[1]];
		s->end = call->cell_count;
		work += s->end - s->first + 1;
		if (work >= EVENTS_PER_TICK)
		{
			work = 0;
			JRN_TICK(call->env);
		}
	}
	return JRN_OK;
}

/* Both windows come by hash: one walk finds who is in both. */
static void
find_partners(drift_call *call, size_t reference)
{
	size_t		a = 0;
	size_t		b = reference;

	while (a < reference && b < call->count)
	{
		segment    *x = &call->segments[a];
		segment    *y = &call->segments[b];

		if (x->hash == y->hash)
		{
			x->partner = b++;
			y->partner = a++;
		}
		else if (x->hash < y->hash)
			a++;
		else
			b++;
	}
	for (a = 0; a < call->count; a++)
		if (call->segments[a].partner == SIZE_MAX)
			call->singles[call->segments[a].window]++;
}

/* Number the pairs that occur, and rewrite the cells. */
static jrn_status
number_pairs(drift_call *call)
{
	const size_t k = (size_t) call->k;
	uint32_t   *number;
	size_t		i;

	JRN_TRY(jrn_alloc_zeroed(call->env, k * k, sizeof(uint32_t), &number));
	for (i = 0; i < call->cell_count; i++)
		number[call->cells[i]] = 1;
	JRN_TICK(call->env);
	for (i = 0; i < k * k; i++)
		call->pairs += number[i];
	JRN_TRY(jrn_alloc_array(call->env, call->pairs, sizeof(uint32_t), &call->pair_cell));
	JRN_TRY(jrn_alloc_zeroed(call->env, call->pairs, sizeof(uint32_t), &call->all));
	JRN_TRY(jrn_alloc_array(call->env, call->pairs * LANES, sizeof(uint32_t), &call->part));
	call->pairs = 0;
	for (i = 0; i < k * k; i++)
		if (number[i] > 0)
		{
			call->pair_cell[call->pairs] = (uint32_t) i;
			number[i] = (uint32_t) call->pairs++;
		}
	for (i = 0; i < call->cell_count; i++)
	{
		call->cells[i] = number[call->cells[i]];
		call->all[call->cells[i]]++;
		if (i % EVENTS_PER_TICK == 0)
			JRN_TICK(call->env);
	}
	jrn_release(call->env, number);
	return JRN_OK;
}

/* G of every touchpoint when `part` of `all` belongs to the reference. */
static void
statistics(const drift_call *call, int lane, double *g)
{
	size_t		p = 0;

	while (p < call->pairs)
	{
		const uint32_t source = call->pair_cell[p] / (uint32_t) call->k;
		uint64_t	in = 0;
		uint64_t	total = call->row_all[source];
		double		sum = 0.0;

		for (; p < call->pairs && call->pair_cell[p] / (uint32_t) call->k == source; p++)
		{
			uint32_t	part = call->part[p * LANES + (size_t) lane];

			in += part;
			sum += x_log_x(call, part) + x_log_x(call, call->all[p] - part);
		}
		g[source] = in == 0 || in == total ? 0.0 :
			fmax(2.0 * (sum + call->fixed[source] - x_log_x(call, in) - x_log_x(call, total - in)), 0.0);
	}
}

/* The part of G that no permutation changes. */
static jrn_status
fixed_parts(drift_call *call)
{
	size_t		i;

	JRN_TRY(jrn_alloc_zeroed(call->env, (size_t) call->k, sizeof(uint64_t), &call->row_all));
	JRN_TRY(jrn_alloc_zeroed(call->env, (size_t) call->k, sizeof(double), &call->fixed));
	JRN_TRY(jrn_alloc_zeroed(call->env, LOGS, sizeof(double), &call->logs));
	for (i = 2; i < LOGS; i++)
		call->logs[i] = (double) i * log((double) i);
	for (i = 0; i < call->pairs; i++)
	{
		const uint32_t source = call->pair_cell[i] / (uint32_t) call->k;

		call->row_all[source] += call->all[i];
		call->fixed[source] -= x_log_x(call, call->all[i]);
	}
	for (i = 0; i < (size_t) call->k; i++)
		call->fixed[i] += x_log_x(call, call->row_all[i]);
	return JRN_OK;
}

/* How many of the customers with events in one window are still to be dealt. */
typedef struct deck
{
	size_t		left;
	size_t		wanted;			/* of these, for the reference */
} deck;

/* R-DRI-2: does this segment go to the reference?  Stream 0: as it is. */
static inline uint32_t
draw(const drift_call *call, size_t i, uint64_t stream, deck *cards)
{
	const segment *s = &call->segments[i];
	bool		taken;

	if (stream == 0)
		return s->window == 0;
	if (s->partner != SIZE_MAX)
	{
		/* both halves of a customer ask the same coin */
		size_t		coin = s->window == 0 ? i : s->partner;

		return (jrn_random_uniform(stream, coin) < 0.5) == (s->window == 0);
	}
	taken = jrn_random_uniform(stream, i) * (double) cards->left < (double) cards->wanted;
	cards->wanted -= taken;
	cards->left--;
	return taken;
}

static inline void
add_segment(const drift_call *call, const segment *s, const uint32_t *weights)
{
	size_t		i;
	int			lane;

	for (i = s->first; i < s->end; i++)
	{
		uint32_t   *cell = call->part + (size_t) call->cells[i] * LANES;

		for (lane = 0; lane < LANES; lane++)
			cell[lane] += weights[lane];
	}
}

/* Deal the windows anew, once per lane. */
static jrn_status
deal(const drift_call *call, const uint64_t streams[LANES])
{
	deck		cards[LANES];
	size_t		work = 0;
	size_t		i;
	int			lane;

	for (lane = 0; lane < LANES; lane++)
	{
		cards[lane].left = call->singles[0] + call->singles[1];
		cards[lane].wanted = call->singles[0];
	}
	memset(call->part, 0, call->pairs * LANES * sizeof(uint32_t));
	for (i = 0; i < call->count; i++)
	{
		uint32_t	weights[LANES];

		for (lane = 0; lane < LANES; lane++)
			weights[lane] = draw(call, i, streams[lane], &cards[lane]);
		add_segment(call, &call->segments[i], weights);
		work += 16 + call->segments[i].end - call->segments[i].first;
		if (work >= EVENTS_PER_TICK)
		{
			work = 0;
			JRN_TICK(call->env);
		}
	}
	return JRN_OK;
}

/* Observed figures and R-DRI-4. */
static void
observed(const drift_call *call, const double *g, bool low_n, jrn_drift_row *rows)
{
	size_t		p;
	int32_t		i;

	for (i = 0; i < call->k; i++)
	{
		rows[i].reference = rows[i].current = 0;
		rows[i].statistic = rows[i].p = rows[i].q = NAN;
		rows[i].status = "too_few";
	}
	for (p = 0; p < call->pairs; p++)
	{
		jrn_drift_row *row = &rows[call->pair_cell[p] / (uint32_t) call->k];
		bool		first = row->reference == 0 && row->current == 0;

		row->reference += call->part[p * LANES];
		row->current += (int64_t) (call->all[p] - call->part[p * LANES]);
		row->status = first ? "one_next" : "ok";
	}
	for (i = 0; i < call->k; i++)
		if (strcmp(rows[i].status, "too_few") != 0)
		{
			if (rows[i].reference == 0 || rows[i].current == 0)
				rows[i].status = "one_window";
			else if (strcmp(rows[i].status, "ok") == 0)
			{
				rows[i].statistic = g[i];
				rows[i].status = low_n ? "low_n" : "ok";
			}
		}
}

static jrn_status
permute(const drift_call *call, int32_t permutations, uint64_t seed, double *g, jrn_drift_row *rows)
{
	uint64_t	streams[LANES];
	int32_t		r;
	int32_t		i;
	int			lane;

	for (i = 0; i < call->k; i++)
		rows[i].p = isnan(rows[i].statistic) ? NAN : 1.0;
	for (r = 0; r < permutations; r += LANES)
	{
		for (lane = 0; lane < LANES; lane++)
			streams[lane] = jrn_seed_derive(seed, "drift", (uint64_t) (r + lane + 1)) | 1;
		JRN_TRY(deal(call, streams));
		for (lane = 0; lane < LANES && r + lane < permutations; lane++)
		{
			JRN_TICK(call->env);
			statistics(call, lane, g);
			/* equal tables may differ by rounding of the sums only */
			for (i = 0; i < call->k; i++)
				rows[i].p += g[i] >= rows[i].statistic - 1e-9 * fmax(1.0, rows[i].statistic);
		}
	}
	for (i = 0; i < call->k; i++)
		rows[i].p /= 1.0 + permutations;
	return JRN_OK;
}

static jrn_status
false_discovery(const jrn_env *env, int32_t k, jrn_drift_row *rows)
{
	double	   *p;
	double	   *q;
	int32_t		i;

	JRN_TRY(jrn_alloc_array(env, (size_t) k, sizeof(double), &p));
	JRN_TRY(jrn_alloc_array(env, (size_t) k, sizeof(double), &q));
	for (i = 0; i < k; i++)
		p[i] = rows[i].p;
	JRN_TRY(jrn_false_discovery(env, p, (size_t) k, q));
	for (i = 0; i < k; i++)
		rows[i].q = q[i];
	return JRN_OK;
}

jrn_status
jrn_map_drift(const jrn_env *env, const jrn_drift_window windows[2], int32_t k,
			  int32_t permutations, uint64_t seed, jrn_drift_row *rows)
{
	const size_t customers[2] = {windows[0].map->n_customers, windows[1].map->n_customers};
	const uint64_t as_they_are[LANES] = {0};
	drift_call	call;
	double	   *g;

	if (permutations < 1)
		return JRN_DOMAIN;
	memset(&call, 0, sizeof(call));
	call.env = env;
	call.k = k;
	JRN_TRY(jrn_alloc_array(env, customers[0] + customers[1], sizeof(segment), &call.segments));
	JRN_TRY(jrn_alloc_array(env, windows[0].map->n_events + windows[1].map->n_events,
							sizeof(uint32_t), &call.cells));
	JRN_TRY(append_window(&call, &windows[0], 0));
	JRN_TRY(append_window(&call, &windows[1], 1));
	find_partners(&call, customers[0]);
	JRN_TRY(number_pairs(&call));
	JRN_TRY(fixed_parts(&call));
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) k, sizeof(double), &g));
	JRN_TRY(deal(&call, as_they_are));
	statistics(&call, 0, g);
	observed(&call, g, customers[0] < LOW_N || customers[1] < LOW_N, rows);
	JRN_TRY(permute(&call, permutations, seed, g, rows));
	return false_discovery(env, k, rows);
}
