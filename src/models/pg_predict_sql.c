/*
 * pg_predict_sql.c
 *		predict_sql(model): a prediction as a SQL expression over the columns.
 *
 * R-PSQ-1	The expression needs no extension, only columns with the names of
 *			the model's features, and gives the number that predict() gives:
 *			the same summands are added in the same order, so family gaussian
 *			agrees to the bit, and the others to the accuracy of exp().
 * R-PSQ-2	It never fails on a row: a NULL or a level that the model has not
 *			seen gives NULL, a NULL feature with a mean its mean; NaN stays NaN.
 *			Only sums and products beyond float8 are the server's errors.
 * R-PSQ-3	Names and levels are quoted; levels compare by their bytes.
 * R-PSQ-4	1/(1+exp(-x)) is precise in both tails but leaves the range of exp()
 *			beyond 709: there it is 0 or 1, to within 1e-308.  exp(x) is 0
 *			below -744.
 * R-PSQ-5	The link is computed once, in a subquery that OFFSET 0 keeps apart;
 *			family gaussian is an expression without one.
 */
#include "../pg/compat.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "pg_predictor.h"

PG_FUNCTION_INFO_V1(journey_model_predict_sql);

/* An expression of a model's terms can be long, but not without end. */
#define MAX_SQL_BYTES (256 * 1024 * 1024)

/* A number with all its digits, of type float8. */
static void
put_number(StringInfo sql, double number)
{
	char		digits[DOUBLE_SHORTEST_DECIMAL_LEN];

	double_to_shortest_decimal_buf(number, digits);
	appendStringInfo(sql, "'%s'::float8", digits);
	if (sql->len > MAX_SQL_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the expression of the model is longer than %d bytes", MAX_SQL_BYTES),
				 errhint("Use fewer interactions of columns with many levels.")));
	CHECK_FOR_INTERRUPTS();
}

/* A feature as a number. */
static void
put_value(StringInfo sql, const journey_feature *feature)
{
	if (feature->has_mean)
	{
		appendStringInfo(sql, "coalesce(%s::float8, ", quote_identifier(feature->name));
		put_number(sql, feature->mean);
		appendStringInfoChar(sql, ')');
	}
	else if (feature->kind == JOURNEY_FEATURE_BOOLEAN)
		appendStringInfo(sql, "%s::int::float8", quote_identifier(feature->name));
	else
		appendStringInfo(sql, "%s::float8", quote_identifier(feature->name));
}

/* x * x * x */
static void
put_power(StringInfo sql, const journey_feature *feature, int power)
{
	int			i;

	for (i = 0; i < power; i++)
	{
		appendStringInfoString(sql, i > 0 ? " * " : power > 1 ? "(" : "");
		put_value(sql, feature);
	}
	if (power > 1)
		appendStringInfoChar(sql, ')');
}

/* Times the numbers of a term, if it has any. */
static void
put_numbers(StringInfo sql, const journey_encoding *encoding, const jrn_term *term)
{
	int			numbers = 0;
	int			i;

	for (i = 0; i < term->count; i++)
		if (!term->factor[i].levels)
		{
			appendStringInfoString(sql, numbers++ > 0 ? " * " : " * (");
			put_power(sql, &encoding->features[term->factor[i].feature], term->factor[i].power);
		}
	if (numbers > 0)
		appendStringInfoChar(sql, ')');
}

/*
 * The weight that the row's levels choose, as cases within cases from the
 * factor on; place and stride as in jrn_term_at, place -1: a level without a
 * column was met, which leaves 0.
 */
static void
put_weight(StringInfo sql, const journey_encoding *encoding, const jrn_term *term, int from,
		   const double *weights, int place, int stride)
{
	const jrn_factor *factor;
	const journey_feature *feature;
	int			levels;
	int			l;

	while (from < term->count && !term->factor[from].levels)
		from++;
	if (from == term->count)
	{
		put_number(sql, place < 0 ? 0.0 : weights[place]);
		return;
	}
	factor = &term->factor[from];
	feature = &encoding->features[factor->feature];
	levels = feature->kind == JOURNEY_FEATURE_LABEL ? feature->level_count : 2;
	if (feature->kind == JOURNEY_FEATURE_LABEL)
		appendStringInfo(sql, "CASE %s::text COLLATE \"C\"", quote_identifier(feature->name));
	else
		appendStringInfo(sql, "CASE %s", quote_identifier(feature->name));
	for (l = 0; l < levels; l++)
	{
		int			column = l - (factor->full ? 0 : 1);

		appendStringInfo(sql, " WHEN %s THEN ", feature->kind != JOURNEY_FEATURE_LABEL ?
						 (l == 0 ? "false" : "true") : quote_literal_cstr(feature->levels[l]));
		put_weight(sql, encoding, term, from + 1, weights,
				   column < 0 || place < 0 ? -1 : place + column * stride, stride * factor->columns);
	}
	appendStringInfoString(sql, " END");
}

/* The link of the model. */
static char *
link_sql(const journey_predictor *predictor)
{
	const journey_encoding *encoding = &predictor->encoding;
	const double *weights = predictor->core.weights + 1;
	int			count = encoding->terms != NULL ? encoding->term_count : encoding->feature_count;
	StringInfoData sql;
	int			i;

	initStringInfo(&sql);
	put_number(&sql, predictor->core.weights[0]);
	for (i = 0; i < count; i++)
	{
		jrn_term	plain = {1, {{i, 1, false, false, 1}}};
		const jrn_term *term = &plain;

		if (encoding->terms != NULL)
			term = &encoding->terms[i];
		else
		{
			/* a boolean chooses its weight, as predict() does */
			plain.factor[0].levels = encoding->features[i].kind != JOURNEY_FEATURE_NUMBER;
			plain.factor[0].columns = journey_feature_terms(&encoding->features[i]);
		}
		/* a column without weights still has to be there, and not NULL */
		appendStringInfoString(&sql, " + ");
		put_weight(&sql, encoding, term, 0, weights, 0, 1);
		put_numbers(&sql, encoding, term);
		weights += jrn_term_columns(term);
	}
	if (encoding->offset != NULL)
		appendStringInfo(&sql, " + %s::float8", quote_identifier(encoding->offset));
	return sql.data;
}

/* 1/(1+exp(-x)), by R-PSQ-4. */
static void
put_logistic(StringInfo sql, const char *x)
{
	appendStringInfo(sql, "CASE WHEN abs(%s) < 709 THEN 1 / (1 + exp(-(%s))) ELSE (1 + tanh(%s)) / 2 END",
					 x, x, x);
}

/* The mean of an ordinal model: level numbers weighted by their probabilities. */
static void
put_ordinal(StringInfo sql, const jrn_predictor *core, const char *link)
{
	StringInfoData x;
	int			i;

	put_number(sql, core->levels[0]);
	for (i = 0; i < core->thresholds; i++)
	{
		initStringInfo(&x);
		appendStringInfo(&x, "link.x - ");
		put_number(&x, core->threshold[i]);
		appendStringInfoString(sql, " + ");
		put_number(sql, core->levels[i + 1] - core->levels[i]);
		appendStringInfoString(sql, " * (");
		put_logistic(sql, x.data);
		appendStringInfoString(sql, ")");
		pfree(x.data);
	}
	appendStringInfo(sql, " FROM (SELECT %s AS x OFFSET 0) AS link", link);
}

/* predict_sql(model) */
Datum
journey_model_predict_sql(PG_FUNCTION_ARGS)
{
	journey_predictor *predictor = journey_predictor_of(fcinfo, 0);
	char	   *link = link_sql(predictor);
	StringInfoData sql;

	initStringInfo(&sql);
	switch (predictor->core.family)
	{
		case JRN_BINOMIAL:
			appendStringInfoString(&sql, "(SELECT ");
			put_logistic(&sql, "link.x");
			appendStringInfo(&sql, " FROM (SELECT %s AS x OFFSET 0) AS link)", link);
			break;
		case JRN_COX:
		case JRN_POISSON:
		case JRN_NEGATIVE_BINOMIAL:
			appendStringInfo(&sql, "(SELECT CASE WHEN link.x < -744 THEN 0 ELSE exp(link.x) END FROM (SELECT %s AS x OFFSET 0) AS link)",
							 link);
			break;
		case JRN_ORDINAL:
			appendStringInfoString(&sql, "(SELECT ");
			put_ordinal(&sql, &predictor->core, link);
			appendStringInfoChar(&sql, ')');
			break;
		default:
			appendStringInfo(&sql, "(%s)", link);
			break;
	}
	PG_RETURN_TEXT_P(cstring_to_text_with_len(sql.data, sql.len));
}
