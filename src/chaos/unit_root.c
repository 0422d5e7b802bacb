/*
 * unit_root.c
 *		Augmented Dickey-Fuller test (see unit_root.h).
 */
#include <math.h>
#include <string.h>

#include "unit_root.h"

#include "../core/cholesky.h"

#define LEAST_VALUES 40
#define MAX_COLUMNS (JRN_UNIT_ROOT_MAX_LAGS + 4)	/* constant, trend, level, differences, target */
#define PACKED (MAX_COLUMNS * (MAX_COLUMNS + 1) / 2)
#define NO_ERROR 1e-14
#define DEPENDENT 1e-10

/* What a column holds in row t. */
typedef enum column_kind
{
	COLUMN_CONSTANT,
	COLUMN_TREND,
	COLUMN_LEVEL,
	COLUMN_DIFFERENCE			/* of t - lag; lag 0 is the target */
} column_kind;

typedef struct column
{
	column_kind kind;
	int			lag;
} column;

/* A regression: its columns, the last being the target, and its factor. */
typedef struct regression
{
	column		columns[MAX_COLUMNS];
	int			count;
	size_t		rows;
	double		squares;		/* of the target about its mean */
	double		factor[PACKED];
	bool		kept[MAX_COLUMNS];
} regression;

static double
value_of(const double *z, size_t n, size_t t, const column *c)
{
	switch (c->kind)
	{
		case COLUMN_CONSTANT:
			return 1.0;
		case COLUMN_TREND:
			return ((double) t - 0.5 * (double) n) / (double) n;
		case COLUMN_LEVEL:
			return z[t - 1];
		default:
			return z[t - (size_t) c->lag] - z[t - 1 - (size_t) c->lag];
	}
}

static void
add_column(regression *r, column_kind kind, int lag)
{
	r->columns[r->count].kind = kind;
	r->columns[r->count].lag = lag;
	r->count++;
}

/* Cross-products over rows first .. n - 1, and their factor. */
static jrn_status
factorize(const jrn_env *env, const double *z, size_t n, size_t first, regression *r)
{
	const size_t count = (size_t) r->count;
	double		row[MAX_COLUMNS];
	size_t		rank;
	size_t		t,
				i,
				j;

	memset(r->factor, 0, sizeof(r->factor));
	r->rows = n - first;
	for (t = first; t < n; t++)
	{
		double	   *to = r->factor;

		if (t % 4096 == 0)
			JRN_TICK(env);
		for (i = 0; i < count; i++)
		{
			row[i] = value_of(z, n, t, &r->columns[i]);
			for (j = 0; j <= i; j++)
				*to++ += row[i] * row[j];
		}
	}
	r->squares = r->factor[count * (count + 1) / 2 - 1];
	memset(r->kept, 1, sizeof(r->kept));
	/* twice the target's own square, so that a perfect fit leaves its row in the factor */
	r->factor[count * (count + 1) / 2 - 1] += r->squares;
	return jrn_cholesky(env, r->factor, count, DEPENDENT, r->kept, &rank);
}

/* Entry (i, j) of the factor; 0 where a column was left out. */
static double
entry(const regression *r, int i, int j)
{
	return r->kept[j] ? r->factor[(size_t) i * ((size_t) i + 1) / 2 + (size_t) j] : 0.0;
}

/* Residual sum of squares with the first `columns` columns. */
static double
residual(const regression *r, double squares, int columns)
{
	double		left = squares;
	int			j;

	for (j = 0; j < columns; j++)
		left -= entry(r, r->count - 1, j) * entry(r, r->count - 1, j);
	return fmax(left, NO_ERROR * squares);	/* R-UR-3 */
}

/* t ratio of the last column before the target. */
static double
last_ratio(const regression *r)
{
	const int	target = r->count - 1;
	const double left = residual(r, r->squares, target);

	if (!r->kept[target - 1])
		return -INFINITY;		/* R-UR-3 */
	return entry(r, target, target - 1) / sqrt(left / ((double) r->rows - target));
}

/* MacKinnon's response surface at 5 %. */
static double
critical_value(bool trend, double rows)
{
	static const double surface[2][4] = {
		{-2.86154, -2.8903, -4.234, -40.040},
		{-3.41049, -4.3904, -9.036, -45.374}};
	const double *b = surface[trend];

	return b[0] + (b[1] + (b[2] + b[3] / rows) / rows) / rows;
}

/* Constant, trend, differences, and one more in the last place before the target. */
static void
begin_regression(regression *r, bool trend, int lags, column_kind last)
{
	int			lag;

	r->count = 0;
	add_column(r, COLUMN_CONSTANT, 0);
	if (trend && last != COLUMN_TREND)
		add_column(r, COLUMN_TREND, 0);
	if (last != COLUMN_LEVEL)
		add_column(r, COLUMN_LEVEL, 0);
	for (lag = 1; lag <= lags; lag++)
		add_column(r, COLUMN_DIFFERENCE, lag);
	if (last != COLUMN_DIFFERENCE)
		add_column(r, last, 0);
	add_column(r, COLUMN_DIFFERENCE, 0);
}

/* R-UR-1: every number of lags is the begin of one factor. */
static jrn_status
choose_lags(const jrn_env *env, const double *z, size_t n, bool trend, int most, int *lags)
{
	regression	r;
	double		best = INFINITY;
	int			p;

	begin_regression(&r, trend, most, COLUMN_DIFFERENCE);
	JRN_TRY(factorize(env, z, n, (size_t) most + 1, &r));
	*lags = 0;
	for (p = 0; p <= most; p++)
	{
		const int	columns = r.count - 1 - most + p;
		const double rows = (double) r.rows;
		const double criterion = rows * log(residual(&r, r.squares, columns) / rows) + log(rows) * columns;

		if (criterion < best)
		{
			best = criterion;
			*lags = p;
		}
	}
	return JRN_OK;
}

static jrn_status
centred(const jrn_env *env, const double *x, size_t n, double **z)
{
	const double mean = jrn_series_mean(x, n);
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, n, sizeof(double), z));
	for (i = 0; i < n; i++)
		(*z)[i] = x[i] - mean;
	return JRN_OK;
}

static jrn_status
test_at(const jrn_env *env, const double *z, size_t n, bool trend, int lags, jrn_unit_root_result *result)
{
	regression	r;

	begin_regression(&r, trend, lags, COLUMN_LEVEL);
	JRN_TRY(factorize(env, z, n, (size_t) lags + 1, &r));
	result->lags = lags;
	result->statistic = r.squares > 0.0 ? last_ratio(&r) : -INFINITY;
	result->critical = critical_value(trend, (double) r.rows);
	result->rejected = result->statistic < result->critical;
	if (!trend || !(r.squares > 0.0))
		return JRN_OK;
	begin_regression(&r, trend, lags, COLUMN_TREND);
	JRN_TRY(factorize(env, z, n, (size_t) lags + 1, &r));
	result->trend = r.kept[r.count - 2] ? last_ratio(&r) : NAN;
	return JRN_OK;
}

static void
begin_result(jrn_unit_root_result *result)
{
	result->statistic = result->critical = result->trend = NAN;
	result->lags = 0;
	result->rejected = false;
}

jrn_status
jrn_unit_root_at(const jrn_env *env, const double *x, size_t n, bool trend, int lags,
				 jrn_unit_root_result *result)
{
	double	   *z;

	begin_result(result);
	if (lags < 0 || lags > JRN_UNIT_ROOT_MAX_LAGS)
		return JRN_DOMAIN;
	if (n < LEAST_VALUES)
		return JRN_OK;			/* R-UR-4 */
	JRN_TRY(centred(env, x, n, &z));
	JRN_TRY(test_at(env, z, n, trend, lags, result));
	jrn_release(env, z);
	return JRN_OK;
}

jrn_status
jrn_unit_root(const jrn_env *env, const double *x, size_t n, bool trend, jrn_unit_root_result *result)
{
	const double schwert = floor(12.0 * sqrt(sqrt((double) n / 100.0)));
	const int	most = schwert < JRN_UNIT_ROOT_MAX_LAGS ? (int) schwert : JRN_UNIT_ROOT_MAX_LAGS;
	double	   *z;
	int			lags;

	begin_result(result);
	if (n < LEAST_VALUES)
		return JRN_OK;
	JRN_TRY(centred(env, x, n, &z));
	JRN_TRY(choose_lags(env, z, n, trend, most, &lags));
	JRN_TRY(test_at(env, z, n, trend, lags, result));
	jrn_release(env, z);
	return JRN_OK;
}
