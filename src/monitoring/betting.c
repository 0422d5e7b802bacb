/*
 * betting.c
 *		Confidence sequence by betting (see betting.h).
 */
#include <math.h>
#include <stdbool.h>

#include "betting.h"

#include "../core/sort.h"
#include "../core/sums.h"

/* c_0: the most of itself a purse can lose. */
#define MOST 0.98

/*
 * A bet on above against a smaller mean than this is placed as if against
 * this: that purse holds less, so the e-value stays valid.  The same for bets
 * on below near 1.
 */
#define NEAREST 1e-200

/* An end is found when its bracket is not wider than this, R-BET-3. */
#define WIDTH 0x1p-44

/*
 * Observations between two looks at the powers of two.  The ends are looked
 * for at means of 2^-46 and more (or at 0 itself), so no factor is above 2^46
 * or below 0.02, and 16 of them stay inside the range of a double.
 */
#define LANES 8
#define BLOCK (16 * LANES)
#define ROWS_PER_TICK (64 * BLOCK)

/*
 * Outcomes that repeat (yes and no, ratings) are taken together when there are
 * so many fewer values than outcomes that their logarithms cost less.
 */
#define FEW_VALUES 32

#define OUTCOME_LESS(ctx, a, b) ((a) < (b))
JRN_SORT_DEFINE(sort_outcomes, double, int, OUTCOME_LESS)

/* c_d */
static double
part(int d)
{
	return ldexp(MOST, -d);
}

static void
normalise(jrn_purse *purse)
{
	int			power;

	purse->fraction = frexp(purse->fraction, &power);
	purse->power += power;
}

/* ln of the mean of the purses */
static double
log_mean(const jrn_purse purses[JRN_BET_PURSES])
{
	double		logs[JRN_BET_PURSES];
	double		largest = -INFINITY;
	double		sum = 0.0;
	int			d;

	for (d = 0; d < JRN_BET_PURSES; d++)
	{
		logs[d] = log(purses[d].fraction) + purses[d].power * log(2.0);
		largest = fmax(largest, logs[d]);
	}
	for (d = 0; d < JRN_BET_PURSES; d++)
		sum += exp(logs[d] - largest);
	return largest + log(sum / JRN_BET_PURSES);
}

void
jrn_bets_open(jrn_bets *bets, double m)
{
	int			d;

	bets->m = m;
	for (d = 0; d < JRN_BET_PURSES; d++)
	{
		bets->above[d].fraction = bets->below[d].fraction = 1.0;
		bets->above[d].power = bets->below[d].power = 0.0;
	}
}

static void
settle(jrn_purse *purse, double factor)
{
	purse->fraction *= factor;
	/* a factor lies between 0.02 and 1e200 */
	if (purse->fraction > 1e100 || purse->fraction < 1e-100)
		normalise(purse);
}

void
jrn_bets_add(jrn_bets *bets, double y)
{
	double		up = fmax(bets->m, NEAREST);
	double		down = fmax(1.0 - bets->m, NEAREST);
	double		gain = (y - up) / up;
	double		loss = (y - bets->m) / down;
	int			d;

	for (d = 0; d < JRN_BET_PURSES; d++)
	{
		settle(&bets->above[d], 1.0 + part(d) * gain);
		settle(&bets->below[d], 1.0 - part(d) * loss);
	}
}

double
jrn_bets_log_e(const jrn_bets *bets, jrn_bet_on on)
{
	double		above = log_mean(bets->above);
	double		below = log_mean(bets->below);

	return on == JRN_BET_GREATER ? above : on == JRN_BET_LESS ? below :
		fmax(above, below) - log(2.0);
}

typedef struct betting_call
{
	const jrn_env *env;
	const double *y;			/* rising */
	size_t		n;
	const double *count;		/* of each y, or NULL: 1 */
	double		bar;			/* ln(2/alpha): more than this and m is out */
} betting_call;

/* lanes[j] *= 1 + bet (y - m) over rows of lanes */
static void
multiply(const double *restrict y, size_t rows, double m, double bet, double *restrict lanes)
{
	size_t		i;
	int			j;

	for (i = 0; i + LANES <= rows; i += LANES)
		for (j = 0; j < LANES; j++)
			lanes[j] *= 1.0 + bet * (y[i + j] - m);
	for (j = 0; i < rows; i++, j++)
		lanes[j] *= 1.0 + bet * (y[i] - m);
}

/* The powers of two of the lanes go to the purse. */
static void
normalise_lanes(double *lanes, jrn_purse *purse)
{
	int			j;

	for (j = 0; j < LANES; j++)
	{
		int			power;

		lanes[j] = frexp(lanes[j], &power);
		purse->power += power;
	}
}

/* What the purses hold after all outcomes, one by one. */
static jrn_status
fill_purses(const betting_call *call, double m, double bet, jrn_purse *purses)
{
	double		lanes[JRN_BET_PURSES][LANES];
	size_t		first;
	int			d,
				j;

	for (d = 0; d < JRN_BET_PURSES; d++)
	{
		purses[d].fraction = 1.0;
		purses[d].power = 0.0;
		for (j = 0; j < LANES; j++)
			lanes[d][j] = 1.0;
	}
	for (first = 0; first < call->n; first += BLOCK)
	{
		size_t		rows = call->n - first < BLOCK ? call->n - first : BLOCK;

		if (first % ROWS_PER_TICK == 0)
			JRN_TICK(call->env);
		for (d = 0; d < JRN_BET_PURSES; d++)
		{
			multiply(call->y + first, rows, m, part(d) * bet, lanes[d]);
			normalise_lanes(lanes[d], &purses[d]);
		}
	}
	for (d = 0; d < JRN_BET_PURSES; d++)
		for (j = 0; j < LANES; j++)
			purses[d].fraction *= lanes[d][j];
	return JRN_OK;
}

/* The same by the number of times that each value occurs. */
static jrn_status
fill_by_count(const betting_call *call, double m, double bet, jrn_purse *purses)
{
	int			d;

	for (d = 0; d < JRN_BET_PURSES; d++)
	{
		double		sum = 0.0;
		double		power;
		size_t		i;

		for (i = 0; i < call->n; i++)
		{
			if (i % BLOCK == 0)
				JRN_TICK(call->env);
			sum += call->count[i] * log1p(part(d) * bet * (call->y[i] - m));
		}
		power = floor(sum / log(2.0));
		purses[d].fraction = exp(sum - power * log(2.0));
		purses[d].power = power;
	}
	return JRN_OK;
}

/* ln K+(m) for sign 1, ln K-(m) for -1; infinite where m cannot be. */
static jrn_status
log_capital(const betting_call *call, double m, double sign, double *log_k)
{
	double		room = sign > 0.0 ? m : 1.0 - m;
	jrn_purse	purses[JRN_BET_PURSES];

	if (room == 0.0)
	{
		/* a mean at the limit has every outcome there */
		bool		all = sign > 0.0 ? call->y[call->n - 1] == 0.0 : call->y[0] == 1.0;

		*log_k = all ? -INFINITY : INFINITY;
		return JRN_OK;
	}
	if (call->count != NULL)
		JRN_TRY(fill_by_count(call, m, sign / room, purses));
	else
		JRN_TRY(fill_purses(call, m, sign / room, purses));
	*log_k = log_mean(purses);
	return JRN_OK;
}

/* Where an end is looked for: m is out at one side and in at the other. */
typedef struct bracket
{
	double		out;
	double		in;
	double		f_out;			/* weights: how far ln K is from the bar */
	double		f_in;
	int			last;			/* which side moved last */
} bracket;

/*
 * The next m to try.  First where a normal mean would have its ends, a bit
 * farther and a bit nearer; then by false position; should that go on for
 * long, by halves.
 */
static double
next_try(const bracket *b, int step, double mean, double reach)
{
	double		low = fmin(b->out, b->in) + 0.5 * WIDTH;
	double		high = fmax(b->out, b->in) - 0.5 * WIDTH;
	double		guess = 0.5 * (b->out + b->in);

	if (step <= 2)
		guess = mean + (b->out < mean ? -reach : reach) * (step == 1 ? 1.3 : 0.7);
	else if (step <= 60 && isfinite(b->f_out))
		/* a step of its width beyond an end that is all but right closes the bracket */
		return fmin(fmax(b->out + (b->in - b->out) * (b->f_out / (b->f_out - b->f_in)), low), high);
	return guess > low && guess < high ? guess : 0.5 * (b->out + b->in);
}

/* An end that stays loses half of its weight (Illinois). */
static void
move_bracket(bracket *b, double m, double f)
{
	if (f < 0.0)
	{
		b->in = m;
		b->f_in = f;
		b->f_out *= b->last < 0 ? 0.5 : 1.0;
		b->last = -1;
	}
	else
	{
		b->out = m;
		b->f_out = f;
		b->f_in *= b->last > 0 ? 0.5 : 1.0;
		b->last = 1;
	}
}

/*
 * R-BET-3: the end between a limit, which may be out, and the sample mean,
 * which is in (R-BET-4).
 */
static jrn_status
find_end(const betting_call *call, double limit, const jrn_betting_result *seen, double sign,
		 double *end)
{
	/* a normal mean: z^2/2 = bar and what twelve purses cost */
	double		reach = sqrt(2.0 * (call->bar + 2.5)) * seen->std_error;
	bracket		b;
	double		f;
	int			step;

	*end = limit;
	JRN_TRY(log_capital(call, limit, sign, &f));
	if (f < call->bar)
		return JRN_OK;			/* the limit itself is in */
	b.out = limit;
	b.in = seen->mean;
	b.f_out = f - call->bar;
	b.f_in = -call->bar;		/* it is no larger there */
	b.last = 0;
	for (step = 1; fabs(b.in - b.out) > WIDTH; step++)
	{
		double		m = next_try(&b, step, seen->mean, reach);

		JRN_TRY(log_capital(call, m, sign, &f));
		move_bracket(&b, m, f - call->bar);
	}
	*end = b.out;
	return JRN_OK;
}

/* A rising copy of the outcomes, R-BET-1. */
static jrn_status
sorted_copy(const jrn_env *env, const double *y, size_t n, double **copy)
{
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, n, sizeof(double), copy));
	for (i = 0; i < n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		if (!(y[i] >= 0.0 && y[i] <= 1.0))
			return JRN_DOMAIN;
		(*copy)[i] = y[i] + 0.0;	/* no -0 */
	}
	return sort_outcomes(env, *copy, n, 0);
}

/* y[n], rising, becomes its values with their counts if these are few. */
static jrn_status
take_together(const jrn_env *env, double *y, size_t n, betting_call *call)
{
	double	   *count;
	size_t		values = 1;
	size_t		i;

	call->y = y;
	call->n = n;
	call->count = NULL;
	for (i = 1; i < n; i++)
		values += y[i] > y[i - 1];
	JRN_TICK(env);
	if (values > n / FEW_VALUES)
		return JRN_OK;
	JRN_TRY(jrn_alloc_zeroed(env, values, sizeof(double), &count));
	values = 0;
	for (i = 0; i < n; i++)
	{
		if (i > 0 && y[i] > y[values])
			values++;
		y[values] = y[i];
		count[values] += 1.0;
	}
	JRN_TICK(env);
	call->n = values + 1;
	call->count = count;
	return JRN_OK;
}

static jrn_status
mean_and_error(const jrn_env *env, const double *y, size_t n, jrn_betting_result *result)
{
	jrn_acc		sum = {0.0, 0.0};
	jrn_acc		squares = {0.0, 0.0};
	size_t		i;

	for (i = 0; i < n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		jrn_acc_add(&sum, y[i]);
	}
	result->mean = fmin(jrn_acc_value(&sum) / (double) n, 1.0);
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
	double	   *sorted;

	if (n < 1 || !(alpha > 0.0 && alpha < 1.0))
		return JRN_DOMAIN;
	JRN_TRY(sorted_copy(env, y, n, &sorted));
	call.env = env;
	call.bar = log(2.0) - log(alpha);
	JRN_TRY(mean_and_error(env, sorted, n, result));
	JRN_TRY(take_together(env, sorted, n, &call));
	JRN_TRY(find_end(&call, 0.0, result, 1.0, &result->low));
	JRN_TRY(find_end(&call, 1.0, result, -1.0, &result->high));
	jrn_release(env, sorted);
	return JRN_OK;
}
