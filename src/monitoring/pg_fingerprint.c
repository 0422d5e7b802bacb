/*
 * pg_fingerprint.c
 *		data_fingerprint: canonical bytes of rows, and their sum
 *		(fingerprint.h).
 *
 * The bytes of a row: for every column that is not dropped its number from 1
 * (4 bytes), 0 for a NULL, or 1 with the length (4 bytes) and the bytes that
 * the binary send function of its type gives.  Whole numbers are big-endian.
 *
 * Serialized form, big-endian: uint16 magic | uint16 version | uint64 high |
 * uint64 low | uint64 rows.
 *
 * R-PFP-1	Nothing of a session counts: send functions know no DateStyle,
 *			TimeZone or extra_float_digits, and text is sent in the encoding of
 *			the database, whatever the client asked for (workers know none).
 * R-PFP-2	-0 and 0 are equal, and so are all NaN, in columns of type real and
 *			double precision.
 * R-PFP-3	A type without a send function is an error (0A000) that names it.
 * R-PFP-4	A NULL instead of a row counts as a row of its own kind.
 */
#include "../pg/compat.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "../pg/aggregate.h"
#include "../pg/host.h"
#include "fingerprint.h"

#define WIRE_MAGIC 0x4A46
#define WIRE_VERSION 1
#define WIRE_SIZE 28

/* How the bytes of a column are made. */
typedef enum column_form
{
	FORM_SEND,					/* by its send function */
	FORM_BYTES,					/* text and bytea: as they are */
	FORM_BOOL,
	FORM_INT2,
	FORM_INT4,					/* date too */
	FORM_INT8,					/* times too */
	FORM_FLOAT4,
	FORM_FLOAT8
} column_form;

typedef struct row_column
{
	int			attribute;		/* place in the row type */
	column_form form;
	FmgrInfo	send;			/* for FORM_SEND */
} row_column;

typedef struct fingerprint_state
{
	jrn_fingerprint sum;
	StringInfoData bytes;		/* of one row; data NULL before the first */
	/* the row type of the last row */
	Oid			type;			/* InvalidOid: none yet */
	int32		typmod;
	TupleDesc	desc;
	int			count;
	row_column *columns;
	bool		sends_text;		/* a send function might look at the client's encoding */
	Datum	   *values;
	bool	   *nulls;
	MemoryContext row_context;	/* of all these */
} fingerprint_state;

/* ---- row types ---- */

static column_form
form_of(Oid base)
{
	switch (base)
	{
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
		case BYTEAOID:
			return FORM_BYTES;
		case BOOLOID:
			return FORM_BOOL;
		case INT2OID:
			return FORM_INT2;
		case INT4OID:
		case DATEOID:
			return FORM_INT4;
		case INT8OID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
		case TIMEOID:
			return FORM_INT8;
		case FLOAT4OID:
			return FORM_FLOAT4;
		case FLOAT8OID:
			return FORM_FLOAT8;
		default:
			return FORM_SEND;
	}
}

/* R-PFP-3; looks through arrays, whose send function exists in any case. */
static Oid
send_function(Oid type, const char *column)
{
	HeapTuple	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	Oid			send = HeapTupleIsValid(tuple) ? ((Form_pg_type) GETSTRUCT(tuple))->typsend : InvalidOid;
	Oid			element = get_element_type(type);

	if (HeapTupleIsValid(tuple))
		ReleaseSysCache(tuple);
	if (!OidIsValid(send))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("column \"%s\" is of type %s, which has no binary output function", column, format_type_be(type)),
				 errhint("Leave the column out, or cast it to text.")));
	if (OidIsValid(element))
		(void) send_function(getBaseType(element), column);
	return send;
}

/* Remember how rows of this type are written; O(columns), once per row type. */
static void
learn_type(MemoryContext context, fingerprint_state *state, Oid type, int32 typmod)
{
	MemoryContext old;
	int			i;

	if (state->row_context != NULL)
		MemoryContextDelete(state->row_context);
	state->type = InvalidOid;
	state->row_context = AllocSetContextCreate(context, "journey row type", ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(state->row_context);
	state->desc = lookup_rowtype_tupdesc_copy(type, typmod);
	state->columns = palloc0(((Size) state->desc->natts + 1) * sizeof(row_column));
	state->values = palloc(((Size) state->desc->natts + 1) * sizeof(Datum));
	state->nulls = palloc(((Size) state->desc->natts + 1) * sizeof(bool));
	state->count = 0;
	state->sends_text = false;
	for (i = 0; i < state->desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(state->desc, i);
		row_column *column = &state->columns[state->count];
		Oid			base;

		if (attribute->attisdropped)
			continue;
		base = getBaseType(attribute->atttypid);
		column->attribute = i;
		column->form = form_of(base);
		if (column->form == FORM_SEND)
		{
			fmgr_info_cxt(send_function(base, NameStr(attribute->attname)), &column->send, state->row_context);
			state->sends_text = true;
		}
		state->count++;
	}
	MemoryContextSwitchTo(old);
	state->type = type;
	state->typmod = typmod;
}

/* ---- the bytes of a row ---- */

static void
put_sized(StringInfo bytes, const void *data, Size size)
{
	pq_sendint32(bytes, (uint32) size);
	appendBinaryStringInfo(bytes, data, (int) size);
}

static void
put_varlena(StringInfo bytes, struct varlena *value)
{
	put_sized(bytes, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

static void
put_value(StringInfo bytes, row_column *column, Datum value)
{
	switch (column->form)
	{
		case FORM_SEND:
			put_varlena(bytes, (struct varlena *) SendFunctionCall(&column->send, value));
			break;
		case FORM_BYTES:
			put_varlena(bytes, PG_DETOAST_DATUM_PACKED(value));
			break;
		case FORM_BOOL:
			pq_sendint32(bytes, 1);
			pq_sendint8(bytes, DatumGetBool(value) ? 1 : 0);
			break;
		case FORM_INT2:
			pq_sendint32(bytes, 2);
			pq_sendint16(bytes, (uint16) DatumGetInt16(value));
			break;
		case FORM_INT4:
			pq_sendint32(bytes, 4);
			pq_sendint32(bytes, (uint32) DatumGetInt32(value));
			break;
		case FORM_INT8:
			pq_sendint32(bytes, 8);
			pq_sendint64(bytes, (uint64) DatumGetInt64(value));
			break;
		case FORM_FLOAT4:
			pq_sendint32(bytes, 4);
			/* R-PFP-2: + 0 makes 0 of -0 */
			pq_sendfloat4(bytes, isnan(DatumGetFloat4(value)) ? (float4) NAN : DatumGetFloat4(value) + 0.0f);
			break;
		case FORM_FLOAT8:
			pq_sendint32(bytes, 8);
			pq_sendfloat8(bytes, isnan(DatumGetFloat8(value)) ? (float8) NAN : DatumGetFloat8(value) + 0.0);
			break;
	}
}

static void
put_columns(fingerprint_state *state)
{
	int			i;

	for (i = 0; i < state->count; i++)
	{
		row_column *column = &state->columns[i];
		bool		null = state->nulls[column->attribute];

		pq_sendint32(&state->bytes, (uint32) i + 1);
		pq_sendint8(&state->bytes, null ? 0 : 1);
		if (!null)
			put_value(&state->bytes, column, state->values[column->attribute]);
	}
}

/* R-PFP-1: the same while the client is taken to speak the database's encoding. */
static void
put_columns_unconverted(fingerprint_state *state)
{
	int			client = pg_get_client_encoding();

	if (!state->sends_text || client == GetDatabaseEncoding())
	{
		put_columns(state);
		return;
	}
	PG_TRY();
	{
		SetClientEncoding(GetDatabaseEncoding());
		put_columns(state);
	}
	PG_FINALLY();
	{
		SetClientEncoding(client);
	}
	PG_END_TRY();
}

static void
add_row(MemoryContext context, fingerprint_state *state, HeapTupleHeader row)
{
	Oid			type = HeapTupleHeaderGetTypeId(row);
	int32		typmod = HeapTupleHeaderGetTypMod(row);
	HeapTupleData tuple;

	if (unlikely(type != state->type || typmod != state->typmod))
		learn_type(context, state, type, typmod);
	tuple.t_len = HeapTupleHeaderGetDatumLength(row);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = row;
	heap_deform_tuple(&tuple, state->desc, state->values, state->nulls);
	resetStringInfo(&state->bytes);
	put_columns_unconverted(state);
	jrn_fingerprint_add(&state->sum, state->bytes.data, (size_t) state->bytes.len);
}

/* ---- the aggregate ---- */

static fingerprint_state *
new_state(MemoryContext context)
{
	return MemoryContextAllocZero(context, sizeof(fingerprint_state));
}

static fingerprint_state *
state_or_new(FunctionCallInfo fcinfo, MemoryContext context)
{
	return PG_ARGISNULL(0) ? new_state(context) : (fingerprint_state *) PG_GETARG_POINTER(0);
}

PG_FUNCTION_INFO_V1(journey_fingerprint_add);
Datum
journey_fingerprint_add(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);
	fingerprint_state *state = state_or_new(fcinfo, context);

	if (state->bytes.data == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(context);

		initStringInfo(&state->bytes);
		MemoryContextSwitchTo(old);
	}
	if (PG_ARGISNULL(1))
		jrn_fingerprint_add(&state->sum, "\377", 1);	/* R-PFP-4: no row begins so */
	else
		add_row(context, state, PG_GETARG_HEAPTUPLEHEADER(1));
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(journey_fingerprint_combine);
Datum
journey_fingerprint_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);
	fingerprint_state *state;

	JOURNEY_AGG_SKIP_NULL();
	state = state_or_new(fcinfo, context);
	jrn_fingerprint_merge(&state->sum, &((const fingerprint_state *) PG_GETARG_POINTER(1))->sum);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(journey_fingerprint_serialize);
Datum
journey_fingerprint_serialize(PG_FUNCTION_ARGS)
{
	const fingerprint_state *state;
	StringInfoData buffer;

	(void) journey_agg_context(fcinfo);
	state = (const fingerprint_state *) PG_GETARG_POINTER(0);
	pq_begintypsend(&buffer);
	pq_sendint16(&buffer, WIRE_MAGIC);
	pq_sendint16(&buffer, WIRE_VERSION);
	pq_sendint64(&buffer, state->sum.high);
	pq_sendint64(&buffer, state->sum.low);
	pq_sendint64(&buffer, state->sum.rows);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

PG_FUNCTION_INFO_V1(journey_fingerprint_deserialize);
Datum
journey_fingerprint_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *bytes;
	StringInfoData buffer;
	fingerprint_state *state;

	(void) journey_agg_context(fcinfo);
	bytes = PG_GETARG_BYTEA_PP(0);
	buffer.data = VARDATA_ANY(bytes);
	buffer.len = buffer.maxlen = VARSIZE_ANY_EXHDR(bytes);
	buffer.cursor = 0;
	if (buffer.len != WIRE_SIZE || pq_getmsgint(&buffer, 2) != WIRE_MAGIC ||
		pq_getmsgint(&buffer, 2) != WIRE_VERSION)
		journey_check(JRN_CORRUPT, "a fingerprint");
	state = new_state(CurrentMemoryContext);
	state->sum.high = (uint64) pq_getmsgint64(&buffer);
	state->sum.low = (uint64) pq_getmsgint64(&buffer);
	state->sum.rows = (uint64) pq_getmsgint64(&buffer);
	pq_getmsgend(&buffer);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(journey_fingerprint_final);
Datum
journey_fingerprint_final(PG_FUNCTION_ARGS)
{
	static const jrn_fingerprint none = {0, 0, 0};
	char		hex[JRN_FINGERPRINT_TEXT];

	(void) journey_agg_context(fcinfo);
	jrn_fingerprint_text(PG_ARGISNULL(0) ? &none : &((const fingerprint_state *) PG_GETARG_POINTER(0))->sum, hex);
	PG_RETURN_TEXT_P(cstring_to_text(hex));
}
