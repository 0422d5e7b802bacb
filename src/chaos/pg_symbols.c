/*
 * pg_symbols.c
 *		journey.entropy_of, entropy_rate, predictability and markov_order.
 *
 * R-PSY-1	A count that is NULL is an error naming its element (22004), one below
 *			0 another (22023); no observation gives NULL.
 */
#include "../pg/compat.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "../pg/args.h"
#include "memory_order.h"
#include "pg_symbol_map.h"

static jrn_entropy_estimator
read_estimator(const char *word)
{
	int			e;

	for (e = 0; e < JRN_ENTROPY_ESTIMATORS; e++)
		if (strcmp(word, jrn_entropy_estimator_name(e)) == 0)
			return e;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("argument \"estimator\" is \"%s\"", word),
			 errhint("Estimators are plug_in, miller_madow, chao_shen and grassberger.")));
	return JRN_ENTROPY_GRASSBERGER;
}

/* R-PSY-1 */
static int64 *
read_counts(ArrayType *array, int *count)
{
	Datum	   *elements;
	bool	   *nulls;
	int64	   *counts;
	int			i;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array \"counts\" must have one dimension, it has %d", ARR_NDIM(array))));
	deconstruct_array(array, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
					  &elements, &nulls, count);
	counts = palloc(((Size) *count + 1) * sizeof(int64));
	for (i = 0; i < *count; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("element %d of array \"counts\" is null", i + 1)));
		counts[i] = DatumGetInt64(elements[i]);
		if (counts[i] < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("element %d of array \"counts\" is " INT64_FORMAT ", it must not be negative",
							i + 1, counts[i])));
	}
	return counts;
}

PG_FUNCTION_INFO_V1(journey_entropy_of);
Datum
journey_entropy_of(PG_FUNCTION_ARGS)
{
	jrn_entropy_estimator estimator = read_estimator(text_to_cstring(PG_GETARG_TEXT_PP(1)));
	int			count;
	int64	   *counts = read_counts(PG_GETARG_ARRAYTYPE_P(0), &count);
	double		nats = jrn_entropy_counts(counts, (size_t) count, estimator);

	if (isnan(nats))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(nats / JRN_LN_2);
}

PG_FUNCTION_INFO_V1(journey_entropy_rate);
Datum
journey_entropy_rate(PG_FUNCTION_ARGS)
{
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");
	jrn_entropy_estimator estimator = read_estimator(journey_arg_cstring_required(fcinfo, 1, "estimator"));
	journey_symbol_map symbols;
	jrn_entropy_rate rate;
	journey_rows rows;

	journey_rows_begin(&rows, fcinfo, 5, "entropy_rate");
	journey_symbol_map_read(&symbols, source, "entropy of journeys");
	journey_check(jrn_symbols_entropy(&symbols.env, &symbols.map, estimator, &rate), "entropy of journeys");
	journey_rows_number(&rows, 0, rate.rate);
	journey_rows_number(&rows, 1, rate.plug_in);
	journey_rows_number(&rows, 2, rate.excess);
	journey_rows_bigint(&rows, 3, rate.n);
	journey_rows_cstring(&rows, 4, rate.status);
	journey_rows_put(&rows);
	journey_symbol_map_close(&symbols);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(journey_predictability);
Datum
journey_predictability(PG_FUNCTION_ARGS)
{
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");
	int32		k = journey_arg_int(fcinfo, 1, "k", 2, JOURNEY_MAX_FOLDS);
	journey_symbol_map symbols;
	jrn_predictability figures;
	journey_rows rows;

	journey_arg_not_null(fcinfo, 2, "seed");
	journey_rows_begin(&rows, fcinfo, 5, "predictability");
	journey_symbol_map_read(&symbols, source, "predictability of journeys");
	journey_check(jrn_symbols_predict(&symbols.env, &symbols.map, k, (uint64) PG_GETARG_INT64(2), &figures),
				  "predictability of journeys");
	journey_rows_number(&rows, 0, figures.rate);
	journey_rows_number(&rows, 1, figures.bound);
	journey_rows_number(&rows, 2, figures.achieved);
	journey_rows_number(&rows, 3, figures.majority);
	journey_rows_cstring(&rows, 4, figures.status);
	journey_rows_put(&rows);
	journey_symbol_map_close(&symbols);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(journey_markov_order);
Datum
journey_markov_order(PG_FUNCTION_ARGS)
{
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");
	int32		max_order = journey_arg_int(fcinfo, 1, "max_order", 0, JRN_MEMORY_MAX_ORDER);
	int32		k = journey_arg_int(fcinfo, 2, "k", 2, JOURNEY_MAX_FOLDS);
	jrn_memory_row orders[JRN_MEMORY_MAX_ORDER + 1];
	journey_symbol_map symbols;
	journey_rows rows;
	int32		order;

	journey_arg_not_null(fcinfo, 3, "seed");
	journey_rows_begin(&rows, fcinfo, 8, "markov_order");
	journey_symbol_map_read(&symbols, source, "memory of journeys");
	journey_check(jrn_memory_order(&symbols.env, &symbols.map, max_order, k,
								   (uint64) PG_GETARG_INT64(3), orders), "memory of journeys");
	for (order = 0; order <= max_order; order++)
	{
		const jrn_memory_row *row = &orders[order];

		journey_rows_integer(&rows, 0, order);
		journey_rows_number(&rows, 1, row->parameters);
		journey_rows_number(&rows, 2, row->log_loss);
		journey_rows_number(&rows, 3, row->std_error);
		journey_rows_number(&rows, 4, row->aic);
		journey_rows_number(&rows, 5, row->bic);
		journey_rows_boolean(&rows, 6, row->chosen);
		journey_rows_cstring(&rows, 7, row->status);
		journey_rows_put(&rows);
	}
	journey_symbol_map_close(&symbols);
	return (Datum) 0;
}
