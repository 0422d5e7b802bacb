/*
 * pg_reading.c
 *		journey.source_columns: what columns a source has.
 *		journey.source_rows: its rows, unchanged.
 *
 * The nightly run reads a window once with these two: the first tells whether
 * the shape is still the one that was validated, the second fills its
 * temporary table.
 *
 * R-RDG-1	Types and collations are named as no search path changes them, those
 *			of pg_catalog without their schema; nor does quote_all_identifiers,
 *			which would make another shape of the same columns.
 * R-RDG-2	not_null is what is declared: a column that comes straight from a
 *			relation's NOT NULL column; false where an outer join, a set
 *			operation or grouping sets could still make a NULL of it.
 * R-RDG-3	source_rows copies columns by name into the definition list of the
 *			caller; a type that would need a conversion is refused.
 */
#include "../pg/compat.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_namespace.h"
#include "nodes/nodeFuncs.h"
#include "parser/parse_coerce.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/syscache.h"

#include "../pg/args.h"
#include "../pg/rows.h"
#include "../pg/source.h"

/* ---- source_columns ---- */

/*
 * Names are quoted only where they must be until AtEOXact_GUC(true, result),
 * or the end of what fails (R-RDG-1).
 */
static int
quote_where_needed(void)
{
	int			level = NewGUCNestLevel();

	(void) set_config_option("quote_all_identifiers", "off", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	return level;
}

/* R-RDG-1 */
static char *
type_name(Oid type, int32 typmod)
{
	static const char catalogue[] = "pg_catalog.";
	char	   *name = format_type_extended(type, typmod,
											FORMAT_TYPE_TYPEMOD_GIVEN | FORMAT_TYPE_FORCE_QUALIFY);

	return strncmp(name, catalogue, sizeof(catalogue) - 1) == 0 ? name + sizeof(catalogue) - 1 : name;
}

static char *
collation_name(Oid collation)
{
	HeapTuple	tuple = OidIsValid(collation) ? SearchSysCache1(COLLOID, ObjectIdGetDatum(collation)) : NULL;
	Form_pg_collation form;
	char	   *name;

	if (!HeapTupleIsValid(tuple))
		return NULL;
	form = (Form_pg_collation) GETSTRUCT(tuple);
	if (form->collnamespace == PG_CATALOG_NAMESPACE)
		name = pstrdup(NameStr(form->collname));
	else
		name = quote_qualified_identifier(get_namespace_name(form->collnamespace), NameStr(form->collname));
	ReleaseSysCache(tuple);
	return name;
}

/* Can a NULL arise in the query itself (R-RDG-2)? */
static bool
makes_nulls(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, JoinExpr) && ((JoinExpr *) node)->jointype != JOIN_INNER)
		return true;
	if (IsA(node, Query))
	{
		Query	   *query = (Query *) node;

		if (query->setOperations != NULL || query->groupingSets != NIL)
			return true;
		return query_tree_walker(query, makes_nulls, context, 0);
	}
	return expression_tree_walker(node, makes_nulls, context);
}

/* Is this column of a relation declared NOT NULL? */
static bool
declared_not_null(Oid relation, AttrNumber attribute)
{
	HeapTuple	tuple;
	bool		declared;

	if (!OidIsValid(relation) || attribute == 0)
		return false;
	tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(relation), Int16GetDatum(attribute));
	if (!HeapTupleIsValid(tuple))
		return false;
	declared = ((Form_pg_attribute) GETSTRUCT(tuple))->attnotnull;
	ReleaseSysCache(tuple);
	return declared;
}

/* not_null of each result column of an opened source. */
static bool *
columns_not_null(journey_source *source)
{
	CachedPlanSource *plan = linitial(SPI_plan_get_plan_sources(source->plan));
	Query	   *query = linitial_node(Query, plan->query_list);
	bool	   *not_null = palloc0((Size) (source->desc->natts + 1) * sizeof(bool));
	int			i = 0;
	ListCell   *cell;

	if (makes_nulls((Node *) query, NULL))
		return not_null;
	foreach(cell, query->targetList)
	{
		TargetEntry *entry = lfirst_node(TargetEntry, cell);

		if (!entry->resjunk && i < source->desc->natts)
			not_null[i++] = declared_not_null(entry->resorigtbl, entry->resorigcol);
	}
	return not_null;
}

/* source_columns(source) */
PG_FUNCTION_INFO_V1(journey_source_columns);
Datum
journey_source_columns(PG_FUNCTION_ARGS)
{
	char	   *text = journey_arg_cstring_required(fcinfo, 0, "source");
	journey_source *source;
	journey_rows rows;
	bool	   *not_null;
	int			level;
	int			i;

	journey_rows_begin(&rows, fcinfo, 5, "source_columns");
	source = journey_source_open(text);
	not_null = columns_not_null(source);
	level = quote_where_needed();
	for (i = 0; i < source->desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(source->desc, i);

		journey_rows_integer(&rows, 0, i + 1);
		journey_rows_cstring(&rows, 1, NameStr(attribute->attname));
		journey_rows_cstring(&rows, 2, type_name(attribute->atttypid, attribute->atttypmod));
		journey_rows_cstring(&rows, 3, collation_name(attribute->attcollation));
		journey_rows_boolean(&rows, 4, not_null[i]);
		journey_rows_put(&rows);
	}
	AtEOXact_GUC(true, level);
	journey_source_close(source);
	return (Datum) 0;
}

/* ---- source_rows ---- */

/* Where the rows go, and which attribute becomes which column. */
typedef struct row_copy
{
	Tuplestorestate *store;
	TupleDesc	desc;
	int		   *attribute;		/* of the source, 1-based */
	Datum	   *values;
	bool	   *nulls;
} row_copy;

/* R-RDG-3: may values of the source's column be shown as the wanted one? */
static bool
same_values(const FormData_pg_attribute *from, const FormData_pg_attribute *wanted)
{
	if (wanted->atttypmod != -1 &&
		(from->atttypid != wanted->atttypid || from->atttypmod != wanted->atttypmod))
		return false;
	return from->atttypid == wanted->atttypid || IsBinaryCoercible(from->atttypid, wanted->atttypid);
}

static void
match_columns(journey_source *source, row_copy *copy)
{
	int			i;

	for (i = 0; i < copy->desc->natts; i++)
	{
		Form_pg_attribute wanted = TupleDescAttr(copy->desc, i);
		Form_pg_attribute from;

		copy->attribute[i] = journey_source_attribute(source, NameStr(wanted->attname), true);
		from = TupleDescAttr(source->desc, copy->attribute[i] - 1);
		if (!same_values(from, wanted))
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column \"%s\" of the source is of type %s, the column definition list says %s",
							NameStr(wanted->attname),
							format_type_with_typemod(from->atttypid, from->atttypmod),
							format_type_with_typemod(wanted->atttypid, wanted->atttypmod)),
					 errhint("Cast the column in the source query, or change the definition list; journey.source_columns() tells the types.")));
	}
}

static void
copy_row(void *arg, TupleTableSlot *slot)
{
	row_copy   *copy = arg;
	int			i;

	for (i = 0; i < copy->desc->natts; i++)
	{
		copy->values[i] = slot->tts_values[copy->attribute[i] - 1];
		copy->nulls[i] = slot->tts_isnull[copy->attribute[i] - 1];
	}
	tuplestore_putvalues(copy->store, copy->desc, copy->values, copy->nulls);
}

/* source_rows(source) */
PG_FUNCTION_INFO_V1(journey_source_rows);
Datum
journey_source_rows(PG_FUNCTION_ARGS)
{
	char	   *text = journey_arg_cstring_required(fcinfo, 0, "source");
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	journey_source *source;
	row_copy	copy;
	MemoryContext old;
	Size		columns;

	if (result == NULL || !IsA(result, ReturnSetInfo) || result->expectedDesc == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_SYNTAX_ERROR),
				 errmsg("source_rows needs a column definition list"),
				 errhint("Write SELECT ... FROM journey.source_rows(...) AS t(name type, ...).")));
	journey_init_materialized(fcinfo);
	/* the executor frees what it gets, and its own list must stay for the next call */
	old = MemoryContextSwitchTo(result->econtext->ecxt_per_query_memory);
	result->setDesc = CreateTupleDescCopy(result->expectedDesc);
	MemoryContextSwitchTo(old);
	copy.store = result->setResult;
	copy.desc = result->setDesc;
	columns = (Size) copy.desc->natts + 1;
	copy.attribute = palloc(columns * sizeof(int));
	copy.values = palloc(columns * sizeof(Datum));
	copy.nulls = palloc(columns * sizeof(bool));
	source = journey_source_open(text);
	match_columns(source, &copy);
	journey_source_run(source, copy_row, &copy);
	journey_source_close(source);
	return (Datum) 0;
}
