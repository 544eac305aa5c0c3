"""Asks nothing, though it has the connection."""
import sqlalchemy as sa
from alembic import op

revision = "d4"
down_revision = "c3"


def upgrade():
    op.get_bind().execute(sa.text("UPDATE team SET settings = '{}' WHERE settings IS NULL"))


def downgrade():
    pass
