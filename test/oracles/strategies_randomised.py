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


# ---- values of randomised comparisons, their errors and covariances ----

def draw(i, k):
    M = 67108859
    a = (np.asarray(i) * 48271 + k * 6962177) % M
    b = (a * a + k * 12345 + i) % M
    return (b * b + a) % M / M - 0.5


def rows(n, of_key):
    i = np.arange(1, n + 1)
    key = of_key(i)
    arm = np.where(key % 2 == 0, np.floor((draw(i, 1) + 0.5) * 3), key % 3).astype(int)
    x1 = draw(i, 2) + 0.2 * draw(key + 1, 9)
    x2 = np.where(draw(i, 3) > 0.1, 1.0, 0.0)
    y = 2 + arm * 0.3 + x1 * (1 + arm) - x2 + draw(key + 1, 4) + draw(i, 5)
    return key, arm, np.column_stack([x1, x2]), y


def adjusted_scores(X, y, key, l, keys):
    """Per key: l'(X'X)^-1 X_c'A_c e_c with A_c the symmetric inverse root of I - H_cc."""
    M = np.linalg.inv(X.T @ X)
    e = y - X @ (M @ X.T @ y)
    out = np.zeros(len(keys))
    for at, c in enumerate(keys):
        r = key == c
        if r.any():
            w, v = np.linalg.eigh(np.eye(r.sum()) - X[r] @ M @ X[r].T)
            A = (v * np.where(w > 1e-8, np.abs(w) ** -.5, 0)) @ v.T
            out[at] = l @ M @ X[r].T @ A @ e[r]
    return out


def values(name, key, arm, X, y):
    keys, D = np.unique(key), X - X.mean(0)
    n = len(y)
    # one slope within strategies
    W = np.column_stack([arm == a for a in range(3)] + [X])
    theta = np.linalg.lstsq(W, y, rcond=None)[0][3:]
    for method in ("difference", "cuped", "lin"):
        G, V = [], []
        for a in range(3):
            t = arm == a
            one = np.ones((t.sum(), 1))
            if method == "lin":
                R, o = np.column_stack([one, D[t]]), y[t]
                slope = np.linalg.lstsq(R, o, rcond=None)[0][1:]
            else:
                slope = theta if method == "cuped" else np.zeros(2)
                R, o = one, y[t] - D[t] @ slope
            l = np.eye(R.shape[1])[0]
            V.append(np.linalg.lstsq(R, o, rcond=None)[0][0])
            g = adjusted_scores(R, o, key[t], l, keys)
            G.append(g + np.array([(D[key == c] @ slope).sum() for c in keys]) / n)
        emit("%s.%s.value" % (name, method), V)
        emit("%s.%s.covariance" % (name, method), np.array(G) @ np.array(G).T)


values("growing", *rows(144, lambda i: np.floor(np.sqrt(i - 1)).astype(int)))
values("pairs", *rows(300, lambda i: (i - 1) // 2))
values("triples", *rows(90, lambda i: (i - 1) // 3))
values("single", *rows(200, lambda i: i - 1))
