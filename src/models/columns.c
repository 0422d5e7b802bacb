/*
 * columns.c
 *		From the values of a row to the columns of a design: labels and terms
 *		expanded, missing numbers filled (R-DES-2, 5 and 6 in design.h).
 */
#include <math.h>
#include <string.h>

#include "tiles.h"

/* Products of this row must be numbers (R-DES-5). */
static jrn_status
check_products(jrn_design *design)
{
	double		value;
	int			i;

	for (i = 0; i < design->term_count; i++)
	{
		(void) jrn_term_at(&design->terms[i], design->values, &value);
		/* a missing factor has its say when the mean is known */
		if (isinf(value))
		{
			design->term_at_fault = i;
			return JRN_NONFINITE;
		}
	}
	return JRN_OK;
}

/* R-DES-6 */
static void
add_to_means(jrn_design *design, double weight)
{
	int			j;

	for (j = 0; j < design->feature_count; j++)
	{
		if (design->is_label[j])
			continue;
		if (isnan(design->values[j]))
		{
			design->values[j] = NAN;	/* one pattern of bits */
			design->filled[j]++;
			continue;
		}
		design->sums[j] = jrn_dd_add(design->sums[j], jrn_dd_product(weight, design->values[j]));
		design->weights[j] = jrn_dd_add(design->weights[j], jrn_dd_from(weight));
	}
}

/* What a row means for all: products that overflow, sums for the means. */
jrn_status
jrn_columns_check(jrn_design *design, double weight)
{
	if (design->has_products)
		JRN_TRY(check_products(design));
	if (design->fill_missing)
		add_to_means(design, weight);
	return JRN_OK;
}

/* Label codes become ranks, missing numbers their mean. */
void
jrn_columns_settle(const jrn_design *design, char *values)
{
	double		value;
	int			j;

	for (j = 0; j < design->feature_count; j++)
	{
		if (!design->is_label[j] && !design->fill_missing)
			continue;
		memcpy(&value, values + (size_t) j * 8, 8);
		if (design->is_label[j])
			value = design->labels[j].rank_of_code[(size_t) value];
		else if (isnan(value))
			value = design->means[j];
		memcpy(values + (size_t) j * 8, &value, 8);
	}
	if (design->has_arm)
	{
		char	   *at = values + jrn_design_arm_place(design) * 8;

		memcpy(&value, at, 8);
		value = design->arms.rank_of_code[(size_t) value];
		memcpy(at, &value, 8);
	}
}

/* The columns of all terms (R-DES-5). */
static jrn_status
write_terms(const jrn_design *design, const char *record_values, double *out, int *columns)
{
	size_t		stride = design->tile_rows;
	double	   *values = design->values;
	double		value;
	int			c = 0;
	int			i;

	memcpy(values, record_values, (size_t) design->feature_count * sizeof(double));
	for (i = 0; i < design->term_count; i++)
	{
		int			end = design->first_column[i + 1];
		int			at = jrn_term_at(&design->terms[i], values, &value);

		if (!isfinite(value))
			return JRN_NONFINITE;	/* a mean made it overflow */
		if (end == c + 1 && at == 0)
			out[(size_t) c++ * stride] = value;
		else
		{
			at = at < 0 ? -1 : at + c;
			for (; c < end; c++)
				out[(size_t) c * stride] = c == at ? value : 0.0;
		}
	}
	*columns = c;
	return JRN_OK;
}

/* Write one raw row's columns into a block; R-DES-2. */
jrn_status
jrn_columns_write(const jrn_design *design, const char *values, int64_t cluster, double *out)
{
	size_t		stride = design->tile_rows;
	double		value;
	int			c = 0;
	int			j;

	if (design->terms != NULL)
		JRN_TRY(write_terms(design, values, out, &c));
	for (j = 0; j < design->feature_count && design->terms == NULL; j++)
	{
		memcpy(&value, values + (size_t) j * 8, 8);
		if (!design->is_label[j])
			out[(size_t) c++ * stride] = value;
		else
		{
			int			level;

			for (level = 1; level < (int) design->labels[j].count; level++)
				out[(size_t) c++ * stride] = (int) value == level ? 1.0 : 0.0;
		}
	}
	for (j = design->feature_count; j < design->raw_count + (design->has_number ? 1 : 0); j++)
		memcpy(&out[(size_t) c++ * stride], values + (size_t) j * 8, 8);
	memcpy(&out[(size_t) c * stride], &cluster, 8);
	return JRN_OK;
}

/* Columns of every feature as a term of its own. */
static jrn_status
plan_features(jrn_design *design, size_t *columns)
{
	int			j;

	for (j = 0; j < design->feature_count; j++)
	{
		design->first_column[j] = (int) *columns;
		if (!design->is_label[j])
			(*columns)++;
		else if (design->labels[j].count > 0)
			*columns += design->labels[j].count - 1;
		design->p = (int) *columns;
		if (*columns > JRN_MAX_COLUMNS)
			return JRN_LIMIT;
	}
	design->first_column[design->feature_count] = (int) *columns;
	return JRN_OK;
}

/* Columns of the terms, levels being known now. */
static jrn_status
plan_terms(jrn_design *design, size_t *columns)
{
	int			i,
				j;

	for (i = 0; i < design->term_count; i++)
	{
		jrn_term   *term = &design->terms[i];

		for (j = 0; j < term->count; j++)
		{
			jrn_factor *factor = &term->factor[j];
			int			levels = design->is_label[factor->feature] ?
				(int) design->labels[factor->feature].count : 2;	/* a boolean */

			factor->columns = !factor->levels ? 1 : factor->full || levels == 0 ? levels : levels - 1;
		}
		design->first_column[i] = (int) *columns;
		design->p = JRN_MAX_COLUMNS + 1;
		if (jrn_term_columns(term) > JRN_MAX_COLUMNS - *columns)
			return JRN_LIMIT;
		*columns += jrn_term_columns(term);
		design->p = (int) *columns;
	}
	design->first_column[design->term_count] = (int) *columns;
	return JRN_OK;
}

/* R-DES-6; a column without any number is 0 throughout, hence aliased. */
static jrn_status
plan_means(jrn_design *design)
{
	int			j;

	if (!design->fill_missing)
		return JRN_OK;
	JRN_TRY(jrn_alloc_zeroed(design->env, (size_t) design->feature_count, sizeof(double), &design->means));
	for (j = 0; j < design->feature_count; j++)
	{
		if (!(design->weights[j].hi > 0.0))
			continue;
		design->means[j] = jrn_dd_div(design->sums[j], design->weights[j].hi).hi + 0.0;
		if (!isfinite(design->means[j]))
			return JRN_NONFINITE;
	}
	return JRN_OK;
}

jrn_status
jrn_design_plan(jrn_design *design)
{
	size_t		terms = (size_t) (design->terms != NULL ? design->term_count : design->feature_count);
	size_t		columns = 0;
	int			j;

	JRN_TRY(jrn_alloc_array(design->env, terms + 1, sizeof(int), &design->first_column));
	for (j = 0; j < design->feature_count; j++)
		if (design->is_label[j])
			JRN_TRY(jrn_labels_rank(&design->labels[j]));
	if (design->has_arm)
		JRN_TRY(jrn_labels_rank(&design->arms));
	JRN_TRY(plan_means(design));
	design->p = 0;
	JRN_TRY(design->terms != NULL ? plan_terms(design, &columns) : plan_features(design, &columns));
	design->tile_columns = columns + (size_t) (design->raw_count - design->feature_count) + 1 +
		(design->has_number ? 1 : 0);
	design->tile_rows = JRN_TILE_BYTES / (design->tile_columns * sizeof(double)) & ~(size_t) 7;
	if (design->tile_rows > JRN_BLOCK_ROWS)
		design->tile_rows = JRN_BLOCK_ROWS;
	if (design->tile_rows < 8)
		design->tile_rows = 8;
	design->tile_bytes = sizeof(jrn_tile_head) + design->tile_columns * design->tile_rows * sizeof(double);
	return JRN_OK;
}
