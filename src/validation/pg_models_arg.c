/*
 * pg_models_arg.c
 *		Reading the models of compare_models() (see pg_models_arg.h).
 */
#include "pg_models_arg.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "../pg/args.h"
#include "pg_cv.h"

static void
refuse_models(const char *found)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("models %s", found),
			 errhint("Pass an object such as {\"small\": {\"features\": [\"age\"]}, \"all\": {}}.")));
}

static double
number_value(const JsonbValue *value, const char *model, const char *argument)
{
	double		number;

	if (value->type != jbvNumeric)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s of model \"%s\" must be a number", argument, model)));
	number = DatumGetFloat8(DirectFunctionCall1(numeric_float8, NumericGetDatum(value->val.numeric)));
	if (!isfinite(number) || number < 0.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s of model \"%s\" is %g, it must be finite and not negative", argument, model, number)));
	return number;
}

static void
read_features(const JsonbValue *value, journey_compared_model *model)
{
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	item;
	int			i;

	if (value->type == jbvNull)
		return;
	if (value->type != jbvBinary || !JsonContainerIsArray(value->val.binary.data) ||
		JsonContainerIsScalar(value->val.binary.data))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("features of model \"%s\" must be an array of column names", model->name)));
	model->features = palloc0(((Size) JsonContainerSize(value->val.binary.data) + 1) * sizeof(char *));
	iterator = JsonbIteratorInit(value->val.binary.data);
	while ((token = JsonbIteratorNext(&iterator, &item, true)) != WJB_DONE)
	{
		char	   *name;

		if (token != WJB_ELEM)
			continue;
		if (item.type != jbvString)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("features of model \"%s\" must be an array of column names", model->name)));
		name = pnstrdup(item.val.string.val, item.val.string.len);
		for (i = 0; i < model->feature_count; i++)
			if (strcmp(model->features[i], name) == 0)
				ereport(ERROR,
						(errcode(ERRCODE_DUPLICATE_COLUMN),
						 errmsg("feature \"%s\" of model \"%s\" is listed twice", name, model->name)));
		model->features[model->feature_count++] = name;
	}
}

/* lambdas: one number in an array, as cross_validate() takes it. */
static double
only_lambda(const JsonbValue *value, const char *model)
{
	JsonbValue *item;

	if (value->type != jbvBinary || !JsonContainerIsArray(value->val.binary.data) ||
		JsonContainerSize(value->val.binary.data) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("lambdas of model \"%s\" must be an array of one number", model),
				 errhint("Compare penalty strengths as models of their own, or judge the choice among them with nested_cv().")));
	item = getIthJsonbValueFromContainer(value->val.binary.data, 0);
	return number_value(item, model, "lambda");
}

static void
read_argument(const char *argument, const JsonbValue *value, journey_compared_model *model)
{
	char	   *word;

	if (strcmp(argument, "features") == 0)
		read_features(value, model);
	else if (strcmp(argument, "penalty") == 0)
	{
		if (value->type != jbvString)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("penalty of model \"%s\" must be a string", model->name)));
		word = pnstrdup(value->val.string.val, value->val.string.len);
		model->boosted = strcmp(word, JOURNEY_CV_BOOSTING) == 0;
		model->penalty = model->boosted ? JRN_PENALTY_NONE : journey_cv_penalty(word);
	}
	else if (strcmp(argument, "lambda") == 0)
		model->lambda = number_value(value, model->name, "lambda");
	else if (strcmp(argument, "lambdas") == 0)
		model->lambda = only_lambda(value, model->name);
	else if (strcmp(argument, "alpha") == 0)
		model->alpha = number_value(value, model->name, "alpha");
	else
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" has an unknown argument \"%s\"", model->name, argument),
				 errhint("A model takes features, penalty, lambda and alpha; the other arguments are those of the call.")));
}

static void
read_model(const JsonbValue *value, journey_compared_model *model)
{
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	item;
	char	   *argument = NULL;

	if (value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
		refuse_models(psprintf("must be an object of objects, but \"%s\" is none", model->name));
	model->penalty = JRN_PENALTY_NONE;
	model->lambda = NAN;
	model->alpha = 0.5;
	iterator = JsonbIteratorInit(value->val.binary.data);
	while ((token = JsonbIteratorNext(&iterator, &item, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			argument = pnstrdup(item.val.string.val, item.val.string.len);
		else if (token == WJB_VALUE)
			read_argument(argument, &item, model);
	}
	if (model->alpha > 1.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("alpha of model \"%s\" is %g, it must be from 0 to 1", model->name, model->alpha)));
	model->alpha = model->penalty == JRN_PENALTY_LASSO ? 1.0 :
		model->penalty == JRN_PENALTY_ELASTIC_NET ? model->alpha : 0.0;
	if (jrn_is_shrunk(model->penalty) && isnan(model->lambda))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" has penalty \"%s\" but no lambda", model->name,
						jrn_penalty_name(model->penalty)),
				 errhint("Add \"lambda\", for example the one that cross_validate() marks as is_best.")));
	if (!jrn_is_shrunk(model->penalty) && model->lambda > 0.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("lambda of model \"%s\" is %g, but there is no penalty", model->name, model->lambda),
				 errhint("Add \"penalty\": \"ridge\".")));
	if (isnan(model->lambda))
		model->lambda = 0.0;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const journey_compared_model *) a)->name, ((const journey_compared_model *) b)->name);
}

journey_compared_model *
journey_models_arg(FunctionCallInfo fcinfo, int number, int *count)
{
	Jsonb	   *jsonb;
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	item;
	journey_compared_model *models;
	int			names = 0;

	journey_arg_not_null(fcinfo, number, "models");
	jsonb = PG_GETARG_JSONB_P(number);
	if (!JB_ROOT_IS_OBJECT(jsonb))
		refuse_models("must be an object");
	*count = (int) JB_ROOT_COUNT(jsonb);
	if (*count < 2)
		refuse_models(psprintf("has %d model%s, a comparison needs at least two", *count,
							   *count == 1 ? "" : "s"));
	if (*count > JOURNEY_MAX_MODELS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("models has %d models, it may have at most %d", *count, JOURNEY_MAX_MODELS)));
	models = palloc0((Size) *count * sizeof(journey_compared_model));
	iterator = JsonbIteratorInit(&jsonb->root);
	while ((token = JsonbIteratorNext(&iterator, &item, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			models[names].name = pnstrdup(item.val.string.val, item.val.string.len);
		else if (token == WJB_VALUE)
			read_model(&item, &models[names++]);
	}
	qsort(models, (size_t) *count, sizeof(journey_compared_model), by_name);
	return models;
}
