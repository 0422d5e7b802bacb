/*
 * server.c
 *		The server functions that decoders of states call (see server.h).
 */
#include "server.h"

#include <setjmp.h>

#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "fuzz.h"

#undef vsnprintf

/* ---- errors ---- */

static jmp_buf on_error;
static int	error_code;

bool
errstart(int elevel, const char *domain)
{
	error_code = ERRCODE_INTERNAL_ERROR;
	return elevel >= ERROR;
}

bool
errstart_cold(int elevel, const char *domain)
{
	return errstart(elevel, domain);
}

void
errfinish(const char *filename, int lineno, const char *funcname)
{
	longjmp(on_error, 1);
}

int
errcode(int sqlerrcode)
{
	error_code = sqlerrcode;
	return 0;
}

/* The text is made, so that a wrong argument of it is seen. */
static int
said(const char *format, va_list args)
{
	char		text[1024];

	MUST(vsnprintf(text, sizeof(text), format, args) > 0);
	return 0;
}

int
errmsg(const char *fmt,...)
{
	va_list		args;

	va_start(args, fmt);
	(void) said(fmt, args);
	va_end(args);
	return 0;
}

int
errhint(const char *fmt,...)
{
	va_list		args;

	va_start(args, fmt);
	(void) said(fmt, args);
	va_end(args);
	return 0;
}

int
errdetail(const char *fmt,...)
{
	va_list		args;

	va_start(args, fmt);
	(void) said(fmt, args);
	va_end(args);
	return 0;
}

/* ---- memory ---- */

MemoryContext CurrentMemoryContext;
static int	the_context;

static void *
allocate(Size size, bool zeroed)
{
	jrn_env		env = fuzz_host();
	void	   *pointer = env.alloc(env.host, size);

	if (pointer == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	if (zeroed)
		memset(pointer, 0, size);
	return pointer;
}

static void *
allocate_ordinary(Size size, bool zeroed)
{
	MUST(AllocSizeIsValid(size));	/* the server would raise XX000 */
	return allocate(size, zeroed);
}

void *
palloc(Size size)
{
	return allocate_ordinary(size, false);
}

void *
palloc0(Size size)
{
	return allocate_ordinary(size, true);
}

void *
MemoryContextAlloc(MemoryContext context, Size size)
{
	return allocate_ordinary(size, false);
}

void *
MemoryContextAllocZero(MemoryContext context, Size size)
{
	return allocate_ordinary(size, true);
}

void *
MemoryContextAllocHuge(MemoryContext context, Size size)
{
	return allocate(size, false);
}

void *
MemoryContextAllocExtended(MemoryContext context, Size size, int flags)
{
	jrn_env		env = fuzz_host();
	void	   *pointer;

	MUST((flags & MCXT_ALLOC_HUGE) != 0 || AllocSizeIsValid(size));
	if ((flags & MCXT_ALLOC_NO_OOM) == 0)
		return allocate(size, (flags & MCXT_ALLOC_ZERO) != 0);
	pointer = env.alloc(env.host, size);
	if (pointer != NULL && (flags & MCXT_ALLOC_ZERO) != 0)
		memset(pointer, 0, size);
	return pointer;
}

/* Blocks know their size; the host keeps it in front of them. */
void *
repalloc_huge(void *pointer, Size size)
{
	jrn_env		env = fuzz_host();
	void	   *moved = allocate(size, false);
	size_t		before = fuzz_size(pointer);

	memcpy(moved, pointer, before < size ? before : size);
	env.release(env.host, pointer);
	return moved;
}

void *
repalloc(void *pointer, Size size)
{
	MUST(AllocSizeIsValid(size));	/* as above */
	return repalloc_huge(pointer, size);
}

void
pfree(void *pointer)
{
	jrn_env		env = fuzz_host();

	env.release(env.host, pointer);
}

/* ---- interrupts ---- */

volatile sig_atomic_t InterruptPending;
volatile sig_atomic_t QueryCancelPending;
volatile sig_atomic_t ProcDiePending;

/* Each look at it is a tick of the host. */
void
ProcessInterrupts(void)
{
	jrn_env		env = fuzz_host();

	if (env.tick(env.host) != 0)
		ereport(ERROR, (errcode(ERRCODE_QUERY_CANCELED), errmsg("canceled")));
}

/* ---- messages ---- */

void
initStringInfo(StringInfo str)
{
	str->maxlen = 1024;
	str->data = palloc(1024);
	resetStringInfo(str);
}

void
resetStringInfo(StringInfo str)
{
	str->data[0] = '\0';
	str->len = 0;
	str->cursor = 0;
}

void
enlargeStringInfo(StringInfo str, int needed)
{
	Size		room = (Size) str->maxlen;

	MUST(needed >= 0 && (Size) needed < MaxAllocSize - (Size) str->len);
	while (room < (Size) str->len + (Size) needed + 1)
		room *= 2;
	room = Min(room, MaxAllocSize);
	if (room > (Size) str->maxlen)
		str->data = repalloc(str->data, room);
	str->maxlen = (int) room;
}

/* R-FUZZ-1: a decoder knows what is there before it reads. */
const char *
pq_getmsgbytes(StringInfo msg, int datalen)
{
	const char *bytes = msg->data + msg->cursor;

	MUST(datalen >= 0 && datalen <= msg->len - msg->cursor);
	msg->cursor += datalen;
	return bytes;
}

static uint64
get_word(StringInfo msg, int bytes)
{
	const unsigned char *wire = (const unsigned char *) pq_getmsgbytes(msg, bytes);
	uint64		word = 0;

	while (bytes-- > 0)
		word = word << 8 | *wire++;
	return word;
}

int
pq_getmsgbyte(StringInfo msg)
{
	return (int) get_word(msg, 1);
}

unsigned int
pq_getmsgint(StringInfo msg, int b)
{
	return (unsigned int) get_word(msg, b);
}

int64
pq_getmsgint64(StringInfo msg)
{
	return (int64) get_word(msg, 8);
}

float8
pq_getmsgfloat8(StringInfo msg)
{
	uint64		bits = get_word(msg, 8);
	float8		value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

void
pq_getmsgend(StringInfo msg)
{
	MUST(msg->cursor == msg->len);
}

void
pq_sendfloat8(StringInfo buf, float8 f)
{
	uint64		bits;

	memcpy(&bits, &f, sizeof(bits));
	pq_sendint64(buf, bits);
}

void
pq_begintypsend(StringInfo buf)
{
	initStringInfo(buf);
	buf->len = VARHDRSZ;
}

bytea *
pq_endtypsend(StringInfo buf)
{
	SET_VARSIZE(buf->data, buf->len);
	return (bytea *) buf->data;
}

/* ---- calls ---- */

struct varlena *
pg_detoast_datum_packed(struct varlena *datum)
{
	return datum;
}

struct varlena *
pg_detoast_datum(struct varlena *datum)
{
	return datum;
}

int
AggCheckCallContext(FunctionCallInfo fcinfo, MemoryContext *aggcontext)
{
	if (aggcontext != NULL)
		*aggcontext = CurrentMemoryContext;
	return AGG_CONTEXT_AGGREGATE;
}

text *
cstring_to_text_with_len(const char *s, int len)
{
	text	   *value = palloc(VARHDRSZ + (Size) len);

	SET_VARSIZE(value, VARHDRSZ + len);
	if (len > 0)
		memcpy(VARDATA(value), s, (size_t) len);
	return value;
}

/* Of what messages tell only that it is a text matters here. */
char *
float8out_internal(double num)
{
	return memcpy(palloc0(8), "number", 6);
}

char *
pnstrdup(const char *in, Size len)
{
	char	   *copy = palloc0(len + 1);

	return len > 0 ? memcpy(copy, in, len) : copy;
}

bytea *
server_bytea(const unsigned char *bytes, size_t size)
{
	jrn_env		env = fuzz_host();
	bytea	   *value = env.alloc(env.host, VARHDRSZ + size);

	if (value == NULL)
		return NULL;
	SET_VARSIZE(value, VARHDRSZ + size);
	if (size > 0)
		memcpy(VARDATA(value), bytes, size);
	return value;
}

bool
server_by_host(int code)
{
	return code == ERRCODE_OUT_OF_MEMORY || code == ERRCODE_QUERY_CANCELED;
}

int
server_call(PGFunction function, int arguments, void *first, void *second, void **result)
{
	LOCAL_FCINFO(fcinfo, 2);
	FmgrInfo	info;

	MemSet(&info, 0, sizeof(info));
	CurrentMemoryContext = (MemoryContext) &the_context;
	InterruptPending = true;
	InitFunctionCallInfoData(*fcinfo, &info, (short) arguments, InvalidOid, NULL, NULL);
	fcinfo->args[0].value = PointerGetDatum(first);
	fcinfo->args[0].isnull = first == NULL;
	fcinfo->args[1].value = PointerGetDatum(second);
	fcinfo->args[1].isnull = second == NULL;
	if (setjmp(on_error) != 0)
	{
		MUST(error_code != ERRCODE_INTERNAL_ERROR);
		return error_code;
	}
	*result = DatumGetPointer(function(fcinfo));
	return 0;
}
