/*
 * pg_predictor.h
 *		A model made ready for many rows, kept with the call site.
 *
 * R-PPR-1	A prediction depends on the arguments of its row only: the cache is
 *			keyed by all bytes of the model (a toasted model: by its toast
 *			pointer, which names one stored value) and by the identity of the
 *			row type, which changes when the type is altered.
 * R-PPR-2	A few models stay ready, so that rows joined with several models do
 *			not parse them again and again.
 * R-PPR-3	NULL in a feature that has a mean counts as that mean.
 * R-PPR-4	A row of plain numbers without NULLs is read where they lie; when
 *			the sum is not finite it is read again, to say which column it was.
 */
#ifndef JOURNEY_PG_PREDICTOR_H
#define JOURNEY_PG_PREDICTOR_H

#include "../pg/compat.h"
#include "access/tupdesc.h"

#include "../pg/source.h"
#include "pg_model.h"
#include "predict.h"

/* How many models a call site keeps ready. */
#define JOURNEY_PREDICTORS 8

/* Where a number lies in every row of a type that has no NULL. */
typedef struct journey_direct
{
	uint32		offset;			/* from the first byte of data */
	Oid			type;
} journey_direct;

typedef struct journey_predictor
{
	MemoryContext context;		/* of everything below */
	char	   *raw;			/* the model's bytes as they arrived */
	Size		raw_size;
	jrn_predictor core;
	journey_encoding encoding;
	char	  **terms;			/* as the model names them */
	int			first_term;		/* the place of the one that core counts as 1 */
	int			term_count;
	jrn_level **levels;			/* [features], NULL for those without */
	double	   *features;		/* [features] of the current row, with terms */

	/* the row type last seen */
	uint64		row_identity;	/* 0: none yet */
	Oid			row_type;
	int32		row_typmod;
	TupleDesc	row_desc;
	struct TypeCacheEntry *row_entry;	/* of a named type, else NULL */
	MemoryContext row_context;
	journey_direct *direct;		/* [features] numbers at fixed places, or NULL */
	journey_column *columns;	/* [features], then the offset if there is one */
	Datum	   *values;			/* [row_desc->natts] */
	bool	   *nulls;
} journey_predictor;

/* The predictor of the model in an argument; 22023 when it cannot predict. */
extern journey_predictor *journey_predictor_of(FunctionCallInfo fcinfo, int number);

/* A link or a response as it is; 22003 when it is not finite. */
extern double journey_finite_link(double link);

/* Link of an array of one value per term after the intercept. */
extern double journey_predict_array(journey_predictor *predictor, ArrayType *x);

/*
 * Link of a row whose columns are found by name.  reference: a level that the
 * model has not seen counts as the first one instead of being an error.
 * parts: NULL, or zeroed room for core.terms + 1 summands, the offset last;
 * added from the first to the last they give the same bits.
 */
extern double journey_predict_row(journey_predictor *predictor, HeapTupleHeader row,
								  bool reference, double *parts);

/* Response of a link; 22003 when it overflows. */
extern double journey_predict_response(const journey_predictor *predictor, double link);

#endif							/* JOURNEY_PG_PREDICTOR_H */
