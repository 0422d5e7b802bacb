"""p of the exact stratified test by brute force, for test/core/test_patterns.c.

Every stratum's hypergeometric distribution over its whole support (scipy), the
strata convolved, and the probabilities of all sums no more likely than the
observed one added.  All terms are positive, so small figures keep their digits.
"""
import numpy as np
from scipy.stats import hypergeom


def whole(n, outcome, having):
    low = max(0, outcome + having - n)
    x = np.arange(low, min(outcome, having) + 1)
    return low, hypergeom.pmf(x, n, outcome, having)


def p_value(strata):
    low, total = 0, np.ones(1)
    for n, outcome, having, _ in strata:
        at, p = whole(n, outcome, having)
        low, total = low + at, np.convolve(total, p)
    here = total[sum(s[3] for s in strata) - low]
    return total[total <= here * (1 + 1e-7)].sum()


if __name__ == "__main__":
    cases = {
        "rare": [(10000, 10, 20, 3)],
        "rare in three strata": [(5000, 4, 12, 2), (3000, 3, 9, 1), (2000, 2, 5, 1)],
        "strong": [(400, 200, 190, 160), (400, 180, 210, 155)],
        "perfect": [(1000, 300, 300, 300)],
        "lower tail": [(2000, 60, 1000, 2)],
        "wide": [(20000, 9000, 8000, 3700)] * 10,
        "wide and strong": [(20000, 9000, 8000, 4200)] * 10,
        "wide and skewed": [(200000, 2000, 20000, 240)] * 10,
        "wide and lower": [(200000, 2000, 20000, 160)] * 10,
    }
    for name, strata in cases.items():
        print(f"{name}: {p_value(strata):.15g}")
