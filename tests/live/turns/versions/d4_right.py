"""right"""
import sqlalchemy as sa
from alembic import op

revision = "d4"
down_revision = "b2"


def upgrade():
    op.add_column("account", sa.Column("right_hand", sa.Boolean(), server_default=sa.true()))


def downgrade():
    op.drop_column("account", "right_hand")
