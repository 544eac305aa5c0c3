import os

from alembic import context
from sqlalchemy import create_engine, text

config = context.config
url = os.environ.get("APP_URL") or config.get_main_option("sqlalchemy.url")


def offline():
    context.configure(url=url, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def online():
    with create_engine(url).connect() as connection:
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.execute("SELECT pg_advisory_lock(4711)")
            context.run_migrations()


if context.is_offline_mode():
    offline()
else:
    online()
