"""Numbers of test/core/test_metrics*.c and test/pgtap/metrics*.sql.

Run: python3 test/oracles/metrics.py
The checked-in numbers were produced with Python 3.11.7, NumPy 2.4.6 and
scikit-learn 1.9.1; the second part also scipy 1.17.1, statsmodels 0.15.0 and
lifelines 0.30.3.  DeLong and Obuchowski variances are written here from
their definitions, pair by pair.
"""
import numpy as np
from sklearn.metrics import roc_auc_score, log_loss, brier_score_loss, r2_score, mean_squared_error

i = np.arange(1, 401)
score = ((i * 7919) % 101) / 128.0 + 1 / 256
outcome = (((i * 104729) % 97) / 97.0 + score > 0.9).astype(int)
cluster = (i * 31) % 57


def placements(p, y):
    pos, neg = p[y == 1], p[y == 0]
    win = (pos[:, None] > neg[None, :]) + 0.5 * (pos[:, None] == neg[None, :])
    return win.mean(1), win.mean(0), win.mean()


def delong(p, y):
    v10, v01, auc = placements(p, y)
    return auc, v10.var(ddof=1) / len(v10) + v01.var(ddof=1) / len(v01)


def obuchowski(p, y, c):
    v10, v01, auc = placements(p, y)
    m, n = len(v10), len(v01)
    groups = np.unique(c)
    x = np.array([(v10[c[y == 1] == g] - auc).sum() for g in groups])
    z = np.array([(v01[c[y == 0] == g] - auc).sum() for g in groups])
    k = len(np.unique(c[y == 1]))
    l = len(np.unique(c[y == 0]))
    g = len(groups)
    s10 = k / (k - 1) / m * (x * x).sum()
    s01 = l / (l - 1) / n * (z * z).sum()
    s11 = g / (g - 1) * (x * z).sum()
    return auc, s10 / m + s01 / n + 2 * s11 / (m * n)


def interval(auc, variance):
    z = 1.959963984540054
    logit, half = np.log(auc / (1 - auc)), z * np.sqrt(variance) / (auc * (1 - auc))
    return 1 / (1 + np.exp(-(logit - half))), 1 / (1 + np.exp(-(logit + half)))


y10 = np.array([1, 0, 1, 1, 0, 0, 1, 0, 1, 0])
p10 = np.array([.9, .9, .8, .5, .5, .5, .5, .3, .2, .1])
for name, p, y in (("ten", p10, y10), ("formula", score, outcome)):
    auc, variance = delong(p, y)
    print(name, "positives", y.sum())
    print(name, "auc %.17g sklearn %.17g" % (auc, roc_auc_score(y, p)))
    print(name, "delong variance %.17g error %.12f interval %.17g %.17g" % ((variance, np.sqrt(variance)) + interval(auc, variance)))
    print(name, "log loss %.17g brier %.17g" % (log_loss(y, p), brier_score_loss(y, p)))
    print(name, "rmse %.17g r2 %.17g" % (np.sqrt(mean_squared_error(y, p)), r2_score(y, p)))
auc, variance = obuchowski(score, outcome, cluster)
print("formula clustered variance %.17g error %.12f interval %.17g %.17g" % ((variance, np.sqrt(variance)) + interval(auc, variance)))

# ---- metrics of a cut, of ranks, and their errors (metrics_cut.sql, metrics_ranks.sql) ----
from math import atanh, ceil, tanh
from itertools import permutations
from lifelines.utils import concordance_index
from scipy.stats import t as student
from sklearn.metrics import (accuracy_score, average_precision_score, balanced_accuracy_score, f1_score,
                             matthews_corrcoef, mean_absolute_error, mean_poisson_deviance,
                             precision_score, recall_score, roc_curve)
from statsmodels.stats.multitest import multipletests

weight = 1 + i % 3
T = 0.4
call = (score >= T).astype(int)


def show(name, *values):
    print(name, " ".join("%.15g" % v for v in values))


for name, w in (("plain", None), ("weighted", weight)):
    k = dict(sample_weight=w)
    show(name + " accuracy precision recall f1 balanced mcc", accuracy_score(outcome, call, **k),
         precision_score(outcome, call, **k), recall_score(outcome, call, **k), f1_score(outcome, call, **k),
         balanced_accuracy_score(outcome, call, **k), matthews_corrcoef(outcome, call, **k))
    show(name + " auc ap log_loss brier", roc_auc_score(outcome, score, **k), average_precision_score(outcome, score, **k),
         log_loss(outcome, score, **k), brier_score_loss(outcome, score, **k))
    show(name + " rmse mae r2", np.sqrt(mean_squared_error(outcome, score, **k)),
         mean_absolute_error(outcome, score, **k), r2_score(outcome, score, **k))
    show(name + " poisson", mean_poisson_deviance(i % 4, score, **k))

# The influence of a row by a numerical derivative in its weight: no formula of the metric is used.
def metric(name, w):
    k = dict(sample_weight=w)
    return {"accuracy": lambda: accuracy_score(outcome, call, **k), "precision": lambda: precision_score(outcome, call, **k),
            "recall": lambda: recall_score(outcome, call, **k), "f1": lambda: f1_score(outcome, call, **k),
            "balanced": lambda: balanced_accuracy_score(outcome, call, **k),
            "mcc": lambda: mcc(w), "log_loss": lambda: log_loss(outcome, score, **k),
            "brier": lambda: brier_score_loss(outcome, score, **k), "rmse": lambda: np.sqrt(mean_squared_error(outcome, score, **k)),
            "mae": lambda: mean_absolute_error(outcome, score, **k), "r2": lambda: r2_score(outcome, score, **k),
            "poisson": lambda: mean_poisson_deviance(i % 4, score, **k)}[name]()


def mcc(w):
    tp, tn = (w * call * outcome).sum(), (w * (1 - call) * (1 - outcome)).sum()
    fp, fn = (w * call * (1 - outcome)).sum(), (w * (1 - call) * outcome).sum()
    return (tp * tn - fp * fn) / np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))


for name in "accuracy precision recall f1 balanced mcc log_loss brier rmse mae r2 poisson".split():
    for label, base, groups in (("rows", np.ones(400), i), ("clusters", np.ones(400), cluster), ("weighted", weight.astype(float), cluster)):
        h = 1e-4
        f = np.empty(400)
        for j in range(400):
            up, down = base.copy(), base.copy()
            up[j] += h
            down[j] -= h
            f[j] = base[j] * (metric(name, up) - metric(name, down)) / (2 * h)
        sums = np.array([f[groups == g].sum() for g in np.unique(groups)])
        g = len(sums)
        se = np.sqrt(g / (g - 1) * (sums ** 2).sum())
        print("error", name, label, "%.9g" % se, "t", "%.12g" % student.ppf(0.975, g - 1))

# Lift, by every order of the ties.
def lift_of(order, y, f):
    n = ceil(f * len(y) - 1e-9)
    return np.mean([y[j] for j in order[:n]]) / np.mean(y)


p7, y7 = [.9, .7, .7, .7, .4, .4, .1], [1, 0, 1, 1, 0, 1, 0]
orders = [o for o in permutations(range(7)) if all(p7[a] >= p7[b] for a, b in zip(o, o[1:]))]
show("lift of seven at .1 .3 .5 .7 .85 1", *[np.mean([lift_of(o, y7, f) for o in orders]) for f in (.1, .3, .5, .7, .85, 1)])

# Concordance.
time = (i * 37) % 50 + 1
event = ((i * 13) % 10 < 6).astype(int)
show("concordance by lifelines", concordance_index(time, -score, event))
fpr, tpr, threshold = roc_curve(outcome, score, drop_intermediate=False)
show("roc points, area, sum of thresholds", len(fpr), np.trapezoid(tpr, fpr), threshold[1:].sum())

p10 = [.001, .008, .039, .041, .042, .06, .074, .205, .212, .216]
for method in ("fdr_bh", "fdr_by", "holm", "simes-hochberg", "bonferroni"):
    show("adjusted " + method, *multipletests(p10, method=method)[1])

# Calibration line: intercept and slope, in the large, with sandwich errors.
import statsmodels.api as sm
x = np.log(score / (1 - score))
for name, X, off in (("joint", sm.add_constant(x), None), ("in the large", np.ones((400, 1)), x)):
    fit = sm.GLM(outcome, X, family=sm.families.Binomial(), offset=off).fit(tol=1e-14, maxiter=100)
    rows = (outcome - fit.mu)[:, None] * X
    A = np.linalg.inv(X.T @ (X * (fit.mu * (1 - fit.mu))[:, None]))
    for label, groups in (("rows", i), ("clusters", cluster)):
        s = np.array([rows[groups == k].sum(0) for k in np.unique(groups)])
        show("line %s %s" % (name, label), *fit.params, *np.sqrt(np.diag(A @ (s.T @ s) @ A) * len(s) / (len(s) - 1)))
