import os

from sqlalchemy import create_engine, text

from alembic import context

SCHEMA = "tenant"
engine = create_engine(
    os.environ["DATABASE_URL"],
    connect_args={"options": "-csearch_path=tenant"},
)

with engine.connect() as connection:
    connection.execute(text(f"SET lock_timeout = '5s'"))
    connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{SCHEMA}"'))
    connection.commit()
    context.configure(
        connection=connection,
        version_table="schema_version",
        version_table_schema=SCHEMA,
        transaction_per_migration=True,
        compare_type=True,
        include_schemas=True,
    )
    with context.begin_transaction():
        context.run_migrations()
