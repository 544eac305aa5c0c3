"""The fault sweep: see sweep.sh. Run with a private server (PGHOST, PG_TMP, PG_BIN):

    sweep.py SHIM PROJECT [all] [COUNT] [PATTERN...]

A point is a plan, a place, the number of an event of the undisturbed run, and a fault:
"up/here/57/worker". COUNT of them are chosen evenly; a PATTERN is one of the shell's.
"""
import collections
import concurrent.futures
import fnmatch
import pathlib
import queue
import sys
import time
import traceback

from database import Database
from faults import FAULTS, applies
from point import PLANS, Lane, Point, Undisturbed, Wrong, try_point

HERE = pathlib.Path(__file__).parent
LANES = 2

# Where a run goes on: in the process that was started, or in a worker.
PLACES = ("here", "worker")


class Sweep:
    def __init__(self, shim, project):
        self.lanes = queue.Queue()
        for i in range(LANES):
            self.lanes.put(Lane("sweep%d" % i, shim, project))
        self.undisturbed, self.results, self.wrong, self.tried = {}, collections.Counter(), [], 0

    def prepare(self):
        lane = self.lanes.get()
        admin = Database("sweep_empty").admin
        admin("CREATE DATABASE sweep_empty")
        Database("sweep_empty").ask((HERE / "setup.sql").read_text())
        for name, plan in PLANS.items():
            for place in PLACES[:1] if plan.after else PLACES:
                first = self.undisturbed.get((plan.after, place))
                self.undisturbed[name, place] = Undisturbed(lane, plan, place, first)
            if name == "up":
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
            print("%s (%s): %s" % (point, label, text), flush=True)
        finally:
            self.tried += 1
            if self.tried % 100 == 0:
                print("... %d, %d wrong" % (self.tried, len(self.wrong)), flush=True)
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
        print("%-12s %-10s %5d" % (fault, result, count))
    return 1 if sweep.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
