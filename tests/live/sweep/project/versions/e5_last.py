"""Transactional again, so that what stands before it must have ended well."""
import sqlalchemy as sa
from alembic import op

revision = "e5"
down_revision = "d4"


def upgrade():
    op.alter_column("account", "name", new_column_name="title", existing_type=sa.Text())
    op.execute("UPDATE account SET n = n + 1000, size = 'large' WHERE id % 2 = 0")


def downgrade():
    op.execute("UPDATE account SET n = n - 77")
    op.alter_column("account", "title", new_column_name="name", existing_type=sa.Text())
