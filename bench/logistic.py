#!/usr/bin/env python3
"""scikit-learn's side of the bench: logistic regression fed from the database.

logistic.py PASSES FOLDER: reads bench.wide through psql, fits
LogisticRegression(penalty=None) and cross_val_score with 10 folds on one
thread, and writes lines of tabs: what, seconds (median of passes; the transfer
is timed once).  FOLDER keeps the rows for R.
"""
import os
import statistics
import subprocess
import sys
import time
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
import numpy as np
import pandas as pd
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_score

warnings.filterwarnings("ignore")
passes, folder = int(sys.argv[1]), sys.argv[2]
columns = ", ".join("x%d" % j for j in range(1, 21))
path = os.path.join(folder, "wide.csv")


def timed(work):
    started = time.perf_counter()
    answer = work()
    return time.perf_counter() - started, answer


def transfer():
    with open(path, "wb") as out:
        subprocess.run(["psql", "-Xqc", "COPY (SELECT id, target::int, %s FROM bench.wide) TO STDOUT CSV HEADER" % columns],
                       stdout=out, check=True)
    return pd.read_csv(path).to_numpy()


def median(work):
    return statistics.median(timed(work)[0] for _ in range(passes))


seconds, rows = timed(transfer)
key, y, X = rows[:, 0], rows[:, 1], np.ascontiguousarray(rows[:, 2:])
# penalty=None is spelled C=inf from version 1.8 on
new = tuple(int(part) for part in sklearn.__version__.split(".")[:2]) >= (1, 8)
plain = {"C": np.inf} if new else {"penalty": None}
model = LogisticRegression(max_iter=1000, **plain)
print("versions\tscikit-learn %s, numpy %s" % (sklearn.__version__, np.__version__))
print("transfer\t%g" % seconds)
print("fit\t%g" % median(lambda: model.fit(X, y)))
print("cross_val_score\t%g" % timed(lambda: cross_val_score(model, X, y, groups=key, cv=GroupKFold(10), scoring="neg_log_loss"))[0])
