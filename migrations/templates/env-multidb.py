"""What alembic and retort follow to migrate several databases.

Each of "databases" in alembic.ini is migrated, in that order; with -x database=NAME only that one.
retort plans and runs for one database at a time, so it always needs -x database=NAME to run.
"""
from logging.config import fileConfig

from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config

if config.config_file_name is not None:
    fileConfig(config.config_file_name)

# The tables of each database as the models declare them, for "revision --autogenerate" and "check":
#     from myapp.models import users, statistics
#     target_metadata = {"engine1": users.metadata, "engine2": statistics.metadata}
target_metadata = {}

# Prepare all databases before any of them commits; the servers must allow prepared transactions.
USE_TWOPHASE = False

databases = [name.strip() for name in config.get_main_option("databases", "").split(",")]
wanted = context.get_x_argument(as_dictionary=True).get("database")
if wanted is not None:
    if wanted not in databases:
        raise ValueError(f"-x database={wanted}: not one of {', '.join(databases)}")
    databases = [wanted]


def run_migrations_offline() -> None:
    """Write the SQL of one database after the other instead of running it (--sql)."""
    for name in databases:
        print(f"-- Database: {name}")
        context.configure(
            url=config.get_section_option(name, "sqlalchemy.url"),
            target_metadata=target_metadata.get(name),
            literal_binds=True,
            dialect_opts={"paramstyle": "named"},
        )
        with context.begin_transaction():
            context.run_migrations(engine_name=name)


def connect(name: str):
    engine = engine_from_config(
        config.get_section(name) or {},
        prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )
    return engine.connect()


def run_migrations_online() -> None:
    """Run the migrations in a transaction on each database; commit when all have succeeded."""
    connections = {name: connect(name) for name in databases}
    transactions = []
    try:
        for name, connection in connections.items():
            if USE_TWOPHASE:
                transactions.append(connection.begin_twophase())
            else:
                transactions.append(connection.begin())
            context.configure(
                connection=connection,
                upgrade_token=name + "_upgrades",
                downgrade_token=name + "_downgrades",
                target_metadata=target_metadata.get(name),
            )
            context.run_migrations(engine_name=name)
        if USE_TWOPHASE:
            for transaction in transactions:
                transaction.prepare()
        for transaction in transactions:
            transaction.commit()
    except BaseException:
        for transaction in transactions:
            transaction.rollback()
        raise
    finally:
        for connection in connections.values():
            connection.close()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
