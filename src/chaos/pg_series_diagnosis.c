/*
 * pg_series_diagnosis.c
 *		journey.series_diagnosis: a series to a verdict and to words about it
 *		(series_diagnosis.h).
 */
#include "pg_series_tests.h"

#include <math.h>

#include "lib/stringinfo.h"

#include "../pg/args.h"
#include "../pg/host.h"
#include "series_diagnosis.h"

/* What a verdict means for the one who asked, and what to do next. */
static const char *
meaning(const jrn_diagnosis *d)
{
	switch (d->verdict)
	{
		case JRN_VERDICT_INSUFFICIENT:
			if (d->short_season)
				return "Fewer than three whole seasons: pass a longer series or a shorter season.";
			if (d->status == JRN_SERIES_CONSTANT)
				return "Nothing is left that varies once level, season and trend are taken out.";
			return "At least 100 values are needed.";
		case JRN_VERDICT_NONSTATIONARY:
			return "The series wanders even after differencing: look at a shorter stretch, or at growth rates.";
		case JRN_VERDICT_LINEAR:
			return "A linear process with noise explains the series: forecast it with averages and seasons; the exponent would say nothing and is not given.";
		case JRN_VERDICT_STOCHASTIC:
			return "More than linear noise, but fresh noise enters at every step: changing variance, thresholds or a season left in; a deterministic rule under more than a few percent of measurement noise looks the same.";
		case JRN_VERDICT_REGULAR:
			return "The series repeats: find its period, and watch for departures from it.";
		case JRN_VERDICT_DETERMINISTIC:
			return "Near neighbours part at a steady rate in 2, 3 and 4 dimensions: the next steps can be predicted, far ones cannot. Check it on a second stretch before you rely on it.";
		case JRN_VERDICT_INCONCLUSIVE:
			break;
	}
	return "More than linear noise, but the other figures do not agree on what: collect more values, or measure with less rounding.";
}

static const char *
treatment_words(jrn_treatment treatment)
{
	switch (treatment)
	{
		case JRN_TREATMENT_DETREND:
			return "the straight trend was taken out";
		case JRN_TREATMENT_DIFFERENCE:
			return "differences were taken";
		case JRN_TREATMENT_NONE:
			break;
	}
	return "the series was taken as it is";
}

static const char *
treatment_name(jrn_treatment treatment)
{
	switch (treatment)
	{
		case JRN_TREATMENT_DETREND:
			return "detrend";
		case JRN_TREATMENT_DIFFERENCE:
			return "difference";
		case JRN_TREATMENT_NONE:
			break;
	}
	return "none";
}

static char *
advice(const jrn_diagnosis *d, const jrn_diagnosis_options *options)
{
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfoString(&text, meaning(d));
	if (isfinite(d->unit_root.statistic))
		appendStringInfo(&text, " Unit root (augmented Dickey-Fuller, constant, %d lags): %.2f against %.2f; %s.",
						 d->unit_root.lags, d->unit_root.statistic, d->unit_root.critical, treatment_words(d->treatment));
	if (d->whole_numbers && !options->counts && d->verdict != JRN_VERDICT_INSUFFICIENT)
		appendStringInfoString(&text, " All values are whole numbers: for counts pass counts => true, and the season if there is one.");
	if (d->verdict == JRN_VERDICT_STOCHASTIC && options->season == 0)
		appendStringInfoString(&text, " If there is a weekly or yearly rhythm, pass its length as season.");
	if (d->verdict == JRN_VERDICT_LINEAR && d->k_median < 0.2)
		appendStringInfoString(&text, " The 0-1 test finds it regular: it may simply repeat, look for a period.");
	if (d->p <= 0.05 && d->status == JRN_SERIES_DISCRETE)
		appendStringInfoString(&text, " Too many equal values for an exponent.");
	return text.data;
}

static void
check_counts(const journey_neighbour_call *call)
{
	size_t		i;

	for (i = 0; i < call->n; i++)
		if (call->x[i] < 0.0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("element %d of array \"x\" is %.15g, counts are not negative", (int) i + 1, call->x[i]),
					 errhint("Pass counts => false.")));
}

static void
put_diagnosis(journey_series_row *row, const jrn_diagnosis *d, const jrn_diagnosis_options *options)
{
	const bool	judged = d->p <= 0.05;	/* R-SD-8 */

	journey_series_row_cstring(row, jrn_verdict_words(d->verdict));
	journey_series_row_number(row, d->exponent);
	journey_series_row_number(row, d->jump);
	journey_series_row_number(row, d->k_median);
	journey_series_row_number(row, d->p);
	journey_series_row_cstring(row, advice(d, options));
	journey_series_row_number(row, d->low);
	journey_series_row_number(row, d->high);
	journey_series_row_number(row, d->noise_excess);
	journey_series_row_boolean(row, d->stable, judged);
	journey_series_row_number(row, d->surrogate.p[JRN_STATISTIC_ENTROPY]);
	journey_series_row_number(row, d->surrogate.p[JRN_STATISTIC_PREDICTION]);
	journey_series_row_number(row, d->surrogate.part.mismatch);
	journey_series_row_cstring(row, isnan(d->unit_root.statistic) ? NULL : "augmented Dickey-Fuller, 5 %");
	journey_series_row_number(row, isfinite(d->unit_root.statistic) ? d->unit_root.statistic : NAN);
	journey_series_row_cstring(row, treatment_name(d->treatment));
	journey_series_row_bigint(row, (int64) d->n_used);
	journey_series_row_cstring(row, d->short_season ? "too_short" : jrn_series_status_word(d->status));
}

/* series_diagnosis(x, season, counts, surrogates, seed) */
PG_FUNCTION_INFO_V1(journey_series_diagnosis);
Datum
journey_series_diagnosis(PG_FUNCTION_ARGS)
{
	static const int required[] = {0, 2, 3, 4};
	jrn_diagnosis_options options;
	jrn_diagnosis diagnosis;
	journey_neighbour_call call;
	journey_series_row row;

	if (journey_neighbours_any_null(fcinfo, required, lengthof(required)))
		PG_RETURN_NULL();
	memset(&options, 0, sizeof(options));
	if (!PG_ARGISNULL(1))
		options.season = journey_arg_int(fcinfo, 1, "season", 2, PG_INT32_MAX);
	options.counts = PG_GETARG_BOOL(2);
	options.surrogates = journey_arg_int(fcinfo, 3, "surrogates", 1, JRN_SURROGATE_MAX);
	options.seed = (uint64) PG_GETARG_INT64(4);
	journey_neighbours_begin(&call, fcinfo, "series diagnosis");
	if (options.counts)
		check_counts(&call);
	journey_check(jrn_series_diagnosis(&call.env, call.x, call.n, &options, &diagnosis), "series diagnosis");
	journey_neighbours_end(&call);
	journey_series_row_begin(&row, fcinfo);
	put_diagnosis(&row, &diagnosis, &options);
	PG_RETURN_DATUM(journey_series_row_end(&row));
}
