"""The fault sweep: see sweep.sh. Run with a private server (PGHOST, PG_TMP, PG_BIN):

    sweep.py SHIM PROJECT [all] [COUNT] [PATTERN...]

A point is a plan, a place, the number of an event of the undisturbed run, and a fault:
"up/here/57/worker". COUNT of them are chosen evenly; a PATTERN is one of the shell's.
"""
import collections
import concurrent.futures
import fnmatch
import os
import pathlib
import queue
import shutil
import sys
import time
import traceback

from account import Account
from database import HOST, Database, wait_for_server
from faults import FAULTS, Strike, applies
from stage import Stage
from wire import Session

RETORT = os.environ["RETORT"]
TMP = pathlib.Path(os.environ["PG_TMP"])
HERE = pathlib.Path(__file__).parent
LANES = 2

# What a plan starts from (a template), and its target.
PLANS = {"up": ("sweep_empty", "upgrade", "head"), "down": ("sweep_full", "downgrade", "base")}
# Where a run goes on: in the process that was started, or in a worker.
PLACES = ("here", "worker")
# What is said when there is no room for the journal.
DISKS = {"full": ("No space left on device", "Input/output error"), "limit": ("File too large",)}


class Wrong(Exception):
    pass


def check(condition, *said):
    if not condition:
        raise Wrong(" ".join(str(s) for s in said))


class Lane:
    """A stage, a database and a folder: one point after the other."""

    def __init__(self, name, shim, project):
        self.folder = TMP / name
        self.stage = Stage(str(self.folder), HOST, shim)
        self.database = Database(name)
        self.project = self.folder / "project"
        shutil.copytree(project, self.project)
        for path in (self.project, *self.project.rglob("*")):
            path.chmod(path.stat().st_mode | 0o200)
        url = "postgresql+psycopg2://postgres@/%s?host=%s" % (name, self.folder)
        ini = self.project / "alembic.ini"
        ini.write_text(ini.read_text().replace("postgresql+psycopg2:///none", url))

    def begin(self, template):
        """A new database, and nothing in the journal."""
        self.database.make(template)
        home = self.folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        self.journal = home / "state" / "retort"
        self.env = dict(os.environ, HOME=str(home), XDG_STATE_HOME=str(home / "state"),
                        XDG_RUNTIME_DIR=str(home), RETORT_OPERATOR="sweep", TERM="dumb")
        self.env["ASAN_OPTIONS"] = self.env.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"

    def account(self):
        """Of the only run so far; None: there is none."""
        paths = list(self.journal.glob("*.jsonl"))
        check(len(paths) <= 1, "runs:", paths)
        return Account(paths[0]) if paths else None

    def retort(self, *arguments, place="here", when=None):
        command = [RETORT, "-c", str(self.project / "alembic.ini"), *arguments]
        if arguments[0] in ("upgrade", "downgrade", "resume"):
            command += ["--yes", "--confirm", self.database.name]
        return self.stage.run(command, self.env, when, terminal=place == "worker")


class Undisturbed:
    """A plan carried out without harm: its events, and what is seen after each commit."""

    def __init__(self, lane, plan, place):
        template, self.verb, self.target = PLANS[plan]
        lane.begin(template)
        self.lane, self.labels = lane, []
        self.at = {(0, 0): lane.database.seen()}
        outcome = lane.retort(self.verb, self.target, place=place, when=self.look)
        check(outcome.status == 0, "undisturbed:", outcome.output)
        self.final, self.dump = lane.database.seen(), lane.database.dump()
        self.seconds = outcome.seconds
        self.begin = self.labels.index("request Q BEGIN")  # it was ordered to go to the end

    def look(self, event):
        self.labels.append(event.label)
        if event.label == "after-sync":
            record = self.lane.account().records[-1]
            if record["kind"] == "committed":
                self.at[tuple(record["up_to"])] = self.lane.database.seen()


class Point:
    def __init__(self, plan, place, number, fault):
        self.plan, self.place, self.number, self.fault = plan, place, number, fault

    def __str__(self):
        return "%s/%s/%d/%s" % (self.plan, self.place, self.number, self.fault)


def explained(account, seen, undisturbed):
    """The database is where the journal says, or, where it does not know, at one of two places."""
    at = [account.known] if account else [(0, 0)]
    if account and account.possible:
        at.append(account.possible)
    for position in at:
        check(position in undisturbed.at, "no commit leads to", position)
        if seen.same(undisturbed.at[position]):
            return position
    raise Wrong("the journal says %s, but there are %s" % (at, seen))


def check_journal_rows(database, account, position):
    """The journal in the database has a step exactly when something of the step is committed."""
    if not account or not database.ask("SELECT to_regclass('retort.step')")[0][0]:
        return
    rows = database.ask("SELECT step, committed, statements FROM retort.step WHERE run = '%s' "
                        "ORDER BY step" % account.path.stem)
    for step, committed, statements in ([int(value) for value in row] for row in rows):
        whole = step < position[0] and committed == statements
        part = step == position[0] and committed <= position[1]
        check(whole or part, "at", position, "the rows of the journal are", rows)
    check(len(rows) >= position[0], "at", position, "the rows of the journal are", rows)


def check_outcome(point, strike, outcome, account, seen, undisturbed):
    """What the command said, and what it did after the fault."""
    is_whole = seen.same(undisturbed.final)
    check(outcome.status != 0 or is_whole, "it says that all is well:", outcome.output)
    if strike.fault == "client" and point.number >= undisturbed.begin:
        check(is_whole and account.end == "done", "the run did not go on to its end:", seen)
    if strike.fault in DISKS:
        check(any(reason in outcome.output for reason in DISKS[strike.fault]),
              "the full disk is not told:", outcome.output)
        check(set(strike.later) <= {"request Q ROLLBACK"}, "it went on:", strike.later)


def try_point(lane, point, undisturbed):
    lane.begin(PLANS[point.plan][0])
    strike = Strike(lane, point.fault, undisturbed.labels, point.number)
    outcome = lane.retort(undisturbed.verb, undisturbed.target, place=point.place, when=strike)
    check(strike.has_struck, "there is no such event")
    if point.fault == "crash":
        wait_for_server()
    lane.database.wait_alone()
    account, seen = lane.account() if lane.journal.exists() else None, lane.database.seen()
    position = explained(account, seen, undisturbed)
    check_journal_rows(lane.database, account, position)
    check_outcome(point, strike, outcome, account, seen, undisturbed)
    if position[1]:
        return "half"
    outcome = lane.retort(undisturbed.verb, undisturbed.target)
    check(outcome.status == 0, "again:", outcome.output)
    seen = lane.database.seen()
    check(seen.same(undisturbed.final) and not seen.broken, "at the end:", seen)
    check(lane.database.dump() == undisturbed.dump, "the dumps differ")
    return "well"


class Sweep:
    def __init__(self, shim, project):
        self.lanes = queue.Queue()
        for i in range(LANES):
            self.lanes.put(Lane("sweep%d" % i, shim, project))
        self.undisturbed, self.results, self.wrong = {}, collections.Counter(), []

    def prepare(self):
        lane = self.lanes.get()
        admin = Database("sweep_empty").admin
        admin("CREATE DATABASE sweep_empty")
        Database("sweep_empty").ask((HERE / "setup.sql").read_text())
        for plan in PLANS:
            for place in PLACES:
                self.undisturbed[plan, place] = Undisturbed(lane, plan, place)
            if plan == "up":
                admin("CREATE DATABASE sweep_full TEMPLATE %s" % lane.database.name)
        self.lanes.put(lane)

    def points(self):
        for (plan, place), undisturbed in self.undisturbed.items():
            for number, label in enumerate(undisturbed.labels):
                for fault in FAULTS:
                    if applies(fault, label, place == "worker"):
                        yield Point(plan, place, number, fault)

    def one(self, point):
        lane = self.lanes.get()
        undisturbed = self.undisturbed[point.plan, point.place]
        try:
            self.results[point.fault, try_point(lane, point, undisturbed)] += 1
        except Exception as problem:  # whatever it is, the point has failed and the rest goes on
            self.results[point.fault, "WRONG"] += 1
            text = str(problem) if isinstance(problem, Wrong) else traceback.format_exc()
            label = undisturbed.labels[point.number]
            self.wrong.append(point)
            print("%s (%s): %s" % (point, label.replace("\n", " ")[:100], text), flush=True)
        finally:
            self.lanes.put(lane)

    def run(self, points):
        alone = [p for p in points if p.fault == "crash"]
        with concurrent.futures.ThreadPoolExecutor(LANES) as pool:
            list(pool.map(self.one, [p for p in points if p.fault != "crash"]))
        for point in alone:
            self.one(point)


def choose(points, wanted):
    """Those that a pattern names (none: all), and of these as many as a number says, evenly."""
    patterns = [w for w in wanted if not w.isdigit() and w != "all"]
    counts = [int(w) for w in wanted if w.isdigit()]
    if patterns:
        points = [p for p in points if any(fnmatch.fnmatch(str(p), w) for w in patterns)]
    count = min(counts + [len(points)])
    return [points[i * len(points) // count] for i in range(count)]


def main():
    sweep = Sweep(sys.argv[1], sys.argv[2])
    sweep.prepare()
    for key, undisturbed in sweep.undisturbed.items():
        print("%s/%s: %d events, %.2f s" % (*key, len(undisturbed.labels), undisturbed.seconds))
    points = list(sweep.points())
    chosen = choose(points, sys.argv[3:] or ["all"])
    began = time.monotonic()
    sweep.run(chosen)
    print("%d of %d points, %.1f s" % (len(chosen), len(points), time.monotonic() - began))
    for (fault, result), count in sorted(sweep.results.items()):
        print("%-12s %-6s %5d" % (fault, result, count))
    return 1 if sweep.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
