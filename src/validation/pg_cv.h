/*
 * pg_cv.h
 *		What cross_validate(), out_of_fold(), compare_models() and nested_cv()
 *		share: their arguments, and a run on a source that is read once.
 */
#ifndef JOURNEY_PG_CV_H
#define JOURNEY_PG_CV_H

#include "../pg/compat.h"

#include "nodes/execnodes.h"

#include "../models/pg_design.h"
#include "crossval.h"

#define JOURNEY_CV_LEVEL 0.95
#define JOURNEY_CV_MAX_LAMBDAS 1000
#define JOURNEY_CV_MAX_STRATA 32

/* Lambdas up to which mae is given unasked: each costs a look at the rows. */
#define JOURNEY_CV_MAE_LAMBDAS 20

typedef struct journey_cv_call
{
	journey_design_request design_request;
	jrn_cv_request request;
	jrn_fold_method method;
	int			k;
	uint64		seed;
	bool		wanted[JRN_METRICS];
	char	  **strata;
	int			stratum_columns;
	const char *fold_method;	/* how a fold's standard error was made, NULL: by what was read */

	/* after reading */
	journey_design *design;
	jrn_env		env;
	jrn_plan	plan;
	jrn_design	chosen;			/* the design without columns that are strata only */
	int			model_features; /* columns before those; -1: all of them */
	size_t		stratum_count;
	int64	   *stratum_rows;
	journey_tempfile file;
	journey_tempfile chosen_file;
	jrn_cv_result result;
} journey_cv_call;

/*
 * Arguments 0 to 5 (source, target, key, features, family, penalty), alpha,
 * and those that the calls have at other places: k and repeats from place k
 * on, fold, and folds, strata, seed, missing and formula from place folds on.
 */
extern void journey_cv_common(FunctionCallInfo fcinfo, int alpha, int k, int fold, int folds,
							  journey_cv_call *call);

/* The same without features, family, penalty and alpha. */
extern void journey_cv_rows(FunctionCallInfo fcinfo, int k, int fold, int folds,
							journey_cv_call *call);

/* What the target must be for the family. */
extern void journey_cv_target(journey_cv_call *call);

/* lambdas: NULL takes the default list of the penalty. */
extern void journey_cv_lambdas(FunctionCallInfo fcinfo, int number, journey_cv_call *call);

/* metrics: NULL takes the usual ones of the family. */
extern void journey_cv_metrics(FunctionCallInfo fcinfo, int number, journey_cv_call *call);

/* One metric of the family; NULL takes its first. */
extern jrn_metric journey_cv_metric(FunctionCallInfo fcinfo, int number, jrn_family family);

/* The word for trees in the place of a penalty, and the families that have them. */
#define JOURNEY_CV_BOOSTING "boosting"
extern void journey_cv_check_boosting(jrn_family family);

/* A penalty by name. */
extern jrn_penalty journey_cv_penalty(const char *word);

/* Read the source; false: it has no rows.  Refuses more folds than keys. */
extern bool journey_cv_read(journey_cv_call *call, bool keep_keys, bool row_numbers);

/* Settle the folds of a design: the call's own, or one with fewer columns. */
extern void journey_cv_plan(const journey_cv_call *call, const jrn_env *env, jrn_design *design,
							jrn_plan *plan);

/* Read, choose the model's columns and settle its folds; false: no rows. */
extern bool journey_cv_settle(journey_cv_call *call, bool keep_keys, bool row_numbers);

/* The same, and run; false: no rows. */
extern bool journey_cv_run(journey_cv_call *call, bool keep_keys, jrn_cv_emit emit, void *emit_arg);
extern void journey_cv_end(journey_cv_call *call);

/* A status in one word; of rank metrics a test fold with one class is one. */
extern const char *journey_cv_status(jrn_fit_status status, bool test_one_class, jrn_metric metric);

/* The rows of cross_validate(): all of one metric, or one that says there were none. */
extern void journey_cv_put_metric(ReturnSetInfo *rsinfo, const journey_cv_call *call, jrn_metric metric);
extern void journey_cv_put_empty(ReturnSetInfo *rsinfo, jrn_metric metric);

#endif							/* JOURNEY_PG_CV_H */
