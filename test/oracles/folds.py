"""Frozen hash, hash folds and ntile folds from their definition
(reference/validation.md 1.3), standard library only.  python3 folds.py"""
from fractions import Fraction
import struct

M = 2**64 - 1
P1, P2, P3, P4, P5 = (11400714785074694791, 14029467366897019727, 1609587929392839161,
                      9650029242287828579, 2870177450012600261)


def rotl(x, r):
    return (x << r | x >> (64 - r)) & M


def xxh64(b, seed=0):
    seed &= M
    step = lambda acc, lane: rotl((acc + lane * P2) & M, 31) * P1 & M
    i = 0
    if len(b) >= 32:
        v = [(seed + P1 + P2) & M, (seed + P2) & M, seed, (seed - P1) & M]
        while i + 32 <= len(b):
            v = [step(a, l) for a, l in zip(v, struct.unpack_from("<4Q", b, i))]
            i += 32
        h = (rotl(v[0], 1) + rotl(v[1], 7) + rotl(v[2], 12) + rotl(v[3], 18)) & M
        for a in v:
            h = ((h ^ step(0, a)) * P1 + P4) & M
    else:
        h = (seed + P5) & M
    h = (h + len(b)) & M
    while i + 8 <= len(b):
        h = (rotl(h ^ step(0, struct.unpack_from("<Q", b, i)[0]), 27) * P1 + P4) & M
        i += 8
    if i + 4 <= len(b):
        h = (rotl(h ^ struct.unpack_from("<I", b, i)[0] * P1 & M, 23) * P2 + P3) & M
        i += 4
    for c in b[i:]:
        h = rotl(h ^ c * P5 & M, 11) * P1 & M
    h = (h ^ h >> 33) * P2 & M
    h = (h ^ h >> 29) * P3 & M
    return h ^ h >> 32


def key_bytes(key):
    return key.encode() if isinstance(key, str) else struct.pack("<q", key)


def repeat_seed(seed, repeat):
    if repeat == 1:
        return seed
    return xxh64(struct.pack("<QQ", seed & M, repeat))


def hash_fold(key, k, seed=0, repeat=1):
    return 1 + (xxh64(key_bytes(key), repeat_seed(seed, repeat)) * k >> 64)


def ntile(rows, k, seed=0, repeat=1):
    """rows: key -> number of rows.  Fold of every key."""
    s, total, before, fold = repeat_seed(seed, repeat), sum(rows.values()), 0, {}
    for key in sorted(rows, key=lambda x: (xxh64(key_bytes(x), s), key_bytes(x))):
        fold[key] = 1 + k * (2 * before + rows[key]) // (2 * total)
        before += rows[key]
    return fold


def balanced(rows, counts, k, seed=0, repeat=1):
    """rows: key -> rows; counts: list of strata, each key -> rows in it.  The
    greedy rule of 1.4 on exact fractions; several strata take rounded weights."""
    s, rot = repeat_seed(seed, repeat), xxh64(struct.pack("<QQ", seed & M, repeat) + b"rot")
    total, sums = sum(rows.values()), [sum(c.values()) for c in counts]
    row_weight = Fraction(1, total**2) if len(counts) == 1 else Fraction(2**20)
    weights = [(Fraction(1, n**2) if len(counts) == 1 else Fraction(2**20 * total**2 // n**2)) for n in sums]
    h = lambda x: (xxh64(key_bytes(x), s), key_bytes(x))
    if repeat == 1:
        order = sorted(rows, key=lambda x: ([-rows[x]] + [-c[x] for c in counts], h(x)))
    else:
        order = sorted(rows, key=lambda x: (1 - rows[x].bit_length(), [-c[x] for c in counts] if rows[x] == 1 else [], h(x)))
    members, fold = [[] for _ in range(k)], {}
    for x in order:
        start, best = xxh64(key_bytes(x), rot) * k >> 64, None
        for f in ((start + i) % k for i in range(k)):
            grow = lambda w, of: w * (sum(of[y] for y in members[f] + [x])**2 - sum(of[y] for y in members[f])**2)
            cost = grow(row_weight, rows) + sum(grow(w, c) for w, c in zip(weights, counts))
            if best is None or cost < best[0]:
                best = (cost, f)
        members[best[1]].append(x)
        fold[x] = best[1] + 1
    return fold


# Splits along time (1.2): 30 decisions on days after an origin, one letter a
# role: T rain, e valuated, m not matured, o verlap, k ey, g ap, b embargo, . none.
DECIDED = [i * 37 % 101 for i in range(30)]
MATURED = [None if i % 11 == 5 else DECIDED[i] + i * 13 % 9 for i in range(30)]
KEYS = [i * 7 % 12 for i in range(30)]


def rolling(cut, horizon, window, gap):
    def role(t0, t1):
        if cut <= t0 < cut + horizon:
            return "m" if t1 is None else "e"
        if t0 >= cut or (window is not None and t0 < cut - window):
            return "."
        return "m" if t1 is None or t1 > cut else "g" if t1 + gap > cut else "T"
    return "".join(role(*r) for r in zip(DECIDED, MATURED))


def purged_k(k, embargo):
    known = sorted(i for i in range(30) if MATURED[i] is not None)
    block = {}
    for i in known:
        before = sum(DECIDED[j] < DECIDED[i] for j in known)
        same = sum(DECIDED[j] == DECIDED[i] for j in known)
        block[i] = 1 + k * (2 * before + same) // (2 * len(known))
    for b in range(1, k + 1):
        test = [i for i in known if block[i] == b]
        lo, hi = min(DECIDED[i] for i in test), max(MATURED[i] for i in test)
        keys = {KEYS[i] for i in test}
        yield "".join("m" if MATURED[i] is None else "e" if i in test
                      else "o" if DECIDED[i] <= hi and MATURED[i] >= lo else "k" if KEYS[i] in keys
                      else "b" if hi < DECIDED[i] <= hi + embargo else "T" for i in range(30))


assert xxh64(b"") == 0xEF46DB3751D8E999 and xxh64(b"abc") == 0x44BC2CF5AD770999
assert xxh64(b"customer-000000000000000000000000000000001") == 0x00B07F64A00B1122
assert xxh64(key_bytes(42), 42) == 0xA092F330C19FF2DE
assert [hash_fold(x, 10, 0, 2) for x in (0, 1, 42, -1)] == [1, 1, 10, 4]
assert [ntile({x: 1 for x in range(10)}, 5)[x] for x in range(10)] == [2, 4, 5, 2, 1, 3, 3, 1, 5, 4]


def emit(label, values):
    print(label + " {" + ",".join(str(v) for v in values) + "}")


if __name__ == "__main__":
    weighted = {x: 1 + x * 7 % 5 for x in range(24)}
    yes = {x: min(weighted[x], x * 3 % 5 // 2) for x in weighted}
    no = {x: weighted[x] - yes[x] for x in weighted}
    rarest_first = lambda values: sorted(values, key=lambda v: sum(v.values()))
    thirds = [{x: sum((x + i) % 3 == v for i in range(1, weighted[x] + 1)) for x in weighted} for v in range(3)]
    for seed, repeat in ((0, 1), (0, 2), (7, 3), (-1, 1)):
        for name, counts in (("rows", []), ("yes", rarest_first([no, yes])),
                             ("yes,third", rarest_first([no, yes]) + rarest_first(thirds))):
            f = balanced(weighted, counts, 4, seed, repeat)
            emit("balanced.%s.%d.%d" % (name, seed, repeat), [f[x] for x in sorted(f)])
    cuts = range(min(DECIDED) + 20, max(DECIDED) + 1, 15)
    emit("rolling.plain", [rolling(c, 20, None, 0) for c in cuts])
    emit("rolling.window.gap", [rolling(c, 20, 30, 4) for c in cuts])
    emit("purged.4", list(purged_k(4, 5)))
    words = {"customer %d" % x: 1 + x % 3 for x in range(20)}
    for seed, repeat in ((0, 1), (0, 2), (7, 1), (7, 3), (-1, 2)):
        f = ntile(weighted, 4, seed, repeat)
        emit("ntile.integer.%d.%d" % (seed, repeat), [f[x] for x in sorted(f)])
    f = ntile(words, 5)
    emit("ntile.text", [f["customer %d" % x] for x in range(20)])
    emit("hash.text", [hash_fold("customer %d" % x, 5, 3, 2) for x in range(20)])
