"""Customer value models by the published formulas, in 40-digit arithmetic.

clv.py --header        test/core/golden_value.h: log-likelihoods, gradients,
                       P(alive), expected purchases over a grid of parameters
clv.py [shared data]   fits by scipy (Nelder-Mead, then BFGS) on CDNOW and on
                       the apparel data: test/pgtap/value.sql
Nothing here shares code or method with the extension: hypergeometric
functions by mpmath, gradients by mpmath's numerical differentiation.
"""
import os
import sys

import mpmath as mp

mp.mp.dps = 40


def lg(z):
    return mp.loggamma(z)


def bg(th, x, t, T, more=0):
    r, al, a, b = th
    n = x + more
    first = lg(r + x) - lg(r) + r * mp.log(al) + lg(a + b) + lg(b + n) - lg(b) - lg(a + b + n)
    inner = (al + T) ** -(r + x)
    if x > 0 or more:
        inner += a / (b + n - 1) * (al + t) ** -(r + x)
    return first + mp.log(inner)


def mbg(th, x, t, T):
    return bg(th, x, t, T, 1)


def pareto_parts(th, x, t, T):
    r, al, s, be = th
    if al >= be:
        def f(u):
            return mp.hyp2f1(r + s + x, s + 1, r + s + x + 1, (al - be) / (al + u)) * (al + u) ** -(r + s + x)
    else:
        def f(u):
            return mp.hyp2f1(r + s + x, r + x, r + s + x + 1, (be - al) / (be + u)) * (be + u) ** -(r + s + x)
    alive = (al + T) ** -(r + x) * (be + T) ** -s
    return alive, s / (r + s + x) * (f(t) - f(T))


def pareto(th, x, t, T):
    r, al, s, be = th
    alive, gone = pareto_parts(th, x, t, T)
    return lg(r + x) - lg(r) + r * mp.log(al) + s * mp.log(be) + mp.log(alive + gone)


def spend(th, x, z, unused):
    p, q, v = th
    return (lg(p * x + q) - lg(p * x) - lg(q) + q * mp.log(v) + (p * x - 1) * mp.log(z)
            + p * x * mp.log(x) - (p * x + q) * mp.log(x * z + v))


def alive_of(model, th, x, t, T):
    if model is pareto:
        here, gone = pareto_parts(th, x, t, T)
        return here / (here + gone)
    r, al, a, b = th
    more = 1 if model is mbg else 0
    if x == 0 and not more:
        return mp.mpf(1)
    return 1 / (1 + a / (b + x + more - 1) * ((al + T) / (al + t)) ** (r + x))


def purchases(model, th, x, t, T, h):
    if model is pareto:
        r, al, s, be = th
        e = mp.quad(lambda u: (be + T) ** s / (be + T + u) ** s, [0, h]) * (r + x) / (al + T)
        return e * alive_of(model, th, x, t, T)
    r, al, a, b = th
    n = x + (1 if model is mbg else 0)
    if a == 1 or a + b + n == 1:
        lift = mp.mpf(10) ** -18
        return purchases(model, (r, al, a + lift, b), x, t, T, h)
    c = a + b + n - 1
    e = c / (a - 1) * (1 - ((al + T) / (al + T + h)) ** (r + x) * mp.hyp2f1(r + x, b + n, c, h / (al + T + h)))
    return e * alive_of(model, th, x, t, T)


GRID = {
    bg: [("0.2425945", "4.4136024", "0.7929221", "2.4259069"), ("1.5", "0.01", "1", "0.3"), ("30", "700", "20", "45"),
         ("0.05", "0.3", "0.02", "0.5"), ("0.7", "9", "1.02", "3")],
    mbg: [("0.5248432", "6.1830858", "0.8913596", "1.6140024"), ("1.5", "0.01", "1", "0.3"), ("0.05", "40", "3", "0.02")],
    pareto: [("0.5534", "10.578", "0.6061", "11.669"), ("0.5534", "11.669", "0.6061", "10.578"), ("0.8", "5", "1", "5"),
             ("2.5", "60", "0.1", "0.02"), ("0.3", "0.05", "4", "300"), ("12", "900", "3", "8")],
    spend: [("6.249573", "3.744225", "15.443519"), ("0.3", "0.8", "400"), ("900", "2.5", "0.02")],
}
CUSTOMERS = [(0, 0, "38.857142857142857"), (1, "1.7142857142857142", "38.857142857142857"), (2, "30.428571428571427", "38.857142857142857"),
             (29, "38", "38.5"), (501, "380", "390"), (3, "0.5", "0.5"), (120, "20", "365")]
SPENDS = [(1, "35.5", "0"), (4, "0.01", "0"), (70, "12345.6", "0"), (500, "30", "0")]


def derivative(f, th, j):
    def along(v):
        return f(*[v if i == j else w for i, w in enumerate(th)])
    return mp.diff(along, th[j])


def header():
    print("/*\n * golden_value.h\n *\t\tCustomer value models in 40-digit arithmetic, made by test/oracles/clv.py\n"
          " *\t\t--header: model, parameters, x, t (or mean spend), age, log-likelihood,\n"
          " *\t\tgradient, P(alive), purchases expected within 39 and within 400.\n */")
    print("static const struct\n{\n\tint\t\t\tmodel;\n\tdouble\t\tth[4];\n\tdouble\t\tx,\n\t\t\t\tt,\n\t\t\t\tage,\n"
          "\t\t\t\tvalue;\n\tdouble\t\tgradient[4];\n\tdouble\t\talive;\n\tdouble\t\twithin[2];\n}\t\t\tgolden_value[] = {")
    for number, (model, sets) in enumerate(GRID.items()):
        for text in sets:
            th = [mp.mpf(v) for v in text]
            for x, t, T in SPENDS if model is spend else CUSTOMERS:
                t_, T_ = mp.mpf(t), mp.mpf(T)
                value = model(th, x, t_, T_)
                gradient = [derivative(lambda *p: model(p, x, t_, T_), th, j) for j in range(len(th))]
                rest = [mp.mpf(0)] * 3
                if model is not spend:
                    rest = [alive_of(model, th, x, t_, T_)] + [purchases(model, th, x, t_, T_, h) for h in (39, 400)]
                s = [mp.nstr(v, 17) for v in [value] + gradient + [mp.mpf(0)] * (4 - len(th)) + rest]
                print("\t{%d, {%s}, %d, %s, %s, %s,\n\t{%s}, %s, {%s}}," % (
                    number, ", ".join(text), x, t, T, s[0], ", ".join(s[1:5]), s[5], ", ".join(s[6:])))
    print("};")


def fits(shared):
    import numpy as np
    import pandas as pd
    from scipy.optimize import minimize
    from scipy.special import gammaln, hyp2f1

    def log_nbd(th, c, more):
        r, al, a, b = th
        x, t, T, w = c
        n = x + more
        first = gammaln(r + x) - gammaln(r) + r * np.log(al) + gammaln(a + b) + gammaln(b + n) - gammaln(b) - gammaln(a + b + n)
        u = -(r + x) * np.log(al + T)
        with np.errstate(divide="ignore", invalid="ignore"):
            v = np.where((x > 0) | (more > 0), np.log(a) - np.log(np.maximum(b + n - 1, 1e-300)) - (r + x) * np.log(al + t), -np.inf)
        return w @ (first + np.logaddexp(u, v))

    def log_pareto(th, c):
        r, al, s, be = th
        x, t, T, w = c
        m = r + s + x
        second = s + 1 if al >= be else r + x
        base = max(al, be)
        d = abs(al - be)

        def f(u):
            return hyp2f1(m, second, m + 1, d / (base + u)) * ((base + t) / (base + u)) ** m
        gone = np.log(s / m) - m * np.log(base + t) + np.log(np.maximum(f(t) - f(T), 1e-300))
        here = -(r + x) * np.log(al + T) - s * np.log(be + T)
        return w @ (gammaln(r + x) - gammaln(r) + r * np.log(al) + s * np.log(be) + np.logaddexp(here, gone))

    def log_spend(th, c):
        p, q, v = th
        x, z, _, w = c
        return w @ (gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v) + (p * x - 1) * np.log(z)
                    + p * x * np.log(x) - (p * x + q) * np.log(x * z + v))

    def errors(f, k):
        h = 1e-4
        H = np.empty((len(k), len(k)))
        for i in range(len(k)):
            for j in range(len(k)):
                def at(a, b):
                    y = k.copy()
                    y[i] += a * h
                    y[j] += b * h
                    return f(y)
                H[i, j] = (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (4 * h * h)
        return np.sqrt(np.diag(np.linalg.inv(H)))

    def fit(label, f, k):
        def g(y):
            return -f(np.exp(y))
        y = np.zeros(k)
        for _ in range(6):
            y = minimize(g, y, method="Nelder-Mead", options=dict(xatol=1e-9, fatol=1e-9, maxiter=20000, maxfev=20000)).x
        se = errors(g, y) * np.exp(y)
        print(label, "{" + ",".join("%.7g" % v for v in [*np.exp(y), *se]) + "}", "%.7f" % -g(y))

    def rows(events, until, unit):
        d = events[events.date <= until].groupby(["id", "date"], as_index=False).money.sum()
        first = d.groupby("id").date.transform("min")
        g = d.groupby("id").date.agg(["min", "max", "count"])
        z = d[d.date > first].groupby("id").money.mean().reindex(g.index)
        return g["count"].to_numpy() - 1.0, (g["max"] - g["min"]).dt.days.to_numpy() / unit, \
            (pd.Timestamp(until) - g["min"]).dt.days.to_numpy() / unit, z.to_numpy()

    def all_fits(name, x, t, T, z):
        c = (x, t, T, np.ones(len(x)))
        fit(name + " bg_nbd", lambda th: log_nbd(th, c, 0), 4)
        fit(name + " mbg_nbd", lambda th: log_nbd(th, c, 1), 4)
        fit(name + " pareto_nbd", lambda th: log_pareto(th, c), 4)
        keep = (x > 0) & (z > 0)
        if keep.any():
            fit(name + " gamma_gamma", lambda th: log_spend(th, (x[keep], z[keep], 0, np.ones(keep.sum()))), 3)
            print(name, "n", keep.sum(), "correlation %.10g" % np.corrcoef(x[keep], z[keep])[0, 1])

    e = pd.read_csv(shared + "/data/cdnow/cdnowElog.csv")
    e = pd.DataFrame(dict(id=e.masterid, date=pd.to_datetime(e.date.astype(str)), money=e.sales))
    all_fits("cdnow", *rows(e, "1997-09-30", 7.0))
    s = pd.read_csv(shared + "/data/cdnow/cdnow_customers_summary.csv")
    all_fits("rounded", s.frequency.to_numpy(float), s.recency.to_numpy(), s["T"].to_numpy(), np.full(len(s), np.nan))
    a = pd.read_csv(shared + "/data/cdnow/apparelTrans.csv")
    a = pd.DataFrame(dict(id=a.Id, date=pd.to_datetime(a.Date), money=a.Price))
    print("apparel until", a.date.max())
    all_fits("apparel", *rows(a, str(a.date.max().date()), 7.0))


if __name__ == "__main__":
    if "--header" in sys.argv:
        header()
    else:
        fits(sys.argv[1] if len(sys.argv) > 1 else os.environ["JOURNEY_SHARED"])
