#!/usr/bin/env python3
"""Every case of tests/conformance/autogenerate: a database, models, and what retort finds between
them, held against what real Alembic found.

    autogenerate.py [-v] [NAME...]    only cases whose name holds NAME; -v shows differences

Started by autogenerate.sh, which has a private server running (PGHOST, PGUSER). Compared per case:
the operations (upgrade_ops.json), the log lines (log.txt, without memory addresses), Python's
warnings (warnings.txt), and the bodies of the revision (revision.py, byte for byte). Cases of
hash-order.txt are compared without order. Cases of autogenerate-differs.txt are those where retort
means to differ: each has its reason there, and its own answer in autogenerate-differs/.

Cases that need pgvector are skipped where the server does not have it, and named.
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
BUILD = pathlib.Path(os.environ.get("top_builddir", ".")).resolve()
CASES = TOP / "tests" / "conformance" / "autogenerate"
GOLDENS = ("upgrade_ops.json", "revision.py", "stdout.txt", "log.txt", "warnings.txt", "check.txt",
           "upgrade.sql", "downgrade.sql", "after.json", "error.txt")
PRINT = BUILD / "tests" / "conformance" / "pending_print"
MASK = re.compile(r"0x[0-9a-fA-F]+")


def sql(database, *args, text=None):
    return subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database, *args],
                          input=text, capture_output=True, text=True)


def fresh(database):
    done = sql("postgres", text='DROP DATABASE IF EXISTS "%s" WITH (FORCE);\nCREATE DATABASE "%s";\n'
               % (database, database))
    if done.returncode:
        raise SystemExit(done.stderr)


def project(case, root):
    """The case laid out as the README says."""
    migrations = root / "migrations"
    (migrations / "versions").mkdir(parents=True)
    shutil.copy(CASES / "alembic.ini", root / "alembic.ini")
    shutil.copy(CASES / "script.py.mako", migrations / "script.py.mako")
    for path in sorted(case.iterdir()):
        if path.name in GOLDENS or path.name == "__pycache__":
            continue
        if path.name == "versions":
            for revision in path.glob("*.py"):
                shutil.copy(revision, migrations / "versions" / revision.name)
        elif path.name in ("env.py", "script.py.mako"):
            shutil.copy(path, migrations / path.name)
        elif path.is_dir():
            shutil.copytree(path, root / path.name)
        else:
            shutil.copy(path, root / path.name)


def compact(row):
    """As describe.py: nothing that is null, false or empty; except what describe() keeps."""
    out = {}
    for key, value in row.items():
        if value is None or value is False or value == [] or value == {}:
            continue
        out[key] = value
    return out


def normal(operation):
    """An operation of pending_print in the words of upgrade_ops.json."""
    directive, table, name, details = operation
    if directive == "alter_column" or directive == "drop_constraint":
        return [directive, table, name, details]

    def column(row):
        row = {k: v for k, v in row.items() if k not in ("key", "ddl")}
        return compact(row)

    if directive == "add_column":
        return [directive, table, name, column(details)]
    if directive == "create_table":
        details = dict(details)
        details["columns"] = [column(c) for c in details["columns"]]
        details["constraints"] = [compact(c) for c in details["constraints"]]
        return [directive, table, name, compact(details)]
    return [directive, table, name, compact(details)]


def loose_options(operation):
    """Storage parameters are text here, and a false option is none."""
    def walk(value):
        if isinstance(value, dict):
            out = {}
            for k, v in value.items():
                if k == "with":
                    v = {n: str(x) for n, x in v.items()}
                v = walk(v)
                if k == "options":
                    v = {n: x for n, x in v.items() if x is not False}
                    if not v:
                        continue
                out[k] = v
            return out
        if isinstance(value, list):
            return [walk(v) for v in value]
        return value
    directive, table, name, details = operation
    details = walk(details)
    if "constraints" in details:
        details["constraints"] = sorted(details["constraints"], key=lambda c: json.dumps(c, sort_keys=True))
    return [directive, table, name, details]


def rows(operations):
    return [json.dumps(loose_options(o), ensure_ascii=False, sort_keys=True) for o in operations]


def golden_log(case):
    """Lines of log.txt as (logger, text); a message may have several lines."""
    out = []
    path = case / "log.txt"
    for line in (path.read_text().splitlines() if path.exists() else []):
        m = re.match(r"[A-Z]+ +\[([\w.]+)\] (.*)$", line)
        if m:
            out.append([m.group(1), m.group(2)])
        elif out:
            out[-1][1] += "\n" + line
    return ["%s: %s" % (logger, MASK.sub("0x", text)) for logger, text in out]


def golden_body(case, direction):
    path = case / "revision.py"
    if not path.exists():
        return None
    m = re.search(r'^def %s\(\) -> None:\n    """.*?"""\n(.*?)(?:\n\n\n|\n?\Z)' % direction,
                  path.read_text(), re.S | re.M)
    return m.group(1)


def compare(case, answer, loose):
    """What differs, as (what, expected lines, found lines)."""
    out = []

    def check(what, wanted, found):
        if loose:
            wanted, found = sorted(wanted), sorted(found)
        if wanted != found:
            out.append((what, wanted, found))

    check("operations", rows(json.loads((case / "upgrade_ops.json").read_text())),
          rows(normal(o) for o in answer["operations"]))
    check("log", golden_log(case),
          ["%s: %s" % (logger, MASK.sub("0x", text)) for logger, text in answer["log"] if logger])
    warnings = case / "warnings.txt"
    found = []
    for logger, text in answer["log"]:
        if not logger and text not in found:
            found.append(text)
    wanted = [w for w in (warnings.read_text().splitlines() if warnings.exists() else [])
              if not w.startswith("SAWarning: Did not recognize type")]
    check("warnings", wanted, found)
    for direction in ("upgrade", "downgrade"):
        body = golden_body(case, direction)
        if body is not None:
            check(direction + "()", body.splitlines(), ("    " + answer[direction]).splitlines())
    return out


def run_case(case, work, verbose):
    """None when equal, else why not; ("skip", reason) for one that cannot run here."""
    root = work / case.name
    root.mkdir()
    project(case, root)
    fresh("conformance")
    done = sql("conformance", text=(case / "before.sql").read_text())
    if done.returncode:
        if "extension" in done.stderr and "is not available" in done.stderr:
            return "skip", done.stderr.strip().splitlines()[0]
        return "before.sql", [done.stderr]
    url = "postgresql+psycopg2://postgres@/conformance?host=" + os.environ["PGHOST"]
    env = dict(os.environ, CONFORMANCE_DATABASE_URL=url)
    done = subprocess.run([str(PRINT), str(root), url], env=env, capture_output=True, text=True, timeout=60,
                          stdin=subprocess.DEVNULL)
    if (case / "error.txt").exists():
        text = (case / "error.txt").read_text()
        message = done.stderr
        if done.returncode == 0:
            message = json.loads(done.stdout)["outdated"] or "no error"
        first = text.splitlines()[0].removeprefix("FAILED: ")
        return None if first in message else ("error", [first, message])
    if done.returncode:
        return "refused", [done.stderr]
    loose = case.name in (CASES / "hash-order.txt").read_text().split()
    problems = compare(case, json.loads(done.stdout), loose)
    if not problems:
        return None
    shown = []
    for what, wanted, found in problems:
        shown += ["-- " + what] + [l for l in difflib.unified_diff(wanted, found, "alembic", "retort",
                                                                  lineterm="", n=0)][2:]
    return ", ".join(p[0] for p in problems), shown


def main():
    args = sys.argv[1:]
    verbose = "-v" in args
    names = [a for a in args if not a.startswith("-")]
    cases = sorted(p for p in CASES.iterdir() if (p / "env.py").exists())
    cases = [c for c in cases if not names or any(n in c.name for n in names)]
    equal, bad, skipped = 0, 0, []
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            problem = run_case(case, pathlib.Path(folder), verbose)
            if problem is None:
                equal += 1
            elif problem[0] == "skip":
                skipped.append(case.name)
                print("SKIP %s: %s" % (case.name, problem[1]))
            else:
                bad += 1
                print("DIFFERS %s: %s" % (case.name, problem[0]))
                if verbose:
                    print("\n".join("    " + l for l in problem[1]))
    print("%d equal, %d differ, %d skipped" % (equal, bad, len(skipped)))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
