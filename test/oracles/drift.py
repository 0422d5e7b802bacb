"""Drift between two windows: stability index, Kolmogorov-Smirnov with ties,
chi-square over pooled levels, standardised differences, null rates, frozen
bins, and the fingerprint of rows.

numpy 2.4.6, scipy 1.17.1, xxhash 4.1.0, R 4.2.2 by Rscript for exact tests with ties.
"""
import subprocess
import sys
from fractions import Fraction

import numpy as np
import scipy
import xxhash
from scipy import special, stats


def line(label, *values):
    print(label, "{" + ",".join("NULL" if v is None else "%.12g" % v for v in values) + "}")


# ---- stability index ----
def psi(reference, current):
    cells = [(a, b) for a, b in zip(reference, current) if a or b]
    n, m = sum(reference), sum(current)
    half = [(a or .5, b or .5) for a, b in cells]
    sa, sb = sum(a for a, _ in half), sum(b for _, b in half)
    value = sum((b / sb - a / sa) * np.log((b / sb) / (a / sa)) for a, b in half)
    scale = 1 / n + 1 / m
    return value, (len(cells) - 1) * scale, stats.chi2.sf(value / scale, len(cells) - 1)


TEN = [100, 100, 100, 100, 100, 100, 100, 100, 100, 100]
line("psi_ten", *psi(TEN, [90, 110, 95, 105, 100, 120, 80, 100, 97, 103]))
line("psi_empty", *psi([40, 0, 30, 0, 30], [20, 10, 0, 0, 30]))
line("psi_large", *psi([10 ** 9, 2 * 10 ** 9], [2 * 10 ** 9, 10 ** 9]))
rng = np.random.default_rng(1)
for n, b in ((1000, 10), (100, 10)):
    draws = [psi(list(rng.multinomial(n, [1 / b] * b)), list(rng.multinomial(n, [1 / b] * b)))[0] for _ in range(20000)]
    line("psi_null_%d" % n, np.mean(draws), np.quantile(draws, .95), (b - 1) * 2 / n)


def chance():
    """How often p is below 0.05 without drift: psi, Pearson, the larger of both. Bins are
    quantiles of the reference, so the true shares of its bins are Dirichlet."""
    rng = np.random.default_rng(1)
    for n, m in ((100, 100), (1000, 1000), (1000, 100), (100, 1000), (10000, 100), (100, 10000), (300, 100), (100, 300),
                 (10000, 300), (300, 10000), (10000, 1000), (1000, 10000), (50, 50), (10 ** 6, 50)):
        r = np.full((100000, 10), n / 10)
        c = rng.multinomial(m, rng.dirichlet([n / 10] * 10, len(r)))
        total, scale = r + c, 1 / n + 1 / m
        pearson = stats.chi2.sf(((c / m - r / n) ** 2 / (total / (n + m))).sum(1) / scale, 9)
        b = np.maximum(c, .5)
        b /= b.sum(1, keepdims=True)
        index = stats.chi2.sf(((b - .1) * np.log(b / .1)).sum(1) / scale, 9)
        line("chance_%d_%d" % (n, m), *[(p < .05).mean() for p in (index, pearson, np.maximum(index, pearson))])


if "--chance" in sys.argv:
    chance()
    sys.exit()


# ---- levels ----
def levels(reference, current):
    cells = sorted(((a, b) for a, b in zip(reference, current) if a or b), key=lambda c: (c[0] + c[1], c[0]))
    n, m = sum(reference), sum(current)
    share = min(n, m) / (n + m)
    pool, rest = [0, 0], list(cells)
    pooled = False
    while rest and ((sum(rest[0]) * share < 5) or (pooled and sum(pool) * share < 5)):
        a, b = rest.pop(0)
        pool = [pool[0] + a, pool[1] + b]
        pooled = True
    table = ([tuple(pool)] if pooled else []) + rest
    t = np.array(table, dtype=float).T
    chi = stats.chi2_contingency(t, correction=False)
    tv = .5 * np.abs(t[1] / m - t[0] / n).sum()
    return chi.statistic, chi.dof, chi.pvalue, tv, max(chi.pvalue, psi(list(t[0]), list(t[1]))[2])


line("levels_plain", *levels([60, 30, 10], [45, 40, 15]))
line("levels_rare", *levels([500, 300, 3, 2, 1, 0, 4, 100], [420, 360, 1, 2, 0, 5, 3, 110]))
line("levels_pool_grows", *levels([500, 300, 1, 12, 0], [480, 320, 0, 8, 1]))
line("levels_unequal", *levels([5000, 4000, 900, 100], [60, 30, 6, 4]))


# ---- two samples ----
def difference(x, y):
    return (y.mean() - x.mean()) / np.sqrt((x.var(ddof=1) + y.var(ddof=1)) / 2)


def exact_with_ties(x, y):
    """P(D >= d) over all ways to deal the pooled values: path counts in whole numbers."""
    n, m = len(x), len(y)
    pooled = np.sort(np.concatenate([x, y]))
    ends = [False] + [k + 1 == n + m or pooled[k] != pooled[k + 1] for k in range(n + m)]
    d = max(abs(int((x <= v).sum()) * m - int((y <= v).sum()) * n) for v in pooled)
    row = [0] * (m + 1)
    for i in range(n + 1):
        for j in range(m + 1):
            if i == 0 and j == 0:
                row[j] = 1
                continue
            count = (row[j] if i else 0) + (row[j - 1] if j else 0)
            row[j] = 0 if ends[i + j] and abs(i * m - j * n) >= d else count
    return d / (n * m), float(1 - Fraction(row[m], special.comb(n + m, n, exact=True)))


def by_r(x, y):
    code = "options(digits=15); x<-c(%s); y<-c(%s); t<-ks.test(x,y,exact=TRUE); cat(t$statistic, t$p.value)" % (
        ",".join(map(repr, map(float, x))), ",".join(map(repr, map(float, y))))
    return [float(v) for v in subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=True).stdout.split()]


def sample(n, step, modulus, divisor, shift):
    return np.array([(i * step % modulus) / divisor + shift for i in range(1, n + 1)])


CASES = {"apart": (sample(30, 37, 101, 7, 0), sample(25, 53, 97, 7, .3)),
         "shifted": (sample(60, 37, 101, 7, 0), sample(80, 53, 97, 7, 3.1)),
         "ties": (np.floor(sample(40, 37, 101, 20, 0)), np.floor(sample(50, 53, 97, 20, 1))),
         "few": (np.array([1., 2, 2, 3]), np.array([2., 3, 3, 3, 4]))}
for name, (x, y) in CASES.items():
    d, p = exact_with_ties(x, y)
    if len(np.unique(np.concatenate([x, y]))) == len(x) + len(y):
        s = stats.ks_2samp(x, y, method="exact")
        assert abs(s.statistic - d) < 1e-12 and abs(s.pvalue / p - 1) < 1e-9, name
    rd, rp = by_r(x, y)
    assert abs(rd - d) < 1e-12 and abs(rp / p - 1) < 1e-9, (name, rp, p)
    line("ks_" + name, d, p, difference(x, y))
x, y = sample(4001, 37, 10007, 7, 0), sample(3001, 53, 9973, 7, 20)
s = stats.ks_2samp(x, y)
line("ks_limit", s.statistic, special.kolmogorov(s.statistic * np.sqrt(len(x) * len(y) / (len(x) + len(y)))), difference(x, y))
line("kolmogorov", *[special.kolmogorov(v) for v in (.2, .5, .9, .99999, 1, 1.5, 3, 6)])


# ---- public data: LaLonde's experiment by arm, Hillstrom by mail and by newcomers ----
def shared(name):
    import csv
    import lzma
    import os
    path = os.path.join(sys.argv[1] if len(sys.argv) > 1 else os.environ["JOURNEY_SHARED"], "data", name)
    with (lzma.open(path, "rt") if path.endswith("xz") else open(path)) as file:
        return list(csv.DictReader(file))


def column(rows, name):
    return np.array([float(r[name]) for r in rows])


def counts(rows, others, name):
    kinds = sorted({r[name] for r in rows + others})
    return [[sum(r[name] == k for r in side) for k in kinds] for side in (rows, others)]


def limit(x, y):
    s = stats.ks_2samp(x, y, method="asymp")
    return s.statistic, special.kolmogorov(s.statistic * np.sqrt(len(x) * len(y) / (len(x) + len(y)))), difference(x, y)


if len(sys.argv) > 1 or "JOURNEY_SHARED" in __import__("os").environ:
    lalonde = shared("lalonde/nsw_dw_matching.csv")
    treat = [k for k in lalonde[0] if k.startswith("treat")][0]
    arms = [[r for r in lalonde if float(r[treat]) == t] for t in (0, 1)]
    for name in ("age", "educ", "re75"):
        x, y = column(arms[0], name), column(arms[1], name)
        d, p = exact_with_ties(x, y)
        rd, rp = by_r(x, y)
        assert abs(rd - d) < 1e-12 and abs(rp / p - 1) < 1e-9, (name, rp, p)
        line("lalonde_" + name, d, p, difference(x, y))
    hillstrom = shared("hillstrom/hillstrom.csv.xz")
    mails = [[r for r in hillstrom if r["segment"] == s] for s in ("No E-Mail", "Mens E-Mail")]
    newbies = [[r for r in hillstrom if r["newbie"] == n] for n in "01"]
    for label, pair in (("mail", mails), ("newbie", newbies)):
        for name in ("recency", "history"):
            line("hillstrom_%s_%s" % (label, name), *limit(column(pair[0], name), column(pair[1], name)))
        for name in ("channel", "zip_code"):
            c, _, p, tv, _ = levels(*counts(*pair, name))
            line("hillstrom_%s_%s" % (label, name), c, p, tv)


# ---- null rates ----
def proportions(a, n, b, m):
    return stats.chi2_contingency([[a, n - a], [b, m - b]], correction=True).pvalue


line("proportions", proportions(20, 1000, 80, 1000), proportions(1, 50, 9, 60), proportions(0, 30, 1, 30))


# ---- rows ----
def row(*columns):
    """Bytes of (number, bytes or None) as data_fingerprint writes them."""
    out = b""
    for i, value in enumerate(columns, 1):
        out += i.to_bytes(4, "big") + (b"\0" if value is None else b"\1" + len(value).to_bytes(4, "big") + value)
    return out


def fingerprint(*rows):
    total = sum((xxhash.xxh64(r, 0).intdigest() << 64) + xxhash.xxh64(r, 0x6A09E667F3BCC908).intdigest() for r in rows)
    return "%032x:%d" % (total % 2 ** 128, len(rows))


ROW = row((42).to_bytes(8, "big"), None, b"abc")
print("fingerprint_bytes", fingerprint(b"abc"))
print("fingerprint_row", fingerprint(ROW))
print("fingerprint_twice", fingerprint(ROW, ROW))
print("versions", np.__version__, scipy.__version__, xxhash.VERSION, file=sys.stderr)
