"""A column that later revisions look for."""
import sqlalchemy as sa
from alembic import op

revision = "a1"
down_revision = None


def upgrade():
    op.add_column("member", sa.Column("nick", sa.String(40)))


def downgrade():
    op.drop_column("member", "nick")
