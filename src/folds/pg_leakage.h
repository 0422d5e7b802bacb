/*
 * pg_leakage.h
 *		Rows of a source as leakage_check keeps them, and its checks (private to
 *		pg_leakage*.c; requirements: leakage.h, reference/validation.md 1.5).
 *
 * R-TRAP-1	Sixteen rows, L1 to L16, in that order, whatever the source holds.
 * R-TRAP-2	leak: the columns prove it.  suspect: chance hardly explains the
 *			figures.  ok: looked, and found nothing.  not_checkable: the columns
 *			do not carry it; the detail says what is missing.
 * R-TRAP-3	Columns beyond the arguments are used by their name: see the table
 *			in pg_leakage.c.
 */
#ifndef JOURNEY_PG_LEAKAGE_H
#define JOURNEY_PG_LEAKAGE_H

#include "../events/labels.h"
#include "../pg/rows.h"
#include "../pg/source.h"
#include "leakage.h"
#include "pg_row_keys.h"

#define LEAK_MAX_FEATURES 2000

/* Times that a row may carry, by the name of their column. */
typedef enum leak_time
{
	LEAK_DECIDED,				/* argument decided_at */
	LEAK_NEWEST_EVENT,
	LEAK_RECORDED,
	LEAK_MATURED,
	LEAK_OBSERVED_UNTIL,
	LEAK_STRATEGY_AT,
	LEAK_COVARIATE_UNTIL,
	LEAK_TIMES
} leak_time;

#define LEAK_NO_TIME PG_INT64_MAX

typedef struct leak_times
{
	journey_column column;		/* attribute 0: not in the source */
	int64	   *values;			/* LEAK_NO_TIME where NULL */
	size_t		capacity;
} leak_times;

/* A column of small codes: strategy, household, fold, a feature of labels. */
typedef struct leak_labels
{
	journey_column column;
	jrn_labels	dictionary;		/* bytes begin with 1, NULL is a lone 0 */
	uint32_t   *codes;
	size_t		capacity;
} leak_labels;

typedef struct leak_feature
{
	const char *name;
	journey_column_kind kind;	/* NUMBER, LABEL or TIME */
	journey_column column;
	double	   *numbers;		/* NaN where NULL */
	size_t		capacity;
	leak_labels labels;
	leak_times	times;
	leak_times	dated;			/* column <name>_at, where there is one */
} leak_feature;

typedef struct leak_call
{
	char	   *source;
	char	   *key_name;
	char	   *fold_name;
	char	   *target_name;
	char	   *decided_name;

	MemoryContext context;
	MemoryContext row_context;
	jrn_env		env;
	journey_source *from;
	size_t		n;
	journey_row_keys keys;
	uint32_t   *codes;			/* of the keys */
	size_t		codes_capacity;
	leak_labels fold;
	leak_labels strategy;
	leak_labels household;
	journey_column target_column;
	double	   *target;			/* NaN where NULL */
	size_t		target_capacity;
	leak_times	times[LEAK_TIMES];
	leak_feature *features;
	int			feature_count;

	journey_rows *rows;			/* the result */
} leak_call;

static inline bool
leak_has(const leak_call *call, leak_time time)
{
	return call->times[time].column.attribute > 0;
}

static inline bool
leak_has_labels(const leak_labels *labels)
{
	return labels->column.attribute > 0;
}

extern const char *const leak_time_names[LEAK_TIMES];

/* One row of the result; the detail is a format. */
extern void leak_put(leak_call *call, const char *trap, const char *check_name, const char *status,
					 const char *detail,...) pg_attribute_printf(5, 6);

/* pg_leakage_time.c */
extern void leak_check_future_events(leak_call *call);	/* L1 */
extern void leak_check_late_events(leak_call *call);	/* L2 */
extern void leak_check_overlap(leak_call *call);	/* L7 */
extern void leak_check_immature(leak_call *call);	/* L8 */
extern void leak_check_immortal_time(leak_call *call);	/* L9 */
extern void leak_check_dated_after(leak_call *call);	/* L11 */
extern void leak_check_carry_over(leak_call *call); /* L12 */
extern void leak_check_cuped(leak_call *call);	/* L14 */
extern void leak_check_trend(leak_call *call);	/* L15 */

/* pg_leakage_rows.c */
extern void leak_check_keys(leak_call *call);	/* L3 */
extern void leak_check_duplicates(leak_call *call); /* L4 */
extern void leak_check_preprocessing(leak_call *call);	/* L5 */
extern void leak_check_target(leak_call *call); /* L6 */
extern void leak_check_response(leak_call *call);	/* L10 */

#endif							/* JOURNEY_PG_LEAKAGE_H */
