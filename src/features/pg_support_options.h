/*
 * pg_support_options.h
 *		The jsonb arguments of support_metrics: roles and calendar.
 */
#ifndef JOURNEY_SUPPORT_OPTIONS_H
#define JOURNEY_SUPPORT_OPTIONS_H

#include "../pg/compat.h"

#include "pgtime.h"
#include "utils/jsonb.h"

#include "support.h"

/* A touchpoint with its role. */
typedef struct journey_role_entry
{
	char	   *touchpoint;
	Size		size;
	jrn_role	role;
} journey_role_entry;

typedef struct journey_roles
{
	journey_role_entry *entries;	/* touchpoints in byte order, each once */
	int			count;
} journey_roles;

/*
 * {"role": "touchpoint" or ["touchpoint", ...], ...}; everything lives in the
 * current memory context.  What is not that is an error naming key and value.
 */
extern void journey_roles_read(Jsonb *json, journey_roles *roles);

/* The role of a touchpoint, JRN_ROLE_NONE for most. */
extern jrn_role journey_roles_find(const journey_roles *roles, const char *touchpoint, Size size);

typedef struct journey_business_calendar
{
	jrn_week	week;
	pg_tz	   *zone;
} journey_business_calendar;

/*
 * {"timezone": "Europe/Rome", "hours": {"mon": ["09:00-13:00", ...], ...},
 *	"holidays": ["2024-12-25", ...]}
 */
extern void journey_business_calendar_read(Jsonb *json, journey_business_calendar *calendar);

/* Printable form of a jsonb value, cut to a length fit for a message. */
extern char *journey_jsonb_value_text(const JsonbValue *value);

#endif							/* JOURNEY_SUPPORT_OPTIONS_H */
