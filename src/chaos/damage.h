/*
 * damage.h
 *		Do differences between journeys heal, and what would other exits from a
 *		touchpoint change?
 *
 * The map of the counted shares, not smoothed (map.h): Q between touchpoints,
 * the rest of a row ends; b the expected outcome from a touchpoint on, n the
 * expected visits.
 *
 * R-DAM-1	Every journey ends where its events end.  dobrushin: the largest
 *			distance in total variation between two rows, the end being a cell
 *			like any other: below 1 every difference shrinks at every step.
 * R-DAM-2	quasi_stationary_rate and second_eigenvalue: the largest and second
 *			largest modulus of the eigenvalues of Q; half-life ln 2 / - ln(second
 *			eigenvalue), 0 where it is 0, none where it is 1.
 *			active_eigenvalue is the second over the first: the same among those
 *			who go on.
 * R-DAM-3	expected_steps: sum of n, the mean number of events of a journey.
 * R-DAM-4	redirect: a share `amount` of the visits to i goes to k instead of j.
 *			Exact change of the mean outcome n_i delta.b / (1 - delta.N e_i),
 *			delta the change of row i; derivative n_i (b_k - b_j).  The end is a
 *			place to go to as well: its value is the mean outcome of the journeys
 *			that end at i.
 * R-DAM-5	redirect gives the largest share that can be moved when amount is
 *			above it.
 * R-DAM-6	status of damage: too_few (no journey), rare_ends (no solution),
 *			low_n (below 50 customers), sparse (a touchpoint left less than 20
 *			times: its row is rough and the coefficient too large), ok.
 *
 * Source: reference/chaos.md 4.2 (Dobrushin 1956; Hunter 2002).
 */
#ifndef JRN_DAMAGE_H
#define JRN_DAMAGE_H

#include "../maps/map.h"

/* A next step that is the end of the journey. */
#define JRN_REDIRECT_END (-1)

typedef struct jrn_damage
{
	double		dobrushin;		/* NaN: none */
	double		second;
	double		half_life;
	double		steps;
	double		rate;
	double		active;
	const char *status;
} jrn_damage;

typedef struct jrn_redirect
{
	double		share;			/* of visits to i that go to j now */
	double		change;			/* in units of the outcome; NaN: none */
	double		derivative;
	const char *status;
} jrn_redirect;

/* Figures of a chain; JRN_SINGULAR as jrn_chain_solve.  O(k^3). */
extern jrn_status jrn_damage_chain(const jrn_env *env, const jrn_chain *chain, jrn_damage *damage);
extern jrn_status jrn_redirect_chain(const jrn_env *env, const jrn_chain *chain, int32_t touchpoint,
									 int32_t from, int32_t to, double amount, jrn_redirect *redirect);

/* The same of a finished map, whose smoothing is set to 0. */
extern jrn_status jrn_damage_map(const jrn_env *env, jrn_map *map, jrn_damage *damage);
extern jrn_status jrn_redirect_map(const jrn_env *env, jrn_map *map, int32_t touchpoint,
								   int32_t from, int32_t to, double amount, jrn_redirect *redirect);

#endif							/* JRN_DAMAGE_H */
