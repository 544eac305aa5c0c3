from alembic import op
import sqlalchemy as sa

revision = "items"
down_revision = None


def upgrade():
    op.execute(",".join(["x"] * 10**9))  # RT1505 at 25
