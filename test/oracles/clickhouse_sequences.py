"""Answers of ClickHouse for test/pgtap/sequences.sql and window_funnel.sql.

4,000 groups of eight events without equal times, made by a formula that SQL
can repeat. Printed: a name, how many groups have an answer above 0, and the
sum of group number times answer, so that two groups cannot trade places.
Prints only what ClickHouse defines as we do: see doc/sequences.md for the rest.
"""
import chdb

EVENTS = """(SELECT intDiv(number, 8) + 1 AS g, number % 8 + 1 AS i,
  toDateTime(1704067200 + i * 5 + (g * i * 7) % 5) AS t,
  (g * 31 + i * 17 + (g * g * i) % 13 + intDiv(g * i, 3)) % 4 AS k FROM numbers(32000))"""
CONDITIONS = "k = 0, k = 1, k = 2"
PATTERNS = ["(?1)(?2)", "(?1).*(?2)", "(?1)(?t<=5)(?2)", "(?1)(?t>7)(?2)", "(?1)(?t<=9)(?2).*(?3)", "(?1).(?2)",
            "(?1)(?2).*(?3)", "(?1)(?t>=4)(?2)(?t<=14)(?3)", "(?1).*(?2).*(?1)", "(?1)(?t==7)(?2)", "(?1)(?1)",
            ".(?2)"]


def show(name, expression):
    query = f"SELECT countIf(x > 0), sum(g * x) FROM (SELECT g, {expression} AS x FROM {EVENTS} GROUP BY g) SETTINGS allow_experimental_funnel_functions = 1"
    print(f"('{name}', {chdb.query(query, 'CSV').bytes().decode().strip()}),")


print("-- ClickHouse", chdb.engine_version)
for pattern in PATTERNS:
    show(pattern, f"sequenceCount('{pattern}')(t, {CONDITIONS})")
for window in (6, 12, 30):
    for mode in ("", "strict_increase", "strict_once"):
        modes = f"{window}, '{mode}'" if mode else str(window)
        show(f"{window} {mode}".strip(), f"windowFunnel({modes})(t, {CONDITIONS})")
show("retention", f"arraySum(retention({CONDITIONS}))")
for direction, base in (("forward", "head"), ("forward", "first_match"), ("forward", "last_match"),
                        ("backward", "tail"), ("backward", "first_match"), ("backward", "last_match")):
    show(f"{direction} {base}",
         f"toInt64(ifNull(sequenceNextNode('{direction}', '{base}')(t, toString(k + 1), k != 3, k = 0, k = 1), '0'))")
