/*
 * test_missing.c
 *		Unequal missing outcomes and worst-case bounds (src/strategies/missing.h).
 */
#include "tap.h"

#include "../../src/strategies/missing.h"

void
test_missing(void)
{
	static const int64_t missing[] = {30, 60, 0};
	static const int64_t due[] = {300, 400, 0};
	static const int64_t none[] = {0, 0, 0};
	double		low,
				high;

	/* scipy 1.x chi2_contingency([[30, 270], [60, 340]], correction=False) */
	ok_close(jrn_missing_test(missing, due, 3, 1.0), 0.05048923190739326, 1e-10, "R-MIS-1 2 x 2 table");
	ok_close(jrn_missing_test(missing, due, 3, 2.0), erfc(sqrt(3.8251366120218546 / 2.0 / 2.0)), 1e-9, "R-MIS-1 design effect 2");
	ok(jrn_missing_test(none, due, 3, 1.0) == 1.0 && jrn_missing_test(due, due, 3, 1.0) == 1.0, "nothing or all missing: p = 1");
	ok(isnan(jrn_missing_test(missing, due, 1, 1.0)), "one strategy: no p");
	jrn_missing_bounds(0.1, 0.5, 0.2, 0.4, 0.1, 0.0, 1.0, &low, &high);
	ok_close(low, 0.4 - 0.36 - 0.1, 1e-12, "R-MIS-2 lower bound");
	ok_close(high, 0.4 + 0.2 - 0.36, 1e-12, "R-MIS-2 upper bound");
	jrn_missing_bounds(0.1, 0.5, 0.0, 0.4, 0.0, 0.0, 1.0, &low, &high);
	ok(fabs(low - 0.1) < 1e-15 && fabs(high - 0.1) < 1e-15, "R-MIS-2 nothing missing: the difference");
}
