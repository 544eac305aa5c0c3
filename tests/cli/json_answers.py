"""Every command with --json: standard output is JSON and nothing else, each object says the version of
its form, has the members that the manual gives the command, and the exit status is the one without.

Run by json.sh: json_answers.py DATABASE_URL FOLDER
"""
import json
import os
import pathlib
import pty
import re
import signal
import subprocess
import sys
import time

RETORT = os.environ["RETORT"]
URL, TOP = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
MANUAL = (pathlib.Path(os.environ["top_srcdir"]) / "man" / "retort-json.5").read_text()
PROJECT = TOP / "p"
FORM = 1
FILES = {
    "alembic.ini": "[alembic]\nscript_location = %(here)s/migrations\nprepend_sys_path = .\n"
                   "[post_write_hooks]\nhooks = echo\necho.type = exec\necho.executable = echo\n"
                   "[loggers]\nkeys = root\n[handlers]\nkeys = console\n[formatters]\nkeys =\n"
                   "[logger_root]\nlevel = INFO\nhandlers = console\n"
                   "[handler_console]\nclass = StreamHandler\nargs = (sys.stdout,)\n",
    "models.py": "import sqlalchemy as sa\nmetadata = sa.MetaData()\n"
                 "sa.Table('t', metadata, sa.Column('id', sa.Integer, primary_key=True))\n",
    "migrations/env.py": """from logging.config import fileConfig
from alembic import context
import models
fileConfig(context.config.config_file_name, disable_existing_loggers=False)
print("env.py speaks")
context.configure(dialect_name="postgresql", target_metadata=models.metadata, literal_binds=True)
with context.begin_transaction():
    context.run_migrations()
""",
    "migrations/script.py.mako": '"""${message}"""\nrevision = ${repr(up_revision)}\n'
                                 "down_revision = ${repr(down_revision)}\n\n\n"
                                 "def upgrade():\n    ${upgrades if upgrades else 'pass'}\n\n\n"
                                 "def downgrade():\n    ${downgrades if downgrades else 'pass'}\n",
    "migrations/versions/aa01.py": '"""the first, caf\u00e9"""\nrevision = "aa01"\n'
                                   "down_revision = None\nfrom alembic import op\n"
                                   'def upgrade():\n    print("aa01 speaks")\n'
                                   '    op.execute("CREATE TABLE t (id serial PRIMARY KEY)")\n'
                                   'def downgrade(): op.execute("DROP TABLE t")\n',
    "migrations/versions/aa02.py": '"""asks"""\nrevision = "aa02"\ndown_revision = "aa01"\n'
                                   "import sqlalchemy as sa\nfrom alembic import op\n"
                                   "def upgrade():\n"
                                   '    n = op.get_bind().execute(sa.text("SELECT 1")).scalar()\n'
                                   '    op.execute("SELECT %d" % n)\n'
                                   "def downgrade(): pass\n",
    "migrations/versions/bb02.py": '"""sleeps"""\nrevision = "bb02"\ndown_revision = "aa01"\n'
                                   "from alembic import op\n"
                                   'def upgrade(): op.execute("SELECT pg_sleep(30)")\n'
                                   "def downgrade(): pass\n",
    "plain.sh": "#!/bin/sh\necho the editor speaks\n",
}
CASES = [  # command line, exit status, members of every object; ... for several objects
    ("--version", 0, "version libraries"),
    ("--help", 0, "options commands"),
    ("help upgrade", 0, "options commands"),
    ("heads", 0, "heads"),
    ("heads -v", 0, "heads"),
    ("history", 0, "revisions"),
    ("history -i", 0, "revisions"),
    ("show aa01", 0, "revisions"),
    ("branches", 0, "branches"),
    ("current", 0, "database version_table_exists rows at_head current"),
    ("list_templates", 0, "templates"),
    ("doctor", 0, "ok checks"),
    ("ensure_version --yes", 0, "target steps"),
    ("plan aa01", 0, "steps"),
    ("plan aa01 -o kept.plan", 0, "steps"),
    ("plan --plan kept.plan --edit", 0, "steps"),
    ("plan --plan kept.plan --script kept.sql", 0, "steps"),
    ("upgrade aa01 --yes", 0, "target steps"),
    ("upgrade aa01 --yes", 0, "target steps"),
    ("check", 255, "error exit"),  # not at the heads
    ("stamp heads --yes", 0, "target steps"),
    ("check", 0, "clean differences"),
    ("diff", 0, "at_head differences warnings left_out unseen_models"),
    ("stamp aa01 --yes", 0, "target steps"),
    ("render", 1, "... revision file direction status statements"),
    ("render aa01 --direction both", 0, "... revision file direction status statements"),
    ("render aa02 --live", 0, "... revision file direction status statements questions"),
    ("downgrade base --confirm shop", 0, "target steps"),
    ("revision -m new --head aa01 --splice --rev-id cc03", 0, "revision path"),
    ("revision -m hook --head cc03 --rev-id cc04 --run-hooks", 0, "revision path"),
    ("merge heads --rev-id dd05", 0, "revision path"),
    ("edit dd05", 0, "edited"),
    ("init other", 0, "template script_location made"),
    ("runs", 0, "runs"),
    ("runs --verify", 0, "changed runs"),
    ("resume", 0, "runs"),
    ("attach", 1, "error exit"),
    ("show nope", 255, "error exit"),
    ("heads --nope", 2, "error exit"),
    ("upgarde head", 2, "error exit"),
    ("upgrade", 2, "error exit"),
    ("upgrade nope", 255, "error exit"),
    ("upgrade aa01", 3, "error exit"),
    ("upgrade aa01 --sql", 2, "error exit"),
    ("-c nowhere.ini heads", 255, "error exit"),
    ("--url postgresql://nobody@localhost:1/none current", 1, "error exit"),
    ("help nope", 2, "error exit"),
    ("runs nope", 2, "error exit"),
    ("resume nope", 2, "error exit"),
    ("init other", 255, "error exit"),
    ("edit nope", 255, "error exit"),
    ("demo", 0, "..."),
]
failures = 0


def wrong(*what):
    global failures
    failures += 1
    print("FAIL:", *what)


def environment():
    return {**os.environ, "XDG_STATE_HOME": str(TOP / "state"), "EDITOR": str(PROJECT / "plain.sh"),
            "VISUAL": "", "RETORT_URL": URL}


def run(*argv):
    return subprocess.run([RETORT, *argv], cwd=PROJECT, env=environment(), capture_output=True,
                          text=True, stdin=subprocess.DEVNULL, timeout=120)


def objects(text):
    """All that stands in the text, which must be JSON and blanks."""
    decoder, found = json.JSONDecoder(), []
    while text := text.lstrip():
        one, end = decoder.raw_decode(text)
        found.append(one)
        text = text[end:]
    return found


def check(line, code, members, done):
    *several, wanted = ("", members) if not members.startswith("...") else ("...", members[3:])
    try:
        found = objects(done.stdout)
    except ValueError as error:
        return wrong(line, "answers no JSON:", error, repr(done.stdout))
    if done.returncode != code:
        wrong(line, "ends with", done.returncode, "not", code, done)
    if not found or (len(found) > 1 and not several[0]):
        wrong(line, "answers %d objects" % len(found), done)
    for one in found:
        if list(one)[:1] != ["retort"] or one["retort"] != FORM:
            wrong(line, "has no version of its form first:", one)
        if missing := set(wanted.split()) - set(one):
            wrong(line, "lacks", sorted(missing), one)
        if ("error" in one) and (one.get("exit") != done.returncode or not one["error"]["message"]):
            wrong(line, "has another exit status in it:", one)
    return found


def documented():
    """Every member that is checked here stands in the manual."""
    words = set(re.findall(r"[a-z_]+", " ".join(
        line[7:] for line in MANUAL.split("\n") if line.startswith(".It Li "))))
    words |= {word for line in re.findall(r"(?m)^\.Li (.*)$", MANUAL) for word in line.split()}
    for line, _, members in CASES:
        for member in members.strip(". ").split():
            if member not in words:
                wrong("the manual does not have", member, "of", line)


def all_commands():
    """No command is left out; --help has them all."""
    have = {command["name"] for command in objects(run("--help", "--json").stdout)[0]["commands"]}
    tried = {word for line, _, _ in CASES for word in line.split()} | {"shell"}
    if have - tried:
        wrong("not tried:", sorted(have - tried))


def a_run():
    """One that is on, in a worker since there is a terminal, seen and steered; then it is killed,
    and found broken off."""
    _, terminal = pty.openpty()
    with subprocess.Popen([RETORT, "upgrade", "bb02", "--yes", "--json"], cwd=PROJECT,
                          env=environment(), stdin=terminal, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as runs:
        for _ in range(600):
            if "is on" not in run("attach", "--order", "nope").stderr and asleep():
                break
            time.sleep(0.05)
        with subprocess.Popen([RETORT, "attach", "--json"], cwd=PROJECT, env=environment(),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as sees:
            hello = sees.stdout.readline()
            sees.stdout.readline()
            sees.send_signal(signal.SIGINT)
            rest = sees.stdout.read()
        for text in (hello, rest):
            for one in objects(text):
                if one.get("retort") != FORM or "kind" not in one:
                    wrong("attach answers", one)
        if not re.fullmatch(r"\d+\.\d+.*", json.loads(hello).get("version", "")):
            wrong("attach does not greet with the version:", hello)
        check("attach --order pause", 0, "run order", run("attach", "--take", "--order", "pause", "--json"))
        runs.kill()
    os.kill(json.loads(hello)["pid"], signal.SIGKILL)
    psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'")
    while asleep():
        time.sleep(0.05)
    name = json.loads(hello)["run"]
    found = check("resume", 0, "runs", run("resume", "--json"))
    if [one["run"] for one in found[0]["runs"]] != [name]:
        wrong("resume does not have the run:", found)
    check("runs RUN", 0, "run", run("runs", name, "--json"))
    check("runs --export", 0, "run exported", run("runs", name, "--export", "run.journal", "--json"))
    check("resume --mark-not-done", 0, "run move",
          run("resume", "--mark-not-done", "--yes", "--json"))


def psql(sql):
    return subprocess.run(["psql", "-XqAt", "-d", "shop", "-c", sql], capture_output=True,
                          text=True).stdout.strip()


def asleep():
    return psql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'") == "1"


def odd_bytes():
    """A path that is no UTF-8."""
    folder = os.fsencode(PROJECT) + b"/caf\xe9"
    os.makedirs(folder + b"/migrations/versions")
    for name in ("alembic.ini", "models.py", "migrations/env.py", "migrations/versions/aa01.py"):
        with open(folder + b"/" + name.encode(), "w") as file:
            file.write(FILES[name])
    done = subprocess.run([RETORT, "show", "aa01", "--json"], cwd=folder, env=environment(),
                          capture_output=True, text=True, errors="strict")
    found = check("show in a folder of Latin-1", 0, "revisions", done)
    if not found[0]["revisions"][0]["path"].endswith("/caf\ufffd/migrations/versions/aa01.py"):
        wrong("the path of Latin-1:", found)


def main():
    for name, text in FILES.items():
        path = PROJECT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755 if name.endswith(".sh") else 0o644)
    documented()
    all_commands()
    for line, code, members in CASES:
        check(line, code, members, run(*line.split(), "--json"))
    # a_run() is for a database that is at aa01 and has a head to go to
    for new in ("cc03", "cc04", "dd05"):
        for path in (PROJECT / "migrations" / "versions").glob(new + "*"):
            path.unlink()
    run("upgrade", "aa01", "--yes")
    a_run()
    odd_bytes()


main()
sys.exit(1 if failures else 0)
