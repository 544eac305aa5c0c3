#!/usr/bin/env python3
"""Makes a project with many revisions: make_revisions.py FOLDER [COUNT].

A long line with a side branch of three that is merged again every fifty revisions.
"""
import pathlib
import sys

TEMPLATE = '''"""change %(n)d

Revision ID: %(id)s
Revises: %(down)s
Create Date: 2024-03-01 10:%(minute)02d:00

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = %(id)r
down_revision: Union[str, Sequence[str], None] = %(down)r
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.add_column("item", sa.Column("c%(n)d", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("item", "c%(n)d")
'''
ENV = '''from alembic import context

context.configure(dialect_name="postgresql", literal_binds=True)
with context.begin_transaction():
    context.run_migrations()
'''


def parents(count):
    """Yields the parents of each revision, as numbers."""
    tip, side = None, None
    for n in range(count):
        if n % 50 == 40:
            yield n, (tip,)
            side = n
        elif 40 < n % 50 < 43:
            yield n, (side,)
            side = n
        elif n % 50 == 43 and side is not None:
            yield n, (tip, side)
            tip, side = n, None
        else:
            yield n, () if tip is None else (tip,)
            tip = n


def main():
    top = pathlib.Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10000
    versions = top / "migrations" / "versions"
    versions.mkdir(parents=True)
    (top / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")
    (top / "migrations" / "env.py").write_text(ENV)
    name = lambda n: "%012x" % ((n * 0x9E3779B97F4A + 0x1234) % (1 << 48))
    for n, down in parents(count):
        ids = tuple(map(name, down))
        text = TEMPLATE % {"n": n, "id": name(n), "minute": n % 60,
                           "down": ids[0] if len(ids) == 1 else ids or None}
        (versions / ("%s_change_%d.py" % (name(n), n))).write_text(text)


main()
