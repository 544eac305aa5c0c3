from alembic import op
import sqlalchemy as sa

revision = "naming"
down_revision = None


def upgrade():
    naming = {"ix": "ix_%(mine)s", "mine": lambda constraint, table: "x"}
    t = sa.Table("t", sa.MetaData(naming_convention=naming), sa.Column("a", sa.Integer))
    t.create(op.get_bind())
    index = sa.Index(None, t.c.a)  # RT1406 at 13
    index.create(op.get_bind())
