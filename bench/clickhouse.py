#!/usr/bin/env python3
"""ClickHouse's side of the bench, in its embedded form (chdb).

clickhouse.py EVENTS USERS PASSES FOLDER: makes the same events as
clickhouse.sh makes in the server, by the same formula, in two MergeTree tables,
sorted by user and time and in time order, and runs windowFunnel, sequenceMatch
and retention over both with one thread and with two.  Writes lines of tabs:
call, table, threads, seconds (median), answer; and one with the versions.  The
sorted table is also read with optimize_aggregation_in_order, its best way.
"""
import statistics
import sys
import time

import chdb
from chdb import session

events, users, passes, folder = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
database = session.Session(folder)


def run(statement):
    return str(database.query(statement, "TabSeparated")).strip()


names = ["order placed", "payment", "shipped", "delivered", "help page", "chat", "email", "phone call",
         "agent reply", "return requested", "refund", "review"]
steps = ["order placed", "payment", "shipped", "delivered", "review"]
is_step = ", ".join(f"touchpoint = '{step}'" for step in steps)
day = 86400
calls = {
    "windowFunnel": f"""SELECT concat({", ' ', ".join(f"toString(countIf(level >= {k}))" for k in range(1, 6))})
        FROM (SELECT windowFunnel({60 * day})(ts, {is_step}) AS level FROM %s GROUP BY user)""",
    "sequenceMatch": f"""SELECT toString(sum(hit)) FROM (SELECT sequenceMatch('(?1)(?t<={60 * day})(?2)(?t<={60 * day})(?3)')
        (ts, touchpoint = 'order placed', touchpoint = 'payment', touchpoint = 'shipped') AS hit FROM %s GROUP BY user)""",
    "retention": """SELECT concat(toString(sum(r[1])), ' ', toString(sum(r[2])), ' ', toString(sum(r[3])))
        FROM (SELECT retention(touchpoint = 'order placed', touchpoint = 'return requested', touchpoint = 'review') AS r
        FROM %s GROUP BY user)""",
}

run("CREATE DATABASE bench ENGINE = Atomic")
for table, order in (("by_user", "user, ts"), ("by_time", "ts")):
    run(f"""CREATE TABLE bench.{table} (user Int64, ts DateTime('UTC'), touchpoint LowCardinality(String))
        ENGINE = MergeTree ORDER BY ({order})""")
run(f"""INSERT INTO bench.by_time
    SELECT bitAnd(xxHash64(toUInt64(i)), 9223372036854775807) % {users},
        toDateTime('2024-01-01 00:00:00', 'UTC') + 3 * i,
        {names}[1 + bitAnd(xxHash64(toUInt64(i + 1000000000000)), 9223372036854775807) % 12]
    FROM (SELECT number + 1 AS i FROM numbers({events}))""")
run("INSERT INTO bench.by_user SELECT * FROM bench.by_time ORDER BY user, ts")
for table in ("by_user", "by_time"):
    run(f"OPTIMIZE TABLE bench.{table} FINAL")

print("versions", f"chdb {getattr(chdb, '__version__', '?')}, ClickHouse {run('SELECT version()')}", "", "", "", sep="\t")
for call, statement in calls.items():
    for kind, table, in_order in (("by user", "by_user", 0), ("by user, in order", "by_user", 1),
                                  ("by time", "by_time", 0)):
        for threads in (1, 2):
            taken = []
            for _ in range(passes + 1):
                began = time.monotonic()
                answer = run(statement % f"bench.{table}" +
                             f" SETTINGS max_threads = {threads}, optimize_aggregation_in_order = {in_order}")
                taken.append(time.monotonic() - began)
            print(call, kind, threads, round(statistics.median(taken[1:]), 3), answer, sep="\t", flush=True)
