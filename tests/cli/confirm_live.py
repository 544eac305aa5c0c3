"""Confirmations of upgrade and downgrade, on a terminal and without one (exit status 3).

Run by confirm.sh with a private server: confirm_live.py DATABASE_URL DATABASE_NAME
"""
import os
import pathlib
import pty
import select
import subprocess
import sys
import tempfile

RETORT = os.environ["RETORT"]
URL, NAME = sys.argv[1:]
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
def upgrade(): op.execute("CREATE TABLE t (id int)")
def downgrade(): op.execute("DROP TABLE t")
""",
    "migrations/versions/aa02.py": """revision = "aa02"
down_revision = "aa01"
from alembic import op
def upgrade(): op.execute("ALTER TABLE t DROP COLUMN id")
def downgrade(): op.execute("ALTER TABLE t ADD COLUMN id int")
""",
}
failures = 0
extra = {}


def check(what, condition, shown=""):
    global failures
    if not condition:
        failures += 1
        print("FAIL:", what, shown)


def plain(top, *argv):
    return subprocess.run([RETORT, "--url", URL, *argv], cwd=top, env=environment(top),
                          capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)


def environment(top):
    return {**os.environ, "XDG_STATE_HOME": str(top / "state"), "TERM": "dumb", **extra}


def on_terminal(top, answer, *argv):
    """Runs on a pseudo terminal; the answer is typed when the question stands there."""
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(top)
        os.execve(RETORT, [RETORT, "--url", URL, *argv], environment(top))
    seen = b""
    while True:
        ready, _, _ = select.select([fd], [], [], 30)
        try:
            part = os.read(fd, 4096) if ready else b""
        except OSError:
            part = b""
        if not part:
            break
        seen += part
        if answer is not None and (b"[y/N]" in seen or b"to go on: " in seen):
            end = b"" if answer.endswith("\x04") else b"\n"
            os.write(fd, answer.encode() + end)
            answer = None
    os.close(fd)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), seen.decode()


def where(top):
    return plain(top, "current").stdout.split(" ")[0].strip()


def main(top):
    for name, text in FILES.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    r = plain(top, "upgrade", "aa01")
    check("upgrade without a terminal names --yes", r.returncode == 3 and "--yes" in r.stderr, r)
    check("nothing ran", where(top) == "")
    code, seen = on_terminal(top, "n", "upgrade", "aa01")
    check("no is no", code == 1 and "not confirmed" in seen, seen)
    check("the question names the database", NAME in seen, seen)
    check("nothing ran", where(top) == "")
    code, seen = on_terminal(top, "y", "upgrade", "aa01")
    check("yes is yes", code == 0 and where(top) == "aa01", seen)
    r = plain(top, "--yes", "upgrade", "aa02")
    check("losing data needs the name", r.returncode == 3 and "--confirm " + NAME in r.stderr, r)
    r = plain(top, "upgrade", "aa02", "--confirm", "other")
    check("another name is refused", r.returncode == 3 and where(top) == "aa01", r)
    r = plain(top, "upgrade", "aa02", "--confirm", NAME)
    check("the name confirms", r.returncode == 0 and where(top) == "aa02", r)
    r = plain(top, "--yes", "upgrade", "head")
    check("nothing to do asks nothing", r.returncode == 0, r)
    r = plain(top, "--yes", "downgrade", "-1")
    check("--yes is not enough for a downgrade", r.returncode == 3 and where(top) == "aa02", r)
    code, seen = on_terminal(top, "y", "downgrade", "-1")
    check("y is not the name", code == 1 and where(top) == "aa02", seen)
    code, seen = on_terminal(top, NAME, "downgrade", "-1")
    check("the typed name confirms", code == 0 and where(top) == "aa01", seen)
    r = plain(top, "stamp", "aa02")
    check("stamp without a terminal names --yes", r.returncode == 3 and "--yes" in r.stderr, r)
    ended_prompts(top)
    progress(top)
    never_asked(top)


def ended_prompts(top):
    """Input that ends at a question, or in the middle of its answer, is no answer."""
    for typed in ("\x04", "y\x04\x04"):
        code, seen = on_terminal(top, typed, "stamp", "aa02")
        check("no end of a line, no yes: %r" % typed,
              code == 1 and "not confirmed" in seen and where(top) == "aa01", seen)


def progress(top):
    """Of a long run on a terminal, and nowhere else; no colours and nothing else in escapes."""
    for n in range(4):
        (top / "migrations" / "versions" / ("slow%d.py" % n)).write_text(
            'revision = "slow%d"\ndown_revision = %r\nfrom alembic import op\n'
            'def upgrade(): op.execute("SELECT pg_sleep(1.2)")\ndef downgrade(): pass\n'
            % (n, "slow%d" % (n - 1) if n else "aa01"))
    code, seen = on_terminal(top, None, "upgrade", "slow3", "--yes", "--foreground")
    check("progress on a terminal", code == 0 and "retort: 2 of 4 revisions" in seen, seen)
    check("no escapes", "\x1b" not in seen, seen)
    plain(top, "downgrade", "aa01", "--confirm", NAME)
    r = plain(top, "upgrade", "slow3", "--yes")
    check("no progress elsewhere", r.returncode == 0 and " of 4 revisions" not in r.stderr, r)
    plain(top, "downgrade", "aa01", "--confirm", NAME)
    for path in (top / "migrations" / "versions").glob("slow*"):
        path.unlink()


def never_asked(top):
    """What scripts written for Alembic have: RETORT_CONFIRM, and confirm of [retort]."""
    ini = top / "alembic.ini"
    extra["RETORT_CONFIRM"] = "never"
    r = plain(top, "downgrade", "base")
    check("never asks, not even for a downgrade", r.returncode == 0 and where(top) == "", r)
    r = plain(top, "upgrade", "head", "--confirm", "other")
    check("another name is refused all the same", r.returncode == 3 and where(top) == "", r)
    extra["RETORT_CONFIRM"] = "yes"
    r = plain(top, "upgrade", "aa01")
    check("what it cannot be is refused", r.returncode == 1 and "RETORT_CONFIRM" in r.stderr, r)
    extra["RETORT_CONFIRM"] = ""
    ini.write_text(FILES["alembic.ini"] + "[retort]\nconfirm = never\n")
    r = plain(top, "upgrade", "head")
    check("the setting says so too", r.returncode == 0 and where(top) == "aa02", r)
    extra["RETORT_CONFIRM"] = "ask"
    r = plain(top, "downgrade", "-1")
    check("the environment goes before it", r.returncode == 3 and where(top) == "aa02", r)
    extra["RETORT_CONFIRM"] = "never"
    ini.write_text(FILES["alembic.ini"] + "[retort]\nprotected = true\n")
    r = plain(top, "downgrade", "-1")
    check("a protected database asks", r.returncode == 3 and where(top) == "aa02", r)
    extra.clear()


with tempfile.TemporaryDirectory() as folder:
    main(pathlib.Path(folder).resolve())
sys.exit(1 if failures else 0)
