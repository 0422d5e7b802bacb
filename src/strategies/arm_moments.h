/*
 * arm_moments.h
 *		Centred moments of (x, y) by strategy and cell in one pass over the
 *		blocks (pure core).
 *
 * R-ARM-1	Rows of a cell are collected by strategy into blocks of up to 256
 *			rows, so that the cross-products cost what they would without
 *			strategies; the order of rows within a strategy and cell is the
 *			canonical one, so sums do not depend on the order of the source.
 */
#ifndef JRN_ARM_MOMENTS_H
#define JRN_ARM_MOMENTS_H

#include "../models/engine.h"

/* The most memory that moments of all strategies and cells may take. */
#define JRN_ARM_MOMENT_BYTES ((size_t) 1 << 30)

/*
 * Moments of the engine's blocks, relative to its origin; of strategy a in
 * cell c at [a * cells + c].  JRN_LIMIT when they would take more than
 * JRN_ARM_MOMENT_BYTES.
 */
extern jrn_status jrn_arm_moments(jrn_engine *engine, int arms, int cells, jrn_moments **out);

#endif							/* JRN_ARM_MOMENTS_H */
