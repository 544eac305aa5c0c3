#!/usr/bin/env python3
"""The models of unknown.txt: what cannot be followed leaves its own tables out, and no others."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(os.environ.get("top_srcdir", ".")).resolve()
BUILD = pathlib.Path(os.environ.get("top_builddir", ".")).resolve()
PREAMBLE = """\
from typing import Annotated, List
import sqlalchemy as sa
from sqlmodel import Field, SQLModel
"""
ENV = """\
from alembic import context
from models import SQLModel
context.configure(url="postgresql://", target_metadata=SQLModel.metadata)
"""


def read(body):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("models.py", PREAMBLE + body), ("env.py", ENV), ("alembic.ini",
                           "[alembic]\nscript_location = %(here)s\nprepend_sys_path = .\n")):
            pathlib.Path(folder, name).write_text(text)
        program = BUILD / "tests" / "conformance" / "models_print"
        done = subprocess.run([str(program), folder], capture_output=True, text=True)
    if done.returncode:
        return done.stderr.strip()
    found = json.loads(done.stdout)
    unknown = [u["table"] or "?" for u in found["unknown"]]
    tables = [t["name"] for t in found["schema"]["tables"] if t["name"] not in unknown]
    given_up = {str(f["line"]) for f in found["findings"]
                if not re.match(r"(a table is|table \S+ is) not", f["message"])}
    return [sorted(tables), sorted(set(unknown)), sorted(given_up, key=int)]


def main():
    text = (TOP / "tests" / "models" / "unknown.txt").read_text()
    parts = re.split(r"^### ", text, flags=re.M)[1:]
    bad = 0
    for part in parts:
        name, rest = part.split("\n", 1)
        body, expected = rest.split("\n---")
        columns = [c.split() for c in expected.strip().split("|")]
        columns += [[]] * (3 - len(columns))
        got = read(body + "\n")
        if isinstance(got, str) and expected.strip() in got:
            continue
        if got != columns:
            bad += 1
            print("FAIL %s:\n    %s\nnot %s" % (name, got, columns))
    print("%d cases, %d wrong" % (len(parts), bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
