"""What alembic.ini says about logging, followed as Python follows it.

Real Alembic and retort print SQL offline, under each variant of the sections; the lines that come from
logging, on both streams, must be the same. Skipped where there is no Alembic.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

PYTHON = "/usr/bin/python3"
if subprocess.run([PYTHON, "-c", "import alembic"], capture_output=True).returncode:
    print("SKIP: python3-alembic is missing")
    sys.exit(77)

BASE = {
    "loggers": "keys = root,alembic",
    "handlers": "keys = console",
    "formatters": "keys = plain",
    "logger_root": "level = WARNING\nhandlers = console",
    "logger_alembic": "level = INFO\nhandlers =\nqualname = alembic",
    "handler_console": "class = StreamHandler\nargs = (sys.stderr,)\nlevel = NOTSET\nformatter = plain",
    "formatter_plain": "format = LOG %(levelname)-5.5s [%(name)s] %(message)s",
}
VARIANTS = {
    "as the templates have it": {},
    "to standard output": {
        "handler_console": "class = StreamHandler\nargs = (sys.stdout,)\nformatter = plain"},
    "logging.StreamHandler, no level": {
        "handler_console": "class = logging.StreamHandler\nargs = ()\nformatter = plain"},
    "a handler for warnings": {
        "handler_console": "class = StreamHandler\nargs = ()\nlevel = WARN\nformatter = plain"},
    "the logger for warnings": {
        "logger_alembic": "level = WARN\nhandlers =\nqualname = alembic"},
    "the root for information, the logger without a level": {
        "logger_root": "level = INFO\nhandlers = console",
        "logger_alembic": "level = NOTSET\nhandlers =\nqualname = alembic"},
    "no logger for Alembic: those that are there are disabled": {
        "loggers": "keys = root", "logger_root": "level = INFO\nhandlers = console"},
    "no logger for Alembic, kept": {
        "loggers": "keys = root", "logger_root": "level = INFO\nhandlers = console",
        "env": ", disable_existing_loggers=False"},
    "twice": {
        "logger_alembic": "level = INFO\nhandlers = console\nqualname = alembic"},
    "kept to itself": {
        "logger_alembic": "level = INFO\nhandlers = console\npropagate = 0\nqualname = alembic"},
    "a nearer logger": {
        "loggers": "keys = root,alembic,runtime",
        "logger_runtime": "level = ERROR\nhandlers =\nqualname = alembic.runtime"},
    "two handlers": {
        "handlers": "keys = console, other", "formatters": "keys = plain, short",
        "logger_root": "level = WARN\nhandlers = console, other",
        "handler_other": "class = StreamHandler\nargs = (sys.stdout,)\nformatter = short",
        "formatter_short": "format = LOG %(name).7s:%(levelno)05d:%(message)20.9s|"},
    "a date": {
        "formatter_plain": "format = LOG %(asctime)s %(levelname)8s %(message)s\ndatefmt = %Y|%%"},
    "braces": {
        "formatter_plain": "format = LOG {levelname:>8}|{name:.7}|{message}\nstyle = {"},
    "dollars": {
        "formatter_plain": "format = LOG $levelname ${name} $$ $message\nstyle = $"},
    "debug": {
        "logger_root": "level = DEBUG\nhandlers = console",
        "logger_alembic": "level = DEBUG\nhandlers =\nqualname = alembic"},
}
ENV = '''from logging.config import fileConfig
from alembic import context
fileConfig(context.config.config_file_name%s)
context.configure(url="postgresql://h/d", literal_binds=True)
with context.begin_transaction():
    context.run_migrations()
'''
REVISION = 'revision = "aa01"\ndown_revision = None\ndef upgrade(): pass\ndef downgrade(): pass\n'


def logged(command, folder, target):
    r = subprocess.run([*command, "upgrade", target, "--sql"], cwd=folder, capture_output=True,
                       text=True, stdin=subprocess.DEVNULL)
    # retort has no debug lines: they tell how Alembic goes about it.
    return [[line for line in text.split("\n")
             if line.startswith("LOG ") and not line.startswith("LOG DEBUG")]
            for text in (r.stdout, r.stderr)]


def main(folder):
    failures = 0
    (folder / "versions").mkdir()
    (folder / "versions" / "aa01.py").write_text(REVISION)
    for name, changes in VARIANTS.items():
        sections = {**BASE, **changes}
        (folder / "env.py").write_text(ENV % sections.pop("env", ""))
        (folder / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s\n" + "".join(
            "[%s]\n%s\n" % section for section in sections.items()))
        for target in ("head", "missing"):
            wanted = logged([PYTHON, "-m", "alembic"], folder, target)
            got = logged([os.environ["RETORT"]], folder, target)
            if got != wanted:
                failures += 1
                print("FAIL: %s, upgrade %s:\n  %r\n  not\n  %r" % (name, target, got, wanted))
    return 1 if failures else 0


with tempfile.TemporaryDirectory() as top:
    sys.exit(main(pathlib.Path(top).resolve()))
