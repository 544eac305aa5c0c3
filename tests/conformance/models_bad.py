#!/usr/bin/env python3
"""Models that real projects have and that cannot be read, or not wholly: what is refused, what is
raised with SQLAlchemy 2.0.52's words, what is unknown, and that the rest is read all the same."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(os.environ.get("top_builddir", ".")).resolve()
INI = "[alembic]\nscript_location = %(here)s/migrations\nprepend_sys_path = .\n"
ENV = """from alembic import context
%s
context.configure(url="postgresql://", target_metadata=%s)
with context.begin_transaction():
    context.run_migrations()
"""
HEAD = """from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, declarative_base, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Good(Base):
    __tablename__ = "good"

    id: Mapped[int] = mapped_column(primary_key=True)


"""

# name, files, target_metadata, expected: "raises" (a part of the error), or the tables, the unknown
# tables (None: without a name) and the unseen classes.
CASES = [
    ("imports_itself", {"models.py": "import models\nfrom models import *\n" + HEAD},
     "models.Base.metadata", {"tables": ["good"]}),
    ("used_before_defined",
     {"models.py": HEAD + "class A(Base):\n    __tablename__ = 'a'\n    id = Column(Integer, "
      "ForeignKey(Later.id), primary_key=True)\n\n\nclass Later(Base):\n    __tablename__ = 'l'\n"
      "    id = Column(Integer, primary_key=True)\n"},
     "models.Base.metadata", {"raises": "models.py:17: NameError: name 'Later' is not defined"}),
    ("unknown_type",
     {"models.py": "from no_such_types import Money\n" + HEAD + "class Bill(Base):\n"
      "    __tablename__ = 'bill'\n    id = Column(Integer, primary_key=True)\n"
      "    total = Column(Money)\n\n\nclass Line(Base):\n    __tablename__ = 'line'\n"
      "    id = Column(Integer, primary_key=True)\n"
      "    bill_id = Column(Integer, ForeignKey('bill.id'))\n"},
     "models.Base.metadata", {"tables": ["good", "line"], "unknown": ["bill"]}),
    ("type_from_unknown_table",
     {"models.py": "from no_such_types import Money\n" + HEAD + "class Bill(Base):\n"
      "    __tablename__ = 'bill'\n    id = Column(Money, primary_key=True)\n\n\n"
      "class Line(Base):\n    __tablename__ = 'line'\n    id = Column(Integer, primary_key=True)\n"
      "    bill_id = Column(ForeignKey('bill.id'))\n"},
     "models.Base.metadata", {"tables": ["good"], "unknown": ["bill", "line"]}),
    ("unknown_base",
     {"models.py": "from no_such_mixins import Owned\n" + HEAD + "class Pet(Owned, Base):\n"
      "    __tablename__ = 'pet'\n    id = Column(Integer, primary_key=True)\n"},
     "models.Base.metadata", {"tables": ["good"], "unknown": ["pet"]}),
    ("unknown_child_of_single_table",
     {"models.py": "from no_such_types import Money\n" + HEAD + "class Better(Good):\n"
      "    total = Column(Money)\n"},
     "models.Base.metadata", {"tables": [], "unknown": ["good"]}),
    ("unknown_table_call",
     {"models.py": "from no_such_types import Money\n" + HEAD +
      "bill = Table('bill', Base.metadata, Column('total', Money))\n"},
     "models.Base.metadata", {"tables": ["good"], "unknown": ["bill"]}),
    ("tables_made_by_a_function",
     {"models.py": "from no_such_settings import shards\n" + HEAD +
      "def make(n):\n    return Table('shard_%d' % n, Base.metadata, Column('id', Integer))\n\n\n"
      "for shard in shards:\n    make(shard)\n"},
     "models.Base.metadata", {"tables": ["good"], "unknown": [None]}),
    ("refused_beside_models",
     {"models.py": HEAD + "VERSION = open('VERSION').read()\n"},
     "models.Base.metadata", {"tables": ["good"]}),
    ("same_table_twice",
     {"models.py": HEAD + "class Again(Base):\n    __tablename__ = 'good'\n"
      "    id = Column(Integer, primary_key=True)\n"},
     "models.Base.metadata",
     {"raises": "sqlalchemy.exc.InvalidRequestError: Table 'good' is already defined for this "
                "MetaData instance.  Specify 'extend_existing=True' to redefine options and "
                "columns on an existing Table object."}),
    ("same_table_in_two",
     {"models.py": HEAD + "Other = declarative_base()\n\n\nclass Again(Other):\n"
      "    __tablename__ = 'good'\n    id = Column(Integer, primary_key=True)\n"},
     "[models.Base.metadata, models.Other.metadata]",
     {"raises": 'ValueError: Duplicate table keys across multiple MetaData objects: "good"'}),
    ("foreign_key_to_nowhere",
     {"models.py": HEAD + "class A(Base):\n    __tablename__ = 'a'\n"
      "    id = Column(Integer, ForeignKey('nowhere.id'), primary_key=True)\n"},
     "models.Base.metadata",
     {"raises": "sqlalchemy.exc.NoReferencedTableError: Foreign key associated with column 'a.id' "
                "could not find table 'nowhere' with which to generate a foreign key to target "
                "column 'id'"}),
    ("no_primary_key",
     {"models.py": HEAD + "class A(Base):\n    __tablename__ = 'a'\n    x = Column(Integer)\n"},
     "models.Base.metadata",
     {"raises": "sqlalchemy.exc.ArgumentError: Mapper Mapper[A(a)] could not assemble any primary "
                "key columns for mapped table 'a'"}),
    ("no_type_for_annotation",
     {"models.py": HEAD + "class A(Base):\n    __tablename__ = 'a'\n"
      "    id: Mapped[list] = mapped_column(primary_key=True)\n"},
     "models.Base.metadata", {"raises": "Could not locate SQLAlchemy Core type when resolving for "
                                        "Python type indicated by '<class 'list'>'"}),
    ("no_metadata", {"models.py": HEAD}, "None",
     {"raises": "Can't proceed with --autogenerate option; environment script migrations/env.py "
                "does not provide a MetaData object or sequence of objects to the context."}),
    ("not_imported",
     {"app/__init__.py": "", "app/a.py": HEAD,
      "app/b.py": "from app.a import Base, Column, Integer\n\n\nclass Lost(Base):\n"
                  "    __tablename__ = 'lost'\n    id = Column(Integer, primary_key=True)\n"},
     "app.a.Base.metadata", {"tables": ["good"], "unseen": [["Lost", "app/b.py", 4]]}),
]


def answer(folder):
    done = subprocess.run([str(BUILD / "tests/conformance/models_print"), str(folder)],
                          capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode not in (0, 1):
        return {"crashed": done.returncode}
    if done.returncode:
        return {"raises": done.stderr.strip()}
    out = json.loads(done.stdout)
    return {"tables": sorted(t["name"] for t in out["schema"]["tables"]),
            "unknown": [u["table"] for u in out["unknown"]],
            "unseen": [[u["name"], u["place"]["file"], u["place"]["line"]] for u in out["unseen"]]}


def main():
    bad = 0
    with tempfile.TemporaryDirectory() as work:
        for name, files, target, want in CASES:
            folder = pathlib.Path(work) / name
            modules = sorted(f[:-3].replace("/", ".") for f in files if "b.py" not in f and
                             "__init__" not in f)
            files = dict(files, **{"alembic.ini": INI.replace("%(here)s/", ""),
                                   "migrations/env.py":
                                   ENV % ("\n".join("import " + m for m in modules), target)})
            for path, text in files.items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_text(text)
            got = answer(folder)
            if "raises" in want:
                ok = want["raises"] in got.get("raises", "")
            else:
                ok = got == dict({"unknown": [], "unseen": []}, **want)
            if not ok:
                bad += 1
                print("FAIL %s: %s, not %s" % (name, got, want))
    print("%d cases, %d wrong" % (len(CASES), bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
