"""what a table does with columns that are named twice, or not there"""
import sqlalchemy as sa
from alembic import op

revision = "a007"
down_revision = None


def upgrade():
    op.create_table("t", sa.Column("a", sa.Text), sa.Column("b", sa.Text),
                    sa.UniqueConstraint("a", "b", "b"), sa.PrimaryKeyConstraint("a", "a"),
                    sa.Index("ix", "a", "b", "b"))


def downgrade():
    op.create_table("t", sa.Column("a", sa.Text), sa.Index("ix", "a", "zz"))
