"""Service figures of the help desk log, with open hours read from the clock.

Usage: support.py SHARED. Every minute of five years is asked what the clock
in Rome shows; a duration is the sum over the minutes it covers, the first and
last in part. Statuses are replayed event by event.
"""
import csv, io, lzma, os, sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

shared = sys.argv[1] if len(sys.argv) > 1 else os.environ["JOURNEY_SHARED"]
ROME = ZoneInfo("Europe/Rome")
OPEN = {0: [(540, 780), (840, 1080)], 1: [(540, 780), (840, 1080)], 2: [(540, 780), (840, 1080)],
        3: [(540, 780), (840, 1080)], 4: [(540, 1020)], 5: [(0, 90), (1410, 1440)], 6: []}
HOLIDAYS = {(m, d) for m, d in [(1, 1), (4, 25), (5, 1), (8, 15), (12, 25), (12, 26)]}
ORIGIN = datetime(2009, 12, 1, tzinfo=timezone.utc)
MINUTES = 60 * 24 * 366 * 5

flags, before, total = [], [0], 0
for m in range(MINUTES):
    local = (ORIGIN + timedelta(minutes=m)).astimezone(ROME)
    minute = local.hour * 60 + local.minute
    is_open = (local.month, local.day) not in HOLIDAYS and any(a <= minute < b for a, b in OPEN[local.weekday()])
    flags.append(is_open)
    total += 60 * is_open
    before.append(total)


def until(t):
    seconds = int((t - ORIGIN).total_seconds())
    return before[seconds // 60] + flags[seconds // 60] * (seconds % 60)


ROLES = {"Assign seriousness": "created", "Insert ticket": "created", "Take in charge ticket": "agent_reply",
         "Wait": "pending", "Require upgrade": "on_hold", "Create SW anomaly": "on_hold",
         "Schedule intervention": "open", "Resolve SW anomaly": "open", "Resolve ticket": "solved"}
STATUS = {"created": "new", "pending": "pending", "on_hold": "on_hold", "open": "open", "solved": "solved"}

cases = {}
with lzma.open(os.path.join(shared, "data/helpdesk/helpdesk.csv.xz")) as f:
    for number, row in enumerate(csv.DictReader(io.TextIOWrapper(f, "utf-8"))):
        cases.setdefault(row["case:concept:name"], []).append(
            (datetime.fromisoformat(row["time:timestamp"]), number, row["concept:name"], row["org:resource"]))

MEASURES = [lambda a, b: int((b - a).total_seconds()), lambda a, b: until(b) - until(a)]
sums = [[0] * 6, [0] * 6]
counts = dict(first_reply=0, first_resolution=0, reopens=0, handoffs=0, touches=0, resolutions=0)
for events in cases.values():
    events.sort()
    created = next((t for t, _, name, _ in events if ROLES.get(name) == "created"), None)
    status = since = reply = first = last = None
    spent, agents = [], set()
    for t, _, name, resource in events:
        role = ROLES.get(name)
        if role == "agent_reply":
            counts["touches"] += 1
            agents.add(resource)
            if created and t >= created and reply is None:
                reply = t
        if role not in STATUS or (created and t < created) or (role == "created" and status):
            continue
        if STATUS[role] == status:
            continue
        if status:
            spent.append((status, since, t))
        if STATUS[role] == "solved":
            first, last = first or t, t
            counts["resolutions"] += 1
        counts["reopens"] += STATUS[role] == "open" and status == "solved"
        status, since = STATUS[role], t
    if status:
        spent.append((status, since, events[-1][0]))
    counts["handoffs"] += len(agents)
    counts["first_reply"] += bool(created and reply)
    counts["first_resolution"] += bool(created and first)
    for measure, out in zip(MEASURES, sums):
        for i, end in enumerate((reply, first, last)):
            out[i] += measure(created, end) if created and end else 0
        for name, a, b in spent:
            seconds = measure(a, b)
            out[3] += seconds * (name in ("new", "open", "on_hold"))
            out[4] += seconds * (name == "pending")
            out[5] += seconds * (name == "on_hold")
print("helpdesk seconds {%s}" % ",".join(map(str, sums[0])))
print("helpdesk business seconds {%s}" % ",".join(map(str, sums[1])))
print("helpdesk counts {%s}" % ",".join("%d" % v for v in counts.values()))
