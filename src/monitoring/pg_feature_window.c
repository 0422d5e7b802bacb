/*
 * pg_feature_window.c
 *		Reading features of windows (see pg_feature_window.h).
 */
#include "pg_feature_window.h"

#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "../pg/args.h"
#include "frozen_bins.h"

/* Rows after which what detoasting and casts left behind is thrown away. */
#define ROWS_A_RESET 1024

void
journey_window_begin(journey_window *window, const char *what)
{
	memset(window, 0, sizeof(*window));
	window->what = what;
	window->context = AllocSetContextCreate(CurrentMemoryContext, "journey feature window", ALLOCSET_DEFAULT_SIZES);
	window->env = journey_host_env(window->context);
}

void
journey_window_reserve(journey_window *window, int count)
{
	window->features = MemoryContextAllocExtended(window->context,
												  sizeof(journey_window_feature) * (Size) Max(count, 1),
												  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

void
journey_window_add(journey_window *window, const char *name, bool numeric)
{
	journey_window_feature *feature = &window->features[window->count++];

	feature->name = MemoryContextStrdup(window->context, name);
	feature->numeric = numeric;
	if (!numeric)
		journey_check(jrn_labels_begin(&feature->labels, &window->env), window->what);
}

/* ---- columns ---- */

typedef enum column_use
{
	USE_NONE,
	USE_NUMBERS,
	USE_LEVELS
} column_use;

static column_use
use_of(Oid type)
{
	if (journey_type_is(type, JOURNEY_COLUMN_BOOLEAN) || journey_type_is(type, JOURNEY_COLUMN_LABEL))
		return USE_LEVELS;
	return journey_type_is(type, JOURNEY_COLUMN_NUMBER) ? USE_NUMBERS : USE_NONE;
}

static const char *
use_words(column_use use)
{
	return use == USE_NUMBERS ? "a number" : "text, varchar, an enum or boolean";
}

static Oid
type_of(const journey_window_side *side, int attribute)
{
	return TupleDescAttr(side->source->desc, attribute - 1)->atttypid;
}

static int
attribute_required(const journey_window_side *side, const char *name)
{
	int			attribute = journey_source_attribute(side->source, name, false);

	if (attribute == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("%s has no column \"%s\"", side->argument, name),
				 errdetail("Its columns are: %s.", journey_column_list(side->source->desc))));
	return attribute;
}

void
journey_window_find(journey_window_feature *feature, const journey_window_side *side, int place)
{
	Oid			type = type_of(side, attribute_required(side, feature->name));
	column_use	use = use_of(type);

	if (use != (feature->numeric ? USE_NUMBERS : USE_LEVELS))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" of %s is of type %s, it must be %s as in the reference",
						feature->name, side->argument, format_type_be(type),
						use_words(feature->numeric ? USE_NUMBERS : USE_LEVELS)),
				 errhint("Cast the column in the source query.")));
	feature->column[place] =
		journey_source_column(side->source, feature->name,
							  feature->numeric ? JOURNEY_COLUMN_NUMBER :
							  journey_type_is(type, JOURNEY_COLUMN_BOOLEAN) ? JOURNEY_COLUMN_BOOLEAN :
							  JOURNEY_COLUMN_LABEL, true);
}

/* A feature by name, looked up on every side; the first side tells its kind. */
static void
choose_one(journey_window *window, const char *name, const journey_window_side *sides, int side_count)
{
	Oid			type = type_of(&sides[0], attribute_required(&sides[0], name));
	column_use	use = use_of(type);
	int			i;

	if (use == USE_NONE)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" of %s is of type %s, a feature must be a number, text, varchar, an enum or boolean",
						name, sides[0].argument, format_type_be(type)),
				 errhint("Cast the column in the source query.")));
	for (i = 0; i < window->count; i++)
		if (strcmp(window->features[i].name, name) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("array \"features\" names \"%s\" twice", name)));
	journey_window_add(window, name, use == USE_NUMBERS);
	for (i = 0; i < side_count; i++)
		journey_window_find(&window->features[window->count - 1], &sides[i], i);
}

/* Usable columns that every side has. */
static void
choose_all(journey_window *window, const journey_window_side *sides, int side_count)
{
	TupleDesc	desc = sides[0].source->desc;
	int			i;

	journey_window_reserve(window, desc->natts);
	for (i = 0; i < desc->natts; i++)
	{
		char	   *name = NameStr(TupleDescAttr(desc, i)->attname);

		if (use_of(TupleDescAttr(desc, i)->atttypid) != USE_NONE &&
			(side_count == 1 || journey_source_attribute(sides[1].source, name, false) > 0))
			choose_one(window, name, sides, side_count);
	}
	if (window->count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg(side_count == 1 ? "%s has no column that can be a feature" :
						"%s and %s share no column that can be a feature",
						sides[0].argument, sides[side_count - 1].argument),
				 errdetail("Columns of %s are: %s.", sides[0].argument, journey_column_list(desc)),
				 errhint("A feature is a number, text, varchar, an enum or boolean.")));
}

void
journey_window_choose(journey_window *window, ArrayType *names, const journey_window_side *sides, int side_count)
{
	char	  **list = NULL;
	int			count = 0;
	int			i;

	if (names != NULL)
		list = journey_array_cstrings(names, "features", &count);
	if (count == 0)
	{
		choose_all(window, sides, side_count);
		return;
	}
	journey_window_reserve(window, count);
	for (i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		choose_one(window, list[i], sides, side_count);
	}
}

/* ---- rows ---- */

typedef struct window_reader
{
	journey_window *window;
	const journey_window_side *side;
	int			place;
	MemoryContext scratch;
} window_reader;

uint32
journey_window_level(journey_window *window, journey_window_feature *feature, const char *bytes, Size size)
{
	uint32_t	code;

	journey_check(jrn_labels_intern(&feature->labels, bytes, size, &code), window->what);
	if (code == feature->level_count)
	{
		journey_check(jrn_grow_array(&window->env, feature->level_count, &feature->level_capacity,
									 sizeof(journey_level_rows), &feature->levels), window->what);
		memset(&feature->levels[feature->level_count++], 0, sizeof(journey_level_rows));
	}
	return code;
}

static void
take_number(window_reader *reader, journey_window_feature *feature, double value)
{
	int			place = reader->place;

	if (feature->binned != NULL)
	{
		feature->binned[jrn_frozen_bin(feature->cuts, feature->cut_count, value)]++;
		return;
	}
	if (unlikely(feature->count[place] == feature->capacity[place]))
		journey_check(jrn_grow_array(&reader->window->env, feature->count[place], &feature->capacity[place],
									 sizeof(double), &feature->values[place]), reader->window->what);
	feature->values[place][feature->count[place]++] = value + 0.0;	/* no -0 */
}

static void
take_level(window_reader *reader, journey_window_feature *feature, const journey_column *column, Datum value)
{
	const char *bytes;
	Size		size;
	uint32		code;

	if (column->kind == JOURNEY_COLUMN_BOOLEAN)
	{
		bytes = DatumGetBool(value) ? "true" : "false";
		size = strlen(bytes);
	}
	else
		journey_column_label(column, value, &bytes, &size);
	code = journey_window_level(reader->window, feature, bytes, size);	/* may move the levels */
	feature->levels[code].rows[reader->place]++;
}

static void
take_row(void *arg, TupleTableSlot *slot)
{
	window_reader *reader = arg;
	journey_window *window = reader->window;
	MemoryContext old = MemoryContextSwitchTo(reader->scratch);
	int			i;

	if (window->rows[reader->place]++ % ROWS_A_RESET == 0)
		MemoryContextReset(reader->scratch);
	for (i = 0; i < window->count; i++)
	{
		journey_window_feature *feature = &window->features[i];
		const journey_column *column = &feature->column[reader->place];

		if (journey_column_is_null(column, slot))
			feature->nulls[reader->place]++;
		else if (feature->numeric)
			take_number(reader, feature, journey_column_number(column, journey_column_datum(column, slot),
															   reader->side->source->rows));
		else
			take_level(reader, feature, column, journey_column_datum(column, slot));
	}
	MemoryContextSwitchTo(old);
}

/* R-PFW-3 */
static void
name_the_side(void *arg)
{
	errcontext("reading %s", ((const journey_window_side *) arg)->argument);
}

void
journey_window_read(journey_window *window, const journey_window_side *side, int place)
{
	window_reader reader;
	ErrorContextCallback context;

	reader.window = window;
	reader.side = side;
	reader.place = place;
	reader.scratch = AllocSetContextCreate(window->context, "journey feature window row", ALLOCSET_DEFAULT_SIZES);
	context.callback = name_the_side;
	context.arg = unconstify(journey_window_side *, side);
	context.previous = error_context_stack;
	error_context_stack = &context;
	journey_source_run(side->source, take_row, &reader);
	error_context_stack = context.previous;
	MemoryContextDelete(reader.scratch);
}

int64_t *
journey_window_counts(const journey_window_feature *feature, int place)
{
	int64_t    *counts = palloc_extended(sizeof(int64_t) * Max(feature->level_count, 1), MCXT_ALLOC_HUGE);
	size_t		i;

	for (i = 0; i < feature->level_count; i++)
		counts[i] = feature->levels[i].rows[place];
	return counts;
}
