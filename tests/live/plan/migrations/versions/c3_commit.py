"""The old way out of the transaction"""
from alembic import op

revision = "c3"
down_revision = "b2"


def upgrade():
    op.execute("CREATE TYPE mood AS ENUM ('sad')")
    op.execute("COMMIT")
    op.execute("CREATE UNIQUE INDEX CONCURRENTLY ix_account_name ON account (name)")
    op.execute("ALTER TYPE mood ADD VALUE 'happy'")


def downgrade():
    op.execute("DROP INDEX ix_account_name")
    op.execute("DROP TYPE mood")
