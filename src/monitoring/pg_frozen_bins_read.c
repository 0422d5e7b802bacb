/*
 * pg_frozen_bins_read.c
 *		Stored bins, read and checked (see pg_frozen_bins.h).
 */
#include "pg_frozen_bins.h"

#include <math.h>

#include "utils/memutils.h"

#include "../core/sort.h"
#include "frozen_bins.h"

#define MAX_N 9007199254740992.0

typedef struct bin_row
{
	const char *feature;
	int			bin;
	double		upper;			/* NaN: NULL */
	const char *label;			/* NULL: NULL */
	int64		n;
} bin_row;

typedef struct bins_reader
{
	journey_source *source;
	const char *argument;
	MemoryContext context;
	jrn_env		env;
	journey_column feature;
	journey_column bin;
	journey_column upper;
	journey_column label;
	journey_column n;
	bin_row    *rows;
	size_t		count;
	size_t		capacity;
} bins_reader;

#define BIN_BEFORE(ctx, x, y) \
	(strcmp((x).feature, (y).feature) < 0 || (strcmp((x).feature, (y).feature) == 0 && (x).bin < (y).bin))
JRN_SORT_DEFINE(sort_bins, bin_row, int, BIN_BEFORE)

static void
refuse(const char *argument, const char *feature, const char *why)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s holds no valid bins of feature \"%s\": %s", argument, feature, why),
			 errhint("Store the rows of journey.reference_bins() as they are.")));
}

static const char *
label_text(bins_reader *reader, const journey_column *column, const TupleTableSlot *slot)
{
	const char *bytes;
	Size		size;
	char	   *copy;

	journey_column_label(column, journey_column_datum(column, slot), &bytes, &size);
	copy = MemoryContextAlloc(reader->context, size + 1);
	memcpy(copy, bytes, size);
	copy[size] = '\0';
	return copy;
}

static void
take_bin(void *arg, TupleTableSlot *slot)
{
	bins_reader *reader = arg;
	int64		row = reader->source->rows;
	double		bin;
	double		n;
	bin_row    *taken;

	journey_check(jrn_grow_array(&reader->env, reader->count, &reader->capacity, sizeof(bin_row), &reader->rows),
				  "stored bins");
	taken = &reader->rows[reader->count++];
	journey_column_refuse_null(&reader->feature, slot, row);
	taken->feature = label_text(reader, &reader->feature, slot);
	bin = journey_column_number_required(&reader->bin, slot, row);
	if (bin != floor(bin) || bin < 0.0 || bin > JRN_FROZEN_MAX_BINS + 1)
		refuse(reader->argument, taken->feature, psprintf("bin is %g", bin));
	taken->bin = (int) bin;
	taken->upper = journey_column_is_null(&reader->upper, slot) ? NAN :
		journey_column_number(&reader->upper, journey_column_datum(&reader->upper, slot), row);
	taken->label = journey_column_is_null(&reader->label, slot) ? NULL : label_text(reader, &reader->label, slot);
	n = journey_column_number_required(&reader->n, slot, row);
	if (n != floor(n) || n < 0.0 || n > MAX_N)
		refuse(reader->argument, taken->feature, psprintf("n of bin %d is %g", taken->bin, n));
	taken->n = (int64) n;
}

/* ---- from rows to features ---- */

/* One more bin of a feature, which must go on where it stopped. */
static void
add_bin(const char *argument, journey_frozen_feature *feature, const bin_row *row, bool last)
{
	int			i = feature->count;

	if (row->bin != i + 1)
		refuse(argument, feature->name, row->bin <= i ? psprintf("bin %d is there twice", row->bin) :
			   psprintf("bin %d is missing", i + 1));
	if (i == 0)
		feature->numeric = row->label == NULL;
	if ((row->label == NULL) != feature->numeric || (row->label != NULL && !isnan(row->upper)))
		refuse(argument, feature->name, psprintf("bin %d has to have either upper or label, as the others", row->bin));
	if (feature->numeric)
	{
		if (isnan(row->upper) != last)
			refuse(argument, feature->name, psprintf("upper of bin %d is %s", row->bin,
													 last ? "not null in the last bin" : "null before the last bin"));
		if (i > 0 && !last && !(row->upper > feature->uppers[i - 1]))
			refuse(argument, feature->name, psprintf("upper of bin %d is not above the one before", row->bin));
		feature->uppers[i] = row->upper + 0.0;
	}
	else
	{
		if (strcmp(row->label, JOURNEY_OTHER_LABEL) == 0)
			feature->other = i;
		feature->labels[i] = row->label;
	}
	feature->n[i] = row->n;
	feature->count++;
}

/* The rows [from, to) of one feature. */
static void
make_feature(const char *argument, journey_frozen_feature *feature, const bin_row *rows, size_t from, size_t to)
{
	Size		bins = (Size) (to - from) + 1;
	size_t		i = from;

	feature->name = rows[from].feature;
	feature->uppers = palloc(sizeof(double) * bins);
	feature->labels = palloc(sizeof(char *) * bins);
	feature->n = palloc0(sizeof(int64) * (bins + 1));
	feature->other = -1;
	if (rows[i].bin == 0)
	{
		if (!isnan(rows[i].upper) || rows[i].label != NULL)
			refuse(argument, feature->name, "bin 0 counts nulls and has neither upper nor label");
		feature->nulls = rows[i++].n;
	}
	if (i == to)
		refuse(argument, feature->name, "there is no bin from 1");
	for (; i < to; i++)
		add_bin(argument, feature, &rows[i], i + 1 == to);
	if (feature->other < 0)
		feature->other = feature->count;
}

static journey_frozen_feature *
make_features(bins_reader *reader, int *count)
{
	journey_frozen_feature *features = palloc0(sizeof(journey_frozen_feature) * reader->count);
	size_t		from;
	size_t		to;

	*count = 0;
	for (from = 0; from < reader->count; from = to)
	{
		CHECK_FOR_INTERRUPTS();
		for (to = from + 1; to < reader->count && strcmp(reader->rows[to].feature, reader->rows[from].feature) == 0;)
			to++;
		make_feature(reader->argument, &features[(*count)++], reader->rows, from, to);
	}
	return features;
}

journey_frozen_feature *
journey_frozen_bins_read(const char *query, const char *argument, MemoryContext context, int *count)
{
	journey_frozen_feature *features;
	bins_reader reader;
	MemoryContext old;

	memset(&reader, 0, sizeof(reader));
	reader.argument = argument;
	reader.context = context;
	reader.env = journey_host_env(context);
	reader.source = journey_source_open(query);
	reader.feature = journey_source_column(reader.source, "feature", JOURNEY_COLUMN_LABEL, true);
	reader.bin = journey_source_column(reader.source, "bin", JOURNEY_COLUMN_NUMBER, true);
	reader.upper = journey_source_column(reader.source, "upper", JOURNEY_COLUMN_NUMBER, true);
	reader.label = journey_source_column(reader.source, "label", JOURNEY_COLUMN_LABEL, true);
	reader.n = journey_source_column(reader.source, "n", JOURNEY_COLUMN_NUMBER, true);
	journey_source_run(reader.source, take_bin, &reader);
	journey_source_close(reader.source);
	if (reader.count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s has no rows", argument),
				 errhint("Pass a query over stored rows of journey.reference_bins().")));
	journey_check(sort_bins(&reader.env, reader.rows, reader.count, 0), "stored bins");
	old = MemoryContextSwitchTo(context);
	features = make_features(&reader, count);
	MemoryContextSwitchTo(old);
	return features;
}
