/*
 * test_charts.c
 *		Charts of strategies, calibration, ROC, retention and history: any
 *		rows give well-formed pictures whose texts keep apart at every width;
 *		equal rows give equal bytes; every failure of the host comes out.
 *
 * Provenance: the reader of svg_reader.h; areas and shades by hand.
 */
#include "svg_reader.h"

#include "../../src/core/random.h"
#include "../../src/reports/chart_calibration.h"
#include "../../src/reports/chart_forest.h"
#include "../../src/reports/chart_history.h"
#include "../../src/reports/chart_retention.h"
#include "../../src/reports/chart_roc.h"

#define ROWS 60

static const double widths[4] = {320, 720, 1600, 4096};

/* Labels that would break out, run over, or turn what stands beside them. */
static const char *const hostile[] = {
	"callback", "", " ", "</text></svg><script>alert(1)</script>", "\"'&lt;]]>", "a\001\002\033[31m\x7f", "\xff\xfe\xc0",
	"\xed\xa0\x80", "\xd7\xa9\xd7\x99\xd7\x97\xd7\x94 123", "\xe2\x80\xae" "evil\xe2\x81\xa6", "line\nbreak\ttab",
	"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7 family",
	"e\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86\xcc\x87\xcc\x88\xcc\x89\xcc\x8a\xcc\x8b\xcc\x8c zalgo",
	"WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
	"a name of two hundred characters that goes on and on, with words, until nobody remembers how it began, and then still goes on, because somebody pasted a whole sentence into the field for the name of a strategy",
	"\xef\xb7\xbd\xef\xb7\xbd\xef\xb7\xbd\xef\xb7\xbd", "\xe5\xae\xa2\xe6\x88\xb7\xe6\x9c\x8d\xe5\x8a\xa1\xe7\xad\x96\xe7\x95\xa5"
};

#define HOSTILE (sizeof(hostile) / sizeof(hostile[0]))

static const char *
pick_label(uint64_t seed, uint64_t i)
{
	uint64_t	x = jrn_random_u64(seed, i) % (HOSTILE + 1);

	return x == HOSTILE ? NULL : hostile[x];
}

/* Small, large, none. */
static double
pick_number(uint64_t seed, uint64_t i)
{
	static const double scales[6] = {1, 1e-9, 1e6, 1e17, 1e200, 0.01};
	double		x = jrn_random_normal(seed, i) * scales[seed % 6];

	return jrn_random_u64(seed + 1, i) % 5 == 0 ? NAN : x;
}

static char *
copy_of(const char *bytes, size_t size)
{
	char	   *copy = malloc(size);

	memcpy(copy, bytes, size);
	return copy;
}

/* ---- every chart over the same pool of rows ---- */

typedef struct pool
{
	size_t		count;
	const char *labels[ROWS];
	const char *others[ROWS];
	const char *states[ROWS];
	int64_t		whole[ROWS];
	int64_t		periods[ROWS];
	int64_t		at[ROWS];
	double		a[ROWS];
	double		b[ROWS];
	double		c[ROWS];
	double		rates[ROWS];
	double		width;
	bool		ascii;
	int			chart;
	const char *bytes;
	size_t		size;
} pool;

static void
fill_pool(pool *p, uint64_t seed, size_t count)
{
	static const char *const states[] = {"BLOCKED", "INVALID", "DEGRADED", "SWITCH", "KEEP", "INCONCLUSIVE", "strange", NULL};
	size_t		i;

	memset(p, 0, sizeof(*p));
	p->count = count;
	for (i = 0; i < count; i++)
	{
		p->labels[i] = pick_label(seed, i / 3);
		p->others[i] = pick_label(seed + 10, i);
		p->states[i] = states[jrn_random_u64(seed + 20, i) % 8];
		p->whole[i] = seed % 3 == 0 ? -1 : (int64_t) (jrn_random_u64(seed + 30, i) >> (jrn_random_u64(seed + 31, i) % 63 + 1));
		p->periods[i] = (int64_t) (i % 3 + (seed % 2) * (jrn_random_u64(seed + 40, i) % 1000));
		p->at[i] = (int64_t) (jrn_random_u64(seed + 50, i) >> (10 + seed % 30)) - ((int64_t) 1 << 40);
		p->a[i] = pick_number(seed + 60, i);
		p->b[i] = p->a[i] - fabs(pick_number(seed + 60, i + 1000));
		p->c[i] = p->a[i] + fabs(pick_number(seed + 60, i + 2000));
		p->rates[i] = jrn_random_u64(seed + 70, i) % 6 == 0 ? NAN : jrn_random_uniform(seed + 71, i);
	}
}

static jrn_status
draw(const jrn_env *env, void *arg)
{
	pool	   *p = arg;

	if (p->chart == 0)
	{
		jrn_forest	rows = {p->count, p->labels, p->others, p->whole, p->a, p->b, p->c, p->b, p->c, p->states, p->others};

		return jrn_chart_forest(env, &rows, p->width, p->ascii, &p->bytes, &p->size);
	}
	if (p->chart == 1)
	{
		jrn_calibration_rows rows = {p->count, p->whole, p->rates, p->rates, p->rates, p->rates};

		return jrn_chart_calibration(env, &rows, p->width, p->ascii, &p->bytes, &p->size);
	}
	if (p->chart == 2)
	{
		jrn_roc_rows rows = {p->count, p->rates, p->rates, p->rates[0], p->rates[0]};

		return jrn_chart_roc(env, &rows, p->width, p->ascii, &p->bytes, &p->size);
	}
	if (p->chart == 3)
	{
		jrn_retention_rows rows = {p->count, p->labels, p->periods, p->whole, p->whole, p->rates, p->rates, p->rates};

		return jrn_chart_retention(env, &rows, p->width, p->ascii, &p->bytes, &p->size);
	}
	else
	{
		jrn_history_rows rows = {p->count, p->at, p->labels, p->a, p->b, p->c, p->states, p->count % 2 == 0 ? NAN : -0.1, 0.1, p->others[0]};

		return jrn_chart_history(env, &rows, p->width, p->ascii, &p->bytes, &p->size);
	}
}

static const char *const chart_names[5] = {"strategies", "calibration", "ROC", "retention", "history"};

/* R-SVG-1, R-SVG-2, R-SVG-6 */
static void
test_hostile_rows(void)
{
	static pool p;
	static const size_t counts[4] = {0, 1, 7, ROWS};
	uint64_t	seed;

	for (seed = 1; seed <= 12; seed++)
		for (p.chart = 0; p.chart < 5; p.chart++)
		{
			jrn_env		env = host_env();
			int			chart = p.chart;
			jrn_status	status;
			char	   *first;
			size_t		size;

			fill_pool(&p, seed, counts[seed % 4]);
			p.chart = chart;
			p.width = widths[(seed + (uint64_t) chart) % 4];
			p.ascii = seed % 5 == 0;
			status = draw(&env, &p);
			ok_picture(status, p.bytes, p.size, p.width, chart_names[chart]);
			if (status != JRN_OK)
				continue;
			first = copy_of(p.bytes, p.size);
			size = p.size;
			ok(draw(&env, &p) == JRN_OK && p.size == size && memcmp(first, p.bytes, size) == 0,
			   "R-SVG-6 %s: equal bytes", chart_names[chart]);
			free(first);
			host_reset();
		}
}

static void
test_failures(void)
{
	static pool p;
	int			chart;

	for (chart = 0; chart < 5; chart++)
	{
		jrn_env		env = host_env();

		fill_pool(&p, 7, 12);
		p.chart = chart;
		p.width = 720;
		ok_survives(draw, &p, chart_names[chart]);
		p.width = 319;
		ok(draw(&env, &p) == JRN_DOMAIN, "%s: too narrow", chart_names[chart]);
		p.width = 4097;
		ok(draw(&env, &p) == JRN_DOMAIN, "%s: too wide", chart_names[chart]);
		host_reset();
	}
}

/* ---- what the pictures say ---- */

static bool
says(const pool *p, const char *words)
{
	return reader_has(p->bytes, p->size, words);
}

static void
test_forest_words(void)
{
	static const char *const names[5] = {"none", "up", "down", "even", "gone"};
	static const char *const base[5] = {"none", "none", "none", "none", "none"};
	static const char *const status[5] = {"ok", "ok", "ok", "ok", "no_overlap"};
	static const double difference[5] = {NAN, .2, -.2, .01, NAN};
	static const double low[5] = {NAN, .1, -.3, -.1, NAN};
	static const double high[5] = {NAN, .3, -.1, .12, NAN};
	static const int64_t n[5] = {1234, 5, 6, 7, 8};
	static const double none[5] = {NAN, NAN, NAN, NAN, NAN};
	static const char *const silent[5] = {NULL, NULL, NULL, NULL, NULL};
	jrn_env		env = host_env();
	jrn_forest	rows = {5, names, base, n, difference, low, high, none, none, status, silent};
	pool		p;

	ok(jrn_chart_forest(&env, &rows, 720, false, &p.bytes, &p.size) == JRN_OK, "five strategies");
	ok(says(&p, "Baseline: none") && says(&p, ">baseline<") && says(&p, "1,234"), "baseline and n");
	ok(says(&p, ">above the baseline<") && says(&p, ">below the baseline<") && says(&p, ">cannot be told from zero<"), "R-FOR-3 in words");
	ok(says(&p, ">no overlap: no figures<"), "R-FOR-1 why there is nothing");
	ok(says(&p, "+0.200 [0.100, 0.300]") && says(&p, "\xe2\x88\x92" "0.200 [\xe2\x88\x92" "0.300"), "figures");
	ok(!says(&p, "nan") && !says(&p, "NaN"), "nothing that is no number");
	rows.count = 10001;
	ok(jrn_chart_forest(&env, &rows, 720, false, &p.bytes, &p.size) == JRN_LIMIT, "too many");
	host_reset();
}

static void
test_roc_area(void)
{
	static const double tpr[4] = {0, .5, 1, 1};
	static const double fpr[4] = {0, 0, .5, 1};
	static const double one[2] = {0, 1};
	static const double no[2] = {NAN, NAN};
	jrn_env		env = host_env();
	jrn_roc_rows rows = {4, tpr, fpr, .7, .95};
	jrn_roc_rows class = {2, one, no, NAN, NAN};
	pool		p;
	double	   *many;
	size_t		i;

	ok(jrn_chart_roc(&env, &rows, 720, false, &p.bytes, &p.size) == JRN_OK && says(&p, "0.875, 95 % interval 0.700 to 0.950"), "R-ROC-2 area by hand");
	ok(jrn_chart_roc(&env, &class, 720, false, &p.bytes, &p.size) == JRN_OK && says(&p, "one class"), "one class");
	many = malloc(200001 * sizeof(double));
	for (i = 0; i <= 200000; i++)
		many[i] = (double) i / 200000;
	rows.tpr = rows.fpr = many;
	rows.count = 200001;
	ok(jrn_chart_roc(&env, &rows, 720, false, &p.bytes, &p.size) == JRN_OK && p.size < 100000 && says(&p, "0.500"),
	   "R-ROC-1 a long curve in %d bytes", (int) p.size);
	free(many);
	host_reset();
}

static void
test_history_marks(void)
{
	enum
	{
		N = 3000
	};
	static int64_t at[N];
	static const char *names[N];
	static const char *states[N];
	static double value[N];
	static double low[N];
	static double high[N];
	jrn_env		env = host_env();
	jrn_history_rows rows = {N, at, names, value, low, high, states, -.1, .1, NULL};
	pool		p;
	size_t		i;

	for (i = 0; i < N; i++)
	{
		at[i] = (int64_t) i * INT64_C(86400000000);
		names[i] = "callback";
		states[i] = i == 1500 ? "DEGRADED" : "KEEP";
		value[i] = i == 10 ? NAN : .01;
		low[i] = i == 0 ? -100 : -.02;
		high[i] = i == 0 ? 100 : .04;
	}
	ok(jrn_chart_history(&env, &rows, 320, false, &p.bytes, &p.size) == JRN_OK, "three thousand runs");
	ok_picture(JRN_OK, p.bytes, p.size, 320, "three thousand runs");
	ok(says(&p, ">! degraded<") && says(&p, "Last call for action: degraded, 2004-02-09"), "R-HIS-2 the one alarm is named");
	ok(says(&p, "jr-fbad"), "and marked");
	ok(says(&p, "cut at the edge"), "R-HIS-3 the widest interval is cut, and said");
	ok(!says(&p, ">100<"), "and does not set the scale");
	host_reset();
}

static void
test_calibration_words(void)
{
	static const double predicted[2] = {.1, .6};
	static const double observed[2] = {.2, .6};
	static const double low[2] = {.1, .5};
	static const double high[2] = {.3, .7};
	static const int64_t n[2] = {300, 100};
	jrn_env		env = host_env();
	jrn_calibration_rows rows = {2, n, predicted, observed, low, high};
	pool		p;

	ok(jrn_chart_calibration(&env, &rows, 720, false, &p.bytes, &p.size) == JRN_OK && says(&p, "n = 400 rows") && says(&p, "7.5\xc2\xa0%"),
	   "expected calibration error by hand");
	rows.count = 0;
	ok(jrn_chart_calibration(&env, &rows, 720, false, &p.bytes, &p.size) == JRN_OK && says(&p, "No predictions"), "no rows");
	host_reset();
}

static void
test_retention_shades(void)
{
	static const char *const cohorts[6] = {"2024-01-01", "2024-01-01", "2024-01-01", "2024-02-01", "2024-02-01", "2024-02-01"};
	static const int64_t periods[6] = {0, 1, 2, 0, 1, 2};
	static const int64_t sizes[6] = {1000, 1000, 1000, 50, 50, 50};
	static const int64_t retained[6] = {1000, 400, 0, 50, 10, 3};
	static const double rate[6] = {1, .4, 0, 1, .2, NAN};
	static const double none[6] = {NAN, NAN, NAN, NAN, NAN, NAN};
	jrn_env		env = host_env();
	jrn_retention_rows rows = {6, cohorts, periods, sizes, retained, rate, none, none};
	pool		p;

	ok(jrn_chart_retention(&env, &rows, 720, false, &p.bytes, &p.size) == JRN_OK, "two cohorts");
	ok(says(&p, ">40</text>") && says(&p, ">20</text>") && says(&p, ">0</text>") && !says(&p, ">100</text>"),
	   "R-RET-3 rates of the periods after the start");
	ok(says(&p, "class=\"jr-t8\"") && says(&p, "class=\"jr-t0\""), "R-RET-1 darkest and palest");
	ok(says(&p, "period 2: 3 of 50 so far"), "R-RET-2 a period that is not over");
	ok(says(&p, ">1,000<"), "sizes");
	host_reset();
}

void
test_charts(void)
{
	test_hostile_rows();
	test_failures();
	test_forest_words();
	test_roc_area();
	test_history_marks();
	test_calibration_words();
	test_retention_shades();
}
