"""Who benefits: AUTOC, Qini and the Qini area by their definitions, on rows that
SQL can make by formula; half samples drawn by numpy.
python3 strategies_uplift.py [shared folder]"""
import numpy as np

from common import *


def ordered(priority, score):
    """Scores by priority, highest first, each tie replaced by its average."""
    out = []
    for level in sorted(set(priority), reverse=True):
        tie = score[priority == level]
        out += [tie.mean()] * len(tie)
    return np.array(out)


def rate(priority, score, qini):
    g = ordered(priority, score)
    n = len(g)
    total, area = 0.0, 0.0
    for k in range(1, n + 1):
        total += g[k - 1]
        area += (total / k - g.mean()) * (k / n if qini else 1) / n
    return area


def qini_area(priority, treated, y):
    """Trapezoid over the ends of ties; an independent reading of Radcliffe's curve."""
    n, xs, qs = len(y), [0.0], [0.0]
    for level in sorted(set(priority), reverse=True):
        top = priority >= level
        t, c = top & treated, top & ~treated
        q = y[t].sum() - (y[c].sum() * t.sum() / c.sum() if c.sum() else 0.0)
        xs.append(top.sum() / n)
        qs.append(q / n)
    return np.trapezoid(qs, xs) - qs[-1] / 2


def half(statistic, cluster, draws=2000):
    rng = np.random.default_rng(1)
    names = np.unique(cluster)
    m = len(names) // 2
    values = [statistic(np.isin(cluster, rng.choice(names, m, replace=False))) for _ in range(draws)]
    return np.std(values, ddof=1) * np.sqrt(m / (len(names) - m))


def formula_rates():
    i = np.arange(1, 401)
    p = (i * 7919 % 101) / 128
    s = (i * 104729 % 97) / 97 + p * p - 0.5
    c = i * 31 % 57
    for name, priority in (("ties", p), ("none", p + i / 4096)):
        for kind in (False, True):
            f = lambda chosen: rate(priority[chosen], s[chosen], kind)
            emit("rate.%s.%s" % (name, "qini" if kind else "autoc"),
                 [rate(priority, s, kind), half(f, i, 500), half(f, c, 500)])
    treated, y = i * 13 % 10 < 4, np.floor(i * 104729 % 97 / 40) + (i * 13 % 10 < 4) * p
    for name, priority in (("ties", np.floor(p * 8)), ("none", p + i / 4096)):
        f = lambda chosen: qini_area(priority[chosen], treated[chosen], y[chosen])
        emit("qini_area.%s" % name, [qini_area(priority, treated, y), half(f, i), half(f, c)])
    for k in (100, 200, 300, 400):
        g = ordered(p, s)
        emit("curve.%d" % k, [g[:k].sum() / 400, g[:k].mean() - g.mean()])


formula_rates()
