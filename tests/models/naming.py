#!/usr/bin/env python3
"""A naming convention that MetaData gets between two tables names what comes after it (naming.expected).

    naming.py           compares what retort reads
    naming.py --real    prints what the SQLModel that Python finds makes of the models
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
from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

class Early(SQLModel, table=True):
    __table_args__ = (CheckConstraint("size > 0", name="positive"),)
    id: int = Field(primary_key=True)
    size: int = Field(unique=True)
    code: str = Field(index=True)
    other: int = Field(foreign_key="early.id")

SQLModel.metadata.naming_convention = {
    "ix": "index_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

class Late(SQLModel, table=True):
    __table_args__ = (CheckConstraint("size > 0", name="positive"),)
    id: int = Field(primary_key=True)
    size: int = Field(unique=True)
    code: str = Field(index=True)
    other: int = Field(foreign_key="early.id")
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
    compiler = postgresql.dialect().identifier_preparer
    out = []
    for table in space["SQLModel"].metadata.sorted_tables:
        names = {compiler.format_constraint(c) for c in table.constraints if c.name}
        names |= {i.name for i in table.indexes}
        out += ["%s: %s" % (table.name, ", ".join(sorted(filter(None, names))) or "none")]
    return out


def ours():
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("models.py", MODELS), ("env.py", ENV), ("alembic.ini",
                           "[alembic]\nscript_location = %(here)s\nprepend_sys_path = .\n")):
            pathlib.Path(folder, name).write_text(text)
        program = BUILD / "tests" / "conformance" / "models_print"
        done = subprocess.run([str(program), folder], capture_output=True, text=True)
    if done.returncode:
        return [done.stderr.strip()]
    out = []
    for table in json.loads(done.stdout)["schema"]["tables"]:
        rows = [table["primary_key"]]
        for key in ("unique_constraints", "check_constraints", "foreign_keys", "indexes"):
            rows += table[key]
        names = {row["name"] for row in rows if row}
        out += ["%s: %s" % (table["name"], ", ".join(sorted(filter(None, names))) or "none")]
    return out


def main():
    if sys.argv[1:] == ["--real"]:
        print("\n".join(real()))
        return 0
    expected = (TOP / "tests" / "models" / "naming.expected").read_text().splitlines()
    got = ours()
    if got != expected:
        print("\n".join(got) + "\nnot\n" + "\n".join(expected))
    return 0 if got == expected else 1


if __name__ == "__main__":
    sys.exit(main())
