#!/usr/bin/env python3
"""Types of SQLAlchemy-Utils (utils.expected).

    utils.py           compares what retort reads
    utils.py --real    prints what the SQLAlchemy-Utils that Python finds makes of the models
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
import sqlalchemy as sa
import sqlalchemy_utils
from sqlalchemy_utils import EmailType, URLType, UUIDType
from sqlalchemy_utils.types.uuid import UUIDType as Same
from sqlalchemy.engine.url import make_url
from sqlmodel import Field, SQLModel

Of = sa.Text if make_url("postgresql+psycopg2://a@b/c").get_dialect().name == "postgresql" else sa.JSON

class Thing(SQLModel, table=True):
    id: str = Field(sa_column=sa.Column(UUIDType(binary=False), primary_key=True))
    plain: str = Field(sa_column=sa.Column(UUIDType))
    same: str = Field(sa_column=sa.Column(Same()))
    not_native: str = Field(sa_column=sa.Column(UUIDType(native=False)))
    neither: str = Field(sa_column=sa.Column(UUIDType(False, False)))
    email: str = Field(sa_column=sa.Column(EmailType))
    short: str = Field(sa_column=sa.Column(EmailType(40)))
    url: str = Field(sa_column=sa.Column(sqlalchemy_utils.types.url.URLType()))
    other: str = Field(sa_column=sa.Column(URLType, nullable=False))
    of: str = Field(sa_column=sa.Column(Of))
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
                           "[alembic]\nscript_location = %(here)s\nprepend_sys_path = .\n")):
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
    expected = (TOP / "tests" / "models" / "utils.expected").read_text().splitlines()
    got = ours()
    for a, b in zip(got + [""] * len(expected), expected):
        if a != b:
            print("%s\nnot %s" % (a, b))
    return 0 if got == expected else 1


if __name__ == "__main__":
    sys.exit(main())
