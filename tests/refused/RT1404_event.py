from alembic import op
import sqlalchemy as sa

revision = "event"
down_revision = None


def upgrade():
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    sa.event.listen(table, "column_reflect", print)  # RT1404 at 5
