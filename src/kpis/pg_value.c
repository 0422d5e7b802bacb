/*
 * pg_value.c
 *		Reading customers for the value models (see pg_value.h).
 *
 * R-PGV-1	frequency is a whole number from 0; recency is from 0 to age; recency
 *			is 0 exactly when frequency is.
 */
#include "pg_value.h"

#include "utils/memutils.h"

typedef struct value_reader
{
	journey_source *source;
	int			wanted;
	journey_column key;
	journey_column frequency;
	journey_column recency;
	journey_column age;
	journey_column monetary;
	journey_value_visitor visitor;
	void	   *arg;
	MemoryContext row_context;
} value_reader;

static void
refuse(const value_reader *reader, const char *column, double value, const char *rule, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("column \"%s\" is %.15g in row " INT64_FORMAT " of the source, it must be %s",
					column, value, reader->source->rows, rule),
			 hint == NULL ? 0 : errhint("%s", hint)));
}

static double
read_number(const value_reader *reader, const journey_column *column, TupleTableSlot *slot)
{
	if (journey_column_is_null(column, slot))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("column \"%s\" is null in row " INT64_FORMAT " of the source",
						column->name, reader->source->rows),
				 errhint("Filter such rows in the source query.")));
	return journey_column_number(column, journey_column_datum(column, slot), reader->source->rows);
}

/* R-PGV-1 */
static void
check_customer(const value_reader *reader, const journey_value_customer *c)
{
	if (c->frequency < 0.0 || c->frequency != floor(c->frequency))
		refuse(reader, "frequency", c->frequency, "a whole number from 0",
			   "frequency counts repeat purchases; journey.rfm gives it.");
	if ((reader->wanted & JOURNEY_VALUE_PURCHASES) == 0)
		return;
	if (c->recency < 0.0)
		refuse(reader, "recency", c->recency, "0 or more", NULL);
	if (c->age < 0.0)
		refuse(reader, "age", c->age, "0 or more", NULL);
	if (c->recency > c->age)
		refuse(reader, "recency", c->recency, psprintf("at most the age, which is %.15g", c->age),
			   "recency is the time from the first to the last purchase, age the time from the first purchase to now, in the same unit.");
	if ((c->frequency == 0.0) != (c->recency == 0.0))
		refuse(reader, "recency", c->recency,
			   c->frequency == 0.0 ? "0 where frequency is 0" : psprintf("above 0 where frequency is %.15g", c->frequency),
			   "Purchases of one period are one purchase; journey.rfm counts so.");
}

static void
read_row(void *arg, TupleTableSlot *slot)
{
	value_reader *reader = arg;
	MemoryContext old = MemoryContextSwitchTo(reader->row_context);
	journey_value_customer customer;
	journey_key key;

	memset(&customer, 0, sizeof(customer));
	customer.frequency = read_number(reader, &reader->frequency, slot);
	if ((reader->wanted & JOURNEY_VALUE_PURCHASES) != 0)
	{
		customer.recency = read_number(reader, &reader->recency, slot);
		customer.age = read_number(reader, &reader->age, slot);
	}
	customer.monetary = NAN;
	if ((reader->wanted & JOURNEY_VALUE_SPEND) != 0 && !journey_column_is_null(&reader->monetary, slot))
		customer.monetary = read_number(reader, &reader->monetary, slot);
	check_customer(reader, &customer);
	if ((reader->wanted & JOURNEY_VALUE_KEY) != 0)
	{
		if (journey_column_is_null(&reader->key, slot))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("column \"customer_id\" is null in row " INT64_FORMAT " of the source",
							reader->source->rows),
					 errhint("Filter such rows in the source query.")));
		journey_key_read(reader->key.key_kind, journey_column_datum(&reader->key, slot), &key);
	}
	reader->visitor(reader->arg, &customer, (reader->wanted & JOURNEY_VALUE_KEY) != 0 ? &key : NULL);
	MemoryContextSwitchTo(old);
	MemoryContextReset(reader->row_context);
}

void
journey_value_read(const char *text, int wanted, journey_key_kind *kind,
				   journey_value_visitor visitor, void *arg)
{
	MemoryContext context = CurrentMemoryContext;
	value_reader reader;

	memset(&reader, 0, sizeof(reader));
	reader.row_context = AllocSetContextCreate(context, "journey value row", ALLOCSET_SMALL_SIZES);
	reader.wanted = wanted;
	reader.visitor = visitor;
	reader.arg = arg;
	reader.source = journey_source_open(text);
	if ((wanted & JOURNEY_VALUE_KEY) != 0)
	{
		reader.key = journey_source_column(reader.source, "customer_id", JOURNEY_COLUMN_KEY, true);
		*kind = reader.key.key_kind;
	}
	reader.frequency = journey_source_column(reader.source, "frequency", JOURNEY_COLUMN_NUMBER, true);
	if ((wanted & JOURNEY_VALUE_PURCHASES) != 0)
	{
		reader.recency = journey_source_column(reader.source, "recency", JOURNEY_COLUMN_NUMBER, true);
		reader.age = journey_source_column(reader.source, "age", JOURNEY_COLUMN_NUMBER, true);
	}
	if ((wanted & JOURNEY_VALUE_SPEND) != 0)
		reader.monetary = journey_source_column(reader.source, "monetary", JOURNEY_COLUMN_NUMBER, true);
	journey_source_run(reader.source, read_row, &reader);
	journey_source_close(reader.source);
	MemoryContextSwitchTo(context);
	MemoryContextDelete(reader.row_context);
}

jrn_value_model
journey_value_model(const char *name, const char *argument)
{
	if (strcmp(name, "bg_nbd") == 0)
		return JRN_BG_NBD;
	if (strcmp(name, "mbg_nbd") == 0)
		return JRN_MBG_NBD;
	if (strcmp(name, "pareto_nbd") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" is \"%s\", it must be \"bg_nbd\", \"mbg_nbd\" or \"pareto_nbd\"",
						argument, name)));
	return JRN_PARETO_NBD;
}

bool
journey_spend_counts(const journey_value_customer *customer)
{
	return customer->frequency > 0.0 && customer->monetary > 0.0;
}

void
journey_spend_add(journey_spend *spend, const journey_value_customer *customer)
{
	if (!journey_spend_counts(customer))
	{
		spend->left_out++;
		return;
	}
	spend->n++;
	journey_check(jrn_value_rows_add(&spend->rows, customer->frequency, customer->monetary, 0.0),
				  "reading customers");
}

double
journey_spend_correlation(const jrn_value_rows *rows)
{
	double		weight = 0.0;
	double		mean_x = 0.0,
				mean_z = 0.0;
	double		xx = 0.0,
				zz = 0.0,
				xz = 0.0;
	size_t		i;

	for (i = 0; i < rows->count; i++)
	{
		const jrn_value_row *row = &rows->list[i];

		weight += row->weight;
		mean_x += row->weight * row->x;
		mean_z += row->weight * row->t;
	}
	mean_x /= weight;
	mean_z /= weight;
	for (i = 0; i < rows->count; i++)
	{
		const jrn_value_row *row = &rows->list[i];

		xx += row->weight * (row->x - mean_x) * (row->x - mean_x);
		zz += row->weight * (row->t - mean_z) * (row->t - mean_z);
		xz += row->weight * (row->x - mean_x) * (row->t - mean_z);
	}
	return xx > 0.0 && zz > 0.0 ? xz / sqrt(xx * zz) : NAN;
}

const char *
journey_value_fit(const jrn_env *env, jrn_value_model model, jrn_value_rows *rows, jrn_value_fit *fit)
{
	jrn_status	status;

	journey_check(jrn_value_rows_finish(rows), "fitting a customer value model");
	status = jrn_value_fit_rows(env, model, rows->list, rows->count, NULL, fit);
	if (status == JRN_TOO_FEW)
		return "too_few";
	journey_check(status, "fitting a customer value model");
	if (!fit->converged)
		return "not_converged";
	return model == JRN_GAMMA_GAMMA && !(fit->parameters[1] > 1.0) ? "no_finite_mean" : "ok";
}
