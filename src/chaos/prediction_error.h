/*
 * prediction_error.h
 *		How well a series is predicted by what followed similar stretches.
 *
 * Source: reference/chaos.md 2.9; Sugihara and May 1990 (local averages).
 *
 * R-NPE-1	Vectors of `dimension` successive values whose target, `ahead` steps
 *			behind the newest one, exists; the prediction is the mean target
 *			of the k nearest other vectors outside the window, equal ones too,
 *			ties to the smallest number.
 * R-NPE-2	The error is the root mean squared error over the population
 *			standard deviation of the targets: 1 is what their mean scores.
 * R-NPE-3	NaN below 100 values, where a vector may have fewer than k others
 *			outside the window (nv < 2 window + 1 + k), and for constant
 *			targets.
 */
#ifndef JRN_PREDICTION_ERROR_H
#define JRN_PREDICTION_ERROR_H

#include "embedding.h"

/* The embedding may have a default window.  O(n log n). */
extern jrn_status jrn_prediction_error(const jrn_env *env, const double *x, size_t n, const jrn_embedding *embedding,
									   int neighbours, int64_t ahead, double *error);

#endif							/* JRN_PREDICTION_ERROR_H */
