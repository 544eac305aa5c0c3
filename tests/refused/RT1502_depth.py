from alembic import op
import sqlalchemy as sa

revision = "depth"
down_revision = None


def upgrade():
    def again(n):
        return again(n + 1)  # RT1502 at 16
    again(0)
