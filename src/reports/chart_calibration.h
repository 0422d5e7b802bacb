/*
 * chart_calibration.h
 *		Reliability diagram: what was predicted against what happened.
 *
 * R-CAL-1	Both axes have the same scale; the diagonal is perfect calibration.
 * R-CAL-2	The area of a point grows with its rows; below stand the rows of
 *			each bin as bars.
 */
#ifndef JRN_CHART_CALIBRATION_H
#define JRN_CHART_CALIBRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../core/env.h"

/* Rows of calibration(); NaN and n below 0: not known. */
typedef struct jrn_calibration_rows
{
	size_t		count;
	const int64_t *n;
	const double *predicted;
	const double *observed;
	const double *low;
	const double *high;
} jrn_calibration_rows;

extern jrn_status jrn_chart_calibration(const jrn_env *env, const jrn_calibration_rows *rows, double width,
										bool ascii, const char **bytes, size_t *size);

#endif							/* JRN_CHART_CALIBRATION_H */
