/*
 * keys.c
 *		Canonical bytes of keys (see keys.h).
 */
#include "keys.h"

#include "catalog/pg_enum.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "port/pg_bswap.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/uuid.h"

bool
journey_key_kind_of(Oid type, journey_key_kind *kind)
{
	type = getBaseType(type);
	switch (type)
	{
		case INT2OID:
			*kind = JOURNEY_KEY_INT2;
			return true;
		case INT4OID:
			*kind = JOURNEY_KEY_INT4;
			return true;
		case INT8OID:
			*kind = JOURNEY_KEY_INT8;
			return true;
		case UUIDOID:
			*kind = JOURNEY_KEY_UUID;
			return true;
		case TEXTOID:
		case VARCHAROID:
			*kind = JOURNEY_KEY_TEXT;
			return true;
		case BYTEAOID:
			*kind = JOURNEY_KEY_BYTEA;
			return true;
		default:
			*kind = JOURNEY_KEY_ENUM;
			return type_is_enum(type);
	}
}

journey_key_kind
journey_key_kind_required(Oid type, const char *column)
{
	journey_key_kind kind;

	if (!journey_key_kind_of(type, &kind))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" is of type %s, which cannot be a key",
						column, format_type_be(type)),
				 errhint("Use bigint, integer, uuid or text; cast the column in the source query.")));
	return kind;
}

static void
utf8_of_server(journey_key *key)
{
	char	   *converted;

	if (GetDatabaseEncoding() == PG_UTF8 || GetDatabaseEncoding() == PG_SQL_ASCII)
		return;
	converted = pg_server_to_any(key->bytes, (int) key->size, PG_UTF8);
	if (converted != key->bytes)
	{
		key->bytes = converted;
		key->size = strlen(converted);
	}
}

static void
enum_label(Oid label, journey_key *key)
{
	HeapTuple	tuple = SearchSysCache1(ENUMOID, ObjectIdGetDatum(label));

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid internal value for enum: %u", label)));
	key->bytes = pstrdup(NameStr(((Form_pg_enum) GETSTRUCT(tuple))->enumlabel));
	key->size = strlen(key->bytes);
	ReleaseSysCache(tuple);
}

void
journey_key_read(journey_key_kind kind, Datum value, journey_key *key)
{
	switch (kind)
	{
		case JOURNEY_KEY_INT2:
		case JOURNEY_KEY_INT4:
		case JOURNEY_KEY_INT8:
			key->integer = journey_key_integer(kind, value);
			break;
		case JOURNEY_KEY_UUID:
			key->bytes = (const char *) DatumGetUUIDP(value)->data;
			key->size = UUID_LEN;
			return;
		case JOURNEY_KEY_ENUM:
			enum_label(DatumGetObjectId(value), key);
			utf8_of_server(key);
			return;
		case JOURNEY_KEY_TEXT:
		case JOURNEY_KEY_BYTEA:
			{
				struct varlena *packed = PG_DETOAST_DATUM_PACKED(value);

				key->bytes = VARDATA_ANY(packed);
				key->size = VARSIZE_ANY_EXHDR(packed);
				if (key->size > JOURNEY_MAX_KEY_BYTES)
					ereport(ERROR,
							(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
							 errmsg("a key of %zu bytes is too long", key->size),
							 errdetail("The limit is %d bytes.", JOURNEY_MAX_KEY_BYTES)));
				if (kind == JOURNEY_KEY_TEXT)
					utf8_of_server(key);
				return;
			}
	}
#ifdef WORDS_BIGENDIAN
	key->integer = (int64) pg_bswap64((uint64) key->integer);
#endif
	key->bytes = (const char *) &key->integer;
	key->size = sizeof(int64);
}

static int64
key_integer(const char *bytes)
{
	int64		value;

	memcpy(&value, bytes, sizeof(value));
#ifdef WORDS_BIGENDIAN
	value = (int64) pg_bswap64((uint64) value);
#endif
	return value;
}

static char *
server_text(const char *bytes, Size size, Size *out_size)
{
	char	   *copy = pnstrdup(bytes, size);
	char	   *converted = copy;

	if (GetDatabaseEncoding() != PG_UTF8 && GetDatabaseEncoding() != PG_SQL_ASCII)
		converted = pg_any_to_server(copy, (int) size, PG_UTF8);
	*out_size = converted == copy ? size : strlen(converted);
	return converted;
}

char *
journey_key_text(journey_key_kind kind, const char *bytes, Size size)
{
	Size		unused;

	switch (kind)
	{
		case JOURNEY_KEY_INT2:
		case JOURNEY_KEY_INT4:
		case JOURNEY_KEY_INT8:
			return psprintf(INT64_FORMAT, key_integer(bytes));
		case JOURNEY_KEY_UUID:
			{
				pg_uuid_t	uuid;

				memcpy(uuid.data, bytes, UUID_LEN);
				return DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(&uuid)));
			}
		case JOURNEY_KEY_BYTEA:
			{
				bytea	   *value = (bytea *) palloc(VARHDRSZ + size);

				SET_VARSIZE(value, VARHDRSZ + size);
				memcpy(VARDATA(value), bytes, size);
				return DatumGetCString(DirectFunctionCall1(byteaout, PointerGetDatum(value)));
			}
		default:
			return server_text(bytes, size, &unused);
	}
}

void
journey_key_check_target(journey_key_kind kind, Oid target)
{
	const char *wanted;

	if (target == TEXTOID || target == VARCHAROID)
	{
		if (kind == JOURNEY_KEY_TEXT || kind == JOURNEY_KEY_ENUM)
			return;
	}
	else if (target == INT2OID || target == INT4OID || target == INT8OID)
	{
		if (journey_key_is_integer(kind))
			return;
	}
	else if (target == UUIDOID && kind == JOURNEY_KEY_UUID)
		return;
	wanted = journey_key_is_integer(kind) ? "bigint" : kind == JOURNEY_KEY_UUID ? "uuid" : "text";
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("column \"customer_id\" holds %s keys, but customer_type asks for %s",
					wanted, format_type_be(target)),
			 errhint("Pass customer_type => NULL::%s.", wanted)));
}

Datum
journey_key_datum(journey_key_kind kind, const char *bytes, Size size, Oid target)
{
	if (journey_key_is_integer(kind))
	{
		int64		value = key_integer(bytes);

		if ((target == INT4OID && (value < PG_INT32_MIN || value > PG_INT32_MAX)) ||
			(target == INT2OID && (value < PG_INT16_MIN || value > PG_INT16_MAX)))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("customer_id " INT64_FORMAT " does not fit customer_type %s",
							value, format_type_be(target)),
					 errhint("Pass customer_type => NULL::bigint.")));
		if (target == INT8OID)
			return Int64GetDatum(value);
		return target == INT4OID ? Int32GetDatum((int32) value) : Int16GetDatum((int16) value);
	}
	if (kind == JOURNEY_KEY_UUID)
	{
		pg_uuid_t  *uuid = (pg_uuid_t *) palloc(sizeof(pg_uuid_t));

		memcpy(uuid->data, bytes, UUID_LEN);
		return UUIDPGetDatum(uuid);
	}
	{
		Size		text_size;
		char	   *text_bytes = server_text(bytes, size, &text_size);

		return PointerGetDatum(cstring_to_text_with_len(text_bytes, (int) text_size));
	}
}
