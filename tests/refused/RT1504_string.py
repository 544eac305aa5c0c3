from alembic import op
import sqlalchemy as sa

revision = "string"
down_revision = None


def upgrade():
    op.execute("x" * 10**9)  # RT1504 at 16
