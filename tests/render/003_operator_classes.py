"""what postgresql_ops knows the elements of an index by"""
import sqlalchemy as sa
from alembic import op

revision = "a003"
down_revision = None


def upgrade():
    op.create_index("ix_1", "t", [sa.text("lower(a)"), "b", sa.text("c DESC")],
                    postgresql_ops={"lower(a)": "x_ops", "b": "b_ops", "c DESC": "d_ops"})
    op.create_index("ix_2", "t", [sa.func.lower(sa.column("a")), sa.column("b").desc()],
                    postgresql_ops={"lower": "x_ops", "b": "b_ops", "lower(a)": "y_ops"})
    op.create_index("ix_3", "t", [sa.text("a desc"), sa.literal_column("lower(b)")],
                    postgresql_ops={"a": "x_ops", "lower(b)": "q_ops"})
    op.create_index("ix_4", "t", [sa.func.lower(sa.column("a")).label("z")],
                    postgresql_ops={"z": "x_ops"})


def downgrade():
    op.create_table("t", sa.Column("a", sa.Text), sa.Column("b", sa.Text),
                    sa.Index("ix", sa.text("lower(a)"), "b",
                             postgresql_ops={"lower(a)": "x_ops", "b": "b_ops"}))
