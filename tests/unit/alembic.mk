# unit tests of alembic
