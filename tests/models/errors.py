#!/usr/bin/env python3
"""The models of errors.txt: retort says of each what SQLModel says (errors.expected).

    errors.py           compares what retort reads
    errors.py --real    prints what the SQLModel that Python finds says
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import warnings

TOP = pathlib.Path(os.environ.get("top_srcdir", ".")).resolve()
BUILD = pathlib.Path(os.environ.get("top_builddir", ".")).resolve()
HERE = TOP / "tests" / "models"
PREAMBLE = """\
from typing import Any, List, Literal, Optional, TypeVar, Union
import sqlalchemy as sa
from sqlalchemy.orm import relationship
from sqlmodel import Field, Relationship, SQLModel
"""
ENV = """\
from alembic import context
from models import SQLModel
context.configure(url="postgresql://", target_metadata=SQLModel.metadata)
"""


def cases():
    text = (HERE / "errors.txt").read_text()
    for part in re.split(r"^### ", text, flags=re.M)[1:]:
        name, body = part.split("\n", 1)
        yield name, body


def real(body):
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", PREAMBLE + body],
                          capture_output=True, text=True)
    lines = done.stderr.split("\n")
    at = max((i for i, l in enumerate(lines) if re.match(r"[\w.]+(: |$)", l) and l), default=None)
    last = [l for l in lines if re.match(r"[\w.]*(Error|Exception)\b", l)]
    return last[-1] if last else "nothing" if at is None else lines[at]


def ours(body):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("models.py", PREAMBLE + body), ("env.py", ENV), ("alembic.ini",
                           "[alembic]\nscript_location = %(here)s\nprepend_sys_path = .\n")):
            pathlib.Path(folder, name).write_text(text)
        program = BUILD / "tests" / "conformance" / "models_print"
        done = subprocess.run([str(program), folder], capture_output=True, text=True)
    if done.returncode == 0:
        return "nothing: %s" % json.loads(done.stdout)["findings"]
    return re.sub(r"^\S+:\d+: ", "", done.stderr.strip())


def main():
    if sys.argv[1:] == ["--real"]:
        for name, body in cases():
            print("%s: %s" % (name, real(body)))
        return 0
    expected = dict(l.split(": ", 1) for l in (HERE / "errors.expected").read_text().splitlines())
    bad = 0
    for name, body in cases():
        got = ours(body)
        if got != expected[name]:
            bad += 1
            print("FAIL %s:\n    %s\nnot %s" % (name, got, expected[name]))
    print("%d cases, %d wrong" % (len(expected), bad))
    return 1 if bad else 0


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main())
