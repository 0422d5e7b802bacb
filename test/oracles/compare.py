"""python3 compare.py a.txt b.txt: every label of b that a also has must agree
to 1e-9 relative (far tails of p-values 1e-6), and none of a may be missing.  With one file more, the
checked-in tests: python3 compare.py --tests a.txt test/pgtap says which golden
lines no test file uses."""
import glob
import sys


def load(name):
    out = {}
    for line in open(name):
        if line.rstrip().endswith("}") and not line.startswith("#"):
            label, values = line.rstrip()[:-1].split(" {")
            out[label] = [None if v == "NULL" else float(v) for v in values.split(",")]
    return out


if sys.argv[1] == "--tests":
    tests = "".join(open(f).read() for f in glob.glob(sys.argv[3] + "/*.sql"))
    unused = [line.split(" ")[0] for line in open(sys.argv[2])
              if line.rstrip().endswith("}") and line.rstrip().split(" ", 1)[1] not in tests]
    print("%d golden lines not in the tests" % len(unused), *unused, sep="\n")
    sys.exit()
a, b = load(sys.argv[1]), load(sys.argv[2])
bad = 0
for label, x in a.items():
    y = b.get(label)
    if y is None:
        print("only in the first:", label)
        continue
    for u, v in zip(x, y):
        if (u is None) != (v is None) or (u is not None and abs(u - v) > (1e-6 if "p_value" in label else 1e-9) * max(abs(u), abs(v)) + 1e-300):
            print("differ:", label, u, v)
            bad += 1
print("%d labels compared, %d values differ" % (len(set(a) & set(b)), bad))
sys.exit(bad != 0)
