/*
 * betting.c
 *		Confidence sequence by betting (see betting.h).
 */
#include <math.h>

#include "betting.h"

#include "../core/sums.h"

/* c: the most of its capital a bet can lose. */
#define MOST 0.5

/* Halvings of the range, R-BET-3. */
#define HALVINGS 50

/*
 * Observations between two looks at the powers of two.  No factor of a lane is
 * below 1/2 or above 100 (lambda_1 < 93 for the least positive alpha, and
 * they fall), so 64 of them stay far inside the range of a double.
 */
#define LANES 8
#define BLOCK (64 * LANES)
#define ROWS_PER_TICK (64 * BLOCK)

static void
bettor_open(jrn_bettor *bettor, double alpha)
{
	bettor->n = 0.0;
	bettor->sum = 0.0;
	bettor->squares = 0.0;
	bettor->level = 2.0 * (log(2.0) - log(alpha));
}

/* R-BET-1: the bet on the next outcome. */
static double
bettor_next(const jrn_bettor *bettor)
{
	double		i = bettor->n + 1.0;
	double		v = (0.25 + bettor->squares) / i;

	return sqrt(bettor->level / (v * i * log1p(i)));
}

static void
bettor_see(jrn_bettor *bettor, double y)
{
	double		off;

	bettor->n += 1.0;
	bettor->sum += y;
	off = y - (0.5 + bettor->sum) / (bettor->n + 1.0);
	bettor->squares += off * off;
}

static void
capital_normalise(jrn_capital *capital)
{
	int			power;

	capital->fraction = frexp(capital->fraction, &power);
	capital->power += power;
}

static double
capital_log(const jrn_capital *capital)
{
	return log(capital->fraction) + capital->power * log(2.0);
}

void
jrn_bets_open(jrn_bets *bets, double m, double alpha)
{
	bettor_open(&bets->bettor, alpha);
	bets->m = m;
	bets->above.fraction = bets->below.fraction = 0.5;
	bets->above.power = bets->below.power = 1.0;
}

void
jrn_bets_add(jrn_bets *bets, double y)
{
	double		lambda = bettor_next(&bets->bettor);
	double		off = y - bets->m;

	/* R-BET-2; a limit at 0 or 1 allows any bet on the side that is empty */
	bets->above.fraction *= 1.0 + fmin(lambda, MOST / bets->m) * off;
	bets->below.fraction *= 1.0 - fmin(lambda, MOST / (1.0 - bets->m)) * off;
	capital_normalise(&bets->above);
	capital_normalise(&bets->below);
	bettor_see(&bets->bettor, y);
}

double
jrn_bets_log_e(const jrn_bets *bets, jrn_bet_on on)
{
	double		above = capital_log(&bets->above);
	double		below = capital_log(&bets->below);

	return on == JRN_BET_GREATER ? above : on == JRN_BET_LESS ? below :
		fmax(above, below) - log(2.0);
}

typedef struct betting_call
{
	const jrn_env *env;
	const double *y;
	const double *lambda;
	size_t		n;
	double		bar;			/* ln(2/alpha): more than this and m is out */
} betting_call;

/* lanes[j] *= 1 + sign min(lambda, cap) (y - m) over whole rows of lanes */
static void
multiply_block(const double *restrict y, const double *restrict lambda, size_t rows,
			   double m, double cap, double sign, double *restrict lanes)
{
	size_t		i;
	int			j;

	for (i = 0; i + LANES <= rows; i += LANES)
		for (j = 0; j < LANES; j++)
		{
			double		bet = lambda[i + j] < cap ? lambda[i + j] : cap;

			lanes[j] *= 1.0 + sign * bet * (y[i + j] - m);
		}
	for (j = 0; i < rows; i++, j++)
		lanes[j] *= 1.0 + sign * (lambda[i] < cap ? lambda[i] : cap) * (y[i] - m);
}

/* ln K+(m) for a positive sign, ln K-(m) for a negative one. */
static jrn_status
log_capital(const betting_call *call, double m, double sign, double *log_k)
{
	double		cap = MOST / (sign > 0.0 ? m : 1.0 - m);
	double		lanes[LANES] = {1, 1, 1, 1, 1, 1, 1, 1};
	jrn_capital all = {1.0, 0.0};
	size_t		first;
	int			j;

	for (first = 0; first < call->n; first += BLOCK)
	{
		size_t		rows = call->n - first < BLOCK ? call->n - first : BLOCK;

		if (first % ROWS_PER_TICK == 0)
			JRN_TICK(call->env);
		multiply_block(call->y + first, call->lambda + first, rows, m, cap, sign, lanes);
		for (j = 0; j < LANES; j++)
		{
			int			power;

			lanes[j] = frexp(lanes[j], &power);
			all.power += power;
		}
	}
	for (j = 0; j < LANES; j++)
		all.fraction *= lanes[j];
	*log_k = capital_log(&all);
	return JRN_OK;
}

/*
 * R-BET-3: from `out`, where the capital may be too large for m to be in, to
 * `in`, where it never is: no bet wins against the far limit.
 */
static jrn_status
find_end(const betting_call *call, double out, double in, double sign, double *end)
{
	double		log_k;
	int			i;

	*end = out;
	JRN_TRY(log_capital(call, out, sign, &log_k));
	if (log_k < call->bar)
		return JRN_OK;			/* the limit itself is in */
	for (i = 0; i < HALVINGS; i++)
	{
		double		middle = 0.5 * (out + in);

		JRN_TRY(log_capital(call, middle, sign, &log_k));
		if (log_k < call->bar)
			in = middle;
		else
			out = middle;
	}
	*end = out;
	return JRN_OK;
}

/* The bets, in order. */
static jrn_status
place_bets(const jrn_env *env, const double *y, size_t n, double alpha, double *lambda)
{
	jrn_bettor	bettor;
	size_t		i;

	bettor_open(&bettor, alpha);
	for (i = 0; i < n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		if (!(y[i] >= 0.0 && y[i] <= 1.0))
			return JRN_DOMAIN;
		lambda[i] = bettor_next(&bettor);
		bettor_see(&bettor, y[i]);
	}
	return JRN_OK;
}

static jrn_status
mean_and_error(const jrn_env *env, const double *y, size_t n, jrn_betting_result *result)
{
	jrn_acc		squares = {0.0, 0.0};
	size_t		i;

	result->mean = jrn_sum(y, n) / (double) n;
	for (i = 0; i < n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		jrn_acc_add(&squares, (y[i] - result->mean) * (y[i] - result->mean));
	}
	result->std_error = n < 2 ? NAN :
		sqrt(jrn_acc_value(&squares) / ((double) n - 1.0) / (double) n);
	return JRN_OK;
}

jrn_status
jrn_betting_sequence(const jrn_env *env, const double *y, size_t n, double alpha,
					 jrn_betting_result *result)
{
	betting_call call;
	double	   *lambda;

	if (n < 1 || !(alpha > 0.0 && alpha < 1.0))
		return JRN_DOMAIN;
	JRN_TRY(jrn_alloc_array(env, n, sizeof(double), &lambda));
	JRN_TRY(place_bets(env, y, n, alpha, lambda));
	call.env = env;
	call.y = y;
	call.lambda = lambda;
	call.n = n;
	call.bar = log(2.0) - log(alpha);
	JRN_TRY(mean_and_error(env, y, n, result));
	JRN_TRY(find_end(&call, 0.0, 1.0, 1.0, &result->low));
	JRN_TRY(find_end(&call, 1.0, 0.0, -1.0, &result->high));
	jrn_release(env, lambda);
	result->found = result->low <= result->high ? JRN_BET_INTERVAL : JRN_BET_NONE;
	if (result->found == JRN_BET_NONE)
		result->low = result->high = NAN;	/* R-BET-4 */
	return JRN_OK;
}
