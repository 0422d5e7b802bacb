"""Comparing models on the same folds, by brute force: corrected resampled t,
clustered z of loss differences, Bayesian correlated t.  The published vector
of reference/validation.md 9.3 first.  python3 comparison.py [shared folder]"""
import numpy as np
from scipy import stats

from common import *


def fit(X, y, family, lam):
    if family == "gaussian":
        return ridge(X, y, lam) if lam else lstsq(X, y)[0]
    return logistic(X, y, lam=lam)[0]


def paired(label, d, ratio, region):
    d = np.asarray(d)
    J, m = len(d), d.mean()
    se = np.sqrt((1 / J + ratio) * d.var(ddof=1))
    half = stats.t.ppf(0.975, J - 1) * se
    emit(label + ".difference,std_error,conf_low,conf_high,p_value",
         [m, se, m - half, m + half, 2 * stats.t.sf(abs(m / se), J - 1)])
    left = stats.t.cdf((-region - m) / se, J - 1)
    right = stats.t.sf((region - m) / se, J - 1)
    emit(label + ".left,within,right", [left, 1 - left - right, right])


def predictions(X, y, fold, family, lam=0.0):
    X, eta = with_one(X), np.zeros(len(y))
    for f in np.unique(fold):
        t = fold == f
        eta[t] = X[t] @ fit(X[~t], y[~t], family, lam)
    return eta if family == "gaussian" else expit(eta)


def clustered(label, d, key):
    """d: loss differences of rows."""
    sums = np.array([(d[key == c] - d.mean()).sum() for c in np.unique(key)])
    G = len(sums)
    se = np.sqrt(G / (G - 1) * (sums ** 2).sum()) / len(d)
    emit(label + ".p_clustered", [2 * stats.norm.sf(abs(d.mean() / se))])


def influence(p, y):
    pos, neg = p[y == 1], p[y == 0]
    above = (pos[:, None] > neg[None, :]) + 0.5 * (pos[:, None] == neg[None, :])
    out = np.zeros(len(y))
    out[y == 1] = (above.mean(axis=1) - above.mean()) / len(pos)
    out[y == 0] = (above.mean(axis=0) - above.mean()) / len(neg)
    return out


def precision(p, y):
    order = np.argsort(-p, kind="stable")
    p, y = p[order], y[order]
    last = np.r_[np.diff(p) != 0, True]
    tp = np.cumsum(y)[last]
    n = np.arange(1, len(y) + 1)[last]
    return (np.diff(np.r_[0, tp]) * tp / n).sum() / y.sum()


paired("published", [.012, .020, -.004, .015, .009, .022, .001, .011, .018, -.002], 1 / 9, 0.01)

d = read("lalonde/nsw_dw_matching.csv")
names = ["age", "educ", "black", "hisp", "married", "nodegr", "re74", "re75"]
A = numbers(d, names)
y = numbers(d, ["re78"])[:, 0]
i = np.arange(1, len(y) + 1)
fold = (i - 1) % 5
key = (i - 1) // 5 * 5 + fold       # a key is a row
pair_key = (i - 1) // 10 * 5 + fold  # a key is two rows of one fold
a = predictions(A, y, fold, "gaussian")
b = predictions(A[:, [0, 1, 7]], y, fold, "gaussian")
r = predictions(A, y, fold, "gaussian", 0.1)
value = lambda f, p: [f(y[fold == j] - p[fold == j]) for j in range(5)]
rmse, mae = (lambda e: np.sqrt((e ** 2).mean())), (lambda e: abs(e).mean())
for name, p, q in (("all-ridge", a, r), ("all-small", a, b), ("ridge-small", r, b)):
    for metric, f, loss_of in (("rmse", rmse, lambda e: e ** 2), ("mae", mae, abs)):
        label = "compare.lalonde.%s.%s" % (name, metric)
        region = 0.01 * min(f(y - p), f(y - q))
        paired(label, np.subtract(value(f, p), value(f, q)), 89 / 356, region)
        clustered(label, loss_of(y - p) - loss_of(y - q), key)
        clustered(label + ".pairs", loss_of(y - p) - loss_of(y - q), pair_key)

d = read("telco_churn/wa_churn.csv")
y = np.array([v == "Yes" for v in d["churn"]], float)
n = numbers(d, ["tenure", "monthly_charges"])
X = np.column_stack([n, dummies(np.array(d["contract"]))[1]])
fold = np.arange(len(y)) % 10
a, b = predictions(X, y, fold, "binomial"), predictions(n, y, fold, "binomial")
sizes = np.bincount(fold)
ratio = sizes.mean() / (len(y) - sizes).mean()
hit = lambda p, v: ((p >= 0.5) == (v == 1)).mean()
area = lambda p, v: auc(p, v)
for metric, f in (("auc", area), ("average_precision", precision), ("accuracy", hit)):
    label = "compare.churn.full-plain." + metric
    d2 = [f(a[fold == j], y[fold == j]) - f(b[fold == j], y[fold == j]) for j in range(10)]
    paired(label, d2, ratio, 0.01)
    emit(label + ".full", [np.mean([f(a[fold == j], y[fold == j]) for j in range(10)])])
emit("churn.pooled_average_precision", [precision(a, y)])
emit("churn.pooled_accuracy", [hit(a, y)])
clustered("compare.churn.full-plain.accuracy", 1.0 * ((a >= .5) == (y == 1)) - ((b >= .5) == (y == 1)), np.arange(len(y)))
diff = np.zeros(len(y))
for j in range(10):
    t = fold == j
    diff[t] = (influence(a[t], y[t]) - influence(b[t], y[t])) / 10
mean = np.mean([area(a[fold == j], y[fold == j]) - area(b[fold == j], y[fold == j]) for j in range(10)])
G = len(y)
emit("compare.churn.full-plain.auc.p_clustered", [2 * stats.norm.sf(abs(mean) / np.sqrt(G / (G - 1) * (diff ** 2).sum()))])
