"""Golden numbers of chaos_share by model and of first_touch_effect, in
test/pgtap/chaos_model.sql and test/core/test_share_model.c.

Run: python3 chaos_model.py (made with numpy 2.4.6, scikit-learn 1.9.1).
Leave-one-out over 200 customers of three events each: no fold plan to copy.
"""
from itertools import product
from math import comb

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression, Ridge

print(np.__version__, sklearn.__version__)
K, N, L, RIDGE = 4, 200, 3, 50.0


def steps(c):
    return [(c * (s + 3) + s * s * (c % 7) + c // 5) % K for s in range(L)]


def score(c):
    p = steps(c)
    return 2 * p[0] + 3 * p[2] + 2 * (p[1] == 2) + (c * c + c // 7) % 11


def rows(c):
    """After one event: which. After more: the last, roots of counts, root of position - 1."""
    seen = np.zeros(K)
    for t, e in enumerate(steps(c)):
        seen[e] += 1
        one = np.eye(K)[e]
        yield np.r_[one * (t == 0), one * (t > 0), np.sqrt(seen) * (t > 0), np.sqrt(t)]


X = {c: np.array(list(rows(c))) for c in range(1, N + 1)}


def forecasts(y, binary, out):
    train = [c for c in X if c != out]
    Z = np.vstack([X[c] for c in train])
    target = np.repeat([y[c] for c in train], L)
    mean, sd = Z.mean(0), Z.std(0)
    sd[sd == 0] = 1
    strength = RIDGE / (N * L) * len(Z)
    if binary:
        m = LogisticRegression(C=1 / strength, tol=1e-14, max_iter=100000, solver="newton-cholesky").fit((Z - mean) / sd, target)
        q = m.predict_proba((X[out] - mean) / sd)[:, 1]
    else:
        m = Ridge(alpha=strength, solver="cholesky").fit((Z - mean) / sd, target)
        q = np.clip(m.predict((X[out] - mean) / sd), -1, 1)
    return np.r_[np.mean([y[c] for c in train]), q]


def shares(outcome, binary):
    raw = {c: outcome(c) for c in X}
    low, high = min(raw.values()), max(raw.values())
    centre, scale = (low, high - low) if binary else ((low + high) / 2, (high - low) / 2)
    y = {c: (v - centre) / scale for c, v in raw.items()}
    parts = {credit: np.zeros(K + 2) for credit in ("fork", "arrival")}
    moved, arrived, visits = np.zeros(K), np.zeros(K), np.zeros(K)
    total = 0
    after = {}
    for c in X:
        q = forecasts(y, binary, c)
        p = steps(c)
        error = (y[c] - np.r_[q, y[c]]) ** 2
        gain = error[:-1] - error[1:]
        total += error[0]
        for t in range(L + 1):
            parts["fork"][0 if t == 0 else K + 1 if t == L else 1 + p[t - 1]] += gain[t]
            parts["arrival"][0 if t == 0 else K + 1 if t == L else 1 + p[t]] += gain[t]
        for t, e in enumerate(p):
            visits[e] += 1
            arrived[e] += q[t + 1] - q[t]
            after.setdefault((None if t == 0 else p[t - 1], e), []).append(q[t + 1])
            if t + 1 < L:
                moved[e] += (q[t + 2] - q[t + 1]) ** 2
    swing = np.sqrt(moved / visits)
    print("  variance %.15f" % (total / N * scale ** 2))
    for credit in parts:
        print(" ", credit, ["%.12f" % x for x in parts[credit] / total])
    print("  leverage", ["%.12f" % x for x in swing * visits.sum() / (visits @ swing)])
    print("  effect", ["%.12f" % x for x in arrived / visits * scale])
    mean = np.mean(list(y.values()))
    for i in [None] + list(range(K)):
        ok = [j for j in range(K) if len(after.get((i, j), [])) >= 20]
        if len(ok) >= 2:
            s = {j: (sum(after[i, j]) + 20 * mean) / (len(after[i, j]) + 20) for j in ok}
            hi, lo = max(ok, key=s.get), min(ok, key=s.get)
            n = N if i is None else visits[i]
            print("  steer", i, hi, lo, "%.15f" % (n / N * (np.mean(after[i, hi]) - np.mean(after[i, lo])) * scale / 100))
    print("  next", {k: len(v) for k, v in after.items()})


print("yes/no")
shares(lambda c: int(score(c) > 12), True)
print("numeric")
shares(lambda c: 10.0 * score(c), False)

# exact permutation p-value of the sum of squares between groups, yes/no outcomes
for yes, total in (((4, 1, 0), (5, 6, 3)), ((8, 21, 4), (40, 60, 17))):
    ways = hits = 0
    seen = sum(a * a / n for a, n in zip(yes, total))
    for a in product(*[range(c + 1) for c in total]):
        if sum(a) == sum(yes):
            w = comb(total[0], a[0]) * comb(total[1], a[1]) * comb(total[2], a[2])
            ways += w
            hits += w * (sum(x * x / n for x, n in zip(a, total)) >= seen - 1e-9)
    print("squares: exact p %.15f" % (hits / ways))

# omega squared of the yes/no outcome above by first event
y = np.array([int(score(c) > 12) for c in X])
f = np.array([steps(c)[0] for c in X])
ssb = sum((f == g).sum() * (y[f == g].mean() - y.mean()) ** 2 for g in range(K) if (f == g).any())
sst = ((y - y.mean()) ** 2).sum()
g = len(set(f))
msw = (sst - ssb) / (N - g)
print("omega squared %.15f" % ((ssb - (g - 1) * msw) / (sst + msw)), g)

# store vector A: what moves between touchpoints, and what only the end tells
Q = np.array([[.10, .50, .20, .00], [.10, .20, .30, .10], [.00, .20, .20, .30], [.00, .10, .20, .10]])
R = np.array([[.15, .05], [.25, .05], [.15, .15], [.20, .40]])
start = np.array([.6, .2, .15, .05])
inverse = np.linalg.inv(np.eye(4) - Q)
b, n = inverse @ R[:, 0], start @ inverse
p = start @ b
moves = n * (Q * (b[None] - b[:, None]) ** 2).sum(1)
ends = n @ (R * (np.array([1, 0])[None] - b[:, None]) ** 2).sum(1)
print("A by model", ["%.6f" % x for x in np.r_[start @ b ** 2 - p * p, moves, ends] / (p * (1 - p))])
