from alembic import op
import sqlalchemy as sa

revision = "directive"
down_revision = None


def upgrade():
    from alembic.operations import ops
    op.invoke(ops.MigrateOperation())  # RT1408 at 5
