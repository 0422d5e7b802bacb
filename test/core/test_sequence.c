/*
 * test_sequence.c
 *		Sequence patterns: what is refused and where, named cases, the cost of
 *		adversarial patterns, memory failures and cancelling.
 */
#include "tap.h"

#include "../../src/funnels/matcher.h"

#define SECOND INT64_C(1000000)
#define MANY 200000

static jrn_moment rows[2 * MANY];

/* ---- refusals: R-PAT-5 ---- */

typedef struct refusal
{
	const char *text;
	size_t		at;
	const char *message;		/* its beginning */
} refusal;

static const refusal refusals[] = {
	{"", 0, "the pattern is empty"},
	{"  ", 0, "the pattern is empty"},
	{"(?1", 3, "a closing parenthesis"},
	{"(?1))", 4, "there is no opening parenthesis"},
	{"(?0)", 0, "a condition number goes from 1 to 64"},
	{"(?65)", 2, "a condition number goes from 1 to 64"},
	{"(?99999999999999999999)", 2, "a condition number goes from 1 to 64"},
	{"(?x)", 2, "a condition number, t or w is expected"},
	{"(?1)x", 4, "a condition such as (?1) is expected"},
	{"(?1)*", 4, "only .* may repeat this way"},
	{"(?1)+", 4, "only .* may repeat this way"},
	{"{2}", 0, "a repetition needs a condition"},
	{"(?1).*{2}", 6, "a repetition needs a condition"},
	{"(?1){0}", 4, "zero repetitions"},
	{"(?1){3,2}", 4, "the largest number of repetitions is below"},
	{"(?1){1001}", 5, "at most 1000"},
	{"(?1){a}", 5, "a number of repetitions"},
	{"(?1){1,2", 8, "a closing brace"},
	{"(?1){1;2}", 6, "a closing brace"},
	{"(?1)(?t 5)(?2)", 8, "one of <="},
	{"(?1)(?t<=)(?2)", 9, "a time is expected"},
	{"(?1)(?t<=.)(?2)", 9, "a time is expected"},
	{"(?1)(?t<=-5)(?2)", 9, "a time must be a number without sign"},
	{"(?1)(?t<0)(?2)", 8, "no time is below 0"},
	{"(?1)(?t<=5 parsecs)(?2)", 11, "unknown unit"},
	{"(?1)(?t<=5 months)(?2)", 11, "months and years have no fixed length"},
	{"(?1)(?t<=1 year)(?2)", 11, "months and years have no fixed length"},
	{"(?1)(?t<=5 6)(?2)", 9, "a unit of time is expected"},
	{"(?1)(?t<=5 hours 6)(?2)", 17, "a unit of time is expected"},
	{"(?1)(?t<=0.0000001)(?2)", 17, "a time has at most six digits"},
	{"(?1)(?t<=9999999999999)(?2)", 9, "the time is out of range"},
	{"(?1)(?t<=99999999999999999999)(?2)", 9, "the time is out of range"},
	{"(?1)(?t<=1:60)(?2)", 11, "minutes and seconds"},
	{"(?1)(?t<=5 minutes(?2)", 18, "a closing parenthesis"},
	{"(?t<=5)(?1)", 0, "a time condition needs a row before it"},
	{".*(?t<=5)(?1)", 2, "a time condition needs a row before it"},
	{"(?1)(?t<=5)", 4, "a time condition needs a row after it"},
	{"(?1)(?t<=5).*", 4, "a time condition needs a row after it"},
	{"((?1)(?t<=5)|(?2))", 5, "a time condition needs a row after it"},
	{"(?1){0,2}", 0, "the pattern matches a chain of no rows"},
	{".*", 0, "the pattern matches a chain of no rows"},
	{"((?1){0,}|(?2))", 0, "the pattern matches a chain of no rows"},
	{"(?1)(?w<=5)", 4, "the limit of the whole chain must stand at the front"},
	{"(?w<=5)", 7, "a condition such as (?1) is expected"},
	{"(?w>=5)(?1)", 0, "the limit of the whole chain is written with"},
	{"(?w==5)(?1)", 0, "the limit of the whole chain is written with"},
	{"(?1)()", 5, "a condition such as (?1) is expected"},
	{"((?1)|)", 6, "a condition such as (?1) is expected"},
	{"|(?1)", 0, "a condition such as (?1) is expected"},
	{"((?1)|(?2)", 10, "a closing parenthesis"},
};

static void
test_refusals(void)
{
	jrn_env		env = host_env();
	static char deep[2 * JRN_PATTERN_MAX_DEPTH + 20];
	static char longest[JRN_PATTERN_MAX_SIZE + 1];
	jrn_pattern pattern;
	jrn_pattern_error error;
	size_t		i;

	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
	{
		const refusal *r = &refusals[i];
		jrn_status	status = jrn_pattern_compile(&env, r->text, strlen(r->text), &pattern, &error);
		bool		right = status == JRN_DOMAIN && error.message != NULL && error.at == r->at &&
			strncmp(error.message, r->message, strlen(r->message)) == 0;

		ok(right, "R-PAT-5 \"%s\" is refused", r->text);
		if (!right)
			printf("# status %d at %zu: %s\n", status, error.at, error.message ? error.message : "-");
	}
	memset(deep, '(', JRN_PATTERN_MAX_DEPTH + 1);
	ok(jrn_pattern_compile(&env, deep, JRN_PATTERN_MAX_DEPTH + 1, &pattern, &error) == JRN_DOMAIN &&
	   error.at == JRN_PATTERN_MAX_DEPTH, "parentheses nest to a limit");
	memset(longest, '.', sizeof(longest));
	ok_int(jrn_pattern_compile(&env, longest, sizeof(longest), &pattern, &error), JRN_LIMIT, "too long a text");
	ok_int(jrn_pattern_compile(&env, longest, 4096, &pattern, &error), JRN_OK, "4096 positions");
	ok_int(jrn_pattern_compile(&env, longest, 4097, &pattern, &error), JRN_LIMIT, "one more is too many");
	ok_int(jrn_pattern_compile(&env, "((?1){1000}){1000}", 18, &pattern, &error), JRN_LIMIT, "repetitions multiply");
	ok_int(jrn_pattern_compile(&env, "(?1)((.*|(?t<5)){1000}){1000}(?1)", 33, &pattern, &error), JRN_LIMIT, "so do repeated joins");
	ok_int(jrn_pattern_compile(&env, "(?1)(.{0,1}){1000}", 18, &pattern, &error), JRN_LIMIT, "too many edges");
	ok_int(jrn_pattern_compile(&env, "(?1)\0(?2)", 9, &pattern, &error), JRN_DOMAIN, "a zero byte is refused");
	host_reset();
}

/* Any text is a pattern, or refused at a place inside it. */
static void
test_fuzz(void)
{
	static const char *const pieces[] = {"(", ")", "(?", "(?1)", "(?2)", "(?t", "(?w", "<", "<=", ">=", "==", ">",
		"5", "0", "999999999999", ".", ".*", "*", "{", "}", "{2}", "{0,3}", "{1,", ",", "|", " ", "days", "s", "month",
		":", "1:02:03", "-", "(?t<5)", "\xff", "(?w<=9)"};
	jrn_pattern pattern;
	jrn_pattern_error error;
	uint64_t	state = 1;
	int			round,
				good = 0,
				refused = 0,
				wrong = 0;

	for (round = 0; round < 300000; round++)
	{
		jrn_env		env = host_env();
		char		text[120];
		size_t		size = 0;
		int			n = 1 + round % 9;
		jrn_status	status;

		while (n-- > 0)
		{
			const char *piece;

			state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
			piece = pieces[(state >> 33) % (sizeof(pieces) / sizeof(pieces[0]))];
			memcpy(text + size, piece, strlen(piece));
			size += strlen(piece);
		}
		status = jrn_pattern_compile(&env, text, size, &pattern, &error);
		good += status == JRN_OK && pattern.n_positions > 0;
		refused += status == JRN_DOMAIN && error.message != NULL && error.at <= size;
		wrong += status == JRN_OK ? pattern.n_positions == 0 : status != JRN_DOMAIN || error.message == NULL || error.at > size;
		if (round % 64 == 0)
			host_reset();
	}
	ok_int(wrong, 0, "R-PAT-5 300,000 random texts are patterns or refused (%d, %d)", good, refused);
	ok(good > 1000 && refused > 1000, "both are common");
	host_reset();
}

/* ---- named cases ---- */

/* Rows as "AB.C": one a second, letters conditions 1.., '.' none; '+' joins the previous. */
static uint32_t
rows_of(const char *letters)
{
	uint32_t	n = 0;
	int64_t		ts = 0;

	for (; *letters != '\0'; letters++)
	{
		uint64_t	mask = *letters < 'A' ? 0 : (uint64_t) 1 << (*letters - 'A');

		if (*letters >= '0' && *letters <= '9')
		{
			ts = (*letters - '0') * SECOND;
			continue;
		}
		if (*letters == '+')
		{
			rows[n - 1].mask |= (uint64_t) 1 << (*++letters - 'A');
			continue;
		}
		rows[n].ts = ts;
		rows[n++].mask = mask;
		ts += SECOND;
	}
	return n;
}

/* "0 2 3" of what is shown, or "none"; and the count */
static void
case_is(const char *pattern_text, const char *letters, const char *shown, int count)
{
	jrn_env		env = host_env();
	jrn_pattern pattern;
	jrn_pattern_error error;
	jrn_matcher matcher;
	int64_t		times[100],
				found = -1;
	uint32_t	n = rows_of(letters),
				begin,
				end,
				n_times,
				i;
	char		got[400] = "none";
	size_t		size = 0;

	if (jrn_pattern_compile(&env, pattern_text, strlen(pattern_text), &pattern, &error) != JRN_OK ||
		jrn_matcher_init(&env, &pattern, &matcher) != JRN_OK ||
		jrn_matcher_find(&env, &matcher, rows, 0, n, &begin, &end) != JRN_OK)
		ok(false, "%s: %s", pattern_text, error.message == NULL ? "failed" : error.message);
	else
	{
		if (end != JRN_NO_ROW)
			got[0] = '\0';
		if (end != JRN_NO_ROW && jrn_matcher_show(&env, &matcher, rows, begin, end, times, &n_times) == JRN_OK)
			for (i = 0; i < n_times; i++)
				size += (size_t) snprintf(got + size, sizeof(got) - size, "%s%lld", i > 0 ? " " : "",
										  (long long) (times[i] / SECOND));
		if (jrn_matcher_count(&env, &matcher, rows, n, &found) != JRN_OK)
			found = -2;
		ok(strcmp(got, shown) == 0 && found == count, "%s over %s shows %s, %d times", pattern_text, letters, shown, count);
		if (strcmp(got, shown) != 0 || found != count)
			printf("# got %s, %lld times\n", got, (long long) found);
	}
	host_reset();
}

static void
test_cases(void)
{
	case_is("(?1)(?2)", "AB", "0 1", 1);
	case_is("(?1)(?2)", "A.B", "none", 0);
	case_is("(?1).(?2)", "A.B", "0 2", 1);
	case_is("(?1).*(?2)", "A.B", "0 2", 1);
	case_is(".*(?1).*(?2).*", "A.B", "0 2", 1);
	case_is("(?1).*(?2)", "AABB", "1 2", 1);
	case_is("(?1).*(?2).*(?3)", "ABBC", "0 1 3", 1);
	case_is("(?1).*(?2)", "ABABAAB", "0 1", 3);
	case_is("(?1).*(?2).*(?1)", "ABABA", "0 1 2", 1);
	case_is("(?1)(?2).*(?3)", "A.BC", "none", 0);
	case_is("(?1)(?2).*(?3)", "ABBABCC", "3 4 5", 1);
	case_is("(?1)(?t<=2)(?2)", "A..B", "none", 0);
	case_is("(?1)(?t<=3)(?2)", "A..B", "0 3", 1);
	case_is("(?1)(?t<3)(?2)", "A..B", "none", 0);
	case_is("(?1)(?t>=3)(?2)", "A..BB", "0 3", 1);
	case_is("(?1)(?t>3)(?2)", "A..BB", "0 4", 1);
	case_is("(?1)(?t==2)(?2)", "AABB", "0 2", 1);
	case_is("(?1)(?t>=2)(?t<=3).*(?2)", "A0AB5B", "none", 0);
	case_is("(?1)(?t>=2)(?t<=5).*(?2)", "A0AB5B", "0 5", 1);
	case_is("(?1)(?t<=1 minute)(?2)", "A..B", "0 3", 1);
	case_is("(?1)(?t<=3000 MS)(?2)", "A..B", "0 3", 1);
	case_is("(?1)(?t<=00:00:03)(?2)", "A..B", "0 3", 1);
	case_is("(?1)(?t<=0:00:02.5)(?2)", "A..B", "none", 0);
	case_is("(?w<=2)(?1).*(?2).*(?3)", "A.B.C", "none", 0);
	case_is("(?w<=4)(?1).*(?2).*(?3)", "A.B.C", "0 2 4", 1);
	case_is("(?w<4)(?1).*(?2).*(?3)", "AAB.C", "1 2 4", 1);
	case_is("(?1)((?2)|(?3))(?4)", "ABD", "0 1 2", 1);
	case_is("(?1)((?2)|(?3))(?4)", "ACDABD", "0 1 2", 2);
	case_is("(?1)(?2)|(?3)(?1)", "CA", "0 1", 1);
	case_is("(?1){2,3}(?2)", "AAAAB", "2 3 4", 1);
	case_is("(?1){3}(?2)", "AAAAB", "1 2 3 4", 1);
	case_is("(?2)(?1){2,}(?2)", "BAAAAB", "0 1 2 3 4 5", 1);
	case_is("(?2)(?1){0,1}(?2)", "BB", "0 1", 1);
	case_is("((?1).*(?2)){2}", "A.B..A..B", "none", 0);
	case_is("((?1).*(?2).*){2}", "A.B..A..B", "0 2 5 8", 1);
	case_is("((?1)(?t<=1)){2}(?2)", "AAB", "0 1 2", 1);
	case_is("(?1)(?1)", "A", "none", 0);
	case_is("(?1)(?1)", "AAAA", "0 1", 2);
	case_is("(?1)(?2)", "A+BA+B", "0 1", 1);
	case_is("..", "ABC", "", 1);
	/* a later row in a position may belong to a chain that began earlier */
	case_is("((?1)|(?1)(?t>=5)(?3))(?2).*(?4)", "A3ABCBD", "3 4 7", 1);
	/* each join needs another of the chains that end in the same position */
	case_is("(?1)(?2)((?t>=4)(?3)|(?t<=1)(?4))", "ABAB.AB..C", "2 3 9", 1);
}

/* ---- cost ---- */

typedef struct costly
{
	const char *pattern;
	int			kind;			/* what the rows are like */
} costly;

static const costly costlies[] = {
	{"(?1)(?t<=1000000)(?2)", 0},
	{"(?1).*(?1).*(?1).*(?2)", 0},
	{"(?1)(?t>=1)(?1)(?t>=1)(?1)(?t>=1)(?2)", 0},
	{"(?1)(?t<=100000)(?1)(?t<=100000)(?1)(?t<=100000)(?2)", 0},
	{"(?1)(?t>=50000)(?t<=100000)(?1)(?t>=50000)(?t<=100000)(?2)", 0},
	{"(?1)(?t<=10)(?2)(?t<=10)(?3)", 1},
	{"(?1)(?t<=10)(?2)(?t<=10)(?3)", 2},
	{"((?1)|(?2)){2,40}(?3)", 2},
	{"(?w<=100)((?1).*(?2)){1,}(?t>5)(?3)", 2},
};

/* Ticks of looking for a pattern, which count its steps. */
static long
steps_of(const char *text, uint32_t n, int64_t *count)
{
	jrn_env		env = host_env();
	jrn_pattern pattern;
	jrn_pattern_error error;
	jrn_matcher matcher;
	long		before = host_ticks();

	if (jrn_pattern_compile(&env, text, strlen(text), &pattern, &error) != JRN_OK ||
		jrn_matcher_init(&env, &pattern, &matcher) != JRN_OK ||
		jrn_matcher_count(&env, &matcher, rows, n, count) != JRN_OK)
		return -1;
	return host_ticks() - before;
}

static void
test_cost(void)
{
	size_t		i;
	uint32_t	r;

	for (i = 0; i < sizeof(costlies) / sizeof(costlies[0]); i++)
	{
		int64_t		few,
					many;
		long		small,
					large;

		for (r = 0; r < MANY; r++)
		{
			rows[r].ts = costlies[i].kind == 2 ? 0 : r * SECOND;
			rows[r].mask = costlies[i].kind == 1 ? 1 + r % 2 : costlies[i].kind == 0 ? 1 : 3;
		}
		small = steps_of(costlies[i].pattern, MANY / 10, &few);
		large = steps_of(costlies[i].pattern, MANY, &many);
		ok(small >= 0 && large > 0 && large <= 11 * (small + 1) && few == 0 && many == 0,
		   "R-MATCH-1 ten times the rows, at most eleven times the steps: %s (%ld, %ld)",
		   costlies[i].pattern, small, large);
		host_reset();
	}
}

static void
test_long_show(void)
{
	jrn_env		env = host_env();
	static int64_t times[MANY];
	jrn_pattern pattern;
	jrn_pattern_error error;
	jrn_matcher matcher;
	uint32_t	begin,
				end,
				n = 0,
				r;
	const char *text = "(?2)(?1){1,}(?3)";

	for (r = 0; r < MANY; r++)
	{
		rows[r].ts = r;
		rows[r].mask = r == 0 ? 2 : r == MANY - 1 ? 4 : 1;
	}
	ok(jrn_pattern_compile(&env, text, strlen(text), &pattern, &error) == JRN_OK &&
	   jrn_matcher_init(&env, &pattern, &matcher) == JRN_OK &&
	   jrn_matcher_find(&env, &matcher, rows, 0, MANY, &begin, &end) == JRN_OK &&
	   begin == 0 && end == MANY - 1 &&
	   jrn_matcher_show(&env, &matcher, rows, begin, end, times, &n) == JRN_OK && n == MANY &&
	   times[MANY - 1] == MANY - 1, "R-MATCH-4 a match of 200,000 rows is shown");
	host_reset();
}

/* ---- failures ---- */

static jrn_status
everything(const jrn_env *env, void *arg)
{
	const char *text = arg;
	static int64_t times[MANY];
	jrn_pattern pattern;
	jrn_pattern_error error;
	jrn_matcher matcher;
	int64_t		count;
	uint32_t	begin,
				end,
				n;

	JRN_TRY(jrn_pattern_compile(env, text, strlen(text), &pattern, &error));
	JRN_TRY(jrn_matcher_init(env, &pattern, &matcher));
	JRN_TRY(jrn_matcher_find(env, &matcher, rows, 0, 20000, &begin, &end));
	JRN_TRY(jrn_matcher_show(env, &matcher, rows, begin, end, times, &n));
	return jrn_matcher_count(env, &matcher, rows, 20000, &count);
}

void
test_sequence(void)
{
	uint32_t	r;

	test_refusals();
	test_fuzz();
	test_cases();
	test_cost();
	test_long_show();
	for (r = 0; r < 20000; r++)
	{
		rows[r].ts = r * SECOND;
		rows[r].mask = r < 19000 ? 1 : 7;
	}
	ok_survives(everything, (void *) "(?w<=1 day)(?1)(?t>=2)(?t<=15000)((?1)|(?2)){1,3}(?t>5).*(?3)", "a pattern");
	host_reset();
}
