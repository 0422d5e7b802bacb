/*
 * pg_compare.c
 *		SQL binding of compare_models(): several models on the same folds of the
 *		same rows, and a verdict on every pair of them.
 *
 * The source is read once, with the features of all models; each model then
 * gets the blocks with its own columns (columns.h).
 *
 * R-CMP-1	All models see the same rows, folds and repeats.
 * R-CMP-2	A pair is compared on the folds in which both have a figure, and not
 *			at all when a model is missing from some fold.
 * R-CMP-3	q is taken over all pairs of the call (core/multiple.h).
 * R-CMP-4	Fewer than ten keys are too few to tell chance from difference.
 */
#include "../pg/compat.h"

#include <math.h>

#include "utils/memutils.h"

#include "../core/multiple.h"
#include "../models/pg_options.h"
#include "../pg/args.h"
#include "../pg/progress.h"
#include "../pg/rows.h"
#include "columns.h"
#include "paired.h"
#include "pg_cv.h"
#include "pg_models_arg.h"
#include "pg_verdict.h"

PG_FUNCTION_INFO_V1(journey_compare_models);

/* R-CMP-4 */
#define LEAST_KEYS 10

/* The region of equivalence when none is given. */
#define DEFAULT_EQUIVALENCE 0.01

typedef struct compared
{
	jrn_cv_result result;		/* lies in the design's context */
	double	   *scores;			/* [clusters], NULL: the metric has none */
	double		value;			/* overall figure */
	jrn_fit_status status;
	bool		one_class;
	bool		fitted;			/* in every fold */
} compared;

typedef struct compare_call
{
	journey_cv_call cv;
	jrn_metric	metric;
	double		equivalence;	/* NaN: the default */
	journey_compared_model *models;
	int			model_count;
	compared   *compared;		/* [model_count] */
	int64	   *rows_of_cluster;
} compare_call;

typedef struct pair
{
	int			a;
	int			b;
	jrn_paired	test;
	double		p_clustered;
	double		region;
	int			wins;			/* of a; -1: unknown */
	int			losses;
	const char *status;
} pair;

/* ---- arguments ---- */

/* Features of all models, each once; NULL features: those of the source. */
static void
unite_features(compare_call *call)
{
	journey_design_request *request = &call->cv.design_request;
	int			most = 0;
	int			m,
				i,
				j;

	for (m = 0; m < call->model_count; m++)
	{
		if (call->models[m].features == NULL)
			return;
		most += call->models[m].feature_count;
	}
	request->features = palloc0(((Size) most + 1) * sizeof(char *));
	for (m = 0; m < call->model_count; m++)
		for (i = 0; i < call->models[m].feature_count; i++)
		{
			for (j = 0; j < request->feature_count; j++)
				if (strcmp(request->features[j], call->models[m].features[i]) == 0)
					break;
			if (j == request->feature_count)
				request->features[request->feature_count++] = call->models[m].features[i];
		}
}

static void
read_arguments(FunctionCallInfo fcinfo, compare_call *call)
{
	int			m;

	memset(call, 0, sizeof(*call));
	journey_cv_rows(fcinfo, 5, 9, 10, &call->cv);
	journey_arg_not_null(fcinfo, 8, "seed");
	call->cv.seed = (uint64) PG_GETARG_INT64(8);
	call->cv.request.family = journey_any_family_arg(fcinfo, 4);
	journey_cv_target(&call->cv);
	call->models = journey_models_arg(fcinfo, 3, &call->model_count);
	for (m = 0; m < call->model_count; m++)
	{
		journey_penalty_check(call->cv.request.family, call->models[m].penalty);
		if (call->models[m].boosted)
			journey_cv_check_boosting(call->cv.request.family);
	}
	call->metric = journey_cv_metric(fcinfo, 7, call->cv.request.family);
	call->equivalence = PG_ARGISNULL(12) ? NAN : PG_GETARG_FLOAT8(12);
	if (!PG_ARGISNULL(12) && !(call->equivalence >= 0.0 && isfinite(call->equivalence)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("equivalence is %g, it must be finite and not negative", call->equivalence)));
	unite_features(call);
}

/* ---- models ---- */

/* Numbers of a model's features in the design, in the model's order. */
static int *
feature_numbers(const compare_call *call, const journey_compared_model *model, int *count)
{
	const journey_encoding *encoding = &call->cv.design->encoding;
	int		   *numbers;
	int			i,
				j;

	*count = model->features != NULL ? model->feature_count : encoding->feature_count;
	numbers = palloc(((Size) *count + 1) * sizeof(int));
	for (i = 0; i < *count; i++)
	{
		numbers[i] = i;
		if (model->features == NULL)
			continue;
		for (j = 0; j < encoding->feature_count; j++)
			if (strcmp(encoding->features[j].name, model->features[i]) == 0)
				break;
		if (j == encoding->feature_count)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("feature \"%s\" of model \"%s\" is not a feature column of the source",
							model->features[i], model->name)));
		numbers[i] = j;
	}
	return numbers;
}

/* Whether these are all features in the design's own order. */
static bool
is_whole(const compare_call *call, const int *numbers, int count)
{
	int			i;

	for (i = 0; i < count; i++)
		if (numbers[i] != i)
			return false;
	return count == call->cv.design->encoding.feature_count;
}

/* Keep what a model left behind; the rest of its memory goes. */
static void
keep_result(compare_call *call, const jrn_cv_request *request, const jrn_cv_result *result, compared *out)
{
	size_t		folds = (size_t) request->repeats * (size_t) result->k;
	size_t		f;
	jrn_cv_overall overall;

	out->result = *result;
	out->result.folds = MemoryContextAllocHuge(call->cv.design->context, folds * sizeof(jrn_cv_fold));
	memcpy(out->result.folds, result->folds, folds * sizeof(jrn_cv_fold));
	out->result.pooled = MemoryContextAllocHuge(call->cv.design->context,
												(size_t) request->repeats * JRN_METRICS * sizeof(double));
	memcpy(out->result.pooled, result->pooled, (size_t) request->repeats * JRN_METRICS * sizeof(double));
	jrn_cv_summarise(request, result, 0, call->metric, &overall);
	out->value = overall.estimate;
	out->status = overall.status;
	out->one_class = overall.test_one_class;
	out->fitted = true;
	for (f = 0; f < folds; f++)
		if (!jrn_fit_is_usable(result->folds[f].status))
			out->fitted = false;
}

static void
run_model(compare_call *call, int number)
{
	journey_compared_model *model = &call->models[number];
	compared   *out = &call->compared[number];
	jrn_design *full = &call->cv.design->core;
	MemoryContext own = AllocSetContextCreate(CurrentMemoryContext, "journey model", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(own);
	jrn_env		env = journey_host_env(own);
	bool		wanted[JRN_METRICS] = {false};
	journey_tempfile blocks;
	journey_tempfile routed;
	jrn_design	chosen;
	jrn_cv_request request = call->cv.request;
	jrn_cv_result result;
	jrn_plan	plan;
	int			count;
	int		   *numbers = feature_numbers(call, model, &count);

	journey_tempfile_init(&blocks);
	journey_tempfile_init(&routed);
	journey_progress_watch(own, "comparing models");
	if (is_whole(call, numbers, count))
		chosen = *full;
	else
		journey_check(jrn_design_choose(full, &env, numbers, count, &blocks.file, &chosen), "comparing models");
	chosen.env = &env;
	wanted[call->metric] = true;
	request.wanted = wanted;
	request.penalty = model->penalty;
	request.boosted = model->boosted;
	request.alpha = model->alpha;
	request.lambdas = &model->lambda;
	request.lambda_count = 1;
	request.scores[call->metric] = out->scores;
	request.score_groups = full->clusters;
	journey_cv_plan(&call->cv, &env, &chosen, &plan);
	journey_check(jrn_cross_validate(&env, &plan, &routed.file, &request, &result, NULL, NULL),
				  "comparing models");
	keep_result(call, &request, &result, out);
	journey_tempfile_close(&blocks);
	journey_tempfile_close(&routed);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(own);
}

/* ---- pairs ---- */

/* Rows of every key. */
static void
count_rows(compare_call *call)
{
	jrn_design *design = &call->cv.design->core;
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	size_t		r;

	journey_check(jrn_alloc_zeroed(&call->cv.env, (size_t) design->clusters, sizeof(int64),
								   &call->rows_of_cluster), "comparing models");
	jrn_tiles_open(design, &design->tiles, &cursor);
	for (;;)
	{
		journey_check(jrn_tiles_next(&cursor, &tile), "comparing models");
		if (tile.rows == 0)
			break;
		for (r = 0; r < tile.rows; r++)
			call->rows_of_cluster[tile.cluster[r]]++;
	}
	jrn_tiles_close(&cursor);
}

static double
region_of(const compare_call *call, const compared *a, const compared *b)
{
	if (!isnan(call->equivalence))
		return call->equivalence;
	if (call->metric == JRN_METRIC_RMSE || call->metric == JRN_METRIC_MAE ||
		call->metric == JRN_METRIC_POISSON_DEVIANCE)
		return DEFAULT_EQUIVALENCE * Min(a->value, b->value);
	return DEFAULT_EQUIVALENCE;
}

static double
clustered_p(const compare_call *call, const compared *a, const compared *b, int folds, double difference)
{
	int64		clusters = call->cv.design->core.clusters;
	bool		ranks = jrn_metric_is_rank(call->metric);
	double		all_folds = (double) a->result.k * call->cv.request.repeats;
	double	   *sums;
	double		p;
	int64		c;

	if (a->scores == NULL || b->scores == NULL)
		return NAN;
	sums = MemoryContextAllocHuge(CurrentMemoryContext, (Size) (clusters + 1) * sizeof(double));
	for (c = 0; c < clusters; c++)
		/* influences were divided by all folds, also those without a figure */
		sums[c] = (a->scores[c] - b->scores[c]) * (ranks ? all_folds / folds : 1.0);
	p = jrn_paired_clusters(sums, ranks ? NULL : call->rows_of_cluster, clusters, difference);
	pfree(sums);
	return p;
}

static void
count_wins(const compare_call *call, const compared *a, const compared *b, pair *out)
{
	int			r;

	for (r = 0; r < call->cv.request.repeats; r++)
	{
		double		va = a->result.pooled[(size_t) r * JRN_METRICS + call->metric];
		double		vb = b->result.pooled[(size_t) r * JRN_METRICS + call->metric];

		out->wins += jrn_metric_is_better(call->metric, va, vb);
		out->losses += jrn_metric_is_better(call->metric, vb, va);
	}
}

static const char *
pair_status(const compare_call *call, const compared *a, const compared *b, const jrn_paired *test)
{
	const compared *worse = !a->fitted || (b->fitted && a->status != JRN_FIT_OK) ? a : b;

	if (!a->fitted || !b->fitted)
		return jrn_fit_status_name(worse->status);
	if (call->cv.design->core.clusters < LEAST_KEYS)
		return "too_few";
	if (a->one_class && jrn_metric_is_rank(call->metric))
		return "one_class";
	if (test->count >= 2 && isnan(test->p_value))
		return "no_spread";
	return jrn_fit_status_name(worse->status);
}

static void
compare_pair(const compare_call *call, int i, int j, pair *out)
{
	const compared *a = &call->compared[i];
	const compared *b = &call->compared[j];
	int			folds = call->cv.request.repeats * a->result.k;
	double	   *differences = palloc((Size) folds * sizeof(double));
	int			count = 0;
	int			f;

	memset(out, 0, sizeof(*out));
	out->a = i;
	out->b = j;
	out->p_clustered = NAN;
	out->region = region_of(call, a, b);
	for (f = 0; f < folds && a->fitted && b->fitted; f++)
	{
		double		d = a->result.folds[f].value[call->metric] - b->result.folds[f].value[call->metric];

		if (!isnan(d))
			differences[count++] = d;
	}
	jrn_paired_folds(differences, count, jrn_cv_test_over_train(&call->cv.request, &a->result, 0),
					 out->region, JOURNEY_CV_LEVEL, &out->test);
	pfree(differences);
	if (call->cv.design->core.clusters < LEAST_KEYS)
	{
		double		difference = out->test.difference;

		jrn_paired_folds(NULL, 0, 1.0, out->region, JOURNEY_CV_LEVEL, &out->test);
		out->test.difference = difference;
	}
	else if (count > 0)
		out->p_clustered = clustered_p(call, a, b, count, out->test.difference);
	if (count > 0)
		count_wins(call, a, b, out);
	else
		out->wins = -1;
	out->status = pair_status(call, a, b, &out->test);
}

/* ---- result ---- */

static void
put_pair(journey_rows *rows, const compare_call *call, const pair *p, double q, int comparisons)
{
	bool		grows = jrn_metric_grows(call->metric);
	journey_verdict verdict;

	memset(&verdict, 0, sizeof(verdict));
	verdict.a = call->models[p->a].name;
	verdict.b = call->models[p->b].name;
	verdict.metric = call->metric;
	verdict.test = &p->test;
	verdict.q_value = q;
	verdict.region = p->region;
	verdict.wins = p->wins;
	verdict.losses = p->losses;
	verdict.repeats = call->cv.request.repeats;
	verdict.n_keys = call->cv.design->core.clusters;
	verdict.key = call->cv.design_request.key;
	verdict.status = p->status;
	journey_rows_cstring(rows, 0, verdict.a);
	journey_rows_cstring(rows, 1, verdict.b);
	journey_rows_cstring(rows, 2, jrn_metric_name(call->metric));
	journey_rows_number(rows, 3, p->test.difference);
	journey_rows_number(rows, 4, p->test.std_error);
	journey_rows_number(rows, 5, p->test.conf_low);
	journey_rows_number(rows, 6, p->test.conf_high);
	journey_rows_number(rows, 7, p->test.p_value);
	journey_rows_number(rows, 8, p->p_clustered);
	journey_rows_number(rows, 9, q);
	if (p->wins >= 0)
		journey_rows_integer(rows, 10, p->wins);
	journey_rows_integer(rows, 11, comparisons);
	journey_rows_number(rows, 12, grows ? p->test.right : p->test.left);
	journey_rows_number(rows, 13, p->test.within);
	journey_rows_number(rows, 14, grows ? p->test.left : p->test.right);
	journey_rows_cstring(rows, 15, p->status);
	journey_rows_cstring(rows, 16, journey_verdict_text(&verdict));
	journey_rows_number(rows, 17, p->region);
	journey_rows_put(rows);
}

static void
put_pairs(journey_rows *rows, const compare_call *call, pair *pairs, int count)
{
	double	   *p = palloc((Size) count * sizeof(double));
	double	   *q = palloc((Size) count * sizeof(double));
	int			i;

	for (i = 0; i < count; i++)
		p[i] = pairs[i].test.p_value;
	journey_check(jrn_false_discovery(&call->cv.env, p, (size_t) count, q), "comparing models");
	for (i = 0; i < count; i++)
		put_pair(rows, call, &pairs[i], q[i], count);
}

/* No rows: every pair without figures. */
static void
put_empty(journey_rows *rows, compare_call *call)
{
	pair		none;
	int			count = call->model_count * (call->model_count - 1) / 2;

	memset(&none, 0, sizeof(none));
	jrn_paired_folds(NULL, 0, 1.0, NAN, JOURNEY_CV_LEVEL, &none.test);
	none.p_clustered = NAN;
	none.region = NAN;
	none.wins = -1;
	none.status = "too_few";
	for (none.a = 0; none.a < call->model_count; none.a++)
		for (none.b = none.a + 1; none.b < call->model_count; none.b++)
			put_pair(rows, call, &none, NAN, count);
}

/*
 * compare_models(source, target, key, models, family, k, repeats, metric, seed,
 *	   fold, folds, strata, equivalence)
 */
Datum
journey_compare_models(PG_FUNCTION_ARGS)
{
	journey_rows rows;
	compare_call call;
	pair	   *pairs;
	int			count = 0;
	int			i,
				j;

	journey_rows_begin(&rows, fcinfo, 18, "compare_models");
	read_arguments(fcinfo, &call);
	if (!journey_cv_read(&call.cv, false, false))
	{
		put_empty(&rows, &call);
		journey_cv_end(&call.cv);
		return (Datum) 0;
	}
	count_rows(&call);
	call.compared = palloc0((Size) call.model_count * sizeof(compared));
	for (i = 0; i < call.model_count; i++)
	{
		if (call.metric != JRN_METRIC_AVERAGE_PRECISION)
			journey_check(jrn_alloc_zeroed(&call.cv.env, (size_t) call.cv.design->core.clusters,
										   sizeof(double), &call.compared[i].scores), "comparing models");
		run_model(&call, i);
	}
	pairs = palloc((Size) call.model_count * (Size) call.model_count * sizeof(pair));
	for (i = 0; i < call.model_count; i++)
		for (j = i + 1; j < call.model_count; j++)
			compare_pair(&call, i, j, &pairs[count++]);
	put_pairs(&rows, &call, pairs, count);
	journey_cv_end(&call.cv);
	return (Datum) 0;
}
