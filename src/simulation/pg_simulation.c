/*
 * pg_simulation.c
 *		SQL binding of simulate_events and simulate_truth.
 *
 * Journeys are drawn one by one and go straight into the tuplestore, which
 * spills by itself; memory does not grow with the number of customers.
 */
#include "../pg/compat.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "../pg/args.h"
#include "../pg/host.h"
#include "../pg/progress.h"
#include "pg_options.h"

#define MAX_CUSTOMERS 10000000

/* Customers between two looks at the clock. */
#define CUSTOMERS_A_STEP 1024

/* Texts made once per call. */
typedef struct texts
{
	Datum		touchpoints[JRN_SIM_NEWSLETTER + 1];
	Datum		channels[JRN_SIM_CHANNELS];
	Datum		segments[JRN_SIM_SEGMENTS];
	Datum		strategies[JRN_SIM_MAX_STRATEGIES];
} texts;

static void
make_texts(const journey_sim_args *args, texts *t)
{
	char		buffer[16];
	int			i;

	for (i = 0; i <= JRN_SIM_NEWSLETTER; i++)
		t->touchpoints[i] = CStringGetTextDatum(jrn_sim_touchpoint_name(i, buffer));
	for (i = 0; i < JRN_SIM_CHANNELS; i++)
		t->channels[i] = CStringGetTextDatum(jrn_sim_channels[i]);
	for (i = 0; i < JRN_SIM_SEGMENTS; i++)
		t->segments[i] = CStringGetTextDatum(jrn_sim_segments[i].name);
	for (i = 0; i < args->options.strategies; i++)
		t->strategies[i] = CStringGetTextDatum(args->strategies[i]);
}

/* The rows of one customer. */
static void
put_journey(ReturnSetInfo *rsinfo, int64 customer, const jrn_sim_journey *journey,
			const texts *t)
{
	Datum		values[9];
	bool		nulls[9] = {false};
	int			k;

	values[0] = Int64GetDatum(customer);
	values[6] = t->strategies[journey->strategy];
	values[7] = BoolGetDatum(journey->outcome);
	values[8] = t->segments[journey->segment];
	for (k = 0; k < journey->n_events; k++)
	{
		const jrn_sim_event *event = &journey->events[k];

		values[1] = TimestampTzGetDatum(event->ts);
		values[2] = t->touchpoints[event->touchpoint];
		values[3] = t->channels[event->channel];
		values[4] = Float8GetDatum(event->value);
		nulls[5] = event->score == 0;
		values[5] = Float8GetDatum((double) event->score);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}

PG_FUNCTION_INFO_V1(journey_simulate_events);
Datum
journey_simulate_events(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	int32		customers = journey_arg_int(fcinfo, 0, "customers", 0, MAX_CUSTOMERS);
	uint64		seed;
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	journey_sim_args args;
	jrn_sim_model *model = palloc(sizeof(jrn_sim_model));
	jrn_sim_journey journey;
	texts		t;
	journey_progress progress;
	int64		customer;

	journey_arg_not_null(fcinfo, 1, "seed");
	seed = (uint64) PG_GETARG_INT64(1);
	journey_sim_read_options(fcinfo, 2, &args);
	journey_check(jrn_sim_prepare(&env, &args.options, model), "simulation");
	journey_check(jrn_sim_journey_create(&env, &journey), "simulation");
	make_texts(&args, &t);
	journey_init_materialized(fcinfo);
	journey_progress_begin(&progress, "simulating journeys", "customers");
	for (customer = 1; customer <= customers; customer++)
	{
		CHECK_FOR_INTERRUPTS();
		if (customer % CUSTOMERS_A_STEP == 0)
			journey_progress_step(&progress, customer, customers);
		jrn_sim_journey_draw(model, seed, (uint64) customer, &journey);
		put_journey(rsinfo, customer, &journey, &t);
	}
	return (Datum) 0;
}

/* A row of the truth; a figure that does not exist is NULL. */
static void
put_figure(ReturnSetInfo *rsinfo, const char *quantity, const char *name, double value)
{
	Datum		values[3];
	bool		nulls[3] = {false};

	values[0] = CStringGetTextDatum(quantity);
	values[1] = CStringGetTextDatum(name);
	values[2] = Float8GetDatum(value);
	nulls[2] = isnan(value);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/* "none" if there is such a strategy, else the first in byte order. */
static int
baseline_of(const journey_sim_args *args)
{
	int			s;

	for (s = 0; s < args->options.strategies; s++)
		if (strcmp(args->strategies[s], "none") == 0)
			return s;
	return 0;
}

static void
put_strategies(ReturnSetInfo *rsinfo, const journey_sim_args *args, const jrn_sim_truth *t)
{
	int			baseline = baseline_of(args);
	int			s;

	for (s = 0; s < args->options.strategies; s++)
	{
		const char *name = args->strategies[s];

		put_figure(rsinfo, "strategy_value", name, JRN_SIM_BASE + t->effect[s]);
		put_figure(rsinfo, "strategy_share", name, t->share[s]);
		put_figure(rsinfo, "naive_strategy_value", name, t->naive_value[s]);
		if (args->options.drift_day >= 0)
		{
			put_figure(rsinfo, "strategy_value_before", name, JRN_SIM_BASE + t->effect_before[s]);
			put_figure(rsinfo, "strategy_value_after", name, JRN_SIM_BASE + t->effect_after[s]);
		}
		if (s == baseline)
			continue;
		put_figure(rsinfo, "strategy_difference", name, t->effect[s] - t->effect[baseline]);
		put_figure(rsinfo, "naive_strategy_difference", name,
				   t->naive_value[s] - t->naive_value[baseline]);
		if (args->options.drift_day < 0)
			continue;
		put_figure(rsinfo, "strategy_difference_before", name,
				   t->effect_before[s] - t->effect_before[baseline]);
		put_figure(rsinfo, "strategy_difference_after", name,
				   t->effect_after[s] - t->effect_after[baseline]);
	}
	put_figure(rsinfo, "policy_value", "(best per segment)", t->policy_value);
}

static void
put_segments(ReturnSetInfo *rsinfo, const journey_sim_args *args,
			 const jrn_sim_model *m, const jrn_sim_truth *t)
{
	int			g,
				s;

	for (g = 0; g < JRN_SIM_SEGMENTS; g++)
	{
		const char *segment = jrn_sim_segments[g].name;

		put_figure(rsinfo, "segment_share", segment, jrn_sim_segments[g].share);
		put_figure(rsinfo, "segment_outcome_rate", segment, t->segment_rate[g]);
		for (s = 0; s < args->options.strategies; s++)
		{
			char	   *name = psprintf("%s/%s", segment, args->strategies[s]);

			put_figure(rsinfo, "segment_strategy_value", name, t->segment_value[g][s]);
			put_figure(rsinfo, "propensity", name, m->propensity[g][s]);
		}
	}
}

static void
put_touchpoints(ReturnSetInfo *rsinfo, const jrn_sim_truth *t)
{
	char		buffer[16];
	int			i;

	put_figure(rsinfo, "first_touch_share", "(first touch)", t->first_touch_share);
	put_figure(rsinfo, "first_touch_effect", "(first touch)", t->first_touch_effect);
	put_figure(rsinfo, "memory_gap", "(first touch)",
			   t->first_touch_effect - t->first_touch_share);
	for (i = 0; i < t->labels; i++)
	{
		const char *name = jrn_sim_touchpoint_name(t->label[i], buffer);

		put_figure(rsinfo, "chaos_share", name, t->chaos_share[i]);
		put_figure(rsinfo, "visits", name, t->visits[i]);
		put_figure(rsinfo, "outcome_rate_from", name, t->rate_from[i]);
	}
}

PG_FUNCTION_INFO_V1(journey_simulate_truth);
Datum
journey_simulate_truth(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	journey_sim_args args;
	jrn_sim_model *model = palloc(sizeof(jrn_sim_model));
	jrn_sim_truth *truth = palloc(sizeof(jrn_sim_truth));

	journey_sim_read_options(fcinfo, 0, &args);
	journey_check(jrn_sim_prepare(&env, &args.options, model), "simulation");
	journey_check(jrn_sim_truth_solve(&env, model, truth), "truth of the simulation");
	journey_init_materialized(fcinfo);
	put_figure(rsinfo, "outcome_rate", "(all)", truth->outcome_rate);
	put_figure(rsinfo, "mean_events", "(all)", truth->mean_events);
	put_figure(rsinfo, "mean_score", "(all)", truth->mean_score);
	put_strategies(rsinfo, &args, truth);
	put_segments(rsinfo, &args, model, truth);
	put_touchpoints(rsinfo, truth);
	return (Datum) 0;
}
