"""A second witness of models.R and ridge.R: the same labels from numpy and
scipy alone.  python3 models.py [shared folder]; compare with compare.py."""
import numpy as np
from scipy import stats

from common import *


def terms(label, b, v, df=np.inf, level=0.95, alias=()):
    se = np.sqrt(np.diag(v))
    q = stats.t.ppf(1 - (1 - level) / 2, df)
    rows = {"estimate": b, "std_error": se, "p_value": 2 * stats.t.sf(abs(b / se), df),
            "conf_low": b - q * se, "conf_high": b + q * se}
    for name, x in rows.items():
        x = list(x)
        for a in alias:
            x.insert(a, None)
        emit(f"{label}.{name}", x)


def information(n, p, deviance, null, ll, extra):
    k = p + extra
    return [n, n - p, deviance, null, ll, 2 * k - 2 * ll, np.log(n) * k - 2 * ll]


def linear(label, X, y, w=None, alias=(), level=0.95, quiet=False):
    n, p = X.shape
    w1 = np.ones(n) if w is None else w
    keep = w1 > 0
    n = keep.sum()
    b, inv = lstsq(X[keep], y[keep], w1[keep])
    e = y - X @ b
    rss = (w1 * e**2).sum()
    terms(label, b, inv * rss / (n - p), n - p, level, alias)
    tss = (w1 * (y - np.average(y, weights=w1)) ** 2).sum()
    ll = 0.5 * (np.log(w1[keep]).sum() - n * (np.log(2 * np.pi) + 1 - np.log(n) + np.log(rss)))
    if not quiet:
        emit(label + ".summary", information(n, p, rss, tss, ll, 1))
        emit(label + ".r2_dispersion", [1 - rss / tss, rss / (n - p)])
    return b, inv, w1[:, None] * X * e[:, None], (w1[:, None] * X @ inv * X).sum(1)


def binomial(label, X, y, w=None, offset=0.0, alias=(), quiet=False):
    n, p = X.shape
    w1 = np.ones(n) if w is None else w
    b, v = logistic(X, y, w, offset)
    terms(label, b, v, alias=alias)
    eta = X @ b + offset
    mu = expit(eta)
    dev = 2 * (w1 * loss(eta, y)).sum()
    m = np.average(y, weights=w1)
    null = 2 * (w1 * -(y * np.log(m) + (1 - y) * np.log(1 - m))).sum()
    if not quiet:
        emit(label + ".summary", information(n, p, dev, null, -dev / 2, 0))
    return b, v, w1[:, None] * X * (y - mu)[:, None], ((w1 * mu * (1 - mu))[:, None] * X @ v * X).sum(1), dev, null


def hc(label, inv, u, h, types=("hc0", "hc1", "hc2", "hc3")):
    n, p = u.shape
    factor = {"hc0": 1, "hc1": n / (n - p), "hc2": 1 / (1 - h), "hc3": 1 / (1 - h) ** 2}
    for t in types:
        v = inv @ ((u * np.reshape(factor[t], (-1, 1))).T @ u) @ inv
        emit(f"{label}.{t}", np.sqrt(np.diag(v)))


def cr1(label, b, inv, u, g, alias=()):
    n, p = u.shape
    s = np.array([u[g == c].sum(0) for c in np.unique(g)])
    G = len(s)
    terms(label + ".cr1", b, inv @ (s.T @ s) @ inv * G / (G - 1) * (n - 1) / (n - p), G - 1, alias=alias)


# lung
d = read("survival/lung.csv")
i = np.arange(1, len(d["age"]) + 1)
A = numbers(d, ["time", "age", "sex", "ph.ecog", "wt.loss", "inst", "status"])
ok = ~np.isnan(A[:, :5]).any(1)
X, y, ik, inst = with_one(A[ok, 1:5]), A[ok, 0], i[ok], A[ok, 5]
linear("lung.gaussian", X, y)
linear("lung.gaussian.level90", X, y, level=0.9, quiet=True)
k = ~np.isnan(inst)
b, inv, u, h = linear("skip", X[k], y[k], quiet=True)
hc("lung.gaussian.inst", inv, u, h)
cr1("lung.gaussian.inst", b, inv, u, inst[k])
emit("lung.gaussian.inst.n", [k.sum(), len(np.unique(inst[k]))])
b, inv, u, h = linear("lung.gaussian.weighted", X, y, 0.5 + ik % 3)
hc("lung.gaussian.weighted", inv, u, h, ["hc1"])
linear("lung.gaussian.zeroweights", X, y, (ik % 3).astype(float), quiet=True)
emit("lung.gaussian.zeroweights.n_df", [(ik % 3 > 0).sum(), (ik % 3 > 0).sum() - 5])
linear("lung.gaussian.offset", X, y - 5 * (ik % 7), quiet=True)
ok = ~np.isnan(A[:, :4]).any(1)
X, y, ik, inst = with_one(A[ok, 1:4]), (A[ok, 6] == 2) * 1.0, i[ok], A[ok, 5]
binomial("lung.binomial", X, y)
k = ~np.isnan(inst)
b, v, u, h, _, _ = binomial("skip", X[k], y[k], quiet=True)
hc("lung.binomial.inst", v, u, h)
cr1("lung.binomial.inst", b, v, u, inst[k])
_, _, _, _, dev, null = binomial("lung.binomial.weighted", X, y, 0.5 + ik % 3, quiet=True)
emit("lung.binomial.weighted.deviance", [dev, null, len(y) - 4])
_, _, _, _, dev, _ = binomial("lung.binomial.offset", X, y, offset=0.1 * (ik % 7), quiet=True)
emit("lung.binomial.offset.deviance", [dev])

# LaLonde
d = read("lalonde/nsw_dw_matching.csv")
names = ["age", "educ", "black", "hisp", "married", "nodegr", "re74", "re75"]
A = numbers(d, names)
y, t = numbers(d, ["re78"])[:, 0], numbers(d, ["treat"])[:, 0]
b, inv, u, h = linear("lalonde.gaussian", with_one(np.column_stack([A, t])), y)
hc("lalonde.gaussian", inv, u, h)
binomial("lalonde.binomial", with_one(A), t)
x3 = A[:, 0] + 2 * A[:, 1]
linear("lalonde.aliased_last", with_one(A[:, [0, 1, 7]]), y, alias=(3,), quiet=True)
linear("lalonde.aliased_first", with_one(np.column_stack([x3, A[:, 0], A[:, 7]])), y, alias=(3,), quiet=True)
for lam in (0.01, 1):
    b = ridge(with_one(A), y, lam)
    emit("ridge.lalonde.gaussian.%g.estimate" % lam, b)
    emit("ridge.lalonde.gaussian.%g.deviance" % lam, ((y - with_one(A) @ b) ** 2).sum())
    b, _ = logistic(with_one(A), t, lam=lam)
    emit("ridge.lalonde.binomial.%g.estimate" % lam, b)
    emit("ridge.lalonde.binomial.%g.deviance" % lam, 2 * loss(with_one(A) @ b, t).sum())

# telco churn
d = read("telco_churn/wa_churn.csv")
y = np.array([v == "Yes" for v in d["churn"]]) * 1.0
i = np.arange(1, len(y) + 1)
tenure, monthly, partner = numbers(d, ["tenure", "monthly_charges", "partner"]).T
contract, internet, security = (dummies(d[c])[1] for c in ("contract", "internet_service", "online_security"))
X = with_one(np.column_stack([tenure, monthly, contract]))
b, v, u, _, _, _ = binomial("churn", X, y)
cr1("churn", b, v, u, i % 500)
for lam in (0.001, 0.1):
    b, _ = logistic(X, y, lam=lam)
    emit("ridge.churn.%g.estimate" % lam, b)
    emit("ridge.churn.%g.deviance" % lam, 2 * loss(X @ b, y).sum())
X = with_one(np.column_stack([tenure, partner, internet, security[:, 1:], contract]))
binomial("churn.aliased", X, y, alias=(5,), quiet=True)
emit("churn.aliased.df", len(y) - X.shape[1])
total = numbers(d, ["total_charges"])[:, 0]
k = ~np.isnan(total)
binomial("churn.missing", with_one(np.column_stack([tenure, total]))[k], y[k])
linear("churn.gaussian", with_one(np.column_stack([contract, partner, internet, tenure])), monthly, quiet=True)

# separation
i = np.arange(1, 61)
x1, x2 = (i % 3 == 0), (i * 37) % 23
y = (x1 | (x2 + (i * 17) % 29 > 25)) * 1.0
_, _, _, _, dev, _ = binomial("quasi.finite", with_one(x2[~x1]), y[~x1], quiet=True)
emit("quasi.deviance", dev)
binomial("overlapping", with_one(np.arange(1.0, 11)), np.array([0, 0, 0, 0, 1, 0, 1, 1, 1, 1.0]), quiet=True)
