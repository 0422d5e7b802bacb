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
	int			shift = model->family == JRN_COX ? 1 : 0;
	int			i;

	if (model->terms < 1 || (shift == 0 && !isfinite(model->coefficients[0])))
		return JRN_DOMAIN;		/* R-PRE-3 */
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) (model->terms + shift), sizeof(double), &predictor->weights));
	predictor->family = model->family;
	predictor->terms = model->terms + shift;
	for (i = 0; i < model->terms; i++)
	{
		double		coefficient = model->coefficients[i];

		if (isinf(coefficient))
			return JRN_DOMAIN;
		predictor->weights[i + shift] = isnan(coefficient) ? 0.0 : coefficient; /* R-PRE-2 */
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
	if (family == JRN_COX)
		return exp(link);
	return family == JRN_BINOMIAL ? jrn_logistic(link) : link;
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
