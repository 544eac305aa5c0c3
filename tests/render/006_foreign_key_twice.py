"""a column twice in a foreign key"""
import sqlalchemy as sa
from alembic import op

revision = "a006"
down_revision = None


def upgrade():
    op.create_foreign_key("f", "t", "u", ["a", "a"], ["b", "c"])


def downgrade():
    op.create_foreign_key("f", "t", "u", ["a", "b"], ["b", "b"])
