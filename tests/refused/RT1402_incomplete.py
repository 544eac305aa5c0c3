from alembic import op
import sqlalchemy as sa

revision = "incomplete"
down_revision = None


def upgrade():
    column = sa.Column("a", sa.Integer)
    op.create_table("t", sa.Column("b", sa.Integer, sa.ForeignKey(column)))  # RT1402 at 5
