"""Numbers of test/pgtap/features.sql: features of four journeys.

Run: python3 test/oracles/features.py
Everything is written from the definitions, in exact or decimal arithmetic
where that is possible, and shares no method with the extension: subsequences
are counted as a set of tuples, LZ76 phrases by searching lists, turbulence
from the list of spells, entropy in 50 digits.  The checked-in numbers were
produced with Python 3.11.7 alone (standard library).
"""
import datetime as dt
import math
import statistics
from collections import Counter
from decimal import Decimal, getcontext
from itertools import groupby

getcontext().prec = 50

JOURNEYS = {
    # return of a parcel: seconds from the start, touchpoint, value
    1: [(0, "order", 120.0), (3600, "mail", None), (90000, "delivery", None),
        (90000, "mail", None), (180000, "return", -120.0), (180600, "chat", None),
        (181000, "chat", None), (190000, "phone", None), (190060, "chat", None),
        (500000, "refund", None), (700000, "survey", 3.5)],
    # a regular reader
    2: [(86400 * i, "letter" if i % 3 else "visit", 1.25 * i) for i in range(12)],
    # one contact
    3: [(42, "phone", None)],
    # bursts
    4: [(t, x, None) for t, x in zip(
        (0, 1, 2, 2, 3, 100000, 100001, 100005, 400000, 400000, 400000, 400007),
        "a b a c c b a a d a b d".split())],
}
START = dt.datetime(2024, 3, 30, 21, 0, tzinfo=dt.timezone.utc)


def subsequences(spells):
    found = {()}
    for s in spells:
        found |= {f + (s,) for f in found}
    return len(found)


def phrases(path):
    count = start = 0
    while start < len(path):
        length = 1
        while start + length <= len(path):
            piece = path[start:start + length]
            source = path[:start + length - 1]
            if not any(source[i:i + length] == piece for i in range(len(source) - length + 1)):
                break
            length += 1
        count += 1
        start += length
    return count


def correlation(x, y):
    mx, my = statistics.fmean(x), statistics.fmean(y)
    sxy = math.fsum((a - mx) * (b - my) for a, b in zip(x, y))
    return sxy / math.sqrt(math.fsum((a - mx) ** 2 for a in x) * math.fsum((b - my) ** 2 for b in y))


def features(events):
    events = sorted(events, key=lambda e: (e[0], e[1].encode()))
    path = [e[1] for e in events]
    n = len(path)
    spells = [(k, len(list(g))) for k, g in groupby(path)]
    d, counts = len(spells), Counter(path)
    a = len(counts)
    q = Decimal(d - 1) / (n - 1) if n > 1 else Decimal(0)
    h = -sum(Decimal(c) / n * (Decimal(c) / n).ln() for c in counts.values())
    phi = subsequences([s for s, _ in spells])
    mean = Decimal(n) / d
    s2 = sum((t - mean) ** 2 for _, t in spells) / d
    s2max = (d - 1) * (1 - mean) ** 2
    out = {
        "n": n, "touchpoints": a, "transitions": d - 1, "self_loops": n - d,
        "repeats": sum(path[i] in path[:i] and path[i] != path[i - 1] for i in range(1, n)),
        "ping_pongs": sum(path[i + 1] == path[i - 1] != path[i] for i in range(1, n - 1)),
        "entropy": h,
        "complexity": (q * h / Decimal(a).ln()).sqrt() if a > 1 else Decimal(0),
        "turbulence": (phi * (s2max + 1) / (s2 + 1)).ln() / Decimal(2).ln(),
        "volatility": (Decimal(1) + q) / 2 if a > 1 else Decimal(0),
        "log2_subsequences": Decimal(phi).ln() / Decimal(2).ln(),
        "lempel_ziv": phrases(path),
    }
    gaps = [b[0] - x[0] for x, b in zip(events, events[1:])]
    m = len(gaps)
    if m:
        out["mean_gap"] = Decimal(sum(gaps)) / m
        out["median_gap"] = statistics.median(gaps)
    if m > 1 and sum(gaps):
        mu = Decimal(sum(gaps)) / m
        r = (sum((g - mu) ** 2 for g in gaps) / m).sqrt() / mu
        up, down = Decimal(m + 1).sqrt(), Decimal(m - 1).sqrt()
        out["burstiness"] = (up * r - down) / ((up - 2) * r + down)
    if m > 2:
        x, y = gaps[:-1], gaps[1:]
        if len(set(x)) > 1 and len(set(y)) > 1:
            out["memory"] = correlation(x, y)
        if all(p + s for p, s in zip(x, y)):
            out["local_variation"] = Decimal(3) / (m - 1) * sum(
                (Decimal(p - s) / (p + s)) ** 2 for p, s in zip(x, y))
    values = [e[2] for e in events if e[2] is not None]
    if values:
        out["value"] = (math.fsum(values), math.fsum(values) / len(values), min(values), values[-1])
    for zone, offset in (("UTC", lambda t: 0), ("Europe/Berlin", berlin)):
        days = {(START + dt.timedelta(seconds=e[0] + offset(START + dt.timedelta(seconds=e[0])))).date()
                for e in events}
        out["days " + zone] = len(days)
    return out


def berlin(t):
    """UTC offset in 2024: summer time from 31 March to 27 October, 01:00 UTC."""
    utc = dt.timezone.utc
    summer = dt.datetime(2024, 3, 31, 1, tzinfo=utc) <= t < dt.datetime(2024, 10, 27, 1, tzinfo=utc)
    return 7200 if summer else 3600


for customer, events in JOURNEYS.items():
    print(customer)
    for name, figure in features(events).items():
        print("   %-18s %s" % (name, "%.16g" % figure if isinstance(figure, (Decimal, float)) else figure))
