/*
 * pg_options.c
 *		Reader of the jsonb options of simulate_events and simulate_truth.
 *
 * R-SIMOPT-1	An unrecognized name, a wrong type, a number outside its range or
 *				effects that leave no room for a probability are errors 22023
 *				naming option and value; the hint lists the options.
 * R-SIMOPT-2	jsonb keeps keys by length; strategies are put into byte order,
 *				so that confounding and results do not depend on storage.
 * R-SIMOPT-3	A date is read as YYYY-MM-DD only: no setting has a say in it.
 */
#include "pg_options.h"

#include <math.h>

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "../pg/args.h"

#define OPTIONS_HINT \
	errhint("Options are days, strategies, confounding, sensitivity, drift_at, noise and touchpoints.")

/* The longest name of a strategy, in bytes. */
#define MAX_NAME 100

/* A text cut to a length fit for a message. */
static char *
clipped(char *text)
{
	int			length = (int) strlen(text);

	if (length <= MAX_NAME)
		return text;
	return psprintf("%.*s...", pg_mbcliplen(text, length, MAX_NAME), text);
}

/* Printable form of a value. */
static char *
value_text(const JsonbValue *value)
{
	char	   *text;

	switch (value->type)
	{
		case jbvNull:
			return "null";
		case jbvBool:
			return value->val.boolean ? "true" : "false";
		case jbvNumeric:
			text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
			break;
		case jbvString:
			text = psprintf("\"%s\"", pnstrdup(value->val.string.val, value->val.string.len));
			break;
		default:
			text = JsonbToCString(NULL, value->val.binary.data, value->val.binary.len);
	}
	return clipped(text);
}

/* Raise the error about option with a value that is not what it must be. */
static void
wrong_value(const char *option, const JsonbValue *value, const char *wanted)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("option \"%s\" is %s, it must be %s", option, value_text(value), wanted),
			 OPTIONS_HINT));
}

/* A number in [low, high]; what is not one is refused in the words of wanted. */
static double
read_number(const char *option, const JsonbValue *value, double low, double high,
			const char *wanted)
{
	double		number;

	if (value->type != jbvNumeric)
		wrong_value(option, value, wanted);
	number = strtod(DatumGetCString(DirectFunctionCall1(numeric_out,
														NumericGetDatum(value->val.numeric))), NULL);
	if (!(number >= low && number <= high))
		wrong_value(option, value, wanted);
	return number;
}

static int32
read_integer(const char *option, const JsonbValue *value, int32 low, int32 high,
			 const char *wanted)
{
	double		number = read_number(option, value, low, high, wanted);

	if (number != floor(number))
		wrong_value(option, value, wanted);
	return (int32) number;
}

static bool
key_is(const JsonbValue *key, const char *name)
{
	return key->val.string.len == (int) strlen(name) &&
		memcmp(key->val.string.val, name, key->val.string.len) == 0;
}

static bool
is_container(const JsonbValue *value, bool object)
{
	if (value->type != jbvBinary)
		return false;
	return object ? JsonContainerIsObject(value->val.binary.data) :
		JsonContainerIsArray(value->val.binary.data) &&
		!JsonContainerIsScalar(value->val.binary.data);
}

/* One effect for all segments, or an object segment -> effect (others 0). */
static void
read_effect(const char *name, JsonbValue *value, double *effects)
{
	static const char *const wanted = "a number between -1 and 1";
	char	   *option = psprintf("strategies.%s", name);
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	item;
	int			g,
				found = -1;

	if (!is_container(value, true))
	{
		double		effect = read_number(option, value, -1.0, 1.0,
										 "a number between -1 and 1 or an object of segments");

		for (g = 0; g < JRN_SIM_SEGMENTS; g++)
			effects[g] = effect;
		return;
	}
	for (g = 0; g < JRN_SIM_SEGMENTS; g++)
		effects[g] = 0.0;
	it = JsonbIteratorInit(value->val.binary.data);
	while ((token = JsonbIteratorNext(&it, &item, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
		{
			found = -1;
			for (g = 0; g < JRN_SIM_SEGMENTS; g++)
				if (key_is(&item, jrn_sim_segments[g].name))
					found = g;
			if (found < 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("option \"%s\" names the segment %s, which does not exist",
								option, value_text(&item)),
						 errdetail("Segments are new, returning and vip."),
						 OPTIONS_HINT));
		}
		else if (token == WJB_VALUE)
			effects[found] = read_number(psprintf("%s.%s", option, jrn_sim_segments[found].name),
										 &item, -1.0, 1.0, wanted);
	}
}

/* Insert a strategy where byte order wants it (R-SIMOPT-2). */
static void
insert_strategy(journey_sim_args *args, char *name, const double *effects)
{
	jrn_sim_options *o = &args->options;
	int			at = o->strategies;

	for (; at > 0 && strcmp(args->strategies[at - 1], name) > 0; at--)
	{
		args->strategies[at] = args->strategies[at - 1];
		memcpy(o->effects[at], o->effects[at - 1], sizeof(o->effects[at]));
	}
	args->strategies[at] = name;
	memcpy(o->effects[at], effects, sizeof(o->effects[at]));
	o->strategies++;
}

static void
read_strategies(const JsonbValue *value, journey_sim_args *args)
{
	static const char *const wanted = "an object of 1 to 16 strategies with their effects";
	double		effects[JRN_SIM_SEGMENTS];
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	item;
	char	   *name = NULL;

	if (!is_container(value, true))
		wrong_value("strategies", value, wanted);
	args->options.strategies = 0;
	it = JsonbIteratorInit(value->val.binary.data);
	while ((token = JsonbIteratorNext(&it, &item, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
		{
			name = pnstrdup(item.val.string.val, item.val.string.len);
			if (name[0] == '\0' || strlen(name) > MAX_NAME)
				wrong_value("strategies", value,
							"an object whose strategies have names of 1 to 100 bytes");
			if (args->options.strategies == JRN_SIM_MAX_STRATEGIES)
				wrong_value("strategies", value, wanted);
		}
		else if (token == WJB_VALUE)
		{
			read_effect(name, &item, effects);
			insert_strategy(args, name, effects);
		}
	}
	if (args->options.strategies == 0)
		wrong_value("strategies", value, wanted);
}

/* Day number of YYYY-MM-DD counted from the epoch; false: not a date. */
static bool
day_of_date(const char *text, int length, int *day)
{
	static const int epoch_year = 2024;
	int			part[3] = {0, 0, 0};
	int			year,
				month,
				mday,
				julian,
				i,
				field = 0;

	if (length != 10 || text[4] != '-' || text[7] != '-')
		return false;
	for (i = 0; i < 10; i++)
	{
		if (i == 4 || i == 7)
			field++;
		else if (text[i] < '0' || text[i] > '9')
			return false;
		else
			part[field] = part[field] * 10 + (text[i] - '0');
	}
	if (part[0] < 1 || part[1] < 1 || part[1] > 12 || part[2] < 1)
		return false;
	julian = date2j(part[0], part[1], part[2]);
	j2date(julian, &year, &month, &mday);
	*day = julian - date2j(epoch_year, 1, 1);
	return year == part[0] && month == part[1] && mday == part[2];
}

/* A day number, a date, or null for no drift; needs the days to be known. */
static void
read_drift(const JsonbValue *value, jrn_sim_options *o)
{
	char	   *wanted = psprintf("a day number between 0 and %d or a date YYYY-MM-DD from 2024-01-01 on within %d days",
								  o->days, o->days);
	int			day = -1;

	if (value->type == jbvNull)
		return;
	if (value->type == jbvString)
	{
		if (!day_of_date(value->val.string.val, value->val.string.len, &day) ||
			day < 0 || day > o->days)
			wrong_value("drift_at", value, wanted);
		o->drift_day = day;
	}
	else
		o->drift_day = read_integer("drift_at", value, 0, o->days, wanted);
}

/* Catalogue number of a name, -1 for none. */
static int
touchpoint_number(const JsonbValue *name)
{
	char		buffer[16];
	int			i;

	if (name->type == jbvString)
		for (i = 0; i < JRN_SIM_MAX_TOUCHPOINTS; i++)
			if (key_is(name, jrn_sim_touchpoint_name(i, buffer)))
				return i;
	return -1;
}

/* A number of touchpoints, or an array of their names in any order. */
static void
read_touchpoints(const JsonbValue *value, jrn_sim_options *o)
{
	static const char *const wanted = "an integer between 2 and 64 or an array of at least two different touchpoint names";
	bool		chosen[JRN_SIM_MAX_TOUCHPOINTS] = {false};
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	item;
	int			i;

	if (!is_container(value, false))
	{
		o->touchpoints = read_integer("touchpoints", value, 2, JRN_SIM_MAX_TOUCHPOINTS, wanted);
		for (i = 0; i < o->touchpoints; i++)
			o->chosen[i] = i;
		return;
	}
	it = JsonbIteratorInit(value->val.binary.data);
	while ((token = JsonbIteratorNext(&it, &item, true)) != WJB_DONE)
	{
		if (token != WJB_ELEM)
			continue;
		i = touchpoint_number(&item);
		if (i < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("option \"touchpoints\" contains %s, which is no touchpoint",
							value_text(&item)),
					 errdetail("Touchpoints are order, tracking, delivery, delay, email, chat, call, tutorial, return, refund, survey, review and touchpoint_13 to touchpoint_64."),
					 OPTIONS_HINT));
		if (chosen[i])
			wrong_value("touchpoints", value, wanted);
		chosen[i] = true;
	}
	o->touchpoints = 0;
	for (i = 0; i < JRN_SIM_MAX_TOUCHPOINTS; i++)
		if (chosen[i])
			o->chosen[o->touchpoints++] = i;
	if (o->touchpoints < 2)
		wrong_value("touchpoints", value, wanted);
}

/* An option by name; drift_at is left to the caller. */
static void
read_option(const char *name, const JsonbValue *value, journey_sim_args *args)
{
	jrn_sim_options *o = &args->options;

	if (strcmp(name, "days") == 0)
		o->days = read_integer(name, value, 1, JRN_SIM_MAX_DAYS, "an integer between 1 and 36500");
	else if (strcmp(name, "strategies") == 0)
		read_strategies(value, args);
	else if (strcmp(name, "confounding") == 0)
		o->confounding = read_number(name, value, 0.0, 1.0, "a number between 0 and 1");
	else if (strcmp(name, "sensitivity") == 0)
		o->sensitivity = read_number(name, value, 0.0, JRN_SIM_MAX_SENSITIVITY,
									 "a number between 0 and 1000000");
	else if (strcmp(name, "noise") == 0)
		o->noise = read_number(name, value, 0.0, 1.0, "a number between 0 and 1");
	else if (strcmp(name, "touchpoints") == 0)
		read_touchpoints(value, o);
	else if (strcmp(name, "drift_at") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unrecognized option \"%s\" with value %s", clipped(pstrdup(name)), value_text(value)),
				 OPTIONS_HINT));
}

static void
check_effects(const journey_sim_args *args)
{
	int32_t		strategy,
				segment;
	double		base,
				rate;

	if (jrn_sim_effect_outside(&args->options, &strategy, &segment, &base, &rate))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"strategies\" gives \"%s\" the effect %g, which puts the outcome rate of segment \"%s\" at %g",
						args->strategies[strategy],
						args->options.effects[strategy][segment],
						jrn_sim_segments[segment].name, rate),
				 errdetail("Effects are added to the segment's rate of %g%s; the result must lie between 0 and 1.",
						   base, args->options.drift_day >= 0 ? ", after the drift subtracted from it" : ""),
				 OPTIONS_HINT));
}

void
journey_sim_read_options(FunctionCallInfo fcinfo, int number, journey_sim_args *args)
{
	Jsonb	   *options;
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	item,
				drift;
	char	   *name = NULL;

	journey_arg_not_null(fcinfo, number, "options");
	options = PG_GETARG_JSONB_P(number);
	jrn_sim_defaults(&args->options);
	args->strategies[0] = "callback";
	args->strategies[1] = "none";
	args->strategies[2] = "tutorial";
	if (!JB_ROOT_IS_OBJECT(options))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"options\" is not a JSON object"),
				 OPTIONS_HINT));
	drift.type = jbvNull;
	it = JsonbIteratorInit(&options->root);
	while ((token = JsonbIteratorNext(&it, &item, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			name = pnstrdup(item.val.string.val, item.val.string.len);
		else if (token == WJB_VALUE)
		{
			read_option(name, &item, args);
			if (strcmp(name, "drift_at") == 0)
				drift = item;
		}
	}
	read_drift(&drift, &args->options);
	check_effects(args);
}
