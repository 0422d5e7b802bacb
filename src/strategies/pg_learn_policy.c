/*
 * pg_learn_policy.c
 *		SQL binding of learn_policy(): a rule that chooses a strategy, with its
 *		honest value (policy_learn.h).
 *
 * R-PLP-1	Strategies with fewer keys than folds, without scores for some rows
 *			or without overlap are not offered to the policy; the verdict names
 *			them.
 * R-PLP-2	weak_overlap: the overlap of the policy, of the best fixed strategy
 *			or of a strategy that the policy uses is weak; figures, but no
 *			decision.  no_overlap: the policy has none, or fewer than two
 *			strategies are left; too_few: the same for want of keys.  Then there
 *			is no rule and no figure.
 */
#include "pg_strategies.h"

#include <math.h>

#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "../models/pg_options.h"
#include "../pg/args.h"
#include "pg_overlap_report.h"
#include "pg_policy_build.h"
#include "pg_policy_verdict.h"

PG_FUNCTION_INFO_V1(journey_learn_policy);

enum
{
	ARG_CLASS = 12, ARG_DEPTH, ARG_COSTS, ARG_CAPACITY
};

typedef struct learn_call
{
	journey_strategy_call strategies;
	jrn_score_table table;
	jrn_policy_task task;
	jrn_policy_learned learned;
	journey_overlap_answer overlap; /* of every strategy, as overlap_report() has it */
	char	  **names;			/* of strategies offered */
	StringInfoData left_out;	/* of the others, with reasons */
	bool		too_few;		/* some of them for want of keys */
	journey_rule rule;
	journey_policy_value value;
} learn_call;

/* ---- arguments ---- */

/* A number by strategy, the given default for those not named. */
static double *
numbers_arg(FunctionCallInfo fcinfo, int number, const char *argument, const journey_strategy_call *s,
			double missing)
{
	double	   *out = palloc((Size) s->arms * sizeof(double));
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	item;
	Jsonb	   *given;
	int			a;

	for (a = 0; a < s->arms; a++)
		out[a] = missing;
	if (PG_ARGISNULL(number))
		return out;
	given = PG_GETARG_JSONB_P(number);
	if (!JB_ROOT_IS_OBJECT(given))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be an object of numbers by strategy, such as {\"%s\": 0.5}", argument, s->names[0])));
	iterator = JsonbIteratorInit(&given->root);
	a = 0;
	while ((token = JsonbIteratorNext(&iterator, &item, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
		{
			char	   *name = pnstrdup(item.val.string.val, item.val.string.len);

			for (a = 0; a < s->arms && strcmp(s->names[a], name) != 0; a++)
				;
			if (a == s->arms)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("%s names the strategy \"%s\", which does not occur in column \"%s\"",
								argument, name, s->strategy)));
		}
		else if (token == WJB_VALUE)
		{
			out[a] = item.type != jbvNumeric ? NAN :
				DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(item.val.numeric)));
			if (!isfinite(out[a]))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("%s of strategy \"%s\" must be a finite number", argument, s->names[a])));
		}
	}
	return out;
}

static double *
capacity_arg(FunctionCallInfo fcinfo, const journey_strategy_call *s)
{
	double	   *capacity = numbers_arg(fcinfo, ARG_CAPACITY, "capacity", s, 1.0);
	int			a;

	for (a = 0; a < s->arms; a++)
		if (!(capacity[a] > 0.0 && capacity[a] <= 1.0))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("capacity of strategy \"%s\" is %g, it must be above 0 and at most 1", s->names[a], capacity[a]),
					 errhint("It is the largest share of decisions that may get the strategy; leave out rows of strategies that nobody may get.")));
	return capacity;
}

static void
read_args(FunctionCallInfo fcinfo, learn_call *call)
{
	journey_strategy_call *s = &call->strategies;

	journey_strategy_args(fcinfo, s);
	call->task.class = (jrn_policy_class)
		journey_word_arg(journey_arg_cstring_required(fcinfo, ARG_CLASS, "class"), "class",
						 journey_policy_class_names, JOURNEY_POLICY_CLASSES);
	call->task.depth = journey_arg_int(fcinfo, ARG_DEPTH, "depth", 1, JRN_POLICY_DEPTH);
	if (s->design_request.feature_count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a policy needs features"),
				 errhint("Pass features => ARRAY[...], columns known before the strategy is chosen.")));
	if (call->task.class == JRN_POLICY_PLUG_IN &&
		(s->method == JOURNEY_METHOD_DIFFERENCE || s->method == JOURNEY_METHOD_IPW || s->method == JOURNEY_METHOD_SNIPS))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("class plug_in chooses by outcome models, which this method does not have"),
				 errhint("Pass method => 'aipw'.")));
}

/* ---- strategies offered ---- */

static bool
has_all_scores(const jrn_score_table *table, int arm)
{
	size_t		i;

	for (i = 0; i < table->n; i++)
		if (!isfinite(table->score[i * (size_t) table->arms + (size_t) arm]))
			return false;
	return true;
}

/* R-PLP-1 */
static void
offer(learn_call *call, const double *costs, const double *capacity)
{
	const journey_strategy_call *s = &call->strategies;
	int		   *arm_of = palloc((Size) s->arms * sizeof(int));
	double	   *own_costs = palloc((Size) s->arms * sizeof(double));
	double	   *own_capacity = palloc((Size) s->arms * sizeof(double));
	int			offered = 0;
	int			a;

	initStringInfo(&call->left_out);
	call->names = palloc((Size) s->arms * sizeof(char *));
	journey_overlap_look(&call->strategies, false, &call->overlap);
	for (a = 0; a < s->arms; a++)
	{
		bool		small = journey_strategy_is_small(s, a) || !has_all_scores(&call->table, a);

		if (small || call->overlap.report[a].level == JRN_OVERLAP_NONE)
		{
			appendStringInfo(&call->left_out, "%s\"%s\" (%s)", call->left_out.len > 0 ? ", " : "", s->names[a],
							 small ? "too few keys" : journey_overlap_reason(&call->overlap.report[a]));
			call->too_few = call->too_few || small;
			continue;
		}
		call->names[offered] = s->names[a];
		arm_of[offered] = a;
		own_costs[offered] = costs[a];
		own_capacity[offered++] = capacity[a];
	}
	call->task.arms = offered;
	call->task.arm_of = arm_of;
	call->task.costs = own_costs;
	call->task.capacity = own_capacity;
}

static void
check_capacity(const learn_call *call)
{
	int			a;

	for (a = 0; a < call->task.arms; a++)
		if (call->task.capacity[a] == 1.0)
			return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("every strategy has a capacity, so there is none for the rest of the decisions"),
			 errhint("Leave one strategy without a capacity.")));
}

/* ---- the answer ---- */

/* Does the policy give the strategy, counted among those offered, to anybody? */
static bool
is_used(const learn_call *call, int arm)
{
	size_t		i;

	for (i = 0; i < call->table.n; i++)
		if (call->learned.final[i] == arm || call->learned.honest[i] == arm)
			return true;
	return false;
}

/* R-PLP-2; *why is a clause for the verdict. */
static const char *
status_of(const learn_call *call, const char **why)
{
	const jrn_policy_report *report = &call->learned.report;
	int			a;

	*why = NULL;
	if (report->overlap == JRN_POLICY_OVERLAP_NONE || report->overlap == JRN_POLICY_OVERLAP_WEAK)
		*why = psprintf("past decisions that agree with the learned policy count as %.0f of " INT64_FORMAT " (effective sample)",
						report->ess, report->decisions);
	if (report->overlap == JRN_POLICY_OVERLAP_NONE)
		return "no_overlap";
	for (a = 0; a < call->task.arms && *why == NULL; a++)
	{
		const jrn_overlap_report *own = &call->overlap.report[call->task.arm_of[a]];

		if (own->level == JRN_OVERLAP_WEAK && (a == call->learned.best || is_used(call, a)))
			*why = psprintf("overlap of strategy \"%s\" is weak, %s", call->names[a], journey_overlap_reason(own));
	}
	if (*why != NULL)
		return "weak_overlap";
	if (journey_strategy_missing_unequal(&call->strategies))
	{
		*why = "strategies lack outcomes unequally often, and those who answer are not those who do not";
		return "unequal_missing";
	}
	return isnan(report->p_value) ? "no_spread" : "ok";
}

static void
count_shares(const learn_call *call, double *shares)
{
	size_t		i;

	for (i = 0; i < call->table.n; i++)
		shares[call->task.arm_of[call->learned.final[i]]] += 1.0;
	for (i = 0; i < (size_t) call->strategies.arms; i++)
		shares[i] /= (double) call->table.n;
}

static char *
sentence(const learn_call *call, const char *status, const char *why)
{
	static const char *const words[] = {"the learned tree", "the learned linear rule", "the plug-in rule"};
	const jrn_policy_report *report = &call->learned.report;
	journey_policy_verdict verdict;

	memset(&verdict, 0, sizeof(verdict));
	verdict.policy = words[call->task.class];
	verdict.status = status;
	verdict.unit = call->strategies.design_request.target;
	verdict.why = why;
	verdict.n = call->value.n;
	verdict.n_keys = call->value.n_keys;
	verdict.independent = call->strategies.design_request.key == NULL;
	if (call->value.baseline != NULL)
	{
		verdict.value = report->value;
		verdict.difference = report->difference;
		verdict.p_value = report->p_value;
		verdict.minimum_detectable = report->minimum_detectable;
		verdict.yardstick = psprintf("the best fixed strategy, \"%s\"", call->value.baseline);
		verdict.simpler = psprintf("\"%s\" for everybody", call->value.baseline);
	}
	if (call->left_out.len > 0)
		verdict.caveat = psprintf("Left out: %s.", call->left_out.data);
	return journey_policy_verdict_text(&verdict);
}

/* Nothing could be learned. */
static void
refuse(learn_call *call, const char *status, const char *why)
{
	journey_policy_value *value = &call->value;

	value->value = value->value_se = value->difference = value->std_error = value->conf_low = value->conf_high = NAN;
	value->status = status;
	value->baseline = NULL;
	value->rule = NULL;
	value->description = NULL;
	value->shares = NULL;
	value->verdict = sentence(call, status, why);
}

static void
answer(learn_call *call)
{
	const jrn_policy_report *report = &call->learned.report;
	journey_policy_value *value = &call->value;
	double	   *shares = palloc0((Size) call->strategies.arms * sizeof(double));
	double	   *node_share;
	const char *why;
	const char *status = status_of(call, &why);

	if (strcmp(status, "no_overlap") == 0)
	{
		refuse(call, status, why);
		return;
	}
	journey_policy_build(&call->task, &call->learned, &call->strategies.design->encoding, call->names,
						 &call->rule, &node_share);
	count_shares(call, shares);
	value->rule = &call->rule;
	value->description = journey_rule_text(&call->rule, node_share);
	value->value = report->value.estimate;
	value->value_se = report->value.std_error;
	value->difference = report->difference.estimate;
	value->std_error = report->difference.std_error;
	value->conf_low = report->difference.low;
	value->conf_high = report->difference.high;
	value->status = status;
	value->baseline = call->names[call->learned.best];
	value->shares = shares;
	value->verdict = sentence(call, status, why);
}

static void
learn(FunctionCallInfo fcinfo, learn_call *call)
{
	journey_strategy_call *s = &call->strategies;
	double	   *costs = numbers_arg(fcinfo, ARG_COSTS, "costs", s, 0.0);
	double	   *capacity = capacity_arg(fcinfo, s);

	call->value.class = (journey_policy_class) call->task.class;
	call->value.strategy_count = s->arms;
	call->value.strategies = s->names;
	call->value.n = s->design->core.n;
	call->value.n_keys = s->design->core.clusters;
	journey_strategy_table(s, true, &call->table);
	offer(call, costs, capacity);
	if (call->task.arms < 2)
	{
		refuse(call, call->too_few ? "too_few" : "no_overlap",
			   "past decisions leave fewer than two strategies that can be compared");
		return;
	}
	check_capacity(call);
	call->task.table = &call->table;
	call->task.lambda = JRN_SCORE_LAMBDA;
	journey_check(jrn_policy_learn_table(&s->env, &call->task, &call->learned), "learning a policy");
	answer(call);
}

/* learn_policy(the arguments that the calls share, class, depth, costs, capacity) */
Datum
journey_learn_policy(PG_FUNCTION_ARGS)
{
	learn_call	call;
	TupleDesc	desc;
	Datum		result;

	memset(&call, 0, sizeof(call));
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("learn_policy must return journey.policy")));
	read_args(fcinfo, &call);
	journey_strategy_read(&call.strategies);
	journey_strategy_warn(&call.strategies);
	learn(fcinfo, &call);
	result = journey_policy_datum(desc, &call.value);
	journey_strategy_end(&call.strategies);
	return result;
}
