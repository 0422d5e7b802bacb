"""Shared by the Python oracles: data, golden lines, plain least squares and
Newton, AUC by pairs.  Labels are those of the R scripts where both exist."""
import csv
import os
import sys

import numpy as np
from scipy import stats


def shared():
    return sys.argv[1] if len(sys.argv) > 1 else os.environ.get("JOURNEY_SHARED", "../shared")


def read(name):
    """Columns as lists of strings; None where the file has nothing or NA."""
    with open(os.path.join(shared(), "data", name), newline="") as f:
        rows = list(csv.DictReader(f))
    return {c: [None if r[c] in ("", "NA") else r[c] for r in rows] for c in rows[0]}


def numbers(d, names):
    return np.array([[np.nan if v is None else float(v) for v in d[c]] for c in names]).T


def emit(label, values):
    def one(x):
        return "NULL" if x is None or np.isnan(x) else ("%.12g" % x)
    print(label + " {" + ",".join(one(float(x)) if x is not None else "NULL" for x in np.ravel(values)) + "}")


def dummies(column):
    """All levels but the first in byte order, and their indicator columns."""
    levels = sorted(set(column), key=lambda s: s.encode())
    return levels[1:], np.array([[float(v == l) for l in levels[1:]] for v in column])


def with_one(X):
    return np.column_stack([np.ones(len(X)), X])


def lstsq(X, y, w=None):
    """Weighted least squares by QR on scaled columns."""
    w = np.ones(len(y)) if w is None else w
    s = np.sqrt((w[:, None] * X**2).sum(0))
    q, r = np.linalg.qr(np.sqrt(w)[:, None] * X / s)
    b = np.linalg.solve(r, q.T @ (np.sqrt(w) * y)) / s
    ri = np.linalg.inv(r)
    return b, (ri @ ri.T) / np.outer(s, s)


def expit(eta):
    e = np.exp(-np.abs(eta))
    return np.where(eta >= 0, 1 / (1 + e), e / (1 + e))


def loss(eta, y):
    return np.log1p(np.exp(-np.abs(eta))) + np.maximum(eta, 0) - y * eta


def newton(X, y, w=None, offset=0.0, lam=0.0, steps=100):
    """Minimises mean loss + lam/2 |slopes|^2 with columns already scaled."""
    n = len(y)
    w = np.ones(n) if w is None else w
    b = np.zeros(X.shape[1])
    D = np.diag([0.0] + [lam] * (X.shape[1] - 1))
    def objective(b):
        return (w * loss(X @ b + offset, y)).sum() / n + b @ D @ b / 2
    for _ in range(steps):
        mu = expit(X @ b + offset)
        H = (X * (w * mu * (1 - mu))[:, None]).T @ X / n + D
        step = np.linalg.solve(H, X.T @ (w * (y - mu)) / n - D @ b)
        while objective(b + step) > objective(b) + 1e-13:
            step = step / 2
        b = b + step
        if np.abs(step).max() < 1e-14 * (1 + np.abs(b).max()):
            break
    mu = expit(X @ b + offset)
    H = (X * (w * mu * (1 - mu))[:, None]).T @ X / n + D
    return b, np.linalg.inv(H) / n


def logistic(X, y, w=None, offset=0.0, lam=0.0):
    """X with the intercept first; scaled inside with 1/n variances."""
    Z, back = scaled(X)
    b, v = newton(Z, y, w, offset, lam)
    return back @ b, back @ v @ back.T


def scaled(X):
    m = X[:, 1:].mean(0)
    s = np.sqrt(((X[:, 1:] - m) ** 2).mean(0))
    back = np.zeros((X.shape[1],) * 2)
    back[0, 0] = 1
    back[0, 1:] = -m / s
    back[1:, 1:] = np.diag(1 / s)
    return with_one((X[:, 1:] - m) / s), back


def ridge(X, y, lam):
    """Gaussian: 1/(2n) RSS + lam/2 |b|^2 on scaled features; X has the ones."""
    Z, back = scaled(X)
    D = np.diag([0.0] + [lam] * (Z.shape[1] - 1))
    return back @ np.linalg.solve(Z.T @ Z / len(y) + D, Z.T @ y / len(y))


def auc(p, y):
    """Mid-ranks; None for one class."""
    pos = y > 0.5
    a, b = pos.sum(), (~pos).sum()
    if a == 0 or b == 0:
        return None
    return (stats.rankdata(p)[pos].sum() - a * (a + 1) / 2) / (a * b)
