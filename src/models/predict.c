/*
 * predict.c
 *		Linear predictor, inverse link and level lookup (see predict.h).
 */
#include "predict.h"

#include <math.h>
#include <string.h>

#include "../core/dist.h"

jrn_status
jrn_predictor_init(const jrn_env *env, const jrn_model *model, jrn_predictor *predictor)
{
	/* without an intercept the first weight stays 0 */
	int			first = model->family == JRN_ORDINAL ? model->thresholds : model->family == JRN_COX ? 0 : 1;
	int			i;

	memset(predictor, 0, sizeof(*predictor));
	if (model->terms < first || (first == 0 && model->family == JRN_ORDINAL) || model->terms < 1)
		return JRN_DOMAIN;		/* R-PRE-3 */
	for (i = 0; i < first; i++)
		if (!isfinite(model->coefficients[i]))
			return JRN_DOMAIN;
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) (model->terms - first + 1), sizeof(double), &predictor->weights));
	predictor->family = model->family;
	predictor->terms = model->terms - first + 1;
	if (model->family == JRN_ORDINAL)
	{
		predictor->thresholds = first;
		JRN_TRY(jrn_alloc_array(env, (size_t) first, sizeof(double), &predictor->threshold));
		JRN_TRY(jrn_alloc_array(env, (size_t) first + 1, sizeof(double), &predictor->levels));
		memcpy(predictor->threshold, model->coefficients, (size_t) first * sizeof(double));
		memcpy(predictor->levels, model->levels, (size_t) (first + 1) * sizeof(double));
	}
	else if (first == 1)
		predictor->weights[0] = model->coefficients[0];
	for (i = first; i < model->terms; i++)
	{
		double		coefficient = model->coefficients[i];

		if (isinf(coefficient))
			return JRN_DOMAIN;
		predictor->weights[i - first + 1] = isnan(coefficient) ? 0.0 : coefficient; /* R-PRE-2 */
	}
	return JRN_OK;
}

double
jrn_predict_link(const jrn_predictor *predictor, const double *x)
{
	double		sum = predictor->weights[0];
	int			i;

	for (i = 1; i < predictor->terms; i++)
		sum += predictor->weights[i] * x[i - 1];
	return sum;
}

double
jrn_predict_response(jrn_family family, double link)
{
	if (family == JRN_COX || family == JRN_POISSON || family == JRN_NEGATIVE_BINOMIAL)
		return exp(link);
	return family == JRN_BINOMIAL ? jrn_logistic(link) : link;
}

double
jrn_predictor_response(const jrn_predictor *predictor, double link)
{
	double		sum;
	int			i;

	if (predictor->family != JRN_ORDINAL)
		return jrn_predict_response(predictor->family, link);
	sum = predictor->levels[0];
	for (i = 0; i < predictor->thresholds; i++)
		sum += (predictor->levels[i + 1] - predictor->levels[i]) *
			jrn_logistic(link - predictor->threshold[i]);
	return sum;
}

int
jrn_level_find(const jrn_level *levels, int count, const char *bytes, size_t size)
{
	int			low = 0;
	int			high = count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;
		size_t		common = levels[middle].size < size ? levels[middle].size : size;
		int			order = common == 0 ? 0 : memcmp(levels[middle].bytes, bytes, common);

		if (order == 0 && levels[middle].size == size)
			return middle;
		if (order < 0 || (order == 0 && levels[middle].size < size))
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}
