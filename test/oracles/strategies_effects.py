"""compare_strategies() by plain two-pass formulas on stored scores: values,
differences, estimands treated and overlap, trimmed, weights, balance, clipping
and max-t.  Outcome models are ridge regressions per strategy, propensities a
multinomial logit, lambda 0.01 on scaled features, both without the row's fold.
Python 3.11, numpy 2.4.6, scipy 1.17.1.  python3 strategies_effects.py [shared folder]"""
import lzma

import numpy as np
from scipy import stats
from scipy.optimize import minimize

from common import *

LAM = 0.01


def read_xz(name):
    with lzma.open(os.path.join(shared(), "data", name), "rt", newline="") as f:
        rows = list(csv.DictReader(f))
    return {c: [r[c] for r in rows] for c in rows[0]}


def logit(Z, a, J):
    """Softmax with a symmetric ridge; for two strategies the binary logit."""
    n, p = Z.shape
    Y = np.eye(J)[a]
    pen = np.r_[0.0, np.full(p - 1, LAM)]
    if J == 2:
        b, _ = newton(Z, Y[:, 1], lam=LAM)
        return np.column_stack([np.zeros(p), b])
    def f(v):
        B = v.reshape(p, J)
        eta = Z @ B
        m = eta.max(1, keepdims=True)
        lse = m[:, 0] + np.log(np.exp(eta - m).sum(1))
        P = np.exp(eta - lse[:, None])
        return (lse - eta[np.arange(n), a]).mean() + (pen[:, None] * B**2).sum() / 2, \
            (Z.T @ (P - Y) / n + pen[:, None] * B).ravel()
    r = minimize(f, np.zeros(p * J), jac=True, method="L-BFGS-B", options=dict(maxiter=5000, ftol=1e-16, gtol=1e-12))
    return r.x.reshape(p, J)


def scores(X, y, a, J, fold, e=None):
    """mu, e, score [n J]; e [n]: logged propensity of the strategy taken."""
    n = len(y)
    mu, E = np.zeros((n, J)), np.full((n, J), np.nan)
    for f in np.unique(fold):
        t, s = fold != f, fold == f
        for j in range(J):
            m = t & (a == j)
            Z, back = scaled(with_one(X[m]))
            D = np.diag([0.0] + [LAM] * X.shape[1])
            b = back @ np.linalg.solve(Z.T @ Z / m.sum() + D, Z.T @ y[m] / m.sum())
            mu[s, j] = with_one(X[s]) @ b
        if e is None:
            Z, back = scaled(with_one(X[t]))
            eta = with_one(X[s]) @ (back @ logit(Z, a[t], J))
            P = np.exp(eta - eta.max(1, keepdims=True))
            E[s] = P / P.sum(1, keepdims=True)
    if e is not None:
        E[np.arange(n), a] = e
        if J == 2:
            E[np.arange(n), 1 - a] = 1 - e
    own = E[np.arange(n), a]
    S = mu.copy()
    S[np.arange(n), a] += (y - mu[np.arange(n), a]) / own
    return mu, E, S


def clustered(f, key, factor=True):
    s = np.bincount(np.unique(key, return_inverse=True)[1], f)
    return np.sqrt((s**2).sum() * (len(s) / (len(s) - 1) if factor else 1.0))


def mean(x, key):
    return [x.mean(), clustered((x - x.mean()) / len(x), key)]


def ratio(a, b, key, factor=True, c=None, d=None):
    t = a.sum() / b.sum()
    f = (a - t * b) / b.sum()
    s = 0.0
    if c is not None:
        s = c.sum() / d.sum()
        f = f - (c - s * d) / d.sum()
    return [t - s, clustered(f, key, factor)]


def ess(w):
    return w.sum()**2 / (w**2).sum()


def smd(X, ia, ib, wa=None, wb=None):
    wa = np.ones(ia.sum()) if wa is None else wa
    wb = np.ones(ib.sum()) if wb is None else wb
    d = np.average(X[ia], axis=0, weights=wa) - np.average(X[ib], axis=0, weights=wb)
    s = np.sqrt((X[ia].var(0, ddof=1) + X[ib].var(0, ddof=1)) / 2)
    return np.abs(d / s).max()


def pairs(mu, E, y, a, j, b, key):
    s = E[:, j] / (E[:, j] + E[:, b])
    ia, ib = (a == j).astype(float), (a == b).astype(float)
    here = ia + ib
    z = here * (ia - s)
    m = s * mu[:, j] + (1 - s) * mu[:, b]
    ato = ratio(z * (y - m), z * z, key)
    kept = here * ((s >= 0.05) & (s <= 0.95))
    sc = mu[:, j] - mu[:, b] + ia / s * (y - mu[:, j]) - ib / (1 - s) * (y - mu[:, b])
    trim = ratio(kept * sc, kept, key)
    w = ib * s / (1 - s)
    att = ratio(ia * (y - mu[:, b]), ia, key, True, w * (y - mu[:, b]), w)
    return ato, trim, kept.sum(), att, w


def report(label, X, y, a, names, b, fold, key, e=None):
    J = len(names)
    mu, E, S = scores(X, y, a, J, fold, e)
    own = 1 / E[np.arange(len(y)), a]
    for j in range(J):
        ia, ib = a == j, a == b
        emit(label + "." + names[j] + ".value,value_se", mean(S[:, j], key))
        emit(label + "." + names[j] + ".ess,max_weight,weight_mean", [ess(own[ia]), own[ia].max(), (own * ia).mean()])
        if j == b:
            continue
        emit(label + "." + names[j] + ".difference,std_error", mean(S[:, j] - S[:, b], key))
        emit(label + "." + names[j] + ".max_smd_before,max_smd_after", [smd(X, ia, ib), smd(X, ia, ib, own[ia], own[ib])])
        if not np.isnan(E).any():
            ato, trim, n, att, w = pairs(mu, E, y, a, j, b, key)
            emit(label + "." + names[j] + ".overlap_difference,low,high", [ato[0], ato[0] - 1.959963984540054 * ato[1], ato[0] + 1.959963984540054 * ato[1]])
            emit(label + "." + names[j] + ".trimmed_difference,low,high,n_trimmed", [trim[0], trim[0] - 1.959963984540054 * trim[1], trim[0] + 1.959963984540054 * trim[1], n])
            emit(label + "." + names[j] + ".treated,std_error", att)
            emit(label + "." + names[j] + ".treated.ess,max_smd_after", [min(ia.sum(), ess(w[ib])), smd(X, ia, ib, None, w[ib])])
    return S


# ---- Hillstrom, logged 1/3, folds (i - 1) mod 5 (reference/validation.md 9.4 with a ridge) ----
h = read_xz("hillstrom/hillstrom.csv.xz")
X = np.column_stack([np.array([[float(h[c][i]) for c in ("recency", "history", "mens", "womens", "newbie")] for i in range(len(h["visit"]))]),
                     dummies(h["zip_code"])[1], dummies(h["channel"])[1]])
names = sorted(set(h["segment"]))
a = np.array([names.index(s) for s in h["segment"]])
visit = np.array([float(v) for v in h["visit"]])
i = np.arange(len(a))
S = report("hillstrom", X, visit, a, names, 1, i % 5, i, np.full(len(a), 1 / 3))
# keys of twenty rows, folds by key; two strategies
key = i % 3200
report("hillstrom.keys", X, visit, a, names, 1, key % 5, key, np.full(len(a), 1 / 3))
# all pairs by draws of their own
C = np.cov((S - S.mean(0)).T)
g = np.random.default_rng(1).multivariate_normal(np.zeros(3), C, 400000)
sd = lambda p, q: np.sqrt(C[p, p] + C[q, q] - 2 * C[p, q])
emit("hillstrom.critical", [np.quantile(np.maximum(abs(g[:, 0] - g[:, 1]) / sd(0, 1), abs(g[:, 2] - g[:, 1]) / sd(2, 1)), 0.95)])

# ---- confounded: Hillstrom rows kept by their history, 6 400 of them, three strategies ----
u = (np.arange(len(a)) * 7919 % 64000) / 64000
keep = (i % 4 == 0) & (u < np.where(a == 0, np.minimum(1, 0.1 + X[:, 1] / 600), np.where(a == 2, 1 - X[:, 0] / 14, 0.6)))
Xk = X[keep][:, :5]
report("confounded", Xk, np.array([float(v) for v in h["spend"]])[keep], a[keep], names, 1, i[keep] % 5, i[keep])

# ---- LaLonde, estimated ----
l = read("lalonde/nsw_dw_matching.csv")
Xl = numbers(l, ["age", "educ", "black", "hisp", "married", "nodegr", "re74", "re75"])
yl, al = numbers(l, ["re78"])[:, 0], numbers(l, ["treat"])[:, 0].astype(int)
il = np.arange(len(yl))
report("lalonde", Xl, yl, al, ["false", "true"], 0, il % 5, il)
report("lalonde.keys", Xl, yl, al, ["false", "true"], 0, il % 150 % 5, il % 150)

# ---- Open Bandit: logged propensities of 34 items; every item against item 1 ----
o = read_xz("open_bandit/bts_men.csv.xz")
item = np.array([int(v) for v in o["item_id"]])
click = np.array([float(v) for v in o["click"]])
e = np.array([float(v) for v in o["propensity_score"]])
n = np.arange(len(e))
for j in (13, 14, 20):
    t, b = item == j, item == 1
    w, wb = t / e, b / e
    emit("bandit.%d.n,ess,max_weight,weight_mean,share_extreme" % j, [t.sum(), ess(1 / e[t]), (1 / e[t]).max(), w.mean(), (e[t] < 0.01).mean()])
    emit("bandit.%d.ipw value,value_se" % j, mean(w * click, n))
    emit("bandit.%d.ipw difference,std_error" % j, mean((w - wb) * click, n))
    emit("bandit.%d.snips value,value_se" % j, ratio(w * click, w, n, False))
    emit("bandit.%d.snips difference,std_error" % j, ratio(w * click, w, n, False, wb * click, wb))
    c = np.minimum(w, 10)
    emit("bandit.%d.clip 10: value,clipped,clip_bias" % j, [(c * click).mean(), (w > 10).sum(), abs(((w - c) * (click - click[t].mean())).mean())])
    emit("bandit.%d.clip 10: snips value,value_se" % j, ratio(c * click, c, n, False))
