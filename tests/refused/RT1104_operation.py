from alembic import op
import sqlalchemy as sa

revision = "operation"
down_revision = None


def upgrade():
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    print(table @ table)  # RT1104 at 11
