"""a column twice in an index and in EXCLUDE"""
import sqlalchemy as sa
from alembic import op

revision = "a005"
down_revision = None


def upgrade():
    op.create_index("i", "t", ["a", "b", "b"])


def downgrade():
    op.create_exclude_constraint("x", "t", ("a", "="), ("a", "&&"))
