/*
 * pg_html.c
 *		journey.report_text, report_number, report_table and report_refuse:
 *		what report.sql writes a page with.
 *
 * R-PGH-1	Results are ASCII (other characters are references), so a page is
 *			right whatever encodings it goes through.
 */
#include "pg_charts.h"

#include <math.h>

#include "utils/builtins.h"

#include "figures.h"
#include "html.h"

static Datum
finish(jrn_markup *m)
{
	journey_check(m->status, "writing a report");
	PG_RETURN_TEXT_P(cstring_to_text_with_len(m->used > 0 ? m->bytes : "", (int) m->used));
}

PG_FUNCTION_INFO_V1(journey_report_text);
Datum
journey_report_text(PG_FUNCTION_ARGS)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	const char *text = journey_chart_text(fcinfo, 0);
	const char *form = journey_arg_cstring_required(fcinfo, 1, "form");
	jrn_markup	m;

	jrn_markup_begin(&m, &env, true);
	if (strcmp(form, "name") == 0)
		jrn_html_write_text(&m, text);
	else if (strcmp(form, "lines") == 0)
		jrn_html_write_lines(&m, text);
	else if (strcmp(form, "markup") == 0)
		jrn_html_write_markup(&m, text == NULL ? "" : text);
	else if (strcmp(form, "plain") == 0)
		jrn_markup_text(&m, text == NULL ? "" : text, text == NULL ? 0 : strlen(text));
	else
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("form must be name, plain, lines or markup, it is \"%s\"", form)));
	return finish(&m);
}

static jrn_figure_kind
kind_of(const char *name)
{
	static const char *const names[] = {"number", "count", "percent", "signed", "p"};
	int			i;

	for (i = 0; i < lengthof(names); i++)
		if (strcmp(name, names[i]) == 0)
			return (jrn_figure_kind) i;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("kind must be number, count, percent, signed or p, it is \"%s\"", name)));
}

PG_FUNCTION_INFO_V1(journey_report_number);
Datum
journey_report_number(PG_FUNCTION_ARGS)
{
	jrn_figure_kind kind = kind_of(journey_arg_cstring_required(fcinfo, 1, "kind"));
	char		words[JRN_FIGURE_SIZE];

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(2))
		jrn_figure(PG_GETARG_FLOAT8(0), kind, words);
	else
		jrn_figure_within(PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(2), kind, words);
	PG_RETURN_TEXT_P(cstring_to_text(words));
}

PG_FUNCTION_INFO_V1(journey_report_table);
Datum
journey_report_table(PG_FUNCTION_ARGS)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	jrn_html_table table;
	jrn_markup	m;
	int			columns = -1;
	int			count = -1;

	table.caption = journey_chart_text(fcinfo, 0);
	table.head = journey_chart_labels(fcinfo, 1, "head", &columns);
	table.cells = journey_chart_labels(fcinfo, 2, "cells", &count);
	table.kinds = journey_arg_cstring_required(fcinfo, 3, "kinds");
	table.columns = (size_t) columns;
	table.count = (size_t) count;
	if (count == 0)
		PG_RETURN_NULL();
	jrn_markup_begin(&m, &env, true);
	jrn_html_write_table(&m, &table);
	if (m.status == JRN_DOMAIN)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("kinds \"%s\" and %d cells do not fit %d columns", table.kinds, count, columns),
				 errhint("kinds has one of h, t, f, n, s, c for each column; cells are whole rows.")));
	return finish(&m);
}

/* The errors of journey.report(); see the comment of the function. */
PG_FUNCTION_INFO_V1(journey_report_refuse);
Datum
journey_report_refuse(PG_FUNCTION_ARGS)
{
	char	   *name = journey_arg_cstring(fcinfo, 0);

	if (name == NULL && PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("a report needs the name of a validation or the number of a run, not null")));
	if (name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("validation run " INT64_FORMAT " does not exist", PG_GETARG_INT64(1)),
				 errhint("Runs that you may see are in journey.validation_run.")));
	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("validation \"%s\" does not exist", name),
				 errhint("Validations that you may see are in journey.validation.")));
	if (PG_GETARG_INT64(1) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("validation \"%s\" has no run yet", name),
				 errhint("Make one with CALL journey.validate(%s).", quote_literal_cstr(name))));
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("validation \"%s\" was dropped", name),
			 errhint("Its runs are still there: SELECT journey.report(" INT64_FORMAT ").", PG_GETARG_INT64(1))));
}
