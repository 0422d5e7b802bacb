/*
 * pg_clv.c
 *		journey.clv: fits a purchase and a spend model to the customers of a
 *		source and scores each of them (value_forecast.h).
 *
 * R-CLV-1	Rows come in the order of the source.
 * R-CLV-2	A purchase model that did not converge leaves every figure NULL; a
 *			spend model that did not, or has no finite mean, leaves
 *			expected_value and clv NULL.  So does a customer with repeat
 *			purchases whose mean spend is NULL, 0 or negative (no_spend).
 * R-CLV-3	What a customer who is alive will buy depends on frequency and age
 *			only; it is remembered by them, for most customers are not the first
 *			of their kind.
 */
#include "pg_value.h"

#include "utils/memutils.h"

#include "../core/hash.h"
#include "../pg/args.h"
#include "value_forecast.h"

/* With a discount every unit of the horizon is looked at. */
#define MOST_UNITS 100000

/* Places to remember forecasts in; a power of 2. */
#define MEMORY_SLOTS 16384

/* Purchases of a customer who is alive. */
typedef struct forecast
{
	bool		known;
	double		frequency;
	double		age;
	double		purchases;
	double		discounted;
} forecast;

typedef struct scored_customer
{
	journey_value_customer numbers;
	const char *key;
	uint32		key_size;
} scored_customer;

typedef struct clv_call
{
	MemoryContext context;
	jrn_env		env;
	jrn_value_model model;
	double		horizon;
	double		discount;
	journey_key_kind key_kind;
	scored_customer *customers;
	size_t		count;
	size_t		capacity;
	jrn_value_rows purchases;
	journey_spend spend;
	jrn_value_fit purchase_fit;
	jrn_value_fit spend_fit;
	const char *purchase_status;
	const char *spend_status;
	forecast   *memory;
} clv_call;

static void
add_customer(void *arg, const journey_value_customer *numbers, const journey_key *key)
{
	clv_call   *call = arg;
	scored_customer *customer;
	char	   *bytes = MemoryContextAlloc(call->context, Max(key->size, 1));

	journey_check(jrn_value_rows_add(&call->purchases, numbers->frequency, numbers->recency, numbers->age),
				  "reading customers");
	journey_spend_add(&call->spend, numbers);
	journey_check(jrn_grow_array(&call->env, call->count, &call->capacity, sizeof(scored_customer),
								 &call->customers), "reading customers");
	customer = &call->customers[call->count++];
	customer->numbers = *numbers;
	memcpy(bytes, key->bytes, key->size);
	customer->key = bytes;
	customer->key_size = (uint32) key->size;
}

/* A float8 argument that is finite and in a range. */
static double
read_number(FunctionCallInfo fcinfo, int number, const char *name, bool zero_allowed)
{
	double		value;

	journey_arg_not_null(fcinfo, number, name);
	value = PG_GETARG_FLOAT8(number);
	if (!isfinite(value) || value < 0.0 || (value == 0.0 && !zero_allowed))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" is %g, it must be a finite number %s", name, value,
						zero_allowed ? "from 0" : "above 0"),
				 errhint("horizon and discount are in the unit of the column age.")));
	return value;
}

/* R-CLV-3 */
static const forecast *
forecast_alive(const clv_call *call, const jrn_value_row *row)
{
	double		numbers[2];
	forecast   *slot;

	numbers[0] = row->x;
	numbers[1] = row->age;
	slot = &call->memory[jrn_hash_bytes(numbers, sizeof(numbers), 0) % MEMORY_SLOTS];
	if (slot->known && slot->frequency == row->x && slot->age == row->age)
		return slot;
	slot->known = false;
	journey_check(jrn_value_purchases(&call->env, call->model, call->purchase_fit.parameters, row, 1.0,
									  call->horizon, &slot->purchases), "customer value");
	journey_check(jrn_value_discounted(&call->env, call->model, call->purchase_fit.parameters, row, 1.0,
									   call->horizon, call->discount, &slot->discounted), "customer value");
	slot->frequency = row->x;
	slot->age = row->age;
	slot->known = true;
	return slot;
}

static void
put_customer(const clv_call *call, journey_rows *rows, const scored_customer *customer)
{
	const journey_value_customer *numbers = &customer->numbers;
	const char *status = call->purchase_status;
	double		alive = NAN,
				purchases = NAN,
				discounted = NAN,
				spend = NAN;

	if (strcmp(status, "ok") == 0)
	{
		const forecast *ahead;
		jrn_value_row row;

		row.x = numbers->frequency;
		row.t = numbers->recency;
		row.age = numbers->age;
		row.weight = 1.0;
		alive = jrn_value_alive(call->model, call->purchase_fit.parameters, &row);
		ahead = forecast_alive(call, &row);
		purchases = alive * ahead->purchases;
		discounted = alive * ahead->discounted;
		status = call->spend_status;
	}
	if (strcmp(status, "ok") == 0)
	{
		if (numbers->frequency == 0.0 || journey_spend_counts(numbers))
			spend = jrn_value_spend(call->spend_fit.parameters, numbers->frequency, numbers->monetary);
		else
			status = "no_spend";
	}
	journey_rows_key(rows, 0, call->key_kind, customer->key, customer->key_size);
	journey_rows_number(rows, 1, alive);
	journey_rows_number(rows, 2, purchases);
	journey_rows_number(rows, 3, spend);
	journey_rows_number(rows, 4, discounted * spend);
	journey_rows_cstring(rows, 5, status);
	journey_rows_put(rows);
}

static void
read_arguments(clv_call *call, FunctionCallInfo fcinfo)
{
	char	   *spend_model = journey_arg_cstring_required(fcinfo, 2, "spend_model");

	call->model = journey_value_model(journey_arg_cstring_required(fcinfo, 1, "purchase_model"), "purchase_model");
	if (strcmp(spend_model, "gamma_gamma") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"spend_model\" is \"%s\", it must be \"gamma_gamma\"", spend_model)));
	call->horizon = read_number(fcinfo, 3, "horizon", false);
	call->discount = read_number(fcinfo, 4, "discount", true);
	if (call->discount > 0.0 && call->horizon > MOST_UNITS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("argument \"horizon\" is %g, with a discount it must be at most %d", call->horizon, MOST_UNITS),
				 errhint("Use a coarser unit of age.")));
}

PG_FUNCTION_INFO_V1(journey_clv);
Datum
journey_clv(PG_FUNCTION_ARGS)
{
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");
	journey_rows rows;
	clv_call	call;
	size_t		i;

	memset(&call, 0, sizeof(call));
	read_arguments(&call, fcinfo);
	journey_rows_begin(&rows, fcinfo, 6, "clv");
	call.context = AllocSetContextCreate(CurrentMemoryContext, "journey clv", ALLOCSET_DEFAULT_SIZES);
	call.env = journey_host_env(call.context);
	journey_check(jrn_value_rows_begin(&call.purchases, &call.env), "reading customers");
	journey_check(jrn_value_rows_begin(&call.spend.rows, &call.env), "reading customers");
	journey_value_read(source, JOURNEY_VALUE_PURCHASES | JOURNEY_VALUE_SPEND | JOURNEY_VALUE_KEY,
					   &call.key_kind, add_customer, &call);
	journey_key_check_target(call.key_kind, journey_rows_type(&rows, 0));
	call.purchase_status = journey_value_fit(&call.env, call.model, &call.purchases, &call.purchase_fit);
	call.spend_status = journey_value_fit(&call.env, JRN_GAMMA_GAMMA, &call.spend.rows, &call.spend_fit);
	call.memory = MemoryContextAllocZero(call.context, MEMORY_SLOTS * sizeof(forecast));
	for (i = 0; i < call.count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		put_customer(&call, &rows, &call.customers[i]);
	}
	MemoryContextDelete(call.context);
	return (Datum) 0;
}
