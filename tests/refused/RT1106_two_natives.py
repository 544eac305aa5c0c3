from alembic import op
import sqlalchemy as sa

revision = "two"
down_revision = None


def upgrade():
    class Both(sa.Table, sa.Column):  # RT1106 at 5
        pass
