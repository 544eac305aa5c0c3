from alembic import op
import sqlalchemy as sa

revision = "project_file"
down_revision = None


def upgrade():
    import outside  # RT1204 at 5
    op.execute(outside.SQL)
