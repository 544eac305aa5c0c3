"""Where new columns stand: insert_before, insert_after, partial_reordering"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
revision = '0d3c1b7e5a15'
down_revision = None
def table():
    return sa.Table("t", sa.MetaData(), *[sa.Column(n, sa.Integer) for n in "abcd"])
def upgrade():
    with op.batch_alter_table("t", recreate="always", copy_from=table()) as b:
        b.add_column(sa.Column("x", sa.Integer), insert_before="a")
        b.add_column(sa.Column("y", sa.Integer), insert_after="x")
        b.add_column(sa.Column("z", sa.Integer), insert_after="d")
        b.add_column(sa.Column("w", sa.Integer), insert_before="d")
        b.add_column(sa.Column("v", sa.Integer))
        b.add_column(sa.Column("u", sa.Integer), insert_after="b", insert_before="c")
        b.drop_column("a")
def downgrade():
    with op.batch_alter_table("t", recreate="always", copy_from=table(), partial_reordering=[("d", "c", "b"), ("x", "a")]) as b:
        b.add_column(sa.Column("x", sa.Integer), insert_after="c")
        b.add_column(sa.Column("y", sa.Integer), insert_before="d")
        b.drop_column("b")
