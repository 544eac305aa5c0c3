"""One point of the sweep: a run that a fault befalls, what it left, and the way to its target.

What is held against each other: the journal, read by its rules (account.py); the database, by its
own log (database.py); what the commands say; and the same plan carried out without harm.
"""
import json
import os
import pathlib
import shutil

from account import Account
from database import HOST, Database, wait_for_server
from faults import Strike
from stage import Stage

RETORT = os.environ["RETORT"]
TMP = pathlib.Path(os.environ["PG_TMP"])



class Plan:
    """What the faults befall, and what it is tried from: a template, and a fault before."""

    def __init__(self, template, target, after=None):
        self.template, self.target, self.after = template, target, after
        self.command = ("resume", "--continue") if after else target


# With "again" it is the resumption of a run that left an INVALID index.
PLANS = {
    "up": Plan("sweep_empty", ("upgrade", "head")),
    "down": Plan("sweep_full", ("downgrade", "base")),
    "again-up": Plan("sweep_empty", ("upgrade", "head"), after="up"),
    "again-down": Plan("sweep_full", ("downgrade", "base"), after="down"),
}
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

    def begin(self, plan, first):
        """A new database, and nothing in the journal; but for what the fault before leaves.

        first: the plan of that, undisturbed.
        """
        self.database.make(plan.template)
        # An INVALID index is dropped, and made anew; a valid one would have to be made twice then.
        is_up = plan.target[0] == "upgrade"
        self.database.passed_over = "DROP INDEX public.account_name" if is_up else ""
        home = self.folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        self.journal = home / "state" / "retort"
        self.env = dict(os.environ, HOME=str(home), XDG_STATE_HOME=str(home / "state"),
                        XDG_RUNTIME_DIR=str(home), RETORT_OPERATOR="sweep", TERM="dumb")
        self.env["ASAN_OPTIONS"] = self.env.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"

        if plan.after:
            label = next(w for w in first.labels if w.startswith("sent ") and "CONCURRENTLY" in w)
            outcome = self.retort(*plan.target, when=Strike(self, "held-backend", label))
            check(outcome.status != 0 and self.database.seen().broken, "no fault:", outcome.output)
            self.database.wait_alone()

    def account(self):
        """Of the last run that has begun; None: there is none."""
        accounts = [Account(path) for path in self.journal.glob("*.jsonl")]
        accounts = sorted((a for a in accounts if a.records), key=lambda a: a.records[0]["at"])
        return accounts[-1] if accounts else None

    def retort(self, *arguments, place="here", when=None):
        command = [RETORT, "-c", str(self.project / "alembic.ini"), *arguments]
        if arguments[0] in ("upgrade", "downgrade", "resume"):
            command += ["--yes", "--confirm", self.database.name]
        return self.stage.run(command, self.env, when, terminal=place == "worker")


class Undisturbed:
    """A plan carried out without harm: its events, and what is seen after each commit."""

    def __init__(self, lane, plan, place, first):
        self.lane, self.labels, self.first = lane, [], first
        lane.begin(plan, first)
        self.target = plan.target
        began = lane.account()
        self.at = {began.known if began else (0, 0): lane.database.seen()}
        outcome = lane.retort(*plan.command, place=place, when=self.look)
        check(outcome.status == 0, "undisturbed:", outcome.output)
        self.final, self.dump = lane.database.seen(), lane.database.dump()
        check(not first or (self.final.same(first.final) and self.dump == first.dump), self.final)
        self.seconds = outcome.seconds
        begins = (i for i, w in enumerate(self.labels) if w.startswith("request ") and "BEGIN" in w)
        self.begin = next(begins)  # it was ordered to go to the end

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
    if account and undisturbed.first and "continues" not in account.records[0]:
        undisturbed = undisturbed.first  # the resumption has not begun: its plan has other positions
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
    began = account.records[0]["start"][0]
    check(len(rows) >= position[0] - began, "at", position, "the rows of the journal are", rows)


def check_outcome(point, strike, outcome, account, seen, undisturbed):
    """What the command said, and what it did after the fault."""
    is_whole = seen.same(undisturbed.final)
    check(outcome.status != 0 or is_whole, "it says that all is well:", outcome.output)
    if strike.fault == "client" and point.number >= undisturbed.begin:
        check(is_whole and account.end == "done", "the run did not go on to its end:", seen)
    if strike.fault in DISKS:
        check(any(reason in outcome.output for reason in DISKS[strike.fault]),
              "the full disk is not told:", outcome.output)
        on = [label for label in strike.later if not label.endswith((" ROLLBACK", " S "))]
        check(not on, "it went on:", on)


class Recovery:
    """From what a fault left to the target, by what `retort resume` says."""

    def __init__(self, lane, point, undisturbed):
        self.lane, self.point, self.undisturbed = lane, point, undisturbed

    def look(self):
        """What resume says of the run; None: nothing has broken off."""
        outcome = self.lane.retort("resume", "--json")
        check(outcome.status == 0, "resume:", outcome.output)
        runs = json.loads(outcome.output)["runs"]
        check(len(runs) <= 1, "resume shows", len(runs), "runs")
        return runs[0] if runs else None

    def first_look(self):
        """Every second point does not wait for what may still be going on in the server."""
        found = self.look() if self.point.number % 2 else None
        self.lane.database.wait_alone()
        if not found or found["found"] == "at work":
            found = self.look()
        return found

    def check_claims(self, found, account, position):
        """Resume is right about where it stands, and asks only what nobody can know."""
        if not found:
            check(not account or not position[1], "nothing to resume, at", position)
            return
        if found["found"] == "unsure":
            check(account.sent and " CONCURRENTLY " not in account.sent and
                  "ADD VALUE" not in account.sent, "it could be known:", found["text"])
            check(tuple(found["at"]) == account.known, "at", position, "it says", found["at"])
            return
        check(tuple(found["at"]) == position, "at", position, "it says", found["at"], found["text"])
        check(found["found"] == ("half done" if position[1] else "clean"),
              "at", position, "it says", found["found"], found["text"])

    def check_refused(self):
        """What is half done is not begun anew."""
        before = self.lane.database.seen()
        outcome = self.lane.retort(*self.undisturbed.target)
        check(outcome.status != 0, "it was not refused:", outcome.output)
        check("resume" in outcome.output, "it says nothing of resume:", outcome.output)
        check(before.same(self.lane.database.seen()), "a refused run changed something")

    def go_on(self, found, account, position):
        """The way that resume shows."""
        is_open = found and found["found"] != "clean"
        if is_open and self.point.number % 3 == 0:
            self.check_refused()
        if is_open or (found and self.point.number % 2):
            move = ["--continue"]
            if found["found"] == "unsure":  # the operator looks at the database
                move += ["--assume", "done" if position != account.known else "not-done"]
            outcome = self.lane.retort("resume", *move)
            check(outcome.status == 0, *move, outcome.output)
            return
        outcome = self.lane.retort(*self.undisturbed.target)
        check(outcome.status == 0, "again:", outcome.output)

    def check_end(self):
        """The same as without harm; nothing is left to resume, and nothing to do."""
        for _ in range(2):
            seen = self.lane.database.seen()
            check(seen.same(self.undisturbed.final) and not seen.broken, "at the end:", seen)
            outcome = self.lane.retort(*self.undisturbed.target)
            check(outcome.status == 0, "nothing to do:", outcome.output)
        check(self.lane.database.dump() == self.undisturbed.dump, "the dumps differ")
        found = self.look()
        check(not found, "still to resume:", found)
        for path in self.lane.journal.glob("*.jsonl"):
            records = Account(path).records
            if any(record["kind"] == "connected" for record in records):
                check(records[-1]["kind"] in ("end", "closed"), path, "has no end")


def try_point(lane, point, undisturbed):
    """How it was: "clean", "half done", "unsure", ...; raises Wrong."""
    plan, labels = PLANS[point.plan], undisturbed.labels
    lane.begin(plan, undisturbed.first)
    label = labels[point.number]
    strike = Strike(lane, point.fault, label, labels[:point.number + 1].count(label))
    outcome = lane.retort(*plan.command, place=point.place, when=strike)
    check(strike.has_struck, "there is no such event")
    if point.fault == "crash":
        wait_for_server()
    recovery = Recovery(lane, point, undisturbed)
    found = recovery.first_look()
    account, seen = lane.account() if lane.journal.exists() else None, lane.database.seen()
    check(not seen.broken or plan.after or account.sent, "an index is broken, but nothing was sent")
    position = explained(account, seen, undisturbed)
    check_journal_rows(lane.database, account, position)
    check_outcome(point, strike, outcome, account, seen, undisturbed)
    recovery.check_claims(found, account, position)
    recovery.go_on(found, account, position)
    recovery.check_end()
    return found["found"] if found else "ended"
