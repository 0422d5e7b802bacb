/*
 * histogram.c
 *		Sums of derivatives by bin.
 *
 * The hot loop of boosting: every row adds its derivatives to one bin of
 * every feature.  Derivatives and the count of rows travel packed, one or two
 * 64-bit numbers a row, and are added to packed sums of at most 65,536 rows,
 * which cannot overflow their fields (28 + 16 bits of g above 17 bits of
 * count; the same for h); those are then unpacked and added to the histogram.
 * Eight features at a time share one word of bins.
 */
#include "grow.h"

#include <string.h>

#define COUNT_BITS 17
#define COUNT_ONE ((int64_t) 1 << COUNT_BITS)
#define BLOCK_ROWS 65536
#define RUN_ROWS 2048

/* Rows whose cache lines are asked for in advance. */
#define AHEAD 24

#if defined(__GNUC__)
#define ALWAYS_INLINE static inline __attribute__((always_inline))
#else
#define ALWAYS_INLINE static inline
#endif

/* Where a run of rows and their bins lie. */
typedef struct run
{
	const uint64_t *bins;		/* the word of the present eight features */
	size_t		words;
	const uint32_t *rows;
	size_t		count;
	const int64_t *derivatives;	/* of this run, in its order */
} run;

ALWAYS_INLINE void
add_single(const run *r, int features, int64_t *const *sums)
{
	size_t		i;
	int			j;

	for (i = 0; i < r->count; i++)
	{
		uint64_t	word = r->bins[(size_t) r->rows[i] * r->words];
		int64_t		d = r->derivatives[i];

		for (j = 0; j < features; j++)
			sums[j][word >> 8 * j & 255] += d;
	}
}

ALWAYS_INLINE void
add_pair(const run *r, int first, int features, int64_t *const *sums)
{
	const jrn_tree_pair *derivatives = (const jrn_tree_pair *) r->derivatives;
	size_t		i;
	int			j;

	for (i = 0; i < r->count; i++)
	{
		uint64_t	word = r->bins[(size_t) r->rows[i] * r->words];
		jrn_tree_pair d = derivatives[i];

		for (j = first; j < features; j++)
			((jrn_tree_pair *) sums[j])[word >> 8 * j & 255] += d;
	}
}

/* Whole words have their loops unrolled; the last one may have fewer features. */
static void
add_run(const run *r, bool single, int features, int64_t *const *sums)
{
	if (single && features == 8)
		add_single(r, 8, sums);
	else if (single)
		add_single(r, features, sums);
	else if (features >= 4)
	{
		/* four histograms of pairs fill half of a small first-level cache */
		add_pair(r, 0, 4, sums);
		if (features == 8)
			add_pair(r, 4, 8, sums);
		else
			add_pair(r, 4, features, sums);
	}
	else
		add_pair(r, 0, features, sums);
}

/* Add the packed sums of a block to a histogram and clear them. */
static void
unpack(const jrn_tree_round *round, jrn_tree_sums *histogram)
{
	size_t		i;

	for (i = 0; i < round->bins; i++)
	{
		int64_t		first = round->block[round->unit_hessian ? i : 2 * i];
		int64_t		packed = round->unit_hessian ? first : round->block[2 * i + 1];
		int64_t		n = packed & (COUNT_ONE - 1);
		int64_t		rest = (packed - n) / COUNT_ONE;

		histogram[i].n += n;
		histogram[i].g += round->unit_hessian ? rest : first;
		histogram[i].h += round->unit_hessian ? n : rest;
	}
	memset(round->block, 0, round->bins * (round->unit_hessian ? 1 : 2) * sizeof(int64_t));
}

static void
gather(const jrn_tree_round *round, const uint32_t *rows, size_t count)
{
	const uint64_t *bins = round->matrix->bins;
	size_t		words = round->matrix->words;
	size_t		i;

	for (i = 0; i < count; i++)
	{
		size_t		ahead = rows[i + AHEAD < count ? i + AHEAD : count - 1];

		__builtin_prefetch(&round->derivatives[round->unit_hessian ? ahead : 2 * ahead]);
		__builtin_prefetch(&bins[ahead * words]);
		if (round->unit_hessian)
			round->gathered[i] = round->derivatives[rows[i]];
		else
			((jrn_tree_pair *) round->gathered)[i] =
				((const jrn_tree_pair *) round->derivatives)[rows[i]];
	}
}

jrn_status
jrn_tree_histogram(jrn_tree_round *round, size_t begin, size_t count, jrn_tree_sums *histogram)
{
	const jrn_tree_matrix *matrix = round->matrix;
	size_t		width = round->unit_hessian ? 1 : 2;
	size_t		in_block = 0;
	size_t		done;
	size_t		word;
	int			j;

	memset(histogram, 0, round->bins * sizeof(jrn_tree_sums));
	for (done = 0; done < count;)
	{
		run			r;

		r.rows = round->rows + begin + done;
		r.count = count - done < RUN_ROWS ? count - done : RUN_ROWS;
		r.words = matrix->words;
		r.derivatives = round->gathered;
		gather(round, r.rows, r.count);
		for (word = 0; word < matrix->words; word++)
		{
			int			features = matrix->features - 8 * (int) word;
			int64_t    *sums[8] = {NULL};

			features = features < 8 ? features : 8;
			for (j = 0; j < features; j++)
				sums[j] = round->block + width * round->offset[8 * word + (size_t) j];
			r.bins = matrix->bins + word;
			add_run(&r, round->unit_hessian, features, sums);
			if (word % 16 == 0)
				JRN_TICK(round->env);
		}
		done += r.count;
		in_block += r.count;
		if (in_block + RUN_ROWS > BLOCK_ROWS || done == count)
		{
			unpack(round, histogram);
			in_block = 0;
		}
	}
	return JRN_OK;
}
