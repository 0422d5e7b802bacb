"""Brute-force cross-validation: every fold refitted on its own training rows,
scaling and reference levels included, metrics from row predictions.
python3 cross_validation.py [shared folder]"""
import numpy as np

from common import *


def fit(X, y, family, lam):
    """Columns constant in this training part get the coefficient 0."""
    keep = np.r_[True, np.ptp(X[:, 1:], axis=0) > 0]
    b = np.zeros(X.shape[1])
    if family == "gaussian":
        b[keep] = ridge(X[:, keep], y, lam) if lam else lstsq(X[:, keep], y)[0]
    else:
        b[keep] = logistic(X[:, keep], y, lam=lam)[0]
    return b


def lasso(X, y, lam, share):
    """scikit-learn's elastic net on features scaled in this training part."""
    from sklearn.linear_model import ElasticNet
    Z, back = scaled(X)
    b = ElasticNet(alpha=lam, l1_ratio=share, tol=1e-14, max_iter=10**6).fit(Z[:, 1:], y)
    return back @ np.r_[b.intercept_, b.coef_]


def validate(label, X, y, fold, family, lam=0.0):
    X = with_one(X)
    eta, base, rows = np.zeros(len(y)), np.zeros(len(y)), []
    for f in np.unique(fold):
        t = fold == f
        b = fit(X[~t], y[~t], family, lam)
        eta[t], base[t] = X[t] @ b, y[~t].mean()
        rows.append((eta[t], y[t], base[t]))
    if family == "gaussian":
        emit(label + ".rmse", [np.sqrt(((a - v) ** 2).mean()) for a, v, _ in rows])
        emit(label + ".mae", [abs(a - v).mean() for a, v, _ in rows])
        emit(label + ".r_squared", [1 - ((a - v) ** 2).sum() / ((v - m) ** 2).sum() for a, v, m in rows])
        emit(label + ".overall", [np.sqrt(((eta - y) ** 2).mean()), abs(eta - y).mean(),
                                  1 - ((eta - y) ** 2).sum() / ((y - base) ** 2).sum()])
        emit(label + ".mse", [((a - v) ** 2).mean() for a, v, _ in rows] + [((eta - y) ** 2).mean()])
        return eta
    areas = [auc(a, v) for a, v, _ in rows]
    emit(label + ".log_loss", [loss(a, v).mean() for a, v, _ in rows])
    emit(label + ".brier", [((expit(a) - v) ** 2).mean() for a, v, _ in rows])
    emit(label + ".auc", areas)
    emit(label + ".overall", [loss(eta, y).mean(), ((expit(eta) - y) ** 2).mean(),
                              np.mean([a for a in areas if a is not None])])
    emit(label + ".pooled_auc_and_sd", [auc(eta, y), np.std([a for a in areas if a is not None], ddof=1)])
    return expit(eta)


d = read("lalonde/nsw_dw_matching.csv")
A = numbers(d, ["age", "educ", "black", "hisp", "married", "nodegr", "re74", "re75"])
y, treat = numbers(d, ["re78"])[:, 0], numbers(d, ["treat"])[:, 0]
i = np.arange(1, len(y) + 1)
for lam in (0, 0.01, 0.1, 1):
    validate("cv.lalonde.%g" % lam, A, y, (i - 1) % 5, "gaussian", lam)
for lam, share in ((100, 1), (400, 1), (0.5, 0.3)):
    Xi, sse = with_one(A), 0.0
    for f in range(5):
        t = (i - 1) % 5 == f
        sse += ((y[t] - Xi[t] @ lasso(Xi[~t], y[~t], lam, share)) ** 2).sum()
    emit("cv.lalonde.elastic_net.%g.%g.rmse" % (lam, share), [np.sqrt(sse / len(y))])
# Level z lies wholly in fold 2: its training part has never seen it.
level = np.where((i % 5 == 2) & ((i < 50) | (i > 400)), "z", np.where(i % 2 == 0, "b", "a"))
L = np.column_stack([A[:, 0], dummies(level)[1]])
p = validate("cv.rare.gaussian", L, y, (i - 1) % 5, "gaussian")
emit("cv.rare.gaussian.row7", [p[6]])
p = validate("cv.rare.binomial", L, treat, (i - 1) % 5, "binomial")
emit("cv.rare.binomial.row7", [p[6]])

d = read("telco_churn/wa_churn.csv")
churn = np.array([v == "Yes" for v in d["churn"]]) * 1.0
X = np.column_stack([numbers(d, ["tenure", "monthly_charges"]), dummies(d["contract"])[1]])
i = np.arange(1, len(churn) + 1)
for lam in (0, 0.001, 0.1):
    validate("cv.churn.%g" % lam, X, churn, (i - 1) % 10, "binomial", lam)

# Few rows, many features, a strong signal: one Newton step is not enough.
i = np.arange(1, 121)
X = np.array([(i * p) % 101 / 50 - 1 for p in (7, 11, 13, 17, 19, 23)]).T
y = (4 * X[:, 0] - 3 * X[:, 1] + 2 * X[:, 2] + ((i * 7919) % 199) / 40 - 2.5 > 0) * 1.0
for lam in (0, 0.05):
    validate("cv.strong.%g" % lam, X, y, (i - 1) % 5, "binomial", lam)

# Fold 1 holds positives only: it has no AUC.
i = np.arange(1, 41)
y = ((i % 4 == 1) | ((i * 17) % 29 > 14)) * 1.0
validate("cv.onesided", ((i * 37) % 41)[:, None].astype(float), y, (i - 1) % 4, "binomial")
