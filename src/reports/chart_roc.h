/*
 * chart_roc.h
 *		ROC curve: of the positives found against the negatives taken along.
 *
 * R-ROC-1	Points in the order given; those closer than a third of a pixel to
 *			the last one drawn are left out, the last one never.
 * R-ROC-2	The area is the trapezoid under all points, drawn or not.
 */
#ifndef JRN_CHART_ROC_H
#define JRN_CHART_ROC_H

#include <stdbool.h>
#include <stddef.h>

#include "../core/env.h"

/* Rows of roc(); NaN: a share that is not known. */
typedef struct jrn_roc_rows
{
	size_t		count;
	const double *tpr;
	const double *fpr;
} jrn_roc_rows;

extern jrn_status jrn_chart_roc(const jrn_env *env, const jrn_roc_rows *rows, double width, bool ascii,
								const char **bytes, size_t *size);

#endif							/* JRN_CHART_ROC_H */
