from alembic import op
import sqlalchemy as sa

revision = "value"
down_revision = None


def upgrade():
    import os
    op.execute(os.path.expandvars("$HOME"))  # RT1203 at 5
