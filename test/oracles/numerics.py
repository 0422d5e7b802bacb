"""Least squares in exact rational arithmetic (standard library only) where
floating point is hard: Longley against its certified values, epoch seconds,
a target with offset 1e9, one row of leverage 1e8.  python3 numerics.py"""
from decimal import Decimal, getcontext
from fractions import Fraction as F

getcontext().prec = 40
CERTIFIED = {  # NIST StRD, Longley: estimates, standard deviations, residual sd
    "estimate": [-3482258.63459582, 15.0618722713733, -0.358191792925910e-01, -2.02022980381683,
                 -1.03322686717359, -0.511041056535807e-01, 1829.15146461355],
    "std_error": [890420.383607373, 84.9149257747669, 0.334910077722432e-01, 0.488399681651699,
                  0.214274163161675, 0.226073200069370, 455.478499142212],
    "sd": [304.854073561965]}
LONGLEY = """60323 83.0 234289 2356 1590 107608 1947
61122 88.5 259426 2325 1456 108632 1948
60171 88.2 258054 3682 1616 109773 1949
61187 89.5 284599 3351 1650 110929 1950
63221 96.2 328975 2099 3099 112075 1951
63639 98.1 346999 1932 3594 113270 1952
64989 99.0 365385 1870 3547 115094 1953
63761 100.0 363112 3578 3350 116219 1954
66019 101.2 397469 2904 3048 117388 1955
67857 104.6 419180 2822 2857 118734 1956
68169 108.4 442769 2936 2798 120445 1957
66513 110.8 444546 4681 2637 121950 1958
68655 112.6 482704 3813 2552 123366 1959
69564 114.2 502601 3931 2514 125368 1960
69331 115.7 518173 4806 2572 127852 1961
70551 116.9 554894 4007 2827 130081 1962"""


def solve(A, B):
    """Gauss-Jordan over the rationals: A X = B, B with several columns."""
    n = len(A)
    M = [list(A[r]) + list(B[r]) for r in range(n)]
    for c in range(n):
        p = next(r for r in range(c, n) if M[r][c])
        M[c], M[p] = M[p], M[c]
        M[c] = [v / M[c][c] for v in M[c]]
        for r in range(n):
            if r != c and M[r][c]:
                M[r] = [v - M[r][c] * w for v, w in zip(M[r], M[c])]
    return [row[n:] for row in M]


def exact(X, y):
    """X without the intercept.  Estimates, squared errors, rss, tss."""
    X = [[F(1)] + [F(v) for v in r] for r in X]
    y = [F(v) for v in y]
    p, n = len(X[0]), len(y)
    G = [[sum(r[a] * r[b] for r in X) for b in range(p)] for a in range(p)]
    h = [sum(r[a] * v for r, v in zip(X, y)) for a in range(p)]
    S = solve(G, [[h[a]] + [F(int(a == b)) for b in range(p)] for a in range(p)])
    b = [r[0] for r in S]
    rss = sum((v - sum(c * d for c, d in zip(r, b))) ** 2 for r, v in zip(X, y))
    m = sum(y) / n
    return b, [rss / (n - p) * S[a][a + 1] for a in range(p)], rss, sum((v - m) ** 2 for v in y)


def real(x, root=False):
    d = Decimal(x.numerator) / Decimal(x.denominator)
    return float(d.sqrt() if root else d)


def emit(label, values):
    print(label + " {" + ",".join("%.15g" % v for v in values) + "}")


def fit(label, X, y):
    b, v, rss, tss = exact(X, y)
    emit(label + ".estimate", [real(x) for x in b])
    emit(label + ".std_error", [real(x, True) for x in v])
    emit(label + ".r_squared", [real(1 - rss / tss)])
    emit(label + ".sd", [real(rss / (len(y) - len(b)), True)])


rows = [[F(Decimal(v)) for v in line.split()] for line in LONGLEY.splitlines()]
# 83.0 and the like are not exact in binary: the double nearest to each.
rows = [[F(float(v)) for v in r] for r in rows]
fit("longley", [r[1:] for r in rows], [r[0] for r in rows])
b, v, rss, _ = exact([r[1:] for r in rows], [r[0] for r in rows])
for got, want in zip(b, CERTIFIED["estimate"]):
    assert abs(real(got) - want) < 1e-12 * abs(want), (real(got), want)
for got, want in zip(v, CERTIFIED["std_error"]):
    assert abs(real(got, True) - want) < 1e-12 * abs(want), (real(got, True), want)

i = range(1, 201)
fit("epoch", [[1700000000 + 37 * k] for k in i], [F((k * 7919) % 101, 64) + F(k, 8) for k in i])
i = range(1, 1001)
fit("billion", [[F((k * 7919) % 1009, 64)] for k in i],
    [10**9 + F((k * 7919) % 1009, 64) + F((k * 104729) % 997, 64) for k in i])

# Row 1 (fold 1) has leverage 1e8; folds (k - 1) mod 5 + 1.
i = range(1, 51)
X = [[10**8 if k == 1 else F((k * 37) % 41, 8)] for k in i]
y = [10**8 if k == 1 else F((k * 37) % 41, 16) + F((k * 23) % 29, 32) for k in i]
fold = [(k - 1) % 5 + 1 for k in i]
mse = []
for f in range(1, 6):
    train = [k for k in range(50) if fold[k] != f]
    b = exact([X[k] for k in train], [y[k] for k in train])[0]
    e = [(y[k] - b[0] - b[1] * X[k][0]) ** 2 for k in range(50) if fold[k] == f]
    mse.append(sum(e) / len(e))
emit("leverage.rmse", [real(m, True) for m in mse])
emit("leverage.pooled_rmse", [real(sum(mse) / 5, True)])
