/*
 * nonlinear.c
 *		Forms compared out of fold (see nonlinear.h).
 */
#include <math.h>
#include <string.h>

#include "nonlinear.h"

#include "../core/sums.h"
#include "../validation/columns.h"
#include "expanded.h"

#define LEAST_CUSTOMERS 10
#define THRESHOLDS 3
#define EXTRA_COLUMNS (1 + THRESHOLDS)

/* What the forms of one call share. */
typedef struct forms_call
{
	const jrn_env *env;
	const jrn_forms_request *request;
	jrn_design	full;			/* base and what make_forms adds */
	int			base_columns;
	int			k;
	double	   *losses[JRN_FORMS];	/* by customer; NULL: no figures */
} forms_call;

const char *
jrn_form_name(jrn_form form)
{
	static const char *const names[JRN_FORMS] = {
		"additive", "interaction", "threshold_1", "threshold_2", "threshold_3", "order_aware", "boosting"
	};

	return names[form];
}

static void
make_forms(void *arg, const double *x, double *extra)
{
	int			c;

	(void) arg;
	extra[0] = x[0] * x[1];
	for (c = 1; c <= THRESHOLDS; c++)
		extra[c] = x[1] >= c ? 1.0 : 0.0;
}

/* Columns of a form in the full design; gives their number. */
static int
columns_of(const forms_call *call, jrn_form form, int *columns)
{
	int			plain = call->request->plain_columns;
	int			count = 0;
	int			j;

	for (j = 0; j < plain; j++)
		columns[count++] = j;
	if (form == JRN_FORM_ORDER_AWARE || form == JRN_FORM_BOOSTING)
		for (j = plain; j < call->base_columns; j++)
			columns[count++] = j;
	else if (form != JRN_FORM_ADDITIVE)
		columns[count++] = call->base_columns + (int) form - (int) JRN_FORM_INTERACTION;
	return count;
}

static jrn_metric
metric_of(jrn_family family)
{
	return family == JRN_BINOMIAL ? JRN_METRIC_LOG_LOSS :
		family == JRN_POISSON ? JRN_METRIC_POISSON_DEVIANCE : JRN_METRIC_RMSE;
}

static const char *
fold_status(const jrn_cv_result *result)
{
	int			f;

	for (f = 0; f < result->k; f++)
		if (!jrn_fit_is_usable(result->folds[f].status))
			return jrn_fit_status_name(result->folds[f].status);
	return "ok";
}

/* Out-of-fold losses of one form by customer. */
static jrn_status
run_form(forms_call *call, jrn_form form, jrn_form_row *row)
{
	const double none = 0.0;
	jrn_metric	metric = metric_of(call->request->family);
	bool		wanted[JRN_METRICS] = {false};
	jrn_design	chosen;
	jrn_cv_request request;
	jrn_cv_result result;
	jrn_plan	plan;
	jrn_plan_fault fault;
	double	   *losses;
	int		   *columns;
	int			count;
	int64_t		c;

	memset(&request, 0, sizeof(request));
	JRN_TRY(jrn_alloc_array(call->env, (size_t) call->full.p, sizeof(int), &columns));
	count = columns_of(call, form, columns);
	JRN_TRY(jrn_design_choose(&call->full, call->env, columns, count, call->request->chosen[form],
							  &chosen));
	JRN_TRY(jrn_plan_begin(&plan, call->env, &chosen, JRN_FOLDS_AUTO, call->k, call->request->seed, &fault));
	JRN_TRY(jrn_alloc_zeroed(call->env, (size_t) call->full.clusters, sizeof(double), &losses));
	wanted[metric] = true;
	request.family = call->request->family;
	request.penalty = JRN_PENALTY_NONE;
	request.boosted = form == JRN_FORM_BOOSTING;
	request.lambda_count = 1;
	request.lambdas = &none;
	request.repeats = 1;
	request.wanted = wanted;
	request.scores[metric] = losses;
	request.score_groups = call->full.clusters;
	JRN_TRY(jrn_cross_validate(call->env, &plan, call->request->routed[form], &request, &result,
							   NULL, NULL));
	jrn_store_end(&chosen.tiles);
	row->status = fold_status(&result);
	if (strcmp(row->status, "ok") != 0)
		return JRN_OK;
	call->losses[form] = losses;
	for (c = 0; c < call->full.clusters && call->request->family == JRN_BINOMIAL; c++)
		losses[c] *= 2.0;		/* R-NLI-2 */
	return JRN_OK;
}

/* Mean difference of two forms per customer and its standard error, R-NLI-3. */
static double
paired(const double *a, const double *b, int64_t customers, double *std_error)
{
	const double n = (double) customers;
	jrn_acc		sum = {0.0, 0.0};
	jrn_acc		squares = {0.0, 0.0};
	double		mean;
	int64_t		c;

	for (c = 0; c < customers; c++)
		jrn_acc_add(&sum, a[c] - (b != NULL ? b[c] : 0.0));
	mean = jrn_acc_value(&sum) / n;
	for (c = 0; c < customers; c++)
	{
		double		off = a[c] - (b != NULL ? b[c] : 0.0) - mean;

		jrn_acc_add(&squares, off * off);
	}
	*std_error = sqrt(n / (n - 1.0) * jrn_acc_value(&squares)) / n;
	return mean;
}

/* R-NLI-4 */
static void
choose(const forms_call *call, jrn_form_row *rows)
{
	int			best = -1;
	int			f;

	for (f = 0; f < JRN_FORMS; f++)
		if (call->losses[f] != NULL && (best < 0 || rows[f].deviance < rows[best].deviance))
			best = f;
	if (best < 0)
		return;
	for (f = 0; f < best; f++)
	{
		double		std_error;

		if (call->losses[f] != NULL &&
			paired(call->losses[f], call->losses[best], call->full.clusters, &std_error) <= std_error)
			break;
	}
	rows[f].chosen = true;
}

static void
figures(const forms_call *call, jrn_form_row *rows)
{
	const int64_t customers = call->full.clusters;
	int			f;

	for (f = 0; f < JRN_FORMS; f++)
	{
		double		unused;

		if (call->losses[f] == NULL)
			continue;
		rows[f].deviance = paired(call->losses[f], NULL, customers, &unused);
		if (call->losses[JRN_FORM_ADDITIVE] != NULL)
			rows[f].difference = paired(call->losses[f], call->losses[JRN_FORM_ADDITIVE], customers,
										&rows[f].std_error);
	}
	choose(call, rows);
}

/* Why nothing can be compared; NULL when it can. */
typedef struct outcome_range
{
	bool		any;
	double		first;
	bool		varies;
} outcome_range;

static void
see_outcome(void *arg, const double *x, double y)
{
	outcome_range *range = arg;

	(void) x;
	if (!range->any)
		range->first = y;
	range->any = true;
	range->varies |= y != range->first;
}

static jrn_status
reason(const jrn_env *env, jrn_design *base, const char **word)
{
	outcome_range range = {false, 0.0, false};

	*word = NULL;
	if (base->clusters < LEAST_CUSTOMERS)
		*word = "too_few";
	else
	{
		JRN_TRY(jrn_design_rows(env, base, see_outcome, &range));
		if (!range.varies)
			*word = "one_class";
	}
	return JRN_OK;
}

jrn_status
jrn_compare_forms(const jrn_env *env, jrn_design *base, const jrn_forms_request *request,
				  jrn_form_row *rows)
{
	forms_call	call;
	const char *word;
	int			f;

	if (base->p < 2 || request->plain_columns > base->p || request->k < 2)
		return JRN_DOMAIN;
	memset(&call, 0, sizeof(call));
	call.env = env;
	call.request = request;
	call.base_columns = base->p;
	JRN_TRY(reason(env, base, &word));
	for (f = 0; f < JRN_FORMS; f++)
	{
		rows[f].deviance = rows[f].difference = rows[f].std_error = NAN;
		rows[f].chosen = false;
		rows[f].status = word;
	}
	if (word != NULL)
		return JRN_OK;
	call.k = request->k > base->clusters ? (int) base->clusters : request->k;
	JRN_TRY(jrn_design_expand(env, base, EXTRA_COLUMNS, make_forms, NULL, request->rows, request->tiles,
							  request->limit, &call.full));
	JRN_TRY(jrn_design_finish(&call.full));
	for (f = 0; f < JRN_FORMS; f++)
		if (f == JRN_FORM_ORDER_AWARE && request->plain_columns == base->p)
			rows[f].status = "no_columns";
		else
			JRN_TRY(run_form(&call, f, &rows[f]));
	figures(&call, rows);
	return JRN_OK;
}
