"""The same with a schema, keys and a column whose name is quoted"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
revision = '0d3c1b7e5a14'
down_revision = None
def table():
    return sa.Table("Person", sa.MetaData(),
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.Integer),
        sa.Column("when", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("a", "b", name="pk_p"), schema="s")
def upgrade():
    with op.batch_alter_table("Person", schema="s", recreate="always", copy_from=table()) as b:
        b.drop_constraint("pk_p", type_="primary")
        b.create_primary_key("pk_q", ["b"])
        b.create_foreign_key("fk_x", "team", ["a"], ["id"], referent_schema="s", ondelete="SET NULL")
        b.create_unique_constraint("uq_x", ["a", "when"])
def downgrade():
    with op.batch_alter_table("Person", schema="s", recreate="always", copy_from=table()) as b:
        b.drop_column("b")
        b.alter_column("when", new_column_name="at", comment="x")
