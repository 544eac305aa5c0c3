"""Times short calls: each command once a round, in turns; the quickest and the median round.

Run by start.sh in a copy of the example. RETORT, ALEMBIC and RUNS as for the other scripts.
"""
import os
import shlex
import shutil
import statistics
import subprocess
import time

RUNS = int(os.environ.get("RUNS", "20"))
RETORT = shlex.split(os.environ.get("RETORT", "retort"))
ALEMBIC = shlex.split(os.environ.get("ALEMBIC", "alembic"))
PSQL = ["psql", "-XqAt", "-d", "model_app", "-c", "SELECT 1"]


def measure(argv):
    before = os.times()
    start = time.perf_counter()
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    took = time.perf_counter() - start
    after = os.times()
    return took, sum(after[2:4]) - sum(before[2:4])


def main():
    commands = {("psql", "SELECT 1"): PSQL}
    for what in ("--version", "heads", "current"):
        commands["retort", what] = [*RETORT, what]
        if shutil.which(ALEMBIC[0]):
            commands["alembic", what] = [*ALEMBIC, what]
    taken = {key: [] for key in commands}
    for run in range(RUNS + 1):
        for key, argv in commands.items():
            if key[0] == "alembic" and run > max(3, RUNS // 4):
                continue  # it takes its time
            figures = measure(argv)
            if run:  # the first fills caches, of files and Python's own
                taken[key].append(figures)
    best = {key: min(took for took, _ in all_) for key, all_ in taken.items()}
    for key, all_ in taken.items():
        line = "%-18s %8.1f ms  median %8.1f ms  cpu %7.1f ms" % (
            " ".join(key), best[key] * 1000, statistics.median(t for t, _ in all_) * 1000,
            statistics.mean(cpu for _, cpu in all_) * 1000)
        ours = best.get(("retort", key[1]))
        print(line + ("  x%.0f" % (best[key] / ours) if key[0] == "alembic" else ""))
    print("retort current beyond psql -c 'SELECT 1': %.1f ms"
          % ((best["retort", "current"] - best["psql", "SELECT 1"]) * 1000))


main()
