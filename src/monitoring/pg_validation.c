/*
 * pg_validation.c
 *		What the procedures of continuous validation cannot ask in SQL: whether
 *		a source has the columns a definition names, and whether the call
 *		stands in a transaction block, where nothing can be committed.
 *
 * R-VALID-1	A definition is checked by the reader that will read it, so its
 *				errors are the ones a run would give.
 */
#include "../pg/compat.h"

#include "access/xact.h"

#include "../pg/args.h"
#include "../pg/host.h"
#include "../pg/source.h"

typedef struct column_use
{
	const char *name;
	journey_column_kind kinds[3];
	int			count;
} column_use;

static const column_use uses[] = {
	{"number", {JOURNEY_COLUMN_NUMBER}, 1},
	{"time", {JOURNEY_COLUMN_TIME}, 1},
	{"label", {JOURNEY_COLUMN_LABEL}, 1},
	{"key", {JOURNEY_COLUMN_KEY}, 1},
	{"strategy", {JOURNEY_COLUMN_LABEL, JOURNEY_COLUMN_BOOLEAN, JOURNEY_COLUMN_NUMBER}, 3},
	{"feature", {JOURNEY_COLUMN_LABEL, JOURNEY_COLUMN_NUMBER}, 2},
	{"propensity", {JOURNEY_COLUMN_NUMBER, JOURNEY_COLUMN_JSONB}, 2},
};

static const column_use *
use_of(const char *name)
{
	int			i;

	for (i = 0; i < (int) lengthof(uses); i++)
		if (strcmp(uses[i].name, name) == 0)
			return &uses[i];
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown use of a column \"%s\"", name),
			 errhint("Uses are number, time, label, key, strategy, feature and propensity.")));
	return NULL;
}

/* The first kind that the type is; the last one speaks when none fits. */
static void
check_column(journey_source *source, const char *name, const column_use *use)
{
	int			i,
				attribute;
	Oid			type = InvalidOid;

	for (attribute = 0; attribute < source->desc->natts; attribute++)
		if (strcmp(NameStr(TupleDescAttr(source->desc, attribute)->attname), name) == 0)
			type = TupleDescAttr(source->desc, attribute)->atttypid;
	for (i = 0; i < use->count - 1; i++)
		if (OidIsValid(type) && journey_type_is(type, use->kinds[i]))
			break;
	(void) journey_source_column(source, name, use->kinds[i], true);
}

PG_FUNCTION_INFO_V1(journey_validation_check_source);
Datum
journey_validation_check_source(PG_FUNCTION_ARGS)
{
	journey_source *source;
	char	  **columns,
			  **names;
	int			n_columns,
				n_names,
				i;

	journey_arg_not_null(fcinfo, 1, "columns");
	journey_arg_not_null(fcinfo, 2, "uses");
	columns = journey_array_cstrings(PG_GETARG_ARRAYTYPE_P(1), "columns", &n_columns);
	names = journey_array_cstrings(PG_GETARG_ARRAYTYPE_P(2), "uses", &n_names);
	if (n_columns != n_names)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%d columns but %d uses", n_columns, n_names)));
	source = journey_source_open(journey_arg_cstring_required(fcinfo, 0, "source"));
	for (i = 0; i < n_columns; i++)
		check_column(source, columns[i], use_of(names[i]));
	journey_source_close(source);
	PG_RETURN_BOOL(true);
}

PG_FUNCTION_INFO_V1(journey_validation_in_transaction_block);
Datum
journey_validation_in_transaction_block(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(IsTransactionBlock());
}
