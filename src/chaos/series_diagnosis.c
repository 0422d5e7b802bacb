/*
 * series_diagnosis.c
 *		The verdict on a series (see series_diagnosis.h).
 */
#include <math.h>
#include <string.h>

#include "series_diagnosis.h"

#include "../core/sums.h"
#include "zero_one.h"

#define SIGNIFICANT 0.05
#define NOISE_EXCESS 0.5
#define REGULAR_BELOW 0.2
#define IRREGULAR_ABOVE 0.8
#define TREND_RATIO 3.29
#define SEASONS_MIN 3
#define NO_ERROR 1e-6			/* of prediction, in standard deviations */
#define FIT_FROM 1
#define FIT_SHORT 4				/* where no scaling region is found (R-SD-5) */

/* What is left of a series is rounding below this share of its standard deviation or of its mean. */
#define NOTHING_OF_SPREAD 1e-9
#define NOTHING_OF_MEAN 0x1p-51

const char *
jrn_verdict_words(jrn_verdict verdict)
{
	switch (verdict)
	{
		case JRN_VERDICT_INSUFFICIENT:
			return "insufficient";
		case JRN_VERDICT_NONSTATIONARY:
			return "nonstationary";
		case JRN_VERDICT_LINEAR:
			return "consistent with linear noise";
		case JRN_VERDICT_STOCHASTIC:
			return "nonlinear stochastic";
		case JRN_VERDICT_REGULAR:
			return "regular (periodic or quasi-periodic)";
		case JRN_VERDICT_DETERMINISTIC:
			return "low-dimensional deterministic divergence";
		case JRN_VERDICT_INCONCLUSIVE:
			break;
	}
	return "inconclusive";
}

typedef struct diagnosis_call
{
	const jrn_env *env;
	const jrn_diagnosis_options *options;
	jrn_diagnosis *d;
	double	   *z;				/* the series as it is treated so far */
	size_t		n;
	double		nothing;		/* a standard deviation that is rounding */
} diagnosis_call;

/* ---- preparation ---- */

static bool
are_whole_numbers(const double *x, size_t n)
{
	size_t		i;

	for (i = 0; i < n; i++)
		if (x[i] < 0.0 || x[i] != floor(x[i]))
			return false;
	return true;
}

/* R-SD-1 */
static jrn_status
stabilise(diagnosis_call *call, const double *x)
{
	size_t		i;

	for (i = 0; i < call->n; i++)
	{
		if (x[i] < 0.0)
			return JRN_DOMAIN;
		call->z[i] = 2.0 * sqrt(x[i] + 0.375);
	}
	return JRN_OK;
}

/* R-SD-2 */
static void
remove_season(diagnosis_call *call)
{
	const size_t season = (size_t) call->options->season;
	size_t		place;
	size_t		i;

	for (place = 0; place < season; place++)
	{
		jrn_acc		sum = {0.0, 0.0};
		double		count = 0.0;

		for (i = place; i < call->n; i += season)
		{
			jrn_acc_add(&sum, call->z[i]);
			count += 1.0;
		}
		for (i = place; i < call->n; i += season)
			call->z[i] -= jrn_acc_value(&sum) / count;
	}
}

/* The series less its least squares line. */
static void
detrend(diagnosis_call *call)
{
	const double middle = 0.5 * ((double) call->n - 1.0);
	const double mean = jrn_series_mean(call->z, call->n);
	jrn_acc		tx = {0.0, 0.0};
	double		tt = 0.0;
	double		slope;
	size_t		i;

	for (i = 0; i < call->n; i++)
	{
		jrn_acc_add(&tx, ((double) i - middle) * (call->z[i] - mean));
		tt += ((double) i - middle) * ((double) i - middle);
	}
	slope = jrn_acc_value(&tx) / tt;
	for (i = 0; i < call->n; i++)
		call->z[i] -= mean + slope * ((double) i - middle);
	call->d->treatment = JRN_TREATMENT_DETREND;
}

static void
difference(diagnosis_call *call)
{
	size_t		i;

	for (i = 0; i + 1 < call->n; i++)
		call->z[i] = call->z[i + 1] - call->z[i];
	call->n--;
	call->d->treatment = JRN_TREATMENT_DIFFERENCE;
}

static jrn_status
spread_of(diagnosis_call *call, double *spread)
{
	double		variance;

	JRN_TRY(jrn_series_variance(call->env, call->z, call->n, 0, &variance));
	*spread = sqrt(variance);
	return JRN_OK;
}

/* Whether enough is left that varies; otherwise the pipeline ends. */
static jrn_status
check_rest(diagnosis_call *call, bool *enough)
{
	double		left;

	call->d->n_used = call->n;
	*enough = false;
	if (call->n < JRN_SURROGATE_MIN)
	{
		call->d->status = JRN_SERIES_TOO_SHORT;
		return JRN_OK;
	}
	JRN_TRY(spread_of(call, &left));
	if (left <= call->nothing)
	{
		call->d->status = JRN_SERIES_CONSTANT;
		return JRN_OK;
	}
	*enough = true;
	return JRN_OK;
}

/* R-SD-3; *stationary is false when differences wander, too. */
static jrn_status
make_stationary(diagnosis_call *call, bool *stationary)
{
	jrn_unit_root_result level;
	jrn_unit_root_result line;

	*stationary = true;
	JRN_TRY(jrn_unit_root(call->env, call->z, call->n, false, &level));
	JRN_TRY(jrn_unit_root(call->env, call->z, call->n, true, &line));
	call->d->unit_root = level;
	call->d->unit_root.trend = line.trend;
	if (level.rejected)
	{
		if (line.rejected && fabs(line.trend) > TREND_RATIO)
			detrend(call);
		return JRN_OK;
	}
	if (line.rejected)
	{
		detrend(call);
		return JRN_OK;
	}
	difference(call);
	JRN_TRY(jrn_unit_root(call->env, call->z, call->n, false, &level));
	*stationary = level.rejected;
	return JRN_OK;
}

/* The series as it goes into the tests; *ready is false when a verdict stands already. */
static jrn_status
prepare(diagnosis_call *call, const double *x, bool *ready)
{
	jrn_diagnosis *d = call->d;

	*ready = false;
	d->n_used = call->n;
	JRN_TRY(jrn_alloc_array(call->env, call->n, sizeof(double), &call->z));
	memcpy(call->z, x, call->n * sizeof(double));
	d->whole_numbers = call->n > 0 && are_whole_numbers(x, call->n);
	if (call->options->counts)
		JRN_TRY(stabilise(call, x));
	d->status = JRN_SERIES_TOO_SHORT;
	if (call->n < JRN_SURROGATE_MIN)
		return JRN_OK;
	d->short_season = call->options->season > (int64_t) (call->n / SEASONS_MIN);
	if (d->short_season)
		return JRN_OK;
	d->status = JRN_SERIES_OK;
	JRN_TRY(spread_of(call, &call->nothing));
	call->nothing = NOTHING_OF_SPREAD * call->nothing + NOTHING_OF_MEAN * fabs(jrn_series_mean(call->z, call->n));
	if (call->options->season > 0)
		remove_season(call);
	JRN_TRY(check_rest(call, ready));
	if (!*ready)
		return JRN_OK;
	JRN_TRY(make_stationary(call, ready));
	if (!*ready)
	{
		d->n_used = call->n;
		d->verdict = JRN_VERDICT_NONSTATIONARY;
		return JRN_OK;
	}
	return check_rest(call, ready);
}

/* ---- the figures ---- */

static jrn_status
surrogates(diagnosis_call *call)
{
	jrn_surrogate_options options = {{true, true}, 0, 0, NULL, NULL};
	jrn_surrogate_result *result = &call->d->surrogate;

	options.surrogates = call->options->surrogates;
	options.seed = call->options->seed;
	options.progress = call->options->progress;
	options.progress_arg = call->options->progress_arg;
	JRN_TRY(jrn_surrogate_test(call->env, call->z, call->n, &options, result));
	if (result->status == JRN_SERIES_OK)
		call->d->p = fmax(result->p[JRN_STATISTIC_ENTROPY], result->p[JRN_STATISTIC_PREDICTION]);
	return JRN_OK;
}

static jrn_divergence_options
divergence_options(const diagnosis_call *call, int dimension)
{
	jrn_divergence_options options = jrn_divergence_defaults();

	options.embedding.dimension = dimension;
	options.fit_from = FIT_FROM;
	options.seed = call->options->seed;
	if (dimension != 3)
		options.replicates = 0;
	return options;
}

/* R-SD-5 */
static jrn_status
divergence(diagnosis_call *call)
{
	jrn_divergence_options options = divergence_options(call, 3);
	jrn_diagnosis *d = call->d;
	jrn_divergence_result result;

	JRN_TRY(jrn_divergence(call->env, call->z, call->n, &options, false, &result));
	d->status = result.status;
	d->jump = result.jump;
	d->noise_excess = result.noise_excess;
	d->slopes[1] = result.exponent;
	if (result.status == JRN_SERIES_NO_SCALING)
	{
		options.fit_to = FIT_SHORT;
		options.replicates = 0;
		JRN_TRY(jrn_divergence(call->env, call->z, call->n, &options, false, &result));
		d->noise_excess = result.noise_excess;
		return JRN_OK;
	}
	d->exponent = result.exponent;
	d->low = result.low;
	d->high = result.high;
	return JRN_OK;
}

/* R-SD-5: equal stretches that go on equally have no curve, and no noise. */
static void
without_noise(jrn_diagnosis *d)
{
	if (isnan(d->noise_excess) && d->surrogate.observed[JRN_STATISTIC_PREDICTION] < NO_ERROR)
		d->noise_excess = 0.0;
}

/* R-SD-6 */
static jrn_status
stability(diagnosis_call *call)
{
	jrn_diagnosis *d = call->d;
	double		low;
	double		high;
	int			dimension;

	for (dimension = 2; dimension <= 4; dimension += 2)
	{
		const jrn_divergence_options options = divergence_options(call, dimension);
		jrn_divergence_result result;

		JRN_TRY(jrn_divergence(call->env, call->z, call->n, &options, false, &result));
		d->slopes[dimension - 2] = result.exponent;
	}
	low = fmin(d->slopes[0], fmin(d->slopes[1], d->slopes[2]));
	high = fmax(d->slopes[0], fmax(d->slopes[1], d->slopes[2]));
	d->stable = !isnan(d->slopes[0] + d->slopes[1] + d->slopes[2]) && low > 0.0 && high < 1.5 * low + 0.05;
	return JRN_OK;
}

static jrn_status
regularity(diagnosis_call *call)
{
	jrn_zero_one_result result;

	JRN_TRY(jrn_zero_one(call->env, call->z, call->n, JRN_ZERO_ONE_FREQUENCIES, JRN_ZERO_ONE_AUTO, &result));
	call->d->k_median = result.median;
	return JRN_OK;
}

/* R-SD-7, once there are figures. */
static jrn_verdict
judge(const jrn_diagnosis *d)
{
	if (!(d->p <= SIGNIFICANT))
		return JRN_VERDICT_LINEAR;
	if (d->noise_excess > NOISE_EXCESS)
		return JRN_VERDICT_STOCHASTIC;
	if (isnan(d->noise_excess) || isnan(d->k_median))
		return JRN_VERDICT_INCONCLUSIVE;
	if (d->k_median < REGULAR_BELOW)
		return JRN_VERDICT_REGULAR;
	if (d->low > 0.0 && d->k_median > IRREGULAR_ABOVE && d->stable)
		return JRN_VERDICT_DETERMINISTIC;
	return JRN_VERDICT_INCONCLUSIVE;
}

static void
begin_diagnosis(jrn_diagnosis *d)
{
	memset(d, 0, sizeof(*d));
	d->verdict = JRN_VERDICT_INSUFFICIENT;
	d->unit_root.statistic = d->unit_root.critical = d->unit_root.trend = NAN;
	d->p = d->exponent = d->low = d->high = d->jump = d->noise_excess = d->k_median = NAN;
	d->slopes[0] = d->slopes[1] = d->slopes[2] = NAN;
	d->surrogate.part.mismatch = NAN;
	d->surrogate.p[0] = d->surrogate.p[1] = NAN;
}

jrn_status
jrn_series_diagnosis(const jrn_env *env, const double *x, size_t n,
					 const jrn_diagnosis_options *options, jrn_diagnosis *d)
{
	diagnosis_call call;
	jrn_series	series;
	bool		ready;

	begin_diagnosis(d);
	if (options->season < 0 || options->season == 1 ||
		options->surrogates < 1 || options->surrogates > JRN_SURROGATE_MAX)
		return JRN_DOMAIN;
	memset(&call, 0, sizeof(call));
	call.env = env;
	call.options = options;
	call.d = d;
	call.n = n;
	JRN_TRY(jrn_series_init(env, x, n, &series));
	/* counts are what they are; other series may be scaled (R-EMB-4) */
	JRN_TRY(prepare(&call, options->counts ? x : series.x, &ready));
	if (!ready)
		return JRN_OK;
	JRN_TRY(surrogates(&call));
	if (d->surrogate.status != JRN_SERIES_OK)
	{
		d->status = d->surrogate.status;
		return JRN_OK;
	}
	JRN_TRY(divergence(&call));
	without_noise(d);
	JRN_TRY(stability(&call));
	JRN_TRY(regularity(&call));
	d->verdict = judge(d);
	if (!(d->p <= SIGNIFICANT))	/* R-SD-8 */
		d->exponent = d->low = d->high = NAN;
	return JRN_OK;
}
