/*
 * walk.c
 *		A model into the journey of one customer (R-SIM-1, 2, 3, 7 of
 *		simulate.h).
 */
#include <math.h>

#include "../core/random.h"
#include "simulate.h"

/* Purposes of draws (R-SIM-1).  Frozen: append only. */
enum
{
	DRAW_SEGMENT = 1, DRAW_STRATEGY, DRAW_DAY, DRAW_HOUR, DRAW_NEXT,
	DRAW_WAIT, DRAW_CHANNEL, DRAW_VALUE, DRAW_SCORE, DRAW_NOISE,
	DRAW_NOISE_WAIT, DRAW_NOISE_CHANNEL, DRAW_OUTCOME, DRAW_FLIP
};

static const double day_seconds = 86400.0;

/* Draw number k of a purpose, in (0, 1); k < 2^32. */
static double
draw(uint64_t stream, int purpose, int32_t k)
{
	return jrn_random_uniform(stream, ((uint64_t) purpose << 32) | (uint32_t) k);
}

jrn_status
jrn_sim_journey_create(const jrn_env *env, jrn_sim_journey *journey)
{
	static const jrn_sim_journey empty;

	*journey = empty;
	return jrn_alloc_array(env, 2 * JRN_SIM_MAX_STEPS, sizeof(jrn_sim_event),
						   &journey->events);
}

/* Index of the first running sum above u; count when there is none. */
static int32_t
pick(const double *sums, int32_t count, double u)
{
	int32_t		j = 0;

	while (j < count && sums[j] <= u)
		j++;
	return j;
}

/* As pick, for distributions whose sums may miss 1 by rounding. */
static int32_t
pick_one(const double *p, int32_t count, double u)
{
	int32_t		j = 0;

	for (; j < count - 1; j++)
	{
		if (u < p[j])
			return j;
		u -= p[j];
	}
	return j;
}

/* Log-logistic with shape 2: its quantile function needs a square root only. */
static double
wait_seconds(double hours, double u)
{
	return hours * 3600.0 * sqrt(u / (1.0 - u));
}

/*
 * Seconds since the start that fit into room seconds: as they are in its first
 * half; what lies behind is squeezed into the second half, in order.
 */
static double
squeeze(double elapsed, double room)
{
	double		half = room / 2.0;
	double		over = elapsed - half;

	return over <= 0.0 ? elapsed : half + half * (over / (over + half));
}

typedef struct walk
{
	const jrn_sim_model *model;
	jrn_sim_journey *journey;
	uint64_t	stream;
	int64_t		start;			/* microseconds */
	double		room;			/* seconds from start to the end of the window */
	double		elapsed;		/* seconds since start, before squeezing */
	double		amount;			/* of the last order */
} walk;

/*
 * Append an event (R-SIM-3).  Ten seconds of the window are kept free, enough
 * for the milliseconds that push equal instants apart.
 */
static jrn_sim_event *
append_event(walk *w, int32_t touchpoint, double u)
{
	static const double channel_to[] = {0.6, 0.9, 1.0};
	jrn_sim_journey *journey = w->journey;
	jrn_sim_event *event = &journey->events[journey->n_events];
	jrn_sim_touchpoint t = jrn_sim_touchpoint_get(touchpoint);

	event->ts = w->start + (int64_t) (squeeze(w->elapsed, w->room) * 1000.0) * 1000;
	if (journey->n_events > 0 && event->ts <= event[-1].ts)
		event->ts = event[-1].ts + 1000;
	event->touchpoint = touchpoint;
	event->channel = t.channels[pick(channel_to, 2, u)];
	event->value = 0.0;
	event->score = 0;
	journey->n_events++;
	return event;
}

/* Value of an order, in whole cents: 40 to 160 in 100 of the segment's mean. */
static double
order_value(const walk *w, int32_t k)
{
	double		mean = jrn_sim_segments[w->journey->segment].basket;
	double		u = draw(w->stream, DRAW_VALUE, 2 * k) + draw(w->stream, DRAW_VALUE, 2 * k + 1);

	return floor(mean * (0.4 + 0.6 * u) * 100.0 + 0.5) / 100.0;
}

/* R-SIM-2: segment, strategy and start, once per customer. */
static void
draw_customer(walk *w)
{
	const jrn_sim_model *m = w->model;
	jrn_sim_journey *journey = w->journey;
	double		segments[JRN_SIM_SEGMENTS];
	double		seconds;
	int			g;

	for (g = 0; g < JRN_SIM_SEGMENTS; g++)
		segments[g] = jrn_sim_segments[g].share;
	journey->segment = pick_one(segments, JRN_SIM_SEGMENTS, draw(w->stream, DRAW_SEGMENT, 0));
	journey->strategy = pick_one(m->propensity[journey->segment], m->options.strategies,
								 draw(w->stream, DRAW_STRATEGY, 0));
	journey->start_day = (int32_t) (draw(w->stream, DRAW_DAY, 0) * m->start_days);
	/* between 6 and 22 o'clock, mostly around 14 */
	seconds = 6 * 3600.0 + 8 * 3600.0 *
		(draw(w->stream, DRAW_HOUR, 0) + draw(w->stream, DRAW_HOUR, 1));
	w->start = JRN_SIM_EPOCH + (int64_t) journey->start_day * INT64_C(86400000000) +
		(int64_t) (seconds * 1000.0) * 1000;
	w->room = (m->options.days - journey->start_day) * day_seconds - seconds - 10.0;
	w->elapsed = 0.0;
	journey->n_events = 0;
	w->amount = order_value(w, 0);
}

/*
 * The chain from first touch to exit, with newsletters after events (R-SIM-6);
 * the last state is returned.
 */
static int32_t
draw_path(walk *w)
{
	const jrn_sim_model *m = w->model;
	int32_t		state = pick(m->first_to, m->size - 1, draw(w->stream, DRAW_NEXT, 0));
	int32_t		k;

	for (k = 0;; k++)
	{
		int32_t		number = m->options.chosen[state];
		jrn_sim_event *event;
		int32_t		next;

		if (k > 0)
			w->elapsed += wait_seconds(jrn_sim_touchpoint_get(number).hours,
									   draw(w->stream, DRAW_WAIT, k));
		event = append_event(w, number, draw(w->stream, DRAW_CHANNEL, k));
		if (number == JRN_SIM_ORDER)
			event->value = w->amount = order_value(w, k);
		else if (number == JRN_SIM_REFUND)
			event->value = -w->amount;
		if (m->options.noise > 0.0 && draw(w->stream, DRAW_NOISE, k) < m->options.noise)
		{
			w->elapsed += wait_seconds(jrn_sim_touchpoint_get(JRN_SIM_NEWSLETTER).hours,
									   draw(w->stream, DRAW_NOISE_WAIT, k));
			append_event(w, JRN_SIM_NEWSLETTER, draw(w->stream, DRAW_NOISE_CHANNEL, k));
		}
		next = pick(m->next_to + (size_t) state * (size_t) m->size, m->size,
					draw(w->stream, DRAW_NEXT, k + 1));
		if (next == m->size || k + 1 == JRN_SIM_MAX_STEPS)
			return state;
		state = next;
	}
}

/* Y0 and its flip (simulate.h). */
static bool
draw_outcome(const walk *w, int32_t last)
{
	const jrn_sim_model *m = w->model;
	const jrn_sim_journey *journey = w->journey;
	double		effect = m->options.effects[journey->strategy][journey->segment];
	bool		drifted = m->options.drift_day >= 0 &&
		journey->start_day >= m->options.drift_day;
	double		shift = m->lift[journey->segment] + (drifted ? -effect : effect);
	bool		outcome = draw(w->stream, DRAW_OUTCOME, 0) < m->own[last];
	double		u = draw(w->stream, DRAW_FLIP, 0);

	if (shift > 0.0 && !outcome)
		return u < shift / (1.0 - JRN_SIM_BASE);
	if (shift < 0.0 && outcome)
		return u >= -shift / JRN_SIM_BASE;
	return outcome;
}

/* Scores lean on the outcome: an honest survey knows something. */
static void
draw_scores(const walk *w)
{
	jrn_sim_journey *journey = w->journey;
	const double *shares = jrn_sim_score_shares[journey->outcome ? 1 : 0];
	int32_t		k;

	for (k = 0; k < journey->n_events; k++)
		if (journey->events[k].touchpoint == JRN_SIM_SURVEY)
			journey->events[k].score = 1 + pick_one(shares, 5, draw(w->stream, DRAW_SCORE, k));
}

void
jrn_sim_journey_draw(const jrn_sim_model *model, uint64_t seed, uint64_t customer,
					 jrn_sim_journey *journey)
{
	walk		w;

	w.model = model;
	w.journey = journey;
	/* R-SIM-1: nothing but seed and customer */
	w.stream = jrn_seed_derive(seed, "simulate", customer);
	draw_customer(&w);
	journey->outcome = draw_outcome(&w, draw_path(&w));
	draw_scores(&w);
}
