"""Golden numbers of chaos_dynamics.sql, chaos_nonlinear.sql, test_dynamics.c and
test_asymmetry.c: the same journeys and rows by formula, counted and fitted again.

Folds are leave-one-customer-out, so that no hash decides.
Run: python3 chaos_symbols.py [folder of shared data] (made with numpy 2.4.6, scipy 1.17.1, statsmodels 0.15.0).
"""
import csv
import lzma
import sys
from collections import Counter, defaultdict
from math import log, log2

import numpy as np
import statsmodels.api as sm
from scipy import stats
from scipy.optimize import brentq
from scipy.special import digamma
from statsmodels.stats.diagnostic import linear_reset


# ---- entropy ----
def entropy(counts, how):
    n = np.array([c for c in counts if c > 0], dtype=float)
    N, S = n.sum(), len(n)
    plug = -(n / N * np.log(n / N)).sum()
    if how == "plug_in":
        return plug
    if how == "miller_madow":
        return plug + (S - 1) / (2 * N)
    if how == "chao_shen":
        f = (n == 1).sum()
        f = f - 1 if f == N else f
        q = (1 - f / N) * n / N
        return -(q * np.log(q) / (1 - (1 - q) ** N)).sum()
    g = digamma(n) + (-1) ** n / 2 * (digamma((n + 1) / 2) - digamma(n / 2))
    return log(N) - (n * g).sum() / N


HOW = ("plug_in", "miller_madow", "chao_shen", "grassberger")
for counts in ((4, 2, 3, 0, 2, 4, 0, 0, 2, 1, 1), (4, 2, 1, 1), (1000, 37, 1), (1, 1, 1)):
    print("entropy nats", counts, *("%.12f" % entropy(counts, h) for h in HOW))

for S, N in ((.8, 50), (1, 2), (.5, 2), (2.3, 9)):
    bound = brentq(lambda p: -p * log2(p) - (1 - p) * log2(1 - p) + (1 - p) * log2(N - 1) - S, 1 / N + 1e-15, 1 - 1e-15, xtol=1e-15)
    print("bound", S, N, "%.12f" % bound)


# ---- journeys by formula ----
def journeys(customers, states, length):
    return {c: [(c * (s + 3) + s * s * (c % 7)) % states for s in range(length(c))] for c in range(1, customers + 1)}


def rows_of(js):
    rows = defaultdict(Counter)
    for j in js.values():
        for a, b in zip(j, j[1:]):
            rows[a][b] += 1
    return rows


def rate(rows, how):
    n = sum(sum(r.values()) for r in rows.values())
    return sum(sum(r.values()) / n * entropy(r.values(), how) for r in rows.values()) / log(2)


def blocks(js, length):
    return Counter(tuple(j[i:i + length]) for j in js.values() for i in range(len(j) - length + 1))


js = journeys(300, 4, lambda c: 2 + c * 7 % 9)
rows = rows_of(js)
print("journeys", len(js), "transitions", sum(sum(r.values()) for r in rows.values()))
for h in HOW:
    H = {L: entropy(blocks(js, L).values(), h) / log(2) for L in (1, 2, 3, 4)}
    longest = max(L for L in H if 4 ** L <= sum(blocks(js, L).values()) / 5)
    print("rate", h, "%.12f" % rate(rows, h), "L", longest, "excess %.12f" % (H[longest] - longest * (H[longest] - H[longest - 1])))

hits = common = 0
for c, j in js.items():
    rest = rows_of({d: x for d, x in js.items() if d != c})
    total = Counter()
    for r in rest.values():
        total.update(r)
    most = min(total, key=lambda t: (-total[t], t))
    for a, b in zip(j, j[1:]):
        hits += min(rest[a], key=lambda t: (-rest[a][t], t)) == b if rest[a] else most == b
        common += most == b
print("hits", hits, "common", common)

# memory, leave one customer out
three = journeys(120, 3, lambda c: 5 + c % 7)
for r in three:     # the third symbol on depends on the last two
    for s in range(2, len(three[r])):
        if (r + s) % 4:
            three[r][s] = (three[r][s - 1] + three[r][s - 2]) % 3
transitions = sum(len(j) - 1 for j in three.values())
M = max(r for r in range(4) if 3 ** r * 2 <= transitions / 5)
judged = {c: [(tuple(j[:e]), j[e]) for e in range(M, len(j))] for c, j in three.items()}
n = sum(len(v) for v in judged.values())
print("memory: M", M, "transitions", transitions, "judged", n)
for r in range(M + 1):
    every = Counter((p[len(p) - r:], x) for v in judged.values() for p, x in v)
    context = Counter()
    for (p, x), m in every.items():
        context[p] += m
    L = sum(m * log(m / context[p]) for (p, x), m in every.items())
    loss = {}
    for c, v in judged.items():
        mine = Counter((p[len(p) - r:], x) for p, x in v)
        own = Counter(p[len(p) - r:] for p, x in v)
        loss[c] = sum(-log((every[p[len(p) - r:], x] - mine[p[len(p) - r:], x] + .5 / 3) /
                           (context[p[len(p) - r:]] - own[p[len(p) - r:]] + .5)) for p, x in v)
    mean = sum(loss.values()) / n
    G = len(judged)
    se = np.sqrt(G / (G - 1) * sum((loss[c] - len(v) * mean) ** 2 for c, v in judged.items())) / n
    k = 3 ** r * 2
    print("memory", r, k, "%.12f %.12f %.9f %.9f" % (mean, se, -2 * L + 2 * k, -2 * L + k * log(n)))

# healing
K = 4
P = np.zeros((K, K + 1))
for j in js.values():
    for a, b in zip(j, j[1:] + [K]):
        P[a, b] += 1
P /= P.sum(1, keepdims=True)
Q = P[:, :K]
D = max(abs(P[i] - P[j]).sum() / 2 for i in range(K) for j in range(K))
m = np.sort(abs(np.linalg.eigvals(Q)))[::-1]
print("damage %.12f %.12f %.12f %.12f %.12f" % (D, m[1], log(2) / -log(m[1]), np.mean([len(j) for j in js.values()]), m[0]))
for n in (6, 11):
    A = np.array([[((i * 7 + j * 3 + i * j * j) % 13 - 6) / 5 for j in range(n)] for i in range(n)])
    print("moduli", n, np.sort(abs(np.linalg.eigvals(A)))[::-1].tolist())

# redirect on reference vector A, by solving the changed chain
QA = np.array([[.10, .50, .20, .00], [.10, .20, .30, .10], [.00, .20, .20, .30], [.00, .10, .20, .10]])
RA, start = np.array([.15, .25, .15, .20]), np.array([.6, .2, .15, .05])


def mean_outcome(q, r):
    return start @ np.linalg.solve(np.eye(4) - q, r)


changed = QA.copy()
changed[2, 3] -= .1
changed[2, 1] += .1
print("redirect exact %.15f" % (mean_outcome(changed, RA) - mean_outcome(QA, RA)))
print("A moduli", np.sort(abs(np.linalg.eigvals(QA)))[::-1].tolist())

# redirect of the formula journeys, outcome by formula
y = {c: (c * c + j[-1]) % 3 == 0 for c, j in js.items()}
E = np.zeros(K)
N_end = np.zeros(K)
for c, j in js.items():
    E[j[-1]] += y[c]
    N_end[j[-1]] += 1
reward = E / N_end
first = np.zeros(K)
for j in js.values():
    first[j[0]] += 1
first /= first.sum()


def yes(q, end):
    return first @ np.linalg.solve(np.eye(K) - q, end * reward)


q2 = Q.copy()
amount = .05
q2[1, 0] -= amount
q2[1, 2] += amount
b = np.linalg.solve(np.eye(K) - Q, P[:, K] * reward)
visits = np.linalg.solve((np.eye(K) - Q).T, first)
print("redirect b: a to c %.12f %.12f" % (yes(q2, P[:, K]) - yes(Q, P[:, K]), visits[1] * (b[2] - b[0])))
q3, end3 = Q.copy(), P[:, K].copy()
end3[1] -= amount
q3[1, 2] += amount
print("redirect b: end to c %.12f %.12f" % (yes(q3, end3) - yes(Q, P[:, K]), visits[1] * (b[2] - reward[1])))

# drift: the second half of the customers against the first
a, b_ = ({c: j for c, j in js.items() if (c <= 150) == w} for w in (True, False))
for state in range(K):
    table = np.array([[rows_of(x)[state][t] for t in range(K)] for x in (a, b_)])
    table = table[:, table.sum(0) > 0]
    print("drift", state, table.tolist(), "%.12f" % stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")[0])


# ---- asymmetry ----
i = np.arange(1, 241)
pos, neg = i * 7 % 5, (i * i + 2 * i + i // 3) % 4
age = (i * 13 % 29) / 10
score = 3 + .3 * pos - .9 * neg + .2 * age + ((i * i * 11 + i * 5) % 23 - 11) / 8
cust = i % 60
X = sm.add_constant(np.column_stack([pos, neg, age]))


def fieller(a, b, va, vb, vab, z=stats.norm.ppf(.975)):
    A, B, C = b * b - z * z * vb, -2 * (a * b - z * z * vab), a * a - z * z * va
    return sorted(np.roots([A, B, C]).real), A


def report(name, fit):
    bp, bn = fit.params[1], fit.params[2]
    V = np.asarray(fit.cov_params())
    roots, A = fieller(-bn, bp, V[2, 2], V[1, 1], -V[1, 2])
    z = (bp + bn) / np.sqrt(V[1, 1] + V[2, 2] + 2 * V[1, 2])
    print("asymmetry", name, "%.12f %.12f %.12f A %.3g" % (bp, bn, -bn / bp, A), roots, "p %.12g" % stats.norm.cdf(z))


print("fieller vector", fieller(.9, .3, .01, .0025, .001))
report("gaussian", sm.OLS(score, X).fit())
report("cluster", sm.OLS(score, X).fit(cov_type="cluster", cov_kwds={"groups": cust}))
yes_no = (score + ((i * 17) % 11 - 5) / 2 > 3).astype(float)
report("binomial", sm.GLM(yes_no, X, family=sm.families.Binomial()).fit(tol=1e-14, maxiter=100))
count = np.floor(np.abs(score))
report("poisson", sm.GLM(count, X, family=sm.families.Poisson()).fit(tol=1e-14, maxiter=100))
report("unbounded", sm.OLS(score - .29 * pos, X).fit())
clipped = np.clip(np.round(score), 1, 5)
print("share at bound", max((clipped == 5).mean(), (clipped == 1).mean()), (score == score.max()).mean())
ind = (neg >= 1).astype(float)
fit = sm.OLS(score, np.column_stack([X, ind, ind * pos])).fit()
V = fit.cov_params()
est, se = fit.params[1] + fit.params[5], np.sqrt(V[1, 1] + V[5, 5] + 2 * V[1, 5])
print("after", "%.12f %.12f %.12f" % (est, est - stats.norm.ppf(.975) * se, est + stats.norm.ppf(.975) * se))

# forms, leave one customer out
last = ((i * 5) % 3 == 0).astype(float)
curved = score - .8 * pos * neg / 3 + .3 * last
forms = {"additive": X, "interaction": np.column_stack([X, pos * neg]), "order_aware": np.column_stack([X, last])}
for c in (1, 2, 3):
    forms["threshold_%d" % c] = np.column_stack([X, neg >= c])
losses = {}
for name, Z in forms.items():
    out = np.zeros(60)
    for c in range(60):
        test = cust == c
        out[c] = ((curved[test] - Z[test] @ np.linalg.lstsq(Z[~test], curved[~test], rcond=None)[0]) ** 2).sum()
    losses[name] = out
for name, out in losses.items():
    d = out - losses["additive"]
    print("form", name, "%.12f %.12f %.12f" % (out.mean(), d.mean(), d.std(ddof=1) / np.sqrt(60)))
LOG = {}
for name in ("additive", "interaction"):
    out = np.zeros(60)
    for c in range(60):
        test = cust == c
        mu = sm.GLM(yes_no[~test], forms[name][~test], family=sm.families.Binomial()).fit(tol=1e-14, maxiter=100).predict(forms[name][test])
        out[c] = -2 * (yes_no[test] * np.log(mu) + (1 - yes_no[test]) * np.log(1 - mu)).sum()
    LOG[name] = out
d = LOG["interaction"] - LOG["additive"]
print("binomial forms %.10f %.10f %.10f" % (LOG["additive"].mean(), d.mean(), d.std(ddof=1) / np.sqrt(60)))

# ---- RESET ----
x = np.arange(1, 21)
e = np.array([.3, -.2, .1, -.4, .5, -.1, .2, -.3, .4, -.5, .1, .2, -.2, .3, -.1, -.3, .4, .1, -.4, .2])
fit = sm.OLS(1 + 2 * x + .05 * x ** 2 + e, sm.add_constant(x)).fit()
print("reset vector", linear_reset(fit, power=3, use_f=True))
test = linear_reset(sm.OLS(curved, X).fit(), power=3, use_f=True)
print("reset", test.fvalue, test.df_num, test.df_denom, test.pvalue)
plain = sm.GLM(yes_no, X, family=sm.families.Binomial()).fit(tol=1e-14, maxiter=100)
eta = X @ plain.params
s = (eta - eta.mean()) / eta.std()
rich = sm.GLM(yes_no, np.column_stack([X, s ** 2, s ** 3]), family=sm.families.Binomial()).fit(tol=1e-14, maxiter=100)
LR = plain.deviance - rich.deviance
print("reset binomial", "%.12f" % LR, stats.chi2.sf(LR, 2))


# ---- real journeys ----
def read(path, customer, touchpoint, ts):
    events = defaultdict(list)
    with lzma.open(path, "rt") as f:
        for number, row in enumerate(csv.DictReader(f)):
            events[row[customer]].append((row[ts], number, row[touchpoint]))
    return {c: [e[2] for e in sorted(v)] for c, v in events.items()}


for name, path, columns in (("helpdesk", "helpdesk/helpdesk.csv.xz", ("case:concept:name", "concept:name", "time:timestamp")),
                            ("ecom", "ecom_clickstream/ecom.csv.xz", ("user_id", "event", "timestamp"))):
    if len(sys.argv) < 2:
        break
    js = read(sys.argv[1] + "/data/" + path, *columns)
    names = sorted({t for j in js.values() for t in j})
    number = {t: i for i, t in enumerate(names)}
    K = len(names)
    rows = rows_of(js)
    P = np.zeros((K, K + 1))
    for j in js.values():
        for a, b in zip(j, j[1:]):
            P[number[a], number[b]] += 1
        P[number[j[-1]], K] += 1
    P /= P.sum(1, keepdims=True)
    m = np.sort(abs(np.linalg.eigvals(P[:, :K])))[::-1]
    D = max(abs(P[i] - P[j]).sum() / 2 for i in range(K) for j in range(K))
    n = sum(sum(r.values()) for r in rows.values())
    print(name, K, "touchpoints", n, "transitions", *("%.12f" % rate(rows, h) for h in HOW))
    print(name, "damage %.12f %.12f %.12f %.12f" % (D, m[1], np.mean([len(j) for j in js.values()]), m[0]))
    M = max(r for r in range(4) if K ** r * (K - 1) <= n / 5)
    for r in range(M + 1):
        every = Counter((tuple(j[e - r:e]), j[e]) for j in js.values() for e in range(M, len(j)))
        context = Counter()
        for (p, x), c in every.items():
            context[p] += c
        L = sum(c * log(c / context[p]) for (p, x), c in every.items())
        k = K ** r * (K - 1)
        print(name, "memory", r, k, "aic %.6f bic %.6f" % (-2 * L + 2 * k, -2 * L + k * log(sum(every.values()))))
