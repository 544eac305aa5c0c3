"""left"""
import sqlalchemy as sa
from alembic import op

revision = "c3"
down_revision = "b2"


def upgrade():
    op.create_table("left_side", sa.Column("id", sa.BigInteger(), primary_key=True))


def downgrade():
    op.drop_table("left_side")
