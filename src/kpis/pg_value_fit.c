/*
 * pg_value_fit.c
 *		journey.clv_fit and journey.spend_fit (value_fit.h).
 *
 * R-PGF-1	A fit that is too small or did not converge gives its parameters with
 *			NULL estimates and the reason.
 * R-PGF-2	spend_fit leaves out customers without repeat purchase and those whose
 *			mean spend is NULL, 0 or negative, and counts them in left_out.
 */
#include "pg_value.h"

#include "utils/memutils.h"

#include "../pg/args.h"

static const char *const bg_names[] = {"r", "alpha", "a", "b"};
static const char *const pareto_names[] = {"r", "alpha", "s", "beta"};
static const char *const spend_names[] = {"p", "q", "v"};

static const char *const *
names_of(jrn_value_model model)
{
	if (model == JRN_GAMMA_GAMMA)
		return spend_names;
	return model == JRN_PARETO_NBD ? pareto_names : bg_names;
}

/* The columns both calls share, one row a parameter; n and what is behind it are the caller's. */
static void
set_parameter(journey_rows *rows, jrn_value_model model, const jrn_value_fit *fit, const char *status, int i)
{
	journey_rows_cstring(rows, 0, names_of(model)[i]);
	journey_rows_number(rows, 1, fit->converged ? fit->parameters[i] : NAN);
	journey_rows_number(rows, 2, fit->converged ? fit->std_errors[i] : NAN);
	journey_rows_number(rows, 3, fit->converged ? fit->log_likelihood : NAN);
	journey_rows_cstring(rows, 4, status);
}

static void
add_purchases(void *arg, const journey_value_customer *customer, const journey_key *key)
{
	journey_check(jrn_value_rows_add(arg, customer->frequency, customer->recency, customer->age),
				  "reading customers");
}

PG_FUNCTION_INFO_V1(journey_clv_fit);
Datum
journey_clv_fit(PG_FUNCTION_ARGS)
{
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");
	jrn_value_model model = journey_value_model(journey_arg_cstring_required(fcinfo, 1, "model"), "model");
	MemoryContext context;
	journey_rows rows;
	jrn_value_rows customers;
	jrn_value_fit fit;
	const char *status;
	double		n = 0.0;
	jrn_env		env;
	size_t		i;

	journey_rows_begin(&rows, fcinfo, 6, "clv_fit");
	context = AllocSetContextCreate(CurrentMemoryContext, "journey clv fit", ALLOCSET_DEFAULT_SIZES);
	env = journey_host_env(context);
	journey_check(jrn_value_rows_begin(&customers, &env), "reading customers");
	journey_value_read(source, JOURNEY_VALUE_PURCHASES, NULL, add_purchases, &customers);
	status = journey_value_fit(&env, model, &customers, &fit);
	for (i = 0; i < customers.count; i++)
		n += customers.list[i].weight;
	for (i = 0; i < 4; i++)
	{
		set_parameter(&rows, model, &fit, status, (int) i);
		journey_rows_bigint(&rows, 5, (int64) n);
		journey_rows_put(&rows);
	}
	MemoryContextDelete(context);
	return (Datum) 0;
}

static void
add_spend(void *arg, const journey_value_customer *customer, const journey_key *key)
{
	journey_spend_add(arg, customer);
}

PG_FUNCTION_INFO_V1(journey_spend_fit);
Datum
journey_spend_fit(PG_FUNCTION_ARGS)
{
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");
	MemoryContext context;
	journey_rows rows;
	journey_spend spend;
	jrn_value_fit fit;
	const char *status;
	jrn_env		env;
	int			i;

	journey_rows_begin(&rows, fcinfo, 8, "spend_fit");
	context = AllocSetContextCreate(CurrentMemoryContext, "journey spend fit", ALLOCSET_DEFAULT_SIZES);
	env = journey_host_env(context);
	memset(&spend, 0, sizeof(spend));
	journey_check(jrn_value_rows_begin(&spend.rows, &env), "reading customers");
	journey_value_read(source, JOURNEY_VALUE_SPEND, NULL, add_spend, &spend);
	status = journey_value_fit(&env, JRN_GAMMA_GAMMA, &spend.rows, &fit);
	for (i = 0; i < 3; i++)
	{
		set_parameter(&rows, JRN_GAMMA_GAMMA, &fit, status, i);
		journey_rows_bigint(&rows, 5, spend.n);
		journey_rows_bigint(&rows, 6, spend.left_out);
		journey_rows_number(&rows, 7, journey_spend_correlation(&spend.rows));
		journey_rows_put(&rows);
	}
	MemoryContextDelete(context);
	return (Datum) 0;
}
