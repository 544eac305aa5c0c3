"""`retort shell` from a pipe: flags confirm, the first error stops, the end stops a run (see shell.sh)."""
import pathlib
import signal
import subprocess
import tempfile

from shell_common import (NAME, RETORT, URL, check, environment, finish, piped, reset, sql, where,
                          write_project)


def shows(r, code, *texts):
    return r.returncode == code and all(text in r.stdout + r.stderr for text in texts)


def confirmations(top):
    reset()
    r = piped(top, "upgrade aa01\ny\n")
    check("no answer is read from the input", shows(r, 3, "needs --yes"), r)
    check("nothing ran", sql("SELECT to_regclass('t')") == "")
    r = piped(top, "upgrade aa01\ny\n", "--keep-going")
    check("y is a line like any other", shows(r, 3, "no verb 'y'"), r)
    check("nothing ran", sql("SELECT to_regclass('t')") == "")
    r = piped(top, "upgrade aa01 --yes\nall\ncurrent\n")
    check("--yes confirms, all runs", shows(r, 0, "everything is committed", "\naa01"), r)
    check("no prompt goes anywhere", ")> " not in r.stdout + r.stderr, r)
    r = piped(top, "downgrade base --yes\nall\n")
    check("--yes is not enough", shows(r, 3, "--confirm " + NAME) and where() == "aa01", r)
    r = piped(top, "downgrade base --confirm other\nall\n")
    check("nor is another name", shows(r, 3, "other") and where() == "aa01", r)


def failure_edit_retry(top):
    r = piped(top, "upgrade aa02 --yes\nall\ncurrent\n")
    check("a failed statement ends it", shows(r, 1, "could not create unique index"), r)
    check("and nothing comes after it", "\naa01" not in r.stdout, r)
    check("rolled back", where() == "aa01" and sql("SELECT to_regclass('u')") == "")
    r = piped(top, "upgrade aa02 --yes\nstep\nall\nedit\nretry\nall\ncurrent\n", "--keep-going")
    check("edit and retry", shows(r, 1, "CREATE INDEX t_id ON t (id)", "EDITED", "\naa02"), r)
    check("as edited", where() == "aa02" and
          sql("SELECT indisunique FROM pg_index WHERE indexrelid = 't_id'::regclass") == "f")
    r = piped(top, "downgrade -1 --confirm %s\nstep\nstep-revision\ncurrent\n" % NAME)
    check("back with the name", shows(r, 0, "\naa01") and where() == "aa01", r)


def edits(top):
    r = piped(top, "plan aa02\nedit 2\nw %s/out.sql\nsql\nrun --yes\nall\n" % top)
    check("an edit before the run", shows(r, 0, "EDITED", "everything is committed"), r)
    check("w has it", "CREATE INDEX t_id" in (top / "out.sql").read_text())
    check("as edited", where() == "aa02")
    r = piped(top, "downgrade -1 --confirm %s\nall\nw %s/out.sql\n" % (NAME, top))
    check("a file is not overwritten, and there is no plan", r.returncode == 255, r)
    r = piped(top, "plan aa02\nedit\nrevert --yes\nrevert\n")
    check("the whole plan, and back", shows(r, 0, "-CREATE UNIQUE INDEX", "+CREATE INDEX",
                                            "as it was rendered", "nothing was edited"), r)
    r = piped(top, "plan aa02\nedit\nupgrade aa02 --yes\nstep\nundo\nmoves\nabort\n")
    check("edits are carried into the next plan", shows(r, 0, "edits of 1 revision are kept"), r)
    r = piped(top, "plan aa02\nedit\nsave aa02\n")
    check("saved into the file", shows(r, 0) and
          "CREATE INDEX t_id" in (top / "migrations/versions/aa02.py").read_text(), r)
    write_project(top)
    broken = top / "broken"
    broken.write_text("#!/bin/sh\nread line && touch %s/swallowed; echo \"'\" >\"$1\"\n" % top)
    broken.chmod(0o755)
    r = piped(top, "plan aa02\nedit 1\nhistory\n", EDITOR=str(broken))
    check("what is no SQL is refused, and kept", shows(r, 255, "the text is kept in"), r)
    check("the editor reads no line of ours", not (top / "swallowed").exists(), r)


def breakpoints_and_moves(top):
    r = piped(top, "plan aa01:aa02\n")
    check("a range is no target", r.returncode != 0, r)
    r = piped(top, "plan aa02\nbreak 2\nbreak\nrun --yes\nall\nbreak 2\nabort\nbreak\n")
    check("a breakpoint stops it", shows(r, 255, "stops before statement 1.2", "\n1.2\n",
                                         "does not stop before", "there is no plan"), r)
    r = piped(top, "upgrade aa02 --yes\nstep\nundo\nstep\nstop\ncurrent\n")
    check("undo, and stop", shows(r, 0, "rolled back", "what is committed stays", "\naa01"), r)
    r = piped(top, "upgrade aa02 --yes\nall\nskip\nall\ncurrent\n", "--keep-going")
    check("skip wants the name", shows(r, 3, "--confirm " + NAME) is False and r.returncode == 1 and
          "--confirm " + NAME in r.stderr and where() == "aa01", r)
    r = piped(top, "upgrade aa02 --yes\nall\nskip --confirm %s\nall\n" % NAME, "--keep-going")
    check("skip", "left out" in r.stdout and where() == "aa02", r)
    sql("CREATE INDEX t_id ON t (id)")
    r = piped(top, "downgrade -1 --confirm %s\nall\n" % NAME)
    check("and back", r.returncode == 0 and where() == "aa01", r)


def ends(top):
    r = piped(top, "upgrade aa02 --yes\nstep\n")
    check("the end in the middle of a run", shows(r, 1, "in the middle of a run", "rolled back"), r)
    check("is rolled back", where() == "aa01" and sql("SELECT to_regclass('u')") == "")
    r = piped(top, "upgrade aa02 --yes\nq\n")
    check("q does not leave a run", shows(r, 1, "a run is active") and where() == "aa01", r)
    r = piped(top, "stamp aa02 --yes\nall")
    check("half a line is not carried out", r.returncode == 1 and where() == "aa01", r)
    r = piped(top, "")
    check("nothing at all is fine", shows(r, 0) and r.stdout + r.stderr == "", r)
    r = piped(top, "# a comment\n\n  \nq\nhistory\n")
    check("q ends it", shows(r, 0) and r.stdout == "", r)


def ended_by(top, number, status):
    """A signal in the middle of a run, which is in this process: what is open is rolled back."""
    p = subprocess.Popen([RETORT, "--url", URL, "shell"], cwd=top, env=environment(top), text=True,
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    p.stdin.write("upgrade aa02 --yes\nstep\n")
    p.stdin.flush()
    seen = ""
    while "1/3 done" not in seen:
        line = p.stdout.readline()
        if not line:
            break
        seen += line
    p.send_signal(number)
    seen += p.stdout.read()
    p.stdin.close()
    check("signal %d" % number, p.wait(60) == status, seen)
    check("is rolled back", where() == "aa01" and sql("SELECT to_regclass('u')") == "", seen)


def lines(top):
    r = piped(top, "histroy\n")
    check("a verb is suggested", shows(r, 2, "no verb 'histroy'", "did you mean 'history'?"), r)
    r = piped(top, "current\nheads --nonsense\nhistory\n")
    check("the first error stops", r.returncode == 2 and "->" not in r.stdout, r)
    r = piped(top, "heads 'a\n")
    check("a quote without its end", shows(r, 2, "quote"), r)
    r = piped(top, "init x\n")
    check("what means nothing here", shows(r, 2, "no verb 'init'"), r)
    r = piped(top, "heads --url postgresql://h/d\n")
    check("no other database by the way", shows(r, 2, "connect"), r)
    r = piped(top, "goto shop\nshow\nsql\nheads --json\nset scope=run\nplan head\nlog\n:help plan\n")
    check("reading", shows(r, 0, "aa01 -> aa02 (shop)", "Rev: aa02", "CREATE UNIQUE INDEX",
                           '"heads"', "one transaction for the whole run", "plan [REV]"), r)
    ini = top / "alembic.ini"
    text = ini.read_text()
    ini.write_text(text + "[billing]\nscript_location = %%(here)s/migrations\nsqlalchemy.url = %s\n"
                   % URL.replace(NAME, "postgres"))
    r = piped(top, "connect billing\nplan aa01\nconnect\ncurrent\n")
    check("connect to a section, and back", shows(r, 0, "in database postgres", "\naa01"), r)
    ini.write_text(text)
    r = piped(top, "connect nowhere\n")
    check("connect to what is not there", r.returncode != 0, r)
    r = piped(top, "upgrade head --sql\n")
    check("--sql prints", r.returncode == 0 and "CREATE TABLE t" in r.stdout and where() == "aa01", r)
    r = piped(top, "upgrade head --json --yes\n")
    check("no JSON of a run", shows(r, 2, "text"), r)


def protected(top):
    ini = top / "alembic.ini"
    text = ini.read_text()
    ini.write_text(text + "[retort]\nprotected = true\n")
    confirm = " --confirm " + NAME + "\n"
    r = piped(top, "stamp aa02" + confirm + "all\n")
    check("read-only before unlock", shows(r, 3, "protected and read-only") and where() == "aa01", r)
    r = piped(top, "unlock\n")
    check("unlock wants the name", shows(r, 3, "--confirm " + NAME), r)
    r = piped(top, "unlock" + confirm + "lock\nstamp aa02" + confirm)
    check("lock takes it back", shows(r, 3, "protected and read-only"), r)
    r = piped(top, "unlock" + confirm + "stamp aa02 --yes\n")
    check("the name for every change", shows(r, 3, "--confirm " + NAME) and where() == "aa01", r)
    r = piped(top, "unlock" + confirm + "stamp aa02" + confirm + "all\n")
    check("unlocked, and named", r.returncode == 0 and where() == "aa02", r)
    ini.write_text(text)


with tempfile.TemporaryDirectory() as folder:
    top = pathlib.Path(folder).resolve()
    write_project(top)
    confirmations(top)
    failure_edit_retry(top)
    edits(top)
    breakpoints_and_moves(top)
    ends(top)
    ended_by(top, signal.SIGTERM, 128 + signal.SIGTERM)
    ended_by(top, signal.SIGINT, 130)
    lines(top)
    protected(top)
finish()
