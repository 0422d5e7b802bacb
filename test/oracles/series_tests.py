"""Numbers for the tests of series: early warning, recurrence, unit roots, the
0-1 test and permutation entropy, each written out from its definition or
taken from scipy and statsmodels.  Decides test/core/test_early_warning.c,
test_recurrence.c, test_series_diagnosis.c and test/pgtap/series_tests.sql.
numpy 2.4.6, scipy 1.17.1, statsmodels 0.15.0."""
import itertools
import math
import sys
import numpy as np
import scipy
import scipy.stats
import statsmodels
import warnings
from statsmodels.tsa.stattools import adfuller

warnings.simplefilter("ignore", FutureWarning)


def show(label, values):
    print(label, "{" + ",".join("%.12g" % v for v in np.atleast_1d(values)) + "}")


def tent(n):
    p, x, out = 1000003, 123457, []
    for _ in range(n):
        x = 2 * x if 2 * x < p else 2 * (p - x)
        out.append(x / p)
    return np.array(out)


def lcg(n):
    x, out = 42, []
    for _ in range(n):
        x = (1103515245 * x + 12345) % 2**31
        out.append(x / 2**31)
    return np.array(out)


def autoregressive(u, phi):
    out, z = [], 0.0
    for e in u - 0.5:
        z = phi * z + e
        out.append(z)
    return np.array(out)


def early_warning(x, window, bandwidth):
    n = len(x)
    y = x.copy()
    if bandwidth > 0:
        h = bandwidth * n
        for i in range(n):
            d = np.arange(n) - i
            w = np.where(np.abs(d) <= math.ceil(4 * h), np.exp(-d**2 / (2 * h * h)), 0)
            y[i] = x[i] - (w * x).sum() / w.sum()
    variance, correlation = [], []
    for i in range(n - window + 1):
        z = y[i:i + window] - y[i:i + window].mean()
        variance.append((z**2).sum() / (window - 1))
        correlation.append((z[:-1] * z[1:]).sum() / (z**2).sum())
    t = np.arange(len(variance))
    return [scipy.stats.kendalltau(t, variance).statistic, scipy.stats.kendalltau(t, correlation).statistic,
            variance[0], variance[-1], correlation[0], correlation[-1]]


def lines(runs, least):
    runs = [r for r in runs if r >= least]
    if not runs:
        return 0, float("nan"), float("nan"), float("nan")
    c = np.unique(runs, return_counts=True)[1] / len(runs)
    return sum(runs), sum(runs) / len(runs), max(runs), -(c * np.log(c)).sum()


def runs_of(cells):
    return [len(list(g)) for black, g in itertools.groupby(cells) if black]


def recurrence(m, theiler, least):
    """m[i, j] boolean."""
    rows, columns = m.shape
    i, j = np.indices(m.shape)
    k = m & (np.abs(i - j) >= theiler)
    diagonal = [r for d in range(-rows + 1, columns) for r in runs_of(np.diagonal(k, d))]
    vertical = [r for c in range(columns) for r in runs_of(k[:, c])]
    times = []
    for c in range(columns):
        parts = [(black, len(list(g))) for black, g in itertools.groupby(k[:, c])]
        for a, gap, b in zip(parts, parts[1:], parts[2:]):
            if a[0]:
                times.append(gap[1] + a[1] // 2 + b[1] // 2)
    cells, mean, longest, entropy = lines(diagonal, least)
    vcells, trapping = lines(vertical, least)[:2]
    counts = np.unique(times, return_counts=True)[1]
    c = counts / len(times)
    return [m.mean(), cells / k.sum(), mean, longest, entropy, 1 / longest, vcells / k.sum(), trapping,
            np.mean(times), -(c * np.log(c)).sum(), counts.max()]


def zero_one(x, frequencies):
    n, n0, ks = len(x), len(x) // 10, []
    for k in range(frequencies):
        c = math.pi / 5 + (k + 0.5) / frequencies * 3 * math.pi / 5
        j = np.arange(1, n + 1)
        p, q = np.cumsum(x * np.cos(j * c)), np.cumsum(x * np.sin(j * c))
        d = [np.mean((p[t:t + n - n0] - p[:n - n0])**2 + (q[t:t + n - n0] - q[:n - n0])**2)
             - x.mean()**2 * (1 - math.cos(t * c)) / (1 - math.cos(c)) for t in range(1, n0 + 1)]
        ks.append(np.corrcoef(np.arange(1, n0 + 1), d)[0, 1])
    return np.quantile(ks, [0.5, 0.25, 0.75])


def main():
    print("# python %s, numpy %s, scipy %s, statsmodels %s" %
          (sys.version.split()[0], np.__version__, scipy.__version__, statsmodels.__version__))
    u = lcg(2000)
    ar = autoregressive(u[:300], 0.6)
    show("early_warning_ar", early_warning(ar, 150, 0.1))
    show("early_warning_ar_plain", early_warning(ar, 100, 0))
    ramp = autoregressive(u[:200], 0.0) * np.linspace(1, 2, 200)
    show("early_warning_ramp", early_warning(ramp, 100, 0.05))
    t = tent(200)
    m = np.abs(t[:, None] - t[None, :]) <= 0.2 * t.std(ddof=1)
    show("recurrence_tent", recurrence(m, 1, 2))
    v = np.column_stack([t[:-2], t[2:]])
    m = np.abs(v[:, None, :] - v[None, :, :]).max(axis=2) <= 0.15
    show("recurrence_tent_embedded", recurrence(m, 3, 2))
    s = (u[:60] * 4).astype(int)
    show("recurrence_symbols", recurrence(s[:, None] == s[None, :], 1, 2))
    show("symbols", s)
    for name, x in (("lcg", u[:500]), ("ar9", autoregressive(u[:500], 0.9)), ("walk", np.cumsum(u[:500] - 0.5)),
                    ("trend", autoregressive(u[:500], 0.5) + 0.01 * np.arange(500)), ("tent", tent(500))):
        for regression in ("c", "ct"):
            for lags in (0, 3):
                show("adf_%s_%s_%d" % (name, regression, lags), adfuller(x, maxlag=lags, regression=regression, autolag=None)[0])
        most = min(20, int(12 * (len(x) / 100)**0.25))
        got = adfuller(x, maxlag=most, regression="c", autolag="BIC")
        show("adf_bic_%s" % name, [got[2], got[0], got[4]["5%"]])
    show("zero_one_lcg", zero_one(u[:1000], 16))
    show("zero_one_tent", zero_one(tent(1000), 16))


main()
