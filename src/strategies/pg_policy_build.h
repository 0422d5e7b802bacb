/*
 * pg_policy_build.h
 *		From a learned policy to a rule with names.
 */
#ifndef JOURNEY_PG_POLICY_BUILD_H
#define JOURNEY_PG_POLICY_BUILD_H

#include "../pg/compat.h"

#include "pg_policy.h"
#include "policy_learn.h"

/*
 * The rule in the current memory context; names[task->arms] of the strategies
 * offered.  *node_share: shares of rows by node of a tree, NULL for others.
 */
extern void journey_policy_build(const jrn_policy_task *task, const jrn_policy_learned *learned,
								 const journey_encoding *encoding, char **names,
								 journey_rule *rule, double **node_share);

#endif							/* JOURNEY_PG_POLICY_BUILD_H */
