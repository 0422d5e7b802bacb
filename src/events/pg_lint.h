/*
 * pg_lint.h
 *		What lint_events reads (pg_lint_events.c) for what it reports
 *		(pg_lint_report.c,
 *		pg_lint_touchpoints.c).  Requirements: lint.h.
 */
#ifndef JOURNEY_PG_LINT_H
#define JOURNEY_PG_LINT_H

#include "../pg/compat.h"
#include "lib/stringinfo.h"

#include "lint.h"
#include "pg_events.h"

/* Faults of single rows, in the order of the report (R-LINT-1). */
typedef enum journey_lint_fault
{
	LINT_NULL_CUSTOMER,
	LINT_NULL_TS,
	LINT_NULL_TOUCHPOINT,
	LINT_NULL_ID,
	LINT_INFINITE_TS,
	LINT_EMPTY_TOUCHPOINT,
	LINT_OVERLONG,
	LINT_FAULTS
} journey_lint_fault;

/* An event recorded later than this after it happened is late. */
#define LINT_LATE_USECS USECS_PER_DAY

typedef struct journey_lint
{
	MemoryContext context;
	MemoryContext row_context;
	jrn_env		env;
	journey_event_shape shape;
	journey_column recorded_at; /* attribute 0: none */
	Oid			relation;		/* of the source, InvalidOid for a query */
	int64		rows;
	TimestampTz now;			/* of the statement */
	jrn_lint_finding faults[LINT_FAULTS];
	jrn_lint_finding future;
	jrn_lint_finding late;		/* recorded too late or too early */
	uint64		late_early;		/* of them: recorded before they happened */
	uint64		unrecorded;		/* recorded_at is null */
	uint64		largest_delay;	/* microseconds */
	bool		overlong_column[3];	/* customer_id, touchpoint, event_id */
	jrn_events	events;
	journey_tempfile temp;
	jrn_events	ids;			/* "customers" are event ids */
	journey_tempfile ids_temp;
	jrn_lint_finding repeated_ids;
	uint64		surplus_events;	/* events beyond the first of their id */
	jrn_lint	core;
} journey_lint;

/* The report as it is written. */
typedef struct journey_lint_report
{
	journey_lint *lint;
	ReturnSetInfo *result;
	StringInfoData detail;		/* of the current row */
} journey_lint_report;

/* One row per check into the tuplestore of a materialized function. */
extern void journey_lint_write(journey_lint *lint, ReturnSetInfo *result);

/* Write the row whose detail has been gathered, and begin the next. */
extern void journey_lint_put(journey_lint_report *report, const char *check, const char *status,
							 uint64 count);

/* A name, cut where it is long (R-LINT-8). */
extern const char *journey_lint_clipped(const char *name);

/* The rows rare_touchpoints and near_duplicate_touchpoints. */
extern void journey_lint_rare(journey_lint_report *report);
extern void journey_lint_near_duplicates(journey_lint_report *report);

/*
 * Name of a valid index over all rows of a table whose keys begin with
 * customer_id, ts; NULL when there is none.
 */
extern char *journey_lint_index(Oid relation);

#endif							/* JOURNEY_PG_LINT_H */
