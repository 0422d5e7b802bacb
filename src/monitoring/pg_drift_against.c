/*
 * pg_drift_against.c
 *		journey.drift_against: a window against stored bins of a reference.
 *
 * R-PDA-1	The current window is counted as it is read; nothing of it is kept.
 * R-PDA-2	psi and null_mean are those of psi() over the bins as they are
 *			stored.  p_value is the guarded one (level_shift.h) over the same
 *			bins, sparse ones pooled: cut at quantiles, with ten rows a bin, psi
 *			alone is below 0.05 in 7 to 8 of 100 windows without drift.
 * R-PDA-3	A level without a bin of its own counts as '(other)'.
 */
#include "pg_feature_drift.h"

#include "../pg/args.h"
#include "../pg/progress.h"
#include "level_shift.h"
#include "pg_frozen_bins.h"

#define WHAT "drift against stored bins"

typedef struct against_figures
{
	jrn_psi		psi;
	StringInfoData detail;
} against_figures;

/* The window whose reference side is what was stored. */
static void
prepare(journey_window *window, const journey_frozen_feature *frozen, int count)
{
	int			i;
	int			b;

	journey_window_reserve(window, count);
	for (i = 0; i < count; i++)
	{
		journey_window_feature *feature;

		journey_window_add(window, frozen[i].name, frozen[i].numeric);
		feature = &window->features[i];
		if (feature->numeric)
		{
			feature->cuts = frozen[i].uppers;
			feature->cut_count = frozen[i].count - 1;
			feature->binned = MemoryContextAllocZero(window->context, sizeof(int64) * (Size) frozen[i].count);
			continue;
		}
		/* the codes of stored labels are the places of their bins */
		for (b = 0; b < frozen[i].count; b++)
			if (journey_window_level(window, feature, frozen[i].labels[b], strlen(frozen[i].labels[b])) != (uint32) b)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("reference_bins_query holds no valid bins of feature \"%s\": label \"%s\" is there twice",
								frozen[i].name, frozen[i].labels[b])));
			else
				feature->levels[b].rows[0] = frozen[i].n[b];
	}
}

/* Rows of the current window by bin; room for '(other)' where it was not stored. */
static int64_t *
current_counts(const journey_window_feature *feature, const journey_frozen_feature *frozen)
{
	int64_t    *counts = palloc0(sizeof(int64_t) * ((Size) frozen->count + 1));
	size_t		i;

	if (feature->numeric)
	{
		for (i = 0; i < (size_t) frozen->count; i++)
			counts[i] = feature->binned[i];
		return counts;
	}
	for (i = 0; i < feature->level_count; i++)
		counts[i < (size_t) frozen->count ? i : (size_t) frozen->other] += feature->levels[i].rows[1];	/* R-PDA-3 */
	return counts;
}

static void
compare_feature(const journey_window *window, journey_window_feature *feature, const journey_frozen_feature *frozen,
				jrn_feature_drift *verdict, against_figures *figures)
{
	int64_t    *reference = palloc0(sizeof(int64_t) * ((Size) frozen->count + 1));
	int64_t    *current = current_counts(feature, frozen);
	size_t		cells = (size_t) frozen->count + 1;
	jrn_level_shift shift;
	int			i;

	verdict->rows[0] = verdict->nulls[0] = frozen->nulls;
	for (i = 0; i < frozen->count; i++)
	{
		reference[i] = frozen->n[i];
		verdict->rows[0] += frozen->n[i];
	}
	verdict->rows[1] = window->rows[1];
	verdict->nulls[1] = feature->nulls[1];
	verdict->p = figures->psi.psi = figures->psi.null_mean = NAN;
	initStringInfo(&figures->detail);
	if (!jrn_feature_has_values(verdict))
		return;
	journey_check(jrn_psi_of(&window->env, reference, current, cells, &figures->psi), WHAT);
	journey_check(jrn_level_shift_test(&window->env, reference, current, cells, &shift), WHAT);
	verdict->constant = figures->psi.cells == 1;
	verdict->p = shift.guarded_p;
	verdict->matters = figures->psi.psi - figures->psi.null_mean >= JRN_DRIFT_PSI;
	if (!feature->numeric && reference[frozen->other] == 0)
	{
		/* all levels of the reference are known by name, so the others are new */
		journey_check(jrn_labels_rank(&feature->labels), WHAT);
		verdict->new_level = journey_drift_levels(&figures->detail, window, feature, true);
	}
}

static void
put_feature(journey_rows *rows, const journey_window_feature *feature, const jrn_feature_drift *verdict,
			against_figures *figures)
{
	journey_drift_verdict_remarks(&figures->detail, verdict);
	journey_rows_cstring(rows, 0, feature->name);
	journey_rows_number(rows, 1, figures->psi.psi);
	journey_rows_number(rows, 2, figures->psi.null_mean);
	journey_rows_number(rows, 3, verdict->p);
	journey_rows_number(rows, 4, verdict->q);
	journey_rows_cstring(rows, 5, verdict->status);
	journey_rows_cstring(rows, 6, feature->numeric ? "numeric" : "categorical");
	journey_drift_put_tail(rows, 7, verdict, &figures->detail);
	journey_rows_put(rows);
}

static void
compare_window(journey_window *window, const journey_frozen_feature *frozen, journey_rows *rows)
{
	jrn_feature_drift *verdicts = palloc0(sizeof(jrn_feature_drift) * (Size) window->count);
	against_figures *figures = palloc0(sizeof(against_figures) * (Size) window->count);
	int			i;

	for (i = 0; i < window->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		compare_feature(window, &window->features[i], &frozen[i], &verdicts[i], &figures[i]);
	}
	journey_check(jrn_feature_verdicts(&window->env, verdicts, (size_t) window->count), WHAT);
	for (i = 0; i < window->count; i++)
		put_feature(rows, &window->features[i], &verdicts[i], &figures[i]);
}

/* drift_against(reference_bins_query, current_source) */
PG_FUNCTION_INFO_V1(journey_drift_against);
Datum
journey_drift_against(PG_FUNCTION_ARGS)
{
	char	   *bins = journey_arg_cstring_required(fcinfo, 0, "reference_bins_query");
	char	   *current = journey_arg_cstring_required(fcinfo, 1, "current_source");
	journey_frozen_feature *frozen;
	journey_window_side side;
	journey_window window;
	journey_rows rows;
	int			count;
	int			i;

	journey_rows_begin(&rows, fcinfo, 12, "drift_against");
	journey_window_begin(&window, WHAT);
	frozen = journey_frozen_bins_read(bins, "reference_bins_query", window.context, &count);
	prepare(&window, frozen, count);
	side.argument = "current_source";
	side.source = journey_source_open(current);
	for (i = 0; i < count; i++)
		journey_window_find(&window.features[i], &side, 1);
	journey_window_read(&window, &side, 1);
	journey_source_close(side.source);
	compare_window(&window, frozen, &rows);
	return (Datum) 0;
}
