#!/usr/bin/python3
"""Projects that are made to do harm: reading them touches nothing, and nothing carries over.

Every attempt stands in a revision of its own. Reading must end in time, leave the canary file
alone, and open nothing outside of the project.
"""
import json
import os
import pathlib
import pty
import socket
import subprocess
import sys
import tempfile

RETORT = os.environ["RETORT"]
INI = "[alembic]\nscript_location = alembic\nprepend_sys_path = .\nsqlalchemy.url = postgresql://u@nowhere.invalid/d\n"
ENV = "from alembic import context\ncontext.configure(url='postgresql://u@nowhere.invalid/d')\ncontext.run_migrations()\n"
HEAD = "from alembic import op\nimport sqlalchemy as sa\nrevision = {!r}\ndown_revision = {!r}\n\n"

# Refused, or raised as Python raises it.
STOPPED = r"""
open("CANARY", "w").write("x")
import os; os.system("touch CANARY")
import os; os.open("CANARY", 65)
import os; os.kill(os.getpid(), 9)
import subprocess; subprocess.run(["touch", "CANARY"])
import socket; socket.socket().connect(("127.0.0.1", 9))
import urllib.request; urllib.request.urlopen("file:///etc/passwd").read()
import ctypes; ctypes.CDLL(None).system(b"touch CANARY")
import importlib; importlib.import_module("subprocess").run("touch CANARY", shell=True)
__import__("os").system("touch CANARY")
__import__("CANARY").SECRET.x()
import builtins; builtins.open("CANARY", "w")
[c for c in ().__class__.__base__.__subclasses__() if c.__name__ == "Popen"][0]("touch CANARY")
op.execute.__globals__["os"].system("touch CANARY")
import sys; sys.exit(0)
import pathlib; pathlib.Path("CANARY").write_text("x")
import pathlib; op.execute(pathlib.Path("/etc/passwd").read_text())
import io; io.open("CANARY", "w")
import signal; signal.raise_signal(9)
import threading; threading.Thread(target=print).start()
import multiprocessing; multiprocessing.Process(target=print).start()
eval("open('CANARY', 'w')")
exec("open('CANARY', 'w')")
exec(compile("open('CANARY', 'w')", "x", "exec"))
import pickle; pickle.loads(b"cos\nsystem\n(S'touch CANARY'\ntR.")
import outside; op.execute(outside.SECRET)
input("name? ")
op.execute(open("/etc/passwd").read())
op.drop_table("a\0b")
op.execute("select 'a\0b'")
op.drop_table(5)
while True: pass
"x" * 10**12
10**10**10
list(range(10**12))
"{:>1000000000}".format(1)
""".strip().splitlines()

# Harmless, without effect.
INERT = r"""
import time; time.sleep(10000)
import logging; logging.FileHandler("CANARY"); logging.basicConfig(filename="CANARY")
import logging.config; logging.config.fileConfig("/etc/passwd")
import os; os.environ["HOME"] = "CANARY"
import json; json.dumps = None; sa.Column = None; sa.text = None; op.execute.x = 1
import shared; shared.seen.append(1); shared.default(); shared.Colour = None
import shared; shared.Colour.RED.__dict__.clear(); shared.Plain.value = 5; del shared.default
import builtins; builtins.len = None; builtins.str = int
import sys; sys.modules["json"] = None; sys.modules["shared"] = None; sys.path.clear()
import os; os.environ.clear(); os.environ["LEFT"] = "1"
import enum, typing, decimal; enum.Enum = None; typing.Optional = None; decimal.getcontext().prec = 1
sa.MetaData.naming_convention = {"ix": "x"}; op.f = None
global leftover; leftover = 1
""".strip().splitlines()

UNCHANGED = """
import json, os, shared, builtins, enum, typing, decimal
assert shared.Plain.value == 1 and len("ab") == 2 and str(5) == "5" and enum.Enum and typing.Optional
assert "LEFT" not in os.environ and "leftover" not in globals() and op.f("a") == "a"
assert str(decimal.Decimal(1) / 3) == "0.3333333333333333333333333333"
sa.Column("x", sa.Integer)
op.execute(sa.text("select " + json.dumps([len(shared.seen), shared.Colour.RED.value,
                                           len(shared.default())])))
"""


def write(folder, number, previous, body):
    name = f"r{number:03d}"
    text = HEAD.format(name, previous) + "def upgrade():\n"
    text += "".join(f"    {line}\n" for line in body.strip().splitlines())
    (folder / f"{name}.py").write_text(text)
    return name


def project(top):
    versions = top / "p" / "alembic" / "versions"
    versions.mkdir(parents=True)
    (top / "p" / "alembic.ini").write_text(INI)
    (top / "p" / "alembic" / "env.py").write_text(ENV)
    (top / "p" / "shared.py").write_text(
        "import enum\nseen = []\n\n\nclass Colour(enum.Enum):\n    RED = 1\n\n\n"
        "class Plain:\n    value = 1\n\n\ndef default(a=[]):\n    a.append(1)\n    return a\n")
    (top / "outside.py").write_text("SECRET = 'secret'\n")
    (top / "p" / "outside.py").symlink_to(top / "outside.py")
    return versions


def check(name, ok, what=""):
    if not ok:
        print(f"FAIL {name} {what}")
    return ok


def attempts(top):
    versions, ok, previous, bodies = project(top), True, None, []
    canary = top / "canary"
    for line in STOPPED + INERT:
        bodies.append((line, line.replace("CANARY", str(canary)) + "\nop.execute('select 1')"))
    bodies.append(("unchanged", UNCHANGED))
    for number, (_, body) in enumerate(bodies):
        previous = write(versions, number, previous, body)
    run = subprocess.run([RETORT, "render", "--json"], cwd=top / "p", capture_output=True,
                         text=True, timeout=60, stdin=subprocess.DEVNULL)
    answers = {a["revision"]: a for a in map(json.loads, run.stdout.splitlines())}
    for number, (line, _) in enumerate(bodies):
        a = answers[f"r{number:03d}"]
        if line in STOPPED:
            ok &= check(line, a["status"] in ("python", "raises") and not a["statements"], a)
        elif line in INERT:
            fine = a["status"] == "python" or a["statements"] == ["select 1"]
            ok &= check(line, fine, a)
        else:
            ok &= check(line, a["statements"] == ["select [0, 1, 1]"], a)
    ok &= check("canary", not canary.exists())
    ok &= check("secret", "secret" not in run.stdout + run.stderr)
    return ok


# No revision files: a folder, and a link to what is not called .py itself.
IGNORED = ("folder", "device")


def files(top):
    """What can stand where a revision file is expected: an answer each time, in time."""
    versions, ok = project(top), True
    write(versions, 0, None, "op.execute('select 1')")
    odd = versions / "odd.py"
    cases = {
        "fifo": lambda: os.mkfifo(odd),
        "loop": lambda: odd.symlink_to(odd),
        "large": lambda: os.truncate(os.open(odd, os.O_CREAT | os.O_WRONLY), 50 << 20),
        "nul": lambda: odd.write_bytes(b"revision = 'a'\ndown_revision = 'r000'\n\0"),
        "bytes": lambda: odd.write_bytes(bytes(range(256)) * 20),
        "coding": lambda: odd.write_bytes(b"# coding: nonsense\nrevision = 'a'\n"),
        "nested": lambda: odd.write_text("x = " + "[" * 100000 + "]" * 100000),
        "empty": lambda: odd.write_bytes(b""),
        "folder": lambda: odd.mkdir(),
        "socket": lambda: socket.socket(socket.AF_UNIX).bind(str(odd)),
        "nowhere": lambda: odd.symlink_to(top / "nothing"),
        "outside": lambda: odd.symlink_to(top / "outside.py"),
        "device": lambda: odd.symlink_to("/dev/zero"),
        "utf-16": lambda: odd.write_bytes("revision = 'a'\n".encode("utf-16")),
        "claims utf-16": lambda: odd.write_bytes(b"# coding: utf-16\nrevision = 'a'\n"),
        "long line": lambda: odd.write_text("x = '" + "a" * (50 << 20) + "'\n"),
        "statements": lambda: odd.write_text("x=1\n" * 1000000),
        "nul in id": lambda: odd.write_text("revision = 'a\\0b'\ndown_revision = 'r000'\n"),
    }
    for name, make in cases.items():
        make()
        run = subprocess.run([RETORT, "history"], cwd=top / "p", capture_output=True, timeout=20,
                             stdin=subprocess.DEVNULL)
        named = run.returncode in (1, 255) and b"odd.py" in run.stdout + run.stderr
        fine = run.returncode == 0 if name in IGNORED else named
        ok &= check(name, fine, run)
        odd.rmdir() if odd.is_dir() else odd.unlink()
    return ok


def terminal(top):
    """Control characters of docstrings, statements and file names do not reach a terminal."""
    versions = project(top)
    (versions / "a\x1b[2J\nb.py").write_text(
        '"""doc \\x1b[2J \x1b]0;t\x07"""\nfrom alembic import op\nrevision = "a\\x1b[31m"\n'
        'down_revision = None\n\n\ndef upgrade():\n    op.execute("select \'\\x9b2J\\u202e\'")\n'
        '    raise ValueError("\\x1b[31m")\n')
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(top / "p")
        os.execl("/bin/sh", "sh", "-c", f"'{RETORT}' history -v; '{RETORT}' render; "
                 f"'{RETORT}' render nothere; '{RETORT}' history")
    seen = b""
    try:
        while chunk := os.read(fd, 65536):
            seen += chunk
    except OSError:
        pass
    os.waitpid(pid, 0)
    bad = [c for c in seen.decode() if c not in "\r\n\t" and
           (ord(c) < 32 or 127 <= ord(c) < 160 or c == "\u202e")]
    return check("terminal", not bad and b"\\x1b[2J" in seen and b"\\u202e" in seen, seen)


def main():
    ok = True
    for test in attempts, files, terminal:
        with tempfile.TemporaryDirectory() as top:
            ok &= test(pathlib.Path(top).resolve())
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
