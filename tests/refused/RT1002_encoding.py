from alembic import op
import sqlalchemy as sa

revision = "encoding"
down_revision = None


def upgrade():
    op.drop_table("café")  # RT1002 at 23
