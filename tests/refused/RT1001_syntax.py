from alembic import op
import sqlalchemy as sa

revision = "syntax"
down_revision = None


def upgrade():
    op.drop_table("t" "schema"=)  # RT1001 at 19
