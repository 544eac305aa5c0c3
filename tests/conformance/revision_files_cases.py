#!/usr/bin/env python3
"""The commands of every case of tests/conformance/autogenerate, held against real Alembic's answers.

    revision_files_cases.py [-v] [NAME...]    only cases whose name holds NAME; -v shows differences

Started by revision_files.sh, which has a private server running (PGHOST, PGUSER). Per case:

    check     `retort check`: check.txt and the exit status; addresses of objects apart; and on
              standard error what Python warns of, warnings.txt
    file      `retort revision --autogenerate`: revision.py byte for byte, and stdout.txt
    after     `retort upgrade head`: whether it can be applied, as in after.json; and whether
              `retort check` finds nothing then

Cases of revision-files-differs.txt differ on purpose: each line is a case, what differs, and why.
The better answer stands in the folder better, as a file of the same name that takes the place of
Alembic's and is held exactly, also where the order of Alembic's is not determined (hash-order.txt).
There are no other exceptions. Cases that need pgvector are skipped where the server does not have it.
"""
import difflib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TOP = pathlib.Path(os.environ.get("top_srcdir", ".")).resolve()
RETORT = os.environ.get("RETORT", "retort")
CASES = TOP / "tests" / "conformance" / "autogenerate"
BETTER = TOP / "tests" / "conformance" / "better"
DIFFERS = TOP / "tests" / "conformance" / "revision-files-differs.txt"
ANSWERS = {"check": "check.txt", "file": "revision.py", "after": "after.json"}
GOLDENS = ("upgrade_ops.json", "revision.py", "stdout.txt", "log.txt", "warnings.txt", "check.txt",
           "upgrade.sql", "downgrade.sql", "after.json", "error.txt", "before.sql", "options.json")
DATE = re.compile(r"(?m)^Create Date: .*$")


def sql(database, text):
    return subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database], input=text,
                          capture_output=True, text=True)


def fresh(database):
    done = sql("postgres", 'DROP DATABASE IF EXISTS "%s" WITH (FORCE);\nCREATE DATABASE "%s";\n'
               % (database, database))
    if done.returncode:
        raise SystemExit(done.stderr)


def lay_out(case, root):
    """The project of a case, as README-models.md says."""
    migrations = root / "migrations"
    (migrations / "versions").mkdir(parents=True)
    shutil.copy(CASES / "alembic.ini", root / "alembic.ini")
    shutil.copy(CASES / "script.py.mako", migrations / "script.py.mako")
    for path in sorted(case.iterdir()):
        if path.name in GOLDENS or path.name == "__pycache__":
            continue
        if path.name == "versions":
            shutil.copytree(path, migrations / "versions", dirs_exist_ok=True)
        elif path.name in ("env.py", "script.py.mako"):
            shutil.copy(path, migrations / path.name)
        elif path.is_dir():
            shutil.copytree(path, root / path.name)
        else:
            shutil.copy(path, root / path.name)


class Case:
    def __init__(self, path, loose):
        self.path, self.name, self.loose = path, path.name, loose
        self.notes = []

    def is_better(self, name):
        return (BETTER / self.name / name).exists()

    def read(self, name):
        path = (BETTER / self.name if self.is_better(name) else self.path) / name
        return path.read_text() if path.exists() else None

    def call(self, *argv):
        env = {"PATH": os.environ["PATH"], "HOME": str(self.root), "TZ": "UTC", "LC_ALL": "C.UTF-8",
               "CONFORMANCE_DATABASE_URL": "postgresql+psycopg2:///conformance_cli?host=%s&user=%s"
               % (os.environ["PGHOST"], os.environ.get("PGUSER", "postgres")),
               "PGPORT": os.environ.get("PGPORT", "5432"),
               "XDG_STATE_HOME": str(self.root / ".state")}
        return subprocess.run([RETORT, "--yes", "--confirm", "conformance_cli", *argv], cwd=self.root, env=env, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=120)

    def differs(self, what, want, got):
        if want != got:
            self.notes.append((what, want, got))

    def run(self, root):
        self.root = root
        lay_out(self.path, root)
        fresh("conformance_cli")
        done = sql("conformance_cli", self.read("before.sql") or "")
        if done.returncode:
            return "skipped" if "vector" in done.stderr else "before.sql: " + done.stderr
        error = self.read("error.txt")
        if error and not self.is_better("revision.py"):
            r = self.call("revision", "--autogenerate", "-m", "x", "--rev-id", "0123456789ab")
            want = int(re.search(r"exit status: (\d+)", error).group(1))
            self.differs("file", "exit status %d" % want, "exit status %d" % r.returncode)
            return None
        self.check()
        self.file()
        return None

    def check(self):
        r = self.call("check")
        got = r.stdout + "exit status: %d\n" % r.returncode
        want = self.read("check.txt")
        mask = lambda text: re.sub(r"0xADDRESS|0x[0-9a-fA-F]+|%\(\w+ param\)s", "0x", text)
        order = self.order("check.txt", "")
        self.differs("check", order(mask(want)), order(mask(got)))
        want = sorted({line for line in (self.read("warnings.txt") or "").splitlines()
                       if not line.startswith("SAWarning: Did not recognize type")})
        got = sorted({m for m in re.findall(r"(?m)^retort: warning: (\w+Warning: .*)$", r.stderr)})
        self.differs("check", "\n".join(want), "\n".join(got))
        if r.returncode not in (0, 255):
            self.notes.append(("check", "", r.stderr))

    def order(self, name, separator):
        """What makes texts comparable: nothing, unless Alembic's order is not determined."""
        if not self.loose or self.is_better(name):
            return lambda text: text
        return lambda text: separator.join(sorted(text.split(separator) if separator else text))

    def file(self):
        topic = " ".join(self.name.split("_")[1:])
        versions = self.root / "migrations" / "versions"
        before = set(versions.glob("*.py"))
        r = self.call("revision", "--autogenerate", "-m", topic, "--rev-id", "0123456789ab")
        want = self.read("stdout.txt")
        if want:
            self.differs("file", want, r.stdout.replace(str(self.root) + "/", ""))
        made = sorted(set(versions.glob("*.py")) - before)
        golden = self.read("revision.py")
        if not made:
            if golden:
                self.notes.append(("file", golden, r.stdout + r.stderr))
            return
        text = DATE.sub("Create Date: 2000-01-01 00:00:00.000000", made[0].read_text())
        want = golden or ""
        order = self.order("revision.py", "\n")
        self.differs("file", order(golden or ""), order(text))
        self.after()

    def after(self):
        after = json.loads(self.read("after.json") or "{}")
        r = self.call("upgrade", "head")
        if (r.returncode == 0) != after.get("applied"):
            self.notes.append(("after", str(after), r.stdout + r.stderr))
        elif after.get("applied"):
            r = self.call("check")
            if (r.returncode == 0) != after["nothing_left"]:
                self.notes.append(("after", json.dumps(after["left"]), r.stdout + r.stderr))


def accepted():
    out = {}
    for line in DIFFERS.read_text().splitlines() if DIFFERS.exists() else []:
        if line.strip() and not line.startswith("#"):
            name, what, why = line.split(None, 2)
            out[name, what] = why
    return out


def unjustified(known):
    """The list and the folder say the same, and each better answer is another one than Alembic's."""
    listed = {(name, ANSWERS[what]) for name, what in known}
    there = {(p.parent.name, p.name) for p in BETTER.glob("*/*")}
    for name, answer in sorted(listed ^ there):
        yield "%s: %s is %s" % (name, answer,
                                "listed, and not held" if (name, answer) in listed else "not listed")
    for name, answer in sorted(listed & there):
        path = CASES / name / answer
        if path.exists() and path.read_text() == (BETTER / name / answer).read_text():
            yield "%s: %s is listed as better, and is Alembic's" % (name, answer)


def main():
    verbose = "-v" in sys.argv
    names = [a for a in sys.argv[1:] if a != "-v"]
    loose = (CASES / "hash-order.txt").read_text().split()
    known = accepted()
    equal = wrong = on_purpose = skipped = 0
    files = 0
    share = 1 if names else int(os.environ.get("RETORT_SHARE", "1"))
    for path in sorted(p for p in CASES.iterdir() if p.is_dir())[::share]:
        if names and not any(n in path.name for n in names):
            continue
        case = Case(path, path.name in loose)
        with tempfile.TemporaryDirectory() as scratch:
            problem = case.run(pathlib.Path(scratch).resolve())
        if problem == "skipped":
            skipped += 1
            print("%s: skipped: no pgvector" % path.name)
            continue
        if problem:
            case.notes.append(("before", "", problem))
        if (path / "revision.py").exists() and not any(n[0] == "file" for n in case.notes):
            files += 1
        better = any(name == path.name for name, _ in known)
        equal += not case.notes and not better
        on_purpose += not case.notes and better
        wrong += bool(case.notes)
        if case.notes:
            print("%s: %s" % (path.name, ", ".join(n[0] for n in case.notes)))
        for what, want, got in case.notes if verbose else []:
            print("".join(difflib.unified_diff((want or "").splitlines(True),
                                               (got or "").splitlines(True), "Alembic", "retort")))
    for line in unjustified(known):
        print(line)
        wrong += 1
    print("equal %d, on purpose otherwise %d, wrong %d, skipped %d; revision files equal %d"
          % (equal, on_purpose, wrong, skipped, files))
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
