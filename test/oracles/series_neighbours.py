"""Measures of series by their neighbours, by brute force over all pairs and by nolds.

Run: python3 series_neighbours.py (made with numpy 2.4.6, nolds 0.6.3).
Confirms test/core/test_divergence.c; prints the numbers of
test/pgtap/series_neighbours.sql as lines `label {a,b,c}`.
"""
import importlib.resources
import math

import numpy as np

# nolds 0.6.3 asks for the resources of a module, which older Pythons refuse
files = importlib.resources.files
importlib.resources.files = lambda name: files("nolds" if str(name).startswith("nolds.") else name)
import nolds


def tent(n):
    x, out = 123457, []
    for _ in range(n):
        x = 2 * x if 2 * x < 1000003 else 2 * (1000003 - x)
        out.append(x / 1000003)
    return np.array(out)


def lcg(n):
    x, out = 42, []
    for _ in range(n):
        x = (1103515245 * x + 12345) % 2 ** 31
        out.append(x / 2 ** 31)
    return np.array(out)


def show(label, values):
    print(label, "{" + ",".join("NULL" if v is None or v != v else "%.12g" % v for v in values) + "}")


def vectors(x, m, tau, count):
    return np.column_stack([x[c * tau:c * tau + count] for c in range(m)])


def squares(v):
    d = np.zeros((len(v), len(v)))
    for c in range(v.shape[1]):
        d += (v[:, c][:, None] - v[:, c][None, :]) ** 2
    return d


def first_zero(x, most):
    y = x - x.mean()
    for lag in range(1, most + 1):
        if y[:-lag] @ y[lag:] <= 0:
            return lag
    return most


def window_of(x, m, tau):
    most = len(x) // 10
    return min(max(tau * (m - 1), first_zero(x, most)), most)


def masked(d, w, skip_zero):
    i = np.arange(len(d))
    d = d.copy()
    d[np.abs(i[:, None] - i[None, :]) <= w] = np.inf
    if skip_zero:
        d[d == 0] = np.inf
    return d


def curve(x, m=3, tau=1, w=None, t=None, distance="last", k=1, radius=None):
    n = len(x)
    t = min(20, (n - (m - 1) * tau) // 10) if t is None else t
    w = window_of(x, m, tau) if w is None else w
    nv = n - (m - 1) * tau - t
    d = masked(squares(vectors(x, m, tau, nv)), w, True)
    s, used = [], []
    for step in range(t + 1):
        if distance == "last":
            last = x[(m - 1) * tau + step:][:nv]
            after = np.abs(last[:, None] - last[None, :])
        else:
            after = np.sqrt(squares(vectors(x[step:], m, tau, nv)))
        if radius:
            logs = []
            for i in range(nv):
                near = np.sqrt(d[i]) <= radius
                mean = after[i][near].mean() if near.any() else 0
                if mean > 0:
                    logs.append(math.log(mean))
        else:
            near = np.argsort(d, axis=1, kind="stable")[:, :k]
            a = np.take_along_axis(after, near, 1)[np.isfinite(np.take_along_axis(d, near, 1))]
            logs = np.log(a[a > 0])
        s.append(np.mean(logs))
        used.append(len(logs))
    return np.array(s), used


def slope(s, a, b):
    return np.polyfit(np.arange(a, b + 1), s[a:b + 1], 1)[0]


def false_neighbours(x, m, tau, w):
    n = len(x)
    nv = n - m * tau
    d = masked(squares(vectors(x, m, tau, nv)), w, True)
    j = d.argmin(1)
    d = np.sqrt(d[np.arange(nv), j])
    ok = np.isfinite(d)
    e = np.abs(x[m * tau:] - x[m * tau:][j])
    false = (e / d > 15) | (np.sqrt(d ** 2 + e ** 2) / x.std() > 2)
    return false[ok].mean(), ok.sum()


def prediction_error(x, m=3, k=4, ahead=1, w=None):
    nv = len(x) - (m - 1) - ahead
    w = window_of(x, m, 1) if w is None else w
    target = x[m - 1 + ahead:]
    near = np.argsort(masked(squares(vectors(x, m, 1, nv)), w, False), axis=1, kind="stable")[:, :k]
    return np.sqrt(np.mean((target[near].mean(1) - target) ** 2)) / target.std()


def sample_entropy(x, m=2, r=None):
    r = .2 * x.std(ddof=1) if r is None else r
    n = len(x) - m
    close = np.ones((n, n), bool)
    counts = []
    for c in range(m + 1):
        close &= np.abs(x[c:c + n][:, None] - x[c:c + n][None, :]) < r
        counts.append(close.sum() - n)
    return math.log(counts[m - 1] / counts[m]) if counts[m] else None


def information(x, lag, bins):
    table, _, _ = np.histogram2d(x[:-lag], x[lag:], bins, [[x.min(), x.max()]] * 2)
    p = table / table.sum()
    q = np.outer(p.sum(1), p.sum(0))
    return (p[p > 0] * np.log(p[p > 0] / q[p > 0])).sum()


t1, l1 = tent(1000), lcg(1000)
# the reference's figures (chaos.md 2.12)
s = curve(t1, 2, 1, 10, 8, "vector")[0]
assert np.allclose(s[:5], [-7.345231819, -6.652084639, -5.958937458, -5.269141963, -4.587009810], atol=1e-8, rtol=0)
assert abs(slope(s, 0, 4) - .689938669) < 1e-8 and abs(slope(s, 0, 8) - .672341018) < 1e-8
for m in 2, 3:
    ours = slope(curve(t1, m, 1, 10, 4, "vector")[0], 0, 4)
    theirs = nolds.lyap_r(t1, emb_dim=m, lag=1, min_tsep=10, tau=1, trajectory_len=5, fit="poly")
    assert abs(ours - theirs) < 1e-12, (ours, theirs)
    show("nolds_%d" % m, [theirs])
assert abs(prediction_error(tent(500), 3, 1, 1, 5) - .037150567) < 1e-8
assert abs(sample_entropy(t1) - .6172061390497213) < 1e-12
assert abs(sample_entropy(t1) - nolds.sampen(t1, emb_dim=2, lag=1, tolerance=.2 * t1.std(ddof=1), closed=False)) < 1e-12
assert abs(sample_entropy(np.array([0, 1, 5, 4, 1, 0, 1, 5, 3.]), 2, .5) - math.log(2)) < 1e-12
assert np.allclose([information(t1, lag, 16) for lag in (1, 2, 3)], [1.985661750, 1.324908433, .720336430], atol=1e-8)

# the series of the SQL tests: noise with a slow wave, and counts
slow = l1[:600] + np.array([((i * 7) % 300) / 100 for i in range(600)])
counts = np.floor(l1[:400] * 12)
for label, x in ("lcg", l1[:500]), ("slow", slow), ("counts", counts):
    show(label + "_window", [window_of(x, 3, 1)])
    s, used = curve(x)
    show(label + "_curve", s)
    show(label + "_used", used)
    show(label + "_false", [false_neighbours(x, m, 1, window_of(x, m, 1))[0] for m in (1, 2, 3, 4)])
    show(label + "_false_used", [false_neighbours(x, m, 1, window_of(x, m, 1))[1] for m in (1, 2, 3, 4)])
    show(label + "_error", [prediction_error(x), prediction_error(x, 2, 3, 5), prediction_error(x, 4, 1, 1, 0)])
    show(label + "_entropy", [sample_entropy(x), sample_entropy(x, 3, .75), sample_entropy(x, 1, 1.0)])
    show(label + "_information", [information(x, lag, 8) for lag in (1, 2, 5)])
show("slow_vector", curve(slow, 2, 3, 20, 6, "vector")[0])
show("slow_four", curve(slow, 2, 3, 20, 6, "last", 4)[0])
show("slow_radius", curve(slow, 2, 3, 20, 6, "last", 1, .2)[0])
show("slow_fit", [slope(curve(slow, t=8)[0], 1, 5)])
