#!/usr/bin/env python3
"""DuckDB's, statsmodels', lifelines' and lifetimes' side of the bench, fed from the database.

frames.py PASSES FOLDER WORK: one of duckdb, statsmodels, lifelines, lifetimes; reads its
table through psql into memory, works on one thread, and writes lines of tabs:
what, seconds (median of passes; reading does not count) or text.
"""
import os
import statistics
import subprocess
import sys
import time
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
from importlib.metadata import version

warnings.filterwarnings("ignore")
passes, folder, work = int(sys.argv[1]), sys.argv[2], sys.argv[3]
path = os.path.join(folder, work + ".csv")


def transfer(query):
    with open(path, "wb") as out:
        subprocess.run(["psql", "-Xqc", "COPY (%s) TO STDOUT CSV HEADER" % query], stdout=out, check=True)
    return path


def say(what, value):
    print(what, value, sep="\t")


def clock(what, once):
    answers = []
    for _ in range(passes + 1):
        started = time.perf_counter()
        answer = once()
        answers.append(time.perf_counter() - started)
    say(what, "%g" % statistics.median(answers[1:]))
    return answer


if work == "duckdb":
    import duckdb

    base = duckdb.connect()
    base.execute("SET threads TO 1; SET TimeZone TO 'UTC'")
    base.execute("CREATE TABLE events AS SELECT customer_id::BIGINT AS customer_id, ts::TIMESTAMPTZ AS ts, touchpoint FROM read_csv('%s')"
                 % transfer("SELECT customer_id, ts, touchpoint FROM bench.events"))
    say("versions", "DuckDB " + version("duckdb"))
    # the statement that the same page measures in the server
    funnel = subprocess.run(["psql", "-XAtqc", "SELECT theirs FROM bench.candidate WHERE id = 14"], capture_output=True, check=True,
                            text=True).stdout.replace("bench.events", "events")
    say("funnel answer", " ".join(str(x) for x in clock("funnel", lambda: base.execute(funnel).fetchone())))
    features = """SELECT count(*), sum(n), sum(entropy) FROM (SELECT customer_id, sum(k) AS n, max(last) - min(first) AS duration,
        -sum(k / total * ln(k / total)) AS entropy FROM (SELECT customer_id, touchpoint, count(*) AS k, min(ts) AS first, max(ts) AS last,
        sum(count(*)) OVER (PARTITION BY customer_id) AS total FROM events GROUP BY 1, 2) GROUP BY 1)"""
    clock("features", lambda: base.execute(features).fetchone())
    step = """SELECT touchpoint, next, count(*), quantile_cont(gap, 0.5) FROM (SELECT touchpoint,
        lead(touchpoint) OVER w AS next, epoch(lead(ts) OVER w) - epoch(ts) AS gap FROM events
        WINDOW w AS (PARTITION BY customer_id ORDER BY ts)) WHERE next IS NOT NULL GROUP BY 1, 2"""
    clock("transitions", lambda: base.execute(step).fetchall())
elif work == "statsmodels":
    import numpy as np
    import pandas as pd
    import statsmodels.api as sm

    columns = ["x%d" % j for j in range(1, 21)]
    rows = pd.read_csv(transfer("SELECT id / 5 AS key, y, target::int AS target, %s FROM bench.wide" % ", ".join(columns)))
    X, key = sm.add_constant(rows[columns].to_numpy()), rows["key"].to_numpy()
    say("versions", "statsmodels %s, numpy %s" % (version("statsmodels"), np.__version__))
    cluster = dict(cov_type="cluster", cov_kwds={"groups": key})
    clock("ols", lambda: sm.OLS(rows["y"].to_numpy(), X).fit(**cluster).bse)
    clock("logit", lambda: sm.GLM(rows["target"].to_numpy(), X, family=sm.families.Binomial()).fit(**cluster).bse)
elif work == "lifelines":
    import numpy as np
    import pandas as pd
    from lifelines import CoxPHFitter, KaplanMeierFitter

    rows = pd.read_csv(transfer("SELECT duration, event::int AS event, x1, x2, x3, x4, x5 FROM bench.lifetimes"))
    say("versions", "lifelines %s, numpy %s" % (version("lifelines"), np.__version__))
    clock("cox", lambda: CoxPHFitter().fit(rows, "duration", "event").params_)
    clock("kaplan_meier", lambda: KaplanMeierFitter().fit(rows["duration"], rows["event"]).survival_function_)
elif work == "lifetimes":
    import pandas as pd
    from lifetimes import BetaGeoFitter

    rows = pd.read_csv(transfer("SELECT frequency, recency, age FROM bench.some_buyers"))
    say("versions", "lifetimes " + version("lifetimes"))
    clock("bg_nbd", lambda: BetaGeoFitter().fit(rows["frequency"], rows["recency"], rows["age"]).params_)
else:
    sys.exit("no such work")
