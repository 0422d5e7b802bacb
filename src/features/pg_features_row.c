/*
 * pg_features_row.c
 *		Columns of journey.journey_features (see pg_features_row.h).
 *
 * The arrays are written byte by byte as the server lays them out, because
 * construct_array() would copy every touchpoint twice for each of half a
 * million rows.
 */
#include "pg_features_row.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/memutils.h"

#define ARRAY_HEADER ((Size) ARR_OVERHEAD_NONULLS(1))

void
journey_features_writer_init(journey_features_writer *writer, MemoryContext context)
{
	memset(writer, 0, sizeof(*writer));
	writer->context = context;
}

char *
journey_array_header(void *array, Size size, Oid element_type, int count)
{
	ArrayType  *header = array;

	memset(header, 0, ARRAY_HEADER);
	SET_VARSIZE(header, size);
	header->ndim = 1;
	header->dataoffset = 0;
	header->elemtype = element_type;
	ARR_DIMS(header)[0] = count;
	ARR_LBOUND(header)[0] = 1;
	return ARR_DATA_PTR(header);
}

/* A buffer of at least size bytes whose content need not survive. */
static void
reserve(journey_features_writer *writer, char **buffer, Size *capacity, Size size)
{
	if (size <= *capacity)
		return;
	if (!AllocSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the touchpoints of one journey take %zu bytes, which is more than an array can hold",
						size)));
	if (*buffer != NULL)
		pfree(*buffer);
	*buffer = NULL;
	*capacity = 0;
	size = Max(size, Min(2 * size, 65536));
	*buffer = MemoryContextAlloc(writer->context, size);
	*capacity = size;
}

static Datum
touchpoints_array(journey_features_writer *writer, const jrn_features *features,
				  const text *const *texts)
{
	Size		size = ARRAY_HEADER;
	char	   *place;
	int64		i;

	for (i = 0; i < features->n_touchpoints; i++)
		size += journey_element_size(texts[features->labels[i]]);
	reserve(writer, &writer->touchpoints, &writer->touchpoints_capacity, size);
	place = journey_array_header(writer->touchpoints, size, TEXTOID,
								 (int) features->n_touchpoints);
	for (i = 0; i < features->n_touchpoints; i++)
		place = journey_element_put(place, texts[features->labels[i]]);
	return PointerGetDatum(writer->touchpoints);
}

/* Counts fit 32 bits because a journey does (JRN_MAX_JOURNEY_EVENTS). */
static Datum
counts_array(journey_features_writer *writer, const jrn_features *features)
{
	Size		bytes = (Size) features->n_touchpoints * sizeof(int32);
	char	   *place;

	reserve(writer, &writer->counts, &writer->counts_capacity, ARRAY_HEADER + bytes);
	place = journey_array_header(writer->counts, ARRAY_HEADER + bytes, INT4OID,
								 (int) features->n_touchpoints);
	memcpy(place, features->counts, bytes);
	return PointerGetDatum(writer->counts);
}

void
journey_features_row(journey_features_writer *writer, const jrn_features *features,
					 const text *const *texts, Datum *values, bool *isnull)
{
	const double *figure;
	int			c = 0;
	int			i;
	const double figures[] = {
		features->mean_gap_seconds, features->median_gap_seconds,
		features->max_gap_seconds, features->burstiness,
		features->memory_coefficient, features->local_variation,
		features->seconds_since_last, features->value_sum,
		features->value_mean, features->value_min, features->value_last
	};

	memset(isnull, 0, JOURNEY_FEATURES_COLUMNS * sizeof(bool));
	values[c++] = Int64GetDatum(features->n_events);
	values[c++] = Int64GetDatum(features->n_touchpoints);
	values[c++] = PointerGetDatum(texts[features->first_label]);
	values[c++] = PointerGetDatum(texts[features->last_label]);
	values[c++] = Int64GetDatum(features->first_at);
	values[c++] = Int64GetDatum(features->last_at);
	values[c++] = Float8GetDatum(features->duration_seconds);
	values[c++] = Int64GetDatum(features->active_days);
	values[c++] = Int64GetDatum(features->n_transitions);
	values[c++] = Int64GetDatum(features->n_self_loops);
	values[c++] = Int64GetDatum(features->n_repeats);
	values[c++] = Int64GetDatum(features->n_ping_pongs);
	values[c++] = Float8GetDatum(features->entropy);
	values[c++] = Float8GetDatum(features->complexity);
	values[c++] = Float8GetDatum(features->turbulence);
	values[c++] = Float8GetDatum(features->volatility);
	values[c++] = Int32GetDatum((int32) features->lempel_ziv);
	for (i = 0, figure = figures; i < (int) lengthof(figures); i++, figure++, c++)
	{
		isnull[c] = isnan(*figure);
		values[c] = isnull[c] ? (Datum) 0 : Float8GetDatum(*figure);
	}
	values[c++] = touchpoints_array(writer, features, texts);
	values[c++] = counts_array(writer, features);
	Assert(c == JOURNEY_FEATURES_COLUMNS);
}
