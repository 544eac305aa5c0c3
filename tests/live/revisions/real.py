#!/usr/bin/env python3
"""Carries out every revision with real Alembic, each in a database of its own, there and back.

usage: real.py PROJECT PG_DUMP [REVISION...]

PROJECT is what live_revisions.sh made: alembic.ini, env.py and the revisions, each of which is a
branch of its own. Each database is made from the template "base". Writes PROJECT/real/NAME.up and
NAME.down: what pg_dump says, or that Alembic fails.
"""
import os
import subprocess
import sys
import warnings

from alembic import command
from alembic.config import Config

warnings.simplefilter('ignore')
project, pg_dump, *names = sys.argv[1:]


def psql(sql):
    subprocess.run(['psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', 'postgres', '-c', sql], check=True,
                   stderr=subprocess.DEVNULL)


def dump(name, way):
    text = subprocess.run([pg_dump, '--exclude-table=alembic_version', '-d', 'real'], check=True,
                          capture_output=True, text=True).stdout
    with open(f'{project}/real/{name}.{way}', 'w') as out:
        out.writelines(line + '\n' for line in text.splitlines()
                       if not line.startswith(('\\restrict ', '\\unrestrict ')))


def carry_out(name):
    config = Config(f'{project}/alembic.ini', stdout=open(os.devnull, 'w'))
    config.attributes['database'] = 'real'
    with open(f'{project}/versions/{name}.py') as f:
        config.attributes['future'] = not f.readline().startswith('# SQLAlchemy 1.4')
    for way, function, target in ('up', command.upgrade, name), ('down', command.downgrade, 'base'):
        try:
            function(config, target)
        except Exception as e:
            with open(f'{project}/real/{name}.{way}', 'w') as out:
                out.write('fails\n')
            with open(f'{project}/real/{name}.error', 'w') as out:
                out.write(f'{type(e).__name__}: {e}\n')
            return
        dump(name, way)


for name in names:
    psql('DROP DATABASE IF EXISTS real')
    psql('CREATE DATABASE real TEMPLATE base')
    carry_out(name)
