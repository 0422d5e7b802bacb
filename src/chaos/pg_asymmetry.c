/*
 * pg_asymmetry.c
 *		journey.asymmetry, nonlinearity and reset_test (asymmetry.h,
 *		nonlinear.h): one row per customer or case.
 *
 * R-PAS-1	positive and negative are numbers or booleans, and not the same column.
 */
#include "../pg/compat.h"

#include <math.h>

#include "utils/memutils.h"

#include "../models/pg_design.h"
#include "../models/pg_options.h"
#include "../pg/args.h"
#include "../pg/progress.h"
#include "../pg/rows.h"
#include "nonlinear.h"

/* Where the rows of further designs go beyond memory: made at the first write. */
#define SPILL_FILES (2 + 2 * JRN_FORMS)

typedef struct spill_files
{
	journey_tempfile file[SPILL_FILES];
} spill_files;

static void
open_files(spill_files *spill)
{
	int			i;

	for (i = 0; i < SPILL_FILES; i++)
		journey_tempfile_init(&spill->file[i]);
}

static void
close_files(spill_files *spill)
{
	int			i;

	for (i = 0; i < SPILL_FILES; i++)
		journey_tempfile_close(&spill->file[i]);
}

static void
fit_files(spill_files *spill, jrn_asymmetry_files *files)
{
	int			i;

	open_files(spill);
	for (i = 0; i < 2; i++)
	{
		files->rows[i] = &spill->file[2 * i].file;
		files->tiles[i] = &spill->file[2 * i + 1].file;
	}
	files->limit = journey_memory_budget() / 2;
}

static void
form_files(spill_files *spill, jrn_forms_request *forms)
{
	int			f;

	open_files(spill);
	forms->rows = &spill->file[0].file;
	forms->tiles = &spill->file[1].file;
	for (f = 0; f < JRN_FORMS; f++)
	{
		forms->chosen[f] = &spill->file[2 + 2 * f].file;
		forms->routed[f] = &spill->file[3 + 2 * f].file;
	}
	forms->limit = journey_memory_budget() / 2;
}

/* What the target must be for a family. */
static void
set_target(journey_design_request *request, jrn_family family)
{
	request->binary_target = family == JRN_BINOMIAL;
	request->count_target = family == JRN_POISSON || family == JRN_NEGATIVE_BINOMIAL;
	request->ordinal_target = family == JRN_ORDINAL;
}

/* Append text[] argument number to the features. */
static void
add_features(FunctionCallInfo fcinfo, int number, const char *name, journey_design_request *request)
{
	char	  **words;
	char	  **features;
	int			count;

	journey_arg_not_null(fcinfo, number, name);
	words = journey_array_cstrings(PG_GETARG_ARRAYTYPE_P(number), name, &count);
	features = palloc(((Size) request->feature_count + (Size) count + 1) * sizeof(char *));
	memcpy(features, request->features, (Size) request->feature_count * sizeof(char *));
	memcpy(features + request->feature_count, words, (Size) count * sizeof(char *));
	request->features = features;
	request->feature_count += count;
}

/* Arguments source, outcome, positive, negative, controls, family, key. */
static jrn_family
read_arguments(FunctionCallInfo fcinfo, journey_design_request *request)
{
	jrn_family	family;

	memset(request, 0, sizeof(*request));
	request->source = journey_arg_cstring_required(fcinfo, 0, "source");
	request->target = journey_arg_cstring_required(fcinfo, 1, "outcome");
	request->features = palloc(2 * sizeof(char *));
	request->features[0] = journey_arg_cstring_required(fcinfo, 2, "positive");
	request->features[1] = journey_arg_cstring_required(fcinfo, 3, "negative");
	request->feature_count = 2;
	if (strcmp(request->features[0], request->features[1]) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("arguments \"positive\" and \"negative\" both name column \"%s\"", request->features[0])));
	add_features(fcinfo, 4, "controls", request);
	family = journey_any_family_arg(fcinfo, 5);
	set_target(request, family);
	request->key = journey_arg_cstring(fcinfo, 6);
	request->keep_keys = request->key != NULL ? PG_INT64_MAX : 0;
	request->memory_limit = journey_memory_budget() / 2;	/* the other half is for a copy with more columns */
	request->finish = true;
	return family;
}

/* R-PAS-1 */
static void
check_counts(const journey_design *design)
{
	int			i;

	for (i = 0; i < 2; i++)
		if (design->encoding.features[i].kind == JOURNEY_FEATURE_LABEL)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column \"%s\" holds text, a number or boolean is wanted",
							design->encoding.features[i].name)));
}

PG_FUNCTION_INFO_V1(journey_asymmetry);
Datum
journey_asymmetry(PG_FUNCTION_ARGS)
{
	journey_design_request request;
	jrn_family	family = read_arguments(fcinfo, &request);
	journey_design *design;
	jrn_asymmetry_files files;
	jrn_asymmetry figures;
	spill_files spill;
	journey_rows rows;
	jrn_env		env;

	journey_rows_begin(&rows, fcinfo, 12, "asymmetry");
	design = journey_design_read(&request, CurrentMemoryContext);
	check_counts(design);
	env = journey_host_env(design->context);
	fit_files(&spill, &files);
	journey_progress_watch(design->context, "asymmetry");
	journey_check(jrn_asymmetry_design(&env, &design->core, family, &files, &figures), "asymmetry");
	journey_rows_number(&rows, 0, figures.beta_positive);
	journey_rows_number(&rows, 1, figures.beta_negative);
	journey_rows_number(&rows, 2, figures.fieller.ratio);
	journey_rows_number(&rows, 3, figures.fieller.low);
	journey_rows_number(&rows, 4, figures.fieller.high);
	journey_rows_number(&rows, 5, figures.p_value);
	journey_rows_number(&rows, 6, figures.share_at_bound);
	journey_rows_cstring(&rows, 7, figures.status);
	journey_rows_number(&rows, 8, figures.after);
	journey_rows_number(&rows, 9, figures.after_low);
	journey_rows_number(&rows, 10, figures.after_high);
	journey_rows_bigint(&rows, 11, figures.n);
	journey_rows_put(&rows);
	close_files(&spill);
	journey_design_close(design);
	return (Datum) 0;
}

/* ---- forms ---- */

static void
check_family(jrn_family family)
{
	if (family != JRN_GAUSSIAN && family != JRN_BINOMIAL && family != JRN_POISSON)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("this comparison has families gaussian, binomial and poisson only")));
}

/* Columns behind positive, negative and controls; 0-based place of the first that knows the order. */
static int
plain_columns(const journey_design *design, int features)
{
	int			columns = 0;
	int			i;

	for (i = 0; i < features; i++)
		columns += journey_feature_terms(&design->encoding.features[i]);
	return columns;
}

static void
put_forms(journey_rows *rows, const jrn_form_row *forms)
{
	int			f;

	for (f = 0; f < JRN_FORMS; f++)
	{
		journey_rows_cstring(rows, 0, jrn_form_name(f));
		journey_rows_number(rows, 1, forms[f].deviance);
		journey_rows_number(rows, 2, forms[f].difference);
		journey_rows_number(rows, 3, forms[f].std_error);
		journey_rows_boolean(rows, 4, forms[f].chosen);
		journey_rows_cstring(rows, 5, forms[f].status);
		journey_rows_put(rows);
	}
}

PG_FUNCTION_INFO_V1(journey_nonlinearity);
Datum
journey_nonlinearity(PG_FUNCTION_ARGS)
{
	journey_design_request request;
	jrn_forms_request forms;
	jrn_form_row result[JRN_FORMS];
	journey_design *design;
	spill_files spill;
	journey_rows rows;
	jrn_env		env;
	int			features;

	memset(&forms, 0, sizeof(forms));
	forms.family = read_arguments(fcinfo, &request);
	check_family(forms.family);
	forms.k = journey_arg_int(fcinfo, 7, "k", 2, JOURNEY_MAX_FOLDS);
	journey_arg_not_null(fcinfo, 8, "seed");
	forms.seed = (uint64) PG_GETARG_INT64(8);
	features = request.feature_count;
	add_features(fcinfo, 9, "order_columns", &request);
	journey_rows_begin(&rows, fcinfo, 6, "nonlinearity");
	design = journey_design_read(&request, CurrentMemoryContext);
	check_counts(design);
	forms.plain_columns = plain_columns(design, features);
	env = journey_host_env(design->context);
	form_files(&spill, &forms);
	journey_progress_watch(design->context, "comparing forms");
	journey_check(jrn_compare_forms(&env, &design->core, &forms, result), "comparing forms");
	put_forms(&rows, result);
	close_files(&spill);
	journey_design_close(design);
	return (Datum) 0;
}

/* ---- reset ---- */

PG_FUNCTION_INFO_V1(journey_reset_test);
Datum
journey_reset_test(PG_FUNCTION_ARGS)
{
	journey_design_request request;
	jrn_family	family;
	journey_design *design;
	jrn_asymmetry_files files;
	spill_files spill;
	jrn_reset	reset;
	journey_rows rows;
	jrn_env		env;

	memset(&request, 0, sizeof(request));
	request.source = journey_arg_cstring_required(fcinfo, 0, "source");
	request.target = journey_arg_cstring_required(fcinfo, 1, "outcome");
	if (!PG_ARGISNULL(2))
		request.features = journey_array_cstrings(PG_GETARG_ARRAYTYPE_P(2), "features", &request.feature_count);
	family = journey_any_family_arg(fcinfo, 3);
	check_family(family);
	set_target(&request, family);
	request.memory_limit = journey_memory_budget() / 2;	/* as above */
	request.finish = true;
	journey_rows_begin(&rows, fcinfo, 5, "reset_test");
	design = journey_design_read(&request, CurrentMemoryContext);
	env = journey_host_env(design->context);
	fit_files(&spill, &files);
	journey_progress_watch(design->context, "reset test");
	journey_check(jrn_reset_test(&env, &design->core, family, &files, &reset), "reset test");
	journey_rows_number(&rows, 0, reset.statistic);
	journey_rows_number(&rows, 1, reset.df1);
	journey_rows_number(&rows, 2, reset.df2);
	journey_rows_number(&rows, 3, reset.p_value);
	journey_rows_cstring(&rows, 4, reset.status);
	journey_rows_put(&rows);
	close_files(&spill);
	journey_design_close(design);
	return (Datum) 0;
}
