#!/usr/bin/env python3
"""LightGBM's held-out losses with the settings of fit_trees (test/pgtap/trees.sql).

Prints the loss on every fourth row of models trained on the others: telco
churn (log loss), and three surfaces made of a low-discrepancy sequence that SQL
makes alike: squared error, log loss, unit deviance.  Categories are numbers by
byte order, as fit_trees has them.  lightgbm 4.7.0, numpy 2.4.6.
"""
import lightgbm
import numpy as np

from common import emit, read

SETTINGS = dict(num_threads=1, max_bin=255, num_leaves=64, max_depth=6, learning_rate=0.1, min_data_in_leaf=20,
                min_sum_hessian_in_leaf=1e-3, lambda_l2=0, verbose=-1, seed=1)


def loss_of(objective, X, y):
    held = np.arange(1, len(y) + 1) % 4 == 0
    booster = lightgbm.train(dict(SETTINGS, objective=objective), lightgbm.Dataset(X[~held], y[~held]), 100)
    p, o = booster.predict(X[held]), y[held]
    if objective == "regression":
        return np.mean((o - p) ** 2)
    if objective == "binary":
        return -np.mean(np.log(np.where(o == 1, p, 1 - p)))
    return 2 * np.mean(np.where(o > 0, o * np.log(np.where(o > 0, o, 1) / p), 0) - (o - p))


def churn():
    d = read("telco_churn/wa_churn.csv")
    columns = []
    for name in d:
        if name == "churn":
            continue
        try:
            columns.append([np.nan if v is None else float(v) for v in d[name]])
        except ValueError:
            levels = sorted(set(d[name]), key=str.encode)
            columns.append([levels.index(v) for v in d[name]])
    return np.array(columns, dtype=float).T, np.array([v == "Yes" for v in d["churn"]], dtype=float)


def surface(n=8000):
    i = np.arange(1, n + 1)
    u = [np.mod(i * np.sqrt(k), 1) for k in (2, 3, 5, 7, 11, 13, 17)]
    f = 2 * u[0] * u[1] + np.sin(9 * u[2]) + (u[3] > 0.6) * u[4]
    return np.column_stack(u[:6]), f, u[6]


if __name__ == "__main__":
    emit("churn", [loss_of("binary", *churn())])
    X, f, u = surface()
    emit("surface_gaussian", [loss_of("regression", X, f + 2 * u)])
    emit("surface_binomial", [loss_of("binary", X, (u < 1 / (1 + np.exp(-2 * (f - 1)))).astype(float))])
    emit("surface_poisson", [loss_of("poisson", X, np.floor(np.exp(f) * 2 * u))])
