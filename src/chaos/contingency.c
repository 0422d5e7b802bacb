/*
 * contingency.c
 *		Tables of next event x yes/no outcome (see contingency.h).
 */
#include <math.h>

#include "contingency.h"

#include "../core/dist.h"
#include "../core/gamma.h"
#include "../core/random.h"

/* Expected count from which the chi-square distribution serves. */
#define G_EXPECTED 5.0

/* Groups up to this size are drawn one by one. */
#define SMALL_GROUP 16

jrn_fork_cell
jrn_fork_total(const jrn_fork_cell *cells, size_t count, size_t *groups, size_t *largest)
{
	jrn_fork_cell total = {0.0, 0.0, 0.0};
	size_t		i;

	*groups = 0;
	*largest = 0;
	for (i = 0; i < count; i++)
	{
		total.n += cells[i].n;
		total.sum += cells[i].sum;
		total.squares += cells[i].squares;
		*groups += cells[i].n > 0.0;
		if (cells[i].n > cells[*largest].n)
			*largest = i;
	}
	return total;
}

static double
x_log_x(double x)
{
	return x > 0.0 ? x * log(x) : 0.0;
}

/*
 * The part of G that depends on the table when its margins are given; G is
 * twice the difference to that of the expected table.
 */
static double
table_part(double yes, double n)
{
	return x_log_x(yes) + x_log_x(n - yes);
}

static double
log_choose(double n, double x)
{
	return jrn_log_gamma(n + 1.0) - jrn_log_gamma(x + 1.0) - jrn_log_gamma(n - x + 1.0);
}

/*
 * Inversion, walking outwards from the mode, where the probability mass lies.
 * If rounding leaves a crumb of the uniform after both tails, it is the mode.
 */
int64_t
jrn_hypergeometric(int64_t total, int64_t successes, int64_t draws, double uniform)
{
	const double n = (double) total;
	const double s = (double) successes;
	const double d = (double) draws;
	const double low = fmax(0.0, d - (n - s));
	const double high = fmin(d, s);
	double		mode = floor((d + 1.0) * ((s + 1.0) / (n + 2.0)));
	double		above,
				below,
				p_above,
				p_below;

	mode = fmin(fmax(mode, low), high);
	if (low == high)
		return (int64_t) low;
	p_above = exp(log_choose(s, mode) + log_choose(n - s, d - mode) - log_choose(n, d));
	p_below = p_above;
	above = below = mode;
	uniform -= p_above;
	if (uniform <= 0.0)
		return (int64_t) mode;
	while (above < high || below > low)
	{
		if (above < high)
		{
			p_above *= (s - above) / (above + 1.0) * ((d - above) / (n - s - d + above + 1.0));
			above += 1.0;
			uniform -= p_above;
			if (uniform <= 0.0)
				return (int64_t) above;
		}
		if (below > low)
		{
			p_below *= below / (s - below + 1.0) * ((n - s - d + below) / (d - below + 1.0));
			below -= 1.0;
			uniform -= p_below;
			if (uniform <= 0.0)
				return (int64_t) below;
		}
		if (p_above + p_below < 1e-18 * uniform)
			break;
	}
	return (int64_t) mode;
}

/*
 * Successes among n of `left` customers, `yes` of which are successes: small
 * groups are drawn one by one, one uniform each from the counter on.
 */
static int64_t
draw_group(int64_t left, int64_t yes, int64_t n, uint64_t stream, uint64_t counter)
{
	int64_t		drawn = 0;
	int64_t		i;

	if (n > SMALL_GROUP)
		return jrn_hypergeometric(left, yes, n, jrn_random_uniform(stream, counter));
	for (i = 0; i < n; i++)
		drawn += jrn_random_uniform(stream, counter + (uint64_t) i) * (double) (left - i) <
			(double) (yes - drawn);
	return drawn;
}

/*
 * Table part of one permutation of the outcomes (R-FORK-4).  Counters count
 * customers, so no two draws of a test share one.
 */
static double
permuted_table(const jrn_fork_cell *cells, size_t count, jrn_fork_cell total,
			   const double *small_logs, uint64_t stream, uint64_t counter)
{
	int64_t		left = (int64_t) total.n;
	int64_t		yes = (int64_t) total.sum;
	double		part = 0.0;
	size_t		i;

	for (i = 0; i < count; i++)
	{
		int64_t		n = (int64_t) cells[i].n;
		int64_t		drawn;

		if (n == 0)
			continue;
		drawn = draw_group(left, yes, n, stream, counter);
		part += n > SMALL_GROUP ? table_part((double) drawn, (double) n) :
			small_logs[drawn] + small_logs[n - drawn];
		counter += (uint64_t) n;
		left -= n;
		yes -= drawn;
	}
	return part;
}

/* Smallest expected count and G of a table of yes/no outcomes. */
static double
g_statistic(const jrn_fork_cell *cells, size_t count, jrn_fork_cell total,
			double *part, double *expected)
{
	double		margins = x_log_x(total.n) - x_log_x(total.sum) - x_log_x(total.n - total.sum);
	size_t		i;

	*part = 0.0;
	*expected = INFINITY;
	for (i = 0; i < count; i++)
		if (cells[i].n > 0.0)
		{
			*part += table_part(cells[i].sum, cells[i].n);
			margins -= x_log_x(cells[i].n);
			*expected = fmin(*expected, cells[i].n / total.n * fmin(total.sum, total.n - total.sum));
		}
	return fmax(2.0 * (*part + margins), 0.0);
}

jrn_status
jrn_contingency_test(const jrn_env *env, const jrn_fork_cell *cells, size_t count,
					 int32_t permutations, uint64_t stream, double *p_value)
{
	size_t		groups;
	size_t		largest;
	jrn_fork_cell total = jrn_fork_total(cells, count, &groups, &largest);
	double		part,
				expected,
				bound;
	double		small_logs[SMALL_GROUP + 1];
	double		g = g_statistic(cells, count, total, &part, &expected);
	int32_t		as_large = 0;
	int32_t		r;

	*p_value = NAN;
	if (groups < 2 || total.sum <= 0.0 || total.sum >= total.n)
		return JRN_OK;			/* R-FORK-3 */
	if (expected >= G_EXPECTED)
	{
		*p_value = jrn_chisq_upper(g, (double) groups - 1.0);
		return JRN_OK;
	}
	for (r = 0; r <= SMALL_GROUP; r++)
		small_logs[r] = x_log_x(r);
	/* equal tables may differ by rounding of the sums only */
	bound = part - 1e-9 * fmax(1.0, fabs(part));
	for (r = 0; r < permutations; r++)
	{
		as_large += permuted_table(cells, count, total, small_logs, stream,
								   (uint64_t) r * (uint64_t) total.n) >= bound;
		if (r % 16 == 0)
			JRN_TICK(env);
	}
	*p_value = (1.0 + as_large) / (1.0 + permutations);
	return JRN_OK;
}

/* Sum over groups of (successes)^2 / n after one permutation. */
static double
permuted_squares(const jrn_fork_cell *cells, size_t count, jrn_fork_cell total, uint64_t stream,
				 uint64_t counter)
{
	int64_t		left = (int64_t) total.n;
	int64_t		yes = (int64_t) total.sum;
	double		squares = 0.0;
	size_t		i;

	for (i = 0; i < count; i++)
	{
		int64_t		n = (int64_t) cells[i].n;
		int64_t		drawn;

		if (n == 0)
			continue;
		drawn = draw_group(left, yes, n, stream, counter);
		squares += (double) drawn * (double) drawn / cells[i].n;
		counter += (uint64_t) n;
		left -= n;
		yes -= drawn;
	}
	return squares;
}

jrn_status
jrn_contingency_squares(const jrn_env *env, const jrn_fork_cell *cells, size_t count,
						int32_t permutations, uint64_t stream, double *p_value)
{
	size_t		groups;
	size_t		largest;
	jrn_fork_cell total = jrn_fork_total(cells, count, &groups, &largest);
	double		squares = 0.0;
	int32_t		as_large = 0;
	int32_t		r;
	size_t		i;

	*p_value = NAN;
	if (groups < 2 || total.sum <= 0.0 || total.sum >= total.n)
		return JRN_OK;			/* R-FORK-3 */
	for (i = 0; i < count; i++)
		if (cells[i].n > 0.0)
			squares += cells[i].sum * cells[i].sum / cells[i].n;
	squares -= 1e-9 * squares;	/* equal tables may differ by rounding */
	for (r = 0; r < permutations; r++)
	{
		as_large += permuted_squares(cells, count, total, stream, (uint64_t) r * (uint64_t) total.n) >= squares;
		if (r % 16 == 0)
			JRN_TICK(env);
	}
	*p_value = (1.0 + as_large) / (1.0 + permutations);
	return JRN_OK;
}
