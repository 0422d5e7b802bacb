/*
 * wire.h
 *		Whole numbers on the wire of aggregate states: big-endian, whatever the
 *		machine.
 */
#ifndef JRN_WIRE_H
#define JRN_WIRE_H

#include <stdint.h>

/* Write the low bytes (1 to 8) of a value; gives the place behind them. */
static inline unsigned char *
jrn_wire_put(unsigned char *wire, uint64_t value, int bytes)
{
	int			i;

	for (i = bytes - 1; i >= 0; i--, value >>= 8)
		wire[i] = (unsigned char) value;
	return wire + bytes;
}

static inline uint64_t
jrn_wire_get(const unsigned char *wire, int bytes)
{
	uint64_t	value = 0;
	int			i;

	for (i = 0; i < bytes; i++)
		value = value << 8 | wire[i];
	return value;
}

#endif							/* JRN_WIRE_H */
