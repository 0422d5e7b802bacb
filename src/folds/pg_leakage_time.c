/*
 * pg_leakage_time.c
 *		leakage_check: what times give away (see pg_leakage.h).
 */
#include "../pg/compat.h"

#include "access/xact.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "../pg/host.h"
#include "pg_leakage.h"

/* A trend counts when it is this strong and this many standard errors from none. */
#define TREND_RHO 0.1
#define TREND_Z 5.0
#define TREND_ROWS 30

/* Rows whose time is after (or at) another, and by how much at most. */
typedef struct late_rows
{
	size_t		given;			/* rows with both times */
	size_t		late;
	int64		most;
} late_rows;

static void
count_late(const int64 *times, const int64 *limits, size_t n, bool or_equal, late_rows *late)
{
	size_t		i;

	memset(late, 0, sizeof(*late));
	for (i = 0; i < n; i++)
	{
		if (times[i] == LEAK_NO_TIME || limits[i] == LEAK_NO_TIME)
			continue;
		late->given++;
		if (times[i] < limits[i] || (times[i] == limits[i] && !or_equal))
			continue;
		late->late++;
		late->most = Max(late->most, times[i] - limits[i]);
	}
}

static char *
span_shown(int64 microseconds)
{
	Interval   *interval = DatumGetIntervalP(DirectFunctionCall2(timestamp_mi,
																 TimestampTzGetDatum(microseconds),
																 TimestampTzGetDatum(0)));

	return DatumGetCString(DirectFunctionCall1(interval_out, IntervalPGetDatum(interval)));
}

/* The shape of L1, L2, L9 and L14: one column of times against the decision. */
static void
check_column(leak_call *call, const char *trap, const char *check_name, leak_time time, bool or_equal,
			 const char *meaning, const char *remedy)
{
	const char *name = leak_time_names[time];
	late_rows	late;

	if (!leak_has(call, LEAK_DECIDED))
		leak_put(call, trap, check_name, "not_checkable", "needs decided_at, the time of the decision");
	else if (!leak_has(call, time))
		leak_put(call, trap, check_name, "not_checkable", "needs a column %s: %s", name, meaning);
	else
	{
		count_late(call->times[time].values, call->times[LEAK_DECIDED].values, call->n, or_equal, &late);
		if (late.late > 0)
			leak_put(call, trap, check_name, "leak", "%s is %s the decision in %zu of %zu rows, by up to %s: %s",
					 name, or_equal ? "at or after" : "after", late.late, call->n, span_shown(late.most), remedy);
		else if (late.given == 0)
			leak_put(call, trap, check_name, "not_checkable", "column %s is null in every row", name);
		else
			leak_put(call, trap, check_name, "ok", "%s is %s the decision in all %zu rows that have it",
					 name, or_equal ? "before" : "not after", late.given);
	}
}

/* Features that are times, and times of features: the first that is after the decision. */
static const char *
late_feature(const leak_call *call, bool dated, late_rows *late, int *checked)
{
	int			i;

	*checked = 0;
	for (i = 0; i < call->feature_count && leak_has(call, LEAK_DECIDED); i++)
	{
		const leak_feature *feature = &call->features[i];
		const leak_times *times = dated && feature->dated.column.attribute > 0 ? &feature->dated : &feature->times;

		if (times->column.attribute == 0)
			continue;
		count_late(times->values, call->times[LEAK_DECIDED].values, call->n, false, late);
		*checked += late->given > 0;
		if (late->late > 0)
			return times->column.name;
	}
	return NULL;
}

void
leak_check_future_events(leak_call *call)
{
	late_rows	late;
	int			checked;
	const char *name = late_feature(call, false, &late, &checked);

	if (name != NULL)
		leak_put(call, "L1", "future_events", "leak",
				 "feature %s is after the decision in %zu of %zu rows, by up to %s: compute features as_of decided_at",
				 name, late.late, call->n, span_shown(late.most));
	else if (checked > 0 && !leak_has(call, LEAK_NEWEST_EVENT))
		leak_put(call, "L1", "future_events", "ok",
				 "no feature that is a time lies after the decision; a column newest_event_at would show it for the others");
	else
		check_column(call, "L1", "future_events", LEAK_NEWEST_EVENT, true,
					 "the time of the newest event that the features of a row use",
					 "compute features as_of decided_at");
}

void
leak_check_late_events(leak_call *call)
{
	check_column(call, "L2", "late_events", LEAK_RECORDED, false,
				 "when the last event that the features of a row use was written down",
				 "use events with recorded_at <= decided_at only");
}

void
leak_check_immortal_time(leak_call *call)
{
	check_column(call, "L9", "immortal_time", LEAK_STRATEGY_AT, false,
				 "when the strategy was taken; taken after the decision, it exists only for cases that lasted so long",
				 "let time zero be the moment at which every compared strategy was open");
}

void
leak_check_cuped(leak_call *call)
{
	check_column(call, "L14", "cuped_window", LEAK_COVARIATE_UNTIL, false,
				 "the end of the window of the covariate that adjusts the outcome",
				 "end the window of the covariate at or before the decision");
}

void
leak_check_dated_after(leak_call *call)
{
	late_rows	late;
	int			checked;
	const char *name = late_feature(call, true, &late, &checked);

	if (!leak_has(call, LEAK_DECIDED))
		leak_put(call, "L11", "covariates_after_decision", "not_checkable", "needs decided_at, the time of the decision");
	else if (name != NULL)
		leak_put(call, "L11", "covariates_after_decision", "leak",
				 "column %s is after the decision in %zu of %zu rows, by up to %s: what follows a treatment is no covariate",
				 name, late.late, call->n, span_shown(late.most));
	else if (checked == 0)
		leak_put(call, "L11", "covariates_after_decision", "not_checkable",
				 "needs the time at which a feature was measured: a column <feature>_at, or features that are times");
	else
		leak_put(call, "L11", "covariates_after_decision", "ok",
				 "none of the %d features of known time (of %d) is after the decision", checked, call->feature_count);
}

/* ---- outcome windows ---- */

/* Why windows cannot be looked at, or NULL. */
static const char *
windows_missing(const leak_call *call)
{
	size_t		i;

	if (!leak_has(call, LEAK_DECIDED))
		return "decided_at, the time of the decision";
	if (!leak_has(call, LEAK_MATURED))
		return "a column matured_at: the end of the outcome window";
	for (i = 0; i < call->n; i++)
		if (call->times[LEAK_MATURED].values[i] != LEAK_NO_TIME)
			return NULL;
	return "rows whose matured_at is not null";
}

static size_t
overlapped(leak_call *call, const uint32_t *classes)
{
	size_t		count;

	journey_check(jrn_leak_overlapped(&call->env, call->codes, classes, call->times[LEAK_DECIDED].values,
									  call->times[LEAK_MATURED].values, call->n, &count), "checking windows");
	return count;
}

/* Folds that are blocks of time: windows must not reach from one into another. */
static bool
time_blocks(leak_call *call, size_t *open)
{
	bool		blocks = false;

	*open = 0;
	if (leak_has_labels(&call->fold) && leak_has(call, LEAK_DECIDED))
		journey_check(jrn_leak_time_blocks(&call->env, call->fold.codes, call->fold.dictionary.count,
										   call->times[LEAK_DECIDED].values,
										   call->times[LEAK_MATURED].values, call->n, &blocks, open),
					  "checking windows");
	return blocks;
}

void
leak_check_overlap(leak_call *call)
{
	const char *missing = windows_missing(call);
	size_t		open;
	size_t		count;

	if (missing == NULL && !leak_has_labels(&call->fold))
		missing = "fold, the fold of every row";
	if (missing != NULL)
		leak_put(call, "L7", "overlapping_windows", "not_checkable", "needs %s", missing);
	else if (time_blocks(call, &open))
	{
		if (open > 0)
			leak_put(call, "L7", "overlapping_windows", "leak",
					 "folds are blocks of time, and the outcome windows of %zu of %zu rows reach into another block: use purged_folds with an embargo",
					 open, call->n);
		else
			leak_put(call, "L7", "overlapping_windows", "ok",
					 "folds are blocks of time, and no outcome window reaches into another block");
	}
	else if (call->key_name == NULL)
		leak_put(call, "L7", "overlapping_windows", "not_checkable", "needs key, by which rows belong together");
	else if ((count = overlapped(call, call->fold.codes)) > 0)
		leak_put(call, "L7", "overlapping_windows", "leak",
				 "%zu of %zu rows are decided while the outcome window of a row of the same key in another fold is open: keep keys whole, or purge",
				 count, call->n);
	else
		leak_put(call, "L7", "overlapping_windows", "ok",
				 "no outcome window overlaps one of the same key in another fold");
}

void
leak_check_carry_over(leak_call *call)
{
	const char *missing = windows_missing(call);
	size_t		count;

	if (missing == NULL && call->key_name == NULL)
		missing = "key, by which rows belong together";
	if (missing == NULL && !leak_has_labels(&call->strategy))
		missing = "a column strategy: what was done";
	if (missing != NULL)
		leak_put(call, "L12", "carry_over", "not_checkable", "needs %s", missing);
	else if ((count = overlapped(call, call->strategy.codes)) > 0)
		leak_put(call, "L12", "carry_over", "leak",
				 "%zu of %zu decisions fall into the outcome window of another strategy for the same key: take the first eligible decision per key and window",
				 count, call->n);
	else
		leak_put(call, "L12", "carry_over", "ok",
				 "no decision falls into the outcome window of another strategy for the same key; spill-over through agents is not seen here");
}

void
leak_check_immature(leak_call *call)
{
	TimestampTz now = GetCurrentTransactionStartTimestamp();
	size_t		unknown = 0;	/* outcome given, window without an end */
	size_t		open = 0;		/* outcome given, window not over */
	size_t		missing = 0;	/* no outcome */
	size_t		i;

	if (!leak_has(call, LEAK_MATURED) || call->target_name == NULL)
	{
		leak_put(call, "L8", "immature_outcomes", "not_checkable", "needs %s", call->target_name == NULL ?
				 "target, the outcome" : "a column matured_at: the end of the outcome window");
		return;
	}
	for (i = 0; i < call->n; i++)
	{
		int64		matured = call->times[LEAK_MATURED].values[i];
		int64		until = leak_has(call, LEAK_OBSERVED_UNTIL) ? call->times[LEAK_OBSERVED_UNTIL].values[i] : now;

		if (isnan(call->target[i]))
			missing++;
		else if (matured == LEAK_NO_TIME)
			unknown++;
		else if (until != LEAK_NO_TIME && matured > until)
			open++;
	}
	if (unknown + open > 0)
		leak_put(call, "L8", "immature_outcomes", "leak",
				 "%zu of %zu rows have an outcome though their window has not ended (%zu with matured_at after %s, %zu without matured_at): such outcomes are missing, not false",
				 unknown + open, call->n, open, leak_has(call, LEAK_OBSERVED_UNTIL) ? "observed_until" : "now", unknown);
	else
		leak_put(call, "L8", "immature_outcomes", "ok",
				 "every outcome that is given has matured; %zu of %zu rows (%.1f %%) have none",
				 missing, call->n, 100.0 * (double) missing / (double) call->n);
}

/* ---- trend ---- */

void
leak_check_trend(leak_call *call)
{
	double	   *times;
	double		rho;
	size_t		used;
	size_t		open;
	size_t		i;

	if (call->target_name == NULL || !leak_has(call, LEAK_DECIDED))
	{
		leak_put(call, "L15", "time_trend", "not_checkable", "needs %s", call->target_name == NULL ?
				 "target, the outcome" : "decided_at, the time of the decision");
		return;
	}
	journey_check(jrn_alloc_array(&call->env, call->n, sizeof(double), &times), "checking the trend");
	for (i = 0; i < call->n; i++)
		times[i] = (double) call->times[LEAK_DECIDED].values[i];
	journey_check(jrn_leak_rank_correlation(&call->env, times, call->target, call->n, &rho, &used),
				  "checking the trend");
	jrn_release(&call->env, times);
	if (used < TREND_ROWS || isnan(rho))
		leak_put(call, "L15", "time_trend", "not_checkable", "needs %d rows with different times and outcomes", TREND_ROWS);
	else if (fabs(rho) < TREND_RHO || fabs(rho) * sqrt((double) used - 1.0) < TREND_Z)
		leak_put(call, "L15", "time_trend", "ok", "the target does not move with time (rank correlation %.3f)", rho);
	else if (time_blocks(call, &open))
		leak_put(call, "L15", "time_trend", "ok",
				 "the target moves with time (rank correlation %.3f), and folds are blocks of time", rho);
	else
		leak_put(call, "L15", "time_trend", "suspect",
				 "the target moves with time (rank correlation %.3f), so folds across time flatter: print rolling_origin beside them", rho);
}
