"""a column twice in a key"""
import sqlalchemy as sa
from alembic import op

revision = "a004"
down_revision = None


def upgrade():
    op.create_unique_constraint("u", "t", ["a", "b", "b"])


def downgrade():
    op.create_primary_key("p", "t", ["a", "a"])
