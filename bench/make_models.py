#!/usr/bin/env python3
"""Makes a project with many models: make_models.py FOLDER [COUNT] [URL].

SQLModel classes of nine columns with foreign keys and indexes, twenty to a module, and schema.sql,
which makes the tables that they declare: a check finds nothing to do. Nothing is random: the same
COUNT, the same files.
"""
import pathlib
import sys

PER_MODULE = 20

HEADER = '''import datetime
import decimal
from typing import Optional

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlmodel import Field, SQLModel
'''

MODEL = '''

class Item%(n)05d(SQLModel, table=True):
    __tablename__ = "item_%(n)05d"

    id: Optional[int] = Field(default=None, primary_key=True)
    parent_id: Optional[int] = Field(default=None, foreign_key="item_%(parent)05d.id", index=True)
    owner_id: int = Field(foreign_key="item_%(owner)05d.id", index=True)
    name: str = Field(max_length=120, index=True)
    email: Optional[str] = Field(default=None, max_length=254, unique=True)
    amount: decimal.Decimal = Field(sa_column=sa.Column(sa.Numeric(12, 2), nullable=False,
                                                        server_default="0"))
    settings: Optional[dict] = Field(default=None, sa_column=sa.Column(postgresql.JSONB()))
    created_at: datetime.datetime = Field(
        sa_column=sa.Column(sa.DateTime(timezone=True), server_default=sa.text("now()"),
                            nullable=False))
    is_active: bool = Field(default=True)
'''

TABLE = '''CREATE TABLE item_%(n)05d (
    id serial PRIMARY KEY,
    parent_id integer,
    owner_id integer NOT NULL,
    name varchar(120) NOT NULL,
    email varchar(254) UNIQUE,
    amount numeric(12, 2) DEFAULT '0' NOT NULL,
    settings jsonb,
    created_at timestamptz DEFAULT now() NOT NULL,
    is_active boolean NOT NULL
);
CREATE INDEX ix_item_%(n)05d_parent_id ON item_%(n)05d (parent_id);
CREATE INDEX ix_item_%(n)05d_owner_id ON item_%(n)05d (owner_id);
CREATE INDEX ix_item_%(n)05d_name ON item_%(n)05d (name);
ALTER TABLE item_%(n)05d
    ADD CONSTRAINT item_%(n)05d_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES item_%(parent)05d,
    ADD CONSTRAINT item_%(n)05d_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES item_%(owner)05d;
'''

ENV = '''from alembic import context
from sqlalchemy import engine_from_config, pool
from sqlmodel import SQLModel

import models  # noqa: F401

config = context.config
target_metadata = SQLModel.metadata


def run_migrations_offline() -> None:
    context.configure(url=config.get_main_option("sqlalchemy.url"),
                      target_metadata=target_metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online() -> None:
    connectable = engine_from_config(config.get_section(config.config_ini_section, {}),
                                     prefix="sqlalchemy.", poolclass=pool.NullPool)
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
'''


def names(n):
    """A table refers to the one before it and to one in the middle of what there is."""
    return {"n": n, "parent": max(n - 1, 0), "owner": n // 2}


def main():
    folder = pathlib.Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    url = sys.argv[3] if len(sys.argv) > 3 else "postgresql://localhost/bench"
    models = folder / "models"
    (folder / "migrations" / "versions").mkdir(parents=True)
    models.mkdir()
    modules = [range(n, min(n + PER_MODULE, count)) for n in range(0, count, PER_MODULE)]
    for at, numbers in enumerate(modules):
        text = HEADER + "".join(MODEL % names(n) for n in numbers)
        (models / f"part_{at:04d}.py").write_text(text)
    (models / "__init__.py").write_text(
        "".join(f"from . import part_{at:04d}  # noqa: F401\n" for at in range(len(modules))))
    (folder / "schema.sql").write_text("".join(TABLE % names(n) for n in range(count)))
    (folder / "migrations" / "env.py").write_text(ENV)
    (folder / "migrations" / "script.py.mako").write_text("")
    (folder / "alembic.ini").write_text(
        "[alembic]\nscript_location = %(here)s/migrations\nprepend_sys_path = .\n"
        f"sqlalchemy.url = {url.replace('%', '%%')}\n")


main()
