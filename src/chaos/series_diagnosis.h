/*
 * series_diagnosis.h
 *		What kind of series is this?  One verdict from the whole pipeline:
 *		stabilise counts, take out the season, look for a unit root and a trend,
 *		test against surrogates, and only then look at the exponent.
 *
 * Source: reference/chaos.md 2.2, 2.10; the order of Toker, Sommer and D'Esposito
 * 2020.  Requirements:
 *
 * R-SD-1	Counts become 2 sqrt(x + 3/8) (Anscombe 1948); a negative value is
 *			JRN_DOMAIN.
 * R-SD-2	With a season s the mean of the values at places i, i + s, i + 2s ..
 *			is taken from each of them; fewer than three whole seasons:
 *			insufficient.
 * R-SD-3	Unit root by the augmented Dickey-Fuller test at 5 % (unit_root.h).
 *			Rejected with a constant: the series stays, unless the t ratio of
 *			a trend exceeds 3.29 in size; then, and where it is only rejected
 *			beside a trend, the least squares line is taken out.  Not rejected:
 *			differences, tested again.
 * R-SD-4	Surrogate test with permutation entropy and prediction error (R-SUR-
 *			6); p is the larger of the two: both must find something.
 * R-SD-5	Exponent, jump and interval for dimension 3 by the newest coordinate
 *			from step 1; where no scaling region is found, noise_excess takes
 *			the slope of steps 1 to 4.  Where ties leave no curve, but the error
 *			of prediction is below 1e-6, the series repeats itself: 0.
 * R-SD-6	Stable: exponents of dimension 2, 3, 4 all above 0, the largest below
 *			1.5 times the smallest plus .05.
 * R-SD-7	Verdict, the first that holds: insufficient (fewer than 100 values, or
 *			nothing left that varies); nonstationary (differences have a unit
 *			root, too); linear noise (p > .05 or none); nonlinear stochastic
 *			(noise_excess > .5); regular (K < .2); deterministic divergence
 *			(interval of the exponent above 0, K > .8, stable); inconclusive.
 * R-SD-8	The exponent is NaN unless p <= .05: the slope of noise says nothing.
 */
#ifndef JRN_SERIES_DIAGNOSIS_H
#define JRN_SERIES_DIAGNOSIS_H

#include "surrogate.h"
#include "unit_root.h"

typedef enum jrn_verdict
{
	JRN_VERDICT_INSUFFICIENT,
	JRN_VERDICT_NONSTATIONARY,
	JRN_VERDICT_LINEAR,
	JRN_VERDICT_STOCHASTIC,
	JRN_VERDICT_REGULAR,
	JRN_VERDICT_DETERMINISTIC,
	JRN_VERDICT_INCONCLUSIVE
} jrn_verdict;

typedef enum jrn_treatment
{
	JRN_TREATMENT_NONE,
	JRN_TREATMENT_DETREND,
	JRN_TREATMENT_DIFFERENCE
} jrn_treatment;

typedef struct jrn_diagnosis_options
{
	int64_t		season;			/* 0: none; else at least 2 */
	bool		counts;
	int32_t		surrogates;
	uint64_t	seed;
	/* called now and then with the work done and to do; may be NULL */
	void		(*progress) (void *arg, int32_t done, int32_t total);
	void	   *progress_arg;
} jrn_diagnosis_options;

/* Figures that do not exist are NaN. */
typedef struct jrn_diagnosis
{
	jrn_verdict verdict;
	jrn_treatment treatment;
	jrn_series_status status;	/* of what ended the pipeline early, or of the exponent */
	size_t		n_used;			/* values that were tested */
	bool		short_season;
	bool		whole_numbers;	/* all values are whole and not negative */
	jrn_unit_root_result unit_root;	/* of the series before its treatment */
	jrn_surrogate_result surrogate;
	double		p;
	double		exponent;
	double		low;
	double		high;
	double		jump;
	double		noise_excess;
	double		k_median;
	double		slopes[3];		/* of dimension 2, 3, 4 */
	bool		stable;
} jrn_diagnosis;

extern jrn_status jrn_series_diagnosis(const jrn_env *env, const double *x, size_t n,
									   const jrn_diagnosis_options *options, jrn_diagnosis *d);

/* The words of a verdict. */
extern const char *jrn_verdict_words(jrn_verdict verdict);

#endif							/* JRN_SERIES_DIAGNOSIS_H */
