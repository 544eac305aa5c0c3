#!/usr/bin/env python3
"""Makes a project of plain revisions, one line of them, a table and an index each:
make_tables.py FOLDER [COUNT].

env.py is the one that `alembic init` writes, with less in it: an engine, and all of a run in one
transaction.
"""
import pathlib
import sys

ENV = '''from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config
target_metadata = None


def run_migrations_offline() -> None:
    context.configure(
        url=config.get_main_option("sqlalchemy.url"),
        target_metadata=target_metadata,
        literal_binds=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online() -> None:
    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {}),
        prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
'''

REVISION = '''"""create table %(table)s

Revision ID: %(id)s
Revises: %(down)s

"""
from alembic import op
import sqlalchemy as sa

revision = %(id)r
down_revision = %(down)r
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "%(table)s",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_%(table)s")),
    )
    op.create_index("ix_%(table)s_name", "%(table)s", ["name"])


def downgrade() -> None:
    op.drop_index("ix_%(table)s_name", table_name="%(table)s")
    op.drop_table("%(table)s")
'''


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text(
        "[alembic]\nscript_location = migrations\nsqlalchemy.url = postgresql+psycopg2:///\n")
    (folder / "migrations" / "env.py").write_text(ENV)
    down = None
    for i in range(count):
        name = "%012x" % (i + 1)
        values = {"id": name, "down": down, "table": "thing_%05d" % i}
        (versions / (name + "_create_thing.py")).write_text(REVISION % values)
        down = name


main()
