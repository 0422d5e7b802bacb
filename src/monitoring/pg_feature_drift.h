/*
 * pg_feature_drift.h
 *		What drift() and drift_against() share: rows of results, and words.
 */
#ifndef JOURNEY_FEATURE_DRIFT_H
#define JOURNEY_FEATURE_DRIFT_H

#include "../pg/compat.h"

#include "lib/stringinfo.h"

#include "../pg/rows.h"
#include "feature_drift.h"
#include "pg_feature_window.h"
#include "psi.h"

/* One more remark of a detail, after a semicolon when there are others. */
extern void journey_drift_remark(StringInfo detail, const char *format,...) pg_attribute_printf(2, 3);

/* Levels of a feature that only one window has; true when one of them is new (R-FDR-4). */
extern bool journey_drift_levels(StringInfo detail, const journey_window *window,
								 journey_window_feature *feature, bool current_ones);

/* Remarks on NULLs and on a finding below what matters, from a made verdict. */
extern void journey_drift_verdict_remarks(StringInfo detail, const jrn_feature_drift *verdict);

/*
 * The columns both results end with, from the given one: n_reference,
 * n_current, null_rate_reference, null_rate_current, detail.
 */
extern void journey_drift_put_tail(journey_rows *rows, int column, const jrn_feature_drift *verdict,
								   const StringInfoData *detail);

#endif							/* JOURNEY_FEATURE_DRIFT_H */
