from alembic import op
import sqlalchemy as sa

revision = "type"
down_revision = None


def upgrade():
    op.add_column("t", sa.Column("a", sa.PickleType(impl=sa.Text)))  # RT1405 at 39
