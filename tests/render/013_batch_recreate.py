"""batch_alter_table(recreate="always") with copy_from: columns, constraints, indexes"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
revision = '0d3c1b7e5a13'
down_revision = None
def table():
    return sa.Table("person", sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20), sa.CheckConstraint("name <> ''", name="ck_name"), index=True, comment="it's"),
        sa.Column("age", sa.String, server_default="1"),
        sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id", ondelete="CASCADE")),
        sa.UniqueConstraint("name", "age", name="uq_na"),
        sa.Index("ix_age", "age", unique=True),
        postgresql_tablespace="fast", comment="people")
def upgrade():
    with op.batch_alter_table("person", recreate="always", copy_from=table()) as b:
        b.add_column(sa.Column("x", sa.Integer(), server_default="5", nullable=False), insert_after="id")
        b.add_column(sa.Column("y", sa.Integer(), default=7))
        b.alter_column("age", type_=sa.Integer(), nullable=False, new_column_name="years", server_default=None)
        b.create_index("ix_new", ["x"])
        b.create_check_constraint("ck_y", "y > 0")
def downgrade():
    with op.batch_alter_table("person", recreate="always", copy_from=table(), table_args=(sa.CheckConstraint("id > 0", name="ck_id"),), table_kwargs={"comment": "new", "prefixes": ["UNLOGGED"]}, partial_reordering=[("name", "id")]) as b:
        b.drop_column("team_id")
        b.drop_constraint("uq_na", type_="unique")
        b.drop_constraint("ck_name", type_="check")
        b.drop_index("ix_age")
        b.drop_index("ix_person_name")
        b.create_table_comment("zzz")
