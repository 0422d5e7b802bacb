/*
 * pg_lint_touchpoints.c
 *		Checks of lint_events over the touchpoints: seen by one customer only,
 *		and equal but for case and blanks (requirements: lint.h).
 */
#include "pg_lint.h"

#include "catalog/pg_collation.h"
#include "utils/formatting.h"
#include "utils/memutils.h"

#define NAMES_SHOWN 5
#define GROUP_BYTES 500			/* no further group once the detail is longer */

static const jrn_label *
label_of(const journey_lint *lint, uint32 rank)
{
	return &lint->events.labels.list[lint->events.labels.code_of_rank[rank]];
}

static void
append_label(journey_lint_report *report, uint32 rank)
{
	appendStringInfo(&report->detail, "\"%s\"", journey_lint_clipped(label_of(report->lint, rank)->bytes));
}

void
journey_lint_rare(journey_lint_report *report)
{
	const journey_lint *lint = report->lint;
	uint32		count = (uint32) lint->events.labels.count;
	uint32		rare = 0;
	uint32		rank;

	for (rank = 0; rank < count; rank++)
	{
		if (!jrn_lint_is_rare(&lint->core, rank))
			continue;
		if (rare < NAMES_SHOWN)
		{
			appendStringInfoString(&report->detail, rare == 0 ? "only one customer has seen " : ", ");
			append_label(report, rank);
		}
		rare++;
	}
	if (rare == 0)
		appendStringInfoString(&report->detail, "at least two customers have seen every touchpoint");
	else if (rare > NAMES_SHOWN)
		appendStringInfo(&report->detail, " and %u more", rare - NAMES_SHOWN);
	journey_lint_put(report, "rare_touchpoints", rare > 0 && lint->core.customers > 1 ? "warning" : "ok", rare);
}

/* A label without white space at its ends and with single blanks inside. */
static char *
squeezed(const char *label)
{
	char	   *copy = palloc(strlen(label) + 1);
	char	   *out = copy;

	for (; *label != '\0'; label++)
	{
		if (strchr(" \t\r\n\v\f", *label) == NULL)
			*out++ = *label;
		else if (out > copy && out[-1] != ' ')
			*out++ = ' ';
	}
	if (out > copy && out[-1] == ' ')
		out--;
	*out = '\0';
	return copy;
}

/* Group of every label: equal after squeezing and lower() of the database. */
static void
group_labels(journey_lint_report *report, jrn_labels *groups, uint32_t *group_of)
{
	journey_lint *lint = report->lint;
	uint32		count = (uint32) lint->events.labels.count;
	uint32		rank;

	for (rank = 0; rank < count; rank++)
	{
		MemoryContext old = MemoryContextSwitchTo(lint->row_context);
		char	   *plain = squeezed(label_of(lint, rank)->bytes);

		plain = str_tolower(plain, strlen(plain), DEFAULT_COLLATION_OID);
		journey_check(jrn_labels_intern(groups, plain, strlen(plain), &group_of[rank]),
					  "comparing touchpoints");
		MemoryContextSwitchTo(old);
		MemoryContextReset(lint->row_context);
		if (rank % 1024 == 0)
			CHECK_FOR_INTERRUPTS();
	}
}

/* Names of the labels of a group, whose first label has the given rank. */
static void
append_group(journey_lint_report *report, const uint32_t *group_of, uint32 first, uint32 count)
{
	uint32		shown = 0;
	uint32		rank;

	for (rank = first; rank < count && shown < NAMES_SHOWN; rank++)
		if (group_of[rank] == group_of[first])
		{
			if (shown++ > 0)
				appendStringInfoString(&report->detail, " = ");
			append_label(report, rank);
		}
}

void
journey_lint_near_duplicates(journey_lint_report *report)
{
	journey_lint *lint = report->lint;
	uint32		count = (uint32) lint->events.labels.count;
	uint32_t   *group_of = MemoryContextAllocHuge(lint->context, Max(count, 1) * sizeof(uint32_t));
	uint32_t   *members = MemoryContextAllocHuge(lint->context, Max(count, 1) * sizeof(uint32_t));
	jrn_labels	groups;
	uint32		involved = 0;
	uint32		group = 0;
	uint32		rank;

	journey_check(jrn_labels_begin(&groups, &lint->env), "comparing touchpoints");
	group_labels(report, &groups, group_of);
	memset(members, 0, Max(count, 1) * sizeof(uint32_t));
	for (rank = 0; rank < count; rank++)
		members[group_of[rank]]++;
	/* codes of groups ascend with the rank of their first label */
	for (rank = 0; rank < count; rank++)
	{
		if (members[group_of[rank]] < 2)
			continue;
		involved++;
		if (group_of[rank] < group)
			continue;
		group = group_of[rank] + 1;
		if (report->detail.len > GROUP_BYTES)
			continue;
		appendStringInfoString(&report->detail, report->detail.len == 0 ?
							   "equal but for case and blanks: " : "; ");
		append_group(report, group_of, rank, count);
	}
	if (involved == 0)
		appendStringInfoString(&report->detail, "all touchpoints differ in more than case and blanks");
	journey_lint_put(report, "near_duplicate_touchpoints", involved > 0 ? "warning" : "ok", involved);
}

