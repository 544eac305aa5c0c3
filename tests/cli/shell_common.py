"""A project and a pseudo terminal for the tests of `retort shell` (shell.sh runs them)."""
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time

RETORT = os.environ["RETORT"]
URL, NAME = sys.argv[1:3]
FILES = {
    "alembic.ini": "[alembic]\nscript_location = %(here)s/migrations\n",
    "migrations/env.py": """from alembic import context
context.configure(dialect_name="postgresql", literal_binds=True)
with context.begin_transaction():
    context.run_migrations()
""",
    "migrations/versions/aa01.py": """revision = "aa01"
down_revision = None
from alembic import op
def upgrade():
    op.execute("CREATE TABLE t (id int)")
    op.execute("INSERT INTO t VALUES (1), (1)")
def downgrade():
    op.execute("DROP TABLE t")
""",
    # Its second statement fails: the rows are not unique.
    "migrations/versions/aa02.py": """revision = "aa02"
down_revision = "aa01"
branch_labels = ("shop",)
from alembic import op
def upgrade():
    op.execute("CREATE TABLE u (id int)")
    op.execute("CREATE UNIQUE INDEX t_id ON t (id)")
def downgrade():
    op.execute("DROP INDEX t_id")
    op.execute("DROP TABLE u")
""",
    # One that takes longer than any test waits.
    "migrations/versions/aa03.py": """revision = "aa03"
down_revision = "aa02"
from alembic import op
def upgrade():
    op.execute("CREATE TABLE v (id int)")
    op.execute("SELECT pg_sleep(600)")
def downgrade():
    op.execute("DROP TABLE v")
""",
}
failures = 0


def check(what, condition, shown=""):
    global failures
    if not condition:
        failures += 1
        print("FAIL:", what)
        print(shown)


def write_project(top):
    for name, text in FILES.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    # What an operator would do in the editor: the index need not be unique.
    editor = top / "not-unique"
    editor.write_text('#!/bin/sh\nsed -i "s/UNIQUE //" "$1"\n')
    editor.chmod(0o755)


def environment(top, **more):
    drop = ("VISUAL", "RETORT_URL", "RETORT_CONFIRM", "NO_COLOR")
    kept = {k: v for k, v in os.environ.items() if k not in drop}
    # libedit never frees the names of functions that were added to it; and without a symbolizer, as
    # on a fresh machine, its leaks cannot be told from others by their names.
    kept["ASAN_OPTIONS"] = "detect_leaks=0"
    return {**kept, "XDG_STATE_HOME": str(top / "state"), "HOME": str(top), "TERM": "xterm",
            "EDITOR": str(top / "not-unique"), **more}


def sql(text):
    r = subprocess.run(["psql", "-XqAt", "-d", NAME, "-c", text], capture_output=True, text=True)
    return r.stdout.strip()


def where():
    return sql("SELECT string_agg(version_num, ',') FROM alembic_version")


def reset():
    sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA IF EXISTS retort CASCADE")


def piped(top, lines, *options, **more):
    return subprocess.run([RETORT, "--url", URL, "shell", *options], cwd=top, timeout=60,
                          env=environment(top, **more), capture_output=True, text=True, input=lines)


class Terminal:
    """`retort shell` on a terminal; waits for texts, never for a time."""

    def __init__(self, top, *argv, program=None, **more):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(top)
            argv = program or [RETORT, "--url", URL, "shell", *argv]
            os.execvpe(argv[0], argv, environment(top, **more))
        self.all = self.seen = ""

    def read(self):
        ready, _, _ = select.select([self.fd], [], [], 20)
        try:
            part = os.read(self.fd, 65536) if ready else b""
        except OSError:
            part = b""
        text = part.decode("utf-8", "replace")
        self.all += text
        self.seen += text
        return bool(part)

    @staticmethod
    def plain(text):
        return re.sub(r"\r\x1b\[[0-9]+G|\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]", "", text)

    def wait(self, text):
        """Waits for a text behind those waited for before."""
        while text not in self.plain(self.seen):
            if not self.read():
                check("waited for " + repr(text), False, repr(self.all[-600:]))
                self.kill()
                sys.exit(1)
        plain = self.plain(self.seen)
        at = plain.index(text) + len(text)
        self.seen = plain[at:]
        return plain[:at]

    def send(self, text):
        os.write(self.fd, text.encode())

    def line(self, text, until="> "):
        self.send(text + "\n")
        return self.wait(until)

    def end(self):
        while self.read():
            pass
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def poll(what, condition):
    end = time.monotonic() + 20
    while not condition():
        if time.monotonic() > end:
            check("in vain: " + what, False)
            return
        time.sleep(0.02)


def finish():
    sys.exit(1 if failures else 0)
