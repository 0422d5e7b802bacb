"""Who benefits: AUTOC, Qini and the Qini area by their definitions, on rows that
SQL can make by formula; half samples drawn by numpy.  Effect models (DR-, R-
and X-learner), their errors, calibration and groups by explicit loops over
folds and clusters, on such rows and on Hillstrom's e-mails.
python3 strategies_uplift.py [shared folder]"""
import csv
import lzma
import os

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


LAMBDA = 0.01


def ridge_fit(X, y, w):
    """(coefficients with intercept, bread over W, pull of the penalty): penalty on columns scaled by
    the weighted 1/W deviations of these rows; constant columns left out."""
    W = w.sum()
    m = (w[:, None] * X).sum(0) / W
    s = np.sqrt((w[:, None] * (X - m) ** 2).sum(0) / W)
    keep = s > 1e-9
    Z = with_one(X[:, keep])
    H = (w[:, None] * Z).T @ Z / W + np.diag(np.r_[0, LAMBDA * s[keep] ** 2])
    b = np.linalg.solve(H, (w[:, None] * Z).T @ y / W)
    full = np.zeros(X.shape[1] + 1)
    at = np.r_[0, 1 + np.flatnonzero(keep)]
    full[at] = b
    B = np.zeros((len(full), len(full)))
    B[np.ix_(at, at)] = np.linalg.inv(H) / W
    pull = np.zeros(len(full))
    pull[at] = np.linalg.solve(H, np.r_[0, LAMBDA * s[keep] ** 2] * b)
    return full, B, pull


def cross_fit(X, y, arm, fold, e, arms):
    """mu and doubly robust scores; e[i, a] is known."""
    mu, G = np.zeros((len(y), arms)), np.zeros((len(y), arms))
    for f in np.unique(fold):
        t = fold == f
        for a in range(arms):
            r = ~t & (arm == a)
            mu[t, a] = with_one(X[t]) @ ridge_fit(X[r], y[r], np.ones(r.sum()))[0]
    for a in range(arms):
        G[:, a] = mu[:, a] + (arm == a) / e[:, a] * (y - mu[:, a])
    return mu, G


def learner_rows(learner, y, arm, e, mu, G, a, b):
    """Parts (weight, outcome, share in the effect)."""
    one, zero = np.ones(len(y)), np.zeros(len(y))
    share = e[:, a] / (e[:, a] + e[:, b])
    if learner == "dr":
        return [(one, G[:, a] - G[:, b], one)]
    if learner == "x":
        return [(1.0 * (arm == a), np.where(arm == a, y - mu[:, b], 0), 1 - share),
                (1.0 * (arm == b), np.where(arm == b, mu[:, a] - y, 0), share)]
    both = (arm == a) | (arm == b)
    u = (arm == a) - share
    m = share * mu[:, a] + (1 - share) * mu[:, b]
    return [(np.where(both, u ** 2, 0), np.where(both, (y - m) / u, 0), one)]


def effects(parts, X, fold, key):
    """Effect and error of every row, coefficients of all rows and their errors."""
    Z, q = with_one(X), X.shape[1] + 1
    names = np.unique(fold)
    theta = {f: [ridge_fit(X[fold != f], d[fold != f], w[fold != f]) for w, d, _ in parts] for f in list(names) + [None]}
    effect, left = np.zeros(len(X)), [np.zeros(len(X)) for _ in parts]
    for f in names:
        t = fold == f
        for j, (w, d, s) in enumerate(parts):
            tau = Z[t] @ theta[f][j][0]
            effect[t] += s[t] * tau
            left[j][t] = w[t] * (d[t] - tau)
    used = sum(w for w, _, _ in parts) > 0
    v = np.hstack([s[:, None] * Z for _, _, s in parts])
    g = np.hstack([l[:, None] * Z for l in left])

    def covariance(f):
        r = fold != f
        B = np.zeros((len(parts) * q,) * 2)
        for j in range(len(parts)):
            B[j * q:j * q + q, j * q:j * q + q] = theta[f][j][1]
        M, C = np.zeros_like(B), 0
        for c in np.unique(key[r]):
            i = r & (key == c)
            gc = g[i].sum(0)
            M += np.outer(gc, gc)
            C += used[i].any()
        pull = np.concatenate([p[2] for p in theta[f]])
        return B @ M @ B * C / (C - 1) + np.outer(pull, pull)
    error, noise, spread = np.zeros(len(X)), 0, 0
    for f in names:
        t = fold == f
        V, c = covariance(f), v[t] - v[t].mean(0)
        error[t] = np.sqrt(np.einsum("ij,jk,ik->i", v[t], V, v[t]))
        noise += np.einsum("ij,jk,ik->", c, V, c)
        spread += ((effect[t] - effect[t].mean()) ** 2).sum()
    return effect, error, theta[None][0][0], np.sqrt(np.diag(covariance(None)))[:q], noise / spread


def by_key(values, key):
    order = np.unique(key, return_inverse=True)[1]
    return np.array([np.bincount(order, v) for v in np.atleast_2d(values)])


def df_of(arm, key, a, b):
    least = min(len(set(key[arm == a])), len(set(key[arm == b])))
    return least - 1 if least < 100 else np.inf


def calibration(label, effect, d, fold, key, arm, a, b, noise):
    v = effect - np.array([effect[fold == f].mean() for f in fold])
    slope = (v * (d - d.mean())).sum() / (v ** 2).sum()
    C = len(set(key))
    se = [np.sqrt(C / (C - 1) * (by_key(d - d.mean(), key) ** 2).sum()) / len(d),
          np.sqrt((1 + noise) * C / (C - 1) * (by_key(v * (d - d.mean() - slope * v), key) ** 2).sum()) / (v ** 2).sum()]
    df = df_of(arm, key, a, b)
    t = stats.t if np.isfinite(df) else stats.norm
    args = (df,) if np.isfinite(df) else ()
    emit(label + ".mean_effect", [d.mean(), se[0], d.mean() + t.ppf(.975, *args) * se[0], 2 * t.sf(abs(d.mean() / se[0]), *args)])
    emit(label + ".heterogeneity", [slope, se[1], slope + t.ppf(.975, *args) * se[1], t.sf(slope / se[1], *args)])


def groups(label, effect, d, fold, key, arm, a, b, g, noise):
    group = np.zeros(len(d), int)
    for f in np.unique(fold):
        t = np.flatnonzero(fold == f)
        # an effect that is equal but for rounding is equal
        e = np.round(effect[t], 9)
        group[t] = [1 + int(g * ((e < x).sum() * 2 + (e == x).sum()) // (2 * len(t))) for x in e]
    sums, out = [], []
    for j in range(1, g + 1):
        t = group == j
        C = len(set(key[t]))
        sums.append(by_key(t * (d - d[t].mean()), key)[0] * np.sqrt((1 + min(1, noise)) * C / (C - 1)) / t.sum())
        df = df_of(arm[t], key[t], a, b)
        out.append([t.sum(), effect[t].mean(), d[t].mean(), np.sqrt((sums[-1] ** 2).sum()), df])
    cov = np.array(sums) @ np.array(sums).T
    rng = np.random.default_rng(1)
    draws = rng.multivariate_normal(np.zeros(g), cov, 200000) / np.sqrt(np.diag(cov))
    df = min(o[4] for o in out)
    if np.isfinite(df):
        draws /= np.sqrt(rng.chisquare(df, len(draws)) / df)[:, None]
    for name, j in (("n", 0), ("predicted", 1), ("effect", 2), ("std_error", 3)):
        emit(label + "." + name, [o[j] for o in out])
    emit(label + ".df", [o[4] for o in out])
    emit(label + ".critical", [np.quantile(abs(draws).max(1), 0.95)])


def learn(label, X, y, arm, fold, key, e, arms, a, b, learners, rows, g):
    mu, G = cross_fit(X, y, arm, fold, e, arms)
    for learner in learners:
        name = label + "." + learner
        effect, error, beta, beta_se, noise = effects(learner_rows(learner, y, arm, e, mu, G, a, b), X, fold, key)
        d = G[:, a] - G[:, b]
        emit(name + ".rows", [effect[rows], error[rows]])
        if learner != "x":
            emit(name + ".coefficients", beta)
            emit(name + ".coefficients_se", beta_se)
        if learner == "x":
            noise = np.nan
        emit(name + ".noise", [noise])
        calibration(name, effect, d, fold, key, arm, a, b, noise)
        groups(name + ".groups", effect, d, fold, key, arm, a, b, g, 1 if learner == "x" else noise)
        emit(name + ".qini,autoc", [rate(effect, d, True), rate(effect, d, False)])


def formula_effects():
    i = np.arange(1, 361)
    key, fold = (i - 1) // 3, (i - 1) // 3 % 4 + 1
    x1, x2, x3 = (i * 7919 % 101) / 101, (i * 104729 % 97) / 97, (i * 31 % 2).astype(float)
    arm = i * 37 % 11 % 3
    e = np.stack([np.where(i % 2 == 0, 0.25, 0.5), np.full(360, 0.25), np.where(i % 2 == 0, 0.5, 0.25)], 1)
    y = x1 + arm * x2 + (i * 61 % 89) / 89 + x3 * (arm == 1) / 4
    X = np.stack([x1, x2, x3], 1)
    rows = np.array([1, 2, 100, 359]) - 1
    learn("formula", X, y, arm, fold, key, e, 3, 2, 0, ["dr"], rows, 4)
    two = arm != 1
    e2 = e[two][:, [0, 2]] / e[two][:, [0, 2]].sum(1, keepdims=True)
    learn("two", X[two], y[two], arm[two] // 2, fold[two], key[two], e2, 2, 1, 0, ["dr", "r", "x"], np.array([0, 1, 60, -1]), 4)


def hillstrom():
    """Mens e-mail against none on visits; e = 1/3 for all."""
    with lzma.open(os.path.join(shared(), "data", "hillstrom", "hillstrom.csv.xz"), "rt") as f:
        d = list(csv.DictReader(f))
    i = np.arange(len(d))
    num = lambda c: np.array([float(r[c]) for r in d])
    X = np.column_stack([num(c) for c in ("recency", "history", "mens", "womens", "newbie")] +
                        [dummies([r[c] for r in d])[1] for c in ("zip_code", "channel")])
    names = {"Mens E-Mail": 0, "No E-Mail": 1, "Womens E-Mail": 2}
    arm = np.array([names[r["segment"]] for r in d])
    y = num("visit")
    fold = i % 5 + 1
    e = np.full((len(d), 3), 1 / 3)
    mu, G = cross_fit(X, y, arm, fold, e, 3)
    for a, name in ((0, "mens"), (2, "womens")):
        parts = learner_rows("dr", y, arm, e, mu, G, a, 1)
        Z, q = with_one(X), X.shape[1] + 1
        effect, left = np.zeros(len(y)), np.zeros(len(y))
        noise = 0
        diff = G[:, a] - G[:, 1]
        for f in range(1, 6):
            b, _, _ = ridge_fit(X[fold != f], diff[fold != f], np.ones((fold != f).sum()))
            effect[fold == f] = Z[fold == f] @ b
        b, B, pull = ridge_fit(X, diff, np.ones(len(y)))
        g = (diff - effect)[:, None] * Z
        V = B @ g.T @ g @ B * len(y) / (len(y) - 1) + np.outer(pull, pull)
        for f in range(1, 6):
            t = fold == f
            n = (~t).sum()
            _, Bf, pf = ridge_fit(X[~t], diff[~t], np.ones(n))
            c = Z[t] - Z[t].mean(0)
            noise += np.einsum("ij,jk,ik->", c, Bf @ g[~t].T @ g[~t] @ Bf * n / (n - 1) + np.outer(pf, pf), c)
        noise /= sum(((effect[fold == f] - effect[fold == f].mean()) ** 2).sum() for f in range(1, 6))
        emit("hillstrom." + name + ".noise", [noise])
        label = "hillstrom." + name
        emit(label + ".coefficients", b)
        emit(label + ".coefficients_se", np.sqrt(np.diag(V)))
        calibration(label, effect, diff, fold, i, arm, a, 1, noise)
        groups(label + ".groups", effect, diff, fold, i, arm, a, 1, 5, noise)
        s = ordered_fast(effect, diff)
        k = np.arange(1, len(s) + 1)
        toc = np.cumsum(s) / k - s.mean()
        emit(label + ".qini,autoc", [(k / len(s) * toc).mean(), toc.mean()])


def ordered_fast(priority, score):
    names, at = np.unique(np.round(priority, 12), return_inverse=True)
    mean = np.bincount(at, score) / np.bincount(at)
    return mean[at][np.argsort(-priority, kind="stable")]


formula_rates()
formula_effects()
hillstrom()
