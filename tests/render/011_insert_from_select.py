"""INSERT from a SELECT takes the defaults of the other columns along"""
import sqlalchemy as sa
from alembic import op

revision = "a011"
down_revision = None

source = sa.table("source", sa.column("a", sa.Integer))
target = sa.Table(
    "target",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("a", sa.Integer),
    sa.Column("n", sa.Text, default="x"),
    sa.Column("f", sa.DateTime, default=sa.func.now()),
)


def upgrade():
    op.execute(target.insert().from_select(["a"], sa.select(source.c.a)))
    op.execute(target.insert().from_select(["a", "n"], sa.select(source.c.a, sa.literal("q"))))
    op.execute(target.insert().from_select(["a"], sa.select(source.c.a), include_defaults=False))


def downgrade():
    query = sa.select(source.c.a).union(sa.select(target.c.a))
    op.execute(target.insert().from_select(["a"], query))
