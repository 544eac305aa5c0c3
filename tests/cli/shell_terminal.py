"""`retort shell` on a pseudo terminal: editing, stepping, confirmations, signals (see shell.sh)."""
import os
import pathlib
import signal
import socket
import stat
import subprocess
import sys
import tempfile

from shell_common import (NAME, RETORT, URL, Terminal, check, environment, finish, poll, reset, sql,
                          where, write_project)


def steps(top, term):
    """Up by steps: a failure, an edit, a retry; then back, with a wrong and the right name."""
    reset()
    t = Terminal(top, TERM=term)
    t.wait("base (3 behind)> ")
    seen = t.line("upgrade aa02", "[y/N] ")
    check("the plan is shown before the question", "2 revisions, 6 statements" in seen, seen)
    t.line("n", "not confirmed")
    t.wait("planned> ")
    check("no is no", sql("SELECT to_regclass('t')") == "")
    t.line("run", "[y/N] ")
    t.line("y", "paused at 1.1> ")
    seen = t.line("step", "paused at 1.2, in transaction> ")
    check("one statement ran", "CREATE TABLE t" in seen and "INSERT INTO t" not in seen, seen)
    t.line("S", "paused at 2.1> ")
    check("the first revision is committed", where() == "aa01")
    seen = t.line("all", "failed at 2.2> ")
    check("the failure is told", "could not create unique index" in seen, seen)
    seen = t.line("moves", "failed at 2.2> ")
    check("moves", "retry" in seen and "skip" in seen, seen)
    t.line("skip", "to go on: ")
    t.line("y", "not confirmed")
    t.wait("failed at 2.2> ")
    seen = t.line("edit", "failed at 2.2> ")
    check("the edit and its marks are shown",
          "CREATE INDEX t_id ON t (id)" in seen and "EDITED" in seen and "SHARE on t" in seen, seen)
    t.line("retry", "aa02 (1 behind)> ")  # and on, as it was ordered: all
    check("the second revision is committed", where() == "aa02", t.plain(t.all))
    check("as edited", sql("SELECT indisunique FROM pg_index WHERE indexrelid = 't_id'::regclass") == "f")

    t.line("downgrade -1", "to go on: ")
    t.line("y", "not confirmed")
    t.wait("planned> ")
    check("y is not the name", where() == "aa02")
    t.line("run", "to go on: ")
    t.line(NAME, "paused at 1.1> ")
    t.line("all", "aa01 (2 behind)> ")
    check("rolled back", where() == "aa01" and sql("SELECT to_regclass('u')") == "")
    t.send("q\n")
    check("q leaves", t.end() == 0, t.plain(t.all))


def interrupts(top):
    """Ctrl-C clears a line, and cancels a statement; Ctrl-D asks during a run."""
    sql("UPDATE alembic_version SET version_num = 'aa02'; CREATE TABLE u (id int)")
    t = Terminal(top)
    t.wait("(1 behind)> ")
    t.send("downgrade base")
    t.wait("downgrade base")
    t.send("\x03")
    t.wait("(1 behind)> ")
    seen = t.line("current", "(1 behind)> ")
    check("Ctrl-C clears the line", "downgrade" not in seen and "aa02" in seen, seen)
    t.line("upgrade head", "[y/N] ")
    t.line("y", "paused at 1.1> ")
    t.send("all\n")
    t.wait("pg_sleep(600)")
    poll("the statement is on the server",
         lambda: sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == "1")
    t.send("\x03")
    t.wait("cancel sent")
    seen = t.wait("failed at 1.2> ")
    check("the server cancels", "57014" in seen, seen)
    t.send("\x04")
    t.wait("a run is on")
    t.line("x", "failed at 1.2> ")
    t.line("abort", "aa02 (1 behind)> ")
    check("rolled back", sql("SELECT to_regclass('v')") == "")
    t.send("\x04")
    check("Ctrl-D leaves", t.end() == 0, t.plain(t.all))


def leaves_to_worker(top):
    t = Terminal(top)
    t.wait("> ")
    t.line("upgrade head", "[y/N] ")
    t.line("y", "paused at 1.1> ")
    t.line("step", "in transaction> ")
    t.line("detach", "left to its worker")
    t.wait("> ")
    seen = t.line("attach", "in transaction> ")
    check("attach steers", "steering from here" in seen or "CREATE TABLE v" in seen, seen)
    os.kill(t.pid, signal.SIGHUP)  # the terminal is gone
    check("hung up", t.end() == 128 + signal.SIGHUP, t.plain(t.all))
    r = subprocess.run([RETORT, "attach", "--order", "stop"], cwd=top, env=environment(top),
                       capture_output=True, text=True, timeout=60)
    check("the worker has it still", r.returncode == 0, r)
    poll("rolled back", lambda: sql("SELECT count(*) FROM pg_stat_activity WHERE "
                                    "application_name LIKE 'retort%'") == "0")
    check("nothing of it is left", where() == "aa02" and sql("SELECT to_regclass('v')") == "")


def heard_at_the_prompt(top):
    """What another client does is told while a line is being typed, and the line stays."""
    t = Terminal(top)
    t.wait("> ")
    t.line("upgrade head", "[y/N] ")
    t.line("y", "paused at 1.1> ")
    t.send("curr")
    t.wait("curr")
    r = subprocess.run([RETORT, "attach", "--take", "--order", "step"], cwd=top,
                       env=environment(top), capture_output=True, text=True, timeout=60)
    check("another one steers", r.returncode == 0, r)
    seen = t.wait("paused at 1.2, in transaction, watching> curr")
    check("and it is told", "CREATE TABLE v" in seen, seen)
    seen = t.line("\x15step", "watching> ")
    check("who watches does not step", "somebody else steers" in seen, seen)
    t.line("take", "paused at 1.2, in transaction> ")
    t.line("abort", "aa02 (1 behind)> ")
    t.send("q\n")
    check("left", t.end() == 0)


def end_in_prompt(top):
    t = Terminal(top)
    t.wait("> ")
    t.line("upgrade head", "[y/N] ")
    t.send("\x04")
    t.wait("not confirmed")
    t.wait("planned> ")
    check("the end of input is no yes", where() == "aa02")
    t.send("\x04")
    code = t.end()
    check("and leaves", code == 0, (code, t.plain(t.all)))


def completion_and_history(top):
    t = Terminal(top)
    t.wait("> ")
    t.send("upg\t")
    t.wait("upgrade")
    t.send("sho\t")  # the label
    t.wait("shop")
    t.send("\x15")
    t.send("set lock_t\t")
    t.wait("lock_timeout")
    t.send("\x15")
    t.line("set lock_timeout=7s", "> ")
    seen = t.line("set", "> ")
    check("set keeps it", "lock_timeout=7s" in seen, seen)
    seen = t.line("set lock_timeout=soon", "> ")
    check("and checks it", "soon" in seen and "error" in seen, seen)
    seen = t.line("set protected=false", "> ")
    check("a guard is no setting", "error" in seen, seen)
    t.line("connect postgresql://postgres:hunter2@/%s?host=%s" % (NAME, os.environ["PGHOST"]), "> ")
    t.line("plan head --confirm " + NAME, "> ")
    t.line("history", "> ")
    check("no password is shown", "hunter2" not in t.plain(t.all).replace(
        "connect postgresql://postgres:hunter2@", ""), t.plain(t.all))
    t.send("\x1b[A\x1b[A")
    t.wait("set protected=false")
    t.send("\x15\x1b[200~current\nhistory\n\x1b[201~")  # pasted: nothing runs
    t.wait("current history")
    t.send("\x15q\n")
    t.end()
    path = top / "state/retort/shell_history"
    kept = path.read_text()
    check("the history has lines", "upgrade" in kept and "set lock_timeout=7s" in kept, kept)
    check("and no secret, and no answer",
          not any(word in kept for word in ("hunter2", "://", "--confirm", "\n" + NAME)), kept)
    check("nobody else reads it", stat.S_IMODE(path.stat().st_mode) == 0o600)
    t = Terminal(top)
    t.wait("> ")
    t.send("\x1b[A")
    t.wait("q")
    t.send("\x1b[A")
    t.wait("history")
    t.send("\x15q\n")
    t.end()


def protected(top):
    ini = top / "alembic.ini"
    text = ini.read_text()
    ini.write_text(text + "[retort]\nprotected = true\nlabel = prod\n")
    t = Terminal(top)
    seen = t.wait("> ")
    check("the prompt says so", "[prod] (protected)" in seen, seen)
    seen = t.line("upgrade head", "planned> ")
    check("read-only", "protected and read-only" in seen, seen)
    t.line("unlock", "to go on: ")
    t.line("other", "not confirmed")
    t.wait("(protected)")
    t.line("unlock", "to go on: ")
    t.line(NAME, "(unlocked)")
    t.line("run", "to go on: ")
    t.line("y", "not confirmed")
    t.wait("planned> ")
    t.send("q!\n")
    t.end()
    ini.write_text(text)


def silent_server(top):
    """A server that takes the connection and says nothing: Ctrl-C gives it up."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = "postgresql://nobody@127.0.0.1:%d/none" % server.getsockname()[1]
        t = Terminal(top, program=[RETORT, "--url", url, "shell"])
        t.wait("help lists the verbs")
        kept, _ = server.accept()
        t.send("\x03")
        t.wait("retort: error: cancelled")
        t.wait("> ")
        t.send("q\n")
        check("and the shell is there", t.end() == 0, t.plain(t.all))
        kept.close()


def plain_terminals(top):
    """Where no cursor can be moved: nothing but text comes out."""
    for term in ("dumb", "no-such-terminal", ""):
        t = Terminal(top, TERM=term)
        t.wait("> ")
        seen = t.line("current", "> ")
        check("TERM=%s answers" % term, "aa02" in seen, seen)
        t.send("down")
        t.send("\x03")
        t.wait("> ")
        t.send("q\n")
        check("TERM=%s ends" % term, t.end() == 0)
        check("TERM=%s gets no control sequences" % term, "\x1b" not in t.all, repr(t.all))


def in_script(top):
    """Within script(1)."""
    if subprocess.run(["sh", "-c", "command -v script"], capture_output=True).returncode != 0:
        return
    command = "%s --url '%s' shell" % (RETORT, URL)
    t = Terminal(top, program=["script", "-q", "-e", "-c", command, str(top / "typescript")])
    t.wait("> ")
    seen = t.line("current", "> ")
    check("within script(1)", "aa02" in seen, seen)
    t.send("q\n")
    code = t.end()
    check("script(1) ends", code == 0, (code, t.plain(t.all)))
    check("and has what was said", "aa02" in (top / "typescript").read_text())


with tempfile.TemporaryDirectory() as folder:
    top = pathlib.Path(folder).resolve()
    write_project(top)
    steps(top, "xterm")
    interrupts(top)
    leaves_to_worker(top)
    heard_at_the_prompt(top)
    end_in_prompt(top)
    completion_and_history(top)
    protected(top)
    plain_terminals(top)
    in_script(top)
    silent_server(top)
    steps(top, "dumb")
finish()
