from alembic import op
import sqlalchemy as sa

revision = "surrogate"
down_revision = None


def upgrade():
    op.execute("SELECT '\ud800'")  # RT1108 at 16
