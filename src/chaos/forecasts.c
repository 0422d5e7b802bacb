/*
 * forecasts.c
 *		Prefixes of journeys, cross-validated (see forecasts.h).
 */
#include <math.h>
#include <string.h>

#include "forecasts.h"

#include "../core/sort.h"
#include "../validation/crossval.h"

#define ROWS_PER_TICK 1024

/* Columns that name a touchpoint, before those that count. */
#define OPENING 0
#define LAST 1
#define COUNTS 2

typedef struct forecast_call
{
	const jrn_env *env;
	const jrn_map *map;
	const jrn_forecast_options *options;
	jrn_forecasts *forecasts;
	uint16_t   *word_of_label;	/* [k] from 1 on; 0 is "none" */
	int			words;
	int			columns;
	bool	   *is_label;
	double	   *features;
	double	   *counts;			/* [words] events so far */
	jrn_design	design;
	int32_t    *fold_of_customer;
} forecast_call;

/* ---- vocabulary (R-FORE-3) ---- */

typedef struct word
{
	int64_t		visits;
	int32_t		label;
} word;

#define WORD_BEFORE(ctx, a, b) \
	((a).visits != (b).visits ? (a).visits > (b).visits : (a).label < (b).label)
JRN_SORT_DEFINE(sort_words, word, const void *, WORD_BEFORE)

static jrn_status
choose_words(forecast_call *call)
{
	const size_t k = (size_t) call->map->k;
	word	   *words;
	size_t		i;

	JRN_TRY(jrn_alloc_array(call->env, k, sizeof(word), &words));
	JRN_TRY(jrn_alloc_array(call->env, k, sizeof(uint16_t), &call->word_of_label));
	for (i = 0; i < k; i++)
	{
		words[i].visits = call->map->visits[i];
		words[i].label = (int32_t) i;
	}
	JRN_TRY(sort_words(call->env, words, k, NULL));
	for (i = 0; i < k; i++)
		call->word_of_label[words[i].label] =
			(uint16_t) (i < JRN_FORECAST_WORDS ? i + 1 : JRN_FORECAST_WORDS + 1);
	call->words = (int) (k <= JRN_FORECAST_WORDS ? k : JRN_FORECAST_WORDS + 1);
	jrn_release(call->env, words);
	return JRN_OK;
}

/* ---- rows ---- */

static jrn_status
begin_design(forecast_call *call)
{
	jrn_design *design = &call->design;
	int			column;
	int			w;

	call->columns = COUNTS + call->words + 1;
	JRN_TRY(jrn_alloc_zeroed(call->env, (size_t) call->columns, sizeof(bool), &call->is_label));
	JRN_TRY(jrn_alloc_array(call->env, (size_t) call->columns, sizeof(double), &call->features));
	JRN_TRY(jrn_alloc_array(call->env, (size_t) call->words, sizeof(double), &call->counts));
	call->is_label[OPENING] = call->is_label[LAST] = true;
	design->feature_count = call->columns;
	design->is_label = call->is_label;
	design->has_key = true;
	design->has_number = true;
	design->keep_keys = call->options->folds > JRN_CELLS / 4 ? INT64_MAX : JRN_BUCKET_KEYS;	/* as the plan needs */
	JRN_TRY(jrn_design_begin(design, call->env, call->options->row_file, call->options->tile_file,
							 call->options->memory_limit));
	/* levels in the order of their codes; "none" is the one without a column */
	for (column = OPENING; column <= LAST; column++)
		for (w = 0; w <= call->words; w++)
		{
			const char	bytes[1] = {(char) w};
			uint32_t	code;

			JRN_TRY(jrn_labels_intern(&design->labels[column], bytes, sizeof(bytes), &code));
		}
	return JRN_OK;
}

/* R-FORE-2: the columns after the event at place t of a journey, from 0. */
static void
fill_features(forecast_call *call, uint16_t label, size_t t)
{
	const int	own = call->word_of_label[label];
	double	   *x = call->features;
	int			w;

	call->counts[own - 1] += 1.0;
	x[OPENING] = t == 0 ? own : 0;
	x[LAST] = t == 0 ? 0 : own;
	for (w = 0; w < call->words; w++)
		x[COUNTS + w] = t == 0 ? 0.0 : sqrt(call->counts[w]);
	x[COUNTS + call->words] = sqrt((double) t);
}

/* Customer and event in one number, to be told them again. */
static int64_t
row_number(size_t customer, size_t event)
{
	return (int64_t) ((uint64_t) customer << 32 | (uint64_t) event);
}

static jrn_status
append_journey(forecast_call *call, size_t c, size_t *rows)
{
	const jrn_map *map = call->map;
	const size_t first = jrn_map_first(map, c);
	const uint64_t hash = map->hashes[c];
	char		key[8];
	jrn_row		row;
	size_t		e;
	int			i;

	for (i = 0; i < 8; i++)
		key[i] = (char) (hash >> (8 * i) & 0xff);
	memset(&row, 0, sizeof(row));
	row.key = key;
	row.key_size = sizeof(key);
	row.features = call->features;
	row.y = jrn_map_scaled(map, map->outcomes[c]);
	row.weight = 1.0;
	memset(call->counts, 0, (size_t) call->words * sizeof(double));
	for (e = first; e < map->ends[c]; e++)
	{
		fill_features(call, map->codes[e], e - first);
		row.number = row_number(c, e);
		JRN_TRY(jrn_design_append(&call->design, &row));
		if (++*rows % ROWS_PER_TICK == 0)
			JRN_TICK(call->env);
	}
	return JRN_OK;
}

static jrn_status
fill_design(forecast_call *call)
{
	size_t		rows = 0;
	size_t		c;

	JRN_TRY(begin_design(call));
	for (c = 0; c < call->map->n_customers; c++)
		if (!isnan(call->map->outcomes[c]))		/* R-FORE-1 */
			JRN_TRY(append_journey(call, c, &rows));
	return jrn_design_finish(&call->design);
}

/* ---- forecasts ---- */

static jrn_status
take_forecast(void *arg, int lambda, int repeat, int fold, int64_t number, int64_t cluster,
			  double observed, double predicted)
{
	forecast_call *call = arg;
	const size_t customer = (size_t) ((uint64_t) number >> 32);
	const size_t event = (size_t) ((uint64_t) number & UINT32_MAX);
	const double lowest = call->map->binary ? 0.0 : -1.0;

	(void) lambda;
	(void) repeat;
	(void) cluster;
	(void) observed;
	call->fold_of_customer[customer] = fold;
	call->forecasts->after[event] = isnan(predicted) ? NAN : fmin(fmax(predicted, lowest), 1.0);	/* R-FORE-6 */
	return JRN_OK;
}

static jrn_status
cross_validate(forecast_call *call)
{
	static const bool squared[JRN_METRICS] = {[JRN_METRIC_RMSE] = true};
	static const bool brier[JRN_METRICS] = {[JRN_METRIC_BRIER] = true};
	const double lambda = JRN_FORECAST_RIDGE / (double) call->design.n;
	jrn_plan	plan;
	jrn_plan_fault fault;
	jrn_cv_request request;
	jrn_cv_result result;

	memset(&request, 0, sizeof(request));
	memset(&result, 0, sizeof(result));
	request.family = call->map->binary ? JRN_BINOMIAL : JRN_GAUSSIAN;	/* R-FORE-4 */
	request.penalty = JRN_PENALTY_RIDGE;
	request.lambdas = &lambda;
	request.lambda_count = 1;
	request.repeats = 1;
	request.wanted = call->map->binary ? brier : squared;
	request.route = JRN_CV_ROWS;
	JRN_TRY(jrn_plan_begin(&plan, call->env, &call->design, JRN_FOLDS_AUTO, call->options->folds,
						   call->options->seed, &fault));
	return jrn_cross_validate(call->env, &plan, call->options->fold_file, &request, &result,
							  take_forecast, call);
}

/* R-FORE-5 */
static jrn_status
set_bases(forecast_call *call)
{
	const jrn_map *map = call->map;
	const size_t folds = (size_t) call->options->folds;
	double	   *sums;
	double	   *numbers;
	double		sum = 0.0;
	size_t		c;
	size_t		e;

	JRN_TRY(jrn_alloc_zeroed(call->env, folds, sizeof(double), &sums));
	JRN_TRY(jrn_alloc_zeroed(call->env, folds, sizeof(double), &numbers));
	for (c = 0; c < map->n_customers; c++)
		if (!isnan(map->outcomes[c]))
		{
			double		y = jrn_map_scaled(map, map->outcomes[c]);

			sum += y;
			sums[call->fold_of_customer[c]] += y;
			numbers[call->fold_of_customer[c]] += 1.0;
		}
	for (c = 0; c < map->n_customers; c++)
	{
		double		others;

		if (c % ROWS_PER_TICK == 0)
			JRN_TICK(call->env);
		if (isnan(map->outcomes[c]))
			continue;
		others = (double) map->n_known - numbers[call->fold_of_customer[c]];
		if (!(others > 0.0))
			return JRN_TOO_FEW;
		call->forecasts->base[c] = (sum - sums[call->fold_of_customer[c]]) / others;
		for (e = jrn_map_first(map, c); e < map->ends[c]; e++)
			if (isnan(call->forecasts->after[e]))
				call->forecasts->after[e] = call->forecasts->base[c];
	}
	return JRN_OK;
}

jrn_status
jrn_forecast(const jrn_env *env, const jrn_map *map, const jrn_forecast_options *options,
			 jrn_forecasts *forecasts)
{
	forecast_call call;
	size_t		i;

	if (options->folds < 2)
		return JRN_DOMAIN;
	if (map->n_known < (size_t) options->folds)
		return JRN_TOO_FEW;
	if (map->n_customers > UINT32_MAX >> 1)
		return JRN_LIMIT;
	memset(&call, 0, sizeof(call));
	call.env = env;
	call.map = map;
	call.options = options;
	call.forecasts = forecasts;
	JRN_TRY(jrn_alloc_array(env, map->n_events, sizeof(double), &forecasts->after));
	JRN_TRY(jrn_alloc_array(env, map->n_customers, sizeof(double), &forecasts->base));
	JRN_TRY(jrn_alloc_zeroed(env, map->n_customers, sizeof(int32_t), &call.fold_of_customer));
	for (i = 0; i < map->n_events; i++)
		forecasts->after[i] = NAN;
	for (i = 0; i < map->n_customers; i++)
		forecasts->base[i] = NAN;
	JRN_TRY(choose_words(&call));
	JRN_TRY(fill_design(&call));
	if (call.design.clusters < options->folds)
		return JRN_TOO_FEW;
	JRN_TRY(cross_validate(&call));
	return set_bases(&call);
}
