from alembic import op
import sqlalchemy as sa

revision = "statement"
down_revision = None


def upgrade():
    try:  # RT1101 at 5
        op.drop_table("t")
    except* ValueError:
        pass
