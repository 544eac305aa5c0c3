from alembic import op
import sqlalchemy as sa

revision = "batch"
down_revision = None


def upgrade():
    t = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer), sa.Column("b", sa.Enum("x", name="e")))
    with op.batch_alter_table("t", recreate="always", copy_from=t) as batch_op:  # RT1407 at 5
        batch_op.drop_column("a")
