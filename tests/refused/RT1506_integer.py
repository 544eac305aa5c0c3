from alembic import op
import sqlalchemy as sa

revision = "integer"
down_revision = None


def upgrade():
    op.execute(str(10 ** 10 ** 10))  # RT1506 at 20
