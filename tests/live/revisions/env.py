# Of real Alembic: real.py says which database, and whether results are to be those of SQLAlchemy 1.4.
from alembic import context
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

attributes = context.config.attributes
engine = create_engine(f'postgresql+psycopg2:///{attributes["database"]}', poolclass=NullPool,
                       future=attributes['future'])
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
