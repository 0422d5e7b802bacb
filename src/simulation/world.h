/*
 * world.h
 *		The frozen tables of the simulated world: touchpoints, what follows
 *		what, segments, channels (see simulate.h for the model).
 *
 * R-WORLD-1	Twelve touchpoints have names and hand-made habits; numbers 12 to
 *				63 are "touchpoint_13" to "touchpoint_64", made by formula, for
 *				work on large alphabets.
 * R-WORLD-2	Tables never change under a released name: an event of a seed is
 *				the same in every version.
 */
#ifndef JRN_SIM_WORLD_H
#define JRN_SIM_WORLD_H

#include <stdint.h>

#define JRN_SIM_NAMED 12
#define JRN_SIM_MAX_TOUCHPOINTS 64
#define JRN_SIM_NEWSLETTER JRN_SIM_MAX_TOUCHPOINTS	/* the noise touchpoint */
#define JRN_SIM_SEGMENTS 3
#define JRN_SIM_CHANNELS 6

/* Catalogue numbers that the model treats specially. */
#define JRN_SIM_ORDER 0
#define JRN_SIM_REFUND 9
#define JRN_SIM_SURVEY 10

typedef struct jrn_sim_touchpoint
{
	const char *name;
	double		first;			/* weight as first touch */
	double		exit;			/* probability that the journey ends here */
	double		pull;			/* for (> 0) or against the outcome */
	double		hours;			/* median wait before it */
	int8_t		channels[3];	/* taken with 60, 30 and 10 in 100 */
} jrn_sim_touchpoint;

typedef struct jrn_sim_segment
{
	const char *name;
	double		share;
	double		lift;			/* of the outcome rate, before centring */
	double		basket;			/* mean value of an order */
	double		leaning;		/* z of R-SIM-5 */
} jrn_sim_segment;

extern const jrn_sim_segment jrn_sim_segments[JRN_SIM_SEGMENTS];
extern const char *const jrn_sim_channels[JRN_SIM_CHANNELS];

/* Survey scores 1..5 without [0] and with [1] the outcome. */
extern const double jrn_sim_score_shares[2][5];

/* number: 0 .. JRN_SIM_NEWSLETTER */
extern jrn_sim_touchpoint jrn_sim_touchpoint_get(int32_t number);

/* Its name; buffer of at least 16 bytes holds those made by formula. */
extern const char *jrn_sim_touchpoint_name(int32_t number, char *buffer);

/* Weight of touchpoint next after touchpoint, 0 .. 100. */
extern double jrn_sim_follow_weight(int32_t touchpoint, int32_t next);

#endif							/* JRN_SIM_WORLD_H */
