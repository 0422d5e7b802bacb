"""Golden numbers of test_chain.c and test_forks.c.

Run: python3 chaos.py (made with numpy 2.4.6, scipy 1.17.1).
"""
from itertools import combinations, product
from math import comb, log

import numpy as np
from scipy import stats

# store vector A: ad, store, call, refund
Q = np.array([[.10, .50, .20, .00], [.10, .20, .30, .10], [.00, .20, .20, .30], [.00, .10, .20, .10]])
loyal = np.array([.15, .25, .15, .20])
start = np.array([.6, .2, .15, .05])
N = np.linalg.inv(np.eye(4) - Q)
b, n = N @ loyal, start @ N
p = start @ b
v = Q @ b ** 2 + loyal - b ** 2
print("A: b", b, "n", n, "p %.15f" % p, "v", v)
print("A: shares", np.r_[start @ b ** 2 - p * p, n * v] / (p * (1 - p)))

# G test
table = np.array([[12, 30, 18, 9], [25, 14, 20, 11]])
print("G: p %.17g" % stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")[1])


# exact permutation p-values of G: yes and totals per next event
def part(a, total):
    return sum(x * log(x) for y, c in zip(a, total) for x in (y, c - y) if x > 0)


for yes, total in (((4, 1, 0), (5, 6, 3)), ((8, 21, 4), (40, 60, 17))):
    ways = hits = 0
    for a in product(*[range(c + 1) for c in total]):
        if sum(a) == sum(yes):
            w = comb(total[0], a[0]) * comb(total[1], a[1]) * comb(total[2], a[2])
            ways += w
            hits += w * (part(a, total) >= part(yes, total) - 1e-9)
    print("G: exact p %.15f" % (hits / ways))

# exact permutation p-value of the between-group sum of squares
values = np.array([1, 4, 2, 5, 7, 3, 6, 2, 1], dtype=float)


def squares(x):
    return x[:4].sum() ** 2 / 4 + x[4:7].sum() ** 2 / 3 + x[7:].sum() ** 2 / 2


ways = hits = 0
for one in combinations(range(9), 4):
    rest = [i for i in range(9) if i not in one]
    for two in combinations(rest, 3):
        order = list(one) + list(two) + [i for i in rest if i not in two]
        ways += 1
        hits += squares(values[order]) >= squares(values) - 1e-9
print("F: exact p %.15f" % (hits / ways))

groups = [[i * 7 % 13 for i in range(30)], [i * 5 % 11 + 1.5 for i in range(35)],
          [i * 3 % 17 * .9 for i in range(40)]]
print("F: p %.17g" % stats.f_oneway(*groups)[1])

# 300 customers by a formula, every 11th censored: the whole table of
# test/pgtap/chaos.sql, counted and solved independently (dense inverse)


def customers():
    for c in range(1, 301):
        steps = [(c * (s + 3) + s * s * (c % 7)) % 4 for s in range(1 + c * 7 % 5)]
        score = 1 + (c * c + 3 * steps[-1] + 2 * steps[0]) % 5
        yield steps, None if c % 11 == 0 else score


def figures(outcome):
    K, s = 4, .5 / 4
    C, first, ends = np.zeros((K, K)), np.zeros(K), [[] for _ in range(K)]
    seen = np.zeros(K)
    for steps, score in customers():
        first[steps[0]] += 1
        for i, j in zip(steps, steps[1:]):
            C[i, j] += 1
        for i in set(steps):
            seen[i] += 1
        if score is not None:
            ends[steps[-1]].append(outcome(score))
    binary = len(set(sum(ends, []))) == 2
    q, r, m2 = np.zeros((K, K)), np.zeros(K), np.zeros(K)
    for i in range(K):
        row = C[i] + s * (C[i] > 0)
        if binary:
            cells = {y: ends[i].count(y) + s for y in set(ends[i])}
            n_end = sum(cells.values())
            e1 = sum(y * n for y, n in cells.items())
            e2 = sum(y * y * n for y, n in cells.items())
        else:
            n_end = len(ends[i]) + s
            e1, e2 = np.mean(ends[i]) * n_end, np.mean(np.square(ends[i])) * n_end
        total = row.sum() + n_end
        q[i], r[i], m2[i] = row / total, e1 / total, e2 / total
    a = first / first.sum()
    inv = np.linalg.inv(np.eye(K) - q)
    value, visits = inv @ r, a @ inv
    mean = a @ value
    swing = q @ value ** 2 + m2 - value ** 2
    parts = np.r_[a @ value ** 2 - mean ** 2, visits * swing]
    effect = (a * (value - mean) + (visits[:, None] * q * (value[None] - value[:, None])).sum(0)) / visits
    shrunken = (seen * value + 20 * mean) / (seen + 20)
    steering = []
    for i in range(K):
        ok = [j for j in range(K) if C[i, j] >= 20]
        hi, lo = max(ok, key=lambda j: shrunken[j]), min(ok, key=lambda j: shrunken[j])
        steering.append(("abcd"[hi], "abcd"[lo], visits[i] * (value[hi] - value[lo]) / 100))
    return parts / parts.sum(), np.sqrt(swing) * visits.sum() / (visits @ np.sqrt(swing)), effect, steering


def tests(outcome, binary):
    for i in range(4):
        groups = {}
        for steps, score in customers():
            if score is not None and i in steps:
                at = steps.index(i)
                groups.setdefault(steps[at + 1] if at + 1 < len(steps) else 4, []).append(outcome(score))
        if binary:
            t = np.array([[sum(g), len(g) - sum(g)] for g in groups.values()])
            e = stats.contingency.expected_freq(t).min()
            yield e, stats.chi2_contingency(t, correction=False, lambda_="log-likelihood")[1]
        else:
            yield min(map(len, groups.values())), stats.f_oneway(*groups.values())[1]


for name, outcome in (("yes/no", lambda y: int(y > 2)), ("numeric", float)):
    shares, leverage, effect, steering = figures(outcome)
    print(name, "shares", ["%.15f" % x for x in shares])
    print(name, "leverage", ["%.15f" % x for x in leverage])
    print(name, "effect", ["%.15f" % x for x in effect])
    print(name, "steering", steering)
    print(name, "smallest cell and p", list(tests(outcome, name == "yes/no")))
