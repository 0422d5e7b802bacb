/*
 * pg_value.h
 *		What clv_fit, spend_fit and clv share: reading customers, and the words
 *		for models and outcomes.
 */
#ifndef JOURNEY_PG_VALUE_H
#define JOURNEY_PG_VALUE_H

#include "../pg/compat.h"

#include "../pg/host.h"
#include "../pg/rows.h"
#include "../pg/source.h"
#include "value_fit.h"
#include "value_rows.h"

/* One customer of a source; monetary is NaN for NULL. */
typedef struct journey_value_customer
{
	double		frequency;
	double		recency;
	double		age;
	double		monetary;
} journey_value_customer;

typedef enum journey_value_wanted
{
	JOURNEY_VALUE_PURCHASES = 1,	/* frequency, recency, age */
	JOURNEY_VALUE_SPEND = 2,	/* frequency, monetary */
	JOURNEY_VALUE_KEY = 4		/* customer_id */
} journey_value_wanted;

/* Called per row; key is NULL without JOURNEY_VALUE_KEY. */
typedef void (*journey_value_visitor) (void *arg, const journey_value_customer *customer,
									   const journey_key *key);

/*
 * Read a source once; every number is checked, and an impossible customer
 * (recency above age, repeat purchases at no later time, a part of a
 * purchase) is an error naming column, value and row.  *kind gets the kind of
 * key.  The visitor runs in a context that is reset after every row.
 */
extern void journey_value_read(const char *source, int wanted, journey_key_kind *kind,
							   journey_value_visitor visitor, void *arg);

/* A purchase model by its name; other names are an error. */
extern jrn_value_model journey_value_model(const char *name, const char *argument);

/* Who takes part in the spend model, and who is left out. */
typedef struct journey_spend
{
	jrn_value_rows rows;
	int64		n;
	int64		left_out;
} journey_spend;

extern void journey_spend_add(journey_spend *spend, const journey_value_customer *customer);

/* Correlation of frequency and mean spend over sorted rows; NaN where one is constant. */
extern double journey_spend_correlation(const jrn_value_rows *rows);

/* True for a customer who takes part in the spend model. */
extern bool journey_spend_counts(const journey_value_customer *customer);

/*
 * Fit sorted rows; the word that says how it went: ok, too_few or
 * not_converged, and for a spend model without a finite mean no_finite_mean.
 */
extern const char *journey_value_fit(const jrn_env *env, jrn_value_model model, jrn_value_rows *rows,
									 jrn_value_fit *fit);

#endif							/* JOURNEY_PG_VALUE_H */
