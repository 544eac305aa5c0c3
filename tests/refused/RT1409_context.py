from alembic import op
import sqlalchemy as sa

revision = "context"
down_revision = None


def upgrade():
    from alembic import context
    context.run_migrations()  # RT1409 at 5
