"""what alter_column does with keywords that it does not know"""
import sqlalchemy as sa
from alembic import op

revision = "a009"
down_revision = None


def upgrade():
    op.alter_column("t", "c", nullable=False, default=False, primary_key=True)
    with op.batch_alter_table("t") as batch_op:
        batch_op.alter_column(sa.Column("c", sa.Text, nullable=False))


def downgrade():
    op.alter_column("t", "c", name="d")
