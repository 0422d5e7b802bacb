/*
 * test_formula.c
 *		Formulas: tables of texts with their terms, written by the rules of
 *		formula.h and agreeing with R's terms() where both read the text; texts
 *		that are refused, with the place; 100,000 random texts; the one column
 *		of a term that is not zero against a plain product.
 */
#include "tap.h"

#include "../../src/core/random.h"
#include "../../src/models/formula.h"

static char *const others[] = {"a", "b", "plan", "c d"};

static bool
is_label_name(const char *name)
{
	return strcmp(name, "plan") == 0 || strcmp(name, "region") == 0;
}

static size_t
append(char *out, size_t size, size_t at, const char *text)
{
	size_t		length = strlen(text);

	if (at + length < size)
	{
		memcpy(out + at, text, length + 1);
		at += length;
	}
	return at;
}

/* Terms as text; a star marks a feature with columns for all its levels. */
static void
show(const jrn_formula *formula, char *out, size_t size)
{
	size_t		at = 0;
	int			i,
				j;

	out[0] = '\0';
	for (i = 0; i < formula->term_count; i++)
	{
		at = append(out, size, at, i > 0 ? " + " : "");
		for (j = 0; j < formula->terms[i].count; j++)
		{
			const jrn_factor *factor = &formula->terms[i].factor[j];
			char		power[16];

			at = append(out, size, at, j > 0 ? ":" : "");
			at = append(out, size, at, formula->variables[factor->feature]);
			snprintf(power, sizeof(power), "^%d", factor->power);
			at = append(out, size, at, factor->power > 1 ? power : "");
			at = append(out, size, at, factor->full ? "*" : "");
		}
	}
}

static jrn_status
parse(const jrn_env *env, const char *text, size_t size, jrn_formula *formula)
{
	bool		is_label[64] = {false};
	int			i;

	JRN_TRY(jrn_formula_parse(env, text, size, others, 4, formula));
	for (i = 0; i < formula->variable_count && i < 64; i++)
		is_label[i] = is_label_name(formula->variables[i]);
	return formula->variable_count < 64 ? jrn_formula_code(env, formula, is_label) : JRN_OK;
}

static const struct
{
	const char *text;
	const char *terms;
}			right[] = {
	{"a", "a"},
	{"1", ""},
	{" + 1 + a", "a"},
	{"a - 0", "a"},
	{"a + b + a", "a + b"},
	{"b + a", "b + a"},
	{"a:b + a", "a + a:b"},
	{"b:a + a", "a + b:a"},
	{"a * b", "a + b + a:b"},
	{"a*b*x", "a + b + x + a:b + a:x + b:x + a:b:x"},
	{"a*b - a:b", "a + b"},
	{"a*b*x - a:b:x", "a + b + x + a:b + a:x + b:x"},
	{"a + b:x", "a + b:x"},
	{"a:a", "a"},
	{"a*a", "a"},
	{"(a + b + x)^2", "a + b + x + a:b + a:x + b:x"},
	{"(a + b + x)^3", "a + b + x + a:b + a:x + b:x + a:b:x"},
	{"(a + b)^9", "a + b + a:b"},
	{"(a + b):(x + y)", "a:x + a:y + b:x + b:y"},
	{"(a + b)*x", "a + b + x + a:x + b:x"},
	{"a^2", "a^2"},
	{"a + a^2 + a^3", "a + a^2 + a^3"},
	{"a^1", "a"},
	{"a:a^2", "a^3"},
	{"a:a^2 + a^3 + b:a^3 + b:a:a^2", "a^3 + a^3:b"},
	{"(a + a^2)*b", "a + a^2 + b + a:b + a^2:b"},
	{"(a + b + a^2)^2", "a + a^3 + b + a^2 + a:b + a^2:b"},
	{".", "a + b + plan + c d"},
	{". - a", "b + plan + c d"},
	{"x + .", "x + a + b + plan + c d"},
	{". - plan - a:b", "a + b + c d"},
	{".^2 - .", "a:b + a:plan + a:c d + b:plan + b:c d + plan:c d"},
	{"\"c d\" * a", "c d + a + c d:a"},
	{"\"a\"\"b\" + \"a\"", "a\"b + a"},
	{"((((a))))", "a"},
	{"(a)", "a"},
	{"a-a", ""},
	{"-a+b", "b"},
	{"(-a + a + b)", "a + b"},
	{"A+a", "A + a"},
	{"_x$1 + \xc3\xa9t\xc3\xa9", "_x$1 + \xc3\xa9t\xc3\xa9"},
	{"a\t+\v b", "a + b"},
	{"plan", "plan"},
	{"plan:a", "plan*:a"},
	{"a + plan:a", "a + a:plan"},
	{"plan + plan:a", "plan + plan*:a"},
	{"plan * a", "plan + a + plan:a"},
	{"plan + plan:a + region:a", "plan + plan*:a + a:region"},
	{"plan:a + region:b", "plan*:a + region*:b"},
	{"plan:region", "plan*:region*"},
	{"plan + plan:region", "plan + plan*:region"},
	{"plan * region", "plan + region + plan:region"},
	{"a:plan:region + a:plan + a", "a + a:plan + a:plan*:region"}
};

static const struct
{
	const char *text;
	jrn_formula_fault fault;
	size_t		at;
	size_t		size;
}			wrong[] = {
	{"", JRN_FORMULA_EMPTY, 0, 0},
	{"   ", JRN_FORMULA_EMPTY, 3, 0},
	{"a +", JRN_FORMULA_UNEXPECTED, 3, 0},
	{"a b", JRN_FORMULA_UNEXPECTED, 2, 1},
	{"a + * b", JRN_FORMULA_UNEXPECTED, 4, 1},
	{"a ** b", JRN_FORMULA_UNEXPECTED, 3, 1},
	{"a)", JRN_FORMULA_UNEXPECTED, 1, 1},
	{"()", JRN_FORMULA_UNEXPECTED, 1, 1},
	{"(a + b", JRN_FORMULA_OPEN_PARENTHESIS, 0, 1},
	{"a + (b", JRN_FORMULA_OPEN_PARENTHESIS, 4, 1},
	{"a + \"b", JRN_FORMULA_OPEN_QUOTE, 4, 1},
	{"a + \"b\"\"", JRN_FORMULA_OPEN_QUOTE, 4, 1},
	{"\"\"", JRN_FORMULA_NO_NAME, 0, 2},
	{"log(a)", JRN_FORMULA_CALL, 0, 4},
	{"b + I (a^2)", JRN_FORMULA_CALL, 4, 3},
	{"y ~ a", JRN_FORMULA_TILDE, 2, 1},
	{"~ a", JRN_FORMULA_TILDE, 0, 1},
	{"a + 2", JRN_FORMULA_NUMBER, 4, 1},
	{"a * 1", JRN_FORMULA_NUMBER, 4, 1},
	{"1 * a", JRN_FORMULA_NUMBER, 0, 1},
	{"(1 + a)", JRN_FORMULA_NUMBER, 1, 1},
	{"3x", JRN_FORMULA_NUMBER, 0, 2},
	{"a^", JRN_FORMULA_UNEXPECTED, 2, 0},
	{"a^b", JRN_FORMULA_EXPONENT, 2, 1},
	{"a^0", JRN_FORMULA_EXPONENT, 2, 1},
	{"a^11", JRN_FORMULA_EXPONENT, 2, 2},
	{"a^99999999999999999999", JRN_FORMULA_EXPONENT, 2, 20},
	{"a^1.5", JRN_FORMULA_EXPONENT, 2, 3},
	{"a^-1", JRN_FORMULA_EXPONENT, 2, 1},
	{"a^2^2", JRN_FORMULA_UNEXPECTED, 3, 1},
	{"b + (a)^2", JRN_FORMULA_ONE_TERM_POWER, 7, 1},
	{"(a:b)^2", JRN_FORMULA_ONE_TERM_POWER, 5, 1},
	{"0", JRN_FORMULA_NO_INTERCEPT, 0, 1},
	{"0 + a", JRN_FORMULA_NO_INTERCEPT, 0, 1},
	{"a - 1", JRN_FORMULA_NO_INTERCEPT, 4, 1},
	{"a^9:a^8", JRN_FORMULA_LIMIT, 0, 7},
	{"a / b", JRN_FORMULA_UNEXPECTED, 2, 1},
	{"a %in% b", JRN_FORMULA_UNEXPECTED, 2, 1},
	{"t.a", JRN_FORMULA_UNEXPECTED, 1, 1},
	{"a; DROP TABLE t", JRN_FORMULA_UNEXPECTED, 1, 1}
};

static void
test_tables(void)
{
	size_t		i;

	for (i = 0; i < sizeof(right) / sizeof(right[0]); i++)
	{
		jrn_env		env = host_env();
		jrn_formula formula;
		char		got[500];
		jrn_status	status = parse(&env, right[i].text, strlen(right[i].text), &formula);

		got[0] = '\0';
		if (status == JRN_OK)
			show(&formula, got, sizeof(got));
		ok(status == JRN_OK && strcmp(got, right[i].terms) == 0, "\"%s\": got %d \"%s\", want \"%s\"",
		   right[i].text, (int) status, got, right[i].terms);
		host_reset();
	}
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
	{
		jrn_env		env = host_env();
		jrn_formula formula;
		jrn_status	status = parse(&env, wrong[i].text, strlen(wrong[i].text), &formula);

		ok(status == JRN_DOMAIN && formula.fault == wrong[i].fault && formula.fault_at == wrong[i].at &&
		   formula.fault_size == wrong[i].size, "\"%s\" is refused: %d fault %d at %zu, %zu bytes",
		   wrong[i].text, (int) status, (int) formula.fault, formula.fault_at, formula.fault_size);
		host_reset();
	}
}

/* Texts that would grow without end are refused in reasonable time. */
static void
test_limits(void)
{
	static char text[40000];
	jrn_env		env = host_env();
	jrn_formula formula;
	size_t		at = 0;
	int			i;

	at = append(text, sizeof(text), at, "(");
	for (i = 0; i < 99; i++)
	{
		char		name[16];

		snprintf(name, sizeof(name), "%sv%d", i > 0 ? "+" : "", i);
		at = append(text, sizeof(text), at, name);
	}
	at = append(text, sizeof(text), at, ")^");
	text[at] = '2';
	ok(parse(&env, text, at + 1, &formula) == JRN_OK && formula.term_count == 99 + 99 * 98 / 2,
	   "all pairs of 99 columns");
	text[at] = '3';
	ok(parse(&env, text, at + 1, &formula) == JRN_DOMAIN && formula.fault == JRN_FORMULA_LIMIT,
	   "all triples of 99 columns are too many");
	host_reset();
	memset(text, '(', 30000);
	ok(parse(&env, text, 30000, &formula) == JRN_DOMAIN && formula.fault == JRN_FORMULA_LIMIT &&
	   formula.fault_at == 50, "parentheses do not nest without end");
	for (i = 0; i < 30000; i += 2)
		memcpy(text + i, "+a", 2);
	ok(parse(&env, text, 30000, &formula) == JRN_OK && formula.term_count == 1, "a column 15,000 times");
	host_reset();
	at = append(text, sizeof(text), 0, "a");
	for (i = 1; i < 17; i++)
	{
		char		name[16];

		snprintf(name, sizeof(name), ":v%d", i);
		at = append(text, sizeof(text), at, name);
		ok((parse(&env, text, at, &formula) == JRN_OK) == (i < 16), "a term of %d columns", i + 1);
	}
	host_reset();
}

/* What must hold of any text. */
static bool
is_sound(jrn_status status, const jrn_formula *formula, size_t size)
{
	int			i,
				j;

	if (status == JRN_DOMAIN)
		return formula->fault != JRN_FORMULA_RIGHT && formula->fault_at <= size &&
			formula->fault_size <= size - formula->fault_at;
	if (status != JRN_OK || formula->fault != JRN_FORMULA_RIGHT)
		return false;
	for (i = 0; i < formula->term_count; i++)
	{
		const jrn_term *term = &formula->terms[i];

		if (term->count < 1 || term->count > JRN_TERM_FACTORS ||
			(i > 0 && term->count < formula->terms[i - 1].count))
			return false;
		for (j = 0; j < term->count; j++)
			if (term->factor[j].feature < 0 || term->factor[j].feature >= formula->variable_count ||
				term->factor[j].power < 1 || term->factor[j].power > JRN_TERM_POWER ||
				(j > 0 && term->factor[j].feature <= term->factor[j - 1].feature))
				return false;
	}
	return true;
}

static void
test_random_texts(void)
{
	static const char *const pieces[] = {
		"a", "b", "plan", "region", "x", "+", "-", "*", ":", "^", "(", ")", ".", "~", "\"", "1", "0",
		"2", "3", " ", "\"c d\"", "^2", "^3", "a:b", "(a+b)", "\xc3\xa9", "\xff", ",", "/", "+a", "*b"
	};
	long		accepted = 0;
	long		unsound = 0;
	uint64_t	counter = 0;
	int			trial;

	for (trial = 0; trial < 100000; trial++)
	{
		jrn_env		env = host_env();
		jrn_formula formula;
		char		text[80];
		size_t		size = 0;
		size_t		count = 1 + (size_t) (jrn_random_u64(11, counter++) % 14);
		bool		raw = trial % 4 == 0;
		jrn_status	status;

		while (count-- > 0)
			if (raw)
				text[size++] = (char) (jrn_random_u64(11, counter++) & 0xff);
			else
				size = append(text, sizeof(text), size, pieces[jrn_random_u64(11, counter++) %
															   (sizeof(pieces) / sizeof(pieces[0]))]);
		/* the parser must not look beyond the end: no terminator */
		status = parse(&env, memcpy(env.alloc(env.host, size), text, size), size, &formula);
		accepted += status == JRN_OK;
		unsound += !is_sound(status, &formula, size);
		host_reset();
	}
	ok(unsound == 0, "100,000 random texts: %ld unsound answers", unsound);
	ok(accepted > 1000 && accepted < 99000, "random texts: %ld are right", accepted);
}

/* R-TRM-2 against indicator columns multiplied out. */
static void
test_columns(void)
{
	jrn_term	term = {3, {{0, 2, false, false, 1}, {1, 1, true, false, 2}, {2, 1, true, true, 2}}};
	long		bad = 0;
	int			l1,
				l2,
				c1,
				c2;

	ok_int((long long) jrn_term_columns(&term), 4, "columns of a^2 : three levels : two levels in full");
	for (l1 = 0; l1 < 3; l1++)
		for (l2 = 0; l2 < 2; l2++)
		{
			double		values[3] = {-1.5, l1, l2};
			double		value;
			int			at = jrn_term_at(&term, values, &value);

			for (c2 = 0; c2 < 2; c2++)
				for (c1 = 0; c1 < 2; c1++)
				{
					double		want = 2.25 * (l1 == c1 + 1) * (l2 == c2);
					double		got = at == c1 + 2 * c2 ? value : 0.0;

					bad += got != want;
				}
		}
	ok(bad == 0, "the column that is not zero: %ld wrong", bad);
}

/* Levels beyond any place, next to a feature with one level and no column. */
static void
test_no_column(void)
{
	jrn_term	term = {5, {{0, 1, true, false, 4999}, {1, 1, true, false, 4999}, {2, 1, true, false, 4999},
	{3, 1, true, false, 4999}, {4, 1, true, false, 0}}};
	double		values[5] = {4999, 4999, 4999, 4999, 0};
	double		value;

	ok_int((long long) jrn_term_columns(&term), 0, "a feature of one level leaves no column");
	ok_int(jrn_term_at(&term, values, &value), -1, "and no place");
}

static jrn_status
survivor(const jrn_env *env, void *arg)
{
	jrn_formula formula;
	const char *text = arg;

	return parse(env, text, strlen(text), &formula);
}

void
test_formula(void)
{
	static char text[] = "(a + b + plan)^2 + x * y * z * . - a + a^2:b + a:a^3 + \"q\"\"q\"";

	test_tables();
	test_limits();
	test_random_texts();
	test_columns();
	test_no_column();
	ok_survives(survivor, text, "parsing");
}
