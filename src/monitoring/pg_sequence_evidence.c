/*
 * pg_sequence_evidence.c
 *		Aggregate betting_e_value (betting.h).
 *
 * The state is a float8[] with the header of ../pg/state.h, where the rules
 * R-STATE-1 to R-STATE-3 are:
 *
 *		[1] [2] [3] header  [4] low  [5] high  [6] null_value  [7] alternative
 *		[8] null_value on [0, 1]  [9] ... fraction and power of the purses on
 *		above, then of those on below
 *
 * R-PGE-1	A row with a NULL x is left out before anything else is looked at.
 * R-PGE-2	low, high, null_value and alternative are the same in all rows and
 *			states.
 * R-PGE-3	Purses of two states multiply.
 */
#include "pg_sequence_betting.h"

#include <math.h>

#include "utils/builtins.h"

#include "../metrics/pg_metrics.h"
#include "../pg/aggregate.h"
#include "../pg/args.h"
#include "../pg/state.h"
#include "betting.h"
#include "sequence.h"

typedef struct e_value_body
{
	double		low;
	double		high;
	double		null_value;
	double		alternative;	/* a jrn_bet_on */
	jrn_bets	bets;
} e_value_body;

#define STATE_LENGTH (JOURNEY_STATE_HEADER + 5 + 4 * JRN_BET_PURSES)

StaticAssertDecl(sizeof(e_value_body) == (STATE_LENGTH - JOURNEY_STATE_HEADER) * sizeof(double),
				 "e_value_body is the body of the state");

static const journey_state_kind e_value_state = {
	"an e-value",
	17738.0,					/* 0x454A: "JE" */
	1.0,
	STATE_LENGTH,
	STATE_LENGTH
};

static bool
is_word(const text *word, const char *wanted)
{
	Size		size = strlen(wanted);

	return VARSIZE_ANY_EXHDR(word) == size && memcmp(VARDATA_ANY(word), wanted, size) == 0;
}

/* Called for every row: nothing is copied. */
static jrn_bet_on
read_alternative(FunctionCallInfo fcinfo)
{
	const text *word;

	journey_arg_not_null(fcinfo, 5, "alternative");
	word = PG_GETARG_TEXT_PP(5);
	if (is_word(word, "two.sided"))
		return JRN_BET_TWO_SIDED;
	if (is_word(word, "less"))
		return JRN_BET_LESS;
	if (!is_word(word, "greater"))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("alternative is \"%s\", it must be \"greater\", \"less\" or \"two.sided\"",
						text_to_cstring(word))));
	return JRN_BET_GREATER;
}

static void
refuse_alternative(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("alternative must be the same in all rows")));
}

/* The body of a state (aligned, in place), NULL for the empty one. */
static e_value_body *
body_of(ArrayType *array)
{
	int			count;
	double	   *numbers = journey_state_numbers(array, &e_value_state, &count);

	return numbers == NULL ? NULL : (e_value_body *) (numbers + JOURNEY_STATE_HEADER);
}

static void
check_purses(const jrn_purse *purses)
{
	int			d;

	for (d = 0; d < JRN_BET_PURSES; d++)
		if (!(purses[d].fraction > 0.0) || !isfinite(purses[d].fraction) ||
			!isfinite(purses[d].power) || purses[d].power != floor(purses[d].power))
			journey_state_refuse(&e_value_state, "its purses are wrong");
}

/* R-STATE-1, every number. */
static void
check_body(const e_value_body *body)
{
	if (!(body->low < body->high) || isinf(body->high - body->low) ||
		!(body->null_value >= body->low && body->null_value <= body->high) ||
		!(body->bets.m >= 0.0 && body->bets.m <= 1.0) ||
		(body->alternative != JRN_BET_GREATER && body->alternative != JRN_BET_LESS &&
		 body->alternative != JRN_BET_TWO_SIDED))
		journey_state_refuse(&e_value_state, "its question is wrong");
	check_purses(body->bets.above);
	check_purses(body->bets.below);
}

/* (state, x, low, high, null_value, alternative); a state is updated in place. */
PG_FUNCTION_INFO_V1(journey_betting_e_value_accum);
Datum
journey_betting_e_value_accum(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	e_value_body *body;
	double		alternative;
	double		x;
	bool		first;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		journey_state_refuse(&e_value_state, "it is null");
	array = PG_GETARG_ARRAYTYPE_P(0);
	body = body_of(array);
	if (PG_ARGISNULL(1))
		PG_RETURN_ARRAYTYPE_P(array);	/* R-PGE-1 */
	x = journey_metric_finite(PG_GETARG_FLOAT8(1), "x");
	first = body == NULL;
	if (first)
	{
		array = journey_state_new(&e_value_state, STATE_LENGTH);
		body = body_of(array);
	}
	journey_betting_limits(fcinfo, first, &body->low, &body->high);
	body->null_value = journey_metric_constant(fcinfo, 4, "null_value", !first, body->null_value);
	alternative = read_alternative(fcinfo);
	if (first)
	{
		body->alternative = alternative;
		jrn_bets_open(&body->bets, journey_betting_scaled("null_value", body->null_value, body->low, body->high));
	}
	if (alternative != body->alternative)
		refuse_alternative();
	jrn_bets_add(&body->bets, journey_betting_scaled("x", x, body->low, body->high));
	PG_RETURN_ARRAYTYPE_P(array);
}

PG_FUNCTION_INFO_V1(journey_betting_e_value_combine);
Datum
journey_betting_e_value_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *first;
	ArrayType  *second;
	ArrayType  *array;
	e_value_body *mine;
	e_value_body *other;
	e_value_body *both;

	(void) journey_agg_context(fcinfo);
	first = PG_GETARG_ARRAYTYPE_P(0);
	second = PG_GETARG_ARRAYTYPE_P(1);
	mine = body_of(first);
	other = body_of(second);
	if (other == NULL)
		PG_RETURN_ARRAYTYPE_P(first);
	check_body(other);
	if (mine == NULL)
		PG_RETURN_ARRAYTYPE_P(second);
	check_body(mine);
	journey_betting_same("low", mine->low, other->low);
	journey_betting_same("high", mine->high, other->high);
	journey_betting_same("null_value", mine->null_value, other->null_value);
	if (mine->alternative != other->alternative)
		refuse_alternative();
	array = journey_state_new(&e_value_state, STATE_LENGTH);
	both = body_of(array);
	*both = *mine;
	jrn_bets_merge(&both->bets, &other->bets);
	PG_RETURN_ARRAYTYPE_P(array);
}

PG_FUNCTION_INFO_V1(journey_betting_e_value_final);
Datum
journey_betting_e_value_final(PG_FUNCTION_ARGS)
{
	const e_value_body *body;

	(void) journey_agg_context(fcinfo);
	body = body_of(PG_GETARG_ARRAYTYPE_P(0));
	if (body == NULL)
		PG_RETURN_NULL();
	check_body(body);
	PG_RETURN_FLOAT8(jrn_e_value(jrn_bets_log_e(&body->bets, (jrn_bet_on) body->alternative)));
}
