#!/usr/bin/env python3
"""Every case of tests/conformance/autogenerate: a database, models, and what retort finds between
them, held against what real Alembic found.

    autogenerate_cases.py [-v] [NAME...]    only cases whose name holds NAME; -v shows differences

Started by autogenerate.sh, which has a private server running (PGHOST, PGUSER). Compared per case:
the operations (upgrade_ops.json), the log lines (log.txt, without memory addresses), Python's
warnings (warnings.txt), and the bodies of the revision (revision.py, byte for byte). Cases of
hash-order.txt are compared without order.

Where retort differs on purpose stands in this file, by name and with the reason: DIFFERS, ANSWERS,
and the names of constraints that Alembic writes as None. The latter are the names that PostgreSQL
chooses, which the server is asked for by applying Alembic's own statements.

After them every case of tests/conformance/models: between its models and a database made by
create.sql there must be what roundtrip.json says, in most cases nothing.

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
MODELS = TOP / "tests" / "conformance" / "models"
GOLDENS = ("upgrade_ops.json", "revision.py", "stdout.txt", "log.txt", "warnings.txt", "check.txt",
           "upgrade.sql", "downgrade.sql", "after.json", "error.txt")
PRINT = BUILD / "tests" / "conformance" / "pending_print"
MASK = re.compile(r"0x(ADDRESS|[0-9a-f]{6,})")

# Lines that Alembic writes and retort does not, or writes otherwise: (reason, pattern, replacement);
# replacement None takes the line out.
PERCENT = ("a percent sign stands alone: doubled, as psycopg2 wants it, the file means other SQL",
           "%%", "%")
DIFFERS = {
    "110_check_constraint_unnamed": (
        "a CHECK that the models have without a name is not dropped", "same_unnamed_size_check",
        None),
    # In upgrade_ops.json only: the revision has the name, as here.
    "146_column_keys_and_names": (
        "a foreign key of a new table refers to the column's name, not to its key",
        r'referred_columns\": [\"id\"]', r'referred_columns\": [\"person_id\"]'),
    "163_add_table_with_constraint_options": PERCENT,
    "168_index_conditions_with_quotes_and_percent": PERCENT,
}

# Comparisons that end Alembic with a traceback, and what is right: the operations.
ANSWERS = {
    # The default of a json column: the server has no operator =, but the two texts say the same.
    "073_default_json_type_cannot_be_compared": [],
    # A quote in the name of a table.
    "145_names_apostrophe_breaks_serial_detection": [],
    # Defaults of two types that the server does not compare: both change.
    "172_default_compared_across_types_fails": [
        ["alter_column", "setting", "flag", {
            "modify_type": "BOOLEAN", "modify_server_default": "false",
            "existing_type": "INTEGER", "existing_nullable": False,
            "existing_server_default": "0"}]],
}
# Roundtrips in which Alembic drops a CHECK that the models declare: it does not look at those
# without a name, nor at those of a type (Enum(create_constraint=True)). Nothing is to be done.
DECLARED_CHECKS = {"009_enum_sqlalchemy_options", "020_sa_column_args",
                   "053_naming_convention_tokens"}
# Errors of the command that writes the file, not of the comparison.
OF_THE_COMMAND = {"151_error_several_heads", "154_error_revision_identifier_taken"}
# Tracebacks of Alembic that are messages here.
MESSAGES = {"155_error_down_revision_missing":
            "revision bbbb22223333 has the down_revision 'aaaa11112222', which is in no file"}


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
    if "constraints" in details:  # a CHECK of a type stands twice in Alembic's object
        details["constraints"] = sorted({json.dumps(c, sort_keys=True) for c in details["constraints"]})
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


# ---- constraints that Alembic leaves without a name

CATALOG_NAMES = """
SELECT c.conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
  JOIN pg_namespace n ON n.oid = t.relnamespace
 WHERE c.contype = '%(type)s' AND t.relname = %(table)s AND n.nspname = %(schema)s
   AND (SELECT array_agg(a.attname::text ORDER BY k.n)
          FROM unnest(c.conkey) WITH ORDINALITY k (num, n)
          JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.num) = ARRAY[%(columns)s]
 ORDER BY c.oid DESC LIMIT 1"""


def literal(text):
    return "'" + text.replace("'", "''") + "'"


def names_of_postgresql(case, golden):
    """The names that the server gives to what Alembic creates without one, in order of creation."""
    unnamed = [o for o in golden
               if o[2] is None and o[0] in ("create_unique_constraint", "create_foreign_key")]
    if not unnamed:
        return []
    fresh("conformance_names")
    done = sql("conformance_names", text=(case / "before.sql").read_text())
    # Some of Alembic's statements fail (a type that is missing): the others are of interest.
    alone = re.sub(r"^(BEGIN|COMMIT);$", "", (case / "upgrade.sql").read_text(), flags=re.M)
    subprocess.run(["psql", "-Xq", "-d", "conformance_names"], input=alone, capture_output=True,
                   text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    out = []
    for directive, table, _, details in unnamed:
        schema, _, name = table.rpartition(".")
        found = sql("conformance_names", text=CATALOG_NAMES % {
            "type": "u" if directive == "create_unique_constraint" else "f",
            "table": literal(name), "schema": literal(schema or "public"),
            "columns": ", ".join(map(literal, details["columns"]))})
        if not found.stdout.strip():
            raise SystemExit("%s: no constraint of %s" % (case.name, table))
        out.append((name, details["columns"], found.stdout.strip()))
    return out


def put_names(golden, bodies, names):
    """Puts them where Alembic has null and None: what is dropped stands in the opposite order."""
    creating = iter(names)
    for operation in golden:
        if operation[2] is None and operation[0].startswith("create_"):
            operation[2] = next(creating)[2]
    if bodies["upgrade"] is None:
        return
    left, used = list(names), []

    def create(match):
        for row in left:
            table, columns, name = row
            if repr(columns) in match.group(2) and ("batch_op" in match.group(1)
                                                    or repr(table) in match.group(2)):
                left.remove(row)
                used.append(name)
                return match.group(1) + repr(name) + match.group(2)
        return match.group(0)

    bodies["upgrade"] = re.sub(r"(\w+\.create_\w+\()None(,.*)", create, bodies["upgrade"])
    dropping = iter(reversed(used))
    bodies["downgrade"] = re.sub(r"(drop_constraint\()None,",
                                 lambda m: m.group(1) + repr(next(dropping)) + ",",
                                 bodies["downgrade"])


# ---- one case

def on_purpose(case, lines):
    if case.name not in DIFFERS:
        return lines
    _, pattern, replacement = DIFFERS[case.name]
    if replacement is None:
        return [l for l in lines if pattern not in l]
    return [l.replace(pattern, replacement) for l in lines]


def compare(case, answer, loose):
    """What differs, as (what, expected lines, found lines)."""
    out = []

    def check(what, wanted, found):
        wanted, found = on_purpose(case, list(wanted)), list(found)
        if loose:
            wanted, found = sorted(wanted), sorted(found)
        if wanted != found:
            out.append((what, wanted, found))

    golden = json.loads((case / "upgrade_ops.json").read_text())
    bodies = {d: golden_body(case, d) for d in ("upgrade", "downgrade")}
    put_names(golden, bodies, names_of_postgresql(case, golden))
    check("operations", rows(golden), rows(normal(o) for o in answer["operations"]))
    check("log", golden_log(case),
          ["%s: %s" % (logger, MASK.sub("0x", text)) for logger, text in answer["log"] if logger])
    warnings = case / "warnings.txt"
    found = []
    for logger, text in answer["log"]:
        if not logger and text not in found:
            found.append(text)
    check("warnings", [w for w in (warnings.read_text().splitlines() if warnings.exists() else [])
                       if not w.startswith("SAWarning: Did not recognize type")], found)
    for direction, body in bodies.items():
        if body is not None:
            check(direction + "()", body.splitlines(), ("    " + answer[direction]).splitlines())
    return out


def check_error(case, done, root):
    """Where Alembic fails: the same words, or the answer that it does not have."""
    if case.name in ANSWERS:
        if done.returncode:
            return "refused", [done.stderr]
        wanted = rows(ANSWERS[case.name])
        found = rows(normal(o) for o in json.loads(done.stdout)["operations"])
        return None if wanted == found else ("operations", wanted + ["--"] + found)
    wanted = (case / "error.txt").read_text().splitlines()[0]
    wanted = MESSAGES.get(case.name, wanted.removeprefix("FAILED: "))
    message = done.stderr
    if done.returncode == 0:
        message = json.loads(done.stdout)["outdated"] or "no error"
    message = message.replace(str(root) + "/", "")
    return None if wanted in message else ("error", [wanted, message])


def run_case(case, work):
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
    done = subprocess.run([str(PRINT), str(root), url], env=env, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=60)
    if (case / "error.txt").exists():
        return None if case.name in OF_THE_COMMAND else check_error(case, done, root)
    if done.returncode:
        return "refused", [done.stderr]
    loose = case.name in (CASES / "hash-order.txt").read_text().split()
    problems = compare(case, json.loads(done.stdout), loose)
    if not problems:
        return None
    shown = []
    for what, wanted, found in problems:
        shown += ["-- " + what] + list(difflib.unified_diff(wanted, found, "alembic", "retort",
                                                             lineterm="", n=0))[2:]
    return ", ".join(p[0] for p in problems), shown


# ---- models against the database that they make

EXTENSIONS = (("VECTOR", "vector"), ("HALFVEC", "vector"), ("SPARSEVEC", "vector"),
              ("CITEXT", "citext"), ("HSTORE", "hstore"), ("gin_trgm_ops", "pg_trgm"),
              ("EXCLUDE USING gist", "btree_gist"), ("LTREE", "ltree"))


def run_roundtrip(case, work):
    root = work / ("models_" + case.name)
    shutil.copytree(case, root)
    (root / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s\nprepend_sys_path = .\n")
    (root / "versions").mkdir(exist_ok=True)
    statements = (case / "create.sql").read_text()
    described = json.loads((case / "schema.json").read_text())
    schemas = sorted({t["schema"] for k in ("tables", "enums", "domains", "sequences")
                      for t in described[k] if t.get("schema")})
    words = re.sub(r"TSVECTOR|to_tsvector", "", statements)
    first = ["CREATE EXTENSION IF NOT EXISTS %s;" % name for name in
             dict.fromkeys(e for word, e in EXTENSIONS if word in words)]
    first += ['CREATE SCHEMA IF NOT EXISTS "%s";' % name for name in schemas]
    if (case / "prepare.sql").exists():
        first.append((case / "prepare.sql").read_text())
    fresh("conformance")
    done = sql("conformance", text="\n".join(first) + "\n" + statements)
    if done.returncode:
        if "is not available" in done.stderr:
            return "skip", done.stderr.strip().splitlines()[0]
        return "create.sql", [done.stderr]
    if schemas:
        env_py = (root / "env.py").read_text()
        (root / "env.py").write_text(re.sub(r"(target_metadata=[\w\[\], .]+?,\n)",
                                            r"\1            include_schemas=True,\n", env_py))
    url = "postgresql+psycopg2://postgres@/conformance?host=" + os.environ["PGHOST"]
    env = dict(os.environ, CONFORMANCE_DATABASE_URL=url)
    done = subprocess.run([str(PRINT), str(root), url], env=env, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=60)
    if done.returncode:
        return "refused", [done.stderr]
    wanted = rows(json.loads((case / "roundtrip.json").read_text()))
    if case.name in DECLARED_CHECKS:
        wanted = []
    found = rows(normal(o) for o in json.loads(done.stdout)["operations"])
    return None if wanted == found else ("roundtrip", ["wanted:"] + wanted + ["found:"] + found)


def main():
    args = sys.argv[1:]
    verbose = "-v" in args
    names = [a for a in args if not a.startswith("-")]
    cases = sorted(p for p in CASES.iterdir() if (p / "env.py").exists())
    cases += sorted(p.parent for p in MODELS.glob("*/roundtrip.json"))
    cases = [c for c in cases if not names or any(n in str(c.relative_to(CASES.parent))
                                                  for n in names)]
    cases = cases[::1 if names else int(os.environ.get("RETORT_SHARE", "1"))]
    equal, bad, skipped = 0, 0, []
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            run = run_case if case.parent == CASES else run_roundtrip
            problem = run(case, pathlib.Path(folder))
            if problem is None:
                equal += 1
            elif problem[0] == "skip":
                skipped.append(case.name)
                print("SKIP %s: %s" % (case.relative_to(CASES.parent), problem[1]))
            else:
                bad += 1
                print("DIFFERS %s: %s" % (case.relative_to(CASES.parent), problem[0]))
                if verbose:
                    print("\n".join("    " + l for l in problem[1]))
    print("%d equal, %d differ, %d skipped" % (equal, bad, len(skipped)))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
