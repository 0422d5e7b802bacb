"""Numbers of test/core/test_metrics.c and test/pgtap/metrics.sql.

Run: python3 test/oracles/metrics.py
The checked-in numbers were produced with Python 3.11.7, NumPy 2.4.6 and
scikit-learn 1.9.1.  DeLong and Obuchowski variances are written here from
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
