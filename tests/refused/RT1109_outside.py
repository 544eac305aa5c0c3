from alembic import op
import sqlalchemy as sa

revision = "outside"
down_revision = None


def upgrade():
    sql = open("seed.sql").read()  # RT1109 at 11
    op.execute(sql)
