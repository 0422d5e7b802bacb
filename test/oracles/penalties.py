"""Lasso and elastic net of scikit-learn (tol 1e-14) on features scaled with
1/n variances, the target as it is.  python3 penalties.py [shared folder]"""
import numpy as np
from sklearn.linear_model import ElasticNet

from common import *

NAMES = ["age", "educ", "black", "hisp", "married", "nodegr", "re74", "re75"]


def net(X, y, lam, alpha):
    m, s = X.mean(0), X.std(0)
    fit = ElasticNet(alpha=lam, l1_ratio=alpha, tol=1e-14, max_iter=10**6).fit((X - m) / s, y)
    b = fit.coef_ / s
    return np.r_[fit.intercept_ - m @ b, b]


def fold_mse(X, y, lam, alpha, k):
    fold = np.arange(len(y)) % k
    out = []
    for f in range(k):
        t = fold == f
        b = net(X[~t], y[~t], lam, alpha)
        out.append(((y[t] - b[0] - X[t] @ b[1:]) ** 2).mean())
    return out


d = read("lalonde/nsw_dw_matching.csv")
X, y = numbers(d, NAMES), numbers(d, ["re78"])[:, 0]
for lam, alpha in [(10, 1), (300, 1), (700, 1), (300, 0.5), (0.5, 0.5), (10, 0.1)]:
    b = net(X, y, lam, alpha)
    emit("penalties.lalonde.%g.%g.estimate" % (lam, alpha), b)
    emit("penalties.lalonde.%g.%g.deviance" % (lam, alpha), ((y - b[0] - X @ b[1:]) ** 2).sum())
for lam, alpha in [(300, 1), (300, 0.5)]:
    emit("penalties.lalonde.%g.%g.fold_mse" % (lam, alpha), fold_mse(X, y, lam, alpha, 5))
