#!/usr/bin/env python3
"""Projects of older versions, which their files tell: their columns are those of these versions.

    old.py                 compares what retort reads
    old.py --real NAME     prints what the SQLModel that Python finds makes of the models

"old" pins SQLModel 0.0.8; "pydantic1" has SQLModel 0.0.22 with pydantic 1, by a lock file above it.
"""
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile

TOP = pathlib.Path(os.environ.get("top_srcdir", ".")).resolve()
BUILD = pathlib.Path(os.environ.get("top_builddir", ".")).resolve()
OLD = """\
import enum
import uuid
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
    token: uuid.UUID
    age: str
    last: str = Field(sa_column=sa.Column(sa.Text, nullable=False), index=True)
"""
PYDANTIC1 = """\
import datetime
import enum
from decimal import Decimal
from typing import Any, List, Optional, Union
import sqlalchemy as sa
from pydantic import condecimal, conint, constr
from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

class Kind(str, enum.Enum):
    a = "A"
    b = "B"

class Base(SQLModel):
    id: Optional[int] = Field(default=None, primary_key=True)
    name: str = None
    age: int

class Thing(Base, table=True):
    first: int
    asked: Optional[int] = Field(...)
    kind: Kind = Kind.a
    maybe: int = Field(default=None)
    surely: Optional[int] = Field(default=3)
    any_none: Any = Field(default=None, sa_type=JSON)
    any_plain: Any = Field(sa_type=JSON)
    any_asked: Any = Field(..., sa_type=JSON)
    thing: object = Field(sa_type=JSON)
    either_none: Union[int, str] = Field(default=None, sa_type=JSON)
    either_or_none: Union[int, str, None] = Field(default=None, sa_type=JSON)
    either_asked: Union[int, str, None] = Field(..., sa_type=JSON)
    either_plain: Union[int, str, None] = Field(sa_type=JSON)
    maybe_list: Optional[List[int]] = Field(default=None, sa_type=JSON)
    list_none: List[int] = Field(default=None, sa_type=JSON)
    list_plain: List[int] = Field(sa_type=JSON)
    maybe_any: Optional[Any] = Field(sa_type=JSON)
    made: int = Field(default_factory=lambda: None)
    made_maybe: Optional[int] = Field(default_factory=lambda: 3)
    short: constr(max_length=9) = "x"
    limited: str = Field(max_length=7)
    price: Decimal = Field(max_digits=5, decimal_places=2)
    cost: condecimal(max_digits=6, decimal_places=3)
    count: conint(gt=0)
    age: str
    at: datetime.datetime = None
    never: int = Field(default=None, nullable=False)
    last: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
"""
ENV = """\
from alembic import context
from models import SQLModel
context.configure(url="postgresql://", target_metadata=SQLModel.metadata)
"""


PIN = {"project/requirements.txt": "alembic==1.8.1\nsqlmodel==0.0.8\n"}
LOCK = {".git/HEAD": "", "poetry.lock": '[[package]]\nname = "pydantic"\nversion = "1.10.19"\n'}
PROJECTS = {"old": (OLD, PIN), "pydantic1": (PYDANTIC1, LOCK)}


def real(models):
    from sqlalchemy.dialects import postgresql
    space = {"__name__": "models"}
    sys.modules["models"] = type(sys)("models")
    exec(models, space)
    dialect = postgresql.dialect()
    return ["%s %s%s" % (c.name, c.type.compile(dialect), "" if c.nullable else " NOT NULL")
            for c in space["Thing"].__table__.columns]


def ours(models, files):
    texts = {"project/models.py": models, "project/env.py": ENV, "project/alembic.ini":
             "[alembic]\nscript_location = %(here)s\nprepend_sys_path = .\n", **files}
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        program = BUILD / "tests" / "conformance" / "models_print"
        done = subprocess.run([str(program), os.path.join(folder, "project")], capture_output=True,
                              text=True)
    if done.returncode:
        return [done.stderr.strip()]
    return ["%s %s%s" % (c["name"], c["type"], "" if c["nullable"] else " NOT NULL")
            for t in json.loads(done.stdout)["schema"]["tables"] for c in t["columns"]]


def main():
    if sys.argv[1:2] == ["--real"]:
        print("\n".join(real(PROJECTS[sys.argv[2]][0])))
        return 0
    wrong = 0
    for name, (models, files) in PROJECTS.items():
        expected = (TOP / "tests" / "models" / (name + ".expected")).read_text().splitlines()
        got = ours(models, files)
        wrong += got != expected
        for a, b in itertools.zip_longest(got, expected):
            if a != b:
                print("%s: %s\nnot %s" % (name, a, b))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
