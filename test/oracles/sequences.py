"""Numbers for the tests of confidence sequences, betting sequences and
Page-Hinkley's alarm: each from its definition, capital as a sum of logarithms
and ends by Brent's method; Page-Hinkley from river.  Then simulations of 52
weekly looks.  Decides test/core/test_confidence_sequence.c, test_betting.c,
test_page_hinkley.c and test/pgtap/monitoring_sequences.sql.
numpy 2.4.6, scipy 1.17.1, river 0.26.1."""
import math
import sys

import numpy as np
from scipy.optimize import brentq
from scipy.special import logsumexp
from scipy.stats import norm


def show(label, values):
    print(label, "{" + ",".join("%.12g" % v for v in np.atleast_1d(values)) + "}")


def lcg(n):
    x, out = 42, []
    for _ in range(n):
        x = (1103515245 * x + 12345) % 2**31
        out.append(x / 2**31)
    return np.array(out)


# ---- confidence sequence: the boundary where the mixture comes to 1/alpha

def rho(planned, alpha):
    return math.sqrt((-2 * math.log(alpha) + math.log(-2 * math.log(alpha)) + 1) / planned)


def log_mixture(t, s, r):
    """ln of the integral of exp(l s - l^2 t / 2) over l ~ N(0, r^2), s = sum of z."""
    return r * r * s * s / (2 * (t * r * r + 1)) - math.log(t * r * r + 1) / 2


def half_width(t, sd, planned, alpha):
    r = rho(planned, alpha)
    s = brentq(lambda s: log_mixture(t, s, r) + math.log(alpha), 0, 1e6, xtol=1e-12, rtol=1e-15)
    return sd * s / t


def mixture_by_quadrature(t, s, r):
    """The same integral as a plain sum, which knows no formula."""
    l = np.linspace(-12 * r, 12 * r, 2000001)
    f = np.exp(l * s - l * l * t / 2 - l * l / (2 * r * r)) / (r * math.sqrt(2 * math.pi))
    return math.log(f.sum() * (l[1] - l[0]))


r = rho(1000, 0.05)
assert abs(r - 0.0937112609) < 1e-10
assert abs(mixture_by_quadrature(400, 70, r) - log_mixture(400, 70, r)) < 1e-9
show("half_05_1000", [half_width(t, 1, 1000, 0.05) for t in (100, 1000, 10000)])
show("half_01_5000", [half_width(t, 1, 5000, 0.01) for t in (500, 5000, 50000)])
u = lcg(5000)
x = u**3
for n in (2, 50, 1000, 5000):
    m, sd = x[:n].mean(), x[:n].std(ddof=1)
    h = half_width(n, sd, 1200, 0.05)
    show("sequence_%d" % n, [m, sd / math.sqrt(n), m - h, m + h, ((x[:n] - m)**2).sum(),
                             log_mixture(n, n * (m - 0.24) / sd, rho(1200, 0.05))])


# ---- betting

PARTS = 0.98 / 2.0**np.arange(12)


def log_above(y, m):
    """ln of the mean of twelve purses that bet on above."""
    if m == 0:
        return -math.inf if (y == 0).all() else math.inf
    return logsumexp(np.log1p(np.outer(PARTS, (y - m) / m)).sum(axis=1)) - math.log(12)


def log_below(y, m):
    return log_above(1 - y, 1 - m)


def betting(y, alpha):
    bar = math.log(2 / alpha)
    low = 0.0 if log_above(y, 0.0) < bar else brentq(
        lambda m: log_above(y, m) - bar, 1e-12, 1, xtol=1e-15, rtol=1e-14)
    high = 1.0 if log_below(y, 1.0) < bar else brentq(
        lambda m: log_below(y, m) - bar, 0, 1 - 1e-12, xtol=1e-15, rtol=1e-14)
    return low, high


rare = (u < 0.03).astype(float)
for name, y in (("cubes", x), ("rare", rare), ("ones", np.ones(200)), ("step", (np.arange(4000) >= 2000).astype(float))):
    for n in (1, 10, 100, 1000, len(y)):
        if n <= len(y):
            for alpha in (0.05, 0.01):
                show("betting_%s_%d_%g" % (name, n, alpha), betting(y[:n], alpha))
show("betting_log_e", [log_above(x[:1000], 0.2), log_below(x[:1000], 0.3),
                       max(log_above(x[:1000], 0.21), log_below(x[:1000], 0.21)) - math.log(2)])


# ---- Page-Hinkley

def page_hinkley(x, delta, threshold, mode, min_n):
    from river.drift import PageHinkley
    detector = PageHinkley(min_instances=min_n, delta=delta, threshold=threshold, alpha=1, mode=mode)
    for i, value in enumerate(x):
        detector.update(float(value))
        if detector.drift_detected:
            return i + 1, detector._sum_increase - detector._min_increase, detector._max_decrease - detector._sum_decrease
    return 0, detector._sum_increase - detector._min_increase, detector._max_decrease - detector._sum_decrease


if "--no-river" not in sys.argv:
    up = u[:1000] + (np.arange(1000) >= 600) * 0.4
    down = u[:1000] - (np.arange(1000) >= 300) * 0.3
    for name, s in (("up", up), ("down", down), ("flat", u[:1000])):
        for mode in ("up", "down", "both"):
            show("hinkley_%s_%s" % (name, mode), page_hinkley(s, 0.1, 8, mode, 30))
    show("hinkley_early", page_hinkley(np.r_[np.zeros(5), np.full(100, 9.0)], 0.1, 8, "both", 30))
    show("hinkley_at_once", page_hinkley(np.r_[np.zeros(5), np.full(100, 9.0)], 0.1, 8, "both", 1))


# ---- 52 weekly looks at 100 customers a week

def weekly(effect, draw, runs, seed, planned=1200, weeks=52, size=100):
    """Share of runs in which 0 was ever outside, by the sequence and by p < 0.05; weeks of stopping."""
    rng = np.random.default_rng(seed)
    r = rho(planned, 0.05)
    stops, naive = [], 0
    for _ in range(runs):
        z = draw(rng, weeks * size) + effect
        n = size * np.arange(1, weeks + 1)
        m = np.cumsum(z)[n - 1] / n
        sd = np.sqrt((np.cumsum(z * z)[n - 1] - n * m * m) / (n - 1))
        half = sd * np.sqrt(2 * (n * r * r + 1) / (n * n * r * r) * np.log(np.sqrt(n * r * r + 1) / 0.05))
        out = np.abs(m) > half
        naive += (np.abs(m) > norm.ppf(0.975) * sd / np.sqrt(n)).any()
        stops.append(np.argmax(out) + 1 if out.any() else np.inf)
    return np.isfinite(stops).mean(), naive / runs, np.median(stops)


if "--simulate" in sys.argv:
    normal = lambda rng, n: rng.standard_normal(n)
    show("weekly_no_effect", weekly(0, normal, 20000, 1))
    show("weekly_effect", weekly(0.1, normal, 4000, 2))
    show("weekly_no_effect_exponential", weekly(0, lambda rng, n: rng.exponential(size=n) - 1, 10000, 3))
    show("weekly_no_effect_5_percent", weekly(0, lambda rng, n: ((rng.random(n) < .05) - .05) / math.sqrt(.05 * .95), 10000, 4))
    rng = np.random.default_rng(5)

    def log_capital_over_time(y, m):
        purses = np.log1p(np.outer(PARTS, (y - m) / m)).cumsum(axis=1)
        return logsumexp(purses, axis=0) - math.log(12)

    for p in (0.5, 0.02):
        wrong = 0
        for _ in range(1000):
            y = (rng.random(5200) < p).astype(float)
            k = np.maximum(log_capital_over_time(y, p), log_capital_over_time(1 - y, 1 - p))
            wrong += k.max() >= math.log(2 / 0.05)
        show("betting_ever_wrong_%g" % p, wrong / 1000)
    stop = []
    for _ in range(500):
        y = (rng.random(5200) < 0.55).astype(float)         # 0.1 standard deviations above 0.5
        k = np.maximum(log_capital_over_time(y, 0.5), log_capital_over_time(1 - y, 0.5))[99::100]
        out = k >= math.log(2 / 0.05)
        stop.append(np.argmax(out) + 1 if out.any() else np.inf)
    show("betting_effect", [np.isfinite(stop).mean(), np.median(stop)])
