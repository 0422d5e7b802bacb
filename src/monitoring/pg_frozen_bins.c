/*
 * pg_frozen_bins.c
 *		journey.reference_bins: the bins of a reference window, to be stored once
 *		(frozen_bins.h).
 *
 * R-PFB-1	Every feature has bin 0 for NULLs, then its bins from 1.  Numbers:
 *			upper, NULL in the last one.  Levels: label, the last one '(other)',
 *			which also takes a level of that very name.
 * R-PFB-2	Bins without rows are listed, so that a later window has a place for
 *			what the reference never saw.
 */
#include "../pg/compat.h"

#include "../core/multiple.h"
#include "../pg/args.h"
#include "../pg/rows.h"
#include "frozen_bins.h"
#include "pg_feature_window.h"
#include "pg_frozen_bins.h"

#define WHAT "bins of a reference"

static void
put_bin(journey_rows *rows, const char *feature, int bin, double upper, const char *label, int64 n)
{
	journey_rows_cstring(rows, 0, feature);
	journey_rows_integer(rows, 1, bin);
	journey_rows_number(rows, 2, upper);
	journey_rows_cstring(rows, 3, label);
	journey_rows_bigint(rows, 4, n);
	journey_rows_put(rows);
}

static void
put_numbers(journey_rows *rows, const journey_window *window, journey_window_feature *feature, int bins)
{
	double	   *cuts = palloc(sizeof(double) * ((Size) bins + 1));
	int64	   *counts = palloc0(sizeof(int64) * ((Size) bins + 2));
	int			cut_count;
	size_t		i;
	int			b;

	journey_check(jrn_sort_doubles(&window->env, feature->values[0], feature->count[0]), WHAT);
	cut_count = jrn_frozen_cuts(feature->values[0], feature->count[0], bins, cuts);
	for (i = 0; i < feature->count[0]; i++)
	{
		if (i % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
		counts[jrn_frozen_bin(cuts, cut_count, feature->values[0][i])]++;
	}
	for (b = 0; b <= cut_count; b++)
		put_bin(rows, feature->name, b + 1, b < cut_count ? cuts[b] : NAN, NULL, counts[b]);
	pfree(cuts);
	pfree(counts);
}

static void
put_levels(journey_rows *rows, const journey_window *window, journey_window_feature *feature)
{
	int64_t    *counts = journey_window_counts(feature, 0);
	uint32_t	codes[JRN_FROZEN_LABELS];
	int64		other = journey_window_values(window, feature, 0);
	int			chosen;
	size_t		i;
	int			b;

	for (i = 0; i < feature->level_count; i++)
		if (strcmp(feature->labels.list[i].bytes, JOURNEY_OTHER_LABEL) == 0)
			counts[i] = 0;		/* R-PFB-1: stays in the last bin */
	journey_check(jrn_labels_rank(&feature->labels), WHAT);
	journey_check(jrn_frozen_levels(&window->env, counts, feature->labels.rank_of_code, feature->level_count,
									JRN_FROZEN_LABELS, codes, &chosen), WHAT);
	for (b = 0; b < chosen; b++)
	{
		put_bin(rows, feature->name, b + 1, NAN, feature->labels.list[codes[b]].bytes, counts[codes[b]]);
		other -= counts[codes[b]];
	}
	put_bin(rows, feature->name, chosen + 1, NAN, JOURNEY_OTHER_LABEL, other);
	pfree(counts);
}

/* reference_bins(source, features, bins) */
PG_FUNCTION_INFO_V1(journey_reference_bins);
Datum
journey_reference_bins(PG_FUNCTION_ARGS)
{
	char	   *text = journey_arg_cstring_required(fcinfo, 0, "source");
	ArrayType  *features = PG_ARGISNULL(1) ? NULL : PG_GETARG_ARRAYTYPE_P(1);
	int			bins = journey_arg_int(fcinfo, 2, "bins", 2, JRN_FROZEN_MAX_BINS);
	journey_window_side side;
	journey_window window;
	journey_rows rows;
	int			i;

	journey_rows_begin(&rows, fcinfo, 5, "reference_bins");
	journey_window_begin(&window, WHAT);
	side.argument = "source";
	side.source = journey_source_open(text);
	journey_window_choose(&window, features, &side, 1);
	journey_window_read(&window, &side, 0);
	journey_source_close(side.source);
	for (i = 0; i < window.count; i++)
	{
		journey_window_feature *feature = &window.features[i];

		put_bin(&rows, feature->name, 0, NAN, NULL, feature->nulls[0]);
		if (feature->numeric)
			put_numbers(&rows, &window, feature, bins);
		else
			put_levels(&rows, &window, feature);
	}
	return (Datum) 0;
}
