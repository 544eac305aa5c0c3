"""Rows: DML of which every repetition shows."""
from alembic import op

revision = "b2"
down_revision = "a1"


def upgrade():
    op.execute("INSERT INTO account (id, name) SELECT i, 'name ' || i FROM generate_series(1, 20) i")
    op.execute("UPDATE account SET n = n * 3 + id")
    op.execute("INSERT INTO oracle.log VALUES ('b2 up')")


def downgrade():
    op.execute("INSERT INTO oracle.log VALUES ('b2 down')")
    op.execute("DELETE FROM account WHERE id > 3")
    op.execute("UPDATE account SET n = n * 2 + 1")
