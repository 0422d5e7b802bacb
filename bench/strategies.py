#!/usr/bin/env python3
"""DoubleML's and EconML's side of the bench: average outcomes of three
strategies, cross-fitted, fed from the database.

strategies.py FOLDER: reads bench.decisions through psql, fits DoubleMLAPOS
(interactive model, linear outcome models, logit of every strategy) and
EconML's LinearDRLearner (one linear outcome model, multinomial logit), both
with 10 folds on one thread, and writes lines of tabs: what, seconds.
"""
import os
import subprocess
import sys
import time
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression, LogisticRegression

warnings.filterwarnings("ignore")
folder = sys.argv[1]
names = ["x%d" % j for j in range(1, 21)]
path = os.path.join(folder, "decisions.csv")


def timed(work):
    started = time.perf_counter()
    answer = work()
    return time.perf_counter() - started, answer


def transfer():
    with open(path, "wb") as out:
        subprocess.run(["psql", "-Xqc", "COPY (SELECT y, ascii(strategy) - 97 AS strategy, %s FROM bench.decisions) TO STDOUT CSV HEADER" % ", ".join(names)],
                       stdout=out, check=True)
    return pd.read_csv(path)


def report(what, seconds):
    print("%s\t%g" % (what, seconds), flush=True)


def doubleml(rows):
    import doubleml
    print("versions\tDoubleML %s" % doubleml.__version__)
    data = doubleml.DoubleMLData(rows, "y", "strategy", names)
    model = doubleml.DoubleMLAPOS(data, ml_g=LinearRegression(), ml_m=LogisticRegression(max_iter=1000), treatment_levels=[0, 1, 2], n_folds=10, n_rep=1)
    seconds, _ = timed(model.fit)
    print("doubleml_values\t%s" % ",".join("%.6g" % v for v in np.ravel(model.coef)))
    print("doubleml_errors\t%s" % ",".join("%.6g" % v for v in np.ravel(model.se)))
    report("doubleml", seconds)


def econml(rows):
    import econml
    from econml.dr import LinearDRLearner
    print("versions\tEconML %s" % econml.__version__)
    model = LinearDRLearner(model_propensity=LogisticRegression(max_iter=1000), model_regression=LinearRegression(), cv=10, random_state=0)
    seconds, _ = timed(lambda: model.fit(rows["y"].to_numpy(), rows["strategy"].to_numpy(), X=None, W=rows[names].to_numpy()))
    report("econml", seconds)


seconds, rows = timed(transfer)
report("transfer", seconds)
for work in (doubleml, econml):
    try:
        work(rows)
    except ImportError as missing:
        print("%s: %s" % (work.__name__, missing), file=sys.stderr)
