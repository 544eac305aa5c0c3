"""Runs the command lines of commands.txt with real Alembic and with retort, and compares.

usage: command_lines.py FOLDER [PROJECT ...], with a server that PGHOST names and databases theirs, ours

Each project is copied twice, each copy with its database, and the command lines are run in order in
both. Equal must be: standard output, the exit code, the lines that the project's logging gives, the
rows of the version table, the names of all tables, and the revision files. What retort does otherwise
on purpose stands beside the command line, with the reason.
"""
import difflib
import itertools
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

import alembic
import alembic.config
import psycopg2
import sqlmodel  # noqa: F401  (loaded once, before the processes that run Alembic)

from graph import collapse, sorted_labels, unescape_literals

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLE = HERE.parent.parent / "examples" / "model_app"
VERSION = tuple(int(part) for part in alembic.__version__.split(".")[:2])

# revision, what it follows, labels, what it depends on, the docstring
PROJECTS = {
    "linear": [
        ("1a7c3e9f5b20", None, None, None, "the first table"),
        ("2b8d4fa06c31", "1a7c3e9f5b20", None, None, "a second one\n\nwith a word about it"),
        ("3c9e50b17d42", "2b8d4fa06c31", None, None, ""),
        ("4daf61c28e53", "3c9e50b17d42", None, None, "the last"),
    ],
    "branches": [
        ("aaaa00000001", None, None, None, "root"),
        ("bbbb00000002", "aaaa00000001", "left", None, "left one"),
        ("bbbb00000003", "bbbb00000002", None, None, "left two"),
        ("cccc00000004", "aaaa00000001", "right", None, "right one"),
        ("cccc00000005", "cccc00000004", None, None, "right two"),
    ],
    "merged": [
        ("aaaa00000001", None, None, None, "root"),
        ("bbbb00000002", "aaaa00000001", None, None, "left"),
        ("cccc00000003", "aaaa00000001", None, None, "right"),
        ("dddd00000004", ("bbbb00000002", "cccc00000003"), None, None, "together"),
        ("eeee00000005", "dddd00000004", None, None, "after"),
    ],
    "bases": [
        ("aaaa00000001", None, ("users", "people"), None, "users"),
        ("aaaa00000002", "aaaa00000001", None, None, "more users"),
        ("bbbb00000003", None, "orders", None, "orders"),
        ("bbbb00000004", "bbbb00000003", None, "aaaa00000002", "orders of users"),
        ("cccc00000005", None, None, ("orders", "aaaa00000001"), "reports"),
    ],
    "odd": [
        ("semi;colon", None, None, None, "a statement's end"),
        ("a/b/c", "semi;colon", None, None, "a path"),
        ("two words", "a/b/c", "what's it", None, "a blank"),
        ("it's", "two words", None, None, "a quote"),
    ],
}

ENV_PY = '''
from logging.config import fileConfig

from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config
fileConfig(config.config_file_name)
if context.is_offline_mode():
    context.configure(url=config.get_main_option("sqlalchemy.url"), literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = engine_from_config(config.get_section(config.config_ini_section),
                                prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
'''

INI = '''
[alembic]
script_location = migrations
sqlalchemy.url = %s

[loggers]
keys = root,alembic
[handlers]
keys = console
[formatters]
keys = plain
[logger_root]
level = WARNING
handlers = console
[logger_alembic]
level = INFO
handlers =
qualname = alembic
[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = plain
[formatter_plain]
format = LOG %%(levelname)-8s|%%(name)25.12s|%%(module)s: %%(message)s
'''

PYPROJECT = '''
[tool.alembic]
script_location = "%(here)s/../migrations"
file_template = "toml_%%(rev)s"
'''

MAKO = '''"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}

"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''


def write_project(folder, name, url):
    if name == "example":
        shutil.copytree(EXAMPLE, folder)
        subprocess.run(["chmod", "-R", "u+w", str(folder)], check=True)
        (folder / ".env").write_text("DB_USER=postgres\nDB_HOST=%s\nDB_NAME=%s\n"
                                     % (os.environ["PGHOST"], url.split("/")[-1].split("?")[0]))
        return
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text(INI % url)
    (folder / "migrations" / "env.py").write_text(ENV_PY)
    (folder / "migrations" / "script.py.mako").write_text(MAKO)
    for config, text in (("other.ini", INI % url), ("toml/pyproject.toml", PYPROJECT)):
        (folder / config).parent.mkdir(exist_ok=True)
        (folder / config).write_text(text)
    for rev, down, labels, deps, doc in PROJECTS[name]:
        (versions / (rev.replace("/", "_") + "_x.py")).write_text(
            '"""%s"""\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = %r\n'
            "down_revision = %r\nbranch_labels = %r\ndepends_on = %r\n\n\ndef upgrade():\n"
            '    op.create_table("t_%s", sa.Column("id", sa.Integer, primary_key=True))\n\n\n'
            'def downgrade():\n    op.drop_table("t_%s")\n' % (doc, rev, down, labels, deps, rev, rev))


VARIABLE = re.compile(r"[A-Z_]+=")  # words in front of a command line, as a shell has them


def is_offline(argv):
    return any(word.startswith("--s") and "--sql".startswith(word) for word in argv)


class Side:
    """A copy of the project, its database, and the command that is tried on it."""

    def __init__(self, name, folder):
        self.name, self.folder = name, folder
        self.connection = psycopg2.connect(dbname=name)
        self.connection.autocommit = True

    def sql(self, text):
        with self.connection.cursor() as cursor:
            cursor.execute(text)
            return cursor.fetchall() if cursor.description else []

    def reset(self, project):
        for (schema,) in self.sql("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' "
                                  "AND nspname <> 'information_schema'"):
            self.sql('DROP SCHEMA "%s" CASCADE' % schema)
        self.sql("CREATE SCHEMA public")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.parent.mkdir(exist_ok=True)
        write_project(self.folder, project, "postgresql+psycopg2://postgres@/%s?host=%s"
                      % (self.name, os.environ["PGHOST"]))

    def run(self, argv):
        out, err = self.folder.parent / "out", self.folder.parent / "err"
        with open(out, "w+b") as stdout, open(err, "w+b") as stderr:
            front = len(argv) - len(list(itertools.dropwhile(VARIABLE.match, argv)))
            variables = dict(word.split("=", 1) for word in argv[:front])
            code = self.start(argv[front:], variables, stdout, stderr)
            stdout.seek(0)
            stderr.seek(0)
            return code, self.plain(stdout.read().decode()), self.plain(stderr.read().decode())

    def plain(self, text):
        return text.replace(str(self.folder), "PROJECT").replace("@/%s?" % self.name, "@/DB?")

    def state(self, argv):
        """What the command left; reading makes a version table with Alembic, and none with retort."""
        writes = {"upgrade", "downgrade", "stamp", "ensure_version"} & set(argv)
        writes = writes and not is_offline(argv)
        tables = sorted(r[0] for r in self.sql(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        rows = None if writes else []
        if "alembic_version" in tables:
            rows = sorted(r[0] for r in self.sql("SELECT version_num FROM alembic_version"))
        files = {str(f.relative_to(self.folder)): re.sub(r"(?m)^Create Date: .*$", "", f.read_text())
                 for f in sorted(self.folder.rglob("versions/*.py"))}
        return {"rows": rows, "tables": [t for t in tables if t != "alembic_version"],
                "files": files}


class Theirs(Side):
    def start(self, argv, variables, stdout, stderr):
        """Alembic in a process of its own that has its modules already."""
        sys.stdout.flush()
        child = os.fork()
        if child:
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        code = 1
        try:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(stdout.fileno(), 1)
            os.dup2(stderr.fileno(), 2)
            os.chdir(self.folder)
            os.environ.update(variables)
            sys.path.insert(0, str(self.folder))
            sys.argv = ["alembic", *argv]
            alembic.config.main(argv=argv, prog="alembic")
            code = 0
        except SystemExit as end:
            code = 0 if end.code is None else int(end.code) & 255
        except BaseException as error:
            os.write(2, repr(error).encode())
        finally:
            try:
                sys.stdout.flush()
            finally:
                os._exit(code)


class Ours(Side):
    def start(self, argv, variables, stdout, stderr):
        return subprocess.run([os.environ["RETORT"], *argv], cwd=self.folder, stdout=stdout,
                              stderr=stderr, stdin=subprocess.DEVNULL,
                              env=dict(os.environ, RETORT_CONFIRM="never", **variables)).returncode


VERSION_ROW = re.compile(r"(INSERT INTO|UPDATE) alembic_version .*?'([^']*)'")


def without_ids(sql):
    """The statements, those that write a row for a revision without its id; and the ids, sorted."""
    ids = sorted(match.group(2) for match in VERSION_ROW.finditer(sql))
    return VERSION_ROW.sub(r"\1 alembic_version", sql), ids


def same_downgrade(theirs, ours):
    """Which parent of a merge gets its row updated and which inserted, Alembic leaves to a hash."""
    return without_ids(collapse(theirs)) == without_ids(collapse(ours))


def same_sql(theirs, ours):
    # Until 1.18 an offline run that ends without a row drops the version table.
    dropped = re.sub(r"\s*DROP TABLE alembic_version;\s*", "\n\n", theirs)
    return collapse(ours) in [collapse(change(text)) for text in (theirs, dropped)
                              for change in (str, unescape_literals)]


def same_text(theirs, ours, unordered):
    """Sets of Alembic have no order: labels; so have the lines of `current` and `branches`."""
    def lines(text):
        found = [sorted_labels(line.rstrip()) for line in text.rstrip().split("\n")]
        return sorted(found) if unordered else found
    return lines(theirs) == lines(ours)


def logged(text):
    return [line for line in text.split("\n") if line.startswith("LOG ")]


def compare(argv, theirs, ours):
    code, out, err = theirs
    if code != ours[0]:
        yield "exit", "%d, not %d" % (ours[0], code)
    unordered = bool({"current", "branches"} & set(argv))
    same = same_sql(out, ours[1]) if is_offline(argv) else same_text(out, ours[1], unordered)
    if not same and "downgrade" in argv:
        same = same_downgrade(out, ours[1])
    if not same:
        yield "stdout", "\n".join(difflib.unified_diff(out.split("\n"), ours[1].split("\n"),
                                                       "alembic", "retort", lineterm=""))
    if logged(err) != logged(ours[2]):
        yield "log", "\n".join(difflib.unified_diff(logged(err), logged(ours[2]), "alembic", "retort",
                                                    lineterm=""))


def table():
    """The command lines: project, argv, what may differ and why, first version of Alembic."""
    project = None
    for line in (HERE / "commands.txt").read_text().split("\n"):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("project "):
            project = line.split()[1]
            yield project, None, {}, None
            continue
        command, _, notes = line.strip().partition("  ~ ")
        accepted, since = {}, None
        for note in filter(None, notes.split("; ")):
            word, _, reason = note.partition(": ")
            if word == "since":
                since = tuple(int(part) for part in reason.split("."))
            else:
                accepted[word] = reason
        yield project, shlex.split(command), accepted, since


def main():
    top = pathlib.Path(sys.argv[1]).resolve()
    only = sys.argv[2:]
    editor = top / "editor"
    editor.write_text('#!/bin/sh\necho "edits $1"\n')
    editor.chmod(0o755)
    if VERSION < (1, 10):  # it reads the versions as the folder has them; newer ones sort them
        listdir = os.listdir
        os.listdir = lambda path=".": sorted(listdir(path))
    os.environ.update(EDITOR=str(editor), COLUMNS="80")
    os.environ.pop("VISUAL", None)
    sides = Theirs("theirs", top / "a" / "p"), Ours("ours", top / "b" / "p")
    count = wrong = 0
    for project, argv, accepted, since in table():
        if only and project not in only:
            continue
        if argv is None:
            for side in sides:
                side.reset(project)
            continue
        if since and VERSION < since:
            continue
        count += 1
        found = [(kind, text) for kind, text in
                 compare(argv, *(side.run(argv) for side in sides))]
        states = [side.state(argv) for side in sides]
        found += [(key, "%r, not %r" % (states[1][key], states[0][key]))
                  for key in states[0] if states[0][key] != states[1][key]]
        unexpected = [(kind, text) for kind, text in found if kind not in accepted]
        unneeded = {kind for kind, reason in accepted.items() if "before" not in reason}
        unneeded -= {kind for kind, _ in found}
        if unexpected:
            wrong += 1
            print("WRONG: %s: %s" % (project, shlex.join(argv)))
            for kind, text in unexpected:
                print("  %s: %s" % (kind, text))
        elif unneeded and VERSION >= (1, 16):
            print("note: %s: %s: no difference this time in %s" % (project, shlex.join(argv),
                                                         ", ".join(sorted(unneeded))))
        if states[0] != states[1]: # what follows is compared all the same
            for key in ("rows", "tables"):
                if states[0][key] != states[1][key] and key not in accepted:
                    print("  the rest of %s begins from different states" % project)
    print("%d command lines with Alembic %s, %d wrong" % (count, alembic.__version__, wrong))
    return 1 if wrong or (not only and count < 120) else 0


if __name__ == "__main__":
    sys.exit(main())
