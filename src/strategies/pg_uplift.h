/*
 * pg_uplift.h
 *		What uplift(), uplift_calibration(), uplift_groups() and
 *		uplift_coefficients() share: the call, its gates, and the effect model of
 *		one strategy.
 *
 * R-UPL-1	Of several reasons the first counts: too_few (fewer keys than folds, of
 *			the strategy or the baseline, or a fold without its scores),
 *			no_overlap (of either), not_converged, weak_overlap.
 * R-UPL-2	too_few and no_overlap have no figures.  The others keep them: the
 *			status says that no decision should rest on them.
 * R-UPL-3	The gate is that of overlap.h on propensities averaged over repeats.
 */
#ifndef JOURNEY_PG_UPLIFT_H
#define JOURNEY_PG_UPLIFT_H

#include "pg_strategies.h"

#include "effect_model.h"
#include "overlap.h"

typedef struct journey_uplift_call
{
	journey_strategy_call strategies;
	jrn_learner learner;
	jrn_score_table table;
	jrn_effect_space space;
	jrn_overlap_report *report; /* [arms] */
} journey_uplift_call;

/*
 * Read arguments 0 to 11 and the learner after them, the source, and the
 * scores.
 */
extern void journey_uplift_read(FunctionCallInfo fcinfo, bool numbers_and_keys, const char *what,
								journey_uplift_call *call);

/*
 * The effect model of a strategy, and the status of its rows.  Without
 * figures model->known is false.
 */
extern const char *journey_uplift_model(const journey_uplift_call *call, int arm, jrn_effect_model *model);

/* Give back its arrays. */
extern void journey_uplift_forget(const journey_uplift_call *call, jrn_effect_model *model);

extern void journey_uplift_end(journey_uplift_call *call);

#endif							/* JOURNEY_PG_UPLIFT_H */
