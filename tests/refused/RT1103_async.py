from alembic import op
import sqlalchemy as sa

revision = "async"
down_revision = None


def upgrade():
    async def names():
        yield "t"
    op.drop_table(names())  # RT1103 at 19
