"""Strategies by brute force: cross-fitted doubly robust scores, inverse
propensity weighting plain and self-normalised, values, paired differences,
effects on the treated, on the overlap and trimmed, overlap figures.  Own code
on numpy alone.  python3 strategies.py [shared folder] prints golden lines;
before that it asserts, with the ridge at 1e-11, the printed numbers of
reference/validation.md 9.4 to 9.6.  With --sklearn it also holds the ridge
logits against scikit-learn.

Definitions: outcome models per strategy, 1/(2n) RSS + lambda/2 |b|^2 on
features scaled with the training rows' 1/n standard deviations, intercept
free; propensities -1/n log-likelihood + lambda/2 sum_j |b_j|^2, symmetric
softmax for three or more strategies, the binary logit for two; everything
fitted without the fold of the row.
"""
import lzma
import os
import sys

import numpy as np

from common import emit, numbers, read, shared

LAMBDA = 0.01


def scaling(X):
    m = X.mean(0)
    s = np.sqrt(((X - m) ** 2).mean(0))
    keep = s > 1e-10 * np.maximum(1e-300, np.abs(X).max(0))
    return m, np.where(keep, s, 1.0), keep


def ridge_fit(X, y, lam):
    m, s, keep = scaling(X)
    Z = ((X - m) / s) * keep
    A = np.vstack([Z / np.sqrt(len(y)), np.sqrt(lam) * np.eye(X.shape[1])])
    b = np.linalg.lstsq(A, np.r_[(y - y.mean()) / np.sqrt(len(y)), np.zeros(X.shape[1])], rcond=1e-14)[0]
    return lambda W: y.mean() + ((W - m) / s * keep) @ b


def softmax(eta):
    e = np.exp(eta - eta.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def logit_fit(X, a, J, lam):
    """Probabilities of strategies 0..J-1; those absent from a get NaN."""
    n = len(a)
    m, s, keep = scaling(X)
    design = lambda W: np.column_stack([np.ones(len(W)), (W - m) / s * keep])
    Z = design(X)
    q = Z.shape[1]
    present = [j for j in range(J) if (a == j).any()]
    Y = np.array([[t == j for j in present] for t in a], float)
    K = len(present)
    free = present[1:] if K == 2 else present        # the binary logit has one part
    parts = len(free)
    first = K - parts
    D = np.tile(np.r_[0.0, np.full(q - 1, lam)], parts)

    def eta_of(theta, Z):
        return np.column_stack([np.zeros((len(Z), first)), Z @ theta.reshape(parts, q).T])

    def objective(theta):
        eta = eta_of(theta, Z)
        top = eta.max(1)
        log_sum = top + np.log(np.exp(eta - top[:, None]).sum(1))
        return (log_sum - (eta * Y).sum(1)).mean() + (D * theta ** 2).sum() / 2

    theta = np.zeros(parts * q)
    for _ in range(100):
        P = softmax(eta_of(theta, Z))[:, first:]
        g = ((P - Y[:, first:]).T @ Z / n).ravel() + D * theta
        H = np.diag(D).astype(float)
        for u in range(parts):
            for v in range(parts):
                w = P[:, u] * ((u == v) - P[:, v])
                H[u * q:(u + 1) * q, v * q:(v + 1) * q] += (Z * w[:, None]).T @ Z / n
        step = -np.linalg.lstsq(H, g, rcond=1e-13)[0]
        at = objective(theta)
        while objective(theta + step) > at + 1e-12 and np.abs(step).max() > 1e-15:
            step = step / 2
        theta = theta + step
        if np.abs(step).max() < 1e-13 * (1 + np.abs(theta).max()):
            break

    def predict(W):
        out = np.full((len(W), J), np.nan)
        out[:, present] = softmax(eta_of(theta, design(W)))
        return out
    return predict


def cross_fit(X, y, a, J, fold, lam=LAMBDA, propensity="estimated", logged=None, models=True):
    """mu, e, score [n, J]; logged: probability of the strategy taken."""
    n = len(y)
    mu, e = np.zeros((n, J)), np.full((n, J), np.nan)
    for f in np.unique(fold):
        t = fold == f
        for j in range(J):
            own = ~t & (a == j)
            if models:
                mu[t, j] = np.nan if not own.any() else ridge_fit(X[own], y[own], lam)(X[t])
        if propensity == "estimated":
            e[t] = logit_fit(X[~t], a[~t], J, lam)(X[t])
        elif propensity == "constant":
            e[t] = np.bincount(a[~t], minlength=J) / (~t).sum()
    own = np.arange(n), a
    if propensity == "logged":
        e[own] = logged
        if J == 2:
            e[np.arange(n), 1 - a] = 1 - logged
    score = mu.copy()
    score[own] += (y - mu[own]) / e[own]
    return mu, e, score


def clustered(influence, cluster=None, factor=True):
    """SE of the mean of an influence that has mean 0."""
    n = len(influence)
    sums = influence if cluster is None else np.bincount(np.unique(cluster, return_inverse=True)[1], influence)
    C = len(sums)
    return np.sqrt((C / (C - 1) if factor else 1.0) * (sums ** 2).sum()) / n


def mean_of(score, cluster=None):
    return np.array([score.mean(), clustered(score - score.mean(), cluster)])


def snips_influence(y, a, j, e):
    w = (a == j) / e[np.arange(len(a)), a]
    v = (w * y).sum() / w.sum()
    return v, len(y) * w * (y - v) / w.sum()


def pairs(mu, e, y, a, j, b):
    share = e[:, j] / (e[:, j] + e[:, b])
    return share, a == j, a == b


def att(mu, e, y, a, j, b, cluster=None):
    share, on, off = pairs(mu, e, y, a, j, b)
    w = share / (1 - share)
    r = y - mu[:, b]
    top, bottom = (on * r).sum() / on.sum(), (off * w * r).sum() / (off * w).sum()
    influence = len(y) * (on * (r - top) / on.sum() - off * w * (r - bottom) / (off * w).sum())
    return np.array([top - bottom, clustered(influence, cluster_of(cluster, y))])


def cluster_of(cluster, y):
    return np.arange(len(y)) if cluster is None else cluster


def ato(mu, e, y, a, j, b, cluster=None):
    share, on, off = pairs(mu, e, y, a, j, b)
    both = on | off
    z = np.where(both, on - share, 0.0)
    r = y - (share * mu[:, j] + (1 - share) * mu[:, b])
    slope = (z * r).sum() / (z * z).sum()
    return np.array([slope, clustered(len(y) * z * (r - slope * z) / (z * z).sum(), cluster_of(cluster, y))])


def trimmed(mu, e, y, a, j, b, cluster=None):
    share, on, off = pairs(mu, e, y, a, j, b)
    kept = (on | off) & (share >= 0.05) & (share <= 0.95)
    g = mu[:, j] - mu[:, b] + on / share * (y - mu[:, j]) - off / (1 - share) * (y - mu[:, b])
    m = g[kept].mean()
    return np.array([m, clustered(np.where(kept, g - m, 0.0) * len(y) / kept.sum(), cluster_of(cluster, y)), kept.sum()])


def overlap(X, e, a, j, b, cluster=None):
    """n, ess, largest weight, its share, share of e < 0.01, mean weight and its
    error, largest standardised difference before and after."""
    n = len(a)
    w = (a == j) / e[np.arange(n), a]
    known = ~np.isnan(e[:, j])
    on = a == j
    other = a == b if j != b else np.ones(n, bool)
    other_w = (a == b) / e[np.arange(n), a] if j != b else np.ones(n)
    before, after = [], []
    for x in X.T:
        spread = np.sqrt((x[on].var(ddof=1) + x[other].var(ddof=1)) / 2) if j != b else x.std(ddof=1)
        before.append(abs(x[on].mean() - x[other].mean()) / spread)
        after.append(abs((w * x).sum() / w.sum() - (other_w * x).sum() / other_w.sum()) / spread)
    return [on.sum(), w.sum() ** 2 / (w ** 2).sum(), w.max(), w.max() / w.sum(), (e[known, j] < 0.01).mean(),
            *mean_of(w, cluster), max(before) if before else np.nan, max(after) if after else np.nan]


def repeats(theta, se):
    """The rule of Chernozhukov and others over repeats."""
    theta, se = np.asarray(theta), np.asarray(se)
    m = np.median(theta)
    return m, np.sqrt(np.median(se ** 2 + (theta - m) ** 2))


def near(got, want, tol, name):
    got, want = np.ravel(got), np.ravel(want)
    assert np.all(np.abs(got - want) <= tol * np.abs(want)), "%s: got %s, want %s" % (name, got, want)


def unpacked(name):
    """Columns of an .xz file that common.read cannot open."""
    import csv
    import io
    with lzma.open(os.path.join(shared(), "data", name), "rt", newline="") as f:
        rows = list(csv.DictReader(io.StringIO(f.read())))
    return {c: [None if r[c] in ("", "NA") else r[c] for r in rows] for c in rows[0]}


def levels_of(column):
    names = sorted(set(column), key=lambda s: s.encode())
    where = {name: j for j, name in enumerate(names)}
    return names, np.array([where[v] for v in column])


def indicators(column):
    names, code = levels_of(column)
    return np.eye(len(names))[code][:, 1:]


def hillstrom():
    d = unpacked("hillstrom/hillstrom.csv.xz")
    X = np.column_stack([numbers(d, ["recency", "history", "mens", "womens", "newbie"]),
                         indicators(d["zip_code"]), indicators(d["channel"])])
    names, a = levels_of(d["segment"])
    assert names == ["Mens E-Mail", "No E-Mail", "Womens E-Mail"]
    return X, a, numbers(d, ["visit", "spend", "conversion"]), names


def lalonde():
    d = read("lalonde/nsw_dw_matching.csv")
    X = numbers(d, ["age", "educ", "black", "hisp", "married", "nodegr", "re74", "re75"])
    return X, numbers(d, ["treat"])[:, 0].astype(int), numbers(d, ["re78"])[:, 0]


def observational():
    d = read("lalonde/matchit_lalonde614.csv")
    X = np.column_stack([numbers(d, ["age", "educ", "married", "nodegree", "re74", "re75"]), indicators(d["race"])])
    return X, numbers(d, ["treat"])[:, 0].astype(int), numbers(d, ["re78"])[:, 0]


def bandit(name):
    d = unpacked("open_bandit/%s_men.csv.xz" % name)
    names, a = levels_of(d["item_id"])
    return names, a, numbers(d, ["click"])[:, 0], numbers(d, ["propensity_score"])[:, 0]


def by_five(n):
    return np.arange(n) % 5


def check_printed():
    """The printed numbers of the reference, with a ridge that is none."""
    X, a, Y, _ = hillstrom()
    y = Y[:, 0]
    n = len(y)
    arms = [0, 2, 1]                                  # Mens, Womens, None
    near([y[a == j].mean() for j in arms], [.182756840, .151400383, .106167277], 1e-8, "Hillstrom means")
    _, _, g = cross_fit(X, y, a, 3, by_five(n), 1e-11, "logged", np.full(n, 1 / 3))
    near([mean_of(g[:, j]) for j in arms], [[.1822555, .0026182], [.1517076, .0024356], [.1062165, .0020873]], 3e-5, "Hillstrom values")
    near([mean_of(g[:, 0] - g[:, 1]), mean_of(g[:, 2] - g[:, 1]), mean_of(g[:, 0] - g[:, 2])],
         [[.0760390462, .0033322388], [.0454910933, .00319485158], [.0305479529, .0035608214]], 1e-8, "Hillstrom differences")
    X, a, y = lalonde()
    _, _, g = cross_fit(X, y, a, 2, by_five(len(y)), 1e-11, "constant")
    near([mean_of(g[:, 1]), mean_of(g[:, 0]), mean_of(g[:, 1] - g[:, 0])],
         [[6169.501883, 587.9585175], [4556.79742, 339.7492393], [1612.704463, 675.1185721]], 1e-8, "LaLonde")
    names, a, y, e = bandit("bts")
    w = (1 / len(names)) / e
    near([y.mean(), (w * y).mean(), (w * y).std(ddof=1) / 100, (w * y).sum() / w.sum(), w.sum() ** 2 / (w ** 2).sum(), w.max()],
         [.0069, .00300863, .00077394, .00318942, 655.71, 178.25], 5e-5, "Open Bandit")
    v = (w * y).sum() / w.sum()
    near([np.sqrt((w ** 2 * (y - v) ** 2).sum()) / w.sum(), np.sort(w)[-100:].sum() / w.sum()], [.00082782, .269036], 7e-6, "Open Bandit")
    near([(w > 10).sum(), np.minimum(w, 10) @ y / len(y), (np.minimum(w, 10) * y).sum() / np.minimum(w, 10).sum()],
         [145, .00300863, .00383108], 2e-6, "Open Bandit, clipped")
    # the mean over items of plain weighted values is the value of the uniform policy
    _, full, g = cross_fit(np.zeros((len(y), 0)), y, a, len(names), by_five(len(y)), propensity="logged", logged=e, models=False)
    near(mean_of(g.mean(1)), [.00300863, .00077394], 7e-6, "Open Bandit by scores")
    print("# printed numbers of validation.md 9.4 to 9.6: agreed", file=sys.stderr)


def check_sklearn():
    import sklearn
    from sklearn.linear_model import LogisticRegression, Ridge
    for X, a, J in ((lambda d: (d[0][:6000], d[1][:6000], 3))(hillstrom()), (*observational()[:2], 2)):
        Z = (X - X.mean(0)) / X.std(0)
        p = LogisticRegression(C=1 / (len(a) * LAMBDA), tol=1e-12, max_iter=10000).fit(Z, a).predict_proba(Z)
        worst = np.abs(p - logit_fit(X, a, J, LAMBDA)(X)).max()
        assert worst < 1e-6, worst
    X, a, y = observational()
    Z = (X - X.mean(0)) / X.std(0)
    near(Ridge(alpha=len(y) * LAMBDA).fit(Z, y).predict(Z), ridge_fit(X, y, LAMBDA)(X), 1e-9, "ridge")
    print("# scikit-learn %s agrees" % sklearn.__version__, file=sys.stderr)


def figures(label, X, y, a, J, b, fold, cluster=None, **how):
    """Golden lines of one data set and way of weighting."""
    mu, e, g = cross_fit(X, y, a, J, fold, **how)
    emit(label + ".value,se", [mean_of(g[:, j], cluster) for j in range(J)])
    others = [j for j in range(J) if j != b]
    emit(label + ".difference,se", [mean_of(g[:, j] - g[:, b], cluster) for j in others])
    emit(label + ".overlap", [overlap(X, e, a, j, b, cluster) for j in range(J)])
    if not np.isnan(e).any():
        emit(label + ".treated", [att(mu, e, y, a, j, b, cluster) for j in others])
        emit(label + ".ato", [ato(mu, e, y, a, j, b, cluster) for j in others])
        emit(label + ".trimmed", [trimmed(mu, e, y, a, j, b, cluster) for j in others])
    return mu, e, g


def snips(label, y, a, e, J, b, cluster=None):
    factor = cluster is not None
    f = [snips_influence(y, a, j, e) for j in range(J)]
    emit(label + ".snips.value,se", [(v, clustered(u, cluster, factor)) for v, u in f])
    emit(label + ".snips.difference,se", [(f[j][0] - f[b][0], clustered(f[j][1] - f[b][1], cluster, factor)) for j in range(J) if j != b])


def rows(label, mu, e, g, where):
    for i in where:
        emit("%s.row%d.e,mu,score" % (label, i + 1), np.r_[e[i], mu[i], g[i]])


def main():
    check_printed()
    if "--sklearn" in sys.argv:
        check_sklearn()
        sys.argv.remove("--sklearn")
    X, a, Y, _ = hillstrom()
    n = len(a)
    third = np.full(n, 1 / 3)
    i = np.arange(n)
    household = i // 10 * 5 + i % 5                   # two rows of one fold
    for k, outcome in enumerate(["visit", "spend", "conversion"]):
        mu, e, g = figures("hillstrom.%s.estimated" % outcome, X, Y[:, k], a, 3, 1, by_five(n))
        if k == 0:
            rows("hillstrom.visit", mu, e, g, [0, 31999])
        figures("hillstrom.%s.logged" % outcome, X, Y[:, k], a, 3, 1, by_five(n), propensity="logged", logged=third)
    figures("hillstrom.spend.household", X, Y[:, 1], a, 3, 1, by_five(n), household)
    none = np.zeros((n, 0))
    for k, outcome in enumerate(["visit", "spend"]):
        _, e, _ = figures("hillstrom.%s.ipw" % outcome, none, Y[:, k], a, 3, 1, by_five(n), propensity="logged", logged=third, models=False)
        snips("hillstrom.%s" % outcome, Y[:, k], a, e, 3, 1)
        snips("hillstrom.%s.household" % outcome, Y[:, k], a, e, 3, 1, household)
    figures("hillstrom.visit.constant", none, Y[:, 0], a, 3, 1, by_five(n), propensity="constant", models=False)
    for name, (X, a, y) in (("lalonde", lalonde()), ("observational", observational())):
        fold = by_five(len(y))
        mu, e, g = figures(name + ".estimated", X, y, a, 2, 0, fold)
        rows(name, mu, e, g, [0, 183, len(y) - 1])
        key = np.arange(len(y)) // 10 * 5 + fold
        figures(name + ".estimated.pairs", X, y, a, 2, 0, fold, key)
    X, a, y = lalonde()
    share = np.array([np.bincount(a[np.arange(len(a)) % 5 != f]) / (np.arange(len(a)) % 5 != f).sum() for f in range(5)])[by_five(len(y)), a]
    figures("lalonde.logged", X, y, a, 2, 0, by_five(len(y)), propensity="logged", logged=share)
    figures("lalonde.constant", np.zeros((len(y), 0)), y, a, 2, 0, by_five(len(y)), propensity="constant", models=False)
    names, a, y, p = bandit("bts")
    J = len(names)
    pick = [0, 1, 10, 33]
    _, e, g = cross_fit(np.zeros((len(y), 0)), y, a, J, by_five(len(y)), propensity="logged", logged=p, models=False)
    emit("bandit.ipw.value,se", [mean_of(g[:, j]) for j in pick])
    emit("bandit.uniform.ipw.value,se", mean_of(g.mean(1)))
    w = 1 / J / p
    emit("bandit.uniform.policy", [*mean_of(g.mean(1)), w.sum() ** 2 / (w ** 2).sum(), w.max()])
    f = [snips_influence(y, a, j, e) for j in pick]
    emit("bandit.snips.value,se", [(v, clustered(u, None, False)) for v, u in f])
    emit("bandit.overlap", [overlap(np.zeros((len(y), 0)), e, a, j, 0)[:7] for j in pick])


if __name__ == "__main__":
    main()
