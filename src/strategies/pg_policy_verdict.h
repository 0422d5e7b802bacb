/*
 * pg_policy_verdict.h
 *		One sentence on what a policy is worth (reference/validation.md 4).
 *
 * R-PVE-1	ok: the value, the difference to the yardstick with its interval and
 *			p, and which of the two to use; where it cannot be told from zero
 *			also the effect that would have been missed.
 * R-PVE-2	weak_overlap: the figures, and that they carry no decision.
 * R-PVE-3	no_overlap, too_few: no figures, but why, and what would change it.
 */
#ifndef JOURNEY_PG_POLICY_VERDICT_H
#define JOURNEY_PG_POLICY_VERDICT_H

#include "../pg/compat.h"

#include "policy_value.h"

typedef struct journey_policy_verdict
{
	const char *policy;			/* "the policy", "the learned tree" */
	const char *yardstick;		/* "the fixed strategy \"A\"", "the baseline" */
	const char *simpler;		/* what to keep when there is no difference */
	const char *unit;			/* outcome column, or NULL */
	const char *status;
	jrn_policy_figure value;
	jrn_policy_figure difference;
	double		p_value;
	double		minimum_detectable;
	int64		n;
	int64		n_keys;
	bool		independent;	/* every row is a key */
	const char *why;			/* of weak_overlap and no_overlap */
	const char *caveat;			/* a further sentence, or NULL */
} journey_policy_verdict;

extern char *journey_policy_verdict_text(const journey_policy_verdict *verdict);

/* Three digits that count, without an exponent where it can be. */
extern char *journey_policy_rounded(double value);

#endif							/* JOURNEY_PG_POLICY_VERDICT_H */
