"""Sample ratio, planned sizes, and randomised comparisons by brute force: every
matrix written out.  python3 strategies_randomised.py [shared folder]"""
import lzma
import math

import numpy as np
from scipy import stats
from scipy.special import gammaln

from common import *


# ---- sample ratio ----

def ratio(label, observed, expected=None):
    n = np.array(observed, float)
    pi = np.ones(len(n)) / len(n) if expected is None else np.array(expected, float) / np.sum(expected)
    N, J = n.sum(), len(n)
    chi2 = ((n - N * pi) ** 2 / (N * pi)).sum()
    a = J * pi
    log_e = gammaln(J) - gammaln(N + J) + (gammaln(a + n) - gammaln(a)).sum() - (n * np.log(pi)).sum()
    emit(label, [chi2, J - 1, stats.chi2.sf(chi2, J - 1), math.exp(log_e)])


ratio("srm.hillstrom", [21307, 21387, 21306])
ratio("srm.two", [510, 490])
ratio("srm.broken", [5300, 4700])
ratio("srm.shares", [905, 102, 45], [90, 5, 5])
ratio("srm.none_of_one", [0, 20, 20])


# ---- customers ----

def needed(v, effect, power=.8, alpha=.05, m=1, icc=0):
    z = stats.norm.isf(alpha / 2) + stats.norm.ppf(power)
    return max(2, math.ceil(z * z * v / effect ** 2 * (1 + (m - 1) * icc) / m))


rate = lambda p, d, **k: needed(p * (1 - p) + (p + d) * (1 - p - d), d, **k)
emit("required.rate", [rate(.1, .02), rate(.1, -.02), rate(.7, .005, power=.9, alpha=.01), rate(.1, .02, m=5, icc=.2), rate(.1, .02, m=5, icc=1)])
emit("required.mean", [needed(2 * 25, 1), needed(2 * 25, 1, power=.9), needed(2 * 25, 1, m=3, icc=.5)])


def simulate_power(p, d, m, icc, runs=2000, seed=1):
    """Share of clustered comparisons of the planned size that come out significant."""
    g = np.random.default_rng(seed)
    n = rate(p, d, m=m, icc=icc)
    hits = 0
    for _ in range(runs):
        means = []
        for r in (p, p + d):
            # beta-binomial: intraclass correlation 1 / (a + b + 1)
            s = 1 / icc - 1
            means.append(g.binomial(m, g.beta(r * s, (1 - r) * s, n)) / m)
        a, b = means
        z = (b.mean() - a.mean()) / math.sqrt(a.var(ddof=1) / n + b.var(ddof=1) / n)
        hits += abs(z) > 1.959964
    return hits / runs


emit("required.power_of_five_decisions_icc_0.2 (0.8 +- 0.018)", [simulate_power(.1, .02, 5, .2)])
