"""native"""

from alembic import op
import sqlalchemy as sa

revision = "aa01"
down_revision = None


def upgrade():
    op.create_table("account", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("account")
