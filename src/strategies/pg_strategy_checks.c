/*
 * pg_strategy_checks.c
 *		SQL binding of strategy_checks(): every gate of a comparison, before any
 *		effect is looked at (checks.h, overlap.h).
 *
 * R-PSC-1	One row per check and strategy (and week); the statistic, p and
 *			status of a test over all strategies stand in each of its rows.
 * R-PSC-2	A check whose argument is missing (planned, decided_at, matured_at,
 *			eligible_at) has the status not_tested, or no rows by week.
 */
#include "pg_overlap_report.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "../pg/args.h"
#include "../pg/rows.h"
#include "checks.h"

PG_FUNCTION_INFO_V1(journey_strategy_checks);

enum
{
	ARG_PLANNED = 12, ARG_DECIDED_AT, ARG_MATURED_AT, ARG_ELIGIBLE_AT, ARG_AS_OF
};

enum
{
	OUT_CHECK, OUT_STRATEGY, OUT_WEEK, OUT_N, OUT_EXPECTED, OUT_STATISTIC, OUT_P_VALUE,
	OUT_THRESHOLD, OUT_STATUS, OUT_DETAIL, OUT_COLUMNS
};

/* Eligible after the decision: more than this share of rows. */
#define MOST_LATE 0.01

/* Limits of overlap.h that a single figure is held against. */
#define LEAST_ESS 50.0
#define LEAST_WEIGHT_MEAN 0.9
#define MOST_SMD 0.25

typedef struct checks_call
{
	journey_strategy_call strategies;
	journey_overlap_answer overlap;
	double	   *planned;		/* [arms]; NULL: none */
	double		planned_sum;
	int64	   *assigned;		/* [arms] */
	journey_rows rows;
} checks_call;

/* ---- arguments ---- */

static void
read_arguments(FunctionCallInfo fcinfo, journey_strategy_call *s)
{
	journey_strategy_args(fcinfo, s);
	s->decided_at = journey_arg_cstring(fcinfo, ARG_DECIDED_AT);
	s->matured_at = journey_arg_cstring(fcinfo, ARG_MATURED_AT);
	s->eligible_at = journey_arg_cstring(fcinfo, ARG_ELIGIBLE_AT);
	s->has_as_of = !PG_ARGISNULL(ARG_AS_OF);
	if (s->has_as_of)
		s->as_of = PG_GETARG_TIMESTAMPTZ(ARG_AS_OF);
	if (s->eligible_at != NULL && s->decided_at == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("eligible_at needs decided_at, the time that it is compared with")));
	if (s->has_as_of && s->decided_at == NULL && s->matured_at == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("as_of needs matured_at or decided_at, the times that it is compared with")));
}

static int
arm_named(const journey_strategy_call *s, const JsonbValue *name)
{
	int			a;

	for (a = 0; a < s->arms; a++)
		if (strlen(s->names[a]) == (size_t) name->val.string.len &&
			memcmp(s->names[a], name->val.string.val, (size_t) name->val.string.len) == 0)
			return a;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("planned names the strategy \"%s\", which does not occur in column \"%s\"",
					pnstrdup(name->val.string.val, (Size) name->val.string.len), s->strategy)));
	return -1;
}

static double
planned_share(const journey_strategy_call *s, int a, const JsonbValue *value)
{
	double		share;

	if (value->type != jbvNumeric)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("planned share of strategy \"%s\" must be a number", s->names[a])));
	share = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(value->val.numeric)));
	if (!(share > 0.0) || !isfinite(share))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("planned share of strategy \"%s\" is %g, it must be positive", s->names[a], share)));
	return share;
}

/* A share for every strategy. */
static void
read_planned(FunctionCallInfo fcinfo, checks_call *call)
{
	const journey_strategy_call *s = &call->strategies;
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	item;
	Jsonb	   *given;
	int			a = 0;

	if (PG_ARGISNULL(ARG_PLANNED))
		return;
	given = PG_GETARG_JSONB_P(ARG_PLANNED);
	if (!JB_ROOT_IS_OBJECT(given))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("planned must be an object of shares by strategy, such as {\"%s\": 0.5, ...}", s->names[0])));
	call->planned = palloc0((Size) s->arms * sizeof(double));
	iterator = JsonbIteratorInit(&given->root);
	while ((token = JsonbIteratorNext(&iterator, &item, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			a = arm_named(s, &item);
		else if (token == WJB_VALUE)
			call->planned[a] = planned_share(s, a, &item);
	}
	for (a = 0; a < s->arms; a++)
	{
		if (call->planned[a] == 0.0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("planned has no share for the strategy \"%s\"", s->names[a]),
					 errhint("A share of every strategy in the source is needed; leave out rows of others.")));
		call->planned_sum += call->planned[a];
	}
}

/* ---- rows ---- */

/* Begin a row of a check. */
static void
begin_row(checks_call *call, const char *check, int a, double n, double expected)
{
	journey_rows_cstring(&call->rows, OUT_CHECK, check);
	journey_rows_cstring(&call->rows, OUT_STRATEGY, call->strategies.names[a]);
	journey_rows_bigint(&call->rows, OUT_N, (int64) n);
	journey_rows_number(&call->rows, OUT_EXPECTED, expected);
}

static void
end_row(checks_call *call, const jrn_check_test *test, double threshold, const char *status, const char *detail)
{
	journey_rows_number(&call->rows, OUT_STATISTIC, test->statistic);
	journey_rows_number(&call->rows, OUT_P_VALUE, test->p_value);
	journey_rows_number(&call->rows, OUT_THRESHOLD, threshold);
	journey_rows_cstring(&call->rows, OUT_STATUS, status);
	journey_rows_cstring(&call->rows, OUT_DETAIL, detail);
	journey_rows_put(&call->rows);
}

/* ---- sample ratio ---- */

static void
put_ratio(checks_call *call, const char *check, const int64 *observed, const jrn_check_test *test,
		  const jrn_check_week *week)
{
	static const char *const advice = "; do not read effects before the reason is found in dealing or logging";
	TimestampTz begin = week == NULL ? 0 : 2 * USECS_PER_DAY + week->week * 7 * USECS_PER_DAY;
	int			arms = call->strategies.arms;
	double		n = 0.0;
	int			a;

	for (a = 0; a < arms; a++)
		n += (double) observed[a];
	for (a = 0; a < arms; a++)
	{
		double		share = call->planned == NULL ? NAN : call->planned[a] / call->planned_sum;
		bool		failed = test->p_value < JRN_CHECK_THRESHOLD;
		char	   *detail;

		begin_row(call, check, a, (double) observed[a], n * share);
		/* the week of the very first days has no beginning */
		if (week != NULL && IS_VALID_TIMESTAMP(begin))
			journey_rows_time(&call->rows, OUT_WEEK, begin);
		if (call->planned == NULL)
			detail = pstrdup("no planned shares: pass planned => '{\"strategy\": share, ...}'");
		else if (n == 0.0)
			detail = pstrdup("no rows");
		else
			detail = psprintf("%.4g %% of the rows, planned %.4g %%%s", 100.0 * (double) observed[a] / n, 100.0 * share,
							  failed ? advice : isnan(test->p_value) ? "; too few rows to test" : "");
		end_row(call, test, JRN_CHECK_THRESHOLD,
				call->planned == NULL ? "not_tested" : failed ? "sample_ratio" : isnan(test->p_value) ? "too_few" : "ok",
				detail);
	}
}

static void
check_ratio(checks_call *call, const char *check, const int64 *observed)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	jrn_check_test test = {NAN, NAN};

	if (call->planned != NULL)
		journey_check(jrn_check_ratio(&env, observed, call->planned, call->strategies.arms,
									  call->overlap.design_effect, &test), "sample ratio test");
	put_ratio(call, check, observed, &test, NULL);
}

static void
check_weeks(checks_call *call)
{
	journey_strategy_call *s = &call->strategies;
	jrn_check_week *weeks;
	size_t		count;
	size_t		i;

	if (s->decided_at == NULL)
		return;
	journey_check(jrn_check_weeks(&s->env, &s->ledger, call->planned, call->overlap.design_effect, &weeks, &count),
				  "sample ratio test");
	for (i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		put_ratio(call, "sample_ratio_week", weeks[i].assigned, &weeks[i].test, &weeks[i]);
	}
}

/* ---- outcomes and eligibility ---- */

/* Part of whole by strategy: rows of a check on shares. */
static void
put_shares(checks_call *call, const char *check, const char *what, const int64 *part, const int64 *whole,
		   const jrn_check_test *test, double threshold, const char *status)
{
	double		all_part = 0.0;
	double		all = 0.0;
	int			a;

	for (a = 0; a < call->strategies.arms; a++)
	{
		all_part += (double) part[a];
		all += (double) whole[a];
	}
	for (a = 0; a < call->strategies.arms; a++)
	{
		begin_row(call, check, a, (double) part[a], all > 0.0 ? (double) whole[a] * (all_part / all) : NAN);
		end_row(call, test, threshold, status,
				whole[a] == 0 ? "no rows" : psprintf("%.3g %% of " INT64_FORMAT " rows %s",
													 100.0 * (double) part[a] / (double) whole[a], whole[a], what));
	}
}

static void
put_untested(checks_call *call, const char *check, const char *advice)
{
	jrn_check_test test = {NAN, NAN};
	int			a;

	for (a = 0; a < call->strategies.arms; a++)
	{
		journey_rows_cstring(&call->rows, OUT_CHECK, check);
		journey_rows_cstring(&call->rows, OUT_STRATEGY, call->strategies.names[a]);
		end_row(call, &test, NAN, "not_tested", advice);
	}
}

static void
check_outcomes(checks_call *call)
{
	const journey_strategy_call *s = &call->strategies;
	int64	   *part = palloc((Size) s->arms * sizeof(int64));
	int64	   *due = palloc((Size) s->arms * sizeof(int64));
	jrn_check_test test;
	int64		immature = 0;
	int64		late = 0;
	int64		all = 0;
	int			a;

	for (a = 0; a < s->arms; a++)
	{
		part[a] = s->ledger.of_arm[a].missing;
		due[a] = call->assigned[a] - s->ledger.of_arm[a].immature;
		immature += s->ledger.of_arm[a].immature;
		late += s->ledger.of_arm[a].late;
		all += call->assigned[a];
	}
	jrn_check_shares(part, due, s->arms, call->overlap.design_effect, &test);
	put_shares(call, "missing_outcome", "that are due have no outcome", part, due, &test, JRN_CHECK_THRESHOLD,
			   test.p_value < JRN_CHECK_THRESHOLD ? "unequal_missing" : "ok");

	for (a = 0; a < s->arms; a++)
		part[a] = s->ledger.of_arm[a].immature;
	jrn_check_shares(part, call->assigned, s->arms, call->overlap.design_effect, &test);
	if (s->matured_at == NULL)
		put_untested(call, "immature_outcome", "pass matured_at, the column that tells when an outcome is known");
	else
		put_shares(call, "immature_outcome", "are left out because their outcome is not known yet", part,
				   call->assigned, &test, NAN, immature > 0 ? "immature" : "ok");

	for (a = 0; a < s->arms; a++)
		part[a] = s->ledger.of_arm[a].late;
	test.statistic = (double) late / (double) all;
	test.p_value = NAN;
	if (s->eligible_at == NULL)
		put_untested(call, "late_eligibility", "pass eligible_at and decided_at, the columns with these times");
	else
		put_shares(call, "late_eligibility", "became eligible only after the decision", part, call->assigned, &test,
				   MOST_LATE, test.statistic > MOST_LATE ? "late_eligibility" : "ok");
}

/* ---- overlap ---- */

static void
put_figure(checks_call *call, const char *check, int a, double expected, double figure, double threshold,
		   const char *status, const char *detail)
{
	jrn_check_test test;

	test.statistic = figure;
	test.p_value = NAN;
	begin_row(call, check, a, (double) call->strategies.rows_of_arm[a], expected);
	end_row(call, &test, threshold, status, detail);
}

static void
check_customers(checks_call *call)
{
	const journey_strategy_call *s = &call->strategies;
	int			a;

	for (a = 0; a < s->arms; a++)
		put_figure(call, "keys", a, NAN, (double) s->keys_of_arm[a], (double) s->k,
				   journey_strategy_is_small(s, a) ? "too_few" : "ok",
				   psprintf(INT64_FORMAT " %s, %d folds", s->keys_of_arm[a],
							s->design_request.key == NULL ? "rows" : "keys", s->k));
}

/* The level, where one of two reasons is the gravest. */
static const char *
status_of(const jrn_overlap_report *r, jrn_overlap_reason reason, jrn_overlap_reason other)
{
	return r->reason == reason || r->reason == other ? jrn_overlap_name(r->level) : "ok";
}

static void
check_overlap(checks_call *call)
{
	const journey_strategy_call *s = &call->strategies;
	int			a;

	for (a = 0; a < s->arms; a++)
	{
		const jrn_overlap_report *r = &call->overlap.report[a];
		const char *reason = journey_overlap_reason(r);

		put_figure(call, "overlap", a, NAN, s->rows_of_arm[a] == 0 ? 0.0 : r->ess, LEAST_ESS,
				   journey_strategy_is_small(s, a) ? "too_few" : jrn_overlap_name(r->level),
				   psprintf("effective rows%s%s", reason == NULL ? "" : "; ", reason == NULL ? "" : reason));
	}
	for (a = 0; a < s->arms; a++)
		put_figure(call, "weight_mean", a, 1.0, call->overlap.report[a].weight_mean, LEAST_WEIGHT_MEAN,
				   status_of(&call->overlap.report[a], JRN_OVERLAP_UNREACHABLE, JRN_OVERLAP_WRONG_WEIGHTS),
				   "mean of 1/propensity over rows with this strategy, 0 over others; 1 when every row could have got it");
	for (a = 0; a < s->arms && s->design->core.p > 0; a++)
	{
		const jrn_overlap_report *r = &call->overlap.report[a];
		const char *worst = journey_overlap_column(s, call->overlap.details[a].worst_column);

		put_figure(call, "balance", a, NAN, r->smd_after, MOST_SMD,
				   status_of(r, JRN_OVERLAP_UNBALANCED, JRN_OVERLAP_SHAPE),
				   worst == NULL ? "largest standardised difference of a feature after weighting" :
				   psprintf("largest standardised difference after weighting: %s (%.3g before)", worst, r->smd_before));
	}
	for (a = 0; a < s->arms && s->request.propensity == JRN_PROPENSITY_ESTIMATED; a++)
		put_figure(call, "propensity_model", a, NAN, NAN, NAN, call->overlap.not_converged ? "not_converged" : "ok",
				   "multinomial logit, out of fold");
}

/*
 * strategy_checks(the arguments that the calls share, planned, decided_at,
 *	   matured_at, eligible_at, as_of)
 */
Datum
journey_strategy_checks(PG_FUNCTION_ARGS)
{
	checks_call call;
	journey_strategy_call *s = &call.strategies;
	int			a;

	memset(&call, 0, sizeof(call));
	journey_rows_begin(&call.rows, fcinfo, OUT_COLUMNS, "strategy_checks");
	read_arguments(fcinfo, s);
	journey_strategy_read(s);
	read_planned(fcinfo, &call);
	journey_overlap_look(s, false, &call.overlap);
	call.assigned = palloc((Size) s->arms * sizeof(int64));
	for (a = 0; a < s->arms; a++)
		call.assigned[a] = s->ledger.of_arm[a].assigned;
	check_ratio(&call, "sample_ratio", call.assigned);
	check_ratio(&call, "sample_ratio_analysed", s->rows_of_arm);
	check_weeks(&call);
	check_outcomes(&call);
	check_customers(&call);
	check_overlap(&call);
	journey_strategy_end(s);
	return (Datum) 0;
}
