from alembic import op
import sqlalchemy as sa

revision = "live"
down_revision = None


def upgrade():
    bind = op.get_bind()
    if "t" in sa.inspect(bind).get_table_names():  # RT1601 at 15
        op.drop_table("t")
