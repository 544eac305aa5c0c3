"""What is done to a run, and where.

    worker    SIGKILL to the process that the event is of: that of the run, once there is one
    client    SIGKILL to the process that was started from the shell
    backend   pg_terminate_backend(): the server ends the run's session
    crash     SIGKILL to the run's session on the server: it takes the whole server with it
    cut       the connection breaks, on both sides
    torn      half a record is written, then SIGKILL
    full      the disk of the journal is full from there on (fault_shim.c says so)
    limit     the system lets no file grow by more than a few bytes any more (setrlimit(2))

In the middle of what is done CONCURRENTLY, which another session's lock holds up while its index is
INVALID already: held-worker, held-client, held-backend, held-cut. The other session goes at once, so
a statement that nobody waits for may come to its end. With late-worker and late-cut it goes when the
server has noticed that nobody waits any more.
"""
import os
import resource
import select
import signal
import time

from database import BROKEN
from wire import Session

PLAIN = ("worker", "client", "backend", "crash", "cut", "torn", "full", "limit")
HELD = ("held-worker", "held-client", "held-backend", "held-cut", "late-worker", "late-cut")
FAULTS = PLAIN + HELD
JOURNAL_WRITES = ("before-write", "before-sync")


def kill(pid):
    """Kills, and waits till it is dead: its descriptors are closed then."""
    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        os.kill(pid, signal.SIGKILL)
        select.select([fd], [], [], 10)
    except ProcessLookupError:
        pass
    finally:
        os.close(fd)


def applies(fault, label, detached):
    """Whether the fault makes sense at an event with that label."""
    word = label.split()[0]
    if fault in HELD:
        return word == "sent" and "CONCURRENTLY" in label and (detached or "client" not in fault)
    if fault == "client":
        return detached
    if fault in ("torn", "limit"):
        return word == "before-write"
    if fault == "full":
        return word in JOURNAL_WRITES
    if fault in ("cut", "backend"):
        return word != "before-sync"
    if fault == "crash":
        return word in ("sent", "answered")
    return True


class Strike:
    """A fault at an event: what Stage.run() calls at each.

    That is the one that has the label for that many times: what depends on time may come in between.
    """

    def __init__(self, lane, fault, label, times=1):
        self.stage, self.database, self.journal = lane.stage, lane.database, lane.journal
        self.held, self.late = fault in HELD, fault.startswith("late-")
        self.fault = fault.split("-")[-1]
        self.label, self.left, self.halves = label, times, times % 2
        self.has_struck = False
        self.holder = None
        self.later = []  # requests afterwards

    def __call__(self, event):
        if self.has_struck:
            return self.afterwards(event)
        if self.held and event.label == self.label.replace("sent", "request", 1):
            self.hold()
        self.left -= event.label == self.label
        if self.left > 0:
            return None
        self.has_struck = True
        if self.held:
            self.wait_until(lambda: self.database.ask(BROKEN))
        answer = self.strike(event)
        if self.late:
            self.stage.cut()  # the death of a process does it too, but for this proxy's share
            self.wait_until(lambda: len(self.database.sessions()) == 1)
        if self.held:
            self.holder.close()
        return answer

    def hold(self):
        """CREATE INDEX and DROP INDEX CONCURRENTLY wait for this when their index is INVALID."""
        self.holder = Session(os.environ["PGHOST"], self.database.name)
        self.holder.query("BEGIN; LOCK TABLE account IN ROW EXCLUSIVE MODE")

    @staticmethod
    def wait_until(condition, limit=10):
        till = time.monotonic() + limit
        while not condition():
            if time.monotonic() > till:
                raise TimeoutError("waited in vain")
            time.sleep(0.01)

    def strike(self, event):
        if self.fault == "worker":
            kill(event.pid)
        elif self.fault == "client":
            kill(self.stage.child.pid)
        elif self.fault == "cut":
            self.stage.cut()
        elif self.fault == "backend":
            for pid in self.stage.backends():
                self.database.admin("SELECT pg_terminate_backend(%d, 10000)" % pid)
        elif self.fault == "crash":
            for pid in self.stage.backends()[:1]:
                kill(pid)
        elif self.fault == "limit":
            newest = max((f.stat() for f in self.journal.glob("*.jsonl")), key=lambda f: f.st_mtime_ns)
            size = newest.st_size + 20
            resource.prlimit(event.pid, resource.RLIMIT_FSIZE, (size, size))
        elif self.fault == "torn":
            return "h"
        elif self.fault == "full":
            return "h" if self.halves and event.label == "before-write" else "f"
        return None

    def afterwards(self, event):
        if self.fault == "torn" and event.label == "before-write":
            kill(event.pid)
        if self.fault == "full" and event.label in JOURNAL_WRITES:
            return "f"
        if event.label.startswith("request "):
            self.later.append(event.label)
        return None
