from alembic import op
import sqlalchemy as sa

revision = "database"
down_revision = None


def upgrade():
    metadata = sa.MetaData()
    metadata.reflect()  # RT1602 at 5
