from alembic import op
import sqlalchemy as sa

revision = "callable"
down_revision = None


def upgrade():
    check = sa.CheckConstraint("a > 0")
    check.ddl_if(callable_=lambda *args, **kw: True)  # RT1403 at 5
    op.create_table("t", sa.Column("a", sa.Integer), check)
