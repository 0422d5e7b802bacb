/*
 * pg_leakage_rows.c
 *		leakage_check: what keys, features and targets give away (see
 *		pg_leakage.h).
 */
#include "../pg/compat.h"

#include "utils/builtins.h"

#include "../core/dist.h"
#include "../core/hash.h"
#include "../pg/host.h"
#include "pg_leakage.h"
#include "report.h"

/* A single feature that ranks so well knows the outcome. */
#define AUC_LIMIT 0.98
#define AUC_CLASS_ROWS 5

/* Chance that equal rows have to beat. */
#define DUPLICATE_P 1e-3
#define RESPONSE_P 1e-3

static const char *const checking = "checking for leaks";

/* ---- L3 ---- */

/* How many keys lie in more than one fold. */
static size_t
straddling(leak_call *call, const uint32_t *keys, size_t key_count, const leak_labels *nulls)
{
	uint32_t   *fold_of_key;	/* fold + 1; all bits: several */
	size_t		count = 0;
	size_t		i;

	journey_check(jrn_alloc_zeroed(&call->env, key_count, sizeof(uint32_t), &fold_of_key), checking);
	for (i = 0; i < call->n; i++)
	{
		uint32_t   *fold = &fold_of_key[keys[i]];

		if (i % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
		if (nulls != NULL && nulls->dictionary.list[keys[i]].size == 1 &&
			nulls->dictionary.list[keys[i]].bytes[0] == 0)
			continue;			/* no household */
		if (*fold == 0)
			*fold = call->fold.codes[i] + 1;
		else if (*fold != call->fold.codes[i] + 1 && *fold != PG_UINT32_MAX)
		{
			*fold = PG_UINT32_MAX;
			count++;
		}
	}
	jrn_release(&call->env, fold_of_key);
	return count;
}

void
leak_check_keys(leak_call *call)
{
	size_t		count;

	if (call->key_name == NULL || !leak_has_labels(&call->fold))
		leak_put(call, "L3", "key_across_folds", "not_checkable", "needs %s", call->key_name == NULL ?
				 "key, by which rows belong together" : "fold, the fold of every row");
	else if ((count = straddling(call, call->codes, call->keys.count, NULL)) > 0)
		leak_put(call, "L3", "key_across_folds", "leak",
				 "%zu of %zu keys lie in more than one fold: assign folds to whole keys", count, call->keys.count);
	else if (leak_has_labels(&call->household) &&
			 (count = straddling(call, call->household.codes, call->household.dictionary.count, &call->household)) > 0)
		leak_put(call, "L3", "key_across_folds", "leak",
				 "%zu households lie in more than one fold: take the household as key", count);
	else
		leak_put(call, "L3", "key_across_folds", "ok", "each of %zu keys lies in one fold%s", call->keys.count,
				 leak_has_labels(&call->household) ? ", each household too" :
				 "; whether keys share a household is not seen here, see connected_components");
}

/* ---- L4 ---- */

static uint64_t
number_print(double number, uint64_t seed)
{
	uint64_t	bits;

	if (isnan(number))
		return jrn_hash_u64(0, seed + 1);	/* a NULL */
	if (number == 0.0)
		number = 0.0;			/* also -0 */
	memcpy(&bits, &number, sizeof(bits));
	return jrn_hash_u64(bits, seed);
}

static uint64_t
feature_print(const leak_feature *feature, size_t row, uint64_t seed)
{
	if (feature->kind == JOURNEY_COLUMN_NUMBER)
		return number_print(feature->numbers[row], seed);
	if (feature->kind == JOURNEY_COLUMN_LABEL)
		return jrn_hash_u64(feature->labels.codes[row], seed);
	return jrn_hash_u64((uint64_t) feature->times.values[row], seed);
}

typedef struct equal_rows
{
	double		pairs;
	double		across;
} equal_rows;

static equal_rows
count_equal(leak_call *call, const uint64_t *prints)
{
	equal_rows	equal;

	journey_check(jrn_leak_pairs(&call->env, prints, call->fold.codes, call->n, &equal.pairs, &equal.across), checking);
	return equal;
}

/* Pairs across folds that share the value of the feature whose values are rarest. */
static equal_rows
rarest_feature(leak_call *call, uint64_t *prints)
{
	equal_rows	rarest = {-1.0, 0.0};
	int			f;
	size_t		i;

	for (f = 0; f < call->feature_count; f++)
	{
		equal_rows	equal;

		if (call->features[f].kind != JOURNEY_COLUMN_NUMBER)
			continue;
		for (i = 0; i < call->n; i++)
			prints[i] = feature_print(&call->features[f], i, 0);
		equal = count_equal(call, prints);
		if (rarest.pairs < 0.0 || equal.pairs < rarest.pairs)
			rarest = equal;
	}
	return rarest;
}

/*
 * Equal features, target and time are held against the pairs that chance would
 * make if content did not know of time.  Without equal times: where the rarest
 * feature is nearly unique, and what repeats of it repeats as a whole.
 */
static const char *
duplicates_found(leak_call *call, uint64_t *content, double *pairs)
{
	double		n = (double) call->n;
	double		all = n * (n - 1.0) / 2.0;
	uint64_t   *prints;
	equal_rows	without = count_equal(call, content);
	equal_rows	with_time;
	equal_rows	times;
	equal_rows	rarest;
	double		expected;
	size_t		i;

	journey_check(jrn_alloc_array(&call->env, call->n, sizeof(uint64_t), &prints), checking);
	if (leak_has(call, LEAK_DECIDED))
	{
		for (i = 0; i < call->n; i++)
			prints[i] = jrn_hash_u64((uint64_t) call->times[LEAK_DECIDED].values[i], 0);
		times = count_equal(call, prints);
		for (i = 0; i < call->n; i++)
			prints[i] = jrn_hash_u64(prints[i], content[i]);
		with_time = count_equal(call, prints);
		expected = all * (without.pairs / all) * (times.pairs / all);
		if (with_time.across > 2.0 * expected &&
			jrn_chisq_cdf(2.0 * expected, 2.0 * with_time.across) < DUPLICATE_P)
		{
			*pairs = with_time.across;
			return "features, target and time";
		}
	}
	*pairs = without.across;
	rarest = rarest_feature(call, prints);
	if (call->feature_count > 1 && rarest.pairs >= 0.0 && rarest.pairs < 0.5 * n &&
		without.across >= 3.0 && without.across >= 0.9 * rarest.across)
		return "features and target";
	return NULL;
}

void
leak_check_duplicates(leak_call *call)
{
	uint64_t   *content;
	const char *found;
	double		pairs;
	size_t		i;
	int			f;

	if (!leak_has_labels(&call->fold) || call->feature_count == 0)
	{
		leak_put(call, "L4", "duplicates_across_folds", "not_checkable", "needs %s", call->feature_count == 0 ?
				 "features" : "fold, the fold of every row");
		return;
	}
	journey_check(jrn_alloc_array(&call->env, call->n, sizeof(uint64_t), &content), checking);
	for (i = 0; i < call->n; i++)
	{
		if (i % 1024 == 0)
			CHECK_FOR_INTERRUPTS();
		content[i] = call->target_name != NULL ? number_print(call->target[i], 0) : 0;
		for (f = 0; f < call->feature_count; f++)
			content[i] = feature_print(&call->features[f], i, content[i]);
	}
	found = duplicates_found(call, content, &pairs);
	if (found != NULL)
		leak_put(call, "L4", "duplicates_across_folds", "leak",
				 "%.0f pairs of rows in different folds agree in %s, more than chance explains: remove duplicates, merge accounts",
				 pairs, found);
	else
		leak_put(call, "L4", "duplicates_across_folds", "ok",
				 "%.0f pairs of rows in different folds agree in features and target, which chance can explain", pairs);
	jrn_release(&call->env, content);
}

/* ---- L5 ---- */

void
leak_check_preprocessing(leak_call *call)
{
	int			f;

	for (f = 0; f < call->feature_count; f++)
	{
		const leak_feature *feature = &call->features[f];
		bool		standardised;
		bool		imputed;

		if (feature->kind != JOURNEY_COLUMN_NUMBER)
			continue;
		journey_check(jrn_leak_is_preprocessed(&call->env, feature->numbers, call->n, &standardised, &imputed), checking);
		if (standardised || imputed)
		{
			leak_put(call, "L5", "preprocessing", "leak",
					 standardised ? "feature %s has mean 0 and deviation 1 over all rows: scale within training parts, as fit and cross_validate do" :
					 "the most frequent value of feature %s is the mean of all others: impute within training parts, missing => 'mean'",
					 feature->name);
			return;
		}
	}
	leak_put(call, "L5", "preprocessing", call->feature_count > 0 ? "ok" : "not_checkable",
			 call->feature_count > 0 ? "no feature is scaled or imputed with figures of all rows; whether features were selected on all rows is not seen here" :
			 "needs features");
}

/* ---- L6 ---- */

typedef struct target_classes
{
	double	   *classes;
	double	   *scores;
	int			values;
	int			checked;		/* features with enough rows in both classes */
} target_classes;

/* The distance from chance of one score, as the better of both directions. */
static double
auc_of(leak_call *call, target_classes *of, const double *scores)
{
	jrn_leak_auc found;

	journey_check(jrn_leak_find_auc(&call->env, scores, of->classes, call->n, &found), checking);
	if (found.positives < AUC_CLASS_ROWS || found.negatives < AUC_CLASS_ROWS)
		return 0.5;
	of->checked++;
	return Max(found.auc, 1.0 - found.auc);
}

/* Reports the feature and gives true when it knows the target. */
static bool
number_knows(leak_call *call, target_classes *of, const leak_feature *feature)
{
	double		auc = auc_of(call, of, feature->numbers);
	double		rho;
	size_t		used;
	bool		mean;
	size_t		i;

	if (of->values == 2 && auc > AUC_LIMIT)
		leak_put(call, "L6", "target_in_features", "leak",
				 "feature %s alone has AUC %.3f for the target: it knows the outcome, or was made of it", feature->name, auc);
	if (of->values == 2 && auc > AUC_LIMIT)
		return true;
	journey_check(jrn_leak_rank_correlation(&call->env, feature->numbers, call->target, call->n, &rho, &used), checking);
	if (of->values > 2 && used >= 2 * AUC_CLASS_ROWS && fabs(rho) > AUC_LIMIT)
	{
		leak_put(call, "L6", "target_in_features", "leak",
				 "feature %s alone has rank correlation %.3f with the target: it knows the outcome, or was made of it", feature->name, rho);
		return true;
	}
	journey_check(jrn_leak_is_target_mean(&call->env, feature->numbers, call->target, call->n, &mean), checking);
	if (mean)
	{
		leak_put(call, "L6", "target_in_features", "leak",
				 "feature %s is the mean of the target over the rows that share it, the row itself among them: leave the row out and look back only",
				 feature->name);
		return true;
	}
	for (i = 0; i < call->n; i++)
		of->scores[i] = isnan(feature->numbers[i]);
	auc = auc_of(call, of, of->scores);
	if (auc > AUC_LIMIT)
		leak_put(call, "L6", "target_in_features", "leak",
				 "whether feature %s is null has AUC %.3f for the target: it is filled in after the outcome", feature->name, auc);
	return auc > AUC_LIMIT;
}

static bool
label_knows(leak_call *call, target_classes *of, const leak_feature *feature)
{
	double		auc;

	if (!leak_has_labels(&call->fold))
		return false;
	journey_check(jrn_leak_level_scores(&call->env, feature->labels.codes, call->fold.codes, of->classes,
										call->n, of->scores), checking);
	auc = auc_of(call, of, of->scores);
	if (auc > AUC_LIMIT)
		leak_put(call, "L6", "target_in_features", "leak",
				 "feature %s alone has AUC %.3f for the target in folds it was not learned from: it knows the outcome, or was made of it",
				 feature->name, auc);
	return auc > AUC_LIMIT;
}

void
leak_check_target(leak_call *call)
{
	target_classes of;
	int			f;

	if (call->target_name == NULL || call->feature_count == 0)
	{
		leak_put(call, "L6", "target_in_features", "not_checkable", "needs %s",
				 call->target_name == NULL ? "target, the outcome" : "features");
		return;
	}
	of.checked = 0;
	journey_check(jrn_alloc_array(&call->env, call->n, sizeof(double), &of.classes), checking);
	journey_check(jrn_alloc_array(&call->env, call->n, sizeof(double), &of.scores), checking);
	journey_check(jrn_leak_classes(&call->env, call->target, call->n, of.classes, &of.values), checking);
	for (f = 0; f < call->feature_count; f++)
	{
		const leak_feature *feature = &call->features[f];

		if ((feature->kind == JOURNEY_COLUMN_NUMBER && number_knows(call, &of, feature)) ||
			(feature->kind == JOURNEY_COLUMN_LABEL && label_knows(call, &of, feature)))
			return;
	}
	if (of.checked == 0)
		leak_put(call, "L6", "target_in_features", "not_checkable",
				 "needs %d rows of both classes of the target", AUC_CLASS_ROWS);
	else
		leak_put(call, "L6", "target_in_features", "ok",
				 "none of %d features alone tells the target apart", call->feature_count);
}

/* ---- L10 ---- */

void
leak_check_response(leak_call *call)
{
	int64	   *rows;
	int64	   *answered;
	size_t		strategies = call->strategy.dictionary.count;
	size_t		all = 0;
	double		p;
	double		least = 1.0;
	double		most = 0.0;
	size_t		i;

	if (call->target_name == NULL || !leak_has_labels(&call->strategy))
	{
		leak_put(call, "L10", "response", "not_checkable", "needs %s", call->target_name == NULL ?
				 "target, the outcome" : "a column strategy: what was done");
		return;
	}
	journey_check(jrn_alloc_zeroed(&call->env, strategies, sizeof(int64), &rows), checking);
	journey_check(jrn_alloc_zeroed(&call->env, strategies, sizeof(int64), &answered), checking);
	for (i = 0; i < call->n; i++)
	{
		rows[call->strategy.codes[i]]++;
		answered[call->strategy.codes[i]] += !isnan(call->target[i]);
		all += !isnan(call->target[i]);
	}
	for (i = 0; i < strategies; i++)
	{
		double		share = (double) answered[i] / (double) rows[i];

		least = Min(least, share);
		most = Max(most, share);
	}
	p = jrn_fold_spread((int32) strategies, rows, answered);
	if (strategies < 2)
		leak_put(call, "L10", "response", "not_checkable", "needs rows of two strategies");
	else if (all == call->n)
		leak_put(call, "L10", "response", "not_checkable",
				 "every row has an outcome: keep the rows that did not answer, with a null target");
	else if (!isnan(p) && p < RESPONSE_P)
		leak_put(call, "L10", "response", "suspect",
				 "outcomes are known for %.1f %% to %.1f %% of the rows, depending on the strategy: those who answer differ; weight for response",
				 100.0 * least, 100.0 * most);
	else
		leak_put(call, "L10", "response", "ok",
				 "outcomes are known for %.1f %% to %.1f %% of the rows of a strategy, which chance can explain",
				 100.0 * least, 100.0 * most);
}
