#!/usr/bin/env python3
"""A project that pins SQLModel 0.0.8: its columns are those of that version (old.expected).

    old.py           compares what retort reads
    old.py --real    prints what the SQLModel that Python finds makes of the models
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

TOP = pathlib.Path(os.environ.get("top_srcdir", ".")).resolve()
BUILD = pathlib.Path(os.environ.get("top_builddir", ".")).resolve()
MODELS = """\
import enum
from typing import Dict, List, Optional
import sqlalchemy as sa
from sqlmodel import Field, SQLModel

class Kind(str, enum.Enum):
    a = "A"
    b = "B"

class Level(enum.IntEnum):
    low = 1

class Plain(enum.Enum):
    x = 1
    y = 2

class Base(SQLModel):
    id: Optional[int] = Field(default=None, primary_key=True)
    name: str = None
    age: int

class Thing(Base, table=True):
    first: int
    given: Optional[dict] = Field(default=None, sa_column=sa.Column(sa.JSON), nullable=False)
    kind: Kind = Kind.a
    level: Level
    plain: Plain
    tags: List[str]
    counts: Dict[str, int]
    maybe: int = Field(default=None)
    surely: Optional[int] = Field(default=3)
    age: str
    last: str = Field(sa_column=sa.Column(sa.Text, nullable=False), index=True)
"""
ENV = """\
from alembic import context
from models import SQLModel
context.configure(url="postgresql://", target_metadata=SQLModel.metadata)
"""


def real():
    from sqlalchemy.dialects import postgresql
    space = {"__name__": "models"}
    sys.modules["models"] = type(sys)("models")
    exec(MODELS, space)
    dialect = postgresql.dialect()
    return ["%s %s%s" % (c.name, c.type.compile(dialect), "" if c.nullable else " NOT NULL")
            for c in space["Thing"].__table__.columns]


def ours():
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("models.py", MODELS), ("env.py", ENV), ("alembic.ini",
                           "[alembic]\nscript_location = %(here)s\nprepend_sys_path = .\n"),
                           ("requirements.txt", "alembic==1.8.1\nsqlmodel==0.0.8\n")):
            pathlib.Path(folder, name).write_text(text)
        program = BUILD / "tests" / "conformance" / "models_print"
        done = subprocess.run([str(program), folder], capture_output=True, text=True)
    if done.returncode:
        return [done.stderr.strip()]
    return ["%s %s%s" % (c["name"], c["type"], "" if c["nullable"] else " NOT NULL")
            for t in json.loads(done.stdout)["schema"]["tables"] for c in t["columns"]]


def main():
    if sys.argv[1:] == ["--real"]:
        print("\n".join(real()))
        return 0
    expected = (TOP / "tests" / "models" / "old.expected").read_text().splitlines()
    got = ours()
    for a, b in zip(got + [""] * len(expected), expected):
        if a != b:
            print("%s\nnot %s" % (a, b))
    return 0 if got == expected else 1


if __name__ == "__main__":
    sys.exit(main())
