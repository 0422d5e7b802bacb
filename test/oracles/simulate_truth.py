"""Truth of the simulated journeys, computed a second time.

An independent implementation of the model in src/simulation/simulate.h: the
tables are typed in again from its description, the linear systems are solved
by numpy, nothing is shared with the C code.  Run as

    python3 simulate_truth.py

The numbers in test/core/test_simulate.c were printed by python 3.11,
numpy 2.4.
"""
import numpy as np

NAMES = "order tracking delivery delay email chat call tutorial return refund survey review".split()
FIRST = [55, 12, 10, 8, 5, 4, 3, 3, 0, 0, 0, 0]
EXIT = [.02, .02, .12, .08, .15, .06, .12, .20, .05, .70, .25, .60]
PULL = [1, 0, 1.5, -2, 0, -.5, -2, 2, -2, -6, .5, 5]
NEXT = {
    "order": dict(tracking=44, delivery=34, delay=14, email=8),
    "tracking": dict(delivery=62, delay=18, tracking=10, chat=10),
    "delivery": dict(tutorial=30, survey=26, email=14, chat=12, **{"return": 10}, order=8),
    "delay": dict(call=34, chat=26, delivery=16, **{"return": 14}, tracking=10),
    "email": dict(order=40, tutorial=30, survey=30),
    "chat": dict(call=24, tutorial=22, **{"return": 18}, survey=18, delivery=10, chat=8),
    "call": dict(**{"return": 34}, refund=22, survey=16, delivery=10, chat=10, call=8),
    "tutorial": dict(review=44, survey=26, order=22, chat=8),
    "return": dict(refund=74, call=16, chat=10),
    "refund": dict(survey=60, email=25, call=15),
    "survey": dict(review=38, order=30, email=20, call=12),
    "review": dict(order=62, email=22, tutorial=16),
}
SEGMENTS = ["new", "returning", "vip"]
SHARE = np.array([.45, .40, .15])
LIFT = np.array([-.06, .02, .08])
BASE, AMPLITUDE = .5, .5


def model(names=NAMES, sensitivity=1.0, noise=0.0, strategies=(0.0, .05, .02),
          confounding=0.0, before=1.0):
    idx = [NAMES.index(n) for n in NAMES if n in names]
    k = len(idx)
    alpha = np.array([FIRST[i] for i in idx], float)
    alpha = alpha / alpha.sum() if alpha.sum() > 0 else np.full(k, 1 / k)
    leave = np.array([EXIT[i] for i in idx])
    p = np.zeros((k, k))
    for r, i in enumerate(idx):
        row = np.array([NEXT[NAMES[i]].get(NAMES[j], 0) for j in idx], float)
        row = row / row.sum() if row.sum() > 0 else np.full(k, 1 / k)
        p[r] = row * (1 - leave[r])
    visits = np.linalg.solve((np.eye(k) - p).T, alpha)
    last = visits * leave
    x = sensitivity * np.array([PULL[i] for i in idx])
    pull = AMPLITUDE * x / (1 + abs(x))
    pull = pull - last @ pull
    most = max(0, pull.max() / (1 - BASE), -pull.min() / BASE)
    if most > 1:
        pull = pull / most                      # scaled back into [0, 1]
    own = BASE + pull                           # before segment and strategy
    tau = np.array(strategies, float)
    s = len(tau)
    rank = np.arange(s) / (s - 1) if s > 1 else np.array([.5])
    z = np.array([-1.0, 0.0, 1.0])
    prop = (1 + confounding * np.outer(z, 2 * rank - 1)) / s      # segment x strategy
    lift = LIFT - SHARE @ LIFT
    factor = before - (1 - before)
    joint = SHARE[:, None] * prop
    taken = joint.sum(0)
    loyal = own.copy()
    for g in range(3):
        for j in range(s):
            for weight, sign in ((before, 1), (1 - before, -1)):
                move = lift[g] + sign * tau[j]
                w = joint[g, j] * weight
                loyal += w * (move / (1 - BASE) * (1 - own) if move > 0 else move / BASE * own)
    b = np.linalg.solve(np.eye(k) - p, leave * loyal)
    rate = alpha @ b
    # the order-1 map of what is recorded, with the noise touchpoint last
    m = k + (noise > 0)
    n = np.zeros(m); q = np.zeros((m, m)); r = np.zeros(m); a = np.zeros(m); gone = np.zeros(m)
    n[:k] = visits; a[:k] = alpha
    q[:k, :k] = (1 - noise) * p
    r[:k] = (1 - noise) * leave * loyal
    gone[:k] = (1 - noise) * leave
    if noise > 0:
        n[k] = noise * visits.sum()
        q[:k, k] = noise
        q[k, :k] = noise * (visits @ p) / n[k]
        r[k] = noise * (visits @ (leave * loyal)) / n[k]
        gone[k] = noise * (visits @ leave) / n[k]
    bm = np.linalg.solve(np.eye(m) - q, r)
    v = q @ bm ** 2 + r - bm ** 2
    var = rate * (1 - rate)
    first = (a @ bm ** 2 - rate ** 2) / var
    shares = n * v / var
    naive = BASE + (joint * lift[:, None]).sum(0) / taken + factor * tau
    return dict(rate=rate, value=BASE + factor * tau, naive=naive, first=first, shares=shares,
                first_effect=(alpha @ b ** 2 - rate ** 2) / var, visits=n, b=bm, taken=taken,
                segment=BASE + lift + factor * (prop @ tau), pull=pull, lift=lift)


if __name__ == "__main__":
    np.set_printoptions(precision=15, suppress=False, linewidth=150)
    for title, args in [("default", {}), ("sensitivity 0", dict(sensitivity=0.0)),
                        ("sensitivity 5", dict(sensitivity=5.0)),
                        ("noise .25, confounding .6, drift after a third",
                         dict(noise=.25, confounding=.6, before=1 / 3)),
                        ("five touchpoints", dict(names=["order", "delivery", "chat", "return", "refund"]))]:
        t = model(**args)
        print("#", title)
        for name in t:
            print(name, repr(t[name]))
        print("sum", t["first"] + t["shares"].sum(), "mean events", t["visits"].sum())
