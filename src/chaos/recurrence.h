/*
 * recurrence.h
 *		How often, and in what lengths, a series or a journey comes back to
 *		where it was: recurrence quantification.
 *
 * Cell (i, j) of the recurrence matrix is black when states i and j are close
 * (a series: largest difference of coordinates at most the radius) or equal
 * (symbols).  Source: reference/chaos.md 7; Marwan et al. 2007, Physics Reports
 * 438, 237.
 *
 * R-RQ-1	Recurrence rate: black cells of the whole matrix over all cells,
 *			with the line of identity; for symbols the sum of squared shares.
 * R-RQ-2	Lines: runs of black cells along a diagonal (i + t, j + t) and along a
 *			column (i + t, j).  Cells with |i - j| < theiler are white for them;
 *			1 leaves out the line of identity, 0 nothing.
 * R-RQ-3	Determinism: black cells on diagonal lines of at least `line` cells
 *			over all black cells left by R-RQ-2; mean and longest length and
 *			entropy (nats) of the lengths of such lines; divergence = 1 /
 *			longest.  Laminarity and trapping time: the same share and the mean
 *			length of vertical lines.
 * R-RQ-4	Recurrence times: the white gap between two consecutive vertical lines
 *			of a column, plus half of each of their lengths, rounded down;
 *			their mean, entropy (nats), and the count of the most frequent.
 *			Lines of any length count.
 * R-RQ-5	Shuffles of the states (counters under derive(seed, 'recurrence', b))
 *			keep the recurrence rate and lose the order: p = (1 + shuffles with
 *			at least that determinism) / (1 + shuffles), likewise laminarity.
 * R-RQ-6	Fewer than 30 states: too_short; above 5,000 JRN_LIMIT; all values of
 *			a series the same: constant.  A figure
 *			without cells or lines to come from is NaN.
 */
#ifndef JRN_RECURRENCE_H
#define JRN_RECURRENCE_H

#include "divergence.h"

#define JRN_RECURRENCE_MIN 30
#define JRN_RECURRENCE_MAX 5000
#define JRN_RECURRENCE_MAX_SHUFFLES 10000

typedef struct jrn_recurrence_result
{
	jrn_series_status status;
	int64_t		n;				/* states */
	double		radius;			/* NaN for symbols */
	double		rate;
	double		determinism;
	double		mean_line;
	int64_t		longest_line;	/* -1: none */
	double		line_entropy;
	double		divergence;
	double		laminarity;
	double		trapping_time;
	double		mean_time;		/* of recurrence */
	double		time_entropy;
	int64_t		most_frequent;	/* -1: none */
	double		p_determinism;
	double		p_laminarity;
} jrn_recurrence_result;

/*
 * Figures of a matrix of rows x columns cells, black where not 0, column after
 * column: cells[j * rows + i].  O(rows columns).
 */
extern jrn_status jrn_recurrence_matrix(const jrn_env *env, const uint8_t *cells, size_t rows, size_t columns,
										int64_t theiler, int64_t line, jrn_recurrence_result *result);

typedef struct jrn_recurrence_options
{
	int			dimension;		/* of a series */
	int64_t		delay;
	double		radius;			/* NaN: a fifth of the sample standard deviation */
	int64_t		theiler;
	int64_t		line;
	int32_t		shuffles;		/* 0: no p */
	uint64_t	seed;
} jrn_recurrence_options;

/*
 * A series, O(n^2 (1 + shuffles)), and symbols given as numbers, O(n^2 +
 * shuffles (line + theiler) n): their shuffles are counted without a matrix
 * (symbol_lines.h).
 */
extern jrn_status jrn_recurrence_series(const jrn_env *env, const double *x, size_t n,
										const jrn_recurrence_options *options, jrn_recurrence_result *result);
extern jrn_status jrn_recurrence_symbols(const jrn_env *env, const uint32_t *symbols, size_t n,
										 const jrn_recurrence_options *options, jrn_recurrence_result *result);

#endif							/* JRN_RECURRENCE_H */
