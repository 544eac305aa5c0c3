#!/usr/bin/env python3
"""Four thousand models: more memory than a small project may take, and no limit."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(os.environ.get("top_builddir", ".")).resolve()
COUNT = 4000
CLASS = """
class T{0}(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    a: str = Field(index=True)
    b: Optional[str] = None
    c: int = 0
    d: float
    e: bool = True
    f: Optional[datetime] = None
    g: str = Field(max_length=50, unique=True)
    before: Optional[int] = Field(default=None, foreign_key="t{1}.id")
"""
IMPORTS = """\
from datetime import datetime
from typing import Optional
from sqlmodel import Field, SQLModel
"""
ENV = """\
from alembic import context
from models import SQLModel
context.configure(url="postgresql://", target_metadata=SQLModel.metadata)
"""


def main():
    classes = "".join(CLASS.format(i, max(i - 1, 0)) for i in range(COUNT))
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("models.py", IMPORTS + classes), ("env.py", ENV), ("alembic.ini",
                           "[alembic]\nscript_location = %(here)s\nprepend_sys_path = .\n")):
            pathlib.Path(folder, name).write_text(text)
        program = BUILD / "tests" / "conformance" / "models_print"
        done = subprocess.run([str(program), folder], capture_output=True, text=True)
    if done.returncode:
        print(done.stderr.strip())
        return 1
    found = json.loads(done.stdout)
    print("%d tables, %d unknown" % (len(found["schema"]["tables"]), len(found["unknown"])))
    return len(found["schema"]["tables"]) != COUNT


if __name__ == "__main__":
    sys.exit(main())
