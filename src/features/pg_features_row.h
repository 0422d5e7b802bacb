/*
 * pg_features_row.h
 *		A jrn_features struct as the columns of journey.journey_features.
 *
 * Used by features_agg and customer_features; no allocation per row once the
 * buffers have grown.
 */
#ifndef JOURNEY_FEATURES_ROW_H
#define JOURNEY_FEATURES_ROW_H

#include "../pg/compat.h"

#include "features.h"

/* Columns of journey.journey_features. */
#define JOURNEY_FEATURES_COLUMNS 30

/* Reusable memory of the two arrays; initialise with the function below. */
typedef struct journey_features_writer
{
	MemoryContext context;
	char	   *touchpoints;
	Size		touchpoints_capacity;
	char	   *counts;
	Size		counts_capacity;
} journey_features_writer;

extern void journey_features_writer_init(journey_features_writer *writer,
										 MemoryContext context);

/*
 * Fill JOURNEY_FEATURES_COLUMNS values and null flags.  texts[label] is the
 * touchpoint of that label: a text with a four-byte header, uncompressed.
 * Array and text values point into the writer and into texts: they are valid
 * until the next row, which is enough for heap_form_tuple and
 * tuplestore_putvalues.
 */
extern void journey_features_row(journey_features_writer *writer,
								 const jrn_features *features,
								 const text *const *texts,
								 Datum *values, bool *isnull);

/* Bytes of a text with four-byte header as an array element. */
static inline Size
journey_element_size(const text *element)
{
	return INTALIGN(VARSIZE(element));
}

/* Append an element behind place, padding zeroed; returns the next place. */
static inline char *
journey_element_put(char *place, const text *element)
{
	Size		size = VARSIZE(element);

	memcpy(place, element, size);
	memset(place + size, 0, INTALIGN(size) - size);
	return place + INTALIGN(size);
}

/*
 * Header of a one-dimensional array without nulls, of size bytes in all;
 * returns where its elements go.  count is at least 1.
 */
extern char *journey_array_header(void *array, Size size, Oid element_type, int count);

#endif							/* JOURNEY_FEATURES_ROW_H */
