/*
 * pg_options.h
 *		Arguments that fit() and cross_validate() share: family, penalty,
 *		lambda, alpha, errors, missing.  Each refuses what it does not know by name,
 *		and its hint lists what it does.
 */
#ifndef JOURNEY_PG_OPTIONS_H
#define JOURNEY_PG_OPTIONS_H

#include "../pg/compat.h"

#include "model.h"

/* gaussian or binomial; every family of fit() */
extern jrn_family journey_family_arg(FunctionCallInfo fcinfo, int number);
extern jrn_family journey_any_family_arg(FunctionCallInfo fcinfo, int number);

extern jrn_penalty journey_penalty_arg(FunctionCallInfo fcinfo, int number);

/*
 * The share of the absolute part as jrn_model keeps it: 1 for the lasso, the
 * argument for the elastic net, else 0.  From 0 to 1; NULL where it matters
 * not.
 */
extern double journey_alpha_arg(FunctionCallInfo fcinfo, int number, jrn_penalty penalty);

/* 0A000 for a penalty that a family does not have. */
extern void journey_penalty_check(jrn_family family, jrn_penalty penalty);

/* A penalty strength: finite and not negative; 0 without one. */
extern double journey_lambda_arg(FunctionCallInfo fcinfo, int number, jrn_penalty penalty);

/* NULL: cluster with a key, model without. */
extern jrn_errors journey_errors_arg(FunctionCallInfo fcinfo, int number, bool has_key);

/* What becomes of a row with a NULL. */
typedef enum journey_missing
{
	JOURNEY_MISSING_ERROR,
	JOURNEY_MISSING_DROP,
	JOURNEY_MISSING_MEAN		/* a number becomes the mean of its column */
} journey_missing;

extern journey_missing journey_missing_arg(FunctionCallInfo fcinfo, int number);

/* An argument that must be one of the words; returns its place in the list. */
extern int	journey_word_arg(const char *value, const char *name, const char *const *words, int count);

#endif							/* JOURNEY_PG_OPTIONS_H */
