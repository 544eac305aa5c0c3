from alembic import op
import sqlalchemy as sa

revision = "header"  # RT1410


def upgrade():
    pass
