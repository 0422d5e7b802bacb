/*
 * forecasts.h
 *		Out-of-fold forecasts of the outcome after every event of a journey, by
 *		a model of the events so far that has never seen the customer.
 *
 * Source: reference/chaos.md 4.4.  Requirements:
 *
 * R-FORE-1	A row is a prefix of a journey whose outcome is known; whole
 *			customers go into one fold, and nothing of a fold enters the model
 *			that forecasts it.  Censored journeys give no row and get none.
 * R-FORE-2	Columns: after one event, which it was; after more, the last event,
 *			the square root of the number of events of each touchpoint so far,
 *			and that of the position less one.  Thus the first forecast is free
 *			of all later ones: a first touch tells what it tells.
 * R-FORE-3	The JRN_FORECAST_WORDS touchpoints with most events have columns of
 *			their own (ties: the first label), all others share one.
 * R-FORE-4	Yes/no outcomes: logistic regression; numeric ones: least squares;
 *			both with ridge of the weight of JRN_FORECAST_RIDGE rows, so that a
 *			rare touchpoint cannot run away.  Rows of a customer are alike, so it
 *			weighs less than it seems.
 * R-FORE-5	base: mean outcome of the customers of the other folds, one vote
 *			each.  Where a fold has no model (one class, say) it is the forecast.
 * R-FORE-6	Forecasts are kept within the range of outcomes.
 */
#ifndef JRN_FORECASTS_H
#define JRN_FORECASTS_H

#include "../core/store.h"
#include "../maps/map.h"

#define JRN_FORECAST_WORDS 30
#define JRN_FORECAST_RIDGE 50.0

typedef struct jrn_forecast_options
{
	int32_t		folds;
	uint64_t	seed;
	size_t		memory_limit;	/* of the rows; beyond, the files take them */
	const jrn_file *row_file;	/* may be NULL */
	const jrn_file *tile_file;
	const jrn_file *fold_file;
} jrn_forecast_options;

/* In the units of the chain (R-MAP-5). */
typedef struct jrn_forecasts
{
	double	   *after;			/* [n_events] forecast after each event; NaN: censored */
	double	   *base;			/* [n_customers] before the first event; NaN: censored */
} jrn_forecasts;

/*
 * Forecasts of a finished map.  JRN_TOO_FEW with fewer customers with an
 * outcome than folds, or when one fold got all of them.  One cross-validation
 * over as many rows as there are events of customers with an outcome.
 */
extern jrn_status jrn_forecast(const jrn_env *env, const jrn_map *map,
							   const jrn_forecast_options *options, jrn_forecasts *forecasts);

#endif							/* JRN_FORECASTS_H */
