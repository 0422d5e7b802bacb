/*
 * pg_predict.c
 *		SQL binding of models that are already fitted: predict, predict_link,
 *		explain, coefficients, summary.
 *
 * The parsed model lives in fn_extra (pg_predictor.c), the arithmetic in
 * predict.c and inference.c.
 */
#include "../pg/compat.h"

#include <math.h>

#include "access/htup_details.h"
#include "utils/builtins.h"

#include "../core/dist.h"
#include "../pg/args.h"
#include "../pg/rows.h"
#include "inference.h"
#include "pg_predictor.h"

PG_FUNCTION_INFO_V1(journey_model_predict_array);
PG_FUNCTION_INFO_V1(journey_model_predict_row);
PG_FUNCTION_INFO_V1(journey_model_link_array);
PG_FUNCTION_INFO_V1(journey_model_link_row);
PG_FUNCTION_INFO_V1(journey_model_explain);
PG_FUNCTION_INFO_V1(journey_model_coefficients);
PG_FUNCTION_INFO_V1(journey_model_summary);

/* ---- predictions ---- */

/* Argument new_level: true for 'reference'. */
static bool
arg_reference(FunctionCallInfo fcinfo, int number)
{
	text	   *word = PG_GETARG_TEXT_PP(number);
	const char *bytes = VARDATA_ANY(word);
	Size		size = VARSIZE_ANY_EXHDR(word);

	if (size == 5 && memcmp(bytes, "error", 5) == 0)
		return false;
	if (size == 9 && memcmp(bytes, "reference", 9) == 0)
		return true;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("argument \"new_level\" is \"%s\", it must be error or reference",
					text_to_cstring(word))));
	return false;
}

static double
link_of_array(FunctionCallInfo fcinfo, journey_predictor *predictor)
{
	return journey_predict_array(predictor, PG_GETARG_ARRAYTYPE_P(1));
}

static double
link_of_row(FunctionCallInfo fcinfo, journey_predictor *predictor)
{
	return journey_predict_row(predictor, PG_GETARG_HEAPTUPLEHEADER(1), arg_reference(fcinfo, 2), NULL);
}

/* predict(model, x float8[]) */
Datum
journey_model_predict_array(PG_FUNCTION_ARGS)
{
	journey_predictor *predictor = journey_predictor_of(fcinfo, 0);

	PG_RETURN_FLOAT8(journey_predict_response(predictor, link_of_array(fcinfo, predictor)));
}

/* predict(model, row record, new_level) */
Datum
journey_model_predict_row(PG_FUNCTION_ARGS)
{
	journey_predictor *predictor = journey_predictor_of(fcinfo, 0);

	PG_RETURN_FLOAT8(journey_predict_response(predictor, link_of_row(fcinfo, predictor)));
}

/* predict_link(model, x float8[]) */
Datum
journey_model_link_array(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(link_of_array(fcinfo, journey_predictor_of(fcinfo, 0)));
}

/* predict_link(model, row record, new_level) */
Datum
journey_model_link_row(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(link_of_row(fcinfo, journey_predictor_of(fcinfo, 0)));
}

/*
 * explain(model, row record, new_level): the summands of predict_link in their
 * order, so that sum() over them gives its bits.  Thresholds of an ordinal
 * model are no summands.
 */
Datum
journey_model_explain(PG_FUNCTION_ARGS)
{
	journey_predictor *predictor = journey_predictor_of(fcinfo, 0);
	double	   *parts = palloc_extended((Size) (predictor->core.terms + 1) * sizeof(double),
										MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	bool		has_intercept = predictor->first_term == 1 && predictor->core.family != JRN_ORDINAL;
	journey_rows rows;
	int			i;

	(void) journey_predict_row(predictor, PG_GETARG_HEAPTUPLEHEADER(1), arg_reference(fcinfo, 2), parts);
	journey_rows_begin(&rows, fcinfo, 2, "explain");
	for (i = has_intercept ? 0 : 1; i < predictor->core.terms; i++)
	{
		journey_rows_cstring(&rows, 0, predictor->terms[predictor->first_term + i - 1]);
		journey_rows_number(&rows, 1, parts[i]);
		journey_rows_put(&rows);
	}
	if (predictor->encoding.offset != NULL)
	{
		journey_rows_cstring(&rows, 0, "(offset)");
		journey_rows_number(&rows, 1, parts[predictor->core.terms]);
		journey_rows_put(&rows);
	}
	return (Datum) 0;
}

/* ---- what a model says of itself ---- */

/* Put a figure into a row; NaN is NULL. */
static void
set_figure(Datum *values, bool *nulls, int column, double figure)
{
	nulls[column] = isnan(figure);
	values[column] = nulls[column] ? (Datum) 0 : Float8GetDatum(figure);
}

/* coefficients(model, level) */
Datum
journey_model_coefficients(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	double		level = PG_GETARG_FLOAT8(1);
	jrn_model	model;
	journey_encoding encoding;
	char	  **terms;
	double		df;
	double		critical;
	int			i;

	if (!(level > 0.0 && level < 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"level\" is %g, it must be greater than 0 and less than 1",
						level)));
	journey_init_materialized(fcinfo);
	journey_model_read(PG_GETARG_HEAPTUPLEHEADER(0), &model, &encoding, &terms);
	df = jrn_model_test_df(&model);
	critical = jrn_t_critical(level, df);
	for (i = 0; i < model.terms; i++)
	{
		jrn_term_figures figures = jrn_model_term(&model, i, df, critical);
		Datum		values[7];
		bool		nulls[7];

		values[0] = CStringGetTextDatum(terms[i]);
		nulls[0] = false;
		set_figure(values, nulls, 1, figures.estimate);
		set_figure(values, nulls, 2, figures.std_error);
		set_figure(values, nulls, 3, figures.statistic);
		set_figure(values, nulls, 4, figures.p_value);
		set_figure(values, nulls, 5, figures.conf_low);
		set_figure(values, nulls, 6, figures.conf_high);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		CHECK_FOR_INTERRUPTS();
	}
	return (Datum) 0;
}

/* summary(model) */
Datum
journey_model_summary(PG_FUNCTION_ARGS)
{
	jrn_model	model;
	journey_encoding encoding;
	jrn_model_figures figures;
	char	  **terms;
	TupleDesc	desc;
	Datum		values[13];
	bool		nulls[13];

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	journey_model_read(PG_GETARG_HEAPTUPLEHEADER(0), &model, &encoding, &terms);
	figures = jrn_model_summary(&model);
	memset(nulls, false, sizeof(nulls));
	values[0] = Int64GetDatum(model.n);
	nulls[1] = model.n_groups < 0;
	values[1] = Int64GetDatum(model.n_groups);
	values[2] = Int64GetDatum(model.df_residual);
	set_figure(values, nulls, 3, model.deviance);
	set_figure(values, nulls, 4, model.null_deviance);
	set_figure(values, nulls, 5, model.log_likelihood);
	set_figure(values, nulls, 6, figures.aic);
	set_figure(values, nulls, 7, figures.bic);
	set_figure(values, nulls, 8, figures.r_squared);
	set_figure(values, nulls, 9, model.dispersion);
	values[10] = Int32GetDatum(model.iterations);
	values[11] = BoolGetDatum(model.converged);
	values[12] = CStringGetTextDatum(jrn_fit_status_name(model.status));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}
