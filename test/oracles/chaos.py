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
