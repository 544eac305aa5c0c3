"""Runs in a process of their own: clients are killed, hung up and replaced; the run is not lost.

Run by worker.sh with a private server (PGHOST, PG_TMP): worker_cases.py [TEST...]

Every test has a database and a state folder of its own. The revisions wait where the test wants
them to: `aa01` takes the advisory lock 1 inside its transaction, which the test holds as long as it
likes.
"""
import json
import os
import pathlib
import pty
import select
import signal
import socket
import stat
import subprocess
import sys
import time

RETORT = os.environ["RETORT"]
HOST = os.environ["PGHOST"]
TMP = pathlib.Path(os.environ["PG_TMP"])
LIMIT = 20

ENV_PY = """from alembic import context
context.configure(dialect_name="postgresql", literal_binds=True, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
"""
REVISION = """\"\"\"make {name}\"\"\"
revision = "{id}"
down_revision = {down}
from alembic import op
def upgrade():
{up}
def downgrade():
    op.execute("DROP TABLE {name}")
"""
# In a block, where it is not seen to be a lock that is to be taken before the run.
WAIT = "DO $$ BEGIN PERFORM pg_advisory_lock(1); PERFORM pg_advisory_unlock(1); END $$"
TALK = "DO $$ BEGIN FOR i IN 1..2000 LOOP RAISE NOTICE '%', repeat('x', 8000); END LOOP; END $$"
# Where a timeout is set, a batch of statements ends, and with it what an order has to wait for.
TWO = [["CREATE TABLE t1 (x int)", WAIT, "SET LOCAL lock_timeout = '4s'",
        "INSERT INTO t1 VALUES (1)"], ["CREATE TABLE t2 (x int)"]]


class Failed(Exception):
    pass


TESTS = []


def test(revisions=None, settings=""):
    """Marks a test, and says what its project is like."""
    def mark(function):
        TESTS.append((function, revisions or TWO, settings))
        return function
    return mark


def check(condition, *shown):
    if not condition:
        raise Failed(" ".join(str(s) for s in shown))


def sql(database, text):
    return subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", text],
                          check=True, capture_output=True, text=True).stdout.strip()


def wait_for(what, condition):
    """Polls; the answer of the condition, when it is true."""
    till = time.monotonic() + LIMIT
    while time.monotonic() < till:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.02)
    raise Failed("waited in vain for: " + what)


class Holder:
    """Holds the advisory lock 1 in the test's database, till it is released."""

    def __init__(self, database):
        self.psql = subprocess.Popen(["psql", "-XqAt", "-d", database], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, text=True)
        self.psql.stdin.write("SELECT pg_advisory_lock(1);\n\\echo held\n")
        self.psql.stdin.flush()
        while self.psql.stdout.readline().strip() != "held":
            pass

    def release(self):
        if self.psql.poll() is None:
            self.psql.stdin.close()
            self.psql.wait(LIMIT)


class Terminal:
    """A program on a pseudo terminal of its own, as an operator's shell would start it."""

    def __init__(self, project, *argv):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(project.top)
            os.execve(RETORT, [RETORT, *argv], project.environment())
        self.seen = ""

    def read(self, seconds=0.02):
        ready, _, _ = select.select([self.fd], [], [], seconds)
        try:
            part = os.read(self.fd, 65536) if ready else b""
        except OSError:
            return False
        self.seen += part.decode(errors="replace")
        return bool(part) or not ready

    def expect(self, text):
        till = time.monotonic() + LIMIT
        while text not in self.seen:
            if not self.read() and text not in self.seen or time.monotonic() > till:
                raise Failed("'%s' is not on the terminal: %s" % (text, self.seen))
        self.seen = self.seen[self.seen.index(text) + len(text):]

    def type(self, text):
        os.write(self.fd, text.encode())

    def end(self):
        """Reads to the end; the exit status, -n for signal n."""
        till = time.monotonic() + LIMIT
        while time.monotonic() < till and self.read():
            pass
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.fd)
        return status

    def kill(self, number):
        os.kill(self.pid, number)
        if number == signal.SIGKILL:  # only now are its descriptors closed
            os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)

    def close(self):
        """What a terminal window does: the program gets SIGHUP, and nothing it writes arrives."""
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class Project:
    def __init__(self, name, revisions, settings=""):
        self.name = name
        self.top = TMP / "work" / name
        self.state = self.top / "state"
        versions = self.top / "migrations" / "versions"
        versions.mkdir(parents=True)
        (self.top / "alembic.ini").write_text(
            "[alembic]\nscript_location = %(here)s/migrations\n[retort]\n" + settings)
        (self.top / "migrations" / "env.py").write_text(ENV_PY)
        down = "None"
        for number, statements in enumerate(revisions, 1):
            one = "aa%02d" % number
            up = "".join("    op.execute(%r)\n" % s if not s.startswith("!") else
                         "    with op.get_context().autocommit_block():\n"
                         "        op.execute(%r)\n" % s[1:] for s in statements)
            (versions / (one + ".py")).write_text(
                REVISION.format(id=one, down=down, name="t%d" % number, up=up))
            down = repr(one)
        sql("postgres", 'CREATE DATABASE "%s"' % name)
        self.holder = None

    def environment(self):
        return {**os.environ, "XDG_STATE_HOME": str(self.state), "TERM": "dumb",
                "HOME": str(self.top), "RETORT_OPERATOR": "ada",
                "RETORT_URL": "postgresql://postgres@/%s?host=%s" % (self.name, HOST)}

    def hold(self):
        self.holder = Holder(self.name)

    def release(self):
        if self.holder:
            self.holder.release()
        self.holder = None

    def retort(self, *argv, **more):
        return subprocess.run([RETORT, *argv], cwd=self.top, env=self.environment(), text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60, **more)

    def terminal(self, *argv):
        return Terminal(self, *argv)

    def on_server(self):
        """Waits till the run waits for the lock 1."""
        wait_for("a waiting statement", lambda: self.sql(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname ="
            " current_database() AND application_name LIKE 'retort%'") != "0")

    def sql(self, text):
        return sql(self.name, text)

    def version(self):
        if self.sql("SELECT to_regclass('alembic_version')") == "":
            return ""
        return self.sql("SELECT string_agg(version_num, ',') FROM alembic_version")

    def journal(self):
        """The records of the one run."""
        (path,) = self.state.glob("retort/*.jsonl")
        return [json.loads(line) for line in path.read_text().splitlines()]

    def ended(self):
        """Waits for the record of the end; its state and message."""
        def last():
            record = self.journal()[-1]
            return record if record["kind"] == "end" else None
        record = wait_for("the end of the run", last)
        return record["state"], record.get("message") or ""

    def folder(self):
        return self.state / "retort" / "on" / socket.gethostname()

    def sockets(self):
        return sorted(self.folder().glob("*.sock")) if self.folder().is_dir() else []

    def worker(self):
        """The worker's process id."""
        return self.journal()[0]["pid"]

    def gone(self):
        """Waits till the worker has ended and left nothing behind."""
        wait_for("the worker's end", lambda: not alive(self.worker()))
        check(not self.sockets(), "a socket is left:", self.sockets())
        wait_for("its server process to end", lambda: self.sql(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name LIKE 'retort%'") == "0")


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return open("/proc/%d/stat" % pid).read().rsplit(") ", 1)[1][0] != "Z"


def started(project, *more):
    """An upgrade on a terminal that stands at the second statement."""
    project.hold()
    terminal = project.terminal("--yes", "upgrade", "head", *more)
    try:
        project.on_server()
    except Failed as e:
        terminal.read()
        raise Failed(str(e) + ": " + terminal.seen)
    return terminal


# -- the client goes -------------------------------------------------------------------------------


@test()
def a_run_on_a_terminal_is_not_in_the_clients_process(project):
    terminal = started(project)
    worker = project.worker()
    check(worker != terminal.pid, "the client runs it itself")
    fields = open("/proc/%d/stat" % worker).read().rsplit(") ", 1)[1].split()
    check(int(fields[3]) not in (os.getsid(0), os.getsid(terminal.pid)), "it has our session")
    check(fields[4] == "0", "it has a terminal")
    targets = {n: os.readlink("/proc/%d/fd/%s" % (worker, n))
               for n in os.listdir("/proc/%d/fd" % worker)}
    check([targets[n] for n in "012"] == ["/dev/null"] * 3, targets)
    check(not any("tty" in t or "pts" in t for t in targets.values()), targets)
    project.release()
    check(terminal.end() == 0, terminal.seen)
    check(project.version() == "aa02", project.version())
    project.gone()


@test()
def a_killed_client(project):
    terminal = started(project)
    terminal.kill(signal.SIGKILL)
    check(terminal.end() == -signal.SIGKILL)
    project.release()
    check(project.ended() == ("done", ""), project.ended())
    check(project.version() == "aa02", project.version())
    check(project.sql("SELECT count(*) FROM t1") == "1", "applied twice, or not")
    project.gone()


@test()
def a_closed_terminal(project):
    terminal = started(project)
    check(terminal.close() == -signal.SIGHUP)
    project.release()
    check(project.ended() == ("done", ""), project.ended())
    check(project.version() == "aa02", project.version())
    project.gone()


@test()
def a_client_that_is_told_to_end(project):
    terminal = started(project)
    terminal.kill(signal.SIGTERM)
    check(terminal.end() == 128 + signal.SIGTERM, terminal.seen)
    check("the run goes on; to see it: retort attach " in terminal.seen, terminal.seen)
    project.release()
    check(project.ended() == ("done", ""), project.ended())
    project.gone()


@test()
def a_signal_to_the_worker(project):
    started(project).kill(signal.SIGKILL)
    os.kill(project.worker(), signal.SIGHUP)  # nothing to it
    time.sleep(0.1)
    project.release()
    check(project.ended() == ("done", ""), project.ended())
    project.gone()


@test()
def ctrl_c_cancels_in_the_worker(project):
    terminal = started(project)
    terminal.type("\x03")
    check(terminal.end() != 0, terminal.seen)
    check("retort: cancelling" in terminal.seen, terminal.seen)
    check("canceling statement due to user request" in terminal.seen, terminal.seen)
    check("nothing is committed" in terminal.seen, terminal.seen)
    check(project.ended()[0] == "stopped", project.ended())
    check(project.version() == "", project.version())
    project.gone()


@test()
def a_failure_ends_it(project):
    project.sql("CREATE TABLE t1 (x text)")
    terminal = project.terminal("--yes", "upgrade", "head")
    check(terminal.end() == 1, terminal.seen)
    check('relation "t1" already exists' in terminal.seen, terminal.seen)
    check("aa01.py" in terminal.seen, terminal.seen)
    project.gone()


@test(revisions=[["CREATE TABLE t1 (x int)", WAIT, TALK]])
def a_client_that_was_stopped(project):
    """Ctrl-Z: it is dropped, and learns from the journal how it ended."""
    terminal = started(project)
    terminal.kill(signal.SIGSTOP)
    project.release()
    check(project.ended() == ("done", ""), project.ended())
    wait_for("the worker's end", lambda: not alive(project.worker()))
    terminal.kill(signal.SIGCONT)
    check(terminal.end() == 0, terminal.seen[-500:])


@test(revisions=[["CREATE TABLE t1 (x int)", TALK, WAIT]])
def a_client_that_comes_back(project):
    """The same while the run still goes on: it attaches again, and steers."""
    project.hold()
    terminal = project.terminal("--yes", "upgrade", "head")
    wait_for("the first statement", lambda: project.sockets() and
             any(record["kind"] == "send" for record in project.journal()))
    terminal.kill(signal.SIGSTOP)
    project.on_server()
    terminal.kill(signal.SIGCONT)
    terminal.read(1)
    terminal.type("\x03")
    check(terminal.end() == 1, terminal.seen[-500:])
    check("canceling statement due to user request" in terminal.seen, terminal.seen[-500:])
    check(project.ended()[0] == "stopped", project.ended())
    project.gone()


# -- the worker goes -------------------------------------------------------------------------------


@test()
def a_terminated_worker_ends_at_a_safe_point(project):
    terminal = started(project)
    os.kill(project.worker(), signal.SIGTERM)
    check(terminal.end() == 1, terminal.seen)
    check("the worker was terminated (SIGTERM)" in terminal.seen, terminal.seen)
    state, message = project.ended()
    check(state == "stopped" and "SIGTERM" in message, state, message)
    check(project.version() == "", project.version())
    check(project.sql("SELECT to_regclass('t1')") == "", "it was not rolled back")
    project.gone()


@test()
def a_killed_worker_is_noticed(project):
    terminal = started(project)
    os.kill(project.worker(), signal.SIGKILL)
    check(terminal.end() == 1, terminal.seen)
    check("is gone" in terminal.seen, terminal.seen)
    check("retort resume" in terminal.seen, terminal.seen)
    project.release()
    wait_for("the server to notice", lambda: project.sql(
        "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
        " WHERE locktype = 'advisory' AND datname = current_database()") == "0")
    check(project.version() == "", project.version())
    check(not project.sockets(), "the stale socket was not removed")


@test()
def a_foreground_run_is_terminated(project):
    project.hold()
    run = subprocess.Popen([RETORT, "--yes", "upgrade", "head"], cwd=project.top,
                           env=project.environment(), stdin=subprocess.DEVNULL, text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    project.on_server()
    check(project.worker() == run.pid, "a worker without a terminal")
    run.send_signal(signal.SIGHUP)
    run.send_signal(signal.SIGTERM)
    errors = run.communicate(timeout=LIMIT)[1]
    check(run.returncode == 1 and "terminated (SIGTERM)" in errors, run.returncode, errors)
    check(project.ended()[0] == "stopped", project.ended())
    project.gone()


@test()
def foreground_on_a_terminal(project):
    terminal = started(project, "--foreground")
    check(project.worker() == terminal.pid, "it is in another process")
    project.release()
    check(terminal.end() == 0, terminal.seen)
    project.gone()


# -- attaching -------------------------------------------------------------------------------------


def attached(project, *argv):
    return subprocess.Popen([RETORT, "attach", *argv], cwd=project.top,
                            env=project.environment(), stdin=subprocess.DEVNULL, text=True,
                            stdout=subprocess.PIPE)


@test()
def one_who_attaches_sees_all_of_it(project):
    started(project).kill(signal.SIGKILL)
    watcher = attached(project)
    lines = [watcher.stdout.readline()]
    check("upgrade head" in lines[0] and project.name in lines[0], lines)
    project.release()
    out = watcher.stdout.read()
    check(watcher.wait(LIMIT) == 0, out)
    for text in ("upgrade  -> aa01, make t1", "1/5 CREATE TABLE t1", "2/5 DO $$ BEGIN",
                 "2/5 done: DO", "upgrade aa01 -> aa02", "done: everything is committed"):
        check(text in out, "'%s' is not in" % text, out)
    project.gone()


@test()
def events_as_json(project):
    terminal = started(project)
    watcher = attached(project, "--json")
    hello = json.loads(watcher.stdout.readline())
    check(hello["kind"] == "hello" and hello["database"] == project.name, hello)
    check("plan" not in hello, "the plan is in the greeting that is shown")
    project.release()
    events = [json.loads(line) for line in watcher.stdout]
    check(watcher.wait(LIMIT) == 0 and terminal.end() == 0, terminal.seen)
    kinds = [e["event"] for e in events]
    check(kinds[-1] == "done" and kinds.count("statement_done") == 7, kinds)
    check(any(e.get("past") for e in events) and not events[-1].get("past"), events)
    project.gone()


@test()
def only_one_steers(project):
    terminal = started(project)
    refused = project.retort("attach", "--order", "stop")
    check(refused.returncode == 1 and "somebody else steers" in refused.stderr, refused)
    taken = project.retort("attach", "--take", "--order", "stop")
    check(taken.returncode == 0, taken)
    check(terminal.end() == 1, terminal.seen)
    check("stopped by the operator" in terminal.seen, terminal.seen)
    check(project.ended()[0] == "stopped", project.ended())
    project.gone()


@test()
def a_foreground_run_is_not_taken(project):
    terminal = started(project, "--foreground")
    refused = project.retort("attach", "--take", "--order", "stop")
    check(refused.returncode == 1 and "the process that it runs in" in refused.stderr, refused)
    watcher = attached(project)
    watcher.stdout.readline()
    project.release()
    check("done: everything" in watcher.stdout.read() and watcher.wait(LIMIT) == 0, watcher)
    check(terminal.end() == 0, terminal.seen)
    project.gone()


@test()
def on_a_terminal_lines_are_orders(project):
    started(project).kill(signal.SIGKILL)
    terminal = project.terminal("attach")
    terminal.expect("steering from here")
    terminal.type("pause\n")
    terminal.type("bogus\n")  # what comes after it was read, so it was sent
    terminal.expect("orders: step,")
    project.release()
    terminal.expect("paused")
    check(project.version() == "", "it did not pause")
    terminal.type("finish_revision\n")
    terminal.expect("committed")
    terminal.type("step\n")
    terminal.expect("1/2 done: CREATE TABLE")
    terminal.type("run_all\n")
    check(terminal.end() == 0, terminal.seen)
    check(project.ended() == ("done", ""), project.ended())
    project.gone()


@test()
def one_can_leave(project):
    started(project).kill(signal.SIGKILL)
    terminal = project.terminal("attach")
    terminal.expect("steering from here")
    terminal.type("leave\n")
    check(terminal.end() == 0, terminal.seen)
    project.release()
    check(project.ended() == ("done", ""), project.ended())
    project.gone()


@test()
def no_run_is_on(project):
    nothing = project.retort("attach")
    check(nothing.returncode == 1 and "no run is on" in nothing.stderr, nothing)


@test()
def a_failed_statement_is_left_out(project):
    """By one who comes after the failure, and types the database's name."""
    started(project).kill(signal.SIGKILL)
    project.sql("CREATE TABLE t2 (x text)")  # aa02 will fail
    project.release()
    wait_for("the failure", lambda: any(r["kind"] == "failed" for r in project.journal()))
    refused = project.retort("attach", "--order", "skip")
    check(refused.returncode == 3 and "--confirm " + project.name in refused.stderr, refused)
    refused = project.retort("attach", "--order", "skip", "--confirm", "other")
    check(refused.returncode == 3, refused)
    skipped = project.retort("attach", "--order", "skip", "--confirm", project.name)
    check(skipped.returncode == 0, skipped)
    check(project.ended() == ("done", ""), project.ended())
    check(project.version() == "aa02", project.version())
    project.gone()


# -- nobody is there -------------------------------------------------------------------------------


@test(settings="detached_timeout = 500ms\n")
def nobody_answers(project):
    """Left where it waits for an answer: rolled back after detached_timeout, and journalled."""
    project.sql("CREATE TABLE t2 (x text)")  # aa02 will fail
    started(project).kill(signal.SIGKILL)
    project.release()
    state, message = project.ended()
    check(state == "stopped" and "already exists" in message, state, message)
    check(project.version() == "aa01", project.version())
    project.gone()


@test(settings="detached_timeout = 500ms\n")
def nobody_goes_on(project):
    """Paused in a transaction."""
    started(project).kill(signal.SIGKILL)
    paused = project.retort("attach", "--order", "pause")
    check(paused.returncode == 0, paused)
    project.release()
    state, message = project.ended()
    check(state == "stopped" and "nobody steered it for 0.5 s" in message, state, message)
    check(project.version() == "", project.version())
    check(project.sql("SELECT to_regclass('t1')") == "", "it was not rolled back")
    project.gone()


# -- the socket ------------------------------------------------------------------------------------


@test()
def a_socket_is_private(project):
    terminal = started(project)
    (path,) = project.sockets()
    check(path.name == project.journal()[0]["run"] + ".sock", path)
    check(stat.S_IMODE(project.folder().stat().st_mode) == 0o700, "the folder is open")
    check(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, "the socket is open")
    project.release()
    check(terminal.end() == 0, terminal.seen)
    project.gone()


@test()
def an_open_folder_is_refused(project):
    project.folder().mkdir(parents=True)
    project.folder().chmod(0o770)
    terminal = project.terminal("--yes", "upgrade", "head")
    check(terminal.end() == 1, terminal.seen)
    check("not a private folder of this user" in terminal.seen, terminal.seen)
    check(project.version() == "", project.version())


@test()
def a_stale_socket_is_removed(project):
    project.folder().mkdir(parents=True, mode=0o700)
    project.folder().chmod(0o700)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(project.folder() / "20260101T000000Z-1-0000.sock"))
    listener.close()
    nothing = project.retort("attach")
    check(nothing.returncode == 1 and "no run is on" in nothing.stderr, nothing)
    check(not project.sockets(), project.sockets())


@test()
def a_long_path(project):
    """Longer than the 107 bytes of sun_path."""
    project.state = project.top / ("s" * 120)
    started(project).kill(signal.SIGKILL)
    stopped = project.retort("attach", "--order", "stop")
    check(stopped.returncode == 0, stopped)
    check(project.ended()[0] == "stopped", project.ended())
    project.gone()


@test()
def others_are_turned_away(project):
    if os.geteuid() != 0:
        return
    terminal = started(project)
    (path,) = project.sockets()
    for above in (path, *path.parents):  # as if the folders did not protect it
        if above != pathlib.Path("/") and above != pathlib.Path("/tmp"):
            above.chmod(0o777)
    # In a process of its own, with a foreign user id.
    said = subprocess.run([sys.executable, "-c", """
import os, socket, sys
os.setgroups([]); os.setgid(65534); os.setuid(65534)
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
try:
    s.sendall(b'{"open": 1, "as": "steer"}\\n')
    print(len(s.recv(100)))
except OSError:
    print(0)
""", str(path)], capture_output=True, text=True, timeout=LIMIT)
    check(said.stdout.strip() == "0", said)
    project.release()
    check(terminal.end() == 0, terminal.seen)


@test()
def clients_that_misbehave(project):
    """Each is dropped, and the run takes no notice."""
    terminal = started(project)
    (path,) = project.sockets()
    for line in (b"nonsense\n", b"[]\n", b'{"open": 99, "as": "steer"}\n', b'{"order": "stop"}\n',
                 b'{"open": 1, "as": "boss"}\n', b'{"open": 1, "as": "watch"}\n{"what": 1}\n',
                 b"\xff\xfe\n", b'{"open": 1, "as": "watch"}\n' + b'{"order": "x"}\n' * 2000):
        client = socket.socket(socket.AF_UNIX)
        client.connect(str(path))
        client.settimeout(LIMIT)
        client.sendall(line)
        try:
            while client.recv(1 << 20):
                pass
        except ConnectionResetError:
            pass
        client.close()
    silent = [socket.socket(socket.AF_UNIX) for _ in range(40)]  # more than it takes
    for client in silent:
        client.connect(str(path))
    project.release()
    check(terminal.end() == 0, terminal.seen)
    check(project.version() == "aa02", project.version())
    project.gone()


@test(revisions=[["CREATE TABLE t1 (x int)", WAIT, TALK]])
def a_client_that_does_not_read(project):
    """It is told more than it takes, is dropped, and holds nothing up."""
    started(project).kill(signal.SIGKILL)
    (path,) = project.sockets()
    client = socket.socket(socket.AF_UNIX)
    client.connect(str(path))
    client.sendall(b'{"open": 1, "as": "watch"}\n')
    project.release()
    check(project.ended() == ("done", ""), project.ended())
    wait_for("the worker's end", lambda: not alive(project.worker()))


def main():
    failures = 0
    wanted = sys.argv[1:]
    for number, (test_function, revisions, settings) in enumerate(TESTS):
        name = test_function.__name__
        if failures > 3:
            print("too many failures: the rest is left out")
            break
        if wanted and name not in wanted:
            continue
        project = Project("w%d" % number, revisions, settings)
        begin = time.monotonic()
        try:
            test_function(project)
        except (Failed, OSError, ValueError, subprocess.SubprocessError) as e:
            failures += 1
            print("FAIL: %s: %s: %s" % (name, type(e).__name__, e))
        else:
            print("ok: %s (%.1f s)" % (name, time.monotonic() - begin))
        project.release()
        sys.stdout.flush()
    return failures > 0


sys.exit(main())
