from alembic import op
import sqlalchemy as sa

revision = "complex"
down_revision = None


def upgrade():
    size = 3 + 2j  # RT1107 at 16
    op.execute(f"SELECT {size}")
