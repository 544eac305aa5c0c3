# src/alembic
