#!/usr/bin/env python3
"""Carries out a direction of revision files with real Alembic.

usage: make_expected.py SOCKET_FOLDER DATABASE FILE upgrade|downgrade

Made for Alembic 1.19 with SQLAlchemy 2.0 and psycopg2. make_expected.sh writes expected/ with it.
"""
import importlib.util
import sys
import warnings

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

warnings.simplefilter('ignore')
folder, database, path, direction = sys.argv[1:]
engine = sa.create_engine(f'postgresql+psycopg2://postgres@/{database}?host={folder}')
spec = importlib.util.spec_from_file_location('revision', path)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
with engine.connect() as connection:
    context = MigrationContext.configure(connection)
    with context.begin_transaction(), Operations.context(context):
        getattr(module, direction)()
