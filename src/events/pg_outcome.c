/*
 * pg_outcome.c
 *		Outcomes of customers (see pg_outcome.h).
 */
#include "pg_outcome.h"

/* An outcome for a message: as the column shows it. */
static char *
outcome_text(const journey_event_column *column, double outcome)
{
	if (isnan(outcome))
		return pstrdup("null");
	if (column->is_boolean)
		return pstrdup(outcome != 0.0 ? "true" : "false");
	return psprintf("%.15g", outcome);
}

double
journey_outcome_read(const journey_events *events, const journey_event_column *column,
					 int c, const jrn_journey *journey)
{
	double		outcome = jrn_journey_column(journey, 0, c);
	size_t		i;

	for (i = 1; i < journey->n; i++)
	{
		double		other = jrn_journey_column(journey, i, c);

		if (other != outcome && !(isnan(other) && isnan(outcome)))
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("column \"%s\" contradicts itself for customer %s: %s and %s", column->name,
							journey_customer_text(events, journey),
							outcome_text(column, outcome), outcome_text(column, other)),
					 errdetail("The outcome belongs to the customer: it must be the same in all rows of a customer, or null in all of them.")));
	}
	return outcome;
}
