/*
 * pg_feature_drift.c
 *		journey.drift: features of two windows, each compared by its kind
 *		(two_sample.h, level_shift.h, feature_drift.h).
 *
 * R-PFD-1	The rows of a window are taken as independent draws.
 * R-PFD-2	psi stands beside the test: numbers in ten bins of the reference,
 *			levels in its twenty most frequent ones and the rest.
 */
#include "pg_feature_drift.h"

#include "mb/pg_wchar.h"

#include "../core/multiple.h"
#include "../pg/args.h"
#include "../pg/progress.h"
#include "frozen_bins.h"
#include "level_shift.h"
#include "two_sample.h"

#define WHAT "drift"
#define PSI_BINS 10

/* How many levels, and how much of each, a detail names. */
#define NAMED_LEVELS 5
#define NAMED_BYTES 60

/* Beside the verdict: what a row shows. */
typedef struct drift_figures
{
	double		statistic;
	double		effect;
	jrn_psi		psi;
	StringInfoData detail;
} drift_figures;

/* ---- words ---- */

void
journey_drift_remark(StringInfo detail, const char *format,...)
{
	if (detail->len > 0)
		appendStringInfoString(detail, "; ");
	for (;;)
	{
		va_list		args;
		int			needed;

		va_start(args, format);
		needed = appendStringInfoVA(detail, format, args);
		va_end(args);
		if (needed == 0)
			return;
		enlargeStringInfo(detail, needed);
	}
}

/* The levels at codes, as "a" (12 rows). */
static void
name_levels(StringInfo detail, const journey_window_feature *feature, const uint32_t *codes, int chosen, int place)
{
	int			i;

	for (i = 0; i < chosen; i++)
	{
		const jrn_label *label = &feature->labels.list[codes[i]];
		int			size = pg_mbcliplen(label->bytes, (int) Min(label->size, INT_MAX / 2), NAMED_BYTES);

		appendStringInfo(detail, "%s\"%.*s%s\" (" INT64_FORMAT " row%s)", i > 0 ? ", " : "", size, label->bytes,
						 (size_t) size < label->size ? "..." : "", feature->levels[codes[i]].rows[place],
						 feature->levels[codes[i]].rows[place] == 1 ? "" : "s");
	}
}

bool
journey_drift_levels(StringInfo detail, const journey_window *window, journey_window_feature *feature, bool current_ones)
{
	int			place = current_ones ? 1 : 0;
	int64_t    *counts = journey_window_counts(feature, place);
	uint32_t	codes[NAMED_LEVELS];
	int			chosen;
	int64		all = 0;
	bool		sure = false;
	size_t		i;

	for (i = 0; i < feature->level_count; i++)
	{
		bool		only_here = feature->levels[i].rows[1 - place] == 0 && counts[i] > 0;
		bool		counts_much = only_here &&
			jrn_level_is_new(counts[i], journey_window_values(window, feature, 1 - place),
							 journey_window_values(window, feature, place));

		sure = sure || counts_much;
		/* every new level is named, of those that are gone only what cannot be chance */
		if (!only_here || (!current_ones && !counts_much))
			counts[i] = 0;
		else
			all++;
	}
	if (all > 0)
	{
		journey_check(jrn_frozen_levels(&window->env, counts, feature->labels.rank_of_code, feature->level_count,
										NAMED_LEVELS, codes, &chosen), WHAT);
		journey_drift_remark(detail, "%s ", current_ones ? "new:" : "gone:");
		name_levels(detail, feature, codes, chosen, place);
		if (all > chosen)
			appendStringInfo(detail, ", ... (" INT64_FORMAT " in all)", all);
	}
	pfree(counts);
	return sure;
}

void
journey_drift_verdict_remarks(StringInfo detail, const jrn_feature_drift *verdict)
{
	if (verdict->nulls_moved)
		journey_drift_remark(detail, "null in %.3g %% of the rows, %.3g %% in the reference",
							 100.0 * (double) verdict->nulls[1] / (double) verdict->rows[1],
							 100.0 * (double) verdict->nulls[0] / (double) verdict->rows[0]);
	if (verdict->q < JRN_DRIFT_Q && !verdict->matters)
		journey_drift_remark(detail, "not by chance, but too small to matter");
}

void
journey_drift_put_tail(journey_rows *rows, int column, const jrn_feature_drift *verdict, const StringInfoData *detail)
{
	int			place;

	for (place = 0; place < 2; place++)
	{
		journey_rows_bigint(rows, column + place, verdict->rows[place] - verdict->nulls[place]);
		journey_rows_number(rows, column + 2 + place, verdict->rows[place] == 0 ? NAN :
							(double) verdict->nulls[place] / (double) verdict->rows[place]);
	}
	if (detail->len > 0)
		journey_rows_bytes(rows, column + 4, detail->data, (Size) detail->len);
}

/* ---- one feature ---- */

/* R-PFD-2 for numbers; both sides sorted. */
static void
psi_of_numbers(const journey_window *window, const journey_window_feature *feature, jrn_psi *psi)
{
	double		cuts[PSI_BINS + 1];
	int64_t		counts[2][PSI_BINS + 2] = {{0}};
	int			cut_count = jrn_frozen_cuts(feature->values[0], feature->count[0], PSI_BINS, cuts);
	int			place;
	size_t		i;

	for (place = 0; place < 2; place++)
		for (i = 0; i < feature->count[place]; i++)
		{
			if (i % 65536 == 0)
				CHECK_FOR_INTERRUPTS();
			counts[place][jrn_frozen_bin(cuts, cut_count, feature->values[place][i])]++;
		}
	journey_check(jrn_psi_of(&window->env, counts[0], counts[1], (size_t) cut_count + 1, psi), WHAT);
}

static void
compare_numbers(const journey_window *window, journey_window_feature *feature, jrn_feature_drift *verdict,
				drift_figures *figures)
{
	jrn_two_sample test;
	int			place;

	for (place = 0; place < 2; place++)
		journey_check(jrn_sort_doubles(&window->env, feature->values[place], feature->count[place]), WHAT);
	verdict->constant = feature->count[0] > 0 && feature->count[1] > 0 &&
		feature->values[0][0] == feature->values[0][feature->count[0] - 1] &&
		feature->values[1][0] == feature->values[0][0] &&
		feature->values[1][feature->count[1] - 1] == feature->values[0][0];
	if (verdict->constant || !jrn_feature_has_values(verdict))
		return;
	journey_check(jrn_two_sample_test(&window->env, feature->values[0], feature->count[0],
									  feature->values[1], feature->count[1], &test), WHAT);
	verdict->p = test.p_value;
	verdict->matters = test.ks >= JRN_DRIFT_KS || fabs(test.difference) >= JRN_DRIFT_DIFFERENCE;
	figures->statistic = test.ks;
	figures->effect = test.difference;
	psi_of_numbers(window, feature, &figures->psi);
	if (verdict->matters)
		journey_drift_remark(&figures->detail, "mean %.6g, %.6g in the reference", test.mean[1], test.mean[0]);
}

/* R-PFD-2 for levels. */
static void
psi_of_levels(const journey_window *window, const journey_window_feature *feature, const int64_t *reference,
			  const int64_t *current, jrn_psi *psi)
{
	uint32_t	codes[JRN_FROZEN_LABELS];
	int64_t		counts[2][JRN_FROZEN_LABELS + 1];
	int			chosen;
	int			i;

	journey_check(jrn_frozen_levels(&window->env, reference, feature->labels.rank_of_code, feature->level_count,
									JRN_FROZEN_LABELS, codes, &chosen), WHAT);
	counts[0][chosen] = journey_window_values(window, feature, 0);
	counts[1][chosen] = journey_window_values(window, feature, 1);
	for (i = 0; i < chosen; i++)
	{
		counts[0][i] = reference[codes[i]];
		counts[1][i] = current[codes[i]];
		counts[0][chosen] -= counts[0][i];
		counts[1][chosen] -= counts[1][i];
	}
	journey_check(jrn_psi_of(&window->env, counts[0], counts[1], (size_t) chosen + 1, psi), WHAT);
}

static void
compare_levels(const journey_window *window, journey_window_feature *feature, jrn_feature_drift *verdict,
			   drift_figures *figures)
{
	int64_t    *reference = journey_window_counts(feature, 0);
	int64_t    *current = journey_window_counts(feature, 1);
	jrn_level_shift shift;

	journey_check(jrn_labels_rank(&feature->labels), WHAT);
	verdict->constant = feature->level_count == 1 && reference[0] > 0 && current[0] > 0;
	if (!verdict->constant && jrn_feature_has_values(verdict))
	{
		journey_check(jrn_level_shift_test(&window->env, reference, current, feature->level_count, &shift), WHAT);
		verdict->p = shift.p_value;
		verdict->matters = shift.total_variation >= JRN_DRIFT_VARIATION;
		figures->statistic = shift.statistic;
		figures->effect = shift.total_variation;
		psi_of_levels(window, feature, reference, current, &figures->psi);
		verdict->new_level = journey_drift_levels(&figures->detail, window, feature, true);
		(void) journey_drift_levels(&figures->detail, window, feature, false);
	}
	pfree(reference);
	pfree(current);
}

/* ---- the call ---- */

static void
put_feature(journey_rows *rows, const journey_window_feature *feature, const jrn_feature_drift *verdict,
			drift_figures *figures)
{
	journey_drift_verdict_remarks(&figures->detail, verdict);
	journey_rows_cstring(rows, 0, feature->name);
	journey_rows_number(rows, 1, figures->statistic);
	journey_rows_number(rows, 2, verdict->p);
	journey_rows_number(rows, 3, verdict->q);
	journey_rows_number(rows, 4, figures->effect);
	journey_rows_cstring(rows, 5, verdict->status);
	journey_rows_cstring(rows, 6, feature->numeric ? "numeric" : "categorical");
	journey_rows_number(rows, 7, figures->psi.psi);
	journey_rows_number(rows, 8, figures->psi.null_mean);
	journey_rows_number(rows, 9, figures->psi.p_value);
	journey_drift_put_tail(rows, 10, verdict, &figures->detail);
	journey_rows_put(rows);
}

static void
compare_windows(journey_window *window, journey_rows *rows)
{
	jrn_feature_drift *verdicts = palloc0(sizeof(jrn_feature_drift) * (Size) window->count);
	drift_figures *figures = palloc0(sizeof(drift_figures) * (Size) window->count);
	int			i;

	journey_progress_watch(window->context, "comparing two windows");
	for (i = 0; i < window->count; i++)
	{
		journey_window_feature *feature = &window->features[i];
		int			place;

		CHECK_FOR_INTERRUPTS();
		for (place = 0; place < 2; place++)
		{
			verdicts[i].rows[place] = window->rows[place];
			verdicts[i].nulls[place] = feature->nulls[place];
		}
		verdicts[i].p = figures[i].statistic = figures[i].effect = NAN;
		figures[i].psi.psi = figures[i].psi.null_mean = figures[i].psi.p_value = NAN;
		initStringInfo(&figures[i].detail);
		if (feature->numeric)
			compare_numbers(window, feature, &verdicts[i], &figures[i]);
		else
			compare_levels(window, feature, &verdicts[i], &figures[i]);
	}
	journey_check(jrn_feature_verdicts(&window->env, verdicts, (size_t) window->count), WHAT);
	for (i = 0; i < window->count; i++)
		put_feature(rows, &window->features[i], &verdicts[i], &figures[i]);
}

/* drift(reference_source, current_source, features) */
PG_FUNCTION_INFO_V1(journey_drift);
Datum
journey_drift(PG_FUNCTION_ARGS)
{
	char	   *reference = journey_arg_cstring_required(fcinfo, 0, "reference_source");
	char	   *current = journey_arg_cstring_required(fcinfo, 1, "current_source");
	ArrayType  *features = PG_ARGISNULL(2) ? NULL : PG_GETARG_ARRAYTYPE_P(2);
	journey_window_side sides[2];
	journey_window window;
	journey_rows rows;

	journey_rows_begin(&rows, fcinfo, 15, "drift");
	journey_window_begin(&window, WHAT);
	sides[0].argument = "reference_source";
	sides[1].argument = "current_source";
	sides[0].source = journey_source_open(reference);
	sides[1].source = journey_source_open(current);
	journey_window_choose(&window, features, sides, 2);
	journey_window_read(&window, &sides[0], 0);
	journey_window_read(&window, &sides[1], 1);
	journey_source_close(sides[1].source);
	journey_source_close(sides[0].source);
	compare_windows(&window, &rows);
	return (Datum) 0;
}
