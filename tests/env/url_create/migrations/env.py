from logging.config import fileConfig

from sqlalchemy import engine_from_config, pool

from alembic import context

config = context.config
if config.config_file_name is not None:
    fileConfig(config.config_file_name)

from os import environ as env

from sqlalchemy import URL, create_engine

target_metadata = None

url = URL.create(
    drivername="postgresql+psycopg",
    username=env["PGUSER_APP"],
    password=env.get("PGPASS_APP"),
    host=env.get("PGHOST_APP", "localhost"),
    port=int(env.get("PGPORT_APP", "5432")),
    database="shop",
    query={"application_name": "alembic"},
)


def run_migrations_offline():
    context.configure(url=url, target_metadata=target_metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online():
    connectable = create_engine(url.set(database="shop2"))
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
