/*
 * world.c
 *		Tables of the simulated world (see world.h).
 *
 * The figures are made up; they are chosen so that journeys look like support
 * journeys (about six events, a good road over tutorial and review, a bad one
 * over delay, call, return and refund) and so that the outcome is decided in
 * several places.  test/oracles/simulate_truth.py has the same tables again.
 */
#include "world.h"

enum
{
	WEB, APP, STORE, EMAIL, PHONE, CARRIER
};

const char *const jrn_sim_channels[JRN_SIM_CHANNELS] = {
	"web", "app", "store", "email", "phone", "carrier"
};

const jrn_sim_segment jrn_sim_segments[JRN_SIM_SEGMENTS] = {
	{"new", 0.45, -0.06, 40.0, -1.0},
	{"returning", 0.40, 0.02, 60.0, 0.0},
	{"vip", 0.15, 0.08, 120.0, 1.0},
};

const double jrn_sim_score_shares[2][5] = {
	{0.25, 0.25, 0.25, 0.15, 0.10},
	{0.03, 0.07, 0.15, 0.35, 0.40},
};

/* name, first, exit, pull, hours, channels */
static const jrn_sim_touchpoint named[JRN_SIM_NAMED] = {
	{"order", 55, 0.02, 1.0, 240, {WEB, APP, STORE}},
	{"tracking", 12, 0.02, 0.0, 20, {APP, WEB, EMAIL}},
	{"delivery", 10, 0.12, 1.5, 48, {CARRIER, STORE, STORE}},
	{"delay", 8, 0.08, -2.0, 36, {CARRIER, EMAIL, EMAIL}},
	{"email", 5, 0.15, 0.0, 72, {EMAIL, EMAIL, EMAIL}},
	{"chat", 4, 0.06, -0.5, 5, {WEB, APP, APP}},
	{"call", 3, 0.12, -2.0, 6, {PHONE, PHONE, PHONE}},
	{"tutorial", 3, 0.20, 2.0, 30, {APP, WEB, EMAIL}},
	{"return", 0, 0.05, -2.0, 96, {CARRIER, STORE, WEB}},
	{"refund", 0, 0.70, -6.0, 72, {WEB, STORE, PHONE}},
	{"survey", 0, 0.25, 0.5, 48, {EMAIL, APP, PHONE}},
	{"review", 0, 0.60, 5.0, 96, {WEB, APP, EMAIL}},
};

/* After row comes column, in 100; the exit is taken off before. */
static const int8_t follow[JRN_SIM_NAMED][JRN_SIM_NAMED] = {
	/* ord trk dlv dly eml cht cal tut ret rfd sur rev */
	{0, 44, 34, 14, 8, 0, 0, 0, 0, 0, 0, 0},	/* order */
	{0, 10, 62, 18, 0, 10, 0, 0, 0, 0, 0, 0},	/* tracking */
	{8, 0, 0, 0, 14, 12, 0, 30, 10, 0, 26, 0},	/* delivery */
	{0, 10, 16, 0, 0, 26, 34, 0, 14, 0, 0, 0},	/* delay */
	{40, 0, 0, 0, 0, 0, 0, 30, 0, 0, 30, 0},	/* email */
	{0, 0, 10, 0, 0, 8, 24, 22, 18, 0, 18, 0},	/* chat */
	{0, 0, 10, 0, 0, 10, 8, 0, 34, 22, 16, 0},	/* call */
	{22, 0, 0, 0, 0, 8, 0, 0, 0, 0, 26, 44},	/* tutorial */
	{0, 0, 0, 0, 0, 10, 16, 0, 0, 74, 0, 0},	/* return */
	{0, 0, 0, 0, 25, 0, 15, 0, 0, 0, 60, 0},	/* refund */
	{30, 0, 0, 0, 20, 0, 12, 0, 0, 0, 0, 38},	/* survey */
	{62, 0, 0, 0, 22, 0, 0, 16, 0, 0, 0, 0},	/* review */
};

jrn_sim_touchpoint
jrn_sim_touchpoint_get(int32_t number)
{
	static const jrn_sim_touchpoint newsletter = {
		"newsletter", 0, 0.0, 0.0, 60, {EMAIL, EMAIL, APP}
	};
	jrn_sim_touchpoint formula = {"", 0, 0.15, 0.0, 24, {WEB, APP, EMAIL}};

	if (number < JRN_SIM_NAMED)
		return named[number];
	if (number == JRN_SIM_NEWSLETTER)
		return newsletter;
	formula.pull = (number % 7 - 3) * 0.8;
	return formula;
}

const char *
jrn_sim_touchpoint_name(int32_t number, char *buffer)
{
	static const char stem[] = "touchpoint_";
	int			i;

	if (number < JRN_SIM_NAMED || number == JRN_SIM_NEWSLETTER)
		return jrn_sim_touchpoint_get(number).name;
	for (i = 0; stem[i] != '\0'; i++)
		buffer[i] = stem[i];
	buffer[i++] = (char) ('0' + (number + 1) / 10);
	buffer[i++] = (char) ('0' + (number + 1) % 10);
	buffer[i] = '\0';
	return buffer;
}

double
jrn_sim_follow_weight(int32_t touchpoint, int32_t next)
{
	if (next >= JRN_SIM_NAMED)
		return 2.0;
	if (touchpoint >= JRN_SIM_NAMED)
		return 5.0;
	return follow[touchpoint][next];
}
