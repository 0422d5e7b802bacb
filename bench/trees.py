#!/usr/bin/env python3
"""LightGBM's side of the bench of boosted trees.

trees.py FILE FAMILY: reads the table of bench/trees.sh (x1 to x20, y, target as
text) into memory, then makes the dataset and boosts 100 trees of depth 6 on one
thread with the settings of fit_trees.  Writes one line of tabs: version, family,
seconds of dataset and training, loss on the training rows.  Reading the file
does not count.
"""
import sys
import time

import lightgbm
import numpy as np

table = np.loadtxt(sys.argv[1], delimiter=",")
family = sys.argv[2]
X, y = np.ascontiguousarray(table[:, :20]), table[:, 20 if family == "gaussian" else 21]
settings = dict(objective="regression" if family == "gaussian" else "binary", num_threads=1, max_bin=255, num_leaves=64,
                max_depth=6, learning_rate=0.1, min_data_in_leaf=20, verbose=-1)
began = time.monotonic()
booster = lightgbm.train(settings, lightgbm.Dataset(X, y), 100)
seconds = time.monotonic() - began
p = booster.predict(X)
loss = np.mean((y - p) ** 2) if family == "gaussian" else -np.mean(np.log(np.where(y == 1, p, 1 - p)))
print(f"LightGBM {lightgbm.__version__}", family, round(seconds, 2), round(float(loss), 5), sep="\t")
