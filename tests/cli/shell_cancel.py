"""Ctrl-C while a verb of `retort shell` finds something out (see shell.sh)."""
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import tempfile

from shell_common import NAME, RETORT, URL, Terminal, check, finish, poll, reset, sql, where

LOOPS = 60  # revisions that compute till the interpreter's limit: together longer than a test waits
ENV = """import sqlalchemy as sa
from alembic import context
metadata = sa.MetaData()
sa.Table("first", metadata, sa.Column("id", sa.Integer))
context.configure(dialect_name="postgresql", literal_binds=True, target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
"""
REVISION = """revision = "%s"
down_revision = %r
import sqlalchemy as sa
from alembic import op
def upgrade():
%s
def downgrade():
    pass
"""
FIRST = '    op.execute("CREATE TABLE first (id int)")\n'
ASKS = """    count = op.get_bind().execute(sa.text("SELECT count(*) FROM held")).scalar()
    op.execute("INSERT INTO first VALUES (%d)" % count)
"""
LOOP = """    i = 0
    while True:
        i += 1
"""
AFTER_A_QUESTION = '    op.get_bind().execute(sa.text("SELECT 1")).scalar()\n' + LOOP


def write_project(top):
    """aa00 <- bb00 asks about a table; aa00 <- cc00 <- cc01 ... loop; aa00 <- dd00 ... loop too."""
    versions = top / "migrations/versions"
    versions.mkdir(parents=True)
    (top / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")
    (top / "migrations/env.py").write_text(ENV)
    (versions / "aa00.py").write_text(REVISION % ("aa00", None, FIRST))
    (versions / "bb00.py").write_text(REVISION % ("bb00", "aa00", ASKS))
    for name, body in (("cc", LOOP), ("dd", AFTER_A_QUESTION)):
        for i in range(LOOPS):
            down = "%s%02d" % (name, i - 1) if i else "aa00"
            id = "%s%02d" % (name, i)
            (versions / (id + ".py")).write_text(REVISION % (id, down, body))


def cpu_ticks(pid):
    """Of a process and the children that it has now."""
    total = 0
    children = pathlib.Path("/proc/%d/task/%d/children" % (pid, pid)).read_text().split()
    for one in [pid, *map(int, children)]:
        try:
            fields = pathlib.Path("/proc/%d/stat" % one).read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        except OSError:
            pass
    return total


def waiting():
    return sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
               "AND application_name LIKE 'retort%'")


class Held:
    """A lock that another session holds."""

    def __init__(self, table):
        self.psql = subprocess.Popen(["psql", "-XqAt", "-d", NAME], text=True,
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.psql.stdin.write("BEGIN;\nLOCK TABLE %s IN ACCESS EXCLUSIVE MODE;\n"
                              "SELECT 'held';\n" % table)
        self.psql.stdin.flush()

    def __enter__(self):
        check("the lock is held", self.psql.stdout.readline() == "held\n")
        return self

    def __exit__(self, *_):
        self.psql.communicate("ROLLBACK;\n", timeout=60)


def cancelled(t, what, prompt="> "):
    t.send("\x03")
    t.wait("retort: error: cancelled")
    seen = t.wait(prompt)
    check(what + ": nothing else is said", "error:" not in seen and "warning:" not in seen, seen)


def while_computing(t, line):
    """Ctrl-C once it has computed for a third of a second."""
    begun = cpu_ticks(t.pid)
    t.send(line + "\n")
    poll(line + " computes",
         lambda: cpu_ticks(t.pid) - begun > os.sysconf("SC_CLK_TCK") // 3)
    cancelled(t, line)


def while_waiting(t, line):
    t.send(line + "\n")
    poll(line + " waits for the lock", lambda: waiting() == "1")
    cancelled(t, line)
    poll(line + ": the server waits no longer", lambda: waiting() == "0")


def computes(t):
    for target in ("cc%02d" % (LOOPS - 1), "dd%02d" % (LOOPS - 1)):
        while_computing(t, "upgrade " + target)
        while_computing(t, "plan " + target)
        while_computing(t, "plan --json " + target)
        while_computing(t, "plan " + target)
    while_computing(t, "render cc00:cc%02d" % (LOOPS - 1))
    seen = t.line("run")
    check("no plan is left", "there is no plan" in seen, seen)
    check("nothing ran", where() == "aa00")


def waits(t):
    with Held("held"):
        while_waiting(t, "upgrade bb00")
        while_waiting(t, "plan --json bb00")
        while_waiting(t, "render --live bb00")
    with Held("alembic_version"):
        while_waiting(t, "refresh")
        while_waiting(t, "current")
        while_waiting(t, "plan bb00")
    with Held("pg_catalog.pg_constraint"):
        for line in ("diff", "check", "revision --autogenerate -m none", "upgrade bb00"):
            while_waiting(t, line)


def goes_on(top, t):
    """The next verbs work, and a plan that was at hand before a cancel still is."""
    t.line("refresh", "aa00 (")
    t.wait("> ")
    seen = t.line("current")
    check("current", "aa00" in seen, seen)
    seen = t.line("diff")
    check("diff", "DROP TABLE held" in seen and "1 real" in seen, seen)
    t.line("plan bb00", "planned> ")
    with Held("held"):
        while_waiting(t, "plan bb00")
    seen = t.line("run", "[y/N] ")
    check("the plan before is at hand", "1 revision" in seen, seen)
    t.line("y", "paused at 1.1> ")
    t.line("all", "bb00 (")
    t.wait("> ")
    check("it ran", where() == "bb00" and sql("SELECT id FROM first") == "0")
    files = sorted(path.name for path in (top / "migrations/versions").iterdir())
    check("no file was written", len(files) == 2 + 2 * LOOPS, files)


def without_a_terminal(top):
    """There it ends the shell: nobody reads the lines that follow."""
    r = subprocess.Popen([RETORT, "--url", URL, "shell"], cwd=top, text=True,
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with Held("alembic_version"):
        r.stdin.write("plan bb00\ncurrent\n")
        r.stdin.flush()
        poll("plan waits for the lock", lambda: waiting() == "1")
        r.send_signal(signal.SIGINT)
        out, errors = r.communicate(timeout=60)
    check("without a terminal", r.returncode == 130 and "cancelled" in errors and not out,
          (r.returncode, out, errors))


def mute_server(top):
    """A server that answers nothing, not even a cancel: then the third Ctrl-C leaves."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = "postgresql://nobody@127.0.0.1:%d/none?sslmode=disable&gssencmode=disable"
        t = Terminal(top, program=[RETORT, "--url", url % server.getsockname()[1], "shell"])
        kept, _ = server.accept()
        length, = struct.unpack("!i", kept.recv(4))
        kept.recv(length - 4)
        kept.sendall(b"R" + struct.pack("!ii", 8, 0) + b"K" + struct.pack("!iii", 12, 1, 1) +
                     b"Z" + struct.pack("!ic", 5, b"I"))
        check("it asks", kept.recv(1) == b"Q")
        t.send("\x03")
        asks, _ = server.accept()
        check("the cancel is sent", asks.recv(16)[4:8] == struct.pack("!i", 80877102))
        t.send("\x03")
        t.wait("Ctrl-C again leaves")
        t.send("\x03")
        check("the third Ctrl-C leaves", t.end() == -signal.SIGINT, t.plain(t.all))
        asks.close()
        kept.close()


with tempfile.TemporaryDirectory() as folder:
    top = pathlib.Path(folder).resolve()
    write_project(top)
    reset()
    t = Terminal(top)
    t.wait("> ")
    t.line("upgrade aa00", "[y/N] ")
    t.line("y", "paused at 1.1> ")
    t.line("all", "aa00 (")
    t.wait("> ")
    sql("CREATE TABLE held (id int)")
    computes(t)
    waits(t)
    goes_on(top, t)
    t.send("q\n")
    check("left", t.end() == 0, t.plain(t.all))
    without_a_terminal(top)
    mute_server(top)
finish()
