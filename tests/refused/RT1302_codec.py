from alembic import op
import sqlalchemy as sa

revision = "codec"
down_revision = None


def upgrade():
    op.drop_table(b"t".decode("cp037"))  # RT1302 at 19
