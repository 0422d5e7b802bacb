"""Golden numbers of test/pgtap/chaos_twins.sql: twin divergence by shares in
numpy, for 400 customers by a formula.

Run: python3 chaos_twins.py (made with numpy 2.4.6).
"""
import numpy as np

P = np.array([[.5, .3, .1, .1], [.2, .4, .3, .1], [.1, .2, .5, .2], [.25] * 4])
print("exact", [float(((np.linalg.matrix_power(P, k)[0] - np.linalg.matrix_power(P, k)[2]) ** 2).sum()) for k in range(1, 5)])


def customers():
    for c in range(1, 401):
        n = 1 + c * 7 % 9
        path = [(c * (s + 3) + s * s * (c % 7) + c // 5) % 4 for s in range(n)]
        values = [None if (c + s) % 13 == 0 else path[0] * 2 + (c * (s + 1)) % 10 for s in range(n)]
        outcome = None if c % 6 == 0 else c % 5 == 1
        yield path, values, outcome, "ab"[c % 2]


def state(path, values, outcome, at, numeric, with_outcome, prefix):
    if at < len(path):
        return values[at] if numeric else path[at]
    if with_outcome and outcome is None:
        return None
    if numeric:
        return values[-1]
    if with_outcome:
        return ("end", outcome)
    return "ended" if len(path) == prefix + 1 else path[-1]


def divergence(prefix, horizon, numeric=False, with_outcome=False, strata=False):
    groups = {}
    for path, values, outcome, kind in customers():
        if len(path) > prefix:
            groups.setdefault((kind if strata else "", tuple(path[:prefix])), {}).setdefault(path[prefix], []).append((path, values, outcome))
    for k in range(1, horizon + 1):
        rows = []
        for g in groups.values():
            top = sorted(g.items(), key=lambda x: (-len(x[1]), x[0]))[:2]
            if len(top) < 2:
                continue
            a, b = ([x for x in (state(*c, prefix + k, numeric, with_outcome, prefix) for c in members) if x is not None]
                    for _, members in top)
            if min(len(a), len(b)) < 2:
                continue
            na, nb = len(a), len(b)
            if numeric:
                va, vb = np.var(a, ddof=1) / na, np.var(b, ddof=1) / nb
                e = (np.mean(a) - np.mean(b)) ** 2 - va - vb
                var = 4 * max(e, 0) * (va + vb) + 2 * (va + vb) ** 2
            else:
                names = sorted(set(a) | set(b), key=str)
                p, q = np.array([a.count(s) for s in names]) / na, np.array([b.count(s) for s in names]) / nb
                e = ((p * na) @ (p * na - 1)) / (na * (na - 1)) + ((q * nb) @ (q * nb - 1)) / (nb * (nb - 1)) - 2 * p @ q
                V = (np.diag(p) - np.outer(p, p)) / (na - 1) + (np.diag(q) - np.outer(q, q)) / (nb - 1)
                t = np.trace(V @ V)
                var = 4 * max((p - q) @ V @ (p - q) - t, 0) + 2 * t
            rows.append((na * nb / (na + nb), e, var, na, nb))
        w, e, var, na, nb = np.array(rows).T
        yield k, int(na.sum()), int(nb.sum()), float(w @ e / w.sum()), float(np.sqrt(w ** 2 @ var) / w.sum()), len(rows)


for name, arguments in (("plain", dict(prefix=0, horizon=4)), ("prefix", dict(prefix=1, horizon=3)),
                        ("outcome", dict(prefix=0, horizon=4, with_outcome=True)),
                        ("value", dict(prefix=0, horizon=3, numeric=True)),
                        ("strata", dict(prefix=1, horizon=2, numeric=True, with_outcome=True, strata=True))):
    for row in divergence(**arguments):
        print("\t('%s', %d, %d, %d, %.15g, %.15g, %d)," % ((name,) + row))

# ---- feature twins: 400 customers of the integer tent map, every pair looked at


def tent(c):
    x = (123457 + c * c * 7919) % 1000003
    for _ in range(8):
        yield x / 1000003
        x = 2 * x if 2 * x < 1000003 else 2 * (1000003 - x)


panel = np.array([list(tent(c)) for c in range(1, 401)])
distance = np.sqrt(((panel[:, None, :2] - panel[None, :, :2]) ** 2).sum(2))
distance[distance == 0] = np.inf
twin = distance.argmin(1)
nearest = distance.min(1)
assert (np.sort(distance, 1)[:, 1] - nearest > 1e-9).all()	# no ties
gap = np.abs(panel - panel[twin])
curve = [float(np.log(gap[:, 1 + k][gap[:, 1 + k] > 0]).mean()) for k in range(7)]
order = np.argsort(nearest, kind="stable")
slope = lambda rows: float((np.log(gap[rows][:, 4][gap[rows][:, 4] > 0]).mean() - np.log(gap[rows][:, 2][gap[rows][:, 2] > 0]).mean()) / 2)
print("tent: curve", ["%.12g" % x for x in curve], "near %.12g far %.12g error %.12g" % (
    slope(order[:133]), slope(order[-133:]), np.sqrt(((panel[:, 2] - panel[twin, 2]) ** 2).mean())))

# ---- recurring patterns: exact means of shuffles, every order of every journey
from itertools import permutations

counts = {}
for path, _, _, _ in customers():
    if len(path) > 6:
        continue
    orders = list(permutations(path))
    for pattern in ((0, 2), (1, 3), (2, 2)):
        holds = lambda o: any(o[i:i + 2] == pattern for i in range(len(o)))
        later = lambda o: any(o[i] == pattern[0] and pattern[1] in o[i + 1:] for i in range(len(o)))
        for name, f in (("run", holds), ("pair", later)):
            seen, mean = counts.get((pattern, name), (0, 0.0))
            counts[pattern, name] = seen + f(tuple(path)), mean + sum(map(f, orders)) / len(orders)
for (pattern, name), (seen, mean) in sorted(counts.items()):
    print("recurring", name, ["abcd"[i] for i in pattern], seen, "mean of shuffles %.6f" % mean)
