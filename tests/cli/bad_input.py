"""Bad input at the command line that needs no database: identifiers that are none, options that are
ambiguous, unknown or contradict one another, output that cannot be written, folders and files that may
not be read or written, a full disk. Each is refused with its exit status and a message, and nothing
half written remains. What this machine does not allow to be tried is said ("note: ...").
"""
import itertools
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

RETORT = os.environ["RETORT"]
SOURCES = pathlib.Path(os.environ["top_srcdir"]) / "src" / "cli"
ENV = """from alembic import context
context.configure(dialect_name="postgresql", literal_binds=True)
with context.begin_transaction():
    context.run_migrations()
"""
MAKO = '"""${message}"""\nrevision = ${repr(up_revision)}\ndown_revision = ${repr(down_revision)}\n'
BODY = "from alembic import op\ndef upgrade(): op.execute('SELECT 1')\ndef downgrade(): pass\n"
failures = 0


def check(what, condition, *shown):
    global failures
    if not condition:
        failures += 1
        print("FAIL:", what, *shown)


def project(top, revisions=3):
    versions = top / "migrations" / "versions"
    versions.mkdir(parents=True)
    (top / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")
    (top / "migrations" / "env.py").write_text(ENV)
    (top / "migrations" / "script.py.mako").write_text(MAKO + BODY)
    for n in range(revisions):
        down = '"aa%02d"' % (n - 1) if n else "None"
        (versions / ("aa%02d.py" % n)).write_text(
            'revision = "aa%02d"\ndown_revision = %s\n' % (n, down) + BODY)
    return top


def environment(top):
    return {**os.environ, "HOME": str(top), "XDG_STATE_HOME": str(top / "state"), "EDITOR": "true"}


def run(top, *argv, before=(), **streams):
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL,
               **streams}
    return subprocess.run([*before, RETORT, *argv], cwd=top, env=environment(top), timeout=60,
                          text=True, errors="replace", **streams)


def refused(top, code, text, *argv, **more):
    done = run(top, *argv, **more)
    said = done.stderr + (done.stdout or "")
    check(argv, done.returncode == code and text in said, "wanted %d, %r:" % (code, text), done)


# -- identifiers

ODD = ["../x", "/etc/passwd", "it's", 'say "so"', "a\nb", "\x01\x1b[31m", "\udcff", "a" * 300,
       "'; DROP TABLE x; --", "%s%n", "aa*", "."]


def identifiers(top):
    """As something to look for: there is none. Nothing is opened by such a name."""
    for odd in ODD:
        text = "Can't locate revision identified by '%s'" % odd.encode("utf-8", "surrogateescape") \
            .decode("utf-8", "replace")
        for argv in (["show", odd], ["edit", odd], ["render", odd], ["upgrade", odd, "--sql"],
                     ["stamp", odd, "--sql"], ["history", "-r", odd + ":"], ["merge", odd],
                     ["downgrade", odd + ":base", "--sql"], ["revision", "--head", odd]):
            refused(top, 255, text, *argv)
        refused(top, 2, "no run is called '", "runs", odd)
        refused(top, 1, "no run is on", "attach", odd)
        refused(top, 2, "invalid choice: '", odd)
    refused(top, 1, "an empty revision identifier", "show", "")
    new_identifiers(top)


def new_identifiers(top):
    versions = top / "migrations" / "versions"
    before = set(versions.iterdir())
    refused(top, 255, "Character(s) '/' not allowed", "revision", "--rev-id", "../x", "-m", "m")
    refused(top, 255, "Character(s) '@' not allowed", "revision", "--rev-id", "a@b", "-m", "m")
    refused(top, 1, "File name too long", "revision", "--rev-id", "a" * 300, "-m", "m")
    check("no file of a refused id", set(versions.iterdir()) == before, list(versions.iterdir()))
    check("nothing beside the project", not (top.parent / "x_m.py").exists())
    done = run(top, "revision", "--rev-id", "", "-m", "m")  # as if it were not given: Alembic's rule
    found = re.search(r"/([0-9a-f]{12})_m\.py \.\.\.  done", done.stdout)
    check("an empty id is none", found, done)
    for path in set(versions.iterdir()) - before:
        path.unlink()


# -- options

def exclusions(top):
    """Every row of exclusions.def, with a command that has both options, in both orders."""
    rows = re.findall(r"^EXCLUDES\((\w+), (\w+)\)", (SOURCES / "exclusions.def").read_text(), re.M)
    options = {word: (letter, value) for word, letter, value in re.findall(
        r"^OPTION\(\w+, (?:0|'\w'), \"([a-z-]+)\"()()", (SOURCES / "options.def").read_text(), re.M)}
    values = dict(re.findall(r"^OPTION\((\w+), (?:0|'\w'), (?:NULL|\"[a-z-]+\"), (NULL|\"[^\"]+\")",
                             (SOURCES / "options.def").read_text(), re.M))
    commands = re.findall(r"^COMMAND\((\w+), \w+, (\w+),\s*([^\"]*),",
                          (SOURCES / "commands.def").read_text(), re.M)
    check("the tables are read", len(rows) > 10 and len(commands) > 20 and "sql" in options, rows)
    everywhere = {"JSON", "YES", "CONFIRM", "URL"}
    for first, second in rows:
        name, argument = next(
            (name, argument) for name, argument, own in commands
            if {first, second} <= set(re.findall(r"OPT\((\w+)\)", own)) | everywhere | {"QUIET"})
        positional = ["aa01"] if argument.startswith("REVISION") else []
        for pair in itertools.permutations((first, second)):
            front, behind = [], []
            for option in pair:
                word = "--" + option.lower().replace("_", "-")
                (front if option == "QUIET" else behind).extend(
                    [word] if values[option] == "NULL" else [word, "x"])
            done = run(top, *front, name, *positional, *behind)
            check(("exclusion", *front, name, *behind),
                  done.returncode == 2 and ": not allowed with argument " in done.stderr, done)
    refused(top, 2, "argument --json: not allowed with argument --script -",
            "plan", "--script", "-", "--json")
    refused(top, 255, "Using --sql with --autogenerate does not make any sense",
            "revision", "--sql", "--autogenerate")
    refused(top, 255, "Can't use --purge with --sql mode", "stamp", "--sql", "--purge", "aa01")


def options(top):
    refused(top, 2, "ambiguous option: --s could match --sql, --splice", "revision", "--s")
    refused(top, 2, "hint: did you mean 'help' or 'heads'?", "he")
    refused(top, 2, "hint: did you mean 'upgrade'?", "upg")
    refused(top, 2, "hint: did you mean 'help' or 'heads'?", "help", "he")
    refused(top, 2, "hint: did you mean --verbose?", "history", "--vrebose")
    refused(top, 2, "hint: what stands behind -- is no option: put --json before it", "history", "--", "--json")
    refused(top, 2, "usage: retort runs", "runs", "nope")
    refused(top, 2, "invalid choice: ''", "")
    refused(top, 2, "too few arguments")
    exclusions(top)


# -- output

PRINTING = ["--version", "--help", "help history", "heads", "heads -v", "history", "show aa01",
            "doctor --json", "list_templates", "render", "upgrade head --sql", "downgrade aa02:base --sql",
            "stamp aa01 --sql", "ensure_version --sql", "doctor", "runs", "heads --json",
            "render --json", "show nope", "init other", "revision -m x --rev-id full"]


def lost_output(top):
    for line in PRINTING if os.path.exists("/dev/full") else []:
        with open("/dev/full", "w") as full:
            done = run(top, *line.split(), stdout=full)
        check((line, "> /dev/full"), done.returncode in (1, 255)
              and "standard output: No space left on device" in done.stderr, done)
        shutil.rmtree(top / "other", ignore_errors=True)
        (top / "migrations/versions/full_x.py").unlink(missing_ok=True)
    for line in ("history", "render", "--help", "upgrade head --sql"):
        reader, writer = os.pipe()
        os.close(reader)
        done = run(top, *line.split(), stdout=writer)
        os.close(writer)
        check((line, "| nobody"), done.returncode == 141 and done.stderr == "", done)
        done = run(top, *line.split(), before=["sh", "-c", 'exec "$0" "$@" >&-'])
        check((line, ">&-"), done.returncode == 1 and "standard output: Bad file" in done.stderr, done)
        done = run(top, *line.split(), before=["sh", "-c", 'exec "$0" "$@" 2>&-'])
        check((line, "2>&-"), done.returncode == 0 and done.stdout, done)
    shell = subprocess.run(["sh", "-c", '"$RETORT" history | head -1'], cwd=top, text=True,
                           capture_output=True)
    check("history | head -1", shell.stdout == "aa01 -> aa02 (head), \n" and not shell.stderr, shell)


# -- permissions

def permissions(top):
    """As a user who is not root: what may not be read or written is named, and is not «missing»."""
    before = []
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            return print("note: as root and without setpriv: no permissions tried")
        before = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        subprocess.run(["chown", "-R", "65534:65534", str(top)], check=True)
    (top / "state" / "retort").mkdir(parents=True, exist_ok=True)
    (top / ".env").write_text("A=1\n")
    subprocess.run(["chmod", "-R", "a+rwX", str(top)], check=True)
    versions = top / "migrations" / "versions"
    files = sorted(versions.iterdir())
    for path, mode, argv in [
            (top / "alembic.ini", 0, ["heads"]), (top / ".env", 0, ["heads"]),
            (top / "migrations", 0, ["heads"]), (versions, 0, ["heads"]), (versions, 0, ["doctor"]),
            (versions / "aa01.py", 0, ["history"]), (top / "migrations/env.py", 0, ["current"]),
            (versions, 0o555, ["revision", "-m", "x"]),
            (top / "migrations/script.py.mako", 0, ["revision", "-m", "x"]),
            (top / "state", 0, ["runs"]), (top / "state/retort", 0, ["runs"]),
            (top / "state", 0, ["attach"]), (top, 0o555, ["init", "other"]),
            (top, 0, ["-c", str(top / "alembic.ini"), "heads"])]:
        old = path.stat().st_mode
        path.chmod(mode)
        done = subprocess.run([*before, RETORT, *argv], cwd="/" if path == top and not mode else top,
                              env=environment(top), capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=60)
        path.chmod(old)
        check((argv, oct(mode), path), done.returncode == 1
              and "Permission denied" in done.stdout + done.stderr and path.name in
              done.stdout + done.stderr, done)
        check((argv, path, "leaves nothing"), sorted(versions.iterdir()) == files,
              sorted(versions.iterdir()))


# -- a full disk

FULL = """set -e
mount -t tmpfs -o size=64k tmpfs "$1" || exit 77
cp -r "$2/." "$1"
cd "$1"
dd if=/dev/zero of=ballast bs=4k 2>/dev/null || true
"$RETORT" revision -m full --rev-id full >"$3/out" 2>&1 && status=0 || status=$?
ls -A migrations/versions >"$3/after"
"$RETORT" init other >>"$3/out" 2>&1 && exit 1
exit $status
"""


def full_disk(top, side):
    (side / "disk").mkdir()
    for enter in ("-m", "-Urm"):
        done = subprocess.run(["unshare", enter, "sh", "-c", FULL, "sh", side / "disk", top, side],
                              capture_output=True, text=True, timeout=60)
        if (side / "out").exists():
            break
    else:
        return print("note: no file system of its own can be mounted here: no full disk tried")
    said = (side / "out").read_text()
    check("a full disk", done.returncode == 1 and "No space left on device" in said, done, said)
    check("it leaves nothing", (side / "after").read_text().split()
          == ["aa00.py", "aa01.py", "aa02.py"], (side / "after").read_text())


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder).resolve()
        folder.chmod(0o755)
        side = folder / "side"
        side.mkdir()
        top = project(folder / "p")
        identifiers(top)
        options(top)
        lost_output(top)
        full_disk(top, side)
        permissions(top)


main()
sys.exit(1 if failures else 0)
