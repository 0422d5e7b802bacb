/*
 * pg_levels.c
 *		Levels of an ordinal target (see pg_levels.h).
 */
#include "pg_levels.h"

#include "access/htup_details.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

typedef struct enum_entry
{
	Oid			value;
	float4		order;
	char	   *label;
} enum_entry;

static int
compare_entries(const void *a, const void *b)
{
	float4		x = ((const enum_entry *) a)->order;
	float4		y = ((const enum_entry *) b)->order;

	return x < y ? -1 : x > y;
}

/* R-LEV-1 */
static journey_enum_places *
places_of(Oid type)
{
	journey_enum_places *places = palloc0(sizeof(journey_enum_places));
	CatCList   *list = SearchSysCacheList1(ENUMTYPOIDNAME, ObjectIdGetDatum(type));
	enum_entry *entries = palloc((Size) (list->n_members + 1) * sizeof(enum_entry));
	int			i;

	for (i = 0; i < list->n_members; i++)
	{
		Form_pg_enum form = (Form_pg_enum) GETSTRUCT(&list->members[i]->tuple);

		entries[i].value = form->oid;
		entries[i].order = form->enumsortorder;
		entries[i].label = pstrdup(NameStr(form->enumlabel));
	}
	places->type = type;
	places->count = list->n_members;
	ReleaseSysCacheList(list);
	qsort(entries, (size_t) places->count, sizeof(enum_entry), compare_entries);
	places->values = palloc((Size) (places->count + 1) * sizeof(Oid));
	places->labels = palloc((Size) (places->count + 1) * sizeof(char *));
	for (i = 0; i < places->count; i++)
	{
		places->values[i] = entries[i].value;
		places->labels[i] = entries[i].label;
	}
	pfree(entries);
	return places;
}

journey_enum_places *
journey_enum_target(const journey_source *source, const char *name)
{
	int			i;

	for (i = 0; i < source->desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(source->desc, i);
		Oid			type;

		if (attribute->attisdropped || strcmp(NameStr(attribute->attname), name) != 0)
			continue;
		type = getBaseType(attribute->atttypid);
		if (get_typtype(type) == TYPTYPE_ENUM)
			return places_of(type);
		if (journey_type_is(type, JOURNEY_COLUMN_LABEL))
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("target \"%s\" of family \"ordinal\" is of type %s, which has no order of levels",
							name, format_type_be(attribute->atttypid)),
					 errhint("Cast it to an enum, or to numbers, in the source query.")));
	}
	return NULL;
}

double
journey_enum_place(const journey_enum_places *places, Datum value)
{
	int			i;

	for (i = 0; i < places->count; i++)
		if (places->values[i] == DatumGetObjectId(value))
			return i + 1;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("value of the target is not one of its type")));
	return 0.0;
}

void
journey_give_levels(const jrn_model *model, Oid type, journey_encoding *encoding)
{
	journey_enum_places *places = OidIsValid(type) ? places_of(type) : NULL;
	int			i;

	encoding->level_count = model->levels == NULL ? 0 : model->thresholds + 1;
	encoding->levels = palloc((Size) (encoding->level_count + 1) * sizeof(char *));
	encoding->level_numbers = palloc((Size) (encoding->level_count + 1) * sizeof(double));
	for (i = 0; i < encoding->level_count; i++)
	{
		double		number = model->levels[i];

		encoding->level_numbers[i] = number;
		encoding->levels[i] = places != NULL ? places->labels[(int) number - 1] :
			psprintf("%.15g", number);
	}
}
