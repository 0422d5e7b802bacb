#!/usr/bin/env python3
"""nolds' side of the bench: lyap_r of a series from the database.

nolds.py PASSES: reads the series of 4,000 values through psql, and writes
lines of tabs: what, seconds (median of passes) or value.
"""
import importlib.resources
import os
import statistics
import subprocess
import sys
import time
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
sys.path.pop(0)  # this file is not the package it measures
import numpy as np

# nolds 0.6.3 asks for the resources of a module, which older Pythons refuse
files = importlib.resources.files
importlib.resources.files = lambda name: files("nolds" if str(name).startswith("nolds.") else name)
import nolds
from importlib.metadata import version

warnings.filterwarnings("ignore")
passes = int(sys.argv[1])
text = subprocess.run(["psql", "-XAtqc", "SELECT unnest(x) FROM bench.series WHERE n = 4000"], capture_output=True, check=True, text=True).stdout
x = np.array([float(line) for line in text.split()])


def once():
    started = time.perf_counter()
    answer = nolds.lyap_r(x, emb_dim=3, lag=1, min_tsep=10, tau=1, trajectory_len=9, fit="poly")
    return time.perf_counter() - started, answer


answers = [once() for _ in range(passes)]
print("versions\tnolds %s, numpy %s" % (version("nolds"), np.__version__))
print("lyap_r\t%g" % statistics.median(seconds for seconds, _ in answers))
print("exponent\t%.15g" % answers[0][1])
