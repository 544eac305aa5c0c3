from alembic import op
import sqlalchemy as sa

revision = "name"
down_revision = None


def upgrade():
    op.add_column("t", sa.Column("a", sa.TupleType()))  # RT1202 at 39
