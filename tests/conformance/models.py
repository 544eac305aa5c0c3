#!/usr/bin/env python3
"""Every project of tests/conformance/models, read and held against what real Alembic makes of it.

    models.py [-v] [NAME...]    only cases whose name begins with NAME; -v shows differences

schema.json must be equal but for the order of what it sorts, create.sql statement by statement after
every run of white space outside quotes is made one blank (README.md beside the cases). Cases of
models-differs.txt are those where retort means to differ; each has its reason there.
"""
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
CASES = TOP / "tests" / "conformance" / "models"
INI = "[alembic]\nscript_location = %(here)s\nprepend_sys_path = .\n"
QUOTED = re.compile(r"('(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")")


def read(case, work):
    """What retort says of a case: (JSON, None) or (None, the error)."""
    project = work / case.name
    shutil.copytree(case, project)
    (project / "alembic.ini").write_text(INI)
    env = dict(os.environ, CONFORMANCE_DATABASE_URL="postgresql://")
    done = subprocess.run([str(BUILD / "tests" / "conformance" / "models_print"), str(project)],
                          env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        return None, done.stderr.strip() or "exit status %d" % done.returncode
    return json.loads(done.stdout), None


def by_name(rows):
    return sorted(rows, key=lambda r: (r.get("name") or "", json.dumps(r, sort_keys=True)))


def plain_options(options):
    """with= values as text, inherits as a list: what the struct keeps of them. False is not given."""
    out = {k: v for k, v in options.items() if v is not False}
    if "with" in out:
        out["with"] = {k: str(v) for k, v in out["with"].items()}
    if isinstance(out.get("inherits"), str):
        out["inherits"] = [out["inherits"]]
    return out


def normal(schema):
    out = {}
    tables = []
    for table in schema["tables"]:
        table = {k: v for k, v in table.items() if k not in ("place", "column_lines")}
        for key in ("unique_constraints", "check_constraints", "foreign_keys",
                    "exclude_constraints", "indexes"):
            rows = [dict(row) for row in table[key]]
            for row in rows:
                if "options" in row:
                    row["options"] = plain_options(row["options"])
            table[key] = by_name(rows)
        table["options"] = plain_options(table["options"])
        table["columns"] = [dict(c, ddl=collapse(c["ddl"])) for c in table["columns"]]
        tables.append(table)
    out["tables"] = sorted(tables, key=lambda t: (t["name"], t["schema"] or ""))
    for key in ("enums", "domains", "sequences"):
        out[key] = sorted(schema[key], key=lambda r: (r["schema"] or "", r["name"] or ""))
    return out


def collapse(text):
    parts = QUOTED.split(text)
    return "".join(p if i % 2 else re.sub(r"\s+", " ", p) for i, p in enumerate(parts)).strip()


def sorted_groups(statements):
    """Runs of CREATE INDEX, and of ALTER TABLE, are the order of a set in SQLAlchemy."""
    out, group, kind = [], [], None
    for s in statements + [""]:
        new = ("index" if s.startswith(("CREATE INDEX", "CREATE UNIQUE INDEX"))
               else "alter" if s.startswith("ALTER TABLE") else None)
        if new != kind or new is None:
            out += sorted(group)
            group = []
        kind = new
        if new:
            group.append(s)
        elif s:
            out.append(s)
    return out


def differences(want, got, where=""):
    if isinstance(want, dict) and isinstance(got, dict):
        for key in list(want) + [k for k in got if k not in want]:
            yield from differences(want.get(key, "-"), got.get(key, "-"), "%s.%s" % (where, key))
    elif isinstance(want, list) and isinstance(got, list):
        names = [(r.get("name"), g.get("name")) for r, g in zip(want, got)
                 if isinstance(r, dict) and isinstance(g, dict)]
        if len(want) != len(got) or any(a != b for a, b in names):
            label = lambda rows: [r.get("name") if isinstance(r, dict) else r for r in rows]
            yield "%s: %s, not %s" % (where, label(got), label(want))
            return
        for i, (a, b) in enumerate(zip(want, got)):
            label = a.get("name") if isinstance(a, dict) else None
            yield from differences(a, b, "%s[%s]" % (where, label or i))
    elif want != got:
        yield "%s: %r, not %r" % (where, got, want)


def compare(case, work):
    got, error = read(case, work)
    if error:
        return ["not read: " + error]
    found = ["unknown: %(table)s: %(reason)s" % u for u in got["unknown"]]
    want = json.loads((case / "schema.json").read_text())
    found += differences(normal(want), normal(got["schema"]))
    text = (case / "create.sql").read_text()
    wanted = [collapse(s) for s in text.rstrip().rstrip(";").split(";\n\n") if s.strip()]
    created = [collapse(s) for s in got["create"]]
    wanted, created = sorted_groups(wanted), sorted_groups(created)
    for a, b in zip(wanted + [""] * len(created), created + [""] * len(wanted)):
        if a != b:
            found.append("create: %s\n   not: %s" % (b, a))
            break
    return found


def listed(name):
    path = TOP / "tests" / "conformance" / name
    lines = path.read_text().splitlines() if path.exists() else []
    return {l.split()[0] for l in lines if l.strip() and not l.startswith("#")}


def main():
    args = sys.argv[1:]
    verbose = "-v" in args
    names = [a for a in args if a != "-v"]
    cases = sorted(p for p in CASES.iterdir() if (p / "env.py").exists())
    cases = [c for c in cases if not names or any(c.name.startswith(n) for n in names)]
    differs = listed("models-differs.txt")
    equal, bad = 0, 0
    with tempfile.TemporaryDirectory() as work:
        for case in cases:
            found = compare(case, pathlib.Path(work))
            if not found:
                equal += 1
                if case.name in differs:
                    print("note: %s is equal, but listed as different" % case.name)
                continue
            if case.name in differs and not verbose:
                continue
            bad += case.name not in differs
            print("FAIL %s: %s" % (case.name, found[0]))
            for line in found[1:] if verbose else []:
                print("   " + line)
    print("%d cases, %d equal, %d differ as listed, %d wrong"
          % (len(cases), equal, len(cases) - equal - bad, bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
