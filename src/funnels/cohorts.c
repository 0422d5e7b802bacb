/*
 * cohorts.c
 *		Cohort retention (see cohorts.h).
 *
 * A member adds to a row of counters: one per cell for on and bracket; for
 * on_or_after to the last period that holds, summed from the right at the end.
 */
#include <string.h>

#include "../core/sort.h"
#include "cohorts.h"

#define TICK_EVENTS 4096

/* Counters of a cohort. */
#define SIZE 0
#define MATURED 1				/* least number of ended periods, plus 1 */
#define CELLS 2

/* More spans than fit into all of time. */
#define MOST_SPANS 2e18

static bool
run_before(int unused, jrn_return_run a, jrn_return_run b)
{
	(void) unused;
	return a.number < b.number;
}

JRN_SORT_DEFINE(sort_runs, jrn_return_run, int, run_before)

jrn_status
jrn_cohorts_begin(jrn_cohorts *cohorts, const jrn_env *env, const jrn_cohort_options *options)
{
	memset(cohorts, 0, sizeof(*cohorts));
	if (options->periods < 1 || options->periods > JRN_COHORT_MAX_PERIODS || options->min_events < 1)
		return JRN_DOMAIN;
	cohorts->env = env;
	cohorts->options = options;
	cohorts->cells = 1 + (options->kind == JRN_COHORT_BRACKET ? options->n_brackets : options->periods);
	return jrn_ledger_begin(&cohorts->ledger, env, CELLS + (size_t) cohorts->cells);
}

/* A guess from the usual length, then bisection: months differ, sums saturate. */
int64_t
jrn_spans_between(const jrn_cohort_options *options, int64_t start, int64_t moment)
{
	double		guess = (double) ((uint64_t) moment - (uint64_t) start) / options->span_length;
	int64_t		low = guess < MOST_SPANS ? (int64_t) guess : (int64_t) MOST_SPANS;
	int64_t		high = low + 2;

	low = low > 0 ? low - 1 : 0;
	if (options->add_spans(options->add_spans_arg, start, low) > moment)
		low = 0;
	while (options->add_spans(options->add_spans_arg, start, high) <= moment)
	{
		low = high;
		if (high > (int64_t) MOST_SPANS)
			return low;			/* the end of time: sums grow no more */
		high *= 2;
	}
	while (high - low > 1)
	{
		int64_t		middle = low + (high - low) / 2;

		if (options->add_spans(options->add_spans_arg, start, middle) <= moment)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* The cell of a period from 1 on, 0 when it has none. */
static int32_t
cell_of_period(const jrn_cohort_options *options, int64_t period)
{
	int32_t		low = 0,
				high = options->n_brackets;

	if (period < 1 || period > options->periods)
		return 0;
	if (options->kind != JRN_COHORT_BRACKET)
		return (int32_t) period;
	while (low < high)			/* the first bracket that begins after the period */
	{
		int32_t		middle = low + (high - low) / 2;

		if (options->brackets[middle] <= period)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Returns of one period, in ascending order of cells: full cells are counted. */
typedef struct cell_count
{
	int32_t		cell;
	int64_t		events;
} cell_count;

static void
count_returns(const jrn_cohorts *cohorts, int64_t *row, cell_count *running, int64_t period, int64_t events)
{
	int32_t		cell = cell_of_period(cohorts->options, period);
	int64_t		wanted = cohorts->options->min_events;
	int64_t		before;

	if (cell == 0)
		return;
	if (cell != running->cell)
	{
		running->cell = cell;
		running->events = 0;
	}
	before = running->events;
	running->events += events;
	if (before < wanted && running->events >= wanted)
		row[CELLS + cell]++;
}

/* on_or_after: in this period the last but min_events - 1 return falls. */
static void
count_last(const jrn_cohorts *cohorts, int64_t *row, int64_t period)
{
	if (period >= 1)
		row[CELLS + (period < cohorts->options->periods ? period : cohorts->options->periods)]++;
}

/* ---- one customer ---- */

/* Moments of the returns, and for the calendar their runs by period. */
static jrn_status
gather_returns(jrn_cohorts *cohorts, const jrn_calendar *calendar, const jrn_journey *journey)
{
	const jrn_cohort_options *options = cohorts->options;
	bool		sorted = true;
	size_t		i;

	cohorts->n_runs = cohorts->n_returns = 0;
	for (i = 0; i < journey->n; i++)
	{
		jrn_return_run *run;
		int64_t		number;

		if (i % TICK_EVENTS == TICK_EVENTS - 1)
			JRN_TICK(cohorts->env);
		if ((int64_t) journey->events[i].label != options->return_label)
			continue;
		if (options->rolling)
		{
			JRN_TRY(jrn_grow_array(cohorts->env, cohorts->n_returns, &cohorts->return_capacity,
								   sizeof(int64_t), &cohorts->returns));
			cohorts->returns[cohorts->n_returns++] = journey->events[i].ts;
			continue;
		}
		number = jrn_period_number(&options->period, calendar, journey->events[i].ts);
		run = cohorts->n_runs == 0 ? NULL : &cohorts->runs[cohorts->n_runs - 1];
		if (run != NULL && run->number == number)
		{
			run->count++;
			continue;
		}
		sorted = sorted && (run == NULL || run->number < number);
		JRN_TRY(jrn_grow_array(cohorts->env, cohorts->n_runs, &cohorts->run_capacity,
							   sizeof(jrn_return_run), &cohorts->runs));
		cohorts->runs[cohorts->n_runs].number = number;
		cohorts->runs[cohorts->n_runs++].count = 1;
	}
	/* a clock that goes back over midnight shows a date twice */
	return sorted ? JRN_OK : sort_runs(cohorts->env, cohorts->runs, cohorts->n_runs, 0);
}

/* The first run of a period above number. */
static size_t
runs_after(const jrn_cohorts *cohorts, int64_t number)
{
	size_t		low = 0,
				high = cohorts->n_runs;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (cohorts->runs[middle].number <= number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static jrn_status
follow_calendar(jrn_cohorts *cohorts, int64_t *row, int64_t cohort)
{
	const jrn_cohort_options *options = cohorts->options;
	cell_count	running = {0, 0};
	int64_t		left = options->min_events;
	size_t		i;

	if (options->kind == JRN_COHORT_ON_OR_AFTER)
	{
		for (i = cohorts->n_runs; i > 0; i--)
		{
			left -= cohorts->runs[i - 1].count;
			if (left <= 0)
			{
				count_last(cohorts, row, cohorts->runs[i - 1].number - cohort);
				return JRN_OK;
			}
		}
		return JRN_OK;
	}
	for (i = runs_after(cohorts, cohort);
		 i < cohorts->n_runs && cohorts->runs[i].number - cohort <= options->periods; i++)
	{
		if (i % TICK_EVENTS == TICK_EVENTS - 1)
			JRN_TICK(cohorts->env);
		count_returns(cohorts, row, &running, cohorts->runs[i].number - cohort, cohorts->runs[i].count);
	}
	return JRN_OK;
}

/* The first return at or after a moment, searched from a place on. */
static size_t
returns_from(const jrn_cohorts *cohorts, size_t low, int64_t moment)
{
	size_t		high = cohorts->n_returns;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (cohorts->returns[middle] < moment)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static jrn_status
follow_rolling(jrn_cohorts *cohorts, int64_t *row, int64_t start)
{
	const jrn_cohort_options *options = cohorts->options;
	cell_count	running = {0, 0};
	size_t		i;
	uint64_t	steps = 0;

	if (options->kind == JRN_COHORT_ON_OR_AFTER)
	{
		if ((uint64_t) cohorts->n_returns >= (uint64_t) options->min_events)
		{
			int64_t		moment = cohorts->returns[cohorts->n_returns - (size_t) options->min_events];

			if (moment > start)
				count_last(cohorts, row, jrn_spans_between(options, start, moment));
		}
		return JRN_OK;
	}
	i = returns_from(cohorts, 0, options->add_spans(options->add_spans_arg, start, 1));
	while (i < cohorts->n_returns)
	{
		int64_t		period = jrn_spans_between(options, start, cohorts->returns[i]);
		int64_t		end;
		size_t		next;

		if (++steps % 256 == 0)
			JRN_TICK(cohorts->env);
		if (period > options->periods)
			break;
		end = options->add_spans(options->add_spans_arg, start, period + 1);
		next = returns_from(cohorts, i, end);
		if (next == i)
			next = cohorts->n_returns;	/* the end of time */
		count_returns(cohorts, row, &running, period, (int64_t) (next - i));
		i = next;
	}
	return JRN_OK;
}

/* A customer joins a cohort with a start. */
static jrn_status
join(jrn_cohorts *cohorts, int64_t cohort, int64_t start)
{
	const jrn_cohort_options *options = cohorts->options;
	int64_t    *row;

	JRN_TRY(jrn_ledger_row(&cohorts->ledger, cohort, &row));
	row[SIZE]++;
	if (!options->rolling)
		return follow_calendar(cohorts, row, cohort);
	if (row[MATURED] != 1)		/* once 0 periods have ended for one, that stays */
	{
		int64_t		matured = jrn_spans_between(options, start, options->now) + 1;

		if (row[MATURED] == 0 || matured < row[MATURED])
			row[MATURED] = matured;
	}
	return follow_rolling(cohorts, row, start);
}

/* Has this customer joined the cohort before? Cohorts ascend, but for odd clocks. */
static bool
has_joined(const jrn_cohorts *cohorts, int64_t cohort)
{
	size_t		i;

	for (i = cohorts->n_joined; i > 0 && i + 4 > cohorts->n_joined; i--)
		if (cohorts->joined[i - 1] == cohort)
			return true;
	return false;
}

jrn_status
jrn_cohorts_add(jrn_cohorts *cohorts, const jrn_calendar *calendar, const jrn_journey *journey)
{
	const jrn_cohort_options *options = cohorts->options;
	size_t		i;

	cohorts->n_joined = 0;
	for (i = 0; i < journey->n; i++)
	{
		int64_t		cohort;

		if (i % TICK_EVENTS == TICK_EVENTS - 1)
			JRN_TICK(cohorts->env);
		if ((int64_t) journey->events[i].label != options->start_label)
			continue;
		cohort = jrn_period_number(&options->period, calendar, journey->events[i].ts);
		if (has_joined(cohorts, cohort))
			continue;
		if (cohorts->n_joined == 0)
			JRN_TRY(gather_returns(cohorts, calendar, journey));
		JRN_TRY(jrn_grow_array(cohorts->env, cohorts->n_joined, &cohorts->joined_capacity,
							   sizeof(int64_t), &cohorts->joined));
		cohorts->joined[cohorts->n_joined++] = cohort;
		JRN_TRY(join(cohorts, cohort, journey->events[i].ts));
		if (!options->recurring)
			break;				/* R-COH-1 */
	}
	return JRN_OK;
}

/* ---- the table ---- */

jrn_status
jrn_cohorts_finish(jrn_cohorts *cohorts, int64_t number_now)
{
	const jrn_cohort_options *options = cohorts->options;
	size_t		i;

	JRN_TRY(jrn_ledger_order(&cohorts->ledger, &cohorts->numbers));
	for (i = 0; i < cohorts->ledger.rows; i++)
	{
		int64_t    *row = jrn_ledger_find(&cohorts->ledger, cohorts->numbers[i]);
		int32_t		cell;

		JRN_TICK(cohorts->env);
		row[CELLS] = row[SIZE]; /* R-COH-2 */
		if (!options->rolling)
			row[MATURED] = number_now - cohorts->numbers[i] + 1;
		if (options->kind == JRN_COHORT_ON_OR_AFTER)
			for (cell = cohorts->cells - 2; cell >= 1; cell--)
				row[CELLS + cell] += row[CELLS + cell + 1];
	}
	return JRN_OK;
}

jrn_cohort_cell
jrn_cohorts_cell(const jrn_cohorts *cohorts, size_t cohort, int32_t cell)
{
	const jrn_cohort_options *options = cohorts->options;
	const int64_t *row = jrn_ledger_find(&cohorts->ledger, cohorts->numbers[cohort]);
	jrn_cohort_cell out;
	int64_t		last = cell;	/* period */

	out.period = cell;
	if (options->kind == JRN_COHORT_BRACKET && cell > 0)
	{
		out.period = options->brackets[cell - 1];
		last = cell < options->n_brackets ? options->brackets[cell] - 1 : options->periods;
	}
	out.size = row[SIZE];
	out.retained = row[CELLS + cell];
	out.mature = last + 1 < row[MATURED];	/* R-COH-4: last + 1 periods have ended */
	return out;
}
