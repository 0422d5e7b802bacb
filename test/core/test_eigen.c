/*
 * test_eigen.c
 *		Eigenvalues and vectors against closed forms, and against what defines
 *		them: A V = V D and V V' = 1.
 */
#include "tap.h"

#include "../../src/core/eigen.h"
#include "../../src/core/random.h"

#define MOST 40

static double packed[MOST * (MOST + 1) / 2];
static double values[MOST];
static double vectors[MOST * MOST];

static double
entry(size_t i, size_t j)
{
	return i >= j ? packed[i * (i + 1) / 2 + j] : packed[j * (j + 1) / 2 + i];
}

/* Largest deviations from A v = d v, and from orthonormal rows. */
static void
defects(size_t n, double *equation, double *orthogonality)
{
	size_t		i,
				j,
				k;

	*equation = *orthogonality = 0.0;
	for (i = 0; i < n; i++)
		for (j = 0; j < n; j++)
		{
			double		product = 0.0;
			double		inner = 0.0;

			for (k = 0; k < n; k++)
			{
				product += entry(j, k) * vectors[i * n + k];
				inner += vectors[i * n + k] * vectors[j * n + k];
			}
			*equation = fmax(*equation, fabs(product - values[i] * vectors[i * n + j]));
			*orthogonality = fmax(*orthogonality, fabs(inner - (i == j ? 1.0 : 0.0)));
		}
}

static void
ok_eigen(size_t n, double size, const char *name)
{
	jrn_env		env = host_env();
	double		equation;
	double		orthogonality;
	bool		falling = true;
	size_t		i;

	ok_int(jrn_eigen(&env, packed, n, values, vectors), JRN_OK, "%s: solved", name);
	defects(n, &equation, &orthogonality);
	for (i = 1; i < n; i++)
		falling = falling && values[i] <= values[i - 1];
	ok(equation <= 1e-14 * (double) n * size && orthogonality <= 1e-14 * (double) n,
	   "%s: A v = d v (%g) and orthonormal (%g)", name, equation, orthogonality);
	ok(falling, "%s: eigenvalues fall", name);
}

/* Gram matrix of n columns of noise in rank dimensions. */
static void
make_gram(size_t n, size_t rank, uint64_t stream, double size)
{
	size_t		i,
				j,
				k;

	for (i = 0; i < n; i++)
		for (j = 0; j <= i; j++)
		{
			double		sum = 0.0;

			for (k = 0; k < rank; k++)
				sum += jrn_random_normal(stream, i * 100 + k) * jrn_random_normal(stream, j * 100 + k);
			packed[i * (i + 1) / 2 + j] = sum * size;
		}
}

/* Second differences: 2 - 2 cos(pi k / (n + 1)). */
static void
test_known(void)
{
	size_t		n = 10;
	size_t		i;
	double		worst = 0.0;

	memset(packed, 0, sizeof(packed));
	for (i = 0; i < n; i++)
	{
		packed[i * (i + 1) / 2 + i] = 2.0;
		if (i > 0)
			packed[i * (i + 1) / 2 + i - 1] = -1.0;
	}
	ok_eigen(n, 4.0, "second differences");
	for (i = 0; i < n; i++)
		worst = fmax(worst, fabs(values[i] - (2.0 - 2.0 * cos(3.14159265358979323846 *
															   (double) (n - i) / (double) (n + 1)))));
	ok(worst < 1e-14, "second differences: closed form (%g)", worst);
	for (i = 0; i < n * (n + 1) / 2; i++)
		packed[i] = 0.5;
	for (i = 0; i < n; i++)
		packed[i * (i + 1) / 2 + i] = 1.0;
	ok_eigen(n, 5.5, "equal correlations");
	ok_close(values[0], 5.5, 1e-14, "equal correlations: 1 + (n - 1)/2");
	ok_close(values[9], 0.5, 1e-14, "equal correlations: 1/2, nine times");
}

static jrn_status
survive(const jrn_env *env, void *arg)
{
	(void) arg;
	return jrn_eigen(env, packed, MOST, values, vectors);
}

void
test_eigen(void)
{
	jrn_env		env = host_env();
	size_t		n;

	test_known();
	for (n = 1; n <= 4; n++)
	{
		make_gram(n, n, n, 1.0);
		ok_eigen(n, packed[n * (n + 1) / 2 - 1] * (double) n, "small");
	}
	make_gram(MOST, MOST, 9, 1.0);
	ok_eigen(MOST, 160.0, "full rank");
	make_gram(MOST, 5, 10, 1.0);
	ok_eigen(MOST, 160.0, "rank 5");
	ok(fabs(values[5]) < 1e-12 && values[4] > 1.0, "rank 5: five eigenvalues that count");
	make_gram(8, 8, 11, 1e300);
	ok_eigen(8, 3e301, "huge entries");
	make_gram(8, 8, 12, 1e-300);
	ok_eigen(8, 3e-299, "tiny entries");
	memset(packed, 0, sizeof(packed));
	ok_eigen(6, 1.0, "the zero matrix");
	ok(values[0] == 0.0 && values[5] == 0.0, "the zero matrix has eigenvalues 0");
	ok_int(jrn_eigen(&env, packed, 0, values, vectors), JRN_OK, "no rows");
	packed[3] = NAN;
	ok_int(jrn_eigen(&env, packed, 6, values, vectors), JRN_NONFINITE, "NaN is refused");
	make_gram(MOST, MOST, 13, 1.0);
	ok_survives(survive, NULL, "eigen");
}
