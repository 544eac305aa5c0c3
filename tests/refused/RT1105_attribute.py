from alembic import op
import sqlalchemy as sa

revision = "attribute"
down_revision = None


def upgrade():
    column = sa.Column("a", sa.Integer)
    op.drop_table(column.info_of_table)  # RT1105 at 19
