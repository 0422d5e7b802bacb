/*
 * pg_encoding_terms.c
 *		The terms that an encoding gives: how many, and their names (see
 *		pg_encoding.h).
 */
#include "pg_encoding.h"

#include "utils/builtins.h"

int64
journey_encoding_terms(const journey_encoding *encoding)
{
	int64		total = 0;
	int			i;

	if (encoding->terms == NULL)
		for (i = 0; i < encoding->feature_count; i++)
			total += journey_feature_terms(&encoding->features[i]);
	else
		for (i = 0; i < encoding->term_count; i++)
		{
			size_t		columns = jrn_term_columns(&encoding->terms[i]);

			/* far above any limit, without wrapping */
			total += (int64) Min(columns, (size_t) 1000000000);
		}
	return total;
}

/* Name of the place-th column of a factor: x, x^2, plan=b. */
static char *
factor_name(const journey_feature *feature, const jrn_factor *factor, int place)
{
	if (feature->kind == JOURNEY_FEATURE_NUMBER)
		return factor->power == 1 ? pstrdup(feature->name) :
			psprintf("%s^%d", feature->name, factor->power);
	if (feature->kind == JOURNEY_FEATURE_BOOLEAN)
		return psprintf("%s=%s", feature->name, factor->full && place == 0 ? "false" : "true");
	return psprintf("%s=%s", feature->name, feature->levels[place + (factor->full ? 0 : 1)]);
}

/* Names of all columns of a term, the first factor fastest (R-TRM-1). */
static int64
name_term(const journey_encoding *encoding, const jrn_term *term, char **names)
{
	int64		columns = (int64) jrn_term_columns(term);
	int64		i;
	int			j;

	for (i = 0; i < columns; i++)
	{
		int64		rest = i;
		char	   *name = NULL;

		for (j = 0; j < term->count; j++)
		{
			const jrn_factor *factor = &term->factor[j];
			char	   *more = factor_name(&encoding->features[factor->feature], factor,
										   (int) (rest % factor->columns));

			rest /= factor->columns;
			name = name == NULL ? more : psprintf("%s:%s", name, more);
		}
		names[i] = name;
		CHECK_FOR_INTERRUPTS();
	}
	return columns;
}

void
journey_encoding_names(const journey_encoding *encoding, char **names)
{
	int			count = encoding->terms != NULL ? encoding->term_count : encoding->feature_count;
	int			i;

	for (i = 0; i < count; i++)
	{
		jrn_term	plain = {1, {{i, 1, false, false, 1}}};
		const journey_feature *feature = &encoding->features[i < encoding->feature_count ? i : 0];

		if (encoding->terms == NULL)
		{
			plain.factor[0].levels = feature->kind == JOURNEY_FEATURE_LABEL;
			plain.factor[0].columns = journey_feature_terms(feature);
		}
		names += name_term(encoding, encoding->terms != NULL ? &encoding->terms[i] : &plain, names);
	}
}
