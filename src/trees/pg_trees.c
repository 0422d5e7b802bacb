/*
 * pg_trees.c
 *		SQL binding of fit_trees(): boosted trees from a source query.
 *
 * Rows are read once into a spilling store by column, 256 rows at a time; each
 * column is then binned on its own, so that beside the bins only one column of
 * numbers is in memory.
 */
#include "../pg/compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "../core/hash.h"
#include "../core/store.h"
#include "../models/design.h"
#include "../models/pg_options.h"
#include "../pg/args.h"
#include "../pg/host.h"
#include "../pg/progress.h"
#include "pg_trees_source.h"
#include "pg_trees_value.h"

PG_FUNCTION_INFO_V1(journey_fit_trees);

/* ---- arguments ---- */

static jrn_trees_family
arg_family(FunctionCallInfo fcinfo, int number)
{
	static const char *const words[] = {"gaussian", "binomial", "poisson"};

	return (jrn_trees_family) journey_word_arg(journey_arg_cstring_required(fcinfo, number, "family"),
											   "family", words, 3);
}

static double
arg_learning_rate(FunctionCallInfo fcinfo, int number)
{
	double		rate;

	journey_arg_not_null(fcinfo, number, "learning_rate");
	rate = PG_GETARG_FLOAT8(number);
	if (!(rate > 0.0 && rate <= 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("learning_rate is %g, it must be above 0 and at most 1", rate)));
	return rate;
}

/* One entry of monotone. */
static void
set_monotone(journey_trees_source *source, const char *name, const JsonbValue *value)
{
	double		direction = 2.0;
	int			j;

	if (value->type == jbvNumeric)
		direction = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
													   NumericGetDatum(value->val.numeric)));
	if (direction != 1.0 && direction != -1.0 && direction != 0.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("monotone has a wrong value for \"%s\", it must be 1, -1 or 0", name)));
	for (j = 0; j < source->feature_count; j++)
		if (strcmp(source->features[j].name, name) == 0)
			break;
	if (j == source->feature_count)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("monotone names \"%s\", which is not a feature", name)));
	if (source->is_label[j])
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("monotone names \"%s\", which has labels and no order", name),
				 errhint("Turn its labels into numbers in the source query.")));
	source->monotone[j] = (int) direction;
}

/* {"column": 1 or -1, ...} */
static void
read_monotone(Jsonb *json, journey_trees_source *source)
{
	JsonbIterator *iterator = JsonbIteratorInit(&json->root);
	JsonbIteratorToken token;
	JsonbValue	value;
	char	   *name = NULL;

	if (!JB_ROOT_IS_OBJECT(json))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("monotone must be a JSON object of columns and directions"),
				 errhint("Pass for example '{\"price\": -1}'.")));
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			name = pnstrdup(value.val.string.val, value.val.string.len);
		else if (token == WJB_VALUE)
			set_monotone(source, name, &value);
	}
}

static void
read_options(FunctionCallInfo fcinfo, jrn_trees_options *options)
{
	memset(options, 0, sizeof(*options));
	options->family = arg_family(fcinfo, 4);
	options->rounds = journey_arg_int(fcinfo, 5, "trees", 1, JRN_TREES_MAX_ROUNDS);
	options->depth = journey_arg_int(fcinfo, 6, "depth", 1, JRN_TREES_MAX_DEPTH);
	options->learning_rate = arg_learning_rate(fcinfo, 7);
	if (!PG_ARGISNULL(8))
		options->early_stopping = journey_arg_int(fcinfo, 8, "early_stopping", 1, JRN_TREES_MAX_ROUNDS);
}

/* fit_trees(source, target, key, features, family, trees, depth, learning_rate,
 *			 early_stopping, monotone, seed) */
Datum
journey_fit_trees(PG_FUNCTION_ARGS)
{
	MemoryContext result = CurrentMemoryContext;
	journey_trees_source source;
	jrn_trees_options options;
	journey_encoding encoding;
	jrn_trees	trees;
	TupleDesc	desc;
	Datum		datum;

	memset(&source, 0, sizeof(source));
	source.text = journey_arg_cstring_required(fcinfo, 0, "source");
	source.target_name = journey_arg_cstring_required(fcinfo, 1, "target");
	source.key_name = journey_arg_cstring(fcinfo, 2);
	if (!PG_ARGISNULL(3))
		source.wanted = journey_array_cstrings(PG_GETARG_ARRAYTYPE_P(3), "features", &source.wanted_count);
	read_options(fcinfo, &options);
	journey_arg_not_null(fcinfo, 10, "seed");
	source.seed = (uint64) PG_GETARG_INT64(10);
	source.family = options.family;
	source.with_unit = options.early_stopping > 0;
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	desc = BlessTupleDesc(desc);

	journey_trees_source_open(&source);
	if (!PG_ARGISNULL(9))
		read_monotone(PG_GETARG_JSONB_P(9), &source);
	journey_trees_source_read(&source);
	journey_progress_watch(source.context, "growing trees");
	journey_check(jrn_trees_fit(&source.env, &source.matrix, NULL, source.matrix.rows, &options, &trees),
				  "growing trees");
	journey_progress_unwatch();
	journey_trees_source_encoding(&source, &encoding);
	MemoryContextSwitchTo(result);
	datum = journey_trees_datum(desc, &trees, &encoding);
	MemoryContextDelete(source.context);
	PG_RETURN_DATUM(datum);
}
