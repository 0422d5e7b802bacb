/*
 * page_hinkley.h
 *		Page-Hinkley's alarm: has the level of a stream moved?
 *
 * With a_t the mean of the first t values,
 *
 *		m_t = sum_{i <= t} (x_i - a_i - delta),	up_t = m_t - min_{s <= t} m_s
 *		M_t = sum_{i <= t} (x_i - a_i + delta),	down_t = max_{s <= t} M_s - M_t
 *
 * alarm at the first t with up_t (or down_t) > threshold.
 *
 * Source: Page (Biometrika 41, 1954), Hinkley (Biometrika 58, 1971);
 * reference/validation.md 5.5.  With min_n = 30 and both directions this is
 * river's PageHinkley(alpha = 1): no forgetting.
 *
 * R-PH-1	min and max include s = 0, an empty sum; so up_t = max(0, up_{t-1} +
 *			x_t - a_t - delta) without a sum that grows, and the same for down.
 * R-PH-2	No alarm before min_n values.
 * R-PH-3	The first alarm is kept; the statistic goes on, and is not set back.
 * R-PH-4	A mean or a statistic that overflows is JRN_NONFINITE.
 */
#ifndef JRN_PAGE_HINKLEY_H
#define JRN_PAGE_HINKLEY_H

#include "../core/env.h"

typedef enum jrn_ph_direction
{
	JRN_PH_NONE = 0,
	JRN_PH_UP = 1,
	JRN_PH_DOWN = 2,
	JRN_PH_BOTH = 3
} jrn_ph_direction;

typedef struct jrn_page_hinkley
{
	double		delta;			/* >= 0: changes of this size are let pass */
	double		threshold;		/* > 0 */
	jrn_ph_direction direction;
	int64_t		min_n;
	int64_t		n;
	double		mean;
	double		up;
	double		down;
	int64_t		alarm_at;		/* 0: none */
	jrn_ph_direction alarm;
} jrn_page_hinkley;

extern void jrn_page_hinkley_open(jrn_page_hinkley *ph, double delta, double threshold,
								  jrn_ph_direction direction, int64_t min_n);

/* The next value, finite. */
extern jrn_status jrn_page_hinkley_add(jrn_page_hinkley *ph, double x);

/* The statistic of the directions watched. */
extern double jrn_page_hinkley_statistic(const jrn_page_hinkley *ph);

#endif							/* JRN_PAGE_HINKLEY_H */
