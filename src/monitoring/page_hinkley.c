/*
 * page_hinkley.c
 *		Page-Hinkley's alarm (see page_hinkley.h).
 */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "page_hinkley.h"

void
jrn_page_hinkley_open(jrn_page_hinkley *ph, double delta, double threshold,
					  jrn_ph_direction direction, int64_t min_n)
{
	memset(ph, 0, sizeof(*ph));
	ph->delta = delta;
	ph->threshold = threshold;
	ph->direction = direction;
	ph->min_n = min_n;
}

static void
look(jrn_page_hinkley *ph)
{
	bool		up = (ph->direction & JRN_PH_UP) != 0 && ph->up > ph->threshold;
	bool		down = (ph->direction & JRN_PH_DOWN) != 0 && ph->down > ph->threshold;

	if (ph->alarm_at != 0 || ph->n < ph->min_n || (!up && !down))
		return;					/* R-PH-2, R-PH-3 */
	ph->alarm_at = ph->n;
	ph->alarm = up && (!down || ph->up >= ph->down) ? JRN_PH_UP : JRN_PH_DOWN;
}

jrn_status
jrn_page_hinkley_add(jrn_page_hinkley *ph, double x)
{
	double		off;

	ph->n++;
	ph->mean += (x - ph->mean) / (double) ph->n;
	off = x - ph->mean;
	ph->up = fmax(0.0, ph->up + off - ph->delta);	/* R-PH-1 */
	ph->down = fmax(0.0, ph->down - off - ph->delta);
	if (!isfinite(ph->mean) || !isfinite(ph->up) || !isfinite(ph->down))
		return JRN_NONFINITE;	/* R-PH-4 */
	look(ph);
	return JRN_OK;
}

double
jrn_page_hinkley_statistic(const jrn_page_hinkley *ph)
{
	return fmax((ph->direction & JRN_PH_UP) != 0 ? ph->up : 0.0,
				(ph->direction & JRN_PH_DOWN) != 0 ? ph->down : 0.0);
}
