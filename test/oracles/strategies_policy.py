"""Policies by brute force, for test/pgtap/strategies_policy.sql.

Policy trees: every tree of depth 1 and 2 over LaLonde's columns, learned
without each fold in turn on inverse propensity scores and judged on it.
Linear rules: ridge of the same scores.  Uniform policy on Open Bandit, men.
Versions: Python 3.11.7, numpy 2.4.6, pandas 3.1.1.
"""
import os
import sys

import numpy as np
import pandas as pd

shared = sys.argv[1] if len(sys.argv) > 1 else os.environ["JOURNEY_SHARED"]


def show(label, numbers):
    print(label, "{" + ",".join("%.12g" % v for v in numbers) + "}")


def leaf(s):
    sums = s.sum(0)
    return sums.max(), int(sums.argmax())


def questions(x):
    for f in range(x.shape[1]):
        for v in np.unique(x[:, f])[1:]:
            yield f, v


def best(x, s, depth, asked):
    """The largest sum of scores, and the tree that has it."""
    value, arm = leaf(s)
    tree = arm
    if depth == 0 or len(s) == 0:
        return value, tree
    for f, v in asked:
        low = x[:, f] < v
        a, left = best(x[low], s[low], depth - 1, asked)
        b, right = best(x[~low], s[~low], depth - 1, asked)
        if a + b > value * (1 + 1e-12) + 1e-9:
            value, tree = a + b, (f, v, left, right)
    return value, tree


def follow(tree, row):
    while isinstance(tree, tuple):
        f, v, left, right = tree
        tree = left if row[f] < v else right
    return tree


def honest(score, chosen, fixed):
    n = len(score)
    value = score[np.arange(n), chosen]
    d = value - score[:, fixed]
    return [value.mean(), value.std(ddof=1) / n ** 0.5, d.mean(), d.std(ddof=1) / n ** 0.5]


lalonde = pd.read_csv(shared + "/data/lalonde/nsw_dw_matching.csv")
lalonde.columns = ["age", "educ", "black", "hisp", "married", "nodegr", "re74", "re75", "re78", "u74", "u75", "treat"]
x = lalonde[["age", "educ", "married", "nodegr"]].to_numpy(float)
y = lalonde["re78"].to_numpy(float)
taken = lalonde["treat"].astype(str).str.lower().isin(["1", "true", "t"]).to_numpy().astype(int)
p = np.where(taken == 1, 0.4, 0.6)
score = np.zeros((len(y), 2))
score[np.arange(len(y)), taken] = y / p
fold = np.arange(len(y)) % 5
fixed = int(score.mean(0).argmax())
show("lalonde arms", [fixed, *score.mean(0)])
for depth in (1, 2):
    chosen = np.zeros(len(y), int)
    for f in range(5):
        train = fold != f
        asked = list(questions(x))
        tree = best(x[train], score[train], depth, asked)[1]
        chosen[~train] = [follow(tree, row) for row in x[~train]]
    value, tree = best(x, score, depth, list(questions(x)))
    show("lalonde tree depth %d" % depth, honest(score, chosen, fixed))
    print("# rule", tree, "in sample %.12g" % (value / len(y)))


def ridge(x, s, lam):
    m, sd = x.mean(0), x.std(0)
    z = (x - m) / sd
    b = np.linalg.solve(z.T @ z / len(x) + lam * np.eye(x.shape[1]), z.T @ (s - s.mean(0)) / len(x)) / sd[:, None]
    return s.mean(0) - m @ b, b


chosen = np.zeros(len(y), int)
for f in range(5):
    a, b = ridge(x[fold != f], score[fold != f], 0.01)
    chosen[fold == f] = (a + x[fold == f] @ b).argmax(1)
show("lalonde linear", honest(score, chosen, fixed))
a, b = ridge(x, score, 0.01)
show("lalonde linear rule", [*a, *b.T.ravel()])

bts = pd.read_csv(shared + "/data/open_bandit/bts_men.csv.xz")
w = (1 / 34) / bts["propensity_score"].to_numpy()
r = bts["click"].to_numpy()
show("open bandit uniform", [(w * r).mean(), (w * r).std(ddof=1) / len(r) ** 0.5, w.sum() ** 2 / (w ** 2).sum(), w.max()])
