/*
 * pg_options.c
 *		Shared arguments of model functions (see pg_options.h).
 */
#include "pg_options.h"

#include <math.h>

#include "lib/stringinfo.h"

#include "../pg/args.h"

int
journey_word_arg(const char *value, const char *name, const char *const *words, int count)
{
	StringInfoData list;
	int			i;

	for (i = 0; i < count; i++)
		if (strcmp(value, words[i]) == 0)
			return i;
	initStringInfo(&list);
	for (i = 0; i < count; i++)
		appendStringInfo(&list, "%s'%s'", i == 0 ? "" : i + 1 < count ? ", " : " or ", words[i]);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unrecognized %s \"%s\"", name, value),
			 errhint("Pass %s.", list.data)));
	return -1;
}

jrn_family
journey_family_arg(FunctionCallInfo fcinfo, int number)
{
	static const char *const words[] = {"gaussian", "binomial"};

	return journey_word_arg(journey_arg_cstring_required(fcinfo, number, "family"),
							"family", words, 2) == 0 ? JRN_GAUSSIAN : JRN_BINOMIAL;
}

jrn_family
journey_any_family_arg(FunctionCallInfo fcinfo, int number)
{
	static const char *const words[] = {"gaussian", "binomial", "poisson", "negative_binomial", "ordinal"};
	static const jrn_family families[] = {JRN_GAUSSIAN, JRN_BINOMIAL, JRN_POISSON,
	JRN_NEGATIVE_BINOMIAL, JRN_ORDINAL};

	return families[journey_word_arg(journey_arg_cstring_required(fcinfo, number, "family"),
									 "family", words, lengthof(words))];
}

jrn_penalty
journey_penalty_arg(FunctionCallInfo fcinfo, int number)
{
	static const char *const words[] = {"none", "ridge", "lasso", "elastic_net", "firth"};

	/* in the order of jrn_penalty */
	return (jrn_penalty) journey_word_arg(journey_arg_cstring_required(fcinfo, number, "penalty"),
										  "penalty", words, JRN_PENALTIES);
}

double
journey_alpha_arg(FunctionCallInfo fcinfo, int number, jrn_penalty penalty)
{
	double		alpha;

	if (penalty == JRN_PENALTY_ELASTIC_NET)
		journey_arg_not_null(fcinfo, number, "alpha");
	alpha = PG_ARGISNULL(number) ? 0.0 : PG_GETARG_FLOAT8(number);
	if (!(alpha >= 0.0 && alpha <= 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("alpha is %g, it must be from 0 to 1", alpha),
				 errhint("It is the share of the absolute part: 0 is ridge, 1 is lasso.")));
	return penalty == JRN_PENALTY_LASSO ? 1.0 : penalty == JRN_PENALTY_ELASTIC_NET ? alpha : 0.0;
}

void
journey_penalty_check(jrn_family family, jrn_penalty penalty)
{
	if (penalty == JRN_PENALTY_FIRTH && family != JRN_BINOMIAL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("penalty => 'firth' is for family => 'binomial' only"),
				 errhint("Pass penalty => 'none', 'ridge', 'lasso' or 'elastic_net'.")));
}

double
journey_lambda_arg(FunctionCallInfo fcinfo, int number, jrn_penalty penalty)
{
	double		lambda;

	journey_arg_not_null(fcinfo, number, "lambda");
	lambda = PG_GETARG_FLOAT8(number);
	if (!isfinite(lambda) || lambda < 0.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("lambda is %g, it must be finite and not negative", lambda)));
	if (!jrn_is_shrunk(penalty) && lambda != 0.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 penalty == JRN_PENALTY_FIRTH ?
				 errmsg("lambda is %g, but penalty => 'firth' has no strength", lambda) :
				 errmsg("lambda is %g, but there is no penalty", lambda),
				 errhint("Pass penalty => 'ridge', 'lasso' or 'elastic_net'.")));
	return lambda;
}

jrn_errors
journey_errors_arg(FunctionCallInfo fcinfo, int number, bool has_key)
{
	static const char *const words[] = {"model", "hc0", "hc1", "hc2", "hc3", "cluster"};
	char	   *value = journey_arg_cstring(fcinfo, number);
	jrn_errors	errors;

	if (value == NULL)
		return has_key ? JRN_ERRORS_CLUSTER : JRN_ERRORS_MODEL;
	errors = (jrn_errors) journey_word_arg(value, "errors", words, 6);
	if (errors == JRN_ERRORS_CLUSTER && !has_key)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("errors => 'cluster' needs a key"),
				 errhint("Pass the column by which rows belong together as key.")));
	return errors;
}

journey_missing
journey_missing_arg(FunctionCallInfo fcinfo, int number)
{
	static const char *const words[] = {"error", "drop", "mean"};

	return (journey_missing) journey_word_arg(journey_arg_cstring_required(fcinfo, number, "missing"),
											  "missing", words, 3);
}
