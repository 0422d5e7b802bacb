/*
 * test_steps.c
 *		Step matrix and Sankey links against counting by hand, and the flow
 *		through every node.
 */
#include "tap.h"

#include "../../src/maps/steps.h"

#define CUSTOMERS 500
#define MOST_EVENTS 12
#define LABELS 9
#define STEPS 7
#define OTHER (LABELS + 1)

static size_t lengths[CUSTOMERS];
static jrn_event events[CUSTOMERS][MOST_EVENTS];
static uint64_t state;

static uint64_t
draw(uint64_t below)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (state >> 33) % below;
}

static void
make_journeys(void)
{
	size_t		c;
	size_t		i;

	state = 11;
	for (c = 0; c < CUSTOMERS; c++)
	{
		lengths[c] = 1 + draw(MOST_EVENTS);
		for (i = 0; i < lengths[c]; i++)
		{
			events[c][i].ts = (int64_t) i;
			/* low labels more often, with some ties */
			events[c][i].label = (uint32_t) (draw(LABELS) * draw(LABELS) / LABELS);
		}
	}
}

/* The label of a customer at a step (from 1), LABELS once the journey is over. */
static uint32_t
place_of(size_t c, int step)
{
	return (size_t) step > lengths[c] ? LABELS : events[c][step - 1].label;
}

static int64_t
customers_at(int step, uint32_t label)
{
	int64_t		n = 0;
	size_t		c;

	for (c = 0; c < CUSTOMERS; c++)
		n += place_of(c, step) == label;
	return n;
}

/* Whether fewer than top labels stand before this one at the step. */
static bool
is_top(int step, uint32_t label, int top)
{
	int64_t		own = customers_at(step, label);
	int			before = 0;
	uint32_t	l;

	for (l = 0; l < LABELS; l++)
	{
		int64_t		n = customers_at(step, l);

		before += l != label && (n > own || (n == own && l < label));
	}
	return before < top;
}

static uint32_t
node_of(size_t c, int step, int top)
{
	uint32_t	label = place_of(c, step);

	return label == LABELS || is_top(step, label, top) ? label : OTHER;
}

static jrn_status
count(const jrn_env *env, jrn_steps *steps)
{
	size_t		c;

	JRN_TRY(jrn_steps_begin(steps, env, LABELS, STEPS));
	for (c = 0; c < CUSTOMERS; c++)
		JRN_TRY(jrn_steps_add(steps, events[c], lengths[c], true));
	return JRN_OK;
}

static void
check_places(void)
{
	jrn_env		env = host_env();
	jrn_steps	steps;
	jrn_step_row *rows;
	int64_t		sums[STEPS + 1] = {0};
	size_t		n;
	size_t		i;
	int			bad = 0;
	int			places = 0;
	int			s;
	uint32_t	l;

	ok_int(count(&env, &steps), JRN_OK, "steps counted");
	ok_int(jrn_steps_places(&steps, &rows, &n), JRN_OK, "places");
	for (i = 0; i < n; i++)
	{
		bad += rows[i].customers != customers_at(rows[i].step, rows[i].source) || rows[i].customers == 0;
		bad += i > 0 && !(rows[i - 1].step < rows[i].step ||
						  (rows[i - 1].step == rows[i].step && rows[i - 1].source < rows[i].source));
		sums[rows[i].step] += rows[i].customers;
	}
	ok_int(bad, 0, "every place as by hand, in order");
	for (s = 1; s <= STEPS; s++)
		for (l = 0; l <= LABELS; l++)
			places += customers_at(s, l) > 0;
	ok_int((long long) n, places, "no place is missing");
	for (s = 1, bad = 0; s <= STEPS; s++)
		bad += sums[s] != CUSTOMERS;
	ok_int(bad, 0, "R-STEP-1 every step holds all customers");
	host_reset();
}

/* Customers who go from one node to another, by hand. */
static int64_t
link_by_hand(int step, uint32_t source, uint32_t target, int top)
{
	int64_t		n = 0;
	size_t		c;

	for (c = 0; c < CUSTOMERS; c++)
		if (place_of(c, step) != LABELS && node_of(c, step, top) == source &&
			(step < STEPS || place_of(c, step + 1) == LABELS) &&
			node_of(c, step + 1, top) == target)
			n++;
	return n;
}

static void
check_links(int top)
{
	jrn_env		env = host_env();
	jrn_steps	steps;
	jrn_step_row *rows;
	int64_t		in[STEPS + 2][OTHER + 1];
	int64_t		out[STEPS + 2][OTHER + 1];
	int64_t		all = 0;
	size_t		n;
	size_t		i;
	int			bad = 0;
	int			s;
	uint32_t	l;

	memset(in, 0, sizeof(in));
	memset(out, 0, sizeof(out));
	(void) count(&env, &steps);
	ok_int(jrn_steps_links(&steps, top, &rows, &n), JRN_OK, "links, top %d", top);
	for (i = 0; i < n; i++)
	{
		bad += rows[i].customers != link_by_hand(rows[i].step, rows[i].source, rows[i].target, top);
		bad += rows[i].source == LABELS || rows[i].step > STEPS;
		out[rows[i].step][rows[i].source] += rows[i].customers;
		in[rows[i].step + 1][rows[i].target] += rows[i].customers;
		all += rows[i].customers;
	}
	ok_int(bad, 0, "top %d: all %zu links as by hand, none leaves (end)", top, n);
	for (s = 1, bad = 0; s <= STEPS; s++)
		for (l = 0; l <= OTHER; l++)
		{
			if (l == LABELS)
				continue;
			bad += s > 1 && s < STEPS && in[s][l] != out[s][l];
		}
	ok_int(bad, 0, "R-STEP-2 top %d: what flows into a node flows out of it", top);
	for (s = 1, bad = 0; s <= STEPS; s++)
	{
		int			named = 0;

		for (l = 0; l < LABELS; l++)
			named += out[s][l] > 0;
		bad += named > top;
	}
	ok_int(bad, 0, "R-STEP-3 no step has more than %d touchpoints by name", top);
	for (s = 1; s <= STEPS; s++)
		for (l = 0; l < LABELS; l++)
			all -= s < STEPS ? customers_at(s, l) : 0;
	for (i = 0; i < CUSTOMERS; i++)
		all -= lengths[i] == STEPS;
	ok_int(all, 0, "top %d: no link is missing", top);
	host_reset();
}

static jrn_status
everything(const jrn_env *env, void *arg)
{
	jrn_steps	steps;
	jrn_step_row *rows;
	size_t		n;

	(void) arg;
	JRN_TRY(count(env, &steps));
	JRN_TRY(jrn_steps_places(&steps, &rows, &n));
	return jrn_steps_links(&steps, 3, &rows, &n);
}

void
test_steps(void)
{
	jrn_env		env = host_env();
	jrn_steps	steps;
	jrn_step_row *rows;
	size_t		n;

	make_journeys();
	check_places();
	check_links(1);
	check_links(3);
	check_links(LABELS);
	ok_int(jrn_steps_begin(&steps, &env, 1, 0), JRN_DOMAIN, "no step");
	ok_int(jrn_steps_begin(&steps, &env, 1, JRN_STEPS_MAX + 1), JRN_DOMAIN, "too many steps");
	(void) jrn_steps_begin(&steps, &env, 0, 3);
	ok(jrn_steps_links(&steps, 3, &rows, &n) == JRN_OK && n == 0, "nobody has no links");
	ok(jrn_steps_places(&steps, &rows, &n) == JRN_OK && n == 0, "and is nowhere");
	host_reset();
	ok_survives(everything, NULL, "steps");
}
