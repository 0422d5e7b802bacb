/*
 * share_call.h
 *		What the ways to a chaos share have in common (private to share.c,
 *		share_model.c and first_touch.c): rows without figures, tests, intervals, statuses.
 */
#ifndef JRN_SHARE_CALL_H
#define JRN_SHARE_CALL_H

#include "share.h"

/* R-SHARE-6, R-SHARE-7 */
#define JRN_SHARE_LOW_CUSTOMERS 50
#define JRN_SHARE_CENSORED_ABOVE 0.2
#define JRN_SHARE_GAP 0.05
#define JRN_SHARE_GAP_P 0.05

/* What the parts of one call share. */
typedef struct jrn_share_call
{
	const jrn_env *env;
	const jrn_map *map;
	const jrn_share_options *options;
	jrn_share_result *result;
	bool	   *figures;		/* [row_count] has any */
	jrn_forks	forks;
} jrn_share_call;

/* The reach of every row, no figures yet, and one status. */
extern void jrn_share_begin_rows(jrn_share_call *call, jrn_share_status status);

/* R-SHARE-6, the reasons that concern the whole source; ok: none. */
extern jrn_share_status jrn_share_reason_for_nothing(const jrn_map *map);

/* R-SHARE-6, the reasons that come with figures. */
extern jrn_share_status jrn_share_quality(int64_t customers, int64_t known, bool gap);

/* p- and q-values, omega squared, memory gap, statuses, after the shares. */
extern jrn_status jrn_share_judge(jrn_share_call *call);

/* R-SHARE-2: draws[row * replicates + draw] of result->usable replicates. */
extern jrn_status jrn_share_intervals(jrn_share_call *call, double *draws);

/* The two ways, after jrn_share_begin_rows with status ok. */
extern jrn_status jrn_share_of_map(jrn_share_call *call);
extern jrn_status jrn_share_of_model(jrn_share_call *call);

#endif							/* JRN_SHARE_CALL_H */
