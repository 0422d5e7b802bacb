/*
 * negbin.c
 *		The shape of the negative binomial (see glm_part.h, R-GLM-5).
 *
 * With variance mu + mu^2/s the log-likelihood of a row is ln G(y + s) - ln
 * G(s) - ln G(y + 1) + s ln s + y ln mu - (y + s) ln(mu + s).  Its derivative
 *
 *		d/ds = [psi(y + s) - psi(s)] - log1p(mu/s) - (y - mu)/(mu + s)
 *
 * is written so that little cancels for a large s; differences of psi and its
 * derivative are finite sums for small whole y.  The maximum is sought in ln
 * s by Newton with steps of at most 2.  At s = infinity the derivative in 1/s is
 * sum w ((y - mu)^2 - y) / 2 (Lawless 1987): not positive means no overdispersion.
 */
#include <math.h>

#include "../core/gamma.h"
#include "glm_part.h"

#define MAX_STEPS 60
#define STEP_DONE 1e-11
/* Whole y up to this many are summed term by term. */
#define MOST_TERMS 64.0

#define HALF_LOG_TWO_PI 0.91893853320467274178

/* psi'(x), x > 0: recurrence to 12, then its asymptotic series. */
static double
trigamma(double x)
{
	double		sum = 0.0;
	double		i;

	for (; x < 12.0; x += 1.0)
		sum += 1.0 / (x * x);
	i = 1.0 / (x * x);
	return sum + 1.0 / x + i / 2.0 +
		i / x * (1.0 / 6.0 - i * (1.0 / 30.0 - i * (1.0 / 42.0 - i * (1.0 / 30.0 - i * (5.0 / 66.0 - i * 691.0 / 2730.0)))));
}

/* psi(y + s) - psi(s) and psi'(y + s) - psi'(s). */
static void
rising(double y, double s, double *first, double *second)
{
	double		k;

	if (!(y <= MOST_TERMS && y == floor(y)))
	{
		*first = jrn_digamma(y + s) - jrn_digamma(s);
		*second = trigamma(y + s) - trigamma(s);
		return;
	}
	*first = *second = 0.0;
	for (k = 0.0; k < y; k += 1.0)
	{
		double		term = 1.0 / (s + k);

		*first += term;
		*second -= term * term;
	}
}

typedef struct shape_sums
{
	double		shape;			/* infinite: sums of squares instead */
	double		first;
	double		second;
} shape_sums;

static void
add_rows(const jrn_engine *engine, const jrn_tile *tile, shape_sums *sums)
{
	double		s = sums->shape;
	size_t		r;

	for (r = 0; r < tile->rows; r++)
	{
		double		w = tile->weight != NULL ? tile->weight[r] : 1.0;
		double		y = tile->y[r];
		double		mu = engine->mu[r];
		double		away = engine->residual[r];
		double		first,
					second;

		if (isinf(s))
		{
			sums->first += w * (away * away - y);
			sums->second += w * mu * mu;
			continue;
		}
		rising(y, s, &first, &second);
		sums->first += w * (first - log1p(mu / s) - away / (mu + s));
		/* 1/s - 2/(mu + s) + (y + s)/(mu + s)^2, put together */
		sums->second += w * (second + mu / (s * (mu + s)) + away / ((mu + s) * (mu + s)));
	}
}

static jrn_status
shape_pass(jrn_engine *engine, const jrn_part *part, const double *theta, shape_sums *sums)
{
	jrn_tile_cursor cursor;
	jrn_tile	tile;

	sums->first = sums->second = 0.0;
	jrn_tiles_open(engine->design, engine->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		if (part != NULL && part->fold_of_cell[tile.cell] == part->excluded)
			continue;
		jrn_engine_z(engine, &tile);
		jrn_engine_predict(engine, &tile, theta, false);
		add_rows(engine, &tile, sums);
	}
	jrn_tiles_close(&cursor);
	return JRN_OK;
}

jrn_status
jrn_negbin_spread(jrn_engine *engine, const jrn_part *part, const double *theta,
				  double *excess, double *squares)
{
	shape_sums	sums;

	sums.shape = HUGE_VAL;
	JRN_TRY(shape_pass(engine, part, theta, &sums));
	*excess = sums.first;
	*squares = sums.second;
	return JRN_OK;
}

jrn_status
jrn_negbin_shape(jrn_engine *engine, const jrn_part *part, const double *theta, double *shape)
{
	int			i;

	for (i = 0; i < MAX_STEPS; i++)
	{
		shape_sums	sums;
		double		slope;
		double		curvature;
		double		step;

		if (!(*shape > 1e-8))
			*shape = 1e-8;
		if (*shape > 1e15)
			return JRN_OK;		/* the caller calls it infinite */
		sums.shape = *shape;
		JRN_TRY(shape_pass(engine, part, theta, &sums));
		slope = *shape * sums.first;	/* both in ln s */
		curvature = -(slope + *shape * *shape * sums.second);
		step = curvature > 0.0 ? slope / curvature : slope > 0.0 ? 1.0 : -1.0;
		if (fabs(step) > 2.0)
			step = step > 0.0 ? 2.0 : -2.0;
		*shape *= exp(step);
		if (fabs(step) < STEP_DONE)
			break;
	}
	return JRN_OK;
}

double
jrn_count_saturated(double y, double shape)
{
	double		sum = y > 0.0 ? -0.5 * log(y) - HALF_LOG_TWO_PI - jrn_stirling_error(y) : 0.0;

	if (!isinf(shape))
		sum += jrn_stirling_error(y + shape) - jrn_stirling_error(shape) - 0.5 * log1p(y / shape);
	return sum;
}
