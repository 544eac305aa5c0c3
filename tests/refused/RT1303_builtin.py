from alembic import op
import sqlalchemy as sa

revision = "builtin"
down_revision = None


def upgrade():
    op.execute(f"SELECT {pow(3, -1, 5)}")  # RT1303 at 26
