/*
 * chart_retention.h
 *		Retention of cohorts as a heat map: a row per cohort, a column per
 *		period.
 *
 * R-RET-1	The shade is the rate, from 0 to the largest one after the start;
 *			the number stands in the cell, in percent, where there is room.
 * R-RET-2	A cell whose period is not over is an outline, never a shade.
 * R-RET-3	Period 0, the start itself, is the cohort's size, in a column of its
 *			own.
 */
#ifndef JRN_CHART_RETENTION_H
#define JRN_CHART_RETENTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../core/env.h"

/* Rows of cohort_retention(), those of a cohort together; NaN: no rate. */
typedef struct jrn_retention_rows
{
	size_t		count;
	const char *const *cohort;
	const int64_t *period;
	const int64_t *cohort_size;
	const int64_t *retained;
	const double *rate;
	const double *low;
	const double *high;
} jrn_retention_rows;

/* JRN_LIMIT above a million rows. */
extern jrn_status jrn_chart_retention(const jrn_env *env, const jrn_retention_rows *rows, double width,
									  bool ascii, const char **bytes, size_t *size);

#endif							/* JRN_CHART_RETENTION_H */
