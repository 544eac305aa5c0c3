"""Holds retort against tests/conformance/graph: what real Alembic answered in 140 projects.

With --database (or $RETORT_TEST_URL) the commands that use one are run, without it the others. The
database is emptied before every command. README.md there says what is compared and how; exit status
0 when everything is equal. Commands that retort does not have yet are counted by their word.
"""
import argparse
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
# Where retort differs on purpose (retort(1), "Differences from Alembic"): what is accepted instead.
DIFFERS = {
    "043": "exit 0, not 1",  # lists do not read function bodies; the file is refused when it runs
    "044": "exit 0, not 1",  # an import that nothing uses does not matter
    "085": "exit 0, not 1",  # so in env.py
    "087": "exit 0, not 1",
    "046": "version rows None",  # nothing is begun when a later revision cannot be carried out
    "057": "another answer",  # literals, where Alembic prints placeholders nobody fills
    "133": "another answer",  # the place and the reason, not the name of a file to look into
}
WRITERS = {"revision", "merge"}  # each on a fresh copy of the project, as for the goldens
# What differs from run to run, as the goldens mask it.
MASKS = {
    "DATE": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?:\+00:00)?",
    "OFFSET": r"[+-]\d\d:\d\d", "TEMPFILE": r".*", "EPOCH": r"\d+", "YEAR": r"\d{4}",
    "MONTH": r"\d\d?", "DAY": r"\d\d?", "HOUR": r"\d\d?", "MINUTE": r"\d\d?", "SECOND": r"\d\d?",
}
QUOTED = re.compile(r"""('(?:[^']|'')*'|"[^"]*"|\$(\w*)\$.*?\$\2\$)""", re.S)


def collapse(sql):
    """SQL with every run of white space outside quotes made one blank."""
    out, end = [], 0
    for m in QUOTED.finditer(sql):
        out += [re.sub(r"\s+", " ", sql[end:m.start()]), m.group(1)]
        end = m.end()
    out.append(re.sub(r"\s+", " ", sql[end:]))
    return "".join(out).strip()


def lines(text):
    return [line.rstrip() for line in text.rstrip("\n").split("\n")]


def sorted_labels(line):
    return re.sub(r"\(([^()]*, [^()]*)\)|(: )(.*, .*)",
                  lambda m: "(" + ", ".join(sorted(m.group(1).split(", "))) + ")" if m.group(1)
                  else m.group(2) + ", ".join(sorted(m.group(3).split(", "))), line)


def unescape_literals(sql):
    """Offline printing doubles backslashes in literals, and percent signs for some drivers; retort
    prints what is executed."""
    return sql.replace("\\\\", "\\").replace("%%", "%")


def masked_equal(golden, text):
    """Whether text is the golden with something for each mask; {REV} is the same everywhere."""
    pattern, seen = "", False
    for part in re.split(r"(\{[A-Z]+\})", golden):
        name = part[1:-1]
        if part == "{REV}":
            pattern += "(?P=rev)" if seen else "(?P<rev>[0-9a-f]{12})"
            seen = True
        else:
            pattern += MASKS[name] if name in MASKS else re.escape(part)
    return re.fullmatch(pattern, text, re.S) is not None


def same(case, out, project):
    wanted = [case["stdout"], *case.get("stdout_variants", [])]
    if "--sql" in case["argv"]:
        if any(collapse(out) in (collapse(w), collapse(unescape_literals(w))) for w in wanted):
            return True
        # A graph of hash sets has more orders than were tried: the same statements, reordered.
        return project.startswith("random_graph_") and any(
            sorted(map(collapse, out.split(";\n"))) == sorted(map(collapse, w.split(";\n")))
            for w in wanted)
    if any(lines(out) == lines(w) for w in wanted):
        return True
    if command_word(case["argv"]) in WRITERS:
        return any(masked_equal("\n".join(lines(w)), "\n".join(lines(out))) for w in wanted)
    ours = sorted(map(sorted_labels, lines(out)))
    loose = project.startswith("random_graph_") or len(wanted) > 1
    by_label = [sorted_labels(line) for line in lines(out)]
    return any(by_label == [sorted_labels(line) for line in lines(w)] or
               loose and ours == sorted(map(sorted_labels, lines(w))) for w in wanted)


class Database:
    def __init__(self, url):
        import psycopg2
        self.url = url
        self.connection = psycopg2.connect(url.replace("+psycopg2", ""))
        self.connection.autocommit = True

    def run(self, sql):
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def name(self):
        return self.run("SELECT current_database()")[0][0]

    def reset(self, case):
        for (schema,) in self.run("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' "
                                  "AND nspname <> 'information_schema'"):
            self.run('DROP SCHEMA "%s" CASCADE' % schema)
        self.run("CREATE SCHEMA public")
        for sql in case.get("before_sql", []):
            self.run(sql)
        if case["alembic_version"] is None:
            return
        self.run("CREATE TABLE %s (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"
                 % self.table(case))
        for row in case["alembic_version"]:
            self.run("INSERT INTO %s VALUES ('%s')" % (self.table(case), row))

    def table(self, case):
        schema = case.get("version_table_schema")
        name = '"%s"' % case.get("version_table", "alembic_version")
        return '"%s".%s' % (schema, name) if schema else name

    def state(self, case):
        """The rows of the version table, and all tables but those of retort's journal."""
        tables = sorted(s + "." + t for s, t in self.run(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname !~ '^pg_' "
            "AND schemaname NOT IN ('information_schema', 'retort')"))
        try:
            rows = sorted(r[0] for r in self.run("SELECT version_num FROM " + self.table(case)))
        except Exception:
            rows = None
        return rows, tables


def command_word(argv):
    words = iter(argv)
    for word in words:
        if word in ("-c", "-n", "-x", "--config", "--name"):
            next(words, None)
        elif not word.startswith("-"):
            return word
    return None


def files(top):
    return {str(p.relative_to(top)) for p in top.rglob("*")
            if p.is_file() and not str(p.relative_to(top)).startswith(".state")}


def created_problems(case, top, before):
    """Files that a command made: names and contents."""
    made = sorted(files(top) - before)
    wanted = sorted(case.get("created", []), key=lambda c: c["path"])
    if len(made) != len(wanted):
        yield "created %s, not %s" % (made, [w["path"] for w in wanted])
        return
    for name, want in zip(made, wanted):
        if not masked_equal(want["path"], name):
            yield "created %s, not %s" % (name, want["path"])
        content = (top / name).read_text(encoding="utf-8", errors="replace")
        if not masked_equal(want["content"], content):
            yield "another content of %s:\n%s\ninstead of\n%s" % (name, content, want["content"])


class Runner:
    def __init__(self, retort, database, show, command):
        self.retort, self.database, self.show = retort, database, show
        self.command = command
        self.count = collections.Counter()
        self.wrong = collections.Counter()

    def call(self, case, argv, top):
        env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "TZ": "UTC",
               "LC_ALL": "C.UTF-8", **case.get("env", {})}
        own = []
        if case["needs_db"]:
            env["CONFORMANCE_DATABASE_URL"] = self.database.url
            env["XDG_STATE_HOME"] = str(top / ".state")
            own = ["--yes", "--confirm", self.database.name()]
        argv = [a.replace("{PROJECT}", str(top)) for a in argv]
        return subprocess.run([self.retort, *own, *argv], cwd=top / case.get("cwd", "."), env=env,
                              capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL)

    def problems(self, project, case, top):
        if case["needs_db"]:
            self.database.reset(case)
            for argv in case.get("before", []):
                self.call(case, argv, top)
        before = files(top)
        r = self.call(case, case["argv"], top)
        out = r.stdout.replace(str(top), "{PROJECT}")
        if case["needs_db"]:
            out = re.sub(r"Current revision\(s\) for \S+:",
                         "Current revision(s) for {DATABASE_URL}:", out)
        if r.returncode != case["exit"]:
            yield "exit %d, not %d" % (r.returncode, case["exit"])
        if case["exit"] in (0, 255) and not same(case, out, project):
            yield "another answer"
        if command_word(case["argv"]) in WRITERS:
            yield from created_problems(case, top, before)
        if case["needs_db"] and "alembic_version_after" in case:
            rows, tables = self.database.state(case)
            if command_word(case["argv"]) in ("history", "show", "check", "revision") and (
                    rows is None):
                return  # Alembic makes the version table even for these; retort only reads
            if rows != case["alembic_version_after"]:
                yield "version rows %s, not %s" % (rows, case["alembic_version_after"])
            if tables != case["tables_after"]:
                yield "tables %s, not %s" % (tables, case["tables_after"])
        self.last = r.stderr, out

    def project(self, path):
        with tempfile.TemporaryDirectory() as scratch:
            top = pathlib.Path(scratch).resolve() / path.name
            fresh = False
            for case in json.loads((path / "cases.json").read_text()):
                word = command_word(case["argv"])
                if self.command and word != self.command:
                    continue
                if case["needs_db"] != bool(self.database):
                    self.count["left"] += 1
                    continue
                if not fresh:
                    shutil.rmtree(top, ignore_errors=True)
                    shutil.copytree(path, top, ignore=shutil.ignore_patterns("cases.json"))
                fresh = word not in WRITERS
                problems = list(self.problems(path.name, case, top))
                accepted = DIFFERS.get(path.name.split("_")[0])
                if problems and accepted and problems[0].startswith(accepted):
                    self.count["differs"] += 1
                    continue
                self.count["wrong" if problems else "equal"] += 1
                if problems:
                    self.report(path.name, case, problems)

    def report(self, project, case, problems):
        self.wrong[project.split("_")[0]] += 1
        if self.show <= 0:
            return
        self.show -= 1
        errors, out = self.last
        print("--- %s: %s: %s" % (project, " ".join(case["argv"]), "; ".join(problems)))
        print("    stderr: %s\n    stdout:\n%s\n    Alembic's:\n%s"
              % (errors.strip()[-400:], out[:1500], case["stdout"][:1500]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", default=os.environ.get("RETORT_TEST_URL"))
    parser.add_argument("--show", type=int, default=10)
    parser.add_argument("--command", help="only this command")
    parser.add_argument("projects", nargs="*")
    args = parser.parse_args()
    retort = os.environ.get("RETORT", "retort")
    runner = Runner(retort, Database(args.database) if args.database else None, args.show,
                    args.command)
    paths = sorted(p for p in (HERE / "graph").iterdir() if (p / "cases.json").exists())
    share = 1 if args.projects else int(os.environ.get("RETORT_SHARE", "1"))
    for path in paths[::share]:
        if not args.projects or any(path.name.startswith(p) for p in args.projects):
            runner.project(path)
    print("equal %(equal)d, wrong %(wrong)d, on purpose otherwise %(differs)d; %(left)d are of the "
          "other run, %(which)s a database"
          % collections.defaultdict(int, runner.count, which="without" if args.database else "with"))
    if runner.wrong:
        print("wrong in:", " ".join(sorted(runner.wrong)))
    return 1 if runner.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
