"""Levels of the help desk funnel of test/pgtap/funnel.sql, by looking at every
pair and triple of rows, and Wilson intervals.

Usage: python funnel.py SHARED
"""
import lzma
import sys
import csv
from collections import defaultdict
from datetime import datetime, timedelta

from statsmodels.stats.proportion import proportion_confint

STEPS = ["Assign seriousness", "Wait", "Resolve ticket"]
EXCLUDE = "Require upgrade"


def level(rows, window, steps, exclude=None):
    """Longest chain, and whether the best one was spoiled and no clean one gets as far."""
    best = clean = 0
    for start, name in rows:
        if name != steps[0]:
            continue
        end = start + window
        spoils = [t for t, n in rows if n == exclude and start < t <= end]
        until = min(spoils + [end])
        reach = 1
        last = start
        for step in steps[1:]:
            later = [t for t, n in rows if n == step and last <= t <= until]
            if not later:
                break
            last = min(later)
            reach += 1
        best = max(best, reach)
        if reach == len(steps) or not spoils:
            clean = max(clean, reach)
    return clean, best > clean


def main():
    journeys = defaultdict(list)
    with lzma.open(sys.argv[1] + "/data/helpdesk/helpdesk.csv.xz", "rt") as f:
        for row in csv.DictReader(f):
            journeys[row["case:concept:name"]].append(
                (datetime.fromisoformat(row["time:timestamp"]), row["concept:name"]))
    for days in (1, 7, 30):
        for exclude in (None, EXCLUDE):
            got = [level(rows, timedelta(days=days), STEPS, exclude) for rows in journeys.values()]
            print(days, exclude, [sum(l >= k and not out for l, out in got) for k in (1, 2, 3)],
                  sum(out for l, out in got))
    for part, whole in ((30, 40), (12, 40), (12, 30)):
        print(part, whole, *map(float, proportion_confint(part, whole, method="wilson")))


main()
