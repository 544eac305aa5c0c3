from alembic import op
import sqlalchemy as sa

revision = "library"
down_revision = None


def upgrade():
    import re
    if re.match("a*+b", "aab"):  # RT1301 at 8
        op.drop_table("t")
