/*
 * test_fft.c
 *		The Fourier transform against its definition, lengths, turns.
 *
 * Provenance: sums written out in long double; Parseval's identity.
 */
#include "tap.h"

#include "../../src/core/fft.h"
#include "../../src/core/random.h"

#define LONGEST 4096

static double x[LONGEST];
static double back[LONGEST];
static double re[LONGEST / 2 + 1];
static double im[LONGEST / 2 + 1];

static void
fill(size_t n)
{
	size_t		t;

	for (t = 0; t < n; t++)
		x[t] = jrn_random_normal(n, t) + 3.0;
}

/* Largest error of a coefficient by the sum that defines it, R-FFT-2. */
static double
error_of(size_t n)
{
	const long double pi = 3.14159265358979323846264338327950288L;
	double		worst = 0.0;
	size_t		k;
	size_t		t;

	for (k = 0; k <= n / 2; k++)
	{
		long double r = 0,
					i = 0;

		for (t = 0; t < n; t++)
		{
			const long double a = 2 * pi * (long double) (k * t % n) / (long double) n;

			r += x[t] * cosl(a);
			i -= x[t] * sinl(a);
		}
		worst = fmax(worst, (double) fmaxl(fabsl(r - re[k]), fabsl(i - im[k])));
	}
	return worst;
}

static void
test_definition(void)
{
	static const size_t lengths[] = {1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 18, 20, 25, 27, 30, 32,
	36, 45, 60, 75, 80, 81, 96, 100, 120, 125, 135, 225, 240, 256, 375, 500, 625, 640, 1000};
	jrn_env		env = host_env();
	size_t		i;
	size_t		t;

	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
	{
		const size_t n = lengths[i];
		const double scale = 4.0 * sqrt((double) n);
		double		worst = 0.0;
		jrn_fft		fft;

		fill(n);
		ok(jrn_fft_init(&env, n, &fft) == JRN_OK, "length %zu", n);
		ok(jrn_fft_forward(&env, &fft, x, re, im) == JRN_OK, "forward");
		ok(error_of(n) < 1e-15 * scale * (2 + log2((double) n)), "R-FFT-2 every coefficient of length %zu", n);
		ok(jrn_fft_inverse(&env, &fft, re, im, back) == JRN_OK, "inverse");
		for (t = 0; t < n; t++)
			worst = fmax(worst, fabs(back[t] - x[t]));
		ok(worst < 3e-14, "R-FFT-3 and back, length %zu", n);
		jrn_fft_release(&env, &fft);
	}
	host_reset();
}

static void
test_lengths(void)
{
	jrn_env		env = host_env();
	jrn_fft		fft;
	size_t		n;
	bool		near = true;

	ok_int((long long) jrn_fft_length_below(1021), 1000, "below 1021");
	ok_int((long long) jrn_fft_length_above(1021), 1024, "above 1021");
	ok_int((long long) jrn_fft_length_below(1), 1, "below 1");
	for (n = 100; n <= 20000; n++)
		near = near && jrn_fft_length_below(n) + n / 10 >= n;
	ok(near, "from 100 on a smooth length lies within a tenth");
	ok(jrn_fft_init(&env, 0, &fft) == JRN_DOMAIN, "R-FFT-4 length 0");
	ok(jrn_fft_init(&env, 14, &fft) == JRN_DOMAIN, "R-FFT-4 a factor of 7");
	ok(jrn_fft_init(&env, (size_t) 1 << 29, &fft) == JRN_LIMIT, "R-FFT-4 too long");
	host_reset();
}

static void
test_turns(void)
{
	double		worst = 0.0;
	double		c,
				s;
	uint64_t	k;

	for (k = 0; k < 5000; k++)
	{
		const long double a = 2 * 3.14159265358979323846264338327950288L * (long double) k / 2000;

		jrn_turn(k, 2000, &c, &s);
		worst = fmax(worst, (double) fmaxl(fabsl(c - cosl(a)), fabsl(s - sinl(a))));
	}
	ok(worst < 2.3e-16, "cosine and sine of turns: worst error %g", worst);
	jrn_turn(3, 4, &c, &s);
	ok(c == 0.0 && s == -1.0, "three quarters are exact");
	jrn_turn((uint64_t) 1 << 49, (uint64_t) 1 << 50, &c, &s);
	ok(c == -1.0 && s == 0.0, "half a turn of 2^50");
}

static jrn_status
there_and_back(const jrn_env *env, void *arg)
{
	jrn_fft		fft;

	(void) arg;
	JRN_TRY(jrn_fft_init(env, LONGEST, &fft));
	JRN_TRY(jrn_fft_forward(env, &fft, x, re, im));
	return jrn_fft_inverse(env, &fft, re, im, back);
}

void		test_fft(void);
void
test_fft(void)
{
	test_definition();
	test_lengths();
	test_turns();
	fill(LONGEST);
	ok_survives(there_and_back, NULL, "transform");
}
