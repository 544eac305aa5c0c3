from alembic import op
import sqlalchemy as sa

revision = "class"
down_revision = None


def upgrade():
    class A:
        pass
    a = A()
    a.__class__ = A  # RT1106 at 5
