/*
 * pg_lint_report.c
 *		The rows of lint_events: check_name, status, count, detail, always the
 *		same checks in the same order (requirements: lint.h).
 *
 * R-LINT-7	Status: "error" where other functions refuse the source, "warning"
 *			where their answer may mislead, "not_checkable" where a column is
 *			missing, else "ok".
 * R-LINT-8	A detail names at most a few customers or touchpoints, each cut
 *			after 60 bytes, and does not depend on the order of rows.
 */
#include "pg_lint.h"

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "pgtime.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#define NAME_BYTES 60			/* R-LINT-8 */

void
journey_lint_put(journey_lint_report *report, const char *check, const char *status, uint64 count)
{
	Datum		values[4];
	bool		isnull[4] = {false, false, false, false};

	values[0] = CStringGetTextDatum(check);
	values[1] = CStringGetTextDatum(status);
	values[2] = Int64GetDatum((int64) count);
	values[3] = CStringGetTextDatum(report->detail.data);
	tuplestore_putvalues(report->result->setResult, report->result->setDesc, values, isnull);
	resetStringInfo(&report->detail);
	CHECK_FOR_INTERRUPTS();
}

/* ---- names ---- */

const char *
journey_lint_clipped(const char *text)
{
	int			size = (int) strlen(text);

	if (size <= NAME_BYTES)
		return text;
	return psprintf("%.*s...", pg_mbcliplen(text, size, NAME_BYTES), text);
}

static const char *
customer_name(const journey_lint *lint, const jrn_lint_finding *finding)
{
	return journey_lint_clipped(journey_key_text(lint->shape.customer.key_kind, finding->key, finding->key_size));
}

static const char *
plural(uint64 count)
{
	return count == 1 ? "" : "s";
}

/* The smallest customer, not that of the first row (R-LINT-2). */
static void
append_customer(journey_lint_report *report, const jrn_lint_finding *finding)
{
	if (finding->key != NULL)
		appendStringInfo(&report->detail, "; the first such customer is %s",
						 customer_name(report->lint, finding));
	else if (finding->has_ts)
		appendStringInfo(&report->detail, "; the earliest is at %s", timestamptz_to_str(finding->ts));
}

static double
percent(uint64 part, uint64 whole)
{
	return whole == 0 ? 0.0 : 100.0 * (double) part / (double) whole;
}

/* ---- faults of rows ---- */

static void
put_fault(journey_lint_report *report, journey_lint_fault which, const char *check, const char *fine)
{
	const journey_lint *lint = report->lint;
	const jrn_lint_finding *finding = &lint->faults[which];

	if (finding->count == 0)
		appendStringInfoString(&report->detail, fine);
	else
	{
		appendStringInfo(&report->detail, UINT64_FORMAT " of " INT64_FORMAT " rows",
						 (uint64) finding->count, lint->rows);
		append_customer(report, finding);
	}
	journey_lint_put(report, check, finding->count > 0 ? "error" : "ok", finding->count);
}

static void
put_null_id(journey_lint_report *report)
{
	if (report->lint->shape.has_id)
		put_fault(report, LINT_NULL_ID, "null_event_id", "every row has an event_id");
	else
	{
		appendStringInfoString(&report->detail, "there is no column event_id");
		journey_lint_put(report, "null_event_id", "not_checkable", 0);
	}
}

static void
put_overlong(journey_lint_report *report)
{
	const journey_lint *lint = report->lint;
	const char *const names[3] = {"customer_id", "touchpoint", "event_id"};
	const jrn_lint_finding *finding = &lint->faults[LINT_OVERLONG];
	int			i;

	if (finding->count == 0)
		appendStringInfo(&report->detail, "nothing is longer than %d bytes", JOURNEY_MAX_LABEL_BYTES);
	else
	{
		appendStringInfo(&report->detail, UINT64_FORMAT " value%s of more than %d bytes in",
						 (uint64) finding->count, plural(finding->count), JOURNEY_MAX_LABEL_BYTES);
		for (i = 0; i < 3; i++)
			if (lint->overlong_column[i])
				appendStringInfo(&report->detail, " %s", names[i]);
		append_customer(report, finding);
	}
	journey_lint_put(report, "overlong_value", finding->count > 0 ? "error" : "ok", finding->count);
}

/* ---- events ---- */

static void
put_future(journey_lint_report *report)
{
	const jrn_lint_finding *finding = &report->lint->future;

	if (finding->count == 0)
		appendStringInfoString(&report->detail, "no event is after the time of this statement");
	else
	{
		appendStringInfo(&report->detail, UINT64_FORMAT " event%s after the time of this statement",
						 (uint64) finding->count, plural(finding->count));
		append_customer(report, finding);
	}
	journey_lint_put(report, "future_ts", finding->count > 0 ? "warning" : "ok", finding->count);
}

static void
put_duplicate_ids(journey_lint_report *report)
{
	const journey_lint *lint = report->lint;
	const jrn_lint_finding *finding = &lint->repeated_ids;

	if (!lint->shape.has_id)
	{
		appendStringInfoString(&report->detail, "there is no column event_id");
		journey_lint_put(report, "duplicate_event_id", "not_checkable", 0);
		return;
	}
	if (finding->count == 0)
		appendStringInfoString(&report->detail, "no event_id occurs twice");
	else
		appendStringInfo(&report->detail,
						 UINT64_FORMAT " id%s more than once, " UINT64_FORMAT " event%s too many; the first such id is %s",
						 (uint64) finding->count, finding->count == 1 ? " occurs" : "s occur",
						 lint->surplus_events, plural(lint->surplus_events),
						 journey_lint_clipped(journey_event_id_text(&lint->shape, finding->key, finding->key_size)));
	journey_lint_put(report, "duplicate_event_id", finding->count > 0 ? "warning" : "ok", finding->count);
}

static void
put_identical(journey_lint_report *report)
{
	const jrn_lint *core = &report->lint->core;
	const char *same = report->lint->shape.has_id ?
		"customer, time, touchpoint and event_id" : "customer, time and touchpoint";

	if (core->identical.count == 0)
		appendStringInfo(&report->detail, "no two events share %s", same);
	else
	{
		appendStringInfo(&report->detail, UINT64_FORMAT " event%s another one's %s",
						 (uint64) core->identical.count,
						 core->identical.count == 1 ? " repeats" : "s repeat", same);
		append_customer(report, &core->identical);
	}
	if (core->reissued.count > 0)
		appendStringInfo(&report->detail, "; " UINT64_FORMAT " more differ in event_id only",
						 (uint64) core->reissued.count);
	journey_lint_put(report, "identical_events", core->identical.count > 0 ? "warning" : "ok",
		core->identical.count);
}

static void
put_ties(journey_lint_report *report)
{
	const jrn_lint *core = &report->lint->core;
	bool		has_id = report->lint->shape.has_id;
	uint64		unbroken = core->tied_unbroken;

	if (core->tied.count == 0)
		appendStringInfoString(&report->detail, "no two events of a customer share an instant");
	else
	{
		appendStringInfo(&report->detail, "%.1f %% of the events share an instant with another of their customer; ",
						 percent(core->tied.count, core->events));
		if (!has_id)
			appendStringInfoString(&report->detail, "without event_id the touchpoint decides their order");
		else if (unbroken == 0)
			appendStringInfoString(&report->detail, "event_id decides their order");
		else
			appendStringInfo(&report->detail,
							 UINT64_FORMAT " of them share event_id too, so the touchpoint decides their order", unbroken);
		append_customer(report, &core->tied);
	}
	journey_lint_put(report, "tied_ts", unbroken > 0 ? "warning" : "ok", core->tied.count);
}

static void
put_zone(journey_lint_report *report)
{
	const journey_lint *lint = report->lint;
	bool		zoned = lint->shape.ts.type == TIMESTAMPTZOID;

	if (zoned)
		appendStringInfoString(&report->detail, "ts has a time zone");
	else
		appendStringInfo(&report->detail, "ts is of type %s: read %s in the time zone of the session, %s",
						 format_type_be(lint->shape.ts.type),
						 lint->shape.ts.type == DATEOID ? "as midnight" : "as local time",
						 pg_get_timezone_name(session_timezone));
	journey_lint_put(report, "ts_without_zone", zoned ? "ok" : "warning", zoned ? 0 : lint->events.count);
}

/* ---- customers ---- */

static void
put_heavy(journey_lint_report *report)
{
	journey_lint *lint = report->lint;
	jrn_lint   *core = &lint->core;
	uint64_t	median;
	uint64_t	least;
	uint64_t	heavy;

	journey_check(jrn_lint_heavy(core, &median, &least, &heavy), "linting events");
	if (core->customers == 0)
		appendStringInfoString(&report->detail, "there is no customer");
	else
	{
		if (heavy > 0)
			appendStringInfo(&report->detail, UINT64_FORMAT " customer%s " UINT64_FORMAT
							 " events or more, perhaps machines; ", (uint64) heavy,
							 heavy == 1 ? " has" : "s have", (uint64) least);
		appendStringInfo(&report->detail, "the median is " UINT64_FORMAT
						 " event%s, the largest customer is %s with " UINT64_FORMAT,
						 (uint64) median, plural(median), customer_name(lint, &core->largest),
						 (uint64) core->largest.count);
	}
	journey_lint_put(report, "heavy_customers", heavy > 0 ? "warning" : "ok", heavy);
}

static void
put_one_event(journey_lint_report *report)
{
	const jrn_lint *core = &report->lint->core;
	bool		most = core->one_event > core->customers - core->one_event;

	appendStringInfo(&report->detail, "%.1f %% of the customers have a single event%s",
					 percent(core->one_event, core->customers),
					 most ? ": is customer_id the customer, or a visit?" : "");
	journey_lint_put(report, "one_event_customers", most ? "warning" : "ok", core->one_event);
}

/* ---- lateness, volume, index ---- */

static void
put_late(journey_lint_report *report)
{
	const journey_lint *lint = report->lint;
	uint64		late = lint->late.count - lint->late_early;

	if (lint->recorded_at.attribute == 0)
	{
		appendStringInfoString(&report->detail, "there is no column recorded_at");
		journey_lint_put(report, "late_events", "not_checkable", 0);
		return;
	}
	appendStringInfo(&report->detail,
					 UINT64_FORMAT " recorded more than a day after ts, " UINT64_FORMAT
					 " before it; the longest delay is %.1f hours", late, lint->late_early,
					 (double) lint->largest_delay / USECS_PER_HOUR);
	append_customer(report, &lint->late);
	if (lint->unrecorded > 0)
		appendStringInfo(&report->detail, "; recorded_at is null in " UINT64_FORMAT " event%s",
						 lint->unrecorded, plural(lint->unrecorded));
	journey_lint_put(report, "late_events", lint->late.count > 0 ? "warning" : "ok", lint->late.count);
}

static void
put_volume(journey_lint_report *report)
{
	const journey_lint *lint = report->lint;
	const jrn_lint *core = &lint->core;
	uint64		span = 0;

	appendStringInfo(&report->detail, "of " INT64_FORMAT " rows", lint->rows);
	journey_lint_put(report, "events", core->events > 0 ? "ok" : "warning", core->events);
	appendStringInfo(&report->detail, "%.2f events a customer",
					 core->customers == 0 ? 0.0 : (double) core->events / (double) core->customers);
	journey_lint_put(report, "customers", "ok", core->customers);
	appendStringInfoString(&report->detail, "distinct, by bytes");
	journey_lint_put(report, "touchpoints", "ok", lint->events.labels.count);
	if (core->events > 0)
	{
		span = (uint64) core->last_ts - (uint64) core->first_ts;
		appendStringInfo(&report->detail, "whole days from %s", timestamptz_to_str(core->first_ts));
		appendStringInfo(&report->detail, " to %s", timestamptz_to_str(core->last_ts));
	}
	else
		appendStringInfoString(&report->detail, "there is no event");
	journey_lint_put(report, "time_span", "ok", span / USECS_PER_DAY);
}

static void
put_index(journey_lint_report *report)
{
	Oid			oid = report->lint->relation;
	char		kind = OidIsValid(oid) ? get_rel_relkind(oid) : '\0';
	char	   *name;

	if (kind != RELKIND_RELATION && kind != RELKIND_MATVIEW && kind != RELKIND_PARTITIONED_TABLE)
	{
		appendStringInfoString(&report->detail, "the source is not a table");
		journey_lint_put(report, "customer_index", "not_checkable", 0);
		return;
	}
	name = journey_lint_index(oid);
	if (name != NULL)
		appendStringInfo(&report->detail, "index \"%s\" begins with customer_id, ts", name);
	else
		appendStringInfo(&report->detail,
						 "reading all events needs no index; for queries of single customers: "
						 "CREATE INDEX ON %s (customer_id, ts) INCLUDE (touchpoint)",
						 quote_qualified_identifier(get_namespace_name(get_rel_namespace(oid)),
													get_rel_name(oid)));
	journey_lint_put(report, "customer_index", "ok", name != NULL);
}

void
journey_lint_write(journey_lint *lint, ReturnSetInfo *result)
{
	MemoryContext old = MemoryContextSwitchTo(lint->context);
	journey_lint_report report;

	report.lint = lint;
	report.result = result;
	initStringInfo(&report.detail);
	put_fault(&report, LINT_NULL_CUSTOMER, "null_customer_id", "every row has a customer_id");
	put_fault(&report, LINT_NULL_TS, "null_ts", "every row has a ts");
	put_fault(&report, LINT_NULL_TOUCHPOINT, "null_touchpoint", "every row has a touchpoint");
	put_null_id(&report);
	put_fault(&report, LINT_INFINITE_TS, "infinite_ts", "every ts is finite");
	put_fault(&report, LINT_EMPTY_TOUCHPOINT, "empty_touchpoint", "no touchpoint is empty");
	put_overlong(&report);
	put_future(&report);
	put_duplicate_ids(&report);
	put_identical(&report);
	put_ties(&report);
	put_zone(&report);
	put_heavy(&report);
	put_one_event(&report);
	journey_lint_rare(&report);
	journey_lint_near_duplicates(&report);
	put_late(&report);
	put_volume(&report);
	put_index(&report);
	MemoryContextSwitchTo(old);
}
