/*
 * pg_uplift_groups.c
 *		SQL bindings of uplift_calibration(), uplift_groups() and
 *		uplift_coefficients(): whether predicted effects hold, and what they are
 *		made of (effect_groups.h, effect_model.h).
 */
#include "pg_uplift.h"

#include <math.h>

#include "../core/dist.h"
#include "../models/pg_encoding.h"
#include "../pg/args.h"
#include "../pg/rows.h"
#include "effect_groups.h"

PG_FUNCTION_INFO_V1(journey_uplift_calibration);
PG_FUNCTION_INFO_V1(journey_uplift_groups);
PG_FUNCTION_INFO_V1(journey_uplift_coefficients);

/* The argument after the learner. */
#define ARG_GROUPS 13

static void
set_names(journey_rows *rows, const journey_uplift_call *call, int arm)
{
	const journey_strategy_call *s = &call->strategies;

	journey_rows_cstring(rows, 0, s->names[arm]);
	journey_rows_cstring(rows, 1, s->names[s->baseline_arm]);
}

/* Of the reasons of a strategy and of a figure. */
static const char *
worse_status(const char *of_strategy, jrn_effect_status of_figure)
{
	static const char *const words[] = {"ok", "too_few", "constant", "no_error"};

	return of_figure == JRN_EFFECT_OK ? of_strategy : words[of_figure];
}

/* ---- calibration ---- */

static void
put_term(journey_rows *rows, const journey_uplift_call *call, int arm, const char *term,
		 const jrn_effect_figure *figure, const char *status)
{
	set_names(rows, call, arm);
	journey_rows_cstring(rows, 2, term);
	journey_rows_number(rows, 3, figure->estimate);
	journey_rows_number(rows, 4, figure->std_error);
	journey_rows_number(rows, 5, figure->low);
	journey_rows_number(rows, 6, figure->high);
	journey_rows_number(rows, 7, figure->p_value);
	journey_rows_bigint(rows, 8, (int64) call->table.n);
	journey_rows_bigint(rows, 9, call->strategies.design->core.clusters);
	journey_rows_cstring(rows, 10, status);
	journey_rows_put(rows);
}

static void
put_calibration(journey_rows *rows, const journey_uplift_call *call, int arm)
{
	const journey_strategy_call *s = &call->strategies;
	jrn_effect_model model;
	jrn_effect_calibration line;
	const char *status = journey_uplift_model(call, arm, &model);

	journey_check(jrn_effect_calibrate(&s->env, &call->table, &model, arm, s->baseline_arm, &line),
				  "calibration of effects");
	if (!model.known)
		line.mean_effect.status = line.heterogeneity.status = JRN_EFFECT_OK;	/* the strategy says why */
	put_term(rows, call, arm, "mean_effect", &line.mean_effect, worse_status(status, line.mean_effect.status));
	put_term(rows, call, arm, "heterogeneity", &line.heterogeneity, worse_status(status, line.heterogeneity.status));
	journey_uplift_forget(call, &model);
}

/* uplift_calibration(the arguments of uplift) */
Datum
journey_uplift_calibration(PG_FUNCTION_ARGS)
{
	journey_uplift_call call;
	journey_rows rows;
	int			a;

	journey_rows_begin(&rows, fcinfo, 11, "uplift_calibration");
	journey_uplift_read(fcinfo, false, "uplift_calibration", &call);
	for (a = 0; a < call.strategies.arms; a++)
		if (a != call.strategies.baseline_arm)
			put_calibration(&rows, &call, a);
	journey_uplift_end(&call);
	return (Datum) 0;
}

/* ---- groups ---- */

static void
put_groups(journey_rows *rows, const journey_uplift_call *call, int arm, int groups)
{
	const journey_strategy_call *s = &call->strategies;
	jrn_effect_model model;
	jrn_effect_group *out = palloc0((Size) groups * sizeof(jrn_effect_group));
	const char *status = journey_uplift_model(call, arm, &model);
	int			count;
	int			g;

	journey_check(jrn_effect_groups_make(&s->env, &call->table, &model, arm, s->baseline_arm, groups,
										 s->seed, out, &count), "groups of effects");
	for (g = 0; g < count; g++)
	{
		set_names(rows, call, arm);
		journey_rows_integer(rows, 2, out[g].group);
		journey_rows_bigint(rows, 3, out[g].n);
		journey_rows_bigint(rows, 4, out[g].keys);
		journey_rows_number(rows, 5, out[g].predicted);
		journey_rows_number(rows, 6, out[g].effect.estimate);
		journey_rows_number(rows, 7, out[g].effect.std_error);
		journey_rows_number(rows, 8, out[g].effect.low);
		journey_rows_number(rows, 9, out[g].effect.high);
		journey_rows_number(rows, 10, out[g].simultaneous_low);
		journey_rows_number(rows, 11, out[g].simultaneous_high);
		journey_rows_cstring(rows, 12, worse_status(status, out[g].effect.status));
		journey_rows_put(rows);
	}
	if (count == 0)				/* one row tells why */
	{
		set_names(rows, call, arm);
		journey_rows_bigint(rows, 3, (int64) call->table.n);
		journey_rows_bigint(rows, 4, s->design->core.clusters);
		journey_rows_cstring(rows, 12, status);
		journey_rows_put(rows);
	}
	journey_uplift_forget(call, &model);
	pfree(out);
}

/* uplift_groups(the arguments of uplift, groups) */
Datum
journey_uplift_groups(PG_FUNCTION_ARGS)
{
	journey_uplift_call call;
	journey_rows rows;
	int			groups = journey_arg_int(fcinfo, ARG_GROUPS, "groups", 2, JRN_EFFECT_GROUPS);
	int			a;

	journey_rows_begin(&rows, fcinfo, 13, "uplift_groups");
	journey_uplift_read(fcinfo, false, "uplift_groups", &call);
	for (a = 0; a < call.strategies.arms; a++)
		if (a != call.strategies.baseline_arm)
			put_groups(&rows, &call, a, groups);
	journey_uplift_end(&call);
	return (Datum) 0;
}

/* ---- coefficients ---- */

static void
put_coefficients(journey_rows *rows, const journey_uplift_call *call, int arm, char *const *names)
{
	const journey_strategy_call *s = &call->strategies;
	double		df = jrn_effect_df(s->keys_of_arm[arm], s->keys_of_arm[s->baseline_arm]);
	double		critical = jrn_t_critical(JRN_EFFECT_LEVEL, df);
	jrn_effect_model model;
	const char *status = journey_uplift_model(call, arm, &model);
	size_t		j;

	for (j = 0; j <= call->space.p; j++)
	{
		double		estimate = model.known ? model.coefficient[j] : NAN;
		double		std_error = model.known ? model.coefficient_se[j] : NAN;
		bool		constant = model.known && isnan(estimate);

		set_names(rows, call, arm);
		journey_rows_cstring(rows, 2, j == 0 ? "(intercept)" : names[j - 1]);
		journey_rows_number(rows, 3, estimate);
		journey_rows_number(rows, 4, std_error);
		if (std_error > 0.0)
		{
			journey_rows_number(rows, 5, estimate / std_error);
			journey_rows_number(rows, 6, jrn_t_two_sided(estimate / std_error, df));
			journey_rows_number(rows, 7, estimate - critical * std_error);
			journey_rows_number(rows, 8, estimate + critical * std_error);
		}
		journey_rows_cstring(rows, 9, constant ? "constant" : status);
		journey_rows_put(rows);
	}
	journey_uplift_forget(call, &model);
}

/* uplift_coefficients(the arguments of uplift) */
Datum
journey_uplift_coefficients(PG_FUNCTION_ARGS)
{
	journey_uplift_call call;
	journey_rows rows;
	char	  **names;
	int			a;

	journey_rows_begin(&rows, fcinfo, 10, "uplift_coefficients");
	journey_uplift_read(fcinfo, false, "uplift_coefficients", &call);
	if (call.learner == JRN_LEARNER_X)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("the effects of learner \"x\" have no coefficients"),
				 errdetail("They mix two linear models by the propensity of the row."),
				 errhint("Pass learner => 'dr' or 'r'.")));
	names = palloc0((Size) (call.space.p + 1) * sizeof(char *));
	journey_encoding_names(&call.strategies.design->encoding, names);
	for (a = 0; a < call.strategies.arms; a++)
		if (a != call.strategies.baseline_arm)
			put_coefficients(&rows, &call, a, names);
	journey_uplift_end(&call);
	return (Datum) 0;
}
