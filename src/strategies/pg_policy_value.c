/*
 * pg_policy_value.c
 *		SQL binding of policy_value(): what a policy is worth, from a source
 *		with a row for every decision and strategy (policy_value.h).
 *
 * R-PPV-1	The source is read once; its rows are held in memory, 64 bytes each,
 *			beyond journey.memory_limit if need be.
 * R-PPV-2	NULL in strategy or chosen is an error (22004), in score where the
 *			strategy is chosen; in key it needs row_number, and the decision is
 *			a cluster of its own.
 * R-PPV-3	assigned and propensity come together; the propensity of a strategy
 *			that was taken lies in (0, 1].
 */
#include "../pg/compat.h"

#include <math.h>

#include "utils/builtins.h"

#include "../events/labels.h"
#include "../models/pg_arm.h"
#include "../pg/args.h"
#include "../pg/host.h"
#include "../pg/progress.h"
#include "../pg/rows.h"
#include "../pg/source.h"
#include "pg_policy_verdict.h"
#include "policy_value.h"

PG_FUNCTION_INFO_V1(journey_policy_value);

/* Strategies that are told apart. */
#define MOST_STRATEGIES 100000

enum
{
	OUT_STRATEGY, OUT_BASELINE, OUT_N, OUT_N_KEYS, OUT_VALUE, OUT_VALUE_SE, OUT_VALUE_LOW,
	OUT_VALUE_HIGH, OUT_DIFFERENCE, OUT_STD_ERROR, OUT_CONF_LOW, OUT_CONF_HIGH, OUT_P_VALUE,
	OUT_Q_VALUE, OUT_WINS, OUT_REPEATS, OUT_ESS, OUT_MAX_WEIGHT, OUT_OVERLAP,
	OUT_MINIMUM_DETECTABLE, OUT_STATUS, OUT_VERDICT, OUT_COLUMNS
};

typedef struct value_call
{
	MemoryContext context;
	MemoryContext row_context;
	jrn_env		env;
	journey_source *source;
	journey_column key;
	journey_column number;
	journey_column strategy;
	journey_column score;
	journey_column chosen;
	journey_column base;
	journey_column assigned;
	journey_column propensity;
	jrn_labels	keys;
	jrn_labels	arms;
	bool		has_null_key;
	jrn_choice *rows;
	size_t		n;
	size_t		capacity;
} value_call;

/* ---- reading ---- */

static bool
is_given(const journey_column *column)
{
	return column->attribute != 0;
}

static void
refuse_null(const value_call *call, const journey_column *column, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("column \"%s\" is null in row " INT64_FORMAT " of the source", column->name, call->source->rows),
			 errhint("%s", hint)));
}

static Datum
datum_of(const value_call *call, const journey_column *column, TupleTableSlot *slot)
{
	if (journey_column_is_null(column, slot))
		refuse_null(call, column, "Filter such rows in the source query.");
	return journey_column_datum(column, slot);
}

static double
number_of(const value_call *call, const journey_column *column, TupleTableSlot *slot)
{
	return journey_column_number(column, datum_of(call, column, slot), call->source->rows);
}

static double
probability_of(const value_call *call, const journey_column *column, TupleTableSlot *slot)
{
	double		p = number_of(call, column, slot);

	if (!(p >= 0.0 && p <= 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("column \"%s\" is %.15g in row " INT64_FORMAT " of the source, it must be true, false or a probability between 0 and 1",
						column->name, p, call->source->rows)));
	return p;
}

/* R-PPV-3 */
static double
propensity_of(const value_call *call, TupleTableSlot *slot)
{
	double		e = number_of(call, &call->propensity, slot);

	if (!(e > 0.0 && e <= 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("column \"propensity\" is %.15g in row " INT64_FORMAT " of the source, it must be above 0 and at most 1",
						e, call->source->rows),
				 errhint("The strategy was taken, so its probability cannot have been 0.")));
	return e;
}

static uint32
key_of(value_call *call, TupleTableSlot *slot)
{
	journey_key key;
	uint32		code;

	if (journey_column_is_null(&call->key, slot))
	{
		if (!is_given(&call->number))
			refuse_null(call, &call->key, "Without a key the source needs the column \"row_number\", which tells decisions apart.");
		call->has_null_key = true;
		return JRN_POLICY_NO_KEY;
	}
	journey_key_read(call->key.key_kind, journey_column_datum(&call->key, slot), &key);
	journey_check(jrn_labels_intern(&call->keys, key.bytes, key.size, &code), "value of a policy");
	return code;
}

static uint32
arm_of(value_call *call, TupleTableSlot *slot)
{
	char		digits[JOURNEY_ARM_DIGITS];
	const char *bytes;
	Size		size;
	uint32		code;

	journey_arm_label(&call->strategy, datum_of(call, &call->strategy, slot), digits, &bytes, &size);
	journey_check(jrn_labels_intern(&call->arms, bytes, size, &code), "value of a policy");
	return code;
}

/* A whole number, whatever numeric type it has. */
static int64
decision_of(const value_call *call, TupleTableSlot *slot)
{
	double		number;

	if (call->number.type == INT8OID)
		return DatumGetInt64(datum_of(call, &call->number, slot));
	number = number_of(call, &call->number, slot);
	if (!(fabs(number) <= 9007199254740992.0 && number == floor(number)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("column \"row_number\" is %.15g in row " INT64_FORMAT " of the source, it must be a whole number",
						number, call->source->rows)));
	return (int64) number;
}

static void
read_row(void *arg, TupleTableSlot *slot)
{
	value_call *call = arg;
	MemoryContext old = MemoryContextSwitchTo(call->row_context);
	jrn_choice	row;

	memset(&row, 0, sizeof(row));
	row.key = key_of(call, slot);
	row.arm = arm_of(call, slot);
	row.number = is_given(&call->number) ? decision_of(call, slot) : 0;
	row.score = journey_column_is_null(&call->score, slot) ? NAN : number_of(call, &call->score, slot);
	row.chosen = probability_of(call, &call->chosen, slot);
	row.base = is_given(&call->base) ? probability_of(call, &call->base, slot) : 0.0;
	row.propensity = NAN;
	if (is_given(&call->assigned))
	{
		row.assigned = DatumGetBool(datum_of(call, &call->assigned, slot));
		if (row.assigned)
			row.propensity = propensity_of(call, slot);
	}
	journey_check(jrn_grow_array(&call->env, call->n, &call->capacity, sizeof(jrn_choice), &call->rows),
				  "value of a policy");
	call->rows[call->n++] = row;
	MemoryContextSwitchTo(old);
	MemoryContextReset(call->row_context);
}

static void
read_source(FunctionCallInfo fcinfo, value_call *call)
{
	memset(call, 0, sizeof(*call));
	call->context = AllocSetContextCreate(CurrentMemoryContext, "journey policy value", ALLOCSET_DEFAULT_SIZES);
	call->row_context = AllocSetContextCreate(call->context, "journey policy value row", ALLOCSET_SMALL_SIZES);
	call->env = journey_host_env(call->context);
	journey_check(jrn_labels_begin(&call->keys, &call->env), "value of a policy");
	journey_check(jrn_labels_begin(&call->arms, &call->env), "value of a policy");
	call->source = journey_source_open(journey_arg_cstring_required(fcinfo, 0, "source"));
	call->key = journey_source_column(call->source, "key", JOURNEY_COLUMN_KEY, true);
	call->strategy = journey_arm_column(call->source, "strategy");
	call->score = journey_source_column(call->source, "score", JOURNEY_COLUMN_NUMBER, true);
	call->chosen = journey_source_column(call->source, "chosen", JOURNEY_COLUMN_NUMBER, true);
	call->base = journey_source_column(call->source, "baseline_chosen", JOURNEY_COLUMN_NUMBER, false);
	call->assigned = journey_source_column(call->source, "assigned", JOURNEY_COLUMN_BOOLEAN, false);
	call->propensity = journey_source_column(call->source, "propensity", JOURNEY_COLUMN_NUMBER, false);
	call->number = journey_source_column(call->source, "row_number", JOURNEY_COLUMN_NUMBER, false);
	if (is_given(&call->assigned) != is_given(&call->propensity))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the source has the column \"%s\", but not \"%s\"",
						is_given(&call->assigned) ? "assigned" : "propensity",
						is_given(&call->assigned) ? "propensity" : "assigned"),
				 errhint("The overlap gate needs both; leave both out to go without it.")));
	journey_source_run(call->source, read_row, call);
	journey_source_close(call->source);
	journey_progress_watch(call->context, "value of a policy");
}

/* Codes to ranks, so that nothing depends on the order of rows. */
static void
rank_rows(value_call *call)
{
	size_t		i;

	if (call->arms.count > MOST_STRATEGIES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("column \"strategy\" has %zu strategies, at most %d can be valued", call->arms.count, MOST_STRATEGIES),
				 errhint("Group rare strategies in the source query.")));
	journey_check(jrn_labels_rank(&call->arms), "value of a policy");
	journey_check(jrn_labels_rank(&call->keys), "value of a policy");
	for (i = 0; i < call->n; i++)
	{
		call->rows[i].arm = call->arms.rank_of_code[call->rows[i].arm];
		if (call->rows[i].key != JRN_POLICY_NO_KEY)
			call->rows[i].key = call->keys.rank_of_code[call->rows[i].key];
		if (i % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
	}
}

static char *
arm_name(const value_call *call, int arm)
{
	return pstrdup(call->arms.list[call->arms.code_of_rank[arm]].bytes);
}

/* ---- faults ---- */

/* Which decision: "key 7, row_number 3". */
static char *
place_of(const value_call *call, const jrn_policy_fault_at *fault)
{
	char	   *key = NULL;

	if (fault->key != JRN_POLICY_NO_KEY)
	{
		const jrn_label *label = &call->keys.list[call->keys.code_of_rank[fault->key]];

		key = psprintf("key %s", journey_key_text(call->key.key_kind, label->bytes, label->size));
	}
	if (!is_given(&call->number))
		return key;
	return psprintf("%s%srow_number " INT64_FORMAT, key == NULL ? "" : key, key == NULL ? "" : ", ", fault->number);
}

static void
refuse_sum(const value_call *call, const jrn_policy_fault_at *fault, const char *column)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("column \"%s\" adds up to %.10g for %s, it must be %s", column, fault->amount, place_of(call, fault),
					is_given(&call->number) ? "1" : "the number of its decisions"),
			 errhint("The source has one row for every decision and strategy, and the probabilities of a decision add up to 1.")));
}

static void
refuse(const value_call *call, const jrn_policy_fault_at *fault)
{
	switch (fault->fault)
	{
		case JRN_POLICY_SUM:
			refuse_sum(call, fault, "chosen");
			break;
		case JRN_POLICY_BASE_SUM:
			refuse_sum(call, fault, "baseline_chosen");
			break;
		case JRN_POLICY_TWICE:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("strategy \"%s\" comes twice for %s", arm_name(call, (int) fault->arm), place_of(call, fault)),
					 errhint("row_number tells the decisions of a key apart.")));
			break;
		case JRN_POLICY_NO_SCORE:
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("strategy \"%s\" is chosen for %s, but its score is null", arm_name(call, (int) fault->arm), place_of(call, fault)),
					 errhint("A strategy that was never taken in a training part has no scores; leave it out of the policy.")));
			break;
		case JRN_POLICY_TAKEN:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("column \"assigned\" is true %.0f times for %s, it must be true once per decision", fault->amount, place_of(call, fault)),
					 errhint("One strategy was taken in every decision.")));
			break;
		case JRN_POLICY_NO_FIXED:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("no strategy has a score in every decision, so there is no fixed strategy to compare with"),
					 errhint("Give every decision a row for every strategy, or a column \"baseline_chosen\".")));
			break;
		case JRN_POLICY_FINE:
			break;
	}
}

/* ---- the answer ---- */

static const char *
why_of(const jrn_policy_report *report)
{
	double		n = (double) report->decisions;

	if (report->overlap == JRN_POLICY_OVERLAP_UNKNOWN)
		return NULL;
	if (report->overlap == JRN_POLICY_OVERLAP_OK)
		return "the best fixed strategy was taken too rarely to compare with";
	if (report->ess < 50.0 || report->ess < 0.1 * n)
		return psprintf("past decisions resemble the proposed policy too little, as if there were only %.0f of " INT64_FORMAT,
						report->ess, report->decisions);
	if (report->weight_mean + 3.0 * report->weight_mean_se < 0.9)
		return psprintf("only %.0f %% of the policy's choices could have been taken in the past", 100.0 * report->weight_mean);
	if (report->extreme > 0.01)
		return psprintf("%.1f %% of past decisions took a strategy with a probability below 0.01", 100.0 * report->extreme);
	return psprintf("a single past decision has a weight of %s, more than 5 %% of all", journey_policy_rounded(report->max_weight));
}

static const char *
status_of(const jrn_policy_report *report)
{
	if (report->clusters < 2)
		return "too_few";
	switch (report->overlap)
	{
		case JRN_POLICY_OVERLAP_NONE:
			return "no_overlap";
		case JRN_POLICY_OVERLAP_WEAK:
			return "weak_overlap";
		default:
			if (report->best_weak || isnan(report->difference.estimate))
				return "weak_overlap";
			return isnan(report->p_value) ? "no_spread" : "ok";
	}
}

static char *
sentence(const value_call *call, const jrn_policy_report *report, const char *status, const char *baseline)
{
	journey_policy_verdict verdict;

	memset(&verdict, 0, sizeof(verdict));
	verdict.policy = "the policy";
	verdict.yardstick = baseline == NULL ? "the best fixed strategy" : report->best < 0 ? "the baseline policy" :
		psprintf("the best fixed strategy, \"%s\"", baseline);
	verdict.simpler = baseline == NULL || report->best < 0 ? "the baseline policy" : psprintf("\"%s\"", baseline);
	verdict.status = status;
	verdict.value = report->value;
	verdict.difference = report->difference;
	verdict.p_value = report->p_value;
	verdict.minimum_detectable = report->minimum_detectable;
	verdict.n = report->decisions;
	verdict.n_keys = report->clusters;
	verdict.independent = report->clusters == report->decisions;
	verdict.why = why_of(report);
	verdict.caveat = is_given(&call->assigned) || strcmp(status, "too_few") == 0 ? NULL :
		"Overlap was not checked; the columns assigned and propensity would do that.";
	return journey_policy_verdict_text(&verdict);
}

static void
put_figure(journey_rows *rows, int column, const jrn_policy_figure *figure)
{
	journey_rows_number(rows, column, figure->estimate);
	journey_rows_number(rows, column + 1, figure->std_error);
	journey_rows_number(rows, column + 2, figure->low);
	journey_rows_number(rows, column + 3, figure->high);
}

static void
put_report(journey_rows *rows, const value_call *call, const jrn_policy_report *report)
{
	static const char *const overlaps[] = {NULL, "ok", "weak_overlap", "no_overlap"};
	const char *status = status_of(report);
	const char *baseline = report->best >= 0 ? arm_name(call, report->best) : is_given(&call->base) ? "baseline" : NULL;

	journey_rows_cstring(rows, OUT_STRATEGY, "policy");
	journey_rows_cstring(rows, OUT_BASELINE, baseline);
	journey_rows_bigint(rows, OUT_N, report->decisions);
	journey_rows_bigint(rows, OUT_N_KEYS, report->clusters);
	if (report->overlap != JRN_POLICY_OVERLAP_NONE && report->clusters > 1)
	{
		put_figure(rows, OUT_VALUE, &report->value);
		put_figure(rows, OUT_DIFFERENCE, &report->difference);
		journey_rows_number(rows, OUT_P_VALUE, report->p_value);
		journey_rows_number(rows, OUT_Q_VALUE, report->p_value);
		journey_rows_number(rows, OUT_MINIMUM_DETECTABLE, report->minimum_detectable);
	}
	if (report->overlap != JRN_POLICY_OVERLAP_UNKNOWN)
	{
		journey_rows_number(rows, OUT_ESS, report->ess);
		journey_rows_number(rows, OUT_MAX_WEIGHT, report->max_weight);
		journey_rows_cstring(rows, OUT_OVERLAP, overlaps[report->overlap]);
	}
	journey_rows_cstring(rows, OUT_STATUS, status);
	journey_rows_cstring(rows, OUT_VERDICT, sentence(call, report, status, baseline));
	journey_rows_put(rows);
}

/* policy_value(source) */
Datum
journey_policy_value(PG_FUNCTION_ARGS)
{
	journey_rows rows;
	value_call	call;
	jrn_policy_request request;
	jrn_policy_report report;
	jrn_policy_fault_at fault;
	jrn_status	status;

	journey_rows_begin(&rows, fcinfo, OUT_COLUMNS, "policy_value");
	read_source(fcinfo, &call);
	rank_rows(&call);
	request.arms = (int) call.arms.count;
	request.has_number = is_given(&call.number);
	request.has_base = is_given(&call.base);
	request.has_overlap = is_given(&call.assigned);
	status = jrn_policy_report_make(&call.env, &request, call.rows, call.n, &report, &fault);
	if (status == JRN_DOMAIN)
		refuse(&call, &fault);
	journey_check(status, "value of a policy");
	put_report(&rows, &call, &report);
	MemoryContextDelete(call.context);
	return (Datum) 0;
}
