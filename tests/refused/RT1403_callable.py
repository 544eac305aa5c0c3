from alembic import op
import sqlalchemy as sa

revision = "callable"
down_revision = None


def upgrade():
    t = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer),
                 sa.Column("b", sa.Integer, default=lambda: 1))
    op.execute(t.insert().values(a=1))  # RT1403 at 5
