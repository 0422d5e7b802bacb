/*
 * test_kdtree.c
 *		The tree against looking at every point: neighbours, counts, ties,
 *		windows, duplicates.
 */
#include <stdlib.h>

#include "tap.h"

#include "../../src/core/kdtree.h"
#include "../../src/core/random.h"

#define N_MAX 250
#define K_MAX 6

/* Points of a kind: 0 uniform, 1 small whole numbers, 2 a slow walk, 3 mostly
 * one value, 4 a curve, 5 all equal. */
static void
make_points(double *x, int n, int m, int kind, uint64_t seed)
{
	double		walk[8] = {0};
	int			i,
				c;

	for (i = 0; i < n; i++)
		for (c = 0; c < m; c++)
		{
			const uint64_t at = (uint64_t) (i * m + c);
			const double u = jrn_random_uniform(seed, at);

			walk[c] += u - .5;
			switch (kind)
			{
				case 0:
					x[at] = u;
					break;
				case 1:
					x[at] = floor(4 * u);
					break;
				case 2:
					x[at] = walk[c];
					break;
				case 3:
					x[at] = u < .9 ? 0 : floor(10 * u * u);
					break;
				case 4:
					x[at] = cos((i % 97) * .1 + c);
					break;
				default:
					x[at] = 7;
			}
		}
}

static double
square(const double *x, int m, int a, int b)
{
	double		sum = 0;
	int			c;

	for (c = 0; c < m; c++)
		sum += (x[a * m + c] - x[b * m + c]) * (x[a * m + c] - x[b * m + c]);
	return sum;
}

/* Neighbours of point i by looking at all: ascending by (distance, number). */
static int
all_neighbours(const double *x, int n, int m, int i, jrn_kd_rule rule, int32_t *found)
{
	int			count = 0;
	int			j,
				at;

	for (j = 0; j < n; j++)
	{
		double		s = square(x, m, i, j);

		if (llabs((long long) i - j) <= rule.window || (rule.skip_zero && s == 0))
			continue;
		for (at = count++; at > 0 && square(x, m, i, found[at - 1]) > s; at--)
			found[at] = found[at - 1];
		found[at] = j;
	}
	return count;
}

static void
compare_nearest(const double *x, int n, int m, int kind, jrn_kd_rule rule)
{
	static int32_t want[N_MAX];
	jrn_env		env = host_env();
	const jrn_kd_points points = {x, (size_t) n, m, (size_t) m, 1};
	jrn_kdtree	tree;
	int32_t    *got;
	double	   *distances;
	size_t	   *start;
	int32_t    *near;
	const double radius = .35;
	bool		same = true;
	bool		near_same = true;
	int64_t		tied = 0;
	int64_t		got_tied;
	int			k,
				i,
				j;

	jrn_alloc_array(&env, (size_t) n * K_MAX, sizeof(int32_t), &got);
	jrn_alloc_array(&env, (size_t) n * K_MAX, sizeof(double), &distances);
	jrn_alloc_array(&env, (size_t) n + 1, sizeof(size_t), &start);
	ok(jrn_kdtree_build(&env, &points, &tree) == JRN_OK, "built");
	for (k = 1; k <= K_MAX; k += 5)
	{
		ok(jrn_kdtree_nearest(&env, &tree, &rule, k, got, distances) == JRN_OK, "searched");
		for (i = 0; i < n; i++)
		{
			int			count = all_neighbours(x, n, m, i, rule, want);

			for (j = 0; j < k; j++)
				same = same && (j < count ? got[i * k + j] == want[j] && distances[i * k + j] == sqrt(square(x, m, i, want[j])) :
								got[i * k + j] == -1 && isinf(distances[i * k + j]));
		}
	}
	ok(same, "R-KD-1 nearest of %d points of kind %d in %d dimensions, window %d, %s zero", n, kind, m,
	   (int) rule.window, rule.skip_zero ? "skips" : "keeps");
	ok(jrn_kdtree_within(&env, &tree, &rule, radius, SIZE_MAX, start, &near) == JRN_OK, "gathered");
	ok(jrn_kdtree_count_tied(&env, &tree, rule.window, &got_tied) == JRN_OK, "tied");
	for (i = 0; i < n; i++)
	{
		int			count = all_neighbours(x, n, m, i, rule, want);
		bool		has_equal = false;
		int			inside = 0;

		while (inside < count && square(x, m, i, want[inside]) <= radius * radius)
			inside++;
		near_same = near_same && start[i + 1] - start[i] == (size_t) inside;
		for (j = 0; near_same && j < inside; j++)
		{
			size_t		at = start[i];

			while (at < start[i + 1] && near[at] != want[j])
				at++;
			near_same = at < start[i + 1];
		}
		for (j = 0; j < n; j++)
			has_equal = has_equal || (llabs((long long) i - j) > rule.window && square(x, m, i, j) == 0);
		tied += has_equal;
	}
	ok(near_same, "all within a radius");
	ok_int(got_tied, tied, "points with an equal one outside the window");
	host_reset();
}

static void
compare_close(const double *x, int n, int m, int kind)
{
	static const double radii[] = {0, .05, .3, 1, 1.5, 100};
	jrn_env		env = host_env();
	const jrn_kd_points points = {x, (size_t) n, m, (size_t) m, 1};
	jrn_kdtree	tree;
	size_t		r;

	jrn_kdtree_build(&env, &points, &tree);
	for (r = 0; r < sizeof(radii) / sizeof(radii[0]); r++)
	{
		int64_t		want = 0;
		int64_t		got;
		int			i,
					j,
					c;

		for (i = 0; i < n; i++)
			for (j = 0; j < n; j++)
			{
				for (c = 0; c < m && fabs(x[i * m + c] - x[j * m + c]) < radii[r]; c++)
					;
				want += i != j && c == m;
			}
		ok(jrn_kdtree_count_close(&env, &tree, radii[r], &got) == JRN_OK, "counted");
		ok_int(got, want, "R-KD-5 pairs closer than %g, kind %d, %d dimensions", radii[r], kind, m);
	}
	host_reset();
}

static void
test_against_all(void)
{
	static const int sizes[] = {1, 2, 12, 13, 30, 150, N_MAX};
	static double x[N_MAX * 6];
	size_t		s;
	int			kind,
				m;

	for (kind = 0; kind <= 5; kind++)
		for (s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
		{
			const jrn_kd_rule rules[] = {{0, false}, {0, true}, {5, true}, {40, false}, {N_MAX, true}};

			m = 1 + (int) ((s + (size_t) kind) % 6);
			make_points(x, sizes[s], m, kind, 11 + s);
			compare_nearest(x, sizes[s], m, kind, rules[(s + (size_t) kind) % 5]);
			compare_nearest(x, sizes[s], m, kind, rules[2]);
			compare_close(x, sizes[s], m, kind);
		}
}

/* Delay vectors share their numbers: the tree reads them with strides. */
static void
test_strides(void)
{
	static double x[300];
	static double flat[280 * 3];
	jrn_env		env = host_env();
	const jrn_kd_points delays = {x, 280, 3, 1, 7};
	const jrn_kd_points same = {flat, 280, 3, 3, 1};
	const jrn_kd_rule rule = {3, true};
	jrn_kdtree	a;
	jrn_kdtree	b;
	int32_t		got[280];
	int32_t		want[280];
	int			i;

	make_points(x, 300, 1, 0, 5);
	for (i = 0; i < 280 * 3; i++)
		flat[i] = x[i / 3 + 7 * (i % 3)];
	jrn_kdtree_build(&env, &delays, &a);
	jrn_kdtree_build(&env, &same, &b);
	jrn_kdtree_nearest(&env, &a, &rule, 1, got, NULL);
	jrn_kdtree_nearest(&env, &b, &rule, 1, want, NULL);
	ok(memcmp(got, want, sizeof(got)) == 0, "delay vectors are points");
}

/*
 * R-KD-2, R-KD-3: what would be quadratic ends within a second or so: points
 * that are all equal, mostly equal, and a slow line behind a wide window.
 */
static void
test_worst_cases(void)
{
	enum
	{
	N = 60000};
	jrn_env		env = host_env();
	double	   *x;
	int32_t    *got;
	int			kind,
				i;

	jrn_alloc_array(&env, N, sizeof(double), &x);
	jrn_alloc_array(&env, N, sizeof(int32_t), &got);
	for (kind = 0; kind < 4; kind++)
	{
		const jrn_kd_points points = {x, N - 1, 2, 1, 1};
		const jrn_kd_rule rule = {kind == 2 ? N / 10 : 1, kind != 3};
		jrn_kdtree	tree;
		int64_t		tied;
		int64_t		pairs;

		for (i = 0; i < N; i++)
			x[i] = kind == 0 || kind == 3 ? 1 : kind == 1 ? (i % 10 == 0) * (double) (i % 7) : ldexp(i, -10);
		ok(jrn_kdtree_build(&env, &points, &tree) == JRN_OK, "built");
		ok(jrn_kdtree_nearest(&env, &tree, &rule, 1, got, NULL) == JRN_OK, "R-KD-2 R-KD-3 worst case %d is searched", kind);
		ok(jrn_kdtree_count_tied(&env, &tree, 1, &tied) == JRN_OK, "tied");
		ok(jrn_kdtree_count_close(&env, &tree, .5, &pairs) == JRN_OK, "counted");
		if (kind == 0)
			ok(got[5] == -1 && tied == N - 1, "equal points have no neighbour at a distance");
		if (kind == 0)
			ok_int(pairs, (int64_t) (N - 1) * (N - 2), "and are all close");
		if (kind == 2)
			ok(got[0] == N / 10 + 1 && got[N / 2] == N / 2 - N / 10 - 1, "the first outside the window, of two the smaller");
		if (kind == 3)
			ok(got[0] == 2 && got[1] == 3 && got[2] == 0 && got[N / 2] == 0, "of equal ones the smallest number");
	}
	host_reset();
}

static void
test_refusals(void)
{
	jrn_env		env = host_env();
	double		x[4] = {0, 1, 2, 3};
	jrn_kd_points points = {x, 4, 0, 1, 1};
	jrn_kd_rule rule = {0, false};
	jrn_kdtree	tree;
	int32_t		got[4];
	size_t		start[5];
	int32_t    *near;
	int64_t		pairs;

	ok(jrn_kdtree_build(&env, &points, &tree) == JRN_DOMAIN, "no dimension");
	points.dimension = JRN_KD_MAX_DIMENSION + 1;
	ok(jrn_kdtree_build(&env, &points, &tree) == JRN_DOMAIN, "65 dimensions");
	points.dimension = 1;
	points.count = JRN_KD_MAX_POINTS + 1;
	ok(jrn_kdtree_build(&env, &points, &tree) == JRN_LIMIT, "too many points");
	points.count = 0;
	ok(jrn_kdtree_build(&env, &points, &tree) == JRN_OK && jrn_kdtree_nearest(&env, &tree, &rule, 1, got, NULL) == JRN_OK &&
	   jrn_kdtree_count_close(&env, &tree, 1, &pairs) == JRN_OK && pairs == 0, "no points");
	points.count = 4;
	jrn_kdtree_build(&env, &points, &tree);
	ok(jrn_kdtree_nearest(&env, &tree, &rule, 0, got, NULL) == JRN_DOMAIN, "no neighbours wanted");
	ok(jrn_kdtree_count_close(&env, &tree, NAN, &pairs) == JRN_DOMAIN, "a radius that is no number");
	ok(jrn_kdtree_within(&env, &tree, &rule, -1, 9, start, &near) == JRN_DOMAIN, "a negative radius");
	ok(jrn_kdtree_within(&env, &tree, &rule, 9, 11, start, &near) == JRN_LIMIT, "12 neighbours where 11 may be");
	ok(jrn_kdtree_within(&env, &tree, &rule, 9, 12, start, &near) == JRN_OK && start[4] == 12, "12 where 12 may be");
	rule.window = -1;
	ok(jrn_kdtree_nearest(&env, &tree, &rule, 1, got, NULL) == JRN_DOMAIN, "a negative window");
}

static jrn_status
everything(const jrn_env *env, void *arg)
{
	static double x[3000 * 2];
	const jrn_kd_points points = {x, 3000, 2, 2, 1};
	const jrn_kd_rule rule = {2, true};
	jrn_kdtree	tree;
	int32_t    *got;
	size_t	   *start;
	int32_t    *near;
	int64_t		pairs;

	make_points(x, 3000, 2, *(int *) arg, 3);
	JRN_TRY(jrn_alloc_array(env, 3000 * 2, sizeof(int32_t), &got));
	JRN_TRY(jrn_alloc_array(env, 3001, sizeof(size_t), &start));
	JRN_TRY(jrn_kdtree_build(env, &points, &tree));
	JRN_TRY(jrn_kdtree_nearest(env, &tree, &rule, 2, got, NULL));
	JRN_TRY(jrn_kdtree_within(env, &tree, &rule, .01, SIZE_MAX, start, &near));
	JRN_TRY(jrn_kdtree_count_tied(env, &tree, 2, &pairs));
	return jrn_kdtree_count_close(env, &tree, .1, &pairs);
}

void
test_kdtree(void)
{
	int			kind = 0;

	test_against_all();
	test_strides();
	test_worst_cases();
	test_refusals();
	ok_survives(everything, &kind, "tree of uniform points");
	kind = 1;
	ok_survives(everything, &kind, "tree of few values");
}
